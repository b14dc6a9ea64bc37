# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: read owned numbers from lists that may lag behind the changes of a moment ago.

Each link, unlink, move and release has an entry in the journal until a list shows it. While a list may lag
(``settle_time``), and still shows the state before the change, the entry corrects it. A list that shows a third state
is right, and so is every list after that time: somebody else changed the number, or the change never happened. Every
operation that decides by owned numbers reads them here.
"""

from __future__ import annotations

import threading
import typing as t

from .._core.errors import Failure
from .._core.model import LEAVING, Number
from .._journal.entries import CLOSED, DONE, FAILED, INTENT, LINK, RELEASE, ChangeEntry, Part, new_change
from .._journal.store import Journal
from . import links
from .context import Context, indexed, owned_named

_SHOWN = "shown"  # the list shows the state after the change
_LATE = "late"  # the list shows the state before the change
_OTHER = "other"  # the list shows another state
_ABSENT = "absent"  # the list does not show the number at all


class Ledger:
    """The changes of one account that no list has shown yet."""

    def __init__(self, context: Context, journal: Journal) -> None:
        self._context = context
        self._journal = journal
        self._writing = threading.Lock()
        self.leaving: dict[str, Number] = {}  # numbers of the latest list that were given back: they are not owned
        self.unreadable: t.Sequence[t.Any] = ()  # the rows of the latest list of the account that cannot be read
        self._earlier: dict[str, list[ChangeEntry]] | None = None  # the changes of earlier tasks, by number

    # -- read ----------------------------------------------------------------------------------------------------------

    def owned(self) -> dict[str, Number]:
        """Return the owned numbers by their digits, from a list that did not change while it was read."""
        return self._read(self._list, None, True)

    def _list(self) -> dict[str, Number]:
        listed = self._context.provider.owned(steady=True)
        self.unreadable = listed.unreadable
        return indexed(listed)

    def named(self, names: t.Sequence[str], certain: bool = False) -> dict[str, Number]:
        """Return the owned ones of *names* by their digits, with the fewest requests.

        With *certain* a number is absent only if a list that did not change while it was read lacks it.
        """
        return self._read(lambda: owned_named(self._context, names, certain), names, False)

    def _read(
        self, read: t.Callable[[], dict[str, Number]], names: t.Collection[str] | None, whole: bool
    ) -> dict[str, Number]:
        """Return the numbers that *read* returns, corrected by the journal.

        A killed task leaves requests without a known outcome. While the list may still show such a request, or may
        still show a number that was given back before it was ordered again, *read* is called again.
        """
        found = read()
        until = self._doubtful_until(found, names)
        if until is not None:
            for again, _poll in enumerate(self._context.polls(until)):
                found = read() if again else found
                if self._doubtful_until(found, names) is None:
                    break
        found = self.correct(found, names, whole)
        self.leaving = {name: number for name, number in found.items() if number.status == LEAVING}
        return {name: number for name, number in found.items() if name not in self.leaving}

    def refuse_leaving(self, names: t.Iterable[str]) -> None:
        """Raise Failure ``conflict`` for one of *names* that was given back and is still listed."""
        check_not_leaving(names, self.leaving)

    def _doubtful_until(self, found: t.Mapping[str, Number], names: t.Collection[str] | None) -> float | None:
        """Return the monotonic second from which on the list surely shows what became of requests without an outcome.

        None means that the list in *found* already decides all of them.
        """
        clock = self._context.clock
        ages = [
            clock.wall() - entry.at
            for entry in self._changes_of(names)
            if (entry.status == INTENT or self._ordered_since(entry))
            and self._is_fresh(entry)
            and self._verdict(entry, found) == _LATE
        ]
        return clock.now() + self._context.settle_time - min(ages) if ages else None

    def correct(
        self, found: t.Mapping[str, Number], names: t.Collection[str] | None = None, whole: bool = True
    ) -> dict[str, Number]:
        """Correct the numbers in *found* by the changes of a moment ago and return them. Entries that it settles are
        closed.

        With *names* only the changes of these numbers count. *whole* says that *found* is the list of the account; a
        single record may be newer than that list.
        """
        for entry in self._changes_of(None):
            if not self._is_fresh(entry):
                self._close(entry)
        return self._apply(self._changes_of(names), found, whole)

    def just_before(self, number: Number) -> Number:
        """Read the record of *number* again and return it.

        Raises Failure ``conflict`` when the number is gone, was given back, or was bought again.
        """
        if self._earlier is None:
            self._earlier = {}
            for entry in self._changes_of(None):
                self._earlier.setdefault(entry.number, []).append(entry)
        found = self._context.provider.find(number.number)
        now = found and self._apply(self._earlier.get(number.number, []), {number.number: found}, False).get(
            number.number
        )
        if now is None or now.status == LEAVING or not self._context.provider.same_record(number, now):
            again = "" if now and now.status == LEAVING else " and bought again"
            what = "is no longer shown" if now is None else f"was given back{again} meanwhile"
            raise Failure("conflict", f"{number.number} {what}: it is left alone, run again.")
        return now

    def shown(self, found: t.Mapping[str, Number]) -> None:
        """Close the entries whose change the account's list in *found* shows."""
        self._close_shown(self._changes_of(None), found, True)

    def _apply(self, entries: t.Iterable[ChangeEntry], found: t.Mapping[str, Number], whole: bool) -> dict[str, Number]:
        """Apply *entries* to the numbers in *found*, which may lag behind them, and return the numbers."""
        corrected = dict(found)
        for entry in self._close_shown(entries, found, whole):
            verdict = self._verdict(entry, corrected)
            if verdict == _OTHER or (whole and verdict == _SHOWN):
                self._close(entry)
            elif verdict == _LATE and entry.status == DONE:
                if entry.kind == RELEASE:
                    del corrected[entry.number]
                else:
                    corrected[entry.number] = links.changed(
                        corrected[entry.number], entry.after, {*entry.before, *entry.after}
                    )
        return corrected

    def _close_shown(
        self, entries: t.Iterable[ChangeEntry], found: t.Mapping[str, Number], whole: bool
    ) -> list[ChangeEntry]:
        """Close those of *entries* that the list in *found* shows, and return the others, the oldest first.

        The latest entry of a number that the list shows ends all earlier ones of that number: an older entry by itself
        would look like one that the list does not show yet. Only the list of the account (*whole*) closes entries. None
        is closed while the list may also show an older state, and the request of a killed task proves nothing then.
        """
        chains: dict[str, list[ChangeEntry]] = {}
        for entry in entries:
            chains.setdefault(entry.number, []).append(entry)
        unshown: list[ChangeEntry] = []
        for chain in chains.values():
            verdicts = [self._verdict(entry, found) for entry in chain]
            ends = [
                place
                for place, entry in enumerate(chain)
                if verdicts[place] == _SHOWN and (entry.status == DONE or _LATE not in verdicts[:place])
            ]
            past = max(ends, default=-1) + 1
            if whole and _LATE not in verdicts[:past]:
                for entry in chain[:past]:
                    self._close(entry)
            unshown += chain[past:]
        return unshown

    def _changes_of(self, names: t.Collection[str] | None) -> list[ChangeEntry]:
        """Return the changes of the numbers *names* in the journal, the oldest first; None stands for all numbers."""
        wanted = None if names is None else set(names)
        with self._writing:
            return [entry for entry in self._journal.changes if wanted is None or entry.number in wanted]

    def _is_fresh(self, entry: ChangeEntry) -> bool:
        """Whether a list may still lag behind *entry*. If the clock was set back, an entry may be in the future."""
        return abs(self._context.clock.wall() - entry.at) <= self._context.settle_time

    def _verdict(self, entry: ChangeEntry, found: t.Mapping[str, Number]) -> str:
        """Return how the list in *found* stands to *entry*: _SHOWN, _LATE, _OTHER or _ABSENT."""
        number = found.get(entry.number)
        if number is None:
            return _SHOWN if entry.kind == RELEASE else _ABSENT
        if identity(number) != entry.identity:
            return _OTHER
        if entry.kind == RELEASE:
            return _SHOWN if number.status == LEAVING else _LATE
        if self._bought_since(entry):
            return _OTHER
        state = links.kept(number)
        now = {capability: state[capability] for capability in (*entry.before, *entry.after) if capability in state}
        return _SHOWN if now == entry.after else _LATE if now == entry.before else _OTHER

    def _bought_since(self, entry: ChangeEntry) -> bool:
        """Whether this account surely bought the number again after *entry*.

        That does not make the record of before the new one: where nothing tells them apart, a release is a release
        until the list can be late no longer, and the number counts by its order.
        """
        return any(part.status == CLOSED or part.is_definite for part in self._ordered_since(entry))

    def _ordered_since(self, entry: ChangeEntry) -> list[Part]:
        """The lines of this account's orders after *entry* that may have bought its number."""
        parts = [part for order in self._journal.entries if order.at >= entry.at for part in order.parts]
        return [part for part in parts if part.status != FAILED and entry.number in part.known()]

    # -- write ---------------------------------------------------------------------------------------------------------

    def note_link(self, number: Number, after: Number) -> ChangeEntry:
        """Record that *number* is about to get the links of *after*, and return the entry."""
        was, will = links.kept(number), links.kept(after)
        touched = [capability for capability in {**was, **will} if was.get(capability) != will.get(capability)]
        before, wanted = (
            {capability: state[capability] for capability in touched if capability in state} for state in (was, will)
        )
        return self._note(new_change(LINK, number.number, identity(number), before, wanted, self._context.clock.wall()))

    def note_release(self, number: Number) -> ChangeEntry:
        """Record that *number* is about to be given back, and return the entry."""
        return self._note(
            new_change(RELEASE, number.number, identity(number), links.kept(number), {}, self._context.clock.wall())
        )

    def _note(self, entry: ChangeEntry) -> ChangeEntry:
        with self._writing:
            self._journal.write_change(entry)
        return entry

    def done(self, entry: ChangeEntry) -> None:
        """Record that the provider has carried out the change. From now on a list may lag behind it."""
        entry.status, entry.at = DONE, self._context.clock.wall()
        self._note(entry)

    def undone(self, entry: ChangeEntry) -> None:
        """Close *entry*, because the provider has refused the change."""
        self._close(entry)

    def _close(self, entry: ChangeEntry) -> None:
        with self._writing:
            self._journal.close_change(entry)


def identity(number: Number) -> str:
    """Return a text that changes when the digits of *number* are given back and bought again."""
    return f"{number.id} {number.since or ''}"


def check_not_leaving(names: t.Iterable[str], leaving: t.Mapping[str, Number]) -> None:
    """Raise Failure ``conflict`` for one of *names* that is *leaving*: it was given back and is still listed."""
    gone = [leaving[name] for name in names if name in leaving]
    if gone:
        listed = ", ".join(f"{number.number} (until {number.expires or 'an unknown day'})" for number in gone)
        raise Failure(
            "conflict",
            f"These numbers were given back, and the provider lists them until they end: {listed}. Take them out of "
            "the task.",
        )
