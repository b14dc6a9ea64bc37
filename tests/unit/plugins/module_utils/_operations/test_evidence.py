# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a lost answer the provider's own word on an order counts first, by its id, then by our key, then the list."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.exchange import Order, OrderLine
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._net.session import Settings
from ansible_collections.telco.numbers.plugins.module_utils._purchase.purchase import purchase
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Terms, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Killed, Shop, State

A, B = "+14155550100", "+14155550101"
US = Selector(country="US")


class OrderShop(Shop):
    """Takes orders by number and carries them out later. It knows each by its id and by the key that came with it."""

    features = dataclasses.replace(Shop.features, orders_by_id=True, orders_by_key=True, asynchronous=True)

    def __init__(self, state, clock):
        super().__init__(state, clock)
        self.options = self.options._replace(settings=Settings(timeout=0.0))
        state.orders = getattr(state, "orders", {})
        state.keys = getattr(state, "keys", [])
        state.asked = []

    def buy(self, request):
        self.state.keys.append(request.key)
        outcome = self.state.outcomes.pop(0) if self.state.outcomes else shop.DONE
        if outcome == shop.NOT_SENT:
            raise Ambiguous("The connection broke.")
        if outcome == shop.KILLED_BEFORE:
            raise Killed
        identity = f"order-{len(self.state.orders) + 1}"
        self.state.orders[identity] = {"key": request.key, "offer": request.offer, "status": "pending"}
        self.state.bought.append((request.offer.id, request.quantity))
        if outcome == shop.KILLED:
            raise Killed
        if outcome == shop.LOST:
            raise Ambiguous("The connection broke.")
        return self._told(identity)

    def order(self, identity):
        self.state.asked.append("id")
        return self._told(identity) if identity in self.state.orders else None

    def order_by_key(self, key):
        self.state.asked.append("key")
        found = [identity for identity, order in self.state.orders.items() if order["key"] == key]
        return self._told(found[0]) if found else None

    def _told(self, identity):
        order = self.state.orders[identity]
        line = OrderLine(order["status"], order["offer"].number, order.get("message"))
        return Order(order["status"], (), None, identity, (line,))


def deliver(state, status="fulfilled", message=None):
    """The provider carries its orders out, or does not."""
    for order in state.orders.values():
        order.update(status=status, message=message)
        if status == "fulfilled":
            maker = Shop(state, None)
            maker._deliver(order["offer"])


@pytest.fixture
def state():
    return State([offer(A), offer(B, monthly_price="2.00")])


@pytest.fixture
def buy(tmp_path):
    def run(state, terms=None, **want):
        task = shop.context(OrderShop, state, tmp_path)
        return purchase(task, Want(**{"selector": US, **want}), terms or Terms()).facts

    return run


def test_an_order_is_shown_with_its_lines_and_counts_while_it_is_under_way(buy, state):
    (order,) = buy(state, count=1)["orders"]
    assert (order["provider_order"], order["status"], order["message"]) == ("order-1", "pending", None)
    assert order["lines"] == [{"offer": A, "number": A, "quantity": 1, "status": "pending", "message": None}]
    assert buy(state, count=1)["orders"][0]["id"] == order["id"]
    assert state.bought == [(A, 1)] and state.asked == ["id"]
    deliver(state)
    done = buy(state, count=1)
    assert [number["number"] for number in done["numbers"]] == [A] and not done["orders"]


def test_a_lost_answer_is_settled_by_our_key(buy, state):
    state.outcomes = [shop.LOST]
    (order,) = buy(state, count=1)["orders"]
    assert (order["provider_order"], order["status"]) == ("order-1", "pending")
    assert state.bought == [(A, 1)] and "key" in state.asked


def test_what_no_key_finds_is_ordered_once_more_with_a_new_key(buy, state):
    state.outcomes = [shop.NOT_SENT]
    assert buy(state, count=1)["orders"][0]["provider_order"] == "order-1"
    assert state.bought == [(A, 1)]
    assert len(set(state.keys)) == 2


def test_absent_and_still_offered_proves_nothing_where_the_provider_does_not_answer(buy, state, monkeypatch):
    def broken(self, key):
        raise Failure("provider_unavailable", "Later.")

    monkeypatch.setattr(OrderShop, "order_by_key", broken)
    state.outcomes = [shop.NOT_SENT]
    with pytest.raises(Failure) as caught:
        buy(state, count=1)
    assert (caught.value.code, len(state.keys)) == ("unknown_outcome", 1)


@pytest.mark.parametrize(("outcome", "keys"), [(shop.KILLED, 1), (shop.KILLED_BEFORE, 2)])
def test_a_killed_order_is_found_by_its_key_or_made_anew(buy, state, outcome, keys):
    state.outcomes = [outcome]
    with pytest.raises(Killed):
        buy(state, count=1)
    (order,) = buy(state, count=1)["orders"]
    assert (order["provider_order"], order["status"]) == ("order-1", "pending")
    assert (state.bought, len(state.keys)) == ([(A, 1)], keys)


def test_an_order_that_failed_is_shortage_again(buy, state):
    (order,) = buy(state, count=1)["orders"]
    deliver(state, "failed", "sold out")
    state.catalogue = [one for one in state.catalogue if one.id != A]
    again = buy(state, count=1)["orders"]
    assert [(one["lines"][0]["offer"], one["status"]) for one in again] == [(B, "pending")]
    assert again[0]["id"] != order["id"]


def test_what_waits_for_papers_or_a_review_counts_and_is_not_bought_again(buy, state):
    buy(state, count=1)
    for status in ("in_review", "needs_input"):
        deliver(state, status)
        (order,) = buy(state, count=1)["orders"]
        assert (order["status"], order["lines"][0]["status"]) == (status, status)
    assert state.bought == [(A, 1)]


def test_with_wait_the_order_is_asked_until_it_is_carried_out(buy, state, monkeypatch):
    asked = OrderShop.order

    def order(self, identity):
        if len(self.state.asked) == 1:
            deliver(self.state)
        return asked(self, identity)

    monkeypatch.setattr(OrderShop, "order", order)
    done = buy(state, Terms(wait=True, wait_timeout=30), count=1)
    assert [number["number"] for number in done["numbers"]] == [A]
