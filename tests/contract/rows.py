# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shared suite has to know of a provider: one row each. Everything else follows from its features."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Row:
    """A provider in the sandbox's default seed.

    ``where`` selects offers of one page and one currency that are enough for five numbers; ``search`` are the requests
    of one such search, ``lookups`` those that look three of its numbers up, and ``login`` those of a handshake. The
    path of each owned number begins with ``root``. ``next_links`` says whether a page has the address of the next one,
    ``overwrites`` whether linking replaces an application's list, ``answers_show`` whether the answer to a change shows
    the number as it is then. ``dearer`` is a merge patch that lets the answer to a purchase name another price, where
    it names one. ``sold_out`` is the answer to the purchase of a number that somebody else has bought. ``fields`` says
    where a row of the list of owned numbers has its ``number``, its ``id``, its monthly ``price``, its ``country``, its
    ``type``, a ``link`` and what it can do; ``pages`` whether that list has several, and ``total`` whether it tells
    one. ``owned_list`` is the path of the list of owned numbers; ``other_fact`` is a merge patch that lets a record on
    it contradict ``where``, and ``pending`` one that says that the number is not usable yet. ``application`` is named
    ``application_name`` where applications are listed, ``twin`` are fields of the seed's account that give
    ``other_application`` the same name. ``of_kind`` has an application of each kind, where there are several kinds, and
    ``addresses`` the option, and a value for it, that links a capability to an address.

    ``lookup`` are the requests that look one of its numbers up, ``reading`` those of one reading of owned numbers that
    ``where`` selects; ``filters_in`` is the country that ``filters`` need; ``nowhere`` is an application that does not
    exist, and the code that says so; ``always`` are settings that cannot be cleared; ``gets`` says whether a number can
    be had by its digits without the list; ``counted`` are the capabilities that the records of owned numbers tell,
    ``writes`` is the method of the calls that change a number, ``kind`` that of ``application``, and ``calls`` are the
    requests of a purchase of three numbers. ``options`` go with every task, like prices that the provider does not
    tell; ``lacks`` are capabilities with kinds of applications that other accounts than the row's can link them to;
    ``offered`` are the capabilities that offers of all countries tell, ``mute`` says whether a record may tell none;
    ``wanted`` are those that a purchase in the US may select, if not ``counted``; ``bare`` are countries whose numbers
    cannot be searched without a further key; ``gives_back`` is the method of a release, and ``gives`` its requests;
    ``single`` are the requests of a reading of one number, if not ``reading``; ``back`` are those that read back one
    number whose link was changed, and ``backs`` those for several, where the answers do not show them; ``leaves`` says
    that what was given back is listed for a while; ``texts`` that every value of a record is a text; ``places`` are
    the requests that find out where to buy, and ``links_together`` those that link several numbers.
    """

    provider: str
    account: str
    credentials: dict[str, str]
    wrong: dict[str, str]
    where: dict[str, Any]
    root: str
    login: int = 0
    search: int = 1
    lookups: int = 3
    next_links: bool = False
    overwrites: bool = False
    answers_show: bool = True
    application: str | None = None
    other_application: str | None = None
    application_name: str | None = None
    of_kind: dict[str, str] = dataclasses.field(default_factory=dict)
    twin: dict[str, Any] = dataclasses.field(default_factory=dict)
    addresses: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    filters: dict[str, Any] = dataclasses.field(default_factory=dict)
    dearer: dict[str, Any] = dataclasses.field(default_factory=dict)
    sold_out: dict[str, Any] = dataclasses.field(default_factory=dict)
    owned_list: str = ""
    other_fact: dict[str, Any] = dataclasses.field(default_factory=dict)
    pending: dict[str, Any] = dataclasses.field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    fields: dict[str, str] = dataclasses.field(default_factory=dict)
    pages: bool = True
    total: bool = False
    lookup: int = 1
    reading: int = 1
    filters_in: str | None = None
    nowhere: tuple[str, str] = ("no-such-application", "not_found")
    always: tuple[str, ...] = ()
    gets: bool = True
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    lacks: tuple[tuple[str, str], ...] = ()
    counted: tuple[str, ...] = ("sms", "voice")
    writes: str = "POST"
    kind: str = "application"
    calls: int | None = None
    offered: tuple[str, ...] = ("sms", "voice")
    mute: bool = True
    wanted: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    gives_back: str = "DELETE"
    gives: int = 1
    single: int | None = None
    back: int = 1
    backs: int = 1
    leaves: bool = False
    texts: bool = False
    places: int = 0
    links_together: int | None = None

    @property
    def setting(self) -> dict[str, Any]:
        """One of ``settings``, for a task."""
        name = "friendly_name" if "friendly_name" in self.settings else next(iter(self.settings), "friendly_name")
        return {name: self.settings.get(name, "Reception")}

    @property
    def other_setting(self) -> dict[str, Any]:
        """The same option with another value."""
        ((name, value),) = self.setting.items()
        return {name: ["other"] if isinstance(value, list) else "Other"}

    def application_for(self, capability: str, kinds: Mapping[str, Any]) -> str | None:
        """An application that serves a capability: ``application`` where that does."""
        found = [identity for kind, identity in self.of_kind.items() if kind in kinds[capability]]
        return self.application if self.serves(capability, kinds) or not found else found[0]

    def serves(self, capability: str, kinds: Mapping[str, Any]) -> bool:
        """Whether ``application`` serves a capability; *kinds* are the provider's."""
        return self.kind in kinds.get(capability, ())

    @property
    def plain_settings(self) -> dict[str, Any]:
        """``settings`` without those that link the number to an address, and those that need such an address."""
        linking = tuple(option.removesuffix("url") for option, _address in self.addresses.values())
        return {option: value for option, value in self.settings.items() if not option.startswith(linking)}

    def patch(self, field: str, value: Any) -> dict[str, Any]:
        """A merge patch that gives a row another *value* in one of ``fields``."""
        for key in reversed(self.fields[field].split("/")):
            value = {key: value}
        return dict(value)


