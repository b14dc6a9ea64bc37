# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: the user's own prices (option ``price_list``), for numbers and offers that the provider gives no price."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from decimal import Decimal

from . import e164, money
from .errors import Failure
from .model import NUMBER_TYPES, Number, Offer
from .selector import Selector
from .words import nearest

KEYS = ("country", "type", "currency", "monthly", "setup", "where")
_Record = t.TypeVar("_Record", Number, Offer)


class Price(t.NamedTuple):
    """The price of a number: *monthly* rent and *setup*, in *currency* (ISO 4217).

    It is for numbers of *country* and *type* (None: any) whose record has the values of *where* in the provider's own
    fields.
    """

    currency: str
    monthly: Decimal
    setup: Decimal
    country: str | None = None
    type: str | None = None
    where: t.Mapping[str, str] = {}


def parse(entries: t.Any) -> tuple[Price, ...]:
    """Return the prices of the option ``price_list``. Raises Failure ``invalid_option`` that names the entry."""
    if not isinstance(entries, (list, tuple)):
        raise Failure("invalid_option", "price_list must be a list of entries, like {country: US, monthly: '1.00'}.")
    return tuple(_price(place, entry) for place, entry in enumerate(entries, 1))


def _price(place: int, entry: t.Any) -> Price:
    where = f"price_list, entry {place}"
    if not isinstance(entry, dict):
        raise Failure("invalid_option", f"{where} must be a dictionary with {', '.join(KEYS)}.")
    for key in entry:
        if key not in KEYS:
            hint = nearest(str(key), KEYS)
            raise Failure("invalid_option", f"{where} has the unknown key {key!r}{hint}: use {', '.join(KEYS)}.")
    given = {key: value for key, value in entry.items() if value != ""}
    country, kind, currency = given.get("country"), given.get("type"), given.get("currency")
    if country is not None and not (isinstance(country, str) and e164.is_country(country.upper())):
        raise Failure("invalid_option", f"{where}: country {country!r} must be an ISO alpha-2 code in quotes: 'US'.")
    if kind is not None and kind not in NUMBER_TYPES:
        hint = nearest(str(kind), NUMBER_TYPES)
        raise Failure("invalid_option", f"{where}: type {kind!r} is unknown{hint}: use {', '.join(NUMBER_TYPES)}.")
    if not (isinstance(currency, str) and re.match(r"[A-Za-z]{3}\Z", currency)):
        raise Failure("invalid_option", f"{where}: currency {currency!r} must be an ISO 4217 code, like 'USD'.")
    monthly = money.parse_limit(f"{where}: monthly", entry.get("monthly"))
    if monthly is None:
        raise Failure("invalid_option", f"{where} has no monthly price: give one in a string, like '1.00'.")
    setup = money.parse_limit(f"{where}: setup", entry.get("setup")) or Decimal(0)
    fields = entry.get("where") or {}
    if not isinstance(fields, dict):
        raise Failure("invalid_option", f"{where}: where must be a dictionary of the provider's own fields.")
    own = {str(key): str(value) for key, value in fields.items()}
    return Price(currency.upper(), monthly, setup, country.upper() if country else None, kind, own)


def check_fields(prices: t.Iterable[Price], fields: t.Collection[str], provider: str) -> None:
    """Raise Failure ``invalid_option`` for a field of ``where`` that the provider's records do not have."""
    for price in prices:
        unknown = sorted(set(price.where) - set(fields))
        if unknown:
            offered = ", ".join(sorted(fields)) or "none"
            raise Failure("invalid_option", f"price_list: where has {', '.join(unknown)}: {provider} has {offered}.")


def priced(record: _Record, prices: t.Iterable[Price], fields: t.Mapping[str, str]) -> _Record:
    """Return *record* with the first of *prices* that fits, where the provider says no monthly price of it.

    A set-up price that it says stays; one of zero is what an API without set-up prices says, too. *fields* are the
    fields of the provider's records that ``where`` may name. A price that does not name such a field fits only records
    that have the field's value in *fields*.
    """
    if record.monthly_price is not None:
        return record
    for price in prices:
        own = {**fields, **price.where}
        fits = all(str(record.raw.get(field, "")) == value for field, value in own.items())
        told = record.setup_price or None
        comparable = told is None or record.currency == price.currency
        if fits and comparable and Selector(country=price.country, type=price.type).match(record) is True:
            return _with(record, price, price.setup if told is None else told)
    return record


def _with(record: _Record, price: Price, setup: Decimal) -> _Record:
    facts: dict[str, t.Any] = {"monthly_price": price.monthly, "setup_price": setup, "currency": price.currency}
    if isinstance(record, Offer) and record.due_now is None:
        facts["due_now"] = money.plus(price.monthly, setup)
    return dataclasses.replace(record, **facts)
