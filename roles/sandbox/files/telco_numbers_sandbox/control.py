# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control path, ``/_sandbox/…``: what happened, what is owned, and how to change it. No log-in, loopback only."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from . import shop
from .faults import FaultError, Faults
from .seed import CAPABILITIES, SeedError, check_kinds, merge, plant
from .store import Account, LoggedRequest, Offer, Order, Owned, Reservation, Store
from .wire import Answer, ApiError, Call, Provider, decimal, parse_json

CHANGES = (
    "credit",
    "accounting",
    "own",
    "alter",
    "expire_reservations",
    "expire_instances",
    "sell",
    "fulfil",
    "reject",
    "links",
    "release",
)
OWN_FIELDS = (
    "number",
    "id",
    "offer",
    "applications",
    "configuration",
    "active",
    "capabilities",
    "country",
    "type",
    "region",
    "data",
    "bought_at",
)
ALTER_FIELDS = ("number", "applications", "configuration", "active", "data")


class Control:
    """The handlers of the control path."""

    def __init__(self, store: Store, providers: Collection[Provider], faults: Faults, seed: Mapping[str, Any]) -> None:
        self.store = store
        self.providers = {provider.name: provider for provider in providers}
        self.faults = faults
        self.seed = seed
        self._last_id = max((entry.id for entry in store.find(LoggedRequest)), default=0)

    def next_request_id(self) -> int:
        """Return the next id of a request. Ids also grow after the log was cleared."""
        self._last_id += 1
        return self._last_id

    def handle(self, call: Call) -> Answer:
        """Answer a request of the control path."""
        parts = call.path.removeprefix("/_sandbox/").split("/")
        handlers: dict[tuple[str, str], Callable[[Call], Answer]] = {
            ("GET", "health"): self.health,
            ("GET", "requests"): self.requests,
            ("DELETE", "requests"): self.clear_requests,
            ("GET", "state"): self.state,
            ("POST", "reset"): self.reset,
            ("GET", "faults"): self.get_faults,
            ("PUT", "faults"): self.put_faults,
            ("DELETE", "faults"): self.delete_faults,
        }
        try:
            with self.store.transaction():
                if call.method == "PATCH" and parts[0] == "state" and len(parts) == 3:
                    return self.change(call, parts[1], parts[2])
                handler = handlers.get((call.method, parts[0])) if len(parts) == 1 else None
                if handler is None:
                    raise ApiError(404, f"the control path has no {call.method} {call.path}")
                return handler(call)
        except ApiError as exc:
            return Answer(exc.status, {"error": exc.message})
        except shop.NotEnoughCredit:
            return Answer(409, {"error": "the account cannot pay for the order"})
        except (SeedError, FaultError) as exc:
            return Answer(400, {"error": str(exc)})

    def health(self, call: Call) -> Answer:
        """Answer that the sandbox runs."""
        return Answer(200, {"status": "ok"})

    def requests(self, call: Call) -> Answer:
        """Return the log, or the requests after an id."""
        since = call.query_fields(("since",)).get("since", "0")
        if not since.isdigit():
            raise ApiError(400, "since is the id of a request")
        shown = [_logged(entry) for entry in self.store.find(LoggedRequest) if entry.id > int(since)]
        return Answer(200, {"requests": shown})

    def clear_requests(self, call: Call) -> Answer:
        """Clear the log."""
        self.store.clear(LoggedRequest)
        return Answer(204)

    def state(self, call: Call) -> Answer:
        """Return the numbers, reservations, orders, payments and credit, by provider and account."""
        shop.expire_reservations(self.store, call.now)
        accounts = self.store.find(Account)
        found: dict[str, dict[str, Any]] = {name: {} for name in self.providers}
        for account in accounts:
            found[account.provider][account.id] = self._account(account)
        return Answer(200, found)

    def reset(self, call: Call) -> Answer:
        """Start again from the seed, or from another one. The log and the faults are deleted, too."""
        given = _body(call, ("seed",)).get("seed")
        plant(self.store, self.providers.values(), self.seed if given is None else merge(self.seed, given))
        self.faults.replace([], call.now)
        return Answer(200, {"status": "ok"})

    def get_faults(self, call: Call) -> Answer:
        """Return the faults as they were set, and how often each struck."""
        return Answer(200, self.faults.describe())

    def put_faults(self, call: Call) -> Answer:
        """Replace all faults: a list, or ``{"faults": [...]}``."""
        body = _json(call)
        specs = body.get("faults") if isinstance(body, dict) else body
        if not isinstance(specs, list):
            raise ApiError(400, "the body is a list of faults")
        self.faults.replace(specs, call.now)
        return self.get_faults(call)

    def delete_faults(self, call: Call) -> Answer:
        """Remove all faults."""
        self.faults.replace([], call.now)
        return Answer(204)

    def change(self, call: Call, provider_name: str, account_id: str) -> Answer:
        """Change the state of an account, or let other buyers and the provider act."""
        body = _body(call, CHANGES)
        self.apply(provider_name, account_id, body)
        return Answer(200, self._account(self.store.the(Account, provider=provider_name, id=account_id)))

    def apply(self, provider_name: str, account_id: str, body: Mapping[str, Any]) -> None:
        """Carry out the changes in the body of a ``change``."""
        check_kinds(body, "the body", lists=("own", "alter", "release"), objects=("sell", "links"))
        provider = self.providers.get(provider_name)
        account = self.store.get(Account, provider=provider_name, id=account_id)
        if provider is None or account is None:
            raise ApiError(404, f"there is no account {account_id} at {provider_name}")
        if "credit" in body:
            account.credit = _credit(body["credit"])
        account.accounting = bool(body.get("accounting", account.accounting))
        self.store.save(account)
        for number in body.get("release", []):
            shop.release(self.store, self._owned(account, number))
        for row in body.get("own", []):
            self.store.save(self._own(provider, account, row))
        for row in body.get("alter", []):
            self._alter(self._owned(account, row.get("number") if isinstance(row, dict) else None), row)
        if body.get("expire_reservations"):
            shop.expire_reservations(self.store, float("inf"), provider=provider.name, account=account.id)
        if body.get("expire_instances"):
            shop.expire_sessions(self.store, "instance")
        for name, quantity in body.get("sell", {}).items():
            if not isinstance(quantity, (int, type(None))):
                raise ApiError(400, f"sell says how many of {name}, or null for all")
            if not shop.sell(self.store, provider.name, name, quantity):
                raise ApiError(404, f"there is no offer {name}")
        for number, applications in body.get("links", {}).items():
            shop.relink(self.store, self._owned(account, number), applications)
        self._close_orders(provider, account, body)

    def _owned(self, account: Account, number: Any) -> Owned:
        row = (
            self.store.get(Owned, provider=account.provider, account=account.id, number=number)
            if isinstance(number, str)
            else None
        )
        if row is None:
            raise ApiError(404, f"{account.id} does not own {number}")
        return row

    def _close_orders(self, provider: Provider, account: Account, body: Mapping[str, Any]) -> None:
        if body.get("fulfil"):
            for order in self._orders(provider, account, body["fulfil"], ("pending", "fulfilled")):
                if order.status == "pending" and not provider.fulfil(self.store, order, time.time()):
                    shop.fulfil(self.store, provider, order, time.time())
                self._activate(order)
        if body.get("reject"):
            for order in self._orders(provider, account, body["reject"], ("pending",)):
                if not provider.reject(self.store, order):
                    shop.reject(self.store, order)

    def _orders(self, provider: Provider, account: Account, wanted: Any, states: Collection[str]) -> list[Order]:
        found = [
            order
            for order in self.store.find(Order, provider=provider.name, account=account.id)
            if order.status in states and wanted in (True, order.id)
        ]
        if not found and wanted is not True:
            raise ApiError(404, f"there is no open order {wanted}")
        return found

    def _activate(self, order: Order) -> None:
        for number in order.numbers:
            row = self.store.get(Owned, provider=order.provider, account=order.account, number=number)
            if row:
                row.active = True
                self.store.save(row)

    def _own(self, provider: Provider, account: Account, given: Any) -> Owned:
        """Return a new owned number. If an offer is named, the number has its facts."""
        if not isinstance(given, dict) or not isinstance(given.get("number"), str) or set(given) - set(OWN_FIELDS):
            raise ApiError(400, f"a row of own has a number (a string) and any of: {', '.join(OWN_FIELDS)}")
        check_kinds(given, "a row of own", lists=("capabilities",), objects=("applications", "configuration", "data"))
        offer = self.store.get(Offer, provider=provider.name, id=str(given["offer"])) if "offer" in given else None
        if "offer" in given and offer is None:
            raise ApiError(404, f"there is no offer {given['offer']}")
        facts = {name: given[name] for name in ("capabilities", "country", "type", "region") if name in given}
        data = {
            "capabilities": list(CAPABILITIES[:2]),
            **(offer.data if offer else {}),
            **given.get("data", {}),
            **facts,
        }
        number = given["number"]
        return Owned(
            provider=provider.name,
            number=number,
            account=account.id,
            id=given.get("id") or provider.new_owned_id(number),
            offer=offer.id if offer else None,
            bought_at=float(given.get("bought_at", 0)),
            active=given.get("active", True),
            data={**data, "number": number},
            applications=given.get("applications", {}),
            configuration=given.get("configuration", {}),
        )

    def _alter(self, row: Owned, given: Mapping[str, Any]) -> None:
        """Change a record, as a user does in the dashboard, or the provider does.

        Null removes a field, and fields that are left out stay.
        """
        if set(given) - set(ALTER_FIELDS):
            raise ApiError(400, f"a row of alter has a number and any of: {', '.join(ALTER_FIELDS)}")
        check_kinds(given, "a row of alter", objects=("applications", "configuration", "data"))
        shop.relink(self.store, row, shop.changed(row.applications, given.get("applications", {})))
        row.configuration = shop.changed(row.configuration, given.get("configuration", {}))
        row.data = shop.changed(row.data, given.get("data", {}))
        row.active = bool(given.get("active", row.active))
        self.store.save(row)

    def _lines(self, order: Order) -> list[dict[str, Any]]:
        lines = self.providers[order.provider].order_lines(order)
        return [_order(order)] if lines is None else lines

    def _account(self, account: Account) -> dict[str, Any]:
        where = {"provider": account.provider, "account": account.id}
        return {
            "owned": [_owned(row) for row in self.store.find(Owned, **where)],
            "credit": str(account.credit),
            "spent": _totals(account.spent),
            "spent_by_currency": account.spent,
            "reservations": [_hold(one) for one in self.store.find(Reservation, **where)],
            "orders": [line for one in self.store.find(Order, **where) for line in self._lines(one)],
            "stock": {offer.id: offer.stock for offer in self.store.find(Offer, provider=account.provider)},
        }


