# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Twilio: the REST API of 2010-04-01, and what of Messaging, Trunking and Pricing has to do with numbers.

Wire format: the vendor's description (twilio-oai 2.6.7) and its pages. A purchase names one number and is carried out
at once. The same call for a number that the account owns is an update, so none is sent for one, and an answer about an
older number is no purchase.
"""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import typing as t
from decimal import Decimal

from ..._contract.declared import BOOLEAN, Paper, Setting
from ..._contract.exchange import Change, Links, Order, PurchaseRequest, Search
from ..._contract.features import BY_NUMBER, About, Access, Credential, Features
from ..._contract.provider import Provider
from ..._contract.readers import Row, id_from, number_from, object_from, text_from
from ..._contract.rows import Listed
from ..._core import e164
from ..._core.errors import Failure, Malformed
from ..._core.link import APPLICATION, URL, Link
from ..._core.model import Account, Application, Number, Offer
from ..._core.selector import Selector
from ..._net.auth import Auth
from ..._net.refusals import Refusal
from ..._net.wire import RequestId, Response
from . import catalogue, errors, linking, records
from .apis import HOME, Apis, account_of, auth_of, path_of
from .records import PAPERS, PARAMETERS, SERVICE, TRUNK, Prices

_MOST = 1000  # rows of a page of owned numbers
_OLD = 3600.0  # seconds; a record that is older than its purchase by more was there before
_REGION = (
    "unset it. The collection speaks to the vendor's default region, whose hosts one address in 'api_url' replaces all "
    "together."
)


class Twilio(Provider):
    """``twilio``."""

    name = "twilio"
    home = HOME
    request_id = RequestId(("Twilio-Request-Id",))
    demo_addresses = (
        "https://demo.twilio.com/welcome/voice",
        "https://demo.twilio.com/welcome/sms/reply",
        "https://demo.twilio.com/docs/voice.xml",
        "http://demo.twilio.com/docs/voice.xml",
    )
    access = Access(
        methods=(("api_key", "api_secret"), ("password",)),
        credentials=(
            Credential("account_id", ("TWILIO_ACCOUNT_SID",), "Account SID", "the account's SID, or a sub-account's"),
            Credential("username", (), "Parent SID", "the SID of the parent whose token opens a sub-account"),
            Credential("password", ("TWILIO_AUTH_TOKEN",), "Auth token", "the auth token, instead of an API key"),
            Credential("api_key", ("TWILIO_API_KEY",), "API key SID", "the SID of an API key, sent as HTTP Basic"),
            Credential(
                "api_secret", ("TWILIO_API_SECRET", "TWILIO_API_KEY_SECRET"), "API key secret", "the key's secret"
            ),
        ),
        required=("account_id",),
        url_help="another address in place of all hosts of the vendor, for example the sandbox's",
        refused_env={"TWILIO_REGION": _REGION, "TWILIO_EDGE": _REGION},
    )
    about = About(
        title="Twilio",
        sells="Twilio. A purchase names the number.",
        notes=(
            "It sells numbers one by one, each at the price of its country and type, and links voice and SMS "
            "separately, to applications of several kinds.",
        ),
        remarks={
            "number_configuration friendly_name": "takes at most 64 characters.",
        },
    )
    features = Features(
        purchase=BY_NUMBER,
        offer_keys=("country", "type", "capabilities", "prefix", "region", "city", "contains"),
        owned_keys=("country", "type", "capabilities", "prefix", "contains"),
        offer_filters=catalogue.FILTERS,
        owned_filters=("FriendlyName", "PhoneNumber", "Origin", "Beta"),
        kinds={"sms": (APPLICATION, SERVICE), "voice": (APPLICATION, TRUNK)},
        listed_kinds=(APPLICATION, SERVICE, TRUNK),
        links_on_purchase=True,
        links_each=True,
        search_endings=True,
        configuration=tuple(records.FIELDS),
        provider_settings=(
            Setting("sms_fallback_url", help="What answers an SMS when C(sms_url) does not."),
            Setting("sms_fallback_method", choices=("GET", "POST"), help="How it is asked."),
            Setting("caller_id_lookup", BOOLEAN, help="Whether the name of a caller is looked up."),
            Setting("voice_receive_mode", choices=("voice", "fax"), help="What calls to it are."),
            Setting("emergency_status", choices=("Active", "Inactive"), help="Whether it may call emergency services."),
            Setting("emergency_address", help="The SID of the address that emergency services get."),
            Setting("address", help="The SID of its address."),
            Setting("bundle", help="The SID of its regulatory bundle."),
            Setting("identity", help="The SID of the identity that it belongs to."),
            Setting("account", refused="it would move the number to another account."),
        ),
        regulatory=(
            Paper("address", ("address", "local_address", "foreign_address"), "the SID of an address"),
            Paper("bundle", ("documents",), "the SID of an approved bundle for the country and type"),
            Paper("identity", ("identity",), "the SID of a verified identity"),
        ),
        release=True,
        shows_charge=False,
    )

    def _auth(self) -> Auth:
        return auth_of(self.options, self.secrets)

    @property
    def account_key(self) -> str:
        return account_of(self.options)

    @property
    def apis(self) -> Apis:
        """The APIs of the account; made when they are needed, because an option may be wrong."""
        if self._apis is None:
            self._apis = Apis(self.http, self.options, self.secrets, self.below)
        return self._apis

    _apis: Apis | None = None

    def account(self) -> Account:
        """The first of the numbers is the cheapest read that every key may do: a standard one may not read the
        account.
        """
        self.apis.request("GET", "IncomingPhoneNumbers.json", query={"PageSize": 1})
        return Account(id=self.account_key, provider=self.name)

    # -- offers --------------------------------------------------------------------------------------------------------

    def check_search(self, selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
        catalogue.check(selector)

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """GET …/AvailablePhoneNumbers/{country}/{type}.json of each type that the country has, side by side."""
        return self._searched(selector, {**catalogue.query_of(selector), **filters})

    def search_ending(self, selector: Selector, ending: str, papers: t.Collection[str]) -> Search:
        return self._searched(selector, catalogue.query_of(selector, ending, papers))

    def _searched(self, selector: Selector, query: t.Mapping[str, t.Any]) -> Search:
        windows, prices = catalogue.windows(self.apis, self.workers, selector, query)
        offers = [offer for window in windows for offer in self._offers(window, prices)]
        capped = any(len(window.rows) >= catalogue.WINDOW for window in windows)
        return Search(selector.narrowed(offers), window=capped)

    def lookup(self, number: str) -> Offer | None:
        return self.lookup_many([number])[number]

    def lookup_many(self, numbers: t.Sequence[str]) -> dict[str, Offer | None]:
        """A search by what numbers that lie close together begin with, in each country that may have them."""
        found: dict[str, Offer | None] = dict.fromkeys(numbers)
        for country in catalogue.countries_for(self.apis, numbers):
            open_ = [name for name, offer in found.items() if offer is None and country in e164.countries_of(name)]
            windows = catalogue.named(self.apis, self.workers, country, open_) if open_ else []
            if any(window.rows for window in windows):
                prices = catalogue.prices(self.apis, country)
                offers = [offer for window in windows for offer in self._offers(window, prices)]
                found.update((str(offer.number), offer) for offer in offers if offer.number in open_)
        return found

    def _offers(self, window: catalogue.Window, prices: Prices) -> list[Offer]:
        return self.offered(window.rows, lambda row: self._offer(row, window.word, prices))

    def _offer(self, row: Row, word: str, prices: Prices) -> Offer:
        """The first month is due at purchase. The API knows no set-up fee."""
        number = number_from(row, "phone_number")
        kind = records.kind_of(word)
        monthly = prices.monthly.get(kind) if kind else None
        capabilities, untold = self.told(number, records.capabilities_of, row, "capabilities") or (None, ())
        return self.priced(
            Offer(
                id=number,
                provider=self.name,
                number=number,
                country=self.told_country(number, row, "iso_country", number),
                type=kind,
                capabilities=capabilities,
                untold=untold,
                region=self.told(number, text_from, row, "region"),
                city=self.told(number, text_from, row, "locality"),
                setup_price=None if monthly is None else Decimal(0),  # so that price_list may say both
                monthly_price=monthly,
                due_now=monthly,
                currency=prices.currency or self.options.account_currency,
                requirements=self.told(number, records.requirements_of, row, "address_requirements"),
                raw=row,
                words={} if kind else {"type": word},
            )
        )

    # -- numbers -------------------------------------------------------------------------------------------------------

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """GET …/IncomingPhoneNumbers.json, and the pools of the messaging services, which it does not show."""
        reader = self.apis.pages(
            "IncomingPhoneNumbers.json", "incoming_phone_numbers", {"PageSize": _MOST, **(filters or {})}
        )
        found = self.read_owned(reader, self._number, "sid", "phone_number", steady)
        return self._with_services(found, steady)

    def _with_services(self, numbers: Listed, steady: bool = False) -> Listed:
        if not any(_can_sms(number) for number in numbers):
            return numbers
        members = linking.members_of(self.apis, self.workers, steady)
        if members.untold:
            self.remarks.add(
                "What numbers are linked to for SMS cannot be told, because",
                "rows",
                f" of messaging services cannot be read ({members.untold}).",
            )
        return Listed([_with_membership(number, members) for number in numbers], numbers.unreadable)

    def find(self, number: str) -> Number | None:
        """The list filtered by the digits, which match parts of others, too."""
        return self.owned({"PhoneNumber": number}).get(number)

    def find_id(self, identity: str) -> Number | None:
        """GET …/IncomingPhoneNumbers/{id}.json. What is no SID is nobody's."""
        if not records.is_number_sid(identity):
            return None
        try:
            response = self.apis.request("GET", _path(identity))
        except Failure as failure:
            if failure.provider_code == "20404":
                return None
            raise
        with response.reading():
            found = self._number(object_from(response.json()))
        return self._with_services(Listed([found]))[0]

    def _number(self, row: Row) -> Number:
        number = number_from(row, "phone_number")
        word = self.told(number, text_from, row, "type")
        kind = records.kind_of(word)
        capabilities, untold = self.told(number, records.capabilities_of, row, "capabilities") or (None, ())
        return self.priced(
            Number(
                id=id_from(row, "sid"),
                provider=self.name,
                number=number,
                country=e164.country_of(number),
                type=kind,
                capabilities=capabilities,
                untold=untold,
                links=self._links(row),
                covered=self._covered(row),
                links_known=all(key in row for key in ("voice_application_sid", "trunk_sid", "sms_application_sid")),
                friendly_name=self.told(number, text_from, row, "friendly_name"),
                since=self.since_of(row),
                raw=row,
                words={"type": word} if word and kind is None else {},
            )
        )

    def _links(self, row: Row) -> tuple[Link, ...]:
        """A trunk goes before an application, and that before a URL."""
        trunk = text_from(row, "trunk_sid")
        found = {"voice": text_from(row, "voice_application_sid"), "sms": text_from(row, "sms_application_sid")}
        links = [Link("voice", trunk, TRUNK)] if trunk else []
        links += [Link(key, sid) for key, sid in found.items() if sid and (key, trunk) != ("voice", trunk or "")]
        taken = {link.capability for link in links}
        return (*links, *self.url_links({key: text_from(row, f"{key}_url") for key in found if key not in taken}))

    def _covered(self, row: Row) -> tuple[Link, ...]:
        """What the links of the record override: an application below a trunk, and a URL below both."""
        taken = {link.capability for link in self._links(row) if link.kind != URL}
        voice = text_from(row, "voice_application_sid")
        applications = [Link("voice", voice)] if voice and text_from(row, "trunk_sid") else []
        return (*applications, *self.url_links({key: text_from(row, f"{key}_url") for key in taken if key}))

    @staticmethod
    def since_of(raw: t.Mapping[str, t.Any]) -> str | None:
        """Each purchase has a SID of its own."""
        return str(raw["sid"]) if raw.get("sid") else None

    @staticmethod
    def untold_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...]:
        try:
            return records.capabilities_of(dict(raw), "capabilities")[1]
        except Malformed:
            return ()

    # -- change --------------------------------------------------------------------------------------------------------

    def links_bought(self, links: t.Sequence[Link]) -> tuple[Link, ...]:
        """A messaging service takes a number that is owned already."""
        return tuple(link for link in links if link.kind != SERVICE)

    def buy(self, request: PurchaseRequest) -> Order:
        """POST …/IncomingPhoneNumbers.json: 201 and the record."""
        papers = {PAPERS[option]: sid for option, sid in request.regulatory.items()}
        form = {"PhoneNumber": request.offer.number, **linking.link_fields(request.links), **papers}
        response = self.apis.request(
            "POST", "IncomingPhoneNumbers.json", form=form, expect=(201,), refusals=errors.NO_PURCHASE
        )
        with response.reading():
            bought = self._number(object_from(response.json()))
            if bought.number != request.offer.number:
                raise Malformed(f"it is about {bought.number}")
        if _age(bought.raw, response) > _OLD:
            raise Failure(
                "conflict",
                f"{bought.number} was owned before, and nothing was bought; what the task wanted to be set at its "
                "purchase is set now: look at the number before you run the task again.",
            )
        return Order("fulfilled", (bought,))

    def check_configuration(self, settings: t.Mapping[str, t.Any]) -> None:
        if len(settings.get("friendly_name") or "") > 64:
            raise Failure("invalid_option", "friendly_name may have at most 64 characters at twilio.")
        for option, value in settings.items():
            if option in records.ALWAYS and value in (None, ""):
                raise Failure("invalid_option", f"{option} always has a value at twilio: set it, or leave it out.")
            if option.endswith("_method") and value not in ("GET", "POST"):
                raise Failure("invalid_option", f"{option} must be GET or POST at twilio, not {value!r}.")

    def configuration(self, number: Number) -> dict[str, t.Any]:
        return {option: records.value_of(number.raw, option) for option in PARAMETERS}

    def configure(self, number: Number, changes: t.Mapping[str, t.Any]) -> Number:
        """Only what is sent changes, and an empty value clears."""
        return self._write(
            number, {PARAMETERS[option]: "" if value is None else value for option, value in changes.items()}
        )

    def _write(self, number: Number, form: t.Mapping[str, t.Any]) -> Number:
        """POST …/IncomingPhoneNumbers/{id}.json: 200 and the record, which does not show a messaging service."""
        response = self.apis.request("POST", _path(number.id), form=form, refusals=(*errors.NO_CHANGE, errors.GONE))
        with response.reading():
            written = self._number(object_from(response.json()))
            if written.id != number.id:
                raise Malformed(f"it is about {written.number}")
        service = next((link.id for link in number.links if link.kind == SERVICE), None)
        return _in_service(written, service)

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        return linking.Linking(self.apis, self._write).link(additions, removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        return linking.Linking(self.apis, self._write).unlink(removals)

    def applications(self, name: str | None = None, kind: str | None = None) -> list[Application]:
        """A list for each kind, side by side."""

        def read(one: str) -> list[Application]:
            reader = linking.listed(self.apis, one, name)
            return self.read_applications(reader, lambda row: linking.application_from(row, one), "sid")

        kinds = [one for one in self.features.listed_kinds if kind in (None, one)]
        return [application for found in self.workers.map(read, kinds) for application in found]

    def kind_of(self, application: str) -> str | None:
        return records.KINDS.get(application[:2])

    def release(self, number: Number) -> None:
        """DELETE …/IncomingPhoneNumbers/{id}.json: 204. An emergency address holds a number."""
        if number.raw.get("emergency_address_sid"):
            raise Failure(
                "conflict",
                f"{number.number} has an emergency address, with which twilio does not take a number back: clear "
                "'emergency_address' in 'provider_settings' of number_configuration first.",
            )
        refusals: tuple[Refusal, ...] = (*errors.NO_CHANGE, errors.GONE)
        self.apis.request("DELETE", _path(number.id), expect=(204,), refusals=refusals)

    def explain(self, response: Response) -> Failure:
        return errors.explain(response, self.name)


def _path(identity: str) -> str:
    return path_of("IncomingPhoneNumbers", f"{identity}.json")


def _can_sms(number: Number) -> bool:
    """Whether a number may be in a messaging service, as far as its record tells."""
    return number.capabilities is None or "sms" in number.capabilities


def _with_membership(number: Number, members: linking.Members) -> Number:
    """The number with its messaging service; without known links where a row that cannot be read may be about it."""
    service = members.services.get(number.id)
    if service is None and members.untold and _can_sms(number):
        return dataclasses.replace(number, links_known=False)
    return _in_service(number, service)


def _in_service(number: Number, service: str | None) -> Number:
    """The number with the messaging service that it is in: it goes before whatever stands on the number for SMS."""
    if service is None:
        return number
    others = tuple(link for link in number.links if link.capability != "sms")
    below = tuple(link for link in number.links if link.capability == "sms" and link.kind != SERVICE)
    links = (*others, Link("sms", service, SERVICE))
    return dataclasses.replace(number, links=links, covered=(*below, *number.covered))


def _age(raw: t.Mapping[str, t.Any], response: Response) -> float:
    """How many seconds the record is older than the answer, both by the vendor's clock; 0 where it does not say."""
    moments = []
    for text in (response.headers.get("Date"), raw.get("date_created")):
        try:
            moments.append(email.utils.parsedate_to_datetime(str(text)).replace(tzinfo=datetime.timezone.utc))
        except (TypeError, ValueError, IndexError):
            return 0.0
    return (moments[0] - moments[1]).total_seconds()
