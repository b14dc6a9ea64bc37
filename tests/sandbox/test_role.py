# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role: started twice, stopped, in check mode, with a port in use, with every kind of fault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ansible_runs
import pytest
import requests
from sandbox_clients import (
    CATALOG,
    CATALOG_LIST,
    CATALOG_SEARCH,
    INFOBIP,
    INFOBIP_LIST,
    PLIVO,
    PLIVO_BASE,
    SHOP,
    Portal,
)
from sandbox_server import FILES, Client, Server

pytest.importorskip("ansible")

# Kinds that change an answer, and what a client sees of them: they strike one after the other, at the reads of one
# list.
ANSWERS: list[tuple[dict[str, Any], Any]] = [
    ({"kind": "status", "status": 429, "retry_after": 2}, 429),
    ({"kind": "reset", "when": "after"}, requests.ConnectionError),
    ({"kind": "silence"}, requests.ReadTimeout),
    ({"kind": "redirect", "to": "http://other.invalid"}, 302),
    ({"kind": "not_json"}, 200),
    ({"kind": "empty"}, 200),
    ({"kind": "huge", "bytes": 300000}, 200),
    ({"kind": "body", "merge": {"numberCount": "many"}}, 200),
    ({"kind": "truncate"}, requests.exceptions.ChunkedEncodingError),
    ({"kind": "drip", "bytes": 40, "interval": 0.001}, 200),
    ({"kind": "delay", "seconds": 0.001}, 200),
]
# Kinds that change what a provider knows or does; each is met by one of the calls of the test.
FACTS: list[dict[str, Any]] = [
    {"kind": "sell_between", "offer": "+15045550100"},
    {"kind": "next_link", "host": "http://other.invalid"},
    {"kind": "pending", "count": 1},
    {"kind": "partial", "deliver": 2},
    {"kind": "lag", "reads": 1, "count": 1},
    {"kind": "lag_changes", "reads": 1, "count": 1},
    {"kind": "meanwhile", "account": "infobip-user", "change": {"release": []}, "match": {"provider": "infobip_sms"}},
    {"kind": "shift", "total": True},
    {"kind": "page_cap", "rows": 2},
    {"kind": "swap"},
    {"kind": "expire_reservation", "match": {"path": "shop$", "method": "POST"}},
    {"kind": "expire_instance", "match": {"path": "shop$", "method": "GET"}},
]


