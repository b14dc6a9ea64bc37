# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what the quotes of many pools come to, and the limits that they have to keep. Pure."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from .._core import money

TOTALS = ("setup_total", "monthly_total", "due_now_total")
POOL = "provision_pool"
NO_CURRENCY = "XXX"  # in ISO 4217; no provider prices in it
_PRICE = {"setup_total": "setup_price", "monthly_total": "monthly_price", "due_now_total": "due_now"}  # of a line
_BOUNDS = {
    "max_monthly_total": "monthly_price",
    "max_due_now_total": "due_now",
}  # what an approval bounds, by the price of a line
# Why a quote may fail although its account was read: what the pool will buy is known then, and is nothing.
_READ = (
    "out_of_stock",
    "price_limit",
    "undecidable",
    "unknown_outcome",
    "conflict",
    "unsupported",
    "not_found",
    "regulatory",
    "journal_required",
)

Record = t.Mapping[str, t.Any]


def totals(quotes: t.Iterable[Record | None]) -> dict[str, dict[str, str | None]]:
    """What *quotes* come to, by currency; ``''`` is an unnamed one. A total with an unknown part is None."""
    sums: dict[str, dict[str, Decimal | None]] = {}
    for quote in quotes:
        if quote and quote["lines"]:
            known = sums.setdefault(_currency(quote) or "", dict.fromkeys(TOTALS, Decimal(0)))
            for key in TOTALS:
                known[key] = _plus(known[key], quote[key])
    return {
        currency: {key: money.text(value) for key, value in known.items()} for currency, known in sorted(sums.items())
    }


def _plus(total: Decimal | None, part: str | None) -> Decimal | None:
    return money.total([(total, 1), (money.amount(part), 1)])


def _currency(quote: Record) -> str | None:
    """The currency that the provider named; a purchase in an unnamed one was limited as in none."""
    return None if quote["currency"] == NO_CURRENCY else quote["currency"]


def known(quotes: t.Iterable[Record | None]) -> dict[str, dict[str, str]]:
    """What the parts of *quotes* with a known price come to, by currency, as limits: what was shown, and nothing beyond
    it.
    """
    parts: dict[str, dict[str, list[tuple[Decimal | None, int]]]] = {}
    for quote in quotes:
        for line in (quote or {}).get("lines") or ():
            amounts = parts.setdefault(_currency(t.cast(Record, quote)) or "", {option: [] for option in _BOUNDS})
            for option, price in _BOUNDS.items():
                amounts[option].append((money.amount(line[price]) or Decimal(0), line["quantity"]))
    return {
        currency: {option: str(money.text(money.total(values))) for option, values in amounts.items()}
        for currency, amounts in sorted(parts.items())
    }


def unbounded(results: t.Iterable[Record]) -> list[str]:
    """A line for each quote that bounds nothing, because a price or its currency is unknown: whoever approves it
    approves any price.
    """
    problems = []
    for result in results:
        quote, place = result.get("quote") or {}, f"pool {_pool_name(result)}"
        lines = quote.get("lines") or ()
        if lines and not _currency(quote):
            problems.append(
                f"{place}: the provider names no currency for what it would buy: set account_currency of the account."
            )
        unknown = [str(line["offer"]) for line in lines if None in (line["monthly_price"], line["due_now"])]
        if unknown:
            problems.append(
                f"{place}: the price of {', '.join(unknown[:5])} is unknown: give the pool max_monthly_price and "
                "max_setup_price with their currency, so that "
                "only what has a known price is bought, or leave the pool out."
            )
    return problems


def _pool_name(result: Record) -> str:
    return str((result.get(POOL) or result).get("name", "without a name"))


def over(results: t.Sequence[Record], limits: t.Mapping[str, t.Mapping[str, str]]) -> list[str]:
    """A line for each limit of the plan that the quotes of *results* break, or cannot be shown to keep."""
    problems = []
    quotes = [result.get("quote") for result in results]
    least = known(quotes)
    for currency, sums in totals(quotes).items():
        named = currency or "an unnamed currency"
        if limits and currency not in limits:
            problems.append(
                f"The plan would buy in {named}, for which it has no limit: add one, or set account_currency where the "
                "provider names none."
            )
        for option, limit in limits.get(currency, {}).items():
            total = sums[option[len("max_") :]]
            if total is None and Decimal(least[currency][option]) > Decimal(limit):
                problems.append(
                    f"The plan would buy for more than {least[currency][option]} {named} and its {option} is {limit}: "
                    "raise it or ask for less."
                )
            elif total is None:
                problems.append(
                    f"What the plan would buy in {named} has no known {option[len('max_') :]}, so {option} cannot be "
                    "kept: leave that limit out."
                )
            elif Decimal(total) > Decimal(limit):
                problems.append(
                    f"The plan would buy for {total} {named} and its {option} is {limit}: raise it or ask for less."
                )
    if limits and any(quote and quote["lines"] for quote in quotes):
        problems += _unread(results)
    return problems


def _unread(results: t.Iterable[Record]) -> list[str]:
    """A line for each account that could not be read: under a limit nothing is bought then."""
    accounts: dict[str, str] = {}
    for result in results:
        if result.get("failed") and (result.get("failure") or {}).get("code") not in _READ:
            accounts.setdefault(str((result.get(POOL) or {}).get("account", "of a pool")), str(result.get("msg")))
    return [
        f"The account {name} could not be quoted, so the limits cannot be shown to be kept: mend that, or leave its "
        f"pools out. {why}"
        for name, why in accounts.items()
    ]


def priced(orders: t.Sequence[Record], quote: Record) -> Record:
    """What *orders* come to by the prices of *quote*; unknown where that has none, and for an order of which nobody
    knows whether it came about.
    """
    prices = {line["offer"]: line for line in quote.get("lines") or ()}
    bought = [
        (prices.get(order["offer"], {}) if order["status"] in ("fulfilled", "pending") else {}, order["quantity"])
        for order in orders
    ]
    sums = {
        key: money.total((money.amount(line.get(price)), quantity) for line, quantity in bought)
        for key, price in _PRICE.items()
    }
    return {
        "lines": list(orders),
        "currency": quote.get("currency"),
        **{key: money.text(value) for key, value in sums.items()},
    }
