# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owned numbers: list, get, change, release; their voice and their messaging settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import shop
from ..paging import listed
from ..store import Account, Offer, Owned, Past
from ..wire import Answer, ApiError, Call
from .applications import name_of
from .common import NAME, Handled, Query, asking_account, body, choice, flag, iso8601, not_found, page, query, text
from .orders import check_links, listed_on_order

FIELDS = ("tags", "customer_reference", "billing_group_id", "external_pin", "address_id", "hd_voice_enabled")
VOICE: Mapping[str, Any] = {
    "tech_prefix_enabled": False,
    "translated_number": "",
    "caller_id_name_enabled": False,
    "call_forwarding": {"call_forwarding_enabled": False, "forwards_to": "", "forwarding_type": "always"},
    "cnam_listing": {"cnam_listing_enabled": False, "cnam_listing_details": ""},
    "usage_payment_method": "pay-per-minute",
    "media_features": {
        "rtp_auto_adjust_enabled": True,
        "accept_any_rtp_packets_enabled": False,
        "t38_fax_gateway_enabled": False,
    },
    "call_recording": {
        "inbound_call_recording_enabled": False,
        "inbound_call_recording_format": "wav",
        "inbound_call_recording_channels": "single",
    },
    "inbound_call_screening": "disabled",
}
CHOICES = {
    "usage_payment_method": ("pay-per-minute", "channel"),
    "inbound_call_screening": ("disabled", "reject_calls", "flag_calls"),
}
SORTS = ("purchased_at", "phone_number", "connection_name", "usage_payment_method")
FILTERS = (
    "phone_number", "status", "country_iso_alpha2", "connection_id", "tag", "customer_reference", "billing_group_id",
    "source", "without_tags",
)  # fmt: skip


def calls() -> Sequence[Handled]:
    """The calls of this file; the lists come first, since their words stand where an id may."""
    return (
        ("GET", "/phone_numbers", numbers),
        ("GET", "/phone_numbers/messaging", all_messaging),
        ("GET", "/phone_numbers/voice", all_voice),
        ("GET", "/phone_numbers/{id}", get),
        ("PATCH", "/phone_numbers/{id}", update),
        ("DELETE", "/phone_numbers/{id}", release),
        ("GET", "/phone_numbers/{id}/messaging", messaging),
        ("PATCH", "/phone_numbers/{id}/messaging", set_messaging),
        ("GET", "/phone_numbers/{id}/voice", voice),
        ("PATCH", "/phone_numbers/{id}/voice", set_voice),
    )


def numbers(call: Call) -> Answer:
    """The list: numbers that are owned, on order and, as a setting says, given back."""
    account = asking_account(call)
    names = [f"filter[{name}]" for name in FILTERS]
    fields = query(call, *names, "filter[number_type][eq]", "sort")
    found = [*listed(call, NAME, account.id), *_others(call, account)]
    found = [row for row in found if all(test(row) for test in _tests(fields))]
    sort = fields.get("sort", "")
    if sort and sort.lstrip("-") not in SORTS:
        raise ApiError(422, f"sort must be one of {', '.join(SORTS)}", "10031")
    if sort.lstrip("-") == "phone_number":
        found.sort(key=lambda row: row.number, reverse=sort.startswith("-"))
    else:
        found.sort(key=lambda row: row.bought_at, reverse=sort in ("", "-purchased_at"))
    return page(call, found, lambda row: _rendered(account, row), most=int(call.settings["page_rows"]))


def _others(call: Call, account: Account) -> list[Owned]:
    others = listed_on_order(call, account) if call.settings["lists_ordered"] else []
    if call.settings["lists_deleted"]:
        for past in call.store.find(Past, provider=NAME, account=account.id):
            if call.store.get(Owned, provider=NAME, number=past.number) is None:
                gone = Owned(**past.row)
                gone.configuration = {**gone.configuration, "status": "deleted"}
                others.append(gone)
    return others


def _tests(fields: Query) -> list[Callable[[Owned], bool]]:
    """The filters of the list. Digits match parts, and a plus matches nothing."""
    found: list[Callable[[Owned], bool]] = []
    digits = fields.get("filter[phone_number]")
    if digits is not None:
        if len(digits) < 3:
            raise ApiError(422, "filter[phone_number] must have at least 3 digits", "10031")
        found.append(lambda row: re.fullmatch(r"\d+", digits) is not None and digits in row.number)
    wanted: dict[str, Callable[[Owned], Any]] = {
        "status": status_of,
        "country_iso_alpha2": lambda row: row.data.get("country"),
        "connection_id": lambda row: row.applications.get("voice"),
        "customer_reference": lambda row: row.configuration.get("customer_reference"),
        "billing_group_id": lambda row: row.configuration.get("billing_group_id") or "null",
    }
    for name, read in wanted.items():
        if f"filter[{name}]" in fields:
            found.append(_is(read, fields[f"filter[{name}]"].split(",")))
    if "filter[number_type][eq]" in fields:
        found.append(_is(lambda row: row.data.get("type"), [fields["filter[number_type][eq]"]]))
    if "filter[tag]" in fields:
        found.append(lambda row: fields["filter[tag]"] in row.configuration.get("tags", []))
    if flag(fields, "filter[without_tags]"):
        found.append(lambda row: not row.configuration.get("tags"))
    return found


