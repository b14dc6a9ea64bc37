# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: which new numbers a provider's list owes to which order. Pure.

Orders whose numbers the provider did not name share the new numbers that may have come from any of them, as a set. They
are told apart only when the list shows exactly as many as all of them together brought.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._journal.entries import Part

CouldBring = t.Callable[[Part, str], bool]  # whether a listed number may have come from the order


def unnamed(entry: Part) -> int:
    """How many numbers of *entry* are not known by their digits."""
    return max(0, entry.quantity - len(entry.known()))


@dataclasses.dataclass(frozen=True)
class Cluster:
    """Orders that share *candidates*: for each order the new numbers that it may have brought, those gone again
    included.
    """

    candidates: t.Mapping[str, frozenset[str]]  # by the id of the order
    entries: tuple[Part, ...]

    @property
    def numbers(self) -> frozenset[str]:
        """All candidates."""
        return frozenset().union(*self.candidates.values())

    @property
    def definite(self) -> int:
        """How many unnamed numbers were surely ordered."""
        return sum(unnamed(entry) for entry in self.entries if entry.is_definite)

    @property
    def doubtful(self) -> int:
        """How many unnamed numbers may have been ordered, beside those."""
        return sum(unnamed(entry) for entry in self.entries if not entry.is_definite)

    def shares(self) -> dict[str, list[str]] | None:
        """Which numbers each order brought, by its id; None when that cannot be told.

        It can when there are exactly as many candidates as all orders brought, or when a single order that surely was
        taken has not brought all.
        """
        alone = len(self.entries) == 1 and not self.doubtful
        if len(self.numbers) == self.definite + self.doubtful or alone and len(self.numbers) < self.definite:
            return self._matched()
        return None

    @property
    def is_overfull(self) -> bool:
        """Whether all orders were surely taken and there are more candidates than they brought: somebody else's are
        among them.
        """
        return not self.doubtful and len(self.numbers) > self.definite

    def _matched(self) -> dict[str, list[str]] | None:
        """Give each candidate to an order that may have brought it; None when one fits nowhere."""
        owner: dict[str, tuple[str, int]] = {}  # number → place of an order
        places = {(entry.id, place): entry for entry in self.entries for place in range(unnamed(entry))}
        taken: dict[tuple[str, int], str] = {}

        def give(number: str, tried: set[tuple[str, int]]) -> bool:
            for place in sorted(places, key=lambda place: place in taken):
                if place in tried or number not in self.candidates[place[0]]:
                    continue
                tried.add(place)
                if place not in taken or give(taken[place], tried):
                    taken[place], owner[number] = number, place
                    return True
            return False

        if not all(give(number, set()) for number in sorted(self.numbers)):
            return None
        shares: dict[str, list[str]] = {entry.id: [] for entry in self.entries}
        for place, number in taken.items():
            shares[place[0]].append(number)
        return {identity: sorted(numbers) for identity, numbers in shares.items()}


def clusters(entries: t.Sequence[Part], listed: t.Collection[str], could_bring: CouldBring) -> list[Cluster]:
    """The orders of *entries* that have unnamed numbers, put together where they share candidates of the *listed*
    numbers.
    """
    named = {name for entry in entries for name in entry.known()}
    pending = [(entry, _candidates(entry, listed, named, could_bring)) for entry in entries if unnamed(entry)]
    groups: list[list[tuple[Part, frozenset[str]]]] = []
    for item in pending:
        touching = [group for group in groups if any(item[1] & candidates for _entry, candidates in group)]
        groups = [group for group in groups if group not in touching] + [
            [*(member for group in touching for member in group), item]
        ]
    return [
        Cluster({entry.id: found for entry, found in group}, tuple(entry for entry, _found in group))
        for group in groups
    ]


def _candidates(
    entry: Part, listed: t.Collection[str], named: t.Collection[str], could_bring: CouldBring
) -> frozenset[str]:
    ruled_out = {*entry.before, *named}
    return frozenset(
        {
            name
            for name in (*listed, *entry.seen)
            if name not in ruled_out and (name in entry.seen or could_bring(entry, name))
        }
    )
