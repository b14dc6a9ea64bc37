# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what something in between answers is no refusal of the provider, whatever its status says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import ROWS, Row
from runner import Runner
from test_outcomes import CHARGES, on_charge

# What gateways, proxies and firewalls answer: pages, nothing, and JSON that is not the provider's.
BETWEEN = {
    "a page": {"status": 403, "body": "<html><body>403 Forbidden</body></html>"},
    "nothing": {"status": 404, "body": None},
    "a message": {"status": 400, "body": {"message": "Bad request"}},
    "a code": {"status": 404, "body": {"code": 404, "message": "no route matched"}},
    "an error": {"status": 409, "body": {"error": "not found: no upstream"}},
    "an object": {
        "status": 422,
        "body": {"error": {"code": "20404", "message": "not found"}, "requestError": {}, "errorCode": None},
    },
    "a log-in": {"status": 401, "body": "<html><body>Sign in to the proxy</body></html>"},
}
every_one = pytest.mark.parametrize(
    "said", [{"kind": "status", **said} for said in BETWEEN.values()], ids=list(BETWEEN)
)
some = pytest.mark.parametrize(
    "said",
    [{"kind": "status", **BETWEEN[name]} for name in ("a page", "nothing", "a log-in")],
    ids=["a page", "nothing", "a log-in"],
)
HIDDEN = {"kind": "lag", "seconds": 3600}  # the list shows nothing that was bought


def writes(sandbox: Sandbox) -> list[tuple[str, str, Any, Any]]:
    """The requests since the last call that changed something, or were to."""
    return [
        (entry["method"], entry["path"], entry["query"], entry["body"]) for entry in sandbox.log() if entry["mutating"]
    ]


def on_write(row: Row, *methods: str, **fault: Any) -> list[dict[str, Any]]:
    return [{"match": {"provider": row.provider, "method": method}, **fault} for method in methods]


def on_link(row: Row, **fault: Any) -> list[dict[str, Any]]:
    """A log-in is a POST, too."""
    return on_write(row, *(("PUT", "DELETE") if row.login else (row.writes,)), **fault)


def charges(sandbox: Sandbox, run: Runner) -> list[str]:
    """The purchases since the last call; our own key, which is new each time, is blotted out."""
    method, path = CHARGES[run.features.purchase]
    return [_without_key(entry) for entry in writes(sandbox) if entry[0] == method and re.search(path, entry[1])]


def _without_key(entry: tuple[str, str, Any, Any]) -> str:
    return re.sub("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "KEY", str(entry))


# -- purchases ---------------------------------------------------------------------------------------------------------


@every_one
def test_a_purchase_that_was_carried_out_is_found_in_the_list(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    sandbox.faults(on_charge(run, row, when="after", count=1, **said))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]), result


