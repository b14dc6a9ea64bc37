# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts, what is missing, what is bought for it and what that costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.link import one
from ansible_collections.telco.numbers.plugins.module_utils._core.model import by_price
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._purchase.quote import Line, Quote, choose, predicted
from ansible_collections.telco.numbers.plugins.module_utils._purchase.tally import tally
from ansible_collections.telco.numbers.plugins.module_utils._purchase.want import Limits, Want
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import group, number, offer
from hypothesis import assume, given
from hypothesis import strategies as st

LINKED = ("sms", "voice")
A, B, C, D, E = ("+1415555010" + last for last in "01234")


def linked(digits, application, **facts):
    return number(digits, applications={"sms": application, "voice": application}, **facts)


def names(numbers):
    return [item.number for item in numbers]


# -- count -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shortage"), [(1, 0), (2, 0), (3, 0), (5, 2), (1000, 997)])
def test_what_matches_counts_and_the_rest_is_the_shortage(count, shortage):
    owned = [number(C), number(A), number(B), number("+14165550100", country="CA")]
    state = tally(Want(count=count, selector=Selector(country="US")), owned, LINKED, 0)
    assert names(state.satisfied) == [A, B, C]
    assert (state.shortage, state.to_link, state.undecided, state.missing) == (shortage, (), (), ())


@pytest.mark.parametrize(("coming", "shortage"), [(0, 4), (1, 3), (4, 0), (9, 0)])
def test_ordered_numbers_reduce_the_shortage(coming, shortage):
    state = tally(Want(count=5), [number(A)], LINKED, coming)
    assert state.shortage == shortage
    assert names(state.satisfied) == [A]


def test_excluded_numbers_never_count():
    state = tally(Want(count=2, exclude=frozenset([A, C])), [number(A), number(B), number(C, country=None)], LINKED, 0)
    assert names(state.satisfied) == [B]
    assert state.shortage == 1


def test_an_excluded_number_cannot_be_undecided():
    state = tally(Want(count=1, selector=Selector(city="Oakland"), exclude=frozenset([A])), [number(A)], LINKED, 0)
    assert state.undecided == ()


def test_a_number_without_the_selected_fact_is_undecided_and_does_not_count():
    owned = [number(A, city=None), number(B, city="Oakland"), number(C, city="Berkeley")]
    state = tally(Want(count=2, selector=Selector(city="oakland")), owned, LINKED, 0)
    assert names(state.satisfied) == [B]
    assert state.undecided == (A,)
    assert state.shortage == 1


def test_an_offer_narrows_what_is_bought_and_never_what_counts():
    state = tally(Want(count=2, offer="7"), [number(A, id="anything")], LINKED, 0)
    assert names(state.satisfied) == [A]
    assert state.shortage == 1


OWN, OTHER, DEFAULT = "app", "other", "default"


def test_own_numbers_count_first_then_free_ones_until_the_count():
    owned = [number(A), number(B), linked(C, OWN), linked(D, OTHER), number(E)]
    state = tally(Want(count=2, application=one(OWN)), owned, LINKED, 0)
    assert names(state.satisfied) == [C, A]
    assert names(state.to_link) == [A]
    assert state.shortage == 0


def test_a_number_that_may_be_linked_to_anything_is_never_taken_for_free(refused):
    untold = number(A, links_known=False)
    state = tally(Want(count=1, application=one(OWN)), [untold], LINKED, 0)
    assert (names(state.satisfied), state.undecided, state.shortage) == ([], (A,), 1)
    assert tally(Want(count=1), [untold], LINKED, 0).shortage == 0
    with refused("conflict") as refusal:
        tally(Want(numbers=(A,), application=one(OWN)), [untold], LINKED, 0)
    assert "does not say what it is linked to" in str(refusal)
    own = number(B, applications={"sms": OWN}, links_known=False)
    assert tally(Want(count=1, application=one(OWN)), [own], LINKED, 0).shortage == 0


def test_own_numbers_beyond_the_count_stay_and_free_ones_are_left_alone():
    state = tally(Want(count=1, application=one(OWN)), [linked(B, OWN), number(A), linked(C, OWN)], LINKED, 0)
    assert names(state.satisfied) == [B, C]
    assert (state.to_link, state.shortage) == ((), 0)


