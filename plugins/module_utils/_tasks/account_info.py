# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module account_info."""

from __future__ import annotations

from .._operations import read
from .._operations.context import Context, Result
from .task import Arguments, Task


def operate(context: Context, arguments: Arguments) -> Result:
    """Read the account."""
    return read.account_info(context)


TASK = Task({}, operate)
