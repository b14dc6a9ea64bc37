# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Acme: a provider that does not exist, for the page "Adding a provider".

Single numbers, a bearer token, JSON, pages by ``offset`` with a ``total``. It names currencies and numbers, and has no
applications.
"""

from __future__ import annotations

import typing as t

from .._contract import readers as read
from .._contract.exchange import Order, PurchaseRequest, Search
from .._contract.features import BY_NUMBER, About, Access, Credential, Features
from .._contract.paging import Page, Reader
from .._contract.provider import Provider
from .._contract.rows import Listed
from .._core import money
from .._core.errors import Failure, Malformed
from .._core.model import NUMBER_TYPES, Account, Number, Offer
from .._core.selector import Selector
from .._net.auth import Auth, bearer
from .._net.refusals import Refusal
from .._net.wire import RequestId, Response, segment

_PAGE, _KEYS = 50, ("country", "type", "capabilities", "prefix", "contains")
_CODES: t.Mapping[str, tuple[str, str]] = {
    "number_taken": ("out_of_stock", "This number is no longer for sale: search again."),
    "credit_too_low": ("insufficient_credit", "The account has not enough credit: top it up and run again."),
    "document_missing": ("regulatory", "This number needs a document: file it with Acme, or take another number."),
}
# What Acme's document lists as refusals of a purchase. After any other answer it may have been carried out.
_NO_PURCHASE = (Refusal(400), Refusal(402, "credit_too_low"), Refusal(409, "number_taken"))


class Acme(Provider):
    """``acme``."""

    name = "acme"
    home = "https://api.acme.example"
    request_id = RequestId(("Acme-Request-Id",))
    access = Access(
        methods=(("token",),),
        credentials=(
            Credential("account_id", ("ACME_ACCOUNT_ID",), "Account ID", "the account"),
            Credential("token", ("ACME_TOKEN",), "Token", "the token"),
        ),
        required=("account_id",),
        url_env=("ACME_API_URL",),
        refused_env={"ACME_REGION": "unset it, and set api_url (or ACME_API_URL) to the address of that region."},
    )
    about = About("Acme", "Acme. A purchase names the number.", ("A number has a name, and no application.",))
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=_KEYS,
        owned_keys=_KEYS,
        offer_filters=("country", "type", "capability", "number"),
        owned_filters=("number",),
        configuration=("friendly_name",),
        release=True,
        hints={"assignment": "acme has no applications: set where a number's calls go in the Acme console."},
    )

    # -- who -----------------------------------------------------------------------------------------------------------

    def _auth(self) -> Auth:
        return bearer(str(self.options.get("token")), self.secrets)

    @property
    def account_key(self) -> str:
        return self.options.get("account_id") or ""

    def account(self) -> Account:
        """GET /v2/accounts/{account}."""
        response = self.http.request("GET", self._account_url())
        with response.reading():
            record = read.object_from(response.json())
            name = read.text_from(record, "name")
            return Account(id=read.id_from(record, "id"), provider=self.name, name=name, raw=record)

    def _url(self, *rest: str) -> str:
        return "/".join((f"{self.base(self.home)}/v2", *rest))

    def _account_url(self, *rest: str) -> str:
        return self._url("accounts", segment(self.account_key, "account_id"), *rest)

    # -- read ----------------------------------------------------------------------------------------------------------

    def _pages(self, url: str, query: t.Mapping[str, t.Any]) -> Reader:
        """A reader of the pages of *url*. The first page tells where the others are: they are read side by side."""

        def page(where: t.Any) -> Page:
            offset = where or 0
            response = self.http.request("GET", url, query={"limit": _PAGE, "offset": offset, **query})
            with response.reading():
                answer = read.object_from(response.json())
                rows, total = read.list_from(answer, "items"), read.integer_from(answer, "total")
            after = offset + len(rows)
            known = range(len(rows), total, len(rows)) if offset == 0 and rows else ()
            return Page(rows, total, after if rows and after < total else None, known)

        return page

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """GET /v2/offers. It filters by some of the keys; ``narrowed`` decides the others here."""
        query = {"country": selector.country, "type": selector.type, "number": selector.contains, **filters}
        found = self.read_offers(self._pages(self._url("offers"), query), self._offer, limit)
        return found._replace(offers=selector.narrowed(found.offers))

    def lookup(self, number: str) -> Offer | None:
        offers = self.search(Selector(contains=number.lstrip("+")), {}).offers
        return next((offer for offer in offers if offer.number == number), None)

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """GET /v2/accounts/{account}/numbers."""
        pages = self._pages(self._account_url("numbers"), filters or {})
        return self.read_owned(pages, self._number, "id", "number", steady)

    def find(self, number: str) -> Number | None:
        return self.owned({"number": number.lstrip("+")}).get(number)

    # -- change --------------------------------------------------------------------------------------------------------

    def buy(self, request: PurchaseRequest) -> Order:
        """POST /v2/accounts/{account}/numbers, answered 201 with the number's record."""
        body = {"number": request.offer.number}
        response = self.http.request(
            "POST", self._account_url("numbers"), json=body, expect=(201,), refusals=_NO_PURCHASE
        )
        with response.reading():
            return Order("fulfilled", (self._number(read.object_from(response.json())),))

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return {"friendly_name": number.friendly_name}

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number:
        """PATCH /v2/accounts/{account}/numbers/{id}; null clears."""
        response = self.http.request(
            "PATCH", self._account_url("numbers", segment(number.id, "id")), json={"name": changes["friendly_name"]}
        )
        with response.reading():
            return self._number(read.object_from(response.json()))

    def release(self, number: Number) -> None:
        """DELETE /v2/accounts/{account}/numbers/{id}, answered 204."""
        self.http.request("DELETE", self._account_url("numbers", segment(number.id, "id")), expect=(204,))

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Each purchase has an id of its own."""
        return str(raw["id"]) if raw.get("id") else None

    # -- wire to model -------------------------------------------------------------------------------------------------

    def _facts(self, row: read.Row) -> dict[str, t.Any]:
        number = read.number_from(row, "number")
        price = self.told(number, read.mapping_from, row, "price") or {}
        word = self.told(number, read.text_from, row, "type")
        known = word in NUMBER_TYPES
        return {
            "provider": self.name,
            "number": number,
            "country": self.told_country(number, row, "country", number),
            "type": word if known else None,
            "capabilities": self.told(number, read.capabilities_from, row, "capabilities"),
            "setup_price": self.told(number, read.amount_from, price, "setup"),
            "monthly_price": self.told(number, read.amount_from, price, "monthly"),
            "currency": self.told(number, read.text_from, price, "currency") or self.options.account_currency,
            "raw": row,
            "words": {"type": word} if word and not known else {},
        }

    def _number(self, row: read.Row) -> Number:
        facts = self._facts(row)
        name = self.told(facts["number"], read.text_from, row, "name")
        return self.priced(Number(**facts, id=read.id_from(row, "id"), friendly_name=name, since=self.since_of(row)))

    def _offer(self, row: read.Row) -> Offer:
        """Acme bills the set-up fee and the first month at once."""
        facts = self._facts(row)
        due = money.plus(facts["setup_price"], facts["monthly_price"])
        return self.priced(Offer(**facts, id=facts["number"], due_now=due))

    def explain(self, response: Response) -> Failure:
        """Error body: ``{"error": {"code": "number_taken", "message": "…"}}``."""
        try:
            error = read.mapping_from(read.object_from(response.json()), "error")
            code, message = read.text_from(error, "code"), read.text_from(error, "message")
        except (Failure, Malformed):
            code, message = None, None
        if code in _CODES:
            kind, advice = _CODES[str(code)]
            return Failure(kind, advice, provider_code=code, provider_message=message, http_status=response.status)
        return read.explain_status(response, self.name, code, message)
