# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: carry out a quote. Buys or reserves line by line, and settles what an answer leaves open."""

from __future__ import annotations

import dataclasses

from .._contract.exchange import Order
from .._contract.features import BY_NUMBER, BY_RESERVATION
from .._core.errors import Ambiguous, Failure
from .._core.model import Offer
from .._core.threads import Workers
from .._journal import entries as log
from .._journal.entries import Part
from .evidence import Answer, record
from .keeper import Run
from .papers import class_of
from .prices import PRICE_LIFETIME, check_charge, is_within
from .quote import Line, Quote
from .reserving import hold
from .settling import mark_unknown, read_until_told


def execute(run: Run, quote: Quote) -> None:
    """Buy or hold the lines of *quote* whose prices are fresh. Check mode only notes them.

    A price that is too old is read again; a line that is dearer then is left for a new quote. Raises Failure; what was
    bought before stays in the state.
    """
    run.advance(lambda state: state.quoted(quote))
    if run.context.check:
        run.advance(lambda state: state.predicted(quote))
        return
    buy = hold if run.provider.features.purchase == BY_RESERVATION else _buy
    failures: list[Failure] = []

    def execute_line(line: Line) -> None:
        if class_of(line.offer) in run.state.struck:
            return
        try:
            fresh = _with_fresh_price(run, line)
            if fresh is not None:
                buy(run, fresh)
        except Failure as failure:
            failures.append(failure)
            if failure.code == "out_of_stock":
                run.advance(lambda state: state.refused(line))
            if failure.code != "regulatory" or run.want.numbers is not None:
                raise
            run.advance(lambda state: state.refused_papers(line.offer))

    # New numbers of a group are found by comparing lists, so group purchases go one after the other.
    workers = run.provider.workers if run.provider.features.purchase == BY_NUMBER else Workers()
    try:
        # The first of each class goes alone: what stands against it mostly stands against all, like its papers.
        first = {class_of(line.offer): line for line in reversed(quote.lines)}.values()
        for line in reversed(list(first)):
            execute_line(line)
        workers.map(execute_line, [line for line in quote.lines if line not in first])
    except Failure:
        # What is sold out may be quoted anew, so of several failures it must not hide one that ends the run.
        raise min(failures, key=_severity) from None
    if failures:
        raise failures[0]


def _severity(failure: Failure) -> int:
    """Sort key of failures: nobody can tell whether it was bought, then what ends the run, then what others replace."""
    return 0 if failure.code == "unknown_outcome" else 2 if failure.code in ("out_of_stock", "regulatory") else 1


def _with_fresh_price(run: Run, line: Line) -> Line | None:
    """*line* with a price that was read a moment ago; None when it is dearer now, or when only a new search can tell.

    Raises Failure ``out_of_stock`` for a number that is no longer for sale.
    """
    if run.context.clock.now() - line.offer.read_at <= PRICE_LIFETIME:
        return line
    if line.offer.number is None:
        return None
    moment = run.context.clock.now()
    now = run.provider.lookup(line.offer.number)
    if now is None:
        raise Failure(
            "out_of_stock", f"{line.offer.number} cannot be bought from {run.provider.name} any more: search again."
        )
    return Line(dataclasses.replace(now, read_at=moment), line.quantity) if is_within(now, line.offer) else None


def _buy(run: Run, line: Line) -> None:
    """Buy *line* and record what came of it. Raises Failure ``out_of_stock`` for an order that failed."""
    (part,) = run.intend([line]).parts
    try:
        order = run.provider.buy(run.request(line, part.entry.key))
    except Ambiguous as error:
        with run.lock:
            part, order = _settle(run, part, line, error)
    except Failure:
        run.advance(lambda state: state.withdrawn(part.order_id))
        raise
    with run.lock:
        if _status_of(order, line) == log.FAILED:
            run.advance(lambda state: state.withdrawn(part.order_id))
            raise Failure("out_of_stock", f"The order of {line.offer.id} failed: {order.message or 'no reason given'}.")
        run.advance(lambda state: state.ordered(line, order.numbers))
        record(run, part.order_id, order)
    check_charge(line.offer, order.numbers)


def _status_of(order: Order, line: Line) -> str:
    """What *order* says of *line*."""
    return next((one.status for one in order.lines if one.number == line.offer.number), order.status)


def _settle(run: Run, part: Part, line: Line, error: Ambiguous) -> tuple[Part, Order]:
    """Find out whether an ambiguous purchase came about; return its order, and the line that is its own.

    A number that surely was not bought is bought once more, never another.
    """
    answer = read_until_told(run, part)
    if answer is not None and answer.order is not None:
        return part, answer.order
    if answer is None or line.offer.number is None or not _may_repeat(run, line.offer, answer):
        raise mark_unknown(run, part, error)
    again = _renewed(run, part, line)
    try:
        return again, run.provider.buy(run.request(line, again.entry.key))
    except Failure as failure:
        repeated = read_until_told(run, again)
        if repeated is not None and repeated.order is not None:
            return again, repeated.order
        if failure.code not in ("unknown_outcome", "out_of_stock", "not_found", "conflict"):
            run.advance(lambda state: state.withdrawn(again.order_id))
            raise
    raise mark_unknown(run, again, error)


def _may_repeat(run: Run, offer: Offer, answer: Answer) -> bool:
    """Whether the number was surely not bought, so that it may be asked for again.

    Where orders are carried out later, being absent and for sale proves nothing: the provider must know no order.
    """
    if run.provider.features.asynchronous and not answer.told:
        return False
    return _is_still_offered(run, offer)


def _renewed(run: Run, part: Part, line: Line) -> Part:
    """The order to send again: a request with a key of ours gets a new one, which the journal has first."""
    if part.entry.key is None:
        return part
    run.advance(lambda state: state.withdrawn(part.order_id))
    (again,) = run.intend([line]).parts
    return again


def _is_still_offered(run: Run, offer: Offer) -> bool:
    """Whether the number is for sale at the price that was quoted. A look-up that fails proves nothing."""
    try:
        now = run.provider.lookup(offer.number or "")
    except Failure:
        return False
    return now is not None and now.prices == offer.prices