ROWS = [
    Row(
        provider="sinch_portal",
        account="8888123",
        credentials={"username": "sandbox@example.com", "password": "sandbox-portal-password"},
        wrong={"password": "sandbox-wrong-secret"},
        where={"country": "SE", "capabilities": ["voice"]},
        root="/v1/",
        login=3,
        overwrites=True,
        answers_show=False,
        application="bb7b4e39-4227-4913-8c81-2db4abb54fb3",
        other_application="c4d5b2a1-1111-4222-8333-944455556666",
        owned_list="organisations/id/[^/]+/numbers$",
        other_fact={"countryId": "NO"},
        secrets=("sandbox-portal-password",),
        fields={
            "number": "number",
            "price": "cost/amount",
            "country": "countryId",
            "link": "applicationKey",
            "able": "capabilities",
        },
        pages=False,
    ),
    Row(
        provider="sinch_catalog",
        account="ACsandbox",
        credentials={
            "account_id": "ACsandbox",
            "api_key": "sandbox-catalog-key",
            "api_secret": "sandbox-catalog-secret",
        },
        wrong={"api_secret": "sandbox-wrong-secret"},
        where={"country": "SE", "type": "mobile", "capabilities": ["voice"]},
        root="/v1/Account",
        next_links=True,
        application="APsandboxvoice",
        other_application="APsandboxother",
        addresses={"voice": ("voice_url", "https://example.com/voice"), "sms": ("sms_url", "https://example.com/sms")},
        settings={
            "friendly_name": "Reception",
            "status_callback_url": "https://example.com/status",
            "status_callback_method": "POST",
            "general_callback_url": "https://example.com/general",
            "general_callback_method": "GET",
            "voice_url": "https://example.com/voice",
            "voice_method": "POST",
            "voice_fallback_url": "https://example.com/voice-fallback",
            "voice_fallback_method": "GET",
            "sms_url": "https://example.com/sms",
            "sms_method": "POST",
        },
        filters={"geography.locality": "New Orleans"},
        dearer={"base_recurring_price": "99.00"},
        sold_out={"status": 400, "body": {"code": 21452, "message": "No phone numbers available"}},
        owned_list="ActiveNumbers/$",
        other_fact={"type": "local"},
        secrets=("sandbox-catalog-key", "sandbox-catalog-secret"),
        fields={
            "number": "phone_number",
            "price": "base_recurring_price",
            "country": "geography/iso_country",
            "type": "type",
            "link": "configuration/voice/application_sid",
            "able": "capabilities",
        },
    ),
    Row(
        provider="infobip_sms",
        lookups=1,
        account="infobip-user",
        credentials={"api_key": "sandbox-infobip-api-key"},
        wrong={"api_key": "sandbox-wrong-secret"},
        where={"country": "SE", "capabilities": ["voice"]},
        root="/sms/1/numbers",
        filters={"number": "4478600420"},
        dearer={"price": {"pricePerMonth": 99, "setupPrice": 0, "currency": "EUR"}},
        sold_out={
            "status": 404,
            "body": {"requestError": {"serviceException": {"messageId": "NOT_FOUND", "text": "Number not found"}}},
        },
        owned_list="numbers/?$",
        other_fact={"capabilities": ["SMS"]},
        secrets=("sandbox-infobip-api-key",),
        fields={
            "number": "number",
            "id": "numberKey",
            "price": "price/pricePerMonth",
            "country": "country",
            "type": "type",
            "able": "capabilities",
        },
        total=True,
    ),
    Row(
        provider="plivo_groups",
        account="MASANDBOXACCOUNT0001",
        credentials={"account_id": "MASANDBOXACCOUNT0001", "password": "sandbox-plivo-auth-token"},
        wrong={"password": "sandbox-wrong-secret"},
        where={"country": "SE", "type": "local", "capabilities": ["voice"]},
        root="/v1/Account/MASANDBOXACCOUNT0001/Number/",
        next_links=True,
        answers_show=False,
        application="16632742496743552",
        other_application="16632742496743553",
        application_name="reception",
        twin={"names": {"16632742496743552": "reception", "16632742496743553": "reception"}},
        settings={"friendly_name": "Reception", "sub_account": "SASANDBOXSUB00000001"},
        filters={"prefix": "8", "country_iso": "SE"},
        filters_in="SE",
        owned_list="/Number/$",
        other_fact={"voice_enabled": False},
        pending={"active": False},
        secrets=("sandbox-plivo-auth-token",),
        fields={
            "number": "number",
            "price": "monthly_rental_rate",
            "type": "number_type",
            "link": "application",
            "able": "voice_enabled",
        },
        total=True,
    ),
    Row(
        provider="telnyx",
        account="sandbox-telnyx",
        credentials={"account_id": "sandbox-telnyx", "api_key": "KEY01SANDBOX_telnyx_key"},
        wrong={"api_key": "KEY01sandbox-wrong-secret"},
        where={"country": "SE", "type": "mobile", "capabilities": ["sms"]},
        root="/v2/phone_numbers",
        search=2,
        lookups=2,
        lookup=2,
        application="1700000000000000001",
        other_application="1700000000000000002",
        application_name="Support",
        of_kind={
            "connection": "1700000000000000001",
            "messaging_profile": "40000000-0000-4000-8000-000000000001",
        },
        twin={"names": dict.fromkeys(("1700000000000000001", "1700000000000000002"), "Support")},
        filters={"filter[locality]": "NEW ORLEANS"},
        filters_in="US",
        sold_out={
            "status": 422,
            "body": {
                "errors": [
                    {"code": "85001", "title": "Phone number is no longer available", "detail": "It is not available"}
                ]
            },
        },
        owned_list="/v2/phone_numbers$",
        other_fact={"phone_number_type": "local"},
        pending={"status": "provision-pending"},
        secrets=("KEY01SANDBOX_telnyx_key",),
        fields={
            "number": "phone_number",
            "id": "id",
            "country": "country_iso_alpha2",
            "type": "phone_number_type",
            "link": "connection_id",
        },
        total=True,
        reading=3,
        settings={"tags": ["north", "office"]},
        nowhere=("1700000000000000099", "invalid_option"),
        gets=False,
        counted=("sms",),
        writes="PATCH",
        kind="connection",
        calls=4,
    ),
    Row(
        provider="bandwidth",
        account="5550001",
        credentials={
            "account_id": "5550001",
            "username": "sandbox-api-user",
            "password": "sandbox-bandwidth-password",
        },
        wrong={"password": "sandbox-wrong-secret"},
        where={"country": "US", "type": "local", "region": "NC", "capabilities": ["voice"]},
        root="/api/v2/",
        lookups=1,
        application="7a000000-0000-4000-8000-000000000001",
        other_application="7a000000-0000-4000-8000-000000000002",
        application_name="Calls",
        of_kind={"location": "8101", "voice_package": "7a000000-0000-4000-8000-000000000001"},
        twin={
            "packages": [
                {"id": "7a000000-0000-4000-8000-000000000001", "name": "Calls"},
                {"id": "7a000000-0000-4000-8000-000000000002", "name": "Calls"},
            ]
        },
        filters={"areaCode": "919"},
        filters_in="US",
        owned_list="/api/v2/tns$",
        other_fact={"State": "NY"},
        secrets=("sandbox-bandwidth-password",),
        fields={"number": "FullNumber"},
        reading=10,
        nowhere=("7a000000-0000-4000-8000-000000000099", "not_found"),
        options={
            "price_list": [
                {"country": "US", "currency": "USD", "monthly": "0.50"},
                {"country": "US", "currency": "USD", "monthly": "1.50", "where": {"tier": 1}},
                {"currency": "USD", "monthly": "2.00"},
            ]
        },
        lacks=(("voice", "location"),),
        kind="voice_package",
        pending={"Status": "InAccount"},
        offered=(),
        mute=False,
        counted=("sms",),
        wanted=("voice",),
        bare=("US",),
        answers_show=False,
        gives_back="POST",
        gives=2,
        single=7,
        back=3,
        backs=6,
        leaves=True,
        texts=True,
        places=2,
        links_together=1,
        calls=4,
    ),
    Row(
        provider="twilio",
        account="AC00000000000000000000000000000001",
        credentials={"account_id": "AC00000000000000000000000000000001", "password": "sandbox-twilio-auth-token"},
        wrong={"password": "sandbox-wrong-secret"},
        where={"country": "SE", "type": "mobile", "capabilities": ["voice"]},
        root="/2010-04-01/Accounts/AC00000000000000000000000000000001/IncomingPhoneNumbers",
        search=2,
        lookups=2,
        lookup=2,
        next_links=True,
        application="AP00000000000000000000000000000001",
        other_application="AP00000000000000000000000000000002",
        application_name="Support",
        of_kind={
            "application": "AP00000000000000000000000000000001",
            "messaging_service": "MG00000000000000000000000000000001",
            "trunk": "TK00000000000000000000000000000001",
        },
        twin={
            "names": dict.fromkeys(
                ("AP00000000000000000000000000000001", "AP00000000000000000000000000000002"), "Support"
            )
        },
        addresses={"voice": ("voice_url", "https://example.com/voice"), "sms": ("sms_url", "https://example.com/sms")},
        settings={
            "friendly_name": "Reception",
            "status_callback_url": "https://example.com/status",
            "status_callback_method": "GET",
            "voice_url": "https://example.com/voice",
            "voice_method": "GET",
            "voice_fallback_url": "https://example.com/voice-fallback",
            "voice_fallback_method": "GET",
            "sms_url": "https://example.com/sms",
            "sms_method": "GET",
        },
        filters={"InLocality": "New Orleans"},
        filters_in="US",
        sold_out={
            "status": 400,
            "body": {
                "code": 21422,
                "message": "PhoneNumber is not available",
                "more_info": "https://www.twilio.com/docs/errors/21422",
                "status": 400,
            },
        },
        owned_list="/IncomingPhoneNumbers.json$",
        other_fact={"type": "local"},
        secrets=("sandbox-twilio-auth-token",),
        fields={
            "number": "phone_number",
            "id": "sid",
            "type": "type",
            "link": "voice_application_sid",
            "able": "capabilities",
        },
        reading=4,
        nowhere=("AP00000000000000000000000000000099", "invalid_option"),
        always=("status_callback_method", "voice_method", "voice_fallback_method", "sms_method"),
        gets=False,
    ),
]
