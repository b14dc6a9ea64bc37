# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: telephone numbers in E.164 form, and the facts that the numbering plan has of them (phonenumbers)."""

from __future__ import annotations

import functools
import re
import typing as t
import unicodedata

from .errors import Failure

try:
    import phonenumbers

    PHONENUMBERS_ERROR: ImportError | None = None
except ImportError as _error:
    PHONENUMBERS_ERROR = _error

_E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_SHORT_CODE = re.compile(r"[0-9]{3,6}\Z")
_OWNED = re.compile(r"\+?[0-9]{1,15}\Z")
_NAME = re.compile(
    r"(?=.*[^\W\d_])(?!(?:\D*\d){5})[\w !-/:-@\[-`{-~]{1,11}\Z"
)  # the name of an alphanumeric sender: 11 characters at most, and few digits
_PUNCTUATION = "\t.()[]\u00ad\u2212"  # removed from numbers, and so is each space and dash of Unicode
_EXAMPLE = "write it as a quoted string in international form, like '+14155550100'"


def is_e164(text: str) -> bool:
    """Whether *text* has the form of an E.164 number with its plus sign."""
    return bool(_E164.match(text))


def parse_input(value: t.Any, country: str | None = None) -> str:
    """Return the number that a user wrote as *value*: E.164 with ``+``, or the digits of a short code.

    *value* is a string, or a number object as the modules return it, whose ``number`` is returned unchanged. With
    *country*, an ISO alpha-2 code, a string without a plus sign may be written as people there dial it. Raises Failure
    ``invalid_option`` when *value* is not surely one number.
    """
    number = parse_named(value, country)
    if not isinstance(value, dict):
        check_length(number, value)
    return number


def parse_named(value: t.Any, country: str | None = None) -> str:
    """Return the number that a user wrote as *value*, as ``parse_input`` does, but without a check of its length.

    It is for numbers that may be owned: a user can name every number that a provider lists, whatever its length.
    """
    if country is not None and not is_country(country):
        raise Failure(
            "invalid_option",
            f"country {country!r} is not an ISO 3166-1 alpha-2 code of a country with telephone numbers: use 'GB', "
            "for example.",
        )
    if isinstance(value, dict):
        value = value.get("number")
        if isinstance(value, str) and _OWNED.match(value):
            return value
        raise Failure(
            "invalid_option",
            "A number object must have a 'number' that is a string, as the modules of telco.numbers return it.",
        )
    if isinstance(value, (bool, int, float)):
        raise Failure(
            "invalid_option",
            f"The number {value} is not a string, and YAML may already have changed it: quote it and {_EXAMPLE}.",
        )
    if not isinstance(value, str):
        raise Failure("invalid_option", f"A number must be a string: {_EXAMPLE}.")
    return _parse_text(value, country)


def _parse_text(value: str, country: str | None) -> str:
    text = "".join(
        char
        for char in value.strip("\r\n")
        if char not in _PUNCTUATION and unicodedata.category(char) not in ("Zs", "Pd")
    )
    if _SHORT_CODE.match(text) and not text.startswith("0"):
        return text
    if text.startswith("00"):
        raise Failure("invalid_option", f"The number {value!r} begins with the dialling prefix 00: {_EXAMPLE}.")
    if re.search(r"[^+0-9]", text):
        raise Failure("invalid_option", f"The number {value!r} has characters that are no digits: {_EXAMPLE}.")
    if not text.startswith("+"):
        if country is not None:
            return _parse_national(value, text, country)
        raise Failure(
            "invalid_option", f"The number {value!r} lacks its country code with a leading plus sign: {_EXAMPLE}."
        )
    if not is_e164(text):
        raise _wrong_length(value)
    return text


def _wrong_length(value: t.Any) -> Failure:
    return Failure(
        "invalid_option",
        f"The number {value!r} is not as long as the numbers of its country, or has a trunk zero in it: {_EXAMPLE}.",
    )


def check_length(number: str, written: t.Any = None) -> None:
    """Raise Failure ``invalid_option`` when no number of its country is as long as *number* (E.164): nobody sells it.

    *written* is the user's spelling of it, for the message.
    """
    if is_e164(number) and not _has_a_length_of_its_country(number):
        raise _wrong_length(number if written is None else written)


def is_name(text: str) -> bool:
    """Whether a provider's *text* is surely the name of an alphanumeric sender, and no telephone number."""
    return bool(_NAME.match(text))


def _parse_national(value: str, text: str, country: str) -> str:
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        parsed = None
    # Digits that begin with a prefix for calls abroad belong to another country: they are not a national number.
    if (
        parsed is None
        or parsed.country_code != phonenumbers.country_code_for_region(country)
        or not phonenumbers.is_valid_number(parsed)
    ):
        raise Failure("invalid_option", f"The number {value!r} is no national number of {country}: {_EXAMPLE}.")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def display(number: str, national: bool = False) -> str:
    """Return an E.164 *number* with spaces, as people write it: with its country code, or with *national* without it.

    A number that the numbering plan does not know is returned unchanged.
    """
    parsed = _parsed(number)
    if parsed is None:
        return number
    style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))


