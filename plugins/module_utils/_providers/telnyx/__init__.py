# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Telnyx: the API v2, as far as it has to do with numbers.

Wire format: the vendor's description (team-telnyx/openapi of July 2026) and its knowledge base. A purchase is an order
for numbers that a search showed shortly before; it is carried out later and each of its rows ends on its own. Voice and
messages of a number are two links, each in a path of its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import typing as t
from decimal import Decimal

from ..._contract.declared import Paper, Setting
from ..._contract.exchange import Change, Links, NumberLink, Order, PurchaseRequest, Search, per_number
from ..._contract.features import BY_NUMBER, About, Access, Credential, Features
from ..._contract.paging import read_list
from ..._contract.provider import Provider
from ..._contract.readers import (
    Row,
    amount_from,
    id_from,
    long_number_in,
    mapping_from,
    name_in,
    number_from,
    number_in,
    text_from,
)
from ..._contract.rows import Listed
from ..._core import e164
from ..._core.errors import Failure, Malformed
from ..._core.link import URL
from ..._core.model import Account, Application, Number, Offer
from ..._core.selector import Selector
from ..._net.auth import Auth, bearer
from ..._net.wire import RequestId, Response
from . import catalogue, errors, orders, records, settings
from .api import HOME, Api
from .records import CONNECTION, MESSAGING, PROFILE, VOICE

