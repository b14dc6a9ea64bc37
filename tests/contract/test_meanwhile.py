# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what somebody else does while a task runs is not undone by it, and what a task reports is what the provider
has.
"""

from __future__ import annotations

from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


def one_setting(row: Row) -> dict[str, Any]:
    """The setting whose call writes most."""
    return {"voice_url": row.settings["voice_url"]} if "voice_url" in row.settings else row.setting


def meanwhile(row: Row, method: str, change: dict[str, Any], skip: int = 0) -> dict[str, Any]:
    """Somebody changes the account just before a request."""
    return {
        "match": {"provider": row.provider, "method": method},
        "kind": "meanwhile",
        "account": row.account,
        "change": change,
        "skip": skip,
        "count": 1,
    }


def links(sandbox: Sandbox, row: Row) -> dict[str, dict[str, str]]:
    return {owned["number"]: owned["applications"] for owned in sandbox.state(row)["owned"]}


@pytest.fixture()
def names(run: Runner, row: Row, sandbox: Sandbox) -> list[str]:
    """Three owned numbers."""
    found = sorted(number["number"] for number in run.buy(3))
    sandbox.log()
    return found


@which.link
def test_what_somebody_links_between_two_calls_is_not_dropped(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    """Also where each call replaces the list of the application."""
    sandbox.faults(
        meanwhile(row, "PUT" if row.overwrites else row.writes, {"links": {names[2]: {"voice": row.application}}})
    )
    run("number_assignment", numbers=names[:2], application=row.application)
    assert links(sandbox, row)[names[2]] == {"voice": row.application}
    assert all(set(links(sandbox, row)[name].values()) == {row.application} for name in names[:2])


@which.link
def test_absent_leaves_a_number_that_somebody_moved_meanwhile(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    run("number_assignment", numbers=names, application=row.application)
    moved = dict.fromkeys(links(sandbox, row)[names[1]], row.other_application)
    sandbox.faults(*(meanwhile(row, method, {"links": {names[1]: moved}}) for method in ("DELETE", row.writes)))
    done = run("number_assignment", numbers=names[:2], application=row.application, state="absent", concurrency=1)
    assert done["changed"] and links(sandbox, row)[names[0]] == {}
    assert links(sandbox, row)[names[1]] == moved and links(sandbox, row)[names[2]]


@which.link
def test_a_number_that_somebody_linked_elsewhere_meanwhile_is_a_conflict(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    if not run.features.links_each:
        pytest.skip("one call links them all, right after the list was read")
    sandbox.faults(meanwhile(row, row.writes, {"links": {names[1]: {"voice": row.other_application}}}))
    failed = run.fails("conflict", "number_assignment", numbers=names[:2], application=row.application, concurrency=1)
    assert failed["failure"]["completed"]["linked"] == names[:1] and failed["changed"] and names[1] in failed["msg"]
    assert links(sandbox, row)[names[1]] == {"voice": row.other_application}


@which.configure_and_link
def test_a_configuration_sends_back_no_link_of_before(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    whole = dict.fromkeys(["sms", "voice"], row.application)
    sandbox.faults(meanwhile(row, row.writes, {"links": {names[1]: whole}}))
    assert run("number_configuration", numbers=names[:2], **one_setting(row), concurrency=1)["changed"]
    assert links(sandbox, row)[names[1]] == whole


@which.configure_and_link
def test_a_late_record_does_not_bring_an_old_link_back(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    sandbox.faults({"match": {"provider": row.provider, "method": "GET"}, "kind": "lag_changes", "reads": 1000})
    run("number_assignment", numbers=names[:1], application=row.application, settle_time=0.3)
    sandbox.faults(
        {"match": {"provider": row.provider, "method": "GET"}, "kind": "lag_changes", "seconds": 3600, "count": 1}
    )
    run("number_configuration", numbers=names[:1], **one_setting(row), settle_time=30)
    assert set(links(sandbox, row)[names[0]].values()) == {row.application}


@which.link
@pytest.mark.parametrize("whole", [False, True], ids=["rows that can be split", "rows with one application"])
def test_the_diff_is_what_the_provider_has_afterwards(run: Runner, row: Row, sandbox: Sandbox, whole: bool) -> None:
    if whole and not row.overwrites:
        pytest.skip("its records have an application for each capability, or one for the number")
    if whole:
        sandbox.reset({row.provider: {"settings": {"whole_rows": True}}})
    (number,) = run.buy(1)
    name, first, second = number["number"], row.application, row.other_application
    if run.features.links_whole and len(set(number["capabilities"]) & set(run.features.linked_capabilities)) > 1:
        pytest.skip("one capability alone is refused")
    for application, options in (
        (first, {}),
        (second, {"capability": "voice", "force": True}),
        (first, {"capability": "voice", "force": True}),
    ):
        had = run("number_info", numbers=[name])["numbers"][0]["applications"]
        predicted = run("number_assignment", numbers=[name], application=application, **options, check=True)
        done = run("number_assignment", numbers=[name], application=application, **options)
        has = run("number_info", numbers=[name])["numbers"][0]["applications"]
        assert (
            done["changed"]
            and done["diff"] == {"before": {name: had}, "after": {name: has}}
            and done["numbers"][0]["applications"] == has
        )
        assert has["voice"] == application
        foreseen = predicted["diff"]["after"][name] == has
        assert foreseen or (
            any(name in warning for warning in predicted["warnings"])
            and any("sms" in warning for warning in done["warnings"])
        )


# -- links that no capability shows ------------------------------------------------------------------------------------


@pytest.fixture()
def hidden(run: Runner, row: Row, sandbox: Sandbox) -> str:
    """An owned number that is linked, and that has no capability to be linked for."""
    name = "+46701740955"
    linked = {"mms": row.application, "voice": row.application}
    sandbox.change(
        row,
        own=[
            {
                "number": name,
                "country": "SE",
                "type": row.where.get("type"),
                "capabilities": ["mms"],
                "applications": linked,
            }
        ],
    )
    return name


@which.link
def test_a_link_that_no_capability_shows_is_a_link(run: Runner, row: Row, sandbox: Sandbox, hidden: str) -> None:
    assert [number["number"] for number in run("number_info", application=row.application)["numbers"]] == [hidden]
    bought = run(
        "number_purchase", country="SE", type=row.where.get("type"), count=1, application=row.other_application
    )
    assert hidden not in {number["number"] for number in bought["numbers"]} and set(
        links(sandbox, row)[hidden].values()
    ) == {row.application}
    if run.features.release:
        assert str(row.application) in run.fails("conflict", "number_release", numbers=[hidden])["msg"]
        assert hidden in links(sandbox, row)


@which.link
def test_a_link_that_no_capability_shows_can_be_dropped(run: Runner, row: Row, sandbox: Sandbox, hidden: str) -> None:
    run("number_assignment", numbers=[hidden], application=row.application, state="absent", check=True)
    done = run("number_assignment", numbers=[hidden], application=row.application, state="absent")
    assert done["changed"] and done["diff"]["before"] != done["diff"]["after"] == {hidden: {}}
    assert run("number_info", application=row.application)["numbers"] == []
    again = run("number_assignment", numbers=[hidden], application=row.application, state="absent")
    assert not again.get("failed") and again["changed"] is False, again


@which.link_release_and_may_be_mute
def test_links_that_the_record_does_not_show_count_as_links(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    names_of_links = (
        *("application", "configuration", "voice_application_sid", "sms_application_sid", "trunk_sid"),
        *("connection_id", "messaging_profile_id"),
    )
    silent = dict.fromkeys(names_of_links)  # such a patch takes the fields away
    sandbox.faults({"match": {"provider": row.provider, "method": "GET"}, "kind": "body", "merge_items": silent})
    run.fails("conflict", "number_release", numbers=names[:2])
    assert run("number_release", numbers=names[:2], force=True)["changed"] and set(links(sandbox, row)) == {names[2]}


# -- releases ----------------------------------------------------------------------------------------------------------

BELIEVED = [
    {"kind": "status", "status": 404},
    {"kind": "status", "status": 404, "body": "<html>no such page</html>"},
    {"kind": "status", "status": 200, "body": {"error": "try later", "status": 503}},
]


@which.release
@pytest.mark.parametrize("fault", BELIEVED, ids=["not found", "a gateway", "an error in a success"])
def test_a_release_is_what_the_list_says(run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    numbers = run.buy(2)
    match = {"provider": row.provider, "method": row.gives_back}
    sandbox.faults({"match": match, **fault, "when": "before"})
    run.fails("unknown_outcome", "number_release", numbers=numbers[:1])
    assert len(sandbox.state(row)["owned"]) == 2
    sandbox.faults({"match": match, **fault, "when": "after"})
    assert run("number_release", numbers=numbers[:1])["changed"] and len(sandbox.state(row)["owned"]) == 1


@which.release
def test_a_number_bought_again_while_it_is_released_stays(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The first DELETE is lost, and meanwhile somebody gives the number back and buys it anew."""
    (number,) = run.buy(1)
    anew = {
        "release": [number["number"]],
        "own": [{"number": number["number"], "country": "SE", "data": {"type": number["type"]}}],
    }
    sandbox.faults(
        {"match": {"provider": row.provider, "method": row.gives_back}, "kind": "reset", "when": "before", "count": 1},
        meanwhile(row, "GET", anew, skip=1),
    )
    sandbox.log()
    failed = run("number_release", numbers=[number])
    assert failed["failed"] and failed["failure"]["code"] in ("conflict", "unknown_outcome"), failed
    assert (
        sum(1 for entry in sandbox.log() if entry["method"] == row.gives_back) == 1
        and len(sandbox.state(row)["owned"]) == 1
    )


@which.order
def test_a_delivered_order_whose_number_is_given_back_counts_no_more(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Also when no purchase has looked in between."""
    sandbox.faults({"match": {"provider": row.provider, "method": "POST"}, "kind": "pending", "count": 1})
    assert run("number_purchase", **row.where, count=2)["orders"][0]["status"] == "pending"
    sandbox.change(row, fulfil=True)
    (given, kept) = (owned["number"] for owned in sandbox.state(row)["owned"])
    assert run("number_release", numbers=[given])["changed"]
    again = run("number_purchase", **row.where, count=2)
    assert len(again["purchased"]) == 1 and kept in {number["number"] for number in again["numbers"]}
    assert len(sandbox.state(row)["owned"]) == 2
