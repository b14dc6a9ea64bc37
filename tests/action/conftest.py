# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reuses the contract suite's rows and sandbox; every test runs real plays."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_fixtures import Sandbox, process, sandbox
from plays import Controller

__all__ = ["process", "sandbox"]


@pytest.fixture
def controller(tmp_path: Path, sandbox: Sandbox) -> Controller:
    """Runs plays in a home of its own, against the sandbox as it was seeded."""
    return Controller(tmp_path, sandbox.url)