def from_provider(digits: str) -> str:
    """Return a provider's *digits* as E.164 with ``+``. Digits that are no E.164 number (a short code) stay as is."""
    number = "+" + digits.lstrip("+")
    return number if _E164.match(number) else digits


def _parsed(number: str) -> t.Any:
    """Return the phonenumbers object of *number*, or None for a short code and for an unknown country code."""
    if not is_e164(number):
        return None
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None


def _has_a_length_of_its_country(number: str) -> bool:
    """Whether *number* is as long as whole numbers of its country are, and has no trunk zero, which is only dialled."""
    parsed = _parsed(number)
    if (
        parsed is None
        or phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        return False
    return bool(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number)


# Providers sell and list numbers of these countries under the name of the country whose numbering plan they share.
_HOMES = {
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    **dict.fromkeys(("CC", "CX"), "AU"),
    "AX": "FI",
    "SJ": "NO",
    "VA": "IT",
}
_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


def country_of(number: str) -> str | None:
    """Return the ISO alpha-2 code of the one country that *number* can belong to, or None when there are several.

    For example, a toll-free number of the North American plan belongs to several countries at once, and providers sell
    a number of Puerto Rico as a US number.
    """
    countries = countries_of(number)
    return next(iter(countries)) if len(countries) == 1 else None


def countries_of(number: str) -> frozenset[str]:
    """Return the ISO alpha-2 codes of all countries that *number* may belong to by its digits.

    There are none for a short code and for an unknown country code. Digits that are valid in no country of a shared
    plan (invented numbers) may belong to any country of that plan.
    """
    code = _calling_code(number)
    plans = _plans(code) if code else ()
    if len(plans) > 1:
        national = number[1 + len(code) :]
        plans = tuple(plan for plan in plans if plan[1].match(national)) or plans
    return frozenset(country for region, _pattern in plans for country in (region, _HOMES.get(region, region)))


def share_a_plan(country: str, other: str) -> bool:
    """Whether numbers of the two countries begin with the same country code, as in the US and Puerto Rico."""
    code = phonenumbers.country_code_for_region(country)
    return bool(code and code == phonenumbers.country_code_for_region(other))


def _calling_code(number: str) -> str:
    """Return the country calling code of *number*, or an empty text for a short code and for an unknown code."""
    if not is_e164(number):
        return ""
    return next(
        (number[1:end] for end in (2, 3, 4) if int(number[1:end]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), ""
    )


@functools.lru_cache(maxsize=None)
def _plans(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the countries of a calling *code*, each with a pattern of its valid national numbers.

    The library's own check takes half a millisecond for a number of the North American plan: too long for a list of
    100,000.
    """
    regions = [region for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)] if region.isalpha()]
    return tuple(
        (region, _valid_numbers(phonenumbers.PhoneMetadata.metadata_for_region(region, None))) for region in regions
    )


def _valid_numbers(metadata: t.Any) -> re.Pattern[str]:
    kinds = [getattr(metadata, kind) for kind in _KINDS]
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern]
    return re.compile(rf"(?=(?:{metadata.general_desc.national_number_pattern})\Z)(?:{'|'.join(patterns)})\Z")


def national_digits(number: str) -> str | None:
    """Return the digits of *number* without country code and trunk zero, or None when the plan does not know it."""
    parsed = _parsed(number)
    return None if parsed is None else str(phonenumbers.national_significant_number(parsed))


def without_trunk_zero(area_code: str, country: str | None) -> str:
    """Return *area_code* without the trunk zero that people in *country* dial before it (GB: ``020`` gives ``20``)."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country or "", None)
    if metadata is not None and metadata.national_prefix == "0" and area_code.startswith("0"):
        return area_code[1:]
    return area_code


# What the library calls the type of a number, as far as that says something.
_GUESSES = {0: "local", 1: "mobile", 3: "tollfree", 5: "shared_cost", 6: "voip", 8: "national"}


def likely_type(number: str) -> str | None:
    """Return the type that the digits of *number* are most often sold as, None where they say nothing. A guess."""
    parsed = _parsed(number)
    return None if parsed is None else _GUESSES.get(phonenumbers.number_type(parsed))


def main_country(number: str) -> str:
    """Return the country that gives the plan of *number* its code: the US for the North American one."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(_calling_code(number) or "0"), ("",))
    return str(regions[0])


def calling_code(country: str) -> str:
    """Return the calling code of *country* without a plus sign, or an empty text when it has none."""
    code = phonenumbers.country_code_for_region(country)
    return str(code) if code else ""


def is_country(code: str) -> bool:
    """Whether *code* is an ISO alpha-2 code of a country that has telephone numbers."""
    return code in phonenumbers.SUPPORTED_REGIONS
