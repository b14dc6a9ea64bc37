# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""It never buys twice, never spends more than it was told, and says exactly what it did."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from decimal import Decimal

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_RESERVATION, Features
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.link import one
from ansible_collections.telco.numbers.plugins.module_utils._core.model import FAILED, LEAVING
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import KEYS, Selector
from ansible_collections.telco.numbers.plugins.module_utils._core.threads import Workers
from ansible_collections.telco.numbers.plugins.module_utils._purchase.prices import check_charge
from ansible_collections.telco.numbers.plugins.module_utils._purchase.purchase import purchase
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Limits, Terms, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import group, number, offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import (
    GroupShop,
    Killed,
    Shop,
    State,
    SteadyGroupShop,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

A, B, C, D = ("+1415555010" + last for last in "0123")
US = Selector(country="US")


def singles(*digits, **facts):
    return State([offer(item, monthly_price=str(place + 1), **facts) for place, item in enumerate(digits)])


def groups(*stocks):
    return State([group(str(place), stock, monthly_price=str(place + 1)) for place, stock in enumerate(stocks)])


@pytest.fixture
def buy(tmp_path):
    def run(kind, state, check=False, terms=None, **want):
        task = shop.context(kind, state, tmp_path, check)
        result = purchase(
            task, Want(**{"selector": US if "numbers" not in want else Selector(), **want}), terms or Terms()
        )
        return {
            "changed": result.changed,
            "before": result.before,
            "after": result.after,
            "warnings": task.warnings,
            **result.facts,
        }

    return run


def names(records):
    return [record["number"] for record in records]


# -- the plain way -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state"), [(Shop, singles(A, B, C, D)), (GroupShop, groups(2, 5))], ids=["numbers", "groups"]
)
def test_the_shortage_is_bought_once_and_a_second_run_changes_nothing(buy, kind, state):
    state = dataclasses.replace(
        state,
        owned={"+14155551000": number("+14155551000"), "+14165550100": number("+14165550100", country="CA")},
        bought=[],
    )
    first = buy(kind, state, count=4)
    assert first["changed"] is True
    assert len(first["numbers"]) == 4
    assert len(first["purchased"]) == 3
    assert set(names(first["purchased"])) == set(names(first["numbers"])) - {"+14155551000"}
    calls = list(state.bought)
    assert sum(quantity for _offer, quantity in calls) == 3
    second = buy(kind, state, count=4)
    assert (second["changed"], second["numbers"], second["purchased"], second["orders"]) == (
        False,
        first["numbers"],
        [],
        [],
    )
    assert state.bought == calls


def test_named_numbers_are_bought_and_owned_ones_are_not(buy):
    state = singles(A, B, C)
    state.owned[B] = number(B)
    done = buy(Shop, state, numbers=(C, B, A))
    assert sorted(state.bought) == [(A, 1), (C, 1)]
    assert (names(done["numbers"]), names(done["purchased"])) == ([A, B, C], [A, C])
    assert buy(Shop, state, numbers=(C, B, A))["changed"] is False


@pytest.mark.parametrize(
    ("kind", "state"), [(Shop, singles(A, B, C, D)), (GroupShop, groups(2, 5))], ids=["numbers", "groups"]
)
def test_check_mode_buys_nothing_and_predicts_exactly(buy, tmp_path, kind, state):
    state = dataclasses.replace(state, owned={}, bought=[])
    predicted = buy(kind, state, check=True, count=3)
    assert state.bought == []
    assert list(tmp_path.iterdir()) == []
    done = buy(kind, state, count=3)
    assert (predicted["changed"], predicted["quote"]) == (done["changed"], done["quote"])
    assert predicted["numbers"] == ([] if kind is GroupShop else predicted["purchased"])
    assert names(predicted["purchased"]) == ([] if kind is GroupShop else names(done["purchased"]))


def test_the_quote_says_what_was_bought(buy):
    done = buy(Shop, singles(A, B, C), count=2)
    assert [item["offer"] for item in done["quote"]["lines"]] == [A, B]
    assert done["quote"]["monthly_total"] == "3"
    assert [
        (order["lines"][0]["offer"], order["quantity"], order["status"], order["numbers"]) for order in done["orders"]
    ] == [
        (A, 1, "fulfilled", [A]),
        (B, 1, "fulfilled", [B]),
    ]


