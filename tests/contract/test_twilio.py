# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what Twilio alone has: types side by side, windows, kinds of links, papers, sub-accounts, keys."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from contract_fixtures import Sandbox
from rows import ROWS, Row
from runner import Runner

pytestmark = pytest.mark.parametrize(
    "row", [row for row in ROWS if row.provider == "twilio"], ids=lambda row: row.provider
)

PARENT, BRANCH, TEST = (f"AC{place:032d}" for place in (1, 2, 3))
SUPPORT, SALES, TRUNK = f"AP{1:032d}", f"AP{2:032d}", f"TK{1:032d}"
ALERTS, MARKETING = f"MG{1:032d}", f"MG{2:032d}"
LONDON, ORLEANS, BERLIN, IN_REVIEW = f"AD{1:032d}", f"AD{2:032d}", f"BU{1:032d}", f"BU{2:032d}"
NEW_ORLEANS: dict[str, Any] = {"country": "US", "type": "local", "prefix": "504"}
ABLE = {"country": "US", "type": "local", "capabilities": ["voice", "sms"]}
URL = "https://example.com/answer"


def own(sandbox: Sandbox, row: Row, *numbers: str, **facts: Any) -> None:
    """Let the account have owned numbers all along."""
    sandbox.change(row, own=[{**ABLE, "number": number, **facts} for number in numbers])


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The requests since the last call that change something."""
    return [entry for entry in sandbox.log() if entry["mutating"]]


def done(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def links(sandbox: Sandbox, row: Row) -> dict[str, dict[str, str]]:
    """What each owned number is linked to."""
    return {item["number"]: item["applications"] for item in sandbox.state(row)["owned"]}


# -- search ------------------------------------------------------------------------------------------------------------


def test_every_type_of_a_country_is_searched_side_by_side(run: Runner, row: Row, sandbox: Sandbox) -> None:
    offers = done(run("available_number_info", country="GB"))["offers"]
    assert Counter(offer["type"] for offer in offers) == {"local": 10, "mobile": 6, "national": 3}
    paths = [entry["path"].rpartition("/")[2] for entry in sandbox.log()]
    assert sorted(paths) == ["GB", "GB.json", "Local.json", "Mobile.json", "National.json"]


@pytest.mark.parametrize(("country", "kind"), [("GB", "tollfree"), ("JP", None), ("JP", "local")])
def test_what_a_country_lacks_is_nothing(run: Runner, row: Row, country: str, kind: str | None) -> None:
    assert done(run("available_number_info", country=country, type=kind))["offers"] == []


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ({"country": "US", "prefix": "212"}, 6),
        ({"country": "US", "region": "NY"}, 6),
        ({"country": "US", "region": "New York"}, 0),
        ({"country": "US", "city": "new york"}, 6),
        ({"country": "US", "contains": "55501"}, 30 + 3),
        ({"country": "US", "contains": "9", "prefix": "212"}, 0),
        ({"country": "US", "prefix": "212", "contains": "0153"}, 1),
        ({"country": "US", "type": "tollfree"}, 3),
        ({"country": "GB", "capabilities": ["sms"]}, 0),
        ({"country": "SE", "city": "Stockholm"}, 8),
        ({"country": "SE", "type": "mobile", "capabilities": ["voice", "sms"]}, 5),
    ],
)
def test_selectors(run: Runner, row: Row, selector: dict[str, Any], count: int) -> None:
    assert len(done(run("available_number_info", **selector))["offers"]) == count


@pytest.mark.parametrize("digit", ["5", "8"])
def test_one_digit_is_searched(run: Runner, row: Row, digit: str) -> None:
    offers = done(run("available_number_info", country="SE", contains=digit))["offers"]
    assert offers and all(digit in offer["number"] for offer in offers)


def test_a_price_is_that_of_the_type(run: Runner, row: Row) -> None:
    offers = done(run("available_number_info", country="NL"))["offers"]
    assert {(offer["monthly_price"], offer["due_now"]) for offer in offers} == {(None, None)}
    (offer, *_more) = done(run("available_number_info", country="US", type="tollfree"))["offers"]
    prices = {key: offer[key] for key in ("setup_price", "monthly_price", "due_now", "currency")}
    assert prices == {"setup_price": "0", "monthly_price": "2.15", "due_now": "2.15", "currency": "USD"}


def test_requirements_are_what_the_offer_says(run: Runner, row: Row) -> None:
    def told(country: str) -> set[tuple[str, ...]]:
        return {tuple(offer["requirements"]) for offer in run("available_number_info", country=country)["offers"]}

    assert told("GB") == {("address",), ("local_address",), ()}
    assert told("FR") == {("foreign_address",)}


# -- windows -----------------------------------------------------------------------------------------------------------


def test_sixty_numbers_of_an_area_code_where_a_search_shows_thirty(run: Runner, row: Row, sandbox: Sandbox) -> None:
    assert len(done(run("available_number_info", **NEW_ORLEANS))["offers"]) == 30
    bought = done(run("number_purchase", **NEW_ORLEANS, count=60, deadline=120))
    assert len(bought["numbers"]) == 60 == len(sandbox.state(row)["owned"])
    assert sandbox.state(row)["spent"]["monthly"] == "69.00"
    assert not done(run("number_purchase", **NEW_ORLEANS, count=60))["changed"]


def test_more_than_there_are_buys_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    run.fails("out_of_stock", "number_purchase", **NEW_ORLEANS, count=61)
    assert not writes(sandbox)


def test_many_named_numbers_share_their_searches(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = [f"+150455501{place:02d}" for place in range(40)]
    sandbox.log()
    assert len(done(run("number_purchase", numbers=names, check=True, deadline=60))["purchased"]) == 40
    searches = [entry for entry in sandbox.log() if "/AvailablePhoneNumbers/" in entry["path"]]
    assert len(searches) < 12


@pytest.mark.parametrize("odd", [{"wrong": 1}, [], 5, None])
def test_a_row_of_a_look_up_that_cannot_be_read_is_no_traceback(
    run: Runner, row: Row, sandbox: Sandbox, odd: Any
) -> None:
    match = {"provider": row.provider, "path": "AvailablePhoneNumbers"}
    sandbox.faults({"kind": "body", "merge_items": {"phone_number": odd}, "match": match})
    assert run("number_purchase", numbers=["+15045550100", "+15045550101"])["failed"] and not writes(sandbox)


# -- purchases ---------------------------------------------------------------------------------------------------------


def test_an_owned_number_is_never_bought_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The vendor takes such a purchase for an update: nothing of the task may land on the number."""
    own(sandbox, row, "+15045550100", offer="+15045550100", configuration={"voice_url": URL})
    sandbox.faults({"kind": "lag", "reads": 1000, "match": {"provider": row.provider}})
    run("number_purchase", numbers=["+15045550100"], application=SUPPORT)
    assert not writes(sandbox)
    (item,) = sandbox.state(row)["owned"]
    assert (item["configuration"], item["applications"]) == ({"voice_url": URL}, {})


