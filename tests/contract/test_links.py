# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: links by capability and kind, applications by name, and addresses on a number, which are links, too."""

from __future__ import annotations

import json
from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner
from sandbox_server import FILES
from test_purchase import writes


def kinds(row: Row) -> dict[str, str]:
    """An application of each kind."""
    return row.of_kind or ({"application": row.application} if row.application else {})


def links(result: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    """The links of the one number in a result."""
    (number,) = result["numbers"]
    return {(link["capability"], link["kind"], link["id"], link["status"]) for link in number["links"]}


def pairs(run: Runner, row: Row) -> list[tuple[str, str]]:
    """Each capability with each kind that it can be linked to."""
    found = [(capability, kind) for capability, found in run.features.kinds.items() for kind in found]
    return [pair for pair in found if pair not in row.lacks]


@which.link
def test_every_kind_is_linked_shown_moved_and_unlinked(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """One capability after the other is linked to an application of each of its kinds, and each moves to the next."""
    (number,) = [one["number"] for one in run.buy(1)]
    able = set(run("number_info", numbers=[number])["numbers"][0]["capabilities"])
    assert set(kinds(row)) == {kind for _capability, kind in pairs(run, row)}
    for capability, kind in pairs(run, row):
        if (capability not in able and capability in row.counted) or (
            run.features.links_whole and len(able & set(run.features.kinds)) > 1
        ):
            continue
        wish = {
            "numbers": [number],
            "application": kinds(row)[kind],
            "application_kind": kind,
            "capability": capability,
        }
        predicted = run("number_assignment", **wish, force=True, check=True)
        done = run("number_assignment", **wish, force=True)
        assert done["changed"] and done["diff"] == predicted["diff"], (capability, kind)
        mine = {link for link in links(done) if link[0] == capability}
        assert mine == {(capability, kind, kinds(row)[kind], "linked")}
        sandbox.log()
        assert run("number_assignment", **wish)["changed"] is False and not writes(sandbox.log())
    (known,) = run("number_info", numbers=[number])["numbers"]
    for application in sorted(set(known["applications"].values())):
        gone = run("number_assignment", numbers=[number], application=application, state="absent")
        assert gone["changed"] and application not in gone["numbers"][0]["applications"].values()
    assert not links(run("number_info", numbers=[number]))


@which.link
def test_each_kind_can_be_asked_for_in_the_purchase(run: Runner, row: Row, sandbox: Sandbox) -> None:
    for kind, application in kinds(row).items():
        wish = {**row.where, "count": 1, "application": application, "application_kind": kind}
        predicted = run("number_purchase", **wish, check=True)
        assert not predicted.get("failed"), predicted
        done = run("number_purchase", **wish)
        assert {link[1:] for link in links(done)} == {(kind, application, "linked")}
        sandbox.log()
        assert run("number_purchase", **wish)["changed"] is False and not writes(sandbox.log())


@which.link
def test_applications_names_each_capability(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = run.buy(1)
    told = {*number["capabilities"]} | ({"voice"} - {*row.counted})
    able = [one for one in sorted(told & set(run.features.kinds)) if row.serves(one, run.features.kinds)]
    each = dict.fromkeys(able, row.application)
    done = run("number_assignment", numbers=[number], applications=each)
    assert done["numbers"][0]["applications"] == each
    assert run("number_assignment", numbers=[number], applications=each)["changed"] is False
    if not run.features.links_whole:
        other = {**each, able[0]: {"id": row.other_application}}
        run.fails("conflict", "number_assignment", numbers=[number], applications=other)
        moved = run("number_assignment", numbers=[number], applications=other, force=True)
        assert moved["numbers"][0]["applications"] == {**each, able[0]: row.other_application}
    elif len(each) > 1:
        split = {**each, able[0]: row.other_application}
        run.fails("unsupported", "number_assignment", numbers=[number], applications=split, force=True)


# -- names -------------------------------------------------------------------------------------------------------------


def test_application_info_lists_them_or_says_that_it_cannot(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.log()
    if not run.features.listed_kinds:
        refused = run.fails("unsupported", "application_info")
        assert row.provider in refused["msg"] and not sandbox.log()
        return
    found = run("application_info")["applications"]
    assert row.application in [one["id"] for one in found] and {one["kind"] for one in found} <= set(kinds(row))
    for one in found:
        served = {capability for capability, known in run.features.kinds.items() if one["kind"] in known}
        assert set(one["capabilities"]) <= served
    named = run("application_info", application_name=row.application_name)["applications"]
    assert [one["id"] for one in named] == [row.application]
    for kind in run.features.listed_kinds:
        shown = run("application_info", application_kind=kind)["applications"]
        assert shown == [one for one in found if one["kind"] == kind]
    run.fails("invalid_option", "application_info", application_kind="no-such-kind")


@which.list_applications
def test_a_name_stands_for_the_id(run: Runner, row: Row, sandbox: Sandbox) -> None:
    named = {"application_name": row.application_name, "application_kind": row.kind}
    (number,) = run("number_purchase", **row.where, count=1, **named)["numbers"]
    assert set(number["applications"].values()) == {row.application}
    sandbox.log()
    assert run("number_assignment", numbers=[number], **named)["changed"] is False and not writes(sandbox.log())
    assert run("number_assignment", numbers=[number], **named, state="absent")["changed"]


@which.list_applications
def test_a_name_that_fits_none_or_several_is_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = run.buy(1)
    sandbox.log()
    for module, options in (
        ("number_assignment", {"numbers": [number]}),
        ("number_purchase", {**row.where, "count": 2}),
    ):
        unknown = run.fails("not_found", module, application_name=f"{row.application_name}x", **options)
        assert row.application_name in unknown["msg"]
    assert not writes(sandbox.log())
    default = json.loads((FILES / "telco_numbers_sandbox" / "default_seed.json").read_text(encoding="utf-8"))
    sandbox.reset({row.provider: {"accounts": [{**default[row.provider]["accounts"][0], **row.twin}]}})
    several = run.fails(
        "invalid_option", "number_purchase", **row.where, count=1, application_name=row.application_name
    )
    assert row.application in several["msg"] and row.other_application in several["msg"]
    assert not writes(sandbox.log())


@which.link
def test_a_name_is_refused_where_applications_are_not_listed(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if run.features.listed_kinds:
        pytest.skip("it lists them")
    sandbox.log()
    run.fails("unsupported", "number_assignment", numbers=["+46701740999"], application_name="reception")
    run.fails("unsupported", "number_purchase", **row.where, count=1, application_name="reception")
    assert not sandbox.log()


# -- addresses ---------------------------------------------------------------------------------------------------------


@which.have_addresses
def test_a_number_with_an_address_is_not_free(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A purchase with an application leaves it alone and buys another one; nobody takes it over unasked."""
    (number,) = [one["number"] for one in run.buy(1)]
    capability, (option, address) = next(iter(row.addresses.items()))
    run("number_configuration", numbers=[number], **{option: address})
    (found,) = run("number_info", numbers=[number])["numbers"]
    assert (capability, "url", address, "linked") in {tuple(link.values()) for link in found["links"]}
    assert found["applications"] == {}
    bought = run("number_purchase", **row.where, count=1, application=row.application)
    assert len(bought["purchased"]) == 1 and bought["numbers"][0]["number"] != number
    refused = run.fails("conflict", "number_assignment", numbers=[number], application=row.application)
    assert address in refused["msg"]
    run.fails("conflict", "number_release", numbers=[number])
    unlinked = run.fails("unsupported", "number_assignment", numbers=[number], application=address, state="absent")
    assert "number_configuration" in refused["msg"] and "number_configuration" in unlinked["msg"]


@which.have_addresses
def test_an_application_overrides_an_address_and_uncovers_it_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (number,) = [one["number"] for one in run.buy(1)]
    capability, (option, address) = next(iter(row.addresses.items()))
    run("number_configuration", numbers=[number], **{option: address})
    wish = {"numbers": [number], "application": row.application, "capability": capability}
    done = run("number_assignment", **wish, force=True)
    assert done["numbers"][0]["applications"] == {capability: row.application} and not done["warnings"]
    assert run("number_configuration", numbers=[number])["numbers"][0]["configuration"][option] == address
    gone = run("number_assignment", **wish, state="absent")
    assert gone["changed"] and gone["numbers"][0]["applications"] == {}
    assert (capability, "url", address, "linked") in links(gone)
    assert run("number_assignment", **wish, state="absent")["changed"] is False
