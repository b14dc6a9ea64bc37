# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input numbers: what is surely one number passes, everything else is refused with advice."""

from __future__ import annotations

import phonenumbers
import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import e164
from hypothesis import given
from hypothesis import strategies as st

NUMBER = "+14155550100"


@pytest.mark.parametrize(
    "value",
    [
        NUMBER,
        "+1 415 555 0100",
        "+1.415.555.0100",
        "+1-415-555-0100",
        "+1 (415) 555-0100",
        "+1 [415] 555-0100",
        "  +1 415 555 0100  ",
        "+1\u00a0415\u00a0555\u00a00100",
        pytest.param("+1\u2009415\u202f555\u20070100", id="thin, narrow and figure spaces"),
        pytest.param("+1\u3000415\u2003555\u205f0100", id="wide spaces"),
        pytest.param("+1\u2010415\u2011555\u20120100", id="hyphens and a figure dash"),
        pytest.param("+1\u2013415\u2014555\u20150100", id="dashes"),
        pytest.param("+1\u2212415\ufe63555\uff0d0100", id="minus signs"),
        pytest.param("+1\u00ad415\u00ad555\u00ad0100", id="soft hyphens"),
        {"number": NUMBER, "provider": "plivo_groups", "id": "14155550100"},
    ],
)
def test_spaces_dots_dashes_and_brackets_are_removed(value):
    assert e164.parse_input(value) == NUMBER


@pytest.mark.parametrize(
    "value", [14155550100, -1, 0, 0o17, True, False, 14155550100.0, float("nan"), {"number": 14155550100}]
)
def test_a_number_that_is_not_a_string_is_refused(value, refused):
    with refused("invalid_option"):
        e164.parse_input(value)


@pytest.mark.parametrize("value", [14155550100, 0, 911, True, 1.5])
def test_an_integer_is_told_to_quote_it(value, refused):
    with refused("invalid_option") as refusal:
        e164.parse_input(value)
    assert "quote it" in str(refusal)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [NUMBER],
        (NUMBER,),
        b"+14155550100",
        {},
        {"number": None},
        {"number": ""},
        {"number": "+1 415 555 0100"},
    ],
)
def test_what_is_no_string_and_no_number_object_is_refused(value, refused):
    with refused("invalid_option"):
        e164.parse_input(value)


@pytest.mark.parametrize("text", ["letters", "+1415CALLNOW", "ABC", "\x00", "+\n"])
def test_a_number_object_that_no_module_returned_is_refused(text, refused):
    with refused("invalid_option"):
        e164.parse_input({"number": text})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("0014155550100", id="00"),
        pytest.param("00 1 415 555 0100", id="00 with spaces"),
        pytest.param("+0014155550100", id="+00"),
        pytest.param("+0415555010", id="country code 0"),
        pytest.param("14155550100", id="no plus"),
        pytest.param("4155550100", id="national"),
        pytest.param("++14155550100", id="two pluses"),
        pytest.param("+1415+5550100", id="plus in the middle"),
        pytest.param("+1415555010O", id="letter"),
        pytest.param("+1-800-FLOWERS", id="vanity"),
        pytest.param("tel:+14155550100", id="URI"),
        pytest.param("+14155550100x12", id="extension"),
        pytest.param("+14155550100;ext=12", id="extension parameter"),
        pytest.param("+14155550100,+14155550101", id="two numbers"),
        pytest.param("+14155550100/1", id="slash"),
        pytest.param("+1415%355550100", id="percent"),
        pytest.param("+１４１５５５５０１００", id="full-width digits"),
        pytest.param("+١٤١٥٥٥٥٠١٠٠", id="Arabic digits"),
        pytest.param("+1415555010²", id="superscript"),
        pytest.param("＋14155550100", id="full-width plus"),
        pytest.param("+1415\x005550100", id="NUL"),
        pytest.param("+1415\x1b5550100", id="escape"),
        pytest.param("+1415\x1f5550100", id="unit separator"),
        pytest.param("+1415\x7f5550100", id="delete"),
        pytest.param("+1415\u200b5550100", id="zero-width space"),
        pytest.param("\u202a+14155550100\u202c", id="text direction marks"),
        pytest.param("", id="empty"),
        pytest.param("   ", id="blank"),
        pytest.param("+", id="plus alone"),
        pytest.param("+1", id="country code alone"),
        pytest.param("12", id="two digits"),
        pytest.param("1234567", id="seven digits without plus"),
        pytest.param("012", id="short code with a zero"),
    ],
)
def test_what_is_not_surely_one_number_is_refused(value, refused):
    with refused("invalid_option") as refusal:
        e164.parse_input(value)
    assert "quoted string" in str(refusal)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("+1415555010", id="US, one digit less"),
        pytest.param("+141555501000", id="US, one digit more"),
        pytest.param("+15550100", id="US, without area code"),
        pytest.param("+4479460018", id="GB, without area code"),
        pytest.param("+4402079460018", id="GB, with the trunk zero"),
        pytest.param("+44 (0)20 7946 0018", id="GB, with the trunk zero in brackets"),
        pytest.param("+4903012345678", id="DE, with the trunk zero"),
        pytest.param("+114155550100", id="US, with the trunk one"),
        pytest.param("+123456", id="six digits"),
        pytest.param("+1234567890123456", id="sixteen digits"),
        pytest.param("+2101234567", id="no such country code"),
    ],
)
def test_a_length_that_no_number_of_its_country_has_is_refused(value, refused):
    with refused("invalid_option"):
        e164.parse_input(value)


