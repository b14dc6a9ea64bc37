# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module number_release."""

from __future__ import annotations

from .._operations.context import Context, Result
from .._operations.release import release
from .task import Arguments, Task

OPTIONS = {
    "numbers": {"type": "list", "elements": "raw", "required": True},
    "force": {"type": "bool", "default": False},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Give numbers back."""
    return release(context, arguments.numbers("numbers") or (), arguments["force"])


TASK = Task(OPTIONS, operate)