def test_numbers_linked_elsewhere_do_not_count():
    state = tally(
        Want(count=2, application=one(OWN)),
        [linked(A, OTHER), number(B, applications={"sms": OWN, "voice": OTHER})],
        LINKED,
        0,
    )
    assert (state.satisfied, state.to_link, state.shortage) == ((), (), 2)


def test_without_an_application_links_do_not_matter():
    state = tally(Want(count=2), [linked(A, OTHER), number(B)], LINKED, 0)
    assert names(state.satisfied) == [A, B]


def test_numbers_of_the_default_application_count_as_free():
    owned = [linked(A, DEFAULT), linked(B, OTHER), linked(C, OWN), number(D, applications={"sms": DEFAULT})]
    state = tally(Want(count=3, application=one(OWN), default_application=DEFAULT), owned, LINKED, 0)
    assert names(state.satisfied) == [C, A, D]
    assert names(state.to_link) == [A, D]
    assert tally(Want(count=3, application=one(OWN)), owned, LINKED, 0).shortage == 2


def test_numbers_of_the_default_application_are_own_when_it_is_the_application():
    state = tally(
        Want(count=1, application=one(DEFAULT), default_application=DEFAULT), [linked(A, DEFAULT), number(B)], LINKED, 0
    )
    assert (names(state.satisfied), state.to_link) == ([A], ())


def test_a_free_number_that_cannot_be_linked_does_not_count():
    state = tally(
        Want(count=1, application=one(OWN)), [number(A, capabilities=("mms",)), number(B, capabilities=None)], LINKED, 0
    )
    assert (state.satisfied, state.shortage) == ((), 1)


def test_an_undecided_number_of_another_application_can_cover_nothing():
    want = Want(count=1, application=one(OWN), selector=Selector(city="Oakland"))
    assert tally(want, [linked(A, OTHER), number(B), linked(C, OWN)], LINKED, 0).undecided == (B, C)


def test_coming_orders_and_own_numbers_leave_the_rest_to_free_ones():
    state = tally(Want(count=4, application=one(OWN)), [linked(A, OWN), number(B)], LINKED, 1)
    assert names(state.satisfied) == [A, B]
    assert state.shortage == 1


def test_what_was_ordered_for_the_application_is_its_own_and_leaves_free_ones_alone():
    state = tally(Want(count=2, application=one(OWN)), [number(A), number(B)], LINKED, 2, 2)
    assert (state.satisfied, state.to_link, state.shortage) == ((), (), 0)
    state = tally(Want(count=2, application=one(OWN)), [number(A), number(B)], LINKED, 2, 1)
    assert (names(state.to_link), state.shortage) == ([A], 0)


def test_an_own_number_that_is_linked_in_part_is_linked_whole():
    owned = [number(A, applications={"sms": OWN}), linked(B, OWN), number(C)]
    state = tally(Want(count=2, application=one(OWN)), owned, LINKED, 0)
    assert (names(state.satisfied), names(state.to_link), state.shortage) == ([A, B], [A], 0)
    assert tally(Want(count=2, application=one(OWN, "sms"), capability="sms"), owned, ("sms",), 0).to_link == ()


_OWNED = st.lists(
    st.tuples(
        st.sampled_from(["US", "CA", None]),
        st.sampled_from([None, OWN, OTHER, DEFAULT]),
        st.sampled_from([LINKED, ("mms",), None]),
    ),
    max_size=8,
)


@given(
    _OWNED,
    st.integers(1, 10),
    st.integers(0, 3),
    st.sampled_from([None, OWN]),
    st.sampled_from([None, DEFAULT]),
    st.randoms(),
)
def test_what_counts_does_not_depend_on_the_order_of_the_list(facts, count, coming, application, default, random):
    want = Want(
        count=count,
        selector=Selector(country="US"),
        application=application and one(application),
        default_application=default,
    )
    owned = [
        number(
            f"+141555501{place:02d}",
            country=country,
            capabilities=able,
            applications={"sms": app, "voice": app} if app else {},
        )
        for place, (country, app, able) in enumerate(facts)
    ]
    shuffled = owned[:]
    random.shuffle(shuffled)
    state = tally(want, owned, LINKED, coming)
    assert state == tally(want, shuffled, LINKED, coming)
    assert state.shortage == max(0, count - len(state.satisfied) - coming)
    assert set(names(state.to_link)) <= set(names(state.satisfied))
    assert len(set(names(state.satisfied))) == len(state.satisfied)
    assert all(item.country in ("US", None) for item in state.satisfied)  # the digits are of the US
    if application:
        assert all(set(item.applications.values()) <= {OWN, default} for item in state.satisfied)
        assert len(state.satisfied) <= max(count, sum(OWN in item.applications.values() for item in state.satisfied))