@pytest.mark.parametrize(
    "value", ["+390612345678", "+442079460018", "+4915112345678", "+77272345678", "+3581234567", "+80012345678"]
)
def test_numbers_of_other_plans_pass_as_they_are(value):
    assert e164.parse_input(value) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [("112", "112"), ("12345", "12345"), ("123456", "123456"), (" 12 345 ", "12345"), ({"number": "12345"}, "12345")],
)
def test_a_short_code_is_passed_through(value, code):
    assert e164.parse_input(value) == code


_WRITTEN = st.text(st.sampled_from("+0123456789 .-()[]"), max_size=20)
_EXAMPLES = [
    phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for example in [phonenumbers.example_number(region)]
    if example is not None
]


@given(_WRITTEN)
def test_what_was_read_reads_as_itself(text):
    try:
        number = e164.parse_input(text)
    except e164.Failure as failure:
        assert failure.code == "invalid_option"
    else:
        assert e164.parse_input(number) == number
        assert e164.parse_input({"number": number}) == number
        assert e164.is_e164(number) or number.isdigit()


@given(st.text(max_size=30))
def test_no_text_ends_in_anything_but_a_number_or_a_refusal(text):
    try:
        number = e164.parse_input(text)
    except e164.Failure as failure:
        assert failure.code == "invalid_option"
    else:
        assert set(number) <= set("+0123456789")


@pytest.mark.parametrize("example", _EXAMPLES)
def test_the_example_number_of_every_country_is_read(example):
    assert e164.parse_input(example) == example


@given(st.sampled_from(_EXAMPLES), st.data())
def test_punctuation_changes_nothing(example, data):
    pieces = [
        piece
        for digit in example
        for piece in (
            digit,
            data.draw(st.sampled_from(["", "", " ", "-", ".", "(", ")", "[", "]", "\u2009", "\u2011", "\u2013"])),
        )
    ]
    assert e164.parse_input("".join(pieces)) == example


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+14155550100", "US"),
        ("+14165550100", "CA"),
        ("+12423456789", "BS"),
        ("+442079460018", "GB"),
        ("+447400123456", "GB"),
        ("+74951234567", "RU"),
        ("+77272345678", "KZ"),
        ("+77011234567", "KZ"),
        ("+390612345678", "IT"),
        ("+4930123456", "DE"),
    ],
)
def test_the_digits_decide_the_country(number, country):
    assert e164.country_of(number) == country
    assert e164.countries_of(number) == {country}


_ISLANDS = {"GB", "GG", "IM", "JE"}


