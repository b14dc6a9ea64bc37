# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers: addresses, regulations and bundles, and whether they are enough for a number."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..store import Account, Offer
from ..wire import Answer, ApiError, Call
from .common import (
    ACCOUNT,
    NAME,
    Handled,
    addressed,
    asking_account,
    boolean,
    iso8601,
    not_found,
    page_2010,
    page_newer,
    query,
)
from .search import TYPES, requirements

BELOW = "/v2/RegulatoryCompliance"
APPROVED = ("twilio-approved", "provisionally-approved")
STATUSES = ("draft", "pending-review", "in-review", "twilio-rejected", *APPROVED)
USERS = ("individual", "business")
CREATED = "Tue, 18 Aug 2015 17:07:30 +0000"


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", ACCOUNT + "/Addresses.json", addresses),
        ("GET", ACCOUNT + "/Addresses/{Sid}.json", address),
        ("GET", BELOW + "/Regulations", regulations),
        ("GET", BELOW + "/Bundles", bundles),
        ("GET", BELOW + "/Bundles/{Sid}", bundle),
    )


def word(kind: Any) -> str:
    """A type as bundles and regulations write it."""
    return str(kind).replace("_", "-")


def check(account: Account, data: Mapping[str, Any], given: Mapping[str, str]) -> None:
    """Refuse a number whose papers are not given, or are not enough."""
    _check_address(account, data, given.get("AddressSid") or "")
    if data.get("needs_identity") and given.get("IdentitySid") not in account.data.get("identities", []):
        raise ApiError(400, "Phone number requires a verified identity", 21650)
    if data.get("bundle"):
        _check_bundle(account, data, given.get("BundleSid") or "")


def check_known(account: Account, given: Mapping[str, str]) -> None:
    """Refuse papers that the account does not have; an empty one takes them away."""
    known = {
        "AddressSid": ([one["sid"] for one in account.data.get("addresses", [])], 21631),
        "EmergencyAddressSid": (
            [one["sid"] for one in account.data.get("addresses", []) if one.get("emergency")],
            21631,
        ),
        "IdentitySid": (account.data.get("identities", []), 21650),
        "BundleSid": ([one["sid"] for one in account.data.get("bundles", [])], 21649),
    }
    for name, (sids, code) in known.items():
        if given.get(name) and given[name] not in sids:
            raise ApiError(400, f"{name} {given[name]} does not fit", code)


def _check_address(account: Account, data: Mapping[str, Any], sid: str) -> None:
    wanted = requirements(data)
    if wanted == "none":
        return
    found = next((one for one in account.data.get("addresses", []) if one["sid"] == sid), None)
    if found is None:
        raise ApiError(
            400, f"Phone number requires an address of the kind '{wanted}', and AddressSid is empty or unknown", 21631
        )
    here = found["country"] == data.get("country")
    if (wanted == "local" and not here) or (wanted == "foreign" and here):
        raise ApiError(400, f"Phone number requires a {wanted} address", 21615)


def _check_bundle(account: Account, data: Mapping[str, Any], sid: str) -> None:
    found = next((one for one in account.data.get("bundles", []) if one["sid"] == sid), None)
    fits = found is not None and (found["country"], found["type"]) == (data.get("country"), data.get("type"))
    if found is None or not fits:
        raise ApiError(
            400,
            f"Bundle required, and '{sid}' is none of {data.get('country')} for {word(data.get('type'))} numbers",
            21649,
        )
    if found["status"] not in APPROVED:
        raise ApiError(400, f"Bundle {sid} status is not twilio-approved", 21649)


def addresses(call: Call) -> Answer:
    """The account's addresses."""
    account = addressed(call)
    fields = query(call, ("CustomerName", "FriendlyName", "EmergencyEnabled", "IsoCountry"))
    emergency = boolean(fields, "EmergencyEnabled")
    found = [
        one
        for one in account.data.get("addresses", [])
        if fields.get("IsoCountry") in (None, one["country"])
        and fields.get("FriendlyName") in (None, one.get("name"))
        and fields.get("CustomerName") in (None, one.get("customer"))
        and emergency in (None, bool(one.get("emergency")))
    ]
    return page_2010(call, fields, "addresses", found, lambda one: _address(account, one))


