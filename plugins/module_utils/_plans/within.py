# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what a pool may buy once it was quoted: what the quote says, for no more than it said."""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import Decimal

from .._core import money
from .._core.errors import Failure
from .._core.selector import Selector
from .._purchase.want import Limits, Want
from .quote import NO_CURRENCY
from .state import State

_UNBOUNDED = (
    "It would be bought from several offers, and a price is unknown, so nothing bounds it: set max_monthly_price and "
    "max_setup_price with their currency, or choose one 'offer'."
)


def check_bounded(state: State) -> None:
    """Raise Failure ``price_limit`` where nothing would bound the purchase: a price is unknown, and several groups of
    numbers would be bought from.
    """
    lines = state.lines
    if _is_open(state) and len(lines) > 1 and any(line["number"] is None for line in lines):
        raise Failure("price_limit", _UNBOUNDED)


def within_quote(state: State, exclude: t.AbstractSet[str]) -> tuple[Want, str | None]:
    """What is wanted, with the quoted totals as limits, so that all pools together keep the limits that the quotes
    kept; numbers in *exclude* do not count. And the currency to take prices for that the provider names in none.
    """
    want = dataclasses.replace(state.pool.want, exclude=state.pool.want.exclude | exclude)
    quote = state.quote or {}
    if not state.lines:
        nothing = dataclasses.replace(want.limits, monthly_total=Decimal(0), currency=NO_CURRENCY)
        return dataclasses.replace(want, limits=nothing), None
    named = quote["currency"]
    limits = dataclasses.replace(want.limits, currency=named or NO_CURRENCY, **_totals(quote, want.limits))
    bounded = dataclasses.replace(want, limits=limits)
    return (_exactly(state, bounded) if _is_open(state) else bounded), None if named else NO_CURRENCY


def _is_open(state: State) -> bool:
    """Whether the quote bounds no amount, because a price is unknown."""
    quote = state.quote or {}
    return (
        state.pool.want.numbers is None
        and bool(state.lines)
        and None in (quote["monthly_total"], quote["due_now_total"])
    )


def _totals(quote: t.Mapping[str, t.Any], limits: Limits) -> dict[str, t.Any]:
    """The quoted totals that are known; the pool's own limit where they are not."""
    return {
        key: getattr(limits, key) if quote[key] is None else money.amount(quote[key])
        for key in ("setup_total", "monthly_total", "due_now_total")
    }


def _exactly(state: State, want: Want) -> Want:
    """*want*, for which nothing is bought but the offers of its quote."""
    if len(state.lines) == 1:
        return dataclasses.replace(want, offer=state.lines[0]["offer"])
    return dataclasses.replace(want, numbers=tuple(state.names), count=0, selector=Selector(), offer=None)
