# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: carry out a quote. Buys or reserves line by line, and settles what an answer leaves open."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from .._contract.features import BY_NUMBER, BY_RESERVATION
from .._contract.provider import Order
from .._core.errors import Ambiguous, Failure
from .._core.link import Aim, Link
from .._core.model import Number, Offer
from .._core.selector import Selector
from .._core.threads import Pool
from .._journal import entries as log
from .._journal.entries import Entry, new_entry
from .._operations.context import Context, unknown
from .._operations.links import linkable
from .orders import Orders
from .quote import Line, Quote

_PRICE_LIFETIME = 60.0  # seconds


def _severity(failure: Failure) -> int:
    """Sort key of failures: nobody can tell whether it was bought, then what ends the run, then what is merely sold
    out.
    """
    return 0 if failure.code == "unknown_outcome" else 2 if failure.code == "out_of_stock" else 1


class Buyer:
    """Buys for one task: numbers that match *selector*, for *application*; the purchase makes those of its links that
    the provider's call takes.

    ``lines`` are bought or held, ``held`` are reservations that are not checked out yet, ``bought`` are the numbers
    known so far.
    """

    def __init__(self, context: Context, orders: Orders, selector: Selector, application: Aim | None) -> None:
        self._context = context
        self._provider = context.provider
        self._orders = orders
        self._selector = selector
        self._application = application
        self._records = threading.Lock()  # what is recorded is shared by purchases that go on side by side
        self._places: dict[
            str, int
        ] = {}  # the order in which lines were quoted, which side by side they are not bought in
        self._bought_lines: list[Line] = []
        self.held: list[tuple[Line, str]] = []
        self.bought: dict[str, Number] = {}
        self.changed = False
        self._stock_cap: dict[
            str, int
        ] = {}  # offer ids to how many there can be at most, of those of which some were refused

    @property
    def lines(self) -> list[Line]:
        """What is bought or held, in the order of the quotes."""
        return sorted(self._bought_lines, key=lambda line: self._places.get(line.offer.id, -1))

    @property
    def quantity(self) -> int:
        """How many numbers are bought or held."""
        return sum(line.quantity for line in self._bought_lines)

    def execute(self, quote: Quote) -> int:
        """Buy or hold the lines of *quote* whose prices are fresh; return how many numbers that were. Check mode only
        notes them.

        A price that is too old is read again; a line that is dearer then is left for a new quote. Raises Failure; what
        was bought before stays in ``lines``.
        """
        for line in quote.lines:
            self._places.setdefault(line.offer.id, len(self._places))
        if self._context.check:
            self._bought_lines.extend(quote.lines)
            return quote.quantity
        buy = self._hold if self._provider.features.purchase == BY_RESERVATION else self._buy_line
        failures: list[Failure] = []

        def execute(line: Line) -> int:
            try:
                fresh = self._with_fresh_price(line)
                if fresh is None:
                    return 0
                buy(fresh)
            except Failure as failure:
                failures.append(failure)
                if failure.code == "out_of_stock":
                    self._stock_cap[line.offer.id] = line.quantity - 1
                raise
            return line.quantity

        # New numbers of a group are found by comparing lists, so group purchases go one after the other.
        pool = self._provider.pool if self._provider.features.purchase == BY_NUMBER else Pool()
        try:
            # The first one goes alone: what stands against it mostly stands against all, like another price than was
            # quoted.
            return sum(execute(line) for line in quote.lines[:1]) + sum(pool.map(execute, quote.lines[1:]))
        except Failure:
            # What is sold out may be quoted anew, so of several failures it must not hide one after which nothing more
            # is bought.
            raise min(failures, key=_severity) from None

    def _with_fresh_price(self, line: Line) -> Line | None:
        """*line* with a price that was read a moment ago; None when it is dearer now, or when only a new search can
        tell.

        Raises Failure ``out_of_stock`` for a number that is no longer for sale.
        """
        if self._context.clock.now() - line.offer.read_at <= _PRICE_LIFETIME:
            return line
        if line.offer.number is None:
            return None
        moment = self._context.clock.now()
        now = self._provider.lookup(line.offer.number)
        if now is None:
            raise Failure(
                "out_of_stock",
                f"{line.offer.number} cannot be bought from {self._provider.name} any more: search again.",
            )
        return Line(dataclasses.replace(now, read_at=moment), line.quantity) if _is_within(now, line.offer) else None

    def capped(self, offer: Offer) -> Offer:
        """*offer* with the stock that it can have after what this task was refused of it, whatever a catalogue that
        lags says.
        """
        return dataclasses.replace(offer, stock=min(offer.stock, self._stock_cap.get(offer.id, offer.stock)))

    def _buy_line(self, line: Line) -> None:
        with self._records:
            entry = self._intend(line)
        links = self._links_of(line.offer)
        try:
            order = self._provider.buy(line.offer, line.quantity, links)
        except Ambiguous as error:
            with self._records:
                order = self._settle(entry, line, links, error)
        except Failure:
            with self._records:
                self._orders.withdraw(entry)
            raise
        with self._records:
            self._bought_lines.append(line)
            self.changed = True
            self.bought.update({number.number: number for number in order.numbers})
            self._orders.record_answer(entry, order.status, [number.number for number in order.numbers], order.message)
        check_charge(line.offer, order.numbers)

    def _links_of(self, offer: Offer) -> tuple[Link, ...]:
        """The links that the purchase of *offer* makes."""
        aim = self._application
        if aim is None:
            return ()
        able = linkable(offer, self._provider.features.linked_capabilities, aim.named)
        return self._provider.links_bought(aim.links(able))

    def _intend(self, line: Line, references: t.Sequence[str] = ()) -> Entry:
        before = [] if line.offer.number else self._orders.similar_owned(line.offer)
        application = None if self._application is None else self._application.text
        entry = new_entry(
            line.offer,
            line.quantity,
            before,
            application,
            self._context.clock.wall(),
            self._selector,
        )
        entry.references = list(references)
        self._orders.place(entry)
        return entry

    # -- settle --------------------------------------------------------------------------------------------------------

    def _settle(self, entry: Entry, line: Line, links: t.Sequence[Link], error: Ambiguous) -> Order:
        """Find out whether an ambiguous purchase came about. A number that surely was not bought is bought once more,
        never another.
        """
        shown = self._shown([entry])
        if shown:
            return self._found(entry)
        if shown is False and line.offer.number is not None and self._still_offered(line.offer):
            try:
                return self._provider.buy(line.offer, line.quantity, links)
            except Failure as failure:
                if self._shown([entry]):
                    return self._found(entry)
                if failure.code not in ("unknown_outcome", "out_of_stock", "not_found", "conflict"):
                    self._orders.withdraw(entry)
                    raise
        raise self._undecided(entry, error)

    def _still_offered(self, offer: Offer) -> bool:
        """Whether the number is for sale at the price that was quoted. A look-up that fails proves nothing."""
        try:
            now = self._provider.lookup(offer.number or "")
        except Failure:
            return False
        return now is not None and now.prices == offer.prices

    def _found(self, entry: Entry) -> Order:
        return Order(
            log.FULFILLED, tuple(self._orders.owned[name] for name in entry.known() if name in self._orders.owned)
        )

    def _undecided(self, entry: Entry, error: Ambiguous) -> Failure:
        failure = self._orders.mark_unknown(entry)
        failure.provider_code, failure.http_status = error.provider_code, error.http_status
        failure.provider_message = error.provider_message or error.message
        return failure

    def _shown(self, entries: t.Sequence[Entry]) -> bool | None:
        """Read the owned numbers until they explain every one of *entries*; return whether they do.

        None means that the deadline ended the reading before the settle time had passed, so that absence proves
        nothing.
        """
        until = self._context.settled_by()
        for _poll in self._context.polls(until):
            if self._orders.read_quietly() and all(self._orders.is_explained(entry) for entry in entries):
                return True
        return False if self._context.clock.now() >= until else None

    # -- reservations --------------------------------------------------------------------------------------------------

    def _hold(self, line: Line) -> None:
        """Reserve. A reservation costs nothing, so an ambiguous one may be repeated once; the first hold then expires
        by itself.
        """
        try:
            reference = self._provider.reserve(line.offer, line.quantity)
        except Ambiguous:
            self._context.warnings.append(
                f"A reservation of {line.quantity} numbers of offer {line.offer.id} may have been lost; it expires by "
                "itself."
            )
            reference = self._hold_again(line)
        self.held.append((line, reference))
        self._bought_lines.append(line)

    def _hold_again(self, line: Line) -> str:
        try:
            return self._provider.reserve(line.offer, line.quantity)
        except Ambiguous as error:
            message = (
                f"It cannot be told whether {line.quantity} numbers of offer {line.offer.id} are reserved; nothing was "
                "bought with that: run again."
            )
            raise unknown(message, error) from None

    def check_out(self) -> None:
        """Check out every reservation of the task in one call."""
        if not self.held:
            return
        if self._is_stale():
            self._check_prices([line.offer for line, _reference in self.held])
        entries = self._intend_held()
        references = [reference for _line, reference in self.held]
        try:
            self._provider.checkout(references)
        except Ambiguous as error:
            self._settle_checkout(entries, references, error)
        except Failure:
            self._unhold(entries)
            raise
        self.held = []
        self.changed = True
        for entry in entries:
            self._orders.record_answer(entry, log.FULFILLED)

    def _intend_held(self) -> list[Entry]:
        """Record one intent an offer, so that the list can tell them apart."""
        held: dict[str, tuple[Offer, int, list[str]]] = {}
        for line, reference in self.held:
            _offer, quantity, references = held.get(line.offer.id, (line.offer, 0, []))
            held[line.offer.id] = (line.offer, quantity + line.quantity, [*references, reference])
        return [self._intend(Line(offer, quantity), references) for offer, quantity, references in held.values()]

    def resume(self, entry: Entry, line: Line) -> None:
        """Check out the reservations of a killed task's *entry*, which no list shows as bought: 204 buys them now, and
        never twice.

        Raises Failure ``unknown_outcome`` when they are gone: bought or expired, only a list could tell, and it shows
        nothing. The entry stays as it is, and when no list lags so long any more, it is known to have brought nothing.
        """
        if self._context.clock.wall() - entry.at > _PRICE_LIFETIME:
            self._check_prices([line.offer])
        if not self._context.check:
            try:
                self._provider.checkout(entry.references)
            except Failure as failure:
                if isinstance(failure, Ambiguous):
                    raise self._orders.mark_unknown(entry) from None
                raise (self._orders.doubt(entry) if failure.code == "reservation_expired" else failure) from None
        self._bought_lines.append(line)
        self.changed = True
        self._orders.resume(entry)

    def _check_prices(self, quoted: t.Sequence[Offer]) -> None:
        """Raise Failure ``price_changed`` when what is reserved is offered at another price than it was *quoted* at
        some time ago.

        What is reserved may be all there was: an offer that is no longer listed keeps its price.
        """
        searches = [
            self._provider.search(Selector(country=country), {}) for country in {offer.country for offer in quoted}
        ]
        listed = {offer.id: offer for search in searches for offer in search.offers}
        for offer in quoted:
            if listed.get(offer.id, offer).prices != offer.prices:
                raise Failure(
                    "price_changed",
                    f"The price of offer {offer.id} has changed since it was reserved, so nothing is bought with that "
                    "reservation: "
                    "run again for a new quote when it has expired, which takes some minutes.",
                )

    def _unhold(self, entries: t.Sequence[Entry]) -> None:
        for entry in entries:
            self._orders.withdraw(entry)

    def _settle_checkout(self, entries: t.Sequence[Entry], references: t.Sequence[str], error: Ambiguous) -> None:
        """Repeat the checkout with the same references: success means bought now. Any other answer is about the
        repetition: the list decides.

        It is repeated only while the prices are fresh.
        """
        refusal: Failure = error
        if not self._is_stale():
            try:
                self._provider.checkout(references)
                return
            except Failure as failure:
                refusal = failure
        shown = self._shown(entries)
        if shown:
            return
        if shown is False and refusal.code == "insufficient_credit":
            self._unhold(entries)
            raise refusal
        for entry in entries[1:]:
            self._orders.record_answer(entry, log.UNKNOWN)
        raise self._undecided(entries[0], error)

    def _is_stale(self) -> bool:
        """Whether the price of anything that is held was read too long ago."""
        return self._context.clock.now() - min(line.offer.read_at for line, _reference in self.held) > _PRICE_LIFETIME


def _is_within(now: Offer, quoted: Offer) -> bool:
    """Whether what an offer costs *now* is no more than was *quoted*; a price that was unknown may stay unknown."""
    pairs = zip(now.prices[:3], quoted.prices[:3])
    return now.currency == quoted.currency and all(
        one == other or one is not None and other is not None and one <= other for one, other in pairs
    )


def check_charge(offer: Offer, numbers: t.Iterable[Number]) -> None:
    """Raise Failure ``price_changed`` when a bought number costs something else than was quoted, or is charged in
    another currency.
    """
    for number in numbers:
        prices = (
            ("monthly_price", offer.monthly_price, number.monthly_price),
            ("setup_price", offer.setup_price, number.setup_price),
        )
        facts: list[tuple[str, t.Any, t.Any]] = [price for price in prices if None not in price]
        if facts and offer.currency and number.currency:
            facts.append(("currency", offer.currency, number.currency))
        for what, quoted, charged in facts:
            if quoted != charged:
                raise Failure(
                    "price_changed",
                    f"{number.number} was bought, but its {what} is {charged} where {quoted} was quoted: nothing more "
                    "is bought, check the price.",
                )