@pytest.mark.parametrize(
    ("want", "code"),
    [
        ({"count": 4}, "out_of_stock"),
        ({"count": 2, "limits": Limits(monthly_price=Decimal(1), currency="USD")}, "price_limit"),
        ({"count": 2, "limits": Limits(monthly_total=Decimal("2.99"), currency="USD")}, "price_limit"),
        ({"count": 2, "limits": Limits(due_now_total=Decimal(1), currency="USD")}, "price_limit"),
        ({"count": 1, "limits": Limits(monthly_price=Decimal(9), currency="EUR")}, "price_limit"),
        ({"count": 1, "limits": Limits(monthly_price=Decimal(9))}, "invalid_option"),
        ({"count": 0}, "invalid_option"),
        ({"numbers": (A, "+14155559999")}, "out_of_stock"),
        ({"numbers": (A, "12345")}, "invalid_option"),
        ({"count": 1, "application": one("app")}, "unsupported"),
        ({"count": 1, "default_application": "app"}, "unsupported"),
    ],
)
def test_enough_within_the_limits_or_nothing(buy, refused, want, code):
    state = singles(A, B, C)
    with refused(code) as refusal:
        buy(Shop, state, **want)
    assert state.bought == []
    assert (refusal.failure.completed, refusal.failure.changed) == ({}, False)


def test_named_numbers_cannot_be_bought_from_groups_but_owned_ones_are_unchanged(buy, refused):
    state = groups(5)
    state.owned[A] = number(A)
    assert buy(GroupShop, state, numbers=(A,))["changed"] is False
    with refused("unsupported"):
        buy(GroupShop, state, numbers=(A, B))
    assert state.bought == []


def test_what_may_match_keeps_everything_from_being_bought(buy, refused):
    state = singles(B, C)
    state.owned[A] = number(A, type=None)
    with refused("undecidable") as refusal:
        buy(Shop, state, count=1, selector=Selector(country="US", type="local"))
    assert A in str(refusal)
    assert state.bought == []
    assert (
        buy(Shop, state, count=1, selector=Selector(country="US", type="local"), exclude=frozenset([A]))["changed"]
        is True
    )


def test_a_country_that_the_record_lacks_and_the_digits_decide_counts(buy):
    state = singles(B, C)
    state.owned[A] = number(A, country=None)
    assert buy(Shop, state, count=1, selector=US)["changed"] is False
    assert state.bought == []


def test_mixed_currencies_buy_nothing(buy, refused):
    state = State([offer(A, currency="USD"), offer(B, currency="EUR")])
    with refused("invalid_option"):
        buy(Shop, state, count=1)
    assert state.bought == []


def test_a_partial_purchase_warns_and_check_mode_predicts_that(buy):
    state = singles(A, B)
    predicted = buy(Shop, state, check=True, count=5, allow_partial=True)
    done = buy(Shop, state, count=5, allow_partial=True)
    assert len(done["purchased"]) == 2
    assert done["warnings"]
    assert (predicted["warnings"], predicted["quote"]) == (done["warnings"], done["quote"])


# -- somebody was faster, something costs more -------------------------------------------------------------------------


def test_sold_out_meanwhile_means_one_new_quote(buy):
    state = singles(A, B, C)
    state.outcomes = [shop.DONE, shop.SOLD]
    done = buy(Shop, state, count=2)
    assert names(done["purchased"]) == [A, C]
    assert (state.bought, state.searches) == ([(A, 1), (B, 1), (C, 1)], 2)


def test_what_is_sold_out_again_and_again_is_quoted_anew_three_times_in_a_row_at_most(buy, refused):
    state = singles(A, B, C, D, "+14155550104", "+14155550105")
    state.outcomes = [shop.DONE, shop.SOLD, shop.SOLD, shop.SOLD, shop.SOLD]
    with refused("out_of_stock") as refusal:
        buy(Shop, state, count=2)
    assert names(refusal.failure.completed["purchased"]) == [A]
    assert refusal.failure.changed is True
    assert len(state.bought) == 5


def test_a_quote_that_bought_something_may_be_followed_by_three_more(buy):
    state = singles(A, B, C, D)
    state.outcomes = [shop.DONE, shop.SOLD, shop.SOLD, shop.DONE]
    assert names(buy(Shop, state, count=2)["purchased"]) == [A, D]


