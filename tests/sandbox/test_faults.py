# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of fault: what the client sees, and what was committed."""

from __future__ import annotations

import email.utils
import time
from typing import Any

import pytest
import requests
from sandbox_clients import (
    CATALOG,
    CATALOG_LIST,
    CATALOG_SEARCH,
    INFOBIP,
    INFOBIP_LIST,
    ORGANISATION,
    PLIVO,
    PLIVO_BASE,
    PLIVO_ID,
    SHOP,
    Portal,
)

LONDON, REGULATED = "44000000000020", "55350421590054"
GROUP = f"{PLIVO_BASE}AvailableNumberGroup/{LONDON}/"
NUMBERS = PLIVO_BASE + "Number/"
RENT = {"provider": "plivo_groups", "method": "POST", "path": "AvailableNumberGroup"}
LIST = {"method": "GET", "path": "/Number/$"}


def rent(sandbox: Any, quantity: int = 1, **options: Any) -> Any:
    """Rent numbers at plivo_groups."""
    return sandbox.call("POST", GROUP, json={"quantity": quantity}, auth=PLIVO, **options)


def owned(sandbox: Any) -> int:
    """How many numbers plivo_groups's account really has."""
    return len(sandbox.state("plivo_groups", PLIVO_ID)["owned"])


def listed(sandbox: Any, **query: str) -> Any:
    """What the account's list says."""
    return sandbox.call("GET", NUMBERS, auth=PLIVO, params=query).json()


def test_status_before_and_after_the_commit(sandbox: Any) -> None:
    sandbox.faults(
        {"match": RENT, "kind": "status", "status": 503, "count": 1},
        {"match": RENT, "kind": "status", "status": 502, "when": "after", "skip": 1, "count": 1},
    )
    answer = rent(sandbox)
    assert answer.status_code == 503 and answer.json()["error"] and owned(sandbox) == 0
    assert rent(sandbox).status_code == 502 and owned(sandbox) == 1
    assert rent(sandbox).status_code == 201
    assert [(row["status"], row["faults"]) for row in sandbox.log()] == [
        (503, ["status"]),
        (502, ["status"]),
        (201, []),
    ]


def test_retry_after_in_seconds_as_a_date_or_not_at_all(sandbox: Any) -> None:
    common = {"match": LIST, "kind": "status", "status": 429, "count": 1}
    sandbox.faults(
        common,
        {**common, "retry_after": 2, "skip": 1},
        {**common, "retry_after_date": 60, "skip": 2, "body": {"error": "slow"}},
    )
    first, second, third = (sandbox.call("GET", NUMBERS, auth=PLIVO) for _count in range(3))
    assert "Retry-After" not in first.headers and second.headers["Retry-After"] == "2"
    wait = email.utils.parsedate_to_datetime(third.headers["Retry-After"]).timestamp() - time.time()
    assert 50 < wait <= 61 and third.json() == {"error": "slow"}


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_reset(sandbox: Any, when: str, count: int) -> None:
    sandbox.faults({"match": RENT, "kind": "reset", "when": when})
    with pytest.raises(requests.ConnectionError):
        rent(sandbox)
    assert owned(sandbox) == count and sandbox.log()[-1]["status"] is None


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_silence(sandbox: Any, when: str, count: int) -> None:
    sandbox.faults({"match": RENT, "kind": "silence", "when": when})
    with pytest.raises(requests.ReadTimeout):
        rent(sandbox, timeout=0.2)
    assert owned(sandbox) == count


@pytest.mark.parametrize("when", ["before", "after"])
def test_delay(sandbox: Any, when: str) -> None:
    sandbox.faults({"match": LIST, "kind": "delay", "seconds": 0.2, "when": when})
    begun = time.monotonic()
    assert "objects" in listed(sandbox)
    assert time.monotonic() - begun >= 0.2


def test_a_delay_comes_with_another_fault(sandbox: Any) -> None:
    sandbox.faults({"kind": "delay", "seconds": 0.1}, {"kind": "status", "status": 500})
    begun = time.monotonic()
    assert rent(sandbox).status_code == 500 and time.monotonic() - begun >= 0.1


def test_truncated_after_the_commit(sandbox: Any) -> None:
    sandbox.faults({"match": RENT, "kind": "truncate"})
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        rent(sandbox)
    assert owned(sandbox) == 1


def test_slow_drip(sandbox: Any) -> None:
    sandbox.faults({"match": LIST, "kind": "drip", "bytes": 40, "interval": 0.02})
    begun = time.monotonic()
    assert listed(sandbox)["objects"] == [] and time.monotonic() - begun >= 0.06


