# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role audit: every kind of drift is found, with the fewest reads, and a purchase would say the same. Every run
looks for writes and secrets.
"""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import pytest
from ansible_runs import Run
from audit_stage import DRIFT, HIDDEN, HOSTILE, OWNED, PLAN, SETTINGS, Stage
from rows import ROWS
from runner import Runner
from sandbox_server import Server

FILES = ["telco_numbers_audit.csv", "telco_numbers_audit.html", "telco_numbers_audit.json"]
UNREAD = ("stockholm", "bay")  # the pools of the account that some tests make unreadable


@dataclasses.dataclass(frozen=True)
class Audited:
    """One run, whose report many tests look at."""

    run: Run
    report: Any
    reads: list[tuple[str, str]]
    csv: str


@pytest.fixture
def stage(process: Server, tmp_path: Path) -> Stage:
    """The sandbox as it is in the beginning."""
    return Stage(process, tmp_path)


@pytest.fixture(scope="module")
def audited(process: Server, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """What a run finds in the beginning."""
    stage = Stage(process, tmp_path_factory.mktemp("audited"))
    run = stage.run()
    assert run.code == 0 and HIDDEN not in run.output, run.output
    return Audited(run, stage.report(), stage.log(), (stage.reports / FILES[0]).read_text(encoding="utf-8"))


def found(report: Any) -> list[tuple[str, str | None, str | None]]:
    """The drift of a report, sorted: kind, pool, number."""
    return sorted(((item["kind"], item["pool"], item["number"]) for item in report["drift"]), key=str)


def drift_without(pools: tuple[str, ...]) -> list[tuple[str, str | None, str | None]]:
    """The drift that there is without these pools."""
    return sorted((item for item in DRIFT if item[1] not in pools), key=str)


def test_every_kind_of_drift_is_found(audited: Audited) -> None:
    report = audited.report
    assert found(report) == drift_without(())
    found_kinds = {kind for kind, count in report["drift_counts"].items() if count}
    assert set(report["drift_counts"]) == {
        *found_kinds,
        "failed",
        "pending",
    }  # no provider here says either of a number
    of_numbers = {
        row["number"]: [
            kind for kind in report["drift_counts"] if (kind, row["number"]) in [(one[0], one[2]) for one in DRIFT]
        ]
        for row in all_rows()
    }
    assert {number["number"]: number["drift"] for number in report["numbers"]} == of_numbers
    for item in report["drift"]:
        assert item["message"] in audited.run.output.replace('\\"', '"')


def all_rows() -> list[dict[str, Any]]:
    """Everything that is owned."""
    return [row for rows in OWNED.values() for row in rows]


def test_each_account_is_read_with_one_list(audited: Audited) -> None:
    """The first one logs in, too."""
    handshake = [("sinch_portal", "organisations")]
    assert sorted(audited.reads) == sorted(
        [
            *handshake,
            ("sinch_portal", "numbers"),
            ("sinch_catalog", ""),
            ("infobip_sms", "numbers"),
            ("plivo_groups", ""),
        ]
    )


def test_the_report_says_what_is_and_what_should_be(audited: Audited) -> None:
    told = {(item["kind"], item["pool"]): (item["actual"], item["wanted"]) for item in audited.report["drift"]}
    assert told["missing", "support"] == ({"count": 2}, {"count": 3})
    assert told["missing", "london"] == ({"owned": False}, {"owned": True})
    assert told["wrongly_assigned", "support"] == (
        dict.fromkeys(["sms", "voice"], "APsandboxother"),
        dict.fromkeys(["sms", "voice"], "APsandboxvoice"),
    )
    assert told["unassigned", "support"] == ({"sms": None}, {"sms": "APsandboxvoice"})
    assert told["misconfigured", "support"] == ({"friendly_name": HOSTILE[:64]}, {"friendly_name": "Support"})
    assert told["undecided", "berlin"] == ({"city": None}, {"city": "Berlin"})
    assert told["surplus", "field"] == ({"count": 2}, {"count": 1})
    assert told["unplanned", None] == ({"pool": None}, None)
    assert told["retired", "freephone"] == ({"owned": True}, {"owned": False})


def test_the_cost_is_by_currency(audited: Audited) -> None:
    costs = audited.report["costs"]
    euros, dollars = (
        {"currency": "EUR", "numbers": 2, "unknown": 0, "monthly": "10"},
        {"currency": "USD", "numbers": 13, "unknown": 0, "monthly": "18.75"},
    )
    assert costs["total"] == [euros, dollars]
    providers = {
        ("infobip_sms", "EUR"): "10",
        ("sinch_catalog", "USD"): "14.75",
        ("plivo_groups", "USD"): "2",
        ("sinch_portal", "USD"): "2",
    }
    assert {(line["name"], line["currency"]): line["monthly"] for line in costs["provider"]} == providers
    assert {line["name"]: line["monthly"] for line in costs["pool"]}["support"] == "2"


def test_csv_has_every_number_and_no_formula(audited: Audited) -> None:
    rows = {row["number"]: row for row in csv.DictReader(audited.csv.splitlines())}
    assert sorted(rows) == sorted(row["number"] for row in all_rows())
    assert rows["+33199000101"]["friendly_name"] == '\'=HYPERLINK("https://example.com")'
    assert rows["+46850500002"]["friendly_name"] == HOSTILE
    support = rows["+15045550101"]
    assert support["labels"] == "team=support cost_center=4711"
    assert (support["pool"], support["drift"], support["capabilities"]) == (
        "support",
        "unassigned misconfigured",
        "mms sms voice",
    )
    assert (support["applications"], support["monthly_price"], support["currency"]) == (
        "voice=APsandboxvoice",
        "1",
        "USD",
    )
    cells = [cell for row in rows.values() for key, cell in row.items() if key != "number"]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


@pytest.mark.parametrize("pool", [pool for pool in PLAN if "count" in pool], ids=lambda pool: str(pool["name"]))
def test_a_purchase_would_say_the_same(stage: Stage, audited: Audited, pool: dict[str, Any]) -> None:
    row = next(row for row in ROWS if row.provider == stage.accounts[pool["account"]]["provider"])
    options = {key: value for key, value in pool.items() if key not in ("name", "account", "configuration", "labels")}
    result = Runner(stage.sandbox.url, row, stage.folder)(
        "number_purchase", check=True, account_currency="USD", **options
    )
    told = {
        (item["kind"], item["pool"]): item["wanted"].get("count", 0) - item["actual"].get("count", 0)
        for item in audited.report["drift"]
        if item["wanted"]
    }
    assert sum(line["quantity"] for line in result["quote"]["lines"]) == told.get(("missing", pool["name"]), 0)
    bought = {line["number"] for line in result["quote"]["lines"]}
    (state,) = [one for one in audited.report["pools"] if one["name"] == pool["name"]]
    assert [number["number"] for number in result["numbers"] if number["number"] not in bought] == state["numbers"]
    assert {("unassigned", pool["name"], number) for number in result["linked"]} <= set(found(audited.report))


def test_again_nothing_changes_and_check_mode_writes_nothing(stage: Stage) -> None:
    check = stage.run("--check")
    assert check.code == 0 and check.counts()["changed"] == 2 and not stage.reports.exists()
    assert stage.run().counts()["changed"] == 2
    before = {path.name: path.read_bytes() for path in stage.reports.iterdir()}
    assert sorted(before) == FILES
    assert stage.run().counts()["changed"] == 0
    assert {path.name: path.read_bytes() for path in stage.reports.iterdir()} == before


def test_the_files_are_those_asked_for(stage: Stage) -> None:
    run = stage.run(audit_formats=["csv"], audit_name="october")
    assert run.code == 0 and [path.name for path in stage.reports.iterdir()] == ["october.csv"]
    run = stage.run(audit_formats="csv,json", audit_name="november")
    assert run.code == 0 and [path.name for path in sorted(stage.reports.glob("november*"))] == [
        "november.csv",
        "november.json",
    ]
    run = stage.run(audit_dir="")
    assert run.code == 0 and run.counts()["changed"] == 0


@pytest.mark.parametrize(
    ("fail_on", "fails"), [(["surplus"], ["Surplus: field"]), (["any"], ["Retired: +18005550120", "Missing: bay"])]
)
def test_drift_fails_the_play_after_the_report(stage: Stage, fail_on: list[str], fails: list[str]) -> None:
    run = stage.run(audit_fail_on=fail_on)
    assert run.code != 0 and sorted(path.name for path in stage.reports.iterdir()) == FILES
    assert [line for line in fails if line not in run.output] == []


def test_drift_that_is_not_there_fails_nothing(stage: Stage) -> None:
    run = stage.run(
        plan=[pool for pool in PLAN if pool["name"] == "alerts"], audit_only=["messaging"], audit_fail_on=["any"]
    )
    assert run.code == 0 and "No drift: everything is as planned." in run.output, run.output


def test_an_account_that_cannot_be_read_does_not_stop_the_others(stage: Stage) -> None:
    stage.accounts["voice"]["password"] = "sandbox-wrong-token"
    run = stage.run()
    assert (
        run.code != 0
        and "Not read: voice: plivo_groups answered HTTP 401" in run.output
        and "sandbox-wrong-token" not in run.output
    )
    report = stage.report()
    assert [(account["account"], account["code"]) for account in report["unreadable"]] == [
        ("voice", "authentication_failed")
    ]
    assert found(report) == drift_without(UNREAD)
    assert {pool["name"] for pool in report["pools"] if pool["numbers"] is None} == set(UNREAD)
    assert stage.run(audit_allow_unreadable=True).code == 0


def test_a_plan_with_mistakes_is_refused_before_any_request(stage: Stage) -> None:
    run = stage.run(plan=[*PLAN, {"name": "wrong", "account": "voice", "country": "USA", "colour": 1}])
    assert (
        run.code != 0 and "pool wrong: unknown key colour" in run.output and "pool wrong: country 'USA'" in run.output
    )
    assert stage.log() == [] and not stage.reports.exists()


def test_a_host_for_each_account_gives_the_same_report(stage: Stage, audited: Audited) -> None:
    run = stage.run_on_accounts("--forks", "4")
    assert run.code == 0, run.output
    assert stage.report() == audited.report and sorted(stage.log()) == sorted(audited.reads)


def test_a_host_whose_account_cannot_be_read_is_in_the_report(stage: Stage) -> None:
    stage.accounts["voice"]["password"] = "sandbox-wrong-token"
    run = stage.run_on_accounts()
    assert run.code != 0 and "Not read: voice" in run.output
    report = stage.report()
    assert [account["account"] for account in report["unreadable"]] == ["voice"]
    assert found(report) == drift_without(UNREAD)


def test_a_loud_run_shows_no_secret(stage: Stage) -> None:
    """Every run looks for secrets; this one says all that there is to say, with an address that differs and has a
    password.
    """
    settings = {**SETTINGS, "voice_url": f"https://hook:{HIDDEN}@example.com/other"}
    run = stage.run("-vvvv", "--diff", plan=[{**PLAN[0], "configuration": settings}])
    assert run.code == 0 and "wanted is 'https://hook:********@example.com/other'" in run.output
