#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

from ansible_collections.telco.numbers.plugins.module_utils._module import Arguments, Task
from ansible_collections.telco.numbers.plugins.module_utils._operations.configuration import configuration
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context, Result

METHOD = {"type": "str", "choices": ["GET", "POST", ""]}

SETTINGS = {
    "friendly_name": {"type": "str"},
    "sub_account": {"type": "str"},
    "status_callback_url": {"type": "str"},
    "status_callback_method": METHOD,
    "general_callback_url": {"type": "str"},
    "general_callback_method": METHOD,
    "voice_url": {"type": "str"},
    "voice_method": METHOD,
    "voice_fallback_url": {"type": "str"},
    "voice_fallback_method": METHOD,
    "sms_url": {"type": "str"},
    "sms_method": METHOD,
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Configure numbers."""
    wanted = {setting: arguments[setting] for setting in SETTINGS if arguments.given(setting)}
    return configuration(context, arguments.numbers("numbers") or (), wanted)


TASK = Task({"numbers": {"type": "list", "elements": "raw", "required": True}, **SETTINGS}, operate)


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
