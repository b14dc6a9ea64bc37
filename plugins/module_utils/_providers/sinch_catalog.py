# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Sinch Numbers API v1: the global phone number catalogue at numbers.sinch.com.

Wire format: the document "Numbers API v1". Its paths follow no one pattern; they are sent exactly as it prints them. It
names no currency (``account_currency`` says it) and does not mention authentication; credentials in the options are
sent.
"""

from __future__ import annotations

import functools
import re
import typing as t

from .._contract.exchange import Change, Links, Order, PurchaseRequest, Search, per_number
from .._contract.features import BY_NUMBER, About, Access, Credential, Features
from .._contract.paging import Page, Reader
from .._contract.provider import Provider
from .._contract.readers import (
    Row,
    amount_from,
    explain_status,
    list_from,
    mapping_from,
    number_from,
    object_from,
    text_from,
)
from .._contract.rows import Listed
from .._core import money
from .._core.errors import Failure, Malformed
from .._core.link import APPLICATION, Link
from .._core.model import CAPABILITIES, NUMBER_TYPES, Account, Number, Offer, plain
from .._core.selector import Selector
from .._net.auth import Anonymous, Auth, Fixed, basic
from .._net.refusals import Refusal
from .._net.wire import Response, follow, segment

_GEOGRAPHY = ("iso_country", "lata", "rate_center", "latitude", "longitude", "region", "locality", "postal_code")
_OWNED_FILTERS = (
    "Configuration.voice.application_sid",
    "phone_number",
    *(f"geography.{field}" for field in _GEOGRAPHY),
)
_VOICE = (
    "inbound_connectivity",
    "outbound_connectivity",
    "e911",
    "sip_trunking",
    "calls_per_second",
    "concurrent_calls_limit",
    "inbound_called_dtmf",
    "inbound_caller_dtmf",
    "inbound_caller_id_preservation",
    "inbound_reachability",
)
_SMS = (
    "inbound_connectivity",
    "outbound_connectivity",
    "gsm7",
    "ucs2",
    "gsm7_concatenation",
    "ucs2_concatenation",
    "inbound_sender_id_preservation",
    "inbound_reachability",
    "inbound_mps",
)
_MMS = ("inbound_connectivity", "outbound_connectivity", "inbound_reachability", "inbound_mps")
_OFFER_FILTERS = (
    "phone_number",
    "type",
    "base_setup_price",
    "base_recurring_price",
    *(f"capabilities.Voice.{field}" for field in _VOICE),
    *(f"capabilities.SMS.{field}" for field in _SMS),
    *(f"capabilities.MMS.{field}" for field in _MMS),
    "regulatory.address_requirements",
    "lifecycle",
    *(f"geography.{field}" for field in _GEOGRAPHY),
)

# Option of number_configuration → the path of its value in an ActiveNumber.
_FIELDS: t.Mapping[str, tuple[str, ...]] = {
    "friendly_name": ("friendlyName",),
    "status_callback_url": ("statusCallback",),
    "status_callback_method": ("statusCallbackMethod",),
    "general_callback_url": ("configuration", "status_callback_url"),
    "general_callback_method": ("configuration", "status_callback_method"),
    "voice_url": ("configuration", "voice", "url"),
    "voice_method": ("configuration", "voice", "method"),
    "voice_fallback_url": ("configuration", "voice", "fallback_url"),
    "voice_fallback_method": ("configuration", "voice", "fallback_method"),
    "sms_url": ("configuration", "sms", "url"),
    "sms_method": ("configuration", "sms", "method"),
}
_LINKED = ("sms", "voice")

_CODES: t.Mapping[str, tuple[str, str]] = {
    "21452": ("out_of_stock", "No such number is for sale any more: search again."),
    "21650": (
        "regulatory",
        "This number needs a verified identity document: file one with the provider, or choose another number.",
    ),
}


# For a purchase the document lists HTTP 400 with these codes. It does not mention a credit that is too low, but 402 can
# mean nothing else. For the other calls it lists no refusals: 400 and 403 in the form of this API are the usual ones,
# and none of these calls buys anything.
_NO_PURCHASE = (Refusal(400), Refusal(402))
_NO_CHANGE = (Refusal(400), Refusal(403))


class SinchCatalog(Provider):
    """``sinch_catalog``."""

    name = "sinch_catalog"
    home = "https://numbers.sinch.com/v1"
    rewrites = True
    access = Access(
        methods=(("api_key", "api_secret"), ("token",), ()),
        credentials=(
            Credential("account_id", ("SINCH_ACCOUNT_ID",), "Account ID", "the account"),
            Credential("api_key", ("SINCH_KEY_ID",), "Key ID", "the ID of a key, sent as HTTP Basic"),
            Credential("api_secret", ("SINCH_KEY_SECRET",), "Key secret", "the key's secret"),
            Credential("token", ("SINCH_TOKEN",), "Token", "a bearer token, instead of a key"),
        ),
        required=("account_id",),
        url_env=("SINCH_NUMBERS_URL",),
    )
    about = About(
        title="Sinch catalogue",
        sells="The Sinch Numbers API, the global phone number catalogue. A purchase names the number.",
        notes=("It sells numbers one by one, links voice and SMS separately, and names no currency.",),
        remarks={
            "number_configuration friendly_name": "takes at most 64 characters.",
            "number_purchase currency": "names none.",
            "number_release": "has no record that says so, and the request is not repeated.",
        },
    )
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=("country", "type", "capabilities", "prefix", "region", "city", "contains"),
        owned_keys=("country", "type", "capabilities", "prefix", "region", "city", "contains"),
        offer_filters=_OFFER_FILTERS,
        owned_filters=_OWNED_FILTERS,
        kinds=dict.fromkeys(_LINKED, (APPLICATION,)),
        links_on_purchase=True,
        links_each=True,
        configuration=tuple(_FIELDS),
        release=True,
    )

    def _auth(self) -> Auth:
        key, secret, token = (self.options.get(option) for option in ("api_key", "api_secret", "token"))
        if key and secret:
            return basic(key, secret, self.secrets)
        return Fixed(f"Bearer {token}", self.secrets) if token else Anonymous()

    @property
    def account_key(self) -> str:
        return self.options.get("account_id") or ""

    def account(self) -> Account:
        """Return the account. To check the credentials, a number that nobody has is looked up in its list."""
        self.http.request("GET", self._list_url(), query={"phone_number": "+10000000000"})
        return Account(id=self.account_key, provider=self.name)

    # -- addresses -----------------------------------------------------------------------------------------------------

    def _root(self) -> str:
        """Return the base URL with the version; api_url replaces the host alone."""
        return f"{self.options.api_url.rstrip('/')}/v1" if self.options.api_url else self.home

    def _list_url(self) -> str:
        return f"{self._root()}/Account/{segment(self.account_key, 'account_id')}/ActiveNumbers/"

    def _number_url(self, number: str) -> str:
        account = f"{self._root()}/Accounts/{segment(self.account_key, 'account_id')}"
        return f"{account}/ActiveNumbers/ActiveNumbers/PN{segment(number, 'number')}"

    # -- read ----------------------------------------------------------------------------------------------------------

    def _pages(self, url: str, query: t.Mapping[str, t.Any]) -> Reader:
        """Return a reader of the pages of *url*.

        ``meta.next_page_url``, absolute or relative, leads to the next page; on the last page it is null or absent.
        """

        def read(where: t.Any) -> Page:
            here = where or url
            response = self.http.request("GET", here, query=None if where else query)
            with response.reading():
                answer = object_from(response.json())
                if "meta" not in answer:  # it may be null, but an answer without it is cut off
                    raise Malformed("it lacks meta")
                following = text_from(mapping_from(answer, "meta"), "next_page_url")
                target = follow(following, response.url, self.below, self.home) if following else None
                rows = list_from(answer, "items", nullable=True)
            return Page(rows, None, target)

        return read

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Search with GET /api/AvailableNumbers.

        The fields of the API compare exactly, so directions, prefixes and names are filtered here.
        """
        query = {"geography.iso_country": selector.country, "type": selector.type, **filters}
        found = self.read_offers(self._pages(f"{self._root()}/api/AvailableNumbers", query), self._offer, limit)
        return found._replace(offers=selector.narrowed(found.offers))

    def lookup(self, number: str) -> Offer | None:
        response = self.http.request("GET", f"{self._root()}/api/AvailableNumbers", query={"phone_number": number})
        with response.reading():
            rows = list_from(object_from(response.json()), "items", nullable=True)
        return next(
            (offer for offer in self.offered(rows, self._offer) if offer.number == number and offer.stock), None
        )

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """Return the list of GET /Account/{AccountId}/ActiveNumbers/."""
        return self.read_owned(
            self._pages(self._list_url(), filters or {}), self._number, "phone_number", "phone_number", steady
        )

    def find(self, number: str) -> Number | None:
        """Return the record of GET /Accounts/{AccountId}/ActiveNumbers/ActiveNumbers/PN{phoneNumber}, or None."""
        try:
            response = self.http.request("GET", self._number_url(number))
        except Failure as failure:
            if failure.http_status == 404 and failure.provider_code:
                return None
            raise
        with response.reading():
            return self._number(object_from(response.json()))

    def find_id(self, identity: str) -> Number | None:
        """Return the record with the id *identity*, or None. An id is ``PN`` and the number."""
        return self.find(identity.partition("PN")[2] or identity)

    # -- change --------------------------------------------------------------------------------------------------------

    def buy(self, request: PurchaseRequest) -> Order:
        """Buy with POST /Account/{AccountId}/ActiveNumbers/: the number in the query, the applications in the body."""
        body = {str(link.capability): {"application_sid": link.id} for link in request.links}
        refusals = (*_NO_PURCHASE, *_unknown_application(request.links))
        response = self.http.request(
            "POST", self._list_url(), query={"phoneNumber": request.offer.number}, json=body, refusals=refusals
        )
        with response.reading():
            return Order("fulfilled", (self._number(object_from(response.json())),))

    def check_configuration(self, settings: t.Mapping[str, t.Any]) -> None:
        name = settings.get("friendly_name") or ""
        if len(name) > 64:
            raise Failure("invalid_option", "friendly_name may have at most 64 characters at sinch_catalog.")

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return {option: _value_at(number.raw, path) for option, path in _FIELDS.items()}

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number:
        return self._write(number, {_FIELDS[option]: value for option, value in changes.items()}, ())

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        for number, items in per_number(additions):
            links = [item.link for item in items]
            values = {_application_field(link): link.id for link in links}
            yield Change(functools.partial(self._write, number, values, links), additions=items)
        yield from self.unlink(removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        for number, items in per_number(removals):
            values = {_application_field(item.link): None for item in items}
            yield Change(functools.partial(self._write, number, values, ()), removals=items)

    def _write(self, number: Number, values: t.Mapping[tuple[str, ...], t.Any], links: t.Sequence[Link]) -> Number:
        """Write *values* and *links* with POST …/PN{phoneNumber}, and return the record in the answer.

        The whole ``configuration`` is sent, because fields that are left out may be cleared. *number* was read just
        before. Where its links differ from its raw record, they are right: the record may lag behind.
        """
        body: dict[str, t.Any] = {"configuration": _configuration_of(number)}
        for path, value in values.items():
            place = body
            for key in path[:-1]:
                place = place.setdefault(key, {})
            place[path[-1]] = value
        if all(path[0] != "configuration" for path in values):
            del body["configuration"]
        response = self.http.request(
            "POST", self._number_url(number.number), json=body, refusals=(*_NO_CHANGE, *_unknown_application(links))
        )
        with response.reading():
            written = self._number(object_from(response.json()))
            if written.number != number.number:
                raise Malformed(f"it is about {written.number}")
            return written

    def release(self, number: Number) -> None:
        """Give back with DELETE …/PN{phoneNumber}, answered 200 without a body.

        A body may be an error, so after one the list decides.
        """
        response = self.http.request("DELETE", self._number_url(number.number), refusals=_NO_CHANGE)
        with response.reading():
            if response.body.strip():
                raise Malformed("it has a body")

    # -- wire to model -------------------------------------------------------------------------------------------------

    def _facts(self, row: Row) -> dict[str, t.Any]:
        number = number_from(row, "phone_number")
        geography = self.told(number, mapping_from, row, "geography") or {}
        word = self.told(number, text_from, row, "type")
        kind = word.lower() if word and word.lower() in NUMBER_TYPES else None
        return {
            "id": f"PN{number}",
            "provider": self.name,
            "number": number,
            "country": self.told_country(number, geography, "iso_country", number),
            "type": kind,
            "capabilities": self.told(number, _capabilities, row, "capabilities"),
            "region": self.told(number, text_from, geography, "region"),
            "city": self.told(number, text_from, geography, "locality"),
            "setup_price": self.told(number, amount_from, row, "base_setup_price"),
            "monthly_price": self.told(number, amount_from, row, "base_recurring_price"),
            "currency": self.options.account_currency,
            "raw": row,
            "words": {"type": word} if word and kind is None else {},
        }

    def _number(self, row: Row) -> Number:
        facts = self._facts(row)
        return self.priced(
            Number(
                **facts,
                friendly_name=self.told(facts["number"], text_from, row, "friendlyName"),
                links_known="configuration" in row,
                links=self._links(mapping_from(row, "configuration")),
                covered=self._covered(mapping_from(row, "configuration")),
            )
        )

    def _links(self, configuration: Row) -> tuple[Link, ...]:
        """Return the links to applications and, for a capability without one, to its URL, which is used only then."""
        parts = {capability: mapping_from(configuration, capability) for capability in _LINKED}
        applications = {capability: text_from(part, "application_sid") for capability, part in parts.items()}
        links = [Link(capability, application) for capability, application in applications.items() if application]
        addresses = {key: text_from(part, "url") for key, part in parts.items() if not applications[key]}
        return (*links, *self.url_links(addresses))

    def _covered(self, configuration: Row) -> tuple[Link, ...]:
        """Return the URLs that an application overrides."""
        parts = {capability: mapping_from(configuration, capability) for capability in _LINKED}
        addresses = {key: text_from(part, "url") for key, part in parts.items() if text_from(part, "application_sid")}
        return self.url_links(addresses)

    def _offer(self, row: Row) -> Offer:
        """Return the offer in *row*.

        The first month is billed at purchase (document), so the set-up fee and one month are due now. An ``exhausted``
        number is listed, but not for sale.
        """
        facts = self._facts(row)
        due = money.plus(facts["setup_price"], facts["monthly_price"])
        stock = 0 if (self.told(facts["number"], text_from, row, "lifecycle") or "").lower() == "exhausted" else 1
        return self.priced(Offer(**{**facts, "id": facts["number"]}, due_now=due, stock=stock))

    def explain(self, response: Response) -> Failure:
        """Return the failure in an error body, ``{"code": 21452, "message": "…"}`` (codes: section "Buy Number")."""
        try:
            answer = object_from(response.json())
            code, message = text_from(answer, "code", required=True), text_from(answer, "message")
            if not re.match(r"[0-9]{5}\Z", code or ""):  # a gateway's code is the HTTP status
                raise Malformed("its code is none of this API")
        except (Failure, Malformed):
            code, message = None, None
        if code is not None and code in _CODES:
            kind, text = _CODES[code]
            return Failure(kind, text, provider_code=code, provider_message=message, http_status=response.status)
        return explain_status(response, self.name, code, message)


def _unknown_application(links: t.Sequence[Link]) -> tuple[Refusal, ...]:
    """Return the refusals of an unknown application: a 404, which proves it only when its message names one of them."""
    return tuple(Refusal(404, says=application) for application in sorted({link.id for link in links}))


def _capabilities(row: Row, key: str) -> tuple[str, ...] | None:
    """Return the capabilities in *row*. One direction (inbound or outbound) is enough for a capability."""
    if row.get(key) is None:
        return None
    present = mapping_from(row, key)
    parts = {capability: mapping_from(present, capability) for capability in CAPABILITIES}
    return tuple(
        capability
        for capability, part in parts.items()
        if part.get("inbound_connectivity") is True or part.get("outbound_connectivity") is True
    )


def _application_field(link: Link) -> tuple[str, ...]:
    return "configuration", str(link.capability), "application_sid"


def _configuration_of(number: Number) -> dict[str, t.Any]:
    """Return a copy of the configuration that can be changed.

    Parts that are null are left out, because a value in them needs an object.
    """
    configuration: dict[str, t.Any] = plain(number.raw.get("configuration") or {})
    merged = {key: value for key, value in configuration.items() if value is not None or key not in _LINKED}
    for capability in _LINKED:
        application = number.applications.get(capability)
        if application != (_value_at(number.raw, ("configuration", capability, "application_sid")) or None):
            merged.setdefault(capability, {})["application_sid"] = application
    return merged


def _value_at(raw: t.Mapping[str, t.Any], path: tuple[str, ...]) -> t.Any:
    value: t.Any = raw
    for key in path:
        value = value.get(key) if isinstance(value, t.Mapping) else None
    return None if value == "" else value