def test_named_numbers_are_missing_when_not_owned():
    state = tally(Want(numbers=(B, C, A)), [number(A), number(D)], LINKED, 0)
    assert names(state.satisfied) == [A]
    assert state.missing == (B, C)
    assert state.shortage == 2


def test_a_named_short_code_counts_by_exact_match():
    state = tally(Want(numbers=("12345", "1234")), [number("12345", country=None)], LINKED, 0)
    assert (names(state.satisfied), state.missing) == (["12345"], ("1234",))


def test_a_named_number_that_is_linked_elsewhere_is_a_conflict(refused):
    with refused("conflict") as refusal:
        tally(Want(numbers=(A, B), application=one(OWN)), [number(A), linked(B, OTHER)], LINKED, 0)
    assert B in str(refusal)
    assert OTHER in str(refusal)


def test_a_named_number_of_the_default_application_is_linked():
    owned = [linked(A, DEFAULT), linked(B, OWN), number(C), number(D, applications={"sms": OWN})]
    state = tally(Want(numbers=(A, B, C, D), application=one(OWN), default_application=DEFAULT), owned, LINKED, 0)
    assert names(state.to_link) == [A, C, D]


# -- choose ------------------------------------------------------------------------------------------------------------


def bought(quote):
    return [(line.offer.id, line.quantity) for line in quote.lines]


def test_the_cheapest_are_bought_first_and_ties_go_by_number():
    offers = [
        offer(C, monthly_price="2"),
        offer(B, monthly_price="1"),
        offer(D, monthly_price="1.0", setup_price="0.00"),
        offer(A, monthly_price="1.00"),
    ]
    assert bought(choose(Want(), offers, 3)) == [(A, 1), (B, 1), (D, 1)]


def test_groups_are_used_up_before_the_next_one():
    offers = [group("1", 5, monthly_price="2"), group("2", 2, monthly_price="1"), group("3", 0, monthly_price="0")]
    assert bought(choose(Want(), offers, 4)) == [("2", 2), ("1", 2)]


def test_an_unknown_price_is_bought_last():
    offers = [group("1", 1, monthly_price=None), group("2", 1, monthly_price="9")]
    assert bought(choose(Want(), offers, 2)) == [("2", 1), ("1", 1)]


def test_only_the_named_offer_is_bought(refused):
    offers = [group("1", 5, monthly_price="1"), group("2", 5, monthly_price="2")]
    assert bought(choose(Want(offer="2"), offers, 2)) == [("2", 2)]
    with refused("out_of_stock"):
        choose(Want(offer="2"), offers, 6)
    with refused("out_of_stock"):
        choose(Want(offer="3"), offers, 1)


def test_excluded_numbers_are_never_bought():
    offers = [offer(A, monthly_price="1"), offer(B, monthly_price="2")]
    assert bought(choose(Want(exclude=frozenset([A])), offers, 1)) == [(B, 1)]


def test_a_number_that_the_catalogue_shows_twice_is_bought_once(refused):
    offers = [offer(A), offer(A), offer(B, monthly_price="5")]
    assert bought(choose(Want(), offers, 2)) == [(A, 1), (B, 1)]
    with refused("out_of_stock"):
        choose(Want(), [offer(A), offer(A)], 2)


def test_enough_or_nothing(refused):
    with refused("out_of_stock"):
        choose(Want(), [group("1", 2), group("2", 1)], 4)
    with refused("out_of_stock"):
        choose(Want(), [], 1)


