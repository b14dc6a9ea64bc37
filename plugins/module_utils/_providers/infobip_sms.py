# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Infobip phone numbers: search, purchase, list, cancel.

Wire format: the document "Phone number" (``/sms/1/numbers``). Accounts have a base address of their own, so ``api_url``
is usually set. The service allows about one purchase or search a second, so the answer 429 is normal.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import typing as t

from .._contract.exchange import Order, PurchaseRequest, Search
from .._contract.features import BY_NUMBER, About, Access, Credential, Features
from .._contract.paging import Page, Reader
from .._contract.provider import Provider
from .._contract.readers import (
    Row,
    amount_from,
    capabilities_from,
    explain_status,
    id_from,
    integer_from,
    list_from,
    mapping_from,
    number_from,
    object_from,
    text_from,
)
from .._contract.rows import Listed
from .._core import money
from .._core.errors import Failure, Malformed
from .._core.model import Account, Number, Offer
from .._core.selector import Selector
from .._net.auth import Auth, Fixed, basic
from .._net.refusals import Refusal
from .._net.wire import Response, segment

_PAGE = 50  # rows a page: the documented default; no maximum is documented
_KEYS = ("country", "type", "capabilities", "prefix", "contains")
_TYPES = {
    "VIRTUAL_LONG_NUMBER": "virtual",
    "VIRTUAL_SHORT_CODE": "shortcode",
    "SHORT_CODE": "shortcode",
    "TOLL_FREE": "tollfree",
}
# The document lists no refusals of a call; these are from the list of messageIds of all calls. A 404 without a body
# proves nothing.
_NO_PURCHASE = (Refusal(400), Refusal(403, "FORBIDDEN"), Refusal(404, "NOT_FOUND", says="not found"))
_NO_CANCEL = (Refusal(400), Refusal(403))
_NO_SETTINGS = "infobip_sms's number API has no {what}: it is set in the Infobip portal."


