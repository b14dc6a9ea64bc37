# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which pools may claim the same number: what the plan refuses, what one leaves to the other, and who comes first."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import selector
from ansible_collections.telco.numbers.plugins.module_utils._plans import claims as _claims
from ansible_collections.telco.numbers.plugins.module_utils._plans.model import PlanError
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Want
from ansible_collections.telco.numbers.plugins.module_utils._tasks import plan as _plan
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number
from hypothesis import given
from hypothesis import strategies as st

N1, N2, N3 = "+14155550101", "+14155550102", "+14155550103"


def pool(name, application=None, account="sinch_catalog", **keys):
    """A pool that selects in the USA unless *keys* say otherwise."""
    chosen = keys if "numbers" in keys or "state" in keys else {"country": "US", "count": 1, **keys}
    return {"name": name, "account": account, **({"application": application} if application else {}), **chosen}


def problems(*pools, **accounts):
    try:
        _plan.read(list(pools), accounts)
    except PlanError as error:
        return error.problems
    return []


def read(*pools, **accounts):
    return {one.name: sorted(one.want.exclude) for one in _plan.read(list(pools), accounts).pools}


# -- overlapping selectors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        ({}, {}, True),
        ({}, {"country": "CA"}, False),
        ({"type": "local"}, {"type": "tollfree"}, False),
        ({"type": "local"}, {}, True),
        ({"prefix": "415"}, {"prefix": "212"}, False),
        ({"prefix": "415"}, {"prefix": "4155"}, True),
        ({"prefix": "4155"}, {"prefix": "4"}, True),
        ({"city": "Oakland"}, {"city": "San Jose"}, False),
        ({"city": "Oakland"}, {"city": " OAKLAND"}, True),
        ({"region": "CA"}, {"region": "NY"}, False),
        ({"region": "CA"}, {"city": "Oakland"}, True),
        ({"capabilities": ["voice"]}, {"capabilities": ["sms"]}, True),
        ({"contains": "123"}, {"contains": "456"}, True),
    ],
)
def test_pools_overlap_unless_a_fact_that_a_number_has_once_tells_them_apart(first, second, meets):
    said = problems(pool("a", **first), pool("b", **second))
    assert bool(said) is meets
    assert all(
        line.startswith("pools a and b: one number may match both: give them selectors that exclude each other")
        for line in said
    )
    assert bool(problems(pool("b", **second), pool("a", **first))) is meets


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [("A", "B", False), ("A", "A", True), ("A", None, True), (None, "A", True), (None, None, True)],
)
def test_overlapping_pools_need_distinct_applications(one, other, refused):
    said = problems(pool("a", one), pool("b", other))
    assert [line.startswith("pools a and b: one number may match both: ") for line in said] == [True] * refused


def test_the_same_selector_in_another_account_is_no_overlap():
    accounts = {
        "x": {"provider": "sinch_catalog", "account_id": "ACx"},
        "y": {"provider": "sinch_catalog", "account_id": "ACy"},
    }
    assert problems(pool("a", account="x"), pool("b", account="y"), **accounts) == []


def test_numbers_of_the_default_application_are_free_so_it_tells_no_pools_apart():
    accounts = {"acme": {"provider": "plivo_groups", "default_application": "D"}}
    (said,) = problems(pool("a", "A", account="acme"), pool("b", "D", account="acme"), **accounts)
    assert said.startswith("pools a and b: one number may match both, and D is the default application")
    assert problems(pool("a", "A", account="acme"), pool("b", "B", account="acme"), **accounts) == []
    assert problems(pool("a", "A", account="acme"), pool("b", "D", account="acme", country="CA"), **accounts) == []


def test_every_pair_that_overlaps_is_named():
    said = problems(pool("a"), pool("b", type="local"), pool("c", city="Oakland"))
    assert [line.partition(":")[0] for line in said] == ["pools a and b", "pools a and c", "pools b and c"]


# -- named numbers -----------------------------------------------------------------------------------------------------


def test_a_number_is_named_once():
    assert problems(pool("a", numbers=[N1, N2]), pool("b", numbers=[N3, "+1 415 555 0102"])) == [
        f"pools a and b: both name {N2}; a number belongs to one pool."
    ]
    assert problems(pool("a", numbers=[N1]), {**pool("b", numbers=[N1]), "state": "retired"}) == [
        f"pools a and b: both name {N1}; a number belongs to one pool."
    ]


