# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A search of which the provider shows a part only is asked again by last digits, with as few requests as suffice."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.exchange import Search
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._purchase.purchase import purchase
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Terms, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Shop, State

CAP = 30
US = Selector(country="US")


class CappedShop(Shop):
    """Shows at most CAP rows of what matches."""

    features = dataclasses.replace(Shop.features, search_endings=True)

    def __init__(self, state, clock):
        super().__init__(state, clock)
        self.asked = []

    def search(self, selector, filters, limit=None):
        return self._capped("", selector)

    def search_ending(self, selector, ending, papers):
        return self._capped(ending, selector)

    def _capped(self, ending, selector):
        self.asked.append(ending)
        found = [one for one in selector.narrowed(self.state.catalogue) if one.number.endswith(ending)]
        return Search(found[:CAP], window=len(found) > CAP)


class BlindShop(CappedShop):
    features = dataclasses.replace(Shop.features, search_endings=False)

    def search_ending(self, selector, ending, papers):
        raise AssertionError("it cannot be asked by last digits")


def catalogue(size, step=1):
    return State([offer(f"+1415555{1000 + place * step}") for place in range(size)])


def buy(kind, state, folder, check=False, search_limit=1000, **want):
    task = shop.context(kind, state, folder, check)
    result = purchase(task, Want(selector=US, **want), Terms(search_limit=search_limit))
    return result.facts, task


def test_what_the_window_covers_needs_no_further_request(tmp_path):
    facts, task = buy(CappedShop, catalogue(100), tmp_path, count=CAP)
    assert len(facts["purchased"]) == CAP
    assert task.provider.asked == [""]


def test_sixty_numbers_are_found_where_a_search_shows_thirty(tmp_path):
    facts, task = buy(CappedShop, catalogue(100), tmp_path, count=60)
    assert len({number["number"] for number in facts["purchased"]}) == 60
    first, *more = task.provider.asked
    assert first == "" and more == list("0123456789")[: len(more)] and len(more) < 10


def test_a_part_of_a_part_is_asked_again_with_one_digit_more(tmp_path):
    facts, task = buy(CappedShop, catalogue(600), tmp_path, check=True, count=500)
    assert len(facts["quote"]["lines"]) == 500
    assert {len(ending) for ending in task.provider.asked} == {0, 1, 2}


def test_the_reading_ends_at_the_search_limit_and_says_so(tmp_path):
    with pytest.raises(Failure) as caught:
        buy(CappedShop, catalogue(600), tmp_path, count=200, search_limit=100)
    assert caught.value.code == "out_of_stock"
    facts, task = buy(CappedShop, catalogue(600), tmp_path, True, 100, count=200, allow_partial=True)
    assert len(facts["quote"]["lines"]) < 200
    assert any("raise 'search_limit'" in warning for warning in task.warnings)


def test_a_window_that_cannot_be_widened_is_named(tmp_path):
    with pytest.raises(Failure, match="The search showed only a part of what shop sells") as caught:
        buy(BlindShop, catalogue(100), tmp_path, count=60)
    assert caught.value.code == "out_of_stock"


def test_a_catalogue_read_whole_is_no_window(tmp_path):
    with pytest.raises(Failure) as caught:
        buy(CappedShop, catalogue(20), tmp_path, count=60)
    assert "only a part" not in caught.value.message
