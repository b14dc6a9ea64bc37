# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what a person reads of a run that retires: a table of the numbers, what it saves, and what stands against
it.
"""

from __future__ import annotations

import typing as t

from .._core.errors import one_line
from .._core.link import URL
from .._core.model import Number
from .columns import amount, counted, table
from .going import GONE, RELEASED, Going
from .retire import Departure
from .state import FAILED

_HEAD = ("pool", "account", "number", "id", "per month", "linked to", "change")
_SAID = {RELEASED: "released", FAILED: "failed", GONE: "gone already", None: "not tried"}


def report(found: Departure, checksum: str | None, record: str | None) -> str:
    """The lines of a run that retires, or of its check: the numbers, what it saves, why what failed did, and the
    *checksum* or the *record*.
    """
    rows = [row for state in found.states for row in _rows(state, found.check)]
    lines = list(table([_HEAD, *rows], ("per month",))) if rows else []
    lines += _totals(found)
    lines += _remarks(found)
    lines += [f"Checksum: {checksum}"] if checksum and found.check and found.changed else []
    lines += [f"Record: {record}"] if record else []
    return "\n".join(lines)


def summary(found: Departure) -> str:
    """One line for a run that failed: how many pools, what was released, and why the first ones did."""
    failed, causes = found.failed, _causes(found.failed)
    released = sum(len(state.released) for state in found.states)
    done = "" if found.check else f" {counted(released, 'number')} released."
    more = f" And {len(causes) - 5} more causes, see the report." if len(causes) > 5 else ""
    return f"{len(failed)} of {counted(len(found.states), 'pool')} failed.{done} {' '.join(causes[:5])}{more}"


def _rows(state: Going, check: bool) -> t.Iterator[tuple[str, ...]]:
    place = (state.pool.name, state.pool.account.name)
    for number in state.numbers:
        change = "release" if check else _SAID[state.outcomes.get(number.number)]
        yield (*place, number.number, number.id, _price(number), _linked(number), change)
    for name, why in state.staying.items():
        yield (*place, name, "", "", "", why)


def _price(number: Number) -> str:
    return f"{amount(number.monthly_price)} {number.currency or ''}".rstrip()


def _linked(number: Number) -> str:
    if not number.links_known:
        return "?"
    names = dict.fromkeys("an address" if link.kind == URL else link.id for link in number.current)
    return one_line(", ".join(sorted(names))) or "-"


def _totals(found: Departure) -> t.Iterator[str]:
    going = [number for state in found.states for number in state.numbers if state.step is None]
    released = sum(len(state.released) for state in found.states)
    if not any(state.numbers for state in found.states):
        yield "Nothing is to be released."
    elif found.check:
        yield f"To release: {counted(len(going), 'number')}."
    else:
        yield f"Released: {counted(released, 'number')}." if released else "Nothing was released."
    for currency, saved in found.saves().items():
        yield f"Saves {amount(saved)} {currency} a month."
    unknown = sum(number.monthly_price is None or not number.currency for number in going)
    if unknown and found.check:
        yield f"The price of {counted(unknown, 'number')}, or its currency, is not known, and in no total."


def _remarks(found: Departure) -> list[str]:
    return _causes([state for state in found.states if state.remark])


def _causes(states: t.Iterable[Going]) -> list[str]:
    """Why pools are not done, each cause once."""
    said: dict[str, list[str]] = {}
    for state in states:
        said.setdefault(str(state.remark), []).append(state.pool.name)
    return [f"{', '.join(names)}: {message}" for message, names in said.items()]
