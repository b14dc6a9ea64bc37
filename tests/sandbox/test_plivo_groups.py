# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plivo: groups, orders, the Number resource."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from sandbox_clients import PLIVO, PLIVO_BASE, PLIVO_ID

SEARCH = PLIVO_BASE + "AvailableNumberGroup/"
NUMBERS = PLIVO_BASE + "Number/"
LONDON, AMIENS, REGULATED, BERLIN = "44000000000020", "55350421590053", "55350421590054", "49000000000030"
APPS = ("16632742496743552", "16632742496743553")


def plivo_groups(sandbox: Any, method: str, path: str, **options: Any) -> Any:
    """A call with the account's token."""
    return sandbox.call(method, path, auth=options.pop("auth", PLIVO), **options)


def rent(sandbox: Any, group: str = LONDON, **body: Any) -> Any:
    """Rent numbers of a group."""
    return plivo_groups(sandbox, "POST", f"{SEARCH}{group}/", json=body)


def refusal(answer: Any) -> tuple[int, str]:
    """Status and text; every error has an api_id."""
    assert answer.json()["api_id"]
    return answer.status_code, answer.json()["error"]


def state(sandbox: Any) -> Any:
    """The account's state."""
    return sandbox.state("plivo_groups", PLIVO_ID)


def test_authentication(sandbox: Any) -> None:
    assert sandbox.call("GET", NUMBERS).status_code == 401
    assert refusal(plivo_groups(sandbox, "GET", NUMBERS, auth=(PLIVO_ID, "wrong")))[0] == 401
    assert refusal(plivo_groups(sandbox, "GET", "/v1/Account/MAOTHER/Number/"))[0] == 404


def test_search_shows_the_documents_group(sandbox: Any) -> None:
    found = plivo_groups(sandbox, "GET", SEARCH, params={"country_iso": "FR", "prefix": "3"}).json()
    assert found["objects"] == [
        {
            "group_id": AMIENS,
            "number_type": "local",
            "prefix": "3",
            "region": "AMIENS, FRANCE",
            "rental_rate": "0.80000",
            "resource_uri": f"{SEARCH}{AMIENS}/",
            "setup_rate": "0.80000",
            "sms_enabled": False,
            "sms_rate": -1,
            "stock": 9731,
            "voice_enabled": True,
            "voice_rate": "0.00700",
        }
    ]
    assert found["meta"] == {"previous": None, "total_count": 1, "offset": 0, "limit": 20, "next": None}


def test_search_pages(sandbox: Any) -> None:
    first = plivo_groups(sandbox, "GET", SEARCH, params={"country_iso": "US"}).json()
    assert len(first["objects"]) == 20 and first["meta"]["next"].startswith(SEARCH)
    second = plivo_groups(sandbox, "GET", first["meta"]["next"]).json()
    assert len(second["objects"]) == 4 and second["meta"]["next"] is None and second["meta"]["total_count"] == 24


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"country_iso": "GB"}, 2),
        ({"country_iso": "GB", "number_type": "national"}, 1),
        ({"country_iso": "GB", "services": "voice,sms"}, 1),
        ({"country_iso": "GB", "region": "man"}, 1),
        ({"country_iso": "US", "region": "TX"}, 2),
        ({"country_iso": "US", "prefix": "504", "services": "sms"}, 1),
        ({"country_iso": "AQ"}, 0),
    ],
)
def test_search_filters(sandbox: Any, query: dict[str, str], count: int) -> None:
    assert plivo_groups(sandbox, "GET", SEARCH, params=query).json()["meta"]["total_count"] == count


@pytest.mark.parametrize(
    "query",
    [
        "",
        "country_iso=usa",
        "country_iso=GB&prefix=123456",
        "country_iso=GB&prefix=a",
        "country_iso=GB&limit=21",
        "country_iso=GB&offset=-1",
        "country_iso=GB&number_type=mobile",
        "country_iso=GB&number_type=national&region=london",
        "country_iso=GB&services=mms",
        "country_iso=GB&colour=red",
    ],
)
def test_search_refuses_other_queries(sandbox: Any, query: str) -> None:
    assert refusal(plivo_groups(sandbox, "GET", f"{SEARCH}?{query}"))[0] == 400


def test_rent_change_and_give_back(sandbox: Any) -> None:
    answer = rent(sandbox, quantity=2, app_id=APPS[0])
    assert answer.status_code == 201 and answer.json()["status"] == "fulfilled"
    numbers = [row["number"] for row in answer.json()["numbers"]]
    assert [row["status"] for row in answer.json()["numbers"]] == ["Success"] * 2
    assert all(
        phonenumbers.is_possible_number(phonenumbers.parse("+" + number)) and number.startswith("4420")
        for number in numbers
    )
    assert state(sandbox)["spent"] == {"setup": "0.00000", "monthly": "1.60000", "due_now": "1.60000"}
    row = plivo_groups(sandbox, "GET", f"{NUMBERS}{numbers[0]}/").json()
    assert row["application"] == f"/v1/Account/{PLIVO_ID}/Application/{APPS[0]}/" and row["active"] is True
    changed = plivo_groups(
        sandbox,
        "POST",
        f"{NUMBERS}{numbers[0]}/",
        json={"app_id": "", "alias": "desk", "subaccount": "SASANDBOXSUB00000001"},
    )
    assert (changed.status_code, changed.json()["message"]) == (202, "changed")
    listed = plivo_groups(
        sandbox,
        "GET",
        NUMBERS,
        params={"alias": "desk", "number_startswith": "4420", "type": "local", "services": "voice"},
    ).json()
    assert [(one["application"], one["alias"]) for one in listed["objects"]] == [(None, "desk")]
    assert plivo_groups(sandbox, "GET", NUMBERS, params={"subaccount": "SAother"}).json()["objects"] == []
    assert plivo_groups(sandbox, "DELETE", f"{NUMBERS}{numbers[0]}/").status_code == 204
    assert refusal(plivo_groups(sandbox, "GET", f"{NUMBERS}{numbers[0]}/")) == (404, "not found")
    assert state(sandbox)["stock"][LONDON] == 5


