# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders of every kind: purchases, moves, options, disconnects. Each is accepted first and carried out later, row by
row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import shop
from ..store import Account, Offer, Order, Owned, Reservation, Store
from ..wire import Call, Provider
from .common import NAME, peer_of, where

RECEIVED, PROCESSING, COMPLETE, PARTIAL, FAILED = "RECEIVED", "PROCESSING", "COMPLETE", "PARTIAL", "FAILED"
TEXTS = {
    5005: "Telephone Number Unavailable", 5006: "Telephone number could not be disconnected since it is not associated "
    "with your account", 5018: "The full number of telephone numbers is not available.", 5204: "Call Forward and "
    "Origination Route Plan exclude each other", 5218: "Telephone number is already being processed on another order",
    7518: "Telephone Number Not Active.",
}  # fmt: skip


def place(call: Call, account: Account, kind: str, numbers: Sequence[str], **told: Any) -> Order:
    """Accept an order. It is carried out at once, or later where a fault says so; the answer says RECEIVED."""
    pending, lines, partial = (call.faults.take(name) for name in ("pending", "lines", "partial"))
    outcomes = dict(lines.spec["outcomes"]) if lines else {}
    if partial:
        outcomes.update(dict.fromkeys(numbers[int(partial.spec["deliver"]) :], 5005))
    order = Order(
        id=str(uuid.uuid4()), provider=NAME, account=account.id, offer="", quantity=len(numbers), status="pending",
        options={
            **told, "kind": kind, "state": RECEIVED, "placed": call.now, "reads": 0, "wait": bool(pending),
            "after": dict(pending.spec) if pending else {},
            "lines": [{"number": number, "outcome": outcomes.get(number)} for number in numbers],
        },
    )  # fmt: skip
    call.store.save(order)
    return order


def advance(call: Call, provider: Provider, is_read: bool) -> None:
    """Carry out the orders whose time has come. *is_read* counts as a look at those that wait for so many."""
    for order in list(call.store.find(Order, provider=NAME, status="pending")):
        after = order.options["after"]
        reads, seconds = after.get("fulfil_after_reads"), after.get("fulfil_after_seconds")
        if is_read:
            order.options["reads"] += 1
            call.store.save(order)
        due = not order.options["wait"]
        due = due or (reads is not None and order.options["reads"] > reads)
        due = due or (seconds is not None and call.now >= order.options["placed"] + seconds)
        if due:
            carry_out(call.store, provider, order, call.now)
        elif order.options["state"] == RECEIVED:
            order.options["state"] = PROCESSING
            call.store.save(order)


def carry_out(store: Store, provider: Provider, order: Order, now: float) -> None:
    """Do each row of an order, and end it by what became of them."""
    account = store.the(Account, provider=NAME, id=order.account)
    do = _DOING[order.options["kind"]]
    lines = order.options["lines"]
    for line in lines:
        line["code"] = line["outcome"] or _obstacle(store, account, order, line["number"])
    failed = [line for line in lines if line["code"]]
    if failed and order.options.get("partial") is False:
        for line in lines:
            line["code"] = line["code"] or 5018
        failed = lines
    for line in lines:
        if not line["code"]:
            do(store, provider, account, order, line["number"], now)
            order.numbers.append(line["number"])
    _end(store, order, FAILED if len(failed) == len(lines) else PARTIAL if failed else COMPLETE)


def reject(store: Store, order: Order) -> None:
    """End an order without having done any row."""
    for line in order.options["lines"]:
        line["code"] = line["outcome"] or 5005
    _end(store, order, FAILED)


def _end(store: Store, order: Order, state: str) -> None:
    order.options["state"] = state
    order.status = "rejected" if state == FAILED else "fulfilled"
    store.save(order)


def is_busy(store: Store, account: str, number: str, but: str | None = None) -> bool:
    """Whether another order that is under way holds a number."""
    orders = store.find(Order, provider=NAME, account=account, status="pending")
    return any(number in [line["number"] for line in one.options["lines"]] for one in orders if one.id != but)