def _is(read: Callable[[Owned], Any], values: Sequence[str]) -> Callable[[Owned], bool]:
    return lambda row: read(row) in values


def status_of(row: Owned) -> str:
    """The word for where a number stands."""
    return str(row.configuration.get("status") or ("active" if row.active else "provision-pending"))


def _owned(call: Call) -> tuple[Account, Owned]:
    """The account and the number of a path, which may have its digits, too."""
    account = asking_account(call)
    wanted = call.params["id"]
    row = call.store.find(Owned, provider=NAME, account=account.id, id=wanted)
    row = row or call.store.find(Owned, provider=NAME, account=account.id, number=wanted)
    if not row:
        raise not_found()
    return account, row[0]


def get(call: Call) -> Answer:
    """One number."""
    query(call)
    account, row = _owned(call)
    shown = listed(call, NAME, account.id, id=row.id)
    if not shown:
        raise not_found()
    return Answer(200, {"data": _rendered(account, shown[0])})


def update(call: Call) -> Answer:
    """Change what the body says; what it leaves out stays."""
    account, row = _owned(call)
    told = body(call)
    if "messaging_profile_id" in told:
        raise ApiError(422, "The field messaging_profile_id is not reachable here", "10015")
    connection = text(told, "connection_id")
    check_links(account, connection, None)
    _check(account, told)
    for name in FIELDS:
        if name in told:
            row.configuration[name] = told[name]
    call.store.save(row)
    if "connection_id" in told:
        _relink(call, row, "voice", connection)
    return Answer(200, {"data": _rendered(account, row)})


def _check(account: Account, told: Mapping[str, Any]) -> None:
    for name in ("customer_reference", "billing_group_id", "external_pin", "address_id"):
        text(told, name)
    tags = told.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) and ":" not in tag for tag in tags):
        raise ApiError(422, "tags must be strings without a colon", "10027")
    groups = [one["id"] for one in account.data.get("billing_groups", [])]
    if told.get("billing_group_id") and told["billing_group_id"] not in groups:
        raise ApiError(422, f"billing_group_id {told['billing_group_id']} is invalid", "10027")
    if not isinstance(told.get("hd_voice_enabled", False), bool):
        raise ApiError(422, "hd_voice_enabled must be a boolean", "10027")


def _relink(call: Call, row: Owned, capability: str, application: str | None) -> None:
    links = {key: value for key, value in row.applications.items() if key != capability}
    shop.relink(call.store, row, {**links, **({capability: application} if application else {})})


def release(call: Call) -> Answer:
    """Give a number back; it is held for the account for a while."""
    call.no_body()
    account, row = _owned(call)
    if row.configuration.get("deletion_lock_enabled"):
        raise ApiError(422, "The phone number has its deletion lock enabled", "10015")
    shown = _rendered(account, row)
    shop.release(call.store, row)
    offer = call.store.get(Offer, provider=NAME, id=row.offer) if row.offer else None
    if offer is not None:
        offer.data = {**offer.data, "held_by": account.id}
        call.store.save(offer)
    return Answer(200, {"data": {**shown, "status": "deleted"}})


def all_messaging(call: Call) -> Answer:
    """The messaging settings of all numbers."""
    account = asking_account(call)
    query(call)
    found = sorted(listed(call, NAME, account.id), key=lambda row: row.number)
    return page(call, found, _messaging, most=int(call.settings["page_rows"]))


def messaging(call: Call) -> Answer:
    """The messaging settings of one number."""
    query(call)
    return Answer(200, {"data": _messaging(_owned(call)[1])})


def set_messaging(call: Call) -> Answer:
    """Null keeps the profile, an empty text takes it off."""
    account, row = _owned(call)
    profile = text(body(call), "messaging_profile_id")
    check_links(account, None, profile)
    if profile and "sms" not in row.data["capabilities"]:
        raise ApiError(422, "The phone number is not enabled for messaging", "10015")
    if profile is not None:
        _relink(call, row, "sms", profile)
    return Answer(200, {"data": _messaging(row)})


