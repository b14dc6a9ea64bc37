# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: what every provider can be asked to do, and what it says it can do. One file in ``_providers`` implements it."""

from __future__ import annotations

import abc
import dataclasses
import re
import typing as t
from decimal import Decimal
from urllib.parse import urlsplit

from . import _e164, _money
from ._auth import Auth
from ._errors import Failure, Malformed
from ._http import Clock, Http, Response, Settings, is_loopback
from ._model import CAPABILITIES, Account, Number, Offer
from ._paging import Reader, read_list, read_pages
from ._pool import Pool
from ._rows import Listed, NoNumber, Remarks, Unreadable
from ._secrets import Secrets
from ._selector import Selector

BY_NUMBER = "number"  # a purchase names the number
BY_GROUP = "group"  # a purchase names a group and a quantity; the provider chooses the numbers
BY_RESERVATION = "reservation"  # as BY_GROUP, in two steps: reserve, check out

Row = t.Dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Features:
    """What a provider offers, declared once. Operations decide by these and never by the provider's name."""

    purchase: str
    offer_keys: tuple[str, ...]  # selector keys that can be decided on offers
    owned_keys: tuple[str, ...]  # selector keys that can be decided on owned numbers
    offer_filters: tuple[str, ...] = ()  # the provider's own query fields of a search
    owned_filters: tuple[str, ...] = ()  # the same for the list of owned numbers
    linked_capabilities: tuple[str, ...] = ()  # capabilities that can be linked to an application
    links_whole: bool = False  # linking sets every capability of the number at once
    unlinks_whole: bool = False  # unlinking clears every capability of the number at once
    links_on_purchase: bool = False
    default_application: bool = False  # new numbers may be linked to a default application of the account
    configuration: tuple[str, ...] = ()  # options of number_configuration
    release: bool = False
    links_each: bool = False  # each number is linked by a call of its own, independent of the others
    pending_orders: bool = False  # an order may stay pending, and pending orders cannot be listed
    shows_charge: bool = True  # an owned record shows the monthly price that is charged
    hints: t.Mapping[str, str] = dataclasses.field(default_factory=dict)  # for what is not offered: what to do instead

    def as_dict(self) -> dict[str, t.Any]:
        """The ``features`` of account_info."""
        result = {key: list(value) if isinstance(value, tuple) else value for key, value in dataclasses.asdict(self).items()}
        del result["hints"]
        return result

    def unsupported(self, what: str, provider: str) -> Failure:
        """The failure for *what* (a key of ``hints``) that the provider does not offer."""
        return Failure("unsupported", self.hints.get(what) or f"{provider} does not offer {what}.")


class Credential(t.NamedTuple):
    """An option that identifies or proves the account, and the vendor's usual environment variables for it.

    *label* is what the vendor calls it, and *help* says more, as in "the user, instead of a key".
    """

    option: str
    env: tuple[str, ...] = ()
    label: str = ""
    help: str = ""


class Access(t.NamedTuple):
    """How a provider is opened. ``methods`` are alternative sets of options; an empty set needs none."""

    methods: tuple[tuple[str, ...], ...]
    credentials: tuple[Credential, ...] = ()
    required: tuple[str, ...] = ()  # needed with every method
    url_env: tuple[str, ...] = ()
    url_label: str = "API address"
    url_help: str = "another address in place of the provider's own, for example the sandbox's"


class About(t.NamedTuple):
    """What the documentation and AWX say of a provider. tests/tools/generate.py puts it where it is read."""

    title: str
    sells: str  # beside its name in the list of providers
    notes: tuple[str, ...] = ()  # sentences on how it sells, and on what it does not have
    remarks: t.Mapping[str, str] = {}  # by place in the documentation: a sentence whose subject is the provider


class Options(t.NamedTuple):
    """The options of one task for its provider, checked; an unset one is None."""

    credentials: t.Mapping[str, str]
    api_url: str | None
    account_currency: str | None
    settings: Settings
    session_cache: str | None = None

    def get(self, option: str) -> str | None:
        """The credential *option*."""
        return self.credentials.get(option)


class Search(t.NamedTuple):
    """Offers found, and whether the whole catalogue was read for them; ``stopped`` says that it came to its end before its total."""

    offers: list[Offer]
    complete: bool = True
    stopped: bool = False


class Order(t.NamedTuple):
    """The provider's answer to a purchase. ``numbers`` are those it named; ``status`` is ``fulfilled`` or ``pending``."""

    status: str
    numbers: tuple[Number, ...] = ()
    message: str | None = None


Links = t.Mapping[str, t.Sequence[Number]]  # capability → numbers


