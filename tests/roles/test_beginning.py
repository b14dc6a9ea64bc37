# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run begins at its beginning: where --start-at-task lets it begin in the middle, no quote, digest or date is
known.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from provision_stage import Stage
from sandbox_server import Server

POOLS = [
    {"name": "se", "provider": "infobip_sms", "country": "SE", "count": 1},
    {"name": "old", "provider": "infobip_sms", "numbers": ["+447860041117"], "state": "retired"},
]
MIDDLES = {
    "provision": ["The plan is converged"],
    "quote": ["The plan is converged", "Hand on what is approved"],
    "audit": ["Keep the report", "Write the report"],
    "decommission": ["What is retired is given back"],
    "adopt": ["Every account was read"],
}


@pytest.mark.parametrize(
    ("playbook", "task"), [(playbook, task) for playbook, tasks in MIDDLES.items() for task in tasks]
)
def test_no_run_begins_in_the_middle(process: Server, tmp_path: Path, playbook: str, task: str) -> None:
    stage = Stage(process, tmp_path)
    stage.log()
    check = ["--check"] if playbook == "quote" else []
    ran = stage.run(POOLS, "--start-at-task", task, *check, playbook=f"telco.numbers.{playbook}")
    assert ran.code != 0 and stage.log() == []
    words = f"because the role {'provision' if playbook == 'quote' else playbook} began in the middle"
    assert words in " ".join(ran.output.split()) or "localhost was not quoted." in ran.output, ran.output
    assert "is undefined" not in ran.output
