# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a number can be linked to: TwiML applications, SIP trunks, messaging services; and the region of its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import shop
from ..paging import listed
from ..store import Account, Owned
from ..wire import Answer, ApiError, Call
from .common import (
    ACCOUNT,
    E164,
    NAME,
    Handled,
    addressed,
    asking_account,
    form,
    iso8601,
    not_found,
    page_2010,
    page_newer,
    query,
    rfc2822,
)
from .numbers import rendered

APPLICATIONS = ACCOUNT + "/Applications"
TRUNKS, SERVICES, ROUTES = "/v1/Trunks", "/v1/Services", "/v2/PhoneNumbers/{PhoneNumber}"
POOL = 400
REGIONS = ("us1", "ie1", "au1", "jp1")


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", APPLICATIONS + ".json", applications),
        ("GET", APPLICATIONS + "/{Sid}.json", application),
        ("GET", TRUNKS, trunks),
        ("GET", TRUNKS + "/{Sid}", trunk),
        ("GET", TRUNKS + "/{Sid}/PhoneNumbers", trunk_numbers),
        ("POST", TRUNKS + "/{Sid}/PhoneNumbers", add_to_trunk),
        ("DELETE", TRUNKS + "/{Sid}/PhoneNumbers/{Number}", take_from_trunk),
        ("GET", SERVICES, services),
        ("GET", SERVICES + "/{Sid}", service),
        ("GET", SERVICES + "/{Sid}/PhoneNumbers", pool),
        ("POST", SERVICES + "/{Sid}/PhoneNumbers", add_to_pool),
        ("GET", SERVICES + "/{Sid}/PhoneNumbers/{Number}", of_pool),
        ("DELETE", SERVICES + "/{Sid}/PhoneNumbers/{Number}", take_from_pool),
        ("GET", ROUTES, route),
        ("POST", ROUTES, set_route),
    )


def _of_kind(account: Account, prefix: str) -> list[str]:
    return [sid for sid in account.applications if sid.startswith(prefix)]


def _name(account: Account, sid: str) -> str:
    names: Mapping[str, Any] = account.data.get("names") or {}
    return str(names.get(sid, sid))


def applications(call: Call) -> Answer:
    """The account's TwiML applications."""
    account = addressed(call)
    fields = query(call, ("FriendlyName",))
    found = [sid for sid in _of_kind(account, "AP") if fields.get("FriendlyName") in (None, _name(account, sid))]
    return page_2010(call, fields, "applications", found, lambda sid: _application(account, sid))


def application(call: Call) -> Answer:
    """One TwiML application."""
    account = addressed(call)
    query(call, ())
    if call.params["Sid"] not in _of_kind(account, "AP"):
        raise not_found(call)
    return Answer(200, _application(account, call.params["Sid"]))


def _application(account: Account, sid: str) -> dict[str, Any]:
    return {
        "sid": sid, "account_sid": account.id, "friendly_name": _name(account, sid), "api_version": "2010-04-01",
        "voice_url": "https://example.com/voice", "voice_method": "POST", "voice_fallback_url": None,
        "voice_fallback_method": "POST",
        "voice_caller_id_lookup": False, "sms_url": "https://example.com/sms", "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST", "sms_status_callback": None, "message_status_callback": None,
        "status_callback": None,
        "status_callback_method": "POST", "public_application_connect_enabled": False, "date_created": rfc2822(0),
        "date_updated": rfc2822(0), "uri": f"/2010-04-01/Accounts/{account.id}/Applications/{sid}.json",
    }  # fmt: skip


def _addressed(call: Call, prefix: str) -> tuple[Account, str]:
    """The account, and the trunk or service of the path."""
    account, sid = asking_account(call), call.params["Sid"]
    if sid not in _of_kind(account, prefix):
        raise not_found(call) if prefix == "TK" else ApiError(404, f"Service {sid} was not found", 21701)
    return account, sid