@dataclasses.dataclass(frozen=True)
class Change:
    """One mutating call that makes *additions* and *removals* of an application's links.

    ``send`` sends it and returns the number that the answer shows, if it shows one. *kept* are links that the call writes again and that
    must still be there afterwards.
    """

    send: t.Callable[[], t.Any]
    additions: Links = dataclasses.field(default_factory=dict)
    removals: Links = dataclasses.field(default_factory=dict)
    kept: Links = dataclasses.field(default_factory=dict)


_Fact = t.TypeVar("_Fact")


class Provider(abc.ABC):
    """A provider's account, opened lazily by its first request.

    Every method raises Failure; a method that changes anything raises Ambiguous when its outcome cannot be told.
    """

    name: t.ClassVar[str]
    features: t.ClassVar[Features]
    access: t.ClassVar[Access]
    about: t.ClassVar[About]
    home: t.ClassVar[str]  # the documented base address; its host is part of the lock's and the journal's key
    rewrites: t.ClassVar[bool] = False  # a call that changes a number writes back more than was asked for, so the number is read just before
    pace: t.ClassVar[float | None] = None  # requests a second that the provider allows, where its document or its users say so

    def __init__(self, options: Options, clock: Clock, secrets: Secrets) -> None:
        """Prepare the session. Sends nothing."""
        self.options = options
        self.clock = clock
        self.secrets = secrets
        self.http = Http(self._settings(), self._auth(), clock, secrets, self.explain, self.below)
        self.pool = Pool(options.settings.concurrency)
        self.remarks = Remarks()

    # -- who -----------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def _auth(self) -> Auth:
        """Return what signs this account's requests."""

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
        """How requests are made. Without ``rate`` they keep the provider's pace; on loopback is no provider that has one."""
        settings = self.options.settings
        paced = settings.rate is None and not is_loopback(self.base(self.home))
        return settings._replace(rate=self.pace) if paced else settings

    # -- read ----------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """Return the offers that match *selector*, having read about *limit* rows at most (None: all)."""

    def lookup(self, number: str) -> Offer | None:
        """Return the offer of exactly *number*, None when it is not for sale. Only where a purchase names the number."""
        raise self.features.unsupported("lookup", self.name)

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

    def check_application(self, application: str) -> None:
        """Raise Failure ``not_found`` for an unknown *application*, where a purchase would not find out by itself."""

    # -- rows ----------------------------------------------------------------------------------------------------------

    def told(self, name: str, read: t.Callable[..., _Fact], record: t.Any, key: str, *more: t.Any) -> _Fact | None:
        """What *read* makes of a field that the record *name* can do without: None, with a remark, where it cannot be read."""
        try:
            return read(record, key, *more)
        except Malformed as error:
            self.remarks.add("The provider's record of", name, f" is not read whole: {error}. It counts as unknown.")
            return None

    def told_country(self, name: str, record: t.Any, key: str, number: str | None = None) -> str | None:
        """The country in a record; where it has none that can be read, the one that the digits of *number* decide."""
        country = self.told(name, country_from, record, key)
        return country or (_e164.country_of(number) if number else None)

    def read_owned(self, read: Reader, build: t.Callable[[Row], Number], key: str, number: str, steady: bool) -> Listed:
        """Read a paged list of owned numbers. The field *key* tells its rows apart, the field *number* has the digits."""

        def names(row: t.Any) -> tuple[str | None, str | None]:
            return (_name_in(row, key), None if key == number else _long_number_in(row, number))

        return self.listed(read_list(read, self.pool, names, steady), build, number)

    def listed(self, rows: t.Sequence[t.Any], build: t.Callable[[Row], Number], number: str) -> Listed:
        """Return the numbers of *rows*, all of a list. Raises Failure ``provider_error`` when not one of them can be read."""
        found: list[Number] = []
        unreadable: list[Unreadable] = []
        for place, row in enumerate(rows, 1):
            try:
                found.append(build(object_from(row)))
            except NoNumber:
                self.remarks.add("The provider lists", repr(row[number]), ", which is not a telephone number: it is left out.")
            except Malformed as error:
                digits = _number_in(row, number)
                unreadable.append(Unreadable(digits or f"row {place}", digits, str(error)))
        if unreadable and not found:
            raise Failure("provider_error", f"No row of the provider's list of numbers can be read: {unreadable[0].why}. Check api_url.")
        for one in unreadable:
            self.remarks.add("Left out of the owned numbers, because it cannot be read:", one.name, f" ({one.why}).")
        partly = {one.number for one in unreadable if one.number}  # a number of several rows, of which one cannot be read
        return Listed([number for number in found if number.number not in partly], unreadable)

    def read_offers(self, read: Reader, build: t.Callable[[Row], Offer], limit: int | None) -> Search:
        """Read a paged catalogue, about *limit* rows of it. An offer that stands in it twice does no harm."""
        reading = read_pages(read, self.pool, limit)
        if reading.stopped:
            self.remarks.add("The", "catalogue", f" of {self.name} stopped before its total: there may be more offers than were read. Try again later.")
        return Search(self.offered(reading.rows, build), reading.complete, reading.stopped)

    def offered(self, rows: t.Sequence[t.Any], build: t.Callable[[Row], Offer]) -> list[Offer]:
        """Return the offers of *rows*; one warning counts those that cannot be read. Raises Failure ``provider_error`` when not one of several can."""
        found: list[Offer] = []
        wrong: list[str] = []
        for place, row in enumerate(rows, 1):
            try:
                found.append(build(object_from(row)))
            except Malformed as error:
                wrong.append(f"row {place}: {error}")
        if len(wrong) > 1 and not found:
            raise Failure("provider_error", f"No row of the provider's catalogue can be read: {wrong[0]}. Check api_url.")
        if wrong:
            self.remarks.add("Left out of the search:", f"{len(wrong)} of {len(rows)} rows", f" of the catalogue cannot be read ({wrong[0]}).")
        return found

    # -- change --------------------------------------------------------------------------------------------------------

    def buy(self, offer: Offer, quantity: int, application: str | None) -> Order:
        """Buy *quantity* of *offer*, linked to *application* where the call takes it. Charges the account."""
        raise self.features.unsupported("purchase", self.name)

    def reserve(self, offer: Offer, quantity: int) -> str:
        """Hold *quantity* of *offer* and return the reservation's reference. Charges nothing."""
        raise self.features.unsupported("reservation", self.name)

    def checkout(self, references: t.Sequence[str]) -> None:
        """Buy every reservation of *references*. Charges the account."""
        raise self.features.unsupported("reservation", self.name)

    def link(self, application: str, additions: Links, removals: Links) -> t.Iterator[Change]:
        """Yield the calls that link and unlink numbers of *application*; each is sent before the next one is asked for."""
        raise self.features.unsupported("assignment", self.name)

    def unlink(self, application: str, removals: Links) -> t.Iterator[Change]:
        """Yield the calls that unlink numbers from *application*."""
        raise self.features.unsupported("assignment", self.name)

    def configuration(self, number: Number) -> dict[str, t.Any]:
        """Return the value that *number* has by its record for each option of ``features.configuration``; None when it has none. Sends nothing."""
        raise self.features.unsupported("configuration", self.name)

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number | None:
        """Set the options in *changes* (None clears) and return the number as the answer shows it, None when it does not."""
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
        """Whether an owned *number* may have come from the group *offer*: nothing in its record speaks against it."""
        return Selector(country=offer.country, type=offer.type, prefix=offer.area_code).match(number) is not False

    def same_record(self, before: Number, now: Number) -> bool:
        """Whether *now* is the very purchase that *before* was, not the same digits bought again, as far as the records tell."""
        return (before.id, before.since) == (now.id, now.since)

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Return what in the record *raw* changes when the same digits are bought again. None: nothing tells one purchase from the next."""
        return None

    @staticmethod
    def other_links_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...]:
        """Return the applications that the record *raw* names for none of its capabilities."""
        return ()

    def changes_along(self, number: Number, capability: str) -> tuple[str, ...]:
        """Return the other capabilities whose link may change with that of *capability*, which the record does not tell."""
        return ()


# -- helpers for the provider files ------------------------------------------------------------------------------------


def explain_status(response: Response, provider: str, code: str | None, message: str | None) -> Failure:
    """The failure that an HTTP status means when the provider's own code says nothing more.

    *code* and *message* are what the answer's body says in the provider's own form, None where it has another one: then its
    first words are shown, and it proves nothing.
    """
    status = response.status
    kind, advice = _BY_STATUS.get(status) or _BY_STATUS.get(status // 100 * 100) or ("provider_error", "see the message.")
    said = message or response.words()
    words = f" ({said})" if said else ""
    text = f"{provider} answered HTTP {status}{words}: {advice}"
    return Failure(kind, text, provider_code=code, provider_message=message, http_status=status)


_BY_STATUS: t.Mapping[int, tuple[str, str]] = {
    400: ("provider_error", "the request was refused, see its message."),
    401: ("authentication_failed", "check the credentials, and api_url."),
    402: ("insufficient_credit", "the account has not enough credit, top it up."),
    403: ("forbidden", "these credentials may not do that with this account."),
    404: ("not_found", "it does not exist in this account, check the id, and api_url."),
    405: ("provider_error", "the address does not take this method, check api_url."),
    409: ("conflict", "the provider's record is in another state, read it and try again."),
    429: ("rate_limited", "too many requests, try later or with fewer parallel tasks."),
    500: ("provider_unavailable", "the provider has a fault, try later."),
}


def number_from(record: t.Mapping[str, t.Any], key: str, names: bool = True) -> str:
    """Return a record's number as E.164. Raises Malformed unless it is digits in a string or an integer, and, where *names* may stand, NoNumber for one."""
    value = record.get(key)
    if names and isinstance(value, str) and _e164.is_name(value):
        raise NoNumber(f"its {key} is a name and no telephone number")
    digits = _digits_of(value)
    if digits is None:
        raise Malformed(f"its {key} is no telephone number")
    return _e164.from_provider(digits)


