# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: the selector, whose keys mean the same for offers and for owned numbers."""

from __future__ import annotations

import re
import typing as t

from . import e164
from .errors import Failure
from .model import CAPABILITIES, NUMBER_TYPES, Number, Offer
from .words import nearest

# In the order of the fields of Selector
KEYS = ("country", "type", "capabilities", "prefix", "region", "city", "contains")


class Selector(t.NamedTuple):
    """The facts that a number must have. A key that is None (or without capabilities) accepts any value."""

    country: str | None = None
    type: str | None = None
    capabilities: tuple[str, ...] = ()
    prefix: str | None = None
    region: str | None = None
    city: str | None = None
    contains: str | None = None

    def keys(self) -> tuple[str, ...]:
        """Return the keys that have a value."""
        return tuple(key for key, value in zip(KEYS, self) if value)

    def facts(self) -> dict[str, t.Any]:
        """Return the keys that have a value, with their values."""
        return {key: getattr(self, key) for key in self.keys()}

    def match(self, record: Number | Offer, already_filtered: t.Collection[str] = ()) -> bool | None:
        """Return whether *record* matches, or None when the record lacks a fact that would decide it.

        *already_filtered* are keys by which the provider has filtered the records; they are not compared again.
        """
        if not any(self):
            return True
        verdicts = [_RULES[key](getattr(self, key), record) for key in self.keys() if key not in already_filtered]
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def missing_facts(self, record: Number | Offer) -> tuple[str, ...]:
        """Return the keys that *record* does not decide, for a message.

        A key is followed by the provider's word for the fact, when the record has one that this collection does not
        know.
        """
        keys = [key for key in self.keys() if _RULES[key](getattr(self, key), record) is None]
        return tuple(
            f"{key} ({record.provider} says {record.words[key]!r})" if key in record.words else key for key in keys
        )

    def narrowed(self, records: t.Iterable[_Record], already_filtered: t.Collection[str] = ()) -> list[_Record]:
        """Return the *records* that surely match."""
        return [record for record in records if self.match(record, already_filtered)]


_Record = t.TypeVar("_Record", Number, Offer)

_MISNAMED = {"UK": "GB", "EN": "GB", "GBR": "GB", "EL": "GR", "USA": "US", "DEU": "DE"}  # and what ISO calls them


def prefix_hint(selector: Selector) -> str:
    """What a prefix that nothing matches may have too much, as a sentence; empty where nothing says so."""
    code = e164.calling_code(selector.country) if selector.country else None
    if not code or not selector.prefix or not selector.prefix.startswith(code):
        return ""
    rest = selector.prefix[len(code) :]
    instead = f"set prefix: '{rest}'" if rest else "leave the prefix out"
    return f"The prefix {selector.prefix!r} begins with {code}, the country code of {selector.country}: {instead}."


def parse(options: t.Mapping[str, t.Any]) -> Selector:
    """Return the selector in a task's *options*. Raises Failure ``invalid_option``, which names the wrong option."""
    country = options.get("country") or None
    if country is not None and not e164.is_country(country.upper()):
        meant = _MISNAMED.get(country.upper())
        hint = f" {meant!r} is meant." if meant else ""
        raise Failure(
            "invalid_option",
            f"country {country!r} is not an ISO 3166-1 alpha-2 code of a country with telephone numbers: use two "
            f"letters, like 'US'.{hint}",
        )
    number_type = options.get("type") or None
    if number_type is not None and number_type not in NUMBER_TYPES:
        raise Failure(
            "invalid_option",
            f"type {number_type!r} is unknown{nearest(number_type, NUMBER_TYPES)}: use one of "
            f"{', '.join(NUMBER_TYPES)}.",
        )
    prefix = _digits(options, "prefix", "national digits without country code and trunk zero")
    if (
        prefix
        and prefix.startswith("0")
        and (country is None or e164.without_trunk_zero(prefix, country.upper()) != prefix)
    ):
        kept = "" if country else " Where it is one, as in Italy, set 'country'."
        raise Failure(
            "invalid_option",
            f"prefix {prefix!r} begins with a trunk zero: leave the zero out, it is not part of the number.{kept}",
        )
    return Selector(
        country=country.upper() if country else None,
        type=number_type,
        capabilities=_capabilities(options.get("capabilities") or ()),
        prefix=prefix,
        region=_words(options, "region"),
        city=_words(options, "city"),
        contains=_digits(options, "contains", "digits"),
    )


def _capabilities(given: str | t.Iterable[t.Any]) -> tuple[str, ...]:
    """Return the capabilities in a list or a text of words; case does not matter, commas or spaces separate them."""
    texts = [given] if isinstance(given, str) else [str(item) for item in given]
    words = {word for text in texts for word in re.split(r"[,\s]+", text) if word}
    unknown = sorted(word for word in words if word.lower() not in CAPABILITIES)
    if unknown:
        hint = nearest(unknown[0], CAPABILITIES)
        raise Failure(
            "invalid_option",
            f"capabilities {', '.join(map(repr, unknown))} unknown{hint}: use {', '.join(CAPABILITIES)}.",
        )
    return tuple(sorted({word.lower() for word in words}))


def _digits(options: t.Mapping[str, t.Any], key: str, what: str) -> str | None:
    value = options.get(key) or None
    if value is None:
        return None
    if not re.match(r"[0-9]{1,15}\Z", value):
        raise Failure("invalid_option", f"{key} {value!r} must be {what}, like '415'.")
    return str(value)


def _words(options: t.Mapping[str, t.Any], key: str) -> str | None:
    value = (options.get(key) or "").strip()
    if any(ord(char) < 32 for char in value) or len(value) > 100:
        raise Failure("invalid_option", f"{key} must be a name of at most 100 printable characters.")
    return value or None


def _equal(wanted: str, fact: str | None) -> bool | None:
    return None if fact is None else fact.casefold() == wanted.casefold()


def _in_country(wanted: str, record: Number | Offer) -> bool | None:
    """Return whether *record* is of the *wanted* country, or None when that is unknown.

    The country of the record decides. If it names none, the countries that its digits may belong to decide: digits of
    a plan that several countries share are in each of these countries.
    """
    if record.country is None and record.number:
        countries = e164.countries_of(record.number)
        return wanted in countries if countries else None
    return _equal(wanted, record.country)


def _has_all(wanted: t.Sequence[str], record: Number | Offer) -> bool | None:
    if record.capabilities is None:
        return None
    lacking = set(wanted) - set(record.capabilities)
    return None if lacking and lacking <= set(record.untold) else not lacking


def _has_prefix(prefix: str, record: Number | Offer) -> bool | None:
    """Return whether the national digits begin with *prefix*, or None when that is unknown.

    A record of one number has these digits. A group has an area code alone, which may be shorter than *prefix*.
    """
    if record.number:
        digits = e164.national_digits(record.number)
        return None if digits is None else digits.startswith(prefix)
    if record.area_code is None:
        return None
    if record.area_code.startswith(prefix):
        return True
    return None if prefix.startswith(record.area_code) else False


def _contains(digits: str, record: Number | Offer) -> bool | None:
    return digits in record.number if record.number else None


_RULES: t.Mapping[str, t.Callable[[t.Any, Number | Offer], bool | None]] = {
    "country": _in_country,
    "type": lambda wanted, record: _equal(wanted, record.type),
    "capabilities": _has_all,
    "prefix": _has_prefix,
    "region": lambda wanted, record: _equal(wanted, record.region),
    "city": lambda wanted, record: _equal(wanted, record.city),
    "contains": _contains,
}
