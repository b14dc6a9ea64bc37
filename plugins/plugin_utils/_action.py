# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The base of the action plugins: run the module in this process if that makes no difference, or else ship it."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import typing as t

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._net.trace import Show
from ..module_utils._providers import NAMES, load
from ..module_utils._tasks.plain import plain
from ..module_utils._tasks.task import LOUD, TRACE, Task, missing_libraries

# The strategy imports an action plugin once and then forks for each task. A module that only a task imports would be
# imported again in every fork.
for _name in NAMES:
    load(_name)


class Action(ActionBase):
    """An action plugin of the same name as its module."""

    TASK: Task  # the module's
    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the task, and return the module's result."""
        super().run(tmp, task_vars)
        environment: dict[str, t.Any] = {}
        self._compute_environment_string(environment)
        show = self._show(task_vars or {})
        if self._can_run_in_process(environment, task_vars or {}):
            return self._run_here(environment, task_vars or {}, show)
        result = dict(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        for line in result.pop(TRACE, ()):
            if show:
                show(line)
        return result

    def _update_module_args(
        self, module_name: str, module_args: dict[str, t.Any], *more: t.Any, **named: t.Any
    ) -> None:
        super()._update_module_args(module_name, module_args, *more, **named)
        if self._task.async_val:  # nobody would take its requests out of the result
            module_args["_ansible_verbosity"] = min(LOUD - 1, module_args.get("_ansible_verbosity", 0))

    def _show(self, task_vars: t.Mapping[str, t.Any]) -> Show | None:
        """Return the function that shows a line for each request, or None when nobody wants to see them."""
        if self._display.verbosity < LOUD or self._task.no_log:
            return None
        return functools.partial(self._display.vvv, host=task_vars.get("inventory_hostname"))

    def _say(self) -> t.Callable[[str], None] | None:
        """Return the function that shows the progress of long work, or None when nobody watches."""
        return None

    def _can_run_in_process(self, environment: t.Mapping[str, t.Any], task_vars: t.Mapping[str, t.Any]) -> bool:
        """Whether the module would run on this machine, as this user, with this Python, and nobody wants it shipped."""
        if (
            self._connection.transport != "local"
            or self._connection.become
            or self._task.async_val
            or missing_libraries()
        ):
            return False
        wanted = str({**os.environ, **environment}.get("TELCO_NUMBERS_IN_PROCESS", ""))
        return boolean(wanted or "1", strict=False) and is_this_python(self._interpreter(task_vars))

    def _interpreter(self, task_vars: t.Mapping[str, t.Any]) -> str:
        host = task_vars["ansible_delegated_vars"][self._task.delegate_to] if self._task.delegate_to else task_vars
        # In a list, because a value that is omitted cannot be templated alone.
        found = self._templar.template([C.config.get_config_value("INTERPRETER_PYTHON", variables=host)])
        return str(found[0] or "") if found else ""

    def _run_here(
        self, environment: t.Mapping[str, t.Any], task_vars: dict[str, t.Any], show: Show | None
    ) -> dict[str, t.Any]:
        # An argument of Ansible's own says whether the result has an invocation; before ansible-core 2.21 each has one.
        passed = dict(self._task.args)
        self._update_module_args(self._task.action, passed, task_vars)
        arguments = {key: value for key, value in plain(self._task.args).items() if not key.startswith("_ansible_")}
        with surroundings(environment, self._loader.get_basedir()):
            result = self.TASK.answer(
                self._task.action, arguments, os.environ, self._task.check_mode, self._task.diff, show, self._say()
            )
        if not passed.get("_ansible_inject_invocation", True):
            del result["invocation"]
        return result


def is_this_python(interpreter: str) -> bool:
    """Whether *interpreter* (``ansible_python_interpreter``) is the Python of this process, or names none.

    The Python of a virtual environment is a link to a file outside of it, so the directories must be the same, too.
    """
    here, there = (
        (os.path.realpath(os.path.dirname(path)), os.path.realpath(path))
        for path in (sys.executable, interpreter.strip())
    )
    return here == there or interpreter.strip() in ("", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent")


@contextlib.contextmanager
def surroundings(environment: t.Mapping[str, t.Any], directory: str) -> t.Iterator[None]:
    """Return a context with the variables and the working directory of a shipped module, restored at its end."""
    before, home = {name: os.environ.get(name) for name in environment}, os.getcwd()
    try:
        os.environ.update({name: str(value) for name, value in environment.items()})
        os.chdir(directory)
        yield
    finally:
        os.chdir(home)
        for name in environment:
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in before.items() if value is not None})
