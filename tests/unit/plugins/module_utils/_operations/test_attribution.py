# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New numbers of a list are shared out among orders as a set, and never on a guess."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._journal import entries as log
from ansible_collections.telco.numbers.plugins.module_utils._journal.entries import new_entry, new_line
from ansible_collections.telco.numbers.plugins.module_utils._purchase.attribution import clusters, unnamed
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import group
from hypothesis import given
from hypothesis import strategies as st

A, B, C, D = ("+1415555010" + last for last in "0123")


def order(identity, quantity=1, status=log.FULFILLED, before=(), numbers=(), seen=()):
    line = dataclasses.replace(
        new_line(group(), quantity, before), status=status, numbers=list(numbers), seen=list(seen)
    )
    (part,) = dataclasses.replace(new_entry([line], None, 1.0), id=identity).parts
    return part


def shares(entries, listed, could=lambda entry, name: True):
    return [cluster.shares() for cluster in clusters(entries, listed, could)]


def test_an_order_alone_gets_what_is_new():
    assert shares([order("1", 2)], [A, B]) == [{"1": [A, B]}]
    assert shares([order("1", 2)], [A]) == [{"1": [A]}]
    assert shares([order("1", 2, before=[A])], [A]) == [{"1": []}]


def test_an_order_in_doubt_is_settled_by_an_exact_difference_alone():
    assert shares([order("1", 2, log.UNKNOWN)], [A, B]) == [{"1": [A, B]}]
    assert shares([order("1", 2, log.UNKNOWN)], [A]) == [None]
    assert shares([order("1", 2, log.UNKNOWN)], []) == [None]
    assert shares([order("1", 2, log.UNKNOWN)], [A, B, C]) == [None]


@pytest.mark.parametrize("doubtful", [log.INTENT, log.UNKNOWN])
def test_one_new_number_of_two_orders_belongs_to_neither(doubtful):
    (cluster,) = clusters([order("1", 1, log.PENDING), order("2", 1, doubtful)], [A], lambda entry, name: True)
    assert cluster.shares() is None
    assert not cluster.is_overfull
    assert (cluster.definite, cluster.doubtful) == (1, 1)


def test_two_new_numbers_of_two_orders_explain_both():
    assert shares([order("1", 1, log.PENDING), order("2", 1, log.INTENT)], [A, B]) == [{"1": [A], "2": [B]}]


def test_what_can_be_of_one_order_only_is_given_to_it():
    def could(entry, name):
        return entry.id == "1" or name == A

    assert shares([order("1"), order("2")], [A, B], could) == [{"1": [B], "2": [A]}]


def test_orders_without_a_common_number_are_told_apart():
    def could(entry, name):
        return (entry.id == "1") == (name == A)

    assert sorted(map(str, shares([order("1"), order("2", status=log.UNKNOWN)], [A], could))) == sorted(
        map(str, [{"1": [A]}, None])
    )


def test_more_new_numbers_than_were_ordered_are_mixed_with_somebody_elses():
    (cluster,) = clusters([order("1")], [A, B], lambda entry, name: True)
    assert cluster.shares() is None
    assert cluster.is_overfull


def test_a_number_that_was_listed_and_is_gone_was_delivered():
    assert shares([order("1", seen=[A])], []) == [{"1": [A]}]


def test_a_number_that_is_known_to_be_of_another_order_is_none():
    assert shares([order("1", numbers=[A]), order("2")], [A]) == [{"2": []}]


_ORDERS = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.sampled_from([log.PENDING, log.FULFILLED, log.INTENT, log.UNKNOWN]),
        st.sets(st.sampled_from([A, B, C, D])),
    )
)


@given(_ORDERS, st.sets(st.sampled_from([A, B, C, D])))
def test_each_number_goes_to_one_order_that_may_have_brought_it_and_none_gets_too_many(orders, listed):
    made = [order(str(place), quantity, status) for place, (quantity, status, _could) in enumerate(orders)]
    could = {str(place): names for place, (_quantity, _status, names) in enumerate(orders)}
    found = clusters(made, sorted(listed), lambda entry, name: name in could[entry.id])
    assert sorted(entry.id for cluster in found for entry in cluster.entries) == sorted(entry.id for entry in made)
    given_out = [
        (identity, name) for cluster in found for identity, names in (cluster.shares() or {}).items() for name in names
    ]
    assert len({name for _identity, name in given_out}) == len(given_out)
    assert all(name in could[identity] and name in listed for identity, name in given_out)
    for entry in made:
        assert sum(identity == entry.id for identity, _name in given_out) <= unnamed(entry)
    for one, other in itertools.combinations(found, 2):
        assert not one.numbers & other.numbers
