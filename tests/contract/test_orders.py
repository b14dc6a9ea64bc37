# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: a purchase that is an order. It is carried out later, its lines end one by one, and it is found again."""

from __future__ import annotations

from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner
from test_outcomes import AMBIGUOUS, on_charge
from test_purchase import writes


def orders(sandbox: Sandbox, row: Row) -> list[dict[str, Any]]:
    """The numbers that are or were on order, each with its status."""
    return list(sandbox.state(row)["orders"])


def owned(sandbox: Sandbox, row: Row) -> list[str]:
    """The numbers that the account owns."""
    return sorted(one["number"] for one in sandbox.state(row)["owned"])


def waiting(run: Runner, row: Row, **fault: Any) -> dict[str, Any]:
    """Orders wait, for good or as *fault* says."""
    return on_charge(run, row, kind="pending", **fault)


@which.order_and_wait
def test_an_order_that_takes_a_moment_is_waited_for(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(waiting(run, row, fulfil_after_reads=1))
    result = run("number_purchase", **row.where, count=2, settle_time=10)
    assert [number["status"] for number in result["purchased"]] == ["active"] * 2 and len(owned(sandbox, row)) == 2
    sandbox.log()
    assert run("number_purchase", **row.where, count=2)["changed"] is False and not writes(sandbox.log())


@which.order_and_wait
def test_what_is_on_order_counts_and_is_told_apart(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(waiting(run, row))
    first = run("number_purchase", **row.where, count=3)
    assert first["changed"] and {number["status"] for number in first["purchased"]} == {"pending"}
    assert {order["status"] for order in first["orders"]} == {"pending"} and owned(sandbox, row) == []
    ordered = sorted(line["number"] for order in first["orders"] for line in order["lines"])
    assert len(ordered) == 3 and all(order["provider_order"] for order in first["orders"])
    for _run in range(2):
        sandbox.log()
        again = run("number_purchase", **row.where, count=3)
        assert again["changed"] is False and not writes(sandbox.log())
        assert sorted(number["number"] for number in again["numbers"]) == ordered
        assert {number["status"] for number in again["numbers"]} == {"pending"} and again["orders"]
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=3)
    assert owned(sandbox, row) == ordered and not done["orders"] and done["changed"] is False
    assert {number["status"] for number in done["numbers"]} == {"active"}


@which.order_and_wait
def test_a_task_that_waits_ends_with_its_numbers_or_says_that_they_are_on_order(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(waiting(run, row))
    late = run.fails("deadline_exceeded", "number_purchase", **row.where, count=1, wait=True, wait_timeout=1)
    assert late["failure"]["completed"]["orders"] and len(orders(sandbox, row)) == 1
    late = run.fails("deadline_exceeded", "number_purchase", **row.where, count=1, wait=True, wait_timeout=1)
    assert len(orders(sandbox, row)) == 1
    sandbox.faults(waiting(run, row, fulfil_after_seconds=1, skip=0))
    result = run("number_purchase", **row.where, count=2, wait=True, wait_timeout=1, allow_partial=True)
    assert result.get("failed")  # the first one waits for good
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2, wait=True, wait_timeout=20)
    assert len(done["numbers"]) == 2 == len(owned(sandbox, row)) == len(orders(sandbox, row))


@which.order_and_wait
@pytest.mark.parametrize("fault", AMBIGUOUS, ids=lambda fault: fault["kind"])
def test_an_order_whose_answer_is_lost_is_found_by_our_key(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    """Also one that is pending for longer than any task: nothing on any list tells of it."""
    sandbox.faults(waiting(run, row), on_charge(run, row, count=1, **fault))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed"), result
    assert {order["status"] for order in result["orders"]} == {"pending"} and len(orders(sandbox, row)) == 2
    assert run("number_purchase", **row.where, count=2)["changed"] is False and len(orders(sandbox, row)) == 2
    sandbox.change(row, fulfil=True)
    assert len(run("number_purchase", **row.where, count=2)["numbers"]) == 2 == len(owned(sandbox, row))


@which.order_and_wait
def test_an_order_that_never_arrived_is_placed_again_with_another_key(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(waiting(run, row), on_charge(run, row, kind="reset", when="before", count=1))
    sandbox.log()
    result = run("number_purchase", **row.where, count=1)
    first, second = (entry["body"] for entry in sandbox.log() if entry["mutating"])
    assert str(first) != str(second) and result["orders"][0]["status"] == "pending" and len(orders(sandbox, row)) == 1


@which.order_and_wait
@pytest.mark.parametrize("arrived", [True, False], ids=["it arrived", "it never arrived"])
def test_the_order_of_a_killed_task_is_taken_up(run: Runner, row: Row, sandbox: Sandbox, arrived: bool) -> None:
    """The task cannot ask anybody any more after its purchase."""
    lost = on_charge(run, row, kind="reset", when="after" if arrived else "before", count=1)
    silent = {"match": {"provider": row.provider, "method": "GET"}, "kind": "status", "status": 503}
    sandbox.log()
    assert not run("number_purchase", **row.where, count=2, check=True).get("failed")
    sandbox.faults(waiting(run, row), lost, {**silent, "skip": len(sandbox.log())})
    run.fails("unknown_outcome", "number_purchase", **row.where, count=2, retries=0)
    assert len(orders(sandbox, row)) == int(arrived)
    sandbox.faults(waiting(run, row))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(orders(sandbox, row)) == 2, result
    assert run("number_purchase", **row.where, count=2)["changed"] is False and len(orders(sandbox, row)) == 2


@which.order_and_wait
def test_lines_that_fail_are_bought_anew_and_paid_once(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The second order has two lines, of which one fails."""
    sandbox.faults(on_charge(run, row, kind="partial", deliver=1, skip=1, count=1))
    result = run("number_purchase", **row.where, count=3)
    assert not result.get("failed"), result
    assert len(owned(sandbox, row)) == 3 == len(result["quote"]["lines"]) == len(result["purchased"])
    assert {number["status"] for number in result["purchased"]} == {"active"}
    assert result["quote"]["due_now_total"] is not None and len(orders(sandbox, row)) == 4
    assert run("number_purchase", **row.where, count=3)["changed"] is False


@which.order_and_wait
def test_lines_that_fail_between_two_tasks_are_missing_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(waiting(run, row))
    run("number_purchase", **row.where, count=2)
    sandbox.change(row, reject=orders(sandbox, row)[0]["id"])
    sandbox.faults()
    again = run("number_purchase", **row.where, count=2)
    assert len(again["purchased"]) == 1 and len(orders(sandbox, row)) == 3
    sandbox.change(row, fulfil=True)
    assert run("number_purchase", **row.where, count=2)["changed"] is False and len(owned(sandbox, row)) == 2


@which.order_and_wait
def test_orders_that_fail_one_after_the_other_end_the_task(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="partial", deliver=0))
    failed = run.fails("out_of_stock", "number_purchase", **row.where, count=1)
    assert "failed" in failed["msg"] and owned(sandbox, row) == [] and len(orders(sandbox, row)) == 3
    assert sandbox.state(row)["spent"].get("due_now", "0") == "0"


@which.order_and_wait
def test_a_named_number_whose_order_fails_is_not_replaced(run: Runner, row: Row, sandbox: Sandbox) -> None:
    name = run("available_number_info", **row.where)["offers"][0]["number"]
    sandbox.faults(on_charge(run, row, kind="partial", deliver=0))
    failed = run.fails("out_of_stock", "number_purchase", numbers=[name])
    assert name in failed["msg"] and len(orders(sandbox, row)) == 1


@which.order_and_wait
def test_many_numbers_take_a_handful_of_orders(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = [f"+4670180{place:04d}" for place in range(40)]
    facts = {"country": "SE", "type": row.where.get("type"), "capabilities": ["voice", "sms"], "monthly_price": "1"}
    offers = [{"number": name, **facts, "setup_price": "0", "currency": "EUR"} for name in names]
    sandbox.reset({row.provider: {"extend": True, "offers": offers}})
    sandbox.log()
    result = run("number_purchase", numbers=names)
    assert len(result["purchased"]) == 40 and len(owned(sandbox, row)) == 40
    assert len(writes(sandbox.log())) <= 3
