# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: own the wanted numbers: count, quote, order the shortage, settle what stays open, link."""

from __future__ import annotations

import dataclasses

from .._core.errors import Failure
from .._core.model import FAILED
from .._operations import applications
from .._operations.context import Context, Result
from . import reporting
from .checking import check
from .counting import check_missing, check_papers, check_shared, count, doubt, linked_elsewhere
from .covering import cover
from .evidence import update_orders
from .joining import link
from .keeper import Run
from .misfits import misfits, unfit
from .reserving import check_out, resume_holds
from .settling import LONGEST_PAUSE, close_orders, read_until_fitting, recover
from .tally import Tally
from .waiting import confirm, drop_failed, is_waiting, read_after_failure, warn_of_undelivered
from .want import Terms, Want

_NAMED = 10  # numbers that a warning names
_STILL_PENDING = (
    "An order is still pending after wait_timeout: run again to go on waiting, the order counts until then."
)


def purchase(context: Context, want: Want, terms: Terms) -> Result:
    """Own ``want``. Raises Failure; its ``completed`` says what was bought and linked all the same.

    With ``wait``, an order may take long: the lock is given back meanwhile, and each look counts anew.
    """
    check(context, want, terms)
    if want.numbers is not None and not want.numbers and not terms.close_orders:
        return reporting.nothing()
    if want.application is not None:
        want = dataclasses.replace(want, application=applications.resolved(context, want.application))
    run = Run(context, want, terms)
    if terms.wait:
        context.clock.extend(terms.wait_timeout)
    pause = 0.2
    while True:
        result = _work_under_lock(run)
        if result is not None:
            return result
        if not context.clock.sleep(pause):
            raise reporting.with_completed(Failure("deadline_exceeded", _STILL_PENDING), run.state)
        pause = min(LONGEST_PAUSE, pause * 1.6)


def _work_under_lock(run: Run) -> Result | None:
    """Hold the account's lock and work. None means that an order has to be waited for."""
    try:
        with run.context.exclusive() as journal:
            run.open(journal)
            try:
                return _work(run)
            except Failure:
                read_after_failure(run)
                raise
    except Failure as failure:
        late = run.terms.wait and failure.code == "deadline_exceeded" and run.book.undelivered()
        told = Failure(failure.code, _STILL_PENDING) if late else failure
        raise reporting.with_completed(told, run.state) from None


def _work(run: Run) -> Result | None:
    """Take every step once: count, quote, order, settle, link. None means that an order has to be waited for."""
    run.read()
    if run.terms.close_orders and run.state.first is None:
        close_orders(run)
    update_orders(run)
    drop_failed(run)
    doubtful, reserved = recover(run)
    now = count(run.want, run.book, run.linkable)
    run.advance(lambda state: state.counted(now))
    first = run.state.first or now
    check_missing(run.book, now)
    if now.shortage and doubtful:
        raise doubt(run.book, doubtful[0])
    check_shared(run.want, run.book, now)
    check_papers(run.want, run.book, now)
    if now.shortage and misfits(run.want, run.book):
        return _work(run) if read_until_fitting(run) else None
    shortage = now.shortage - resume_holds(run, reserved, now.shortage)
    warn_of_undelivered(run)
    if shortage:
        _buy(run, now, shortage)
    if run.context.check:
        return reporting.prediction(run.state, run.want, now, run.linkable, run.bought_linked)
    confirm(run)
    if drop_failed(run):
        return _work(run)
    if run.terms.wait and is_waiting(run):
        return None
    link(run, first)
    return reporting.result(run.state, first, _verified(run))


def _buy(run: Run, now: Tally, shortage: int) -> None:
    """Buy what is missing. Raises Failure ``not_found`` for an unknown application before anything is bought for it."""
    if run.want.application is not None:
        for application in sorted(run.want.application.ids):
            run.provider.check_application(application)
    run.check_purchase()
    _warn_of_linked_elsewhere(run)
    cover(run, now, shortage)
    check_out(run)


def _warn_of_linked_elsewhere(run: Run) -> None:
    """Name the owned numbers that match and are left alone, once: else more would be bought without a word."""
    found = sorted(number.number for number in linked_elsewhere(run.want, run.book))
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        run.context.warn(
            f"Owned, and matching, but linked elsewhere, so that they do not count and stay as they are: "
            f"{', '.join(found[:_NAMED])}{more}. To use them instead, move them with number_assignment and 'force'."
        )


def _verified(run: Run) -> Tally:
    """What is there at the end. Raises Failure when what was wanted is neither there nor surely coming."""
    now = count(run.want, run.book, run.linkable)
    failed = [number.number for number in now.satisfied if number.status == FAILED]
    if failed:
        run.context.warn(
            f"Owned, and counted, but not usable for good, as the provider says: {', '.join(failed[:10])}. Release "
            "them with number_release, and run again."
        )
    found = misfits(run.want, run.book) if now.shortage else []
    if found:
        raise unfit(found)
    if now.shortage and not run.want.allow_partial:
        raise Failure(
            "inconsistent_list",
            f"{now.shortage} of the wanted numbers were there or bought a moment ago, and the provider's list shows "
            "them otherwise now: run again.",
        )
    return now
