# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sinch Numbers API v1 (provider document 004): search, buy, list, get, configure, release.

Choices where the document is silent: HTTP 402 with code 40200 for a lack of credit, HTTP 404 with code 20404
for an unknown number, account or application, ``Page`` (from 0) and ``PageSize`` for the pages. What is due
at a purchase is the set-up fee and the first month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from . import shop
from . import sinch_catalog_schema as schema
from .paging import Row, listed, next_link, page_size, window
from .store import Account, Offer, Owned
from .wire import (
    Answer,
    ApiError,
    Call,
    Provider,
    Route,
    account_by,
    basic_credentials,
    decimal,
    scheme_and_value,
    whole_number,
)

PAGING = ("Page", "PageSize")
E164 = re.compile(r"\+[1-9]\d{3,14}", re.ASCII)


class SinchCatalog(Provider):
    """Single numbers, bought by number together with their configuration."""

    name = "sinch_catalog"
    default_settings: ClassVar[Mapping[str, Any]] = {"relative_links": False}
    account_fields = ("key", "secret", "token", "require_auth")
    offer_fields = ("details", "address_requirements", "lifecycle", "geography", "needs_identity")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls, with the document's uneven paths."""
        active = "/v1/Account/{AccountId}/ActiveNumbers/"
        one = "/v1/Accounts/{AccountId}/ActiveNumbers/ActiveNumbers/PN{phoneNumber}"
        return (
            Route("POST", active, self.buy),
            Route("GET", active, self.list_numbers),
            Route("GET", one, self.get_number),
            Route("POST", one, self.configure),
            Route("DELETE", one, self.release),
            Route("GET", "/v1/api/AvailableNumbers", self.search),
        )

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """Return an error with the API's own *code*, or else with 20000 plus the HTTP status."""
        return Answer(status, {"code": int(code) if code else 20000 + status, "message": message, "status": status})

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """Return the number of an offer, which is its id."""
        return str(data["number"])

    def wanted_offer(self, call: Call) -> str | None:
        """Return the number that a purchase requests."""
        return dict(call.query).get("phoneNumber")

    def buy(self, call: Call) -> Answer:
        """Buy a number: the number in the query, its configuration in the body."""
        account = self._account(call)
        number = call.query_fields(("phoneNumber",)).get("phoneNumber", "")
        if not E164.fullmatch(number):
            raise ApiError(400, "phoneNumber must be an E.164 number; its + must be sent as %2B")
        configuration = (
            schema.configuration(call.json_object(schema.CONFIGURATION)) if call.body else schema.configuration({})
        )
        applications = schema.split_applications(configuration)
        _check_applications(account, applications)
        offer = call.store.get(Offer, provider=self.name, id=number)
        if offer is None or not offer.stock:
            raise ApiError(400, f"No phone numbers found for {number}", 21452)
        if offer.data.get("needs_identity"):
            raise ApiError(400, f"{number} requires a verified identity document", 21650)
        try:
            shop.take_stock(call.store, offer, 1)
            row = shop.deliver(call.store, self, account, offer, 1, call.now, applications)[0]
        except shop.NotEnoughCredit:
            raise ApiError(402, "Insufficient funds", 40200) from None
        row.configuration = {
            "friendlyName": number,
            "statusCallback": None,
            "statusCallbackMethod": None,
            "configuration": configuration,
        }
        call.store.save(row)
        return Answer(200, schema.active_number(row))

    def list_numbers(self, call: Call) -> Answer:
        """List the account's numbers."""
        account = self._account(call)
        call.no_body()
        query = call.query_fields((*schema.LIST_FILTERS, *PAGING))
        owned = listed(call, self.name, account.id)
        return _page(
            call, query, _matching(owned, schema.ACTIVE_NUMBER, query, schema.LIST_FILTERS), schema.ACTIVE_NUMBER
        )

    def search(self, call: Call) -> Answer:
        """Search numbers that are for sale."""
        self._authenticated(call)
        call.no_body()
        query = call.query_fields((*schema.SEARCH_FILTERS, *PAGING))
        offers = [offer for offer in call.store.find(Offer, provider=self.name) if offer.stock]
        return _page(
            call,
            query,
            _matching(offers, schema.AVAILABLE_NUMBER, query, schema.SEARCH_FILTERS),
            schema.AVAILABLE_NUMBER,
        )

    def get_number(self, call: Call) -> Answer:
        """Get one of the account's numbers."""
        account = self._addressed(call)
        call.no_body()
        shown = listed(call, self.name, account.id, number=call.params["phoneNumber"])
        if not shown:
            return self.error(404, "The phone number was not found", 20404)
        return Answer(200, schema.active_number(shown[0]))

    def configure(self, call: Call) -> Answer:
        """Configure a number. Fields that the body leaves out stay, but a nested object is replaced as a whole."""
        account, row = self._owned(call)
        current = schema.active_number(row)
        body = call.json_object(tuple(current))
        for name, value in body.items():
            if name not in schema.WRITABLE and value != current[name]:
                raise ApiError(400, f"Field '{name}' is read-only")
        schema.check_top_level(body)
        row.configuration.update({name: body[name] for name in schema.WRITABLE if name in body})
        if "configuration" in body:
            row.configuration["configuration"] = schema.configuration(
                {} if body["configuration"] is None else body["configuration"]
            )
            applications = schema.split_applications(row.configuration["configuration"])
            _check_applications(account, applications)
            shop.relink(call.store, row, applications)
        call.store.save(row)
        return Answer(200, schema.active_number(row))

    def release(self, call: Call) -> Answer:
        """Release a number; it goes back to the catalogue."""
        _account, row = self._owned(call)
        call.no_body()
        shop.release(call.store, row)
        return Answer(200)

    def _addressed(self, call: Call) -> Account:
        account = self._account(call)
        call.query_fields(())
        if "+" in call.path:
            raise ApiError(400, "The + of phoneNumber must be sent as %2B")
        return account

    def _owned(self, call: Call) -> tuple[Account, Owned]:
        account = self._addressed(call)
        row = call.store.get(Owned, provider=self.name, account=account.id, number=call.params["phoneNumber"])
        if row is None:
            raise ApiError(404, "The phone number was not found", 20404)
        return account, row

    def _account(self, call: Call) -> Account:
        asking = self._authenticated(call)
        account = call.store.get(Account, provider=self.name, id=call.params["AccountId"])
        if account is None or (asking is not None and asking.id != account.id):
            raise ApiError(404, f"Account {call.params['AccountId']} was not found", 20404)
        if asking is None and account.data.get("require_auth", True):
            raise ApiError(401, "Authenticate")
        return account

    def _authenticated(self, call: Call) -> Account | None:
        """Return the account of the credentials; None without credentials, when some account needs none."""
        scheme, value = scheme_and_value(call)
        if not scheme and account_by(call, self.name, lambda one: one.data.get("require_auth") is False):
            return None
        account = None
        if scheme == "basic":
            account = account_by(
                call, self.name, lambda one: basic_credentials(value) == (one.data.get("key"), one.data.get("secret"))
            )
        elif scheme == "bearer" and value:
            account = account_by(call, self.name, lambda one: one.data.get("token") == value)
        if account is None:
            raise ApiError(401, "Authenticate")
        return account


