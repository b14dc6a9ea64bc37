# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what Telnyx alone has: a search before an order, our key beside the user's, papers, forwards, locks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contract_fixtures import Sandbox
from rows import ROWS, Row
from runner import Runner

pytestmark = pytest.mark.parametrize(
    "row", [row for row in ROWS if row.provider == "telnyx"], ids=lambda row: row.provider
)

SUPPORT, SALES = "1700000000000000001", "1700000000000000002"
ALERTS, MARKETING = (f"40000000-0000-4000-8000-00000000000{place}" for place in (1, 2))
BILLING, BERLIN, DECLINED = (f"40000000-0000-4000-8000-0000000000{word}" for word in ("b1", "a1", "a2"))
NEW_ORLEANS: dict[str, Any] = {"country": "US", "type": "local", "prefix": "504"}
GERMAN = {"country": "DE", "type": "local"}
FIRST = "+15045550100"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def on(method: str, path: str, **fault: Any) -> dict[str, Any]:
    """A fault of some requests."""
    return {"match": {"provider": "telnyx", "method": method, "path": path}, **fault}


def refused(code: str, status: int = 422) -> dict[str, Any]:
    """The vendor's own refusal."""
    return {"kind": "status", "status": status, "body": {"errors": [{"code": code, "title": "No", "detail": "no"}]}}


def own(sandbox: Sandbox, row: Row, *numbers: str, **facts: Any) -> None:
    """Let the account have owned numbers all along."""
    able = {"country": "US", "type": "local", "capabilities": ["voice", "sms"]}
    sandbox.change(row, own=[{**able, "number": number, **facts} for number in numbers])


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The requests since the last call that change something."""
    return [entry for entry in sandbox.log() if entry["mutating"]]


def done(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def only(result: dict[str, Any]) -> dict[str, Any]:
    """The one number of a result."""
    (number,) = done(result)["numbers"]
    return dict(number)


# -- search ------------------------------------------------------------------------------------------------------------


def test_every_filter_has_brackets_and_every_row_is_looked_at_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A filter that the vendor does not know is ignored: a row of another area must not be bought."""
    odd = {"phone_number": "+12125550199", "region_information": []}
    sandbox.faults(on("GET", "available_phone_numbers", kind="body", merge_items=odd, item=0))
    offers = done(run("available_number_info", **NEW_ORLEANS, city="New Orleans"))["offers"]
    assert offers and all(offer["number"].startswith("+1504") for offer in offers)
    (sent,) = (entry["query"] for entry in sandbox.log() if entry["path"].endswith("available_phone_numbers"))
    assert all(name.startswith("filter[") for name in sent) and sent["filter[best_effort]"] == "false"
    assert sent["filter[phone_number][starts_with]"] == "504" and sent["filter[exclude_held_numbers]"] == "true"


def test_what_does_not_match_the_search_is_never_offered(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on("GET", "available_phone_numbers", kind="body", merge_items={"best_effort": True}, item=0))
    numbers = [offer["number"] for offer in done(run("available_number_info", **NEW_ORLEANS))["offers"]]
    assert FIRST not in numbers and "+15045559999" not in numbers


def test_a_window_is_widened_by_last_digits(run: Runner, row: Row, sandbox: Sandbox) -> None:
    result = done(run("number_purchase", **NEW_ORLEANS, count=55, deadline=60))
    assert len(result["purchased"]) == 55 == len(sandbox.state(row)["owned"])
    assert sum(entry["mutating"] for entry in sandbox.log()) == 2


@pytest.mark.parametrize(("country", "kind"), [("JP", None), ("JP", "local"), ("GB", "tollfree")])
def test_what_a_country_lacks_is_nothing(run: Runner, row: Row, country: str, kind: str | None) -> None:
    assert done(run("available_number_info", country=country, type=kind))["offers"] == []


def test_types_and_papers_are_told_where_no_type_was_asked_for(run: Runner, row: Row, sandbox: Sandbox) -> None:
    offers = done(run("available_number_info", country="GB"))["offers"]
    found = {(offer["type"], tuple(offer["requirements"])) for offer in offers}
    assert found == {("local", ("address",)), ("mobile", ()), ("national", ())}
    assert len(sandbox.log()) == 2


