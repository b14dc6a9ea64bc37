# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telnyx's SDK does what the collection does, against the sandbox: it knows nothing of it but its address.

It repeats an order by itself, so that is turned off. Its OAuth asks the vendor's own host whatever the address is, so
the token is asked for by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import telnyx

if TYPE_CHECKING:
    from sandbox_server import Server

ACCOUNT, KEY = "sandbox-telnyx", "KEY01SANDBOX_telnyx_key"
SUPPORT, SALES = "1700000000000000001", "1700000000000000002"
ALERTS, MARKETING = (f"40000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
GROUP, BERLIN = "40000000-0000-4000-8000-0000000000b1", "40000000-0000-4000-8000-0000000000a1"
WHERE = {"country_code": "US", "phone_number_type": "local", "features": ["sms", "voice"], "best_effort": False}


def client(sandbox: Server, key: str = KEY) -> telnyx.Telnyx:
    """The vendor's client."""
    return telnyx.Telnyx(api_key=key, base_url=f"{sandbox.at('telnyx')}/v2", max_retries=0)


def refusal(error: telnyx.APIStatusError) -> tuple[int, str]:
    """Status and code."""
    body: Any = error.body
    return error.status_code, body["errors"][0]["code"]


def test_a_number_is_found_ordered_changed_linked_and_released(sandbox: Server) -> None:
    sdk = client(sandbox)
    assert sdk.balance.retrieve().data.currency == "USD"
    offers = sdk.available_phone_numbers.list(filter={**WHERE, "national_destination_code": "504"}).data
    assert len(offers) == 50 and offers[0].cost_information.monthly_cost == "1.00"
    number = str(offers[0].phone_number)

    placed = sdk.number_orders.create(
        phone_numbers=[{"phone_number": number}], connection_id=SUPPORT, customer_reference="Desk"
    ).data
    assert (placed.status, placed.phone_numbers[0].phone_number) == ("pending", number)
    done = sdk.number_orders.retrieve(placed.id).data
    assert (done.status, done.phone_numbers[0].status) == ("success", "success")
    assert [one.id for one in sdk.number_orders.list(filter={"customer_reference": "Desk"})] == [placed.id]
    assert sdk.sub_number_orders.list(filter={"order_request_id": placed.id}).data[0].status == "success"

    (owned,) = sdk.phone_numbers.list(filter={"phone_number": number.lstrip("+")}, sort="phone_number")
    assert owned.id != placed.phone_numbers[0].id
    assert (owned.connection_id, owned.customer_reference, owned.status) == (SUPPORT, "Desk", "active")
    changed = sdk.phone_numbers.update(owned.id, connection_id=SALES, tags=["north"], billing_group_id=GROUP).data
    assert (changed.connection_id, changed.tags, changed.billing_group_id) == (SALES, ["north"], GROUP)
    voice = sdk.phone_numbers.voice.update(owned.id, inbound_call_screening="flag_calls").data
    assert voice.inbound_call_screening == "flag_calls"
    assert voice.call_forwarding.call_forwarding_enabled is False
    linked = sdk.phone_numbers.messaging.update(owned.id, messaging_profile_id=ALERTS).data
    assert (linked.messaging_profile_id, linked.features.sms.domestic_two_way) == (ALERTS, True)
    assert sdk.phone_numbers.messaging.update(owned.id, messaging_profile_id="").data.messaging_profile_id is None
    assert len(list(sdk.phone_numbers.messaging.list())) == len(list(sdk.phone_numbers.voice.list())) == 1

    assert sdk.phone_numbers.delete(owned.id).data.status == "deleted"
    with pytest.raises(telnyx.NotFoundError) as gone:
        sdk.phone_numbers.retrieve(owned.id)
    assert refusal(gone.value) == (404, "10005")
    assert sandbox.state("telnyx", ACCOUNT)["owned"] == []


def test_an_order_needs_a_search_and_is_refused_for_a_wrong_link(sandbox: Server) -> None:
    sdk = client(sandbox)
    with pytest.raises(telnyx.APIStatusError) as unsearched:
        sdk.number_orders.create(phone_numbers=[{"phone_number": "+15045550100"}])
    assert refusal(unsearched.value) == (422, "85000")
    sdk.available_phone_numbers.list(filter={**WHERE, "phone_number": {"starts_with": "5045550100"}})
    for link, code in (({"connection_id": "12"}, "85004"), ({"messaging_profile_id": SUPPORT}, "85005")):
        with pytest.raises(telnyx.APIStatusError) as wrong:
            sdk.number_orders.create(phone_numbers=[{"phone_number": "+15045550100"}], **link)
        assert refusal(wrong.value) == (422, code)
    assert sdk.number_orders.create(phone_numbers=[{"phone_number": "+15045550100"}]).data.status == "pending"


def test_lists_of_several_pages(sandbox: Server) -> None:
    own = [{"number": f"+1504555{place:04d}"} for place in range(7)]
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"own": own})
    sdk = client(sandbox)
    found = list(sdk.phone_numbers.list(page_size=3, sort="phone_number"))
    assert [one.phone_number for one in found] == [one["number"] for one in own]
    assert list(sdk.phone_numbers.list(filter={"phone_number": "+15045550003"})) == []
    assert len(list(sdk.messaging_profiles.list(page_size=1))) == 2


