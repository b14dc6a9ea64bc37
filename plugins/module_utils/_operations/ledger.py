# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what was written a moment ago, and what a list says that may lag behind it.

Each link, unlink, move and release has an entry in the journal until a list shows it. A list that still shows the state
of before is corrected by the entry, for as long as a list may lag (``settle_time``); one that shows a third state is
believed, and so is every list after that time: somebody changed it, or it never happened. Whatever concludes from owned
numbers reads them here.
"""

from __future__ import annotations

import threading
import typing as t

from .._core.errors import Failure
from .._core.model import LEAVING, Number
from .._journal.entries import DONE, INTENT, LINK, RELEASE, ChangeEntry, new_change
from .._journal.store import Journal
from . import links
from .context import Context, indexed, owned_named

_SHOWN = "shown"  # the list shows what was written
_LATE = "late"  # the list shows what was before
_OTHER = "other"  # the list shows something else
_ABSENT = "absent"  # the list does not show the number at all


class Ledger:
    """The changes of one account that no list has shown yet."""

    def __init__(self, context: Context, journal: Journal) -> None:
        self._context = context
        self._journal = journal
        self._writing = threading.Lock()
        self.leaving: dict[str, Number] = {}  # numbers of the latest list that were given back: they are not owned
        self.unreadable: t.Sequence[t.Any] = ()  # the rows of the latest list of the account that cannot be read
        self._earlier: dict[str, list[ChangeEntry]] | None = None  # what earlier tasks wrote, by number

    # -- read ----------------------------------------------------------------------------------------------------------

    def owned(self) -> dict[str, Number]:
        """The owned numbers by their digits, from a list that did not move."""
        return self._read(self._list, None, True)

    def _list(self) -> dict[str, Number]:
        listed = self._context.provider.owned(steady=True)
        self.unreadable = listed.unreadable
        return indexed(listed)

    def named(self, names: t.Sequence[str], certain: bool = False) -> dict[str, Number]:
        """The owned ones of *names*, with the fewest requests; *certain* makes sure of an absent one with a list that
        did not move.
        """
        return self._read(lambda: owned_named(self._context, names, certain), names, False)

    def _read(
        self, read: t.Callable[[], dict[str, Number]], names: t.Collection[str] | None, whole: bool
    ) -> dict[str, Number]:
        """What *read* returns, corrected. While a request of a killed task may still show, it is read until it does or
        cannot any more.
        """
        found = read()
        until = self._doubtful_until(found, names)
        if until is not None:
            for again, _poll in enumerate(self._context.polls(until)):
                found = read() if again else found
                if self._doubtful_until(found, names) is None:
                    break
        found = self.remembered(found, names, whole)
        self.leaving = {name: number for name, number in found.items() if number.status == LEAVING}
        return {name: number for name, number in found.items() if name not in self.leaving}

    def refuse_leaving(self, names: t.Iterable[str]) -> None:
        """Raise Failure ``conflict`` for one of *names* that was given back and is still listed."""
        check_not_leaving(names, self.leaving)

    def _doubtful_until(self, found: t.Mapping[str, Number], names: t.Collection[str] | None) -> float | None:
        """The monotonic second at which the list shows what became of the requests of killed tasks; None when it
        decides all of them.
        """
        clock = self._context.clock
        ages = [
            clock.wall() - entry.at
            for entry in self._concerning(names)
            if entry.status == INTENT and self._is_fresh(entry) and self._verdict(entry, found) == _LATE
        ]
        return clock.now() + self._context.settle_time - min(ages) if ages else None

    def remembered(
        self, found: t.Mapping[str, Number], names: t.Collection[str] | None = None, whole: bool = True
    ) -> dict[str, Number]:
        """The numbers that a list has *found*, corrected by what was written a moment ago; entries that it settles are
        closed.

        With *names* it is about these alone. *whole* says that it is the list of the account: a number got by itself
        may be ahead of it.
        """
        for entry in self._concerning(None):
            if not self._is_fresh(entry):
                self._close(entry)
        return self._corrected(self._concerning(names), found, whole)

    def just_before(self, number: Number) -> Number:
        """Return *number* as it is now, read by itself. Raises Failure ``conflict`` when it is no longer what it
        was.
        """
        if self._earlier is None:
            self._earlier = {}
            for entry in self._concerning(None):
                self._earlier.setdefault(entry.number, []).append(entry)
        found = self._context.provider.find(number.number)
        now = found and self._corrected(self._earlier.get(number.number, []), {number.number: found}, False).get(
            number.number
        )
        if now is None or now.status == LEAVING or not self._context.provider.same_record(number, now):
            again = "" if now and now.status == LEAVING else " and bought again"
            what = "is no longer shown" if now is None else f"was given back{again} meanwhile"
            raise Failure("conflict", f"{number.number} {what}: it is left alone, run again.")
        return now

    def shown(self, found: t.Mapping[str, Number]) -> None:
        """Close the entries of what the list that was *found* shows."""
        self._unshown(self._concerning(None), found, True)

    def _corrected(
        self, entries: t.Iterable[ChangeEntry], found: t.Mapping[str, Number], whole: bool
    ) -> dict[str, Number]:
        corrected = dict(found)
        for entry in self._unshown(entries, found, whole):
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

    def _unshown(
        self, entries: t.Iterable[ChangeEntry], found: t.Mapping[str, Number], whole: bool
    ) -> list[ChangeEntry]:
        """Those of *entries*, the oldest first, that what was *found* does not show, with none of the same number after
        them that it shows.

        The list of the account (*whole*) closes what it shows, and what was written to the number before: alone, an
        older entry would take the newer state for a list that is late. Where such a list may as well be late, all of
        them stay, and what a killed task sent proves nothing.
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

    def _concerning(self, names: t.Collection[str] | None) -> list[ChangeEntry]:
        wanted = None if names is None else set(names)
        with self._writing:
            return [entry for entry in self._journal.changes if wanted is None or entry.number in wanted]

    def _is_fresh(self, entry: ChangeEntry) -> bool:
        """Whether a list may still lag behind *entry*, also by a clock that was set back meanwhile."""
        return abs(self._context.clock.wall() - entry.at) <= self._context.settle_time

    def _verdict(self, entry: ChangeEntry, found: t.Mapping[str, Number]) -> str:
        """What the numbers that were *found* say about *entry*."""
        number = found.get(entry.number)
        if number is None:
            return _SHOWN if entry.kind == RELEASE else _ABSENT
        if identity(number) != entry.identity or self._bought_since(entry):
            return _OTHER
        if entry.kind == RELEASE:
            return _SHOWN if number.status == LEAVING else _LATE
        state = links.kept(number)
        now = {capability: state[capability] for capability in (*entry.before, *entry.after) if capability in state}
        return _SHOWN if now == entry.after else _LATE if now == entry.before else _OTHER

    def _bought_since(self, entry: ChangeEntry) -> bool:
        """Whether this account bought the number again after *entry*."""
        bought = [part for purchase in self._journal.entries if purchase.at >= entry.at for part in purchase.parts]
        return any(entry.number in part.known() for part in bought)

    # -- write ---------------------------------------------------------------------------------------------------------

    def note_link(self, number: Number, after: Number) -> ChangeEntry:
        """Record that *number* is about to be linked as *after* is."""
        was, will = links.kept(number), links.kept(after)
        touched = [capability for capability in {**was, **will} if was.get(capability) != will.get(capability)]
        before, wanted = (
            {capability: state[capability] for capability in touched if capability in state} for state in (was, will)
        )
        return self._note(new_change(LINK, number.number, identity(number), before, wanted, self._context.clock.wall()))

    def note_release(self, number: Number) -> ChangeEntry:
        """Record that *number* is about to be given back."""
        return self._note(
            new_change(RELEASE, number.number, identity(number), links.kept(number), {}, self._context.clock.wall())
        )

    def _note(self, entry: ChangeEntry) -> ChangeEntry:
        with self._writing:
            self._journal.write_change(entry)
        return entry

    def done(self, entry: ChangeEntry) -> None:
        """The provider has carried it out. Lists may lag from now on."""
        entry.status, entry.at = DONE, self._context.clock.wall()
        self._note(entry)

    def undone(self, entry: ChangeEntry) -> None:
        """The provider has refused it."""
        self._close(entry)

    def _close(self, entry: ChangeEntry) -> None:
        with self._writing:
            self._journal.close_change(entry)


def identity(number: Number) -> str:
    """What tells the record of *number* from the same digits bought again."""
    return f"{number.id} {number.since or ''}"


def check_not_leaving(names: t.Iterable[str], leaving: t.Mapping[str, Number]) -> None:
    """Raise Failure ``conflict`` for one of *names* that is *leaving*: it was given back and is still listed."""
    gone = [leaving[name] for name in names if name in leaving]
    if gone:
        listed = ", ".join(f"{number.number} (until {number.expires or 'a day that is not told'})" for number in gone)
        raise Failure("conflict", f"Given back, and listed only until it ends: {listed}. Take it out of the list.")