@every_one
def test_a_purchase_that_was_carried_out_is_not_bought_again_while_the_list_lags(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    sandbox.faults(on_charge(run, row, when="after", count=1, **said), {"match": {"provider": row.provider}, **HIDDEN})
    for _run in range(2):
        result = run("number_purchase", **row.where, count=1)
        assert len(sandbox.state(row)["owned"]) == 1, result
    sandbox.faults()
    assert run("number_purchase", **row.where, count=1)["changed"] is False
    assert len(sandbox.state(row)["owned"]) == 1


@every_one
def test_a_purchase_that_was_not_carried_out_leads_to_no_other_one(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    """The same one may be asked for once more, where that is safe. Nothing else is, and the task does not call it
    refused.
    """
    sandbox.faults(on_charge(run, row, when="before", **said))
    sandbox.log()
    run.fails("unknown_outcome", "number_purchase", **row.where, count=1)
    first = charges(sandbox, run)
    assert 1 <= len(first) <= 2 and len(set(first)) == 1
    run("number_purchase", **row.where, count=1)
    assert set(charges(sandbox, run)) <= set(first) and not sandbox.state(row)["owned"]


@which.reserve
@every_one
def test_a_reservation_that_was_made_is_not_taken_for_refused(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    sandbox.faults(*on_write(row, "PUT", when="after", count=1, **said))
    result = run("number_purchase", **row.where, count=2)
    assert len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and result["warnings"], result


@which.sell_by_number
def test_a_number_whose_purchase_only_seemed_refused_is_asked_for_once_more(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(on_charge(run, row, kind="status", when="before", count=1, **BETWEEN["a page"]))
    sandbox.log()
    result = run("number_purchase", **row.where, count=1)
    assert len(result["purchased"]) == 1 == len(sandbox.state(row)["owned"]), result
    first, second = map(_without_key, writes(sandbox))
    assert first == second


@pytest.mark.parametrize(
    ("row", "status"),
    [(row, status) for row in ROWS for status in (404, 410) if not (row.login and status == 404)],
    ids=lambda value: getattr(value, "provider", None),
)
def test_a_refusal_in_the_form_of_the_provider_that_its_document_does_not_list_proves_nothing(
    run: Runner, row: Row, sandbox: Sandbox, status: int
) -> None:
    """A purchase that was carried out, and whose record could not be found right after it: providers have answered that
    with 404.
    """
    sandbox.faults(on_charge(run, row, kind="status", status=status, when="after", count=1))
    result = run("number_purchase", **row.where, count=2)
    assert not result.get("failed") and len(result["numbers"]) == 2 == len(sandbox.state(row)["owned"]), result


# -- links, settings ---------------------------------------------------------------------------------------------------


def applications(sandbox: Sandbox, row: Row) -> set[str]:
    (owned,) = sandbox.state(row)["owned"]
    return set(owned["applications"].values())


@which.link
@some
def test_a_link_that_was_made_or_dropped_is_read_back(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    numbers = run.buy(1)
    for state, then in (("present", {row.application}), ("absent", set())):
        sandbox.faults(*on_link(row, when="after", count=1, **said))
        result = run("number_assignment", numbers=numbers, application=row.application, state=state)
        assert not result.get("failed") and result["changed"], result
        assert applications(sandbox, row) == then


@which.link
@some
def test_a_link_that_was_not_made_or_dropped_is_not_called_refused(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    numbers = run.buy(1)
    for state, then in (("present", set()), ("absent", {row.application})):
        sandbox.faults(*on_link(row, when="before", **said))
        run.fails("unknown_outcome", "number_assignment", numbers=numbers, application=row.application, state=state)
        assert applications(sandbox, row) == then
        sandbox.faults()
        run("number_assignment", numbers=numbers, application=row.application)


@which.configure
@some
def test_settings_that_were_written_are_read_back(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    numbers = run.buy(1)
    sandbox.faults(*on_write(row, "POST", "PATCH", when="before", **said))
    run.fails("unknown_outcome", "number_configuration", numbers=numbers, **row.setting)
    sandbox.faults(*on_write(row, "POST", "PATCH", when="after", count=1, **said))
    result = run("number_configuration", numbers=numbers, **row.setting)
    assert not result.get("failed") and result["changed"], result
    sandbox.faults()
    assert run("number_configuration", numbers=numbers, **row.setting)["changed"] is False


# -- releases ----------------------------------------------------------------------------------------------------------


@which.release
@every_one
def test_a_release_is_what_the_list_says(run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]) -> None:
    numbers = run.buy(2)
    sandbox.faults(*on_write(row, row.gives_back, when="after", count=1, **said))
    assert run("number_release", numbers=numbers[:1])["changed"]
    assert [owned["number"] for owned in sandbox.state(row)["owned"]] == [numbers[1]["number"]]
    sandbox.faults(*on_write(row, row.gives_back, when="before", **said))
    failed = run.fails("unknown_outcome", "number_release", numbers=numbers[1:])
    assert not failed["failure"]["completed"]["released"] and len(sandbox.state(row)["owned"]) == 1


@which.release
@pytest.mark.parametrize("status", [200, 202])
def test_a_success_with_an_error_in_it_is_no_release(run: Runner, row: Row, sandbox: Sandbox, status: int) -> None:
    numbers = run.buy(1)
    said = {"error": "the number is locked", "api_id": "1", "code": 20500, "message": "the number is locked"}
    sandbox.faults(*on_write(row, row.gives_back, kind="status", status=status, body=said, when="before"))
    run.fails("unknown_outcome", "number_release", numbers=numbers)
    assert len(sandbox.state(row)["owned"]) == 1


@which.link
def test_a_success_with_an_error_in_it_is_no_link(run: Runner, row: Row, sandbox: Sandbox) -> None:
    numbers = run.buy(1)
    said = {"error": "try later", "api_id": "1", "errorCode": 50000, "message": "try later"}
    sandbox.faults(*on_link(row, kind="status", status=200, body=said, when="before"))
    run.fails("unknown_outcome", "number_assignment", numbers=numbers, application=row.application)
    assert not applications(sandbox, row)


# -- reading -----------------------------------------------------------------------------------------------------------


@some
def test_what_stands_in_between_does_not_say_that_a_number_is_not_owned(
    run: Runner, row: Row, sandbox: Sandbox, said: dict[str, Any]
) -> None:
    (number,) = run.buy(1)
    sandbox.faults(*on_write(row, "GET", **said))
    for module, options in (
        ("number_info", {"numbers": [number["number"]]}),
        ("number_release", {"numbers": [number["number"]]}),
    ):
        if module == "number_info" or run.features.release:
            assert run(module, **options).get("failed"), module


def test_a_page_in_between_does_not_say_that_an_id_is_unknown(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = run.buy(1)
    sandbox.faults(*on_write(row, "GET", kind="status", status=404, body="<html>404</html>"))
    run.fails("not_found", "number_info", id=number["id"])