def address(call: Call) -> Answer:
    """One address."""
    account = addressed(call)
    query(call, ())
    found = next((one for one in account.data.get("addresses", []) if one["sid"] == call.params["Sid"]), None)
    if found is None:
        raise not_found(call)
    return Answer(200, _address(account, found))


def _address(account: Account, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sid": one["sid"], "account_sid": account.id, "friendly_name": one.get("name"),
        "customer_name": one.get("customer"),
        "street": one.get("street"), "street_secondary": None, "city": one.get("city"), "region": one.get("region"),
        "postal_code": one.get("postal_code"), "iso_country": one["country"],
        "emergency_enabled": bool(one.get("emergency")),
        "validated": False, "verified": False, "date_created": CREATED, "date_updated": CREATED,
        "uri": f"/2010-04-01/Accounts/{account.id}/Addresses/{one['sid']}.json",
    }  # fmt: skip


def regulations(call: Call) -> Answer:
    """What numbers need a bundle for: one row for each country, type and kind of user."""
    asking_account(call)
    fields = query(call, ("EndUserType", "IsoCountry", "NumberType", "IncludeConstraints"))
    needed = sorted(
        {
            (str(o.data["country"]), str(o.data["type"]))
            for o in call.store.find(Offer, provider=NAME)
            if o.data.get("bundle")
        }
    )
    found = [
        (code, kind, user)
        for code, kind in needed
        for user in USERS
        if fields.get("IsoCountry") in (None, code)
        and fields.get("NumberType") in (None, word(kind))
        and fields.get("EndUserType") in (None, user)
    ]
    return page_newer(call, fields, "results", found, lambda row: _regulation(call, *row))


def regulation_sid(code: str, kind: str, user: str) -> str:
    """A SID that is always the same."""
    return f"RN{uuid.uuid5(uuid.NAMESPACE_OID, f'{code} {kind} {user}').hex}"


def _regulation(call: Call, code: str, kind: str, user: str) -> dict[str, Any]:
    sid = regulation_sid(code, kind, user)
    return {
        "sid": sid, "friendly_name": f"{code}: {TYPES[kind]} - {user}", "iso_country": code,
        "number_type": word(kind), "end_user_type": user,
        "requirements": {"end_user": [{"type": user, "requirement_name": f"{user}_info"}], "supporting_document": []},
        "url": f"{call.origin}{BELOW}/Regulations/{sid}",
    }  # fmt: skip


def bundles(call: Call) -> Answer:
    """The account's bundles."""
    account = asking_account(call)
    fields = query(call, ("Status", "FriendlyName", "IsoCountry", "NumberType", "EndUserType", "RegulationSid"))
    if fields.get("Status", STATUSES[0]) not in STATUSES:
        raise ApiError(400, f"Status must be one of {', '.join(STATUSES)}", 20001)
    found = [
        one
        for one in account.data.get("bundles", [])
        if fields.get("Status") in (None, one["status"])
        and fields.get("FriendlyName") in (None, one.get("name"))
        and fields.get("IsoCountry") in (None, one["country"])
        and fields.get("NumberType") in (None, word(one["type"]))
        and fields.get("EndUserType") in (None, one.get("user", USERS[0]))
    ]
    return page_newer(call, fields, "results", found, lambda one: _bundle(call, account, one))


def bundle(call: Call) -> Answer:
    """One bundle."""
    account = asking_account(call)
    query(call, ())
    found = next((one for one in account.data.get("bundles", []) if one["sid"] == call.params["Sid"]), None)
    if found is None:
        raise not_found(call)
    return Answer(200, _bundle(call, account, found))


def _bundle(call: Call, account: Account, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sid": one["sid"], "account_sid": account.id, "friendly_name": one.get("name"), "status": one["status"],
        "regulation_sid": regulation_sid(one["country"], one["type"], one.get("user", USERS[0])), "email": None,
        "status_callback": None,
        "valid_until": None, "date_created": iso8601(0), "date_updated": iso8601(0),
        "url": f"{call.origin}{BELOW}/Bundles/{one['sid']}",
    }  # fmt: skip
