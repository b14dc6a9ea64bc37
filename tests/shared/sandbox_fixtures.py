# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox for the tests of a folder; a conftest.py takes what it needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sandbox_server import Server


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process for all tests."""
    server = Server(tmp_path_factory.mktemp("sandbox") / "data")
    yield server
    server.stop()


@pytest.fixture
def sandbox(process: Server) -> Server:
    """The running sandbox, reset."""
    process.reset()
    return process
