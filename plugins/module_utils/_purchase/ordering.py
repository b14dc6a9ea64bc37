# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: carry out a quote. Buys or reserves it with as few requests as the provider allows, and settles what an
answer leaves open.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.exchange import Order, OrderLine
from .._contract.features import BY_NUMBER, BY_RESERVATION
from .._core.errors import Ambiguous, Failure
from .._core.threads import Workers
from .._journal import entries as log
from .._journal.entries import Entry
from .evidence import Answer, record
from .keeper import Run
from .papers import class_of
from .prices import PRICE_LIFETIME, check_charge, is_within
from .quote import Line, Quote
from .reserving import hold
from .settling import mark_unknown, read_until_told

Lines = t.Tuple[Line, ...]  # what one request buys


def execute(run: Run, quote: Quote) -> None:
    """Buy or hold the lines of *quote* whose prices are fresh. Check mode only notes them.

    A price that is too old is read again; a line that is dearer then is left for a new quote. Raises Failure; what was
    bought before stays in the state.
    """
    run.advance(lambda state: state.quoted(quote))
    if run.context.check:
        run.advance(lambda state: state.predicted(quote))
        return
    failures: list[Failure] = []

    def work(lines: Lines) -> None:
        try:
            _execute_request(run, lines)
        except Failure as failure:
            failures.append(failure)
            if failure.code != "regulatory" or run.want.numbers is not None:
                raise

    # New numbers of a group are found by comparing lists, so group purchases go one after the other.
    workers = run.provider.workers if run.provider.features.purchase == BY_NUMBER else Workers()
    try:
        # The first of each class goes alone: what stands against it mostly stands against all, like its papers.
        first = {class_of(line.offer): line for line in reversed(quote.lines)}.values()
        for line in reversed(list(first)):
            work((line,))
        workers.map(work, _requests(run, [line for line in quote.lines if line not in first]))
    except Failure:
        # What is sold out may be quoted anew, so of several failures it must not hide one that ends the run.
        raise min(failures, key=_severity) from None
    if failures:
        raise failures[0]


def _severity(failure: Failure) -> int:
    """Sort key of failures: nobody can tell whether it was bought, then what ends the run, then what others replace."""
    return 0 if failure.code == "unknown_outcome" else 2 if failure.code in ("out_of_stock", "regulatory") else 1


def _requests(run: Run, lines: t.Sequence[Line]) -> list[Lines]:
    """Return *lines* in as few requests as the provider allows: what is of one class, one group and one set of links
    goes together.
    """
    size = run.provider.features.offers_per_purchase
    together: dict[t.Any, list[Line]] = {}
    for place, line in enumerate(lines):
        alike = (class_of(line.offer), run.provider.order_group(line.offer), run.links_of(line.offer))
        together.setdefault(place if size == 1 else alike, []).append(line)
    return [tuple(part[start : start + size]) for part in together.values() for start in range(0, len(part), size)]


def _execute_request(run: Run, lines: Lines) -> None:
    """Buy or hold *lines* with one request. Raises Failure for what could not be had of them."""
    wanted = [line for line in lines if class_of(line.offer) not in run.state.struck]
    fresh, gone = _with_fresh_prices(run, wanted)
    if fresh and run.provider.features.purchase == BY_RESERVATION:
        try:
            hold(run, *fresh)
        except Failure as failure:
            raise _noted(run, failure, fresh) from None
    elif fresh:
        _buy(run, fresh)
    if gone:
        named = ", ".join(str(line.offer.number) for line in gone[:5])
        said = f"{named} cannot be bought from {run.provider.name} any more: search again."
        raise _noted(run, Failure("out_of_stock", said), gone)


def _noted(run: Run, failure: Failure, lines: t.Iterable[Line]) -> Failure:
    """Return *failure*, and remember of *lines* what need not be tried again."""
    if failure.code == "out_of_stock":
        run.advance(lambda state: state.refused(lines))
    elif failure.code == "regulatory":
        run.advance(lambda state: state.refused_papers(lines))
    return failure


def _with_fresh_prices(run: Run, lines: t.Sequence[Line]) -> tuple[Lines, Lines]:
    """Return those of *lines* that cost no more than was quoted, by a price that was read a moment ago, and those that
    are no longer for sale.

    What only a new search can tell is in neither.
    """
    moment = run.context.clock.now()
    old = [line for line in lines if moment - line.offer.read_at > PRICE_LIFETIME]
    names = [line.offer.number for line in old if line.offer.number is not None]
    found = run.provider.lookup_many(names) if names else {}
    fresh: list[Line] = []
    gone: list[Line] = []
    for line in lines:
        if line not in old:
            fresh.append(line)
        elif line.offer.number is not None:
            now = found.get(line.offer.number)
            if now is None:
                gone.append(line)
            elif is_within(now, line.offer):
                fresh.append(Line(dataclasses.replace(now, read_at=max(moment, now.read_at)), line.quantity))
    return tuple(fresh), tuple(gone)


