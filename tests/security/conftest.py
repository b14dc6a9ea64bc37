# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reuses the contract suite's runner and sandbox, at one provider of each kind; counts the generated cases and prints
them at the end.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract_fixtures import process, run, sandbox
from kinds import EACH_KIND
from rows import Row

__all__ = ["process", "run", "sandbox"]

# What a hostile server says is no news.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

_counts: Counter[str] = Counter()


@pytest.fixture(scope="session")
def count() -> Counter[str]:
    """What was tried, for the line at the end."""
    return _counts


@pytest.fixture(params=EACH_KIND, ids=lambda row: row.provider)
def row(request: pytest.FixtureRequest) -> Row:
    """The provider at hand."""
    found: Row = request.param
    return found


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes the user's own files, nor goes through a proxy."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("XDG_STATE_HOME", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker of pytest-xdist has tried."""
    _counts.update(node.workeroutput.get("counts", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell what was tried, where this is such a worker."""
    told = getattr(session.config, "workeroutput", {})
    told["counts"] = dict(_counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a kind of generated case."""
    for what, number in sorted(_counts.items()):
        terminalreporter.write_line(f"{what}: {number}")