@pytest.mark.parametrize(
    ("wish", "linked", "calls"),
    [
        ({"application": SUPPORT}, {"voice": SUPPORT, "sms": SUPPORT}, 1),
        ({"application": SUPPORT, "capability": "voice"}, {"voice": SUPPORT}, 1),
        ({"application": TRUNK}, {"voice": TRUNK}, 1),
        ({"application": ALERTS}, {"sms": ALERTS}, 2),
        ({"application_name": "Sales"}, {"voice": SALES, "sms": SALES}, 1),
        ({"application_name": "Office trunk"}, {"voice": TRUNK}, 1),
        ({"applications": {"voice": TRUNK, "sms": {"name": "Marketing"}}}, {"voice": TRUNK, "sms": MARKETING}, 2),
        ({"applications": {"voice": SUPPORT, "sms": SALES}}, {"voice": SUPPORT, "sms": SALES}, 1),
    ],
)
def test_a_purchase_links_to_each_kind(
    run: Runner, row: Row, sandbox: Sandbox, wish: dict[str, Any], linked: dict[str, str], calls: int
) -> None:
    sandbox.log()
    bought = done(run("number_purchase", **NEW_ORLEANS, count=2, **wish))
    assert [number["applications"] for number in bought["numbers"]] == [linked] * 2
    assert list(links(sandbox, row).values()) == [linked] * 2
    assert len(writes(sandbox)) == 2 * calls
    assert not done(run("number_purchase", **NEW_ORLEANS, count=2, **wish))["changed"]
    assert not writes(sandbox)


