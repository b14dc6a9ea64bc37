# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that write numbers and add prices."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from ansible.errors import AnsibleFilterError
from ansible.module_utils.basic import missing_required_lib

from ..module_utils._core import e164 as _e164
from ..module_utils._core import money
from ..module_utils._core.errors import Failure, one_line

STYLES = ("international", "national")
PRICES = ("monthly_price", "setup_price", "due_now")
UNKNOWN = ("fail", "skip")


def e164(value: t.Any, country: str | None = None) -> t.Any:
    """Return a number, or each one of a list, in E.164 form.

    Raises AnsibleFilterError for a value that is not surely a number.
    """
    code = None if country in (None, "") else _text("country", country).upper()
    return _each(value, lambda item: _parsed(item, code))


def display(value: t.Any, style: str = "international") -> t.Any:
    """Return a number, or each one of a list, as people write it.

    Raises AnsibleFilterError for a value that is no number at all.
    """
    _choice("style", style, STYLES)
    return _each(value, lambda item: _e164.display(_owned(item), national=style == "national"))


def price_totals(values: t.Any, attribute: str = "monthly_price", unknown: str = "fail") -> dict[str, str]:
    """Return the sums of the price *attribute* of numbers or offers, by currency, as decimal strings.

    Raises AnsibleFilterError for an unknown price, unless *unknown* is ``skip``.
    """
    _choice("attribute", attribute, PRICES)
    _choice("unknown", unknown, UNKNOWN)
    if not isinstance(values, t.Iterable) or isinstance(values, (str, bytes, t.Mapping)):
        raise AnsibleFilterError("price_totals takes a list of numbers or offers as the modules return them.")
    prices: dict[str, list[tuple[Decimal | None, int]]] = {}
    for value in values:
        if not isinstance(value, t.Mapping):
            raise AnsibleFilterError(
                "price_totals takes numbers or offers as the modules return them: a member of the list is no mapping."
            )
        price, currency = _price(value, attribute), value.get("currency")
        if price is not None and currency:
            prices.setdefault(str(currency), []).append((price, 1))
        elif unknown == "fail":
            what = (
                f"{attribute} of {_name(value)}" if price is None else f"currency of the {attribute} of {_name(value)}"
            )
            raise AnsibleFilterError(
                f"The {what} is not known, so there is no total: leave what is not known out with unknown='skip', and "
                "say so."
            )
    return {currency: str(money.text(money.total(prices[currency]))) for currency in sorted(prices)}


def _each(value: t.Any, function: t.Callable[[t.Any], str]) -> t.Any:
    if _e164.PHONENUMBERS_ERROR is not None:
        raise AnsibleFilterError(missing_required_lib("phonenumbers")) from _e164.PHONENUMBERS_ERROR
    if isinstance(value, t.Iterable) and not isinstance(value, (str, bytes, t.Mapping)):
        return [function(item) for item in value]
    return function(value)


def _parsed(value: t.Any, country: str | None = None) -> str:
    try:
        return _e164.parse_input({"number": value.get("number")} if isinstance(value, t.Mapping) else value, country)
    except Failure as failure:
        raise AnsibleFilterError(one_line(failure.message)) from None


def _owned(value: t.Any) -> str:
    """Return a number as a provider lists it, whatever its length, or else the number that *value* means."""
    try:
        return _e164.parse_input({"number": value})
    except Failure:
        return _parsed(value)


def _price(value: t.Mapping[str, t.Any], attribute: str) -> Decimal | None:
    try:
        return money.amount(value.get(attribute))
    except ValueError as error:
        raise AnsibleFilterError(
            f"The {attribute} of {_name(value)}: {error}; amounts are decimals in strings."
        ) from None


def _name(value: t.Mapping[str, t.Any]) -> str:
    return str(value.get("number") or value.get("id") or "a number without a name")


def _text(option: str, value: t.Any) -> str:
    if not isinstance(value, str):
        raise AnsibleFilterError(f"{option} must be a string, not {value!r}: quote it.")
    return value


def _choice(option: str, value: t.Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise AnsibleFilterError(f"{option} must be one of {', '.join(choices)}, not {value!r}.")


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"e164": e164, "display": display, "price_totals": price_totals}
