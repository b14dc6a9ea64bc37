# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many numbers are ordered with few requests, and each line of an order ends by itself."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.declared import Paper
from ansible_collections.telco.numbers.plugins.module_utils._contract.exchange import Order, OrderLine
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._net.session import Settings
from ansible_collections.telco.numbers.plugins.module_utils._purchase import ordering
from ansible_collections.telco.numbers.plugins.module_utils._purchase.purchase import purchase
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Terms, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Killed, Shop, State

US = Selector(country="US")
NUMBERS = [f"+1415555010{digit}" for digit in range(8)]


class ManyShop(Shop):
    """Takes three numbers with one order, and says of each line how it ended."""

    features = dataclasses.replace(
        Shop.features,
        offers_per_purchase=3,
        orders_by_id=True,
        orders_by_key=True,
        asynchronous=True,
        regulatory=(Paper("bundle", ("documents",)),),
    )

    def __init__(self, state, clock):
        super().__init__(state, clock)
        self.options = self.options._replace(settings=Settings(timeout=0.0))
        state.orders = getattr(state, "orders", {})
        state.ends = getattr(state, "ends", {})  # number → status, message and code of its line
        state.sizes = getattr(state, "sizes", [])

    def order_group(self, offer):
        return "one" if offer.number.endswith(("0", "1", "2", "3", "4", "5")) else "other"

    def buy(self, request):
        state = self.state
        state.sizes.append(len(request.offers))
        outcome = state.outcomes.pop(0) if state.outcomes else shop.DONE
        if outcome == shop.NOT_SENT:
            raise Ambiguous("The connection broke.")
        if outcome == shop.KILLED_BEFORE:
            raise Killed
        if outcome == shop.SOLD:
            raise Failure("out_of_stock", "One of them is gone.")
        identity = f"order-{len(state.orders) + 1}"
        state.orders[identity] = (request.key, [offer.number for offer in request.offers])
        for one in request.offers:
            if state.ends.get(one.number, ("fulfilled",))[0] == "fulfilled":
                self._deliver(one)
        if outcome == shop.KILLED:
            raise Killed
        if outcome == shop.LOST:
            raise Ambiguous("The connection broke.")
        return self.order(identity)

    def order(self, identity):
        lines = []
        for number in self.state.orders[identity][1]:
            status, *more = self.state.ends.get(number, ("fulfilled",))
            lines.append(OrderLine(status, number, *more))
        owned = tuple(self.state.owned[line.number] for line in lines if line.number in self.state.owned)
        return Order("partial", owned, None, identity, tuple(lines))

    def order_by_key(self, key):
        found = [identity for identity, (own, _numbers) in self.state.orders.items() if own == key]
        return self.order(found[0]) if found else None


@pytest.fixture
def state():
    return State([offer(number, monthly_price=f"{place + 1}.00") for place, number in enumerate(NUMBERS)])


@pytest.fixture
def buy(tmp_path):
    def run(state, terms=None, **want):
        task = shop.context(ManyShop, state, tmp_path)
        facts = purchase(task, Want(**{"selector": US, **want}), terms or Terms()).facts
        return {**facts, "warnings": task.warnings}

    return run


def bought(facts):
    return [number["number"] for number in facts["purchased"]]


def test_the_first_goes_alone_and_the_others_in_few_requests_of_one_group(buy, state):
    assert bought(buy(state, count=8)) == NUMBERS
    assert state.sizes[0] == 1 and sorted(state.sizes[1:]) == [2, 2, 3]
    groups = [{number[-1] in "67" for number in numbers} for _key, numbers in state.orders.values()]
    assert all(len(group) == 1 for group in groups)


def test_what_is_gone_of_an_order_is_bought_anew_within_the_limits(buy, state):
    state.ends = {NUMBERS[1]: ("failed", "taken"), NUMBERS[2]: ("failed", "taken")}
    done = buy(state, count=4)
    assert bought(done) == [NUMBERS[0], *NUMBERS[3:6]]
    assert done["quote"]["monthly_total"] == "16"
    statuses = {line["number"]: line["status"] for order in done["orders"] for line in order["lines"]}
    assert statuses[NUMBERS[1]] == "failed" and statuses[NUMBERS[3]] == "fulfilled"


def test_a_refusal_of_a_whole_order_does_not_say_which_is_gone_so_each_goes_alone(buy, state):
    state.outcomes = [shop.DONE, shop.SOLD]
    assert bought(buy(state, count=4)) == NUMBERS[:4]
    assert state.sizes == [1, 3, 1, 1, 1]


