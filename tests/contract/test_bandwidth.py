# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Bandwidth alone has: XML, orders of every kind, places by name, packages, tiers, numbers that age."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_fixtures import Sandbox
from rows import ROWS, Row
from runner import Runner
from sandbox_server import FILES
from test_purchase import writes

ROW = next(row for row in ROWS if row.provider == "bandwidth")
PACKAGE, NIGHT = "7a000000-0000-4000-8000-000000000001", "7a000000-0000-4000-8000-000000000002"
NAMES = ["+19195550100", "+19195550101", "+19195550102"]
EARLIER = {"account_id": "5550002", "username": "sandbox-earlier-user", "password": "sandbox-earlier-password"}
XML = {"Content-Type": "application/xml"}


@pytest.fixture()
def row() -> Row:
    return ROW


def on(path: str, method: str = "POST", **fault: Any) -> dict[str, Any]:
    return {"match": {"provider": "bandwidth", "method": method, "path": path}, **fault}


def seed(**account: Any) -> dict[str, Any]:
    """The seed with another account."""
    default = json.loads((FILES / "telco_numbers_sandbox" / "default_seed.json").read_text(encoding="utf-8"))
    first, *others = default["bandwidth"]["accounts"]
    return {"bandwidth": {"accounts": [{**first, **account}, *others]}}


# -- access ------------------------------------------------------------------------------------------------------------


def test_a_client_opens_the_account_with_a_token_that_tasks_share(
    run: Runner, sandbox: Sandbox, tmp_path: Path
) -> None:
    client = {"username": None, "password": None, "api_key": "sandbox-bandwidth-client"}
    client["api_secret"] = "sandbox-bandwidth-secret"
    cache = {"session_cache": str(tmp_path / "cache")}
    assert run("account_info", **client, **cache)["account"] == {
        "id": "5550001", "provider": "bandwidth", "name": "Example", "country": None, "raw": {"CompanyName": "Example"},
    }  # fmt: skip
    assert not run("number_info", **client, **cache).get("failed")
    assert [entry["path"] for entry in sandbox.log()].count("/api/v1/oauth2/token") == 1
    run.fails("authentication_failed", "account_info", **{**client, "api_secret": "sandbox-wrong-secret"})


def test_what_the_account_may_not_do_is_said(run: Runner, sandbox: Sandbox) -> None:
    run.fails("invalid_option", "account_info", account_id="ACME")
    run.fails("forbidden", "account_info", account_id="5550009")
    sandbox.reset(seed(role=False))
    assert run.fails("forbidden", "number_info")["failure"]["http_status"] == 403


@pytest.mark.parametrize(
    "body",
    [
        {"TelephoneNumbersResponse": {"ErrorList": {"Error": {"Code": 1006, "Description": "as documented"}}}},
        {"SearchResult": {"Error": {"Code": 1006, "Description": "as documented"}}},
        {"TelephoneNumbersResponse": {"ResponseStatus": {"ErrorCode": 1006, "Description": "as documented"}}},
        {"MoveTnsOrderResponse": {"Errors": [{"Code": 1006, "Description": "as documented"}, {"Code": 1}]}},
        {"MoveTnsOrder": {"Errors": {"Error": {"Code": 1006, "Description": "as documented"}}}},
    ],
    ids=["ErrorList", "Error", "ResponseStatus", "Errors", "Errors/Error"],
)
def test_each_shape_of_an_error_is_read(run: Runner, sandbox: Sandbox, body: dict[str, Any]) -> None:
    sandbox.faults(on("/api/v2/tns$", "GET", kind="status", status=400, body=body))
    failure = run.fails("provider_error", "number_info")["failure"]
    assert (failure["provider_code"], failure["message"]) == ("1006", "as documented")


def test_an_empty_refusal_for_its_pace_is_waited_out(run: Runner, sandbox: Sandbox) -> None:
    sandbox.faults(on("/api/v2/tns$", "GET", kind="status", status=429, count=1))
    assert not run("number_info").get("failed")


# -- search ------------------------------------------------------------------------------------------------------------


