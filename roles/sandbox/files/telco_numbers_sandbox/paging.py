# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and their pages, with the faults that only lists can have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from .store import Owned
from .wire import Call

Row = TypeVar("Row")


def visible(call: Call, rows: Sequence[Owned]) -> Sequence[Owned]:
    """The owned rows that this read shows: under the fault ``lag``, new ones come later."""
    lag = call.faults.take("lag")
    if lag is None:
        return rows
    reads, seconds = lag.spec.get("reads"), lag.spec.get("seconds")
    shown = []
    for row in rows:
        late_by_reads = reads is not None and row.bought_at >= lag.installed_at and row.reads < reads
        late_by_time = seconds is not None and row.bought_at > call.now - seconds
        if late_by_reads or late_by_time:
            row.reads += 1
            call.store.save(row)
        else:
            shown.append(row)
    return shown


def window(call: Call, rows: Sequence[Row], offset: int, limit: int) -> tuple[list[Row], int]:
    """A page and the total. Under ``shift``, rows came (or went) since the page before."""
    shift = call.faults.take("shift") if offset else None
    by = int(shift.spec.get("by", 1)) if shift else 0
    start = max(0, offset - by)
    total = len(rows) + (by if shift and shift.spec.get("total") else 0)
    return list(rows[start : start + limit]), total


def next_link(call: Call, following: str | None, current: str) -> str | None:
    """The link to the next page; under ``next_link`` it leads elsewhere, or nowhere new."""
    fault = call.faults.take("next_link", needs="always" if following is None else None)
    if fault is None:
        return following
    return current if fault.spec.get("repeat") else str(fault.spec["host"]).rstrip("/") + (following or current).removeprefix(call.origin)