class Role:
    """Runs the role through ansible-playbook."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}/_sandbox"
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "roles": ["sandbox"]}
        (folder / "play.yml").write_text(json.dumps([play]))
        (folder / "predict.yml").write_text(json.dumps([{**play, "check_mode": True}]))

    def run(self, *arguments: str, play: str = "play.yml", **variables: Any) -> tuple[int, str]:
        """How many tasks changed something, and why it failed (empty when it did not)."""
        given = {"sandbox_port": self.port, "sandbox_data_dir": str(self.folder / "data"), **variables}
        arguments = (str(self.folder / play), "-e", json.dumps(given), *arguments)
        env = ansible_runs.environment(self.folder, ANSIBLE_ROLES_PATH=str(FILES.parents[1]))
        ended = ansible_runs.run("playbook", *arguments, folder=self.folder, env=env)
        counted = re.search(r"^localhost .* changed=(\d+)", ended.stdout, re.MULTILINE)
        assert counted, ended.stdout + ended.stderr
        failures = re.findall(r"FAILED! => (\{.*\})$", ended.stdout, re.MULTILINE)
        return int(counted[1]), str(json.loads(failures[-1])["msg"]) if failures else ""

    def get(self, path: str) -> Any:
        """Read from the control path."""
        return requests.get(f"{self.url}/{path}", timeout=5).json()


@pytest.fixture
def role(tmp_path: Path, process: Server) -> Iterator[Role]:
    """The role with a folder and a port of its own; nothing stays running."""
    scratch = Server(tmp_path / "scratch")
    scratch.stop()
    yield Role(tmp_path, scratch.port)
    command = [sys.executable, str(FILES / "telco_numbers_sandbox"), "--data-dir", str(tmp_path / "data"), "--stop"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def test_the_keyword_is_check_mode_as_well(role: Role) -> None:
    """It starts and stops nothing, as --check."""
    changed, message = role.run(play="predict.yml")
    assert changed and not message and not (role.folder / "data").exists()
    assert role.run()[0] > 0
    assert role.run(play="predict.yml", sandbox_state="stopped") == (1, "")
    assert role.get("health") == {"status": "ok"}


def test_start_and_stop(role: Role) -> None:
    faults = [{"kind": "delay", "seconds": 0}]
    assert role.run("--check")[0] > 0 and not (role.folder / "data").exists()
    assert role.run(sandbox_faults=faults)[0] > 0
    requests.patch(f"{role.url}/state/infobip_sms/infobip-user", json={"credit": "7"}, timeout=5).raise_for_status()
    assert role.get("faults")["faults"] == faults
    assert role.run(sandbox_faults=faults) == (0, "")
    assert role.run("--check", sandbox_state="stopped", sandbox_faults=faults) == (1, "")
    assert role.get("health") == {"status": "ok"}
    assert role.run(sandbox_state="stopped") == (1, "")
    assert role.run(sandbox_state="stopped") == (0, "")
    assert role.run() == (1, "")
    assert role.get("state")["infobip_sms"]["infobip-user"]["credit"] == "7"
    assert role.get("faults")["faults"] == []


def test_a_state_that_is_none_is_named(role: Role) -> None:
    assert "sandbox_state" in role.run(sandbox_state="restarted")[1]


def test_a_port_in_use_is_named(role: Role, process: Server) -> None:
    _changed, message = role.run(sandbox_port=process.port)
    assert message.endswith(f"the sandbox cannot start: port {process.port} on 127.0.0.1 is in use")


def documented_kinds() -> list[str]:
    """What the role's README says there is."""
    table = (FILES.parent / "README.md").read_text(encoding="utf-8").split("| kind | fields |")[1].split("\n\n")[0]
    return [kind for row in table.splitlines() for kind in re.findall(r"`(\w+)`", row.split("|")[1] if row else "")]


def test_every_kind_of_fault_is_switched_on_and_off(role: Role) -> None:
    faults = [
        {"match": {"provider": "infobip_sms"}, "count": 1, "skip": place, **fault}
        for place, (fault, _seen) in enumerate(ANSWERS)
    ] + FACTS
    assert sorted(fault["kind"] for fault in faults) == sorted(documented_kinds())
    assert role.run(sandbox_faults=faults)[1] == ""
    sandbox = Client(role.port)
    for _fault, seen in ANSWERS:
        try:
            assert sandbox.call("GET", INFOBIP_LIST, auth=INFOBIP, timeout=0.5).status_code == seen
        except requests.RequestException as error:
            assert error.__class__ is seen
    sandbox.call("GET", CATALOG_SEARCH, auth=CATALOG)
    sandbox.call("POST", CATALOG_LIST, params={"phoneNumber": "+15045550100"}, auth=CATALOG)
    for quantity in (1, 4):
        sandbox.call(
            "POST", f"{PLIVO_BASE}AvailableNumberGroup/44000000000020/", json={"quantity": quantity}, auth=PLIVO
        )
    for offset in ("0", "1"):
        sandbox.call("GET", f"{PLIVO_BASE}Number/", auth=PLIVO, params={"limit": "1", "offset": offset})
    portal = Portal(sandbox).log_in()
    assert portal.check_out(portal.reserve(1)).json()["errorCode"] == 40400
    assert portal.signed("GET", SHOP).json()["errorCode"] == 40100
    found = role.get("faults")
    assert found["faults"] == faults
    assert [
        fault["kind"] for fault, count in zip(found["faults"], found["counts"], strict=True) if not count["fired"]
    ] == []

    assert role.run(sandbox_faults=[{"kind": "nope"}])[1].startswith(
        "sandbox_faults: unknown fault kind 'nope'; one of: delay, "
    )
    assert role.get("faults")["faults"] == faults
    assert role.run(sandbox_faults=[]) == (1, "")
    assert role.get("faults")["faults"] == []