def test_numbers_of_north_america_need_a_criterion_and_have_a_tier(run: Runner, sandbox: Sandbox) -> None:
    failed = run.fails("invalid_option", "available_number_info", country="US")
    assert "prefix" in failed["msg"] and not sandbox.log()
    run.fails("unsupported", "available_number_info", country="US", region="NC", capabilities=["sms"])
    offers = run("available_number_info", country="US", region="NC")["offers"]
    assert {(offer["raw"]["tier"], offer["monthly_price"]) for offer in offers} == {("0", "0.5"), ("1", "1.5")}
    assert all(offer["requirements"] == [] and offer["region"] == "NC" for offer in offers)
    (query,) = [entry["query"] for entry in sandbox.log() if entry["path"].endswith("availableNumbers")]
    assert query["countryCodeA3"] == "USA" and query["state"] == "NC"


def test_digits_are_searched_without_the_neighbours(run: Runner, sandbox: Sandbox) -> None:
    offers = run("available_number_info", country="US", prefix="919555")["offers"]
    assert len(offers) == 60
    assert sandbox.log()[-1]["query"]["LCA"] == "false"
    free = run("available_number_info", country="US", type="tollfree")["offers"]
    assert [offer["type"] for offer in free] == ["tollfree"] * 5
    assert run("number_purchase", numbers=[free[0]["number"]])["purchased"][0]["number"] == free[0]["number"]


def test_a_lone_row_is_a_list_and_nothing_is_one_too(run: Runner) -> None:
    assert len(run("available_number_info", country="US", region="NC", limit=1)["offers"]) == 1
    assert run("available_number_info", country="US", region="CA")["offers"] == []


def test_papers_are_asked_for_before_the_order(run: Runner, sandbox: Sandbox) -> None:
    wish = {"country": "DE", "type": "local", "count": 1}
    failed = run.fails("regulatory", "number_purchase", **wish)
    assert "identity and local address" in failed["msg"] and sandbox.state(ROW)["orders"] == []
    papers = {"address": "1", "requirements_package": "2"}
    assert len(run("number_purchase", **wish, regulatory=papers)["purchased"]) == 1
    sandbox.reset(seed(global_services=False))
    assert run("available_number_info", country="DE", type="local")["offers"][0]["requirements"] is None


# -- orders ------------------------------------------------------------------------------------------------------------


def test_the_lines_of_an_order_end_apart_and_the_rest_is_bought_anew(run: Runner, sandbox: Sandbox) -> None:
    sandbox.faults(on("/orders$", kind="lines", outcomes={NAMES[2]: 5005}, skip=1, count=1))
    result = run("number_purchase", **ROW.where, count=4)
    assert len(result["purchased"]) == 4 == len(sandbox.state(ROW)["owned"])
    assert NAMES[2] not in [number["number"] for number in result["purchased"]]


def test_an_order_says_what_it_wants(run: Runner, sandbox: Sandbox) -> None:
    run("number_purchase", **ROW.where, count=1, provider_options={"site": "Prod", "location": "Sales"})
    (body,) = [entry["body"] for entry in sandbox.log() if entry["mutating"]]
    for said in ("<SiteId>71<", "<PeerId>8102<", "<PartialAllowed>true<", "<BackOrderRequested>false<"):
        assert said in body
    assert "<ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>+1919" in body
    assert run("number_info")["numbers"][0]["applications"] == {"sms": "8102"}


def test_a_place_that_is_not_clear_is_refused_before_the_quote(run: Runner, sandbox: Sandbox) -> None:
    for check in (True, False):
        options = {"provider_options": {"location": "nowhere"}}
        failed = run.fails("invalid_option", "number_purchase", **ROW.where, count=1, **options, check=check)
        assert "8101 (Support)" in failed["msg"]
    site = {"id": 72, "name": "Test", "peers": []}
    sandbox.reset(
        seed(sites=[{"id": 71, "name": "Prod", "peers": [{"id": 8100, "name": "main", "default": True}]}, site])
    )
    assert "71 (Prod), 72 (Test)" in run.fails("invalid_option", "number_purchase", **ROW.where, count=1)["msg"]
    run.fails("account_setup", "number_purchase", **ROW.where, count=1, provider_options={"site": "Test"})
    assert not writes(sandbox.log())


