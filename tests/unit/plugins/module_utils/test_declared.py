# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is given in provider_options and provider_settings, against what a provider declares."""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.declared import (
    BOOLEAN,
    INTEGER,
    LIST,
    REQUIREMENTS,
    Setting,
    checked,
)
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._providers import NAMES, load
from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_configuration import SETTINGS

DECLARED = (
    Setting("caller_id_lookup", BOOLEAN),
    Setting("receive_mode", choices=("voice", "fax")),
    Setting("ring_time", INTEGER),
    Setting("groups", LIST),
    Setting("owner", refused="it would move the number to another account."),
)


def told(given):
    return checked(given, DECLARED, "provider_settings", "acme")


def test_values_have_their_types():
    given = {"caller_id_lookup": "yes", "receive_mode": "fax", "ring_time": "-5", "groups": ["b", "a", "b"]}
    assert told(given) == {"caller_id_lookup": True, "receive_mode": "fax", "ring_time": -5, "groups": ["a", "b"]}
    assert told({"groups": "a", "caller_id_lookup": False}) == {"groups": ["a"], "caller_id_lookup": False}


def test_null_and_the_empty_text_clear():
    assert told({"ring_time": None, "receive_mode": "", "groups": None}) == dict.fromkeys(
        ("ring_time", "receive_mode", "groups")
    )


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"recieve_mode": "fax"}, "invalid_option", "'receive_mode' is near it"),
        ({"receive_mode": "faxx"}, "invalid_option", "'fax' is near it"),
        ({"receive_mode": 5}, "invalid_option", "quote it"),
        ({"caller_id_lookup": 2}, "invalid_option", "true or false"),
        ({"ring_time": True}, "invalid_option", "whole number"),
        ({"ring_time": "5.0"}, "invalid_option", "whole number"),
        ({"groups": ["a", 1]}, "invalid_option", "a list of texts"),
        ({"owner": "x"}, "unsupported", "another account"),
    ],
)
def test_what_is_wrong_is_told(given, code, words):
    with pytest.raises(Failure) as told_of:
        told(given)
    assert told_of.value.code == code and words in told_of.value.message


def test_a_provider_without_any_says_so():
    assert checked({}, (), "provider_options", "acme") == {}
    with pytest.raises(Failure) as told_of:
        checked({"x": 1}, (), "provider_options", "acme")
    assert told_of.value.code == "unsupported" and "acme" in told_of.value.message


@pytest.mark.parametrize("name", NAMES)
def test_declarations_are_sound(name):
    """Names are unique among the fields of a kind and no option of number_configuration; papers meet what there is."""
    features = load(name).features
    for declared in (features.provider_options, features.provider_settings):
        names = [setting.name for setting in declared]
        assert len(set(names)) == len(names) and all(setting.help or setting.refused for setting in declared)
    assert not {setting.name for setting in features.provider_settings} & {*SETTINGS, "tags", "provider_settings"}
    assert all(paper.meets and set(paper.meets) <= set(REQUIREMENTS) for paper in features.regulatory)
