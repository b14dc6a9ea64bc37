# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and their pages, with the faults that only lists can have."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from .faults import Fault
from .store import Owned, Past
from .wire import Call

Row = TypeVar("Row")


def listed(call: Call, provider: str, account: str, **where: Any) -> Sequence[Owned]:
    """Return the owned rows that this read shows; *where* selects among them.

    Under the faults ``lag`` and ``lag_changes`` it shows an earlier state.
    """
    rows = visible(call, call.store.find(Owned, provider=provider, account=account, **where))
    lag = call.faults.take("lag_changes")
    return (
        rows
        if lag is None
        else _as_it_was(call, lag, rows, call.store.find(Past, provider=provider, account=account), where)
    )


def _as_it_was(
    call: Call, lag: Fault, rows: Sequence[Owned], changes: Sequence[Past], where: dict[str, Any]
) -> list[Owned]:
    """Return *rows* with their earlier links, and with numbers that were given back meanwhile."""
    reads, seconds = lag.spec.get("reads"), lag.spec.get("seconds")
    shown = {row.number: row for row in rows}
    for past in list(changes):
        before = Owned(**past.row)
        late_by_reads = reads is not None and past.changed_at >= lag.installed_at and past.reads < reads
        late_by_time = seconds is not None and past.changed_at > call.now - seconds
        if not (late_by_reads or late_by_time) or any(getattr(before, name) != value for name, value in where.items()):
            continue
        now = shown.get(before.number)
        if now is None or now.bought_at == before.bought_at:  # not the same digits bought again
            shown[before.number] = before if now is None else dataclasses.replace(now, applications=before.applications)
            past.reads += 1
            call.store.save(past)
    return list(shown.values())


def visible(call: Call, rows: Sequence[Owned]) -> Sequence[Owned]:
    """Return the owned rows that this read shows. Under the fault ``lag`` it does not show new ones yet."""
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


def page_size(call: Call, asked: int) -> tuple[int, int]:
    """Return the number of rows of a page, and the number of rows from its beginning to the next page.

    Both are *asked*. Under ``page_cap`` a page is shorter, and the next one begins after it, or after *asked* rows when
    the fault says ``asked``.
    """
    cap = call.faults.take("page_cap")
    size = min(asked, max(1, int(cap.spec["rows"]))) if cap else asked
    return size, asked if cap and cap.spec.get("asked") else size


def window(call: Call, rows: Sequence[Row], offset: int, limit: int) -> tuple[list[Row], int]:
    """Return a page and the total.

    Under ``shift``, rows came (or went) since the page before. Under ``swap``, one row came and one went.
    """
    swap = call.faults.take("swap") if offset else None
    rows = _swapped(call, rows) if swap else rows
    shift = call.faults.take("shift") if offset else None
    by = int(shift.spec.get("by", 1)) if shift else 0
    start = max(0, offset - by)
    total = len(rows) + (by if shift and shift.spec.get("total") else 0)
    return list(rows[start : start + limit]), total


def _swapped(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    """Return the owned rows as if the first one was given back, and one like the last was bought."""
    if not rows or not isinstance(rows[0], Owned) or not isinstance(rows[-1], Owned):
        return rows
    gone, last = rows[0], rows[-1]
    number = f"+{int(last.number.lstrip('+')) + 1}"
    identity = last.id.replace(last.number, number) if last.number in last.id else uuid.uuid4().hex.upper()
    new = dataclasses.replace(
        last, number=number, id=identity, bought_at=call.now, data={**last.data, "number": number}
    )
    call.store.delete(gone)
    call.store.save(new)
    kept: list[Row] = [*rows[1:], new]
    return kept


def next_link(call: Call, following: str | None, current: str) -> str | None:
    """Return the link to the next page. Under ``next_link`` it leads to another host, or to the same page again."""
    fault = call.faults.take("next_link", needs="always" if following is None else None)
    if fault is None:
        return following
    return (
        current
        if fault.spec.get("repeat")
        else str(fault.spec["host"]).rstrip("/") + (following or current).removeprefix(call.origin)
    )
