# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sinch Number Administration (provider documents 000 and 001): log in, instance, shop, numbers of an application.

The three documented hosts (userapi, api, portalapi) are one here. No path ends with a slash.
"""

from __future__ import annotations

import base64
import datetime
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeGuard

from . import shop
from .paging import listed
from .sinch_signing import refused, require_fresh_timestamp, require_scheme, verify_instance
from .store import Account, Offer, Owned, Reservation, Session
from .wire import (
    Answer,
    Call,
    Provider,
    Route,
    account_by,
    money,
)

ADMINISTRATION_KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
CAPABILITIES = ("sms", "voice")
TICKET_SECONDS = 3600


class SinchPortal(Provider):
    """Groups with a stock; reserve, then check out; numbers are linked per capability."""

    name = "sinch_portal"
    default_settings: ClassVar[Mapping[str, Any]] = {
        "reservation_seconds": 600,
        "instance_seconds": 172800,
        "timestamp_window": 300,
        "whole_rows": False,
    }
    account_fields = ("username", "identity_type", "password", "name", "website", "phone", "country")
    offer_fields = ("country_name",)

    def routes(self) -> Sequence[Route]:
        """The documented calls."""
        shop_path = "/v1/organisations/id/{organisationId}/numbers/shop"
        application = "/v1/applications/key/{applicationKey}/numbers"
        return (
            Route("POST", "/v1/users/{type}/{identity}/authentication", self.log_in, session=True),
            Route("POST", "/v1/instance", self.create_instance, session=True),
            Route("GET", "/v1/organisations", self.organisations),
            Route("GET", shop_path, self.available),
            Route("PUT", shop_path, self.reserve),
            Route("POST", shop_path, self.check_out),
            Route("GET", "/v1/organisations/id/{organisationId}/numbers", self.rented),
            Route("GET", application, self.assigned),
            Route("PUT", application + "/{numberCapability}", self.overwrite),
            Route("DELETE", application + "/{number}", self.unassign),
        )

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """``errorCode`` begins with the HTTP status. Validation that the document leaves unnamed is 40001."""
        number = int(code) if code is not None else 40001 if status == 400 else status * 100
        return Answer(number // 100, {"errorCode": number, "message": message})

    def wanted_offer(self, call: Call) -> str | None:
        """Return the group that a reservation requests."""
        return call.json_field("groupId")

    # Starting a session

    def log_in(self, call: Call) -> Answer:
        """Log in with the public number administration key."""
        call.query_fields(())
        if require_scheme(call, "application") != ADMINISTRATION_KEY:
            raise refused(40100, "Authorization header: unknown application key")
        require_fresh_timestamp(call)
        password = call.json_object(("password",), ("password",))["password"]
        kind, identity = call.params["type"], call.params["identity"]
        account = account_by(
            call, self.name, lambda one: _login(one) == (kind, identity) and one.data.get("password") == password
        )
        if account is None:
            raise refused(40108, "Invalid credentials")
        claim = {
            "applicationKey": ADMINISTRATION_KEY,
            "identity": {"type": kind, "endpoint": identity},
            "created": _iso(call.now),
        }
        ticket = (
            base64.b64encode(json.dumps(claim).encode()).decode()
            + ":"
            + base64.b64encode(secrets.token_bytes(32)).decode()
        )
        call.store.save(Session(ticket, "ticket", f"{kind}:{identity}", "", call.now + TICKET_SECONDS))
        identities = [{"type": kind, "endpoint": identity}]
        contact = {"name": {"first": "Jane", "last": "Bloggs", "full": "Jane Bloggs"}, "contact": {kind: identity}}
        return Answer(
            200, {"authorization": ticket, "user": {"id": 123456789, "identities": identities, "profile": contact}}
        )

    def create_instance(self, call: Call) -> Answer:
        """Trade the ticket for an instance with a secret."""
        call.query_fields(())
        ticket = require_scheme(call, "user")
        require_fresh_timestamp(call)
        session = call.store.get(Session, kind="ticket", id=ticket)
        if session is None or session.expires_at <= call.now:
            raise refused(40108, "Invalid credentials")
        body = call.json_object(("authorization", "version"), ("authorization", "version"))
        if body["authorization"] != ticket:
            raise refused(40108, "Invalid credentials")
        version = body["version"]
        if (
            not isinstance(version, dict)
            or set(version) != {"os", "platform"}
            or not all(isinstance(one, str) for one in version.values())
        ):
            raise refused(40001, "version must hold os and platform")
        seconds = int(call.settings["instance_seconds"])
        instance = Session(
            str(uuid.uuid4()),
            "instance",
            session.owner,
            base64.b64encode(secrets.token_bytes(16)).decode(),
            call.now + seconds,
        )
        call.store.save(instance)
        return Answer(200, {"id": instance.id, "secret": instance.secret, "expiresIn": seconds})

    def organisations(self, call: Call) -> Answer:
        """The user's organisations: a list in practice, though the document shows an object."""
        owner = self._signed(call)
        found = [one for one in call.store.find(Account, provider=self.name) if _owner(one) == owner]
        return Answer(200, [_organisation(one) for one in found])

    # The shop

    def available(self, call: Call) -> Answer:
        """Get numbers available to rent."""
        self._organisation(call)
        return Answer(200, [_group(offer) for offer in call.store.find(Offer, provider=self.name)])

    def reserve(self, call: Call) -> Answer:
        """Reserve a quantity of one group."""
        account = self._organisation(call)
        body = call.json_object(("groupId", "quantity", "capabilities"))
        if "groupId" not in body:
            raise refused(40002, "No groupIds specified")
        group, quantity = body["groupId"], body.get("quantity")
        if isinstance(group, list):
            raise refused(40003, "Too many number groups specified.  Unable to complete request.")
        if not _is_int(group):
            raise refused(40001, "groupId must be an integer")
        if not _is_int(quantity) or quantity < 1:
            raise refused(40001, "quantity must be an integer of at least 1")
        offer = call.store.get(Offer, provider=self.name, id=str(group))
        if offer is None or quantity > offer.stock:
            raise refused(40003, f"Invalid number group: {group}")
        _check_capabilities(body.get("capabilities", []), offer.data["capabilities"])
        shop.take_stock(call.store, offer, quantity)
        expires = call.now + float(call.settings["reservation_seconds"])
        hold = Reservation(str(uuid.uuid4()), self.name, account.id, offer.id, quantity, expires)
        call.store.save(hold)
        return Answer(200, {"referenceId": hold.id})

    def check_out(self, call: Call) -> Answer:
        """Buy the reserved numbers: of all references, or none."""
        account = self._organisation(call)
        references = call.json_object(("referenceIds",), ("referenceIds",))["referenceIds"]
        if not isinstance(references, list) or not references or not all(isinstance(one, str) for one in references):
            raise refused(40001, "referenceIds must be a list of strings")
        if len(set(references)) != len(references):
            raise refused(40001, "referenceIds must be distinct")
        if not account.accounting:
            raise refused(42200, "Accounting not set up for this organization.")
        partial = call.faults.take("partial")
        left = int(partial.spec["deliver"]) if partial else None
        for reference in references:
            hold = call.store.get(Reservation, id=reference, provider=self.name, account=account.id, state="held")
            if hold is None:
                raise refused(40400, "Unable to assign numbers to organization: reservation(s) not found or expired")
            count = hold.quantity if left is None else min(left, hold.quantity)
            left = None if left is None else left - count
            self._consume(call, account, hold, count)
        return Answer(204)

    def _consume(self, call: Call, account: Account, hold: Reservation, count: int) -> None:
        offer = call.store.the(Offer, provider=self.name, id=hold.offer)
        try:
            shop.deliver(call.store, self, account, offer, count, call.now)
        except shop.NotEnoughCredit:
            raise refused(40200, "Insufficient funds to complete the transaction.") from None
        shop.put_back(call.store, self.name, offer.id, hold.quantity - count)
        hold.state = "consumed"
        hold.checkouts += 1
        call.store.save(hold)

    # The numbers

    def rented(self, call: Call) -> Answer:
        """List all rented numbers."""
        account = self._organisation(call)
        owned = listed(call, self.name, account.id)
        return Answer(200, [row for number in owned for row in _rows(number)])

    def assigned(self, call: Call) -> Answer:
        """Get numbers assigned to an application."""
        account, application = self._application(call)
        owned = listed(call, self.name, account.id)
        return Answer(200, _rows_of(owned, application))

    def overwrite(self, call: Call) -> Answer:
        """Add numbers to an application: the new list replaces the old one, for this capability."""
        account, application = self._application(call)
        capability = call.params["numberCapability"]
        if capability not in CAPABILITIES:
            raise refused(40001, f"Invalid number type: {capability}.  Type must be one of: sms, voice.")
        wanted = call.json_object(("numbers",), ("numbers",))["numbers"]
        if not isinstance(wanted, list) or not all(_is_int(one) for one in wanted):
            raise refused(40001, "numbers must be a list of longs")
        owned = call.store.find(Owned, provider=self.name, account=account.id)
        linkable = {_long(row) for row in owned if capability in row.data["capabilities"]}
        if set(wanted) - linkable:
            raise refused(40003, "The 'number' specified is not a valid number.")
        for row in owned:
            links = dict(row.applications)
            touched = row.data["capabilities"] if call.settings.get("whole_rows") else [capability]
            if _long(row) in wanted:
                links.update(dict.fromkeys(touched, application))
            elif links.get(capability) == application:
                links = {name: app for name, app in links.items() if name not in touched}
            shop.relink(call.store, row, links)
        return Answer(200, _rows_of(owned, application))

    def unassign(self, call: Call) -> Answer:
        """Remove a number from an application, with all its capabilities. It stays rented."""
        account, application = self._application(call)
        owned = call.store.find(Owned, provider=self.name, account=account.id)
        row = next((row for row in owned if str(_long(row)) == call.params["number"]), None)
        if row is None:
            raise refused(40003, "The 'number' specified is not a valid number.")
        shop.relink(call.store, row, {name: app for name, app in row.applications.items() if app != application})
        return Answer(204)

    # Authentication

    def _signed(self, call: Call) -> str:
        call.query_fields(())
        owner = verify_instance(call)
        if call.method in ("GET", "DELETE"):
            call.no_body()
        return owner

    def _organisation(self, call: Call) -> Account:
        owner, organisation = self._signed(call), call.params["organisationId"]
        account = call.store.get(Account, provider=self.name, id=organisation)
        if account is None or _owner(account) != owner:
            raise refused(40300, f"The current user is not the owner of the organisation: {organisation}")
        return account

    def _application(self, call: Call) -> tuple[Account, str]:
        owner, key = self._signed(call), call.params["applicationKey"]
        account = account_by(call, self.name, lambda one: _owner(one) == owner and key in one.applications)
        if account is None:
            raise refused(40400, f"Application with the key {key} was not found.")
        return account, key


