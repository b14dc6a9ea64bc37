# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: an answer that is lost is settled by reading, and never by buying again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Sandbox
from rows import Row
from runner import Runner

# The call that charges, at each kind of purchase.
CHARGES = {"number": ("POST", "numbers|ActiveNumbers"), "group": ("POST", "AvailableNumberGroup"), "reservation": ("POST", "shop")}

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
def test_a_purchase_whose_answer_is_lost_is_found_in_the_list(run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.fault(on_charge(run, row, count=1, **fault))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2, result
    assert len(sandbox.state(row)["owned"]) == 2


@pytest.mark.parametrize("fault", [{"kind": "reset", "when": "before"}, {"kind": "status", "status": 500, "when": "before"}], ids=lambda fault: fault["kind"])
def test_a_purchase_that_never_arrived_is_repeated_only_where_that_is_safe(run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]) -> None:
    sandbox.fault(on_charge(run, row, count=1, **fault))
    result = run("number_purchase", **row.where, count=2)
    if run.features.purchase == "group":
        assert result["failure"]["code"] == "unknown_outcome" and not sandbox.state(row)["owned"]
        (order,) = result["failure"]["completed"]["orders"]
        again = run.fails("unknown_outcome", "number_purchase", **row.where, count=2)
        assert order["id"] in again["msg"] and not sandbox.state(row)["owned"]
        result = run("number_purchase", **row.where, count=2, close_orders=[order["id"]])
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"])


