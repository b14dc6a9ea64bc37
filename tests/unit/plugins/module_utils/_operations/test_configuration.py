# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags and a provider's own settings, at a shop that has them; and what becomes of numbers that leave."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.declared import BOOLEAN, LIST, Setting
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_NUMBER, Features
from ansible_collections.telco.numbers.plugins.module_utils._core.link import one
from ansible_collections.telco.numbers.plugins.module_utils._core.model import LEAVING
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._operations.assignment import Wish, assignment
from ansible_collections.telco.numbers.plugins.module_utils._operations.configuration import configuration
from ansible_collections.telco.numbers.plugins.module_utils._operations.read import owned
from ansible_collections.telco.numbers.plugins.module_utils._operations.release import release
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number

A = "+14155550100"
KEYS = ("country",)


class Settings(shop.Shop):
    """Keeps tags and settings of its own in the record."""

    features = Features(
        BY_NUMBER,
        KEYS,
        KEYS,
        kinds={"voice": ("application",)},
        configuration=("friendly_name", "tags"),
        provider_settings=(
            Setting("caller_id_lookup", BOOLEAN),
            Setting("groups", LIST),
            Setting("owner", refused="it would move the number to another account."),
        ),
        release=True,
    )
    sent: list = []  # what was written, call by call

    def configuration(self, number):
        own = {name: number.raw.get(name) for name in ("caller_id_lookup", "groups")}
        return {"friendly_name": number.friendly_name, "tags": sorted(number.tags or ()) or None, **own}

    def configure(self, number, changes):
        self.sent.append(dict(changes))
        raw = {**number.raw, **{key: changes[key] for key in ("caller_id_lookup", "groups") if key in changes}}
        facts = {key: changes[key] for key in ("friendly_name", "tags") if key in changes}
        self.state.owned[number.number] = dataclasses.replace(number, raw=raw, **facts)
        return self.state.owned[number.number]


@pytest.fixture
def run(tmp_path):
    Settings.sent = []
    state = shop.State([], {A: number(A, tags=("old",))})

    def configured(check=False, **wanted):
        return configuration(shop.context(Settings, state, tmp_path, check), [A], wanted, {})

    configured.state = state
    return configured


def test_tags_are_a_set(run):
    assert run(tags=["b", "a", "b"], check=True).changed and Settings.sent == []
    done = run(tags=["b", "a", "b"])
    assert done.changed and done.after[A]["tags"] == ["a", "b"] and done.facts["numbers"][0]["tags"] == ["a", "b"]
    assert not run(tags=["a", "b"]).changed and len(Settings.sent) == 1
    for nothing in ([], None, [""]):
        assert run(tags=nothing).changed is (nothing == [])
    assert run().facts["numbers"][0]["configuration"]["tags"] is None


def test_own_settings_are_set_shown_kept_and_cleared(run):
    wanted = {"caller_id_lookup": "yes", "groups": ["b", "a"]}
    predicted = run(provider_settings=wanted, check=True)
    done = run(provider_settings=wanted)
    own = {"caller_id_lookup": True, "groups": ["a", "b"]}
    assert done.changed and done.after == predicted.after and done.before == predicted.before
    assert done.after[A]["provider_settings"] == done.facts["numbers"][0]["configuration"]["provider_settings"] == own
    assert Settings.sent == [own]
    assert not run(provider_settings={"groups": ["a", "b"]}).changed
    assert run(provider_settings={"caller_id_lookup": None, "groups": ""}).after[A]["provider_settings"] == {
        "caller_id_lookup": None,
        "groups": None,
    }
    assert len(Settings.sent) == 2


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"caller_id_lockup": True}, "invalid_option", "'caller_id_lookup' is near it"),
        ({"owner": "AC2"}, "unsupported", "another account"),
    ],
)
def test_what_is_not_a_setting_is_refused(run, settings, code, words, refused):
    with refused(code) as refusal:
        run(provider_settings=settings)
    assert words in str(refusal) and Settings.sent == []


# -- numbers that leave ------------------------------------------------------------------------------------------------


@pytest.fixture
def leaving(run, tmp_path):
    """A task at a shop whose account has given A back."""
    run.state.owned[A] = number(A, status=LEAVING, expires="2026-12-24")
    return shop.context(Settings, run.state, tmp_path)


def test_a_number_that_leaves_is_neither_configured_nor_linked(leaving, refused):
    with refused("conflict") as refusal:
        configuration(leaving, [A], {"friendly_name": "x"}, {})
    assert A in str(refusal) and "2026-12-24" in str(refusal)
    with refused("conflict") as refusal:
        assignment(leaving, Wish((A,), one("app")), {})
    assert "2026-12-24" in str(refusal)


def test_a_number_that_leaves_is_released_already_and_is_shown(leaving):
    assert not release(leaving, [A], False).changed
    (shown,) = owned(leaving, [A], None, Selector(), None, {}).facts["numbers"]
    assert (shown["status"], shown["expires"]) == (LEAVING, "2026-12-24")
