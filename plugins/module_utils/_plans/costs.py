# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what owned numbers cost, by whatever tells them apart."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from .._core import money

Record = t.Dict[str, t.Any]


def costs(rows: t.Iterable[Record], name: t.Callable[[Record], str | None]) -> list[Record]:
    """What *rows* cost a month, by *name* and currency; ``unknown`` are those without a known price and currency."""
    groups: dict[tuple[str | None, str | None], list[Decimal | None]] = {}
    for row in rows:
        known = row["monthly_price"] is not None and row["currency"] is not None
        groups.setdefault((name(row), row["currency"]), []).append(Decimal(row["monthly_price"]) if known else None)
    known_prices = {group: [price for price in prices if price is not None] for group, prices in groups.items()}
    sums = {group: money.total((price, 1) for price in prices) or Decimal(0) for group, prices in known_prices.items()}
    return [
        {
            "name": key,
            "currency": currency,
            "numbers": len(groups[key, currency]),
            "unknown": len(groups[key, currency]) - len(known_prices[key, currency]),
            "monthly": money.text(sums[key, currency]) if known_prices[key, currency] else None,
        }
        for key, currency in sorted(groups, key=lambda group: (_last(group[1]), -sums[group], _last(group[0])))
    ]


def _last(text: str | None) -> tuple[bool, str]:
    """A sort key that puts None last."""
    return text is None, text or ""


def account_facts(
    name: str, provider: str | None, numbers: int | None, message: str | None, code: str | None
) -> Record:
    """An item of ``accounts``; *numbers* is None for one that could not be read, for the reason in *message*."""
    return {"account": name, "provider": provider, "numbers": numbers, "message": message, "code": code}


def nameless(line: Record) -> Record:
    """A line of costs without its name."""
    return {key: value for key, value in line.items() if key != "name"}
