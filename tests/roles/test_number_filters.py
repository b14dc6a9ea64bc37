# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters that write numbers and add prices, in a playbook: the examples of their documentation, and a refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from decommission_stage import Stage
from sandbox_server import Server

FILTERS = Path(__file__).resolve().parents[2] / "plugins" / "filter"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A sandbox with three numbers at infobip."""
    server = Server(tmp_path / "data")
    yield Stage(server, tmp_path)
    server.stop()


def play(stage: Stage, *tasks: dict[str, Any]) -> str:
    """What a play of *tasks* prints."""
    environment = {"INFOBIP_BASE_URL": stage.sandbox.url, "INFOBIP_API_KEY": "sandbox-infobip-api-key"}
    (stage.folder / "play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "environment": environment, "tasks": tasks}]))
    return stage.start(playbook="play.yml").communicate()[0]


def test_the_examples_do_what_they_say(stage: Stage) -> None:
    names = ("e164", "display", "price_totals")
    examples = [task for name in names for task in yaml.safe_load(yaml.safe_load((FILTERS / f"{name}.yml").read_text())["EXAMPLES"])]
    output = play(stage, *examples)
    assert re.findall(r'"msg": ("[^"]*"|\[[^\]]*\]|\{[^}]*\})', re.sub(r"\s+", " ", output)) == [
        '"+442079460018"',
        '[ "+14155550100", "+442079460018" ]',
        '"+44 20 7946 0018"',
        '"020 7946 0018"',
        '{ "EUR": "15.3" }',
        '{ "EUR": "0" }',
    ]


def test_a_refusal_is_a_failed_task_with_a_clear_line(stage: Stage) -> None:
    output = play(stage, {"ansible.builtin.debug": {"msg": "{{ 442079460018 | telco.numbers.e164 }}"}})
    assert "quote it" in output and "failed=1" in output and "Traceback" not in output
