# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job template as AWX does: its own injector renders the credentials, ansible-runner runs the playbook of the
project.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import ansible_runner
import ansible_runs
from awx_plugins.interfaces import _temporary_private_inject_api as injector  # its public name is still to come
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from conftest import ROOT

PROJECT = ROOT / "examples" / "awx_project"


class Credential:
    """A credential as AWX's injector asks for it: an input that was left empty is not there."""

    def __init__(self, inputs: Mapping[str, str]) -> None:
        self._inputs = {name: value for name, value in inputs.items() if value}

    def get_input_keys(self) -> list[str]:
        return list(self._inputs)

    def get_input(self, name: str, default: Any = None) -> Any:
        return self._inputs.get(name, default)

    def has_input(self, name: str) -> bool:
        return name in self._inputs


@dataclasses.dataclass
class Job:
    """What a job left behind."""

    status: str
    folder: Path
    environment: dict[str, str]  # what the credentials gave it
    shown: dict[str, str]  # the same as AWX stores and shows it
    events: list[dict[str, Any]]

    @property
    def stdout(self) -> str:
        return next(self.folder.glob("artifacts/*/stdout")).read_text()

    @property
    def handed_on(self) -> dict[str, Any]:
        """What later jobs of a workflow get of it as variables."""
        found: dict[str, Any] = {}
        for event in self.events:
            found.update(event.get("event_data", {}).get("artifact_data") or {})
        return found

    def files(self) -> Iterator[tuple[str, str]]:
        """Each file below its private folder, with its content, and without the project."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "project" not in path.relative_to(self.folder).parts:
                yield str(path.relative_to(self.folder)), path.read_text(errors="replace")


class Controller:
    """Runs the jobs of one controller, with the credentials of one team."""

    def __init__(
        self, folder: Path, credential_types: Sequence[Mapping[str, Any]], inputs: Mapping[str, Mapping[str, str]]
    ) -> None:
        """*inputs* has those of one credential for each name of *credential_types*."""
        self.folder = folder
        self._types = credential_types
        self._inputs = inputs
        self._jobs = 0
        self._hosts: dict[str, Any] = {}

    def environment(self, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
        """What AWX's injector makes of the credentials, and what of it may be shown. No file and no variable comes of
        them.
        """
        env: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        arguments: list[str] = []
        for found in self._types:
            kind = ManagedCredentialType("telco", found["name"], found["kind"], found["inputs"], found["injectors"])
            injector.inject_credential(
                kind, Credential(self._inputs[found["name"]]), env, shown, arguments, str(folder)
            )
        assert arguments == []
        return env, shown

    def hosts(self, env: Mapping[str, str]) -> dict[str, Any]:
        """The inventory, as AWX reads it from the project when it updates the inventory's source; once, because the
        project stays as it is.
        """
        if self._hosts:
            return copy.deepcopy(self._hosts)
        ran = ansible_runs.run(
            "inventory",
            "-i",
            "numbers.telco_plan.yml",
            "--list",
            "--export",
            folder=PROJECT,
            env={**self._usual(), **env},
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        self._hosts = json.loads(ran.stdout)
        return self.hosts(env)

    def launch(
        self, template: Mapping[str, Any], answers: Mapping[str, Any], limit: Sequence[str] = (), **env: str
    ) -> Job:
        """Run a job of *template* with the *answers* to its survey, in a slice with the hosts *limit*."""
        self._jobs += 1
        folder = self.folder / f"job{self._jobs}"
        for name in ("env", "inventory"):
            (folder / name).mkdir(parents=True)
        shutil.copytree(PROJECT, folder / "project")
        injected, shown = self.environment(folder)
        self._write_inventory(folder / "inventory" / "hosts", self.hosts(injected), limit)
        (folder / "env" / "extravars").write_text(json.dumps({**template.get("extra_vars", {}), **answers}))
        variables = {**self._usual(), **injected, **env}
        arguments = ["--check"] if template["job_type"] == "check" else []
        with mock.patch.dict(os.environ, clear=True):  # ansible-runner hands on what it finds
            ran = ansible_runner.interface.run(
                private_data_dir=str(folder),
                ident=str(self._jobs),
                playbook=template["playbook"],
                cmdline=" ".join(arguments),
                envvars=variables,
                suppress_env_files=True,
                fact_cache_type="jsonfile",
                quiet=True,
                verbosity=3,
            )
        return Job(ran.status, folder, injected, shown, list(ran.events))

    def _usual(self) -> dict[str, str]:
        path = os.pathsep.join([str(ansible_runs.commands()), str(Path(sys.executable).parent), os.environ["PATH"]])
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        journal = str(self.folder / "state" / "journal")
        return ansible_runs.environment(
            home, PATH=path, TELCO_NUMBERS_JOURNAL=journal, ANSIBLE_INVENTORY_UNPARSED_FAILED="1"
        )

    @staticmethod
    def _write_inventory(path: Path, found: dict[str, Any], limit: Sequence[str]) -> None:
        """A script that prints the hosts, as AWX writes it; a slice has some of them only."""
        if limit:
            for group in found.values():
                if "hosts" in group:
                    group["hosts"] = [host for host in group["hosts"] if host in limit]
        path.write_text(f"#!{sys.executable}\nprint({json.dumps(found)!r})\n")
        path.chmod(0o700)
