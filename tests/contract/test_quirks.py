# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what one provider alone says, and what it must not lead to."""

from __future__ import annotations

from typing import Any

import pytest
from contract_fixtures import Sandbox
from rows import ROWS, Row
from runner import Runner


def only(provider: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "row", [row for row in ROWS if row.provider == provider], ids=lambda row: row.provider
    )


def on(row: Row, method: str, **fault: Any) -> dict[str, Any]:
    return {"match": {"provider": row.provider, "method": method}, **fault}


def sent(sandbox: Sandbox, method: str) -> list[dict[str, Any]]:
    return [entry for entry in sandbox.log() if entry["method"] == method]


@only("sinch_catalog")
def test_an_exhausted_number_is_shown_and_not_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on(row, "GET", kind="body", merge_items={"lifecycle": "exhausted"}))
    offers = run("available_number_info", **row.where)["offers"]
    assert offers and not any(offer["stock"] for offer in offers)
    for wish in ({**row.where, "count": 1}, {"numbers": [offers[0]["number"]]}):
        run.fails("out_of_stock", "number_purchase", **wish)
    assert not sent(sandbox, "POST")


@only("sinch_catalog")
def test_a_page_may_have_no_meta_but_must_say_so(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on(row, "GET", kind="body", body={"items": None, "meta": None}))
    assert run("number_info")["numbers"] == []
    sandbox.faults(on(row, "GET", kind="body", body={"items": None}))
    run.fails("provider_error", "number_info")


@only("sinch_catalog")
def test_a_release_is_not_repeated_where_nothing_tells_one_purchase_from_the_next(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """A record without a date and with its digits as its id: who owns it after a lost answer may have bought it
    again.
    """
    (number,) = run.buy(1)
    sandbox.faults(on(row, "DELETE", kind="reset", when="before", count=1))
    sandbox.log()
    run.fails("unknown_outcome", "number_release", numbers=[number["number"]])
    assert len(sent(sandbox, "DELETE")) == 1 and sandbox.state(row)["owned"]


@only("plivo_groups")
def test_a_group_that_vanished_is_quoted_anew(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on(row, "POST", kind="status", status=404, body={"api_id": "1", "error": "not found"}))
    sandbox.log()
    run.fails("out_of_stock", "number_purchase", **row.where, count=1)
    searches = [
        entry for entry in sandbox.log() if entry["method"] == "GET" and "AvailableNumberGroup" in entry["path"]
    ]
    assert len(searches) == 2 and not sandbox.state(row)["owned"]


@only("plivo_groups")
def test_an_open_order_that_may_match_is_settled_by_its_id(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on(row, "POST", kind="pending", count=1))
    wish = {"country": "US", "type": "local", "count": 1}
    (order,) = run("number_purchase", **wish, prefix="504")["orders"]
    failed = run.fails("undecidable", "number_purchase", **wish, prefix="5042")
    assert f"close_orders: ['{order['id']}']" in failed["msg"] and "exclude" not in failed["msg"]
    assert (
        run("number_purchase", **wish, prefix="5042", close_orders=[order["id"]], check=True)
        .get("failure", {})
        .get("code")
        != "undecidable"
    )


@only("infobip_sms")
@pytest.mark.parametrize("options", [{}, {"limit": 1}])
def test_a_total_that_nobody_can_read_is_refused(
    run: Runner, row: Row, sandbox: Sandbox, options: dict[str, int]
) -> None:
    sandbox.faults(on(row, "GET", kind="body", merge={"numberCount": 150_000_000}))
    sandbox.log()
    run.fails("provider_error", "available_number_info" if options else "number_info", **options)
    assert len(sandbox.log()) == 1


@only("sinch_portal")
def test_an_application_is_named_as_the_provider_writes_it(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Else its own numbers would not count, and every run would buy more."""
    run.buy(1, application=row.application)
    written = str(row.application).upper()
    rows = {
        "match": {"provider": row.provider, "method": "GET", "path": "/numbers$"},
        "kind": "body",
        "merge_items": {"applicationKey": written},
    }
    sandbox.faults(rows)
    failed = run.fails("invalid_option", "number_purchase", **row.where, count=2, application=row.application)
    assert written in failed["msg"] and len(sandbox.state(row)["owned"]) == 1


@only("sinch_portal")
def test_a_link_that_was_written_again_and_is_gone_afterwards_is_said(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """An overwriting call writes the links of others again; one that is not there afterwards may have been dropped."""
    kept, added = sorted(number["number"] for number in run.buy(2))
    run("number_assignment", numbers=[kept], application=row.application)
    # After the organisation, the numbers, and the list of the application for each capability.
    gone = {"kind": "meanwhile", "account": row.account, "change": {"links": {kept: {}}}, "count": 1, "skip": 4}
    sandbox.faults(on(row, "GET", **gone))
    done = run("number_assignment", numbers=[added], application=row.application)
    assert done["changed"] and [kept in warning for warning in done["warnings"]] == [True]
