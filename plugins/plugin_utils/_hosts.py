# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Files and variables of hosts that are not machines but numbers or accounts."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleParserError
from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 takes any text as a template

    def trust_as_template(value: str) -> str:
        return value


def trusted(value: str) -> str:
    """Return *value* as text that may be a template, because the user wrote it."""
    return t.cast(str, trust_as_template(value))  # the trust is a mark on the text


def on_controller() -> dict[str, str]:
    """Return the variables of a host whose tasks run on the controller, with the controller's Python."""
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return {name: trusted(value) for name, value in variables.items()}


def inert(value: t.Any) -> t.Any:
    """Return *value* with all texts in it marked, so that they are never templates.

    Text that cannot be a template is not marked, because ansible-inventory of ansible-core 2.18 shows the mark.
    """
    if isinstance(value, t.Mapping):
        return {key: inert(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [inert(item) for item in value]
    return wrap_var(value) if isinstance(value, str) and "{" in value else value


def is_called(path: str, plugin: str, endings: tuple[str, ...]) -> bool:
    """Whether the file *path* has one of the *endings*. Raises AnsibleParserError for another one that names *plugin*:
    it is meant for it.
    """
    if path.endswith(endings):
        return True
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            beginning = file.read(4096)
    except OSError:
        return False
    if re.search(rf"^\W*plugin\W+{re.escape(plugin)}\b", beginning, re.MULTILINE):
        raise AnsibleParserError(f"the name of {path} must end with {endings[0]}, for it names {plugin}: rename it.")
    return False
