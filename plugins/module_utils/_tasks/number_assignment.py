# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module number_assignment."""

from __future__ import annotations

from .._core.link import Aim, Target
from .._operations.assignment import Wish, assignment
from .._operations.context import Context, Result
from . import aim
from .task import Arguments, Task

OPTIONS = {
    "numbers": {"type": "list", "elements": "raw", "required": True},
    **aim.OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "exclusive": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Link or unlink numbers."""
    wish = Wish(
        numbers=arguments.numbers("numbers") or (),
        aim=aim.aim_of(arguments.mapping()) or Aim((Target(""),)),
        present=arguments["state"] == "present",
        exclusive=arguments["exclusive"],
        force=arguments["force"],
    )
    return assignment(context, wish, arguments.described("numbers"))


TASK = Task(OPTIONS, operate, required_one_of=[("application", "application_name", "applications")])
