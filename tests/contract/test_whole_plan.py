# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan converged in one task, at every provider: what the check says is what the run does, and the second run does
nothing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import which
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan import TASK
from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan_info import TASK as AUDIT
from contract_fixtures import Sandbox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planner import Planner, mutating, pool, statuses
from rows import ROWS, Row
from runner import Runner


@pytest.fixture()
def plan(sandbox: Sandbox, row: Row, tmp_path: Path) -> Planner:
    return Planner(sandbox, tmp_path, row)


def test_the_check_is_the_run_and_the_second_run_changes_nothing(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    check = plan.works(pool(row), check=True)
    assert mutating(sandbox) == [] and check["changed"] and sandbox.state(row)["owned"] == []
    ran = plan.works(pool(row))
    assert ran["changed"] and len(sandbox.state(row)["owned"]) == 2
    assert (statuses(check), check["totals"]) == (statuses(ran), ran["totals"]) == ({"pool": "changed"}, ran["totals"])
    sandbox.log()
    again = plan.works(pool(row))
    assert (statuses(again), again["changed"], again["totals"]) == ({"pool": "unchanged"}, False, {})
    assert mutating(sandbox) == []


def test_a_steady_account_costs_one_list_whatever_its_pools(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    plan.works(pool(row))
    names = [number["number"] for number in sandbox.state(row)["owned"]]
    pools = [{"name": f"pool {place}", "account": row.provider, "numbers": [name]} for place, name in enumerate(names)]
    costs = []
    for some in (pools, pools[:1]):
        sandbox.log()
        plan.works(*some)
        costs.append(sorted((entry["method"], entry["path"]) for entry in sandbox.log()))
    assert costs[0] == costs[1]


def test_equal_searches_are_sent_once(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    """Two pools that are told apart by nothing but what they are linked to, where the provider links numbers."""
    if row.application is None:
        pytest.skip("nothing tells two such pools apart")
    one, two = pool(row), pool(row, name="other", application=row.other_application)
    plan.works(one, check=True)
    alone = len(sandbox.log())
    plan.works(one, two, check=True)
    assert len(sandbox.log()) <= alone + 1  # some ask whether the second application exists


def test_pools_of_one_account_share_no_number(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    if row.application is None:
        pytest.skip("nothing tells two such pools apart")
    pools = [pool(row), pool(row, name="other", application=row.other_application)]
    check, ran = plan.works(*pools, check=True), plan.works(*pools)
    numbers = [number for one in ran["pools"] for number in one["numbers"]]
    assert len(set(numbers)) == len(numbers) == 4 == len(sandbox.state(row)["owned"])
    assert not [text for text in ran["warnings"] if "linked elsewhere" in text], "those are of the other pool"
    assert [one["quote"] for one in check["pools"]] == [one["quote"] for one in ran["pools"]]
    assert not plan.works(*pools)["changed"]


def test_a_pool_that_fails_stops_no_other_one(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    linked = {"application": row.other_application} if row.application else {}
    gone = {"name": "gone", "account": row.provider, **row.where, **linked, "country": "US", "count": 90000}
    if "US" in row.bare:
        gone["region"] = "NY"
    for check in (True, False):
        result = plan(gone, pool(row), check=check)
        assert result["failed"] and statuses(result) == {"gone": "failed", "pool": "changed"}
        assert result["failure"]["code"] == "out_of_stock" and result["msg"].startswith("1 of 2 pools failed. gone: ")
        assert "\n" not in result["msg"] and result["report"].splitlines()[0].startswith("pool ")
    assert len(sandbox.state(row)["owned"]) == 2 and list(result["failure"]["completed"]) == ["pool"]


def test_over_a_limit_nothing_is_bought_and_what_is_owned_is_mended(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    plan.works(pool(row))
    if row.settings:
        name = sandbox.state(row)["owned"][0]["number"]
        plan.works({"name": "one", "account": row.provider, "numbers": [name], "configuration": row.other_setting})
    more = pool(row, count=3, name="more", application=None, configuration=None)
    more.update(application=row.other_application) if row.other_application else more.update(count=4)
    pools = [pool(row), more] if row.application else [more]
    result = plan(*pools, limits={"EUR": {"max_monthly_total": "0.01"}, "USD": {"max_monthly_total": "0.01"}})
    assert result["failed"] and statuses(result)["more"] == "failed" and len(result["over"]) == 1
    assert result["failure"]["code"] == "price_limit" and len(sandbox.state(row)["owned"]) == 2
    if row.settings and row.application:
        assert statuses(result)["pool"] == "changed" and [
            change["to"] for change in result["pools"][0]["configured"]
        ] == [*row.setting.values()]


@which.link
def test_a_lost_link_is_made_again_and_nothing_is_bought(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    ran = plan.works(pool(row))
    name = ran["pools"][0]["numbers"][0]
    sandbox.change(row, links={name: {}})
    check = plan.works(pool(row), check=True)
    linked = [(change["number"], change["to"]) for change in check["pools"][0]["linked"]]
    assert check["changed"] and {number for number, _to in linked} == {name}
    assert {to for _number, to in linked} == {row.application} and check["totals"] == {}
    assert plan.works(pool(row))["pools"][0]["linked"] == check["pools"][0]["linked"]
    assert len(sandbox.state(row)["owned"]) == 2 and not plan.works(pool(row))["changed"]


def test_the_deadline_of_an_account_says_that_a_second_run_goes_on(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    plan.accounts[row.provider] = {**plan.accounts[row.provider], "deadline": 0.001}
    result = plan(pool(row))
    assert result["failed"] and result["pools"][0]["code"] == "deadline_exceeded", result
    assert "run again, a second run goes on" in result["pools"][0]["message"]
    assert mutating(sandbox) == []


def test_no_secret_is_shown(plan: Planner, row: Row) -> None:
    shown = repr(plan.works(pool(row), check=True)) + repr(TASK.invocation({"accounts": plan.accounts}, Secrets()))
    assert not [secret for secret in row.secrets if secret in shown]
    wrong = {**plan.accounts[row.provider], **row.wrong, "nonsense": 1}
    refused = plan(pool(row), accounts={row.provider: wrong})
    assert refused["failed"] and refused["failure"]["code"] == "invalid_option" and len(refused["problems"]) >= 1
    assert "sandbox-wrong-secret" not in repr(refused)


# -- numbers that are linked elsewhere ---------------------------------------------------------------------------------


@which.link
def test_another_application_buys_nothing_unless_the_plan_says_so(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    """The numbers of the pool as it was are named, in check mode and in a run; they may be moved, or left."""
    names = plan.works(pool(row))["pools"][0]["numbers"]
    other = pool(row, application=row.other_application)
    sandbox.log()
    for check in (True, False):
        result = plan(other, check=check)
        assert result["failure"]["code"] == "conflict" and mutating(sandbox) == []
        said = result["pools"][0]["message"]
        assert said.startswith("2 missing, and 2 owned numbers match and are linked elsewhere (2 to ")
        assert all(name in said for name in names) and f"move_from: ['{row.application}']" in said

    moving = {**other, "move_from": [row.application]}
    check, ran = plan.works(moving, check=True), plan.works(moving)
    assert check["totals"] == ran["totals"] == {} and check["pools"][0]["moved"] == ran["pools"][0]["moved"] != []
    assert {change["number"] for change in ran["pools"][0]["moved"]} == set(names)
    assert {one["number"] for one in sandbox.state(row)["owned"]} == set(names)
    assert ran["pools"][0]["numbers"] == names and not plan.works(moving)["changed"]

    left = pool(row, leave_linked=[row.other_application])
    check, ran = plan.works(left, check=True), plan.works(left)
    assert check["totals"] == ran["totals"] != {} and len(sandbox.state(row)["owned"]) == 4
    assert not plan.works(left)["changed"]


@which.link
def test_of_two_one_that_a_colleague_relinked_is_named_and_moved_back(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    names = plan.works(pool(row))["pools"][0]["numbers"]
    plan.works({"name": "x", "account": row.provider, "numbers": names[:1]})
    linked = sandbox.state(row)["owned"][0]["applications"]
    sandbox.change(row, links={names[0]: dict.fromkeys(linked, row.other_application)})
    result = plan(pool(row))
    assert result["failure"]["code"] == "conflict" and result["msg"].count(names[0]) == 1
    assert "1 owned number matches and is linked elsewhere" in result["msg"] and names[1] not in result["msg"]
    back = plan.works(pool(row, move_from=[row.other_application]))
    assert {change["number"] for change in back["pools"][0]["moved"]} == {names[0]}
    assert len(sandbox.state(row)["owned"]) == 2


@which.link
def test_what_the_account_leaves_alone_is_bought_beside(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    plan.works(pool(row))
    plan.accounts[row.provider]["leave_linked"] = "all"
    assert plan.works(pool(row, application=row.other_application))["changed"]
    assert len(sandbox.state(row)["owned"]) == 4


@which.link
def test_an_application_that_another_pool_wants_is_not_moved_from(plan: Planner, row: Row) -> None:
    pools = [pool(row), pool(row, name="two", application=row.other_application, move_from=[row.application])]
    result = plan(*pools, check=True)
    (said,) = result["problems"]
    assert said.startswith(f"pools pool and two: two moves numbers from {row.application}, which pool wants")


@which.list_applications
def test_a_pool_names_its_application_and_each_is_looked_for_once(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    known = pool(row)
    del known["application"]
    named = {**known, "application_name": row.application_name, "application_kind": row.kind}
    check, ran = plan.works(named, check=True), plan.works(named)
    assert check["totals"] == ran["totals"] != {} and len(sandbox.state(row)["owned"]) == 2
    assert not plan.works(pool(row, application_kind=row.kind))["changed"]
    numbers = ran["pools"][0]["numbers"]
    same = {key: named[key] for key in ("account", "application_name", "application_kind")}
    pools = [{**same, "name": f"pool {place}", "numbers": [name]} for place, name in enumerate(numbers)]
    costs = []
    for some in (pools, pools[:1]):
        sandbox.log()
        assert not plan.works(*some)["changed"]
        costs.append(len(sandbox.log()))
    assert costs[0] == costs[1]

    audited = audit(plan, named)
    assert audited["audit"]["drift"] == [] and audited["audit"]["pools"][0]["numbers"] == numbers, audited
    if load(row.provider).features.release:
        gone = plan.works({**named, "state": "retired"}, action="retire", check=True)
        assert gone["pools"][0]["numbers"] == numbers


@which.list_applications
def test_a_name_that_fits_none_is_refused_and_so_is_one_application_for_two_pools(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    known = pool(row)
    del known["application"]
    named = {**known, "application_name": row.application_name, "application_kind": row.kind}
    unknown = plan({**named, "application_name": f"{row.application_name}x"})
    assert unknown["failure"]["code"] == "not_found" and mutating(sandbox) == []
    both = plan(pool(row, name="id", application_kind=row.kind), {**named, "name": "name"}, check=True)
    assert statuses(both) == {"id": "changed", "name": "failed"}
    assert "pools id and name: one number may match both" in both["msg"]


def audit(plan: Planner, *pools: dict[str, Any]) -> dict[str, Any]:
    """What the audit of a plan says."""
    raw = {"plan": list(pools), "accounts": plan.accounts}
    checked = ArgumentSpecValidator(AUDIT.argument_spec).validate(raw)
    return AUDIT.execute(checked.validated_parameters, raw, plan.env, False, False, Secrets())


def test_what_the_pools_cost_after_the_run_is_limited_by_plan_and_label(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    labelled = pool(row, labels={"team": "x"})
    totals = plan.works(labelled, check=True)["totals"]
    ((currency, sums),) = totals.items()
    most = sums["monthly_total"]
    sandbox.log()
    for limits in ({"max_owned_monthly_total": "0.01"}, {"labels": {"team": {"x": "0.01"}}}):
        result = plan(labelled, limits={currency: limits})
        assert result["failure"]["code"] == "price_limit" and len(result["over"]) == 1, result["report"]
        assert mutating(sandbox) == []
    exactly = {"max_owned_monthly_total": most, "labels": {"team": {"x": most, "y": "0"}}}
    assert plan.works(labelled, limits={currency: exactly})["changed"]
    passed = plan.works(labelled, limits={currency: {"max_owned_monthly_total": "0.01"}})
    told = [text for text in passed["warnings"] if "max_owned_monthly_total is 0.01" in text]
    priced = "price_list" in plan.accounts[row.provider]
    assert not passed["changed"] and len(told) == (priced or "price" in row.fields)  # some tell no price


# -- an approved quote -------------------------------------------------------------------------------------------------


def test_the_same_quote_has_the_same_checksum_and_is_carried_out(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    first, second = plan.works(pool(row), check=True), plan.works(pool(row, labels={"team": "x"}), check=True)
    assert first["checksum"] == second["checksum"] and first["report"].endswith(f"Checksum: {first['checksum']}")
    for approved in (first["checksum"].upper(), first["checksums"]):
        assert plan.works(pool(row), checksum=approved, check=True)["changed"]
    assert plan.works(pool(row), checksum=first["checksum"])["changed"] and len(sandbox.state(row)["owned"]) == 2
    assert not plan.works(pool(row), checksum=first["checksum"])["changed"]


def test_what_goes_beyond_the_quote_is_named_and_nothing_is_done(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    approved = plan.works(pool(row), check=True)["checksum"]
    sandbox.log()
    for pools, said in (
        ([pool(row, count=3)], "it would buy 3, and the quote bought 2"),
        ([pool(row, name="new")], "pool new: it was not quoted"),
    ):
        result = plan(*pools, checksum=approved)
        assert result["failure"]["code"] == "quote_changed" and said in result["msg"], result["msg"]
        assert result["pools"][0]["step"] == "approval" and mutating(sandbox) == []
    assert plan.works(pool(row, count=1), checksum=approved)["changed"] and len(sandbox.state(row)["owned"]) == 1


def test_a_price_that_rose_since_the_quote_is_not_paid(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    """And one that fell is: the quote of yesterday is as if it had been dearer."""
    cheap = plan.works(pool(row), check=True)
    folder = Path(plan.env["XDG_STATE_HOME"]) / "telco.numbers" / "quotes"
    kept = folder / f"{cheap['checksums'][row.provider]}.json"
    told = json.loads(kept.read_text(encoding="utf-8"))
    (decided,) = told["quote"]["pools"]
    real = decided["buy"]["monthly_total"]
    decided["buy"]["monthly_total"] = "0.01"
    kept.write_text(json.dumps(told), encoding="utf-8")
    result = plan(pool(row), checksum=cheap["checksum"])
    assert result["failure"]["code"] == "quote_changed"
    assert f"its monthly_total would be {real}, and the quote said 0.01" in result["msg"] and not mutating(sandbox)
    decided["buy"]["monthly_total"] = "9999"
    kept.write_text(json.dumps(told), encoding="utf-8")
    assert plan.works(pool(row), checksum=cheap["checksum"])["changed"]


@which.link
def test_the_same_approval_finishes_a_run_that_was_interrupted(plan: Planner, row: Row, sandbox: Sandbox) -> None:
    """One number was bought and the other one not; the one that was bought lost its link."""
    approved = plan.works(pool(row), check=True)["checksum"]
    name = plan.works(pool(row, count=1), checksum=approved)["pools"][0]["numbers"][0]
    sandbox.change(row, links={name: {}})
    plan.accounts[row.provider]["settle_time"] = 0.001  # the list is not late
    assert plan.works(pool(row), checksum=approved)["changed"]
    owned = sandbox.state(row)["owned"]
    assert len(owned) == 2 and all(one["applications"] for one in owned)


@pytest.mark.parametrize(
    ("checksum", "code"), [("x", "invalid_option"), (12, "invalid_option"), ("0" * 64, "quote_changed")]
)
def test_a_checksum_that_is_none_or_unknown_approves_nothing(
    sandbox: Sandbox, tmp_path: Path, checksum: Any, code: str
) -> None:
    plan = Planner(sandbox, tmp_path, ROWS[0])
    result = plan(pool(ROWS[0]), checksum=checksum)
    assert result["failure"]["code"] == code and sandbox.log() == []


# -- several accounts --------------------------------------------------------------------------------------------------


def test_an_account_that_cannot_be_opened_stops_no_other_one(sandbox: Sandbox, tmp_path: Path) -> None:
    plan = Planner(sandbox, tmp_path, *ROWS)
    shut = ROWS[0]
    plan.accounts[shut.provider].update(shut.wrong)
    pools = [pool(row, name=row.provider) for row in ROWS]
    result = plan(*pools)
    assert statuses(result) == {row.provider: "failed" if row is shut else "changed" for row in ROWS}
    assert result["failure"]["code"] == "authentication_failed"
    assert [len(sandbox.state(row)["owned"]) for row in ROWS] == [0 if row is shut else 2 for row in ROWS]


def test_under_limits_an_account_that_cannot_be_read_lets_nothing_be_bought(sandbox: Sandbox, tmp_path: Path) -> None:
    plan = Planner(sandbox, tmp_path, *ROWS)
    plan.accounts[ROWS[0].provider].update(ROWS[0].wrong)
    limits = {currency: {"max_monthly_total": "999"} for currency in ("EUR", "USD")}
    result = plan(*(pool(row, name=row.provider) for row in ROWS), limits=limits)
    assert set(statuses(result).values()) == {"failed"} and "could not be quoted" in result["over"][0]
    assert mutating(sandbox) == []


def test_a_limit_holds_over_all_accounts_together(sandbox: Sandbox, tmp_path: Path) -> None:
    plan = Planner(sandbox, tmp_path, *ROWS)
    pools = [pool(row, name=row.provider) for row in ROWS]
    totals = plan.works(*pools, check=True)["totals"]
    exactly = {currency: {"max_monthly_total": sums["monthly_total"]} for currency, sums in totals.items()}
    currency = max(exactly)
    less = {**exactly, currency: {"max_monthly_total": "0.01"}}
    assert plan(*pools, limits=less)["failed"] and mutating(sandbox) == []
    assert set(statuses(plan.works(*pools, limits=exactly)).values()) == {"changed"}


def test_a_part_of_a_plan_under_limits_needs_the_checksum_of_the_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    rows = ROWS[:2]
    plan = Planner(sandbox, tmp_path, *rows)
    pools = [pool(row, name=row.provider) for row in rows]
    limits = {currency: {"max_monthly_total": "999"} for currency in ("EUR", "USD")}
    under: dict[str, Any] = {"limits": limits, "limited_accounts": [row.provider for row in rows]}
    whole = plan.works(*pools, **under, check=True)["checksum"]
    sandbox.log()
    for check in (True, False):
        part = plan(pools[0], **under, check=check)
        assert part["failure"]["code"] == "price_limit" and mutating(sandbox) == []
        assert f"accounts that this run leaves out, like {rows[1].provider}: run over all" in part["over"][0]
    assert plan.works(pools[0], **under, checksum=whole)["changed"]
    assert not plan.works(pools[0], **under)["changed"]  # nothing is to be bought
    assert plan.works(pools[1], **{**under, "limits": {}})["changed"]


def test_accounts_of_one_provider_are_quoted_one_stock(sandbox: Sandbox, tmp_path: Path) -> None:
    """Two numbers are for sale, and each of two accounts wants them: the first one of the plan gets them."""
    row = next(row for row in ROWS if row.provider == "infobip_sms")
    plan = Planner(sandbox, tmp_path, row)
    plan.accounts = {name: {**plan.accounts[row.provider], "account_id": name} for name in ("one", "two")}
    stock = len(Runner(sandbox.url, row, tmp_path)("available_number_info", **row.where)["offers"])
    pools = [{"name": name, "account": name, **row.where, "count": stock - 1} for name in ("one", "two")]
    result = plan(*pools, check=True)
    assert statuses(result) == {"one": "changed", "two": "failed"}
    assert result["failure"]["code"] == "out_of_stock"


# -- random plans and worlds -------------------------------------------------------------------------------------------

EXAMPLES = int(os.environ.get("PLAN_EXAMPLES", "4"))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """What the account has before, and what is wanted: choices that fit every provider."""
    return {
        "owned": draw(st.integers(0, 3)),
        "links": draw(st.lists(st.sampled_from(["own", "other", "none"]), min_size=3, max_size=3)),
        "names": draw(st.lists(st.sampled_from(["Reception", "Else", None]), min_size=3, max_size=3)),
        "wants": draw(st.lists(st.integers(1, 3), min_size=1, max_size=2)),
        "named": draw(st.integers(0, 1)),
        "allow_partial": draw(st.booleans()),
    }


def build(plan: Planner, row: Row, sandbox: Sandbox, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the *world* and return its pools."""
    if world["owned"]:
        plan.works({"name": "before", "account": row.provider, **row.where, "count": world["owned"]})
    owned = sorted(number["number"] for number in sandbox.state(row)["owned"])
    for name, link, title in zip(owned, world["links"], world["names"]):
        one = {"name": "one", "account": row.provider, "numbers": [name]}
        application = {"own": row.application, "other": row.other_application}.get(link)
        if application:
            plan.works({**one, "application": application})
        if row.settings and title:
            plan.works({**one, "configuration": row.setting if title == "Reception" else row.other_setting})
    applications = [row.application, row.other_application] if row.application else [None]
    pools = [
        {
            **pool(row, count=count, name=f"wants {place}", allow_partial=world["allow_partial"]),
            "application": application,
        }
        for place, (count, application) in enumerate(zip(world["wants"], applications))
    ]
    if world["named"] and owned:
        pools.append({"name": "named", "account": row.provider, "numbers": owned[:1]})
    return [{key: value for key, value in one.items() if value is not None} for one in pools]


def holdings(sandbox: Sandbox, row: Row) -> dict[str, Any]:
    """What the provider has: number → links and settings."""
    return {one["number"]: (one["applications"], one["configuration"]) for one in sandbox.state(row)["owned"]}


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_whatever_is_there_and_wanted_the_check_is_the_run(
    row: Row, process: Sandbox, tmp_path_factory: pytest.TempPathFactory, world: dict[str, Any]
) -> None:
    """And the second run changes nothing, nothing is bought twice, and nothing else is touched."""
    process.reset()
    plan = Planner(process, tmp_path_factory.mktemp("plan"), row)
    plan.accounts[row.provider]["settle_time"] = 0.05
    pools = build(plan, row, process, world)
    before = holdings(process, row)
    process.log()
    check = plan(*pools, check=True)
    assert mutating(process) == [] and holdings(process, row) == before
    ran = plan(*pools)
    after = holdings(process, row)
    told = [
        (one["status"], one["code"], one["quote"], one["linked"], one["configured"], check["changed"], check["totals"])
        for one in check["pools"]
    ]
    assert told == [
        (one["status"], one["code"], one["quote"], one["linked"], one["configured"], ran["changed"], ran["totals"])
        for one in ran["pools"]
    ]
    bought = [name for one in ran["pools"] for name in one["purchased"]]
    assert sorted(bought) == sorted({*after} - {*before}) and {*before} <= {*after}
    touched = {change["number"] for one in ran["pools"] for key in ("linked", "configured") for change in one[key]}
    assert touched == {name for name in before if before[name] != after[name]}
    process.log()
    again = plan(*pools)
    assert mutating(process) == [] and not again["changed"] and holdings(process, row) == after
