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
from ansible_collections.telco.numbers.plugins.module_utils._operations.assignment import Wish, assignment
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context, Result

OPTIONS = {
    "numbers": {"type": "list", "elements": "raw", "required": True},
    "application": {"type": "str", "required": True},
    "capability": {"type": "str", "choices": ["voice", "sms", "mms"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "exclusive": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Link or unlink numbers."""
    wish = Wish(
        numbers=arguments.numbers("numbers") or (),
        application=arguments["application"] or "",
        capability=arguments["capability"],
        present=arguments["state"] == "present",
        exclusive=arguments["exclusive"],
        force=arguments["force"],
    )
    return assignment(context, wish)


TASK = Task(OPTIONS, operate)


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
