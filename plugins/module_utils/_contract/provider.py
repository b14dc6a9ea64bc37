# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: what every provider can be asked to do, and what it says it can do. One file in ``_providers`` implements
it.
"""

from __future__ import annotations

import abc
import dataclasses
import json
import typing as t
from urllib.parse import urlsplit

from .._core import e164, price_list
from .._core.errors import Failure, Malformed
from .._core.link import URL, Link
from .._core.model import Account, Application, Number, Offer
from .._core.selector import Selector
from .._core.threads import Workers
from .._net.auth import Auth
from .._net.clock import Clock
from .._net.secrets import Secrets
from .._net.session import Http, Settings
from .._net.tokens import Bearer, Client, TokenCache, fetched
from .._net.wire import NOWHERE, RequestId, Response, is_loopback
from .exchange import Change, Links, Order, PurchaseRequest, Search
from .features import About, Access, Features, Options
from .paging import Reader, read_list, read_pages
from .readers import Row, country_from, long_number_in, name_in, number_in, object_from
from .rows import Listed, NoNumber, Remarks, Unreadable

_SHOWN = 200  # characters of a row that nobody can read


_Fact = t.TypeVar("_Fact")
_Record = t.TypeVar("_Record", Number, Offer)


class Provider(abc.ABC):
    """A provider's account, opened lazily by its first request.

    Every method raises Failure; a method that changes anything raises Ambiguous when its outcome cannot be told.
    """

    name: t.ClassVar[str]
    features: t.ClassVar[Features]
    access: t.ClassVar[Access]
    about: t.ClassVar[About]
    demo_addresses: t.ClassVar[tuple[str, ...]] = ()  # of the vendor's own, without a slash at the end: no links
    home: t.ClassVar[str]  # the documented base address; its host is part of the lock's and the journal's key
    # A call that changes a number writes back more than was asked for, so the number is read just before
    rewrites: t.ClassVar[bool] = False
    price_fields: t.ClassVar[t.Mapping[str, str]] = {}  # of its records, for price_list: each with its usual value
    # Requests a second that the provider allows, where its document or its users say so
    pace: t.ClassVar[float | None] = None

    libraries: t.ClassVar[tuple[str, ...]] = ()  # what it imports beside requests and phonenumbers
    request_id: t.ClassVar[RequestId] = NOWHERE  # where an answer has the provider's own id of the request

    def __init__(self, options: Options, clock: Clock, secrets: Secrets) -> None:
        """Prepare the session. Sends nothing."""
        self.options = options
        self.clock = clock
        self.secrets = secrets
        self.http = Http(self._settings(), self._auth(), clock, secrets, self.explain, self.below, self.request_id)
        self.workers = Workers(options.settings.concurrency)
        self.remarks = Remarks()
        price_list.check_fields(options.price_list, self.price_fields, self.name)

    # -- who -----------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def _auth(self) -> Auth:
        """Return what signs this account's requests."""

    def client_credentials(self, url: str, *, in_form: bool = False, fields: t.Mapping[str, str] | None = None) -> Auth:
        """Return what signs with an OAuth 2.0 token of *url*, which api_key (the client's id) and api_secret get.

        They are sent in a Basic header, or with *in_form* in the form, as ``tokens.Client`` says. Where the task names
        a session_cache, further tasks use the same token.
        """
        fields = fields or {}
        identity, secret = str(self.options.get("api_key")), str(self.options.get("api_secret"))
        client = Client(url, identity, secret, "api_key (client_id) and api_secret (client_secret)", in_form, fields)
        cache = None
        if self.options.session_cache:
            key = (self.name, url, identity, *(f"{name}={value}" for name, value in fields.items()))
            cache = TokenCache(self.options.session_cache, "\n".join(key))
        return Bearer(lambda: fetched(self.http, client, self.secrets), self.clock, self.secrets, cache)

    @abc.abstractmethod
    def account(self) -> Account:
        """Prove the credentials with the cheapest read and return the account."""

    @property
    @abc.abstractmethod
    def account_key(self) -> str:
        """What tells accounts apart for the lock and the journal. No secret. May open the session."""

    def base(self, documented: str) -> str:
        """Return the address to use for the *documented* host: itself, or api_url in its place."""
        return (self.options.api_url or documented).rstrip("/")

    @property
    def below(self) -> str:
        """The path of api_url, below which every documented path is put. The provider does not see it."""
        return urlsplit(self.options.api_url or "").path.rstrip("/")

    def _settings(self) -> Settings:
        """How requests are made. Without ``rate`` they keep the provider's pace; on loopback is no provider that has
        one.
        """
        settings = self.options.settings
        paced = settings.rate is None and not is_loopback(self.base(self.home))
        return settings._replace(rate=self.pace) if paced else settings

    # -- read ----------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Return the offers that match *selector*, having read about *limit* rows at most (None: all)."""

    def search_ending(self, selector: Selector, ending: str, papers: t.Collection[str]) -> Search:
        """Return the offers that match *selector* and whose digits end in *ending*.

        Only with ``features.search_endings``, and only where a search is a window. *papers* are the requirements that
        the buyer meets: where the API can, offers that need more are left out of this search, so that they take no
        room in the window.
        """
        raise self.features.unsupported("search by last digits", self.name)

    def lookup(self, number: str) -> Offer | None:
        """Return the offer of exactly *number*, None when it is not for sale. Only where a purchase names the
        number.
        """
        raise self.features.unsupported("lookup", self.name)

    def lookup_many(self, numbers: t.Sequence[str]) -> dict[str, Offer | None]:
        """Return the offer of each of *numbers*, None for one that is not for sale, with the fewest requests.

        Each offer says when its price was read.
        """
        return dict(zip(numbers, self.workers.map(self._lookup_timed, numbers)))

    def _lookup_timed(self, number: str) -> Offer | None:
        moment = self.clock.now()
        offer = self.lookup(number)
        return None if offer is None else dataclasses.replace(offer, read_at=moment)

    @abc.abstractmethod
    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """Return the owned numbers, from a list whose rows are unique and agree with its total.

        *steady* insists, too, that it did not move while it was read: for what is bought or given back by it.
        Raises Failure ``inconsistent_list``.
        """

    def find(self, number: str) -> Number | None:
        """Return the owned *number* or None, with the fewest requests."""
        return self.owned().get(number)

    def find_id(self, identity: str) -> Number | None:
        """Return the owned number with the provider's id, or None."""
        return next((item for item in self.owned() if item.id == identity), None)

    def linked_to(self, application: str) -> list[Number]:
        """Return the owned numbers that are linked to *application*, be it for no capability that they show."""
        return [item for item in self.owned() if application in item.linked_to]

    def applications(self, name: str | None = None, kind: str | None = None) -> list[Application]:
        """Return what numbers can be linked to, of the kinds in ``features.listed_kinds``, or of *kind* alone.

        *name* says that others are of no interest, where the provider can leave them out; it may return them as well.
        """
        raise self.features.unsupported("applications", self.name)

    def kind_of(self, application: str) -> str | None:
        """Return the kind that the form of an id tells, None where it tells none. Sends nothing."""
        return None

    def check_purchase(self, links: t.Sequence[Link], options: t.Mapping[str, t.Any]) -> None:
        """Raise Failure where the account cannot do what a purchase asks for: *links* that the call makes, and
        *options* of ``features.provider_options``. May read; it is asked before a quote, in check mode too.
        """

    @property
    def kinds(self) -> t.Mapping[str, tuple[str, ...]]:
        """The kinds of applications by capability that this account has: those of ``features.kinds``, or fewer of
        them. May send requests where accounts differ.
        """
        return self.features.kinds

    def check_application(self, application: str) -> None:
        """Raise Failure ``not_found`` for an unknown *application*, where a purchase would not find out by itself."""

    # -- rows ----------------------------------------------------------------------------------------------------------

    def told(self, name: str, read: t.Callable[..., _Fact], record: t.Any, key: str, *more: t.Any) -> _Fact | None:
        """What *read* makes of a field that the record *name* can do without: None, with a remark, where it cannot be
        read.
        """
        try:
            return read(record, key, *more)
        except Malformed as error:
            self.remarks.add("The provider's record of", name, f" is not read whole: {error}. It counts as unknown.")
            return None

    def told_country(self, name: str, record: t.Any, key: str, number: str | None = None) -> str | None:
        """The country in a record; where it has none that can be read, the one that the digits of *number* decide."""
        country = self.told(name, country_from, record, key)
        return country or (e164.country_of(number) if number else None)

    def priced(self, record: _Record) -> _Record:
        """Return *record* with the price that the task's ``price_list`` has for it, where the provider says none.

        What builds numbers and offers of a provider's records ends with it.
        """
        return price_list.priced(record, self.options.price_list, self.price_fields)

    def read_owned(self, read: Reader, build: t.Callable[[Row], Number], key: str, number: str, steady: bool) -> Listed:
        """Read a paged list of owned numbers. The field *key* tells its rows apart, the field *number* has the
        digits.
        """

        def names(row: t.Any) -> tuple[str | None, str | None]:
            return (name_in(row, key), None if key == number else long_number_in(row, number))

        return self.listed(read_list(read, self.workers, names, steady), build, number)

    def listed(self, rows: t.Sequence[t.Any], build: t.Callable[[Row], Number], number: str) -> Listed:
        """Return the numbers of *rows*, all of a list. Raises Failure ``provider_error`` when not one of them can be
        read.
        """
        found: list[Number] = []
        unreadable: list[Unreadable] = []
        for place, row in enumerate(rows, 1):
            try:
                found.append(build(object_from(row)))
            except NoNumber:
                self.remarks.add(
                    "The provider lists", repr(row[number]), ", which is not a telephone number: it is left out."
                )
            except Malformed as error:
                digits = number_in(row, number)
                unreadable.append(Unreadable(digits or f"row {place}", digits, str(error)))
        if unreadable and not found:
            said = self.secrets.cut(json.dumps(list(rows[:1]), ensure_ascii=False, default=str), _SHOWN)
            raise Failure(
                "provider_error",
                f"No row of the provider's list of numbers can be read: {unreadable[0].why} ({said}). Check api_url.",
            )
        for one in unreadable:
            self.remarks.add("Left out of the owned numbers, because it cannot be read:", one.name, f" ({one.why}).")
        partly = {
            one.number for one in unreadable if one.number
        }  # a number of several rows, of which one cannot be read
        return Listed([number for number in found if number.number not in partly], unreadable)

    def read_offers(self, read: Reader, build: t.Callable[[Row], Offer], limit: int | None) -> Search:
        """Read a paged catalogue, about *limit* rows of it. An offer that stands in it twice does no harm."""
        reading = read_pages(read, self.workers, limit)
        if reading.stopped:
            self.remarks.add(
                "The",
                "catalogue",
                f" of {self.name} stopped before its total: there may be more offers than were read. Try again later.",
            )
        return Search(self.offered(reading.rows, build), reading.complete, reading.stopped)

    def offered(self, rows: t.Sequence[t.Any], build: t.Callable[[Row], Offer]) -> list[Offer]:
        """Return the offers of *rows*; one warning counts those that cannot be read. Raises Failure ``provider_error``
        when not one of several can.
        """
        found: list[Offer] = []
        wrong: list[str] = []
        for place, row in enumerate(rows, 1):
            try:
                found.append(build(object_from(row)))
            except Malformed as error:
                wrong.append(f"row {place}: {error}")
        if len(wrong) > 1 and not found:
            raise Failure(
                "provider_error", f"No row of the provider's catalogue can be read: {wrong[0]}. Check api_url."
            )
        if wrong:
            self.remarks.add(
                "Left out of the search:",
                f"{len(wrong)} of {len(rows)} rows",
                f" of the catalogue cannot be read ({wrong[0]}).",
            )
        return found

    def read_applications(self, read: Reader, build: t.Callable[[Row], Application], key: str) -> list[Application]:
        """Read a paged list of applications, which the field *key* tells apart. A remark names what cannot be read."""
        found: list[Application] = []
        for place, row in enumerate(read_list(read, self.workers, lambda row: (name_in(row, key),), False), 1):
            try:
                found.append(build(object_from(row)))
            except Malformed as error:
                self.remarks.add(
                    "Left out of the applications, because it cannot be read:", f"row {place}", f" ({error})."
                )
        return found

    # -- change --------------------------------------------------------------------------------------------------------

    def links_bought(self, links: t.Sequence[Link]) -> tuple[Link, ...]:
        """Return those of *links* that the purchase itself makes. The others are made right after it."""
        return tuple(links) if self.features.links_on_purchase else ()

    def order_group(self, offer: Offer) -> str:
        """Return the group of *offer*: one request buys offers of one group only. Sends nothing."""
        return ""

    def order_key(self, key: str, options: t.Mapping[str, t.Any]) -> str:
        """Return the key of a purchase as it is sent: our own *key*, which is unique, joined to what the purchase's
        *options* want in the same field. The journal has it, and ``order_by_key`` gets it. Sends nothing.
        """
        return key

    def buy(self, request: PurchaseRequest) -> Order:
        """Buy what *request* says, linked as its links say, all of which the call makes. Charges the account."""
        raise self.features.unsupported("purchase", self.name)

    def order(self, identity: str) -> Order | None:
        """Return the order with the provider's id, None when it has none. Only with ``features.orders_by_id``."""
        raise self.features.unsupported("orders", self.name)

    def order_by_key(self, key: str) -> Order | None:
        """Return the order that a purchase with our own *key* made, None when there is none.

        Only with ``features.orders_by_key``.
        """
        raise self.features.unsupported("orders", self.name)

    def reserve(self, offer: Offer, quantity: int) -> str:
        """Hold *quantity* of *offer* and return the reservation's reference. Charges nothing."""
        raise self.features.unsupported("reservation", self.name)

    def checkout(self, references: t.Sequence[str]) -> None:
        """Buy every reservation of *references*. Charges the account."""
        raise self.features.unsupported("reservation", self.name)

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        """Yield the calls that make *additions* and *removals*; each is sent before the next one is asked for.

        Every addition says its kind and takes the place of whatever its capability is linked to, be it of another
        kind (``NumberLink.number`` shows it): a call that has to take that off first is yielded before, with it among
        its removals. *removals* are links that the number has by its record, with their own kinds; those of kind
        ``url`` are not among them. Several links of one number, and several numbers, go into one call where the
        provider has such a call. With ``features.links_each`` all are of one number.
        """
        raise self.features.unsupported("assignment", self.name)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """Yield the calls that make *removals* alone, which may be of several kinds; as in ``link``."""
        raise self.features.unsupported("assignment", self.name)

    def configuration(self, number: Number) -> dict[str, t.Any]:
        """Return the value that *number* has by its record for each option of ``features.configuration``, and for each
        of ``features.provider_settings`` by its name; None when it has none, tags as a sorted list. Sends nothing.
        """
        raise self.features.unsupported("configuration", self.name)

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number | None:
        """Set the options and the provider's own settings in *changes* (None clears), which have their types.

        Return the number as the answer shows it, None when it does not.
        """
        raise self.features.unsupported("configuration", self.name)

    def release(self, number: Number) -> None:
        """Give *number* back."""
        raise self.features.unsupported("release", self.name)

    # -- judge ---------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def explain(self, response: Response) -> Failure:
        """Return the failure that an error answer means."""

    def check_search(self, selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
        """Raise Failure ``invalid_option`` for a search that the provider can never answer. Sends nothing."""

    def check_configuration(self, settings: t.Mapping[str, t.Any]) -> None:
        """Raise Failure ``invalid_option`` for a setting that the provider's document rules out. Sends nothing."""

    def countable(self, selector: Selector) -> tuple[str, ...]:
        """Return the selector keys that the records of owned numbers can show, with the values that *selector* has.

        Raises Failure ``unsupported`` for a value that can be searched for and that the records show in another form.
        """
        return self.features.owned_keys

    def belongs(self, number: Number, offer: Offer) -> bool:
        """Whether an owned *number* may have come from the group *offer*: nothing in its record speaks against it.

        Another country of the offer's plan does not, where the offer has an area code: it is the vendor's word for it.
        """
        country = offer.country
        if offer.area_code and country and number.country and e164.share_a_plan(country, number.country):
            country = None
        return Selector(country=country, type=offer.type, prefix=offer.area_code).match(number) is not False

    def same_record(self, before: Number, now: Number) -> bool:
        """Whether *now* is the very purchase that *before* was, not the same digits bought again, as far as the records
        tell.
        """
        return (before.id, before.since) == (now.id, now.since)

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Return what in the record *raw* changes when the same digits are bought again. None: nothing tells one
        purchase from the next.
        """
        return None

    @staticmethod
    def untold_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...]:
        """Return the capabilities of which the record *raw* of an owned number says neither yes nor no.

        Only where it tells of others; a record that tells of none has no capabilities at all (None).
        """
        return ()

    def url_links(self, addresses: t.Mapping[str, str | None]) -> tuple[Link, ...]:
        """Return the links that *addresses*, by capability, on a number are. The vendor's demo addresses are none.

        One that an application overrides is none either: it belongs to what the number has ``covered``.
        """
        return tuple(
            Link(capability, address, URL)
            for capability, address in sorted(addresses.items())
            if address and address.rstrip("/") not in self.demo_addresses
        )

    def changes_along(self, number: Number, capability: str) -> tuple[str, ...]:
        """Return the other capabilities whose link may change with that of *capability*, which the record does not
        tell.
        """
        return ()
