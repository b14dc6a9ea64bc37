# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: an answer that is lost is settled by reading, and never by buying again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

# The call that charges, at each kind of purchase.
CHARGES = {
    "number": ("POST", r"numbers|ActiveNumbers|IncomingPhoneNumbers\.json|number_orders$|/orders$"),
    "group": ("POST", "AvailableNumberGroup"),
    "reservation": ("POST", "shop"),
}

AMBIGUOUS = [
    {"kind": "reset", "when": "after"},
    {"kind": "truncate"},
    {"kind": "not_json"},
    {"kind": "empty"},
    {"kind": "status", "status": 503, "when": "after"},
    {"kind": "redirect", "to": "same", "when": "after"},
]


def on_charge(run: Runner, row: Row, **fault: Any) -> dict[str, Any]:
    method, path = CHARGES[run.features.purchase]
    return {"match": {"provider": row.provider, "method": method, "path": path}, **fault}


@pytest.mark.parametrize("fault", AMBIGUOUS, ids=lambda fault: fault["kind"])
def test_a_purchase_whose_answer_is_lost_is_found_in_the_list(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sandbox.faults(on_charge(run, row, count=1, **fault))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2, result
    assert len(sandbox.state(row)["owned"]) == 2


@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset", "when": "before"}, {"kind": "status", "status": 500, "when": "before"}],
    ids=lambda fault: fault["kind"],
)
def test_a_purchase_that_never_arrived_is_repeated_only_where_that_is_safe(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    sandbox.faults(on_charge(run, row, count=1, **fault))
    result = run("number_purchase", **row.where, count=2)
    if run.features.purchase == "group":
        assert result["failure"]["code"] == "unknown_outcome" and not sandbox.state(row)["owned"]
        (order,) = result["failure"]["completed"]["orders"]
        again = run.fails("unknown_outcome", "number_purchase", **row.where, count=2)
        assert order["id"] in again["msg"] and not sandbox.state(row)["owned"]
        result = run("number_purchase", **row.where, count=2, close_orders=[order["id"]])
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"])


def test_a_list_that_lags_less_than_the_settle_time(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(
        on_charge(run, row, kind="reset", when="after", count=1),
        {"match": {"provider": row.provider}, "kind": "lag", "reads": 1},
    )
    result = run("number_purchase", **row.where, count=2, settle_time=10)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"])


def test_a_list_that_lags_longer_never_leads_to_a_second_purchase(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults({"match": {"provider": row.provider}, "kind": "lag", "reads": 1000})
    first = run("number_purchase", **row.where, count=2)
    assert first["changed"] and first["warnings"] and len(sandbox.state(row)["owned"]) == 2
    second = run("number_purchase", **row.where, count=2)
    assert not second["purchased"] and len(sandbox.state(row)["owned"]) == 2
    sandbox.faults()
    third = run("number_purchase", **row.where, count=2)
    assert third["changed"] is False and len(third["numbers"]) == 2


@which.sell_by_number
@pytest.mark.parametrize("journal", ["none", None])
def test_a_failed_purchase_keeps_the_account_until_the_list_shows_what_it_bought(
    run: Runner, row: Row, sandbox: Sandbox, journal: str | None
) -> None:
    """The next task counts on the list, so that one may not begin while the list lags."""
    refusal = {
        "match": {"provider": row.provider, "method": "POST"},
        "kind": "status",
        "status": 400,
        "skip": 1,
        "count": 1,
    }
    sandbox.faults({"match": {"provider": row.provider}, "kind": "lag", "reads": 2}, refusal)
    options = {} if journal is None else {"journal": journal}
    failed = run.fails(
        "provider_error", "number_purchase", **row.where, count=2, settle_time=10, concurrency=1, **options
    )
    assert len(failed["failure"]["completed"]["purchased"]) == 1 == len(sandbox.state(row)["owned"])
    second = run("number_purchase", **row.where, count=2, settle_time=10, **options)
    assert len(second["purchased"]) == 1 and len(sandbox.state(row)["owned"]) == 2


def bought_late(run: Runner, row: Row, sandbox: Sandbox) -> str:
    """A number without links that the list hides until the purchase after this one has counted; it can be got by
    itself.
    """
    sandbox.faults({"match": {"provider": row.provider, "path": row.owned_list}, "kind": "lag", "reads": 2})
    (number,) = run("number_purchase", **row.where, count=1, settle_time=0.000001)["purchased"]
    return str(number["number"])


@which.configure_link_and_get
def test_a_number_that_the_list_shows_late_keeps_its_settings_when_it_is_linked(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    name = bought_late(run, row, sandbox)
    made = run("number_configuration", numbers=[name], **row.plain_settings)
    assert made["changed"], made
    result = run("number_purchase", **row.where, count=2, application=row.application)
    assert not result.get("failed") and name in {number["number"] for number in result["numbers"]}, result
    assert run("number_configuration", numbers=[name], **row.plain_settings)["changed"] is False
    assert run("number_assignment", numbers=[name], application=row.application)["changed"] is False


@which.configure_and_link
def test_a_list_that_tells_less_after_a_purchase_still_has_every_number_linked(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    (free,) = run.buy(1)
    untold = dict.fromkeys(("capabilities", "voice_enabled", "sms_enabled", "mms_enabled"))
    sandbox.faults(
        {
            "match": {"provider": row.provider, "method": "GET", "path": row.owned_list},
            "kind": "body",
            "merge_items": untold,
            "skip": 1,
        }
    )
    assert run("number_purchase", **row.where, count=2, application=row.application)["changed"]
    sandbox.faults()
    assert run("number_assignment", numbers=[free["number"]], application=row.application)["changed"] is False


@which.configure_link_and_get
def test_a_number_that_was_linked_elsewhere_before_the_list_showed_it_stays_there(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    name = bought_late(run, row, sandbox)
    assert run("number_assignment", numbers=[name], application=row.other_application)["changed"]
    failed = run.fails("conflict", "number_purchase", **row.where, count=2, application=row.application)
    assert name in failed["msg"] and failed["failure"]["completed"]["purchased"]
    assert run("number_assignment", numbers=[name], application=row.other_application)["changed"] is False


@which.reserve
def test_an_expired_reservation_buys_nothing_and_says_so(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="expire_reservation", count=1))
    run.fails("reservation_expired", "number_purchase", **row.where, count=2)
    assert not sandbox.state(row)["owned"]
    assert run("number_purchase", **row.where, count=2)["changed"]


@which.reserve
def test_a_lost_reservation_is_repeated_once_and_reported(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults({"match": {"provider": row.provider, "method": "PUT"}, "kind": "reset", "when": "after", "count": 1})
    result = run("number_purchase", **row.where, count=2)
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and result["warnings"]


@which.order
def test_a_pending_order_counts_until_it_is_fulfilled(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    first = run("number_purchase", **row.where, count=2)
    assert first["changed"] and not first["numbers"] and first["orders"][0]["status"] == "pending"
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2)
    assert done["changed"] is False and len(done["numbers"]) == 2 and not done["orders"]
    assert len(sandbox.state(row)["owned"]) == 2


@which.order
def test_wait_polls_until_the_order_is_fulfilled(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1, fulfil_after_reads=2))
    result = run("number_purchase", **row.where, count=2, wait=True, wait_timeout=20)
    assert len(result["numbers"]) == 2 and result["orders"][0]["status"] == "fulfilled"


@which.order
def test_waiting_ends_and_the_order_still_counts(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    result = run.fails("deadline_exceeded", "number_purchase", **row.where, count=2, wait=True, wait_timeout=1)
    assert result["changed"] and result["failure"]["completed"]["orders"][0]["status"] == "pending"
    assert run("number_purchase", **row.where, count=2)["changed"] is False


def lagging(row: Row, **how: Any) -> dict[str, Any]:
    """The list of owned numbers does not show what was bought."""
    match = {"provider": row.provider, "method": "GET", "path": row.owned_list}
    return {"match": match, "kind": "lag", "seconds": 3600, **how}


def test_an_order_that_is_closed_while_the_list_is_late_is_not_bought_again(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """The user has seen that it came; the list has not shown it yet."""
    sandbox.faults(on_charge(run, row, kind="reset", when="after", count=1), lagging(row))
    first = run("number_purchase", **row.where, count=1, settle_time=0)
    (order,) = (first["failure"]["completed"] if first.get("failed") else first)["orders"]
    sandbox.faults(lagging(row))
    closing = {**row.where, "count": 1, "close_orders": [order["id"]], "settle_time": 30}
    run.fails("deadline_exceeded", "number_purchase", **closing, deadline=1)
    sandbox.faults(lagging(row, count=2))
    done = run("number_purchase", **closing)
    assert not done.get("failed") and done["purchased"] == [] and len(done["numbers"]) == 1, done
    assert len(sandbox.state(row)["owned"]) == 1


@which.order
def test_a_pending_order_that_is_closed_right_after_it_came_is_not_bought_again(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    (order,) = run("number_purchase", **row.where, count=2)["orders"]
    sandbox.change(row, fulfil=True)
    sandbox.faults(lagging(row, count=2))
    done = run("number_purchase", **row.where, count=2, close_orders=[order["id"]], settle_time=30)
    assert not done.get("failed") and done["purchased"] == [] and len(done["numbers"]) == 2, done
    assert len(sandbox.state(row)["owned"]) == 2


@which.order
def test_a_rejected_order_is_closed_by_its_id_alone(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    (order,) = run("number_purchase", **row.where, count=2)["orders"]
    sandbox.change(row, reject=True)
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    assert run("number_purchase", **row.where, count=2, close_orders=[order["id"]])["purchased"]
    assert len(sandbox.state(row)["owned"]) == 2


@which.link
def test_an_assignment_whose_answer_is_lost_is_read_back(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = run.buy(1)
    sandbox.faults(
        *(
            {"match": {"provider": row.provider, "method": method}, "kind": "reset", "when": "after", "count": 1}
            for method in ("PUT", "POST")
        )
    )
    result = run("number_assignment", numbers=[number], application=row.application)
    assert not result.get("failed") and result["changed"], result
    assert set(sandbox.state(row)["owned"][0]["applications"].values()) == {row.application}


@which.release
def test_a_release_whose_answer_is_lost_is_read_back(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """One that did not arrive is repeated where the record tells that it is the same purchase still."""
    numbers = run.buy(2)
    for when in ("after", "before"):
        sandbox.faults(
            {"match": {"provider": row.provider, "method": row.gives_back}, "kind": "reset", "when": when, "count": 1}
        )
        number = numbers.pop()
        if when == "before" and load(row.provider).since_of(number["raw"]) is None:
            run.fails("unknown_outcome", "number_release", numbers=[number])
            assert len(sandbox.state(row)["owned"]) == 1
            continue
        assert run("number_release", numbers=[number])["changed"]
        assert len(sandbox.state(row)["owned"]) == len(numbers)


@which.release
def test_a_release_is_not_repeated_while_no_list_shows_the_number(run: Runner, row: Row, sandbox: Sandbox) -> None:
    numbers = run.buy(1)
    sandbox.log()
    unreadable = {"match": {"provider": row.provider, "method": "GET"}, "kind": "status", "status": 503}
    unreadable["skip"] = row.single or row.reading
    sandbox.faults(
        {"match": {"provider": row.provider, "method": row.gives_back}, "kind": "reset", "when": "after", "count": 1},
        unreadable,
    )
    run.fails("unknown_outcome", "number_release", numbers=numbers)
    assert [entry["method"] for entry in sandbox.log() if entry["mutating"]] == [row.gives_back]
    sandbox.faults()
    assert run("number_release", numbers=numbers)["changed"] is False and not sandbox.state(row)["owned"]


@which.sell_by_number_and_show_charges
def test_a_price_that_changed_stops_the_run(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="body", merge=row.dearer, count=1))
    result = run.fails("price_changed", "number_purchase", **row.where, count=2)
    assert len(sandbox.state(row)["owned"]) == 1 and len(result["failure"]["completed"]["purchased"]) == 1


@pytest.fixture()
def killed(run: Runner, row: Row, sandbox: Sandbox) -> Any:
    """Leaves the journal as a task does that is killed while its charging call is under way."""

    def kill(arrived: bool, **options: Any) -> None:
        lag = {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600}
        sandbox.faults(on_charge(run, row, kind="reset", when="after" if arrived else "before"), lag)
        run("number_purchase", **row.where, count=2, settle_time=0, **options)
        (path,) = Path(run.common["journal"]).glob("*.jsonl")
        path.write_text(path.read_text().replace('"status": "unknown"', '"status": "intent"'))
        sandbox.faults()

    return kill


@which.reserve
def test_a_killed_checkout_is_taken_up_with_its_references(
    run: Runner, row: Row, sandbox: Sandbox, killed: Any
) -> None:
    killed(arrived=False)
    assert not sandbox.state(row)["owned"]
    assert run("number_purchase", **row.where, count=2, check=True)["changed"] and not sandbox.state(row)["owned"]
    result = run("number_purchase", **row.where, count=2)
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and result["changed"]
    assert [hold["checkouts"] for hold in sandbox.state(row)["reservations"]] == [1]


@which.reserve
def test_a_killed_checkout_is_not_taken_up_at_another_price(
    run: Runner, row: Row, sandbox: Sandbox, killed: Any
) -> None:
    """A quote is a minute old at most when it is used."""
    killed(arrived=False)
    (path,) = Path(run.common["journal"]).glob("*.jsonl")
    path.write_text(re.sub(r'"at": ([0-9.]+)', lambda found: f'"at": {float(found[1]) - 100}', path.read_text()))
    sandbox.faults(
        {
            "match": {"provider": row.provider, "method": "GET", "path": "shop"},
            "kind": "body",
            "merge_items": {"cost": {"amount": 99}},
        }
    )
    for check in (True, False):
        run.fails("price_changed", "number_purchase", **row.where, count=2, check=check)
        assert not sandbox.state(row)["owned"]
    sandbox.faults()
    assert len(run("number_purchase", **row.where, count=2)["numbers"]) == 2 == len(sandbox.state(row)["owned"])


@which.reserve
def test_a_killed_checkout_is_taken_up_for_nothing_else(run: Runner, row: Row, sandbox: Sandbox, killed: Any) -> None:
    killed(arrived=False, application=row.application)
    run.fails("unsupported", "number_purchase", numbers=["+46701740998", "+46701740999"])
    assert not sandbox.state(row)["owned"]
    other = run("number_purchase", **row.where, count=2, application=row.other_application)
    assert not other.get("failed"), other
    assert len(other["purchased"]) == 2 == len(sandbox.state(row)["owned"])
    done = run("number_purchase", **row.where, count=2, application=row.application)
    assert len(done["numbers"]) == 2 and len(sandbox.state(row)["owned"]) == 4
    assert [owned["applications"]["voice"] for owned in sandbox.state(row)["owned"]].count(row.application) == 2


@which.reserve
def test_a_killed_checkout_that_was_carried_out_is_not_bought_again_however_long_the_list_lags(
    run: Runner, row: Row, sandbox: Sandbox, killed: Any
) -> None:
    killed(arrived=True)
    sandbox.faults({"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600})
    run.fails("unknown_outcome", "number_purchase", **row.where, count=2)
    assert len(sandbox.state(row)["owned"]) == 2
    sandbox.faults()
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    assert len(sandbox.state(row)["owned"]) == 2


@which.order
def test_a_number_settles_one_order_only(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A pending order and a killed one of the same group: what the killed one brought must not close both."""
    offer = run("available_number_info", **row.where)["offers"][0]["id"]
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    run("number_purchase", **row.where, count=1, offer=offer)
    sandbox.faults(
        on_charge(run, row, kind="reset", when="after", count=1),
        {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600},
    )
    run.fails("unknown_outcome", "number_purchase", **row.where, count=2, offer=offer, settle_time=0)
    sandbox.faults()
    again = run("number_purchase", **row.where, count=2, offer=offer)
    assert not again.get("purchased") and len(sandbox.state(row)["owned"]) == 1
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2, offer=offer)
    assert len(done.get("numbers", [])) == 2 == len(sandbox.state(row)["owned"])


@which.reserve
def test_a_checkout_with_a_lost_answer_is_believed_to_be_refused_only_by_the_list(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """What the repetition is answered says nothing about the first call."""
    refusal = {"errorCode": 40200, "message": "Insufficient funds to complete the transaction."}
    no_credit = on_charge(run, row, kind="status", status=402, body=refusal, when="before", skip=1, count=1)
    sandbox.faults(on_charge(run, row, kind="reset", when="after", count=1), no_credit)
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]), result
    sandbox.faults(on_charge(run, row, kind="reset", when="before", count=1), no_credit)
    run.fails("insufficient_credit", "number_purchase", **row.where, count=3)
    sandbox.faults()
    assert len(run("number_purchase", **row.where, count=3)["numbers"]) == 3 == len(sandbox.state(row)["owned"])


@which.reserve
def test_a_server_error_decides_nothing_whatever_code_it_carries(run: Runner, row: Row, sandbox: Sandbox) -> None:
    gone = {"errorCode": 40400, "message": "reservation(s) not found or expired"}
    sandbox.faults(on_charge(run, row, kind="status", status=500, body=gone, when="after", count=1))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]), result


@which.reserve
def test_a_reservation_that_is_lost_twice_says_that_nothing_was_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults({"match": {"provider": row.provider, "method": "PUT"}, "kind": "reset", "when": "after"})
    result = run.fails("unknown_outcome", "number_purchase", **row.where, count=2)
    assert "nothing was bought" in result["msg"] and not result["changed"] and not sandbox.state(row)["owned"]


@which.reserve
def test_links_that_a_failed_run_left_out_are_reported_and_made_by_the_next(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """Where the purchase does not link by itself, a call for one capability may fail after that for another one."""
    wish = {"country": "US", "capabilities": ["sms", "voice"], "count": 2, "application": row.application}
    sandbox.faults(
        {
            "match": {"provider": row.provider, "method": "PUT", "path": "voice"},
            "kind": "status",
            "status": 403,
            "count": 1,
        }
    )
    completed = run.fails("forbidden", "number_purchase", **wish)["failure"]["completed"]
    names = [number["number"] for number in completed["purchased"]]
    assert completed["linked"] == names and len(names) == 2
    assert {frozenset(owned["applications"]) for owned in sandbox.state(row)["owned"]} == {frozenset(["sms"])}
    done = run("number_purchase", **wish)
    assert done["changed"] and not done["purchased"] and done["linked"] == names
    assert [owned["applications"] for owned in sandbox.state(row)["owned"]] == [
        dict.fromkeys(["sms", "voice"], row.application)
    ] * 2
    assert run("number_purchase", **wish)["changed"] is False
