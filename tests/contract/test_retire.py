# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool that is retired with one word, at every provider that takes numbers back: exactly what was shown goes."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from planner import Planner, mutating, pool, statuses
from rows import ROWS, Row
from runner import Runner
from test_outcomes import on_charge


@pytest.fixture()
def plan(sandbox: Sandbox, row: Row, tmp_path: Path) -> Planner:
    return Planner(sandbox, tmp_path, row)


def retired(row: Row, **options: Any) -> dict[str, Any]:
    """The pool of two numbers with the one word more."""
    return pool(row, state="retired", **options)


def owned(sandbox: Sandbox, row: Row) -> list[str]:
    return sorted(number["number"] for number in sandbox.state(row)["owned"] if number.get("status") != "leaving")


def records(plan: Planner) -> list[dict[str, Any]]:
    """What was written down, a run each."""
    folder = Path(plan.env["XDG_STATE_HOME"]) / "telco.numbers" / "released"
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*"))]


@which.link_and_release
def test_one_word_retires_a_pool_and_the_second_run_does_nothing(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    other = pool(row, name="other", application=row.other_application, count=1)
    names, kept = (one["numbers"] for one in plan.works(pool(row), other)["pools"])
    sandbox.log()
    check = plan.works(retired(row), other, action="retire", check=True)
    assert mutating(sandbox) == [] and check["changed"] and check["pools"][0]["numbers"] == names
    assert check["diff"]["before"]["pool"].keys() == {*names} and check["record"] is None

    refused = plan(retired(row), other, action="retire")
    assert refused["failure"]["code"] == "invalid_option" and mutating(sandbox) == []
    assert refused["checksum"] == check["checksum"] and check["checksum"] in refused["msg"]

    ran = plan.works(retired(row), other, action="retire", checksum=check["checksum"])
    assert ran["changed"] and ran["pools"][0]["released"] == names and owned(sandbox, row) == kept
    assert ran["saves"] == check["saves"] and statuses(ran) == {"pool": "changed"}
    (record,) = records(plan)
    assert {one["number"]: one["outcome"] for one in record["numbers"]} == dict.fromkeys(names, "released")
    assert record["checksum"] == check["checksum"] and record["began"] < record["ended"]
    path = Path(ran["record"])
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent)] == [0o600, 0o700]

    sandbox.log()
    again = plan.works(retired(row), other, action="retire", checksum=check["checksum"])
    assert not again["changed"] and mutating(sandbox) == [] and len(records(plan)) == 1
    assert not plan.works(retired(row), other)["changed"]