def _obstacle(store: Store, account: Account, order: Order, number: str) -> int | None:
    """The code of what stands against a row; None when nothing does."""
    kind = order.options["kind"]
    row = store.get(Owned, provider=NAME, account=account.id, number=number)
    if kind == "orders":
        offer = store.get(Offer, provider=NAME, id=number)
        held = number in order.options.get("reserved", ())
        return None if offer is not None and (offer.stock or held) and row is None else 5005
    if row is None:
        return {"disconnects": 5006, "moveTns": 7518, "tnoptions": 5076}[kind]
    if is_busy(store, account.id, number, order.id):
        return 5218
    if kind == "moveTns" and not row.active:
        return 7518
    settings = {**row.configuration, **order.options.get("settings", {}).get(number, {})}
    if kind == "tnoptions" and settings.get("CallForward") and settings.get("OriginationRoutePlan"):
        return 5204
    return None


def _buy(store: Store, provider: Provider, account: Account, order: Order, number: str, now: float) -> None:
    offer = store.the(Offer, provider=NAME, id=number)
    if offer.stock:
        shop.take_stock(store, offer, 1)
    links = {"sms": str(order.options["peer"])}
    settings = store.settings(NAME)
    delay = settings.get("provisioning_reads") or 0
    links = {} if where(account, links) == where(account, {}) else links
    try:
        row = shop.deliver(store, provider, account, offer, 1, now, links, active=not delay)[0]
    except shop.NotEnoughCredit:
        return
    row.data = {**row.data, "order": order.id, "left": delay}
    store.save(row)


def _move(store: Store, provider: Provider, account: Account, order: Order, number: str, now: float) -> None:
    row = store.the(Owned, provider=NAME, account=account.id, number=number)
    links = {**row.applications, "sms": str(order.options["peer"])}
    if where(account, links) == where(account, {}):
        del links["sms"]
    shop.relink(store, row, links)


def _set(store: Store, provider: Provider, account: Account, order: Order, number: str, now: float) -> None:
    row = store.the(Owned, provider=NAME, account=account.id, number=number)
    row.configuration = shop.changed(row.configuration, order.options["settings"][number])
    store.save(row)


def _disconnect(store: Store, provider: Provider, account: Account, order: Order, number: str, now: float) -> None:
    shop.release(store, store.the(Owned, provider=NAME, account=account.id, number=number))


_DOING: Mapping[str, Callable[[Store, Provider, Account, Order, str, float], None]] = {
    "orders": _buy,
    "moveTns": _move,
    "tnoptions": _set,
    "disconnects": _disconnect,
}


def failures(order: Order) -> list[dict[str, Any]]:
    """The rows that failed: number, code and text of each."""
    return [
        {
            "Code": line["code"],
            "Description": TEXTS.get(int(line["code"]), "The order failed for this number"),
            "TelephoneNumber": line["number"],
        }
        for line in order.options["lines"]
        if line.get("code")
    ]


def numbers_of(order: Order) -> list[str]:
    """The numbers of an order, in its own sequence."""
    return [line["number"] for line in order.options["lines"]]


def told(order: Order) -> list[dict[str, Any]]:
    """The lines of an order, as the control path tells them."""
    states = [
        "pending" if order.status == "pending" else "rejected" if line.get("code") else "fulfilled"
        for line in order.options["lines"]
    ]
    return [
        {
            "id": order.id,
            "group": line["number"],
            "quantity": 1,
            "status": state,
            "numbers": [line["number"]] if state == "fulfilled" else [],
        }
        for line, state in zip(order.options["lines"], states)
    ]


def release_holds(call: Call, account: Account, identities: Sequence[str]) -> list[str]:
    """End the reservations that an order names, and return their numbers."""
    found = []
    for identity in identities:
        hold = call.store.get(Reservation, provider=NAME, account=account.id, id=identity)
        if hold is not None and hold.state == "held":
            hold.state = "checked_out"
            call.store.save(hold)
            found.append(hold.offer)
    return found


def is_location(account: Account, site: Any, peer: Any) -> bool:
    """Whether a location is one of a site's."""
    found = peer_of(account, peer)
    return found is not None and str(found[0]["id"]) == str(site)
