# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: a numbers plan against what its accounts own, and what that costs. Pure: it sends nothing.

What counts for a pool is what counts for a purchase of it, so an audit and a purchase never disagree.
"""

from __future__ import annotations

import contextlib
import datetime
import operator
import re
import typing as t

from .account_audit import AccountAudit, Mask
from .costs import Record, costs, nameless
from .drift import KINDS
from .model import Account, Plan


def day(value: t.Any) -> datetime.date:
    """The day of an audit. Raises ValueError for what is none, in words."""
    if isinstance(value, datetime.date) and not isinstance(
        value, datetime.datetime
    ):  # as YAML reads a day without quotes
        return datetime.date(value.year, value.month, value.day)
    with contextlib.suppress(ValueError):
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            return datetime.date.fromisoformat(value.strip())
    raise ValueError(f"audit_date must be a day of the calendar, like '2026-12-31', and not {str(value)[:40]!r}.")


def report(
    plan: Plan,
    reads: t.Mapping[str, Record],
    today: datetime.date,
    expiring_days: int,
    masking: t.Callable[[Account], Mask],
) -> Record:
    """Compare *plan* with what its accounts own.

    *reads* are results of number_info by account, for the accounts that are audited; one without ``numbers`` could not
    be read. *masking* says how values of an account's settings are shown. Raises ValueError for an account that the
    plan lacks.
    """
    unknown = sorted(set(reads) - set(plan.accounts))
    if unknown:
        raise ValueError(f"the plan has no account {', '.join(unknown)}")
    accounts = [(plan.accounts[name], read) for name, read in reads.items()]
    parts = [
        AccountAudit(plan, account, read, today, expiring_days, masking(account)).part() for account, read in accounts
    ]
    return _whole(today.isoformat(), expiring_days, parts)


def _by_label(pools: t.Sequence[Record], numbers: t.Sequence[Record]) -> list[Record]:
    """What the numbers of pools cost by label, like ``team=support``. One with several labels is on several lines."""
    found: list[Record] = []
    labels = {pool["name"]: pool["labels"] for pool in pools}
    names = sorted({str(name) for own in labels.values() for name in own})
    for name in names:
        rows = [number for number in numbers if name in labels.get(number["pool"], {})]
        named = {row["number"]: f"{name}={labels[row['pool']][name]}" for row in rows}
        found += costs([{**row, "label": named[row["number"]]} for row in rows], operator.itemgetter("label"))
    return found


def _whole(date: str | None, expiring_days: int | None, parts: t.Sequence[Record]) -> Record:
    """The report that the *parts* make, with everything that is counted over all of them."""
    accounts, pools, numbers, drift = (
        [item for part in parts for item in part[key]] for key in ("accounts", "pools", "numbers", "drift")
    )
    return {
        "date": date,
        "expiring_days": expiring_days,
        "accounts": accounts,
        "unreadable": [account for account in accounts if account["numbers"] is None],
        "pools": pools,
        "numbers": numbers,
        "drift": sorted(drift, key=lambda item: KINDS.index(item["kind"])),
        "drift_counts": {kind: sum(1 for item in drift if item["kind"] == kind) for kind in KINDS},
        "costs": {
            "total": [nameless(line) for line in costs(numbers, lambda row: None)],
            "provider": costs(numbers, operator.itemgetter("provider")),
            "country": costs(numbers, operator.itemgetter("country")),
            "application": costs(numbers, lambda row: " + ".join(sorted(set(row["applications"].values()))) or None),
            "pool": costs(numbers, operator.itemgetter("pool")),
            "account": costs(numbers, operator.itemgetter("account")),
            "label": _by_label(pools, numbers),
        },
    }
