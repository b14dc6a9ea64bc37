# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bandwidth's SDK does the calls that it has, against the sandbox: it knows nothing of it but its address.

It has no moves, no applications and no voice configuration packages, and asks for OAuth tokens at one fixed address:
a token of the sandbox's is handed to it. An error whose list is not at the top comes out of it as raw bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from bandwidth_numbers import Account, Client, RestError, Tns

if TYPE_CHECKING:
    from sandbox_server import Server

ACCOUNT, SITE, MAIN, SUPPORT = "5550001", "71", "8100", "8101"
CLIENT = ("sandbox-bandwidth-client", "sandbox-bandwidth-secret")


def client(sandbox: Server, **access: str) -> Client:
    """The vendor's client, with the API user's password where nothing else is said."""
    access = access or {"username": "sandbox-api-user", "password": "sandbox-bandwidth-password"}
    return Client(url=sandbox.at("bandwidth") + "/api/v2", account_id=ACCOUNT, **access)


def account(sandbox: Server) -> Any:
    """The vendor's account."""
    return Account(client=client(sandbox))


def order(owner: Any, *numbers: str, **fields: str) -> Any:
    """A purchase of exactly these numbers, placed."""
    placed = owner.orders.create({"site_id": SITE, "customer_order_id": "sdk-1", **fields}, False)
    for number in numbers:
        placed.existing_telephone_number_order_type.telephone_number_list.telephone_number.add(number)
    placed.save()
    return placed


def test_numbers_are_found_bought_configured_and_given_back(sandbox: Server) -> None:
    owner = account(sandbox)
    assert owner.get().company_name == "Example"
    assert [(site.id, site.name) for site in owner.sites.list().items] == [(SITE, "Prod")]
    peers = owner.sites.get(SITE).sip_peers.list().items
    assert [(peer.peer_id, peer.peer_name) for peer in peers] == [
        (MAIN, "main"),
        (SUPPORT, "Support"),
        ("8102", "Sales"),
    ]
    found = owner.available_numbers.list({"state": "NC", "quantity": 2, "enableTNDetail": "true"}).items
    assert [one.full_number for one in found] == ["+19195550100", "+19195550101"]
    assert (found[0].city, found[0].state, found[0].tier) == ("RALEIGH", "NC", "0")

    placed = order(owner, "+19195550100", "+19195550101", peer_id=SUPPORT, partial_allowed="false")
    assert placed.order_status == "RECEIVED" and placed.id
    read = owner.orders.get(placed.id)
    assert (read.order_status, read.completed_quantity) == ("COMPLETE", "2")
    listed = owner.orders.list({"page": 1, "size": 10, "customerOrderId": "sdk-1"}).items
    assert [one.id for one in listed] == [placed.id]
    assert owner.orders.list({"page": 1, "size": 10, "customerOrderId": "sdk-2"}).items == []

    assert owner.in_service_numbers.list({"page": 1, "size": 10}).items == ["+19195550100", "+19195550101"]
    here = owner.sites.get(SITE).sip_peers.get(SUPPORT).tns.list().items
    assert [one.full_number for one in here] == ["+19195550100", "+19195550101"]
    details = Tns(client=client(sandbox)).get("+19195550100").tndetails.get()
    assert (details.status, details.sip_peer.peer_id) == ("Inservice", SUPPORT)

    change = owner.tn_option_orders.create({"customer_order_id": "sdk-3"}, False)
    change.tn_option_groups.tn_option_group.add({"call_forward": "+19195550999"})
    change.tn_option_groups.tn_option_group.items[0].telephone_numbers.telephone_number.add("+19195550100")
    change.save()
    assert sandbox.state("bandwidth", ACCOUNT)["owned"][0]["configuration"] == {"CallForward": "+19195550999"}

    gone = owner.disconnects.create({"customer_order_id": "sdk-4", "name": "sdk"}, False)
    numbers = gone.disconnect_telephone_number_order_type.telephone_number_list.telephone_number
    numbers.add("+19195550100")
    gone.save()
    assert owner.disconnects.get(gone.id).order_status == "COMPLETE"
    assert owner.in_service_numbers.list({"page": 1, "size": 10}).items == ["+19195550101"]
    assert owner.disconnected_numbers.list({"page": 1, "size": 10}).items == ["+19195550100"]


def test_a_search_without_rows_and_with_one(sandbox: Server) -> None:
    owner = account(sandbox)
    assert owner.available_numbers.list({"areaCode": "415"}).items == []
    assert owner.available_numbers.list({"npaNxxx": "9195550", "LCA": "false", "quantity": 1}).items == ["+19195550100"]
    with pytest.raises(RestError) as refused:
        owner.available_numbers.list({"quantity": 1})
    assert "4010" in str(refused.value)


def test_rows_of_an_order_end_apart(sandbox: Server) -> None:
    owner = account(sandbox)
    sandbox.faults({"kind": "lines", "match": {"path": "/orders$"}, "outcomes": {"+19195550101": 5005}, "count": 1})
    placed = order(owner, "+19195550100", "+19195550101", partial_allowed="true")
    read = owner.orders.get(placed.id)
    assert (read.order_status, read.completed_quantity, read.failed_quantity) == ("PARTIAL", "1", "1")
    assert read.completed_numbers.telephone_number.full_number.items == ["+19195550100"]
    none = order(owner, "+19195550100", customer_order_id="sdk-5")
    assert owner.orders.get(none.id).order_status == "FAILED"


def test_a_reservation_is_held_and_freed(sandbox: Server) -> None:
    hold = account(sandbox).tnreservation.set_from_dict({"reserved_tn": "+19195550100"})
    hold.save()
    assert hold.id and hold.get().reserved_tn == "+19195550100"
    with pytest.raises(RestError) as refused:
        account(sandbox).tnreservation.set_from_dict({"reserved_tn": "+19195550100"}).save()
    assert "5041" in str(refused.value)


def test_a_site_is_needed(sandbox: Server) -> None:
    with pytest.raises(RestError) as refused:
        order(account(sandbox), "+19195550100", site_id="")
    assert "5022" in str(refused.value)


def test_a_token_opens_the_account(sandbox: Server) -> None:
    url, form = sandbox.at("bandwidth") + "/api/v1/oauth2/token", {"grant_type": "client_credentials"}
    answer = requests.post(url, data=form, auth=CLIENT, timeout=10).json()
    assert answer["token_type"] == "Bearer" and answer["expires_in"] == 3600
    with_token = Account(client=client(sandbox, access_token=answer["access_token"]))
    assert with_token.get().account_id == ACCOUNT
    with pytest.raises(requests.HTTPError) as refused:
        Account(client=client(sandbox, access_token="wrong")).get()
    assert refused.value.response.status_code == 401
    assert requests.post(url, data=form, auth=("a", "b"), timeout=10).status_code == 401