def test_not_json_empty_and_huge(sandbox: Any) -> None:
    common = {"match": RENT, "count": 1}
    sandbox.faults(
        {**common, "kind": "not_json"},
        {**common, "kind": "empty", "skip": 1},
        {**common, "kind": "huge", "bytes": 300000, "skip": 2},
    )
    first, second, third = rent(sandbox), rent(sandbox), rent(sandbox)
    assert first.status_code == 201 and first.text.startswith("<html>")
    assert (second.status_code, second.content) == (200, b"")
    assert len(third.content) > 300000 and third.json()["padding"]
    assert owned(sandbox) == 3


def test_bodies_are_replaced_or_merged(sandbox: Any) -> None:
    rent(sandbox)
    common = {"match": LIST, "kind": "body", "count": 1}
    sandbox.faults(
        {**common, "body": [1, 2]},
        {**common, "skip": 1, "merge": {"meta": None, "extra": {"a": 1}}},
        {**common, "skip": 2, "merge_items": {"number": 5, "alias": None}},
    )
    assert listed(sandbox) == [1, 2]
    second, third = listed(sandbox), listed(sandbox)
    assert "meta" not in second and second["extra"] == {"a": 1} and second["objects"]
    assert third["objects"][0]["number"] == 5 and "alias" not in third["objects"][0] and third["meta"]


def test_redirects(sandbox: Any) -> None:
    sandbox.faults(
        {"match": RENT, "kind": "redirect", "count": 1},
        {"match": RENT, "kind": "redirect", "to": "http://other.invalid", "status": 307, "skip": 1},
    )
    first, second = rent(sandbox), rent(sandbox)
    assert (first.status_code, first.headers["Location"]) == (302, sandbox.at("plivo_groups") + GROUP)
    assert (second.status_code, second.headers["Location"]) == (307, "http://other.invalid" + GROUP)
    assert owned(sandbox) == 0


def test_lists_lag_by_reads(sandbox: Any) -> None:
    rent(sandbox)
    sandbox.faults({"match": LIST, "kind": "lag", "reads": 2})
    rent(sandbox)
    assert [listed(sandbox)["meta"]["total_count"] for _count in range(3)] == [1, 1, 2]


def test_lists_lag_by_time(sandbox: Any) -> None:
    rent(sandbox)
    sandbox.faults({"match": LIST, "kind": "lag", "seconds": 60})
    assert listed(sandbox)["objects"] == [] and owned(sandbox) == 1
    sandbox.faults({"match": LIST, "kind": "lag", "seconds": 0})
    assert len(listed(sandbox)["objects"]) == 1


@pytest.mark.parametrize("provider", ["sinch_portal", "sinch_catalog", "infobip_sms"])
def test_lists_lag_everywhere(sandbox: Any, provider: str) -> None:
    client = Portal(sandbox).log_in()
    sandbox.faults({"match": {"provider": provider, "method": "GET"}, "kind": "lag", "reads": 1})
    if provider == "sinch_portal":
        client.check_out(client.reserve(1))
        found = [client.rented(), client.rented()]
    elif provider == "sinch_catalog":
        sandbox.call("POST", CATALOG_LIST, params={"phoneNumber": "+15045550100"}, auth=CATALOG)
        found = [sandbox.call("GET", CATALOG_LIST, auth=CATALOG).json()["items"] for _count in range(2)]
    else:
        sandbox.call("POST", INFOBIP_LIST, json={"numberKey": "58B3840032C7774BAC840EEEA2C23A44"}, auth=INFOBIP)
        found = [sandbox.call("GET", INFOBIP_LIST, auth=INFOBIP).json()["numbers"] for _count in range(2)]
    assert [len(rows) for rows in found] == [0, 1]


@pytest.mark.parametrize(("by", "repeated"), [(1, True), (-1, False)])
def test_a_page_shifts_while_it_is_read(sandbox: Any, by: int, repeated: bool) -> None:
    rent(sandbox, 4)
    numbers = [row["number"] for row in listed(sandbox)["objects"]]
    sandbox.faults({"match": LIST, "kind": "shift", "by": by, "count": 1})
    first, second = listed(sandbox, limit="2"), listed(sandbox, limit="2", offset="2")
    assert [row["number"] for row in first["objects"]] == numbers[:2]
    assert [row["number"] for row in second["objects"]] == (numbers[1:3] if repeated else numbers[3:])
    assert [row["number"] for row in listed(sandbox, limit="2", offset="2")["objects"]] == numbers[2:]


def test_one_number_goes_and_another_comes_while_pages_are_read(sandbox: Any) -> None:
    rent(sandbox, 4)
    numbers = [row["number"] for row in listed(sandbox)["objects"]]
    sandbox.faults({"match": LIST, "kind": "swap", "count": 1})
    first, second = listed(sandbox, limit="2"), listed(sandbox, limit="2", offset="2")
    new = str(int(numbers[3]) + 1)
    assert [row["number"] for row in [*first["objects"], *second["objects"]]] == [*numbers[:2], numbers[3], new]
    assert first["meta"]["total_count"] == second["meta"]["total_count"] == 4
    assert [row["number"] for row in listed(sandbox)["objects"]] == [*numbers[1:], new] and owned(sandbox) == 4


