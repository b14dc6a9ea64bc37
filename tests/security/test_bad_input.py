# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything may stand in any option: it ends in a result, a refusal has a code and a line, and no request goes where
none is documented.
"""

from __future__ import annotations

import importlib
import itertools
import random
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bad_options
import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._providers import NAMES
from contract_fixtures import Sandbox
from documented import foreign
from kinds import EACH_KIND
from relay import Reply, Server, forward
from rows import ROWS, Row
from runner import MODULES, Runner
from verdict import complaints as judged

CASES = 80  # for each module and provider
OWNED = "+46825290000"
LIMITS = ("max_monthly_price", "max_setup_price", "max_monthly_total", "max_setup_total", "max_due_now_total")
NO_PRICES: tuple[Any, ...] = (
    *(
        "nan",
        "NaN",
        "sNaN",
        "inf",
        "-inf",
        "Infinity",
        "-1",
        "-0.01",
        "1e400",
        "1e-400",
        "abc",
        "1,5",
        "0x10",
        "--1",
        "1.5.5",
        "EUR 1",
        "1 EUR",
        "\x00",
        "\ud800",
        "9" * 40,
    ),
    *(float("nan"), float("inf"), -1, -0.5, 1.5, True, [], ["1"], {"a": 1}, -(10**30)),
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(lambda _seen: Reply(404)) as running:
        yield running


@pytest.fixture()
def relayed(server: Server, sandbox: Sandbox, row: Row, tmp_path: Path) -> Runner:
    """A runner whose requests all pass a witness; the account owns one number."""
    sandbox.change(row, own=[{"number": OWNED, "country": "SE", "type": "local", "capabilities": ["voice"]}])
    server.becomes(forward(sandbox.url))
    runner = Runner(server.url, row, tmp_path)
    runner.common.update(settle_time=0, retries=0, session_cache=str(tmp_path / "sessions"), deadline=10)
    server.take()
    return runner


def complaints(result: dict[str, Any]) -> list[str]:
    """The verdict; a line that repeats a long option may be long."""
    return judged(result, float("inf"))


def attempt(runner: Runner, module: str, options: dict[str, Any], env: dict[str, str]) -> dict[str, Any] | None:
    """The result of floor 5, None when Ansible's own check of the arguments refuses them."""
    raw = {key: value for key, value in {**runner.common, **options}.items() if key not in env}
    task = importlib.import_module(f"{MODULES}.{module}").TASK
    try:
        checked = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(raw)
    except OverflowError:  # ansible-core's check of an infinite int; no floor of ours is reached
        return None
    if checked.error_messages:
        return None
    variables = {f"TELCO_NUMBERS_{runner.row.provider}_{option}".upper(): text for option, text in env.items()}
    return dict(task.execute(checked.validated_parameters, raw, variables, bool(options.get("check")), True, Secrets()))


def spent(sandbox: Sandbox, row: Row) -> tuple[list[str], Any]:
    """The owned numbers and what was paid."""
    state = sandbox.state(row)
    return sorted(one["number"] for one in state["owned"]), state["spent"]


