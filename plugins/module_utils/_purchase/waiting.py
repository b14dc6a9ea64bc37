# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: after the purchase: keep the lock until the list shows what was bought, or its settle time has passed."""

from __future__ import annotations

from .._core.errors import Failure
from .._core.model import PENDING
from .._journal import entries as log
from .._journal.entries import Part
from .counting import may_count
from .evidence import update_orders
from .keeper import Run
from .misfits import misfits
from .prices import check_charge
from .tally import tally

MOST_BARREN = 3  # quotes in a row that may bring nothing


def confirm(run: Run) -> None:
    """Read the list until it shows what was bought, as it was bought to be. Raises Failure ``price_changed``."""
    if not run.state.orders:
        return
    for _poll in run.context.polls(run.context.settled_by()):
        if _own_are_under_way(run):
            continue
        run.read()
        if not any(_comes_soon(run, entry) for entry in expected(run)) and not _own_misfits(run):
            break
    _collect(run)
    _warn_of_papers(run)
    if run.provider.features.shows_charge:
        owned = run.book.owned
        for entry in run.state.own_parts():
            check_charge(run.book.offer_of(entry), [owned[name] for name in entry.known() if name in owned])


def _own_are_under_way(run: Run) -> bool:
    """Ask for the task's own orders, which mostly take seconds, and return whether one is still to be carried out."""
    features = run.provider.features
    if not (features.asynchronous and (features.orders_by_id or features.orders_by_key)):
        return False
    update_orders(run, run.state.orders)
    return any(entry.status == log.PENDING for entry in run.state.own_parts() if run.book.missing(entry))


def drop_failed(run: Run) -> bool:
    """Take lines of the task's own orders that have failed by now out of what it bought, and return whether there are
    new ones: they are missing again.

    Raises Failure ``out_of_stock`` for a named number, or when orders fail one after the other.
    """
    fresh = [part for part in run.state.own_parts() if part.id not in run.state.judged]
    failed = [part for part in fresh if part.status == log.FAILED]
    if not failed:
        return False
    run.advance(lambda state: state.lost(fresh))
    first = failed[0]
    if first.line.is_rejected:
        return True
    if run.state.barren == MOST_BARREN or (run.want.numbers is not None and not run.want.allow_partial):
        said = f"The order of {first.offer['id']} failed: {first.line.message or 'no reason given'}."
        raise Failure("out_of_stock", f"{said} Search again, or choose other numbers.")
    return True


def _comes_soon(run: Run, entry: Part) -> bool:
    """Whether the list shows the numbers of *entry* any moment, as far as the provider tells."""
    own = run.provider.features.asynchronous and entry.order_id in run.state.orders
    return entry.status == log.FULFILLED or own and entry.status == log.PENDING


def read_after_failure(run: Run) -> None:
    """After a failure, read until the list shows what was bought all the same: the next task counts on it."""
    if not run.state.orders:
        return
    for _poll in run.context.polls(run.context.settled_by()):
        if _own_are_under_way(run):
            continue
        if not run.state.own_unlisted():
            break
        run.read_quietly()
    _collect(run)


def expected(run: Run) -> list[Part]:
    """The orders that will bring numbers for this task."""
    return [
        entry
        for entry in run.book.undelivered()
        if entry.order_id in run.state.orders or may_count(run.want, run.book, entry)
    ]


def is_waiting(run: Run) -> bool:
    """Whether something that is wanted is not there yet, or not usable yet, and an order will bring it."""
    there = tally(run.want, list(run.book.owned.values()), run.linkable, 0)
    if any(number.status == PENDING for number in there.satisfied):
        return True
    return there.shortage > 0 and any(entry.status in (log.PENDING, log.IN_REVIEW) for entry in expected(run))


def warn_of_undelivered(run: Run) -> None:
    """Say in every run what counts as bought although the provider's list does not show it."""
    for entry in run.book.undelivered():
        is_own = entry.order_id in run.state.orders
        if entry.status == log.FULFILLED and not is_own and may_count(run.want, run.book, entry):
            run.context.warn(
                f"The order {entry.order_id} counts {run.book.missing(entry)} numbers of offer {entry.offer['id']} "
                "that the provider's list does not show. If they never come, run with "
                f"close_orders: ['{entry.order_id}']."
            )
    _warn_of_papers(run)


def _warn_of_papers(run: Run) -> None:
    """Say in every run which orders wait for papers: they count, and bring nothing before those are filed."""
    waiting = [entry for entry in expected(run) if entry.status == log.NEEDS_INPUT]
    for order in dict.fromkeys(entry.order_id for entry in waiting):
        parts = [entry for entry in waiting if entry.order_id == order]
        quantity = sum(part.quantity for part in parts)
        said = next((f" ({part.line.message})" for part in parts if part.line.message), "")
        run.context.warn(
            f"The order {order} of {quantity} numbers waits for papers{said}: file them with {run.provider.name}. Its "
            "numbers count until then."
        )


def _own_misfits(run: Run) -> bool:
    return any(misfit.entry.order_id in run.state.orders for misfit in misfits(run.want, run.book))


def _collect(run: Run) -> None:
    """Take what the list shows of the bought numbers; warn of what it does not show."""
    run.advance(lambda state: state.collected())
    for entry in run.state.own_parts():
        bought = f"{entry.quantity} numbers of offer {entry.offer['id']} were bought"
        if entry.status == log.FULFILLED and run.book.missing(entry):
            run.context.warn(
                f"{bought}, and the provider's list does not show all of them yet; the journal counts them "
                f"(order {entry.order_id})."
            )
        if entry.id in run.book.mixed:
            run.context.warn(
                f"{bought} (order {entry.order_id}) while somebody else got some of the same group: which of "
                f"{', '.join(run.book.mixed[entry.id])} are this task's cannot be told, so none of them is listed "
                "under purchased."
            )
