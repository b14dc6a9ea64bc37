# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Plivo: AvailableNumberGroup to search and rent, the Number resource for owned numbers.

Wire format: the document "AvailableNumberGroup", and for the Number resource Plivo's public API reference. The API
names no currency (``account_currency`` says it). An order may stay pending, and pending orders cannot be listed.
"""

from __future__ import annotations

import functools
import typing as t
from urllib.parse import parse_qsl, urlsplit

from .._contract.exchange import Change, Links, Order, PurchaseRequest, Search, per_number
from .._contract.features import BY_GROUP, About, Access, Credential, Features
from .._contract.paging import Page, Reader
from .._contract.provider import Provider
from .._contract.readers import (
    Row,
    amount_from,
    explain_status,
    id_from,
    integer_from,
    list_from,
    mapping_from,
    number_from,
    object_from,
    rows_from,
    text_from,
)
from .._contract.rows import Listed
from .._core import e164, money
from .._core.errors import Ambiguous, Failure, Malformed
from .._core.link import APPLICATION, Link
from .._core.model import Account, Application, Number, Offer
from .._core.selector import Selector
from .._net.auth import Auth, basic
from .._net.refusals import Refusal
from .._net.wire import RequestId, Response, follow, segment

_PAGE = 20  # rows a page: the documented maximum
_TYPES = ("local", "national", "tollfree")
_CAPABILITIES = ("mms", "sms", "voice")
_LINKED = ("sms", "voice")
# The documents describe the form of an error, and its statuses for all calls: a wrong parameter, not enough credit, or
# something that is "not found".
_NO_RENT = (Refusal(400), Refusal(402), Refusal(404, says="not found"))
_NO_CHANGE = (Refusal(400), Refusal(403), Refusal(404, says="not found"))
_NO_UNRENT = (Refusal(400), Refusal(403))
_FIELDS = {"friendly_name": "alias", "sub_account": "subaccount"}


class PlivoGroups(Provider):
    """``plivo_groups``."""

    name = "plivo_groups"
    home = "https://api.plivo.com"
    request_id = RequestId(field="api_id")  # in each answer of the document
    access = Access(
        methods=(("account_id", "password"),),
        credentials=(
            Credential("account_id", ("PLIVO_AUTH_ID",), "Auth ID", "the auth ID"),
            Credential("password", ("PLIVO_AUTH_TOKEN",), "Auth token", "the auth token"),
        ),
        url_env=("PLIVO_API_URL",),
    )
    about = About(
        title="Plivo groups",
        sells="Plivo. A purchase names a group and a quantity, Plivo chooses the numbers.",
        notes=(
            "It rents from groups and chooses the numbers itself. A search without a type takes one request for each "
            "type.",
            "It links a number whole, for voice and SMS at once.",
            "It names no currency, and an order may stay pending where no list shows it, so it buys only with a "
            "journal.",
        ),
        remarks={
            "number_configuration friendly_name": "calls it alias.",
            "number_purchase currency": "names none.",
            "selector city": "shows no cities and refuses it with C(unsupported).",
            "selector contains": (
                "has no digits before the purchase, so a search or a purchase refuses it with C(unsupported). Owned "
                "numbers can be selected by it."
            ),
            "selector country": "searches one country at a time, so a search or a purchase needs it.",
            "selector prefix": "takes at most 5 digits.",
            "selector region": (
                "knows it for local numbers only. Two letters are a region code, which can be searched by but not be "
                "recognised in owned numbers, so M(telco.numbers.number_purchase) and M(telco.numbers.number_info) "
                "refuse it."
            ),
            "selector type": "sells V(local), V(national) and V(tollfree).",
        },
    )
    features = Features(
        purchase=BY_GROUP,
        offer_keys=("country", "type", "capabilities", "prefix", "region"),
        owned_keys=("country", "type", "capabilities", "prefix", "region", "contains"),
        offer_filters=("country_iso", "number_type", "prefix", "region", "services"),
        owned_filters=("number_startswith", "type", "services", "alias", "subaccount"),
        kinds=dict.fromkeys(_LINKED, (APPLICATION,)),
        listed_kinds=(APPLICATION,),
        links_whole=True,
        unlinks_whole=True,
        links_on_purchase=True,
        links_each=True,
        default_application=True,
        configuration=tuple(_FIELDS),
        release=True,
        pending_orders=True,
        hints={
            "purchase of named numbers": (
                "plivo_groups rents from groups and chooses the numbers itself: ask for 'count' with a selector or an "
                "'offer' instead of 'numbers'."
            ),
        },
    )

    def _auth(self) -> Auth:
        return basic(self.account_key, self.options.get("password") or "", self.secrets)

    @property
    def account_key(self) -> str:
        return self.options.get("account_id") or ""

    def account(self) -> Account:
        """Return the account. One row of the owned numbers is read, to check the credentials."""
        self.http.request("GET", self._url("Number"), query={"limit": 1, "offset": 0})
        return Account(id=self.account_key, provider=self.name)

    def _url(self, *rest: str) -> str:
        """Return the URL of a resource. Every path ends with a slash."""
        return "/".join((f"{self.base(self.home)}/v1/Account", segment(self.account_key, "account_id"), *rest, ""))

    # -- read ----------------------------------------------------------------------------------------------------------

    def _pages(self, url: str, query: t.Mapping[str, t.Any]) -> Reader:
        """Return a reader of the pages of *url*: ``meta.next`` leads to the next, ``meta.total_count`` is the total.

        If pages are shorter than requested, a link may skip rows. Then the next page begins at the next row all the
        same.
        """

        def read(where: t.Any) -> Page:
            response = self.http.request("GET", url, query={**query, "limit": _PAGE, "offset": where or 0})
            with response.reading():
                answer = object_from(response.json())
                meta = mapping_from(answer, "meta", required=True)
                rows = list_from(answer, "objects")
                total = integer_from(meta, "total_count") if meta.get("total_count") is not None else None
                following = text_from(meta, "next")
                offset = self._next_offset(following, url, (where or 0) + len(rows)) if following else None
            known = (
                range(len(rows), total, len(rows)) if where is None and total and rows and offset == len(rows) else ()
            )
            return Page(rows, total, offset, known)

        return read

    def _next_offset(self, following: str, url: str, reached: int) -> int:
        """Return the offset in ``meta.next``, but at most *reached*, the number of rows read so far.

        It is *reached* when the link has no offset.
        """
        fields = dict(parse_qsl(urlsplit(follow(following, url, self.below, self.home)).query))
        return min(integer_from(fields, "offset"), reached) if "offset" in fields else reached

    def check_search(self, selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
        if not (selector.country or filters.get("country_iso")):
            raise Failure("invalid_option", "plivo_groups searches one country at a time: set 'country'.")
        if selector.prefix and len(selector.prefix) > 5:
            raise Failure(
                "invalid_option",
                f"plivo_groups's groups have prefixes of at most 5 digits: shorten prefix {selector.prefix!r}.",
            )
        if selector.type and selector.type not in _TYPES:
            raise Failure(
                "invalid_option", f"plivo_groups has no numbers of type {selector.type!r}: use {', '.join(_TYPES)}."
            )
        if selector.region and selector.type not in (None, "local"):
            raise Failure(
                "invalid_option",
                "plivo_groups knows a region for local numbers only: leave 'region' out or set type to 'local'.",
            )

    def countable(self, selector: Selector) -> tuple[str, ...]:
        """Return the selector keys that owned records decide. They name their region, so they never show its code."""
        if _is_region_code(selector):
            raise Failure(
                "unsupported",
                f"region {selector.region!r} is a code, and plivo_groups's owned numbers show a region by its name: a "
                "code can be searched for and not be "
                "counted, so write the name as available_number_info shows it.",
            )
        return super().countable(selector)

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Search with GET …/AvailableNumberGroup/.

        A search without a type finds local numbers only, so there is one search for each type.
        """
        query = {
            "country_iso": selector.country,
            "prefix": selector.prefix,
            "region": selector.region,
            "services": _services(selector),
        }
        query.update(filters)
        build = functools.partial(self._offer, country=str(query["country_iso"]).upper())
        already_filtered = ("region",) if _is_region_code(selector) else ()
        kinds = (
            [filters["number_type"]]
            if filters.get("number_type")
            else [selector.type]
            if selector.type
            else self._kinds(query)
        )
        offers: list[Offer] = []
        complete, stopped = True, False
        for kind in kinds:
            left = None if limit is None else max(1, limit - len(offers))
            found = self.read_offers(
                self._pages(self._url("AvailableNumberGroup"), {**query, "number_type": kind}), build, left
            )
            offers.extend(found.offers)
            complete, stopped = complete and found.complete, stopped or found.stopped
        return Search(selector.narrowed(offers, already_filtered), complete, stopped)

    @staticmethod
    def _kinds(query: t.Mapping[str, t.Any]) -> tuple[str, ...]:
        """Return the types to search for. A region applies to local numbers only."""
        return ("local",) if query.get("region") else _TYPES

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """Return the list of GET …/Number/."""
        return self.read_owned(
            self._pages(self._url("Number"), filters or {}), self._number, "number", "number", steady
        )

    def find(self, number: str) -> Number | None:
        """Return the record of GET …/Number/{number}/, or None when the account does not own the number."""
        try:
            response = self.http.request("GET", self._url("Number", segment(number.lstrip("+"), "number")))
        except Failure as failure:
            if failure.http_status == 404 and failure.provider_message:
                return None
            raise
        with response.reading():
            record = object_from(response.json())
            record.pop("api_id", None)  # the id of the request, not of the number
            return self._number(record)

    def find_id(self, identity: str) -> Number | None:
        return self.find(identity)

    def applications(self, name: str | None = None, kind: str | None = None) -> list[Application]:
        """Return the list of GET …/Application/ (public API reference). Each application serves voice and SMS."""
        pages = self._pages(self._url("Application"), {"app_name": name})
        return self.read_applications(pages, self._application, "app_id")

    @staticmethod
    def _application(row: Row) -> Application:
        return Application(id_from(row, "app_id"), text_from(row, "app_name"), APPLICATION, _LINKED)

    # -- change --------------------------------------------------------------------------------------------------------

    def buy(self, request: PurchaseRequest) -> Order:
        """Buy with POST …/AvailableNumberGroup/{group_id}/, answered 201: fulfilled or pending."""
        offer, quantity = request.offer, request.quantity
        body: dict[str, t.Any] = {"quantity": quantity}
        application = request.links[0].id if request.links else None  # one application serves all capabilities
        if application:
            body["app_id"] = application
        try:
            response = self.http.request(
                "POST",
                self._url("AvailableNumberGroup", segment(offer.id, "offer")),
                json=body,
                expect=(201,),
                refusals=_NO_RENT,
            )
        except Ambiguous:
            raise
        except Failure as failure:
            raise self._refused_purchase(failure, offer, quantity, application) from None
        with response.reading():
            return self._order(object_from(response.json()), quantity)

    @staticmethod
    def _refused_purchase(failure: Failure, offer: Offer, quantity: int, application: str | None) -> Failure:
        """Return the failure that a refused purchase means.

        If the refusal names the stock or the group, other buyers were faster. So does "not found", when it can only be
        about the group.
        """
        words = (failure.provider_message or "").lower()
        vanished = failure.code == "not_found" and not application
        if failure.http_status not in (400, 404) or not (
            vanished or any(word in words for word in ("stock", "quantity", "group", "not available"))
        ):
            return failure
        message = f"The group {offer.id} no longer has {quantity} numbers: search again."
        return Failure(
            "out_of_stock",
            message,
            provider_code=failure.provider_code,
            provider_message=failure.provider_message,
            http_status=failure.http_status,
        )

    def _order(self, answer: Row, quantity: int) -> Order:
        """Return the order in *answer*: its status and, in the newer form of answers, the status of each number."""
        status = id_from(answer, "status").lower()
        rows = rows_from(answer["numbers"], "numbers") if answer.get("numbers") is not None else []
        message = text_from(answer, "details") or text_from(answer, "message")
        if status not in ("fulfilled", "pending", "partial"):
            raise Malformed(f"its status {status} is unknown")
        if status == "fulfilled" and len(rows) != quantity:
            raise Malformed(f"it names {len(rows)} numbers instead of {quantity}")
        states = {(text_from(row, "status") or "success").lower() for row in rows}
        if not states <= {"success", "fulfilled", "active", "pending"}:
            raise Malformed(f"its numbers have the status {', '.join(sorted(states))}")
        numbers = tuple(self._number_of_order(number_from(row, "number")) for row in rows)
        done = len(numbers) == quantity and "pending" not in states
        return Order("fulfilled" if done else "pending", numbers, message)

    def _number_of_order(self, number: str) -> Number:
        """Return the record of a *number* of which an order shows the digits alone."""
        return self.priced(
            Number(
                id=number.lstrip("+"),
                provider=self.name,
                number=number,
                country=e164.country_of(number),
                currency=self.options.account_currency,
            )
        )

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return {"friendly_name": number.friendly_name, "sub_account": _last_part(number.raw.get("sub_account"))}

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number | None:
        """Write with POST …/Number/{number}/; an empty text clears a setting.

        The answer is 202 ``{"message": "changed"}``, which does not show the number.
        """
        self._post(number, {_FIELDS[option]: value or "" for option, value in changes.items()})
        return None

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        for number, items in per_number(additions):
            yield Change(functools.partial(self._post, number, {"app_id": items[0].link.id}), additions=items)
        yield from self.unlink(removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """Unlink each number with an empty ``app_id``."""
        for number, items in per_number(removals):
            yield Change(functools.partial(self._post, number, {"app_id": ""}), removals=items)

    def _post(self, number: Number, body: dict[str, t.Any]) -> None:
        response = self.http.request(
            "POST", self._url("Number", segment(number.id, "number")), json=body, expect=(200, 202), refusals=_NO_CHANGE
        )
        with response.reading():
            if (text_from(object_from(response.json()), "message") or "").lower() != "changed":
                raise Malformed("its message is not 'changed'")

    def release(self, number: Number) -> None:
        """Give back with DELETE …/Number/{number}/, answered 204.

        A 404 does not show whether this request gave the number back, so the list decides.
        """
        self.http.request(
            "DELETE", self._url("Number", segment(number.id, "number")), expect=(204,), refusals=_NO_UNRENT
        )

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Return the day on which the number was rented."""
        return str(raw["added_on"]) if raw.get("added_on") else None

    # -- wire to model -------------------------------------------------------------------------------------------------

    def _number(self, row: Row) -> Number:
        number = number_from(row, "number")
        capabilities = self.told(number, _enabled, row, "enabled")
        linkable = _served(capabilities)
        application = _last_part(text_from(row, "application"))
        name, country = self.told(number, _region_parts, row, "region") or ("", "")
        word = self.told(number, text_from, row, "number_type") or self.told(number, text_from, row, "type")
        return self.priced(
            Number(
                id=number.lstrip("+"),
                provider=self.name,
                number=number,
                country=_COUNTRIES.get(country.upper()) or e164.country_of(number),
                type=_kind(word),
                capabilities=capabilities,
                links=tuple(Link(capability, application) for capability in linkable or (None,)) if application else (),
                links_known="application" in row,
                since=self.since_of(row),
                region=name or country or None,
                friendly_name=self.told(number, text_from, row, "alias"),
                monthly_price=self.told(number, amount_from, row, "monthly_rental_rate"),
                currency=self.options.account_currency,
                status="pending" if row.get("active") is False else "active",
                raw=row,
                words={"type": word} if word and _kind(word) is None else {},
            )
        )

    def _offer(self, row: Row, country: str) -> Offer:
        """Return the offer in *row* of a search in *country*, which the row does not show.

        Due now are the set-up fee and the first month; both rates are for one number.
        """
        group = id_from(row, "group_id")
        setup = self.told(group, amount_from, row, "setup_rate")
        monthly = self.told(group, amount_from, row, "rental_rate")
        name, land = self.told(group, _region_parts, row, "region") or ("", "")
        word = self.told(group, text_from, row, "number_type")
        return self.priced(
            Offer(
                id=group,
                provider=self.name,
                stock=integer_from(row, "stock"),
                country=self.told_country(group, row, "country_iso") or country,
                type=_kind(word),
                capabilities=self.told(group, _enabled, row, "enabled"),
                area_code=self.told(group, text_from, row, "prefix"),
                region=name or land or None,
                setup_price=setup,
                monthly_price=monthly,
                due_now=money.plus(setup, monthly),
                currency=self.options.account_currency,
                raw=row,
            )
        )

    def explain(self, response: Response) -> Failure:
        """Return the failure in an error body: ``{"api_id": "…", "error": "not found"}``, or an object as ``error``."""
        try:
            answer = object_from(response.json())
            # An answer without an api_id may come from a proxy, and has an "error" of its own.
            words = answer.get("error") if text_from(answer, "api_id") else None
            if isinstance(words, dict):
                words = (
                    words.get("error")
                    or words.get("message")
                    or "; ".join(f"{key}: {value}" for key, value in words.items())
                )
            message = str(words) if words else None
        except (Failure, Malformed):
            message = None
        return explain_status(response, self.name, None, message)


def _is_region_code(selector: Selector) -> bool:
    return selector.region is not None and len(selector.region) == 2


def _services(selector: Selector) -> str | None:
    words = [capability for capability in ("voice", "sms") if capability in selector.capabilities]
    return ",".join(words) or None


def _served(enabled: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the capabilities that a record's application serves: *enabled*, or all when the record does not say."""
    return _LINKED if enabled is None else tuple(capability for capability in enabled if capability in _LINKED)


def _enabled(row: t.Mapping[str, t.Any], key: str) -> tuple[str, ...] | None:
    flags = {capability: row.get(f"{capability}_{key}") for capability in _CAPABILITIES}
    if all(flag is None for flag in flags.values()):
        return None
    for capability, flag in flags.items():
        if flag not in (None, True, False):
            raise Malformed(f"its {capability}_{key} is neither true nor false")
    return tuple(capability for capability, flag in flags.items() if flag is True)


# Countries of a shared numbering plan, by their names in a record's region: the digits do not decide between them.
_COUNTRIES = {
    "AUSTRALIA": "AU",
    "CANADA": "CA",
    "FINLAND": "FI",
    "ITALY": "IT",
    "KAZAKHSTAN": "KZ",
    "NORWAY": "NO",
    "PUERTO RICO": "PR",
    "RUSSIA": "RU",
    "UNITED KINGDOM": "GB",
    "UNITED STATES": "US",
}


def _kind(word: str | None) -> str | None:
    kind = (word or "").lower()
    return kind if kind in (*_TYPES, "mobile") else None


def _region_parts(row: Row, key: str) -> tuple[str, str]:
    """Return the region's name and the country after it, which a record writes as ``AMIENS, FRANCE``."""
    name, _comma, country = (text_from(row, key) or "").rpartition(",")
    return name.strip(), country.strip()


def _last_part(uri: t.Any) -> str | None:
    """Return the id at the end of a resource's address, or the text itself when it is no address."""
    return str(uri).rstrip("/").rpartition("/")[2] or None if uri else None