def _buy(run: Run, lines: Lines) -> None:
    """Buy *lines* with one request and record what came of each. Raises Failure for those that failed."""
    entry = run.intend(lines)
    try:
        order = run.provider.buy(run.request(lines, entry.key))
    except Ambiguous as error:
        with run.lock:
            entry, order = _settle(run, entry, lines, error)
    except Failure as failure:
        run.advance(lambda state: state.withdrawn(entry.id))
        if failure.code == "out_of_stock" and len(lines) > 1:
            for line in lines:  # the refusal of a whole order does not say which of its numbers is gone
                _buy(run, (line,))
            return
        raise _noted(run, failure, lines) from None
    with run.lock:
        failed = _take(run, entry, lines, order)
    if len(lines) == 1 and not failed:
        check_charge(lines[0].offer, order.numbers)
    for line in lines if len(lines) > 1 else ():
        check_charge(line.offer, [number for number in order.numbers if number.number == line.offer.number])
    if failed:
        raise _failure(run, failed)


def _take(run: Run, entry: Entry, lines: Lines, order: Order) -> dict[Line, OrderLine]:
    """Record what *order* brought for *lines*, and return what it says of those that failed."""
    told = {one.number: one for one in order.lines}
    whole = OrderLine(order.status, None, order.message)
    outcomes = {line: told.get(line.offer.number, whole) for line in lines}
    failed = {line: said for line, said in outcomes.items() if said.status == log.FAILED}
    if len(failed) == len(lines):
        run.advance(lambda state: state.withdrawn(entry.id))
        return failed
    bought = [line for line in lines if line not in failed]
    run.advance(lambda state: state.ordered(bought, order.numbers))
    # What failed at once was refused: nobody looks at its papers any more.
    record(run, entry.id, order._replace(lines=tuple(one._replace(code=None) for one in order.lines)))
    return failed


def _failure(run: Run, failed: t.Mapping[Line, OrderLine]) -> Failure:
    """Return the failure for the lines of an order that *failed*: the one that weighs most, and rather for stock than
    for papers.
    """
    failures = [
        _noted(run, Failure(said.code or "out_of_stock", _said(line, said, len(failed) - 1)), [line])
        for line, said in failed.items()
    ]
    return min(failures, key=lambda failure: (_severity(failure), failure.code == "regulatory"))


def _said(line: Line, said: OrderLine, others: int) -> str:
    more = f" and {others} more" if others else ""
    return f"The order of {line.offer.id}{more} failed: {said.message or 'no reason given'}."


def _settle(run: Run, entry: Entry, lines: Lines, error: Ambiguous) -> tuple[Entry, Order]:
    """Find out whether an ambiguous purchase came about; return its order, and the entry that is its own.

    Numbers that surely were not bought are ordered once more, never others.
    """
    answer = read_until_told(run, entry)
    if answer is not None and answer.order is not None:
        return entry, answer.order
    if answer is None or not _may_repeat(run, lines, answer):
        raise mark_unknown(run, entry, error)
    again = _renewed(run, entry, lines)
    try:
        return again, run.provider.buy(run.request(lines, again.key))
    except Failure as failure:
        repeated = read_until_told(run, again)
        if repeated is not None and repeated.order is not None:
            return again, repeated.order
        if failure.code not in ("unknown_outcome", "out_of_stock", "not_found", "conflict"):
            run.advance(lambda state: state.withdrawn(again.id))
            raise
    raise mark_unknown(run, again, error)


def _may_repeat(run: Run, lines: Lines, answer: Answer) -> bool:
    """Whether the numbers were surely not bought, so that they may be asked for again at the quoted prices.

    Where orders are carried out later, being absent and for sale proves nothing: the provider must know no order. A
    look-up that fails proves nothing either.
    """
    names = [line.offer.number for line in lines]
    if None in names or run.provider.features.asynchronous and not answer.told:
        return False
    try:
        found = run.provider.lookup_many([str(name) for name in names])
    except Failure:
        return False
    pairs = [(found.get(str(line.offer.number)), line.offer) for line in lines]
    return all(now is not None and now.prices == offer.prices for now, offer in pairs)


def _renewed(run: Run, entry: Entry, lines: Lines) -> Entry:
    """The order to send again: a request with a key of ours gets a new one, which the journal has first."""
    if entry.key is None:
        return entry
    run.advance(lambda state: state.withdrawn(entry.id))
    return run.intend(lines)
