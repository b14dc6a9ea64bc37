# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which failures a task may end with when nothing disturbs it: those that the truth explains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markets import fits
from truth import WHOLE, Ledger, State, Wish, linked_to

_NEVER = (
    "locked",
    "journal_required",
    "authentication_failed",
    "forbidden",
    "rate_limited",
    "provider_error",
    "provider_unavailable",
    "connection_failed",
)
_NOTHING: Mapping[str, Any] = {"applications": {}}


def explained(ledger: Ledger, wish: Wish, state: State, code: str) -> bool:
    """Whether the failure *code* of an undisturbed task follows from the *state* before it."""
    if code in _NEVER:
        return False
    if wish.buys:
        return _purchase(ledger, wish, state, code)
    if wish.module == "number_release":
        return (
            code == "conflict"
            and not wish.options.get("force")
            and any(linked_to(state.owned[name]) for name in wish.names if name in state.owned)
        )
    if code == "not_found":
        return bool(set(wish.names) - set(state.owned))
    return wish.module == "number_assignment" and _assignment(ledger, wish, state, code)


def _assignment(ledger: Ledger, wish: Wish, state: State, code: str) -> bool:
    items = [state.owned[name] for name in wish.names if name in state.owned]
    if code == "conflict":
        linked = {link for item in items for key, link in linked_to(item).items() if wish.capability in (None, key)}
        return not wish.options.get("force") and bool(linked - {wish.application})
    if code != "unsupported":
        return False
    absent = wish.options.get("state") == "absent"
    if not absent and any(not wish.capabilities(ledger.row, item["facts"]) for item in items):
        return True
    alone = wish.capability and absent
    whole = ledger.row.provider in WHOLE or ledger.row.provider == "sinch_portal" and alone
    return bool(
        wish.capability and whole and any(len(item["facts"]["capabilities"]) > 1 for item in state.owned.values())
    )


def _named(ledger: Ledger, wish: Wish, state: State, code: str) -> bool:
    """Of a purchase of named numbers."""
    links = {link for name in wish.names for link in linked_to(state.owned.get(name, _NOTHING)).values()}
    if code == "conflict":
        return bool(wish.application and links - {wish.application})
    for_sale = {offer.get("number"): offer for key, offer in ledger.offers.items() if state.stock[key]}
    missing = [for_sale.get(name) for name in wish.names if name not in state.owned]
    unlinkable = [offer for offer in missing if offer and wish.application and not wish.capabilities(ledger.row, offer)]
    return code == "out_of_stock" and (None in missing or bool(unlinkable))


def _purchase(ledger: Ledger, wish: Wish, state: State, code: str) -> bool:
    if wish.market is None:
        return _named(ledger, wish, state, code)
    shortage = max(0, wish.count - ledger.low(wish, state))
    turned = twisted(ledger, wish, state)
    if code in ("out_of_stock", "unsupported"):
        return ledger.for_sale(wish, state) < shortage
    if code == "price_limit":
        return shortage > 0 and _dear(ledger, wish, state, shortage)
    if code == "undecidable":
        vague = [name for name, item in state.owned.items() if fits(item["facts"], wish.market.where) is None]
        return shortage > 0 and bool(vague) or bool(turned)
    if code == "deadline_exceeded":
        return wish.waits and (
            bool(turned) or len(ledger.linked(wish, state)) < wish.count and ledger.on_order(wish, state) > 0
        )
    if code in ("conflict", "inconsistent_list", "unknown_outcome"):
        return bool(turned)
    return False


def twisted(ledger: Ledger, wish: Wish, state: State) -> list[str]:
    """Numbers that were bought for what is wanted and whose record tells otherwise.

    A task may say so, and must not buy the next one.
    """
    return [
        name for name in ledger.high(wish, state) if fits(state.owned[name]["facts"], wish.market.where) is not True
    ]


def _dear(ledger: Ledger, wish: Wish, state: State, shortage: int) -> bool:
    each, total = wish.most
    prices = sorted(
        float(ledger.offers[key]["monthly_price"])
        for key, stock in state.stock.items()
        for _one in range(stock)
        if fits(ledger.offers[key], wish.market.where)
        and (not wish.application or wish.capabilities(ledger.row, ledger.offers[key]))
    )
    cheap = [price for price in prices if each is None or price <= float(each)]
    return len(cheap) < shortage or total is not None and sum(cheap[:shortage]) > float(total) - 0.001
