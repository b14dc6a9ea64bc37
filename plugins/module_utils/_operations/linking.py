# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: make and drop links: read just before, written, recorded, read back. What is reported is what was read
afterwards.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.provider import Change, Links
from .._core.errors import Ambiguous, Failure
from .._core.model import Number
from . import links
from .context import Context, compared, indexed, unknown
from .ledger import Ledger


@dataclasses.dataclass
class Done:
    """What changed: each number that was written, as it was read just before and as it was read afterwards."""

    changed: bool
    before: dict[str, Number]
    after: dict[str, Number]


def apply(
    context: Context,
    application: str,
    additions: Links,
    removals: Links,
    present: bool = True,
    force: bool = False,
    ledger: Ledger | None = None,
) -> Done:
    """Make and drop links of *application*. A failure's ``completed`` names the numbers of the calls that were made.

    *present* sets links, which may drop others of the same capability; without it the numbers are only unlinked.
    Without *force* a number that somebody linked elsewhere meanwhile is a ``conflict``.
    """
    if context.journal is None:
        raise AssertionError("links are changed only while the account is held")
    return _Run(context, application, present, force, ledger or Ledger(context, context.journal)).work(
        additions, removals
    )


def linked(number: Number, application: str, additions: Links, removals: Links) -> Number:
    """*number* as it is after the change."""
    add, drop = _capabilities_of(number, additions), _capabilities_of(number, removals)
    return links.changed(number, dict.fromkeys(add, application), [*add, *drop])


def _capabilities_of(number: Number, part: Links) -> list[str]:
    return [capability for capability, items in part.items() if any(item.number == number.number for item in items)]


