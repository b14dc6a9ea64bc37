# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: how long a price is good for, and whether what is charged is what was quoted. Pure."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from .._core.errors import Failure
from .._core.model import Number, Offer

PRICE_LIFETIME = 60.0  # seconds


def is_within(now: Offer, quoted: Offer) -> bool:
    """Whether what an offer costs *now* is no more than was *quoted*; a price that was unknown may stay unknown."""
    pairs = zip(now.prices[:3], quoted.prices[:3])
    return now.currency == quoted.currency and all(_no_more(one, other) for one, other in pairs)


def _no_more(now: Decimal | None, quoted: Decimal | None) -> bool:
    return now == quoted or now is not None and quoted is not None and now <= quoted


def check_charge(offer: Offer, numbers: t.Iterable[Number]) -> None:
    """Raise Failure ``price_changed`` when a bought number costs something else than was quoted."""
    for number in numbers:
        for what, quoted, charged in _compared(offer, number):
            if quoted != charged:
                raise Failure(
                    "price_changed",
                    f"{number.number} was bought, but its {what} is {charged} where {quoted} was quoted: "
                    "nothing more is bought, check the price.",
                )


def _compared(offer: Offer, number: Number) -> list[tuple[str, t.Any, t.Any]]:
    """What was quoted and what is charged, where both are known; the currency only beside a price."""
    pairs = [(what, getattr(offer, what), getattr(number, what)) for what in ("monthly_price", "setup_price")]
    facts = [pair for pair in pairs if None not in pair]
    if facts and offer.currency and number.currency:
        facts.append(("currency", offer.currency, number.currency))
    return facts
