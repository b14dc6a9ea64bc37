# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that the suite prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from invariants import AGAIN, CHECKED, CRASH, DOUBLE, FALSE, FOREIGN, OVERSPENT, UNSETTLED
from play import Report

BROKEN = (UNSETTLED, DOUBLE, OVERSPENT, FOREIGN, FALSE, CHECKED, AGAIN, CRASH)
LATE = "worst task time over deadline (s)"
COLUMNS = ("scenarios", "stories", "faults injected", "kills", *BROKEN, LATE)


def row(reports: Iterable[Report]) -> dict[str, float]:
    """The figures of some reports."""
    reports = list(reports)
    broken = Counter(finding.kind for report in reports for finding in report.findings)
    return {
        "scenarios": sum(report.kind != "story" for report in reports),
        "stories": sum(report.kind == "story" for report in reports),
        "faults injected": sum(report.faults for report in reports),
        "kills": sum(report.kills for report in reports),
        **{kind: broken[kind] for kind in BROKEN},
        LATE: round(max((report.late for report in reports), default=0.0), 2),
    }


def holds(figures: dict[str, float]) -> bool:
    """Whether nothing was broken."""
    return not any(figures[name] for name in (*BROKEN, LATE))


def text(reports: Iterable[Report]) -> str:
    """The figures of all reports, then of each provider."""
    reports = list(reports)
    parts = {
        "all": reports,
        **{
            name: [report for report in reports if report.provider == name]
            for name in sorted({report.provider for report in reports})
        },
    }
    lines = [
        ("", *COLUMNS),
        *((name, *(f"{row(part)[column]:g}" for column in COLUMNS)) for name, part in parts.items()),
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS) + 1)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(line, widths))
        )
        for line in lines
    )
