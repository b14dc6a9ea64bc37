# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaries in every secret option and variable: no byte that a run prints or leaves shows one, nor anything made of
one.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import seeds
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from bad_options import NAMES
from contract_fixtures import Sandbox
from kinds import EACH_KIND, chosen
from real_runs import Home, forms, hits
from relay import Reply, Seen, Server, forward
from rows import ROWS, Row

OPTIONS = ("account_id", "username", "password", "api_key", "api_secret", "token")


class World:
    """The sandbox with canaries for credentials, and a witness in front of it that can also answer with all that it was
    told.
    """

    def __init__(self, sandbox: Sandbox, server: Server, echo: Server) -> None:
        self.sandbox, self.server, self.echo = sandbox, server, echo
        self.learnt: set[bytes] = set()  # secrets of the handshake, signatures
        self.instances: set[bytes] = set()
        seeded, self.canaries = seeds.seed(lambda: f"{secrets.token_hex(10)}/+&%{secrets.token_hex(4)}")
        sandbox.reset(seeded)
        onward = forward(sandbox.url)
        server.becomes(lambda seen: self._noted(seen, onward(seen)))
        echo.becomes(lambda seen: self._echoed(seen, self._noted(seen, onward(seen))))

    def _noted(self, seen: Seen, reply: Reply) -> Reply:
        """Learn what proves the sender, and what the handshake hands out."""
        proof = (seen.header("Authorization") or "").partition(" ")[2]
        if proof and not proof.startswith("669762D5"):  # the administration key is public
            instance = (seen.header("Authorization") or "").startswith("Instance ")
            self.learnt.add(proof.partition(":")[2].encode() if instance else proof.encode())
        if seen.path.endswith("/authentication") and reply.status == 200:
            self.learnt.add(json.loads(reply.body)["authorization"].encode())
        if seen.path.endswith("/instance") and reply.status == 200:
            self.instances.add(json.loads(reply.body)["secret"].encode())
        return reply

    def _echoed(self, seen: Seen, reply: Reply) -> Reply:
        """Repeat every header and the body of the request in each text of the answer; log-in works."""
        if seen.path.endswith(("/authentication", "/instance", "/organisations")):
            return reply
        told = " ".join([*(f"{name}: {value}" for name, value in seen.headers), seen.body.decode()])
        if seen.method == "POST" and "/AvailableNumberGroup/" in seen.path:  # an order whose words go into the journal
            return Reply(
                201,
                json.dumps(
                    {"api_id": "x", "status": "pending", "numbers": [], "message": told, "details": told}
                ).encode(),
            )
        if seen.method != "GET":
            error = {
                "errorCode": 49900,
                "code": 1,
                "message": told,
                "error": told,
                "requestError": {"serviceException": {"messageId": "X", "text": told}},
            }
            return Reply(400, json.dumps(error).encode())
        document = json.loads(reply.body)
        rows = (
            document
            if isinstance(document, list)
            else next((value for value in document.values() if isinstance(value, list)), [document])
        )
        for row in rows:
            row.update(
                {
                    "city": told,
                    "region": told,
                    "friendlyName": told,
                    "alias": told,
                    "comment": {"deep": [told]},
                    told: "a key",
                }
            )
        return Reply(reply.status, json.dumps(document).encode())

    def hidden(self) -> set[bytes]:
        """Every secret in every form, those of the handshake but the instances' left out."""
        found = set(self.learnt)
        for row in ROWS:
            users = [*row.credentials.values(), row.account, "infobip-user", *self.canaries[row.provider].values()]
            for value in self.canaries[row.provider].values():
                found |= forms(value, *users)
        return found


@pytest.fixture(scope="module")
def world(process: Sandbox) -> Iterator[World]:
    with Server(lambda _seen: Reply(404)) as server, Server(lambda _seen: Reply(404)) as echo:
        yield World(process, server, echo)