def _json(call: Call) -> Any:
    try:
        return parse_json(call.body or b"{}")
    except ValueError:
        raise ApiError(400, "the body is not JSON") from None


def _body(call: Call, allowed: Collection[str]) -> dict[str, Any]:
    found = _json(call)
    if not isinstance(found, dict) or set(found) - set(allowed):
        raise ApiError(400, f"the body is an object with any of: {', '.join(allowed)}")
    return found


def _credit(value: Any) -> Decimal:
    try:
        return decimal(value)
    except ValueError as exc:
        raise ApiError(400, str(exc)) from None


def _totals(spent: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the sum over all currencies, which was taken from the credit. Amounts by currency stand beside it."""
    return {
        name: str(sum((Decimal(totals.get(name, "0")) for totals in spent.values()), Decimal(0)))
        for name in ("setup", "monthly", "due_now")
    }


def _logged(entry: LoggedRequest) -> dict[str, Any]:
    return {
        "id": entry.id,
        "provider": entry.provider,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "body": entry.body.get("value"),
        "status": entry.status,
        "mutating": entry.mutating,
        "faults": entry.faults,
    }


def _owned(row: Owned) -> dict[str, Any]:
    return {
        "number": row.number,
        "id": row.id,
        "group": row.offer,
        "applications": row.applications,
        "configuration": row.configuration,
        "active": row.active,
        "facts": row.data,
    }


def _hold(hold: Reservation) -> dict[str, Any]:
    return {
        "reference": hold.id,
        "group": hold.offer,
        "quantity": hold.quantity,
        "state": hold.state,
        "checkouts": hold.checkouts,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "group": order.offer,
        "quantity": order.quantity,
        "status": order.status,
        "numbers": order.numbers,
    }