def test_a_named_number_that_cannot_be_linked_is_named_with_what_it_offers(refused):
    offers = [offer(A), offer(B, capabilities=("voice",)), offer(C, capabilities=("mms", "voice"))]
    want = Want(numbers=(A, B, C), application=one(OWN, "sms"), capability="sms")
    with refused("out_of_stock") as refusal:
        choose(want, offers, 3, linked_capabilities=("sms",))
    assert str(refusal) == (
        f"{B} cannot be linked for sms: it offers voice only; {C} cannot be linked for sms: it offers mms and voice "
        "only. Name another number or another capability."
    )
    with refused("out_of_stock") as refusal:
        choose(
            Want(numbers=(B,), application=one(OWN)), [offer(B, capabilities=("mms",))], 1, linked_capabilities=LINKED
        )
    assert str(refusal).startswith(f"{B} cannot be linked for sms or voice: it offers mms only")


def test_allow_partial_buys_what_there_is():
    assert bought(choose(Want(allow_partial=True), [group("1", 2), group("2", 1)], 4)) == [("1", 2), ("2", 1)]
    assert bought(choose(Want(allow_partial=True), [], 4)) == []


PER_NUMBER = [("monthly_price", "monthly_price"), ("setup_price", "setup_price")]


@pytest.mark.parametrize(("limit", "price"), PER_NUMBER)
@pytest.mark.parametrize(
    ("costs", "passes"),
    [("2.00", True), ("1.99", True), ("0", True), ("2.01", False), ("2.0000001", False), (None, False)],
)
def test_one_number_may_cost_the_limit_and_no_more(limit, price, costs, passes, refused):
    want = Want(limits=Limits(**{limit: Decimal("2"), "currency": "USD"}))
    offers = [group("1", 9, **{price: costs})]
    if passes:
        assert bought(choose(want, offers, 3)) == [("1", 3)]
    else:
        with refused("price_limit"):
            choose(want, offers, 3)


@pytest.mark.parametrize(("limit", "price"), PER_NUMBER)
def test_what_fits_the_limit_is_bought_and_the_dear_are_left(limit, price, refused):
    want = Want(limits=Limits(**{limit: Decimal("2"), "currency": "USD"}))
    offers = [group("1", 2, **{price: "1"}), group("2", 5, **{price: "3"}), group("3", 5, **{price: None})]
    assert bought(choose(want, offers, 2)) == [("1", 2)]
    with refused("price_limit"):
        choose(want, offers, 3)


TOTALS = [("monthly_total", "monthly_price"), ("setup_total", "setup_price"), ("due_now_total", "due_now")]


@pytest.mark.parametrize(("limit", "price"), TOTALS)
@pytest.mark.parametrize(("most", "passes"), [("6", True), ("6.00", True), ("5.99", False), ("0", False)])
def test_the_run_may_cost_the_limit_and_no_more(limit, price, most, passes, refused):
    want = Want(limits=Limits(**{limit: Decimal(most), "currency": "USD"}))
    offers = [group("1", 9, **{price: "2.00"})]
    if passes:
        assert bought(choose(want, offers, 3)) == [("1", 3)]
    else:
        with refused("price_limit") as refusal:
            choose(want, offers, 3)
        assert f"max_{limit}" in str(refusal)


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize(("limit", "price"), TOTALS)
def test_a_total_with_an_unknown_price_is_refused_under_a_limit(limit, price, partial, refused):
    want = Want(limits=Limits(**{limit: Decimal(1000), "currency": "USD"}), allow_partial=partial)
    with refused("price_limit") as refusal:
        choose(want, [group("1", 1, **{price: None})], 1)
    assert f"max_{limit}" in str(refusal)


@pytest.mark.parametrize(("limit", "price"), TOTALS)
def test_what_this_run_has_bought_already_counts_towards_its_totals(limit, price, refused):
    want = Want(limits=Limits(**{limit: Decimal("6"), "currency": "USD"}))
    committed = [Line(group("1", **{price: "2"}), 2)]
    assert choose(want, [group("2", **{price: "2"})], 1, committed).quantity == 1
    with refused("price_limit"):
        choose(want, [group("2", **{price: "2"})], 2, committed)
    with refused("price_limit"):
        choose(want, [group("2", **{price: "2"})], 1, [Line(group("1", **{price: None}), 1)])


def test_a_limit_in_another_or_an_unknown_currency_is_no_permission(refused):
    want = Want(limits=Limits(monthly_price=Decimal(100), currency="EUR"))
    for currency in ("USD", None):
        with refused("price_limit"):
            choose(want, [group("1", currency=currency)], 1)


