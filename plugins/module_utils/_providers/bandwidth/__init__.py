# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Bandwidth: version 2 of the numbers API, and the voice configuration packages of the Universal Platform.

Wire format: the vendor's description of version 2 and its guides; for packages its command-line tool. A purchase, a
move, a change of options and a disconnect are orders: they are accepted at once and carried out later, each number for
itself. Numbers are written in E.164 and compared by their digits.
"""

from __future__ import annotations

import dataclasses
import functools
import threading
import typing as t
import uuid

from ..._contract.declared import BOOLEAN, Paper, Setting
from ..._contract.exchange import Change, Links, Order, PurchaseRequest, Search
from ..._contract.features import BY_NUMBER, About, Access, Credential, Features
from ..._contract.provider import Provider
from ..._contract.readers import Row, number_from, object_from, text_from
from ..._contract.rows import Listed
from ..._core import e164
from ..._core.errors import Failure, Malformed
from ..._core.link import URL, Link
from ..._core.model import ACTIVE, LEAVING, Account, Application, Number, Offer
from ..._core.selector import Selector
from ..._net.auth import Auth, basic
from ..._net.markup import LIBRARY
from ..._net.wire import Response, is_loopback, segment
from . import catalogue, errors, orders, records
from .api import HOME, TOKEN, Api, below, digits_of
from .countries import ALPHA_2, country_of_state, is_north_american
from .linking import Linking
from .places import Location, Places
from .records import LOCATION, PACKAGE, PLACED

_LOOKS = 8  # how often an order is asked for right after it was placed; most have ended by then
_ENVIRONMENT = "unset it, and name the vendor's test address as 'api_url' instead: https://test.api.bandwidth.com."


class Bandwidth(Provider):
    """``bandwidth``."""

    name = "bandwidth"
    home = HOME
    libraries = (LIBRARY,)
    price_fields: t.ClassVar[t.Mapping[str, str]] = {"tier": "0"}
    access = Access(
        methods=(("api_key", "api_secret"), ("username", "password")),
        credentials=(
            Credential("account_id", ("BW_ACCOUNT_ID",), "Account id", "the account that has the numbers"),
            Credential("api_key", ("BW_CLIENT_ID",), "Client id", "the id of an OAuth client"),
            Credential("api_secret", ("BW_CLIENT_SECRET",), "Client secret", "the client's secret"),
            Credential("username", ("BW_USERNAME",), "API user", "an API user, instead of a client"),
            Credential("password", ("BW_PASSWORD",), "Password", "the API user's password"),
        ),
        required=("account_id",),
        url_env=("BW_API_URL",),
        url_help="another address in place of all hosts of the vendor, for example the sandbox's",
        refused_env={"BW_ENVIRONMENT": _ENVIRONMENT},
    )
    about = About(
        title="Bandwidth",
        sells="Bandwidth, version 2. A purchase is an order that names its numbers.",
        notes=(
            "It has no prices, so C(price_list) says them, by C(tier) where that matters. A number is always in a "
            "location, which answers its SMS; a voice configuration package answers its calls.",
        ),
        remarks={},
    )
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=("country", "type", "capabilities", "prefix", "region", "city", "contains"),
        owned_keys=("country", "type", "capabilities", "prefix", "region", "city", "contains"),
        offer_filters=catalogue.FILTERS,
        owned_filters=("npaNxx", "npaNxxx", "areaCode", "city", "state", "rateCenter", "lata", "tier", "fullNumber"),
        kinds={"sms": (LOCATION,), "voice": (PACKAGE, LOCATION)},
        listed_kinds=(LOCATION, PACKAGE),
        links_on_purchase=True,
        default_application=True,
        provider_options=(
            Setting("site", help="The id or the name of the sub-account that gets the number. An account with several "
                    "needs it, or a location."),
            Setting("location", help="The id or the name of the location that gets the number, where no location is "
                    "linked."),
            Setting("order_name", help="The name of the order."),
        ),
        provider_settings=(
            Setting("call_forward", help="The number, in E.164, that calls are forwarded to."),
            Setting("rpid_format", choices=("10digit", "11digit", "e164"), help="How the caller's number is written."),
            Setting("rewrite_user", help="What stands for the number in calls that come in."),
            Setting("calling_name_display", BOOLEAN, help="Whether the caller's name is shown."),
            Setting("sms", BOOLEAN, help="Whether SMS is on, where the location has it."),
            Setting("protected", BOOLEAN, help="Whether the number stays yours to order after a disconnect."),
            Setting("campaign", help="The 10DLC campaign of its SMS."),
        ),
        regulatory=(
            Paper("address", ("address", "local_address", "foreign_address"), "the id of an address that was filed"),
            Paper("requirements_package", ("documents", "identity"), "the id of a requirements package that was filed"),
        ),
        offers_per_purchase=orders.MOST,
        release=True,
        papers_checked_at_purchase=False,
        orders_by_id=True,
        orders_by_key=True,
        asynchronous=True,
        shows_charge=False,
    )  # fmt: skip

    def _auth(self) -> Auth:
        if self.options.get("api_key") and self.options.get("api_secret"):
            return self.client_credentials(self.base(HOME) + TOKEN)
        return basic(self.options.get("username") or "", self.options.get("password") or "", self.secrets)

    @property
    def account_key(self) -> str:
        account = self.options.get("account_id") or ""
        if not (account.isascii() and account.isdigit()):
            raise Failure("invalid_option", f"account_id {account!r} is no account of bandwidth: digits alone.")
        return account.lstrip("0") or account

    @functools.cached_property
    def api(self) -> Api:
        """The account's resources; made when they are needed, because an option may be wrong."""
        return Api(self.http, self.options, self.clock, self.account_key)

    @functools.cached_property
    def places(self) -> Places:
        """The account's sites, locations and packages."""
        return Places(self.api, self.workers)

    def account(self) -> Account:
        """GET …/accounts/{account}."""
        response, document = self.api.read(f"/accounts/{self.account_key}")
        with response.reading():
            row = below(document, "AccountResponse", "Account")
            name = text_from(row, "CompanyName")
        return Account(id=self.account_key, provider=self.name, name=name, raw={"CompanyName": name})

    # -- offers --------------------------------------------------------------------------------------------------------

    def check_search(self, selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
        catalogue.check(selector, filters)

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """GET …/availableNumbers, once, or of each type that another country may have."""
        queries = catalogue.questions(selector, filters, limit)
        found = catalogue.search_all(self.api, self.workers, queries)
        complete = all(len(rows) < int(query["quantity"]) for rows, query in zip(found, queries))
        able = tuple(one for one in selector.capabilities if one in records.FEATURES)
        offers = self._offers([row for rows in found for row in rows], able)
        return Search(selector.narrowed(offers), complete)

    def lookup(self, number: str) -> Offer | None:
        return self.lookup_many([number])[number]

    def lookup_many(self, numbers: t.Sequence[str]) -> dict[str, Offer | None]:
        """A search by the first digits that numbers have in common, or by type in other countries."""
        rows: dict[str, t.Any] = {}
        for is_likely in (True, False):
            pairs = catalogue.named([number for number in numbers if number not in rows], is_likely)
            answers = catalogue.search_all(self.api, self.workers, [query for query, _names in pairs])
            for found, (_query, names) in zip(answers, pairs):
                wanted = set(names)
                rows.update((row["FullNumber"], row) for row in found if _number_in(row) in wanted)
        offers = {offer.number: offer for offer in self._offers(list(rows.values()), ())}
        return {number: offers.get(number) for number in numbers}

    def _offers(self, rows: t.Sequence[t.Any], able: tuple[str, ...]) -> list[Offer]:
        """The offers in *rows*; *able* is what they were searched by."""
        found = self.offered(rows, lambda row: self._offer(row, able))
        countries = {offer.country for offer in found if not is_north_american(str(offer.number)) and offer.country}
        needs = {country: self._requirements(str(country)) for country in sorted(countries)}
        return [dataclasses.replace(offer, requirements=_needs_of(offer, needs)) for offer in found]

    def _requirements(self, country: str) -> dict[str, tuple[str, ...]] | None:
        with self._lock:
            if country not in self._papers:
                self._papers[country] = catalogue.requirements(self.api, country)
            return self._papers[country]

    @functools.cached_property
    def _papers(self) -> dict[str, dict[str, tuple[str, ...]] | None]:
        return {}

    @functools.cached_property
    def _lock(self) -> threading.RLock:
        return threading.RLock()

    def _offer(self, row: Row, able: tuple[str, ...]) -> Offer:
        number = number_from(row, "FullNumber")
        facts = self._facts(row, number)
        known = {*able} if not is_north_american(number) else {"voice"}
        return self.priced(
            Offer(
                id=number,
                **facts,
                capabilities=tuple(sorted(known)) if known else None,
                untold=tuple(sorted({"mms", "sms", "voice"} - known)) if known else (),
                currency=self.options.account_currency,
            )
        )

    def _facts(self, row: Row, number: str) -> dict[str, t.Any]:
        """What offers and owned numbers have in common."""
        word = self.told(number, text_from, row, "PhoneNumberType")
        kind = records.type_of(number, word)
        state = self.told(number, text_from, row, "State")
        long = self.told(number, text_from, row, "CountryCodeA3")
        country = ALPHA_2.get(long or "")
        if country is None and is_north_american(number):
            country = country_of_state(state)
        return {
            "provider": self.name,
            "number": number,
            "country": country or e164.country_of(number),
            "type": kind,
            "region": state,
            "city": self.told(number, text_from, row, "City"),
            "raw": {**row, "tier": str(row.get("Tier") or 0)},
            "words": {"type": word} if word and kind is None else {},
        }

    # -- numbers -------------------------------------------------------------------------------------------------------

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """GET /tns in every state; the lists of locations and packages, which it does not show."""
        names = ("TelephoneNumbersResponse", "TelephoneNumbers", "TelephoneNumber")
        query = {"accountId": self.account_key, **(filters or {})}
        pages = self.api.cursor_pages("/tns", query, names, "FullNumber")

        def read(where: t.Any) -> t.Any:
            page = pages(where)
            rows = [records.with_number(row) for row in page.rows]
            return page._replace(rows=[row for row in rows if _state_in(row) not in records.GONE])

        found = self.read_owned(read, self._number, "FullNumber", "FullNumber", steady)
        return self._with_places(found, steady) if any(number.status != LEAVING for number in found) else found

    def _with_places(self, numbers: Listed, steady: bool) -> Listed:
        members = self.places.members(steady)
        if members.untold:
            self.remarks.add(
                "What numbers are linked to cannot be told, because",
                "rows",
                f" of locations or packages cannot be read ({members.untold}).",
            )
        placed = []
        for number in numbers:
            digits = digits_of(number.number)
            location, row = members.locations.get(digits), members.rows.get(digits)
            package = members.packages.get(digits)
            known = location is not None and not (members.untold and package is None)
            if number.status == LEAVING:
                placed.append(number)
                continue
            raw = {**number.raw, PLACED: dict(row)} if row is not None else number.raw
            placed.append(self._placed(dataclasses.replace(number, raw=raw), row or {}, location, package, known))
        return Listed(placed, numbers.unreadable)

    def _placed(
        self,
        number: Number,
        row: t.Mapping[str, t.Any],
        location: Location | None,
        package: str | None,
        known: bool = True,
    ) -> Number:
        """*number* with its links: a forward goes before a package, and that before a location."""
        links, covered = self.places.links(location, package)
        forward = self.told(number.number, records.option_of, number.raw, "call_forward")
        if forward:
            voice = tuple(link for link in links if link.capability == "voice")
            links = (*(link for link in links if link.capability != "voice"), Link("voice", forward, URL))
            covered = (*voice, *covered)
        services = self.told(number.number, records.services_of, number.raw, "ServiceTypes")
        sms = self.told(number.number, records.sms_of, row, "MessagingSettings")
        able, unable = records.abilities(number.number, services, sms, package is not None)
        untold = {"mms", "sms", "voice"} - able - unable
        return dataclasses.replace(
            number,
            links=links,
            covered=covered,
            links_known=known,
            capabilities=tuple(sorted(able)) if able or unable else None,
            untold=tuple(sorted(untold)) if able or unable else (),
        )

    def _number(self, row: Row) -> Number:
        number = number_from(row, "FullNumber")
        word = text_from(row, "Status", required=True)
        facts = self._facts(row, number)
        words = {} if word in records.STATES else {"status": str(word)}
        return self.priced(
            Number(
                id=number,
                **{**facts, "words": {**facts["words"], **words}},
                status=records.STATES.get(str(word), ACTIVE),
                currency=self.options.account_currency,
                since=self.since_of(row),
            )
        )

    def find(self, number: str) -> Number | None:
        """GET /tns/{number}/tndetails; whose package it is in is told by the packages alone."""
        try:
            response, document = self.api.read(f"/tns/{segment(number, 'number')}/tndetails")
        except Failure as failure:
            if failure.provider_code == "15610" or failure.http_status == 404 and failure.provider_message:
                return None
            raise
        with response.reading():
            row = records.with_number(below(document, "TelephoneNumberResponse", "TelephoneNumberDetails"))
            if text_from(row, "AccountId") not in (None, self.account_key) or _state_in(row) in records.GONE:
                return None
            found = self._number(row)
            if found.number != number:
                raise Malformed(f"it is about {found.number}")
            peer = row.get("SipPeer")
            place = text_from(object_from(peer), "PeerId") if peer is not None else None
        if found.status == LEAVING:
            return found
        package, untold = self.places.packaged()
        location = self.places.location(place) if place else None
        known = location is not None and not (untold and digits_of(number) not in package)
        return self._placed(found, row, location, package.get(digits_of(number)), known)

    def find_id(self, identity: str) -> Number | None:
        """A number's id is its digits."""
        return self.find(identity) if e164.is_e164(identity) else None

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Since when it is in service."""
        found = raw.get("InServiceDate")
        return found if isinstance(found, str) and found else None

    def same_record(self, before: Number, now: Number) -> bool:
        """A number that is not in service yet has no date, and some records lack it."""
        return before.id == now.id and (None in (before.since, now.since) or before.since == now.since)

    # -- purchase ------------------------------------------------------------------------------------------------------

    def links_bought(self, links: t.Sequence[Link]) -> tuple[Link, ...]:
        """An order puts numbers into a location. A package takes what is in service."""
        return tuple(link for link in links if link.kind == LOCATION)

    def order_group(self, offer: Offer) -> str:
        """Numbers of North America and others are never in one order."""
        return "north" if is_north_american(str(offer.number)) else "other"

    def check_application(self, application: str) -> None:
        """Raise Failure ``not_found`` for a location or a package that the account does not have."""
        if self.kind_of(application) == LOCATION:
            self.places.location(application)
        elif all(one.id != application for one in self.places.packages()):
            raise Failure("not_found", f"The account has no voice configuration package {application!r}.")

    def check_purchase(self, links: t.Sequence[Link], options: t.Mapping[str, t.Any]) -> None:
        """Raise Failure where neither the links nor the options say exactly one place for what is bought."""
        self._place(links, options)

    def _place(self, links: t.Sequence[Link], options: t.Mapping[str, t.Any]) -> tuple[str, str | None]:
        """The ids of the site and the location of a purchase, None for the site's default location."""
        linked = {link.id for link in links if link.kind == LOCATION}
        if len(linked) > 1:
            raise Failure("unsupported", "A number of bandwidth is in one location: name one for all capabilities.")
        return self.places.chosen(options.get("site"), next(iter(linked), options.get("location")))

    def buy(self, request: PurchaseRequest) -> Order:
        """POST …/orders, and a few looks at what has become of it."""
        given = request.options
        site, location = self._place(request.links, given)
        key = request.key or str(uuid.uuid4())
        document = orders.body(request.offers, key, site, location, given.get("order_name"))
        response, answer = self.api.send("orders", document, errors.NO_ORDER, expect=(200, 201))
        with response.reading():
            order = orders.placed(response, answer)
        return self._looked_at(order)

    def _looked_at(self, order: Order) -> Order:
        """An order as it is a moment later: it is carried out within seconds, as a rule. A look that fails says
        nothing.
        """
        for look in range(_LOOKS):
            if order.status != "pending" or (look and not self.clock.sleep(self.api.pause)):
                break
            try:
                order = self.order(str(order.id)) or order
            except Failure:
                break
            if look == 1 and is_loopback(self.base(HOME)):
                break
        return order

    def order(self, identity: str) -> Order | None:
        found = orders.order(self.api, identity)
        return None if found is None else found[0]

    def order_by_key(self, key: str) -> Order | None:
        return orders.by_key(self.api, key)

    # -- change --------------------------------------------------------------------------------------------------------

    @property
    def _linking(self) -> Linking:
        return Linking(self.api, self.places, self.clock, lambda number: self.configure(number, {"call_forward": None}))

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        return self._linking.link(additions, removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        return self._linking.unlink(removals)

    def changes_along(self, number: Number, capability: str) -> tuple[str, ...]:
        """In an account of earlier days a location answers calls and SMS."""
        if self.places.has_packages:
            return ()
        return tuple(one for one in ("sms", "voice") if one != capability)

    @property
    def kinds(self) -> t.Mapping[str, tuple[str, ...]]:
        """Calls are answered by packages, and by locations in an account of earlier days, which has no packages."""
        if not self.options.credentials:  # a plan is checked before its accounts are opened
            return self.features.kinds
        return {"sms": (LOCATION,), "voice": (PACKAGE,) if self.places.has_packages else (LOCATION,)}

    def kind_of(self, application: str) -> str | None:
        """A location is a number, a package a UUID."""
        return LOCATION if application.isdigit() else PACKAGE

    def applications(self, name: str | None = None, kind: str | None = None) -> list[Application]:
        found: list[Application] = []
        if kind in (None, LOCATION):
            able = ("sms",) if self.places.has_packages else ("sms", "voice")
            found += [Application(one.id, one.name, LOCATION, able) for one in self.places.locations()]
        if kind in (None, PACKAGE):
            found += self.places.packages()
        return found

    def check_configuration(self, settings: t.Mapping[str, t.Any]) -> None:
        if "sms" in settings and settings["sms"] is None:
            raise Failure("invalid_option", "sms is true or false at bandwidth: set it, or leave it out.")
        forward = settings.get("call_forward")
        if forward is not None and not e164.is_e164(forward):
            raise Failure("invalid_option", f"call_forward {forward!r} must be a number in E.164, like '+19195550100'.")

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return {setting: records.option_of(number.raw, setting) for setting in records.SETTINGS}

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number | None:
        """POST …/tnoptions, an order, whose objections show only when it has ended. What is left out stays."""
        elements = dict(records.element_for(setting, value) for setting, value in changes.items())
        group = {**elements, "TelephoneNumbers": {"TelephoneNumber": [number.number]}}
        document = {
            "TnOptionOrder": {"CustomerOrderId": str(uuid.uuid4()), "TnOptionGroups": {"TnOptionGroup": [group]}}
        }
        response, answer = self.api.send("tnoptions", document, errors.NO_OPTION)
        with response.reading():
            order = below(answer, "TnOptionOrderResponse", "TnOptionOrder")
            identity = str(text_from(order, "OrderId", required=True))
        self._followed(
            "tnoptions", identity, "TnOptionOrder", "ProcessingStatus", f"{number.number} was not configured"
        )
        try:
            return self.find(number.number)
        except Failure:
            return None  # it is read again

    def _followed(self, path: str, identity: str, root: str, state: str, what: str) -> None:
        """Wait for the end of an order of one number. Raises Failure where it was not carried out."""
        ended = self.api.followed(path, identity, root, state)
        if ended.state != "COMPLETE":
            code, message = next(iter(ended.failed.values()), ended.whole or (None, "no reason given"))
            raise errors.failure_of(code, message, what)

    def release(self, number: Number) -> None:
        """POST …/disconnects, an order."""
        inner = {"TelephoneNumberList": {"TelephoneNumber": [number.number]}}
        document = {
            "DisconnectTelephoneNumberOrder": {
                "CustomerOrderId": str(uuid.uuid4()),
                "DisconnectTelephoneNumberOrderType": inner,
            }
        }
        response, answer = self.api.send("disconnects", document, errors.NO_ORDER)
        root = "DisconnectTelephoneNumberOrderResponse"
        with response.reading():
            identity = str(text_from(below(answer, root, "orderRequest"), "id", required=True))
        self._followed("disconnects", identity, root, "OrderStatus", f"{number.number} was not given back")

    def explain(self, response: Response) -> Failure:
        return errors.explain(response, self.name)


def _number_in(row: t.Any) -> str | None:
    return row.get("FullNumber") if isinstance(row, dict) else None


def _state_in(row: t.Any) -> t.Any:
    return row.get("Status") if isinstance(row, dict) else None


def _needs_of(offer: Offer, needs: t.Mapping[str, dict[str, tuple[str, ...]] | None]) -> tuple[str, ...] | None:
    """What a buyer must have filed for an offer: nothing in North America, unknown where the account is not told."""
    if is_north_american(str(offer.number)):
        return ()
    known = needs.get(offer.country or "")
    word = records.WORDS.get(offer.type or "")
    return None if known is None or word is None else known.get(word, ())
