# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox process for a whole suite, set back to its seed before each test; one row a provider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import seeds
from rows import ROWS, Row
from runner import Runner
from sandbox_server import Client, Server


class Sandbox(Client):
    """The running sandbox, which is asked for the account of a row. ``seen`` are the requests of a test so far."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.seen: list[dict[str, Any]] = []

    def log(self) -> list[dict[str, Any]]:
        """The requests since the last call."""
        found = super().log()
        self.control("DELETE", "requests")
        self.seen += found
        return found

    def state(self, row: Row) -> dict[str, Any]:
        """What the row's account owns and has paid."""
        return dict(super().state(row.provider, row.account))

    def change(self, row: Row, **changes: Any) -> None:
        """Change the row's account from outside."""
        self.control("PATCH", f"state/{row.provider}/{row.account}", changes)


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    server = Server(tmp_path_factory.mktemp("sandbox") / "data")
    yield Sandbox(server.port)
    server.stop()


@pytest.fixture()
def sandbox(process: Sandbox) -> Sandbox:
    process.reset(seeds.PAGED)
    process.seen.clear()
    return process


@pytest.fixture(params=ROWS, ids=lambda row: row.provider)
def row(request: pytest.FixtureRequest) -> Row:
    return request.param


@pytest.fixture()
def run(sandbox: Sandbox, row: Row, tmp_path: Path) -> Runner:
    return Runner(sandbox.url, row, tmp_path)
