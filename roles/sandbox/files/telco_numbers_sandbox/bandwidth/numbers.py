# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owned numbers: the lists of an account and of a location, one number, and its details."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ..paging import listed
from ..store import Account, Owned, Past
from ..wire import Answer, ApiError, Call
from .common import (
    ACCOUNT,
    BASE,
    NAME,
    Handled,
    Refused,
    account_of,
    authenticated,
    cursor_page,
    moment,
    numbered_page,
    query,
    required_size,
    size_of,
    where,
    xml,
)  # fmt: skip
from .places import PEERS, the_peer
from .search import is_nanp

STATES = (
    "Available", "Inservice", "Disconnected", "Aging", "PortInPendingFoc", "PortOut", "Reserved", "Removed",
    "Eliminated", "StatusUnchanged",
)  # fmt: skip
FILTERS = (
    "accountId", "fullNumber", "npaNxx", "npaNxxx", "areaCode", "city", "state", "rateCenter", "lata", "tier", "host",
    "service", "countryCodeA3", "phoneNumberType", "status", "page", "size",
)  # fmt: skip


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", BASE + "/tns", all_numbers),
        ("GET", BASE + "/tns/{tn}", one_number),
        ("GET", BASE + "/tns/{tn}/tndetails", details),
        ("GET", ACCOUNT + "/inserviceNumbers", in_service),
        ("GET", ACCOUNT + "/inserviceNumbers/{tn}", is_in_service),
        ("GET", ACCOUNT + "/discnumbers", given_back),
        ("GET", PEERS + "/{peer}/tns", peer_numbers),
        ("GET", PEERS + "/{peer}/tns/{tn}", peer_number),
    )


def state_of(row: Owned) -> str:
    """The word for what a number is at."""
    return str(row.data.get("status") or ("Inservice" if row.active else "InAccount"))


def aging(call: Call, account: Account) -> list[Owned]:
    """The numbers that the account gave back, and that nobody has since."""
    found = []
    for past in call.store.find(Past, provider=NAME, account=account.id):
        if call.store.get(Owned, provider=NAME, number=past.number) is None:
            row = Owned(**past.row)
            found.append(dataclasses.replace(row, data={**row.data, "status": "Aging"}))
    return found


def _seen(call: Call, rows: Sequence[Owned]) -> None:
    """A number that was bought lately comes into service after so many looks at it."""
    for row in rows:
        left = row.data.get("left")
        if not row.active and left:
            row.data["left"] = left - 1
            row.active = left <= 1
            call.store.save(row)


def _rows(call: Call, account: Account) -> list[Owned]:
    """What a list shows of the account: all that it owns, and what it gave back."""
    shown = list(listed(call, NAME, account.id))
    names = {row.number for row in shown}
    rows = [*shown, *(row for row in aging(call, account) if row.number not in names)]
    return sorted(rows, key=lambda row: row.number)


def all_numbers(call: Call) -> Answer:
    """The numbers of an account, in every state. Neither location nor application is told."""
    account = authenticated(call)
    fields = query(call, FILTERS)
    if fields.get("accountId", account.id) != account.id:
        raise ApiError(403, "")
    status = fields.get("status")
    if status is not None and status not in STATES:
        raise Refused(400, "TelephoneNumbersResponse", f"The status '{status}' is invalid", 15519)
    size = required_size(fields, 2500)
    found = [row for row in _rows(call, account) if _matches(row, fields)]
    shown, links = cursor_page(call, fields, found, lambda row: row.number, size)
    answer = xml("TelephoneNumbersResponse", {
        "TelephoneNumberCount": len(shown), "Links": links,
        "TelephoneNumbers": {"TelephoneNumber": [_row(row) for row in shown]},
    })  # fmt: skip
    _seen(call, [row for row in shown if state_of(row) == "InAccount"])
    return answer


def _matches(row: Owned, fields: Mapping[str, str]) -> bool:
    digits = row.number.removeprefix("+1")
    pairs = (("city", "city"), ("state", "region"), ("rateCenter", "rate_center"), ("tier", "tier"))
    return (
        fields.get("status") in (None, state_of(row))
        and fields.get("fullNumber") in (None, row.number)
        and all(digits.startswith(fields.get(name, "")) for name in ("areaCode", "npaNxx", "npaNxxx"))
        and all(fields[name].upper() == str(row.data.get(fact, "")).upper() for name, fact in pairs if name in fields)
    )


def _row(row: Owned) -> dict[str, Any]:
    data = row.data
    here = {"City": data.get("city", "").upper()}
    if is_nanp(data):
        here |= {"Lata": data.get("lata", ""), "State": data.get("region", ""), "Tier": data.get("tier", 0),
                 "VendorId": 49, "VendorName": "Bandwidth CLEC", "RateCenter": data.get("rate_center", "")}  # fmt: skip
    return {
        **here, "FullNumber": row.number, "Status": state_of(row), "AccountId": row.account,
        "LastModified": moment(row.bought_at), "InServiceDate": moment(row.bought_at),
    }  # fmt: skip


def _one(call: Call, root: str) -> tuple[Account, Owned]:
    account = authenticated(call)
    query(call, ())
    for row in _rows(call, account):
        if row.number == call.params["tn"]:
            return account, row
    raise Refused(404, root, f"Telephone number '{call.params['tn']}' cannot be found on accounts", 15610)


def one_number(call: Call) -> Answer:
    """One number."""
    account, row = _one(call, "TelephoneNumberResponse")
    site, _peer = where(account, row.applications)
    answer = xml("TelephoneNumberResponse", {
        "TelephoneNumber": row.number, "Status": state_of(row), "LastModifiedDate": moment(row.bought_at),
        "OrderCreateDate": moment(row.bought_at), "OrderId": row.data.get("order", ""),
        "OrderType": "NEW_NUMBER_ORDER", "SiteId": site["id"], "AccountId": row.account,
    })  # fmt: skip
    _seen(call, [row])
    return answer


