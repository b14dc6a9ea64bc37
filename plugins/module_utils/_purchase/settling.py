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
from .._journal.entries import Entry, Part
from . import matching
from .counting import doubt, may_count, surely_not_bought
from .evidence import Answer, ask, record
from .keeper import Run
from .misfits import misfits, unfit

LONGEST_PAUSE = 2.0  # seconds between two looks at an order that is waited for
_LONG_AGO = 600.0  # seconds after which no provider holds a reservation any more


def close_orders(run: Run) -> None:
    """Close the orders that the user knows to be settled.

    What the list does not show of them may have come a moment ago: they are closed when it can be late no longer.
    """
    identities = run.terms.close_orders
    known = [part.id for part in (*run.book.open(), *run.book.rejected()) if part.order_id in identities]
    _read_until_not_late(run, known)
    run.change_book(lambda book: matching.forgotten(book, known))
    run.note_change(bool(known))
    unknown = sorted(set(identities) - {identity.partition("/")[0] for identity in known})
    if unknown:
        run.context.warnings.append(
            f"close_orders: no open order {', '.join(unknown)}; it may have been closed before."
        )


def _read_until_not_late(run: Run, identities: t.Sequence[str]) -> None:
    """Read until the list shows all that the lines *identities* may have brought, or cannot be late with it.

    Raises Failure ``deadline_exceeded`` when the deadline ends the reading before.
    """
    until = max((_shown_by(run, part) for part in run.book.unshown(identities)), default=0.0)
    for attempt, _poll in enumerate(run.context.polls(until)):
        if attempt:
            run.read()
        if not run.book.unshown(identities):
            return
    if run.context.clock.now() < until:
        raise Failure(
            "deadline_exceeded",
            "The provider's list may still be late with what the orders in close_orders have brought: none was closed, "
            "run again.",
        )


def _shown_by(run: Run, part: Part) -> float:
    """The monotonic second at which a list shows what *part* has brought by now. An order may have come this moment."""
    features = run.provider.features
    at_any_time = features.pending_orders or features.asynchronous
    return run.context.settled_by() if at_any_time else settled_by(run, part)


def recover(run: Run) -> tuple[list[Part], list[Part]]:
    """Settle what an earlier task left open, as far as it bears on this one.

    Return the orders that stay in doubt, and reservations that surely were not checked out and may be still.
    """
    orders: dict[str, list[str]] = {}
    for part in run.book.open():
        if not part.is_definite and may_count(run.want, run.book, part):
            orders.setdefault(part.order_id, []).append(part.id)
    doubtful = [identity for order, parts in orders.items() for identity in _recover(run, order, parts)]
    rest = [run.book.part(identity) for parts in orders.values() for identity in parts if identity not in doubtful]
    reserved = [part for part in rest if not part.is_definite and part.status not in (log.CLOSED, log.FAILED)]
    return [run.book.part(identity) for identity in doubtful], reserved


def _recover(run: Run, order: str, parts: t.Sequence[str]) -> list[str]:
    """Read until the list explains the *parts* of an order or its settle time has passed; return those in doubt.

    One that never came about is closed, unless it has reservations: what holds numbers yet may be checked out.
    """
    until = settled_by(run, run.book.entries[order])
    answer = Answer(False)
    for attempt, _poll in enumerate(run.context.polls(until)):
        if attempt:
            run.read()
        answer = _ask(run, order)
        if answer.order is not None or all(run.book.is_explained(run.book.part(part)) for part in parts):
            return []
    left = [part for part in map(run.book.part, parts) if not run.book.is_explained(part)]
    # The deadline may have ended the reading before.
    over = run.context.clock.now() >= until
    doubtful = [part.id for part in left if not (over and _surely_not_bought(run, part, answer))]
    not_bought = [part for part in left if part.id not in doubtful]
    expired = [part.id for part in not_bought if not part.references or _is_long_ago(run, part)]
    run.advance(lambda state: state.dropped(expired))
    return doubtful


def _is_long_ago(run: Run, part: Part) -> bool:
    return abs(run.context.clock.wall() - part.at) > _LONG_AGO


def _ask(run: Run, order: str) -> Answer:
    """Ask the provider for an order, and record what it says."""
    answer = ask(run, run.book.entries[order])
    if answer.order is not None:
        record(run, order, answer.order)
    return answer


def _surely_not_bought(run: Run, part: Part, answer: Answer) -> bool:
    """Whether an order that neither the list nor the provider's *answer* shows never came about."""
    if run.provider.features.asynchronous:
        return answer.told
    return surely_not_bought(run.book, part, lambda name: run.provider.lookup(name) is not None)


def settled_by(run: Run, entry: Entry | Part) -> float:
    """The monotonic second at which a list shows what *entry* bought. A clock set back makes nobody wait longer.

    An order that is carried out later may arrive until its request has timed out.
    """
    patience = run.context.settle_time
    if run.provider.features.asynchronous:
        patience += run.provider.options.settings.timeout
    left = entry.at + patience - run.context.clock.wall()
    return run.context.clock.now() + min(max(0.0, left), patience)


def read_until_told(run: Run, entry: Entry) -> Answer | None:
    """After a lost answer, ask for the order *entry* and read the list until either tells that it came about.

    Return the last answer; its ``order`` is the one that was found, be it on the list. None means that the deadline
    ended the reading, so that absence proves nothing.
    """
    until = settled_by(run, entry) if run.provider.features.asynchronous else run.context.settled_by()
    answer = Answer(False)
    for _poll in run.context.polls(until):
        answer = _ask(run, entry.id)
        if answer.order is not None:
            return answer
        if run.read_quietly() and all(map(run.book.is_explained, run.book.entries[entry.id].parts)):
            owned = run.book.owned
            names = [name for part in run.book.entries[entry.id].parts for name in part.known()]
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


def mark_unknown(run: Run, entry: Entry, error: Ambiguous | None = None) -> Failure:
    """Record that nothing decides the outcome of *entry*, but for what the list has shown of it, and return the failure
    with the provider's words on it.
    """
    parts = [part for part in run.book.entries[entry.id].parts if not run.book.is_explained(part)]
    for part in parts:
        run.settle(part, log.UNKNOWN)
    failure = doubt(run.book, run.book.part(parts[0].id) if parts else run.book.entries[entry.id].parts[0])
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
