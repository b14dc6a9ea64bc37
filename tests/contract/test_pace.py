# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: a provider that allows few requests gets few, and what works side by side does not starve itself."""

from __future__ import annotations

from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


def allow(sandbox: Sandbox, row: Row, requests: int) -> None:
    sandbox.reset({row.provider: {"extend": True, "settings": {"requests_per_second": requests}}})


def refused(sandbox: Sandbox) -> int:
    return sum(entry["status"] == 429 for entry in sandbox.log())


@pytest.mark.parametrize(("requests", "concurrency"), [(1, 8), (3, 1)])
def test_few_requests_a_second_are_enough(
    run: Runner, row: Row, sandbox: Sandbox, requests: int, concurrency: int
) -> None:
    """As many as five purchases, with one repetition each at most: the task is as slow as the provider wants it."""
    allow(sandbox, row, requests)
    result = run("number_purchase", **row.where, count=5, concurrency=concurrency, deadline=60)
    assert not result.get("failed") and len(result["numbers"]) == 5 == len(sandbox.state(row)["owned"]), result
    assert refused(sandbox) <= 5 + concurrency


@which.sell_by_number
def test_named_numbers_side_by_side(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = [offer["number"] for offer in run("available_number_info", **row.where)["offers"][:5]]
    allow(sandbox, row, 5)
    result = run("number_purchase", numbers=names, concurrency=8, deadline=60)
    assert not result.get("failed") and len(sandbox.state(row)["owned"]) == 5, result


def test_a_rate_that_is_low_enough_is_never_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    allow(sandbox, row, 20)
    assert len(run.buy(5, rate=10, concurrency=8)) == 5
    assert not refused(sandbox)


def test_a_provider_that_lets_nothing_through_is_given_up(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Repeated as often as the task says, and no more."""
    lists: dict[str, Any] = {"provider": row.provider, "method": "GET", "path": row.owned_list}
    sandbox.faults({"match": lists, "kind": "status", "status": 429, "retry_after": 0})
    sandbox.log()
    run.fails("rate_limited", "number_info", retries=2)
    assert refused(sandbox) == 3