def test_a_number_that_a_url_answers_is_not_free(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, "+15045550900", configuration={"voice_url": URL})
    result = done(run("number_purchase", **NEW_ORLEANS, count=1, application=SUPPORT))
    assert [number["number"] for number in result["numbers"]] == ["+15045550100"]
    assert links(sandbox, row) == {"+15045550900": {}, "+15045550100": {"voice": SUPPORT, "sms": SUPPORT}}
    assert any("+15045550900" in warning for warning in result["warnings"]), result["warnings"]
    (shown,) = done(run("number_info", numbers=["+15045550900"]))["numbers"]
    assert shown["links"] == [{"capability": "voice", "kind": "url", "id": URL, "status": "linked"}]


def test_the_vendors_demo_address_is_no_link(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.reset({"twilio": {"settings": {"demo_urls": True}}})
    (number,) = run.buy(1)
    assert number["raw"]["voice_url"].startswith("https://demo.twilio.com/") and number["links"] == []
    assert done(run("number_purchase", **row.where, count=1, application=SUPPORT))["purchased"] == []


@pytest.mark.parametrize("service", [ALERTS, MARKETING])
def test_a_number_in_a_messaging_service_is_not_free(run: Runner, row: Row, sandbox: Sandbox, service: str) -> None:
    own(sandbox, row, "+15045550900", applications={"sms": service})
    result = done(run("number_purchase", **NEW_ORLEANS, count=1, application=ALERTS))
    assert bool(result["purchased"]) == (service != ALERTS)


def test_a_member_of_a_service_that_cannot_be_read_may_be_any_number(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, "+15045550900", applications={"sms": ALERTS})
    own(sandbox, row, "+15045550901")
    own(sandbox, row, "+12125550900", capabilities=["voice"])
    match = {"provider": row.provider, "path": "/v1/Services/.*/PhoneNumbers"}
    sandbox.faults({"kind": "body", "merge_items": {"sid": None}, "match": match})
    shown = done(run("number_info"))
    assert [number["links"] for number in shown["numbers"]] == [[], None, None] and shown["warnings"]
    run.fails("conflict", "number_release", numbers=["+15045550901"])
    assert not writes(sandbox)


# -- papers ------------------------------------------------------------------------------------------------------------


def test_the_cheapest_offers_that_need_no_papers_are_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    result = done(run("number_purchase", country="GB", count=2))
    assert {(number["type"], number["country"]) for number in result["purchased"]} <= {
        ("mobile", "GB"),
        ("mobile", None),
    }
    (warning,) = [warning for warning in result["warnings"] if "address" in warning]
    assert "10" in warning


def test_with_papers_the_cheapest_are_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    result = done(run("number_purchase", country="GB", count=8, regulatory={"address": LONDON}))
    assert {number["type"] for number in result["purchased"]} == {"local"}
    assert {item["configuration"]["address_sid"] for item in sandbox.state(row)["owned"]} == {LONDON}


def test_what_was_filed_stands_in_no_result_and_no_journal(run: Runner, row: Row) -> None:
    result = run("number_purchase", country="GB", count=2, regulatory={"address": LONDON})
    assert result["purchased"][0]["raw"]["address_sid"] and LONDON not in repr(result)
    (path,) = Path(run.common["journal"]).glob("*.jsonl")
    assert path.read_text() and LONDON not in path.read_text()


def test_a_named_number_that_needs_papers_is_refused_before_it_is_bought(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    run.fails("regulatory", "number_purchase", numbers=["+442079460100"])
    assert not writes(sandbox)
    done(run("number_purchase", numbers=["+442079460100"], regulatory={"address": ORLEANS}))


def test_a_missing_bundle_strikes_the_country_and_type(run: Runner, row: Row, sandbox: Sandbox) -> None:
    result = run.fails("regulatory", "number_purchase", country="DE", type="local", count=2)
    assert result["failure"]["provider_code"] == "21649" and len(writes(sandbox)) == 1
    result = done(run("number_purchase", country="DE", count=2))
    assert {number["type"] for number in result["purchased"]} == {"mobile"} and len(writes(sandbox)) == 3


@pytest.mark.parametrize(("bundle", "bought"), [(BERLIN, 2), (IN_REVIEW, 0)])
def test_a_bundle_must_be_approved(run: Runner, row: Row, sandbox: Sandbox, bundle: str, bought: int) -> None:
    result = run("number_purchase", country="DE", type="local", count=2, regulatory={"bundle": bundle})
    assert len(sandbox.state(row)["owned"]) == bought and bool(result.get("failed")) == (not bought)


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [{}, {"voice": SALES, "sms": SALES}, {"voice": TRUNK, "sms": MARKETING}])
@pytest.mark.parametrize(
    ("wish", "linked"),
    [
        ({"application": SUPPORT}, {"voice": SUPPORT, "sms": SUPPORT}),
        ({"application": TRUNK}, {"voice": TRUNK}),
        ({"application": ALERTS}, {"sms": ALERTS}),
    ],
)
def test_assignment_of_each_kind(
    run: Runner, row: Row, sandbox: Sandbox, wish: dict[str, str], linked: dict[str, str], held: dict[str, str]
) -> None:
    number = "+15045550900"
    own(sandbox, row, number, applications=held)
    task = {"numbers": [number], **wish}
    elsewhere = any(held.get(capability) not in (None, sid) for capability, sid in linked.items())
    sandbox.log()
    if elsewhere:
        run.fails("conflict", "number_assignment", **task)
        assert not writes(sandbox)
    predicted = done(run("number_assignment", **task, force=True, check=True))
    assert not writes(sandbox)
    result = done(run("number_assignment", **task, force=True))
    assert result["numbers"][0]["applications"] == predicted["numbers"][0]["applications"]
    assert {key: links(sandbox, row)[number].get(key) for key in linked} == linked
    sandbox.log()
    assert not done(run("number_assignment", **task))["changed"] and not writes(sandbox)
    done(run("number_assignment", **task, state="absent"))
    assert not {*linked.values()} & {*links(sandbox, row)[number].values()}
    sandbox.log()
    assert not done(run("number_assignment", **task, state="absent"))["changed"] and not writes(sandbox)


FAULTS = [
    {"kind": "reset", "when": "after"},
    {"kind": "reset", "when": "before"},
    {"kind": "status", "status": 503, "when": "after"},
    {"kind": "status", "status": 403, "body": "<html>Forbidden</html>", "when": "after"},
    {"kind": "status", "status": 404, "body": None, "when": "after"},
    {"kind": "truncate"},
    {"kind": "silence", "when": "after"},
    {"kind": "silence", "when": "before"},
]
STEPS = {
    "buy": ("POST", r"IncomingPhoneNumbers\.json$"),
    "update": ("POST", "IncomingPhoneNumbers/PN"),
    "join": ("POST", "Services/"),
    "leave": ("DELETE", "Services/"),
    "release": ("DELETE", "IncomingPhoneNumbers/PN"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, list(fault.values())[:3])))
