# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox process for the whole suite, set back to its seed before each test; one row a provider."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from rows import ROWS, Row
from runner import Runner

SANDBOX = Path(__file__).parents[2] / "roles" / "sandbox" / "files" / "telco_numbers_sandbox"


class Sandbox:
    """The running sandbox, seen through its control path."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._session.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        """Back to the default seed, with *seed* on top."""
        self._control("POST", "reset", {"seed": seed} if seed else {})

    def log(self) -> list[dict[str, Any]]:
        """The requests since the last call."""
        found = self._control("GET", "requests")["requests"]
        self._control("DELETE", "requests")
        return list(found)

    def state(self, row: Row) -> dict[str, Any]:
        """What the row's account owns and has paid."""
        return dict(self._control("GET", "state")[row.provider][row.account])

    def change(self, row: Row, **changes: Any) -> None:
        """Change the row's account from outside."""
        self._control("PATCH", f"state/{row.provider}/{row.account}", changes)

    def fault(self, *faults: dict[str, Any]) -> None:
        """Replace the faults."""
        self._control("PUT", "faults", list(faults))


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    home = tmp_path_factory.mktemp("sandbox")
    port_file = home / "port"
    command = [sys.executable, str(SANDBOX), "--port", "0", "--data-dir", str(home), "--port-file", str(port_file)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        try:
            deadline = time.monotonic() + 30
            while not port_file.exists():
                assert running.poll() is None and time.monotonic() < deadline, "the sandbox did not start"
                os.sched_yield()
            yield Sandbox(f"http://127.0.0.1:{port_file.read_text().strip()}")
        finally:
            running.terminate()


@pytest.fixture()
def sandbox(process: Sandbox) -> Sandbox:
    process.reset()
    return process


@pytest.fixture(params=ROWS, ids=lambda row: row.provider)
def row(request: pytest.FixtureRequest) -> Row:
    return request.param


@pytest.fixture()
def run(sandbox: Sandbox, row: Row, tmp_path: Path) -> Runner:
    return Runner(sandbox.url, row, tmp_path)