def test_what_is_complete_and_not_in_service_is_pending(run: Runner, sandbox: Sandbox) -> None:
    sandbox.reset({"bandwidth": {"settings": {"provisioning_reads": 3}}})
    bought = run("number_purchase", **ROW.where, count=1)
    assert [number["status"] for number in bought["numbers"]] == ["pending"]
    wish = {**ROW.where, "count": 1, "applications": {"voice": PACKAGE}}
    done = run("number_purchase", **wish, wait=True, wait_timeout=20)
    assert len(sandbox.state(ROW)["owned"]) == 1 and not done.get("failed")


def test_250_numbers_take_a_handful_of_orders(run: Runner, sandbox: Sandbox) -> None:
    offers = [{"first": "+13365550000", "count": 260, "country": "US", "type": "GEOGRAPHIC", "capabilities": ["voice"],
               "region": "NC", "monthly_price": "0", "currency": "USD"}]  # fmt: skip
    sandbox.reset({"bandwidth": {"offers": offers}})
    result = run("number_purchase", **ROW.where, count=250, deadline=120)
    assert len(result["purchased"]) == 250 == len(sandbox.state(ROW)["owned"])
    assert len(writes(sandbox.log())) == 4  # the first number alone, then a hundred an order


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_number_moves_and_the_location_stays_as_it_is(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(2)
    wish = {"numbers": numbers, "applications": {"sms": {"name": "Support", "kind": "location"}}}
    done = run("number_assignment", **wish)
    assert [number["applications"] for number in done["numbers"]] == [{"sms": "8101"}] * 2
    assert [entry["path"].rpartition("/")[2] for entry in sandbox.log() if entry["mutating"]][-1:] == ["moveTns"]
    gone = run("number_assignment", numbers=numbers, application="8101", state="absent")
    assert [number["applications"] for number in gone["numbers"]] == [{}] * 2


def test_a_default_location_that_answers_is_a_link_that_cannot_be_left(run: Runner, sandbox: Sandbox) -> None:
    peers = [{"id": 8100, "name": "main", "default": True, "messaging": "5b6f0000-0000-4000-8000-000000000001"}]
    sandbox.reset(seed(sites=[{"id": 71, "name": "Prod", "peers": peers}]))
    numbers = run.buy(1)
    assert numbers[0]["applications"] == {"sms": "8100"}
    run.fails("unsupported", "number_assignment", numbers=numbers, application="8100", state="absent")
    assert run("number_purchase", **ROW.where, count=1, application=PACKAGE, default_application="8100")["linked"]


@pytest.mark.parametrize("kind", ["moveTns", "tnoptions", "disconnects"])
def test_an_order_that_fails_or_is_lost_is_told(run: Runner, sandbox: Sandbox, kind: str) -> None:
    numbers = run.buy(1)
    module, options = {
        "moveTns": ("number_assignment", {"application": "8101"}),
        "tnoptions": ("number_configuration", {"provider_settings": {"sms": False}}),
        "disconnects": ("number_release", {}),
    }[kind]
    sandbox.faults(on(f"/{kind}$", kind="lines", outcomes={NAMES[0]: 5094}, count=1))
    failed = run.fails("account_setup", module, numbers=numbers, **options)
    assert NAMES[0] in failed["msg"] and failed["failure"]["provider_code"] == "5094"
    sandbox.faults(on(f"/{kind}$", kind="pending"))
    run.fails("unknown_outcome", module, numbers=numbers, **options, deadline=5)
    sandbox.change(ROW, fulfil=True)
    assert run(module, numbers=numbers, **options)["changed"] is False
    sandbox.faults(on(f"/{kind}$", kind="reset", when="after", count=1))
    if kind != "disconnects":
        back = {"application": "8102", "force": True} if kind == "moveTns" else {"provider_settings": {"sms": True}}
        sandbox.log()
        assert run(module, numbers=numbers, **back)["changed"]
        assert len(writes(sandbox.log())) == 1


def test_a_package_waits_until_a_new_number_is_ready(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(1)
    body = {"errors": [{"type": "validation", "code": "VCS-0044", "description": "not ready", "id": "0"}]}
    sandbox.faults(on("/bulk$", kind="status", status=400, body=body, count=3))
    assert run("number_assignment", numbers=numbers, application=PACKAGE)["changed"]
    assert sum(entry["path"].endswith("/bulk") for entry in sandbox.log()) == 4


def test_a_forward_is_a_link_and_is_taken_off_only_by_force(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(1)
    run("number_configuration", numbers=numbers, provider_settings={"call_forward": "+19195559999"})
    run.fails("conflict", "number_release", numbers=numbers)
    wish = {"numbers": numbers, "application": PACKAGE}
    done = run("number_assignment", **wish, force=True)
    assert done["numbers"][0]["applications"] == {"voice": PACKAGE}
    assert sandbox.state(ROW)["owned"][0]["configuration"] == {}
    run.fails("invalid_option", "number_configuration", numbers=numbers, provider_settings={"call_forward": "555"})


def test_settings_are_set_kept_and_cleared(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(2)
    wanted = {"rewrite_user": "desk", "calling_name_display": True, "protected": True, "rpid_format": "e164"}
    for names in (numbers[:1], numbers):
        assert run("number_configuration", numbers=names, provider_settings=wanted)["changed"]
        again = run("number_configuration", numbers=names, provider_settings=wanted)
        assert again["changed"] is False
    gone = run("number_configuration", numbers=numbers, provider_settings=dict.fromkeys(wanted))
    assert gone["changed"] and {tuple(one["configuration"].items()) for one in sandbox.state(ROW)["owned"]} == {()}


def test_in_an_account_of_earlier_days_a_location_answers_calls_too(run: Runner, sandbox: Sandbox) -> None:
    numbers = run("number_purchase", **ROW.where, **EARLIER, count=1)["numbers"]
    done = run("number_assignment", numbers=numbers, **EARLIER, application="9101")
    assert done["numbers"][0]["applications"] == {"sms": "9101", "voice": "9101"}
    run.fails("invalid_option", "number_assignment", numbers=numbers, **EARLIER, application=PACKAGE)
    run.fails("invalid_option", "number_assignment", numbers=NAMES[:1], application="8101", capability="voice")


def test_a_list_of_a_location_that_lacks_a_number_leaves_its_links_open(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(2)
    sandbox.faults(on("/sippeers/.*/tns$", "GET", kind="body", merge={"SipPeerTelephoneNumbers": ""}))
    assert [number["links"] for number in run("number_info")["numbers"]] == [None, None]
    run.fails("conflict", "number_release", numbers=numbers)


# -- release, lists ----------------------------------------------------------------------------------------------------


def test_a_number_that_was_given_back_ages(run: Runner, sandbox: Sandbox) -> None:
    numbers = run.buy(2)
    assert run("number_release", numbers=numbers[:1])["changed"]
    found = {number["number"]: number["status"] for number in run("number_info")["numbers"]}
    assert found == {NAMES[0]: "leaving", NAMES[1]: "active"}
    assert run("number_release", numbers=numbers[:1])["changed"] is False


def test_ten_digits_are_a_number_of_north_america(run: Runner, sandbox: Sandbox) -> None:
    run.buy(1)
    sandbox.faults(on("/tns", "GET", kind="body", merge_items={"FullNumber": "9195550100"}))
    assert [number["number"] for number in run("number_info")["numbers"]] == NAMES[:1]
    assert run("number_purchase", **ROW.where, count=1)["changed"] is False


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "b">]><TelephoneNumbersResponse>&a;</TelephoneNumbersResponse>',
        "<TelephoneNumbersResponse/>",
        "<TelephoneNumbersResponse><TelephoneNumberCount>0</TelephoneNumberCount></TelephoneNumbersResponse>",
        "<Other><TelephoneNumbers/></Other>",
        "<a>" * 100000,
        "<a>" + "x" * 200_000 + "</a>",
        "<a>" + "<b/>" * 210_000 + "</a>",
    ],
    ids=["an entity", "nothing in it", "no list", "another root", "deep", "long", "many"],
)
def test_hostile_xml_is_a_failure_and_buys_nothing(run: Runner, sandbox: Sandbox, text: str) -> None:
    sandbox.faults(on("/api/v2/tns$", "GET", kind="not_json", text=text, content_type="application/xml"))
    run.fails("provider_error", "number_purchase", **ROW.where, count=1)
    assert not writes(sandbox.log())