_KEYS = ("country", "type", "capabilities", "prefix", "contains")
_NUMBERS = "/phone_numbers"
_SORTED = {"sort": "phone_number"}
_KEY = "KEY"  # what every API key begins with; a client's id does not
_OWNED_FILTERS = tuple(
    f"filter[{name}]"
    for name in (
        *("phone_number", "status", "country_iso_alpha2", "number_type][eq", "connection_id", "tag", "source"),
        *("customer_reference", "billing_group_id", "emergency_address_id", "without_tags"),
    )
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_REFERENCE = 100  # characters of a customer's reference that are joined to our key
_HIDDEN = "external_pin"  # the secret that lets a number be moved away; nobody is shown it


class Telnyx(Provider):
    """``telnyx``."""

    name = "telnyx"
    home = HOME
    request_id = RequestId(("X-Request-Id",))
    rewrites = True
    access = Access(
        methods=(("api_key", "api_secret"), ("api_key",)),
        credentials=(
            Credential(
                "api_key",
                ("TELNYX_API_KEY", "TELNYX_CLIENT_ID"),
                "API key",
                "the API key, or the id of an OAuth client",
            ),
            Credential("api_secret", ("TELNYX_CLIENT_SECRET",), "Client secret", "the secret of the OAuth client"),
            Credential(
                "account_id",
                (),
                "Account ID",
                "a name for the account, which is never sent. A purchase needs it, because lock and journal know the "
                "account by it",
            ),
        ),
        url_env=("TELNYX_BASE_URL",),
    )
    about = About(
        title="Telnyx",
        sells="Telnyx. A purchase is an order that names the numbers.",
        notes=(
            "It sells numbers by orders that are carried out later and whose rows end one by one, each at its own "
            "price, and links voice and SMS separately.",
            "Its records say nowhere whether a number can do voice, so that is unknown.",
            "It has no names of numbers, and O(telco.numbers.number_configuration#module:tags) and "
            "C(customer_reference) take their place.",
            "Its API names no account, so a purchase needs a name of yours for it.",
        ),
        remarks={
            "account_info id": "names none, so it is O(account_id), and V(null) when that is not given.",
        },
    )
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=(*_KEYS, "region", "city"),
        owned_keys=_KEYS,
        offer_filters=catalogue.FILTERS,
        owned_filters=_OWNED_FILTERS,
        kinds={"sms": (PROFILE,), "voice": (CONNECTION,)},
        listed_kinds=(CONNECTION, PROFILE),
        links_on_purchase=True,
        links_each=True,
        search_endings=True,
        configuration=(settings.TAGS,),
        provider_options=(
            Setting("customer_reference", help="The line of text by which you look numbers up."),
            Setting("billing_group", help="The id of the billing group that the numbers will belong to."),
        ),
        provider_settings=settings.DECLARED,
        regulatory=(
            Paper(
                "requirement_group",
                ("address", "local_address", "identity", "documents"),
                "the id of a requirement group for the country and type",
            ),
        ),
        offers_per_purchase=250,
        names_account=False,
        papers_checked_at_purchase=False,
        orders_by_id=True,
        orders_by_key=True,
        asynchronous=True,
        release=True,
        shows_charge=False,
        hints={
            "friendly_name": (
                "telnyx has no friendly_name: give its numbers 'tags', or 'customer_reference' in 'provider_settings'."
            ),
            "counting capabilities": (
                "telnyx's records of owned numbers do not show whether they can do voice: leave 'voice' out of "
                "'capabilities'. With an 'application' for voice only numbers are bought that can do it."
            ),
        },
    )

    def _auth(self) -> Auth:
        key = self.options.get("api_key") or ""
        if self.options.get("api_secret") and not key.startswith(_KEY):
            return self.client_credentials(f"{self._base}/oauth/token")
        return bearer(key, self.secrets)

    @property
    def _base(self) -> str:
        return Api.base_of(self.base(self.home))

    @property
    def account_key(self) -> str:
        """The name of the account, or else a digest of the key, which differs between accounts."""
        named = self.options.get("account_id")
        return named or hashlib.sha256((self.options.get("api_key") or "").encode("utf-8")).hexdigest()[:16]

    @property
    def api(self) -> Api:
        """The API of the account."""
        return Api(self.http, self._base)

    @property
    def regulation(self) -> catalogue.Regulation:
        """What numbers need, as far as this task has asked."""
        if self._regulation is None:
            self._regulation = catalogue.Regulation(self.api, self.workers)
        return self._regulation

    _regulation: catalogue.Regulation | None = None

    def account(self) -> Account:
        """The first of the numbers is a read that every key may do; the balance needs more."""
        self.api.request("GET", _NUMBERS, query={"page[size]": 1})
        return Account(id=self.options.get("account_id"), provider=self.name)

    # -- offers --------------------------------------------------------------------------------------------------------

    def check_search(self, selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
        catalogue.check(selector)

    def countable(self, selector: Selector) -> tuple[str, ...]:
        if "voice" in selector.capabilities:
            raise self.features.unsupported("counting capabilities", self.name)
        return self.features.owned_keys

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """GET /available_phone_numbers, one window, and what the numbers in it need."""
        return self._searched(selector, catalogue.query_of(selector), filters)

    def search_ending(self, selector: Selector, ending: str, papers: t.Collection[str]) -> Search:
        return self._searched(selector, catalogue.query_of(selector, ending), {})

    def _searched(self, selector: Selector, query: t.Mapping[str, t.Any], filters: t.Mapping[str, t.Any]) -> Search:
        word = records.SEARCHED[selector.type] if selector.type else None
        country = str(selector.country)
        window = catalogue.search(self.api, country, word, {"exclude_held_numbers": True, **query}, filters)
        offers = self._offers(window, country)
        return Search(selector.narrowed(offers), window=window.capped)

    def lookup(self, number: str) -> Offer | None:
        return self.lookup_many([number])[number]

    def lookup_many(self, numbers: t.Sequence[str]) -> dict[str, Offer | None]:
        """A search by what numbers that lie close together begin with, in each country that may have them."""
        found: dict[str, Offer | None] = dict.fromkeys(numbers)
        for country in catalogue.countries_for(numbers):
            open_ = [name for name, offer in found.items() if offer is None and country in e164.countries_of(name)]
            windows = catalogue.named(self.api, self.workers, country, open_) if open_ else []
            rows = [row for window in windows for row in window.rows if long_number_in(row, "phone_number") in open_]
            moment = self.clock.now()
            for offer in self._offers(catalogue.Window(None, rows), country) if rows else ():
                found[str(offer.number)] = dataclasses.replace(offer, read_at=moment)
        return found

    def _offers(self, window: catalogue.Window, country: str) -> list[Offer]:
        """The offers of a window, with what they need: by their type where that was searched for, else by number."""
        names = [name for name in (long_number_in(row, "phone_number") for row in window.rows) if name]
        if window.word is not None:
            needed = self.regulation.of_type(country, window.word) if names else None
            papers: catalogue.Papers = dict.fromkeys(names, (window.word, needed))
        else:
            papers = self.regulation.of_numbers(names) if names else {}
        return self.offered(window.rows, lambda row: self._offer(row, country, papers))

    def _offer(self, row: Row, country: str, papers: catalogue.Papers) -> Offer:
        """Both fees are due at the purchase."""
        number = number_from(row, "phone_number", names=False)
        word, needed = papers.get(number, (None, None))
        kind = records.kind_of(word, number)
        cost = self.told(number, mapping_from, row, "cost_information") or {}
        monthly, setup = (self.told(number, amount_from, cost, f"{name}_cost") for name in ("monthly", "upfront"))
        currency = self.told(number, text_from, cost, "currency")
        return self.priced(
            Offer(
                id=number,
                provider=self.name,
                number=number,
                country=self.told(number, records.place_of, row, "country_code") or e164.country_of(number) or country,
                type=kind,
                capabilities=self.told(number, _features_of, row, "features"),
                region=self.told(number, records.place_of, row, "state"),
                city=self.told(number, records.place_of, row, "location"),
                setup_price=setup,
                monthly_price=monthly,
                due_now=None if monthly is None or setup is None else Decimal(monthly + setup),
                currency=currency.upper() if currency else self.options.account_currency,
                requirements=needed,
                raw=row,
                words={"type": word} if word and kind is None else {},
            )
        )

    # -- numbers -------------------------------------------------------------------------------------------------------

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """GET /phone_numbers, then the messaging and the voice settings of all numbers, side by side: the number's own
        record leaves out what it can do and where it forwards to.
        """
        query = {**_SORTED, **(filters or {})}
        rows = read_list(self.api.pages(_NUMBERS, query), self.workers, _names, steady)
        kept = [row for row in rows if not records.is_gone(row)]
        if kept:
            messaging, voice = self.workers.map(self._all, (MESSAGING, VOICE))
            more = {MESSAGING: _by_id(messaging), VOICE: _by_id(voice)}
            kept = [_joined(row, more) for row in kept]
        return self.listed(kept, self._number, "phone_number")

    def _all(self, settings_of: str) -> list[t.Any]:
        reader = self.api.pages(f"{_NUMBERS}/{settings_of}", {})
        return read_list(reader, self.workers, lambda row: (name_in(row, "id"),), False)

    def find(self, number: str) -> Number | None:
        """The list filtered by the digits, which match parts of others, too; then its further settings."""
        digits = number.lstrip("+")
        if len(digits) < 3:
            return self.owned().get(number)
        query = {**_SORTED, "filter[phone_number]": digits}
        rows = read_list(self.api.pages(_NUMBERS, query), self.workers, _names, False)
        here = [row for row in rows if not records.is_gone(row)]
        own = [row for row in here if number_in(row, "phone_number") == number]
        found = self.listed(own, self._number, "phone_number")
        found.check_absent([number], surely=False)
        return self._completed(found[0]) if found else None

    def find_id(self, identity: str) -> Number | None:
        """GET /phone_numbers/{id}, which would take digits, too."""
        if not identity.isdigit():
            return None
        try:
            response, record = self.api.record("GET", _NUMBERS, identity)
        except Failure as failure:
            if failure.provider_code == "10005":
                return None
            raise
        with response.reading():
            found = self._number(record)
        return self._completed(found) if found.id == identity and not records.is_gone(record) else None

    def _completed(self, number: Number) -> Number:
        """*number* with its messaging and voice settings, as far as it has them: one that is on order has none yet."""

        def read(part: str) -> tuple[str, t.Any]:
            try:
                response, record = self.api.record("GET", _NUMBERS, number.id, part)
            except Failure as failure:
                if failure.provider_code != "10005":
                    raise
                return part, None
            with response.reading():
                found = _settings_of(record)
                self._number({**number.raw, part: found})
            return part, found

        told = dict(self.workers.map(read, (MESSAGING, VOICE)))
        return self._number({**number.raw, **{name: record for name, record in told.items() if record is not None}})

    def _number(self, row: Row) -> Number:
        number = number_from(row, "phone_number")
        word = self.told(number, text_from, row, "phone_number_type")
        kind = records.kind_of(word, number)
        links, covered, known = records.links_of(row)
        able = self.told(number, _messages_of, row, MESSAGING)
        tags = row.get("tags")
        return self.priced(
            Number(
                id=id_from(row, "id"),
                provider=self.name,
                number=number,
                country=self.told_country(number, row, "country_iso_alpha2", number),
                type=kind,
                capabilities=able,
                untold=records.untold_of(row),
                links=links,
                covered=covered,
                links_known=known,
                tags=tuple(map(str, tags)) if isinstance(tags, list) else None,
                status=records.status_of(row),
                since=self.since_of(row),
                raw={key: value for key, value in row.items() if key != _HIDDEN},
                words={"type": word} if word and kind is None else {},
            )
        )

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Each purchase has an id of its own."""
        return str(raw["id"]) if raw.get("id") else None

    @staticmethod
    def untold_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...]:
        return records.untold_of(raw)

    # -- change --------------------------------------------------------------------------------------------------------

    def order_key(self, key: str, options: t.Mapping[str, t.Any]) -> str:
        """The customer's reference and our key share one field, by which the order is found."""
        own = str(options.get("customer_reference") or "")[:_REFERENCE]
        return f"{own} {key}" if own else key

    def buy(self, request: PurchaseRequest) -> Order:
        """POST /number_orders. What no search has shown shortly before is searched for, and ordered once more."""
        try:
            return orders.place(self.api, request)
        except Failure as failure:
            if failure.provider_code != "85000":
                raise
        offered = self.lookup_many([str(offer.number) for offer in request.offers])
        gone = sorted(name for name, offer in offered.items() if offer is None)
        if gone:
            raise Failure("out_of_stock", f"{', '.join(gone[:5])} cannot be bought from telnyx any more: search again.")
        return orders.place(self.api, request)

    def order(self, identity: str) -> Order | None:
        return orders.by_id(self.api, identity)

    def order_by_key(self, key: str) -> Order | None:
        return orders.by_key(self.api, key)

    def check_configuration(self, wanted: t.Mapping[str, t.Any]) -> None:
        settings.check(wanted)

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return settings.values_of(number.raw)

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number:
        """PATCH /phone_numbers/{id}, and PATCH …/voice, as far as each is concerned."""
        own, voice = settings.own_body(changes), settings.voice_body(number.raw, changes)
        if own:
            number = self._patched(number, own)
        return self._patched(number, voice, VOICE) if voice else number

    def _patched(self, number: Number, body: t.Mapping[str, t.Any], part: str | None = None) -> Number:
        """The number as the answer to a change of it shows it, or of its *part*: messaging or voice settings."""
        path = (part,) if part else ()
        response, record = self.api.record("PATCH", _NUMBERS, number.id, *path, json=body, refusals=errors.NOT_CHANGED)
        with response.reading():
            shown = text_from(record, "phone_number")
            if shown is not None and long_number_in(record, "phone_number") != number.number:
                raise Malformed(f"it is about {shown}")
            raw = {**number.raw, **record} if part is None else {**number.raw, part: _settings_of(record)}
            if part == MESSAGING:  # what the number's own record says of its profile is old now
                raw = {name: value for name, value in raw.items() if not name.startswith(PROFILE)}
            return self._number(raw)

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        """A link takes the place of the one before. A forward of all calls goes first, and so is turned off."""
        for number, items in per_number(additions):
            for item in items:
                forward = next((link for link in number.links if link.kind == URL and link.capability == "voice"), None)
                if item.link.kind == CONNECTION and forward is not None:
                    yield Change(self._sender(number, None, URL), removals=[NumberLink(number, forward)])
                yield Change(self._sender(number, item.link.id, item.link.kind), additions=[item])
        yield from self.unlink(removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """An empty text takes a link off."""
        for number, items in per_number(removals):
            for item in items:
                yield Change(self._sender(number, "", item.link.kind), removals=[item])

    def _sender(self, number: Number, application: str | None, kind: str) -> t.Callable[[], Number]:
        """What sends a change of a link, and returns the number as the answer shows it."""
        if kind == URL:
            off = settings.voice_body(number.raw, {"call_forwarding_enabled": False})
            return lambda: self._patched(number, off, VOICE)
        if kind == PROFILE:
            return lambda: self._patched(number, {"messaging_profile_id": application}, MESSAGING)
        return lambda: self._patched(number, {"connection_id": application})

    def applications(self, name: str | None = None, kind: str | None = None) -> list[Application]:
        """GET /connections, which has every kind of them, and GET /messaging_profiles, whose rows hold secrets."""

        def read(one: str) -> list[Application]:
            if one == PROFILE:
                query = {"filter[name][eq]": name}
                reader = self.api.pages("/messaging_profiles", query, hidden=True)
                return self.read_applications(reader, lambda row: _application(row, PROFILE, "name", "sms"), "id")
            part = name if name and len(name) >= 3 else None
            reader = self.api.pages("/connections", {"filter[connection_name][contains]": part})
            return self.read_applications(
                reader, lambda row: _application(row, CONNECTION, "connection_name", "voice"), "id"
            )

        kinds = [one for one in self.features.listed_kinds if kind in (None, one)]
        return [application for found in self.workers.map(read, kinds) for application in found]

    def kind_of(self, application: str) -> str | None:
        if application.isdigit():
            return CONNECTION
        return PROFILE if _UUID.match(application) else None

    def release(self, number: Number) -> None:
        """DELETE /phone_numbers/{id}: 200 and the record, which is deleted. What is still on order is cancelled."""
        if number.raw.get("deletion_lock_enabled") is True:
            raise Failure(
                "conflict",
                f"{number.number} has its deletion lock on (deletion_lock_enabled), so telnyx does not take it back: "
                "turn that off in the vendor's portal first.",
            )
        if records.is_on_order(number.raw):
            orders.cancel(self.api, number.number)
            return
        response, record = self.api.record("DELETE", _NUMBERS, number.id, refusals=errors.NOT_CHANGED)
        with response.reading():
            if text_from(record, "status") != "deleted":
                raise Malformed("it does not say that the number is deleted")

    def explain(self, response: Response) -> Failure:
        return errors.explain(response, self.name)


def _names(row: t.Any) -> tuple[str | None, str | None]:
    """What tells rows of the list apart. The same digits may have been owned before."""
    return name_in(row, "id"), None if records.is_gone(row) else long_number_in(row, "phone_number")


def _by_id(rows: t.Sequence[t.Any]) -> dict[str, t.Any]:
    return {str(name_in(row, "id")): row for row in rows if isinstance(row, dict)}


def _joined(row: t.Any, more: t.Mapping[str, t.Mapping[str, t.Any]]) -> t.Any:
    """A row with its further settings."""
    if not isinstance(row, dict):
        return row
    found = {name: rows.get(str(name_in(row, "id"))) for name, rows in more.items()}
    return {**row, **{name: _settings_of(record) for name, record in found.items() if record is not None}}


def _settings_of(record: Row) -> Row:
    """Messaging or voice settings without what they repeat of the number's own record."""
    return {name: value for name, value in record.items() if name not in ("connection_id", "customer_reference")}


def _messages_of(row: Row, _key: str) -> tuple[str, ...] | None:
    return records.messages_of(row)


def _features_of(row: Row, _key: str) -> tuple[str, ...]:
    return records.features_of(row)


def _application(row: Row, kind: str, name: str, capability: str) -> Application:
    return Application(id_from(row, "id"), text_from(row, name), kind, (capability,))
