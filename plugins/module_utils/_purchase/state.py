# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: where a purchase stands. Pure: each transition returns the state as it is afterwards."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.model import Number, Offer
from .._journal import entries as log
from .._journal.entries import Entry, Part
from .._operations.linking import Done
from .book import Book
from .papers import OfferClass, class_of
from .quote import Line, Quote
from .tally import Tally


@dataclasses.dataclass(frozen=True)
class State:
    """What a task knows of its account and what it has done there: counted, quoted, ordered, settled, linked.

    ``orders`` are the ids of the orders that it placed or took over, ``lines`` what it bought or holds, ``holds`` its
    reservations that are not checked out, ``numbers`` the bought numbers known so far, ``joined`` the digits of those
    that it linked. ``first`` is what was there at the beginning.
    """

    book: Book
    first: Tally | None = None
    places: t.Mapping[str, int] = dataclasses.field(default_factory=dict)  # of offers, as they were quoted
    caps: t.Mapping[str, int] = dataclasses.field(default_factory=dict)  # how many there can be of an offer at most
    struck: frozenset[OfferClass] = frozenset()  # what the provider refused for its papers
    lines: tuple[Line, ...] = ()
    holds: tuple[tuple[Line, str], ...] = ()
    orders: tuple[str, ...] = ()
    numbers: t.Mapping[str, Number] = dataclasses.field(default_factory=dict)
    joined: tuple[str, ...] = ()
    changed: bool = False
    judged: frozenset[str] = frozenset()  # lines of its own orders whose end is known, and was counted
    barren: int = 0  # how many rounds of orders in a row have failed whole

    # -- questions -----------------------------------------------------------------------------------------------------

    @property
    def quantity(self) -> int:
        """How many numbers are bought or held."""
        return sum(line.quantity for line in self.lines)

    def quoted_lines(self) -> tuple[Line, ...]:
        """What is bought or held, in the order of the quotes: bought side by side, lines come in any order."""
        return tuple(sorted(self.lines, key=lambda line: self.places.get(line.offer.id, -1)))

    def own_parts(self) -> list[Part]:
        """The lines of this task's orders, closed ones included."""
        return [part for order in self.orders for part in self.book.entries[order].parts]

    def own_unlisted(self) -> list[Part]:
        """Orders that this task has bought and that the list does not show whole."""
        return [entry for entry in self.own_parts() if entry.status == log.FULFILLED and self.book.missing(entry)]

    def own_names(self) -> set[str]:
        """The numbers that this task has bought, as far as their digits are known."""
        return {name for entry in self.own_parts() for name in entry.known()} | set(self.numbers)

    def similar_owned(self, offer: Offer) -> list[str]:
        """Owned numbers that could be mistaken for numbers of *offer*: the before-set of an order."""
        known = {name for entry in self.own_parts() for name in entry.numbers}
        belongs = self.book.provider.belongs
        return sorted(known | {name for name, number in self.book.owned.items() if belongs(number, offer)})

    def capped(self, offer: Offer) -> Offer:
        """*offer* with the stock that it can have after what was refused of it, whatever a late catalogue says."""
        cap = self.caps.get(offer.id, offer.stock)
        return offer if offer.stock <= cap else dataclasses.replace(offer, stock=cap)

    # -- transitions ---------------------------------------------------------------------------------------------------

    def counted(self, tally: Tally) -> State:
        """With *tally*, which is what was there at the beginning when it is the first one."""
        return dataclasses.replace(self, first=self.first or tally)

    def quoted(self, quote: Quote) -> State:
        """With *quote*, which is about to be bought."""
        places = dict(self.places)
        for line in quote.lines:
            places.setdefault(line.offer.id, len(places))
        return dataclasses.replace(self, places=places)

    def predicted(self, quote: Quote) -> State:
        """With the lines of *quote* as if they had been bought."""
        return dataclasses.replace(self, lines=(*self.lines, *quote.lines))

    def refused(self, lines: t.Iterable[Line]) -> State:
        """With each of *lines* known to be more than there is."""
        return dataclasses.replace(self, caps={**self.caps, **{line.offer.id: line.quantity - 1 for line in lines}})

    def refused_papers(self, lines: t.Iterable[Line]) -> State:
        """With all offers like those of *lines* struck: the provider wants papers that the purchase did not name."""
        return dataclasses.replace(self, struck=self.struck | {class_of(line.offer) for line in lines})

    def intended(self, entry: Entry) -> State:
        """With the order *entry*, which is about to be sent."""
        return dataclasses.replace(self, book=self.book.with_entry(entry), orders=(*self.orders, entry.id))

    def ordered(self, lines: t.Iterable[Line], numbers: t.Iterable[Number] = ()) -> State:
        """With *lines* bought; *numbers* are those that the provider named."""
        bought = {**self.numbers, **{number.number: number for number in numbers}}
        return dataclasses.replace(self, lines=(*self.lines, *lines), numbers=bought, changed=True)

    def lost(self, parts: t.Sequence[Part]) -> State:
        """Without what failed of *parts*, its lines of orders that are new or have ended since: it is not to be had."""
        failed = [part for part in parts if part.status == log.FAILED]
        offers = {part.offer["id"] for part in failed}
        ended = {part.id for part in parts if part.status in (log.FAILED, log.FULFILLED, log.CLOSED)}
        return dataclasses.replace(
            self,
            lines=tuple(line for line in self.lines if line.offer.id not in offers),
            caps={**self.caps, **dict.fromkeys(offers, 0)},
            judged=self.judged | ended,
            barren=self.barren + 1 if len(failed) == len(parts) else 0,
        )

    def held(self, line: Line, reference: str) -> State:
        """With *line* reserved."""
        return dataclasses.replace(self, lines=(*self.lines, line), holds=(*self.holds, (line, reference)))

    def checked_out(self) -> State:
        """With what was held bought."""
        return dataclasses.replace(self, holds=(), changed=True)

    def taken_over(self, identity: str) -> State:
        """With a line of an earlier task's order that this one has carried out."""
        book = self.book.answered(identity, log.FULFILLED)
        order = book.part(identity).order_id
        known = self.orders if order in self.orders else (*self.orders, order)
        return dataclasses.replace(self, book=book, orders=known)

    def settled(
        self,
        identity: str,
        status: str,
        numbers: t.Iterable[str] = (),
        message: str | None = None,
        code: str | None = None,
    ) -> State:
        """With what is known of an order now."""
        return dataclasses.replace(self, book=self.book.answered(identity, status, numbers, message, code))

    def withdrawn(self, order: str) -> State:
        """Without an order on which the provider did not act."""
        left = tuple(identity for identity in self.orders if identity != order)
        return dataclasses.replace(self, book=self.book.withdrawn(order), orders=left)

    def dropped(self, identities: t.Iterable[str]) -> State:
        """With lines of an earlier task's order known to bring nothing."""
        book = self.book
        for identity in identities:
            book = book.answered(identity, log.FAILED)
        return dataclasses.replace(self, book=book)

    def identified(self, order: str, provider_order: str) -> State:
        """With the provider's id of an order."""
        entry = dataclasses.replace(self.book.entries[order], order=provider_order)
        return dataclasses.replace(self, book=self.book.with_entry(entry))

    def reopened(self, entries: t.Iterable[Entry]) -> State:
        """With the open *entries* of the journal. What another task has closed meanwhile stays closed."""
        still_open = {entry.id: entry for entry in entries}
        own = {order: self.book.entries[order] for order in self.orders if order not in still_open}
        closed = {order: entry.closed() if entry.is_open else entry for order, entry in own.items()}
        return dataclasses.replace(self, book=dataclasses.replace(self.book, entries={**closed, **still_open}))

    def collected(self) -> State:
        """With the bought numbers as the list shows them or, where it does not, as their orders tell."""
        numbers = dict(self.numbers)
        for entry in self.own_parts():
            for name in entry.known() if entry.is_definite or entry.status == log.CLOSED else ():
                numbers[name] = self.book.owned.get(name) or numbers.get(name) or self.book.number_of(entry, name)
        return dataclasses.replace(self, numbers=numbers)

    def linked(self, done: Done) -> State:
        """With the numbers whose links were changed."""
        book = self.book.read_singly(done.after.values())
        numbers = {**self.numbers, **{name: book.owned[name] for name in done.after if name in self.numbers}}
        joined = tuple(sorted({*self.joined, *done.after}))
        changed = self.changed or done.changed
        return dataclasses.replace(self, book=book, numbers=numbers, joined=joined, changed=changed)
