# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acme, a provider that does not exist: offers, purchase, list, name, release. It shares no code with the client."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import shop
from .paging import Row, listed, page_size, window
from .store import Account, Offer, Owned
from .wire import (
    Answer,
    ApiError,
    Call,
    Provider,
    Route,
    account_by,
    country_code,
    money,
    scheme_and_value,
    whole_number,
)

WORDS = {400: "bad_request", 401: "unauthorized", 404: "not_found", 405: "method_not_allowed", 429: "slow_down"}


class Acme(Provider):
    """Single numbers with a bearer token."""

    name = "acme"
    account_fields = ("token", "name")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls."""
        numbers = "/v2/accounts/{account}/numbers"
        return (
            Route("GET", "/v2/offers", self.offers),
            Route("GET", "/v2/accounts/{account}", self.account),
            Route("GET", numbers, self.numbers),
            Route("POST", numbers, self.buy),
            Route("PATCH", numbers + "/{id}", self.rename),
            Route("DELETE", numbers + "/{id}", self.cancel),
        )

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """Every error has a word and a sentence."""
        return Answer(status, {"error": {"code": code or WORDS.get(status, "internal"), "message": message}})

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """An offer is known by its number."""
        return str(data["number"])

    def new_owned_id(self, number: str) -> str:
        """Each purchase has an id of its own."""
        return f"num_{uuid.uuid4().hex}"

    def wanted_offer(self, call: Call) -> str | None:
        """The number that a purchase asks for; other calls ask for none."""
        return call.json_field("number")

    def account(self, call: Call) -> Answer:
        """The account itself."""
        account = self._account(call)
        call.query_fields(())
        return Answer(200, {"id": account.id, "name": account.data.get("name")})

    def offers(self, call: Call) -> Answer:
        """What is for sale."""
        self._account(call)
        query = call.query_fields(("limit", "offset", "country", "type", "capability", "number"))
        country = country_code(query.get("country"), "country")
        found = [
            offer
            for offer in call.store.find(Offer, provider=self.name)
            if offer.stock
            and country in (None, offer.data.get("country"))
            and query.get("type") in (None, offer.data.get("type"))
            and query.get("capability", "") in ("", *offer.data["capabilities"])
            and query.get("number", "") in offer.data["number"]
        ]
        return _page(call, query, found, lambda offer: _record(offer.data))

    def numbers(self, call: Call) -> Answer:
        """What the account owns."""
        account = self._account(call)
        query = call.query_fields(("limit", "offset", "number"))
        rows = listed(call, self.name, account.id)
        return _page(call, query, [row for row in rows if query.get("number", "") in row.number], _owned)

    def buy(self, call: Call) -> Answer:
        """Buy a number."""
        account = self._account(call)
        call.query_fields(())
        wanted = call.json_object(("number",), ("number",))["number"]
        offer = call.store.get(Offer, provider=self.name, id=str(wanted))
        if offer is None or not offer.stock:
            raise ApiError(409, "Somebody else has this number", "number_taken")
        shop.take_stock(call.store, offer, 1)
        try:
            (row,) = shop.deliver(call.store, self, account, offer, 1, call.now)
        except shop.NotEnoughCredit:
            raise ApiError(402, "Top up your account", "credit_too_low") from None
        return Answer(201, _owned(row))

    def rename(self, call: Call) -> Answer:
        """Set or clear a number's name."""
        row = self._owned(call)
        name = call.json_object(("name",), ("name",))["name"]
        if name is not None and not isinstance(name, str):
            raise ApiError(400, "'name' must be a string or null")
        row.configuration["name"] = name
        call.store.save(row)
        return Answer(200, _owned(row))

    def cancel(self, call: Call) -> Answer:
        """Give a number back."""
        call.no_body()
        shop.release(call.store, self._owned(call))
        return Answer(204)

    def _account(self, call: Call) -> Account:
        scheme, token = scheme_and_value(call)
        account = account_by(call, self.name, lambda one: scheme == "bearer" and one.data.get("token") == token)
        if account is None:
            raise ApiError(401, "This token is not known")
        if call.params.get("account", account.id) != account.id:
            raise ApiError(403, "This token is for another account", "forbidden")
        return account

    def _owned(self, call: Call) -> Owned:
        row = call.store.get(Owned, provider=self.name, account=self._account(call).id, id=call.params["id"])
        call.query_fields(())
        if row is None:
            raise ApiError(404, "There is no such number")
        return row


def _page(call: Call, query: Mapping[str, str], rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]) -> Answer:
    limit, _step = page_size(call, whole_number(query.get("limit"), "limit", 20, 1, 50))
    shown, total = window(call, rows, whole_number(query.get("offset"), "offset", 0, 0), limit)
    return Answer(200, {"items": [render(row) for row in shown], "total": total})


def _record(data: Mapping[str, Any]) -> dict[str, Any]:
    price = {
        "setup": str(money(data, "setup_price")),
        "monthly": str(money(data, "monthly_price")),
        "currency": data.get("currency"),
    }
    return {key: data.get(key) for key in ("number", "country", "type", "capabilities")} | {"price": price}


def _owned(row: Owned) -> dict[str, Any]:
    return {"id": row.id, **_record(row.data), "name": row.configuration.get("name")}


PROVIDER = Acme()