@pytest.mark.parametrize(
    ("number", "some", "others"),
    [
        pytest.param("+17875550100", {"PR", "US"}, {"CA"}, id="Puerto Rico"),
        pytest.param("+16715550100", {"GU", "US"}, {"CA"}, id="Guam"),
        pytest.param("+13405550100", {"VI", "US"}, {"CA"}, id="US Virgin Islands"),
        pytest.param("+18005550100", {"US", "CA", "PR", "BS"}, {"GB"}, id="toll-free of the North American plan"),
        pytest.param("+441534456789", {"JE", "GB"}, {"GG"}, id="Jersey"),
        pytest.param("+441481256789", {"GG", "GB"}, {"JE"}, id="Guernsey"),
        pytest.param("+441624756789", {"IM", "GB"}, {"JE"}, id="Man"),
        pytest.param("+448081570123", {"GB", "GG"}, {"IE"}, id="GB, toll-free"),
        pytest.param("+443001234567", {"GB", "GG"}, {"IE"}, id="GB, 03"),
        pytest.param("+611800160401", {"AU", "CC", "CX"}, {"NZ"}, id="AU, 1800"),
        pytest.param("+61412345678", {"AU", "CC", "CX"}, {"NZ"}, id="AU, mobile"),
        pytest.param("+393123456789", {"IT", "VA"}, {"SM"}, id="IT, mobile"),
        pytest.param("+4740612345", {"NO", "SJ"}, {"SE"}, id="NO, mobile"),
        pytest.param("+358401234567", {"FI", "AX"}, {"SE"}, id="FI, mobile"),
        pytest.param("+35818123456", {"AX", "FI"}, {"SE"}, id="Åland"),
        pytest.param("+71234567890", {"RU", "KZ"}, {"UA"}, id="+7, not assigned"),
        pytest.param("+441111111111", _ISLANDS, {"IE"}, id="+44, invented"),
    ],
)
def test_a_number_of_a_shared_plan_may_be_of_several_countries(number, some, others):
    countries = e164.countries_of(number)
    assert some <= countries and not others & countries
    assert e164.country_of(number) is None


@pytest.mark.parametrize("number", ["12345", "", "+80012345678", "+2101234567", "4155550100"])
def test_no_country_is_known_of_what_is_in_no_country_s_plan(number):
    assert e164.countries_of(number) == frozenset()


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.integers(0, 9), st.data())
def test_the_countries_are_those_for_which_the_library_finds_the_digits_valid(region, kind, data):
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None:
        return
    digits = list(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))
    digits[data.draw(st.integers(4, len(digits) - 1))] = data.draw(st.sampled_from("0123456789"))
    number = "".join(digits)
    parsed = phonenumbers.parse(number)
    regions = [code for code in phonenumbers.region_codes_for_country_code(parsed.country_code) if code.isalpha()]
    valid = {code for code in regions if phonenumbers.is_valid_number_for_region(parsed, code)}
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number and valid:
        assert valid <= e164.countries_of(number)
        assert e164.countries_of(number) - valid <= {"AU", "FI", "GB", "IT", "NO", "US"} or len(regions) == 1


@pytest.mark.parametrize("value", ["+52 1 331 234 5678", "+1415555010", "+44 (0)20 7946 0018", "+123456789012345"])
def test_what_a_provider_may_list_can_be_named_whatever_its_country_s_plan_says(value, refused):
    named = e164.parse_named(value)
    assert e164.is_e164(named) and e164.parse_named(named) == named
    with refused("invalid_option"):
        e164.parse_input(value)
    with refused("invalid_option"):
        e164.check_length(named)


@pytest.mark.parametrize(
    "value",
    [
        "+123456",
        "+1234567890123456",
        "12",
        "1234567",
        "0014155550100",
        "+1415555010O",
        14155550100,
        "+１４１５５５５０１００",
    ],
)
def test_what_no_provider_can_list_cannot_be_named(value, refused):
    with refused("invalid_option"):
        e164.parse_named(value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ACME", True),
        ("Acme 24", True),
        ("Ünal", True),
        ("+14155550100", False),
        ("", False),
        ("tel:+14155550100", False),
        ("PN46701740901", False),
        ("12345", False),
        ("+", False),
        ("a" * 12, False),
        ("a\nb", False),
        ("٤٦٧", False),
    ],
)
def test_a_sender_s_name_is_no_number(text, name):
    assert e164.is_name(text) is name


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("+18005550100", id="toll-free of the North American plan"),
        pytest.param("+18885550100", id="another toll-free range"),
        pytest.param("+80012345678", id="international freephone"),
        pytest.param("+883510000000094", id="international network"),
        pytest.param("+2101234567", id="no such country code"),
        pytest.param("+11115550100", id="no such area of a shared plan"),
        pytest.param("12345", id="short code"),
        pytest.param("", id="nothing"),
    ],
)
def test_the_country_is_null_where_the_plan_does_not_decide(number):
    assert e164.country_of(number) is None


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("14155550100", "+14155550100"),
        ("+14155550100", "+14155550100"),
        ("12345", "12345"),
        ("112", "112"),
        ("46700000000", "+46700000000"),
    ],
)
def test_a_provider_spelling_becomes_e164_and_a_short_code_stays(digits, number):
    assert e164.from_provider(digits) == number


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("+14155550100", "4155550100"),
        ("+442079460018", "2079460018"),
        ("+390612345678", "0612345678"),
        ("12345", None),
        ("+2101234567", None),
    ],
)
def test_national_digits_have_no_country_code_and_no_trunk_zero(number, digits):
    assert e164.national_digits(number) == digits