def test_the_new_quote_has_the_same_limits(buy, refused):
    state = singles(A, B, C)
    state.outcomes = [shop.DONE, shop.SOLD]
    with refused("price_limit") as refusal:
        buy(Shop, state, count=2, limits=Limits(monthly_total=Decimal("3.50"), currency="USD"))
    assert names(refusal.failure.completed["purchased"]) == [A]
    assert state.bought == [(A, 1), (B, 1)]


def test_another_charge_than_quoted_stops_the_run(buy, refused):
    state = singles(A, B, C)
    state.price = Decimal("1.01")
    with refused("price_changed") as refusal:
        buy(Shop, state, count=3)
    assert state.bought == [(A, 1)]
    assert names(refusal.failure.completed["purchased"]) == [A]
    assert refusal.failure.changed is True


@pytest.mark.parametrize("charge", [{"monthly_price": "1.01"}, {"setup_price": "0.01"}, {"currency": "EUR"}])
def test_another_price_or_currency_is_another_charge(refused, charge):
    check_charge(offer(A), [number(A), number(B, currency=None), number(C, monthly_price=None, currency="EUR")])
    with refused("price_changed"):
        check_charge(offer(A), [number(B, **charge)])


class Rising(GroupShop):
    """Asks a higher price in each search."""

    def search(self, selector, filters, limit=None):
        self.state.catalogue = [
            dataclasses.replace(item, monthly_price=item.monthly_price + self.state.searches)
            for item in self.state.catalogue
        ]
        return super().search(selector, filters, limit)


def test_each_order_is_held_against_its_own_quote(buy):
    state = groups(2, 9)
    state.outcomes = [shop.DONE, shop.SOLD]
    done = buy(Rising, state, count=4)
    assert [(line["offer"], line["monthly_price"]) for line in done["quote"]["lines"]] == [("0", "1"), ("0", "2")]
    assert done["quote"]["monthly_total"] == "6"


class Holding(Shop):
    """Takes more than a minute for a reservation, after which its catalogue is another one."""

    features = Features(BY_RESERVATION, KEYS, KEYS, shows_charge=False)

    def reserve(self, offer, quantity):
        self.clock.now = lambda: time.monotonic() + 61
        self.state.catalogue, self.state.later = self.state.later, offer
        return "reference"

    def checkout(self, references):
        self.state.bought.append((self.state.later.id, len(references)))
        self._deliver(self.state.later)


@pytest.mark.parametrize(
    "later",
    [[], [group("0", 5)], [group("0", 5, monthly_price="1.000")]],
    ids=["sold out", "the same", "the same written otherwise"],
)
def test_a_slow_reservation_is_checked_out_at_its_price(buy, later):
    state = groups(5)
    state.later = later
    assert len(buy(Holding, state, count=1)["purchased"]) == 1


@pytest.mark.parametrize(
    "price", [{"monthly_price": "1.01"}, {"setup_price": "0.01"}, {"due_now": None}, {"currency": "EUR"}]
)
def test_a_reservation_whose_price_has_changed_since_an_old_quote_is_not_checked_out(buy, refused, price):
    state = groups(5)
    state.later = [group("0", 5, **price)]
    with refused("price_changed") as refusal:
        buy(Holding, state, count=1)
    assert (state.bought, refusal.failure.completed["reserved"], refusal.failure.changed) == ([], ["reference"], False)


class Slow(Shop):
    """Takes 40 seconds for each look-up. *later* are the prices that a number has when it is looked up again."""

    later: dict[str, str] = {}

    def __init__(self, state, clock):
        super().__init__(state, clock)
        self.lookups = state.lookups = []
        clock.passed = 0.0
        clock.now = lambda: time.monotonic() + clock.passed

    def lookup(self, number):
        self.clock.passed += 40
        again = number in self.lookups
        self.lookups.append(number)
        found = super().lookup(number)
        return (
            dataclasses.replace(found, monthly_price=Decimal(self.later[number]))
            if found and again and number in self.later
            else found
        )