@pytest.mark.parametrize("module", bad_options.NAMES)
def test_any_option(
    relayed: Runner, server: Server, sandbox: Sandbox, row: Row, module: str, count: Counter[str]
) -> None:
    random_ = random.Random(f"{module} {row.provider}")
    problems: Counter[str] = Counter()
    examples: dict[str, str] = {}
    before = spent(sandbox, row)
    for _case in range(CASES):
        options = bad_options.case(random_, module, row, OWNED)
        named = [option for option in row.credentials if isinstance(options.get(option), str) and options[option]]
        env = {option: options[option] for option in named if random_.random() < 0.3}
        found: list[str] = []
        try:
            result = attempt(relayed, module, options, env)
            found += complaints(result) if result is not None else []
            count[
                "bad options, refused by Ansible's own check" if result is None else "bad options that reached floor 5"
            ] += 1
        except Exception:
            lines = traceback.format_exc().strip().splitlines()
            found.append(
                " < ".join(
                    [
                        lines[-1][:200],
                        *(line.strip()[-110:] for line in lines[-8:-1] if line.strip().startswith("File")),
                    ]
                )
            )
        account = options.get("account_id", row.credentials.get("account_id"))
        found += [wrong for seen in server.take() if (wrong := foreign(row.provider, seen, str(account)))]
        for problem in found:
            problems[problem] += 1
            examples.setdefault(problem, str(options)[:300])
    assert not problems, "\n".join(
        f"{number} × {problem}\n      {examples[problem]}" for problem, number in problems.most_common(25)
    )
    assert spent(sandbox, row) == before
    wild = [line for line in server.lines() if line.count(b" ") != 2 or not line.endswith(b" HTTP/1.1\r\n")]
    assert not wild, wild[:5]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_no_price_buys_nothing(
    relayed: Runner, server: Server, row: Row, limit: str, count: Counter[str]
) -> None:
    """Each alone, so that nothing else stands in the way."""
    for value in NO_PRICES:
        result = attempt(relayed, "number_purchase", {**row.where, "count": 1, limit: value, "currency": "EUR"}, {})
        assert result is None or result["failure"]["code"] == "invalid_option" and not complaints(result), (
            value,
            result,
        )
        count["limits that are no price"] += 1
    assert not server.take()


@pytest.mark.parametrize(
    "option",
    [
        "deadline",
        "timeout",
        "settle_time",
        "wait_timeout",
        "retries",
        "concurrency",
        "rate",
        "limit",
        "search_limit",
        "count",
    ],
)
def test_a_number_that_makes_no_sense(relayed: Runner, server: Server, sandbox: Sandbox, row: Row, option: str) -> None:
    """Refused before any request: never a traceback, never a wait without end."""
    module = "available_number_info" if option == "limit" else "number_purchase"
    before = spent(sandbox, row)
    limits = {} if option == "limit" else {"count": 1, "max_monthly_price": "0.01", "currency": "EUR", "wait": True}
    for value in (
        float("nan"),
        float("inf"),
        float("-inf"),
        "nan",
        "inf",
        "-inf",
        -1,
        -0.001,
        1e10,
        1e308,
        10**10,
        10**18,
        10**30,
        -(10**30),
    ):
        result = attempt(relayed, module, {**row.where, **limits, option: value}, {})
        assert result is None or not complaints(result), (value, result)
        assert (
            result is None
            or result.get("failed")
            and result["failure"]["code"] == "invalid_option"
            and option in result["msg"]
        ), (value, result)
    assert not server.take()
    assert spent(sandbox, row) == before


MANY = ("number_info", "number_release", "number_assignment", "number_configuration", "number_purchase")


@pytest.mark.parametrize(("module", "row"), list(zip(MANY, itertools.cycle(EACH_KIND))), ids=MANY)
def test_ten_thousand_numbers(relayed: Runner, sandbox: Sandbox, row: Row, module: str) -> None:
    """One provider a module: none of these numbers is owned or for sale."""
    names = [f"+4670{number:07d}" for number in range(1000000, 1010000)]
    more = {
        "number_assignment": {"application": row.application or "x"},
        "number_configuration": {"friendly_name": "x"},
        "number_purchase": {"deadline": 0.5},
    }
    before = spent(sandbox, row)
    result = attempt(relayed, module, {"numbers": names, **more.get(module, {})}, {})
    assert result is not None and not complaints(result)
    result = attempt(relayed, module, {"numbers": [*names, "0" * 100000], **more.get(module, {})}, {})
    assert result is not None and result["failure"]["code"] == "invalid_option" and not complaints(result)
    assert spent(sandbox, row) == before


