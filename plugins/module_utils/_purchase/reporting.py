# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what a purchase says of itself: its result, its prediction, and what a failure completed. Pure."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.link import Aim
from .._core.model import Number, by_number
from .._journal import entries as log
from .._journal.entries import Entry
from .._operations import linking, links
from .._operations.context import Result, number_dicts
from .quote import Quote, predicted
from .state import State
from .tally import Tally
from .want import Want


def nothing() -> Result:
    """The result of a purchase of no numbers."""
    facts = {"numbers": [], "purchased": [], "linked": [], "quote": Quote().as_dict(), "orders": []}
    return Result(facts=facts, before={}, after={})


def result(state: State, first: Tally, now: Tally) -> Result:
    """The result of a run that began with *first* and ends with *now*."""
    facts = {
        "numbers": number_dicts(now.satisfied),
        "purchased": number_dicts(state.numbers.values()),
        "linked": list(state.joined),
        "quote": Quote(state.quoted_lines()).as_dict(),
        "orders": orders(state),
    }
    return Result(state.changed, facts, _shown(first.satisfied), _shown(now.satisfied))


def prediction(state: State, want: Want, now: Tally, linkable: t.Collection[str], bought_linked: bool) -> Result:
    """The result of a run in check mode; numbers that only the provider can choose are absent from it."""
    lines = state.quoted_lines()
    bought = [predicted(line.offer, want.application, linkable) for line in lines if line.offer.number]
    linked = [_linked(number, want.application, linkable) for number in now.to_link]
    rest = [number for number in now.satisfied if number not in now.to_link]
    chosen_later = [f"{line.quantity} of offer {line.offer.id}" for line in lines if not line.offer.number]
    linked_after = [] if bought_linked or want.application is None else [n.number for n in bought if n.applications]
    facts = {
        "numbers": number_dicts([*rest, *linked, *bought]),
        "purchased": number_dicts(bought),
        "linked": sorted([*(number.number for number in linked), *linked_after]),
        "quote": Quote(lines).as_dict(),
        "orders": orders(state),
    }
    before = _shown([*rest, *now.to_link])
    after = _shown([*rest, *linked, *bought])
    if chosen_later:
        before["to_buy"], after["to_buy"] = [], chosen_later
    return Result(bool(lines or linked or state.changed), facts, before, after)


def _linked(number: Number, application: Aim | None, linkable: t.Collection[str]) -> Number:
    made = links.missing([number], application, linkable) if application else []
    return linking.linked(number, made, ())


def _shown(numbers: t.Iterable[Number]) -> dict[str, t.Any]:
    """One side of the diff: the numbers that satisfy the request, with their links."""
    ordered = sorted(numbers, key=by_number)
    return {"numbers": {number.number: number.applications for number in ordered}}


def orders(state: State) -> list[dict[str, t.Any]]:
    """The ``orders`` of a result: those of this task, then older ones that are still open."""
    own = [state.book.entries[order] for order in state.orders]
    older = dict.fromkeys(part.order_id for part in state.book.open() if part.order_id not in state.orders)
    return [_order(entry) for entry in [*own, *(state.book.entries[order] for order in older)]]


def _order(entry: Entry) -> dict[str, t.Any]:
    """An order object: the whole, and its lines. Whether an intent was carried out cannot be told."""
    messages = [line.message for line in entry.lines if line.message]
    return {
        "id": entry.id,
        "provider_order": entry.order,
        "status": _told(entry.status),
        "quantity": sum(line.quantity for line in entry.lines),
        "numbers": sorted({name for line in entry.lines for name in line.numbers}),
        "lines": [
            {
                "offer": line.offer["id"],
                "number": line.offer["number"],
                "quantity": line.quantity,
                "status": _told(line.status),
                "message": line.message,
            }
            for line in entry.lines
        ],
        "message": messages[0] if messages else None,
    }


def _told(status: str) -> str:
    return {log.INTENT: log.UNKNOWN, log.CLOSED: log.FULFILLED}.get(status, status)


def with_completed(failure: Failure, state: State) -> Failure:
    """*failure*, which says what was bought and linked all the same. A failed assignment knows best what it linked."""
    failure.completed = {**_completed(state), **failure.completed}
    failure.changed = failure.changed or state.changed
    return failure


def _completed(state: State) -> dict[str, t.Any]:
    if not (state.numbers or state.joined or state.orders or state.holds):
        return {}
    return {
        "purchased": number_dicts(state.numbers.values()),
        "orders": orders(state),
        "linked": list(state.joined),
        "reserved": [reference for _line, reference in state.holds],
    }
