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
from ansible_collections.telco.numbers.plugins.module_utils._operations import read
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context, Result


def operate(context: Context, arguments: Arguments) -> Result:
    """Read the account."""
    return read.account_info(context)


TASK = Task({}, operate)


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
