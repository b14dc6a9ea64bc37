# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bounded part of the chaos suite, and the proof that it would notice a client that buys twice."""

from __future__ import annotations

from invariants import DOUBLE, OVERSPENT
from plans import plans
from play import Report
from run import BOUNDED, KILLED, PLANNED, TOLD, plan, play, told
from table import holds, row, text


def _hold(reports: list[Report]) -> None:
    """Nothing was broken; else say what, with all that was said before."""
    broken = [
        "\n  ".join([report.name, *report.trace, *(f"{finding.kind}: {finding.text}" for finding in report.findings)])
        for report in reports
        if report.findings
    ]
    assert holds(row(reports)), "\n".join([text(reports), *broken])


def test_whatever_breaks_the_promises_hold() -> None:
    reports = list(play(plan(BOUNDED, KILLED, seed=1)))
    _hold(reports)
    assert row(reports)["kills"] >= KILLED / 2


def test_whatever_happens_over_time_what_is_said_is_true() -> None:
    reports = list(play(told(TOLD, seed=1)))
    _hold(reports)


def test_a_killed_plan_ends_as_one_clean_run_would() -> None:
    reports = list(play(plans(PLANNED, seed=1)))
    _hold(reports)
    assert row(reports)["kills"] >= PLANNED / 2


def test_the_stories_of_a_client_that_remembers_nothing_are_not_true() -> None:
    figures = row(play(told(24, seed=1), client="naive"))
    assert figures[DOUBLE], figures


def test_a_client_that_repeats_purchases_blindly_is_caught() -> None:
    figures = row(play(plan(36, 4, seed=1), client="naive"))
    assert figures[DOUBLE] and figures[OVERSPENT], figures
    assert not holds(figures)
