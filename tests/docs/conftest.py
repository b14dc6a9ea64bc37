# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox for all pages, back at its seed before each of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sandbox"))
from sandbox_server import Server  # noqa: E402 - needs the path above


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The process."""
    server = Server(tmp_path_factory.mktemp("sandbox") / "data")
    yield server
    server.stop()


@pytest.fixture
def sandbox(process: Server) -> Server:
    """The running sandbox, reset."""
    process.reset()
    return process
