# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tool that calls main() under a stand-in for AnsibleModule, as linters do to check arguments, learns the options and
does nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import ansible_runs
import bad_options
import pytest
from contract_fixtures import Sandbox
from kinds import EACH_KIND
from rows import Row
from runner import Runner

# Run in a process of its own, because modules write to standard output and leave.
SCRIPT = """
import importlib.util, io, json, sys
from unittest import mock
from ansible.module_utils import basic

kind, early, modules = json.load(sys.stdin)
learnt = []

class Passed(Exception):
    pass

class Checks(basic.AnsibleModule):
    def __init__(self, *args, **kwargs):
        learnt.append(kwargs["argument_spec"])
        super().__init__(*args, **kwargs)
        raise Passed

class Collects:
    def __init__(self, argument_spec, **kwargs):
        learnt.append(argument_spec)

def function(argument_spec, **kwargs):
    learnt.append(argument_spec)

stand_in = {"checks": Checks, "collects": Collects, "function": function, "mock": mock.MagicMock()}[kind]
if early:
    import ansible_collections.telco.numbers.plugins.module_utils._tasks.task
with mock.patch.object(basic, "AnsibleModule", stand_in):
    for path, arguments in modules:
        spec = importlib.util.spec_from_file_location("checked", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        told = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        sys.stdin = io.TextIOWrapper(io.BytesIO(told), encoding="utf-8")
        basic._ANSIBLE_ARGS = None
        try:
            module.main()
        except Passed:
            pass
if kind == "mock":
    learnt = [call.kwargs["argument_spec"] for call in stand_in.call_args_list]
print(json.dumps([sorted(options) for options in learnt]))
"""


@pytest.mark.parametrize("early", [False, True], ids=["first import under it", "imported before"])
@pytest.mark.parametrize("kind", ["checks", "collects", "function", "mock"])
def test_a_stand_in_learns_the_options_and_nothing_is_done(
    sandbox: Sandbox, tmp_path: Path, kind: str, early: bool
) -> None:
    modules = [call(row, "number_purchase", sandbox, tmp_path) for row in EACH_KIND] + [
        call(EACH_KIND[-1], module, sandbox, tmp_path) for module in bad_options.NAMES
    ]
    sandbox.log()
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([kind, early, modules]),
        env={**ansible_runs.environment(tmp_path), "PYTHONPATH": str(ansible_runs.COLLECTIONS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    learnt = json.loads(ran.stdout.splitlines()[-1])
    assert len(learnt) == len(modules) and all(
        {"provider", "api_url", "password"} <= set(options) for options in learnt
    )
    assert sandbox.log() == []
    assert [sandbox.state(row)["owned"] for row in EACH_KIND] == [[]] * len(EACH_KIND)


def call(row: Row, module: str, sandbox: Sandbox, home: Path) -> tuple[str, dict[str, object]]:
    """A module's file, and arguments with which it would do what it is for."""
    options = {**bad_options.base(module, row, "+46825290000"), "max_monthly_price": None, "max_monthly_total": None}
    given = {**Runner(sandbox.url, row, home).common, **options}
    return str(ansible_runs.COLLECTION / "plugins" / "modules" / f"{module}.py"), {
        key: value for key, value in given.items() if value is not None
    }