@pytest.mark.parametrize("asked", [False, True])
def test_pages_are_shorter_than_asked(sandbox: Any, asked: bool) -> None:
    numbers = [f"+4670174{index:04d}" for index in range(7)]
    sandbox.control("PATCH", f"state/plivo_groups/{PLIVO_ID}", {"own": [{"number": number} for number in numbers]})
    sandbox.control("PATCH", "state/infobip_sms/infobip-user", {"own": [{"number": number} for number in numbers]})
    sandbox.faults({"kind": "page_cap", "rows": 3, "asked": asked})
    page = listed(sandbox, limit="5")
    assert len(page["objects"]) == 3 and page["meta"]["next"].endswith(f"offset={5 if asked else 3}")
    page = sandbox.call("GET", INFOBIP_LIST, auth=INFOBIP, params={"limit": 5, "page": 1}).json()
    assert [row["number"] for row in page["numbers"]] == [
        number[1:] for number in (numbers[5:] if asked else numbers[3:6])
    ]


def test_one_item_of_a_list_is_changed(sandbox: Any) -> None:
    rent(sandbox, 3)
    sandbox.faults({"match": LIST, "kind": "body", "merge_items": {"number": "ACME"}, "item": 1})
    assert [row["number"] == "ACME" for row in listed(sandbox)["objects"]] == [False, True, False]


def test_next_links_to_another_host_or_in_circles(sandbox: Any) -> None:
    sandbox.faults(
        {"kind": "next_link", "host": "http://other.invalid", "count": 1},
        {"kind": "next_link", "repeat": True, "always": True, "skip": 1},
    )
    page = sandbox.call("GET", CATALOG_SEARCH, auth=CATALOG).json()["meta"]
    assert page["next_page_url"] == "http://other.invalid" + CATALOG_SEARCH + "?Page=1&PageSize=50"
    meta = listed(sandbox, limit="5")["meta"]
    assert meta["next"] == NUMBERS + "?limit=5&offset=0"


def test_sold_by_somebody_else_in_between(sandbox: Any) -> None:
    sandbox.faults(
        {"match": RENT, "kind": "sell_between", "quantity": 5, "count": 1},
        {"match": {"path": "shop", "method": "PUT"}, "kind": "sell_between"},
    )
    assert rent(sandbox, 2).status_code == 400
    assert rent(sandbox, 1).status_code == 201
    answer = Portal(sandbox).log_in().signed("PUT", SHOP, {"groupId": 1, "quantity": 1})
    assert answer.json()["errorCode"] == 40003
    sandbox.faults(
        {"match": {"provider": "sinch_catalog", "method": "GET"}, "kind": "sell_between", "offer": "+15045550100"}
    )
    sandbox.call("GET", CATALOG_SEARCH, auth=CATALOG)
    assert (
        sandbox.call("POST", CATALOG_LIST, params={"phoneNumber": "+15045550100"}, auth=CATALOG).json()["code"] == 21452
    )


def test_partial_fulfilment(sandbox: Any) -> None:
    sandbox.faults({"kind": "partial", "deliver": 2})
    assert len(rent(sandbox, 4).json()["numbers"]) == 2
    state = sandbox.state("plivo_groups", PLIVO_ID)
    assert state["stock"][LONDON] == 4 and state["spent"]["due_now"] == "1.60000"
    client = Portal(sandbox).log_in()
    assert client.check_out(client.reserve(1, 1), client.reserve(13, 3)).status_code == 204
    state = sandbox.state("sinch_portal", ORGANISATION)
    assert [row["group"] for row in state["owned"]] == ["1", "13"] and state["stock"]["13"] == 7


def test_pending_orders_are_fulfilled_after_some_reads(sandbox: Any) -> None:
    sandbox.faults({"match": RENT, "kind": "pending", "fulfil_after_reads": 2, "count": 1})
    assert rent(sandbox, 2).json()["status"] == "pending"
    assert [listed(sandbox)["meta"]["total_count"] for _count in range(3)] == [0, 0, 2]
    sandbox.faults({"match": RENT, "kind": "pending", "fulfil_after_seconds": 0, "count": 1})
    rent(sandbox)
    assert listed(sandbox)["meta"]["total_count"] == 3


def test_instances_and_reservations_expire_between_calls(sandbox: Any) -> None:
    client = Portal(sandbox).log_in()
    reference = client.reserve(1)
    sandbox.faults({"match": {"method": "POST", "path": "shop$"}, "kind": "expire_reservation", "count": 1})
    assert client.check_out(reference).json()["errorCode"] == 40400
    sandbox.faults({"match": {"path": "shop$"}, "kind": "expire_instance", "count": 1})
    assert client.signed("GET", SHOP).json()["errorCode"] == 40100
    assert client.log_in().signed("GET", SHOP).status_code == 200