class _Run:
    """One set of changes for one application."""

    def __init__(self, context: Context, application: str, present: bool, force: bool, ledger: Ledger) -> None:
        self._context = context
        self._provider = context.provider
        self._application = application
        self._present = present
        self._force = force
        self._ledger = ledger
        self._done: list[Change] = []
        self._before: dict[str, Number] = {}
        self._written: dict[str, Number] = {}  # as the requests must have left them
        self._seen: dict[str, Number] = {}  # as they were read afterwards
        self._touched: dict[str, set[str]] = {}  # number → capabilities

    def work(self, additions: Links, removals: Links) -> Done:
        try:
            if self._provider.features.links_each:
                self._one_by_one(additions, removals)
            else:
                for change in self._calls(additions, removals):
                    self._send(change)
            self._read_back()
            return Done(bool(self._done), self._before, self._after())
        except Failure as failure:
            failure.changed = bool(self._done)
            failure.completed = {
                "linked": _names(change.additions for change in self._done),
                "unlinked": _names(change.removals for change in self._done),
            }
            raise

    # -- write ---------------------------------------------------------------------------------------------------------

    def _calls(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        return (
            self._provider.link(self._application, additions, removals)
            if self._present
            else self._provider.unlink(self._application, removals)
        )

    def _one_by_one(self, additions: Links, removals: Links) -> None:
        """Change each number by itself, side by side. Several were read from a list, so each is read again just before
        its call.
        """
        numbers = {item.number: item for part in (additions, removals) for items in part.values() for item in items}

        def change(number: Number) -> None:
            add, drop = _capabilities_of(number, additions), _capabilities_of(number, removals)
            now = number
            if len(numbers) > 1:
                now = self._ledger.just_before(number)
                self._refuse_moved(number, now, add)
                add = [capability for capability in add if now.applications.get(capability) != self._application]
                drop = [capability for capability in drop if self._application in _links_for(now, capability)]
            if add or drop:
                for call in self._calls(
                    {capability: [now] for capability in add}, {capability: [now] for capability in drop}
                ):
                    self._send(call)
            else:  # somebody has done it meanwhile
                self._before[now.number] = self._seen[now.number] = now
                self._touched[now.number] = set()

        self._provider.pool.map(change, list(numbers.values()))

    def _refuse_moved(self, planned: Number, now: Number, add: t.Iterable[str]) -> None:
        """Raise Failure ``conflict`` for a number that somebody linked elsewhere since it was chosen."""
        for capability in () if self._force else (*add, links.OTHER):
            elsewhere = set(_links_for(now, capability)) - {self._application, *_links_for(planned, capability)}
            if elsewhere:
                others = ", ".join(sorted(elsewhere))
                raise Failure(
                    "conflict",
                    f"{now.number} was linked to {others} meanwhile, and stays there: run again, or set 'force' to "
                    "move it.",
                )

    def _send(self, change: Change) -> None:
        """Record and send one call; after an ambiguous answer read until its links are as wanted or the settle time has
        passed.
        """
        before = {
            item.number: self._written.get(item.number, item)
            for part in (change.additions, change.removals)
            for items in part.values()
            for item in items
        }
        after = {
            name: linked(number, self._application, change.additions, change.removals)
            for name, number in before.items()
        }
        entries = [self._ledger.note_link(number, after[name]) for name, number in before.items()]
        try:
            answer = change.send()
        except Ambiguous as ambiguous:
            self._settle(change, ambiguous)
            answer = None
        except Failure:
            for entry in entries:
                self._ledger.undone(entry)
            raise
        for entry in entries:
            self._ledger.done(entry)
        for name, number in before.items():
            self._before.setdefault(name, number)
            self._written[name] = after[name]
            self._touched.setdefault(name, set()).update(
                _capabilities_of(number, change.additions), _capabilities_of(number, change.removals)
            )
            self._seen.pop(name, None)
        if isinstance(answer, Number) and answer.number in before:
            self._seen[answer.number] = answer
        self._done.append(change)

    def _settle(self, change: Change, error: Ambiguous) -> None:
        """Read until the list shows what *change* was to do. Raises Failure ``unknown_outcome`` when it does not within
        the settle time.
        """
        for _poll in self._context.polls(self._context.settled_by()):
            try:
                owned = indexed(self._provider.owned())
            except Failure:
                continue
            if self._shows(owned, change.additions, True) and self._shows(owned, change.removals, False):
                return
        listed = ", ".join(_names([change.additions, change.removals])[:10])
        raise unknown(
            f"It cannot be told whether the links of {listed} were changed: run again, right ones stay.", error
        )

    def _shows(self, owned: t.Mapping[str, Number], wanted: Links, present: bool) -> bool:
        pairs = [(owned.get(number.number), capability) for capability, numbers in wanted.items() for number in numbers]
        return all(
            number is not None and (self._application in _links_for(number, capability)) == present
            for number, capability in pairs
        )

    # -- read back -----------------------------------------------------------------------------------------------------

    def _read_back(self) -> None:
        """Read until every number shows what was written, or the settle time has passed. The journal remembers what
        shows later.
        """
        kept = self._kept()
        if not kept and not self._unseen():
            return
        lost = kept
        for _poll in self._context.polls(self._context.settled_by()):
            try:
                found = self._read(kept)
            except Failure:
                continue
            self._seen.update({name: number for name, number in found.items() if name in self._written})
            lost = {name: number for name, number in kept.items() if self._missing(found.get(name), number)}
            if not lost and not self._unseen():
                break
        if lost:
            self._context.warnings.append(
                f"{', '.join(sorted(lost))} had been linked to {self._application} and is so no longer: somebody "
                "changed it meanwhile, look at it."
            )

    def _read(self, kept: t.Mapping[str, Number]) -> dict[str, Number]:
        """The numbers that matter, with the fewest requests."""
        if len(self._written) == 1 and not kept:
            name = next(iter(self._written))
            number = self._provider.find(name)
            return {} if number is None else {name: number}
        found = indexed(self._provider.owned())
        self._ledger.shown(found)
        return found

    def _kept(self) -> dict[str, Number]:
        """Numbers whose links were written again, as they were just before."""
        return {
            number.number: number for change in self._done for numbers in change.kept.values() for number in numbers
        }

    def _missing(self, now: Number | None, before: Number) -> bool:
        mine = [
            capability for capability, application in before.applications.items() if application == self._application
        ]
        return now is None or any(now.applications.get(capability) != self._application for capability in mine)

    def _unseen(self) -> list[str]:
        """The numbers that were not yet read as they were written."""
        return [
            name
            for name, written in self._written.items()
            if name not in self._seen or self._differs(self._seen[name], written)
        ]

    def _differs(self, one: Number, other: Number) -> bool:
        """Whether the links that were written are others."""
        return any(
            _links_for(one, capability) != _links_for(other, capability) for capability in self._touched[one.number]
        )

    def _is_late(self, seen: Number) -> bool:
        """Whether each link that was written is as it was before, or as it was written."""
        before, written = self._before[seen.number], self._written[seen.number]
        return all(
            _links_for(seen, capability) in (_links_for(before, capability), _links_for(written, capability))
            for capability in self._touched[seen.number]
        )

    def _after(self) -> dict[str, Number]:
        """Every number as it is now: as it was read or, where a list is late, as it was written.

        Raises Failure ``conflict`` for one whose links are neither those of before nor those that were written.
        """
        late, moved = [], []
        after = dict(self._seen)
        for name in self._unseen():
            seen = self._seen.get(name)
            if seen is None or self._is_late(seen):
                late.append(name)
                after[name] = self._written[name]
            else:
                moved.append(f"{name} ({', '.join(seen.linked_to) or 'to nothing'})")
        if moved:
            raise Failure(
                "conflict",
                f"Somebody else changed what was written just now, these are linked otherwise: {', '.join(moved)}. "
                "Run again.",
            )
        if late:
            self._context.warnings.append(
                f"The provider does not show yet what was written for {', '.join(sorted(late)[:10])}; the journal "
                "remembers it."
            )
        for name, number in after.items():
            if name not in late:
                self._context.warnings += compared(self._provider, self._before[name], number, self._touched[name])
        return after


def _links_for(number: Number, capability: str) -> tuple[str, ...]:
    """What *number* is linked to for *capability*."""
    if capability == links.OTHER:
        return number.other_links
    return (number.applications[capability],) if capability in number.applications else ()


def _names(parts: t.Iterable[Links]) -> list[str]:
    return sorted({number.number for part in parts for numbers in part.values() for number in numbers})
