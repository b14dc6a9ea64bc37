# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control path, seeds, restarts and the command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from sandbox_clients import ORGANISATION, PLIVO, PLIVO_BASE, PLIVO_ID, Portal
from sandbox_server import FILES

LONDON = "44000000000020"


def rent(server: Any, quantity: int = 1) -> Any:
    """Rent numbers at plivo_groups."""
    return server.call("POST", f"{PLIVO_BASE}AvailableNumberGroup/{LONDON}/", json={"quantity": quantity}, auth=PLIVO)


def test_health_and_unknown_paths(sandbox: Any) -> None:
    assert sandbox.control("GET", "health") == {"status": "ok"}
    for method, path in (
        ("GET", "/_sandbox/nope"),
        ("POST", "/_sandbox/health"),
        ("GET", "/"),
        ("GET", "/v2/Account/"),
    ):
        assert sandbox.call(method, path).status_code == 404


def test_log_tells_what_was_sent_but_no_secrets(portal: Portal) -> None:
    sandbox = portal.sandbox
    reference = portal.reserve(1)
    rent(sandbox, 2)
    sandbox.call("GET", PLIVO_BASE + "Number/", params={"limit": "5"}, auth=PLIVO)
    log = sandbox.log()
    assert [(row["provider"], row["method"], row["status"], row["mutating"]) for row in log] == [
        ("sinch_portal", "POST", 200, False),
        ("sinch_portal", "POST", 200, False),
        ("sinch_portal", "PUT", 200, True),
        ("plivo_groups", "POST", 201, True),
        ("plivo_groups", "GET", 200, False),
    ]
    assert log[3]["body"] == {"quantity": 2} and log[4]["query"] == {"limit": "5"}
    text = json.dumps(log) + sandbox.control("GET", "state").__repr__()
    for secret in ("sandbox-portal-password", "sandbox-plivo-auth-token", portal.ticket, portal.secret):
        assert secret not in text
    later = sandbox.control("GET", f"requests?since={log[3]['id']}")["requests"]
    assert [row["id"] for row in later] == [log[4]["id"]]
    assert reference in sandbox.control("GET", "state").__repr__()
    sandbox.control("DELETE", "requests")
    rent(sandbox)
    assert [row["id"] for row in sandbox.log()] == [log[4]["id"] + 1]


def test_refused_and_unknown_requests_are_logged_too(sandbox: Any) -> None:
    sandbox.call("POST", PLIVO_BASE + "Number", auth=PLIVO)
    assert [(row["status"], row["mutating"]) for row in sandbox.log()] == [(404, True)]


def test_state_can_be_changed(sandbox: Any) -> None:
    row = {
        "number": "+442079460000",
        "offer": LONDON,
        "applications": {"voice": "16632742496743552"},
        "configuration": {"alias": "old"},
    }
    changed = sandbox.control(
        "PATCH", f"state/plivo_groups/{PLIVO_ID}", {"credit": "1.00", "own": [row], "sell": {LONDON: 4}}
    )
    assert changed["credit"] == "1.00" and changed["stock"][LONDON] == 2 and changed["owned"][0]["group"] == LONDON
    listed = sandbox.call("GET", PLIVO_BASE + "Number/", auth=PLIVO).json()["objects"]
    assert listed[0]["alias"] == "old" and listed[0]["number_type"] == "local"
    refused: tuple[Any, ...] = (
        {"colour": 1},
        {"credit": "x"},
        {"own": [{"number": 1}]},
        {"own": 5},
        {"own": [{"number": "+1", "data": 5}]},
        {"sell": {LONDON: "x"}},
    )
    for body in refused:
        assert sandbox.call("PATCH", f"/_sandbox/state/plivo_groups/{PLIVO_ID}", json=body).status_code == 400
    for unknown in ({"sell": {"nope": 1}}, {"fulfil": "nope"}):
        assert sandbox.call("PATCH", f"/_sandbox/state/plivo_groups/{PLIVO_ID}", json=unknown).status_code == 404
    assert sandbox.call("PATCH", "/_sandbox/state/plivo_groups/nobody", json={}).status_code == 404


@pytest.mark.parametrize("provider", ["sinch_portal", "sinch_catalog", "infobip_sms"])
def test_numbers_can_be_given_at_every_provider(sandbox: Any, provider: str) -> None:
    account = next(iter(sandbox.control("GET", "state")[provider]))
    owned = sandbox.control(
        "PATCH", f"state/{provider}/{account}", {"own": [{"number": "+442079460000", "country": "GB"}]}
    )["owned"]
    assert owned[0]["number"] == "+442079460000"