def _login(account: Account) -> tuple[str, str]:
    return str(account.data.get("identity_type", "email")), str(account.data.get("username"))


def _owner(account: Account) -> str:
    return ":".join(_login(account))


def _is_int(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _long(number: Owned) -> int:
    """Return a number in the form of this API: an integer without the plus sign."""
    return int(number.number.lstrip("+"))


def _iso(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).isoformat(timespec="seconds")


def _check_capabilities(wanted: Any, offered: list[str]) -> None:
    if not isinstance(wanted, list):
        raise refused(40001, "capabilities must be a list")
    for capability in wanted:
        if capability not in CAPABILITIES or capability not in offered:
            raise refused(40001, f"Invalid capability '{capability}'")


def _organisation(account: Account) -> dict[str, Any]:
    fields = {"name": "name", "website": "website", "phone": "phone", "countryId": "country"}
    found = {wire: account.data[name] for wire, name in fields.items() if account.data.get(name)}
    return {"id": account.id, **found}


def _place_and_cost(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "countryId": data.get("country"),
        "city": data.get("city"),
        "country": data.get("country_name") or data.get("country"),
        "areaCode": data.get("area_code"),
        "cost": {"amount": float(money(data, "monthly_price")), "currencyId": data.get("currency")},
    }


def _group(offer: Offer) -> dict[str, Any]:
    facts = {"groupId": int(offer.id), "type": offer.data.get("type"), "availability": offer.stock}
    return {**facts, **_place_and_cost(offer.data), "capabilities": offer.data["capabilities"]}


def _rows(number: Owned) -> list[dict[str, Any]]:
    """Return a row for each application, and one for the capabilities that have none."""
    links: dict[str | None, list[str]] = {}
    for capability in number.data["capabilities"]:
        links.setdefault(number.applications.get(capability), []).append(capability)
    return [_row(number, application, capabilities) for application, capabilities in links.items()]


def _rows_of(owned: Sequence[Owned], application: str) -> list[dict[str, Any]]:
    return [row for number in owned for row in _rows(number) if row.get("applicationKey") == application]


def _row(number: Owned, application: str | None, capabilities: list[str]) -> dict[str, Any]:
    group = {"groupId": int(number.offer)} if number.offer else {"groupId": 0}
    link = {"applicationKey": application} if application else {}
    expires = _iso(number.bought_at + 30 * 86400)
    return {
        "number": _long(number),
        **group,
        "capabilities": capabilities,
        **link,
        **_place_and_cost(number.data),
        "expires": expires,
    }


PROVIDER = SinchPortal()
