# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what a person reads of an audit: the pools, the drift, and what all of it costs."""

from __future__ import annotations

import typing as t

from .columns import amount, counted, table
from .costs import Record

_MOST = 100  # lines of drift
_NAMED = 20  # differences that a failure names


def report(found: Record) -> str:
    """The lines of an audit."""
    rows = [("pool", "account", "numbers", "drift")]
    for pool in found["pools"]:
        read = pool["numbers"] is not None
        kinds = ", ".join(kind.replace("_", " ") for kind in pool["drift"])
        rows.append((pool["name"], pool["account"], _have(pool), kinds or "as planned" if read else "not read"))
    lines = list(table(rows, ("numbers",)))
    drift = found["drift"]
    lines += [f"{item['kind'].replace('_', ' '):17} {item['message']}" for item in drift[:_MOST]]
    if len(drift) > _MOST:
        lines.append(f"... and {counted(len(drift) - _MOST, 'more difference')}")
    lines += [f"{'not read':17} {account['account']}: {account['message']}" for account in found["unreadable"]]
    if not drift:
        unread = found["unreadable"]
        lines.append("No drift in what could be read." if unread else "No drift: everything is as planned.")
    return "\n".join([*lines, *_costs(found)])


def _have(pool: Record) -> str:
    """How many numbers a pool has, those that cannot be used yet apart, and how many it wants."""
    if pool["numbers"] is None:
        return "?"
    ready = len(pool["numbers"]) - pool["pending"]
    pending = f" + {pool['pending']} pending" if pool["pending"] else ""
    return f"{ready}{pending}/{pool['wanted']}"


def _costs(found: Record) -> t.Iterator[str]:
    for line in found["costs"]["total"]:
        monthly = "unknown" if line["monthly"] is None else amount(line["monthly"])
        some = f", {line['unknown']} of them without a known price" if line["unknown"] and line["monthly"] else ""
        name = line["currency"] or "no currency named"
        yield f"{name}: {monthly} per month for {counted(line['numbers'], 'number')}{some}"
    for line in found["costs"]["label"]:
        monthly = "unknown" if line["monthly"] is None else amount(line["monthly"])
        named = f"{monthly} {line['currency'] or ''}".rstrip()
        yield f"{line['name']}: {named} per month for {counted(line['numbers'], 'number')}"


def summary(found: Record, unreadable: t.Sequence[Record], forbidden: t.Sequence[str]) -> str:
    """One line for an audit that fails the task."""
    parts = [f"Not read: {account['account']}: {account['message']}" for account in unreadable]
    drift = [item for item in found["drift"] if item["kind"] in forbidden]
    parts += [f"{item['kind'].replace('_', ' ').capitalize()}: {item['message']}" for item in drift[:_NAMED]]
    more = [f"And {counted(len(drift) - _NAMED, 'more difference')}."] if len(drift) > _NAMED else []
    return " ".join(["The report is made, and fails for this.", *parts, *more])
