# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: many numbers in one task, side by side, come out as one after the other."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

FIVE = 5


def offered(run: Runner) -> list[str]:
    """Numbers that can be bought by name."""
    return [offer["number"] for offer in run("available_number_info", **run.row.where)["offers"][:FIVE]]


def mutating(sandbox: Sandbox) -> Counter[str]:
    """How often each path was changed."""
    return Counter(
        f"{entry['method']} {entry['path']} {entry['query']} {entry['body']}"
        for entry in sandbox.log()
        if entry["mutating"]
    )


def purchases(run: Runner, numbers: int) -> int:
    """The requests that buy so many numbers: the first alone, the others as many together as the provider takes."""
    return 1 + -(-(numbers - 1) // run.features.offers_per_purchase)


@which.sell_by_number
@pytest.mark.parametrize("concurrency", [1, 8])
def test_named_numbers_are_each_bought_once(run: Runner, row: Row, sandbox: Sandbox, concurrency: int) -> None:
    names = offered(run)
    sandbox.log()
    result = run("number_purchase", numbers=list(reversed(names)), concurrency=concurrency)
    assert [number["number"] for number in result["purchased"]] == sorted(names)
    calls = mutating(sandbox)
    assert len(calls) == purchases(run, len(names)) and set(calls.values()) == {1}
    if run.features.offers_per_purchase > 1:
        assert all(any(name.lstrip("+") in call for call in calls) for name in names)
    assert sorted(owned["number"] for owned in sandbox.state(row)["owned"]) == sorted(names)
    assert run("number_purchase", numbers=names, concurrency=concurrency)["changed"] is False


@which.sell_by_number
def test_a_failure_stops_what_has_not_begun_and_says_what_was_done(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = offered(run)
    sandbox.change(row, credit="0.01")
    result = run.fails("insufficient_credit", "number_purchase", numbers=names, concurrency=8)
    assert not result["changed"] and sum(mutating(sandbox).values()) == 1 and not sandbox.state(row)["owned"]
    sandbox.change(row, credit="1000")
    sandbox.log()
    run("number_purchase", numbers=names, check=True)
    # the requests of the quote, and all purchases but one
    most = len(sandbox.log()) + purchases(run, len(names)) - 1
    sandbox.faults(
        {"kind": "status", "status": 503, "when": "before", "match": {"provider": row.provider}, "skip": most}
    )
    failed = run("number_purchase", numbers=names, concurrency=2)
    sandbox.faults()
    assert failed["failed"]
    bought = {number["number"] for number in failed["failure"]["completed"].get("purchased", [])}
    assert bought <= {owned["number"] for owned in sandbox.state(row)["owned"]} and len(bought) < len(names)
    assert len(run("number_purchase", numbers=names)["numbers"]) == len(names)
    assert len(sandbox.state(row)["owned"]) == len(names)


def test_a_provider_that_allows_few_requests_slows_the_whole_task(run: Runner, row: Row, sandbox: Sandbox) -> None:
    numbers = run.buy(FIVE)
    sandbox.reset({row.provider: {"extend": True, "settings": {"requests_per_second": 25}}})
    sandbox.change(row, own=[{"number": number["number"]} for number in numbers])
    options: dict[str, Any] = {"numbers": [number["number"] for number in numbers], "concurrency": 8, "retries": 3}
    for module, more in (("number_assignment", {"application": row.application}), ("number_release", {"force": True})):
        if (module == "number_assignment" and row.application is None) or (
            module == "number_release" and not run.features.release
        ):
            continue
        result = run(module, **options, **more)
        assert not result.get("failed"), result
    left = sandbox.state(row)["owned"]
    assert left == [] if run.features.release else all(owned["applications"] for owned in left)


@pytest.mark.parametrize(("option", "value"), [("concurrency", 0), ("concurrency", 33), ("rate", 0), ("rate", -1)])
def test_wrong_bounds_are_refused(run: Runner, sandbox: Sandbox, option: str, value: float) -> None:
    run.fails("invalid_option", "number_info", **{option: value})
    assert not sandbox.log()
