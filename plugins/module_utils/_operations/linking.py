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

from .._contract.exchange import Change, Links, NumberLink
from .._core.errors import Ambiguous, Failure
from .._core.link import FAILED, URL, Link
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
    additions: Links,
    removals: Links,
    present: bool = True,
    force: bool = False,
    ledger: Ledger | None = None,
) -> Done:
    """Make and drop links. A failure's ``completed`` names the numbers of the calls that were made.

    *present* sets links, which may drop others of the same capability; without it the numbers are only unlinked.
    Without *force* a number that somebody linked elsewhere meanwhile is a ``conflict``.
    """
    if context.journal is None:
        raise AssertionError("links are changed only while the account is held")
    return _Run(context, present, force, ledger or Ledger(context, context.journal)).work(additions, removals)


def linked(number: Number, additions: Links, removals: Links) -> Number:
    """*number* as it is after the change."""
    return links.relinked(number, _links_of(number, additions), _links_of(number, removals))


def _links_of(number: Number, part: Links) -> list[Link]:
    return [item.link for item in part if item.number.number == number.number]


class _Run:
    """One set of changes."""

    def __init__(self, context: Context, present: bool, force: bool, ledger: Ledger) -> None:
        self._context = context
        self._provider = context.provider
        self._present = present
        self._force = force
        self._ledger = ledger
        self._done: list[Change] = []
        self._before: dict[str, Number] = {}
        self._written: dict[str, Number] = {}  # as the requests must have left them
        self._seen: dict[str, Number] = {}  # as they were read afterwards
        self._touched: dict[str, set[str | None]] = {}  # number → capabilities

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
        return self._provider.link(additions, removals) if self._present else self._provider.unlink(removals)

    def _one_by_one(self, additions: Links, removals: Links) -> None:
        """Change each number by itself, side by side. Several were read from a list, so each is read again just before
        its call.
        """
        numbers = {item.number.number: item.number for item in (*additions, *removals)}

        def change(number: Number) -> None:
            add, drop = _links_of(number, additions), _links_of(number, removals)
            now = number
            if len(numbers) > 1:
                now = self._ledger.just_before(number)
                self._refuse_moved(number, now, add)
                add = [link for link in add if not _has(now, link)]
                drop = [link for link in drop if _has(now, link, failed=True)]
            if add or drop:
                parts = ([NumberLink(now, link) for link in part] for part in (add, drop))
                for call in self._calls(*parts):
                    self._send(call)
            else:  # somebody has done it meanwhile
                self._before[now.number] = self._seen[now.number] = now
                self._touched[now.number] = set()

        self._provider.workers.map(change, list(numbers.values()))

    def _refuse_moved(self, planned: Number, now: Number, add: t.Sequence[Link]) -> None:
        """Raise Failure ``conflict`` for a number that somebody linked elsewhere since it was chosen."""
        known = {link[:3] for link in (*planned.links, *add)}
        concerned = {None, *(link.capability for link in add)}
        elsewhere = [link.id for link in now.current if link.capability in concerned and link[:3] not in known]
        if elsewhere and not self._force:
            others = ", ".join(sorted(set(elsewhere)))
            raise Failure(
                "conflict",
                f"{now.number} was linked to {others} meanwhile, and stays there: run again, or set 'force' to move "
                "it.",
            )

    def _send(self, change: Change) -> None:
        """Record and send one call; after an ambiguous answer read until its links are as wanted or the settle time has
        passed.
        """
        before = {
            item.number.number: self._written.get(item.number.number, item.number)
            for item in (*change.additions, *change.removals)
        }
        after = {name: linked(number, change.additions, change.removals) for name, number in before.items()}
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
            touched = {
                link.capability for part in (change.additions, change.removals) for link in _links_of(number, part)
            }
            self._touched.setdefault(name, set()).update(touched)
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

    @staticmethod
    def _shows(owned: t.Mapping[str, Number], wanted: Links, present: bool) -> bool:
        pairs = [(owned.get(item.number.number), item.link) for item in wanted]
        return all(number is not None and _has(number, link, failed=True) == present for number, link in pairs)

    # -- read back -----------------------------------------------------------------------------------------------------

    def _read_back(self) -> None:
        """Read until every number shows what was written, or the settle time has passed. The journal remembers what
        shows later.
        """
        kept = [item for change in self._done for item in change.kept]  # what was written again, as it was just before
        if not kept and not self._unseen():
            return
        lost = kept
        for _poll in self._context.polls(self._context.settled_by()):
            try:
                found = self._read(bool(kept))
            except Failure:
                continue
            self._seen.update({name: number for name, number in found.items() if name in self._written})
            lost = [item for item in kept if not self._still_has(found, item)]
            if not lost and not self._unseen():
                break
        for application in sorted({item.link.id for item in lost}):
            self._context.warnings.append(
                f"{', '.join(_names([[item for item in lost if item.link.id == application]]))} had been linked to "
                f"{application} and is so no longer: somebody changed it meanwhile, look at it."
            )

    def _read(self, whole: bool) -> dict[str, Number]:
        """The numbers that matter, with the fewest requests. *whole* reads the list in any case."""
        if len(self._written) == 1 and not whole:
            name = next(iter(self._written))
            number = self._provider.find(name)
            return {} if number is None else {name: number}
        found = indexed(self._provider.owned())
        self._ledger.shown(found)
        return found

    @staticmethod
    def _still_has(found: t.Mapping[str, Number], item: NumberLink) -> bool:
        number = found.get(item.number.number)
        return number is not None and _has(number, item.link)

    def _unseen(self) -> list[str]:
        """The numbers that were not yet read as they were written."""
        return [
            name
            for name, written in self._written.items()
            if name not in self._seen or not all(self._told(name, key, written) for key in self._touched[name])
        ]

    def _told(self, name: str, capability: str | None, *states: Number) -> bool:
        """Whether what was read of *capability* is what one of *states* has.

        An address that shows once an application is taken off stood there before, and so did an application that was
        covered.
        """
        seen = _links_for(self._seen[name], capability)
        if seen in [_links_for(state, capability) for state in states]:
            return True
        covered = {(link.kind, link.id) for link in self._before[name].covered}
        shows = {link for link in seen if link[0] == URL or link in covered}
        uncovered = shows - _links_for(self._before[name], capability)
        return not _links_for(self._written[name], capability) and seen == uncovered

    def _after(self) -> dict[str, Number]:
        """Every number as it is now: as it was read or, where a list is late, as it was written.

        Raises Failure ``conflict`` for one whose links are neither those of before nor those that were written.
        """
        late, moved = [], []
        after = dict(self._seen)
        for name in self._unseen():
            seen, states = self._seen.get(name), (self._before[name], self._written[name])
            if seen is None or all(self._told(name, key, *states) for key in self._touched[name]):
                late.append(name)
                after[name] = self._written[name]
            else:
                moved.append(f"{name} ({', '.join(seen.linked_to) or 'to nothing'})")
        if moved:
            raise Failure(
                "conflict",
                f"Somebody else changed what was written just now, these are linked otherwise: {', '.join(moved)}. Run "
                "again.",
            )
        if late:
            self._context.warnings.append(
                f"The provider does not show yet what was written for {', '.join(sorted(late)[:10])}; the journal "
                "remembers it."
            )
        for name, number in after.items():
            if name not in late:
                self._context.warnings += compared(
                    self._provider, self._before[name], number, {str(key) for key in self._touched[name]}
                )
        self._warn_of_failed(after)
        return after

    def _warn_of_failed(self, after: t.Mapping[str, Number]) -> None:
        """Say which links did not come about at the provider, which took the request."""
        for name in sorted(after):
            for link in after[name].links:
                if link.status == FAILED and link.capability in self._touched[name]:
                    self._context.warnings.append(
                        f"{name} was to be linked to {link.id} for {link.capability}, and {self._provider.name} says "
                        "that this failed: see its record (raw)."
                    )


def _has(number: Number, link: Link, failed: bool = False) -> bool:
    """Whether *number* has *link*, be it on its way; one that *failed* counts where that is asked for."""
    return any(own[:3] == link[:3] and (failed or own.status != FAILED) for own in number.current)


def _links_for(number: Number, capability: str | None) -> set[tuple[str, str]]:
    """What *number* is linked to for *capability*: kinds and ids."""
    return {(link.kind, link.id) for link in number.current if link.capability == capability}


def _names(parts: t.Iterable[Links]) -> list[str]:
    return sorted({item.number.number for part in parts for item in part})
