# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Infobip phone numbers (provider document 002): search, purchase, list, get, cancel.

Choices where the document is silent: 404 ``NOT_FOUND`` for an offer that is unknown or sold, 400
``NOT_ENOUGH_CREDIT``, 1000 as the largest ``limit``. The answer to a purchase and a single number have no
``initialMonthPrice``, as in the document's examples.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from . import shop
from .paging import listed, page_size, window
from .store import Account, Offer, Owned
from .wire import (
    Answer,
    ApiError,
    Call,
    Provider,
    Route,
    account_by,
    basic_credentials,
    country_code,
    money,
    scheme_and_value,
    whole_number,
)

CAPABILITIES = ("SMS", "VOICE")
MESSAGE_IDS = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    429: "TOO_MANY_REQUESTS",
}


class InfobipSms(Provider):
    """Single numbers, bought by key; a bought number gets a new key."""

    name = "infobip_sms"
    account_fields = ("username", "password", "api_key")
    offer_fields = ("key", "initial_month_price", "shared", "percent_keys")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls; the document has the collection with and without its slash."""
        return (
            Route("GET", "/sms/1/numbers/available", self.available),
            Route("POST", "/sms/1/numbers", self.purchase),
            Route("POST", "/sms/1/numbers/", self.purchase),
            Route("GET", "/sms/1/numbers", self.purchased),
            Route("GET", "/sms/1/numbers/", self.purchased),
            Route("GET", "/sms/1/numbers/{numberKey}", self.single),
            Route("DELETE", "/sms/1/numbers/{numberKey}", self.cancel),
        )

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """Return an error, which is always a service exception."""
        message_id = code or MESSAGE_IDS.get(status, "GENERAL_ERROR")
        return Answer(status, {"requestError": {"serviceException": {"messageId": message_id, "text": message}}})

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """The key of an offer: the seed's, or one made from the number; some hold a literal percent sign."""
        if data.get("key"):
            return str(data["key"])
        key = uuid.uuid5(uuid.NAMESPACE_OID, str(data["number"])).hex.upper()
        return _with_percent(key) if data.get("percent_keys") else key

    def new_owned_id(self, number: str) -> str:
        """A new key."""
        return uuid.uuid4().hex.upper()

    def wanted_offer(self, call: Call) -> str | None:
        """Return the key that a purchase requests."""
        return call.json_field("numberKey")

    def due_now(self, data: Mapping[str, Any]) -> Decimal:
        """Return the set-up fee plus the price of the rest of this month."""
        return money(data, "setup_price") + money(data, "initial_month_price")

    def available(self, call: Call) -> Answer:
        """List available numbers."""
        self._account(call)
        call.no_body()
        query = call.query_fields(("limit", "page", "capabilities", "country", "number"))
        country, part = country_code(query.get("country"), "country"), _digits(query.get("number"))
        wanted = _capabilities(query.get("capabilities"))
        found = [
            offer
            for offer in call.store.find(Offer, provider=self.name)
            if part in offer.data["number"]
            and offer.stock
            and country in (None, offer.data.get("country"))
            and wanted.issubset(offer.data["capabilities"])
        ]
        return _page(call, query, found)

    def purchase(self, call: Call) -> Answer:
        """Purchase the number of a key."""
        account = self._account(call)
        call.query_fields(())
        key = call.json_object(("numberKey",), ("numberKey",))["numberKey"]
        if not isinstance(key, str) or not key:
            raise ApiError(400, "'numberKey' must be a string")
        offer = call.store.get(Offer, provider=self.name, id=key)
        if offer is None or not offer.stock:
            raise ApiError(404, "Number not found or no longer available")
        new_key = self.new_owned_id(offer.data["number"])
        try:
            shop.take_stock(call.store, offer, 1)
            row = shop.deliver(
                call.store,
                self,
                account,
                offer,
                1,
                call.now,
                owned_id=_with_percent(new_key) if "%" in key else new_key,
            )[0]
        except shop.NotEnoughCredit:
            raise ApiError(400, "Not enough credit to purchase the number", "NOT_ENOUGH_CREDIT") from None
        return Answer(200, _record(row.id, row.data))

    def purchased(self, call: Call) -> Answer:
        """List purchased numbers."""
        account = self._account(call)
        call.no_body()
        query = call.query_fields(("limit", "page", "number"))
        part = _digits(query.get("number"))
        owned = listed(call, self.name, account.id)
        return _page(call, query, [row for row in owned if part in row.number] if part else owned)

    def single(self, call: Call) -> Answer:
        """Get a single purchased number."""
        account = self._account(call)
        call.query_fields(())
        call.no_body()
        shown = listed(call, self.name, account.id, id=call.params["numberKey"])
        return Answer(200, _record(shown[0].id, shown[0].data)) if shown else Answer(404)

    def cancel(self, call: Call) -> Answer:
        """Cancel a number. It is for sale again."""
        row = self._owned(call)
        if row is None:
            return Answer(404)
        shop.release(call.store, row)
        return Answer(204)

    def _owned(self, call: Call) -> Owned | None:
        account = self._account(call)
        call.query_fields(())
        call.no_body()
        return call.store.get(Owned, provider=self.name, account=account.id, id=call.params["numberKey"])

    def _account(self, call: Call) -> Account:
        scheme, value = scheme_and_value(call)
        account = None
        if scheme == "basic":
            account = account_by(
                call,
                self.name,
                lambda one: basic_credentials(value) == (one.data.get("username"), one.data.get("password")),
            )
        elif scheme == "app" and value:
            account = account_by(call, self.name, lambda one: one.data.get("api_key") == value)
        if account is None:
            raise ApiError(401, "Invalid login details")
        return account


def _with_percent(key: str) -> str:
    return f"{key[:15]}%{key[16:]}"


def _digits(value: str | None) -> str:
    if value is not None and not re.fullmatch(r"\d+", value, re.ASCII):
        raise ApiError(400, "'number' must be digits")
    return value or ""


def _capabilities(value: str | None) -> set[str]:
    wanted = set(value.split(",")) if value is not None else set()
    if not wanted <= set(CAPABILITIES):
        raise ApiError(400, "'capabilities' must be SMS, VOICE or SMS,VOICE")
    return {name.lower() for name in wanted}


def _page(call: Call, query: Mapping[str, str], found: Sequence[Offer | Owned]) -> Answer:
    limit = whole_number(query.get("limit"), "limit", 50, 1, 1000)
    page = whole_number(query.get("page"), "page", 0, 0)
    size, step = page_size(call, limit)
    shown, total = window(call, found, page * step, size)
    return Answer(200, {"numbers": [_record(one.id, one.data, with_month=True) for one in shown], "numberCount": total})


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _record(key: str, data: dict[str, Any], with_month: bool = False) -> dict[str, Any]:
    price: dict[str, Any] = {
        "pricePerMonth": _json_number(money(data, "monthly_price")),
        "setupPrice": _json_number(money(data, "setup_price")),
    }
    if with_month:
        price["initialMonthPrice"] = _json_number(money(data, "initial_month_price"))
    return {
        "numberKey": key,
        "number": str(data["number"]).lstrip("+"),
        "country": data.get("country"),
        "type": data.get("type"),
        "capabilities": [name.upper() for name in data["capabilities"]],
        "shared": bool(data.get("shared", False)),
        "price": {**price, "currency": data.get("currency")},
    }


PROVIDER = InfobipSms()