def test_a_lost_answer_at_any_step_does_everything_once(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any], step: str
) -> None:
    """Buy for a trunk and a service, rename, move to another service, release: a second run ends there, too."""
    method, path = STEPS[step]
    sandbox.faults({**fault, "count": 1, "match": {"provider": row.provider, "method": method, "path": path}})
    run.common["timeout"] = 0.8
    wish = {**NEW_ORLEANS, "count": 1, "applications": {"voice": TRUNK, "sms": ALERTS}}
    if run("number_purchase", **wish).get("failed"):
        done(run("number_purchase", **wish))
    ((number, linked),) = links(sandbox, row).items()
    assert linked == {"voice": TRUNK, "sms": ALERTS} and sandbox.state(row)["spent"]["monthly"] == "1.15"
    for module, options in (
        ("number_configuration", {"friendly_name": "Desk"}),
        ("number_assignment", {"application": MARKETING, "force": True}),
    ):
        if run(module, numbers=[number], **options).get("failed"):
            done(run(module, numbers=[number], **options))
    (item,) = sandbox.state(row)["owned"]
    assert item["applications"] == {"voice": TRUNK, "sms": MARKETING}
    assert item["configuration"]["friendly_name"] == "Desk"
    if run("number_release", numbers=[number], force=True).get("failed"):
        done(run("number_release", numbers=[number], force=True))
    assert sandbox.state(row)["owned"] == [] and sandbox.state(row)["spent"]["monthly"] == "1.15"