def _check_applications(account: Account, applications: Mapping[str, str]) -> None:
    for application in applications.values():
        if application not in account.applications:
            raise ApiError(404, f"application {application} not found", 20404)


def _matching(
    records: Sequence[Row],
    fields: Mapping[str, Callable[[Row], Any]],
    query: Mapping[str, str],
    filters: Mapping[str, schema.Filter],
) -> Sequence[Row]:
    """Return the records that pass the filters of the query."""
    tests = [
        (filters[name].path, _test(name, filters[name].kind, value)) for name, value in query.items() if name in filters
    ]
    if not tests:
        return records
    return [record for record in records if all(test(schema.value_of(record, fields, path)) for path, test in tests)]


def _test(name: str, kind: str, value: str) -> Callable[[Any], bool]:
    """Return a filter as a function that tests the value in a record. Refuses a filter of the wrong type."""
    expected: Any = value
    if kind == "boolean":
        if value not in ("true", "false"):
            raise ApiError(400, f"'{name}' must be true or false")
        expected = value == "true"
    elif kind == "integer":
        expected = whole_number(value, name, 0, 0)
    elif kind == "price":
        price = _price(value, name)
        return lambda found: Decimal(found) == price
    elif name == "phone_number" and not E164.fullmatch(value):
        raise ApiError(400, "phone_number must be an E.164 number; its + must be sent as %2B")
    return lambda found: bool(found == expected)


def _price(value: str, name: str) -> Decimal:
    try:
        return decimal(value)
    except ValueError:
        raise ApiError(400, f"'{name}' must be a price") from None


def _page(
    call: Call, query: Mapping[str, str], found: Sequence[Row], fields: Mapping[str, Callable[[Row], Any]]
) -> Answer:
    page, size = (
        whole_number(query.get("Page"), "Page", 0, 0),
        whole_number(query.get("PageSize"), "PageSize", 50, 1, 100),
    )
    size, _step = page_size(call, size)
    shown, total = window(call, found, page * size, size)
    kept = {name: value for name, value in query.items() if name not in PAGING}
    origin = "" if call.settings.get("relative_links") else call.origin

    def link(number: int) -> str:
        return f"{origin}{call.path}?{urlencode({**kept, 'Page': number, 'PageSize': size})}"

    meta = {
        "page": page,
        "page_size": size,
        "first_page_url": link(0),
        "previous_page_url": link(page - 1) if page else None,
        "url": link(page),
        "next_page_url": next_link(call, link(page + 1) if (page + 1) * size < total else None, link(page)),
        "key": "items",
    }
    return Answer(200, {"items": [schema.rendered(record, fields) for record in shown], "meta": meta})


PROVIDER = SinchCatalog()