def test_a_list_that_lags_less_than_the_settle_time(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.fault(on_charge(run, row, kind="reset", when="after", count=1), {"match": {"provider": row.provider}, "kind": "lag", "reads": 1})
    result = run("number_purchase", **row.where, count=2, settle_time=10)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"])


def test_a_list_that_lags_longer_never_leads_to_a_second_purchase(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.fault({"match": {"provider": row.provider}, "kind": "lag", "reads": 1000})
    first = run("number_purchase", **row.where, count=2)
    assert first["changed"] and first["warnings"] and len(sandbox.state(row)["owned"]) == 2
    second = run("number_purchase", **row.where, count=2)
    assert not second["purchased"] and len(sandbox.state(row)["owned"]) == 2
    sandbox.fault()
    third = run("number_purchase", **row.where, count=2)
    assert third["changed"] is False and len(third["numbers"]) == 2


def test_an_expired_reservation_buys_nothing_and_says_so(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if run.features.purchase != "reservation":
        return
    sandbox.fault(on_charge(run, row, kind="expire_reservation", count=1))
    run.fails("reservation_expired", "number_purchase", **row.where, count=2)
    assert not sandbox.state(row)["owned"]
    assert run("number_purchase", **row.where, count=2)["changed"]


def test_a_lost_reservation_is_repeated_once_and_reported(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if run.features.purchase != "reservation":
        return
    sandbox.fault({"match": {"provider": row.provider, "method": "PUT"}, "kind": "reset", "when": "after", "count": 1})
    result = run("number_purchase", **row.where, count=2)
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and result["warnings"]


@pytest.fixture()
def pending(run: Runner) -> bool:
    return run.features.pending_orders


def test_a_pending_order_counts_until_it_is_fulfilled(run: Runner, row: Row, sandbox: Sandbox, pending: bool) -> None:
    if not pending:
        return
    sandbox.fault(on_charge(run, row, kind="pending", count=1))
    first = run("number_purchase", **row.where, count=2)
    assert first["changed"] and not first["numbers"] and first["orders"][0]["status"] == "pending"
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2)
    assert done["changed"] is False and len(done["numbers"]) == 2 and not done["orders"]
    assert len(sandbox.state(row)["owned"]) == 2


def test_wait_polls_until_the_order_is_fulfilled(run: Runner, row: Row, sandbox: Sandbox, pending: bool) -> None:
    if not pending:
        return
    sandbox.fault(on_charge(run, row, kind="pending", count=1, fulfil_after_reads=2))
    result = run("number_purchase", **row.where, count=2, wait=True, wait_timeout=20)
    assert len(result["numbers"]) == 2 and result["orders"][0]["status"] == "fulfilled"


def test_waiting_ends_and_the_order_still_counts(run: Runner, row: Row, sandbox: Sandbox, pending: bool) -> None:
    if not pending:
        return
    sandbox.fault(on_charge(run, row, kind="pending", count=1))
    result = run.fails("deadline_exceeded", "number_purchase", **row.where, count=2, wait=True, wait_timeout=1)
    assert result["changed"] and result["failure"]["completed"]["orders"][0]["status"] == "pending"
    assert run("number_purchase", **row.where, count=2)["changed"] is False


def test_a_rejected_order_is_closed_by_its_id_alone(run: Runner, row: Row, sandbox: Sandbox, pending: bool) -> None:
    if not pending:
        return
    sandbox.fault(on_charge(run, row, kind="pending", count=1))
    (order,) = run("number_purchase", **row.where, count=2)["orders"]
    sandbox.change(row, reject=True)
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    assert run("number_purchase", **row.where, count=2, close_orders=[order["id"]])["purchased"]
    assert len(sandbox.state(row)["owned"]) == 2


def test_an_assignment_whose_answer_is_lost_is_read_back(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if row.application is None:
        return
    (number,) = run.buy(1)
    sandbox.fault(*({"match": {"provider": row.provider, "method": method}, "kind": "reset", "when": "after", "count": 1} for method in ("PUT", "POST")))
    result = run("number_assignment", numbers=[number], application=row.application)
    assert not result.get("failed") and result["changed"], result
    assert set(sandbox.state(row)["owned"][0]["applications"].values()) == {row.application}


def test_a_release_whose_answer_is_lost_is_read_back(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if not run.features.release:
        return
    numbers = run.buy(2)
    for when in ("after", "before"):
        sandbox.fault({"match": {"provider": row.provider, "method": "DELETE"}, "kind": "reset", "when": when, "count": 1})
        assert run("number_release", numbers=[numbers.pop()])["changed"]
        assert len(sandbox.state(row)["owned"]) == len(numbers)


def test_a_price_that_changed_stops_the_run(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if run.features.purchase != "number":
        return
    sandbox.fault(on_charge(run, row, kind="body", merge=row.dearer, count=1))
    result = run.fails("price_changed", "number_purchase", **row.where, count=2)
    assert len(sandbox.state(row)["owned"]) == 1 and len(result["failure"]["completed"]["purchased"]) == 1


@pytest.fixture()
def killed(run: Runner, row: Row, sandbox: Sandbox) -> Any:
    """Leaves the journal as a task does that is killed while its charging call is under way."""

    def kill(arrived: bool) -> None:
        lag = {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600}
        sandbox.fault(on_charge(run, row, kind="reset", when="after" if arrived else "before"), lag)
        run("number_purchase", **row.where, count=2, settle_time=0)
        (path,) = Path(run.common["journal"]).glob("*.jsonl")
        path.write_text(path.read_text().replace('"status": "unknown"', '"status": "intent"'))
        sandbox.fault()

    return kill


def test_a_killed_checkout_is_taken_up_with_its_references(run: Runner, row: Row, sandbox: Sandbox, killed: Any) -> None:
    if run.features.purchase != "reservation":
        return
    killed(arrived=False)
    assert not sandbox.state(row)["owned"]
    assert run("number_purchase", **row.where, count=2, check=True)["changed"] and not sandbox.state(row)["owned"]
    result = run("number_purchase", **row.where, count=2)
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and result["changed"]
    assert [hold["checkouts"] for hold in sandbox.state(row)["reservations"]] == [1]


def test_a_killed_checkout_that_was_carried_out_is_not_bought_again_however_long_the_list_lags(run: Runner, row: Row, sandbox: Sandbox, killed: Any) -> None:
    if run.features.purchase != "reservation":
        return
    killed(arrived=True)
    sandbox.fault({"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600})
    run.fails("unknown_outcome", "number_purchase", **row.where, count=2)
    assert len(sandbox.state(row)["owned"]) == 2
    sandbox.fault()
    assert run("number_purchase", **row.where, count=2)["changed"] is False
    assert len(sandbox.state(row)["owned"]) == 2


def test_a_number_settles_one_order_only(run: Runner, row: Row, sandbox: Sandbox, pending: bool) -> None:
    """A pending order and a killed one of the same group: what the killed one brought must not close both."""
    if not pending:
        return
    offer = run("available_number_info", **row.where)["offers"][0]["id"]
    sandbox.fault(on_charge(run, row, kind="pending", count=1))
    run("number_purchase", **row.where, count=1, offer=offer)
    sandbox.fault(on_charge(run, row, kind="reset", when="after", count=1), {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600})
    run.fails("unknown_outcome", "number_purchase", **row.where, count=2, offer=offer, settle_time=0)
    sandbox.fault()
    again = run("number_purchase", **row.where, count=2, offer=offer)
    assert not again.get("purchased") and len(sandbox.state(row)["owned"]) == 1
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2, offer=offer)
    assert len(done.get("numbers", [])) == 2 == len(sandbox.state(row)["owned"])
