# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module available_number_info."""

from __future__ import annotations

from .._core import selector as _selector
from .._operations import read
from .._operations.context import Context, Result
from .options import SELECTOR
from .task import Arguments, Task

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
