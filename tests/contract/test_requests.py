# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: no task sends more requests than the API needs, and a second run reads the list alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


@pytest.fixture()
def count(run: Runner, sandbox: Sandbox, row: Row) -> Any:
    """Runs a task and returns the number of its requests, those of the handshake left out."""

    def counted(module: str, **options: Any) -> int:
        sandbox.log()
        result = run(module, **options)
        assert not result.get("failed"), result
        return len(sandbox.log()) - row.login

    return counted


def test_reading(count: Any, row: Row) -> None:
    assert count("account_info") == (0 if row.login else 1)
    assert count("available_number_info", **row.where) == row.search
    assert count("number_info") == 1


def test_a_purchase_and_its_second_run(count: Any, run: Runner, row: Row) -> None:
    """List, search, the purchase calls, list; then the list alone."""
    calls = row.calls or {"number": 3, "group": 1, "reservation": 2}[run.features.purchase]
    assert count("number_purchase", **row.where, count=3, check=True) == 1 + row.places + row.search
    assert count("number_purchase", **row.where, count=3) == 1 + row.search + calls + row.reading
    assert count("number_purchase", **row.where, count=3) == row.reading


@which.sell_by_number
def test_the_look_up_of_named_numbers(count: Any, run: Runner, row: Row) -> None:
    """A look-up each, or one search by their common beginning where that is less."""
    names = [offer["number"] for offer in run("available_number_info", **row.where)["offers"][:3]]
    assert count("number_purchase", numbers=names, check=True) == 1 + row.places + row.lookups
    assert count("number_purchase", numbers=names[:1], check=True) == 1 + row.places + row.lookup


@which.log_in
def test_a_cached_session_saves_the_handshake(run: Runner, sandbox: Sandbox, row: Row, tmp_path: Path) -> None:
    cache = str(tmp_path / "sessions")
    run("account_info", session_cache=cache)
    sandbox.log()
    run("number_purchase", **row.where, count=3, session_cache=cache)
    assert len(sandbox.log()) == 5


@which.log_in
def test_an_expired_session_is_renewed_once(run: Runner, sandbox: Sandbox, row: Row, tmp_path: Path) -> None:
    cache = str(tmp_path / "sessions")
    run("account_info", session_cache=cache)
    sandbox.change(row, expire_instances=True)
    sandbox.log()
    assert not run("number_info", session_cache=cache).get("failed")
    assert [entry["status"] for entry in sandbox.log()] == [401, 200, 200, 200, 200]


@which.link
def test_assignment(count: Any, run: Runner, row: Row) -> None:
    """One number: get or list it, change it, read it where the answer does not show it; an overwriting call is read
    just before.
    """
    (number,) = run.buy(1)
    capabilities = len(set(number["capabilities"]) & set(run.features.linked_capabilities))
    link = 2 * capabilities if row.overwrites else 1
    read_back = 0 if row.answers_show else row.back
    reading = row.single or row.reading
    wish = {"numbers": [number], "application": row.application}
    assert count("number_assignment", **wish, check=True) == reading
    assert count("number_assignment", **wish) == reading + link + read_back
    assert count("number_assignment", **wish) == reading
    assert count("number_assignment", **wish, state="absent") == reading + 1 + read_back
    assert count("number_assignment", **wish, state="absent") == reading


@which.link
def test_assignment_of_several(count: Any, run: Runner, row: Row) -> None:
    """The list is not just before each call, so each number is read again where a call is for one number."""
    numbers = run.buy(3)
    capabilities = len(set(numbers[0]["capabilities"]) & set(run.features.linked_capabilities))
    link = 3 * (row.reading + 1) if run.features.links_each else row.links_together or 2 * capabilities
    read_back = 0 if row.answers_show else row.backs
    assert count("number_assignment", numbers=numbers, application=row.application) == row.reading + link + read_back
    assert count("number_assignment", numbers=numbers, application=row.application) == row.reading


@which.configure
def test_configuration(count: Any, run: Runner, row: Row) -> None:
    """Read it, set it, read it where the answer does not show it; several are read again, each just before, where the
    call overwrites.
    """
    numbers = run.buy(3)
    read_back = 0 if row.answers_show else 1
    each = row.reading + 1 if load(row.provider).rewrites else 1
    assert count("number_configuration", numbers=numbers[:1], **row.settings) == row.reading + 1 + read_back
    assert count("number_configuration", numbers=numbers[:1], **row.settings) == row.reading
    assert count("number_configuration", numbers=numbers[:2], **row.settings) == row.reading + 1 + read_back
    assert count("number_configuration", numbers=numbers, **row.other_setting) == row.reading + 3 * each + read_back
    assert count("number_configuration", numbers=numbers, **row.other_setting) == row.reading


@which.release
def test_release(count: Any, run: Runner, row: Row) -> None:
    """A number that is gone takes the get that finds nothing and the list that proves it; infobip_sms's get is a
    list.
    """
    numbers = run.buy(3)
    assert count("number_release", numbers=numbers[:1]) == (row.single or row.reading) + row.gives
    assert count("number_release", numbers=numbers[1:]) == row.reading + 2 * row.gives
    assert count("number_release", numbers=numbers[:1]) == (1 if row.leaves else 2)
    assert count("number_release", numbers=numbers[1:]) == 1


def test_unread_options_send_nothing(count: Any, run: Runner, row: Row) -> None:
    for module in ("number_purchase", "number_info"):
        assert count(module, numbers=[]) == -row.login
