# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task runs, what it takes from the play, and what it leaves behind, a time-out included."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from contract_fixtures import Sandbox
from plays import BY_NAME, Controller, task

CATALOG, INFOBIP, PLIVO = (BY_NAME[name] for name in ("sinch_catalog", "infobip_sms", "plivo_groups"))
ENVIRONMENT = {"INFOBIP_API_KEY": INFOBIP.credentials["api_key"]}
SILENCE = {"kind": "silence", "when": "after", "count": 1, "match": {"method": "POST"}}


@pytest.fixture
def common(controller: Controller) -> dict[str, Any]:
    """The shared options for the catalogue."""
    return controller.common(CATALOG)


def launcher(folder: Path) -> str:
    """Another interpreter, which has the libraries."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return str(path)


# -- where -------------------------------------------------------------------------------------------------------------

HERE: dict[str, dict[str, Any]] = {
    "nothing said": {},
    "automatic": {"vars": {"ansible_python_interpreter": "auto_silent"}},
    "this Python": {"vars": {"ansible_python_interpreter": sys.executable}},
    "the controller's Python": {"vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}},
    "omitted": {"vars": {"ansible_python_interpreter": "{{ omit }}"}},
    "delegated to here": {"delegate_to": "localhost"},
    "empty switch": {"environment": {"TELCO_NUMBERS_IN_PROCESS": ""}},
    "no async after all": {"async": 0},
}
THERE: dict[str, dict[str, Any]] = {
    "switched off": {"environment": {"TELCO_NUMBERS_IN_PROCESS": False}},
    "another Python": {"vars": {"ansible_python_interpreter": "LAUNCHER"}},
    "async": {"async": 60, "poll": 1},
}
AWAY: dict[str, dict[str, Any]] = {
    "become": {"become": True, "become_user": "nobody", "vars": {"ansible_become_exe": "/bin/false"}},
    "become as a variable": {
        "vars": {"ansible_become": True, "ansible_become_user": "nobody", "ansible_become_exe": "/bin/false"}
    },
    "another connection": {"vars": {"ansible_connection": "ssh", "ansible_ssh_executable": "/bin/false"}},
    "delegated to another machine": {
        "delegate_to": "elsewhere",
        "vars": {"ansible_ssh_executable": "/bin/false", "ansible_connection": "ssh"},
    },
}


@pytest.mark.parametrize("keywords", HERE.values(), ids=HERE)
def test_it_stays_here(controller: Controller, common: dict[str, Any], keywords: dict[str, Any]) -> None:
    ran = controller.play([task("number_info", "found", common, **keywords)])
    assert not ran.results["found"]["failed"], ran.output
    assert not ran.shipped("number_info")


@pytest.mark.parametrize("keywords", THERE.values(), ids=THERE)
def test_it_is_shipped_and_works(controller: Controller, common: dict[str, Any], keywords: dict[str, Any]) -> None:
    if "LAUNCHER" in str(keywords):
        keywords = {"vars": {"ansible_python_interpreter": launcher(controller.home)}}
    ran = controller.play([task("number_info", "found", common, **keywords)])
    assert not ran.results["found"]["failed"], ran.output
    assert ran.results["found"]["numbers"] == []
    assert ran.shipped("number_info")


@pytest.mark.parametrize("keywords", AWAY.values(), ids=AWAY)
def test_it_never_runs_here_instead_of_there(
    controller: Controller, sandbox: Sandbox, common: dict[str, Any], keywords: dict[str, Any]
) -> None:
    """Nobody can be reached and no other user become, so nothing runs at all."""
    controller.play([task("number_info", "found", common, **keywords)])
    assert sandbox.log() == []


def test_a_python_that_is_configured_for_all_counts_too(controller: Controller, common: dict[str, Any]) -> None:
    hosts = controller.home / "hosts"
    hosts.write_text("localhost ansible_connection=local\n")
    env = {"ANSIBLE_PYTHON_INTERPRETER": launcher(controller.home)}
    ran = controller.play([task("number_info", "found", common)], "-i", str(hosts), env=env)
    assert not ran.results["found"]["failed"], ran.output
    assert ran.shipped("number_info")


def test_without_its_libraries_it_is_shipped(controller: Controller, common: dict[str, Any]) -> None:
    """The module's Python lacks them too here, and says so as every module does."""
    (controller.home / "requests.py").write_text("raise ImportError('no requests')\n")
    ran = controller.play([task("number_info", "found", common)], env={"PYTHONPATH": str(controller.home)})
    assert ran.shipped("number_info")
    assert ran.results["found"]["failure"]["code"] == "unsupported"
    assert "requests" in ran.results["found"]["msg"]


def test_ad_hoc(controller: Controller, common: dict[str, Any]) -> None:
    given = " ".join(f"{option}={value}" for option, value in common.items())
    code, output = controller.run("adhoc", "localhost", "-m", "telco.numbers.number_info", "-a", given)
    assert code == 0, output
    assert "localhost | SUCCESS" in output
    assert "plugins/modules/number_info.py" not in output