def test_a_price_that_was_read_more_than_a_minute_ago_is_read_again_before_its_number_is_bought(buy):
    state = singles(A, B, C)
    assert names(buy(Slow, state, numbers=(A, B, C))["purchased"]) == [A, B, C]
    assert state.lookups[:3] == [A, B, C]
    assert A in state.lookups[3:]  # its price was 120 seconds old


def test_a_number_that_got_cheaper_since_is_bought_at_its_new_price(buy):
    class Cheaper(Slow):
        later = {A: "0.50"}

        def _deliver(self, offer):
            self.state.price = offer.monthly_price
            return super()._deliver(offer)

    done = buy(Cheaper, singles(A, B, C), numbers=(A, B, C))
    assert done["quote"]["lines"][0]["monthly_price"] == "0.5"


def test_a_number_that_got_dearer_since_is_quoted_anew_within_the_limits(buy, refused):
    class Dearer(Slow):
        later = {A: "3.50"}

    state = singles(A, B, C)
    with refused("price_limit"):
        buy(Dearer, state, numbers=(A, B, C), limits=Limits(monthly_price=Decimal(3), currency="USD"))
    assert (A, 1) not in state.bought


class Meanwhile(Holding):
    """Somebody else gets a number of the same group while the reservation is checked out."""

    features = Features(
        BY_RESERVATION, KEYS, KEYS, kinds=dict.fromkeys(("sms", "voice"), ("application",)), shows_charge=False
    )

    def reserve(self, offer, quantity):
        self.state.later = offer
        return "reference"

    def checkout(self, references):
        for _number in (*references, "somebody else's"):
            self._deliver(self.state.later)


def test_what_somebody_else_got_meanwhile_is_never_called_purchased(buy):
    done = buy(Meanwhile, groups(5), count=1)
    assert len(done["numbers"]) == 2
    assert done["purchased"] == []
    assert any("cannot be told" in text for text in done["warnings"])
    assert buy(Meanwhile, groups(5), count=1)["changed"]


def test_what_somebody_else_got_meanwhile_is_not_linked(buy, refused):
    state = groups(5)
    with refused("undecidable") as refusal:
        buy(Meanwhile, state, count=1, application=one("app"))
    assert all(number in refusal.failure.message for number in state.owned)
    assert refusal.failure.completed["orders"][0]["status"] == "fulfilled"


class KilledOnce(Holding):
    """Ends the task at its first checkout."""

    def reserve(self, offer, quantity):
        self.state.later = offer
        return "reference"

    def checkout(self, references):
        self.state.checkouts = getattr(self.state, "checkouts", 0) + 1
        if self.state.checkouts == 1:
            raise Killed
        super().checkout(references)


def test_a_reservation_of_a_killed_run_is_checked_out_for_what_it_surely_matches_alone(buy, refused):
    state = groups(5)
    with pytest.raises(Killed):
        buy(KilledOnce, state, count=1)
    with refused("out_of_stock"):  # it may not match, so it is not wanted; that it was not checked out is known
        buy(KilledOnce, state, count=1, selector=Selector(country="US", city="Oakland"))
    assert state.bought == []
    assert len(buy(KilledOnce, state, count=1)["purchased"]) == 1


# -- several at the same time ------------------------------------------------------------------------------------------


class SideBySide(Shop):
    """Sells B and C at the same time: neither call ends before both have begun. What becomes of a call is told by its
    number.
    """

    outcomes: dict[str, str] = {}

    def __init__(self, state, clock):
        super().__init__(state, clock)
        self.workers = Workers(4)
        self._first = {B, C}
        self._together = threading.Barrier(2)
        self._one = threading.Lock()

    def buy(self, request):
        offer = request.offer
        if offer.id in self._first:
            self._first.remove(offer.id)
            self._together.wait(10)
        with self._one:
            self.state.outcomes = [self.outcomes[offer.id]] if offer.id in self.outcomes else []
            return super().buy(request)


class OneSoldOneUnknown(SideBySide):
    outcomes = {B: shop.SOLD, C: shop.NOT_SENT}


class OneSoldOneDearer(SideBySide):
    outcomes = {B: shop.SOLD}

    def _deliver(self, offer):
        self.state.price = Decimal(9) if offer.id == C else None
        return super()._deliver(offer)


