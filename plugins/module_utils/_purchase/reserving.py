# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: purchases in two steps. Reservations cost nothing; the check-out buys them, and is never lost sight of."""

from __future__ import annotations

import typing as t

from .._core.errors import Ambiguous, Failure
from .._core.model import Offer
from .._core.selector import Selector
from .._journal import entries as log
from .._journal.entries import Entry, Part
from .._operations.context import unknown
from .counting import counts, doubt
from .keeper import Run
from .prices import PRICE_LIFETIME
from .quote import Line, within
from .settling import mark_unknown, read_until_shown


def hold(run: Run, line: Line) -> None:
    """Reserve *line*. An ambiguous reservation may be repeated once: the first hold then expires by itself."""
    try:
        reference = run.provider.reserve(line.offer, line.quantity)
    except Ambiguous:
        run.context.warnings.append(
            f"A reservation of {line.quantity} numbers of offer {line.offer.id} may have been lost; "
            "it expires by itself."
        )
        reference = _hold_again(run, line)
    run.advance(lambda state: state.held(line, reference))


def _hold_again(run: Run, line: Line) -> str:
    try:
        return run.provider.reserve(line.offer, line.quantity)
    except Ambiguous as error:
        message = (
            f"It cannot be told whether {line.quantity} numbers of offer {line.offer.id} are reserved; "
            "nothing was bought with that: run again."
        )
        raise unknown(message, error) from None


def check_out(run: Run) -> None:
    """Buy every reservation of the task in one call."""
    if not run.state.holds:
        return
    if _is_stale(run):
        _check_prices(run, [line.offer for line, _reference in run.state.holds])
    entry = _intend_holds(run)
    references = [reference for _line, reference in run.state.holds]
    try:
        run.provider.checkout(references)
    except Ambiguous as error:
        _settle(run, entry, references, error)
    except Failure:
        run.advance(lambda state: state.withdrawn(entry.id))
        raise
    run.advance(lambda state: state.checked_out())
    for part in entry.parts:
        run.settle(part, log.FULFILLED)


def _intend_holds(run: Run) -> Entry:
    """Record the check-out with one line an offer, so that the list can tell them apart."""
    held: dict[str, Line] = {}
    references: dict[str, list[str]] = {}
    for line, reference in run.state.holds:
        before = held[line.offer.id].quantity if line.offer.id in held else 0
        held[line.offer.id] = Line(line.offer, before + line.quantity)
        references.setdefault(line.offer.id, []).append(reference)
    return run.intend(held.values(), references)


def _settle(run: Run, entry: Entry, references: t.Sequence[str], error: Ambiguous) -> None:
    """Repeat the check-out with the same references: success means bought now.

    Any other answer is about the repetition: the list decides. It is repeated only while the prices are fresh.
    """
    refusal: Failure = error
    if not _is_stale(run):
        try:
            run.provider.checkout(references)
            return
        except Failure as failure:
            refusal = failure
    shown = read_until_shown(run, entry.parts)
    if shown:
        return
    if shown is False and refusal.code == "insufficient_credit":
        run.advance(lambda state: state.withdrawn(entry.id))
        raise refusal
    raise mark_unknown(run, entry, error)


def _is_stale(run: Run) -> bool:
    """Whether the price of anything that is held was read too long ago."""
    oldest = min(line.offer.read_at for line, _reference in run.state.holds)
    return run.context.clock.now() - oldest > PRICE_LIFETIME


def _check_prices(run: Run, quoted: t.Sequence[Offer]) -> None:
    """Raise Failure ``price_changed`` when what is reserved is offered at another price than it was *quoted*.

    What is reserved may be all there was: an offer that is no longer listed keeps its price.
    """
    countries = {offer.country for offer in quoted}
    searches = [run.provider.search(Selector(country=country), {}) for country in countries]
    listed = {offer.id: offer for search in searches for offer in search.offers}
    for offer in quoted:
        if listed.get(offer.id, offer).prices != offer.prices:
            raise Failure(
                "price_changed",
                f"The price of offer {offer.id} has changed since it was reserved, so nothing is bought with that "
                "reservation: run again for a new quote when it has expired, which takes some minutes.",
            )


# -- what a killed task left -------------------------------------------------------------------------------------------


def resume_holds(run: Run, reserved: t.Sequence[Part], shortage: int) -> int:
    """Check out what a killed task had reserved and what is wanted still; return how many numbers that brought.

    What is not wanted any more is forgotten: it expires by itself.
    """
    bought = 0
    for entry in reserved:
        offer = run.book.offer_of(entry)
        affordable = within(run.want, offer, entry.quantity, shortage - bought, run.state.quoted_lines())
        if counts(run.want, run.book, entry) and affordable:
            _resume(run, entry, Line(offer, entry.quantity))
            bought += entry.quantity
        else:
            _drop(run, entry)
    return bought


def _drop(run: Run, part: Part) -> None:
    run.advance(lambda state: state.dropped([part.id]))


def _resume(run: Run, entry: Part, line: Line) -> None:
    """Check out the reservations of *entry*, which no list shows as bought: success buys them now, and never twice.

    Raises Failure ``unknown_outcome`` when they are gone: bought or expired, only a list could tell, and it shows
    nothing. The order stays as it is, and when no list lags so long any more, it is known to have brought nothing.
    """
    if run.context.clock.wall() - entry.at > PRICE_LIFETIME:
        _check_prices(run, [line.offer])
    if not run.context.check:
        try:
            run.provider.checkout(entry.references)
        except Ambiguous:
            raise mark_unknown(run, entry.entry) from None
        except Failure as failure:
            raise (doubt(run.book, entry) if failure.code == "reservation_expired" else failure) from None
    run.advance(lambda state: state.ordered([line]))
    run.advance(lambda state: state.taken_over(entry.id))
