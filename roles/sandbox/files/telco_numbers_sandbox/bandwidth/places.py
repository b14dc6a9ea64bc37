# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log-in, the account, its sub-accounts, locations and applications."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from ..store import Account, Session
from ..wire import FORM_TYPE, Answer, ApiError, Call, basic_credentials, scheme_and_value
from .common import ACCOUNT, NAME, Handled, Refused, account_of, document, peer_of, query, sites, xml

PEERS = ACCOUNT + "/sites/{site}/sippeers"
LIFE = 3600


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", ACCOUNT, get),
        ("GET", ACCOUNT + "/products", products),
        ("GET", ACCOUNT + "/sites", all_sites),
        ("GET", ACCOUNT + "/sites/{site}", one_site),
        ("GET", PEERS, all_peers),
        ("GET", PEERS + "/{peer}", one_peer),
        ("GET", PEERS + "/{peer}/products/messaging/applicationSettings", messaging),
        ("PUT", PEERS + "/{peer}/products/messaging/applicationSettings", set_messaging),
        ("GET", ACCOUNT + "/applications", applications),
        ("GET", ACCOUNT + "/applications/{application}", application),
        ("GET", ACCOUNT + "/applications/{application}/associatedsippeers", associated),
    )


def token(call: Call) -> Answer:
    """POST …/oauth2/token: a bearer token for a client's id and secret. An older one stays good."""
    if call.content_type() != FORM_TYPE or call.body != b"grant_type=client_credentials":
        return Answer(400, {"error": "unsupported_grant_type"})
    scheme, value = scheme_and_value(call)
    sent = basic_credentials(value) if scheme == "basic" else None
    for account in call.store.find(Account, provider=NAME) if sent else ():
        if sent == (account.data.get("client_id"), account.data.get("client_secret")):
            session = Session(secrets.token_urlsafe(32), "bandwidth", account.id, "", call.now + LIFE)
            call.store.save(session)
            body = {"access_token": session.id, "expires_in": LIFE, "token_type": "Bearer"}
            return Answer(200, body)
    return Answer(401, {"error": "invalid_client"})


def get(call: Call) -> Answer:
    """The account. There is no balance."""
    account = account_of(call)
    query(call, ())
    return xml("AccountResponse", {"Account": {
        "AccountId": account.id, "CompanyName": account.data.get("company", "Example"), "AccountType": "Business",
        "Tiers": {"Tier": account.data.get("tiers", [0])},
    }})  # fmt: skip


def products(call: Call) -> Answer:
    """What the account may do."""
    account_of(call)
    query(call, ())
    names = {"NumberManagement": ["Ordering", "Reservation"], "Messaging": ["SMS"]}
    rows = [{"ProductName": name, "Features": {"Feature": found}} for name, found in names.items()]
    return xml("ProductsResponse", {"Products": {"Product": rows}})


def _site(site: Mapping[str, Any]) -> dict[str, Any]:
    return {"Id": site["id"], "Name": site["name"], "Description": site.get("description", "")}


def _the_site(call: Call, account: Account) -> dict[str, Any]:
    for site in sites(account):
        if str(site["id"]) == call.params["site"]:
            return site
    raise Refused(404, "SiteResponse", "The resource does not exist")


def all_sites(call: Call) -> Answer:
    """The sub-accounts, on one page."""
    account = account_of(call)
    query(call, ("tnCounts", "sipPeerDetails", "summary"))
    return xml("SitesResponse", {"Sites": {"Site": [_site(site) for site in sites(account)]}})


def one_site(call: Call) -> Answer:
    """One sub-account."""
    account = account_of(call)
    query(call, ())
    return xml("SiteResponse", {"Site": _site(_the_site(call, account))})


def _peer(peer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "PeerId": peer["id"], "PeerName": peer["name"], "Description": peer.get("description", ""),
        "IsDefaultPeer": bool(peer.get("default")), "VoiceHosts": None, "VoiceHostGroups": None,
        "TerminationHosts": None,
    }  # fmt: skip


def all_peers(call: Call) -> Answer:
    """The locations of a sub-account, on one page."""
    site = _the_site(call, account_of(call))
    query(call, ())
    return xml("TNSipPeersResponse", {"SipPeers": {"SipPeer": [_peer(peer) for peer in site.get("peers", [])]}})


def the_peer(call: Call, account: Account) -> dict[str, Any]:
    """The location of a path."""
    site = _the_site(call, account)
    found = peer_of(account, call.params["peer"])
    if found is None or found[0] is not site:
        raise Refused(404, "SipPeerResponse", "The resource does not exist")
    return found[1]


def one_peer(call: Call) -> Answer:
    """One location."""
    account = account_of(call)
    query(call, ())
    return xml("SipPeerResponse", {"SipPeer": _peer(the_peer(call, account))})


def messaging(call: Call) -> Answer:
    """The messaging application of a location."""
    peer = the_peer(call, account_of(call))
    query(call, ())
    settings = {"HttpMessagingV2AppId": peer["messaging"]} if peer.get("messaging") else None
    return xml("ApplicationsSettingsResponse", {"ApplicationsSettings": settings})


def set_messaging(call: Call) -> Answer:
    """Link an application to a location, for every number in it."""
    account = account_of(call)
    peer = the_peer(call, account)
    wanted = document(call, "ApplicationsSettings", ("HttpMessagingV2AppId",)).get("HttpMessagingV2AppId")
    _the_application(account, str(wanted))
    peer["messaging"] = wanted
    call.store.save(account)
    return xml("ApplicationsSettingsResponse", {"ApplicationsSettings": {"HttpMessagingV2AppId": wanted}})


def _application(row: Mapping[str, Any]) -> dict[str, Any]:
    callback = "MsgCallbackUrl" if row["service"] == "Messaging-V2" else "CallInitiatedCallbackUrl"
    return {
        "ApplicationId": row["id"], "ServiceType": row["service"], "AppName": row["name"],
        callback: row.get("url", "https://example.com/callback"),
    }  # fmt: skip


def _the_application(account: Account, identity: str) -> dict[str, Any]:
    for row in account.data.get("vendor_applications", []):
        if row["id"] == identity:
            return dict(row)
    raise Refused(404, "ApplicationProvisioningResponse", f"Application with id '{identity}' does not exist", 13629)


def applications(call: Call) -> Answer:
    """Voice and messaging applications share one list."""
    account = account_of(call)
    query(call, ())
    rows = [_application(row) for row in account.data.get("vendor_applications", [])]
    return xml("ApplicationProvisioningResponse", {"ApplicationList": {"Application": rows}})


def application(call: Call) -> Answer:
    """One application."""
    account = account_of(call)
    query(call, ())
    row = _the_application(account, call.params["application"])
    return xml("ApplicationProvisioningResponse", {"Application": _application(row)})


def associated(call: Call) -> Answer:
    """The locations that an application is linked to."""
    account = account_of(call)
    query(call, ())
    row = _the_application(account, call.params["application"])
    rows = [
        {"SiteId": site["id"], "SiteName": site["name"], "PeerId": peer["id"], "PeerName": peer["name"]}
        for site in sites(account)
        for peer in site.get("peers", [])
        if peer.get("messaging") == row["id"]
    ]
    return xml("AssociatedSipPeersResponse", {"AssociatedSipPeers": {"AssociatedSipPeer": rows}})


def not_a_number(call: Call) -> ApiError:
    """What a path that leads to nothing is answered."""
    return Refused(404, "ErrorResponse", f"The resource does not exist: {call.path}")