def test_only_offers_in_the_named_currency_are_bought(refused):
    offers = [group("1", 2, currency="USD", monthly_price="1"), group("2", 2, currency="EUR", monthly_price="5")]
    assert bought(choose(Want(limits=Limits(currency="EUR")), offers, 2)) == [("2", 2)]
    with refused("price_limit"):
        choose(Want(limits=Limits(currency="EUR")), offers, 3)


@pytest.mark.parametrize("currencies", [("USD", "EUR"), ("USD", None)])
def test_prices_in_different_currencies_are_never_compared(currencies, refused):
    offers = [group(str(place), 5, currency=currency) for place, currency in enumerate(currencies)]
    with refused("invalid_option") as refusal:
        choose(Want(), offers, 1)
    assert "currency" in str(refusal)


def test_a_second_quote_is_never_in_another_currency_than_the_first(refused):
    with refused("invalid_option"):
        choose(Want(), [group("2", currency="EUR")], 1, [Line(group("1", currency="USD"), 1)])


def test_without_limits_unknown_prices_are_no_obstacle():
    quote = choose(Want(), [group("1", 5, monthly_price=None, setup_price=None, due_now=None, currency=None)], 2)
    assert quote.as_dict() == {
        "lines": [
            {"offer": "1", "number": None, "quantity": 2, "setup_price": None, "monthly_price": None, "due_now": None}
        ],
        "setup_total": None,
        "monthly_total": None,
        "due_now_total": None,
        "currency": None,
    }


def test_a_quote_shows_its_lines_and_exact_totals():
    quote = Quote(
        (
            Line(group("1", setup_price="0.10", monthly_price="0.1", due_now="0.2"), 3),
            Line(offer(A, setup_price="1", monthly_price="1E+1", due_now=None), 1),
        )
    )
    assert quote.as_dict() == {
        "lines": [
            {
                "offer": "1",
                "number": None,
                "quantity": 3,
                "setup_price": "0.1",
                "monthly_price": "0.1",
                "due_now": "0.2",
            },
            {"offer": A, "number": A, "quantity": 1, "setup_price": "1", "monthly_price": "10", "due_now": None},
        ],
        "setup_total": "1.3",
        "monthly_total": "10.3",
        "due_now_total": None,
        "currency": "USD",
    }
    assert quote.quantity == 4


def test_the_quote_of_nothing_costs_nothing():
    assert Quote().as_dict() == {
        "lines": [],
        "setup_total": "0",
        "monthly_total": "0",
        "due_now_total": "0",
        "currency": None,
    }


@pytest.mark.parametrize("limit", ["monthly_price", "setup_price", "monthly_total", "setup_total", "due_now_total"])
def test_every_limit_is_a_limit(limit):
    assert Limits(**{limit: Decimal(0)}).any()
    assert not Limits(currency="EUR").any()


_PRICE = st.none() | st.decimals(0, 5, places=2)
_OFFERS = st.lists(st.tuples(st.integers(0, 4), _PRICE, _PRICE, st.booleans()), max_size=6)


def _offers(facts):
    return [
        group(str(place), stock, monthly_price=month, setup_price=setup)
        if grouped
        else offer(f"+141555501{place:02d}", monthly_price=month, setup_price=setup)
        for place, (stock, month, setup, grouped) in enumerate(facts)
    ]


@given(
    _OFFERS,
    st.integers(1, 12),
    st.booleans(),
    st.none() | st.decimals(0, 5, places=2),
    st.none() | st.decimals(0, 30, places=2),
)
def test_never_more_than_is_missing_nor_than_is_allowed(facts, shortage, partial, per_number, per_run):
    offers = _offers(facts)
    want = Want(allow_partial=partial, limits=Limits(monthly_price=per_number, monthly_total=per_run, currency="USD"))
    try:
        quote = choose(want, offers, shortage)
    except Failure as failure:
        assert failure.code in ("out_of_stock", "price_limit")
        affordable = sum(
            item.stock
            for item in offers
            if per_number is None or item.monthly_price is not None and item.monthly_price <= per_number
        )
        assert affordable < shortage or per_run is not None
        return
    assert quote.quantity == shortage or partial and quote.quantity < shortage
    assert all(0 < line.quantity <= line.offer.stock for line in quote.lines)
    assert len({line.offer.id for line in quote.lines}) == len(quote.lines)
    assert [line.offer for line in quote.lines] == sorted((line.offer for line in quote.lines), key=by_price)
    if per_number is not None:
        assert all(
            line.offer.monthly_price is not None and line.offer.monthly_price <= per_number for line in quote.lines
        )
    if per_run is not None and quote.lines:
        assert quote.total("monthly_price") <= per_run


