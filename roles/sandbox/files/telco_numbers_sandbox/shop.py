# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stock, money and ownership: the rules that all providers share."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .numbering import new_number
from .store import Account, Offer, Order, Owned, Past, Reservation, Session, Store
from .wire import Provider, money


def changed(found: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return *found* with *changes*; null removes a field."""
    return {name: value for name, value in {**found, **changes}.items() if value is not None}


class NotEnoughCredit(Exception):
    """The account cannot pay."""


def require_credit(provider: Provider, account: Account, data: Mapping[str, Any], quantity: int) -> None:
    """Raise NotEnoughCredit when the account cannot pay for *quantity* numbers."""
    if provider.due_now(data) * quantity > account.credit:
        raise NotEnoughCredit


def charge(store: Store, provider: Provider, account: Account, data: Mapping[str, Any], quantity: int) -> None:
    """Take the price of ``quantity`` numbers from the credit and write it down.

    A credit has no currency here: an amount is taken as it stands, whatever its currency.
    """
    require_credit(provider, account, data, quantity)
    account.credit -= provider.due_now(data) * quantity
    totals = account.spent.setdefault(str(data.get("currency") or ""), {})
    amounts = {
        "setup": money(data, "setup_price"),
        "monthly": money(data, "monthly_price"),
        "due_now": provider.due_now(data),
    }
    for name, amount in amounts.items():
        totals[name] = str(Decimal(totals.get(name, "0")) + amount * quantity)
    store.save(account)


def take_stock(store: Store, offer: Offer, quantity: int) -> None:
    """Take numbers out of the shop; the caller has seen that there are enough."""
    offer.stock -= quantity
    store.save(offer)


def put_back(store: Store, provider: str, offer_id: str | None, quantity: int) -> None:
    """Return numbers to the shop, if it still knows where they came from."""
    offer = store.get(Offer, provider=provider, id=offer_id) if offer_id else None
    if offer:
        offer.stock += quantity
        store.save(offer)


def deliver(
    store: Store,
    provider: Provider,
    account: Account,
    offer: Offer,
    quantity: int,
    now: float,
    applications: Mapping[str, str] | None = None,
    active: bool = True,
    owned_id: str | None = None,
) -> list[Owned]:
    """Charge for numbers of an offer and make them the account's own."""
    charge(store, provider, account, offer.data, quantity)
    bought = []
    for _count in range(quantity):
        number = str(offer.data.get("number") or _issue(store, provider, offer))
        row = Owned(
            provider=provider.name,
            number=number,
            account=account.id,
            id=owned_id or provider.new_owned_id(number),
            offer=offer.id,
            bought_at=now,
            active=active,
            data=_record(offer.data),
            applications=dict(applications or {}),
        )
        store.save(row)
        bought.append(row)
    return bought


def _record(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a bought number: the facts of its offer, changed by the seed's ``record``."""
    return changed({name: value for name, value in offer.items() if name != "record"}, offer.get("record") or {})


def _issue(store: Store, provider: Provider, offer: Offer) -> str:
    def taken(number: str) -> bool:
        return store.get(Owned, provider=provider.name, number=number) is not None

    number = new_number(offer.id, offer.data, offer.issued, taken)
    offer.issued += 1
    store.save(offer)
    return number


def relink(store: Store, row: Owned, applications: Mapping[str, str]) -> None:
    """Link the number to these applications, and to no others."""
    if row.applications != applications:
        _remember(store, row)
    row.applications = dict(applications)
    store.save(row)


def _remember(store: Store, row: Owned) -> None:
    store.save(Past(row.provider, row.number, row.account, time.time(), dataclasses.asdict(row)))


def release(store: Store, row: Owned) -> None:
    """Take the number from the account, and put it back in the shop."""
    _remember(store, row)
    store.delete(row)
    put_back(store, row.provider, row.offer, 1)


def place_order(
    store: Store,
    provider: Provider,
    account: Account,
    offer: Offer,
    quantity: int,
    status: str,
    options: dict[str, Any],
) -> Order:
    """Write an order down and take its stock."""
    take_stock(store, offer, quantity)
    order = Order(
        id=str(uuid.uuid4()),
        provider=provider.name,
        account=account.id,
        offer=offer.id,
        quantity=quantity,
        status=status,
        options=options,
    )
    store.save(order)
    return order


def fulfil(store: Store, provider: Provider, order: Order, now: float, quantity: int | None = None) -> list[Owned]:
    """Deliver an order, whole or in part, and return the numbers. The rest goes back to the shop."""
    account = store.the(Account, provider=order.provider, id=order.account)
    offer = store.the(Offer, provider=order.provider, id=order.offer)
    count = order.quantity if quantity is None else quantity
    applications: dict[str, str] = order.options.get("applications", {})
    options = order.options
    active, identity = options.get("active", True), options.get("owned_id")
    rows = deliver(store, provider, account, offer, count, now, applications, active, identity)
    for row in rows if options.get("configuration") else ():
        row.configuration = dict(options["configuration"])
        store.save(row)
    put_back(store, order.provider, order.offer, order.quantity - count)
    order.status, order.numbers = "fulfilled", [row.number for row in rows]
    store.save(order)
    return rows


def reject(store: Store, order: Order) -> None:
    """Close a pending order without numbers."""
    put_back(store, order.provider, order.offer, order.quantity)
    order.status = "rejected"
    store.save(order)


def expire_reservations(store: Store, now: float, **where: Any) -> None:
    """End the holds whose time is over and return their stock; ``now`` = infinity ends all."""
    for hold in store.find(Reservation, state="held", **where):
        if hold.expires_at <= now:
            hold.state = "expired"
            store.save(hold)
            put_back(store, hold.provider, hold.offer, hold.quantity)


def expire_sessions(store: Store, kind: str) -> None:
    """Make every session of a kind useless, as if its time were over."""
    for session in store.find(Session, kind=kind):
        session.expires_at = 0
        store.save(session)


def sell(store: Store, provider: str, offer_id: str, quantity: int | None) -> bool:
    """Let another buyer take *quantity* of an offer, or all of it (None). Return whether there is such an offer."""
    offer = store.get(Offer, provider=provider, id=offer_id)
    if offer is None:
        return False
    take_stock(store, offer, offer.stock if quantity is None else min(quantity, offer.stock))
    return True