@pytest.fixture(params=[False, True], ids=["in process", "shipped"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return Home(tmp_path / "home", request.param)


def shown_at(home: Home) -> list[Row]:
    """Whose runs are searched: what a module is shipped with depends on how the account is opened and on settings."""
    return chosen("logs_in", "configures") if home.shipped else EACH_KIND


def task(module: str, common: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """A task whose result is kept and shown; with ``keep`` it goes into the fact cache too."""
    keywords = {key: options.pop(key) for key in ("check_mode", "diff", "when") if key in options}
    keep = options.pop("keep", False)
    shown = {"ansible.builtin.debug": {"var": "result"}}
    kept = {"ansible.builtin.set_fact": {"kept": "{{ result }}", "cacheable": True}}
    return [
        {f"telco.numbers.{module}": {**common, **options}, "register": "result", "ignore_errors": True, **keywords},
        shown,
        *([kept] if keep else []),
    ]


def inventory(world: World, rows: list[Row], **credentials: dict[str, str]) -> dict[str, Any]:
    """A host a row; *credentials* by provider, the canaries by default."""
    hosts = {}
    for row in rows:
        given = credentials.get(row.provider, seeds.credentials(row, world.canaries))
        facts = {
            "provider": row.provider,
            "where": row.where,
            "application": row.application or "none",
            "settings": row.settings or {"friendly_name": "x"},
        }
        hosts[row.provider] = {
            **facts,
            **given,
            "opens": given,
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "url": f"{world.server.url}/{row.provider}",
            "echo": f"{world.echo.url}/{row.provider}",
        }
    return {"all": {"hosts": hosts}}


def common(home: Home, **more: Any) -> dict[str, Any]:
    """The shared options; each credential only where the host has one."""
    given = {option: f"{{{{ {option} | default(omit) }}}}" for option in OPTIONS}
    folders = {"journal": str(home.path / "journal"), "session_cache": str(home.path / "sessions")}
    return {
        "provider": "{{ provider }}",
        "api_url": "{{ url }}",
        "account_currency": "EUR",
        "settle_time": 0,
        "retries": 0,
        **given,
        **folders,
        **more,
    }


def everything(home: Home, world: World, printed: str, count: Counter[str]) -> list[str]:
    """The hits in what was printed and in every file that was left; the session cache has to hold the instance's
    secret.
    """
    found = hits("printed", printed.encode(), world.hidden() | world.instances)
    for name, content in home.left():
        found += hits(name, content, world.hidden() | (set() if name.startswith("sessions") else world.instances))
        count["files searched for secrets"] += 1
    count["bytes of output searched for secrets"] += len(printed)
    return found + [line for line in printed.splitlines() if "Traceback (most recent call last)" in line]


def test_no_run_shows_a_secret(home: Home, world: World, count: Counter[str]) -> None:
    """Every module at a provider of each kind: success, check, diff, failure, refusal, and a provider that repeats
    what it was told.
    """
    options = common(home)
    wrong = {
        option: f"{{{{ {option} ~ 'x' if {option} is defined else omit }}}}"
        for option in ("password", "api_key", "api_secret")
    }
    named = {"numbers": "{{ owned }}"}
    account = "{{ {'provider': provider, 'api_url': url, 'account_currency': 'EUR'} | combine(opens) }}"
    pool = {"name": "one", "account": "main", "country": "{{ where.country }}", "count": 1}
    plan = {"plan": [pool], "accounts": {"main": account}}
    tasks = [
        *task("account_info", options),
        *task("application_info", options),
        *task("numbers_plan_info", plan),
        *task("numbers_plan", plan, check_mode=True, diff=True),
        *task("numbers_plan", {**plan, "accounts": {"main": account.replace("url,", "echo,")}}),
        *task(
            "available_number_info",
            options,
            limit=2,
            country="{{ where.country }}",
            type="{{ where.type | default(omit) }}",
        ),
        *task("number_purchase", options, count=2, country="{{ where.country }}", check_mode=True, diff=True),
        *task("number_purchase", options, count=2, country="{{ where.country }}", capabilities=["voice"], diff=True),
        {"ansible.builtin.set_fact": {"owned": "{{ result.numbers | default([]) | map(attribute='number') | list }}"}},
        *task("number_assignment", options, **named, application="{{ application }}", diff=True),
        *task("number_configuration", options, **named, friendly_name="x", diff=True),
        *task("number_info", options),
        *task("number_info", {**options, "api_url": "{{ echo }}"}, keep=True),
        *task("number_info", options, timeout="abc"),
        *task("account_info", {**options, **wrong}, session_cache=""),
        *task(
            "number_purchase",
            {**options, "api_url": "{{ echo }}"},
            keep=True,
            count=3,
            country="{{ where.country }}",
            capabilities=["voice"],
        ),
        *task(
            "number_purchase",
            options,
            count=3,
            country="{{ where.country }}",
            max_monthly_price="0.001",
            currency="EUR",
        ),
        *task("number_release", options, **named, force=True, diff=True),
    ]
    book = home.input("play.json", [{"hosts": "all", "gather_facts": False, "tasks": tasks}])
    rows = shown_at(home)
    printed = home.run("playbook", "-i", home.input("hosts.json", inventory(world, rows)), book)
    for row in rows:
        assert f"ok: [{row.provider}]" in printed, printed[-3000:]
    assert all(f"telco.numbers.{module}" in printed for module in (*NAMES, "numbers_plan", "numbers_plan_info"))
    assert printed.count("ok: [") + printed.count("changed: [") > 5 * len(rows) and world.learnt and world.instances
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in printed or "********" in printed
    assert home.modes("journal") == home.modes("sessions") == {0o700, 0o600}
    count["runs of ansible"] += 1
    assert not everything(home, world, printed, count)


def places(world: World, row: Row, own: bool) -> dict[str, str]:
    """The variables that open the row's account: the vendor's, or the collection's *own* ones."""
    found = {}
    values = seeds.credentials(row, world.canaries)
    for credential in load(row.provider).access.credentials:
        if credential.option in values:
            name = (
                f"TELCO_NUMBERS_{row.provider}_{credential.option}".upper()
                if own or not credential.env
                else credential.env[0]
            )
            found[name] = values[credential.option]
    return found


@pytest.mark.parametrize("own", [False, True], ids=["the vendor's variables", "the collection's variables"])
def test_no_variable_is_shown(home: Home, world: World, own: bool, count: Counter[str]) -> None:
    options = {**common(home), "session_cache": ""}
    rows = shown_at(home)
    env = {name: value for row in rows for name, value in places(world, row, own).items()}
    tasks = [*task("account_info", options), *task("number_info", {**options, "api_url": "{{ echo }}"})]
    book = home.input("play.json", [{"hosts": "all", "gather_facts": False, "tasks": tasks}])
    hosts = inventory(world, rows, **{row.provider: {} for row in rows})
    printed = home.run("playbook", "-i", home.input("hosts.json", hosts), book, env=env)
    assert all(f"ok: [{row.provider}]" in printed for row in rows), printed[-3000:]
    count["runs of ansible"] += 1
    assert not everything(home, world, printed, count)


def test_no_ad_hoc_command_shows_a_secret(home: Home, world: World, count: Counter[str]) -> None:
    """The other ways to prove oneself: a token, a user's name and password."""
    rows = [row for row in ROWS if row.provider in ("infobip_sms", "sinch_catalog")]
    canaries = world.canaries
    others = {
        "infobip_sms": {"username": "infobip-user", "password": canaries["infobip_sms"]["password"]},
        "sinch_catalog": {"account_id": "ACsandbox", "token": canaries["sinch_catalog"]["token"]},
    }
    hosts = home.input("hosts.json", inventory(world, rows, **others))
    printed = ""
    for module, more in (("account_info", {}), ("number_info", {"api_url": "{{ echo }}"})):
        printed += home.run(
            "adhoc", "all", "-i", hosts, "-m", f"telco.numbers.{module}", "-a", json.dumps({**common(home), **more})
        )
        count["runs of ansible"] += 1
    assert all(f"{row.provider} | SUCCESS" in printed for row in rows), printed[-3000:]
    assert not everything(home, world, printed, count)


def test_the_search_finds_what_is_there(world: World, tmp_path: Path) -> None:
    """A run that prints its password is caught, whatever its form."""
    home = Home(tmp_path / "home")
    value = world.canaries["plivo_groups"]["password"]
    for shape in forms(value, "MASANDBOXACCOUNT0001"):
        assert everything(home, world, f"before {shape.decode()} after", Counter())
    (home.path / "journal").mkdir()
    (home.path / "journal" / "entry").write_text(value)
    assert everything(home, world, "", Counter())
