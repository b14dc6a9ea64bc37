# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of the plan knows every key, and the examples name it, so that editors complete and check them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.telco.numbers.plugins.module_utils._tasks.plan import ACCOUNT, LIMITS
from ansible_collections.telco.numbers.plugins.module_utils._tasks.pools import POOL

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
import plan_schema  # noqa: E402

EXAMPLES = ["playbooks/vars/example_plan.yml", "examples/awx_project/numbers.yml"]


def test_it_is_what_the_plan_is_checked_by() -> None:
    told = json.loads((ROOT / plan_schema.PATH).read_text(encoding="utf-8"))
    assert told == plan_schema.schema()
    plan, accounts, limits = (
        told["properties"][f"telco_numbers_{name}"]["anyOf"][0] for name in ("plan", "accounts", "limits")
    )
    assert set(POOL) <= set(plan["items"]["properties"])
    assert set(ACCOUNT) <= set(accounts["additionalProperties"]["anyOf"][0]["properties"])
    assert set(LIMITS) == set(limits["additionalProperties"]["properties"])


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_examples_name_it_and_have_no_other_key(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("# yaml-language-server: $schema=")]
    named = line.partition("=")[2]
    assert named.startswith("https://") or (ROOT / path).parent.joinpath(named).resolve() == ROOT / plan_schema.PATH
    pools = plan_schema.schema()["properties"]["telco_numbers_plan"]["anyOf"][0]["items"]["properties"]
    assert all(set(pool) <= set(pools) for pool in yaml.safe_load(text)["telco_numbers_plan"])
