# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module number_configuration."""

from __future__ import annotations

from .._operations.configuration import configuration
from .._operations.context import Context, Result
from .task import Arguments, Task

SETTINGS = {
    "friendly_name": {"type": "str"},
    "sub_account": {"type": "str"},
    "status_callback_url": {"type": "str"},
    "status_callback_method": {"type": "str"},
    "general_callback_url": {"type": "str"},
    "general_callback_method": {"type": "str"},
    "voice_url": {"type": "str"},
    "voice_method": {"type": "str"},
    "voice_fallback_url": {"type": "str"},
    "voice_fallback_method": {"type": "str"},
    "sms_url": {"type": "str"},
    "sms_method": {"type": "str"},
    "tags": {"type": "list", "elements": "str"},
    "provider_settings": {"type": "dict"},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Configure numbers."""
    wanted = {setting: arguments[setting] for setting in SETTINGS if arguments.given(setting)}
    return configuration(context, arguments.numbers("numbers") or (), wanted, arguments.described("numbers"))


TASK = Task({"numbers": {"type": "list", "elements": "raw", "required": True}, **SETTINGS}, operate)