def details(call: Call) -> Answer:
    """One number with its location, what it can do, and its options."""
    account, row = _one(call, "TelephoneNumberResponse")
    site, peer = where(account, row.applications)
    given = row.configuration
    options = {
        name: given[name] for name in ("CallForward", "NumberFormat", "RPIDFormat", "RewriteUser") if given.get(name)
    }
    if given.get("CallingNameDisplay"):
        options["CallingNameDisplay"] = given["CallingNameDisplay"] == "on"
    if given.get("FinalDestinationURI"):
        options["FinalDestinationURI"] = given["FinalDestinationURI"]
    placed = {} if state_of(row) == "Aging" else {
        "Site": {"Id": site["id"], "Name": site["name"]},
        "SipPeer": {"PeerId": peer["id"], "PeerName": peer["name"], "IsDefaultPeer": bool(peer.get("default"))},
    }  # fmt: skip
    services = {"ServiceTypes": {"ServiceType": _services(row, peer)}} if row.data.get("capabilities") else {}
    answer = xml("TelephoneNumberResponse", {"TelephoneNumberDetails": {
        **_row(row), **placed, **services, "MessagingSettings": _messaging(row, peer),
        "TnOptions": options or None, "Features": None,
        "TnAttributes": {"TnAttribute": ["Protected"]} if given.get("Protected") == "true" else None,
    }})  # fmt: skip
    _seen(call, [row])
    return answer


def _services(row: Owned, peer: Mapping[str, Any]) -> list[str]:
    voice = ["Voice"] if "voice" in row.data["capabilities"] else []
    return [*voice, *(["Messaging"] if sms_is_on(row, peer) else [])]


def sms_is_on(row: Owned, peer: Mapping[str, Any]) -> bool:
    """Whether SMS is on: by the number's option, else by its location."""
    given = row.configuration.get("Sms")
    on = peer.get("sms", True) if given is None else given == "on"
    return bool(on and "sms" in (row.data.get("capabilities") or ()))


def _messaging(row: Owned, peer: Mapping[str, Any]) -> dict[str, Any]:
    plan = row.configuration.get("A2pSettings")
    found: dict[str, Any] = {"SmsEnabled": sms_is_on(row, peer)}
    if isinstance(plan, dict) and plan.get("CampaignId"):
        found |= {"CampaignId": plan["CampaignId"], "A2pState": "OVERRIDDEN"}
    return found


# -- of a location -----------------------------------------------------------------------------------------------------


def _placed(row: Owned, peer: Mapping[str, Any]) -> dict[str, Any]:
    given = row.configuration
    found: dict[str, Any] = {"FullNumber": row.number}
    found |= {name: given[name] for name in ("CallForward", "RPIDFormat", "RewriteUser") if given.get(name)}
    found["CallingNameDisplay"] = given.get("CallingNameDisplay") == "on"
    if given.get("Protected") == "true":
        found["TnAttributes"] = {"TnAttribute": ["Protected"]}
    if row.data.get("capabilities") is not None:
        found["MessagingSettings"] = _messaging(row, peer)
    return found


def peer_numbers(call: Call) -> Answer:
    """The numbers of a location. Here the page is a page's number."""
    account = account_of(call)
    peer = the_peer(call, account)
    fields = query(call, ("page", "size", "includeAttributes"))
    size = size_of(fields, 5000, 5000)
    found = [row for row in listed(call, NAME, account.id) if where(account, row.applications)[1] is peer]
    found.sort(key=lambda row: row.number)
    shown, links = numbered_page(call, fields, found, size)
    return xml("SipPeerTelephoneNumbersResponse", {
        "Links": links,
        "SipPeerTelephoneNumbers": {"SipPeerTelephoneNumber": [_placed(row, peer) for row in shown]},
    })  # fmt: skip


def peer_number(call: Call) -> Answer:
    """One number of a location."""
    account = account_of(call)
    peer = the_peer(call, account)
    query(call, ())
    for row in listed(call, NAME, account.id):
        if row.number == call.params["tn"] and where(account, row.applications)[1] is peer:
            return xml("SipPeerTelephoneNumberResponse", {"SipPeerTelephoneNumber": _placed(row, peer)})
    raise Refused(404, "SipPeerTelephoneNumberResponse", "The telephone number is not in this location", 5074)


# -- of old ------------------------------------------------------------------------------------------------------------


def _names(call: Call, names: Sequence[str]) -> Answer:
    fields = query(call, ("page", "size", "startdate", "enddate"))
    size = required_size(fields, 5000)
    if not names:
        return Answer(204)
    shown, links = cursor_page(call, fields, names, str, size)
    return xml("TNs", {
        "TotalCount": len(names), "Links": links,
        "TelephoneNumbers": {"Count": len(shown), "TelephoneNumber": shown},
    })  # fmt: skip


def in_service(call: Call) -> Answer:
    """The numbers that are in service, and nothing but the numbers."""
    account = account_of(call)
    return _names(call, [row.number for row in _rows(call, account) if state_of(row) == "Inservice"])


def given_back(call: Call) -> Answer:
    """The numbers that were given back."""
    account = account_of(call)
    return _names(call, [row.number for row in aging(call, account)])


def is_in_service(call: Call) -> Answer:
    """Whether a number is in service: an empty answer, or none."""
    account = account_of(call)
    query(call, ())
    found = any(row.number == call.params["tn"] and state_of(row) == "Inservice" for row in _rows(call, account))
    return Answer(200 if found else 404)
