# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module application_info."""

from __future__ import annotations

from .._operations.applications import application_info
from .._operations.context import Context, Result
from .task import Arguments, Task

OPTIONS = {"application_name": {"type": "str"}, "application_kind": {"type": "str"}}


def operate(context: Context, arguments: Arguments) -> Result:
    """List what numbers can be linked to."""
    return application_info(context, arguments["application_name"], arguments["application_kind"])


TASK = Task(OPTIONS, operate)