def _digits_of(value: t.Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        value = str(value)
    return value if isinstance(value, str) and re.match(r"\+?[0-9]{1,20}\Z", value) else None


def _number_in(row: t.Any, key: str) -> str | None:
    """The number in a row that may be anything."""
    digits = _digits_of(row.get(key)) if isinstance(row, dict) else None
    return None if digits is None else _e164.from_provider(digits)


def _long_number_in(row: t.Any, key: str) -> str | None:
    """As before, or the name of a sender; a short code, which several countries may have, tells no rows apart."""
    number = _number_in(row, key) or _name_in(row, key)
    return number if number and (_e164.is_e164(number) or _e164.is_name(number)) else None


def _name_in(row: t.Any, key: str) -> str | None:
    """What tells a row apart that may be anything."""
    value = row.get(key) if isinstance(row, dict) else None
    return str(value).lstrip("+") if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "" else None


def text_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> str | None:
    """Return a record's text, None when it is absent or empty. An integer counts as text (ids). Raises Malformed for other types."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        if required:
            raise Malformed(f"it lacks {key}")
        return None
    if not isinstance(value, str):
        raise Malformed(f"its {key} is no text")
    return value


def id_from(record: t.Mapping[str, t.Any], key: str) -> str:
    """Return a record's id as text. Raises Malformed when it is absent."""
    return str(text_from(record, key, required=True))


_LARGEST_COUNT = 10_000_000  # rows, numbers, seconds; a list with more would be no answer that a task can work on


def integer_from(record: t.Mapping[str, t.Any], key: str) -> int:
    """Return a count, given as a number or in a string. Raises Malformed unless it is zero or more, and one that a machine can hold."""
    value = record.get(key)
    if isinstance(value, str) and len(value) <= 15 and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise Malformed(f"its {key} is no count")
    return value


def amount_from(record: t.Mapping[str, t.Any], key: str) -> Decimal | None:
    """Return a price, None when it is absent. Raises Malformed for what is no price."""
    try:
        return _money.amount(record.get(key))
    except ValueError:
        raise Malformed(f"its {key} is no price") from None


def mapping_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> dict[str, t.Any]:
    """Return a nested object, empty when it is absent or null and not *required*. Raises Malformed for other types."""
    value = record.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"its {key} is no object")
    return value