@given(_OFFERS, st.integers(1, 12))
def test_nothing_cheaper_is_left_in_the_catalogue(facts, shortage):
    offers = _offers(facts)
    assume(sum(item.stock for item in offers) >= shortage)
    quote = choose(Want(), offers, shortage)
    taken = {line.offer.id: line.quantity for line in quote.lines}
    dearest = max(by_price(line.offer) for line in quote.lines)
    assert all(taken.get(item.id, 0) == item.stock for item in offers if by_price(item) < dearest)


@given(_OFFERS, st.integers(1, 12), st.randoms())
def test_the_choice_does_not_depend_on_the_order_of_the_search(facts, shortage, random):
    offers = _offers(facts)
    shuffled = offers[:]
    random.shuffle(shuffled)
    want = Want(allow_partial=True)
    assert choose(want, offers, shortage) == choose(want, shuffled, shortage)


@given(st.lists(st.tuples(st.decimals(0, 100, places=4), st.integers(1, 1000))))
def test_a_total_is_the_sum_of_its_lines(parts):
    quote = Quote(
        tuple(Line(group(str(place), monthly_price=price), quantity) for place, (price, quantity) in enumerate(parts))
    )
    shown = quote.as_dict()
    assert Fraction(shown["monthly_total"]) == sum(
        (Fraction(item["monthly_price"]) * item["quantity"] for item in shown["lines"]), Fraction(0)
    )


def test_the_prediction_of_a_named_number_has_the_facts_of_its_offer_and_its_links():
    shop = offer(A, capabilities=("mms", "sms", "voice"), city="Oakland", region="CA", monthly_price="2")
    assert predicted(shop, None, LINKED).applications == {}
    bought_number = predicted(shop, one(OWN), LINKED)
    assert (
        bought_number.number,
        bought_number.city,
        bought_number.region,
        bought_number.monthly_price,
        bought_number.country,
    ) == (
        A,
        "Oakland",
        "CA",
        Decimal(2),
        "US",
    )
    assert bought_number.applications == {"sms": OWN, "voice": OWN}


# -- in words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shortage", "want", "offers", "words"),
    [
        (1, Want(), [], "1 number is missing and none is for sale that matches: widen"),
        (2, Want(), [offer(A)], "2 numbers are missing and only 1 is for sale that matches: widen"),
        (
            1,
            Want(limits=Limits(monthly_price=Decimal(9), currency="EUR")),
            [offer(A, currency="USD")],
            "the limits are in EUR, and the prices are in USD: set currency to that.",
        ),
        (
            1,
            Want(limits=Limits(monthly_price=Decimal(9), currency="EUR")),
            [offer(A, currency=None)],
            "the provider names no currency, so set account_currency to the one that it charges in.",
        ),
        (
            1,
            Want(limits=Limits(monthly_price=Decimal("0.1"), currency="USD")),
            [offer(A, currency="USD"), offer(B, currency="USD")],
            "1 number is missing and none of 2 that are offered is known to be within the price limits",
        ),
        (
            1,
            Want(selector=Selector(country="US", prefix="1504")),
            [],
            "The prefix '1504' begins with 1, the country code of US: set prefix: '504'.",
        ),
        (
            1,
            Want(selector=Selector(country="GB", prefix="44")),
            [],
            "The prefix '44' begins with 44, the country code of GB: leave the prefix out.",
        ),
    ],
)
def test_what_stands_against_a_purchase_is_said_with_what_to_do(shortage, want, offers, words):
    with pytest.raises(Failure) as caught:
        choose(want, offers, shortage, (), LINKED)
    assert words in caught.value.message


@pytest.mark.parametrize("selector", [Selector(country="US", prefix="504"), Selector(prefix="1504")])
def test_a_prefix_that_may_be_right_is_not_doubted(selector):
    with pytest.raises(Failure) as caught:
        choose(Want(selector=selector), [], 1, (), LINKED)
    assert "country code" not in caught.value.message
