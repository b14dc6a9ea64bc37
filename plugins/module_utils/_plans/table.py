# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what a person reads of a run: a table of the pools, what it comes to, and what stands against it."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from .._core import money
from .columns import amount, counted, table
from .converge import Outcome
from .state import CHANGED, FAILED, State

_HEAD = ("pool", "account", "has", "wants", "change", "per month", "after", "due now")
_RIGHT = frozenset({"has", "wants", "per month", "after", "due now"})


def report(outcome: Outcome, checksum: str | None = None) -> str:
    """The lines of a run, or of a quote in check mode: the pools, the totals, why what failed did, and the *checksum*
    of a quote that changes something.
    """
    rows = [_row(state, outcome.check) for state in outcome.states]
    lines = [*table([_HEAD, *rows], _RIGHT)] if rows else ["The plan has no pool."]
    lines += _totals(outcome)
    lines += [f"Not kept: {line}" for line in outcome.over]
    lines += _remarks(outcome)
    lines += [f"Checksum: {checksum}"] if checksum and outcome.changed else []
    return "\n".join(lines)


def summary(outcome: Outcome) -> str:
    """One line for a run that failed: how many pools, and why the first ones did."""
    failed = outcome.failed
    count = f"{len(failed)} of {counted(len(outcome.states), 'pool')} failed"
    said: dict[str, list[str]] = {}
    for state in failed:
        said.setdefault(str(state.message), []).append(state.pool.name)
    causes = [f"{', '.join(names)}: {message}" for message, names in list(said.items())[:5]]
    more = f" And {len(said) - 5} more causes, see the report." if len(said) > 5 else ""
    return f"{count}. {' '.join(causes)}{more}"


def _row(state: State, check: bool) -> tuple[str, ...]:
    ready = len(state.numbers) - state.not_ready - (len(state.purchased) if check else 0)
    has = f"{ready} + {state.not_ready} pending" if state.not_ready else str(ready)
    costs = state.monthly()
    now, then = (" + ".join(_priced(cost[side], name) for name, cost in costs.items()) for side in (0, 1))
    due = money.amount((state.quote or {}).get("due_now_total")) if state.lines else None
    is_bought = bool(state.lines) and state.step is None
    read = state.is_counted
    return (
        state.pool.name,
        state.pool.account.name,
        has if read else "?",
        str(state.wanted),
        _change(state, check),
        (now or "0.00") if read else "?",
        (then or "0.00") if read else "?",
        _priced(due, str((state.quote or {}).get("currency") or "")) if is_bought else "",
    )


def _priced(value: Decimal | None, currency: str) -> str:
    return f"{amount(value)} {currency}".rstrip()


def _change(state: State, check: bool) -> str:
    """What will be done for the pool, or was: a few words."""
    if state.status == FAILED:
        return f"failed ({state.code})"
    bought = state.to_buy if check else _spent(state)
    ordered = 0 if check or not state.is_pending else min(bought, max(0, state.missing))
    taken = len({change.number for change in state.links if _is_free(state, change.before)})
    moved = len({change.number for change in state.links}) - taken
    parts = [
        f"{'buy' if check else 'bought'} {bought - ordered}" if bought > ordered else "",
        f"ordered {ordered}" if ordered else "",
        f"{'move' if check else 'moved'} {len(state.moving)}" if state.moves else "",
        f"{'take in' if check else 'took in'} {taken}" if taken else "",
        f"{'link' if check else 'linked'} {moved}" if moved else "",
        f"set {len({change.number for change in state.settings})}" if state.settings else "",
    ]
    words = ", ".join(part for part in parts if part)
    return words or ("-" if state.status != CHANGED else "changed")


def _spent(state: State) -> int:
    return sum(int(line["quantity"]) for line in (state.spent or {}).get("lines") or ())


def _is_free(state: State, before: t.Any) -> bool:
    return before in (None, state.pool.want.default_application)


def _totals(outcome: Outcome) -> t.Iterator[str]:
    """What is bought, by currency, and what all pools cost a month then."""
    verb = "To buy" if outcome.check else "Bought"
    found = outcome.totals()
    for currency, sums in found.items():
        monthly, due = (amount(money.amount(sums[key])) for key in ("monthly_total", "due_now_total"))
        yield f"{verb}: {monthly} {currency or 'in no named currency'} a month, {due} due now."
    if not found:
        yield "Nothing is to be bought." if outcome.check else "Nothing was bought."


def _remarks(outcome: Outcome) -> list[str]:
    """Why pools failed or are not as wanted, each cause once."""
    said: dict[str, list[str]] = {}
    for state in outcome.states:
        if state.remark and not (outcome.over and state.step == "limit"):
            said.setdefault(state.remark, []).append(state.pool.name)
    return [f"{', '.join(names)}: {message}" for message, names in said.items()]