def test_numbers_may_come_in_strings(sandbox: Any) -> None:
    sandbox.faults({"kind": "status", "status": "503", "count": "1"})
    assert [rent(sandbox).status_code for _count in range(2)] == [503, 201]


def test_matching_counting_and_clearing(sandbox: Any) -> None:
    fault = {"match": {"provider": "infobip_sms"}, "kind": "status", "status": 500, "skip": 1, "count": None}
    sandbox.faults(fault)
    assert rent(sandbox).status_code == 201
    assert [sandbox.call("GET", INFOBIP_LIST, auth=INFOBIP).status_code for _count in range(3)] == [200, 500, 500]
    assert sandbox.control("GET", "faults") == {"faults": [fault], "counts": [{"seen": 3, "fired": 2}]}
    sandbox.control("DELETE", "faults")
    assert sandbox.call("GET", INFOBIP_LIST, auth=INFOBIP).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        1,
        {},
        {"kind": "nope"},
        {"kind": "reset", "seconds": 1},
        {"kind": "delay"},
        {"kind": "status"},
        {"kind": "reset", "when": "now"},
        {"kind": "reset", "match": {"host": "x"}},
        {"kind": "reset", "match": {"path": "("}},
        {"kind": "reset", "match": {"path": 5}},
        {"kind": "next_link"},
        {"kind": "status", "status": "many"},
        {"kind": "reset", "count": []},
    ],
)
def test_impossible_faults_are_refused(sandbox: Any, fault: Any) -> None:
    answer = sandbox.call("PUT", "/_sandbox/faults", json=[fault])
    assert answer.status_code == 400 and answer.json()["error"]
    assert sandbox.control("GET", "faults")["faults"] == []


def test_links_lag_by_reads(sandbox: Any) -> None:
    """A list that lags shows the links of before, and a number that was given back."""
    rent(sandbox)
    (row,) = listed(sandbox)["objects"]
    one = f"{NUMBERS}{row['number']}/"
    sandbox.faults(
        {"match": {"provider": "plivo_groups", "method": "GET", "path": "/Number/"}, "kind": "lag_changes", "reads": 2}
    )
    sandbox.call("POST", one, json={"app_id": "16632742496743552"}, auth=PLIVO)
    links = [listed(sandbox)["objects"][0]["application"], sandbox.call("GET", one, auth=PLIVO).json()["application"]]
    assert links == [None, None] and listed(sandbox)["objects"][0]["application"]
    sandbox.call("DELETE", one, auth=PLIVO)
    assert [len(listed(sandbox)["objects"]) for _count in range(3)] == [1, 1, 0]
    assert sandbox.call("GET", one, auth=PLIVO).status_code == 404


def test_a_list_that_lags_behind_links_shows_the_settings_of_now(sandbox: Any) -> None:
    rent(sandbox)
    one = f"{NUMBERS}{listed(sandbox)['objects'][0]['number']}/"
    sandbox.faults({"match": LIST, "kind": "lag_changes", "seconds": 60})
    sandbox.call("POST", one, json={"app_id": "16632742496743552"}, auth=PLIVO)
    sandbox.call("POST", one, json={"alias": "Reception"}, auth=PLIVO)
    (row,) = listed(sandbox)["objects"]
    assert (row["application"], row["alias"]) == (None, "Reception")


def test_links_lag_by_time(sandbox: Any) -> None:
    rent(sandbox)
    one = f"{NUMBERS}{listed(sandbox)['objects'][0]['number']}/"
    sandbox.call("DELETE", one, auth=PLIVO)
    sandbox.faults({"match": LIST, "kind": "lag_changes", "seconds": 60})
    assert len(listed(sandbox)["objects"]) == 1 and owned(sandbox) == 0
    sandbox.faults({"match": LIST, "kind": "lag_changes", "seconds": 0})
    assert listed(sandbox)["objects"] == []


def test_somebody_changes_the_account_between_two_requests(sandbox: Any) -> None:
    rent(sandbox, 2)
    first, second = ("+" + row["number"] for row in listed(sandbox)["objects"])
    change = {"links": {first: {"voice": "16632742496743553"}}, "release": [second]}
    sandbox.faults({"match": LIST, "kind": "meanwhile", "account": PLIVO_ID, "change": change, "skip": 1, "count": 1})
    assert [row["application"] for row in listed(sandbox)["objects"]] == [None, None]
    (row,) = listed(sandbox)["objects"]
    assert "+" + row["number"] == first and "16632742496743553" in row["application"]