def test_rent_takes_forms_and_an_empty_body(sandbox: Any) -> None:
    assert plivo_groups(sandbox, "POST", f"{SEARCH}{LONDON}/", data={"quantity": "2"}).status_code == 201
    assert plivo_groups(sandbox, "POST", f"{SEARCH}{LONDON}/").status_code == 201
    assert len(state(sandbox)["owned"]) == 3 and state(sandbox)["owned"][0]["applications"] == {}


def test_default_application(sandbox: Any) -> None:
    account = {"id": PLIVO_ID, "auth_token": PLIVO[1], "applications": list(APPS), "default_application": APPS[1]}
    sandbox.reset({"plivo_groups": {"accounts": [account]}})
    rent(sandbox)
    assert state(sandbox)["owned"][0]["applications"] == {"voice": APPS[1]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"quantity": 0}, 400),
        ({"quantity": 1.5}, 400),
        ({"quantity": True}, 400),
        ({"quantity": 7}, 400),
        ({"colour": "red"}, 400),
        ({"app_id": "4711"}, 404),
        ({"app_id": ""}, 404),
    ],
)
def test_rent_is_strict(sandbox: Any, body: Any, status: int) -> None:
    assert refusal(rent(sandbox, **body))[0] == status
    assert state(sandbox)["owned"] == [] and state(sandbox)["stock"][LONDON] == 6


def test_other_refusals(sandbox: Any) -> None:
    assert refusal(rent(sandbox, "4711")) == (404, "not found")
    assert refusal(rent(sandbox, "11000000000808"))[0] == 400  # sold out
    assert refusal(plivo_groups(sandbox, "POST", f"{SEARCH}{LONDON}"))[0] == 404
    assert refusal(plivo_groups(sandbox, "GET", NUMBERS[:-1]))[0] == 404
    assert refusal(plivo_groups(sandbox, "PUT", NUMBERS))[0] == 405
    assert (
        refusal(plivo_groups(sandbox, "POST", f"{SEARCH}{LONDON}/", data="<a/>", headers={"Content-Type": "text/xml"}))[
            0
        ]
        == 415
    )
    sandbox.control("PATCH", f"state/plivo_groups/{PLIVO_ID}", {"credit": "1.59"})
    assert refusal(rent(sandbox, quantity=2))[0] == 402
    assert state(sandbox)["stock"][LONDON] == 6 and state(sandbox)["orders"] == []


def test_pending_orders_are_fulfilled_or_rejected_later(sandbox: Any) -> None:
    answer = rent(sandbox, REGULATED, quantity=2)
    assert answer.status_code == 201 and answer.json()["status"] == "pending" and "numbers" not in answer.json()
    rent(sandbox, REGULATED, quantity=1)
    first, second = state(sandbox)["orders"]
    assert state(sandbox)["stock"][REGULATED] == 9 and state(sandbox)["credit"] == "1000.00"
    sandbox.control("PATCH", f"state/plivo_groups/{PLIVO_ID}", {"fulfil": first["id"], "reject": second["id"]})
    assert [order["status"] for order in state(sandbox)["orders"]] == ["fulfilled", "rejected"]
    assert len(state(sandbox)["owned"]) == 2 and state(sandbox)["stock"][REGULATED] == 10
    assert plivo_groups(sandbox, "GET", NUMBERS).json()["meta"]["total_count"] == 2


def test_a_pending_order_waits_until_it_can_be_paid(sandbox: Any) -> None:
    sandbox.faults({"kind": "pending", "fulfil_after_seconds": 0, "count": 1})
    rent(sandbox)
    path = f"/_sandbox/state/plivo_groups/{PLIVO_ID}"
    assert sandbox.call("PATCH", path, json={"credit": "0"}).status_code == 200
    assert plivo_groups(sandbox, "GET", NUMBERS).json()["objects"] == []
    assert sandbox.call("PATCH", path, json={"fulfil": True}).status_code == 409
    sandbox.call("PATCH", path, json={"credit": "10"})
    assert len(plivo_groups(sandbox, "GET", NUMBERS).json()["objects"]) == 1


def test_newer_form_with_pending_numbers(sandbox: Any) -> None:
    answer = rent(sandbox, BERLIN).json()
    assert answer["status"] == "fulfilled" and answer["numbers"][0]["status"] == "pending"
    assert plivo_groups(sandbox, "GET", NUMBERS).json()["objects"][0]["active"] is False
    sandbox.control("PATCH", f"state/plivo_groups/{PLIVO_ID}", {"fulfil": True})
    assert plivo_groups(sandbox, "GET", NUMBERS).json()["objects"][0]["active"] is True