def trunks(call: Call) -> Answer:
    """The account's trunks."""
    account = asking_account(call)
    return page_newer(call, query(call, ()), "trunks", _of_kind(account, "TK"), lambda sid: _trunk(call, account, sid))


def trunk(call: Call) -> Answer:
    """One trunk."""
    account, sid = _addressed(call, "TK")
    query(call, ())
    return Answer(200, _trunk(call, account, sid))


def _trunk(call: Call, account: Account, sid: str) -> dict[str, Any]:
    return {
        "sid": sid, "account_sid": account.id, "friendly_name": _name(account, sid), "domain_name": None,
        "secure": False,
        "date_created": iso8601(0), "date_updated": iso8601(0), "url": f"{call.origin}{TRUNKS}/{sid}",
    }  # fmt: skip


def _linked(call: Call, account: Account, capability: str, sid: str) -> list[Owned]:
    return [row for row in listed(call, NAME, account.id) if row.applications.get(capability) == sid]


def trunk_numbers(call: Call) -> Answer:
    """The numbers of a trunk."""
    account, sid = _addressed(call, "TK")
    return page_newer(
        call,
        query(call, ()),
        "phone_numbers",
        _linked(call, account, "voice", sid),
        lambda row: _on_trunk(call, sid, row),
    )


def _on_trunk(call: Call, sid: str, row: Owned) -> dict[str, Any]:
    return {**rendered(row), "url": f"{call.origin}{TRUNKS}/{sid}/PhoneNumbers/{row.id}"}


def _wanted(call: Call, account: Account) -> Owned:
    """The number that a form adds to a trunk or a service."""
    sid = form(call, ("PhoneNumberSid",)).get("PhoneNumberSid", "")
    row = call.store.get(Owned, provider=NAME, account=account.id, id=sid)
    if row is None:
        raise ApiError(400, f"PhoneNumberSid {sid} is invalid", 21421)
    return row


def _held(call: Call, account: Account, capability: str, sid: str) -> Owned:
    row = call.store.get(Owned, provider=NAME, account=account.id, id=call.params["Number"])
    if row is None or row.applications.get(capability) != sid:
        raise not_found(call)
    return row


def add_to_trunk(call: Call) -> Answer:
    """Link a number's calls to a trunk, whatever they were linked to."""
    account, sid = _addressed(call, "TK")
    row = _wanted(call, account)
    shop.relink(call.store, row, {**row.applications, "voice": sid})
    return Answer(201, _on_trunk(call, sid, row))


def take_from_trunk(call: Call) -> Answer:
    """Unlink a number from a trunk."""
    account, sid = _addressed(call, "TK")
    call.no_body()
    row = _held(call, account, "voice", sid)
    shop.relink(call.store, row, {name: value for name, value in row.applications.items() if name != "voice"})
    return Answer(204)


def services(call: Call) -> Answer:
    """The account's messaging services."""
    account = asking_account(call)
    return page_newer(
        call, query(call, ()), "services", _of_kind(account, "MG"), lambda sid: _service(call, account, sid)
    )


def service(call: Call) -> Answer:
    """One messaging service."""
    account, sid = _addressed(call, "MG")
    query(call, ())
    return Answer(200, _service(call, account, sid))


def _service(call: Call, account: Account, sid: str) -> dict[str, Any]:
    url = f"{call.origin}{SERVICES}/{sid}"
    return {
        "sid": sid, "account_sid": account.id, "friendly_name": _name(account, sid),
        "inbound_request_url": "https://example.com/in",
        "inbound_method": "POST",
        "use_inbound_webhook_on_number": sid in account.data.get("inbound_webhook_on_number", []),
        "usecase": "undeclared", "date_created": iso8601(0), "date_updated": iso8601(0), "url": url,
        "links": {"phone_numbers": f"{url}/PhoneNumbers"},
    }  # fmt: skip


def pool(call: Call) -> Answer:
    """The numbers of a messaging service."""
    account, sid = _addressed(call, "MG")
    return page_newer(
        call, query(call, ()), "phone_numbers", _linked(call, account, "sms", sid), lambda row: _in_pool(call, sid, row)
    )


