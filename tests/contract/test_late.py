# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: a list that is late about links and releases is not believed until it can be late no longer."""

from __future__ import annotations

from typing import Any

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._contract.provider import Provider
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

LONG = 30  # seconds to settle, of which no test waits any


def late(row: Row, reads: int | None = None) -> dict[str, Any]:
    """Lists, or the next *reads* of them, show what was before."""
    return {
        "match": {"provider": row.provider, "method": "GET"},
        "kind": "lag_changes",
        "seconds": 3600,
        "count": reads,
    }


def links(sandbox: Sandbox, row: Row) -> dict[str, set[str]]:
    return {owned["number"]: set(owned["applications"].values()) for owned in sandbox.state(row)["owned"]}


def writes(sandbox: Sandbox) -> list[str]:
    return [f"{entry['method']} {entry['path']}" for entry in sandbox.log() if entry["mutating"]]


@pytest.fixture()
def names(run: Runner, row: Row, sandbox: Sandbox) -> list[str]:
    """Three owned numbers whose changes no list shows."""
    found = sorted(number["number"] for number in run.buy(3))
    sandbox.faults(late(row))
    sandbox.log()
    return found


@which.release
def test_a_number_that_was_given_back_is_not_given_back_again(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    assert run("number_release", numbers=names[:1])["changed"]
    sandbox.log()
    for check in (True, False):
        assert run("number_release", numbers=names[:1], settle_time=LONG, check=check)["changed"] is False
    assert not writes(sandbox) and sorted(links(sandbox, row)) == names[1:]


@which.link_and_release
def test_a_number_that_was_given_back_cannot_be_linked(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    run("number_release", numbers=names[:1])
    run.fails("not_found", "number_assignment", numbers=names[:1], application=row.application, settle_time=LONG)


@which.link
def test_a_number_that_was_just_linked_is_not_moved_without_force(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    done = run("number_assignment", numbers=names[:2], application=row.application)
    assert all(set(done["diff"]["after"][name].values()) == {row.application} for name in names[:2])
    for check in (True, False):
        run.fails(
            "conflict",
            "number_assignment",
            numbers=names[:1],
            application=row.other_application,
            settle_time=LONG,
            check=check,
        )
        assert (
            run("number_assignment", numbers=names[:2], application=row.application, settle_time=LONG, check=check)[
                "changed"
            ]
            is False
        )
    assert links(sandbox, row) == {names[0]: {row.application}, names[1]: {row.application}, names[2]: set()}


@which.link
def test_a_number_that_was_just_unlinked_is_free(run: Runner, row: Row, sandbox: Sandbox, names: list[str]) -> None:
    sandbox.faults()
    run("number_assignment", numbers=names, application=row.application)
    sandbox.faults({"match": {"provider": row.provider, "method": "GET"}, "kind": "lag_changes", "reads": 1000})
    assert run("number_assignment", numbers=names[:1], application=row.application, state="absent")["diff"][
        "after"
    ] == {names[0]: {}}
    predicted = run(
        "number_assignment", numbers=names[:1], application=row.other_application, settle_time=LONG, check=True
    )
    assert predicted["changed"] and predicted["diff"]["before"] == {names[0]: {}}
    sandbox.faults()
    assert run("number_assignment", numbers=names[:1], application=row.other_application, settle_time=LONG)["changed"]
    assert links(sandbox, row)[names[0]] == {row.other_application}


@which.link_and_release
def test_a_number_that_was_just_linked_is_not_released_without_force(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    run("number_assignment", numbers=names[:1], application=row.application)
    run.fails("conflict", "number_release", numbers=names, settle_time=LONG)
    assert len(links(sandbox, row)) == 3


@which.link
def test_after_the_settle_time_the_list_is_believed(run: Runner, row: Row, sandbox: Sandbox, names: list[str]) -> None:
    """Somebody took the link away again, right after it was made: the list looks as it did before."""
    sandbox.faults()
    run("number_assignment", numbers=names[:1], application=row.application)
    sandbox.change(row, links={names[0]: {}})
    run.fails("conflict", "number_assignment", numbers=names[:1], application=row.other_application, settle_time=LONG)
    assert run("number_assignment", numbers=names[:1], application=row.other_application, settle_time=0.001)["changed"]


@which.link
def test_what_somebody_wrote_after_us_is_believed_at_once(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    sandbox.faults()
    run("number_assignment", numbers=names[:1], application=row.application)
    elsewhere = {names[0]: dict.fromkeys(sandbox.state(row)["owned"][0]["applications"], row.other_application)}
    sandbox.change(row, links=elsewhere)
    assert (
        run("number_assignment", numbers=names[:1], application=row.application, state="absent", settle_time=LONG)[
            "changed"
        ]
        is False
    )
    run.fails("conflict", "number_assignment", numbers=names[:1], application=row.application, settle_time=LONG)
    assert links(sandbox, row)[names[0]] == {row.other_application}


@pytest.fixture()
def killed(run: Runner, row: Row, sandbox: Sandbox) -> Any:
    """Links numbers as a task does that is killed while its first call is under way."""

    def kill(numbers: list[str], arrived: bool) -> None:
        when = "after" if arrived else "before"
        lost = [
            {"match": {"provider": row.provider, "method": method}, "kind": "reset", "when": when}
            for method in (["PUT"] if row.overwrites else [row.writes])
        ]
        unread = {
            "match": {"provider": row.provider, "method": "GET"},
            "kind": "status",
            "status": 503,
            "skip": 3 if row.overwrites else row.reading,
        }
        sandbox.faults(*lost, unread)
        run.fails("unknown_outcome", "number_assignment", numbers=numbers, application=row.application, retries=0)
        sandbox.log()

    return kill


@which.link
def test_a_killed_run_that_linked_is_seen_when_the_list_shows_it(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str], killed: Any
) -> None:
    sandbox.faults()
    killed(names[:1], arrived=True)
    sandbox.faults(late(row, reads=2))
    run("number_assignment", numbers=names[:1], application=row.application, settle_time=LONG)
    assert links(sandbox, row)[names[0]] == {row.application}
    # A provider that links each capability by itself was killed at the first.
    assert row.overwrites or not writes(sandbox)


@which.link
def test_a_killed_run_that_did_nothing_is_over_after_the_settle_time(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str], killed: Any
) -> None:
    sandbox.faults()
    killed(names[:1], arrived=False)
    assert links(sandbox, row)[names[0]] == set()
    sandbox.faults()
    assert run("number_assignment", numbers=names[:1], application=row.other_application)["changed"]
    assert links(sandbox, row)[names[0]] == {row.other_application}


# -- purchases ---------------------------------------------------------------------------------------------------------


@which.release
def test_a_number_that_was_given_back_does_not_count(run: Runner, row: Row, sandbox: Sandbox, names: list[str]) -> None:
    run("number_release", numbers=names[:1])
    bought = run("number_purchase", **row.where, count=3, settle_time=LONG)
    assert len(bought["purchased"]) == 1 and len(bought["numbers"]) == 3 == len(links(sandbox, row))


@which.sell_by_number
def test_a_number_that_was_given_back_can_be_bought_again_at_once(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Where no record tells one purchase from the next, only after the list can be late no longer."""
    name = run.buy(1)[0]["number"]
    patience = 0.3 if load(row.provider).since_of is Provider.since_of else LONG
    run("number_release", numbers=[name])
    if row.leaves:
        run.fails("conflict", "number_purchase", numbers=[name], settle_time=patience)
        return
    bought = run("number_purchase", numbers=[name], settle_time=patience)
    assert [number["number"] for number in bought["purchased"]] == [name]
    assert run("number_purchase", numbers=[name], settle_time=patience)["changed"] is False
    assert run("number_release", numbers=[name], settle_time=patience)["changed"] and not links(sandbox, row)


@which.sell_by_number
def test_a_number_that_was_given_back_is_not_taken_for_what_a_lost_purchase_bought(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """The list still shows it, and the purchase never arrived: only a list that can be late no longer tells."""
    name = run.buy(1)[0]["number"]
    run("number_release", numbers=[name])
    if row.leaves:
        run.fails("conflict", "number_purchase", numbers=[name])
        return
    charge = {"match": {"provider": row.provider, "method": "POST"}, "kind": "reset", "when": "before", "count": 1}
    lists = {**late(row, reads=2), "match": {"provider": row.provider, "method": "GET", "path": row.owned_list}}
    sandbox.faults(lists, charge)
    bought = run("number_purchase", numbers=[name], settle_time=1)
    assert [number["number"] for number in bought["purchased"]] == [name], bought
    assert list(links(sandbox, row)) == [name]


@which.sell_by_number
def test_a_number_that_was_given_back_and_bought_again_is_not_bought_a_third_time(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """First the list shows it as it was before, then it is late with the purchase: it counts all along."""
    name = run.buy(1)[0]["number"]
    run("number_release", numbers=[name])
    unseen = {"match": {"provider": row.provider, "method": "GET"}, "kind": "lag", "seconds": 3600}
    sandbox.faults(late(row), unseen)
    run("number_purchase", **row.where, count=1, settle_time=LONG, deadline=1)
    (bought,) = links(sandbox, row)  # another one where what was given back is not for sale at once
    sandbox.faults(unseen)
    again = run("number_purchase", **row.where, count=1)
    assert again["purchased"] == [] and [number["number"] for number in again["numbers"]] == [bought], again
    assert list(links(sandbox, row)) == [bought]


@which.link
def test_two_tasks_do_not_take_each_other_s_numbers(run: Runner, row: Row, sandbox: Sandbox, names: list[str]) -> None:
    """Each wants two numbers for an application of its own, of three that are free for a list that shows no link."""
    first = run("number_purchase", **row.where, count=2, application=row.application)
    sandbox.faults(late(row, reads=1))
    second = run("number_purchase", **row.where, count=2, application=row.other_application, settle_time=LONG)
    for result in (first, second):
        assert not result.get("failed") and len(result["numbers"]) == 2, result
    found = sorted(sorted(applications) for applications in links(sandbox, row).values())
    assert found == sorted([[row.application]] * 2 + [[row.other_application]] * 2)


@which.link
def test_a_number_that_was_just_linked_is_free_for_no_other_purchase(
    run: Runner, row: Row, sandbox: Sandbox, names: list[str]
) -> None:
    run("number_assignment", numbers=names, application=row.application)
    for check in (True, False):
        result = run(
            "number_purchase", **row.where, count=1, application=row.other_application, settle_time=LONG, check=check
        )
        assert not result.get("failed") and not {*names} & {number["number"] for number in result["numbers"]}, result
    assert all(links(sandbox, row)[name] == {row.application} for name in names)