def test_a_given_back_number_is_bought_by_its_name_alone(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """It is held for the account for a while: a purchase by count after a release wants others."""
    done(run("number_purchase", numbers=[FIRST]))
    done(run("number_release", numbers=[FIRST]))
    assert only(run("number_purchase", **NEW_ORLEANS, count=1))["number"] != FIRST
    assert only(run("number_purchase", numbers=[FIRST]))["number"] == FIRST


# -- orders ------------------------------------------------------------------------------------------------------------


def test_what_was_not_searched_for_is_searched_for_and_ordered_once_more(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(on("POST", "number_orders", count=1, **refused("85000")))
    sandbox.log()
    done(run("number_purchase", numbers=[FIRST]))
    entries = [(entry["method"], entry["query"], entry["body"]) for entry in sandbox.log()]
    first, again = (body for method, _query, body in entries if method == "POST")
    assert first == again and sum("5045550100" in str(query) for _method, query, _body in entries) == 4
    sandbox.faults(on("POST", "number_orders", **refused("85000")))
    run.fails("out_of_stock", "number_purchase", numbers=["+15045550101"])
    assert len(sandbox.state(row)["owned"]) == 1


def test_our_key_is_joined_to_the_users_reference(run: Runner, row: Row, sandbox: Sandbox) -> None:
    options = {"customer_reference": "Desk", "billing_group": BILLING}
    sandbox.faults(on("POST", "number_orders", kind="reset", when="after", count=1))
    sandbox.log()
    number = only(run("number_purchase", numbers=[FIRST], provider_options=options))
    (body,) = (entry["body"] for entry in writes(sandbox))
    assert re.fullmatch(f"Desk {UUID}", body["customer_reference"]) and body["billing_group_id"] == BILLING
    assert number["raw"]["billing_group_id"] == BILLING
    done(run("number_purchase", numbers=["+15045550101"]))
    (body,) = (entry["body"] for entry in writes(sandbox))
    assert re.fullmatch(UUID, body["customer_reference"])


def test_a_list_of_orders_that_ignores_our_key_proves_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A filter that the vendor does not know is ignored: our order may stand on another page."""
    other = {"id": "50000000-0000-4000-8000-000000000001", "customer_reference": "somebody else's"}
    listed = {"data": [other], "meta": {"page_number": 1, "page_size": 250, "total_pages": 1, "total_results": 1}}
    sandbox.log()
    sandbox.faults(
        on("POST", "number_orders$", kind="reset", when="before", count=1),
        on("GET", "number_orders$", kind="body", body=listed),
    )
    run.fails("unknown_outcome", "number_purchase", **NEW_ORLEANS, count=1)
    assert len(writes(sandbox)) == 1


def test_links_and_papers_are_in_the_order(run: Runner, row: Row, sandbox: Sandbox) -> None:
    links = {"voice": SUPPORT, "sms": ALERTS}
    number = only(run("number_purchase", numbers=[FIRST], applications=links))
    (body,) = (entry["body"] for entry in writes(sandbox))
    assert (body["connection_id"], body["messaging_profile_id"]) == (SUPPORT, ALERTS)
    assert number["applications"] == links


def test_a_purchase_needs_a_name_for_the_account(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.log()
    failed = run.fails("invalid_option", "number_purchase", numbers=[FIRST], account_id=None)
    assert "account_id" in failed["msg"] and "TELCO_NUMBERS_TELNYX_ACCOUNT_ID" in failed["msg"] and not sandbox.log()
    assert done(run("number_info", account_id=None))["numbers"] == []


def test_the_order_of_a_pending_number_is_cancelled_when_it_stands_alone(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.reset({"telnyx": {"settings": {"order_seconds": 600}}})
    first, second, third = (
        number["number"] for number in done(run("number_purchase", **NEW_ORLEANS, count=3))["numbers"]
    )
    refusal = run.fails("conflict", "number_release", numbers=[second])
    assert third in refusal["msg"]
    assert done(run("number_release", numbers=[first]))["changed"]
    assert [one["status"] for one in sandbox.state(row)["orders"]].count("cancelled") == 1
    assert {number["number"] for number in done(run("number_info"))["numbers"]} == {second, third}


# -- papers ------------------------------------------------------------------------------------------------------------


def test_papers_are_looked_at_before_an_order(run: Runner, row: Row, sandbox: Sandbox) -> None:
    failed = run.fails("regulatory", "number_purchase", **GERMAN, count=1)
    assert "requirement_group" in failed["msg"] and "documents" in failed["msg"] and not writes(sandbox)
    run.fails("regulatory", "number_purchase", numbers=["+493023125100"])
    assert not writes(sandbox)
    bought = only(run("number_purchase", **GERMAN, count=1, regulatory={"requirement_group": BERLIN}))
    (body,) = (entry["body"] for entry in writes(sandbox))
    assert body["phone_numbers"] == [{"phone_number": bought["number"], "requirement_group_id": BERLIN}]
    assert bought["status"] == "active"


def test_an_order_that_waits_for_papers_counts_and_is_told_in_every_run(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """The group was declined, which only the order finds out."""
    wish = {**GERMAN, "count": 1, "regulatory": {"requirement_group": DECLINED}}
    for first in (True, False):
        result = done(run("number_purchase", **wish))
        (order,) = result["orders"]
        assert result["changed"] is first and order["status"] == "needs_input"
        assert any("waits for papers" in warning for warning in result["warnings"])
        assert [number["status"] for number in result["numbers"]] == ["pending"]
    assert len(sandbox.state(row)["orders"]) == 1
    sandbox.change(row, reject=True)
    failed = run.fails("regulatory", "number_purchase", **wish)
    assert order["id"] in failed["msg"]
    assert len(sandbox.state(row)["orders"]) == 1
    number = only(run("number_purchase", **{**wish, "regulatory": {"requirement_group": BERLIN}}))
    assert number["status"] == "active" and len(sandbox.state(row)["orders"]) == 2


def test_an_order_is_in_review(run: Runner, row: Row, sandbox: Sandbox) -> None:
    name = "+15046660100"
    offer = {"number": name, "country": "US", "type": "local", "capabilities": ["voice"], "monthly_price": "1"}
    prices = {"setup_price": "1", "currency": "USD", "order": {"seconds": None, "end": "review"}}
    sandbox.reset({"telnyx": {"extend": True, "offers": [{**offer, **prices}]}})
    (order,) = done(run("number_purchase", numbers=[name]))["orders"]
    assert order["status"] == "in_review"


# -- records -----------------------------------------------------------------------------------------------------------


def test_voice_is_shown_nowhere(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, FIRST)
    assert only(run("number_info"))["capabilities"] == ["sms"]
    for module, options in (("number_info", {}), ("number_purchase", {"count": 1, "country": "US"})):
        failed = run.fails("unsupported", module, capabilities=["voice"], **options)
        assert "voice" in failed["msg"]
    linked = only(run("number_assignment", numbers=[FIRST], application=SUPPORT))
    assert linked["applications"] == {"voice": SUPPORT}
    assert only(run("number_purchase", **NEW_ORLEANS, count=1, application=SUPPORT))["number"] == FIRST


def test_a_free_number_is_taken_for_a_connection(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A connection serves voice alone, so to name it is to name that."""
    own(sandbox, row, FIRST)
    result = done(run("number_purchase", **NEW_ORLEANS, count=1, application=SUPPORT))
    assert result["linked"] == [FIRST] and not result["purchased"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("active", "active"),
        ("port-out-pending", "active"),
        ("port-pending", "pending"),
        ("requirement-info-under-review", "pending"),
        ("a-new-word", "pending"),
        ("emergency-only", "failed"),
        ("deleted", None),
        ("ported-out", None),
        ("purchase-failed", None),
        ("port-failed", None),
    ],
)
def test_each_status(run: Runner, row: Row, sandbox: Sandbox, word: str, status: str | None) -> None:
    own(sandbox, row, FIRST, configuration={"status": word})
    own(sandbox, row, "+15045550101")
    found = {number["number"]: number["status"] for number in done(run("number_info"))["numbers"]}
    assert found == {**({FIRST: status} if status else {}), "+15045550101": "active"}
    assert [one["status"] for one in done(run("number_info", numbers=[FIRST]))["numbers"]] == [status] * bool(status)


def test_digits_that_were_given_back_and_bought_again_stand_twice_on_the_list(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.reset({"telnyx": {"settings": {"lists_deleted": True}}})
    done(run("number_purchase", numbers=[FIRST, "+15045550101"]))
    done(run("number_release", numbers=[FIRST]))
    assert [number["number"] for number in done(run("number_info"))["numbers"]] == ["+15045550101"]
    assert done(run("number_release", numbers=[FIRST]))["changed"] is False


def test_a_number_is_found_among_those_that_contain_its_digits(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, "+46701740", "+46701740123", country="SE", type="mobile")
    assert only(run("number_info", numbers=[{"number": "+46701740"}]))["number"] == "+46701740"


@pytest.mark.parametrize(
    ("word", "number", "kind"),
    [("longcode", FIRST, "local"), ("longcode", "+46701740123", "mobile"), ("tollfree", "+18005550199", "tollfree")],
)
def test_old_words_for_types(run: Runner, row: Row, sandbox: Sandbox, word: str, number: str, kind: str) -> None:
    own(sandbox, row, number, type=word, country=None)
    assert only(run("number_info"))["type"] == kind


def test_the_secret_that_moves_a_number_away_is_not_shown(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, FIRST, configuration={"external_pin": "482915"})
    assert "482915" not in str(done(run("number_info"))) and "482915" not in str(run("number_info", numbers=[FIRST]))


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_profile_that_the_list_leaves_out_is_asked_for(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The fields come from another service: missing is not none."""
    own(sandbox, row, FIRST, applications={"sms": ALERTS})
    silent = {"messaging_profile_id": None, "messaging_profile_name": None}  # such a patch takes the fields away
    sandbox.faults(on("GET", "/v2/phone_numbers$", kind="body", merge_items=silent))
    assert only(run("number_info"))["applications"] == {"sms": ALERTS}
    sandbox.faults(on("GET", "/v2/phone_numbers", kind="body", merge_items=silent))
    assert only(run("number_info"))["links"] is None
    run.fails("conflict", "number_release", numbers=[FIRST, "+15045550101"])


def test_each_link_has_its_own_path(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, FIRST)
    sandbox.log()
    number = only(run("number_assignment", numbers=[FIRST], applications={"voice": SUPPORT, "sms": MARKETING}))
    assert number["applications"] == {"voice": SUPPORT, "sms": MARKETING}
    told = {entry["path"].rpartition("/")[2]: entry["body"] for entry in writes(sandbox)}
    assert told["messaging"] == {"messaging_profile_id": MARKETING} and {"connection_id": SUPPORT} in told.values()
    gone = only(run("number_assignment", numbers=[FIRST], application=MARKETING, state="absent"))
    assert gone["applications"] == {"voice": SUPPORT}


def test_a_forward_of_all_calls_is_a_link(run: Runner, row: Row, sandbox: Sandbox) -> None:
    forward = {"call_forwarding_enabled": True, "forwards_to": "+12125550199", "forwarding_type": "always"}
    own(sandbox, row, FIRST, applications={"voice": SALES}, configuration={"voice": {"call_forwarding": forward}})
    (link,) = only(run("number_info"))["links"]
    assert (link["capability"], link["kind"], link["id"]) == ("voice", "url", "+12125550199")
    run.fails("conflict", "number_assignment", numbers=[FIRST], application=SUPPORT)
    run.fails("conflict", "number_release", numbers=[FIRST])
    forced = only(run("number_assignment", numbers=[FIRST], application=SUPPORT, force=True))
    assert forced["applications"] == {"voice": SUPPORT}
    assert only(run("number_info"))["links"] == forced["links"]
    later = {**forward, "forwarding_type": "on-failure"}
    sandbox.change(row, alter=[{"number": FIRST, "configuration": {"voice": {"call_forwarding": later}}}])
    assert only(run("number_info"))["applications"] == {"voice": SUPPORT}


def test_a_secret_of_a_profile_is_in_no_message(run: Runner, row: Row, sandbox: Sandbox) -> None:
    found = done(run("application_info"))
    assert {one["kind"] for one in found["applications"]} == {"connection", "messaging_profile"}
    sandbox.faults(on("GET", "messaging_profiles", kind="body", merge={"meta": 7}))
    failed = run.fails("provider_error", "application_info")
    assert "v1-secret" not in str(found) + str(failed)


# -- settings ----------------------------------------------------------------------------------------------------------


def test_settings_that_are_nested_are_written_whole(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, FIRST)
    cnam = {"cnam_listing_enabled": True, "cnam_listing_details": "EXAMPLE"}
    wish = {**cnam, "customer_reference": "Desk", "forwards_to": "+12125550199", "tech_prefix_enabled": True}
    number = only(run("number_configuration", numbers=[FIRST], provider_settings=wish, tags=["b", "a"]))
    assert wish.items() <= number["configuration"]["provider_settings"].items() and number["tags"] == ["a", "b"]
    changed = {"cnam_listing_details": "OTHER", "call_forwarding_enabled": True}
    number = only(run("number_configuration", numbers=[FIRST], provider_settings=changed))
    assert {**wish, **changed}.items() <= number["configuration"]["provider_settings"].items()
    sandbox.log()
    assert run("number_configuration", numbers=[FIRST], provider_settings=changed)["changed"] is False
    assert not writes(sandbox)
    cleared = only(run("number_configuration", numbers=[FIRST], provider_settings={"customer_reference": ""}, tags=[]))
    assert cleared["configuration"]["provider_settings"]["customer_reference"] is None and not cleared["tags"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ({"friendly_name": "Desk"}, "unsupported", "tags.*customer_reference"),
        ({"tags": ["a:b"]}, "invalid_option", "colon"),
        ({"provider_settings": {"hd_voice_enabled": None}}, "invalid_option", "always has a value"),
        ({"provider_settings": {"cnam_listing_details": "Größe"}}, "invalid_option", "at most 15"),
        (
            {"provider_settings": {"cnam_listing_enabled": True, "cnam_listing_details": None}},
            "invalid_option",
            "give both",
        ),
        ({"provider_settings": {"inbound_call_screening": "no"}}, "invalid_option", "reject_calls"),
    ],
    ids=str,
)
def test_settings_that_no_number_takes(
    run: Runner, row: Row, sandbox: Sandbox, options: dict[str, Any], code: str, said: str
) -> None:
    sandbox.log()
    failed = run.fails(code, "number_configuration", numbers=[FIRST], **options)
    assert re.search(said, failed["msg"]) and not sandbox.log()


def test_a_deletion_lock_is_respected_and_named(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, FIRST, configuration={"deletion_lock_enabled": True})
    failed = run.fails("conflict", "number_release", numbers=[FIRST], force=True)
    assert "deletion lock" in failed["msg"] and not writes(sandbox)


# -- access ------------------------------------------------------------------------------------------------------------


def test_a_client_gets_a_token(run: Runner, row: Row, sandbox: Sandbox) -> None:
    client = {"api_key": "sandbox-telnyx-client", "api_secret": "sandbox-telnyx-secret"}
    sandbox.log()
    done(run("number_purchase", numbers=[FIRST], **client))
    assert sum(entry["path"] == "/v2/oauth/token" for entry in sandbox.log()) == 1
    run.fails(
        "authentication_failed", "number_info", api_key="sandbox-telnyx-client", api_secret="sandbox-wrong-secret"
    )


def test_variables_of_the_vendors_tools(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The address ends with the version there; a key goes before a client, whose secret may be set, too."""
    env = {
        "TELNYX_API_KEY": row.credentials["api_key"],
        "TELNYX_CLIENT_ID": "somebody",
        "TELNYX_CLIENT_SECRET": "sandbox-telnyx-secret",
        "TELNYX_BASE_URL": f"{run.common['api_url']}/v2",
    }
    done(run("account_info", env=env, api_key=None, api_url=None))
    assert [entry["path"] for entry in sandbox.log()] == ["/v2/phone_numbers"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("10015", "bad"), ("20100", "no money")], "insufficient_credit"),
        ([("99999", "new"), ("10038", "level")], "account_setup"),
        ([("10039", "level")], "account_setup"),
        ([("20202", "address")], "regulatory"),
        ([("85004", "connection")], "invalid_option"),
    ],
)
def test_refusals_of_an_order(
    run: Runner, row: Row, sandbox: Sandbox, entries: list[tuple[str, str]], code: str
) -> None:
    body = {"errors": [{"code": number, "title": "No", "detail": words} for number, words in entries]}
    sandbox.faults(on("POST", "number_orders", kind="status", status=422, body=body, when="before"))
    run.fails(code, "number_purchase", numbers=[FIRST])
    assert sum(entry["mutating"] for entry in sandbox.log()) == 1


def test_an_error_that_leaves_things_open_is_no_refusal(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Whatever stands beside it."""
    body = {"errors": [{"code": "10015", "detail": "bad"}, {"code": "10007", "detail": "unexpected"}]}
    sandbox.faults(on("POST", "number_orders", kind="status", status=422, body=body, when="after", count=1))
    assert only(run("number_purchase", numbers=[FIRST]))["status"] == "active"
    assert len(sandbox.state(row)["orders"]) == 1