def of_pool(call: Call) -> Answer:
    """One number of a messaging service."""
    account, sid = _addressed(call, "MG")
    query(call, ())
    return Answer(200, _in_pool(call, sid, _held(call, account, "sms", sid)))


def _in_pool(call: Call, sid: str, row: Owned) -> dict[str, Any]:
    words = {"mms": "MMS", "sms": "SMS", "voice": "Voice"}
    return {
        "sid": row.id, "account_sid": row.account, "service_sid": sid, "phone_number": row.number,
        "country_code": row.data.get("country"),
        "capabilities": [word for name, word in words.items() if name in row.data["capabilities"]],
        "date_created": iso8601(row.bought_at),
        "date_updated": iso8601(row.bought_at), "url": f"{call.origin}{SERVICES}/{sid}/PhoneNumbers/{row.id}",
    }  # fmt: skip


def add_to_pool(call: Call) -> Answer:
    """Put a number into a messaging service; an application for SMS waits behind it."""
    account, sid = _addressed(call, "MG")
    row = _wanted(call, account)
    now = row.applications.get("sms", "")
    if now.startswith("MG"):
        raise ApiError(
            409,
            f"{row.number} is in {'this' if now == sid else 'another'} service already",
            21710 if now == sid else 21712,
        )
    if "sms" not in row.data["capabilities"]:
        raise ApiError(400, f"{row.number} cannot receive SMS", 21715)
    if (
        len(
            [
                one
                for one in call.store.find(Owned, provider=NAME, account=account.id)
                if one.applications.get("sms") == sid
            ]
        )
        >= POOL
    ):
        raise ApiError(400, f"Service {sid} is full", 21714)
    if now:
        row.configuration["sms_application_sid"] = now
        call.store.save(row)
    shop.relink(call.store, row, {**row.applications, "sms": sid})
    return Answer(201, _in_pool(call, sid, row))


def take_from_pool(call: Call) -> Answer:
    """Take a number out of a messaging service; what waited behind it holds again."""
    account, sid = _addressed(call, "MG")
    call.no_body()
    row = _held(call, account, "sms", sid)
    links = {name: value for name, value in row.applications.items() if name != "sms"}
    waiting = row.configuration.pop("sms_application_sid", "")
    call.store.save(row)
    shop.relink(call.store, row, {**links, "sms": waiting} if waiting else links)
    return Answer(204)


def _routed(call: Call) -> Owned:
    account = asking_account(call)
    number = call.params["PhoneNumber"]
    row = call.store.get(Owned, provider=NAME, account=account.id, number=number) if E164.fullmatch(number) else None
    if row is None:
        raise not_found(call)
    return row


def _route(call: Call, row: Owned) -> Answer:
    return Answer(200, {
        "phone_number": row.number, "account_sid": row.account, "sid": f"QQ{row.id[2:]}",
        "friendly_name": row.configuration.get("route_name", ""),
        "voice_region": row.configuration.get("voice_region", "us1"), "date_created": iso8601(row.bought_at),
        "date_updated": iso8601(row.bought_at),
        "url": f"{call.origin}/v2/PhoneNumbers/{row.number}",
    })  # fmt: skip


def route(call: Call) -> Answer:
    """The region that a number's calls go to."""
    query(call, ())
    return _route(call, _routed(call))


def set_route(call: Call) -> Answer:
    """Send a number's calls to another region."""
    row = _routed(call)
    fields = form(call, ("VoiceRegion", "FriendlyName"))
    if fields.get("VoiceRegion", REGIONS[0]) not in REGIONS:
        raise ApiError(400, f"VoiceRegion must be one of {', '.join(REGIONS)}", 20001)
    for name, key in (("VoiceRegion", "voice_region"), ("FriendlyName", "route_name")):
        if name in fields:
            row.configuration[key] = fields[name]
    call.store.save(row)
    return _route(call, row)
