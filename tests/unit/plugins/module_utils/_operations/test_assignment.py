# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Linking adds: a number linked elsewhere, a link that cannot change alone and every drop are asked for, or they are
refused.
"""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_GROUP, Features
from ansible_collections.telco.numbers.plugins.module_utils._core.link import one
from ansible_collections.telco.numbers.plugins.module_utils._operations.assignment import Wish, check, plan
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number

KINDS = dict.fromkeys(("sms", "voice"), ("application",))
KEYS = ("country",)
SINGLE = Features(BY_GROUP, KEYS, KEYS, kinds=KINDS)
UNLINKS_WHOLE = Features(BY_GROUP, KEYS, KEYS, kinds=KINDS, unlinks_whole=True)
WHOLE = Features(BY_GROUP, KEYS, KEYS, kinds=KINDS, unlinks_whole=True, links_whole=True)
NONE = Features(BY_GROUP, KEYS, KEYS, hints={"assignment": "This shop links nothing: use its portal."})
EACH = [SINGLE, UNLINKS_WHOLE, WHOLE]
A, B, C, D = ("+1415555010" + last for last in "0123")


def wish(*digits, application="app", capability=None, **facts):
    return Wish(**{"numbers": digits, "aim": one(application, capability), **facts})


def planned(features, wanted, owned):
    """The numbers to link and to drop, by capability; of a wish to unlink the ones to drop come first."""
    by_name = {item.number: item for item in owned}
    sides = ({}, {})
    for side, changes in zip(sides, plan(features, wanted, [by_name[name] for name in wanted.numbers], owned)):
        for item in changes:
            side.setdefault(item.link.capability, []).append(item.number.number)
    return sides if wanted.present else sides[::-1]


def both(digits, application):
    return number(digits, applications={"sms": application, "voice": application})


@pytest.mark.parametrize("features", EACH)
def test_every_capability_is_linked_when_none_is_named(features):
    owned = [number(A, capabilities=("mms", "sms", "voice")), number(B, capabilities=("voice",)), number(C)]
    assert planned(features, wish(A, B), owned) == ({"sms": [A], "voice": [A, B]}, {})


@pytest.mark.parametrize("features", EACH)
def test_what_is_linked_already_is_left_alone(features):
    owned = [both(A, "app"), number(B, applications={"sms": "app"})]
    assert planned(features, wish(A, B), owned) == ({"voice": [B]}, {})
    assert planned(features, wish(A), owned) == ({}, {})


def test_one_capability_is_linked_alone_where_the_provider_can():
    assert planned(SINGLE, wish(A, capability="voice"), [number(A)]) == ({"voice": [A]}, {})
    assert planned(UNLINKS_WHOLE, wish(A, capability="voice"), [number(A)]) == ({"voice": [A]}, {})


@pytest.mark.parametrize("features", EACH)
def test_a_number_linked_elsewhere_is_a_conflict(features, refused):
    with refused("conflict") as refusal:
        planned(features, wish(A, B), [number(A), both(B, "other")])
    assert B in str(refusal)
    assert "other" in str(refusal)


@pytest.mark.parametrize("features", EACH)
def test_force_moves_a_number(features):
    assert planned(features, wish(A, force=True), [both(A, "other")]) == ({"sms": [A], "voice": [A]}, {})


def test_a_link_elsewhere_for_another_capability_is_no_conflict():
    owned = [number(A, applications={"sms": "other"})]
    assert planned(SINGLE, wish(A, capability="voice"), owned) == ({"voice": [A]}, {})


@pytest.mark.parametrize("features", EACH)
def test_absent_drops_the_links_of_the_named_application_only(features):
    owned = [both(A, "app"), both(B, "other"), number(C), both(D, "app")]
    assert planned(features, wish(A, B, C, present=False), owned) == ({"sms": [A], "voice": [A]}, {})


@pytest.mark.parametrize("features", [SINGLE, UNLINKS_WHOLE])
def test_absent_leaves_another_application_s_half_of_a_number(features):
    owned = [number(A, applications={"sms": "app", "voice": "other"})]
    assert planned(features, wish(A, present=False), owned) == ({"sms": [A]}, {})
    assert planned(features, wish(A, present=False, capability="sms"), owned) == ({"sms": [A]}, {})
    assert planned(features, wish(A, present=False, capability="voice"), owned) == ({}, {})


def test_one_capability_is_unlinked_alone_where_the_provider_can():
    assert planned(SINGLE, wish(A, present=False, capability="sms"), [both(A, "app")]) == ({"sms": [A]}, {})


@pytest.mark.parametrize("features", [UNLINKS_WHOLE, WHOLE])
def test_unlinking_one_capability_is_refused_where_the_call_unlinks_all(features, refused):
    with refused("unsupported") as refusal:
        planned(features, wish(A, present=False, capability="sms"), [both(A, "app")])
    assert A in str(refusal)


@pytest.mark.parametrize("features", [UNLINKS_WHOLE, WHOLE])
def test_unlinking_the_only_capability_is_unlinking_all(features):
    owned = [number(A, capabilities=("voice",), applications={"voice": "app"})]
    assert planned(features, wish(A, present=False, capability="voice"), owned) == ({"voice": [A]}, {})


def test_linking_one_capability_is_refused_where_the_call_links_all(refused):
    with refused("unsupported"):
        planned(WHOLE, wish(A, capability="voice"), [number(A)])
    assert planned(WHOLE, wish(A, capability="voice"), [number(A, capabilities=("mms", "voice"))]) == (
        {"voice": [A]},
        {},
    )


@pytest.mark.parametrize("features", [SINGLE, UNLINKS_WHOLE])
def test_exclusive_drops_every_other_number_of_that_capability_and_nothing_else(features):
    owned = [number(A), both(B, "app"), both(C, "other"), number(D, applications={"sms": "app"})]
    assert planned(features, wish(A, exclusive=True, capability="voice"), owned) == ({"voice": [A]}, {"voice": [B]})
    assert planned(features, wish(B, exclusive=True, capability="voice"), owned) == ({}, {})
    assert planned(features, wish(exclusive=True, capability="sms", force=True), owned) == ({}, {"sms": [B, D]})


def test_exclusive_is_refused_where_a_drop_would_take_more_than_the_capability(refused):
    owned = [number(A, capabilities=("voice",)), both(B, "app")]
    with refused("unsupported") as refusal:
        planned(WHOLE, wish(A, exclusive=True, capability="voice"), owned)
    assert B in str(refusal)


_WITHOUT = pytest.mark.parametrize(
    ("capabilities", "capability"), [(("mms",), None), (None, None), ((), None), (("sms",), "voice")]
)


@_WITHOUT
def test_a_number_without_the_capability_is_refused(capabilities, capability, refused):
    with refused("unsupported") as refusal:
        planned(SINGLE, wish(A, capability=capability), [number(A, capabilities=capabilities)])
    assert A in str(refusal)


@_WITHOUT
def test_what_nothing_can_link_is_unlinked_already(capabilities, capability):
    absent = wish(A, present=False, capability=capability)
    assert planned(SINGLE, absent, [number(A, capabilities=capabilities)]) == ({}, {})


def test_the_link_of_a_capability_that_the_number_lacks_is_dropped_once():
    """Its record says so late, or it was switched off: the second run has nothing to do."""
    absent, facts = wish(A, present=False, capability="voice"), {"capabilities": ("sms",)}
    assert planned(SINGLE, absent, [number(A, applications={"voice": "app"}, **facts)]) == ({"voice": [A]}, {})
    assert planned(SINGLE, absent, [number(A, **facts)]) == ({}, {})


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"application": ""}, "invalid_option"),
        ({"capability": "mms"}, "unsupported"),
        ({"exclusive": True}, "invalid_option"),
        ({"exclusive": True, "capability": "voice", "present": False}, "invalid_option"),
        ({"exclusive": True, "capability": "voice", "numbers": ()}, "invalid_option"),
        ({"exclusive": True, "numbers": (), "force": True}, "invalid_option"),
    ],
)
def test_a_wish_that_says_too_little_is_refused(facts, code, refused):
    with refused(code):
        check(SINGLE, "shop", wish(A, **facts))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"capability": "voice"},
        {"present": False},
        {"exclusive": True, "capability": "voice"},
        {"exclusive": True, "capability": "voice", "numbers": (), "force": True},
        {"numbers": ()},
    ],
)
def test_a_wish_that_says_enough_passes(facts):
    assert check(SINGLE, "shop", wish(A, **{"numbers": (A,), **facts})) is None


def test_a_provider_without_links_says_what_to_do_instead(refused):
    with refused("unsupported") as refusal:
        check(NONE, "shop", wish(A))
    assert str(refusal) == "This shop links nothing: use its portal."
