# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reuses the contract suite's rows and sandbox; every test runs real plays."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from plays import Controller

CONTRACT = Path(__file__).parents[1] / "contract"
_spec = importlib.util.spec_from_file_location("contract_fixtures", CONTRACT / "conftest.py")
assert _spec is not None and _spec.loader is not None
_contract = importlib.util.module_from_spec(_spec)
sys.modules["contract_fixtures"] = _contract
_spec.loader.exec_module(_contract)

process, sandbox = _contract.process, _contract.sandbox


@pytest.fixture
def controller(tmp_path: Path, sandbox: _contract.Sandbox) -> Controller:
    """Runs plays in a home of its own, against the sandbox as it was seeded."""
    return Controller(tmp_path, sandbox.url)
