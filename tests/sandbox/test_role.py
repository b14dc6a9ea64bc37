# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role: started twice, stopped, in check mode, with a port in use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sandbox_server import FILES, Server

pytest.importorskip("ansible")


class Role:
    """Runs the role through ansible-playbook."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}/_sandbox"
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": ["sandbox"]}
        (folder / "play.yml").write_text(json.dumps([play]))

    def run(self, *arguments: str, **variables: Any) -> tuple[int, str]:
        """How many tasks changed something, and why it failed (empty when it did not)."""
        given = {"sandbox_port": self.port, "sandbox_data_dir": str(self.folder / "data"), **variables}
        command = [sys.executable, "-m", "ansible", "playbook", str(self.folder / "play.yml"), "-e", json.dumps(given), *arguments]
        env = {**os.environ, "ANSIBLE_ROLES_PATH": str(FILES.parents[1]), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(self.folder)}
        ended = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)
        counted = re.search(r"^localhost .* changed=(\d+)", ended.stdout, re.MULTILINE)
        assert counted, ended.stdout + ended.stderr
        failures = re.findall(r"FAILED! => (\{.*\})$", ended.stdout, re.MULTILINE)
        return int(counted[1]), str(json.loads(failures[-1])["msg"]) if failures else ""

    def get(self, path: str) -> Any:
        """Read from the control path."""
        return requests.get(f"{self.url}/{path}", timeout=5).json()


@pytest.fixture
def role(tmp_path: Path, running: Server) -> Iterator[Role]:
    """The role with a folder and a port of its own; nothing stays running."""
    scratch = Server(tmp_path / "scratch")
    scratch.stop()
    yield Role(tmp_path, scratch.port)
    command = [sys.executable, str(FILES / "telco_numbers_sandbox"), "--data-dir", str(tmp_path / "data"), "--stop"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def test_start_and_stop(role: Role) -> None:
    faults = [{"kind": "delay", "seconds": 0}]
    assert role.run(sandbox_faults=faults)[0] > 0
    requests.patch(f"{role.url}/state/infobip/infobip-user", json={"credit": "7"}, timeout=5).raise_for_status()
    assert role.get("faults")["faults"] == faults
    assert role.run(sandbox_faults=faults) == (0, "")
    assert role.run("--check", sandbox_state="stopped", sandbox_faults=faults) == (1, "")
    assert role.get("health") == {"status": "ok"}
    assert role.run(sandbox_state="stopped") == (1, "")
    assert role.run() == (1, "")
    assert role.get("state")["infobip"]["infobip-user"]["credit"] == "7"
    assert role.get("faults")["faults"] == []


def test_a_port_in_use_is_named(role: Role, running: Server) -> None:
    _changed, message = role.run(sandbox_port=running.port)
    assert message.endswith(f"the sandbox cannot start: port {running.port} on 127.0.0.1 is in use")
