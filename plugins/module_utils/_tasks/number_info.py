# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module number_info."""

from __future__ import annotations

from .._core import selector as _selector
from .._operations import read
from .._operations.context import Context, Result
from .options import SELECTOR
from .task import Arguments, Task

OPTIONS = {
    **SELECTOR,
    "numbers": {"type": "list", "elements": "raw"},
    "id": {"type": "str"},
    "application": {"type": "str"},
    "filters": {"type": "dict"},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """List owned numbers."""
    selector = _selector.parse(arguments.mapping())
    names = arguments.numbers("numbers")
    described = arguments.described("numbers")
    return read.owned(
        context, names, arguments["id"], selector, arguments["application"], arguments["filters"] or {}, described
    )


TASK = Task(OPTIONS, operate, mutually_exclusive=[("numbers", "id")])
