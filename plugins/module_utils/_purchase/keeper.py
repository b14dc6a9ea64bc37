# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: who keeps the state of a task on an account: reads the list, and makes every change of an order durable."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from .._contract.exchange import PurchaseRequest
from .._core.errors import Failure, one_line
from .._core.link import Link
from .._core.model import Offer
from .._journal.entries import Entry, Part, new_entry, new_key, new_line
from .._journal.store import Journal
from .._operations.context import Context
from .._operations.ledger import Ledger
from .._operations.links import linkable
from . import matching, papers
from .book import Book
from .checking import own_options
from .quote import Line
from .state import State
from .want import Terms, Want


class Keeper:
    """Holds the one state of a task. Purchases that go on side by side change it one at a time, under ``lock``."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.provider = context.provider
        self.state = State(Book(context.provider))
        self.lock = threading.RLock()
        self._journal = Journal()

    @property
    def book(self) -> Book:
        """The orders and the list as they are known now."""
        return self.state.book

    def open(self, journal: Journal) -> None:
        """Work with *journal* from now on: it was opened under the lock of the account."""
        self._journal = journal
        self.state = self.state.reopened(journal.entries)

    def advance(self, transition: t.Callable[[State], State]) -> None:
        """Make a *transition*. What it changes in an order is in the journal before anything else happens."""
        with self.lock:
            state = transition(self.state)
            if state.book.entries is not self.book.entries:
                self._write(self.book.entries, state.book.entries)
            self.state = state

    def _write(self, before: t.Mapping[str, Entry], after: t.Mapping[str, Entry]) -> None:
        """Journal the orders that differ. Closed ones come last: what they leave to others is written by then."""
        changed = [entry for key, entry in after.items() if before.get(key) is not entry and before.get(key) != entry]
        gone = [entry.closed() for key, entry in before.items() if key not in after]
        for entry in sorted([*changed, *gone], key=lambda entry: not entry.is_open):
            self._journal.write(entry)

    # -- the list ------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the owned numbers from a list that did not move, and share out what is new on it."""
        ledger = Ledger(self.context, self._journal)
        found = ledger.owned()
        self.change_book(lambda book: matching.listed(book, found, ledger.unreadable, ledger.leaving))

    def read_quietly(self) -> bool:
        """Read the list, and return whether that went well: a failed reading decides nothing and hides nothing done."""
        try:
            self.read()
        except Failure:
            return False
        return True

    def change_book(self, transition: t.Callable[[Book], Book]) -> None:
        """Make a *transition* that changes only the orders and the list."""
        self.advance(lambda state: dataclasses.replace(state, book=transition(state.book)))

    def note_change(self, changed: bool = True) -> None:
        """Record that the task has changed something."""
        self.advance(lambda state: dataclasses.replace(state, changed=state.changed or changed))


class Run(Keeper):
    """One run of the purchase: its state, and what is wanted on which terms.

    ``linkable`` are the capabilities that shall be linked to the application; ``bought_linked`` says whether the
    purchase call itself makes all wanted links. Those that it does not make are made right after it.
    """

    def __init__(self, context: Context, want: Want, terms: Terms) -> None:
        super().__init__(context)
        self.want = want
        self.terms = terms
        self.linkable = want.links(context.provider.features.linked_capabilities)
        self._options = own_options(context.provider.features, context.provider.name, want)
        wanted = want.application.links(self.linkable) if want.application else ()
        self.bought_linked = bool(wanted) and context.provider.links_bought(wanted) == wanted

    def intend(self, lines: t.Iterable[Line], references: t.Mapping[str, t.Sequence[str]] | None = None) -> Entry:
        """Record that *lines* are about to be ordered with one request, and return the order. Then it may be sent.

        *references* are the reservations of an offer, by its id.
        """
        features = self.provider.features
        with self.lock:
            written = [
                new_line(
                    self._masked(line.offer),
                    line.quantity,
                    [] if line.offer.number else self.state.similar_owned(line.offer),
                    (references or {}).get(line.offer.id, ()),
                )
                for line in lines
            ]
            entry = new_entry(
                written,
                None if self.want.application is None else self.want.application.text,
                self.context.clock.wall(),
                self.want.selector,
                self.provider.name,
                self.provider.order_key(new_key(), self._options) if features.orders_by_key else None,
                papers.digest(self.want.regulatory),
            )
            self.advance(lambda state: state.intended(entry))
            return entry

    def links_of(self, offer: Offer) -> tuple[Link, ...]:
        """The links that the call which buys *offer* makes itself."""
        aim, capabilities = self.want.application, self.provider.features.linked_capabilities
        wanted = aim.links(linkable(offer, capabilities, aim.named)) if aim else ()
        return self.provider.links_bought(wanted)

    def check_purchase(self) -> None:
        """Raise Failure where the account cannot do what the purchase asks for. May read."""
        aim = self.want.application
        links = self.provider.links_bought(aim.links(self.linkable)) if aim else ()
        self.provider.check_purchase(links, self._options)

    def request(self, lines: t.Sequence[Line], key: str | None) -> PurchaseRequest:
        """The request that buys *lines*, all of one group and with the same links, with our own *key*."""
        offers, first = tuple(line.offer for line in lines), lines[0]
        links = self.links_of(first.offer)
        return PurchaseRequest(offers, first.quantity, links, key or "", self.want.regulatory, self._options)

    def settle(
        self,
        part: Part,
        status: str,
        numbers: t.Iterable[str] = (),
        message: str | None = None,
        code: str | None = None,
    ) -> None:
        """Record what is known of a line now. The provider's *message* is masked: it may repeat what was sent."""
        told = None if message is None else one_line(self.provider.secrets.mask(message))
        self.advance(lambda state: state.settled(part.id, status, numbers, told, code))

    def _masked(self, offer: Offer) -> Offer:
        """*offer* without secrets in the words that a provider chooses."""
        facts = {key: getattr(offer, key) for key in ("area_code", "region", "city")}
        masked: dict[str, t.Any] = {key: self.provider.secrets.mask(fact) for key, fact in facts.items() if fact}
        return dataclasses.replace(offer, **masked)