# -- settings ----------------------------------------------------------------------------------------------------------


def test_null_and_empty_text_clear(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = run.buy(1)
    task = {"numbers": [number["number"]]}
    settings = {"friendly_name": "Desk", "voice_url": URL, "status_callback_url": URL}
    assert done(run("number_configuration", **task, **settings))["changed"]
    cleared = {"friendly_name": None, "voice_url": "", "status_callback_url": None}
    sandbox.log()
    assert done(run("number_configuration", **task, **cleared))["changed"]
    (sent,) = writes(sandbox)
    assert sorted(sent["body"].split("&")) == ["FriendlyName=", "StatusCallback=", "VoiceUrl="]
    assert not done(run("number_configuration", **task, **cleared))["changed"] and not writes(sandbox)


def test_every_field_of_a_number_is_set_and_cleared(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, "+15045550900", configuration={"sms_url": URL})
    fields = {
        "sms_fallback_url": URL,
        "sms_fallback_method": "GET",
        "caller_id_lookup": True,
        "voice_receive_mode": "fax",
        "emergency_status": "Inactive",
        "emergency_address": ORLEANS,
        "address": LONDON,
        "bundle": BERLIN,
        "identity": f"RI{1:032d}",
    }
    task = {"numbers": ["+15045550900"]}
    result = done(run("number_configuration", **task, provider_settings=fields))
    assert result["changed"] and result["numbers"][0]["configuration"]["provider_settings"] == fields
    sandbox.log()
    assert not done(run("number_configuration", **task, provider_settings=fields))["changed"] and not writes(sandbox)
    run.fails("conflict", "number_release", **task, force=True)
    cleared = dict.fromkeys(("sms_fallback_url", "emergency_address", "address", "bundle", "identity"))
    found = done(run("number_configuration", **task, provider_settings=cleared))["numbers"][0]["configuration"]
    assert found["provider_settings"] == {**fields, **cleared} and found["sms_url"] == URL
    run.fails("unsupported", "number_configuration", **task, provider_settings={"account": BRANCH})
    done(run("number_release", **task, force=True))


def test_an_emergency_address_holds_a_number(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, "+15045550900", configuration={"emergency_address_sid": ORLEANS})
    failed = run.fails("conflict", "number_release", numbers=["+15045550900"])
    assert "emergency_address" in failed["msg"] and not writes(sandbox)


# -- accounts ----------------------------------------------------------------------------------------------------------


def test_a_sub_account_opens_to_its_parents_token(run: Runner, row: Row, sandbox: Sandbox, tmp_path: Path) -> None:
    branch = {"account_id": BRANCH, "username": PARENT}
    assert done(run("account_info", **branch))["account"]["id"] == BRANCH
    bought = done(run("number_purchase", **NEW_ORLEANS, count=1, **branch, application_name="Branch"))
    assert bought["numbers"][0]["raw"]["account_sid"] == BRANCH
    assert done(run("number_info"))["numbers"] == []
    (number,) = done(run("number_info", **branch))["numbers"]
    assert number["applications"] == {"voice": f"AP{3:032d}", "sms": f"AP{3:032d}"}
    done(run("number_release", numbers=[number["number"]], force=True, **branch))


def test_a_parents_token_reads_the_services_of_the_sub_account(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The newer APIs act for whose credentials they get: the parent's services are none of the branch's."""
    accounts = [
        {"id": PARENT, "auth_token": "sandbox-twilio-auth-token", "applications": [ALERTS]},
        {"id": BRANCH, "auth_token": "branch-token-canary", "owner": PARENT, "applications": [MARKETING]},
    ]
    sandbox.reset({"twilio": {"accounts": accounts}})
    branch = {"account_id": BRANCH, "username": PARENT}
    bought = done(run("number_purchase", **NEW_ORLEANS, count=1, **branch, application=MARKETING))
    assert bought["numbers"][0]["applications"] == {"sms": MARKETING}
    assert "branch-token-canary" not in str(bought)
    listed = done(run("application_info", **branch))["applications"]
    assert [one["id"] for one in listed] == [MARKETING]


@pytest.mark.parametrize("key", ["main", "standard"])
def test_any_api_key_will_do(run: Runner, row: Row, sandbox: Sandbox, key: str) -> None:
    place, secret = {"main": (1, "sandbox-twilio-main-secret"), "standard": (2, "sandbox-twilio-api-secret")}[key]
    run.common.update(password=None, api_key=f"SK{place:032d}", api_secret=secret)
    assert done(run("account_info"))["account"]["id"] == PARENT
    (number,) = run.buy(1)
    done(run("number_release", numbers=[number["number"]]))


def test_the_vendors_test_credentials_are_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    test = {"account_id": TEST, "password": "sandbox-twilio-test-token"}
    assert "test credentials" in run.fails("forbidden", "number_info", **test)["msg"]


@pytest.mark.parametrize("account", ["AC1", "SK" + "0" * 32, "AC" + "g" * 32, "AC" + "0" * 33])
def test_an_account_is_named_by_its_sid(run: Runner, row: Row, sandbox: Sandbox, account: str) -> None:
    assert "account_id" in run.fails("invalid_option", "number_info", account_id=account)["msg"]
    assert not sandbox.log()


def test_applications_of_each_kind_are_listed(run: Runner, row: Row, sandbox: Sandbox) -> None:
    listed = done(run("application_info"))["applications"]
    assert [(one["kind"], one["name"]) for one in listed] == [
        ("application", "Sales"),
        ("application", "Support"),
        ("messaging_service", "Alerts"),
        ("messaging_service", "Marketing"),
        ("trunk", "Office trunk"),
    ]
    sandbox.log()
    assert (
        len(done(run("application_info", application_name="Sales", application_kind="application"))["applications"])
        == 1
    )
    assert len(sandbox.log()) == 1


@pytest.mark.parametrize("newer", [False, True])
def test_both_shapes_of_an_error_are_read(run: Runner, row: Row, sandbox: Sandbox, newer: bool) -> None:
    sandbox.reset({"twilio": {"settings": {"problem_details": newer}}})
    own(sandbox, row, "+15045550900")
    failed = run.fails("not_found", "number_assignment", numbers=["+15045550900"], application=f"MG{9:032d}")
    assert failed["failure"]["provider_code"] == "21701" and failed["failure"]["request_id"].startswith("RQ")
    assert failed["failure"]["http_status"] == 404