@which.link_and_release
def test_what_joined_since_it_was_shown_is_not_released(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    plan.works(pool(row))
    shown = plan.works(retired(row), action="retire", check=True)["checksum"]
    plan.works(pool(row, count=3))
    before = owned(sandbox, row)
    sandbox.log()
    result = plan(retired(row), action="retire", checksum=shown)
    assert result["failure"]["code"] == "quote_changed" and "which was not shown" in result["msg"]
    assert owned(sandbox, row) == before and mutating(sandbox) == [] and records(plan) == []
    quote = plan.works(pool(row, count=4), check=True)["checksum"]
    result = plan(retired(row), action="retire", checksum=quote)
    assert "the approved quote is of a run that converges" in result["msg"] and owned(sandbox, row) == before
    result = plan(pool(row, count=4), checksum=shown)
    assert "the approved quote is of a run that retires" in result["msg"] and owned(sandbox, row) == before


@which.link_and_release
def test_a_number_that_is_linked_elsewhere_meanwhile_stays(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    names = plan.works(pool(row))["pools"][0]["numbers"]
    shown = plan.works(retired(row), action="retire", check=True)["checksum"]
    linked = sandbox.state(row)["owned"][0]["applications"]
    sandbox.change(row, links={names[0]: dict.fromkeys(linked, row.other_application)})
    plan.accounts[row.provider]["settle_time"] = 0.001  # the list is not late
    ran = plan.works(retired(row), action="retire", checksum=shown)
    assert ran["pools"][0]["released"] == names[1:] and owned(sandbox, row) == names[:1]


@which.link_and_release
def test_a_number_that_is_linked_elsewhere_between_look_and_lock_stays(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    """Somebody changes it after the run has looked and before it holds the lock: nothing of the pool is released."""
    names = plan.works(pool(row))["pools"][0]["numbers"]
    plan.accounts[row.provider]["settle_time"] = 0.001  # the list is not late
    sandbox.log()
    shown = plan.works(retired(row), action="retire", check=True)["checksum"]
    reads = len(sandbox.log())
    change = {"links": {names[0]: {"voice": row.other_application}}}
    match = {"provider": row.provider, "method": "GET"}
    fault = {"kind": "meanwhile", "match": match, "account": row.account, "change": change, "skip": reads, "count": 1}
    sandbox.faults(fault)
    result = plan(retired(row), action="retire", checksum=shown)
    assert result["failure"]["code"] == "conflict" and owned(sandbox, row) == names
    assert f"{names[0]} is not as it was shown any more: nothing of the pool is released" in result["msg"]
    assert [one["outcome"] for one in records(plan)[0]["numbers"]] == [None, None]


@which.link_and_release
def test_the_same_approval_finishes_a_run_that_was_interrupted(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    names = plan.works(pool(row))["pools"][0]["numbers"]
    shown = plan.works(retired(row), action="retire", check=True)["checksum"]
    one = {"name": "one", "account": row.provider, "numbers": names[:1], "state": "retired"}
    first = plan.works(one, action="retire", check=True)["checksum"]
    plan.works(one, action="retire", checksum=first)
    ran = plan.works(retired(row), action="retire", checksum=shown)
    assert ran["pools"][0]["released"] == names[1:] and owned(sandbox, row) == []


@which.link_and_release
def test_what_another_pool_counts_or_names_is_never_retired(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    names = plan.works(pool(row))["pools"][0]["numbers"]
    wide = {"name": "wide", "account": row.provider, **row.where, "count": 1}
    check = plan.works(retired(row), wide, action="retire", check=True)
    assert not check["changed"] and "stays: wide counts it" in check["report"]
    named = {"name": "named", "account": row.provider, "numbers": names[:1]}
    check = plan.works(retired(row), named, action="retire", check=True)
    assert check["pools"][0]["numbers"] == names[1:]
    assert check["pools"][0]["staying"] == [{"number": names[0], "reason": "stays: named names it"}]


@which.release
def test_without_an_application_the_numbers_are_to_be_pasted(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    bare = {"name": "pool", "account": row.provider, **row.where, "count": 2}
    names = plan.works(bare)["pools"][0]["numbers"]
    result = plan({**bare, "state": "retired"}, action="retire", check=True)
    paste = ", ".join(f"'{name}'" for name in names)
    assert result["failure"]["code"] == "undecidable" and result["msg"].endswith(f"numbers: [{paste}]"), result["msg"]
    pasted = {"name": "pool", "account": row.provider, "numbers": names, "state": "retired"}
    shown = plan.works(pasted, action="retire", check=True)["checksum"]
    plan.works(pasted, action="retire", checksum=shown)
    assert owned(sandbox, row) == []


@which.order
def test_orders_on_the_way_are_listed_and_the_pool_is_not_done(
    plan: Planner, run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    plan.works(pool(row))
    sandbox.log()
    result = plan.works(retired(row), action="retire", check=True)
    assert statuses(result) == {"pool": "pending"} and len(result["pools"][0]["orders"]) >= 1
    assert "It is not done" in result["report"]


def test_an_account_that_cannot_be_opened_stops_no_other_one(sandbox: Sandbox, tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.application and load(row.provider).features.release][:2]
    plan = Planner(sandbox, tmp_path, *rows)
    plan.works(*(pool(row, name=row.provider) for row in rows))
    plan.accounts[rows[0].provider].update(rows[0].wrong)
    pools = [retired(row, name=row.provider) for row in rows]
    check = plan(*pools, action="retire", check=True)
    assert check["failure"]["code"] == "authentication_failed"
    ran = plan(*pools, action="retire", checksum=check["checksum"])
    assert statuses(ran) == {rows[0].provider: "failed", rows[1].provider: "changed"}
    assert [len(owned(sandbox, row)) for row in rows] == [2, 0]