def object_from(value: t.Any) -> dict[str, t.Any]:
    """Return an answer that is one object. Raises Malformed for other types."""
    if not isinstance(value, dict):
        raise Malformed("it is no object")
    return value


def rows_from(value: t.Any, what: str) -> list[dict[str, t.Any]]:
    """Return a list of objects. Raises Malformed for other types."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Malformed(f"{what} is no list of objects")
    return value


def list_from(record: t.Mapping[str, t.Any], key: str, nullable: bool = False) -> list[t.Any]:
    """Return a record's list, whose rows may be anything. A list that is absent is Malformed: taken for an empty one, it would be bought again."""
    if key not in record:
        raise Malformed(f"it lacks {key}")
    return [] if nullable and record[key] is None else items_from(record[key], key)


def items_from(value: t.Any, what: str) -> list[t.Any]:
    """Return a list, whose rows may be anything. Raises Malformed for other types."""
    if not isinstance(value, list):
        raise Malformed(f"{what} is no list")
    return value


def capabilities_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> tuple[str, ...] | None:
    """Return the capabilities that a list of words names, in any case. Raises Malformed for other types, and when it is absent and *required*."""
    words = record.get(key)
    if words is None and not required:
        return None
    if not isinstance(words, list):
        raise Malformed(f"its {key} is no list")
    return tuple(sorted({str(word).lower() for word in words} & {*CAPABILITIES}))


def country_from(record: t.Mapping[str, t.Any], key: str) -> str | None:
    """Return a record's ISO alpha-2 country, None where it has none or another word. Raises Malformed for other types."""
    value = text_from(record, key)
    return value.upper() if value is not None and len(value) == 2 else None


def per_number(links: Links) -> list[tuple[Number, dict[str, list[Number]]]]:
    """Return each number of *links* once, with the part of *links* that is about it."""
    parts: dict[str, tuple[Number, dict[str, list[Number]]]] = {}
    for capability, numbers in links.items():
        for number in numbers:
            parts.setdefault(number.number, (number, {}))[1][capability] = [number]
    return [parts[name] for name in sorted(parts)]
