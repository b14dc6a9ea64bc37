# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role decommission: what it shows, that exactly that goes, and that nothing else ever does."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_runs import kill
from decommission_stage import (
    CATALOG,
    CODES,
    GOING,
    HOSTILE,
    INFOBIP,
    LINE,
    OTHER,
    OWNED,
    PLAN,
    PLIVO,
    RECEPTION,
    STAYING,
    VOICE,
    Run,
    Stage,
)
from sandbox_server import Server

NOTHING = "Nothing is released"
UNKNOWN = "0" * 64


@pytest.fixture(scope="module")
def shown(process: Server, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What check mode shows in the beginning; it must not have written anything."""
    stage = Stage(process, tmp_path_factory.mktemp("shown"))
    run = stage.check()
    assert stage.writes() == [] and stage.records() == []
    return run


@pytest.fixture
def stage(process: Server, shown: Run, tmp_path: Path) -> Stage:
    """The sandbox as it is in the beginning."""
    return Stage(process, tmp_path)


def outcomes(record: Any) -> dict[str, str | None]:
    """What a record says came of each number."""
    return {number["number"]: number["outcome"] for number in record["numbers"]}


def test_check_mode_shows_numbers_savings_and_checksum(shown: Run) -> None:
    assert shown.counts()["changed"] == 1
    said = {row[2]: " ".join(row[3:]) for row in shown.rows}
    assert shown.going == GOING and len(said) == len(GOING) + 3
    assert {row[2]: row[0] for row in shown.rows}["+12015550123"] == "hotline"
    assert said["+15045550100"] == f"PN+15045550100 1.00 {VOICE} release"
    assert said["+12015550123"] == f"12015550123 0.80 USD {LINE} release"
    assert said["+447860041120"] == "KEY20 5.10 EUR - release"
    assert said["+447860041129"] == "not owned, nothing to do"
    assert said["+15045550102"] == f"stays: it is linked to {OTHER}, too"
    assert said["+15045550103"] == "stays: reception names it"
    assert re.findall(r"Saves (\S+ \S+) a month", shown.output) == ["10.20 EUR", "0.80 USD"]
    assert "The price of 2 numbers, or its currency, is not known" in shown.output
    assert f"Checksum: {shown.checksum}" in shown.output and "To release: 5 numbers." in shown.output


def test_without_the_checksum_nothing_goes(stage: Stage, shown: Run) -> None:
    run = stage.run()
    assert run.code != 0 and NOTHING in run.output and f"run again with checksum {shown.checksum}" in run.output
    assert run.counts() == {**run.counts(), "changed": 0, "failed": 1}
    assert len(run.rows) == len(GOING) + 3 and run.checksum == shown.checksum
    assert stage.writes() == [] and stage.records() == []


@pytest.mark.parametrize(
    ("checksum", "says"),
    [("0123456789abcdef", "it has 64 hexadecimal digits"), (UNKNOWN, "No quote with the checksum 0000")],
)
def test_a_checksum_that_nobody_was_shown_releases_nothing(stage: Stage, checksum: str, says: str) -> None:
    run = stage.run(decommission_checksum=checksum)
    assert run.code != 0 and says in run.output and run.rows == []
    assert run.counts() == {**run.counts(), "changed": 0, "failed": 1}
    assert stage.writes() == [] and stage.records() == []


def test_a_number_that_was_given_back_and_bought_again_stays(stage: Stage) -> None:
    """The same digits with the same id and links, bought on another day; in check mode it is refused, too."""
    checksum = stage.check().checksum
    stage.change(*PLIVO, own=[{**OWNED[PLIVO][0], "bought_at": 86400 * 400}])
    for mode in (["--check"], []):
        run = stage.run(*mode, decommission_checksum=checksum)
        assert run.code != 0 and "+12015550123 was given back and bought again since it was shown" in run.output
    assert "+12015550123" in stage.owned() and not any(PLIVO[1] in write for write in stage.writes())


def test_with_the_checksum_exactly_what_was_shown_goes_and_is_on_record(stage: Stage) -> None:
    checksum = stage.check().checksum
    run = stage.run(decommission_checksum=f" {checksum}")
    assert run.code == 0, run.output
    assert stage.owned() == STAYING
    assert "Released: 5 numbers." in run.output and "Saves 10.20 EUR a month." in run.output
    assert len([write for write in stage.writes() if write.startswith("DELETE")]) == len(GOING)

    (path,) = stage.records()
    assert re.fullmatch(rf"\d{{8}}T\d{{6}}\.\d{{6}}Z-{checksum[:16]}\.json", path.name)
    assert f"Record: {path}" in run.output
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]
    record = stage.record()
    assert record["checksum"] == checksum and record["began"] < record["ended"]
    assert outcomes(record) == dict.fromkeys(GOING, "released")
    numbers = {number["number"]: number for number in record["numbers"]}
    line = numbers["+15045550100"]
    assert (line["pool"], line["account"], line["friendly_name"]) == ("old-line", "catalogue", HOSTILE)
    assert line["applications"] == {"sms": VOICE, "voice": VOICE} and line["raw"]["phone_number"] == "+15045550100"
    assert numbers["+447860041120"]["monthly_price"] == "5.1"

    again = stage.run()
    assert again.code == 0 and again.counts()["changed"] == 0 and "Nothing is to be released." in again.output
    assert stage.writes() == [] and stage.records() == [path]


def test_the_result_is_a_fact(stage: Stage) -> None:
    shown = {
        "name": "Show",
        "ansible.builtin.copy": {
            "content": "{{ decommission_result | to_json }}",
            "dest": "result.json",
            "mode": "0600",
        },
    }
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "roles": ["telco.numbers.decommission"],
        "post_tasks": [{**shown, "check_mode": False}],
    }
    (stage.folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    checksum = ""
    for mode in ("--check", "--diff"):
        assert stage.run(mode, plan=[CODES], playbook="play.yml", decommission_checksum=checksum).code == 0
        result = json.loads((stage.folder / "result.json").read_text())
        checksum = checksum or result["checksum"]
        (pool,) = result["pools"]
        names = ["+447860041120", "+447860041121"]
        assert pool["numbers"] == names and pool["released"] == ([] if mode == "--check" else names)
        assert result["checksum"] == checksum and result["saves"] == {"EUR": "10.2"}
    assert result["record"] == str(stage.records()[0])


def test_the_keyword_is_check_mode_as_well(stage: Stage, shown: Run) -> None:
    """Unlike --check it is not in ansible_check_mode; the modules would predict what they do, and it would be told as
    done.
    """
    role = {"role": "telco.numbers.decommission", "check_mode": True}
    (stage.folder / "keyword.yml").write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": [role]}]), encoding="utf-8"
    )
    checksum = stage.check().checksum
    run = stage.run(playbook="keyword.yml", decommission_checksum=checksum)
    assert run.code == 0 and run.checksum == shown.checksum and "Released" not in run.output
    assert stage.writes() == [] and stage.records() == []


def _joins(stage: Stage) -> None:
    stage.change(*CATALOG, own=[{"number": "+15045550110", "offer": "+15045550110", "applications": {"voice": VOICE}}])


def _is_linked(stage: Stage) -> None:
    stage.change(*PLIVO, own=[{"number": "+12015550123", "offer": "11000000000201"}])


def _is_another_purchase(stage: Stage) -> None:
    stage.change(
        *INFOBIP, own=[{"number": "+447860041120", "id": "BOUGHTANEW", "country": "GB", "capabilities": ["sms"]}]
    )


def _was_bought_on_another_day(stage: Stage) -> None:
    """Given back and bought anew: the same digits, whose record has no id beyond them."""
    match = {"provider": "plivo_groups", "method": "GET", "path": "/Number/"}
    stage.sandbox.faults(
        {"kind": "body", "match": match, "merge_items": {"added_on": "2020-02-29"}, "merge": {"added_on": "2020-02-29"}}
    )


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (_joins, CATALOG, "it would release +15045550110, which was not shown"),
        (_is_linked, PLIVO, "+12015550123 is linked to something else than it was when it was shown"),
        (_is_another_purchase, INFOBIP, "+447860041120 was given back and bought again since it was shown"),
        (_was_bought_on_another_day, PLIVO, "+12015550123 was given back and bought again since it was shown"),
    ],
)
def test_what_changed_since_it_was_shown_is_refused(stage: Stage, change: Any, place: Any, says: str) -> None:
    """In that account nothing is done; the others go on."""
    checksum = stage.check().checksum
    change(stage)
    stage.writes()
    before = stage.owned(place)
    run = stage.run(decommission_checksum=checksum)
    assert run.code != 0 and says in run.output and "is not what was approved, so nothing is" in run.output
    assert stage.owned(place) == before and "Released: " in run.output


def test_what_is_gone_since_it_was_shown_is_no_obstacle(stage: Stage) -> None:
    checksum = stage.check().checksum
    auth = (PLIVO[1], "sandbox-plivo-auth-token")
    stage.sandbox.call("DELETE", f"/v1/Account/{PLIVO[1]}/Number/12015550123/", auth=auth)
    assert stage.run(decommission_checksum=checksum).code == 0
    assert stage.owned() == STAYING


def test_a_pool_that_fails_does_not_stop_the_others(stage: Stage) -> None:
    checksum = stage.check().checksum
    stage.sandbox.faults(
        {"kind": "status", "status": 403, "match": {"provider": "infobip_sms", "method": "DELETE", "path": "KEY21"}},
        {"kind": "status", "status": 403, "match": {"provider": "sinch_catalog", "method": "DELETE"}},
    )
    run = stage.run(decommission_checksum=checksum)
    assert run.code != 0 and run.counts()["failed"] == 1
    assert stage.owned() == sorted([*STAYING, "+15045550100", "+15045550101", "+447860041121"])
    assert "2 of 3 pools failed. 2 numbers released." in run.output and "Released: 2 numbers." in run.output
    said = {row[2]: row[-1] for row in run.rows}
    failed = ["+15045550100", "+15045550101", "+447860041121"]
    assert {name for name, word in said.items() if word == "failed"} == {*failed}
    assert {name for name, word in said.items() if word == "released"} == {"+12015550123", "+447860041120"}
    record = stage.record()
    assert outcomes(record) == {**dict.fromkeys(GOING, "released"), **dict.fromkeys(failed, "failed")}
    assert all("HTTP 403" in number["message"] for number in record["numbers"] if number["outcome"] == "failed")

    (path,) = stage.records()
    before = path.read_bytes()
    stage.sandbox.faults()
    rest = stage.check()
    assert rest.going == failed
    assert stage.run(decommission_checksum=checksum).code == 0
    assert stage.owned() == STAYING
    assert len(stage.records()) == 2 and path.read_bytes() == before


def test_an_account_that_cannot_be_read_stops_itself_alone(stage: Stage) -> None:
    checksum = stage.check().checksum
    stage.accounts["shop"]["password"] = "sandbox-wrong-token"
    run = stage.run("-vvvv", decommission_checksum=checksum)
    assert run.code != 0 and "check the credentials" in run.output and "1 of 3 pools failed" in run.output
    assert "sandbox-wrong-token" not in run.output
    assert stage.owned() == sorted([*STAYING, "+12015550123"])


def test_a_plan_with_mistakes_is_refused_before_any_request(stage: Stage) -> None:
    wrong = [*PLAN, {"name": "wrong", "account": "shop", "state": "retired"}]
    run = stage.run(plan=wrong)
    assert run.code != 0 and "pool wrong: a retired pool needs what tells its numbers" in run.output
    assert stage.sandbox.log() == []


def test_without_a_place_for_the_record_nothing_goes(stage: Stage) -> None:
    (stage.folder / "file").touch()
    run = stage.run(
        decommission_checksum=stage.check().checksum, decommission_record_dir=str(stage.folder / "file" / "records")
    )
    assert run.code != 0 and "The record of what is released cannot be kept" in run.output and stage.writes() == []


def test_a_plan_without_retired_pools_is_done(stage: Stage) -> None:
    run = stage.run(plan=[RECEPTION])
    assert run.code == 0 and run.counts()["changed"] == 0
    assert stage.sandbox.log() == []


def test_a_killed_run_leaves_its_intent_and_the_same_approval_goes_on(stage: Stage) -> None:
    checksum = stage.check().checksum
    stage.sandbox.faults({"kind": "silence", "match": {"provider": "sinch_catalog", "method": "DELETE"}})
    process = stage.start(plan=PLAN, decommission_checksum=checksum)
    while not stage.sandbox.control("GET", "faults")["counts"][0]["fired"]:
        assert process.poll() is None, process.communicate()[0]
    kill(process)
    record = stage.record()
    assert record["ended"] is None and record["checksum"] == checksum and set(outcomes(record)) == {*GOING}
    assert outcomes(record)["+15045550100"] is None
    stage.sandbox.faults()
    assert stage.run(decommission_checksum=checksum).code == 0
    assert stage.owned() == STAYING


def test_one_checksum_covers_all_hosts(stage: Stage, shown: Run) -> None:
    hosts = ["-i", stage.hosts()]
    check = stage.check(*hosts, plan=None, decommission_hosts="telco_numbers_accounts")
    assert check.checksum == shown.checksum
    run = stage.run(
        *hosts, plan=None, decommission_hosts="telco_numbers_accounts", decommission_checksum=check.checksum
    )
    assert run.code == 0, run.output
    assert stage.owned() == STAYING
    assert {number for path in stage.records() for number in outcomes(json.loads(path.read_text()))} == {*GOING}


def test_no_secret_is_shown_however_loud_it_is(stage: Stage) -> None:
    """Every run looks for secrets; this one says all that there is to say, with a pool that fails."""
    checksum = stage.check().checksum
    stage.sandbox.faults({"kind": "status", "status": 403, "match": {"provider": "infobip_sms", "method": "DELETE"}})
    run = stage.run("-vvvv", "--diff", decommission_checksum=checksum)
    assert run.code != 0 and "Released: 3 numbers." in run.output
