# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: assignment adds, configuration leaves alone what it is not told, release is explicit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner
from test_purchase import writes


@pytest.fixture()
def linked(run: Runner, row: Row, sandbox: Sandbox) -> list[str]:
    """Three owned numbers, the first linked to the row's application."""
    if row.application is None:
        return []
    names = [number["number"] for number in run.buy(3)]
    run("number_assignment", numbers=names[:1], application=row.application)
    sandbox.log()
    return names


def applications(sandbox: Sandbox, row: Row) -> dict[str, set[str]]:
    return {owned["number"]: set(owned["applications"].values()) for owned in sandbox.state(row)["owned"]}


def without_raw(numbers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What check mode can predict: not the provider's own record."""
    return [{key: value for key, value in number.items() if key != "raw"} for number in numbers]


def refused_where_not_offered(
    run: Runner, row: Row, sandbox: Sandbox, offered: bool, module: str, **options: Any
) -> bool:
    """Whether the provider does not offer the module: then it says so before any request."""
    if offered:
        return False
    sandbox.log()
    result = run.fails("unsupported", module, numbers=["+46701740999"], **options)
    assert row.provider in result["msg"] and not sandbox.log()
    return True


# -- assignment --------------------------------------------------------------------------------------------------------


def test_assignment_adds_and_is_idempotent(run: Runner, row: Row, sandbox: Sandbox, linked: list[str]) -> None:
    if refused_where_not_offered(run, row, sandbox, bool(row.application), "number_assignment", application="x"):
        return
    wish = {"numbers": linked[1:2], "application": row.application}
    predicted = run("number_assignment", **wish, check=True)
    assert predicted["changed"] and not writes(sandbox.log())
    done = run("number_assignment", **wish)
    assert (
        done["changed"]
        and without_raw(done["numbers"]) == without_raw(predicted["numbers"])
        and done["diff"] == predicted["diff"]
    )
    assert done["numbers"] == run("number_info", numbers=linked[1:2])["numbers"]
    assert (
        set(done["diff"]["after"][linked[1]].values()) == {row.application} and done["diff"]["before"][linked[1]] == {}
    )
    assert applications(sandbox, row) == {linked[0]: {row.application}, linked[1]: {row.application}, linked[2]: set()}
    sandbox.log()
    assert run("number_assignment", **wish)["changed"] is False and not writes(sandbox.log())


@which.link
def test_absent_unlinks_only_from_the_named_application(
    run: Runner, row: Row, sandbox: Sandbox, linked: list[str]
) -> None:
    assert (
        run("number_assignment", numbers=linked[:2], application=row.other_application, state="absent")["changed"]
        is False
    )
    assert applications(sandbox, row)[linked[0]] == {row.application}
    done = run("number_assignment", numbers=linked[:2], application=row.application, state="absent")
    assert done["changed"] and applications(sandbox, row)[linked[0]] == set()
    assert run("number_assignment", numbers=linked[:2], application=row.application, state="absent")["changed"] is False


@which.link
def test_a_number_linked_elsewhere_is_a_conflict_unless_forced(
    run: Runner, row: Row, sandbox: Sandbox, linked: list[str]
) -> None:
    run.fails("conflict", "number_assignment", numbers=linked, application=row.other_application)
    assert not writes(sandbox.log())
    run("number_assignment", numbers=linked, application=row.other_application, force=True)
    assert applications(sandbox, row) == {name: {row.other_application} for name in linked}


@which.link
def test_one_capability(run: Runner, row: Row, sandbox: Sandbox, linked: list[str]) -> None:
    """A provider that links a number whole does it for a number with that one capability alone."""
    number = run("number_info", numbers=linked[1:2])["numbers"][0]
    linkable = set(number["capabilities"]) & set(run.features.linked_capabilities)
    options = {"numbers": linked[1:2], "application": row.application, "capability": "voice"}
    if run.features.links_whole and len(linkable) > 1:
        run.fails("unsupported", "number_assignment", **options)
        return
    assert run("number_assignment", **options)["numbers"][0]["applications"] == {"voice": row.application}
    assert run("number_assignment", **options)["changed"] is False
    run.fails("unsupported", "number_assignment", numbers=linked[1:2], application=row.application, capability="mms")


@which.link
def test_exclusive_drops_the_others_and_shows_each(run: Runner, row: Row, sandbox: Sandbox, linked: list[str]) -> None:
    run("number_assignment", numbers=linked[:2], application=row.application, force=True)
    wish = {"numbers": linked[2:], "application": row.application, "capability": "voice", "exclusive": True}
    done = run("number_assignment", **wish)
    assert done["changed"] and set(done["diff"]["before"]) == set(linked)
    assert "voice" not in done["diff"]["after"][linked[0]]
    voice = {
        owned["number"]
        for owned in sandbox.state(row)["owned"]
        if owned["applications"].get("voice") == row.application
    }
    assert voice == set(linked[2:])
    assert run("number_assignment", **wish)["changed"] is False
    run.fails(
        "invalid_option",
        "number_assignment",
        numbers=[],
        application=row.application,
        capability="voice",
        exclusive=True,
    )
    run.fails("invalid_option", "number_assignment", numbers=linked, application=row.application, exclusive=True)


@which.link
def test_unlinking_one_of_two_capabilities_is_refused_where_the_call_unlinks_all(
    run: Runner, row: Row, sandbox: Sandbox, linked: list[str]
) -> None:
    number = run("number_info", numbers=linked[:1])["numbers"][0]
    options = {"numbers": linked[:1], "application": row.application, "capability": "voice", "state": "absent"}
    if run.features.unlinks_whole and len(number["applications"]) > 1:
        run.fails("unsupported", "number_assignment", **options)
        assert not writes(sandbox.log())
    else:
        assert run("number_assignment", **options)["changed"]


@which.link
def test_assignment_of_what_is_not_owned_or_unknown(run: Runner, row: Row, sandbox: Sandbox, linked: list[str]) -> None:
    run.fails("not_found", "number_assignment", numbers=["+46701740999"], application=row.application)
    application, code = row.nowhere
    run.fails(code, "number_assignment", numbers=linked[1:2], application=application, force=True)
    assert applications(sandbox, row)[linked[1]] == set()
    assert run("number_assignment", numbers=[], application=row.application)["changed"] is False


@which.link
@pytest.mark.parametrize("spelling", [None, str.upper], ids=["not named in the rows", "spelt otherwise"])
def test_an_overwriting_call_keeps_what_the_list_of_the_application_has(
    run: Runner, row: Row, sandbox: Sandbox, linked: list[str], spelling: Callable[[str], str] | None
) -> None:
    """What the application's own list shows is linked to it, however its rows name the application."""
    key = spelling(row.application) if spelling else None
    rows = {
        "match": {"provider": row.provider, "method": "GET", "path": "/applications/key/"},
        "kind": "body",
        "merge_items": {"applicationKey": key},
    }
    sandbox.faults(rows)
    run("number_assignment", numbers=linked[1:2], application=row.application)
    assert applications(sandbox, row) == {linked[0]: {row.application}, linked[1]: {row.application}, linked[2]: set()}


# -- configuration -----------------------------------------------------------------------------------------------------


def test_configuration_is_not_offered_everywhere(run: Runner, row: Row, sandbox: Sandbox) -> None:
    refused_where_not_offered(run, row, sandbox, bool(row.settings), "number_configuration", **row.setting)
    assert set(row.settings) == set(run.features.configuration)


def own_settings(number: dict[str, Any]) -> dict[str, Any]:
    """The settings that have options of their own."""
    return {option: value for option, value in number["configuration"].items() if option != "provider_settings"}


@which.configure
def test_each_setting_is_set_kept_and_cleared(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = [number["number"] for number in run.buy(2)]
    predicted = run("number_configuration", numbers=names, **row.settings, check=True)
    sandbox.log()
    done = run("number_configuration", numbers=names, **row.settings)
    assert predicted["changed"] and done["changed"] and predicted["diff"] == done["diff"]
    for number in run("number_configuration", numbers=names)["numbers"]:
        assert own_settings(number) == row.settings
    sandbox.log()
    assert run("number_configuration", numbers=names, **row.settings)["changed"] is False
    assert not writes(sandbox.log())
    for setting in row.always:
        run.fails("invalid_option", "number_configuration", numbers=names[:1], **{setting: None})
    for setting in sorted({*row.settings} - {*row.always}):
        cleared = run("number_configuration", numbers=names[:1], **{setting: None})
        assert cleared["changed"] and cleared["numbers"][0]["configuration"][setting] is None
        assert run("number_configuration", numbers=names[:1], **{setting: ""})["changed"] is False
    assert own_settings(run("number_configuration", numbers=names[1:])["numbers"][0]) == row.settings


@which.configure_and_link
def test_configuration_keeps_the_applications(run: Runner, row: Row, sandbox: Sandbox) -> None:
    number = run("number_purchase", **row.where, count=1, application=row.application)["numbers"][0]
    run("number_configuration", numbers=[number], **row.setting)
    assert set(sandbox.state(row)["owned"][0]["applications"].values()) == {row.application}
    run("number_assignment", numbers=[number], application=row.application, state="absent")
    settings = run("number_configuration", numbers=[number])["numbers"][0]["configuration"]
    assert row.setting.items() <= settings.items()


@which.configure
def test_a_setting_of_another_provider_is_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    other = "voice_url" if "voice_url" not in row.settings else "sub_account"
    sandbox.log()
    run.fails("unsupported", "number_configuration", numbers=["+46701740999"], **{other: "x"})
    assert not sandbox.log()
    run.fails("not_found", "number_configuration", numbers=["+46701740999"], **row.setting)
    assert run("number_configuration", numbers=[], **row.setting)["changed"] is False


# -- release -----------------------------------------------------------------------------------------------------------


def test_release_gives_back_just_what_is_listed(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if refused_where_not_offered(run, row, sandbox, run.features.release, "number_release"):
        return
    kept, *given = [number["number"] for number in run.buy(3)]
    sandbox.log()
    assert run("number_release", numbers=given, check=True)["changed"] and not writes(sandbox.log())
    done = run("number_release", numbers=given)
    assert done["changed"] and [number["number"] for number in done["numbers"]] == given
    assert [owned["number"] for owned in sandbox.state(row)["owned"]] == [kept]
    sandbox.log()
    assert run("number_release", numbers=given)["changed"] is False and not writes(sandbox.log())
    assert run("number_release", numbers=[])["changed"] is False


@which.link_and_release
def test_a_linked_number_is_released_only_by_force(run: Runner, row: Row, sandbox: Sandbox) -> None:
    number = run("number_purchase", **row.where, count=1, application=row.application)["numbers"][0]
    run.fails("conflict", "number_release", numbers=[number])
    assert len(sandbox.state(row)["owned"]) == 1
    assert run("number_release", numbers=[number], force=True)["changed"] and not sandbox.state(row)["owned"]


@which.link_release_and_may_be_mute
def test_a_link_keeps_a_number_whose_capabilities_are_not_told(
    run: Runner, row: Row, sandbox: Sandbox, linked: list[str]
) -> None:
    silent = dict.fromkeys(["capabilities", "voice_enabled", "sms_enabled", "mms_enabled", "features"])
    sandbox.faults({"match": {"provider": row.provider, "method": "GET"}, "kind": "body", "merge_items": silent})
    assert run("number_info", numbers=linked[:2])["numbers"][0]["capabilities"] is None
    run.fails("conflict", "number_release", numbers=linked[:2])
    assert len(sandbox.state(row)["owned"]) == 3


@which.release
def test_a_released_number_can_be_bought_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The journal must not take the earlier purchase for the new one."""
    for _round in range(2):
        numbers = run.buy(1)
        assert len(sandbox.state(row)["owned"]) == 1
        run("number_release", numbers=numbers)
        assert not sandbox.state(row)["owned"]