@pytest.mark.parametrize(
    ("kind", "code", "calls"),
    [(OneSoldOneUnknown, "unknown_outcome", [A, B, C, C]), (OneSoldOneDearer, "price_changed", [A, B, C])],
)
def test_what_is_sold_out_hides_nothing_that_ends_the_run(buy, refused, kind, code, calls):
    state = singles(A, B, C, D)
    with refused(code):
        buy(kind, state, count=3)
    assert sorted(offer for offer, _quantity in state.bought) == calls


# -- nobody can tell ---------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_settled_by_the_list(buy):
    state = singles(A, B)
    state.outcomes = [shop.LOST]
    assert names(buy(Shop, state, count=1)["purchased"]) == [A]
    assert state.bought == [(A, 1)]


def test_a_number_that_was_surely_not_bought_is_bought_once_more_and_never_another(buy, refused):
    state = singles(A, B)
    state.outcomes = [shop.NOT_SENT]
    assert names(buy(Shop, state, count=1)["purchased"]) == [A]
    assert state.bought == [(A, 1), (A, 1)]
    state.outcomes = [shop.NOT_SENT, shop.NOT_SENT]
    with refused("unknown_outcome"):
        buy(Shop, state, count=2)
    assert state.bought[2:] == [(B, 1), (B, 1)]


class Repricing(Shop):
    """Asks more for a number after it was quoted."""

    def lookup(self, number):
        self.state.catalogue = [dataclasses.replace(item, monthly_price=Decimal(9)) for item in self.state.catalogue]
        return super().lookup(number)


def test_a_number_that_costs_more_meanwhile_is_not_bought_once_more_at_that_price(buy, refused):
    state = singles(A, B)
    state.outcomes = [shop.NOT_SENT]
    with refused("unknown_outcome"):
        buy(Repricing, state, count=1)
    assert state.bought == [(A, 1)]
    with refused("price_limit"):
        buy(Repricing, state, count=1, limits=Limits(monthly_price=Decimal(5), currency="USD"))
    assert state.bought == [(A, 1)]


@pytest.mark.parametrize("outcome", [shop.NOT_SENT, shop.KILLED_BEFORE])
def test_what_is_absent_for_less_than_the_settle_time_is_not_surely_unbought(tmp_path, refused, outcome):
    """The deadline may end the reading before the settle time has passed."""
    state = singles(A, B)
    state.outcomes = [outcome]
    if outcome == shop.KILLED_BEFORE:
        with pytest.raises(Killed):
            purchase(shop.context(Shop, state, tmp_path), Want(count=1, selector=US), Terms())
    task = shop.context(Shop, state, tmp_path)
    task.settle_time = 60.0
    task.clock.extend(0.1)
    with refused("unknown_outcome"):
        purchase(task, Want(count=1, selector=US), Terms())
    assert state.bought == [(A, 1)]
    assert names(
        purchase(shop.context(Shop, state, tmp_path), Want(count=1, selector=US), Terms()).facts["purchased"]
    ) == [A]


def test_a_lost_answer_of_a_group_is_settled_by_an_exact_difference(buy):
    state = groups(5)
    state.outcomes = [shop.LOST]
    done = buy(GroupShop, state, count=3)
    assert len(done["purchased"]) == 3
    assert state.bought == [("0", 3)]


@pytest.mark.parametrize("kind", [GroupShop, SteadyGroupShop])
def test_an_unexplained_difference_of_a_group_buys_nothing_more_until_it_is_settled(buy, refused, kind):
    state = groups(5)
    state.outcomes = [shop.NOT_SENT]
    with refused("unknown_outcome") as refusal:
        buy(kind, state, count=2)
    (order,) = refusal.failure.completed["orders"]
    assert (order["quantity"], order["status"], order["numbers"]) == (2, "unknown", [])
    assert order["lines"] == [{"offer": "0", "number": None, "quantity": 2, "status": "unknown", "message": None}]
    assert order["id"] in str(refusal)
    for _time in range(2):
        with refused("unknown_outcome"):
            buy(kind, state, count=2)
    assert state.bought == [("0", 2)]
    done = buy(kind, state, count=2, terms=Terms(close_orders=(order["id"],)))
    assert len(done["purchased"]) == 2
    assert state.bought == [("0", 2), ("0", 2)]


