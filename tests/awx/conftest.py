# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of the role controller, a sandbox that knows canaries for secrets, and the collection awx.awx where it can
be had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ansible_runs
import pytest
from ansible_runs import COLLECTIONS
from sandbox_fixtures import process

__all__ = ["Ansible", "process"]

ROOT = Path(__file__).resolve().parents[2]
LISTS = [
    "credential_types",
    "execution_environments",
    "projects",
    "inventories",
    "inventory_sources",
    "templates",
    "workflows",
    "schedules",
    "settings",
]
PROJECT_URL = "https://git.example.com/numbers.git"


class Ansible:
    """Ansible's commands in a folder of their own."""

    def __init__(self, folder: Path, collections: str = "") -> None:
        self.folder = folder
        self.env = ansible_runs.environment(
            folder,
            PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(filter(None, [str(COLLECTIONS), collections])),
        )

    def run(self, program: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one of them."""
        return ansible_runs.run(program, *arguments, folder=self.folder, env={**self.env, **env})

    def play(self, content: Any, *arguments: str, **env: str) -> str:
        """What a playbook says, which must succeed; JSON is YAML."""
        (self.folder / "play.yml").write_text(json.dumps(content))
        ran = self.run("playbook", "play.yml", *arguments, **env)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def lists(self, **variables: Any) -> dict[str, Any]:
        """The lists of the role, as somebody gets them who applies them by other means."""
        include = {"name": "telco.numbers.controller", "tasks_from": "data", "public": True}
        content = "{{ {" + ", ".join(f"'{name}': controller_{name}" for name in LISTS) + "} | to_json }}"
        write = {"content": content, "dest": f"{self.folder}/lists.json", "mode": "0600"}
        tasks = [{"ansible.builtin.include_role": include}, {"ansible.builtin.copy": write}]
        given = {"controller_project_url": PROJECT_URL, **variables}
        self.play([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], "-e", json.dumps(given))
        found: dict[str, Any] = json.loads((self.folder / "lists.json").read_text())
        return found


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    return Ansible(tmp_path)


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The lists that the role has without any wish."""
    return Ansible(tmp_path_factory.mktemp("lists")).lists()


@pytest.fixture(scope="session")
def awx_collection() -> str:
    """Where awx.awx is found."""
    folder = os.environ.get("TELCO_NUMBERS_AWX_COLLECTION", "")
    if not (Path(folder) / "ansible_collections" / "awx" / "awx").is_dir():
        pytest.skip("the collection awx.awx is not here (TELCO_NUMBERS_AWX_COLLECTION)")
    return folder
