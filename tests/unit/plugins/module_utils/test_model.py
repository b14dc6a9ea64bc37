# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vocabulary: what users see of a number, an offer and a failure."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import errors, model
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Account, Number, Offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import group, number, offer
from hypothesis import given
from hypothesis import strategies as st

FIELDS = [
    "number",
    "provider",
    "id",
    "country",
    "type",
    "capabilities",
    "applications",
    "links",
    "area_code",
    "region",
    "city",
    "friendly_name",
    "tags",
    "setup_price",
    "monthly_price",
    "currency",
    "status",
    "expires",
    "raw",
]


def test_a_number_object_has_every_word_of_the_vocabulary_and_no_other():
    assert list(number().as_dict()) == FIELDS


def test_an_offer_object_says_what_is_for_sale():
    fields = set(offer().as_dict())
    assert {"id", "number", "stock", "due_now", "requirements"} <= fields
    assert fields - {"stock", "due_now", "requirements"} <= set(FIELDS)
    assert {
        "provider",
        "country",
        "type",
        "capabilities",
        "area_code",
        "region",
        "city",
        "setup_price",
        "monthly_price",
        "currency",
        "raw",
    } <= fields


def test_absent_facts_are_null():
    bare = Number(id="1", provider="x", number="+14155550100").as_dict()
    given_facts = {
        "number": "+14155550100",
        "provider": "x",
        "id": "1",
        "applications": {},
        "links": [],
        "status": "active",
        "raw": {},
    }
    assert bare == {**dict.fromkeys(FIELDS), **given_facts}
    assert {key for key, value in Offer(id="7", provider="x").as_dict().items() if value is not None} == {
        "id",
        "provider",
        "stock",
        "raw",
    }


def test_a_group_offers_no_number():
    assert group().as_dict()["number"] is None


def test_prices_are_decimal_strings():
    shown = offer(setup_price="1.50", monthly_price="2.00", due_now="3E+1").as_dict()
    assert (shown["setup_price"], shown["monthly_price"], shown["due_now"]) == ("1.5", "2", "30")


def test_capabilities_and_applications_are_sorted():
    shown = number(capabilities=("voice", "mms", "sms"), applications={"voice": "1", "sms": "2"}).as_dict()
    assert shown["capabilities"] == ["mms", "sms", "voice"]
    assert list(shown["applications"]) == ["sms", "voice"]
    assert offer(capabilities=("voice", "sms")).as_dict()["capabilities"] == ["sms", "voice"]


@pytest.mark.parametrize("build", [number, offer, lambda raw: Account("1", "x", raw=raw)])
def test_raw_is_the_provider_record_in_plain_json(build):
    raw = {
        "cost": {"amount": Decimal("1.5")},
        "rows": [Decimal("2.25"), "x", None, True, 7],
        "nested": ({"a": Decimal("0.1")},),
    }
    shown = build(raw=raw).as_dict()["raw"]
    assert json.loads(json.dumps(shown)) == {
        "cost": {"amount": 1.5},
        "rows": [2.25, "x", None, True, 7],
        "nested": [{"a": 0.1}],
    }


def test_offers_stand_by_price_then_number_and_unknown_prices_last():
    ordered = [
        offer("+14155550109", monthly_price="1.00", setup_price="0"),
        offer("+14155550101", monthly_price="1.0", setup_price="1"),
        offer("+14155550102", monthly_price="1.00", setup_price="1.00"),
        offer("+14155550100", monthly_price="1.00", setup_price=None),
        offer("+14155550103", monthly_price="10", setup_price="0"),
        offer("+14155550104", monthly_price=None, setup_price="0"),
        group("1", monthly_price=None, setup_price=None),
        group("2", monthly_price=None, setup_price=None),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=model.by_price) == ordered


def test_ties_go_by_number_and_not_by_id():
    first, second = offer("+14155550100", id="9"), offer("+14155550101", id="1")
    assert sorted([second, first], key=model.by_price) == [first, second]


_PRICE = st.none() | st.decimals(0, 3, places=1)


@given(st.lists(st.tuples(_PRICE, _PRICE, st.none() | st.sampled_from(["+1", "+2"])), max_size=6), st.randoms())
def test_the_order_of_offers_does_not_depend_on_the_order_they_came_in(facts, random):
    offers = [
        Offer(id=str(place), provider="x", monthly_price=month, setup_price=setup, number=digits)
        for place, (month, setup, digits) in enumerate(facts)
    ]
    shuffled = offers[:]
    random.shuffle(shuffled)
    assert sorted(shuffled, key=model.by_price) == sorted(offers, key=model.by_price)


def test_owned_numbers_stand_by_number():
    numbers = [number("+14155550102"), number("+14155550100"), number("+14155550101")]
    assert [item.number for item in sorted(numbers, key=model.by_number)] == [
        "+14155550100",
        "+14155550101",
        "+14155550102",
    ]


CODES = [
    "invalid_option",
    "unsupported",
    "authentication_failed",
    "forbidden",
    "not_found",
    "conflict",
    "out_of_stock",
    "insufficient_credit",
    "price_limit",
    "price_changed",
    "quote_changed",
    "regulatory",
    "account_setup",
    "reservation_expired",
    "rate_limited",
    "provider_error",
    "provider_unavailable",
    "connection_failed",
    "deadline_exceeded",
    "unknown_outcome",
    "undecidable",
    "inconsistent_list",
    "locked",
    "journal_required",
]


def test_the_list_of_codes_is_closed():
    assert sorted(errors.CODES) == sorted(CODES)
    with pytest.raises(KeyError):
        Failure("something_else", "x").as_dict()


@pytest.mark.parametrize("code", CODES)
def test_a_failure_shows_its_seven_facts(code):
    told = {"provider_code": "40200", "provider_message": "no money", "http_status": 402, "request_id": "RQ1"}
    failure = Failure(code, "Do\nthis \t now.", **told)
    assert failure.told == Ambiguous("x", **told).told == told
    failure.completed = {"purchased": []}
    assert failure.message == "Do this now."
    assert failure.as_dict() == {
        "code": code,
        "provider_code": "40200",
        "message": "no money",
        "http_status": 402,
        "request_id": "RQ1",
        "retryable": failure.retryable,
        "completed": {"purchased": []},
    }
    assert isinstance(failure.retryable, bool)


@pytest.mark.parametrize(
    "code", ["unknown_outcome", "insufficient_credit", "invalid_option", "undecidable", "conflict"]
)
def test_what_a_repetition_cannot_mend_is_not_retryable(code):
    assert Failure(code, "x").retryable is False


@pytest.mark.parametrize(
    "code", ["rate_limited", "provider_unavailable", "connection_failed", "locked", "deadline_exceeded"]
)
def test_what_time_mends_is_retryable(code):
    assert Failure(code, "x").retryable is True


def test_an_ambiguous_outcome_that_nothing_settles_is_an_unknown_one():
    assert Ambiguous("x").as_dict()["code"] == "unknown_outcome"
