# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of the suite, which others use, too."""

from __future__ import annotations

from collections.abc import Iterator

import descriptions
import pytest
from contract_fixtures import process, row, run, sandbox


@pytest.fixture(autouse=True)
def judged(request: pytest.FixtureRequest) -> Iterator[None]:
    """The vendor's own description refuses none of the requests that a test sends."""
    yield
    if "sandbox" in request.fixturenames:
        running = request.getfixturevalue("process")
        running.log()
        assert descriptions.objections(running.seen) == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by which vendors' descriptions the requests were judged."""
    names = ", ".join(descriptions.described())
    told = (
        f"checked against the vendors' descriptions of {names}"
        if names
        else (f"not checked against any vendor's description: {descriptions.VARIABLE} names no folder that has them")
    )
    terminalreporter.write_line(f"requests {told}")


__all__ = ["process", "row", "run", "sandbox"]
