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

NOTHING = "Nothing was released"


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


def test_check_mode_shows_numbers_savings_and_digest(shown: Run) -> None:
    assert shown.counts()["changed"] == 1
    said = {row[2]: " ".join(row[3:]) for row in shown.rows}
    assert shown.going == GOING and len(said) == len(GOING) + 3
    assert {row[2]: row[0] for row in shown.rows}["+12015550123"] == "hotline"
    assert said["+15045550100"] == f"PN+15045550100 1 ? {VOICE}"
    assert said["+12015550123"] == f"12015550123 0.8 USD {LINE}"
    assert said["+447860041120"] == "KEY20 5.1 EUR -"
    assert said["+447860041129"] == "not owned, nothing to do"
    assert said["+15045550102"] == "stays: another application uses it, too"
    assert said["+15045550103"] == "stays: another pool names it"
    assert re.findall(r"Saves (\S+ \S+) a month", shown.output) == ["10.2 EUR", "0.8 USD"]
    assert "The price of 2 of them, or its currency, is not known" in shown.output
    assert f"decommission_confirm={shown.digest}" in shown.output


@pytest.mark.parametrize(
    ("confirm", "says"), [("", "look at the list above"), ("0123456789abcdef", "It changed since it was shown")]
)
def test_without_the_digest_nothing_goes(stage: Stage, confirm: str, says: str) -> None:
    run = stage.run(decommission_confirm=confirm)
    assert run.code != 0 and NOTHING in run.output and says in run.output
    assert run.counts() == {**run.counts(), "changed": 0, "failed": 1}
    assert len(run.rows) == len(GOING) + 3 and run.digest in run.output.split(NOTHING)[1]
    assert stage.writes() == [] and stage.records() == []


def test_a_number_that_was_given_back_and_bought_again_makes_another_digest(stage: Stage, shown: Run) -> None:
    """The same digits with the same id and links, bought on another day."""
    stage.change(*PLIVO, own=[{**OWNED[PLIVO][0], "bought_at": 86400 * 400}])
    run = stage.run(decommission_confirm=shown.digest)
    assert run.code != 0 and "It changed since it was shown" in run.output and run.digest != shown.digest
    assert stage.writes() == []


def test_check_mode_refuses_a_digest_that_is_not_right_any_more(stage: Stage) -> None:
    run = stage.run("--check", decommission_confirm="0123456789abcdef")
    assert run.code != 0 and "It changed since it was shown" in run.output


def test_with_the_digest_exactly_what_was_shown_goes_and_is_on_record(stage: Stage, shown: Run) -> None:
    run = stage.run(decommission_confirm=f" {shown.digest}")
    assert run.code == 0, run.output
    assert stage.owned() == STAYING
    assert "5 of 5 numbers were released." in run.output and "Saves 10.2 EUR a month." in run.output
    assert len([write for write in stage.writes() if write.startswith("DELETE")]) == len(GOING)

    (path,) = stage.records()
    assert re.fullmatch(rf"\d{{8}}T\d{{6}}\.\d{{6}}Z-{shown.digest}-localhost\.json", path.name)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]
    record = stage.record()
    assert record["digest"] == shown.digest and record["host"] == "localhost" and record["began"] < record["ended"]
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
    digest = ""
    for mode, outcome in (("--check", None), ("--diff", "released")):
        assert stage.run(mode, plan=[CODES], playbook="play.yml", decommission_confirm=digest).code == 0
        result = json.loads((stage.folder / "result.json").read_text())
        digest = digest or result["digest"]
        assert outcomes(result) == dict.fromkeys(["+447860041120", "+447860041121"], outcome)
        assert result["digest"] == digest and result["saves"] == {"EUR": "10.2"}
    assert result["record"] == str(stage.records()[0])


