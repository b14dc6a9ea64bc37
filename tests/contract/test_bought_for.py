# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what was bought for a want counts for it, whatever the provider's records say of it, and counts for nothing
else.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner
from test_outcomes import on_charge


def contradicting(row: Row, **fault: Any) -> dict[str, Any]:
    """A fault that lets the list of owned numbers tell another fact than the offers do."""
    return {
        "match": {"provider": row.provider, "method": "GET", "path": row.owned_list},
        "kind": "body",
        "merge_items": row.other_fact,
        **fault,
    }


def test_a_number_whose_record_contradicts_its_offer_is_bought_once_and_the_task_says_so(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.faults(contradicting(row))
    for _run in range(3):
        failed = run.fails("inconsistent_list", "number_purchase", **row.where, count=1)
        (owned,) = sandbox.state(row)["owned"]
        assert owned["number"].lstrip("+") in failed["msg"] and "close_orders" in failed["msg"], failed["msg"]
    sandbox.faults()
    done = run("number_purchase", **row.where, count=1)
    assert (
        done["changed"] is False
        and len(done["numbers"]) == 1 == len(sandbox.state(row)["owned"])
        and not done["orders"]
    )


def test_a_fact_that_the_record_tells_late_is_waited_for(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(contradicting(row, skip=1, count=2))
    done = run("number_purchase", **row.where, count=1, settle_time=10)
    assert not done.get("failed") and len(done["numbers"]) == 1 == len(sandbox.state(row)["owned"]), done


def test_a_later_run_waits_for_such_a_fact_and_buys_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(contradicting(row))
    run.fails("inconsistent_list", "number_purchase", **row.where, count=1)
    sandbox.faults(contradicting(row, count=2))
    done = run("number_purchase", **row.where, count=1, settle_time=30)
    assert (
        not done.get("failed")
        and done["changed"] is False
        and len(done["numbers"]) == 1 == len(sandbox.state(row)["owned"])
    ), done


@which.configure_and_link
def test_a_fact_that_the_record_never_tells_is_as_the_offer_said(run: Runner, row: Row, sandbox: Sandbox) -> None:
    untold = dict.fromkeys(("capabilities", "voice_enabled", "sms_enabled", "mms_enabled"))
    sandbox.faults(contradicting(row, merge_items=untold))
    for changed in (True, False):
        done = run("number_purchase", **row.where, count=2)
        assert (
            not done.get("failed")
            and done["changed"] is changed
            and len(done["numbers"]) == 2 == len(sandbox.state(row)["owned"])
        ), done


@which.link_on_purchase_one_by_one
def test_what_cannot_be_linked_as_wanted_is_not_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    cheapest = run("available_number_info", country="GB")["offers"][0]
    assert cheapest["capabilities"] == ["voice"], "the cheapest offers have voice only"
    for check in (True, False):
        result = run(
            "number_purchase", country="GB", count=1, application=row.application, capability="sms", check=check
        )
        bought = [number["capabilities"] for number in result.get("purchased", [])]
        assert all("sms" in capabilities for capabilities in bought), bought
    assert all("sms" in owned["applications"] for owned in sandbox.state(row)["owned"])


@which.link_on_purchase_one_by_one
def test_a_named_number_that_cannot_be_linked_as_wanted_is_said(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The message speaks of the number and of what it offers."""
    name = "+447700900155"
    offer = {"number": name, "country": "GB", "type": row.where.get("type"), "capabilities": ["voice"]}
    sandbox.reset({row.provider: {"extend": True, "offers": [{**offer, "monthly_price": "1.00"}]}})
    for check in (True, False):
        application = row.application_for("sms", run.features.kinds)
        options = {"numbers": [name], "application": application, "capability": "sms"}
        failed = run.fails("out_of_stock", "number_purchase", **options, check=check)
        assert f"{name} cannot be linked for sms: it offers voice only." in failed["msg"], failed["msg"]
    assert sandbox.state(row)["owned"] == []


@which.order
def test_new_numbers_of_two_orders_are_shared_out_as_a_set(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """One order is pending, a later one of the same group is in doubt, and one number came: it may belong to either."""
    offer = run("available_number_info", **row.where)["offers"][0]["id"]
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    (pending,) = run("number_purchase", **row.where, count=1, offer=offer)["orders"]
    sandbox.faults(
        on_charge(run, row, kind="reset", when="after", count=1),
        {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600},
    )
    doubtful = run.fails("unknown_outcome", "number_purchase", **row.where, count=2, offer=offer, settle_time=0)[
        "failure"
    ]["completed"]["orders"][0]
    sandbox.faults()
    for count in (2, 3):
        again = run.fails("unknown_outcome", "number_purchase", **row.where, count=count, offer=offer)
        assert (
            doubtful["id"] in again["msg"].partition("close_orders")[2]
            and pending["id"] not in again["msg"].partition("close_orders")[2]
        )
        assert pending["id"] in again["msg"], "the message says whose the number may be as well"
    # Who looks and closes the order in doubt has two numbers: the one that came and the pending one.
    assert run("number_purchase", **row.where, count=2, offer=offer, close_orders=[doubtful["id"]])["purchased"] == []
    sandbox.change(row, fulfil=True)
    done = run("number_purchase", **row.where, count=2, offer=offer)
    assert len(done["numbers"]) == 2 == len(sandbox.state(row)["owned"]) and not done["orders"]


@which.order
def test_a_delivered_order_whose_number_is_of_another_country_of_its_plan_is_said(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """Puerto Rico is sold as US: the order has come, and nothing is bought in its place."""
    facts = {"country": "US", "type": row.where.get("type"), "capabilities": ["voice"], "monthly_price": "1.00"}
    place = {"region": "SAN JUAN, PUERTO RICO", "area_code": "787", "record": {"country": "PR"}}
    group = {"id": "11000000000787", "stock": 3, **facts, **place}
    sandbox.reset({row.provider: {"extend": True, "offers": [group]}})
    wanted = {"country": "US", "count": 1, "offer": group["id"]}
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    assert run("number_purchase", **wanted)["orders"][0]["status"] == "pending"
    sandbox.change(row, fulfil=True)
    (owned,) = sandbox.state(row)["owned"]
    for _run in range(2):
        failed = run.fails("inconsistent_list", "number_purchase", **wanted)
        assert owned["number"] in failed["msg"] and "PR" in failed["msg"], failed["msg"]
    assert len(sandbox.state(row)["owned"]) == 1


@which.order
def test_a_number_that_came_otherwise_is_said_while_another_order_of_its_group_is_on_its_way(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    """Which of two orders brought it cannot be told yet, and its record does not match. It was bought for the want."""
    facts = {"country": "AT", "type": row.where.get("type"), "capabilities": ["voice"], "monthly_price": "1.00"}
    place = {"region": "WIEN, AUSTRIA", "area_code": "1", "record": {"region": "VIENNA, AUSTRIA"}}
    group = {"id": "43000000000787", "stock": 6, **facts, **place}
    sandbox.reset({row.provider: {"extend": True, "offers": [group]}})
    wanted = {"country": "AT", "region": "Wien", "type": row.where.get("type")}
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    assert run("number_purchase", **wanted, count=1)["changed"]
    sandbox.faults(on_charge(run, row, kind="pending", count=1, fulfil_after_reads=1))
    assert run("number_purchase", **wanted, count=2)["changed"]
    (number,) = run("number_info")["numbers"]
    for fulfil in (False, True):
        sandbox.change(row, fulfil=fulfil)
        for check in (True, False):
            failed = run.fails("inconsistent_list", "number_purchase", **wanted, count=2, check=check)
            assert number["number"] in failed["msg"] and "VIENNA" in failed["msg"], failed["msg"]
    assert len(sandbox.state(row)["owned"]) == 2


@which.order
def test_a_number_that_is_linked_elsewhere_settles_no_order(run: Runner, row: Row, sandbox: Sandbox) -> None:
    offer = run("available_number_info", **row.where)["offers"][0]["id"]
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    first = run("number_purchase", **row.where, count=1, offer=offer, application=row.application)
    assert first["orders"][0]["status"] == "pending"
    own = {"number": "+46812345670", "offer": offer, "applications": {"voice": row.other_application}}
    sandbox.change(row, own=[own])
    again = run("number_purchase", **row.where, count=1, offer=offer, application=row.application)
    assert again["changed"] is False and again["orders"][0]["status"] == "pending" and not again["numbers"]
    sandbox.change(row, fulfil=True)
    assert run("number_purchase", **row.where, count=1, offer=offer, application=row.application)["purchased"] == []
    assert len(sandbox.state(row)["owned"]) == 2


@which.order
def test_a_number_that_was_waited_for_is_linked(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1, fulfil_after_reads=3))
    assert run("number_purchase", **row.where, count=1)["orders"][0]["status"] == "pending"
    done = run("number_purchase", **row.where, count=1, application=row.application, wait=True, wait_timeout=20)
    (number,) = done["numbers"]
    assert set(number["applications"].values()) == {row.application} and done["linked"] == [number["number"]], done
    assert run("number_purchase", **row.where, count=1, application=row.application)["changed"] is False


@which.order
def test_who_waits_gives_the_account_back_meanwhile(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(run, "number_purchase", **row.where, count=1, wait=True, wait_timeout=60)
        while not sandbox.state(row)["orders"]:
            assert not waiting.done(), waiting.result()
        other = run("number_purchase", **row.where, count=1)
        assert not other.get("failed") and other["changed"] is False and not waiting.done(), other
        sandbox.change(row, fulfil=True)
        assert len(waiting.result()["purchased"]) == 1 == len(sandbox.state(row)["owned"]), waiting.result()


@which.order
def test_nobody_waits_for_an_order_when_what_is_wanted_is_there(run: Runner, row: Row, sandbox: Sandbox) -> None:
    run.buy(2)
    sandbox.faults(on_charge(run, row, kind="pending", count=1))
    run("number_purchase", **row.where, count=3)
    done = run("number_purchase", **row.where, count=2, wait=True, wait_timeout=1)
    assert not done.get("failed") and len(done["numbers"]) == 2


@which.reserve
def test_a_reservation_that_nobody_wants_any_more_blocks_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    lag = {"match": {"provider": row.provider}, "kind": "lag", "seconds": 3600}
    sandbox.faults(on_charge(run, row, kind="reset", when="before"), lag)
    run("number_purchase", **row.where, count=2, settle_time=0)
    (path,) = Path(run.common["journal"]).glob("*.jsonl")
    path.write_text(
        path.read_text().replace('"status": "unknown"', '"status": "intent"')
    )  # as a task leaves it that is killed
    sandbox.faults()
    done = run("number_purchase", **row.where, count=1)
    assert len(done["purchased"]) == 1 == len(sandbox.state(row)["owned"]), done
    assert [order["status"] for order in done["orders"]] == ["fulfilled"]


@which.sell_by_number
def test_lines_stand_as_they_were_quoted_however_they_are_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    wish = {**row.where, "count": 4}
    predicted = run("number_purchase", **wish, check=True)
    sandbox.faults(on_charge(run, row, kind="delay", seconds=0.2, skip=1, count=1))
    done = run("number_purchase", **wish, concurrency=4)
    assert predicted["quote"] == done["quote"] and [number["number"] for number in predicted["purchased"]] == [
        number["number"] for number in done["purchased"]
    ]


@which.configure_and_link
def test_check_mode_says_which_numbers_are_linked(run: Runner, row: Row, sandbox: Sandbox) -> None:
    wish = {**row.where, "count": 2, "application": row.application}
    if not run.features.links_whole:
        wish["capability"] = "voice"
    predicted, done = run("number_purchase", **wish, check=True), run("number_purchase", **wish)
    if run.features.purchase == "number":
        assert (
            predicted["linked"] == done["linked"]
            and predicted["numbers"]
            and len(predicted["numbers"]) == len(done["numbers"])
        )
    assert predicted["changed"] and done["changed"] and predicted["quote"] == done["quote"]
