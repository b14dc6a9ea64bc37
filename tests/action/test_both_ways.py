# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module in the controller's process and shipped: the same results to the letter, and no secret in either
output.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import seeds
from ansible.parsing.vault import VaultLib, VaultSecret
from contract_fixtures import Sandbox
from plays import BY_NAME, Controller, Ran, task

CATALOG = BY_NAME["sinch_catalog"]
BOUGHT = {"numbers": "{{ number_purchase_done.numbers }}"}
MODULES: dict[str, dict[str, Any]] = {
    "account_info": {},
    "available_number_info": {**CATALOG.where, "limit": 2},
    "number_purchase": {**CATALOG.where, "count": 2},
    "number_info": {},
    "number_assignment": {**BOUGHT, "application": CATALOG.application},
    "number_configuration": {
        **BOUGHT,
        "friendly_name": "Desk",
        "voice_url": "https://caller:callback-pass@example.com/?token=callback-token",
    },
    "number_release": {**BOUGHT, "force": True},
}
# How a task of each module is varied, and what it fails with.
VARIANTS: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "check": ({}, {"check_mode": True, "diff": True}, None),
    "done": ({}, {"diff": True}, None),
    "unsupported": ({"colour": "red"}, {}, "invalid_option"),
    "wrong_secret": (CATALOG.wrong, {}, "authentication_failed"),
}
# Secrets like words of the results: a part of a key, a key, a word, an amount, a refusal's code. The last one is too
# short.
ODD = ("hang", "numbers", "failed", "failure", "voice", "0.75", "authentication_failed", "ail")
# Accounts whose secret is such a word.
ACCOUNTS = {"sinch_portal": "changed", "infobip_sms": "voice", "plivo_groups": "failed"}
CHANGING = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+")
WAYS = {"in process": "1", "shipped": "0"}


def tasks() -> list[dict[str, Any]]:
    """Each module in each variant in an order that makes sense, then what is peculiar."""
    usual = [
        task(module, f"{module}_{variant}", {**options, **more}, **keywords)
        for module, options in MODULES.items()
        for variant, (more, keywords, _code) in VARIANTS.items()
    ]
    return [
        *usual,
        task("number_release", "again", BOUGHT, diff=True),
        task("application_info", "not_offered", {}),
        task("application_info", "listed", {}, module_defaults={"group/telco.numbers.numbers": "{{ plivo_groups }}"}),
        task("number_info", "wrong_type", {"timeout": "sandbox-catalog-secret"}),
        task("number_info", "out_of_range", {"timeout": -1}),
        task("number_info", "without_end", {"retries": "{{ 'inf' | float }}"}),
        task("number_info", "alias_too", {"auth_id": "ACsandbox"}),
        task("number_info", "both_given", {"numbers": [], "id": "x"}),
        task("number_info", "choice", {"provider": "nobody"}),
        task("number_info", "an_integer", {"numbers": [14155550100]}),
        task("number_info", "a_date", {"city": "{{ day }}", "filters": {"geography.locality": "{{ day }}"}}),
        task("number_info", "a_null", {"city": None}),
        task("number_info", "unsafe", {"city": "{{ braces }}"}),
        task("number_release", "a_secret_among_numbers", {"numbers": ["sandbox-catalog-secret"]}),
        task("number_release", "nothing_given", {}),
        *(task("number_info", f"odd_{place}", {"api_secret": word}) for place, word in enumerate(ODD)),
        task("number_info", "line_break", {"api_secret": CATALOG.credentials["api_secret"] + "\n"}),
        task("number_info", "endless", {"timeout": 1e10}),
        task("number_info", "vaulted", {"api_secret": "{{ vaulted }}"}),
        task("number_info", "not_shown", {}, no_log=True),
        task("number_info", "looped", {"numbers": "{{ item }}"}, loop=[[], "+15045550100"]),
        task("number_purchase", "own_journal", {**CATALOG.where, "count": 1, "journal": "beside"}),
        *(
            task(
                "number_purchase",
                f"{row.provider}_{word}",
                {**BY_NAME[row.provider].where, "count": 1},
                **more,
                diff=True,
            )
            for row, word, more in OTHERS
        ),
    ]