class InfobipSms(Provider):
    """``infobip_sms``."""

    name = "infobip_sms"
    home = "https://api.infobip.com"
    pace = 1.0
    access = Access(
        methods=(("api_key",), ("username", "password")),
        credentials=(
            Credential("api_key", ("INFOBIP_API_KEY",), "API key", "the API key, the usual way to log in"),
            Credential("username", ("INFOBIP_USERNAME",), "User name", "the user to log in as, instead of an API key"),
            Credential("password", ("INFOBIP_PASSWORD",), "Password", "the user's password"),
            Credential(
                "account_id",
                (),
                "Account ID",
                "a name for the account, which is never sent. The lock and the journal know the account by it",
            ),
        ),
        url_env=("INFOBIP_BASE_URL",),
        url_label="Base URL",
        url_help="the address of your account, as the Infobip portal shows it",
    )
    about = About(
        title="Infobip SMS",
        sells="Infobip phone numbers. A purchase names the number.",
        notes=(
            "It sells numbers one by one, and names currencies.",
            "It has neither applications nor settings of a number; those are made in the Infobip portal.",
            'It allows about one search or purchase a second, so pauses after "too many requests" are normal.',
        ),
        remarks={
            "account_info id": "names none, so it is O(account_id) or O(username), and V(null) when neither is given.",
            "available_number_info due_now": "asks for the set-up price and the rest of this month.",
            "selector city": "shows no cities and refuses it with C(unsupported).",
            "selector region": "shows no regions and refuses it with C(unsupported).",
            "selector type": "has V(virtual), V(shortcode) and V(tollfree).",
        },
    )
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=_KEYS,
        owned_keys=_KEYS,
        offer_filters=("capabilities", "country", "number"),
        owned_filters=("number",),
        release=True,
        hints={
            "assignment": _NO_SETTINGS.format(what="applications to link a number to"),
            "configuration": _NO_SETTINGS.format(what="settings of a number"),
        },
    )

    def _auth(self) -> Auth:
        key = self.options.get("api_key")
        if key:
            return Fixed(f"App {key}", self.secrets)
        return basic(self.options.get("username") or "", self.options.get("password") or "", self.secrets)

    @property
    def account_key(self) -> str:
        """The name of the account, or else a digest of the API key, which differs between accounts at one address."""
        named = self.options.get("account_id") or self.options.get("username")
        return named or hashlib.sha256((self.options.get("api_key") or "").encode("utf-8")).hexdigest()[:16]

    def account(self) -> Account:
        """Return the account. One row of the purchased numbers is read, to check the credentials."""
        self.http.request("GET", self._url(), query={"limit": 1, "page": 0})
        return Account(id=self.options.get("account_id") or self.options.get("username"), provider=self.name)

    def _url(self, *rest: str) -> str:
        return "/".join((f"{self.base(self.home)}/sms/1/numbers", *rest))

    # -- read ----------------------------------------------------------------------------------------------------------

    def _pages(self, url: str, query: t.Mapping[str, t.Any]) -> Reader:
        """Return a reader of the pages of *url*: ``page`` counts from 0, ``numberCount`` is the total.

        The document has no maximum of ``limit``. If the first page is shorter than requested, the other pages are
        requested with its length.
        """

        def read(where: t.Any) -> Page:
            page, limit = where or (0, _PAGE)
            response = self.http.request("GET", url, query={"limit": limit, "page": page, **query})
            with response.reading():
                answer = object_from(response.json())
                rows = list_from(answer, "numbers")
                total = integer_from(answer, "numberCount")
            size = limit if page else len(rows)
            following = [(later, size) for later in range(1, -(-total // size))] if size and not page else ()
            return Page(rows, total, (page + 1, size) if rows and page * size + len(rows) < total else None, following)

        return read

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Search with GET /sms/1/numbers/available."""
        query: dict[str, t.Any] = {"country": selector.country, "number": selector.contains}
        words = [capability.upper() for capability in selector.capabilities if capability in ("sms", "voice")]
        query["capabilities"] = ",".join(words) or None
        found = self.read_offers(self._pages(self._url("available"), {**query, **filters}), self._offer, limit)
        return found._replace(offers=selector.narrowed(found.offers))

    def lookup(self, number: str) -> Offer | None:
        offers = self.search(Selector(contains=number.lstrip("+")), {}).offers
        return next((offer for offer in offers if offer.number == number), None)

    def lookup_many(self, numbers: t.Sequence[str]) -> dict[str, Offer | None]:
        """Look the numbers up with one search by their common prefix, when its pages are fewer than the numbers."""
        beginning = os.path.commonprefix([number.lstrip("+") for number in numbers])
        read = self._pages(self._url("available"), {"number": beginning})
        found: dict[str, Offer | None] = {}
        if len(numbers) > 1 and beginning:
            moment = self.clock.now()
            first = read(None)
            if len(first.following) < len(numbers) - 1:
                offers = self.read_offers(lambda where: read(where) if where else first, self._offer, None).offers
                found = {str(offer.number): dataclasses.replace(offer, read_at=moment) for offer in offers}
        rest = [number for number in numbers if number not in found]
        return {**{number: found.get(number) for number in numbers}, **super().lookup_many(rest)}

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """Return the list of GET /sms/1/numbers."""
        return self.read_owned(self._pages(self._url(), filters or {}), self._number, "numberKey", "number", steady)

    def find(self, number: str) -> Number | None:
        return self.owned({"number": number.lstrip("+")}).get(number)

    def find_id(self, identity: str) -> Number | None:
        """Return the record of GET /sms/1/numbers/{numberKey}, or None after a 404."""
        response = self.http.request("GET", self._url(segment(identity, "id")), expect=(200, 404))
        if response.status == 404:  # without a body, as documented, or with one of this API
            failure = self.explain(response)
            if failure.provider_code or not response.body.strip():
                return None
            raise failure
        with response.reading():
            return self._number(object_from(response.json()))

    # -- change --------------------------------------------------------------------------------------------------------

    def buy(self, request: PurchaseRequest) -> Order:
        """Buy with POST /sms/1/numbers.

        The key of the bought number is read from the answer, because it may differ from the key of the offer.
        """
        try:
            response = self.http.request(
                "POST", self._url(), json={"numberKey": str(request.offer.raw["numberKey"])}, refusals=_NO_PURCHASE
            )
        except Failure as failure:
            if failure.http_status == 404 and failure.code == "not_found":
                message = f"{request.offer.number} is no longer for sale: search again."
                raise Failure(
                    "out_of_stock",
                    message,
                    provider_code=failure.provider_code,
                    provider_message=failure.provider_message,
                    http_status=404,
                ) from None
            raise
        with response.reading():
            return Order("fulfilled", (self._number(object_from(response.json())),))

    def release(self, number: Number) -> None:
        """Give back with DELETE /sms/1/numbers/{numberKey}, answered 204.

        A 404 does not show whether this request gave the number back, so the list decides.
        """
        self.http.request("DELETE", self._url(segment(number.id, "id")), expect=(204,), refusals=_NO_CANCEL)

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Return the key of the record: each purchase has its own."""
        return str(raw["numberKey"]) if raw.get("numberKey") else None

    # -- wire to model -------------------------------------------------------------------------------------------------

    def _facts(self, row: Row) -> dict[str, t.Any]:
        number = number_from(row, "number")
        price = self.told(number, mapping_from, row, "price") or {}
        word = self.told(number, text_from, row, "type")
        kind = _TYPES.get(word or "")
        return {
            "id": id_from(row, "numberKey"),
            "provider": self.name,
            "number": number,
            "country": self.told_country(number, row, "country", number),
            "type": kind,
            "capabilities": self.told(number, capabilities_from, row, "capabilities"),
            "setup_price": self.told(number, amount_from, price, "setupPrice"),
            "monthly_price": self.told(number, amount_from, price, "pricePerMonth"),
            "currency": self.told(number, text_from, price, "currency") or self.options.account_currency,
            "raw": row,
            "words": {"type": word} if word and kind is None else {},
        }

    def _number(self, row: Row) -> Number:
        return self.priced(Number(**self._facts(row), since=self.since_of(row)))

    def _offer(self, row: Row) -> Offer:
        """Return the offer in *row*.

        Due now are the set-up fee and ``initialMonthPrice``, the price of the rest of this month. That changes every
        day, so it is never computed here.
        """
        facts = self._facts(row)
        price = row.get("price")
        first = self.told(facts["number"], amount_from, price if isinstance(price, dict) else {}, "initialMonthPrice")
        return self.priced(Offer(**{**facts, "id": facts["number"]}, due_now=money.plus(facts["setup_price"], first)))

    def explain(self, response: Response) -> Failure:
        """Return the failure in an error body; a 404 may have none.

        Its form is ``{"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "…"}}}``.
        """
        try:
            answer = mapping_from(mapping_from(object_from(response.json()), "requestError"), "serviceException")
            code, message = text_from(answer, "messageId", required=True), text_from(answer, "text")
        except (Failure, Malformed):
            code, message = None, None
        if code == "NOT_ENOUGH_CREDIT":
            return Failure(
                "insufficient_credit",
                "The account has not enough credit for this purchase: top it up and run again.",
                provider_code=code,
                provider_message=message,
                http_status=response.status,
            )
        return explain_status(response, self.name, code, message)
