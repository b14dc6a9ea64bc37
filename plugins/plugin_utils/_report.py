# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The base of actions about a whole plan, which show the report and the progress of long work."""

from __future__ import annotations

import typing as t

from ansible import constants as C

from ._action import Action

# Callbacks whose standard output a machine reads.
_FOR_MACHINES = ("json", "jsonl", "junit", "null", "oneline", "tree")


class PlanAction(Action):
    """An action whose result has a ``report``."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the task, show its report when people read the output, and return the module's result."""
        result = super().run(tmp, task_vars)
        text = result.get("report")
        if text and for_people() and not self._task.no_log:
            self._display.display(str(text))
        return result

    def _say(self) -> t.Callable[[str], None] | None:
        return self._display.display if for_people() and not self._task.no_log else None


def for_people() -> bool:
    """Whether people read the standard output. Callbacks for machines, like json, write data to it."""
    return str(C.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2] not in _FOR_MACHINES