@pytest.mark.parametrize("shown", [1, 3], ids=["too few", "too many"])
def test_a_difference_that_is_not_exact_explains_nothing(buy, refused, shown):
    state = groups(9)
    state.outcomes, state.lagging = [shop.LOST], True
    with refused("unknown_outcome"):
        buy(GroupShop, state, count=4)
    state.hidden.clear()
    state.owned = {
        **dict(list(state.owned.items())[:1]),
        **{digits: number(digits) for digits in (A, B, C, D, "+14155550104")[: shown * 2 - 1]},
    }
    with refused("unknown_outcome"):
        buy(GroupShop, state, count=9)
    assert state.bought == [("0", 4)]


def test_a_number_that_is_neither_owned_nor_for_sale_any_more_is_not_replaced_by_another(buy, refused):
    state = singles(A, B)
    state.outcomes = [shop.KILLED_BEFORE]
    with pytest.raises(Killed):
        buy(Shop, state, count=1)
    del state.catalogue[0]
    with refused("unknown_outcome") as refusal:
        buy(Shop, state, count=1)
    assert A in str(refusal)
    assert state.bought == [(A, 1)]


def test_an_unknown_order_is_settled_as_soon_as_the_list_shows_it(buy, refused):
    state = groups(5)
    state.outcomes, state.lagging = [shop.LOST], True
    with refused("unknown_outcome"):
        buy(GroupShop, state, count=2)
    state.hidden.clear()
    done = buy(GroupShop, state, count=2)
    assert (done["changed"], len(done["numbers"]), state.bought) == (False, 2, [("0", 2)])


# -- what the list does not show yet -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state"), [(Shop, singles(A, B, C, D)), (GroupShop, groups(9))], ids=["numbers", "groups"]
)
def test_what_was_bought_counts_until_the_list_shows_it(buy, tmp_path, kind, state):
    state = dataclasses.replace(state, owned={}, hidden=set(), bought=[], lagging=True)
    first = buy(kind, state, count=2)
    assert len(first["purchased"]) == 2
    calls = list(state.bought)
    second = buy(kind, state, count=2)
    assert (second["changed"], names(second["numbers"])) == (False, names(first["numbers"]))
    state.hidden.clear()
    assert buy(kind, state, count=2)["changed"] is False
    assert state.bought == calls
    assert buy(kind, state, count=2)["orders"] == []


def test_pending_orders_reduce_the_shortage_until_they_are_delivered(buy):
    state = groups(9)
    state.outcomes = [shop.PENDING]
    first = buy(GroupShop, state, count=2)
    assert first["changed"] is True
    assert [(order["status"], order["numbers"], order["message"]) for order in first["orders"]] == [
        ("pending", [], "created")
    ]
    assert buy(GroupShop, state, count=2)["changed"] is False
    assert state.bought == [("0", 2)]
    state.owned.update({A: number(A), B: number(B)})
    delivered = buy(GroupShop, state, count=2)
    assert (delivered["changed"], names(delivered["numbers"]), delivered["orders"]) == (False, [A, B], [])
    assert len(buy(GroupShop, state, count=3)["purchased"]) == 1


def test_a_pending_order_of_other_numbers_reduces_nothing(buy):
    state = State([group("ca", 5, country="CA", area_code="416"), group("us", 5)])
    state.outcomes = [shop.PENDING]
    buy(GroupShop, state, count=2, selector=Selector(country="CA"))
    assert len(buy(GroupShop, state, count=2)["purchased"]) == 2
    assert state.bought == [("ca", 2), ("us", 2)]


def test_nobody_waits_for_an_order_of_other_numbers(tmp_path):
    state = State([group("ca", 5, country="CA", area_code="416"), group("us", 5)])
    state.outcomes = [shop.PENDING]
    purchase(shop.context(GroupShop, state, tmp_path), Want(count=2, selector=Selector(country="CA")), Terms())
    state.lagging = True
    task = shop.context(GroupShop, state, tmp_path)
    task.settle_time = 60.0
    done = purchase(task, Want(count=2, selector=US), Terms(wait=True, wait_timeout=0.1))
    assert done.changed
    assert "does not show" in " ".join(task.warnings)


