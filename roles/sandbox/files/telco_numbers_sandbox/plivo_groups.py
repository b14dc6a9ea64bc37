# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plivo AvailableNumberGroup (provider document 003) and the Number resource. Every path ends with a slash.

Choices where the document is silent: 402 for a lack of credit, 404 for an unknown application, group or
sub-account, 400 for more than the stock; a prefix matches the beginning of the group's prefix. A pending
order cannot be listed; it holds its stock and is paid when it is fulfilled.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import shop
from .paging import Row, listed, next_link, page_size, window
from .store import Account, Offer, Order, Owned
from .wire import (
    FORM_TYPE,
    Answer,
    ApiError,
    Call,
    Provider,
    Route,
    basic_credentials,
    check_fields,
    country_code,
    money,
    scheme_and_value,
    whole_number,
)

TYPES = ("local", "national", "tollfree")
SERVICES = ("voice", "sms", "voice,sms")
PAGING = ("limit", "offset")
PAGE = 20


class PlivoGroups(Provider):
    """Groups with a stock, rented by quantity; a number is linked to one application as a whole."""

    name = "plivo_groups"
    account_fields = ("auth_token", "default_application", "subaccounts", "names")
    offer_fields = ("voice_rate", "sms_rate", "regulated", "numbers_pending", "region_code")

    def routes(self) -> Sequence[Route]:
        """The documented calls."""
        base = "/v1/Account/{auth_id}/"
        return (
            Route("GET", base + "AvailableNumberGroup/", self.search),
            Route("POST", base + "AvailableNumberGroup/{group_id}/", self.rent),
            Route("GET", base + "Number/", self.numbers),
            Route("GET", base + "Number/{number}/", self.number),
            Route("POST", base + "Number/{number}/", self.change),
            Route("DELETE", base + "Number/{number}/", self.unrent),
            Route("GET", base + "Application/", self.applications),
        )

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """Return an error with a text and the id of the request."""
        return Answer(status, {"api_id": str(uuid.uuid4()), "error": message})

    def wanted_offer(self, call: Call) -> str | None:
        """Return the group that a purchase requests."""
        return call.params.get("group_id")

    # AvailableNumberGroup

    def search(self, call: Call) -> Answer:
        """Search for new numbers."""
        account = self._account(call)
        call.no_body()
        query = call.query_fields(("country_iso", "number_type", "prefix", "region", "services", *PAGING))
        if "country_iso" not in query:
            raise ApiError(400, "country_iso is required")
        country, wanted = (
            country_code(query["country_iso"], "country_iso"),
            _one_of(query, "number_type", TYPES, "local"),
        )
        prefix, services = query.get("prefix", ""), _services(query)
        if not re.fullmatch(r"\d{0,5}", prefix, re.ASCII):
            raise ApiError(400, "prefix must be numeric and of at most 5 digits")
        if "region" in query and wanted != "local":
            raise ApiError(400, "region is only applicable when number_type is local")
        found = [
            offer
            for offer in call.store.find(Offer, provider=self.name)
            if (offer.data.get("country"), offer.data.get("type")) == (country, wanted)
            and str(offer.data.get("area_code") or "").startswith(prefix)
            and services.issubset(offer.data["capabilities"])
            and _in_region(offer.data, query.get("region"))
        ]
        return _page(call, query, found, lambda offer: _group(account, offer))

    def rent(self, call: Call) -> Answer:
        """Rent numbers of a group."""
        account = self._account(call)
        call.query_fields(())
        body = _fields(call, ("quantity", "app_id"))
        quantity = _quantity(body.get("quantity", 1))
        application = (
            _application(account, body["app_id"]) if "app_id" in body else account.data.get("default_application")
        )
        offer = call.store.get(Offer, provider=self.name, id=call.params["group_id"])
        if offer is None:
            raise ApiError(404, "not found")
        if quantity > offer.stock:
            raise ApiError(400, "requested quantity is more than the stock")
        pending = call.faults.take("pending")
        applications = dict.fromkeys(offer.data["capabilities"], application) if application else {}
        options = {"applications": applications, "active": not offer.data.get("numbers_pending")}
        try:
            shop.require_credit(self, account, offer.data, quantity)
            order = shop.place_order(call.store, self, account, offer, quantity, "pending", options)
            if pending or offer.data.get("regulated"):
                return _pending(call, order, offer, pending.spec if pending else {})
            partial = call.faults.take("partial")
            delivered = min(quantity, int(partial.spec["deliver"])) if partial else quantity
            rows = shop.fulfil(call.store, self, order, call.now, delivered)
        except shop.NotEnoughCredit:
            raise ApiError(402, "insufficient credit") from None
        state = "Success" if options["active"] else "pending"
        return Answer(
            201,
            {"numbers": [{"number": row.number.lstrip("+"), "status": state} for row in rows], "status": "fulfilled"},
        )

    # Number

    def numbers(self, call: Call) -> Answer:
        """List the account's numbers."""
        account = self._account(call)
        call.no_body()
        self._settle_orders(call, account)
        query = call.query_fields(("number_startswith", "type", "services", "alias", "subaccount", *PAGING))
        start, wanted, services = (
            query.get("number_startswith", ""),
            _one_of(query, "type", TYPES, ""),
            _services(query),
        )
        if not re.fullmatch(r"\d*", start, re.ASCII):
            raise ApiError(400, "number_startswith must be numeric")
        rows = listed(call, self.name, account.id)
        if query.keys() - PAGING:  # a plain page of many numbers looks at no others
            rows = [
                row
                for row in rows
                if row.number.lstrip("+").startswith(start)
                and wanted in ("", row.data.get("type"))
                and services.issubset(row.data["capabilities"])
                and query.get("alias") in (None, row.configuration.get("alias"))
                and query.get("subaccount") in (None, row.configuration.get("sub_account"))
            ]
        return _page(call, query, rows, lambda row: _number(account, row))

    def number(self, call: Call) -> Answer:
        """Get one number."""
        account = self._account(call)
        call.query_fields(())
        call.no_body()
        digits = call.params["number"]
        shown = listed(
            call, self.name, account.id, number=digits if len(digits) < 7 else f"+{digits}"
        )  # a short code has no plus
        if not shown:
            return self.error(404, "not found")
        return Answer(200, {"api_id": str(uuid.uuid4()), **_number(account, shown[0])})

    def change(self, call: Call) -> Answer:
        """Change application, alias or sub-account. An empty text removes it."""
        account, row = self._owned(call)
        body = _fields(call, ("app_id", "alias", "subaccount"))
        for name, value in body.items():
            if value is not None and not isinstance(value, str):
                raise ApiError(400, f"{name} must be a string")
        if "app_id" in body:
            application = _application(account, body["app_id"]) if body["app_id"] else None
            shop.relink(call.store, row, dict.fromkeys(row.data["capabilities"], application) if application else {})
        if body.get("subaccount") and body["subaccount"] not in account.data.get("subaccounts", []):
            raise ApiError(404, "subaccount not found")
        for name, field in (("alias", "alias"), ("subaccount", "sub_account")):
            if name in body:
                row.configuration[field] = body[name] or None
        call.store.save(row)
        return Answer(202, {"api_id": str(uuid.uuid4()), "message": "changed"})

    def unrent(self, call: Call) -> Answer:
        """Give a number back."""
        _account, row = self._owned(call)
        call.no_body()
        shop.release(call.store, row)
        return Answer(204)

    # Application

    def applications(self, call: Call) -> Answer:
        """List the applications. Names are the seed's, and need not be unique."""
        account = self._account(call)
        call.no_body()
        query = call.query_fields(("app_name", *PAGING))
        names = account.data.get("names", {})
        wanted = query.get("app_name")
        rows = [app for app in account.applications if wanted in (None, names.get(app))]
        return _page(call, query, rows, lambda app: _application_row(account, app, names.get(app)))

    def _settle_orders(self, call: Call, account: Account) -> None:
        """Fulfil the orders that are due, by the clock or by the number of reads since."""
        for order in call.store.find(Order, provider=self.name, account=account.id, status="pending"):
            reads, due_at = order.options.get("due_reads"), order.options.get("due_at")
            if reads == 0 or (due_at is not None and due_at <= call.now):
                # An order that can no longer be paid goes on waiting.
                with contextlib.suppress(shop.NotEnoughCredit):
                    shop.fulfil(call.store, self, order, call.now)
            elif reads:
                order.options["due_reads"] = reads - 1
                call.store.save(order)

    def _owned(self, call: Call) -> tuple[Account, Owned]:
        account = self._account(call)
        call.query_fields(())
        owned = call.store.find(Owned, provider=self.name, account=account.id)
        row = next((row for row in owned if row.number.lstrip("+") == call.params["number"]), None)
        if row is None:
            raise ApiError(404, "not found")
        return account, row

    def _account(self, call: Call) -> Account:
        scheme, value = scheme_and_value(call)
        sent = basic_credentials(value) if scheme == "basic" else None
        account = call.store.get(Account, provider=self.name, id=sent[0]) if sent else None
        if sent is None or account is None or account.data.get("auth_token") != sent[1]:
            raise ApiError(
                401, "Could not verify your access level for that URL. You have to login with proper credentials."
            )
        if call.params["auth_id"] != account.id:
            raise ApiError(404, "not found")
        return account


