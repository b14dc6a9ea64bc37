# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: orders whose outcome is open: read until the provider's list decides, or until nothing can."""

from __future__ import annotations

import typing as t

from .._contract.exchange import Order
from .._core.errors import Ambiguous, Failure
from .._journal import entries as log
from .._journal.entries import Part
from . import matching
from .attribution import is_definite
from .counting import doubt, may_count, surely_not_bought
from .evidence import Answer, ask, record
from .keeper import Run
from .misfits import misfits, unfit

LONGEST_PAUSE = 2.0  # seconds between two looks at an order that is waited for
_LONG_AGO = 600.0  # seconds after which no provider holds a reservation any more


def close_orders(run: Run) -> None:
    """Close the orders that the user knows to be settled."""
    identities = run.terms.close_orders
    known = [part.id for part in run.book.open() if part.order_id in identities]
    run.change_book(lambda book: matching.forgotten(book, known))
    run.note_change(bool(known))
    unknown = sorted(set(identities) - {identity.partition("/")[0] for identity in known})
    if unknown:
        run.context.warnings.append(
            f"close_orders: no open order {', '.join(unknown)}; it may have been closed before."
        )


def recover(run: Run) -> tuple[list[Part], list[Part]]:
    """Settle what an earlier task left open, as far as it bears on this one.

    Return the orders that stay in doubt, and reservations that surely were not checked out and may be still.
    """
    left_open = [e.id for e in run.book.open() if not is_definite(e) and may_count(run.want, run.book, e)]
    doubtful = [identity for identity in left_open if not _recover(run, identity)]
    rest = [run.book.part(identity) for identity in left_open if identity not in doubtful]
    reserved = [part for part in rest if not is_definite(part) and part.status not in (log.CLOSED, log.FAILED)]
    return [run.book.part(identity) for identity in doubtful], reserved


def _recover(run: Run, identity: str) -> bool:
    """Read until the list explains an order or its settle time has passed; return whether its outcome is known.

    It is closed when it never came about, unless it has reservations: what holds numbers yet may be checked out.
    """
    until = settled_by(run, run.book.part(identity))
    answer = Answer(False)
    for attempt, _poll in enumerate(run.context.polls(until)):
        if attempt:
            run.read()
        answer = _ask(run, run.book.part(identity))
        if answer.order is not None or run.book.is_explained(run.book.part(identity)):
            return True
    entry = run.book.part(identity)
    # The deadline may have ended the reading before.
    if run.context.clock.now() < until or not _surely_not_bought(run, entry, answer):
        return False
    if not entry.references or abs(run.context.clock.wall() - entry.at) > _LONG_AGO:
        run.advance(lambda state: state.dropped(identity))
    return True


def _ask(run: Run, part: Part) -> Answer:
    """Ask the provider for the order of *part*, and record what it says."""
    answer = ask(run, part.entry)
    if answer.order is not None:
        record(run, part.order_id, answer.order)
    return answer


def _surely_not_bought(run: Run, part: Part, answer: Answer) -> bool:
    """Whether an order that neither the list nor the provider's *answer* shows never came about."""
    if run.provider.features.asynchronous:
        return answer.told
    return surely_not_bought(run.book, part, lambda name: run.provider.lookup(name) is not None)


def settled_by(run: Run, entry: Part) -> float:
    """The monotonic second at which a list shows what *entry* bought. A clock set back makes nobody wait longer.

    An order that is carried out later may arrive until its request has timed out.
    """
    patience = run.context.settle_time
    if run.provider.features.asynchronous:
        patience += run.provider.options.settings.timeout
    left = entry.at + patience - run.context.clock.wall()
    return run.context.clock.now() + min(max(0.0, left), patience)


def read_until_told(run: Run, part: Part) -> Answer | None:
    """After a lost answer, ask for the order of *part* and read the list until either tells that it came about.

    Return the last answer; its ``order`` is the one that was found, be it on the list. None means that the deadline
    ended the reading, so that absence proves nothing.
    """
    until = settled_by(run, part) if run.provider.features.asynchronous else run.context.settled_by()
    answer = Answer(False)
    for _poll in run.context.polls(until):
        answer = _ask(run, part)
        if answer.order is not None:
            return answer
        if run.read_quietly() and run.book.is_explained(run.book.part(part.id)):
            owned, names = run.book.owned, run.book.part(part.id).known()
            return Answer(True, Order(log.FULFILLED, tuple(owned[name] for name in names if name in owned)))
    return answer if run.context.clock.now() >= until else None


def read_until_shown(run: Run, entries: t.Sequence[Part]) -> bool | None:
    """Read the owned numbers until they explain every one of *entries*; return whether they do.

    None means that the deadline ended the reading before the settle time had passed, so that absence proves nothing.
    """
    until = run.context.settled_by()
    for _poll in run.context.polls(until):
        if run.read_quietly() and all(run.book.is_explained(run.book.part(entry.id)) for entry in entries):
            return True
    return False if run.context.clock.now() >= until else None


def mark_unknown(run: Run, entry: Part, error: Ambiguous | None = None) -> Failure:
    """Record that nothing decides the outcome of *entry*, and return the failure with the provider's words on it."""
    run.settle(entry, log.UNKNOWN)
    failure = doubt(run.book, run.book.part(entry.id))
    if error is not None:
        failure.provider_code, failure.http_status = error.provider_code, error.http_status
        failure.provider_message = error.provider_message or error.message
        failure.request_id = error.request_id
    return failure


def read_until_fitting(run: Run) -> bool:
    """Read until what was bought fits by its record, which may tell late what a number can do, or its time has passed.

    Return False when the task may wait for longer. Raises Failure ``inconsistent_list`` for what does not fit.
    """
    found = misfits(run.want, run.book)
    until = max(settled_by(run, misfit.entry) for misfit in found)
    for attempt, _poll in enumerate(run.context.polls(until)):
        if attempt and run.read_quietly():
            found = misfits(run.want, run.book)
        if not found:
            return True
    if run.terms.wait and run.context.clock.remaining() > LONGEST_PAUSE and not run.context.check:
        return False
    raise unfit(found)
