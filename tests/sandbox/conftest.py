# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running sandbox, and small clients that share no code with the collection."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "roles" / "sandbox" / "files")]

from sandbox_clients import Portal  # noqa: E402 - needs the path above
from sandbox_server import Server  # noqa: E402 - the same


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process for all tests."""
    server = Server(tmp_path_factory.mktemp("sandbox") / "data")
    yield server
    server.stop()


@pytest.fixture
def sandbox(running: Server) -> Server:
    """The running sandbox, reset."""
    running.reset()
    return running


@pytest.fixture
def portal(sandbox: Server) -> Portal:
    """A logged-in portal client."""
    return Portal(sandbox).log_in()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start sandboxes of one's own; all are stopped at the end."""
    started: list[Server] = []

    def _start(name: str = "data", *arguments: str) -> Server:
        started.append(Server(tmp_path / name, *arguments))
        return started[-1]

    yield _start
    for server in started:
        server.stop()