def test_reset_takes_another_seed(sandbox: Any) -> None:
    accounts = [{"id": "MAONE", "auth_token": "1"}, {"id": "MATWO", "auth_token": "2", "credit": "5"}]
    offers = [
        {
            "id": "1",
            "country": "SE",
            "type": "local",
            "capabilities": ["voice"],
            "stock": 3,
            "monthly_price": "1",
            "area_code": "8",
        }
    ]
    sandbox.reset({"plivo_groups": {"accounts": accounts, "offers": offers}})
    state = sandbox.control("GET", "state")
    assert list(state["plivo_groups"]) == ["MAONE", "MATWO"] and state["plivo_groups"]["MATWO"]["stock"] == {"1": 3}
    assert state["sinch_portal"] and sandbox.log() == []
    sandbox.reset({"plivo_groups": {"extend": True, "offers": offers}})
    assert len(sandbox.state("plivo_groups", PLIVO_ID)["stock"]) > 30
    sandbox.reset()
    assert "1" not in sandbox.state("plivo_groups", PLIVO_ID)["stock"]


@pytest.mark.parametrize(
    "seed",
    [
        [],
        {"nobody": {}},
        {"plivo_groups": []},
        {"plivo_groups": {"offer": []}},
        {"plivo_groups": {"accounts": [{}]}},
        {"plivo_groups": {"offers": [{"id": "1"}]}},
        {"plivo_groups": {"offers": [{"id": "1", "capabilities": ["fax"]}]}},
        {"infobip_sms": {"offers": [{"capabilities": []}]}},
        {"infobip_sms": {"offers": [{"number": "+1", "capabilities": [], "monthly_price": "much"}]}},
        {"plivo_groups": {"accounts": [{"id": "1", "colour": 1}]}},
        {"plivo_groups": {"offers": 5}},
        {"plivo_groups": {"settings": []}},
        {"plivo_groups": {"offers": [{"id": "1", "capabilities": [], "stock": "many"}]}},
        {"plivo_groups": {"offers": [{"variants": [5]}]}},
        {"plivo_groups": {"accounts": [{"id": "1", "credit": "NaN"}]}},
    ],
)
def test_bad_seeds_are_refused_and_change_nothing(sandbox: Any, seed: Any) -> None:
    answer = sandbox.call("POST", "/_sandbox/reset", json={"seed": seed})
    assert answer.status_code == 400 and answer.json()["error"]
    assert sandbox.state("plivo_groups", PLIVO_ID)["stock"][LONDON] == 6


def test_restart_and_kill_keep_the_state(start: Any) -> None:
    server = start()
    client = Portal(server).log_in()
    reference = client.reserve(1, 2)
    rent(server, 2)
    before = server.control("GET", "state")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    again = start()
    assert again.control("GET", "state") == before
    client.sandbox = again
    assert client.check_out(reference).status_code == 204  # the instance lives on as well
    last = max(row["id"] for row in again.log())
    again.stop()
    third = start()
    assert len(third.state("sinch_portal", ORGANISATION)["owned"]) == 2
    rent(third)
    assert third.log()[-1]["id"] == last + 1


def test_a_seed_file_is_used_at_first_and_by_reset(start: Any, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"plivo_groups": {"accounts": [{"id": "MAFILE", "auth_token": "x"}]}}))
    server = start("other", "--seed", str(seed))
    assert list(server.control("GET", "state")["plivo_groups"]) == ["MAFILE"]
    server.reset()
    assert list(server.control("GET", "state")["plivo_groups"]) == ["MAFILE"]


def test_it_runs_as_a_module_and_listens_on_loopback_only(start: Any) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "telco_numbers_sandbox", "--help"], cwd=FILES, capture_output=True, text=True, check=True
    )
    assert "--port-file" in shown.stdout and "--host" not in shown.stdout
    server = start()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.2:{server.port}/_sandbox/health", timeout=2)


def test_what_prevents_a_start_is_said_in_one_line(process: Any, tmp_path: Path) -> None:
    def attempt(*arguments: str) -> str:
        command = [sys.executable, str(FILES / "telco_numbers_sandbox"), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)
        assert ended.returncode == 4 and ended.stderr.count("\n") == 1
        return ended.stderr

    assert "is in use" in attempt("--port", str(process.port), "--data-dir", str(tmp_path / "a"))
    assert "another sandbox" in attempt("--port", "0", "--data-dir", str(process.data_dir))
    assert "cannot be read" in attempt(
        "--port", "0", "--data-dir", str(tmp_path / "b"), "--seed", str(tmp_path / "none")
    )
    (tmp_path / "bad.json").write_text('{"nobody": {}}')
    assert "unknown key 'nobody'" in attempt(
        "--port", "0", "--data-dir", str(tmp_path / "c"), "--seed", str(tmp_path / "bad.json")
    )


def test_it_imports_nothing_of_the_client() -> None:
    for path in (FILES / "telco_numbers_sandbox").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "ansible" not in text and "phonenumbers" not in text, path


