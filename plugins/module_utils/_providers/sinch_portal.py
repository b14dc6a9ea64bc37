# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Sinch Number Administration: the endpoints behind the Sinch dashboard.

Wire format: the documents "Number Administration" and "Get numbers available to rent". Where they say nothing, this
file assumes: the ``cost`` of a group or number is its monthly price, and its set-up price is unknown; an
``applicationKey`` links every capability of its row; several rows of a number are one number with the union of them.
"""

from __future__ import annotations

import dataclasses
import functools
import platform
import time
import typing as t
from decimal import Decimal

from .._contract.exchange import Change, Links, NumberLink, Search, per_number
from .._contract.features import BY_RESERVATION, About, Access, Credential, Features
from .._contract.provider import Provider
from .._contract.readers import (
    amount_from,
    capabilities_from,
    country_from,
    explain_status,
    id_from,
    integer_from,
    items_from,
    mapping_from,
    number_from,
    object_from,
    rows_from,
    text_from,
)
from .._contract.rows import Listed
from .._core import e164
from .._core.errors import Failure, Malformed
from .._core.link import APPLICATION, Link
from .._core.model import Account, Number, Offer, plain
from .._core.selector import Selector
from .._net.auth import Auth
from .._net.refusals import Refusal
from .._net.signing import Session, SessionCache, Signed, timestamp
from .._net.wire import Outgoing, Response, segment

# The public key of number administration, the same for every account (section "Log in").
_PUBLIC_KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
_LIFETIME = 172800.0  # seconds; the expiresIn of the document's example, for an answer without it
_CAPABILITIES = ("sms", "voice")

_CODES: t.Mapping[str, tuple[str, str]] = {
    "40001": ("invalid_option", "A parameter was refused: {message}"),
    "40002": ("invalid_option", "A parameter is missing: {message}"),
    "40003": ("not_found", "The request was refused: {message}"),
    "40100": ("authentication_failed", "The Authorization header was refused: check username and password."),
    "40101": (
        "authentication_failed",
        "The time stamp was refused: the clock of this machine is probably wrong, set it and try again.",
    ),
    "40102": (
        "authentication_failed",
        "The signature was refused: the clock of this machine or the session cache is probably wrong, set the clock, "
        "empty session_cache.",
    ),
    "40108": (
        "authentication_failed",
        "The user name or the password is wrong: check username, identity_type and password.",
    ),
    "40200": ("insufficient_credit", "The account has not enough credit for this purchase: top it up and run again."),
    "40300": ("forbidden", "This user does not own the organisation: check account_id (organisation_id)."),
    "40301": (
        "forbidden",
        "The authorization scheme was refused: check api_url, it must lead to the Sinch portal API.",
    ),
    "40400": ("not_found", "It was not found: {message}"),
    "42200": (
        "account_setup",
        "Accounting is not set up for this organisation: set up billing in the Sinch dashboard.",
    ),
    "50000": ("provider_unavailable", "The provider has an internal error: try later."),
    "50300": ("provider_unavailable", "The provider is temporarily down: try later."),
}


def _refusals(*codes: str) -> tuple[Refusal, ...]:
    """Return the refusals with *codes*, which the document lists for a call, and those of log-in and organisation.

    The provider checks user and organisation first, in every call.
    """
    return tuple(
        Refusal(int(code[:3]), code) for code in ("40100", "40101", "40102", "40108", "40300", "40301", *codes)
    )


_NO_RESERVATION = _refusals("40001", "40002", "40003")
_NO_CHECKOUT = _refusals("40200", "40400", "42200")
_NO_LINK = _refusals("40001", "40003", "40400")
_NO_UNLINK = _refusals("40003", "40400")


class _PublicKey(Auth):
    """Authenticates the log-in, with the scheme ``Application <number administration key>``."""

    def sign(self, outgoing: Outgoing) -> None:
        outgoing.headers["Authorization"] = f"Application {_PUBLIC_KEY}"
        outgoing.headers["x-timestamp"] = timestamp()


class _Ticket(Auth):
    """Authenticates the call that creates an instance: ``User <authorization>``, verbatim and without a signature."""

    def __init__(self, ticket: str) -> None:
        self._ticket = ticket

    def sign(self, outgoing: Outgoing) -> None:
        outgoing.headers["Authorization"] = f"User {self._ticket}"
        outgoing.headers["x-timestamp"] = timestamp()


class SinchPortal(Provider):
    """``sinch_portal``."""

    name = "sinch_portal"
    home = "https://portalapi.sinch.com"
    access = Access(
        methods=(("username", "password"),),
        credentials=(
            Credential(
                "username",
                ("SINCH_USERNAME",),
                "User name",
                "the e-mail address that you log in with at the Sinch dashboard",
            ),
            Credential("password", ("SINCH_PASSWORD",), "Password", "the user's password"),
            Credential(
                "account_id",
                ("SINCH_ORGANISATION_ID",),
                "Organisation ID",
                "the organisation, which is needed when the user has several",
            ),
            Credential(
                "identity_type",
                (),
                "Identity type",
                "the kind of name that the user name is, when it is no e-mail address",
            ),
        ),
        url_env=("SINCH_PORTAL_URL",),
        url_help="another address in place of the three of the API, for example the sandbox's",
    )
    about = About(
        title="Sinch portal",
        sells=(
            "Sinch number administration, the API behind the Sinch dashboard. "
            "A purchase reserves numbers of a group and checks them out, Sinch chooses the numbers."
        ),
        notes=(
            "It sells groups, reserves first and then checks out everything in one call, and chooses the numbers "
            "itself.",
            "It links voice and SMS separately, and unlinks a number whole.",
            "It names no set-up price and no amount due at checkout.",
            "Settings are made at the application, in the Sinch dashboard. A number cannot be given back through it.",
            "Its requests are signed with the time, so the clock of the executing host must be right.",
        ),
        remarks={
            "account_info id": "has the organisation there.",
            "available_number_info due_now": "asks for one month, because it knows no other fee.",
            "number_info application": "fails with C(not_found) for an unknown one.",
            "options session_cache": "keeps its log-in there.",
            "selector capabilities": "shows V(voice) and V(sms) only.",
            "selector contains": (
                "has no digits before the purchase, so a search or a purchase refuses it with C(unsupported). Owned "
                "numbers can be selected by it."
            ),
            "selector region": "shows no regions and refuses it with C(unsupported).",
            "selector type": "shows no types and refuses it with C(unsupported).",
        },
    )
    features = Features(
        purchase=BY_RESERVATION,
        offer_keys=("country", "capabilities", "prefix", "city"),
        owned_keys=("country", "capabilities", "prefix", "city", "contains"),
        kinds=dict.fromkeys(_CAPABILITIES, (APPLICATION,)),
        unlinks_whole=True,
        shows_charge=False,
        hints={
            "release": (
                "sinch_portal has no call that gives a number back: a number stays with the account until Sinch's "
                "support ends it. "
                "number_assignment with state 'absent' takes it off its application."
            ),
            "configuration": (
                "sinch_portal keeps no settings of a number: configure the application in the Sinch dashboard, "
                "and link the number to it with number_assignment."
            ),
            "purchase of named numbers": (
                "sinch_portal sells groups and chooses the numbers itself: ask for 'count' with a selector or an "
                "'offer' instead of 'numbers'."
            ),
        },
    )

    # -- handshake -----------------------------------------------------------------------------------------------------

    def _auth(self) -> Auth:
        self._signed = Signed(self._handshake, self.secrets, self._session_cache())
        return self._signed

    @property
    def account_key(self) -> str:
        """The organisation; it is the same for all users of the organisation."""
        return str(self.account().id)

    def _session_cache(self) -> SessionCache | None:
        """Return the session cache of this user and organisation, or None without the option ``session_cache``."""
        if not self.options.session_cache:
            return None
        opened = f"{self.options.get('username')}/{self.options.get('account_id') or ''}"
        return SessionCache(
            self.options.session_cache, "\n".join((self.name, self.base(self.home), opened)), self._account
        )

    def _handshake(self) -> Session:
        """Log in, create an instance, find the organisation, and return the session.

        Sections "Log in", "Create an instance" and "Get organization" of the document.
        """
        ticket = self._log_in()
        instance = self._create_instance(ticket)
        account = self._organisation(Signed(lambda: instance, self.secrets, None))
        return instance._replace(account=plain(account))

    def _log_in(self) -> str:
        identity = segment(self.options.get("username"), "username")
        kind = segment(self.options.get("identity_type") or "email", "identity_type")
        response = self.http.request(
            "POST",
            f"{self.base('https://userapi.sinch.com')}/v1/users/{kind}/{identity}/authentication",
            json={"password": self.options.get("password")},
            mutating=False,
            auth=_PublicKey(),
            hidden=True,
        )
        with response.reading():
            ticket = id_from(object_from(response.json()), "authorization")
            if not ticket.isascii() or not ticket.isprintable():
                raise Malformed("its authorization is no header text")
        self.secrets.add(ticket)
        return ticket

    def _create_instance(self, ticket: str) -> Session:
        response = self.http.request(
            "POST",
            f"{self.base('https://api.sinch.com')}/v1/instance",
            json={"authorization": ticket, "version": {"os": platform.system() or "unknown", "platform": "ansible"}},
            mutating=False,
            auth=_Ticket(ticket),
            hidden=True,
        )
        with response.reading():
            record = object_from(response.json())
            lifetime = integer_from(record, "expiresIn") if record.get("expiresIn") is not None else _LIFETIME
            secret = id_from(record, "secret")
            self.secrets.add(secret)
            return Session(id_from(record, "id"), secret, time.time() + lifetime, {})

    def _organisation(self, auth: Auth) -> dict[str, t.Any]:
        """Return the record of the organisation to work for. The service sends a list, the document shows an object."""
        response = self.http.request(
            "GET", f"{self.base('https://api.sinch.com')}/v1/organisations", auth=auth, content_type="application/json"
        )
        with response.reading():
            answer = response.json()
            rows = rows_from([answer] if isinstance(answer, dict) else answer, "the organisations")
            found = {str(self._account(row).id): row for row in rows}
        wanted = self.options.get("account_id")
        if wanted is None and len(found) == 1:
            return next(iter(found.values()))
        listed = ", ".join(sorted(found)) or "none"
        if wanted is None:
            raise Failure(
                "invalid_option",
                f"This user has several organisations ({listed}) or none: set account_id to one of them.",
            )
        if wanted not in found:
            raise Failure("not_found", f"This user has no organisation {wanted}: set account_id to one of {listed}.")
        return found[wanted]

    def account(self) -> Account:
        """Return the organisation of the session. The handshake or the cache has checked its record already."""
        return self._account(self._signed.session.account)

    def _account(self, record: t.Mapping[str, t.Any]) -> Account:
        return Account(
            id=id_from(record, "id"),
            provider=self.name,
            name=text_from(record, "name"),
            country=country_from(record, "countryId"),
            raw=dict(record),
        )

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _organisation_url(self, rest: str) -> str:
        return f"{self.base(self.home)}/v1/organisations/id/{segment(self.account_key, 'organisation')}/{rest}"

    def _application_url(self, application: str, *rest: str) -> str:
        key = segment(application, "application")
        return "/".join((f"{self.base(self.home)}/v1/applications/key/{key}/numbers", *rest))

    def _call(
        self,
        method: str,
        url: str,
        json: t.Any = None,
        expect: t.Collection[int] = (200,),
        refusals: t.Sequence[Refusal] = (),
    ) -> Response:
        """Send a call signed by the instance. Its content type is signed, so it is sent even without a body."""
        return self.http.request(
            method, url, json=json, expect=expect, refusals=refusals, content_type="application/json"
        )

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Search in GET …/numbers/shop (section "Get numbers available to rent"): one answer has the whole shop."""
        response = self._call("GET", self._organisation_url("numbers/shop"))
        with response.reading():
            rows = items_from(response.json(), "the shop")
        return Search(selector.narrowed(self.offered(rows, self._offer)))

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """Return the list of GET …/numbers (section "List all rented numbers").

        It is one answer, so it cannot change while it is read.
        """
        return self._numbers(self._call("GET", self._organisation_url("numbers")))

    def linked_to(self, application: str) -> Listed:
        """Return the list of GET …/applications/key/{key}/numbers."""
        return self._numbers(self._call("GET", self._application_url(application)), application)

    def check_application(self, application: str) -> None:
        """Check before a purchase that the application exists, and that its numbers will have exactly this key.

        Numbers are linked after the purchase, so a wrong application would show too late.
        """
        response = self._call("GET", self._application_url(application))
        self._check_whole(self._numbers(response, application), application)
        with response.reading():
            keys = {
                text_from(row, "applicationKey") or application
                for row in rows_from(response.json(), "the list of numbers")
            }
        otherwise = sorted(key for key in keys if key != application and key.lower() == application.lower())
        if otherwise:
            raise Failure(
                "invalid_option",
                f"sinch_portal writes this application {otherwise[0]}: write it just so, or its numbers would not "
                "count.",
            )

    def reserve(self, offer: Offer, quantity: int) -> str:
        """Reserve with PUT …/numbers/shop (section "Reserve number(s)"), and return the reservation."""
        group = int(offer.id) if offer.id.isascii() and offer.id.isdigit() else offer.id
        body = {"groupId": group, "quantity": quantity, "capabilities": list(offer.capabilities or ())}
        try:
            response = self._call("PUT", self._organisation_url("numbers/shop"), json=body, refusals=_NO_RESERVATION)
        except Failure as failure:
            if (failure.code, failure.provider_code) == (
                "not_found",
                "40003",
            ):  # not in an answer that leaves the outcome open
                message = f"The group {offer.id} no longer has {quantity} numbers: search again."
                raise Failure(
                    "out_of_stock",
                    message,
                    provider_code="40003",
                    provider_message=failure.provider_message,
                    http_status=failure.http_status,
                ) from None
            raise
        with response.reading():
            return id_from(object_from(response.json()), "referenceId")

    def checkout(self, references: t.Sequence[str]) -> None:
        """Check out with POST …/numbers/shop (section "Checkout reserved numbers")."""
        try:
            self._call(
                "POST",
                self._organisation_url("numbers/shop"),
                json={"referenceIds": list(references)},
                expect=(204,),
                refusals=_NO_CHECKOUT,
            )
        except Failure as failure:
            if (failure.code, failure.provider_code) == (
                "not_found",
                "40400",
            ):  # not in an answer that leaves the outcome open
                raise Failure(
                    "reservation_expired",
                    "The reservation was not found or has expired: run again to reserve anew.",
                    provider_code="40400",
                    provider_message=failure.provider_message,
                    http_status=failure.http_status,
                ) from None
            raise

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        """Link with PUT …/applications/key/{key}/numbers/{capability}.

        Each call overwrites the application's list, so the list is read just before and sent with the new numbers.
        """
        for application, capability in sorted(
            {(item.link.id, str(item.link.capability)) for item in (*additions, *removals)}
        ):
            link = Link(capability, application)
            add, drop = ([item for item in part if item.link[:2] == link[:2]] for part in (additions, removals))
            present = self.linked_to(application)
            self._check_whole(present, application)
            linked = {item.number: item for item in present if item.applications.get(capability) == application}
            changed = {item.number.number for item in (*add, *drop)}
            kept = [NumberLink(item, link) for name, item in linked.items() if name not in changed]
            wanted = {item.number.number for item in (*kept, *add)}
            if wanted != set(linked):
                yield Change(functools.partial(self._overwrite, application, capability, wanted), add, drop, kept)

    @staticmethod
    def _check_whole(numbers: Listed, application: str) -> None:
        """Raise Failure ``provider_error`` for a row that cannot be read: a list without its number would unlink it."""
        for row in numbers.unreadable:
            message = (
                f"{row.name} in the list of application {application} cannot be read ({row.why}), and linking writes "
                "the whole list: nothing was written. Ask the provider to mend it."
            )
            raise Failure("provider_error", message)

    def _overwrite(self, application: str, capability: str, numbers: t.Collection[str]) -> None:
        longs = [int(number.lstrip("+")) for number in sorted(numbers)]
        response = self._call(
            "PUT", self._application_url(application, capability), json={"numbers": longs}, refusals=_NO_LINK
        )
        with response.reading():  # the answer must be a list of numbers
            for row in rows_from(response.json(), "the list of numbers"):
                self._number(row, application)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """Unlink all capabilities of each number with DELETE …/applications/key/{key}/numbers/{number}."""
        for number, items in per_number(removals):
            for application in sorted({item.link.id for item in items}):
                url = self._application_url(application, segment(number.number.lstrip("+"), "number"))
                yield Change(
                    functools.partial(self._call, "DELETE", url, expect=(204,), refusals=_NO_UNLINK),
                    removals=[item for item in items if item.link.id == application],
                )

    # -- wire to model -------------------------------------------------------------------------------------------------

    def _numbers(self, response: Response, listing: str | None = None) -> Listed:
        """Return the numbers in an answer. Rows of the same number are merged: each has the link of its capabilities.

        *listing* is the application whose list it is, None for the list of the account.
        """
        with response.reading():
            rows = items_from(response.json(), "the list of numbers")
        listed = self.listed(rows, functools.partial(self._number, listing=listing), "number")
        merged: dict[str, Number] = {}
        for number in listed:
            known = merged.get(number.number)
            merged[number.number] = number if known is None else _union(known, number)
        return Listed(merged.values(), listed.unreadable)

    def _number(self, row: dict[str, t.Any], listing: str | None) -> Number:
        number = number_from(row, "number", names=False)  # the document shows an integer
        country = self.told_country(number, row, "countryId", number)
        # link() writes the whole list, so a row without its capabilities or its application would lose its link.
        capabilities = capabilities_from(row, "capabilities", required=True)
        application = text_from(row, "applicationKey")
        if listing and (application is None or application.lower() == listing.lower()):
            application = listing
        cost = self.told(number, mapping_from, row, "cost") or {}
        return self.priced(
            Number(
                id=number.lstrip("+"),
                provider=self.name,
                number=number,
                country=country,
                capabilities=capabilities,
                links=tuple(Link(capability, application) for capability in capabilities or (None,))
                if application
                else (),
                area_code=self.told(number, _area_code, row, "areaCode", country),
                city=self.told(number, text_from, row, "city"),
                monthly_price=self.told(number, amount_from, cost, "amount"),
                currency=self.told(number, text_from, cost, "currencyId") or self.options.account_currency,
                expires=self.told(number, text_from, row, "expires"),
                raw=row,
            )
        )

    def _offer(self, row: dict[str, t.Any]) -> Offer:
        group = id_from(row, "groupId")
        country = self.told_country(group, row, "countryId")
        cost = self.told(group, mapping_from, row, "cost") or {}
        monthly = self.told(group, amount_from, cost, "amount")
        return self.priced(
            Offer(
                id=group,
                provider=self.name,
                stock=integer_from(row, "availability"),
                country=country,
                capabilities=self.told(group, capabilities_from, row, "capabilities"),
                area_code=self.told(group, _area_code, row, "areaCode", country),
                city=self.told(group, text_from, row, "city"),
                setup_price=Decimal(0),  # the API has no fee but the monthly one
                monthly_price=monthly,
                due_now=monthly,
                currency=self.told(group, text_from, cost, "currencyId") or self.options.account_currency,
                raw=row,
            )
        )

    def belongs(self, number: Number, offer: Offer) -> bool:
        group = number.raw.get("groupId")
        return str(group) == offer.id if group is not None else super().belongs(number, offer)

    def changes_along(self, number: Number, capability: str) -> tuple[str, ...]:
        """Return the other capabilities of the row that has *capability*: a row has one application for all of them.

        The provider may also split the row in two; that shows only after the change.
        """
        linked = number.applications.get(capability)
        return tuple(
            other
            for other in number.capabilities or ()
            if other != capability and number.applications.get(other) == linked
        )

    # -- errors --------------------------------------------------------------------------------------------------------

    def explain(self, response: Response) -> Failure:
        """Return the failure in an error body, ``{"errorCode": 40102, "message": "…"}``."""
        code, message = _error_body(response)
        if code is not None and code in _CODES:
            kind, text = _CODES[code]
            return Failure(
                kind,
                text.format(message=message or code),
                provider_code=code,
                provider_message=message,
                http_status=response.status,
            )
        failure = explain_status(response, self.name, code, message)
        if response.status == 401:
            failure.args = (f"{failure.message} If they are right, the clock of this machine is a likely cause.",)
        return failure


def _error_body(response: Response) -> tuple[str | None, str | None]:
    try:
        answer = object_from(response.json())
        code = id_from(answer, "errorCode")
        if code[:3] != str(response.status):
            raise Malformed("its errorCode is of another status")
        return code, text_from(answer, "message")
    except (Failure, Malformed):
        return None, None


def _area_code(row: dict[str, t.Any], key: str, country: str | None) -> str | None:
    """Return the area code of *row* without the trunk zero that some rows have (``020``)."""
    value = text_from(row, key)
    return None if value is None else e164.without_trunk_zero(value, country)


def _union(one: Number, other: Number) -> Number:
    known = {link.capability for link in one.links if link.capability}
    return dataclasses.replace(
        one,
        capabilities=tuple(sorted({*(one.capabilities or ()), *(other.capabilities or ())})),
        links=(*one.links, *(link for link in other.links if link.capability not in known)),
    )
