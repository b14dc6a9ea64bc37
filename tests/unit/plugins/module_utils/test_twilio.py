# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's words: types, names, patterns, errors."""

from __future__ import annotations

import json

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure, Malformed
from ansible_collections.telco.numbers.plugins.module_utils._core.link import Link
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._net.refusals import refused
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response
from ansible_collections.telco.numbers.plugins.module_utils._providers.twilio import catalogue, errors, linking, records


@pytest.mark.parametrize("word", ["toll free", "toll-free", "toll_free", "tollfree", "TollFree", "Toll Free"])
def test_a_type_is_its_letters(word):
    assert records.kind_of(word) == "tollfree"


@pytest.mark.parametrize("word", [None, "", "machine to machine", "satellite"])
def test_a_type_that_the_vocabulary_has_not(word):
    assert records.kind_of(word) is None


@pytest.mark.parametrize(
    ("parameter", "field"),
    [
        ("VoiceUrl", "voice_url"),
        ("SmsFallbackMethod", "sms_fallback_method"),
        ("VoiceCallerIdLookup", "voice_caller_id_lookup"),
        ("EmergencyAddressSid", "emergency_address_sid"),
    ],
)
def test_a_field_is_named_after_its_parameter(parameter, field):
    assert records.field_of(parameter) == field


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("(504) 555-0100", None),
        ("+15045550100", None),
        ("5045550100", None),
        ("Desk", "Desk"),
        ("Desk 5045550100", "Desk 5045550100"),
        ("0100", "0100"),
        ("", None),
        (None, None),
    ],
)
def test_the_name_that_a_number_has_of_itself_is_none(name, told):
    assert records.value_of({"friendly_name": name, "phone_number": "+15045550100"}, "friendly_name") == told


@pytest.mark.parametrize(
    ("record", "able", "untold"),
    [
        ({"voice": True, "SMS": True, "MMS": False}, ("sms", "voice"), ()),
        ({"voice": False, "sms": True, "mms": True, "fax": False}, ("mms", "sms"), ()),
        ({"voice": True}, ("voice",), ("mms", "sms")),
        ({"voice": True, "sms": None, "mms": "yes"}, ("voice",), ("mms", "sms")),
        ({}, (), ("mms", "sms", "voice")),
    ],
)
def test_capabilities_in_any_case_and_unknown_ones(record, able, untold):
    assert records.capabilities_of({"capabilities": record}, "capabilities") == (able, untold)


@pytest.mark.parametrize(
    ("selector", "ending", "pattern"),
    [
        (Selector(country="US", prefix="504"), "", "+1504"),
        (Selector(country="US", prefix="504"), "07", "+1504%07$"),
        (Selector(country="US"), "7", "+1%7$"),
        (Selector(country="US", prefix="5045550100"), "1234", "+150455501%1234$"),
        (Selector(country="GB", contains="55"), "", "55"),
        (Selector(country="GB", contains="5"), "", "5%"),
        (Selector(country="GB", contains="55"), "1", "+44%1$"),
        (Selector(country="US", prefix="504", contains="55"), "", "+1504"),
        (Selector(country="US"), "", None),
    ],
)
def test_digits_are_searched_by_a_pattern_of_sixteen_characters_at_most(selector, ending, pattern):
    found = catalogue.query_of(selector, ending).get("Contains")
    assert found == pattern and len(found or "") <= 16


@pytest.mark.parametrize(
    ("papers", "fields"),
    [
        (None, set()),
        ((), {"ExcludeAllAddressRequired"}),
        (("documents",), {"ExcludeAllAddressRequired"}),
        (("address",), {"ExcludeLocalAddressRequired", "ExcludeForeignAddressRequired"}),
        (("address", "local_address"), {"ExcludeForeignAddressRequired"}),
        (("address", "local_address", "foreign_address"), set()),
    ],
)
def test_what_needs_another_address_is_left_out(papers, fields):
    assert set(catalogue.query_of(Selector(country="US"), "1", papers)) - {"Contains"} == fields


def test_a_trunk_is_set_in_one_call_that_takes_the_application_off():
    assert linking.link_fields([Link("voice", "TK1", "trunk"), Link("sms", "AP1")]) == {
        "TrunkSid": "TK1",
        "VoiceApplicationSid": "",
        "SmsApplicationSid": "AP1",
    }


@pytest.mark.parametrize(
    "prices",
    [
        {"phone_number_prices": [{"number_type": "local"}, {"number_type": "gold", "current_price": "1"}]},
        {"phone_number_prices": [], "price_unit": "usd"},
    ],
)
def test_prices_that_are_missing_are_unknown(prices):
    found = records.prices_from(prices)
    assert found.monthly.get("local") is None and found.currency in (None, "USD")


@pytest.mark.parametrize(
    "prices",
    [
        None,
        [],
        {},
        {"phone_number_prices": None},
        {"phone_number_prices": [5]},
        {"phone_number_prices": [], "price_unit": "$"},
    ],
)
def test_a_price_list_that_cannot_be_read(prices):
    with pytest.raises(Malformed):
        records.prices_from(prices)


# -- errors ------------------------------------------------------------------------------------------------------------


def explained(status, body):
    text = body if isinstance(body, str) else json.dumps(body)
    return errors.explain(Response("POST", "https://api.twilio.com/x", status, {}, text.encode(), True), "twilio")


def old(code, status=400, **more):
    return {
        "code": code,
        "message": "No",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
        **more,
    }


def newer(code, status=400):
    return {
        "type": "t",
        "title": "Bad",
        "status": status,
        "code": code,
        "detail": "No",
        "instance": "/v1/x",
        "errors": [],
    }


@pytest.mark.parametrize("shape", [old, newer])
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 20003, "authentication_failed"),
        (403, 20005, "account_setup"),
        (404, 20404, "not_found"),
        (400, 21422, "out_of_stock"),
        (400, 21649, "regulatory"),
        (400, 99999, "provider_error"),
        (429, 20429, "rate_limited"),
        (503, 20503, "provider_unavailable"),
    ],
)
def test_both_shapes_of_errors(shape, status, code, kind):
    failure = explained(status, shape(code, status))
    assert (failure.code, failure.provider_code, failure.http_status) == (kind, str(code), status)
    assert failure.provider_message == "No"


@pytest.mark.parametrize(
    "body",
    [
        "<html>Forbidden</html>",
        {"message": "Forbidden"},
        {"code": 21422},
        [],
        "",
        {"status": 403, "error": "x"},
        old(21422, 500),
    ],
)
def test_what_has_neither_shape_proves_nothing(body):
    failure = explained(400, body)
    assert failure.provider_code is None and not refused(failure, errors.NO_PURCHASE)


@pytest.mark.parametrize(
    ("status", "code", "proves"),
    [
        (400, 21422, True),
        (400, None, True),
        (403, 20005, True),
        (403, None, False),
        (404, 20404, False),
        (503, 20503, False),
    ],
)
def test_what_refuses_a_purchase(status, code, proves):
    body = old(code, status)
    if code is None:
        del body["code"]
    failure = explained(status, body)
    assert isinstance(failure, Failure) and refused(failure, errors.NO_PURCHASE) is proves
