# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is masked, and what is not: secrets that look like our own words, answers that spell a secret in their own way,
addresses with passwords.
"""

from __future__ import annotations

import base64
import html
import importlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import seeds
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from journeys import lenient
from kinds import EACH_KIND
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import MODULES, Runner

# Parts of keys, words of the results, amounts, digits of numbers: nobody should use them, and nothing may break when
# somebody does.
ODD = ("hang", "number", "failed", "voice", "local", "active", "0.75", "1000", "4682", "True", "plivo_groups", "https")
TOLD = ("raw", "msg", "message", "city", "region", "friendly_name")
CHANGING = re.compile(
    r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}|\b1[0-9]{18}\b"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+|127\.0\.0\.1:[0-9]+"
)


def answers(url: str, row: Row, home: Path, given: dict[str, str]) -> list[dict[str, Any]]:
    """The results of a task of each kind, as a module gives them, one after the other."""
    runner = Runner(url, row, home)
    lenient(runner, home)

    def answer(module: str, **options: Any) -> dict[str, Any]:
        task = importlib.import_module(f"{MODULES}.{module}").TASK
        result: dict[str, Any] = task.answer(module, {**runner.common, **given, **options}, {}, False, True)
        del result["invocation"]
        return result

    found = [
        answer("account_info"),
        answer("available_number_info", **row.where, limit=3),
        answer("number_purchase", **row.where, count=2),
    ]
    bought = [number["number"] for number in found[-1]["numbers"]]
    if row.application:
        found.append(answer("number_assignment", numbers=bought, application=row.application))
    if row.settings:
        found.append(answer("number_configuration", numbers=bought, **row.settings))
    found += [
        answer("number_info"),
        answer("number_purchase", **row.where, count=4, max_monthly_price="0.01", currency="EUR"),
    ]
    if load(row.provider).features.release:
        found.append(answer("number_release", numbers=bought, force=True))
    return found


def facts(results: list[dict[str, Any]]) -> Any:
    """*results* without what no two runs have in common, and without what a person reads: free text, the provider's own
    records.
    """
    text = CHANGING.sub("*", json.dumps(results))

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: kept(item) for key, item in value.items() if key not in TOLD and not key.endswith("_url")}
        return [kept(item) for item in value] if isinstance(value, list) else value

    return kept(json.loads(text))


def test_a_secret_like_our_own_words_changes_no_result(sandbox: Sandbox, row: Row, tmp_path: Path) -> None:
    expected = None
    for word in ("sandbox-plain-secret", *ODD):
        seeded, options = seeds.seed(lambda word=word: word)  # type: ignore[misc]
        sandbox.reset(seeded)
        found = answers(sandbox.url, row, tmp_path / word, seeds.credentials(row, options))
        assert [result.get("failed", False) for result in found] == [
            result.get("failure") is not None for result in found
        ]
        assert [result["failure"]["code"] for result in found if result.get("failed")] == ["price_limit"], found
        expected = expected or facts(found)
        assert facts(found) == expected, word


@pytest.mark.parametrize("word", ["ail", "hang", "changed", "failed", "msg", "code", "failure"])
def test_a_refused_credential_fails_whatever_it_is(sandbox: Sandbox, row: Row, tmp_path: Path, word: str) -> None:
    runner = Runner(sandbox.url, row, tmp_path)
    task = importlib.import_module(f"{MODULES}.number_purchase").TASK
    result = task.answer(
        "number_purchase", {**runner.common, **dict.fromkeys(row.wrong, word), **row.where, "count": 1}, {}, False, True
    )
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["failure"]["code"] == ("invalid_option" if len(word) < 4 else "authentication_failed"), result
    told = {"provider_code", "message", "http_status", "request_id"}
    assert set(result["failure"]) == {"code", *told, "retryable", "completed"}


# -- spellings ---------------------------------------------------------------------------------------------------------

SECRET = 'S3cr/t+"ü" &two  blanks%41\\end'
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda secret: quote(secret, safe=""),
    "percent in lower case": lambda secret: re.sub(
        "%[0-9A-F]{2}", lambda match: match[0].lower(), quote(secret, safe="")
    ),
    "a form field": quote_plus,
    "entities": html.escape,
    "numeric entities": lambda secret: "".join(f"&#x{ord(char):x};" for char in secret),
    "JSON": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "Basic": lambda secret: base64.b64encode(f"a user:{secret}".encode()).decode(),
    "white space": lambda secret: secret.replace(" ", " \n "),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(lambda _seen: Reply(404)) as running:
        yield running


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_answer_brings_a_secret_back(
    server: Server, sandbox: Sandbox, row: Row, tmp_path: Path, spelling: str
) -> None:
    """Each answer to a task repeats the secret in a spelling of its own, at places where messages are cut, and an
    address holds it; nothing of it is shown, in results and in the lines of -vvv, or kept.
    """
    seeded, options = seeds.seed(lambda: SECRET)
    sandbox.reset(seeded)
    given = seeds.credentials(row, options)
    if row.provider in (
        "infobip_sms",
        "sinch_catalog",
    ):  # a key goes into a header as it is, where this one cannot stand
        given = {
            key: value if value != SECRET else "-".join(re.findall("[A-Za-z0-9]+", SECRET))
            for key, value in given.items()
        }
    secret = next(value for option, value in given.items() if option in row.wrong)
    spelt = SPELLINGS[spelling](secret)
    runner = Runner(server.url, row, tmp_path)
    lenient(runner, tmp_path)
    for before in (0, 150, 185, 195, 975, 990, 997):
        told = "-" * before + " " + spelt + " is wrong"
        error = {
            "errorCode": 49900,
            "code": 1,
            "message": told,
            "error": told,
            "api_id": spelt,
            "requestError": {"serviceException": {"messageId": "X", "text": told}},
        }
        for status, body in (
            (400, json.dumps(error)),
            (500, told),
            (200, json.dumps({"told": told})),
            (403, f"<html>{told}</html>"),
            (404, json.dumps([told])),
        ):
            server.becomes(lambda _seen, status=status, body=body: Reply(status, body.encode()))  # type: ignore[misc]
            for module, more in (
                ("account_info", {}),
                ("number_purchase", {**row.where, "count": 1}),
                ("number_info", {"id": f"{before} {spelt}", "filters": dict.fromkeys(row.filters, secret)}),
            ):
                lines: list[str] = []
                task = importlib.import_module(f"{MODULES}.{module}").TASK
                result = task.answer(module, {**runner.common, **given, **more}, {}, False, True, lines.append)
                # What cannot be the id of a number is nobody's, and nothing is sent.
                assert lines or result.get("numbers") == [] or result["failure"]["code"] == "invalid_option", result
                shown = "\n".join([json.dumps(result, ensure_ascii=False), *lines]) + "".join(
                    path.read_text() for path in tmp_path.rglob("*") if path.is_file()
                )
                parts = [
                    part
                    for whole in (secret, spelt[10:], json.dumps(spelt[10:])[1:-1])
                    for at in range(len(whole) - 6)
                    if (part := whole[at : at + 7]) in shown
                ]
                assert not parts, (before, status, module, parts, shown)


# -- addresses ---------------------------------------------------------------------------------------------------------

ADDRESS = "https://caller:callback-pass@example.com/voice?token=callback-token&x=1"


@pytest.mark.parametrize(
    "row",
    [row for row in EACH_KIND if any(isinstance(value, str) for value in row.settings.values())],
    ids=lambda row: row.provider,
)
def test_a_password_in_a_setting_is_written_and_not_shown(
    server: Server, sandbox: Sandbox, row: Row, tmp_path: Path
) -> None:
    """It is compared as it is: a second run sends nothing, and another password is a change."""
    server.becomes(forward(sandbox.url))
    runner = Runner(server.url, row, tmp_path)
    numbers = [number["number"] for number in runner.buy(1)]
    option = next((name for name in row.settings if name.endswith("_url")), "friendly_name")
    results = []

    def configure(address: str) -> tuple[bool, list[Seen]]:
        server.take()
        results.append(runner("number_configuration", numbers=numbers, **{option: address}))
        assert not results[-1].get("failed"), results[-1]
        return results[-1]["changed"], [seen for seen in server.take() if seen.method != "GET"]

    changed, sent = configure(ADDRESS)
    assert changed and "callback-pass" in sent[0].body.decode()
    assert configure(ADDRESS) == (False, [])
    changed, sent = configure(ADDRESS.replace("callback-pass", "callback-pass-2"))
    assert changed and len(sent) == 1
    results += [runner("number_info"), runner("number_info", numbers=numbers)]
    assert "callback-pass" not in json.dumps(results) and "callback-token" not in json.dumps(results)
    assert (
        results[0]["diff"]["after"][numbers[0]][option]
        == "https://caller:********@example.com/voice?token=********&x=1"
    )


# -- log-ins -----------------------------------------------------------------------------------------------------------


@which.log_in
@pytest.mark.parametrize("spoilt", [{"expiresIn": "soon"}, {"id": None}, {"id": []}, {"authorization": []}])
def test_an_answer_to_a_log_in_is_never_quoted(
    sandbox: Sandbox, row: Row, tmp_path: Path, spoilt: dict[str, Any]
) -> None:
    """It holds a secret that nothing knows yet, so nothing could mask it."""
    secret = {"secret": "c2FuZGJveC1zZWNyZXQtb2YtYS1zZXNzaW9u", "ticket": "sandbox-ticket-of-a-session"}
    matches = {"match": {"provider": row.provider, "method": "POST"}, "kind": "body"}
    sandbox.faults({**matches, "merge": {**secret, **spoilt}})
    result = Runner(sandbox.url, row, tmp_path).fails("provider_error", "account_info")
    assert "c2FuZ" not in json.dumps(result) and "sandbox-ticket" not in json.dumps(result)
