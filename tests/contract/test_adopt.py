# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was bought by hand, as a plan: it audits without drift, and converges with nothing to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import which
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._tasks import numbers_plan_info, owned_plan_info
from contract_fixtures import Sandbox
from planner import Planner, mutating, pool
from rows import Row


@pytest.fixture()
def plan(sandbox: Sandbox, row: Row, tmp_path: Path) -> Planner:
    return Planner(sandbox, tmp_path, row)


def ask(plan: Planner, module: Any, *pools: dict[str, Any]) -> dict[str, Any]:
    """What a module says of the accounts and a plan."""
    raw = {**({"plan": list(pools)} if pools else {}), "accounts": plan.accounts}
    checked = ArgumentSpecValidator(module.TASK.argument_spec).validate(raw)
    result = module.TASK.execute(checked.validated_parameters, raw, plan.env, False, False, Secrets())
    assert not result.get("failed"), result
    return dict(result)


class Unsafe(yaml.SafeLoader):
    """Reads what is marked to be no template."""


Unsafe.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def test_what_is_owned_is_adopted_without_drift_and_with_nothing_to_do(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    """Linked as a whole, for one capability, elsewhere, and not at all; what a pool holds already is left out."""
    bare = {key: value for key, value in pool(row, count=4).items() if key not in ("application", "configuration")}
    names = plan.works(bare)["pools"][0]["numbers"]
    if row.application:
        plan.accounts[row.provider]["settle_time"] = 0.001
        for name, application in zip(names, (row.application, row.other_application)):
            plan.works({"name": "x", "account": row.provider, "numbers": [name], "application": application})
    sandbox.log()
    kept = {"name": "kept", "account": row.provider, "numbers": names[3:]}
    adopted = ask(plan, owned_plan_info, kept)
    assert mutating(sandbox) == []
    assert sorted(name for one in adopted["plan"] for name in one["numbers"]) == names[:3]
    assert adopted["text"] == ask(plan, owned_plan_info, kept)["text"]
    assert yaml.load(adopted["text"], Unsafe)["telco_numbers_plan"] == adopted["plan"]
    if row.application:
        linked = {one["numbers"][0]: one.get("application") or one.get("applications") for one in adopted["plan"]}
        assert str(row.application) in str(linked[names[0]]) and str(row.other_application) in str(linked[names[1]])

    whole = [kept, *adopted["plan"]]
    assert ask(plan, numbers_plan_info, *whole)["audit"]["drift"] == []
    sandbox.log()
    assert not plan.works(*whole)["changed"] and mutating(sandbox) == []
    assert ask(plan, owned_plan_info, *whole)["plan"] == []


@which.configure
def test_what_a_provider_says_is_no_template_and_breaks_out_of_no_comment(
    plan: Planner, row: Row, sandbox: Sandbox
) -> None:
    if "friendly_name" not in row.settings:
        pytest.skip("its numbers have no name")
    hostile = "{{ lookup('pipe', 'id') }}\u2028telco_numbers_limits: {}"
    bare = {key: value for key, value in pool(row, count=1).items() if key not in ("application", "configuration")}
    (name,) = plan.works(bare)["pools"][0]["numbers"]
    setting = {"friendly_name": hostile}
    plan({"name": "x", "account": row.provider, "numbers": [name], "configuration": setting})
    text = ask(plan, owned_plan_info)["text"]
    assert list(yaml.load(text, Unsafe)) == ["telco_numbers_plan"]


def test_a_template_is_written_as_none() -> None:
    from ansible_collections.telco.numbers.plugins.module_utils._plans import adopt_text

    assert adopt_text._scalar("{{ x }}") == '!unsafe "{{ x }}"'
    assert yaml.load("- " + adopt_text._scalar("a\u2028b: {c"), Unsafe) == ["a\u2028b: {c"]
