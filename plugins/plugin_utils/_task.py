# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""A module's task run in the controller's process, for plugins that are no action."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ..module_utils._module import Task


def run(task: Task, name: str, arguments: t.Mapping[str, t.Any], env: t.Mapping[str, str]) -> dict[str, t.Any]:
    """The result of *task* of the module *name*, which only reads. Its warnings are shown. Raises AnsibleError with the one line of a failure."""
    result = task.answer(name, plain(arguments), env, False, False)
    for text in result.get("warnings", ()):
        Display().warning(text)
    if result.get("failed"):
        raise AnsibleError(result["msg"])
    return result


def aliases(task: Task) -> dict[str, str]:
    """The option that each alias of *task* stands for."""
    return {alias: option for option, spec in task.argument_spec.items() for alias in spec.get("aliases", ())}


def plain(value: t.Any) -> t.Any:
    """*value* as a module would get it: plain JSON types. The controller's own kinds of text, vaulted or tagged, become text."""
    if isinstance(value, t.Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)
