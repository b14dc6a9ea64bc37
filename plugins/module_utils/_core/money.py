# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: decimal amounts. Nothing is rounded here and nothing is added across currencies."""

from __future__ import annotations

import typing as t
from decimal import Context, Decimal, InvalidOperation

from .errors import Failure

_EXACT = Context(
    prec=100
)  # digits: more than any total of what ``amount`` lets through has, where the usual 28 would round


def amount(value: t.Any) -> Decimal | None:
    """Return a provider's or a user's price as a Decimal, None for None.

    Accepts decimal strings, integers and Decimals. Raises ValueError for everything else: floats have already lost
    digits, NaN, infinities and negative prices mean nothing.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError(f"{value!r} is not a decimal amount")
    try:
        result = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a decimal amount") from None
    if not result.is_finite() or result < 0 or result.adjusted() > 15 or int(result.as_tuple().exponent) < -30:
        raise ValueError(f"{value!r} is not a price")
    return result.copy_abs()


def text(value: Decimal | None) -> str | None:
    """Return the plain decimal string of *value*, exact, without an exponent or trailing zeros after the point."""
    if value is None:
        return None
    plain = format(value if value else value.copy_abs(), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def total(prices: t.Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """Return the sum of price times quantity, None as soon as one price is unknown. The caller has checked the
    currency.
    """
    result = Decimal(0)
    for price, quantity in prices:
        if price is None:
            return None
        result = _EXACT.fma(price, quantity, result)
    return result


def plus(*prices: Decimal | None) -> Decimal | None:
    """Return the sum of *prices* in one currency, None as soon as one is unknown."""
    return total((price, 1) for price in prices)


def parse_limit(option: str, value: t.Any) -> Decimal | None:
    """Return the limit a user gave in *option*. Raises Failure ``invalid_option`` unless it is a decimal in a
    string.
    """
    if value is None:
        return None
    try:
        return amount(value)
    except ValueError:
        raise Failure(
            "invalid_option",
            f"{option} must be a decimal amount of zero or more in a string, like '12.50', not {value!r}.",
        ) from None
