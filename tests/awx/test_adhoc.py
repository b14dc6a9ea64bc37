# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ad-hoc commands of the documentation, as they stand there, and what ansible-doc shows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Ansible
from sandbox_server import Server

TEXT = (ROOT / "docs" / "adhoc.md").read_text()
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", TEXT, re.S) for line in block.splitlines()]
PLUGINS = {kind: sorted(path.stem for path in (ROOT / "plugins" / folder).glob(pattern)) for kind, folder, pattern in (
    ("module", "modules", "*.py"), ("inventory", "inventory", "*.py"), ("filter", "filter", "*.yml"),
)}  # fmt: skip


def sandbox_variables(sandbox: Server) -> dict[str, str]:
    """Those of the README, for this sandbox."""
    exports = [word for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("export ") for word in shlex.split(line)[1:]]
    return {name: value.replace("http://127.0.0.1:8888", sandbox.url) for name, value in (export.split("=", 1) for export in exports)}


def test_each_module_has_a_command(ansible: Ansible) -> None:
    used = {shlex.split(command)[shlex.split(command).index("-m") + 1].removeprefix("telco.numbers.") for command in COMMANDS}
    assert sorted(used) == PLUGINS["module"]


def test_the_commands_run_one_after_the_other(process: Server, ansible: Ansible) -> None:
    process.reset()
    env = {**ansible.env, **sandbox_variables(process), "TELCO_NUMBERS_JOURNAL": str(ansible.folder / "journal")}
    changed = []
    for command in COMMANDS:
        ran = subprocess.run(shlex.split(command), env=env, cwd=ansible.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert ran.returncode == 0 and "[WARNING]" not in ran.stderr, ran.stdout + ran.stderr
        changed.append(json.loads("{" + ran.stdout.split(" => {", 1)[1].rsplit("}", 1)[0] + "}")["changed"] if " => {" in ran.stdout else None)
    writing = [any(word in command for word in ("number_purchase", "_assignment", "_configuration", "_release")) for command in COMMANDS]
    assert changed == writing
    assert [number["number"] for number in process.state("sinch_catalog", "ACsandbox")["owned"]] == ["+15045550100"]


@pytest.mark.parametrize("kind", PLUGINS)
def test_ansible_doc_shows_each_plugin(ansible: Ansible, kind: str) -> None:
    names = [f"telco.numbers.{name}" for name in PLUGINS[kind]]
    listed = ansible.run("doc", "-t", kind, "-l", "telco.numbers")
    assert listed.stderr == "" and [line.split()[0] for line in listed.stdout.splitlines()] == names
    shown = ansible.run("doc", "-t", kind, *names)
    assert (shown.returncode, shown.stderr) == (0, "") and all(f"> {kind.upper()} {name}" in shown.stdout for name in names), shown.stdout
    # No markup is left over.
    assert re.findall(r"\b[OVPMCE]\([^)]*\)", shown.stdout) == []


def test_ansible_doc_shows_each_role(ansible: Ansible) -> None:
    names = sorted(path.name for path in Path(ROOT / "roles").iterdir() if (path / "meta" / "argument_specs.yml").exists())
    shown = ansible.run("doc", "-t", "role", *(f"telco.numbers.{name}" for name in names))
    # ansible-core warns of a collection of its own here.
    assert (shown.returncode, "telco" in shown.stderr) == (0, False) and all(f"telco.numbers.{name}" in shown.stdout for name in names)