def test_the_keyword_is_check_mode_as_well(stage: Stage, shown: Run) -> None:
    """Unlike --check it is not in ansible_check_mode; the modules would predict what they do, and it would be told as
    done.
    """
    role = {"role": "telco.numbers.decommission", "check_mode": True}
    (stage.folder / "keyword.yml").write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "roles": [role]}]), encoding="utf-8"
    )
    run = stage.run(playbook="keyword.yml", decommission_confirm=shown.digest)
    assert run.code == 0 and run.digest == shown.digest and "were released" not in run.output
    assert stage.writes() == [] and stage.records() == []


def _joins(stage: Stage) -> None:
    stage.change(*CATALOG, own=[{"number": "+15045550110", "offer": "+15045550110", "applications": {"voice": VOICE}}])


def _leaves(stage: Stage) -> None:
    stage.sandbox.call(
        "DELETE", f"/v1/Account/{PLIVO[1]}/Number/12015550123/", auth=(PLIVO[1], "sandbox-plivo-auth-token")
    )


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


@pytest.mark.parametrize("change", [_joins, _leaves, _is_linked, _is_another_purchase, _was_bought_on_another_day])
def test_what_changed_since_it_was_shown_is_refused(stage: Stage, shown: Run, change: Any) -> None:
    change(stage)
    stage.writes()
    run = stage.run(decommission_confirm=shown.digest)
    assert run.code != 0 and "It changed since it was shown" in run.output and run.digest != shown.digest
    assert stage.writes() == [] and stage.records() == []


def test_a_pool_that_fails_does_not_stop_the_others(stage: Stage, shown: Run) -> None:
    """At one provider one release is refused, at another one the unlinking, which comes before any release."""
    stage.sandbox.faults(
        {"kind": "status", "status": 403, "match": {"provider": "infobip_sms", "method": "DELETE", "path": "KEY21"}},
        {"kind": "status", "status": 403, "match": {"provider": "sinch_catalog", "method": "POST"}},
    )
    run = stage.run(decommission_confirm=shown.digest)
    assert run.code != 0 and run.counts()["failed"] == 1
    assert stage.owned() == sorted([*STAYING, "+15045550100", "+15045550101", "+447860041121"])
    assert "2 of 5 numbers were released." in run.output
    for line in (
        "Released: +12015550123, pool hotline",
        "Released: +447860041120, pool codes",
        "Not released: +447860041121, pool codes, infobip_sms answered",
    ):
        assert line in run.output
    record = stage.record()
    failed = ["+15045550100", "+15045550101", "+447860041121"]
    assert outcomes(record) == {**dict.fromkeys(GOING, "released"), **dict.fromkeys(failed, "failed")}
    assert all("HTTP 403" in number["message"] for number in record["numbers"] if number["outcome"] == "failed")

    (path,) = stage.records()
    before = path.read_bytes()
    stage.sandbox.faults()
    rest = stage.check()
    assert rest.going == failed
    assert stage.run(decommission_confirm=rest.digest).code == 0
    assert stage.owned() == STAYING
    assert len(stage.records()) == 2 and path.read_bytes() == before


def test_a_number_that_is_linked_meanwhile_stays(stage: Stage, shown: Run) -> None:
    """The provider accepts the unlinking and still has the link, as it would if somebody linked the number again."""
    stage.sandbox.faults(
        {
            "kind": "status",
            "status": 202,
            "body": {"message": "changed"},
            "match": {"provider": "plivo_groups", "method": "POST"},
        }
    )
    run = stage.run(decommission_confirm=shown.digest)
    assert run.code != 0 and "Linked to an application: +12015550123" in run.output
    assert stage.owned() == sorted([*STAYING, "+12015550123"])


def test_an_account_that_cannot_be_read_stops_everything(stage: Stage) -> None:
    stage.accounts["shop"]["password"] = "sandbox-wrong-token"
    run = stage.run("-vvvv", decommission_confirm="0123456789abcdef")
    assert run.code != 0 and "check the credentials" in run.output and "Digest:" not in run.output
    assert "sandbox-wrong-token" not in run.output
    assert stage.writes() == [] and stage.records() == []


