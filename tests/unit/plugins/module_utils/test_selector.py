# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The selector means the same for offers and owned numbers, and knows what it cannot tell."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import selector as _selector
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.model import CAPABILITIES, NUMBER_TYPES, Number, Offer
from ansible_collections.telco.numbers.plugins.module_utils._core.raw import check_raw
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import KEYS, Selector
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import group, number, offer
from hypothesis import given
from hypothesis import strategies as st

BUILDERS = [pytest.param(number, id="owned"), pytest.param(offer, id="offer")]
PARIS = {"country": "FR", "type": "national", "capabilities": ("voice",), "region": "Île-de-France", "city": "Paris"}


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    ("selector", "verdict"),
    [
        ({}, True),
        ({"country": "FR"}, True),
        ({"country": "DE"}, False),
        ({"type": "national"}, True),
        ({"type": "mobile"}, False),
        ({"capabilities": ["voice"]}, True),
        ({"capabilities": ["sms"]}, False),
        ({"capabilities": ["sms", "voice"]}, False),
        ({"prefix": "14"}, True),
        ({"prefix": "142"}, False),
        ({"prefix": "33"}, False),
        ({"prefix": "140000000"}, True),
        ({"region": "île-de-france"}, True),
        ({"region": "ÎLE-DE-FRANCE"}, True),
        ({"region": "Bretagne"}, False),
        ({"city": "PARIS"}, True),
        ({"city": " paris "}, True),
        ({"city": "Par"}, False),
        ({"contains": "4000"}, True),
        ({"contains": "3314"}, True),
        ({"contains": "9"}, False),
        (
            {
                "country": "FR",
                "type": "national",
                "capabilities": ["voice"],
                "prefix": "1",
                "region": "Île-de-France",
                "city": "Paris",
                "contains": "00",
            },
            True,
        ),
        ({"country": "FR", "city": "Lyon"}, False),
    ],
)
def test_every_key_given_must_hold(build, selector, verdict):
    record = build("+33140000000", **PARIS)
    assert _selector.parse(selector).match(record) is verdict


@pytest.mark.parametrize("build", BUILDERS)
def test_all_capabilities_are_needed_and_more_are_fine(build):
    record = build(capabilities=("mms", "sms", "voice"))
    assert Selector(capabilities=("sms", "voice")).match(record) is True
    assert Selector(capabilities=("sms",)).match(build(capabilities=())) is False


FACT = {"country": "US", "type": "local", "capabilities": ("sms",), "region": "California", "city": "Oakland"}


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("key", sorted(FACT))
def test_an_absent_fact_leaves_it_undecided(build, key):
    selector = Selector(**{key: FACT[key]})
    record = build(**FACT)
    assert selector.match(record) is True
    bare = dataclasses.replace(record, **{key: None})
    if key == "country":  # which comes from the digits, where there are some
        assert selector.match(bare) is True
        bare = dataclasses.replace(bare, number="" if build is number else None)
    assert selector.match(bare) is None
    assert selector.missing_facts(bare) == (key,)
    assert selector.missing_facts(record) == ()


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    ("digits", "country", "verdict"),
    [
        ("+17875550100", "US", True),
        ("+17875550100", "PR", True),
        ("+17875550100", "CA", False),
        ("+18005550100", "CA", True),
        ("+14165550100", "US", False),
        ("+14165550100", "CA", True),
        ("+441534456789", "GB", True),
        ("+441534456789", "JE", True),
        ("+448081570123", "GB", True),
        ("+61412345678", "AU", True),
        ("+393123456789", "IT", True),
        ("+4740612345", "NO", True),
        ("+358401234567", "FI", True),
        ("+35818123456", "FI", True),
        ("+71234567890", "RU", True),
        ("+71234567890", "KZ", True),
        ("+77011234567", "RU", False),
        ("+2101234567", "US", None),
        ("12345", "US", None),
    ],
)
def test_a_country_that_the_record_lacks_comes_from_the_digits(build, digits, country, verdict):
    assert Selector(country=country).match(build(digits, country=None)) is verdict


@pytest.mark.parametrize("build", BUILDERS)
def test_the_record_decides_its_country_whatever_the_digits_say(build):
    record = build("+17875550100", country="PR")
    assert Selector(country="US").match(record) is False
    assert Selector(country="PR").match(record) is True


def test_a_word_that_nobody_knows_is_told_with_the_fact_that_is_missing():
    record = dataclasses.replace(number(type=None, city=None), words={"type": "HOLOGRAM"})
    assert Selector(type="local", city="Oakland", country="US").missing_facts(record) == (
        "type (shop says 'HOLOGRAM')",
        "city",
    )


@pytest.mark.parametrize("build", BUILDERS)
def test_one_wrong_fact_outweighs_every_absent_one(build):
    record = build(country="US", type=None, city=None, region=None, capabilities=None)
    assert (
        Selector(country="DE", type="local", city="Berlin", region="Berlin", capabilities=("sms",)).match(record)
        is False
    )