OTHERS = [
    (
        row,
        word,
        {
            "check_mode": word == "check",
            "module_defaults": {"group/telco.numbers.numbers": f"{{{{ {row.provider} }}}}"},
        },
    )
    for row in (BY_NAME[name] for name in ("sinch_portal", "infobip_sms", "plivo_groups"))
    for word in ("check", "done")
]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, process: Sandbox) -> dict[str, Ran]:
    """The same play both ways."""
    found = {}
    for way, switch in WAYS.items():
        seeded, words = seeds.seed(ACCOUNTS)
        process.reset(seeded)
        controller = Controller(tmp_path_factory.mktemp("home"), process.url)
        vault = VaultLib([("default", VaultSecret(b"word"))]).encrypt(CATALOG.credentials["api_secret"]).decode()
        indented = "".join(f"\n  {line}" for line in vault.splitlines())
        (controller.home / "facts.yml").write_text(
            f"day: 2026-12-08\nbraces: !unsafe '{{{{ day }}}}'\nvaulted: !vault |{indented}\n"
        )
        (controller.home / "word").write_text("word")
        accounts = {
            row.provider: {**controller.common(row), **seeds.credentials(row, words)} for row, _word, _more in OTHERS
        }
        found[way] = controller.play(
            tasks(),
            "--vault-password-file",
            str(controller.home / "word"),
            env={"TELCO_NUMBERS_IN_PROCESS": switch},
            vars_files=[str(controller.home / "facts.yml")],
            vars=accounts,
            module_defaults={"group/telco.numbers.numbers": controller.common(CATALOG)},
        )
        assert found[way].code == 0, found[way].output
        assert (controller.home / "play" / "beside").is_dir(), "a path is not where the play is"
    return found


def steady(value: Any) -> Any:
    """*value* without what no two runs have in common: ids drawn by lot, and moments."""
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items()}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return CHANGING.sub("*", value) if isinstance(value, str) else value


def test_each_ran_its_own_way(ran: dict[str, Ran]) -> None:
    assert [module for module in MODULES if ran["in process"].shipped(module)] == []
    assert [module for module in MODULES if not ran["shipped"].shipped(module)] == []


@pytest.mark.parametrize("name", [task["register"] for task in tasks()])
def test_the_result_is_the_same(ran: dict[str, Ran], name: str) -> None:
    here, there = (steady(ran[way].results[name]) for way in WAYS)
    assert here == there


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_result_is_what_was_asked_for(ran: dict[str, Ran], module: str, variant: str) -> None:
    result = ran["in process"].results[f"{module}_{variant}"]
    code = VARIANTS[variant][2]
    assert (result["failed"], result.get("failure", {}).get("code")) == (code is not None, code), result
    assert result["changed"] is (variant in ("check", "done") and not module.endswith("_info"))
    assert ("diff" in result) == (code is None and not module.endswith("_info"))


def test_what_is_peculiar_is_met(ran: dict[str, Ran]) -> None:
    results = ran["in process"].results
    assert results["alias_too"]["warnings"] == ["Both option account_id and its alias auth_id are set."]
    assert not results["again"]["changed"]
    assert [results[name]["failure"]["code"] for name in ("wrong_type", "out_of_range", "without_end")] == [
        "invalid_option"
    ] * 3
    assert "mutually exclusive" in results["both_given"]["msg"]
    assert "quote it" in results["an_integer"]["msg"]
    assert not results["vaulted"]["failed"]
    assert [result["failed"] for result in results["looped"]["results"]] == [False, False]
    assert all(results[f"{row.provider}_{word}"]["changed"] for row, word, _more in OTHERS)
    assert "ends with a line break" in results["line_break"]["msg"]
    assert "between" in results["endless"]["msg"]


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_like_a_word_of_the_results_hides_nothing_else(ran: dict[str, Ran], way: str) -> None:
    results = ran[way].results
    for place, word in enumerate(ODD):
        result = results[f"odd_{place}"]
        assert (result["failed"], result["changed"]) == (True, False), result
        assert result["failure"]["code"] == ("invalid_option" if len(word) < 4 else "authentication_failed"), result
    for row, word, _more in OTHERS:
        result = results[f"{row.provider}_{word}"]
        assert (result["failed"], result["changed"]) == (False, True), result
        assert word == "check" or result["purchased"], result
        assert all("voice" in number["capabilities"] for number in result["numbers"]), result
        assert result["quote"]["currency"] == "EUR" and result["diff"]["after"], result


@pytest.mark.parametrize("way", WAYS)
def test_a_password_of_an_address_is_not_printed(ran: dict[str, Ran], way: str) -> None:
    shown = ran[way].results["number_configuration_done"]["diff"]["after"]
    assert [settings["voice_url"] for settings in shown.values()] == [
        "https://caller:********@example.com/?token=********"
    ] * 2
    assert "callback-pass" not in ran[way].output and "callback-token" not in ran[way].output


@pytest.mark.parametrize("way", WAYS)
def test_arguments_are_printed_as_they_were_understood(ran: dict[str, Ran], way: str) -> None:
    """Registered results have no invocation before ansible-core 2.21."""
    for shown in (
        '"api_secret": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"',
        '"city": "2026-12-08"',
        '"city": "{{ day }}"',
        '"city": null',
        '"limit": 2',
    ):
        assert shown in ran[way].output


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_is_printed(ran: dict[str, Ran], way: str) -> None:
    assert "censored" in ran[way].output
    for secret in (*CATALOG.secrets, *(secret for row, _word, _more in OTHERS for secret in row.secrets)):
        assert secret not in ran[way].output


def test_nothing_else_is_written(ran: dict[str, Ran]) -> None:
    """Neither library nor Python says anything of its own beside Ansible."""
    for word in ("Traceback (most recent call last)", "InsecureRequestWarning", "ResourceWarning"):
        assert word not in ran["in process"].output
