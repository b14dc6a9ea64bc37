# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ad-hoc commands of the documentation are about every module, and what ansible-doc shows; tests/docs runs them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT, Ansible

TEXT = (ROOT / "docs" / "adhoc.md").read_text()
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", TEXT, re.S) for line in block.splitlines()]
PLUGINS = {
    kind: sorted(path.stem for path in (ROOT / "plugins" / folder).glob(pattern))
    for kind, folder, pattern in (
        ("module", "modules", "*.py"),
        ("inventory", "inventory", "*.py"),
        ("filter", "filter", "*.yml"),
    )
}


def test_each_module_has_a_command(ansible: Ansible) -> None:
    used = {
        shlex.split(command)[shlex.split(command).index("-m") + 1].removeprefix("telco.numbers.")
        for command in COMMANDS
    }
    assert sorted(used) == PLUGINS["module"]


@pytest.mark.parametrize("kind", PLUGINS)
def test_ansible_doc_shows_each_plugin(ansible: Ansible, kind: str) -> None:
    names = [f"telco.numbers.{name}" for name in PLUGINS[kind]]
    listed = ansible.run("doc", "-t", kind, "-l", "telco.numbers")
    assert listed.stderr == "" and [line.split()[0] for line in listed.stdout.splitlines()] == names
    shown = ansible.run("doc", "-t", kind, *names)
    assert (shown.returncode, shown.stderr) == (0, "") and all(
        f"> {kind.upper()} {name}" in shown.stdout for name in names
    ), shown.stdout
    # No markup is left over.
    assert re.findall(r"\b[OVPMCE]\([^)]*\)", shown.stdout) == []


def test_ansible_doc_shows_each_role(ansible: Ansible) -> None:
    names = sorted(
        path.name for path in Path(ROOT / "roles").iterdir() if (path / "meta" / "argument_specs.yml").exists()
    )
    shown = ansible.run("doc", "-t", "role", *(f"telco.numbers.{name}" for name in names))
    # ansible-core warns of a collection of its own here.
    assert (shown.returncode, "telco" in shown.stderr) == (0, False) and all(
        f"telco.numbers.{name}" in shown.stdout for name in names
    )
