# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telnyx: search, orders whose rows end one by one, the number's settings and links, papers, tokens."""

from __future__ import annotations

from typing import Any

import pytest

ACCOUNT = "sandbox-telnyx"
KEY = {"Authorization": "Bearer KEY01SANDBOX_telnyx_key"}
SUPPORT, ALERTS = "1700000000000000001", "40000000-0000-4000-8000-000000000001"
BERLIN, DECLINED = (f"40000000-0000-4000-8000-0000000000a{number}" for number in (1, 2))
FIRST, SECOND = "+15045550100", "+15045550101"


def telnyx(sandbox: Any, method: str, path: str, **options: Any) -> Any:
    """A call with the account's key."""
    return sandbox.call(method, f"/v2{path}", below="telnyx", headers=options.pop("headers", KEY), **options)


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code."""
    (entry,) = answer.json()["errors"]
    assert entry["title"] and entry["detail"] and entry["meta"]["url"].endswith(entry["code"])
    return answer.status_code, entry["code"]


def search(sandbox: Any, **filters: Any) -> list[str]:
    """The numbers that a search shows."""
    params = {f"filter[{name}]": value for name, value in {"country_code": "US", **filters}.items()}
    answer = telnyx(sandbox, "GET", "/available_phone_numbers", params=params)
    assert answer.status_code == 200, answer.text
    return [row["phone_number"] for row in answer.json()["data"]]


def order(sandbox: Any, *numbers: str, group: str | None = None, **fields: Any) -> Any:
    """Order numbers of the United States that were searched for."""
    search(sandbox)
    search(sandbox, country_code="DE")
    rows = [{"phone_number": number, **({"requirement_group_id": group} if group else {})} for number in numbers]
    return telnyx(sandbox, "POST", "/number_orders", json={"phone_numbers": rows, **fields})


def placed(sandbox: Any, *numbers: str, **fields: Any) -> Any:
    """The order that was just placed."""
    answer = order(sandbox, *numbers, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def read(sandbox: Any, found: Any) -> dict[str, str]:
    """How each row of an order stands."""
    answer = telnyx(sandbox, "GET", f"/number_orders/{found['id']}").json()["data"]
    return {row["phone_number"]: row["status"] for row in answer["phone_numbers"]}


def listed(sandbox: Any, **params: str) -> dict[str, str]:
    """The list of owned numbers, with their statuses."""
    return {
        row["phone_number"]: row["status"]
        for row in telnyx(sandbox, "GET", "/phone_numbers", params=params).json()["data"]
    }


def owned(sandbox: Any) -> str:
    """The path of a number that was bought."""
    placed(sandbox, FIRST)
    return f"/phone_numbers/{telnyx(sandbox, 'GET', '/phone_numbers').json()['data'][0]['id']}"


def test_every_answer_tells_the_rate_and_its_request(sandbox: Any) -> None:
    for answer in (telnyx(sandbox, "GET", "/phone_numbers"), telnyx(sandbox, "GET", "/nowhere")):
        assert answer.headers["x-ratelimit-remaining"] == "199" and answer.headers["x-request-id"]
    sandbox.reset({"telnyx": {"settings": {"requests_per_second": 1}}})
    answers = [telnyx(sandbox, "GET", "/phone_numbers") for _call in range(4)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited and refusal(limited[0]) == (429, "10011") and limited[0].headers["x-ratelimit-reset"] == "1"


def test_credentials(sandbox: Any) -> None:
    assert refusal(telnyx(sandbox, "GET", "/balance", headers={})) == (404, "10005")
    assert refusal(telnyx(sandbox, "GET", "/balance", headers={"Authorization": "Bearer x"})) == (401, "10009")
    form = {"grant_type": "client_credentials", "client_id": "sandbox-telnyx-client"}
    refused = telnyx(sandbox, "POST", "/oauth/token", headers={}, data={**form, "client_secret": "x"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    answer = telnyx(
        sandbox, "POST", "/oauth/token", headers={}, data={**form, "client_secret": "sandbox-telnyx-secret"}
    )
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert telnyx(sandbox, "GET", "/balance", headers=token).json()["data"]["currency"] == "USD"


def test_a_search_shows_one_window_and_ignores_what_it_does_not_know(sandbox: Any) -> None:
    assert len(search(sandbox)) == 50 == len(search(sandbox, limit="200", nonsense="1"))
    answer = telnyx(sandbox, "GET", "/available_phone_numbers", params={"country_code": "US"})
    assert refusal(answer) == (400, "10004")
    assert search(sandbox, **{"phone_number][ends_with": "59"}) == ["+15045550159"]
    part = {"national_destination_code": "504", "phone_number][starts_with": "5550100"}
    assert search(sandbox, **part) == [FIRST]
    assert search(sandbox, locality="New York", features="voice") == [f"+1212555015{digit}" for digit in range(6)]
    assert "+15045559999" in search(sandbox, best_effort="true", **{"phone_number][starts_with": "50455599"})
    unknown = telnyx(sandbox, "GET", "/available_phone_numbers", params={"filter[country_code]": "ZZ"})
    assert refusal(unknown) == (400, "10031")


def test_a_search_is_forgotten(sandbox: Any) -> None:
    sandbox.reset({"telnyx": {"settings": {"search_seconds": 0}}})
    assert refusal(order(sandbox, FIRST)) == (422, "85000")


def test_an_order_is_refused(sandbox: Any) -> None:
    for fields, code in (
        ({"connection_id": "1"}, "85004"),
        ({"messaging_profile_id": "1"}, "85005"),
        ({"billing_group_id": "1"}, "10027"),
    ):
        assert refusal(order(sandbox, FIRST, **fields)) == (422, code)
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"credit": "1"})
    assert refusal(order(sandbox, FIRST)) == (402, "20100")
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"credit": "100"})
    search(sandbox)
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"sell": {FIRST: None}})
    rows = {"phone_numbers": [{"phone_number": FIRST}]}
    assert refusal(telnyx(sandbox, "POST", "/number_orders", json=rows)) == (422, "85001")


def test_rows_end_one_by_one(sandbox: Any) -> None:
    sandbox.reset({
        "telnyx": {
            "extend": True,
            "offers": [
                {"number": f"+1504666010{place}", "country": "US", "type": "local", "capabilities": ["voice"], **more}
                for place, more in enumerate([
                    {},
                    {"order": {"end": "failure"}},
                    {"order": {"seconds": None, "reads": 1}},
                    {"order": {"seconds": None}},
                ])
            ],
        }
    })  # fmt: skip
    numbers = [f"+1504666010{place}" for place in range(4)]
    search(sandbox, **{"phone_number][starts_with": "504666"})
    found = placed(sandbox, *numbers, customer_reference="key")
    assert {row["status"] for row in found["phone_numbers"]} == {"pending"} == {found["status"]}
    assert list(read(sandbox, found).values()) == ["success", "failure", "pending", "pending"]
    assert list(read(sandbox, found).values()) == ["success", "failure", "success", "pending"]
    (row,) = (row for row in found["phone_numbers"] if row["phone_number"] == numbers[3])
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"reject": row["id"]})
    by_key = telnyx(sandbox, "GET", "/number_orders", params={"filter[customer_reference]": "key"}).json()["data"]
    assert [(one["id"], one["status"]) for one in by_key] == [(found["id"], "failure")]
    assert listed(sandbox) == {numbers[0]: "active", numbers[2]: "active"}


def test_an_order_on_the_way_stands_on_the_list(sandbox: Any) -> None:
    sandbox.reset({"telnyx": {"settings": {"order_seconds": 600}}})
    placed(sandbox, FIRST)
    assert listed(sandbox) == {FIRST: "purchase-pending"}
    sandbox.control("PATCH", f"state/telnyx/{ACCOUNT}", {"fulfil": True})
    assert listed(sandbox) == {FIRST: "active"}
    sandbox.reset({"telnyx": {"settings": {"provisioning_seconds": 600}}})
    placed(sandbox, FIRST)
    assert listed(sandbox) == {FIRST: "provision-pending"}


def test_faults_make_an_order_wait_or_end_in_part(sandbox: Any) -> None:
    sandbox.faults({"kind": "pending", "fulfil_after_reads": 1, "count": 1})
    found = placed(sandbox, FIRST)
    assert [read(sandbox, found)[FIRST] for _read in range(2)] == ["pending", "success"]
    sandbox.faults({"kind": "partial", "deliver": 1, "count": 1})
    found = placed(sandbox, SECOND, "+15045550102")
    assert read(sandbox, found) == {SECOND: "success", "+15045550102": "failure"}


def test_papers(sandbox: Any) -> None:
    number = "+493023125100"
    for group in (None, DECLINED):
        found = placed(sandbox, number, group=group)
        assert found["requirements_met"] is False and read(sandbox, found)[number] == "pending"
        assert listed(sandbox) == {number: "requirement-info-pending"}
        cancelled = telnyx(sandbox, "PATCH", f"/sub_number_orders/{found['sub_number_orders_ids'][0]}/cancel")
        assert cancelled.json()["data"]["status"] == "cancelled"
    assert read(sandbox, placed(sandbox, number, group=BERLIN))[number] == "success"
    search(sandbox, country_code="FR")
    assert refusal(order(sandbox, "+33199000100")) == (422, "10015")


def test_digits_with_a_plus_find_nothing(sandbox: Any) -> None:
    owned(sandbox)
    assert listed(sandbox, **{"filter[phone_number]": FIRST}) == {}
    assert listed(sandbox, **{"filter[phone_number]": "504555"}) == {FIRST: "active"}
    assert listed(sandbox, phone_number="999") == {FIRST: "active"}  # no filter without brackets


def test_links_have_paths_of_their_own(sandbox: Any) -> None:
    path = owned(sandbox)
    assert telnyx(sandbox, "PATCH", path, json={"connection_id": SUPPORT}).json()["data"]["connection_id"] == SUPPORT
    assert refusal(telnyx(sandbox, "PATCH", path, json={"messaging_profile_id": ALERTS})) == (422, "10015")
    linked = telnyx(sandbox, "PATCH", f"{path}/messaging", json={"messaging_profile_id": ALERTS})
    assert linked.json()["data"]["messaging_profile_id"] == ALERTS
    kept = telnyx(sandbox, "PATCH", f"{path}/messaging", json={"messaging_profile_id": None}).json()["data"]
    assert kept["messaging_profile_id"] == ALERTS
    record = telnyx(sandbox, "GET", path).json()["data"]
    assert (record["connection_name"], record["messaging_profile_name"]) == ("Support", "Alerts")
    assert telnyx(sandbox, "PATCH", path, json={"connection_id": ""}).json()["data"]["connection_id"] is None


def test_a_nested_setting_is_replaced_and_a_bare_one_ignored(sandbox: Any) -> None:
    path = f"{owned(sandbox)}/voice"
    listing = {"cnam_listing": {"cnam_listing_enabled": True, "cnam_listing_details": "EXAMPLE"}}
    assert telnyx(sandbox, "PATCH", path, json=listing).json()["data"]["cnam_listing"] == listing["cnam_listing"]
    told = telnyx(sandbox, "PATCH", path, json={"cnam_listing_enabled": False, "tech_prefix_enabled": True}).json()
    assert told["data"]["cnam_listing"]["cnam_listing_enabled"] and told["data"]["tech_prefix_enabled"]
    assert refusal(telnyx(sandbox, "PATCH", path, json={"cnam_listing": {"cnam_listing_enabled": True}}))[0] == 422


def test_a_released_number_is_held(sandbox: Any) -> None:
    path = owned(sandbox)
    sandbox.control(
        "PATCH",
        f"state/telnyx/{ACCOUNT}",
        {"alter": [{"number": FIRST, "configuration": {"deletion_lock_enabled": True}}]},
    )
    assert refusal(telnyx(sandbox, "DELETE", path)) == (422, "10015")
    sandbox.control(
        "PATCH",
        f"state/telnyx/{ACCOUNT}",
        {"alter": [{"number": FIRST, "configuration": {"deletion_lock_enabled": None}}]},
    )
    assert telnyx(sandbox, "DELETE", path).json()["data"]["status"] == "deleted"
    assert refusal(telnyx(sandbox, "DELETE", path)) == (404, "10005")
    assert FIRST in search(sandbox) and FIRST not in search(sandbox, exclude_held_numbers="true")


@pytest.mark.parametrize("shown", [False, True])
def test_a_released_number_may_stay_on_the_list(sandbox: Any, shown: bool) -> None:
    sandbox.reset({"telnyx": {"settings": {"lists_deleted": shown}}})
    telnyx(sandbox, "DELETE", owned(sandbox))
    assert listed(sandbox) == ({FIRST: "deleted"} if shown else {})
