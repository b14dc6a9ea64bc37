# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook adopt: numbers bought by hand become a plan, of which one brand is retired with one word."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
import yaml
from provision_stage import PLIVO_APPLICATION, Stage
from sandbox_server import Server

PLAYBOOK = "telco.numbers.adopt"
ONLY = ["plivo_groups", "infobip_sms"]


@pytest.fixture
def stage(process: Server, tmp_path: Path) -> Stage:
    return Stage(process, tmp_path)


def test_what_was_bought_by_hand_is_a_plan_and_one_brand_goes_with_one_word(stage: Stage) -> None:
    stage.module("number_purchase", provider="infobip_sms", numbers=["+447860041117"])
    stage.module(
        "number_purchase", provider="plivo_groups", country="US", type="local", count=2, application=PLIVO_APPLICATION
    )
    stage.log()
    ran = stage.run(None, playbook=PLAYBOOK, adopt_only=ONLY, adopt_file="adopted.yml")
    assert ran.code == 0 and stage.writes() == [], ran.output
    assert "2 pools for 3 numbers that no pool has." in ran.output
    path = stage.folder / "adopted.yml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    pools = yaml.safe_load(path.read_text(encoding="utf-8"))["telco_numbers_plan"]
    assert [pool["name"] for pool in pools] == [f"plivo_groups-us-local-{PLIVO_APPLICATION}", "infobip_sms-gb-virtual"]

    audited = stage.run(pools, playbook="telco.numbers.audit", audit_fail_on=["any"])
    assert audited.code == 0 and "No drift: everything is as planned." in audited.output, audited.output
    stage.settled(pools)
    again = stage.run(pools, playbook=PLAYBOOK, adopt_file="more.yml")
    assert again.code == 0 and "Everything that was read is in a pool." in again.output

    retired = [{**pools[0], "state": "retired"}, pools[1]]
    shown = stage.run(retired, "--check", playbook="telco.numbers.decommission")
    (checksum,) = re.findall("Checksum: ([0-9a-f]{64})", shown.output)
    gone = stage.run(retired, playbook="telco.numbers.decommission", decommission_checksum=checksum)
    assert gone.code == 0 and stage.owned("plivo_groups") == {} and len(stage.owned("infobip_sms")) == 1


def test_a_file_that_is_there_is_left_alone(stage: Stage) -> None:
    path = stage.folder / "mine.yml"
    path.write_text("mine", encoding="utf-8")
    ran = stage.run(None, playbook=PLAYBOOK, adopt_only=ONLY, adopt_file="mine.yml")
    assert ran.code != 0 and f"{path} is there already: give adopt_file another name" in " ".join(ran.output.split())
    assert path.read_text(encoding="utf-8") == "mine"


def test_without_an_account_it_says_what_to_name(stage: Stage) -> None:
    ran = stage.run(None, playbook=PLAYBOOK)
    assert ran.code != 0 and "No account is named: set accounts, or 'only'" in ran.output
