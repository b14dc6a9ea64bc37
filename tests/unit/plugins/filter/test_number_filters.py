# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that write numbers and add prices: what they return, and the line they refuse with."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.telco.numbers.plugins.filter import numbers
from ansible_collections.telco.numbers.plugins.module_utils._core import e164

NUMBER = "+442079460018"
OBJECT = {"number": NUMBER, "provider": "plivo_groups", "id": "442079460018"}
EURO = {"number": "+4930123456", "monthly_price": "0.1", "setup_price": "1", "currency": "EUR"}
DOLLAR = {"number": "+14155550100", "monthly_price": "1.10", "setup_price": None, "currency": "USD"}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("+44 (0)20", None),
        ("+44 20 7946 0018", NUMBER),
        (OBJECT, NUMBER),
        (["+44 20 7946 0018", OBJECT], [NUMBER, NUMBER]),
        (("+44 20 7946 0018",), [NUMBER]),
        ((one for one in [NUMBER]), [NUMBER]),
        ([], []),
        ("12345", "12345"),
    ],
)
def test_e164(value, result):
    if result is None:
        with pytest.raises(AnsibleFilterError, match="is not as long as the numbers of its country"):
            numbers.e164(value)
    else:
        assert numbers.e164(value) == result


@pytest.mark.parametrize("country", ["GB", "gb"])
def test_e164_of_a_country(country):
    assert numbers.e164(["020 7946 0018", "+14155550100"], country) == [NUMBER, "+14155550100"]


@pytest.mark.parametrize("country", [None, ""])
def test_e164_without_a_country_takes_no_national_number(country):
    with pytest.raises(AnsibleFilterError, match="lacks its country code"):
        numbers.e164("020 7946 0018", country)


@pytest.mark.parametrize(
    ("value", "country", "says"),
    [
        (442079460018, None, "quote it"),
        (["+442079460018", 1], None, "quote it"),
        (True, None, "quote it"),
        ("letters", None, "no digits"),
        ("00442079460018", "GB", "00"),
        (None, None, "must be a string"),
        ({"id": "1"}, None, "must have a 'number'"),
        (b"+442079460018", None, "must be a string"),
        ("020 7946 0018", False, "country must be a string, not False: quote it"),
        ("+442079460018", "UK", "country 'UK' is not"),
    ],
)
def test_e164_refuses_with_one_line(value, country, says):
    with pytest.raises(AnsibleFilterError) as refusal:
        numbers.e164(value, country)
    assert says in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "style", "result"),
    [
        (NUMBER, "international", "+44 20 7946 0018"),
        (NUMBER, "national", "020 7946 0018"),
        ([OBJECT, "12345"], "national", ["020 7946 0018", "12345"]),
        ("+44 20 7946 0018", "national", "020 7946 0018"),
        ("+12", "international", "+12"),
    ],
)
def test_display(value, style, result):
    assert numbers.display(value, style) == result


@pytest.mark.parametrize(
    ("value", "style"),
    [(442079460018, "national"), ("letters", "national"), (None, "international"), (NUMBER, "pretty")],
)
def test_display_refuses(value, style):
    with pytest.raises(AnsibleFilterError):
        numbers.display(value, style)


def test_prices_are_added_exactly_and_never_across_currencies():
    assert numbers.price_totals([DOLLAR, *[EURO] * 3, DOLLAR]) == {"EUR": "0.3", "USD": "2.2"}
    assert list(numbers.price_totals([DOLLAR, EURO])) == ["EUR", "USD"]
    wide = [{"monthly_price": price, "currency": "EUR"} for price in ("1234567890123456", "0.0000000000001")]
    assert numbers.price_totals(wide) == {"EUR": "1234567890123456.0000000000001"}


def test_other_prices_are_added():
    assert numbers.price_totals([EURO, EURO], "setup_price") == {"EUR": "2"}
    assert numbers.price_totals([{"id": "4711", "due_now": "0.5", "currency": "EUR"}], "due_now") == {"EUR": "0.5"}


def test_nothing_costs_nothing():
    assert numbers.price_totals([]) == {}


@pytest.mark.parametrize(
    ("values", "attribute", "says"),
    [
        ([EURO, DOLLAR], "setup_price", r"The setup_price of \+14155550100 is not known"),
        (
            [{**EURO, "currency": None}],
            "monthly_price",
            r"The currency of the monthly_price of \+4930123456 is not known",
        ),
        ([{}], "monthly_price", "a number without a name"),
        ([{**EURO, "monthly_price": 0.1}], "monthly_price", "decimals in strings"),
        ([EURO], "price", "attribute must be one of"),
        ([NUMBER], "monthly_price", "no mapping"),
        (EURO, "monthly_price", "takes a list"),
        (None, "monthly_price", "takes a list"),
    ],
)
def test_what_cannot_be_added_is_refused(values, attribute, says):
    with pytest.raises(AnsibleFilterError, match=says):
        numbers.price_totals(values, attribute)


def test_unknown_prices_are_left_out_when_told():
    assert numbers.price_totals([EURO, DOLLAR, {**EURO, "currency": None}], "setup_price", unknown="skip") == {
        "EUR": "1"
    }
    with pytest.raises(AnsibleFilterError, match="unknown must be one of fail, skip"):
        numbers.price_totals([], unknown="zero")


@pytest.mark.parametrize("function", [numbers.e164, numbers.display])
def test_without_phonenumbers_a_line_names_the_library(function, monkeypatch):
    monkeypatch.setattr(e164, "PHONENUMBERS_ERROR", ImportError("No module named 'phonenumbers'"))
    with pytest.raises(AnsibleFilterError, match=r"\(phonenumbers\)"):
        function(NUMBER)