def _messaging(row: Owned) -> dict[str, Any]:
    able = row.data["capabilities"]
    ways = {"domestic_two_way": True, "international_inbound": True, "international_outbound": True}
    word = {"toll_free": "toll-free", "shortcode": "short-code"}.get(str(row.data.get("type")), "long-code")
    return {
        "record_type": "messaging_settings",
        "id": row.id,
        "phone_number": row.number,
        "country_code": row.data.get("country"),
        "type": word,
        "messaging_profile_id": row.applications.get("sms"),
        "messaging_product": "A2P" if "sms" in able else None,
        "traffic_type": "A2P" if "sms" in able else None,
        "eligible_messaging_products": ["A2P"] if "sms" in able else [],
        "features": {name: dict(ways) if name in able else None for name in ("sms", "mms")},
        "created_at": iso8601(row.bought_at),
        "updated_at": iso8601(row.bought_at),
    }


def all_voice(call: Call) -> Answer:
    """The voice settings of all numbers."""
    account = asking_account(call)
    query(call, "sort")
    found = sorted(listed(call, NAME, account.id), key=lambda row: row.number)
    return page(call, found, _voice, most=int(call.settings["page_rows"]))


def voice(call: Call) -> Answer:
    """The voice settings of one number."""
    query(call)
    return Answer(200, {"data": _voice(_owned(call)[1])})


def set_voice(call: Call) -> Answer:
    """Change what the body says; a nested setting is replaced whole, and what is not known is ignored."""
    _account, row = _owned(call)
    told = {name: value for name, value in body(call).items() if name in VOICE}
    for name, words in CHOICES.items():
        choice(told, name, words)
    for name, value in told.items():
        if isinstance(VOICE[name], dict) and not isinstance(value, dict):
            raise ApiError(422, f"{name} must be an object", "10027")
        if isinstance(VOICE[name], bool) and not isinstance(value, bool):
            raise ApiError(422, f"{name} must be a boolean", "10027")
    listing = told.get("cnam_listing") or {}
    if listing.get("cnam_listing_enabled") and not listing.get("cnam_listing_details"):
        raise ApiError(422, "cnam_listing_enabled needs cnam_listing_details", "10027")
    row.configuration["voice"] = {**row.configuration.get("voice", {}), **told}
    call.store.save(row)
    return Answer(200, {"data": _voice(row)})


def _voice(row: Owned) -> dict[str, Any]:
    settings = row.configuration.get("voice", {})
    shown = {
        name: {**value, **settings.get(name, {})} if isinstance(value, dict) else settings.get(name, value)
        for name, value in VOICE.items()
    }
    return {
        "record_type": "voice_settings",
        "id": row.id,
        "phone_number": row.number,
        "connection_id": row.applications.get("voice"),
        "customer_reference": row.configuration.get("customer_reference"),
        **shown,
        "emergency": {
            "emergency_enabled": bool(row.configuration.get("emergency_enabled")),
            "emergency_address_id": row.configuration.get("emergency_address_id") or "",
            "emergency_status": row.configuration.get("emergency_status", "disabled"),
        },
    }


def _rendered(account: Account, row: Owned) -> dict[str, Any]:
    """The record; what is empty is null."""
    found, links = row.configuration, row.applications
    settings = _voice(row)
    return {
        "record_type": "phone_number",
        "id": row.id,
        "phone_number": row.number,
        "country_iso_alpha2": row.data.get("country"),
        "phone_number_type": row.data.get("type"),
        "status": status_of(row),
        "tags": list(found.get("tags") or []),
        "connection_id": links.get("voice"),
        "connection_name": name_of(account, links.get("voice")),
        "messaging_profile_id": links.get("sms"),
        "messaging_profile_name": name_of(account, links.get("sms")),
        "customer_reference": found.get("customer_reference") or None,
        "billing_group_id": found.get("billing_group_id") or None,
        "external_pin": found.get("external_pin") or None,
        "address_id": found.get("address_id") or None,
        "hd_voice_enabled": bool(found.get("hd_voice_enabled")),
        "call_forwarding_enabled": bool(settings["call_forwarding"]["call_forwarding_enabled"]),
        "cnam_listing_enabled": bool(settings["cnam_listing"]["cnam_listing_enabled"]),
        "caller_id_name_enabled": bool(settings["caller_id_name_enabled"]),
        "call_recording_enabled": bool(settings["call_recording"]["inbound_call_recording_enabled"]),
        "t38_fax_gateway_enabled": bool(settings["media_features"]["t38_fax_gateway_enabled"]),
        "inbound_call_screening": settings["inbound_call_screening"],
        "emergency_enabled": bool(found.get("emergency_enabled")),
        "emergency_address_id": found.get("emergency_address_id"),
        "emergency_status": found.get("emergency_status", "disabled"),
        "deletion_lock_enabled": bool(found.get("deletion_lock_enabled")),
        "source_type": "number_order",
        "purchased_at": iso8601(row.bought_at),
        "created_at": iso8601(row.bought_at),
        "updated_at": iso8601(row.bought_at),
    }
