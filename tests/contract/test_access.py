# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what every provider is opened with, how its requests are named, and how long it makes a task wait."""

from __future__ import annotations

import email.utils
import time
from typing import Any

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from ansible_collections.telco.numbers.plugins.module_utils._tasks.options import COMMON
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


def answer(row: Row, **fault: Any) -> dict[str, Any]:
    return {"match": {"provider": row.provider, "path": row.owned_list, "method": "GET"}, **fault}


# -- the provider's id of a request ------------------------------------------------------------------------------------


def named(row: Row) -> tuple[dict[str, Any], str | None]:
    """What lets an answer tell an id, and the id that is then to be told."""
    headers, field = load(row.provider).request_id
    sent = {"headers": dict.fromkeys(headers, "RQ-1"), "body": {field: "RQ-1"} if field else {}}
    return sent, "RQ-1" if headers or field else None


@pytest.mark.parametrize("status", [200, 302, 400, 403, 500])
def test_a_failure_has_the_id_of_its_request(run: Runner, row: Row, sandbox: Sandbox, status: int) -> None:
    told, identity = named(row)
    sandbox.faults(answer(row, kind="status", status=status, **told))
    result = run("number_info", retries=0)
    assert result["failed"] and result["failure"]["request_id"] == identity, result


def test_an_unknown_outcome_has_the_id_of_its_request(run: Runner, row: Row, sandbox: Sandbox) -> None:
    told, identity = named(row)
    changes = [
        {"match": {"provider": row.provider, "method": method}, "kind": "status", "status": 502, **told}
        for method in ("PUT", "POST")
    ]
    run("account_info", session_cache=run.common["journal"] + "-sessions")
    sandbox.faults(*changes)
    result = run("number_purchase", **row.where, count=1, session_cache=run.common["journal"] + "-sessions")
    assert result["failed"] and result["failure"]["request_id"] == identity, result


@pytest.mark.parametrize("identity", ["", "a b", "a\nb", "x" * 201, 5, None, ["x"], "é"])
def test_what_is_no_id_is_not_told(run: Runner, row: Row, sandbox: Sandbox, identity: Any) -> None:
    headers, field = load(row.provider).request_id
    header = (
        {"headers": dict.fromkeys(headers, identity)} if isinstance(identity, str) and identity.isprintable() else {}
    )
    sandbox.faults(answer(row, kind="status", status=400, body={field or "id": identity}, **header))
    assert run("number_info", retries=0)["failure"]["request_id"] is None


# -- how long to wait --------------------------------------------------------------------------------------------------


def waits(asked: dict[str, Any]) -> Any:
    """A case of an answer that asks for a pause with these headers."""
    return pytest.param(asked, id="-".join(asked))


@pytest.mark.parametrize(
    "asked",
    [
        waits({"Retry-After": "86400"}),
        waits({"X-RateLimit-Reset": "3600"}),
        waits({"X-RateLimit-Reset": "4102444800"}),
        waits({"X-RateLimit-Reset": "4102444800000"}),
        waits({"Retry-After": "Thu, 26 Nov 2099 12:00:00 GMT"}),
    ],
)
def test_a_pause_beyond_the_deadline_ends_the_task(
    run: Runner, row: Row, sandbox: Sandbox, asked: dict[str, str]
) -> None:
    sandbox.faults(answer(row, kind="status", status=429, body={}, headers=asked))
    sandbox.log()
    result = run.fails("rate_limited", "number_info", retries=5)
    assert "asks to wait" in result["msg"]
    assert [entry["status"] for entry in sandbox.log()].count(429) == 1


def test_a_date_is_counted_by_the_clock_of_the_answer(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """An hour later by its own clock, and now by this machine's."""
    now = time.time()
    dates = {
        "Date": email.utils.formatdate(now - 3600, usegmt=True),
        "Retry-After": email.utils.formatdate(now, usegmt=True),
    }
    sandbox.faults(answer(row, kind="status", status=429, body={}, headers=dates))
    assert "3600 s" in run.fails("rate_limited", "number_info")["msg"]


# -- credentials and variables -----------------------------------------------------------------------------------------


def refused(row: Row) -> dict[str, str]:
    return dict(load(row.provider).access.refused_env)


def test_a_variable_that_one_address_cannot_express_is_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.log()
    for variable, advice in refused(row).items():
        result = run.fails("invalid_option", "number_info", env={variable: "elsewhere"})
        assert variable in result["msg"] and advice in result["msg"] and row.provider in result["msg"]
    assert not sandbox.log()
    assert not run("number_info", env=dict.fromkeys(refused(row), "")).get("failed")


@which.can_be_opened_otherwise
def test_credentials_of_the_task_silence_the_variables_of_other_ways(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Be they wrong, half or whole."""
    access = load(row.provider).access
    others = {option for method in access.methods for option in method} - {*row.credentials, *access.required}
    names = {
        variable
        for one in access.credentials
        if one.option in others
        for variable in (*one.env, f"TELCO_NUMBERS_{row.provider}_{one.option}".upper())
    }
    assert names and not run("number_info", env=dict.fromkeys(names, "sandbox-wrong-secret")).get("failed")


def test_a_missing_option_is_named_as_the_provider_names_it(run: Runner, row: Row) -> None:
    access = load(row.provider).access
    said = run.fails("invalid_option", "number_info", **dict.fromkeys(row.credentials))["msg"]
    for one in access.credentials:
        word = one.label.lower().replace(" ", "_")
        aliases = COMMON[one.option].get("aliases", [])
        if f"{one.option} (" in said and word in aliases:
            assert f"{one.option} (alias {word}, environment " in said
        if f"{one.option} (" in said:
            assert all(variable in said for variable in one.env)


def test_every_alias_opens_an_account(run: Runner, row: Row) -> None:
    """Whatever the vendor calls it."""
    aliases = {option: COMMON[option].get("aliases", [option]) for option in row.credentials}
    for place in range(max(map(len, aliases.values()))):
        given = {names[min(place, len(names) - 1)]: row.credentials[option] for option, names in aliases.items()}
        assert not run("number_info", **{**dict.fromkeys(row.credentials), **given}).get("failed"), given
