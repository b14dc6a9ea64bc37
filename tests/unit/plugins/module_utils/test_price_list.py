# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's price list prices what the provider prices nowhere, and never more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import price_list
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number, offer

BARE = {"setup_price": None, "monthly_price": None, "currency": None}
US = {"country": "us", "type": "local", "currency": "usd", "monthly": "1.15"}


def priced(record, *entries, fields=None):
    return price_list.priced(record, price_list.parse(list(entries)), fields or {})


def prices(record):
    return record.monthly_price, record.setup_price, record.currency


def test_what_has_no_price_gets_one():
    assert prices(priced(number(**BARE), US)) == (Decimal("1.15"), 0, "USD")
    found = priced(offer(due_now=None, **BARE), {**US, "setup": "2"})
    assert (*prices(found), found.due_now) == (Decimal("1.15"), 2, "USD", Decimal("3.15"))


@pytest.mark.parametrize("told", [{"monthly_price": "3"}, {"setup_price": "3"}])
def test_a_price_that_the_provider_tells_stays(told):
    record = number(**{**BARE, "currency": "EUR", **told})
    assert priced(record, US) == record


def test_a_set_up_price_of_the_same_currency_stays_beside_the_monthly_one_of_the_list():
    told = number(**{**BARE, "setup_price": "3", "currency": "USD"})
    assert prices(priced(told, {**US, "setup": "2"})) == (Decimal("1.15"), 3, "USD")
    assert prices(priced(number(**{**BARE, "setup_price": "0"}), {**US, "setup": "2"})) == (Decimal("1.15"), 2, "USD")


@pytest.mark.parametrize("facts", [{"country": "GB"}, {"type": "mobile"}, {"type": None}])
def test_an_entry_is_for_its_country_and_type_alone(facts):
    record = number("+442079460000" if "country" in facts else "+14155550100", **{**BARE, **facts})
    assert priced(record, US) == record


def test_the_first_entry_that_fits_counts():
    any_kind = {"currency": "USD", "monthly": "9"}
    assert prices(priced(number(**BARE), {**US, "type": "mobile"}, US, any_kind))[0] == Decimal("1.15")
    assert prices(priced(number(**{**BARE, "type": None}), US, any_kind))[0] == 9


def test_an_entry_may_ask_for_a_field_of_the_record_and_means_its_usual_value_without():
    dear = {**US, "monthly": "5", "where": {"tier": 3}}
    for tier, monthly in (("0", Decimal("1.15")), (3, 5), ("4", None)):
        record = priced(number(**BARE, raw={"tier": tier}), dear, US, fields={"tier": "0"})
        assert record.monthly_price == monthly
    with pytest.raises(Failure, match="where has tier: shop has none"):
        price_list.check_fields(price_list.parse([dear]), (), "shop")


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ("US", "must be a list"),
        ([1], "entry 1 must be a dictionary"),
        ([US, {**US, "montly": "1"}], "entry 2 has the unknown key 'montly', 'monthly' is near it"),
        ([{**US, "country": "XX"}], "country 'XX' must be an ISO alpha-2 code"),
        ([{**US, "country": False}], "country False must be an ISO alpha-2 code"),
        ([{**US, "type": "lokal"}], "type 'lokal' is unknown, 'local' is near it"),
        ([{**US, "currency": "$"}], "currency '\\$' must be an ISO 4217 code"),
        ([{**US, "currency": None}], "currency None must be"),
        ([{**US, "monthly": None}], "has no monthly price"),
        ([{**US, "monthly": 1.15}], "monthly must be a decimal amount"),
        ([{**US, "setup": "-1"}], "setup must be a decimal amount"),
        ([{**US, "where": ["tier"]}], "where must be a dictionary"),
    ],
)
def test_a_wrong_entry_is_named(entries, text):
    with pytest.raises(Failure, match=text) as caught:
        price_list.parse(entries)
    assert caught.value.code == "invalid_option"
