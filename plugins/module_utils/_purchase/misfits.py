# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: numbers that were bought for what a task wants and whose records say otherwise. Pure."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.model import Number, Offer
from .._journal import entries as log
from .._journal.entries import Part
from .._operations import links
from .book import Book, completed
from .counting import ordered_for
from .want import Want


class Misfit(t.NamedTuple):
    """A bought number that does not fit. ``number`` is its record, ``wanted`` what was ordered."""

    number: Number
    wanted: Offer
    entry: Part

    @property
    def text(self) -> str:
        """What does not fit."""
        if self.wanted.number not in (None, self.number.number):
            return f"the order {self.entry.order_id} for {self.wanted.number} brought {self.number.number}"
        told = [
            f"{key} {_shown(getattr(self.number, key))} where its offer had {_shown(getattr(self.wanted, key))}"
            for key in self.differing()
        ]
        return f"{self.number.number} (order {self.entry.order_id}) has {', '.join(told)}"

    def differing(self) -> list[str]:
        """The facts that its record tells otherwise than its offer did."""
        facts = {key: (getattr(self.number, key), getattr(self.wanted, key)) for key in log.NUMBER_FACTS}
        return [key for key, (has, had) in facts.items() if None not in (has, had) and has != had]


def _shown(value: t.Any) -> str:
    return " and ".join(value) or "none" if isinstance(value, (tuple, list)) else str(value)


def misfits(want: Want, book: Book) -> list[Misfit]:
    """What was bought for *want* and does not fit by its record."""
    if want.numbers is not None:
        return [misfit for misfit in (_renamed(book, name) for name in want.numbers) if misfit]
    return [misfit for misfit in _differing(want, book) if _concerns(want, misfit.number)]


def _concerns(want: Want, number: Number) -> bool:
    """Whether *number* is none that the task excludes or that is linked elsewhere."""
    elsewhere = want.application and links.foreign(number, want.application, want.default_application)
    return number.number not in want.exclude and not elsewhere


def _differing(want: Want, book: Book) -> t.Iterator[Misfit]:
    """Listed numbers of orders for *want* that do not match its selector by their record although their offer does."""
    said: set[str] = set()  # one of several orders of a group may have brought it
    for entry in book.open():
        offer = book.offer_of(entry)
        fits = want.selector.match(offer) or entry.wanted() == want.selector
        if entry.is_definite and ordered_for(want, entry) and fits:
            for name in book.brought_by(entry):
                if want.selector.match(completed(book.owned[name], offer)) is False and name not in said:
                    said.add(name)
                    yield Misfit(book.owned[name], offer, entry)


def _renamed(book: Book, name: str) -> Misfit | None:
    """What came instead of the ordered number *name*, None when nothing did."""
    for entry in book.open():
        others = [other for other in entry.numbers if other in book.owned]
        if entry.is_definite and entry.offer["number"] == name and others and name not in book.owned:
            return Misfit(book.owned[others[0]], book.offer_of(entry), entry)
    return None


def unfit(found: t.Sequence[Misfit]) -> Failure:
    """The failure for numbers that were bought for what is wanted, and whose records say otherwise."""
    return Failure(
        "inconsistent_list",
        f"Bought for this, but the provider's record says otherwise: {'; '.join(misfit.text for misfit in found[:5])}. "
        "It counts, and no other number is bought for it: run again later, change the selector, or give it up with "
        f"close_orders: ['{found[0].entry.order_id}'].",
    )