@pytest.mark.parametrize(
    ("selector", "verdict"),
    [(Selector(prefix="12"), None), (Selector(contains="234"), True), (Selector(contains="9"), False)],
)
def test_a_short_code_has_no_national_digits_but_digits(selector, verdict):
    assert selector.match(number("12345", country=None, type="shortcode")) is verdict


@pytest.mark.parametrize(
    ("area_code", "prefix", "verdict"),
    [
        ("415", "415", True),
        ("4155", "415", True),
        ("415", "4", True),
        ("415", "4155", None),
        ("4", "415", None),
        ("415", "416", False),
        ("415", "51", False),
        (None, "415", None),
    ],
)
def test_a_group_decides_a_prefix_as_far_as_its_area_code_reaches(area_code, prefix, verdict):
    assert Selector(prefix=prefix).match(group(area_code=area_code)) is verdict


def test_a_group_does_not_tell_which_digits_its_numbers_contain():
    assert Selector(contains="415").match(group()) is None


@pytest.mark.parametrize("key", sorted(FACT))
def test_a_key_that_the_provider_vouches_for_is_not_judged_again(key):
    selector = Selector(**{key: FACT[key]})
    other = {"country": "DE", "type": "mobile", "capabilities": (), "region": "Texas", "city": "Bonn"}
    for fact in (other[key], None):
        record = group(**{**FACT, key: fact})
        assert selector.match(record) is not True
        assert selector.match(record, already_filtered=(key,)) is True
    assert selector._replace(prefix="51").match(group(**FACT), already_filtered=(key,)) is False


def test_narrowing_keeps_only_what_surely_matches_and_its_order():
    records = [
        number("+14155550103"),
        number("+14155550101", country=None),
        number("+14155550102", country="CA"),
        number("+14155550100"),
    ]
    assert [record.number for record in Selector(country="US").narrowed(records)] == [
        "+14155550103",
        "+14155550101",
        "+14155550100",
    ]
    assert [record.number for record in Selector(country="US").narrowed(records, already_filtered=("country",))] == [
        record.number for record in records
    ]
    assert [
        record.number for record in Selector(type="local").narrowed([number(type=None), number("+14155550102")])
    ] == ["+14155550102"]


@pytest.mark.parametrize("country", ["us", "US", "Us"])
def test_a_country_is_read_in_any_case(country):
    assert _selector.parse({"country": country}) == Selector(country="US")


@pytest.mark.parametrize(
    "options",
    [
        {},
        dict.fromkeys(KEYS),
        dict.fromkeys(KEYS, ""),
        {"capabilities": []},
        {"capabilities": [""]},
        {"region": "  ", "city": " "},
    ],
)
def test_empty_means_unset(options):
    selector = _selector.parse(options)
    assert selector == Selector()
    assert selector.keys() == ()


def test_the_keys_are_those_that_narrow():
    assert Selector(country="US", contains="1").keys() == ("country", "contains")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"country": "usa"}, "country"),
        ({"country": "ZZ"}, "country"),
        ({"country": "False"}, "country"),
        ({"country": "1"}, "country"),
        ({"type": "toll-free"}, "type"),
        ({"type": "Local"}, "type"),
        ({"capabilities": ["fax"]}, "fax"),
        ({"capabilities": ["sms", "fax"]}, "fax"),
        ({"prefix": "+415"}, "prefix"),
        ({"prefix": "41 5"}, "prefix"),
        ({"prefix": "415a"}, "prefix"),
        ({"prefix": "٤١٥"}, "prefix"),
        ({"prefix": "415\n"}, "prefix"),
        ({"prefix": "1" * 16}, "prefix"),
        ({"contains": "+1"}, "contains"),
        ({"contains": "1*"}, "contains"),
        ({"contains": "x"}, "contains"),
        ({"region": "a\nb"}, "region"),
        ({"city": "a\x00b"}, "city"),
        ({"city": "x" * 101}, "city"),
    ],
)
def test_a_wrong_key_is_refused_by_name(options, named, refused):
    with refused("invalid_option") as refusal:
        _selector.parse(options)
    assert named in str(refusal)


@pytest.mark.parametrize("country", ["GB", "DE", None])
def test_a_trunk_zero_is_refused_with_advice(country, refused):
    with refused("invalid_option") as refusal:
        _selector.parse({"country": country, "prefix": "020"})
    assert "trunk zero" in str(refusal)


@pytest.mark.parametrize("build", BUILDERS)
def test_a_zero_that_belongs_to_the_number_is_no_trunk_zero(build):
    selector = _selector.parse({"country": "IT", "prefix": "06"})
    assert selector.match(build("+390612345678", country="IT")) is True
    assert selector.match(build("+390212345678", country="IT")) is False