def test_what_numbers_can_be_linked_to(sandbox: Server) -> None:
    sdk = client(sandbox)
    found = list(sdk.connections.list(filter={"connection_name": {"contains": "sup"}}))
    assert [(one.id, one.connection_name) for one in found] == [(SUPPORT, "Support")]
    assert [one.id for one in sdk.call_control_applications.list()] == [SUPPORT]
    assert [one.id for one in sdk.texml_applications.list()] == [SALES]
    assert [one.name for one in sdk.messaging_profiles.list(filter_name_eq="Alerts")] == ["Alerts"]
    assert [one.name for one in sdk.billing_groups.list()] == ["Head office"]


def test_papers(sandbox: Server) -> None:
    sdk = client(sandbox)
    rules = sdk.regulatory_requirements.retrieve(filter={"country_code": "DE", "phone_number_type": "local"}).data
    assert {one.field_type for one in rules[0].regulatory_requirements} == {"address_id", "document", "textual"}
    assert {group.id for group in sdk.requirement_groups.list(filter={"status": "approved"})} == {BERLIN}
    offers = sdk.available_phone_numbers.list(filter={"country_code": "DE", "phone_number_type": "local"}).data
    first, second = (str(offer.phone_number) for offer in offers[:2])
    waiting = sdk.number_orders.create(phone_numbers=[{"phone_number": first}]).data
    assert waiting.requirements_met is False
    row = sdk.number_orders.retrieve(waiting.id).data.phone_numbers[0]
    assert (row.status, row.requirements_status) == ("pending", "requirement-info-pending")
    sub = waiting.sub_number_orders_ids[0]
    assert sdk.sub_number_orders.update_requirement_group(sub, requirement_group_id=BERLIN)
    assert sdk.number_orders.retrieve(waiting.id).data.status == "success"
    rows: Any = [{"phone_number": second, "requirement_group_id": BERLIN}]
    assert sdk.number_orders.create(phone_numbers=rows).data.requirements_met is True


def test_an_order_that_waits_can_be_cancelled(sandbox: Server) -> None:
    sandbox.reset({"telnyx": {"settings": {"order_seconds": 600}}})
    sdk = client(sandbox)
    sdk.available_phone_numbers.list(filter={**WHERE})
    placed = sdk.number_orders.create(phone_numbers=[{"phone_number": "+15045550100"}]).data
    assert [one.status for one in sdk.phone_numbers.list()] == ["purchase-pending"]
    assert sdk.sub_number_orders.cancel(placed.sub_number_orders_ids[0])
    assert sdk.number_orders.retrieve(placed.id).data.status == "failure"
    assert list(sdk.phone_numbers.list()) == []


def test_keys_and_tokens(sandbox: Server) -> None:
    with pytest.raises(telnyx.AuthenticationError) as wrong:
        client(sandbox, "wrong").balance.retrieve()
    assert refusal(wrong.value) == (401, "10009")
    unnamed = sandbox.call("GET", "/v2/balance", below="telnyx")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["code"]) == (404, "10005")
    token = sandbox.call(
        "POST",
        "/v2/oauth/token",
        below="telnyx",
        auth=("sandbox-telnyx-client", "sandbox-telnyx-secret"),
        data={"grant_type": "client_credentials"},
    ).json()["access_token"]
    assert client(sandbox, token).balance.retrieve().data.currency == "USD"
