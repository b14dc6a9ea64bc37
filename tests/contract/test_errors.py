# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what a provider or a network refuses becomes one line, a code of the closed list and the provider's own
code.
"""

from __future__ import annotations

from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

PORTAL = [
    (400, 40001, "invalid_option"),
    (400, 40002, "invalid_option"),
    (400, 40003, "not_found"),
    (401, 40100, "authentication_failed"),
    (401, 40101, "authentication_failed"),
    (401, 40102, "authentication_failed"),
    (401, 40108, "authentication_failed"),
    (402, 40200, "insufficient_credit"),
    (403, 40300, "forbidden"),
    (403, 40301, "forbidden"),
    (404, 40400, "not_found"),
    (422, 42200, "account_setup"),
    (500, 50000, "provider_unavailable"),
    (503, 50300, "provider_unavailable"),
]
STATUS = [
    (400, "provider_error"),
    (401, "authentication_failed"),
    (402, "insufficient_credit"),
    (403, "forbidden"),
    (404, "not_found"),
    (409, "conflict"),
    (418, "provider_error"),
    (429, "rate_limited"),
    (500, "provider_unavailable"),
    (503, "provider_unavailable"),
]


def answer(row: Row, **fault: Any) -> dict[str, Any]:
    return {"match": {"provider": row.provider, "path": row.owned_list}, **fault}


@which.log_in_step_by_step
@pytest.mark.parametrize(("status", "code", "expected"), PORTAL)
def test_portal_codes(run: Runner, row: Row, sandbox: Sandbox, status: int, code: int, expected: str) -> None:
    sandbox.faults(answer(row, kind="status", status=status, body={"errorCode": code, "message": "as documented"}))
    failure = run.fails(expected, "number_info", retries=0)["failure"]
    assert (failure["provider_code"], failure["http_status"], failure["message"]) == (
        str(code),
        status,
        "as documented",
    )


@pytest.mark.parametrize(("status", "expected"), STATUS)
def test_a_bare_status_is_understood(run: Runner, row: Row, sandbox: Sandbox, status: int, expected: str) -> None:
    sandbox.faults(
        answer(row, kind="status", status=status, body="<html>no JSON here</html>", headers={"Retry-After": "0"})
    )
    assert run.fails(expected, "number_info", retries=1)["failure"]["http_status"] == status


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "not_json"}, "provider_error"),
        ({"kind": "empty"}, "provider_error"),
        ({"kind": "redirect", "to": "same"}, "provider_error"),
        ({"kind": "redirect", "to": "other"}, "provider_error"),
        ({"kind": "reset"}, "connection_failed"),
        ({"kind": "truncate"}, "connection_failed"),
        ({"kind": "body", "body": [1, 2, 3]}, "provider_error"),
        ({"kind": "body", "body": {"numbers": "none", "items": 5, "objects": {}}}, "provider_error"),
        ({"kind": "body", "body": "text"}, "provider_error"),
        ({"kind": "body", "body": None}, "provider_error"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(str(item)[:12] for item in value.values()),
)
def test_a_broken_answer_is_a_failure_and_no_traceback(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any], expected: str
) -> None:
    sandbox.faults(answer(row, **fault))
    run.fails(expected, "number_info", retries=1)


def test_a_read_is_repeated_and_a_purchase_after_429_too(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(
        answer(row, kind="status", status=503, count=1),
        {
            "match": {"provider": row.provider, "method": "POST"},
            "kind": "status",
            "status": 429,
            "count": 1,
            "headers": {"Retry-After": "0"},
        },
    )
    assert len(run.buy(1)) == 1 and len(sandbox.state(row)["owned"]) == 1


@which.log_in_step_by_step
@pytest.mark.parametrize(
    ("status", "code", "expected"), [(429, 42900, "rate_limited"), (503, 50300, "deadline_exceeded")]
)
def test_a_wait_past_the_deadline_keeps_the_words_of_the_provider(
    run: Runner, row: Row, sandbox: Sandbox, status: int, code: int, expected: str
) -> None:
    said = {"errorCode": code, "message": "come back tomorrow"}
    sandbox.faults(answer(row, kind="status", status=status, body=said, headers={"Retry-After": "86400"}))
    failure = run.fails(expected, "number_info")["failure"]
    assert (failure["provider_code"], failure["message"], failure["http_status"]) == (
        str(code),
        "come back tomorrow",
        status,
    )


def test_nobody_answers(run: Runner, row: Row) -> None:
    result = run.fails("connection_failed", "number_info", api_url="http://127.0.0.1:9", retries=0)
    assert "127.0.0.1:9" in result["msg"]


def test_missing_credentials_are_named_with_their_variables(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.log()
    result = run.fails("invalid_option", "number_info", **dict.fromkeys(row.credentials))
    assert row.provider in result["msg"] and f"TELCO_NUMBERS_{row.provider.upper()}_" in result["msg"]
    assert not sandbox.log()


def test_credentials_come_from_the_environment_of_the_provider(run: Runner, row: Row, sandbox: Sandbox) -> None:
    env = {f"TELCO_NUMBERS_{row.provider}_{option}".upper(): value for option, value in row.credentials.items()}
    assert not run("number_info", env=env, **dict.fromkeys(row.credentials)).get("failed")
    wrong = {name.replace(row.provider.upper(), "OTHER"): value for name, value in env.items()}
    run.fails("invalid_option", "number_info", env=wrong, **dict.fromkeys(row.credentials))


@pytest.mark.parametrize("bad", ["../../admin", "a/b", "a?b", "a#b", "a\nb", "..", "%2e%2e"])
def test_an_id_never_changes_the_path(run: Runner, row: Row, sandbox: Sandbox, bad: str) -> None:
    """What a user writes into an id is one path segment or refused."""
    sandbox.log()
    result = run("number_info", id=bad)
    assert result.get("numbers") == [] or result["failure"]["code"] in ("invalid_option", "not_found", "provider_error")
    assert all(
        entry["path"].startswith(row.root) and "admin" not in entry["path"].split("/") for entry in sandbox.log()
    )


@which.lead_to_next_pages
def test_a_next_link_to_another_host_gets_no_credentials(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.change(row, own=[{"number": f"+4681{index:06d}", "country": "SE"} for index in range(60)])
    sandbox.faults(answer(row, kind="next_link", host="http://127.0.0.1:9"))
    assert "another host" in run.fails("provider_error", "number_info")["msg"]


@which.lead_to_next_pages
def test_a_next_link_that_repeats_ends_the_task(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.change(row, own=[{"number": f"+4681{index:06d}", "country": "SE"} for index in range(60)])
    sandbox.faults(answer(row, kind="next_link", repeat=True))
    run.fails("inconsistent_list", "number_info")
