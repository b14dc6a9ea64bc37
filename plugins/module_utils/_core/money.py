# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: decimal amounts. No function here rounds an amount or adds amounts of different currencies."""

from __future__ import annotations

import typing as t
from decimal import Context, Decimal, InvalidOperation

from .errors import Failure

# 100 digits are more than any total of amounts that ``amount`` accepts has; the usual 28 would round.
_EXACT = Context(prec=100)


def amount(value: t.Any) -> Decimal | None:
    """Return a provider's or a user's price as a Decimal, None for None.

    Accepts decimal strings, integers and Decimals of zero or more. Raises ValueError for everything else: a float has
    already lost digits, and NaN, an infinity or a negative amount is no price.
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
    """Return *value* as an exact decimal string, without an exponent and without trailing zeros after the point."""
    if value is None:
        return None
    plain = format(value if value else value.copy_abs(), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def total(prices: t.Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """Return the sum of price times quantity, or None when a price is unknown. All prices have the same currency."""
    result = Decimal(0)
    for price, quantity in prices:
        if price is None:
            return None
        result = _EXACT.fma(price, quantity, result)
    return result


def plus(*prices: Decimal | None) -> Decimal | None:
    """Return the sum of *prices* in one currency, or None when one of them is unknown."""
    return total((price, 1) for price in prices)


def parse_limit(option: str, value: t.Any) -> Decimal | None:
    """Return *value*, the limit that a user gave in *option*, as a Decimal. None stays None.

    Raises Failure ``invalid_option`` for a value that is no decimal amount in a string.
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