@pytest.mark.parametrize(
    "body",
    [b'{"numberKey": "\\ud800"}', b"[" * 100000, b'{"numberKey": NaN}', b"\xff", b'{"numberKey": 1e999}', b"null"],
)
def test_hostile_bodies_are_refused(sandbox: Any, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "App sandbox-infobip-api-key"}
    assert sandbox.call("POST", "/sms/1/numbers", data=body, headers=headers).status_code == 400
    assert len(sandbox.log()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/sms/1/numbers/%ff%00",
        "/sms/1/numbers?a=%zz",
        "/v1/Account/%2e%2e/Number/",
        "/v1/users/email/%0d%0a/authentication",
    ],
)
def test_hostile_requests_are_refused(sandbox: Any, path: str) -> None:
    for value in (b"Basic \xff\xfe", b"Basic =", b"Instance \xc3\xa9:x"):
        text = (
            b"GET "
            + path.encode()
            + b" HTTP/1.1\r\nHost: x\r\nAuthorization: "
            + value
            + b"\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
            connection.sendall(text)
            assert connection.recv(100).startswith(b"HTTP/1.1 4")


def test_somebody_changes_an_owned_number_and_gives_it_back(sandbox: Any) -> None:
    where, number = f"state/plivo_groups/{PLIVO_ID}", "+442079460000"
    links = {"voice": "16632742496743552"}
    own = {
        "number": number,
        "offer": LONDON,
        "applications": links,
        "configuration": {"alias": "old"},
        "bought_at": 1795000000,
    }
    sandbox.control("PATCH", where, {"own": [own]})
    changed = sandbox.control(
        "PATCH",
        where,
        {"alter": [{"number": number, "applications": {"voice": None}, "data": {"capabilities": ["sms", "voice"]}}]},
    )
    owned = changed["owned"][0]
    assert (owned["applications"], owned["configuration"], owned["facts"]["capabilities"]) == (
        {},
        {"alias": "old"},
        ["sms", "voice"],
    )
    row = sandbox.call("GET", PLIVO_BASE + "Number/", auth=PLIVO).json()["objects"][0]
    assert row["sms_enabled"] is True and row["added_on"] > "2020" and row["application"] is None
    stock = changed["stock"][LONDON]
    changed = sandbox.control("PATCH", where, {"release": [number]})
    assert changed["owned"] == [] and changed["stock"][LONDON] == stock + 1
    for body, status in (
        ({"release": [number]}, 404),
        ({"alter": [{"number": number}]}, 404),
        ({"alter": [5]}, 404),
        ({"release": number}, 400),
    ):
        assert sandbox.call("PATCH", f"/_sandbox/{where}", json=body).status_code == status, body


def test_somebody_changes_the_account_while_a_request_comes(sandbox: Any) -> None:
    change = {"own": [{"number": "+442079460000", "offer": LONDON}]}
    sandbox.faults({"kind": "meanwhile", "account": PLIVO_ID, "change": change, "match": {"method": "GET"}, "count": 1})
    listed = sandbox.call("GET", PLIVO_BASE + "Number/", auth=PLIVO).json()["objects"]
    assert [row["number"] for row in listed] == ["442079460000"]
    assert sandbox.log()[-1]["faults"] == ["meanwhile"]
    for spec in ({"kind": "meanwhile", "account": PLIVO_ID}, {"kind": "meanwhile", "account": PLIVO_ID, "change": []}):
        assert sandbox.call("PUT", "/_sandbox/faults", json=[spec]).status_code == 400


def test_a_record_may_tell_another_fact_than_its_offer(sandbox: Any) -> None:
    offer = {
        "id": "43000000000001",
        "country": "AT",
        "type": "local",
        "area_code": "1",
        "region": "WIEN, AUSTRIA",
        "stock": 2,
        "capabilities": ["voice", "sms"],
    }
    told = {"region": "VIENNA, AUSTRIA", "capabilities": ["voice"]}
    sandbox.reset({"plivo_groups": {"extend": True, "offers": [{**offer, "record": told}]}})
    found = sandbox.call(
        "GET", PLIVO_BASE + "AvailableNumberGroup/", params={"country_iso": "AT", "region": "wien"}, auth=PLIVO
    ).json()["objects"]
    assert [(row["region"], row["sms_enabled"]) for row in found] == [("WIEN, AUSTRIA", True)]
    sandbox.call("POST", f"{PLIVO_BASE}AvailableNumberGroup/43000000000001/", json={"quantity": 1}, auth=PLIVO)
    row = sandbox.call("GET", PLIVO_BASE + "Number/", auth=PLIVO).json()["objects"][0]
    assert (row["region"], row["sms_enabled"], row["voice_enabled"]) == ("VIENNA, AUSTRIA", False, True)