@pytest.mark.parametrize(
    ("area", "country", "bare"),
    [
        ("020", "GB", "20"),
        ("20", "GB", "20"),
        ("030", "DE", "30"),
        ("06", "IT", "06"),
        ("415", "US", "415"),
        ("0", "US", "0"),
        ("020", None, "020"),
        ("020", "ZZ", "020"),
    ],
)
def test_only_a_trunk_zero_is_taken_off_an_area_code(area, country, bare):
    assert e164.without_trunk_zero(area, country) == bare


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("US", True),
        ("GB", True),
        ("us", False),
        ("USA", False),
        ("ZZ", False),
        ("001", False),
        ("", False),
        ("+1", False),
    ],
)
def test_a_country_is_an_iso_alpha_2_code(code, known):
    assert e164.is_country(code) is known


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("+1234567", True),
        ("+123456789012345", True),
        ("+123456", False),
        ("+1234567890123456", False),
        ("+0123456789", False),
        ("14155550100", False),
    ],
)
def test_e164_is_a_plus_and_seven_to_fifteen_digits(text, form):
    assert e164.is_e164(text) is form


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("(0)20 7946 0018", "GB", "+442079460018"),
        ("415-555-0100", "US", NUMBER),
        ("1 415 555 0100", "US", NUMBER),
        ("06 1234 5678", "IT", "+390612345678"),
        ("8 495 123-45-67", "RU", "+74951234567"),
        (NUMBER, "GB", NUMBER),
        ("12345", "SE", "12345"),
        ({"number": NUMBER}, "GB", NUMBER),
    ],
)
def test_with_a_country_a_number_may_be_written_as_people_there_dial_it(text, country, number):
    assert e164.parse_input(text, country) == number


@pytest.mark.parametrize(
    ("text", "country"),
    [
        pytest.param("0044 20 7946 0018", "GB", id="dialling prefix 00"),
        pytest.param("011 44 20 7946 0018", "US", id="dialling abroad"),
        pytest.param("020 7946", "GB", id="too short"),
        pytest.param("020 7946 0018 0018", "GB", id="too long"),
        pytest.param("0800 FLOWERS", "GB", id="letters"),
        pytest.param("0", "GB", id="one digit"),
        pytest.param("415 555 0100", "UK", id="no such country"),
        pytest.param(NUMBER, "us", id="country in small letters"),
        pytest.param("020 7946 0018", "", id="country empty"),
        pytest.param(2079460018, "GB", id="an integer"),
    ],
)
def test_with_a_country_what_is_not_surely_one_number_is_refused(text, country, refused):
    with refused("invalid_option"):
        e164.parse_input(text, country)


@given(
    st.sampled_from(
        [region for region in sorted(phonenumbers.SUPPORTED_REGIONS) if phonenumbers.example_number(region)]
    )
)
def test_the_example_number_of_every_country_is_read_in_its_national_form(region):
    example = phonenumbers.example_number(region)
    national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    expected = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert e164.parse_input(national, region) in (expected, "".join(filter(str.isdigit, national)))


@pytest.mark.parametrize(
    ("number", "international", "national"),
    [
        ("+442079460018", "+44 20 7946 0018", "020 7946 0018"),
        (NUMBER, "+1 415-555-0100", "(415) 555-0100"),
        ("+390612345678", "+39 06 1234 5678", "06 1234 5678"),
        ("12345", "12345", "12345"),
        ("+2101234567", "+2101234567", "+2101234567"),
    ],
)
def test_a_number_is_displayed_as_people_write_it(number, international, national):
    assert (e164.display(number), e164.display(number, national=True)) == (international, national)


@given(st.sampled_from(_EXAMPLES))
def test_a_displayed_number_reads_as_itself(example):
    assert e164.parse_input(e164.display(example)) == example


@pytest.mark.parametrize(
    ("country", "other", "shared"),
    [("US", "PR", True), ("GB", "JE", True), ("SE", "SE", True), ("CH", "LI", False), ("SE", "XX", False)],
)
def test_countries_share_a_plan_when_they_have_one_country_code(country, other, shared):
    assert e164.share_a_plan(country, other) is shared
