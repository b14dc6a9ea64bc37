# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what the provider itself says of an order: asked by its id, else by our own key. The list comes after it."""

from __future__ import annotations

import typing as t

from .._contract.exchange import Order
from .._core.errors import Failure
from .._journal import entries as log
from .._journal.entries import Entry
from .counting import may_count
from .keeper import Run

# States in which an order can still change by itself.
_UNDER_WAY = (log.INTENT, log.UNKNOWN, log.PENDING, log.IN_REVIEW, log.NEEDS_INPUT)


class Answer(t.NamedTuple):
    """What asking for an order brought. ``told`` says that the provider knows each of its orders, and answered."""

    told: bool
    order: Order | None = None


def ask(run: Run, entry: Entry) -> Answer:
    """Ask the provider for *entry*. A question that fails decides nothing."""
    features = run.provider.features
    try:
        if entry.order and features.orders_by_id:
            return Answer(True, run.provider.order(entry.order))
        if entry.key and features.orders_by_key:
            return Answer(True, run.provider.order_by_key(entry.key))
    except Failure:
        pass
    return Answer(False)


def update_orders(run: Run, orders: t.Collection[str] | None = None) -> None:
    """Ask for the orders under way that may count for the task, or for *orders* alone, and record what became of
    them.
    """
    waiting = [
        part
        for part in run.book.open()
        if part.status in _UNDER_WAY
        and (may_count(run.want, run.book, part) if orders is None else part.order_id in orders)
    ]
    for order in dict.fromkeys(part.order_id for part in waiting):
        found = ask(run, run.book.entries[order]).order
        if found is not None:
            record(run, order, found)


def record(run: Run, order: str, answer: Order) -> None:
    """Record what the provider says of an order: of each line by its number, or of all lines."""
    if answer.id:
        run.advance(lambda state: state.identified(order, str(answer.id)))
    by_number = {line.number: line for line in answer.lines}
    names = [number.number for number in answer.numbers]
    for part in run.book.entries[order].parts:
        if part.status == log.CLOSED:
            continue
        line = by_number.get(part.offer["number"])
        status = line.status if line else answer.status
        alone = len(names) == len(run.book.entries[order].lines) == 1  # the number of the order, whatever its digits
        named = [name for name in names if part.offer["number"] in (None, name) or alone]
        said = (line.message if line else None) or answer.message
        run.settle(part, status, named, said, line.code if line else None)
