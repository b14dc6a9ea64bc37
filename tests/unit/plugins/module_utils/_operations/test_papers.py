# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Offers that need papers are passed over by count, and named numbers fail before anything is bought."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.declared import Paper
from ansible_collections.telco.numbers.plugins.module_utils._contract.exchange import Order
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._purchase.purchase import purchase
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Terms, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Shop, State

A, B, C, D, E = ("+1415555010" + last for last in "01234")


class PaperShop(Shop):
    """Takes an address and a bundle. Offers of a refused type need papers of which no offer says anything."""

    features = dataclasses.replace(
        Shop.features,
        regulatory=(Paper("address", ("address", "local_address")), Paper("bundle", ("documents",))),
    )
    refused_types = ()

    def buy(self, request):
        if request.offer.type in self.refused_types and "bundle" not in request.regulatory:
            self.state.bought.append((request.offer.id, request.quantity))
            raise Failure("regulatory", "A bundle is needed: name it.", provider_code="21649")
        return super().buy(request)


class NoMobiles(PaperShop):
    refused_types = ("mobile",)


class LateCheck(PaperShop):
    """Accepts every purchase, and leaves one that lacks papers pending for days."""

    features = dataclasses.replace(PaperShop.features, papers_checked_at_purchase=False)

    def buy(self, request) -> Order:
        assert request.offer.requirements is not None
        return super().buy(request)


def priced(*facts):
    digits = [A, B, C, D, E]
    offers = [
        offer(digits[place], monthly_price=str(place + 1), **{"requirements": (), **own})
        for place, own in enumerate(facts)
    ]
    return State(offers)


def needs(*words, **facts):
    return {"requirements": words, **facts}


@pytest.fixture
def buy(tmp_path):
    def run(kind, state, check=False, **want):
        task = shop.context(kind, state, tmp_path, check)
        selector = Selector() if "numbers" in want else Selector(country="US")
        result = purchase(task, Want(**{"selector": selector, **want}), Terms())
        return [number["number"] for number in result.facts["purchased"]], task.warnings

    return run


def test_by_count_the_cheapest_that_need_nothing_are_bought_with_one_warning(buy):
    state = priced(needs("address"), needs("local_address"), needs(), needs("documents"), needs())
    bought, warnings = buy(PaperShop, state, count=2)
    assert bought == [C, E]
    assert warnings == [
        "Offers passed over for the papers that they need: 3 (address: 1, documents: 1, local address: 1). "
        "Name what was filed with the provider in 'regulatory' (address, bundle), or choose other numbers."
    ]


def test_what_the_task_names_is_met(buy):
    state = priced(needs("address"), needs("local_address"), needs(), needs("documents"))
    assert buy(PaperShop, state, count=2, regulatory={"address": "AD1"}) == (
        [A, B],
        [
            "Offers passed over for the papers that they need: 1 (documents: 1). "
            "Name what was filed with the provider in 'regulatory' (address, bundle), or choose other numbers."
        ],
    )


def test_check_mode_passes_over_the_same(buy):
    state = priced(needs("address"), needs())
    bought, warnings = buy(PaperShop, state, check=True, count=1)
    assert (bought, len(warnings), state.bought) == ([B], 1, [])


def test_where_every_offer_needs_papers_the_task_says_so_and_buys_nothing(buy):
    state = priced(needs("address"), needs("address"))
    with pytest.raises(Failure, match=r"2 numbers are missing. Offers passed over .*: 2 \(address: 2\)") as caught:
        buy(PaperShop, state, count=2)
    assert (caught.value.code, state.bought) == ("regulatory", [])


def test_a_named_number_that_needs_papers_fails_before_anything_is_bought(buy):
    state = priced(needs(), needs("address", "documents"))
    with pytest.raises(Failure, match=f"{B.replace('+', '.')} needs documents") as caught:
        buy(PaperShop, state, numbers=(A, B), regulatory={"address": "AD1"})
    assert (caught.value.code, state.bought) == ("regulatory", [])


@pytest.mark.parametrize(
    ("kind", "given", "code", "text"),
    [
        (Shop, {"address": "AD1"}, "unsupported", "shop takes no papers with a purchase"),
        (PaperShop, {"adress": "AD1"}, "invalid_option", "'address' is near it: it takes address, bundle"),
        (PaperShop, {"bundle": 4711}, "invalid_option", "regulatory: bundle must be text"),
    ],
)
def test_a_paper_that_the_provider_does_not_know_is_refused_before_any_request(buy, kind, given, code, text):
    state = priced({})
    with pytest.raises(Failure, match=text) as caught:
        buy(kind, state, count=1, regulatory=given)
    assert (caught.value.code, state.searches) == (code, 0)


def test_a_refusal_strikes_the_country_and_type_and_the_purchase_goes_on_with_others(buy):
    state = priced({"type": "mobile"}, {"type": "mobile"}, {"type": "mobile"}, {}, {})
    bought, _warnings = buy(NoMobiles, state, count=2)
    assert bought == [D, E]
    assert [identity for identity, _quantity in state.bought] == [A, D, E]


def test_a_refusal_of_everything_is_told(buy):
    state = priced({"type": "mobile"}, {"type": "mobile"}, {})
    with pytest.raises(Failure, match="A bundle is needed") as caught:
        buy(NoMobiles, state, count=2)
    assert (caught.value.code, caught.value.provider_code) == ("regulatory", "21649")
    assert [identity for identity, _quantity in state.bought].count(B) == 0


def test_a_refusal_of_a_named_number_ends_the_run(buy):
    state = priced({"type": "mobile"}, {})
    with pytest.raises(Failure) as caught:
        buy(NoMobiles, state, numbers=(A, B))
    assert (caught.value.code, len(state.bought)) == ("regulatory", 1)


def test_what_nobody_checks_at_the_purchase_is_not_tried_by_count(buy):
    state = priced({"requirements": None}, {})
    bought, warnings = buy(LateCheck, state, count=1)
    assert bought == [B]
    assert "unknown papers: 1" in warnings[0]
    assert buy(PaperShop, priced({"requirements": None}, {}), count=1)[0] == [A]
