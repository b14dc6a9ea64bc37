# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Run a module's task in the controller's process, for plugins that are not actions."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ..module_utils._tasks.plain import plain
from ..module_utils._tasks.task import LOUD, Task


class Failed(AnsibleError):
    """A failed task: its message of one line, and its failure ``code``."""

    code = ""


def run(task: Task, name: str, arguments: t.Mapping[str, t.Any], env: t.Mapping[str, str]) -> dict[str, t.Any]:
    """Run *task* of the module *name*, which only reads, show its warnings, and return its result.

    Raises Failed when the task fails.
    """
    display = Display()
    show = display.vvv if display.verbosity >= LOUD else None
    result = task.answer(name, plain(arguments), env, False, False, show)
    for text in result.get("warnings", ()):
        display.warning(text)
    if result.get("failed"):
        failed = Failed(result["msg"])
        failed.code = result["failure"]["code"]
        raise failed
    return result


def aliases(task: Task) -> dict[str, str]:
    """Return the option that each alias of *task* stands for."""
    return {alias: option for option, spec in task.argument_spec.items() for alias in spec.get("aliases", ())}
