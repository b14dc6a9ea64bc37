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

from ansible_collections.telco.numbers.plugins.module_utils import _selector
from ansible_collections.telco.numbers.plugins.module_utils._module import Arguments, Task
from ansible_collections.telco.numbers.plugins.module_utils._operations import read
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context, Result
from ansible_collections.telco.numbers.plugins.module_utils._options import SELECTOR

OPTIONS = {
    **SELECTOR,
    "filters": {"type": "dict"},
    "limit": {"type": "int"},
    "search_limit": {"type": "int", "default": 1000},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Search the catalogue."""
    selector = _selector.parse(arguments.mapping())
    return read.available(context, selector, arguments["filters"] or {}, arguments["limit"], arguments["search_limit"])


TASK = Task(OPTIONS, operate)


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
