# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running sandbox, and small clients that share no code with the collection."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sandbox_clients import Portal
from sandbox_fixtures import process, sandbox
from sandbox_server import Server

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "roles" / "sandbox" / "files"))

__all__ = ["process", "sandbox"]


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