# -- what it takes from the play ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("switch", ["1", "0"], ids=["in process", "shipped"])
@pytest.mark.parametrize("name", ["telco.numbers.number_info", "group/telco.numbers.numbers"])
def test_module_defaults(controller: Controller, common: dict[str, Any], name: str, switch: str) -> None:
    ran = controller.play(
        [task("number_info", "found", {})], env={"TELCO_NUMBERS_IN_PROCESS": switch}, module_defaults={name: common}
    )
    assert not ran.results["found"]["failed"], ran.output
    assert ran.shipped("number_info") is (switch == "0")


def test_a_short_name(controller: Controller, common: dict[str, Any]) -> None:
    ran = controller.play(
        [{"number_info": {**common, "colour": "red"}, "register": "found", "ignore_errors": True}],
        collections=["telco.numbers"],
    )
    assert ran.results["found"]["msg"].startswith("Unsupported parameters for (number_info) module: colour. ")
    assert not ran.shipped("number_info")


def test_arguments_are_shown_when_that_is_configured(controller: Controller, common: dict[str, Any]) -> None:
    shipped = {"environment": {"TELCO_NUMBERS_IN_PROCESS": "0"}}
    ran = controller.play(
        [task("number_info", "here", common), task("number_info", "there", common, **shipped)],
        env={"ANSIBLE_INJECT_INVOCATION": "0"},
    )
    assert ran.results["here"] == ran.results["there"]


def test_the_environment_of_a_task_is_its_own(controller: Controller, sandbox: Sandbox) -> None:
    """Also in a loop, whose items share a process: the second has no credentials, and no trace of the first's."""
    given = {"provider": "infobip_sms", "api_url": f"{sandbox.url}/infobip_sms"}
    loop = {"loop": [ENVIRONMENT, {}], "environment": "{{ item }}", "no_log": True}
    ran = controller.play(
        [task("number_info", "found", given, **loop), task("number_info", "after", given)],
        environment={"NO_PROXY": "*"},
    )
    first, second = ran.results["found"]["results"]
    assert not first["failed"], ran.output
    for result in (second, ran.results["after"]):
        assert result["failure"]["code"] == "invalid_option"
        assert "INFOBIP_API_KEY" in result["msg"]
    assert INFOBIP.credentials["api_key"] not in ran.output


def test_the_proxy_of_a_task_is_used_for_it_alone(
    controller: Controller, common: dict[str, Any], sandbox: Sandbox
) -> None:
    nowhere = {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""}
    ran = controller.play([task("number_info", "found", common, loop=[nowhere, {}], environment="{{ item }}")])
    proxied, direct = ran.results["found"]["results"]
    assert proxied["failure"]["code"] == "connection_failed"
    assert not direct["failed"]
    assert len(sandbox.log()) == 1


def test_a_secret_of_the_environment_is_masked(controller: Controller, sandbox: Sandbox) -> None:
    """Wherever it turns up: in a message, in what the provider answers, in the arguments."""
    secret = INFOBIP.credentials["api_key"]
    options = {"provider": "infobip_sms", "api_url": f"{sandbox.url}/infobip_sms"}
    named = task(
        "number_release", "named", {**options, "numbers": [secret]}, environment=ENVIRONMENT, ignore_errors=True
    )
    sandbox.faults(
        {
            "kind": "status",
            "status": 400,
            "body": {"requestError": {"serviceException": {"messageId": "X", "text": f"not {secret}"}}},
        }
    )
    told = task("number_info", "told", {**options, "filters": {"number": secret}}, environment=ENVIRONMENT)
    ran = controller.play([named, told])
    assert ran.results["named"]["failure"]["code"] == "invalid_option"
    assert "********" in ran.results["told"]["msg"]
    assert secret not in ran.output


# -- a task time-out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [CATALOG, PLIVO], ids=lambda row: row.provider)
def test_a_time_out_amid_a_purchase_is_a_kill_and_the_next_run_ends_as_one(
    controller: Controller, sandbox: Sandbox, row: Any
) -> None:
    """The number was bought and the answer never came: nothing more is bought then, and the next task buys what is
    missing.
    """
    where = {**controller.common(row), **row.where, "count": 3, "journal": str(controller.home / "journal")}
    sandbox.faults(SILENCE)
    ran = controller.play(
        [
            task("number_purchase", "cut", where, timeout=1),
            task("number_purchase", "next", where),
            task("number_purchase", "last", where),
        ]
    )
    cut, following, last = (ran.results[name] for name in ("cut", "next", "last"))
    assert cut["failed"] and "timed" in str(cut), cut
    assert (following["failed"], last["changed"]) == (False, False), following
    assert len(last["numbers"]) == 3
    assert len(sandbox.state(row)["owned"]) == 3
    assert not ran.shipped("number_purchase")
    assert 1 <= len([entry for entry in sandbox.log() if entry["mutating"]]) <= 3