_NAMES = st.sampled_from(["Oakland", "oakland", "OAKLAND", "Köln", "KÖLN", "x"])
_FACTS = st.fixed_dictionaries(
    {
        "country": st.none() | st.sampled_from(["US", "DE"]),
        "type": st.none() | st.sampled_from(NUMBER_TYPES),
        "capabilities": st.none() | st.sets(st.sampled_from(CAPABILITIES)).map(lambda words: tuple(sorted(words))),
        "area_code": st.none() | st.sampled_from(["415", "51", "30"]),
        "region": st.none() | _NAMES,
        "city": st.none() | _NAMES,
    }
)
_DIGITS = st.sampled_from(["+14155550100", "+15105550100", "+4930123456", "12345"])
_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["us", "US", "de"]),
        "type": st.sampled_from(NUMBER_TYPES),
        "capabilities": st.lists(st.sampled_from(CAPABILITIES)),
        "prefix": st.sampled_from(["4", "415", "41555", "51", "30"]),
        "region": _NAMES,
        "city": _NAMES,
        "contains": st.sampled_from(["415", "0100", "30", "9999"]),
    },
)


@given(_OPTIONS, _DIGITS, _FACTS)
def test_an_offer_of_a_number_matches_as_the_number_will(options, digits, facts):
    selector = _selector.parse(options)
    assert selector.match(Offer(id=digits, provider="x", number=digits, **facts)) is selector.match(
        Number(id=digits, provider="x", number=digits, **facts)
    )


@given(_OPTIONS, _DIGITS, _FACTS)
def test_the_case_of_names_decides_nothing(options, digits, facts):
    record = Number(id=digits, provider="x", number=digits, **facts)
    shouted = {key: value.upper() if key in ("region", "city", "country") else value for key, value in options.items()}
    assert _selector.parse(options).match(record) is _selector.parse(shouted).match(record)


@given(_OPTIONS, _DIGITS, _FACTS, st.sampled_from(KEYS))
def test_a_further_key_never_turns_a_no_into_a_yes(options, digits, facts, key):
    record = Number(id=digits, provider="x", number=digits, **facts)
    fewer = {name: value for name, value in options.items() if name != key}
    if _selector.parse(options).match(record) is True:
        assert _selector.parse(fewer).match(record) is True
    if _selector.parse(fewer).match(record) is False:
        assert _selector.parse(options).match(record) is False


@given(_OPTIONS, _FACTS, st.sampled_from(["+14155550100", "+15105550100"]))
def test_a_group_that_matches_promises_no_number_that_does_not(options, facts, digits):
    """What a group says for sure holds for each of its numbers."""
    area = digits[2:5]
    facts = {**facts, "country": "US", "area_code": area}
    verdict = _selector.parse(options).match(Offer(id="7", provider="x", **facts))
    bought = _selector.parse(options).match(Number(id=digits, provider="x", number=digits, **facts))
    assert verdict is None or verdict is bought


@pytest.mark.parametrize(
    "given",
    [
        ["voice", "sms"],
        "voice, sms",
        ["voice, sms"],
        ["voice", " sms"],
        ["SMS", "Voice"],
        "VOICE SMS",
        ["voice,sms,voice"],
        ("sms,", "voice"),
    ],
)
def test_capabilities_are_read_in_any_case_and_from_one_text(given):
    assert _selector.parse({"capabilities": given}).capabilities == ("sms", "voice")


@pytest.mark.parametrize(
    ("options", "near"),
    [({"type": "toll-free"}, "'tollfree'"), ({"type": "Local"}, "'local'"), ({"capabilities": ["voise"]}, "'voice'")],
)
def test_a_misspelt_word_is_answered_with_the_nearest_one(options, near, refused):
    with refused("invalid_option") as refusal:
        _selector.parse(options)
    assert near in str(refusal)


@pytest.mark.parametrize("value", [113, 0, 1.5, -1, pytest.param(10**5000, id="huge"), float("nan")])
@pytest.mark.parametrize(
    "option", ["prefix", "contains", "account_id", "auth_id", "organisation_id", "offer", "application"]
)
def test_digits_without_quotes_are_refused_with_the_reason(option, value, refused):
    with refused("invalid_option") as refusal:
        check_raw({option: value})
    assert option in str(refusal) and "quote it" in str(refusal) and "0161" in str(refusal)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("country", False, "country is false"),
        ("region", True, "region is true"),
        ("capabilities", ["sms", False], "false"),
        ("city", False, "NO"),
    ],
)
def test_a_word_that_yaml_took_for_a_boolean_is_named_as_such(option, value, said, refused):
    with refused("invalid_option") as refusal:
        check_raw({option: value})
    assert said in str(refusal) and "YAML reads" in str(refusal) and "boolean" in str(refusal)


def test_what_yaml_leaves_as_it_is_passes():
    check_raw(
        {
            "prefix": "161",
            "country": "NO",
            "count": 3,
            "force": True,
            "journal": False,
            "timeout": 1.5,
            "region": None,
            "capabilities": ["sms"],
        },
        ["provider"],
    )


@pytest.mark.parametrize(("country", "meant"), [("UK", "GB"), ("uk", "GB"), ("EL", "GR"), ("USA", "US")])
def test_a_country_that_many_call_otherwise_is_named(country, meant):
    with pytest.raises(Failure, match=f"use two letters, like 'US'. '{meant}' is meant."):
        _selector.parse({"country": country})