# -- a killed task -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [shop.KILLED, shop.KILLED_BEFORE])
@pytest.mark.parametrize(
    ("kind", "state"), [(Shop, singles(A, B, C, D)), (SteadyGroupShop, groups(1, 9))], ids=["numbers", "groups"]
)
def test_a_killed_run_followed_by_a_new_one_ends_as_one_clean_run(buy, kind, state, outcome):
    state = dataclasses.replace(state, owned={}, bought=[], outcomes=[shop.DONE, outcome])
    with pytest.raises(Killed):
        buy(kind, state, count=3)
    done = buy(kind, state, count=3)
    assert len(state.owned) == 3
    assert names(done["numbers"]) == sorted(state.owned)
    assert buy(kind, state, count=3)["changed"] is False


def test_a_killed_order_that_may_be_pending_unseen_is_not_repeated(buy, refused):
    state = groups(9)
    state.outcomes = [shop.KILLED_BEFORE]
    with pytest.raises(Killed):
        buy(GroupShop, state, count=2)
    with refused("unknown_outcome"):
        buy(GroupShop, state, count=2)
    assert state.bought == [("0", 2)]


_OUTCOMES = st.lists(
    st.sampled_from([shop.DONE, shop.LOST, shop.NOT_SENT, shop.KILLED, shop.KILLED_BEFORE, shop.SOLD]), max_size=5
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(_OUTCOMES, st.sampled_from([Shop, GroupShop, SteadyGroupShop]), st.lists(st.booleans(), min_size=6, max_size=6))
def test_whatever_happens_it_never_owns_more_than_was_asked_for(tmp_path_factory, outcomes, kind, lags):
    """Runs after runs of one playbook against a provider where everything goes wrong."""
    state = singles(*(f"+141555501{place:02d}" for place in range(9))) if kind is Shop else groups(2, 2, 9)
    state.outcomes = list(outcomes)
    folder = tmp_path_factory.mktemp("run")
    for lagging in lags:
        state.lagging = lagging
        try:
            result = purchase(shop.context(kind, state, folder), Want(count=3, selector=US), Terms())
        except Failure as failure:
            json.dumps(failure.as_dict())
            assert failure.code in ("out_of_stock", "unknown_outcome")
        except Killed:
            pass
        else:
            json.dumps(result.facts)
            assert len(state.owned) == 3
        assert len(state.owned) <= 3
        state.hidden.clear()


class Counting(Shop):
    """Counts how often its list is read."""

    def owned(self, filters=None, steady=False):
        self.state.reads = getattr(self.state, "reads", 0) + 1
        return super().owned(filters, steady)


def test_a_clock_that_was_set_back_makes_nobody_wait(buy, tmp_path):
    """An order that a killed run left, by a clock that was a year ahead."""
    state = singles(A, B)
    state.outcomes = [shop.KILLED_BEFORE]
    with pytest.raises(Killed):
        buy(Counting, state, numbers=(A,))
    (path,) = (tmp_path / "journal").glob("*.jsonl")
    entry = json.loads(path.read_text().splitlines()[-1])
    path.write_text(json.dumps({**entry, "at": entry["at"] + 3e7}) + "\n")
    state.reads = 0
    assert names(buy(Counting, state, numbers=(A,))["purchased"]) == [A]
    assert state.reads <= 3


# -- numbers that will not stay, or never come -------------------------------------------------------------------------


def owned_as(status, **facts):
    """A shop that sells B and whose account has A in a *status*."""
    state = singles(B)
    state.owned[A] = number(A, status=status, **facts)
    return state


def test_a_number_that_leaves_counts_no_more(buy):
    result = buy(Shop, owned_as(LEAVING, expires="2026-12-24"), count=1)
    assert names(result["purchased"]) == names(result["numbers"]) == [B]


def test_a_named_number_that_leaves_is_a_conflict_with_its_date(buy, refused):
    state = owned_as(LEAVING, expires="2026-12-24")
    with refused("conflict") as refusal:
        buy(Shop, state, numbers=(A,))
    assert A in str(refusal) and "2026-12-24" in str(refusal)
    assert state.bought == []


def test_a_number_that_failed_counts_and_is_told(buy):
    state = owned_as(FAILED)
    result = buy(Shop, state, count=1)
    assert state.bought == [] and [item["status"] for item in result["numbers"]] == [FAILED]
    assert any(A in warning and "number_release" in warning for warning in result["warnings"])