def _fields(call: Call, allowed: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields of the body, which may be JSON or a form. All are optional."""
    if not call.body:
        return {}
    if call.content_type() != FORM_TYPE:
        return call.json_object(allowed)
    pairs = parse_qsl(call.body.decode(errors="replace"), keep_blank_values=True)
    check_fields(dict(pairs), allowed)
    return dict(pairs)


def _quantity(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value, re.ASCII):
        value = int(value)  # forms know only strings
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ApiError(400, "quantity must be a whole number of at least 1")
    return value


def _application(account: Account, value: Any) -> str:
    if not isinstance(value, str) or value not in account.applications:
        raise ApiError(404, "application not found")
    return value


def _one_of(query: Mapping[str, str], name: str, allowed: Sequence[str], default: str) -> str:
    value = query.get(name, default)
    if name in query and value not in allowed:
        raise ApiError(400, f"{name} must be one of {', '.join(allowed)}")
    return value


def _services(query: Mapping[str, str]) -> set[str]:
    value = query.get("services")
    if value is not None and value not in SERVICES:
        raise ApiError(400, "services must be voice, sms or voice,sms")
    return set(value.split(",")) if value else set()


def _in_region(data: Mapping[str, Any], region: str | None) -> bool:
    """Whether an offer is in *region*: two letters are a code, three or more are a part of its name."""
    if region is None:
        return True
    if len(region) < 2:
        raise ApiError(400, "region must have at least two letters")
    if len(region) == 2:
        return str(data.get("region_code") or "").upper() == region.upper()
    return region.lower() in str(data.get("region") or "").lower()


def _pending(call: Call, order: Order, offer: Offer, spec: Mapping[str, Any]) -> Answer:
    order.options["due_reads"] = spec.get("fulfil_after_reads")
    order.options["due_at"] = call.now + spec["fulfil_after_seconds"] if "fulfil_after_seconds" in spec else None
    call.store.save(order)
    facts = (
        f"Region: {offer.data.get('region')}, number_type: {offer.data.get('type')}, Prefix: "
        f"{offer.data.get('area_code')}"
    )
    details = (
        f"Order for {order.quantity} numbers({facts}) initiated. For this order, some additional information is "
        "required by the "
        "telecom regulatory authorities. Our support team will get in touch with you soon."
    )
    return Answer(201, {"details": details, "message": "created", "status": "pending"})


def _page(call: Call, query: Mapping[str, str], rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]) -> Answer:
    limit = whole_number(query.get("limit"), "limit", PAGE, 1, PAGE)
    offset = whole_number(query.get("offset"), "offset", 0, 0)
    size, step = page_size(call, limit)
    shown, total = window(call, rows, offset, size)
    filters = {name: value for name, value in query.items() if name not in PAGING}

    def link(start: int) -> str:
        return f"{call.path}?{urlencode({**filters, 'limit': limit, 'offset': start})}"

    following = next_link(call, link(offset + step) if offset + size < total else None, link(offset))
    previous = link(max(0, offset - limit)) if offset else None
    meta = {"previous": previous, "total_count": total, "offset": offset, "limit": limit, "next": following}
    return Answer(200, {"meta": meta, "api_id": str(uuid.uuid4()), "objects": [render(row) for row in shown]})


def _rate(data: Mapping[str, Any], service: str) -> Any:
    """Return a rate as a string, or the number -1 when the service is off."""
    if service not in data["capabilities"]:
        return -1
    return f"{money(data, service + '_rate'):.5f}"


def _group(account: Account, offer: Offer) -> dict[str, Any]:
    data = offer.data
    return {
        "group_id": offer.id,
        "number_type": data.get("type"),
        "prefix": str(data.get("area_code") or ""),
        "region": data.get("region"),
        "rental_rate": f"{money(data, 'monthly_price'):.5f}",
        "resource_uri": f"/v1/Account/{account.id}/AvailableNumberGroup/{offer.id}/",
        "setup_rate": f"{money(data, 'setup_price'):.5f}",
        "sms_enabled": "sms" in data["capabilities"],
        "sms_rate": _rate(data, "sms"),
        "stock": offer.stock,
        "voice_enabled": "voice" in data["capabilities"],
        "voice_rate": _rate(data, "voice"),
    }


def _application_row(account: Account, application: str, name: str | None) -> dict[str, Any]:
    return {
        "app_id": application,
        "app_name": name or "",
        "answer_url": "https://example.com/answer",
        "answer_method": "POST",
        "message_url": "",
        "message_method": "POST",
        "default_app": application == account.data.get("default_application"),
        "enabled": True,
        "sub_account": None,
        "resource_uri": f"/v1/Account/{account.id}/Application/{application}/",
    }


def _number(account: Account, row: Owned) -> dict[str, Any]:
    base, digits, data = f"/v1/Account/{account.id}", row.number.lstrip("+"), row.data
    application, sub_account = next(iter(row.applications.values()), None), row.configuration.get("sub_account")
    return {
        "number": digits,
        "alias": row.configuration.get("alias"),
        "application": f"{base}/Application/{application}/" if application else None,
        "sub_account": f"{base}/Subaccount/{sub_account}/" if sub_account else None,
        "number_type": data.get("type"),
        "region": data.get("region"),
        "carrier": "Plivo",
        "added_on": datetime.datetime.fromtimestamp(row.bought_at, datetime.UTC).date().isoformat(),
        "voice_enabled": "voice" in data["capabilities"],
        "sms_enabled": "sms" in data["capabilities"],
        "mms_enabled": "mms" in data["capabilities"],
        "monthly_rental_rate": f"{money(data, 'monthly_price'):.5f}",
        "voice_rate": _rate(data, "voice"),
        "sms_rate": _rate(data, "sms"),
        "active": row.active,
        "resource_uri": f"{base}/Number/{digits}/",
    }


PROVIDER = PlivoGroups()
