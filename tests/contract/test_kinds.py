# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which providers the other suites go to follows from what the providers declare."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import kinds
import pytest
from rows import ROWS


@pytest.fixture(autouse=True)
def nothing_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kinds.VARIABLE, raising=False)


@pytest.mark.parametrize("deciding", [(), ("purchase",), ("links", "releases")])
def test_every_fact_is_there_and_nobody_goes_in_vain(deciding: tuple[str, ...]) -> None:
    values = {
        row.provider: {(fact, told) for fact, told in kinds.facts(row).items() if not deciding or fact in deciding}
        for row in ROWS
    }
    found = [row.provider for row in kinds.chosen(*deciding)]
    assert set().union(*(values[name] for name in found)) == set().union(*values.values())
    for left in found:
        assert set().union(*(values[name] for name in found if name != left)) != set().union(*values.values())


def test_a_provider_comes_in_by_what_it_declares() -> None:
    declared = {"b": {"sells": "by number"}, "a": {"sells": "by number"}, "c": {"sells": "by number"}}
    assert kinds.one_of_each(declared) == ["a"]
    assert kinds.one_of_each({**declared, "d": {"sells": "by auction"}}) == ["a", "d"]


def test_all_of_them_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kinds.VARIABLE, "all")
    assert kinds.chosen() == kinds.chosen("purchase") == ROWS
    monkeypatch.setenv(kinds.VARIABLE, "twilio")
    assert [row.provider for row in kinds.chosen()] == ["twilio"]


def test_the_integration_targets_hear_the_same() -> None:
    ran = subprocess.run(
        [sys.executable, str(Path(kinds.__file__)), "infobip_sms,twilio,plivo_groups", "purchase"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == ["infobip_sms", "plivo_groups"]
