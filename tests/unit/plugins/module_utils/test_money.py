# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amounts are exact decimals; what is no price is refused; unknown stays unknown."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import money
from hypothesis import given
from hypothesis import strategies as st

PRICES = st.decimals(min_value=0, max_value=1_000_000, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("given_value", "exact"),
    [
        ("0.1", "0.1"),
        ("12.50", "12.50"),
        ("0", "0"),
        (0, "0"),
        (7, "7"),
        ("1e2", "100"),
        (Decimal("0.10"), "0.1"),
        ("0.000001", "0.000001"),
        ("999999999999.99", "999999999999.99"),
        ("1234567890123456.123456789012345678901234567891", "1234567890123456.123456789012345678901234567891"),
    ],
)
def test_an_amount_is_exact(given_value, exact):
    assert money.amount(given_value) == Decimal(exact)


def test_a_total_of_amounts_with_many_digits_is_exact():
    prices = ["1234567890123456.123456789012345678901234567891", "0.000000000000000000000000000001"]
    exact = sum(Fraction(price) * 7 for price in prices)
    assert Fraction(money.total((money.amount(price), 7) for price in prices)) == exact


def test_no_amount_stays_no_amount():
    assert money.amount(None) is None
    assert money.text(None) is None


NO_PRICES = [
    "NaN",
    "nan",
    "sNaN",
    "-NaN",
    "Infinity",
    "inf",
    "-inf",
    "-1",
    "-0.01",
    -1,
    0.1,
    1.0,
    float("nan"),
    True,
    False,
    "",
    " ",
    "free",
    "1,50",
    "1.5.0",
    "$1",
    "1 EUR",
    "0x10",
    [],
    ["1"],
    {},
    b"1",
    Decimal("NaN"),
    Decimal("-1"),
    Decimal("Infinity"),
    "1e99",
    "1e999999999",
    pytest.param("1e-999999999", id="so small that its text fills the memory"),
]


@pytest.mark.parametrize("value", NO_PRICES)
def test_what_is_no_price_is_refused(value):
    with pytest.raises(ValueError, match="is no"):
        money.amount(value)


@pytest.mark.parametrize("value", NO_PRICES)
def test_a_limit_that_is_no_price_is_refused_by_its_name(value, refused):
    with refused("invalid_option") as refusal:
        money.parse_limit("max_monthly_price", value)
    assert "max_monthly_price" in str(refusal)


@pytest.mark.parametrize(("value", "limit"), [("12.50", Decimal("12.5")), ("0", Decimal(0)), (None, None)])
def test_a_limit_is_read_from_a_string(value, limit):
    assert money.parse_limit("max_monthly_price", value) == limit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.00", "1"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1.5E+3", "1500"),
        ("0.0000001", "0.0000001"),
        ("1E-7", "0.0000001"),
        ("0.00", "0"),
        ("0E-10", "0"),
        ("0E+3", "0"),
        ("-0.00", "0"),
        ("10", "10"),
        ("0.10", "0.1"),
    ],
)
def test_a_price_is_written_plainly(value, text):
    assert money.text(Decimal(value)) == text


@given(PRICES | st.integers(0, 10**12) | st.decimals(0, 10**12, places=12))
def test_writing_loses_nothing_and_shows_no_exponent(value):
    price = money.amount(value)
    text = money.text(price)
    assert re.fullmatch(r"[0-9]+(\.[0-9]*[1-9])?", text)
    assert Decimal(text) == price
    assert money.text(money.amount(text)) == text


@given(st.lists(st.tuples(PRICES, st.integers(0, 10_000))))
def test_a_total_is_the_exact_sum(parts):
    assert Fraction(money.total(parts)) == sum((Fraction(price) * quantity for price, quantity in parts), Fraction(0))


@given(st.lists(st.tuples(PRICES, st.integers(1, 10))), st.integers(0, 20), st.integers(1, 10))
def test_a_total_with_one_unknown_price_is_unknown(parts, place, quantity):
    parts.insert(place, (None, quantity))
    assert money.total(parts) is None


def test_the_total_of_nothing_is_zero():
    assert money.total([]) == Decimal(0)