def test_a_line_that_fails_for_its_papers_at_once_strikes_its_class(buy, state):
    state.ends = {NUMBERS[2]: ("failed", "no address", "regulatory")}
    with pytest.raises(Failure) as caught:
        buy(state, count=4)
    assert caught.value.code == "regulatory"
    assert [number["number"] for number in caught.value.completed["purchased"]] == [NUMBERS[0], NUMBERS[1], NUMBERS[3]]


def test_a_number_that_is_gone_when_its_price_is_read_again_leaves_the_others_alone(buy, state, monkeypatch):
    monkeypatch.setattr(ordering, "PRICE_LIFETIME", -1.0)
    looked = iter(range(100))

    def lookup(self, number):
        again = next(looked) >= 4  # the first look-ups are the quote's
        return None if again and number == NUMBERS[2] else Shop.lookup(self, number)

    monkeypatch.setattr(ManyShop, "lookup", lookup)
    with pytest.raises(Failure) as caught:
        buy(state, numbers=tuple(NUMBERS[:4]), selector=Selector())
    assert caught.value.code == "out_of_stock" and NUMBERS[2] in caught.value.message
    assert bought(caught.value.completed) == [NUMBERS[0], NUMBERS[1], NUMBERS[3]]


def test_of_a_lost_order_only_what_no_list_shows_is_in_doubt(buy, state, monkeypatch):
    def broken(self, key):
        raise Failure("provider_unavailable", "Later.")

    monkeypatch.setattr(ManyShop, "order_by_key", broken)
    state.ends = {NUMBERS[1]: ("pending",)}
    state.outcomes = [shop.DONE, shop.LOST]
    with pytest.raises(Failure) as caught:
        buy(state, count=4)
    assert caught.value.code == "unknown_outcome" and NUMBERS[1] in caught.value.message
    lines = {line["number"]: line["status"] for order in caught.value.completed["orders"] for line in order["lines"]}
    assert lines == {**dict.fromkeys([NUMBERS[0], *NUMBERS[2:4]], "fulfilled"), NUMBERS[1]: "unknown"}


@pytest.mark.parametrize("outcome", [shop.LOST, shop.NOT_SENT])
def test_a_lost_answer_is_settled_by_our_key_for_all_lines(buy, state, outcome):
    state.outcomes = [shop.DONE, outcome]
    assert bought(buy(state, count=4)) == NUMBERS[:4]
    assert sum(len(numbers) for _key, numbers in state.orders.values()) == 4


@pytest.mark.parametrize("outcome", [shop.KILLED, shop.KILLED_BEFORE])
def test_a_killed_order_is_taken_up_or_made_anew(buy, state, outcome):
    state.outcomes = [shop.DONE, outcome]
    with pytest.raises(Killed):
        buy(state, count=4)
    done = buy(state, count=4)
    assert sorted(number["number"] for number in done["numbers"]) == NUMBERS[:4]
    assert sum(len(numbers) for _key, numbers in state.orders.values()) == 4


def test_rejected_papers_block_the_want_until_the_papers_change_or_the_order_is_given_up(buy, state):
    state.ends = {NUMBERS[1]: ("needs_input", "an address is missing")}
    waiting = buy(state, count=2)
    assert bought(waiting) == [NUMBERS[0], NUMBERS[1]]
    assert any("waits for papers (an address is missing)" in text for text in waiting["warnings"])
    again = buy(state, count=2)
    assert any("waits for papers" in text for text in again["warnings"]) and len(state.orders) == 2
    state.ends = {NUMBERS[1]: ("failed", "the address is wrong", "regulatory")}
    for _run in range(2):
        with pytest.raises(Failure, match="papers were rejected: the address is wrong") as caught:
            buy(state, count=2)
        assert caught.value.code == "regulatory" and len(state.orders) == 2
    assert len(buy(state, count=1)["numbers"]) == 1
    state.ends = {}
    assert bought(buy(state, count=2, regulatory={"bundle": "BU1"})) == [NUMBERS[1]]
    state.catalogue.insert(0, offer(NUMBERS[1], monthly_price="2.00"))
    del state.owned[NUMBERS[1]]
    with pytest.raises(Failure, match="papers were rejected"):
        buy(state, count=2)
    (order,) = [order for order in waiting["orders"] if order["status"] == "needs_input"]
    assert bought(buy(state, Terms(close_orders=(order["id"],)), count=2)) == [NUMBERS[1]]