def test_what_one_pool_names_never_counts_for_another_of_the_account():
    pools = read(
        pool("wide", exclude=["+14155550199"]),
        pool("named", numbers=[N2, N1]),
        pool("gone", numbers=[N3], state="retired"),
        pool("elsewhere", account="infobip_sms"),
    )
    assert pools == {
        "wide": [N1, N2, N3, "+14155550199"],
        "named": [N3],
        "gone": [N1, N2],
        "elsewhere": [],
    }


# -- retired applications ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [{"numbers": [N1]}, {"country": "CA", "count": 1}, {}])
@pytest.mark.parametrize("application", ["A", "B", None])
def test_a_retired_pool_stands_in_no_other_ones_way(keys, application):
    """Whether both may hold one number is decided on owned numbers: what a present pool counts never goes."""
    retired = pool("old", "A", state="retired", country="US", type="tollfree")
    assert problems(retired, pool("new", application, **keys)) == []


# -- who comes first ---------------------------------------------------------------------------------------------------


def test_a_pool_is_quoted_after_those_that_may_take_its_numbers():
    wanted = [
        pool("a", "A"),
        pool("local", "B", type="local"),
        pool("oakland", "C", city="Oakland"),
        pool("canada", "E", country="CA"),
        pool("tollfree", "D", type="tollfree"),
        pool("named", numbers=[N1]),
        pool("gone", "X", state="retired"),
        pool("elsewhere", account="infobip_sms"),
    ]
    plan = _plan.read(wanted).pools
    rivals = {
        one.name: [other.name for other in _claims.rivals(one, plan[:position])] for position, one in enumerate(plan)
    }
    assert {name: found for name, found in rivals.items() if found} == {
        "local": ["a"],
        "oakland": ["a", "local"],
        "tollfree": ["a", "oakland"],
    }


def test_many_pools_are_compared_once_each(monkeypatch):
    compared = []
    meet = _claims.meet
    monkeypatch.setattr(_claims, "meet", lambda first, second: compared.append(1) or meet(first, second))
    for count in (20, 40):
        compared.clear()
        _plan.read([pool(f"pool-{place:02}", f"APP-{place:02}") for place in range(count)])
        assert len(compared) == count * (count - 1) / 2


# -- any selectors -----------------------------------------------------------------------------------------------------

_KEYS = {
    "country": st.sampled_from(["US", "CA"]),
    "type": st.sampled_from(["local", "tollfree"]),
    "prefix": st.sampled_from(["4", "41", "415", "416", "9"]),
    "region": st.sampled_from(["CA", "ca", "NY"]),
    "city": st.sampled_from(["Oakland", "OAKLAND", "Toronto"]),
    "capabilities": st.sampled_from([["voice"], ["sms"], ["sms", "voice"]]),
    "contains": st.sampled_from(["415", "0100", "99"]),
}
SELECTORS = st.fixed_dictionaries({}, optional=_KEYS).map(selector.parse)
NUMBERS = [
    number(digits, country=country, type=kind, region=region, city=city, capabilities=capabilities)
    for (digits, country), kind, region, city, capabilities in itertools.product(
        [("+14155550100", "US"), ("+14165559999", "CA"), ("+19995550100", "US")],
        ["local", "tollfree"],
        ["CA", "NY"],
        ["Oakland", "Toronto"],
        [("voice",), ("sms", "voice")],
    )
]


@given(SELECTORS, SELECTORS)
def test_selectors_that_one_number_matches_always_meet(first, second):
    assert len({_claims.meet(one, other) for one, other in itertools.permutations((first, second))}) == 1
    if any(first.match(item) and second.match(item) for item in NUMBERS):
        assert _claims.meet(first, second)


def test_a_pool_with_numbers_has_no_rivals():
    plan = _plan.read([pool("named", numbers=[N1]), pool("wide")])
    assert _claims.rivals(plan.pools[1], plan.pools[:1]) == []
    assert plan.pools[0].want == Want(numbers=(N1,))