ADDRESSES = (
    *(
        "{url}/../..",
        "{url}/%2e%2e/x",
        "{url}/a b",
        "{url}/a\\b",
        "{url}\r\nX-Injected: 1",
        "{url}/\x00",
        "{url}?a=b",
        "{url}#a",
        "http://u:p@{host}",
        "{url}\\@127.0.0.2",
        "file:///etc/passwd",
    ),
    *(
        "ftp://{host}",
        "http://",
        "http:///",
        "://",
        "http://[",
        "http://[::1",
        "http://{host}:99999",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:-1",
        "http://127.0.0.1:0",
        "javascript:1",
        "//{host}",
    ),
    *(
        "http://127.0.0.1\t:1",
        "http://.",
        "http://..",
        "http://a..b.invalid",
        "http://" + "a" * 300 + ".invalid",
        "http://-.invalid",
        "http://\u2100.invalid",
        "http://xn--.invalid",
        "http://%31.invalid",
    ),
)


def test_an_address_that_makes_no_sense(relayed: Runner, server: Server, row: Row) -> None:
    for address in ADDRESSES:
        url = address.replace("{url}", server.url).replace("{host}", server.url.partition("//")[2])
        server.take()
        result = attempt(relayed, "number_info", {"api_url": url, "timeout": 2}, {})
        assert result is None or not complaints(result), (url, result)
        assert not [seen for seen in server.take() for name, _value in seen.headers if name == "X-Injected"]


PATHS = (
    "\x00",
    "a\x00b",
    "\udcff",
    "/dev/null",
    "/dev/null/x",
    "/proc/self/mem",
    "x" * 5000,
    "{home}/file",
    "{home}/file/x",
    "/",
    "{home}/\n",
    "{home}/\x1b[31m",
)
CODES = {"journal": "journal_required", "session_cache": "invalid_option", "ca_path": None}


@pytest.mark.parametrize("option", CODES)
@pytest.mark.parametrize("check", [False, True])
def test_a_path_that_makes_no_sense(
    relayed: Runner, server: Server, row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, check: bool
) -> None:
    """It is refused before anything is held or bought; one that is merely odd works."""
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    options = {**row.where, "count": 2, "max_monthly_price": "0.01", "currency": "EUR"}
    raw = {**relayed.common, **options}
    task = importlib.import_module(f"{MODULES}.number_purchase").TASK
    for shape in PATHS:
        raw[option] = shape.replace("{home}", str(tmp_path))
        checked = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(raw)
        result = task.execute(checked.validated_parameters, raw, {}, check, True, Secrets())
        assert result["failed"] and not complaints(result), (shape, result)
        used = option == "journal" and not check or option == "session_cache" and row.login
        assert not used or shape in PATHS[-2:] or result["failure"]["code"] in (CODES[option], "invalid_option"), (
            shape,
            result,
        )
    assert not [seen for seen in server.take() if seen.method in ("PUT", "DELETE")]


@pytest.mark.parametrize("row", EACH_KIND[:1], ids=lambda row: row.provider)
@pytest.mark.parametrize(
    "option",
    ["timeout", "deadline", "retries", "concurrency", "rate", "settle_time", "validate_certs", "account_currency"],
)
def test_a_variable_that_makes_no_sense(relayed: Runner, row: Row, option: str) -> None:
    """The environment is no better than the options. No provider has a say in this: one is enough."""
    task = importlib.import_module(f"{MODULES}.number_info").TASK
    raw = {key: value for key, value in relayed.common.items() if key != option}
    checked = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(raw)
    for text in bad_options.TEXTS:
        result = task.execute(
            checked.validated_parameters, raw, {f"TELCO_NUMBERS_{option}".upper(): text}, False, True, Secrets()
        )
        assert not complaints(result), (text, result)
        assert not result.get("failed") or result["failure"]["code"] in (
            "invalid_option",
            "connection_failed",
            "deadline_exceeded",
        ), (text, result)


def test_no_provider_is_left_out() -> None:
    assert {row.provider for row in ROWS} == set(NAMES)
