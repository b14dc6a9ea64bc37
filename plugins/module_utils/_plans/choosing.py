# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: which owned numbers go with the retired pools of an account. Pure; what cannot be told is refused.

What a present pool counts never goes, nor what another pool names.
"""

from __future__ import annotations

import typing as t

from .._contract.rows import Listed
from .._core.errors import Failure
from .._core.model import Number
from .._journal.entries import Part
from .._operations import links
from .._purchase import counting
from .._purchase.book import Book
from . import claims
from .counts import counts
from .going import Going
from .model import Pool


def choose(states: t.Sequence[Going], present: t.Sequence[Pool], book: Book) -> None:
    """Say in each of *states* what goes and what stays, by what the account owns and has ordered (*book*); *present*
    are the pools that are wanted. A pool that cannot be decided fails.
    """
    owned = sorted(book.owned.values(), key=lambda number: number.number)
    linked = book.provider.features.linked_capabilities
    names = claims.named([*present, *(state.pool for state in states)])
    named = {number: pool for found in names.values() for number, pool in found.items()}
    selecting = [pool for pool in present if pool.want.numbers is None]
    held = {number.number: name for name, count in counts(selecting, owned, linked).items() for number in count.numbers}
    taken: dict[str, str] = {}
    for state in sorted(states, key=lambda state: not claims.decides(state.pool)):  # what is decided first
        chosen = _Choice(state, owned, {**held, **taken}, named)
        state.orders = [part.order_id for part in _ordered(state.pool, present, book)]
        try:
            if state.pool.want.numbers is not None:
                _choose_named(state, book)
            else:
                chosen.choose()
                state.staying.update({row.name: f"its row cannot be read: {row.why}" for row in book.unreadable})
        except Failure as failure:
            state.numbers = []
            state.fail("quote", failure)
        taken.update(dict.fromkeys(state.names, state.pool.name))
        state.changed = bool(state.numbers)


def _choose_named(state: Going, book: Book) -> None:
    names = state.pool.want.numbers or ()
    absent = [name for name in names if name not in book.owned]
    Listed((), book.unreadable).check_absent([name for name in absent if name not in book.leaving])
    state.numbers = [book.owned[name] for name in names if name in book.owned]
    state.staying = {
        name: f"released, until {book.leaving[name].expires or 'an unknown day'}"
        if name in book.leaving
        else "not owned, nothing to do"
        for name in absent
    }


class _Choice:
    """What goes with a pool that names no numbers; *held* and *named* are those of other pools, by number."""

    def __init__(
        self,
        state: Going,
        owned: t.Sequence[Number],
        held: t.Mapping[str, str],
        named: t.Mapping[str, str],
    ) -> None:
        self._state = state
        self._pool = state.pool
        self._owned = owned
        self._held = held
        self._named = named

    def choose(self) -> None:
        """Choose. Raises Failure ``undecidable``, with the numbers to paste."""
        decides, undecided = claims.decides(self._pool), []
        for number in self._owned:
            matches = self._pool.want.selector.match(number)
            if matches is False or not (self._is_linked(number) or not decides):
                continue
            reason = self._stays(number)
            if reason is not None:
                if decides:
                    self._state.staying[number.number] = reason
            elif matches is None or not number.links_known:
                undecided.append(number)
            else:
                self._state.numbers.append(number)
        if undecided or (self._state.numbers and not decides):
            raise self._undecidable(undecided)

    def _is_linked(self, number: Number) -> bool:
        """Whether it is linked to what the pool wants, or may be."""
        aim = self._pool.want.application
        return aim is not None and (any(map(aim.covers, number.current)) or not links.are_known(number))

    def _stays(self, number: Number) -> str | None:
        """Why it stays, None for one that goes or of which that cannot be told."""
        want, name = self._pool.want, number.number
        if name in self._held:
            return f"stays: {self._held[name]} counts it"
        if name in want.exclude:
            return f"stays: {self._named[name]} names it" if name in self._named else "stays: it is excluded"
        if want.application is None:
            return None
        others = links.foreign(number, want.application, want.default_application)
        return f"stays: it is linked to {', '.join(others)}, too" if others else None

    def _undecidable(self, undecided: t.Sequence[Number]) -> Failure:
        names = sorted([*self._state.names, *(number.number for number in undecided)])
        paste = ", ".join(f"'{name}'" for name in names)
        if not claims.decides(self._pool):
            aim = self._pool.want.application
            what = "no application" if aim is None else f"the default application {aim}"
            why = f"{self._pool.name} has {what}, so nothing tells its numbers from others"
        else:
            keys = {key for one in undecided for key in self._pool.want.selector.missing_facts(one) or ("links",)}
            told = ", ".join(number.number for number in undecided[:5])
            why = f"whether {told} belong to {self._pool.name} cannot be told: no record shows {', '.join(keys)}"
        return Failure(
            "undecidable",
            f"Nothing of it is released: {why}. Give the pool the numbers that are to go, of these that may be its "
            f"own: numbers: [{paste}]",
        )


def _ordered(pool: Pool, present: t.Sequence[Pool], book: Book) -> t.Iterator[Part]:
    """The lines of orders on the way that were made for *pool*, the oldest first."""
    for part in book.open():
        if not book.missing(part):
            continue
        if any(_is_for(other, part, book) for other in present) or not _is_for(pool, part, book):
            continue
        yield part


def _is_for(pool: Pool, part: Part, book: Book) -> bool:
    want = pool.want
    if want.numbers is not None:
        return bool({part.offer["number"], *part.known()} & {*want.numbers})
    wanted = want.application is None if part.application is None else counting.ordered_for(want, part)
    return wanted and want.selector.match(book.offer_of(part)) is not False