def test_a_plan_with_mistakes_is_refused_before_any_request(stage: Stage) -> None:
    wrong = [*PLAN, {"name": "wrong", "account": "shop", "country": "US", "count": 1, "state": "retired"}]
    run = stage.run(plan=wrong)
    assert run.code != 0 and "pool wrong: a retired pool names either its numbers or its application" in run.output
    assert stage.sandbox.log() == []


def test_without_a_place_for_the_record_nothing_goes(stage: Stage, shown: Run) -> None:
    (stage.folder / "file").touch()
    run = stage.run(decommission_confirm=shown.digest, decommission_record_dir=str(stage.folder / "file" / "records"))
    assert run.code != 0 and stage.writes() == []


def test_a_plan_without_retired_pools_is_done(stage: Stage) -> None:
    run = stage.run(plan=[RECEPTION])
    assert run.code == 0 and run.counts()["changed"] == 0
    assert stage.sandbox.log() == []


def test_a_killed_run_leaves_its_intent_and_the_next_one_goes_on(stage: Stage, shown: Run) -> None:
    """Killed in the first pool, then in the second, then left alone."""
    digest, released = shown.digest, {}
    for provider, left in (
        ("sinch_catalog", GOING),
        ("infobip_sms", ["+12015550123", "+447860041120", "+447860041121"]),
    ):
        stage.sandbox.faults({"kind": "silence", "match": {"provider": provider, "method": "DELETE"}})
        process = stage.start(plan=PLAN, decommission_confirm=digest)
        assert process.stdout and any("Release them" in line for line in process.stdout)
        while not any(entry["method"] == "DELETE" and entry["provider"] == provider for entry in stage.sandbox.log()):
            assert process.poll() is None, process.communicate()[0]
        kill(process)
        record = json.loads(stage.records()[-1].read_text())
        assert record["ended"] is None and record["digest"] == digest
        assert outcomes(record) == {**released, **dict.fromkeys(left)}

        stage.sandbox.faults()
        stage.writes()
        rest = stage.check()
        assert rest.going == left and rest.digest != digest
        digest, released = rest.digest, {"+15045550100": "released", "+15045550101": "released"}
    assert stage.run(decommission_confirm=digest).code == 0
    assert stage.owned() == STAYING and len(stage.records()) == 3


def test_one_digest_covers_all_hosts(stage: Stage, shown: Run) -> None:
    hosts = ["-i", stage.hosts()]
    check = stage.check(*hosts, plan=None, decommission_hosts="telco_numbers_accounts")
    assert check.digest == shown.digest
    assert [check.counts(host)["changed"] for host in stage.accounts] == [1, 1, 1]
    run = stage.run(*hosts, plan=None, decommission_hosts="telco_numbers_accounts", decommission_confirm=check.digest)
    assert run.code == 0, run.output
    assert stage.owned() == STAYING
    assert sorted(path.stem.split("-")[-1] for path in stage.records()) == sorted(stage.accounts)
    assert {number for path in stage.records() for number in outcomes(json.loads(path.read_text()))} == set(GOING)


def test_no_host_releases_before_all_were_read(stage: Stage, shown: Run) -> None:
    stage.accounts["messaging"]["api_key"] = "sandbox-wrong-key"
    run = stage.run(
        "-i", stage.hosts(), plan=None, decommission_hosts="telco_numbers_accounts", decommission_confirm=shown.digest
    )
    assert [run.counts(host)["failed"] for host in stage.accounts] == [1, 1, 1]
    assert "the accounts of these hosts were not read: messaging." in run.output
    assert stage.writes() == [] and stage.records() == []


def test_no_secret_is_shown_however_loud_it_is(stage: Stage, shown: Run) -> None:
    """Every run looks for secrets; this one says all that there is to say, with a pool that fails."""
    stage.sandbox.faults({"kind": "status", "status": 403, "match": {"provider": "infobip_sms", "method": "DELETE"}})
    run = stage.run("-vvvv", "--diff", decommission_confirm=shown.digest)
    assert run.code != 0 and "3 of 5 numbers were released." in run.output
