# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the open orders of an account beside the latest list of its numbers. Pure.

An order is known by its journal entry. Its numbers are known by their digits where the provider named them; else new
numbers of its group are shared out as ``attribution`` says.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.provider import Provider
from .._contract.rows import Unreadable
from .._core.link import LINKING, Aim, aim_from
from .._core.model import PENDING, Number, Offer
from .._core.selector import Selector
from .._journal import entries as log
from .._journal.entries import Entry, Part
from .._operations import links
from .attribution import Cluster, clusters, unnamed


class Coming(t.NamedTuple):
    """Numbers of open orders, not known by their digits, that the list does not show: *least* and *most* will count.

    *own* of the least were ordered for the task's application. Of the orders *untold* it cannot be told whether their
    numbers will match.
    """

    least: int = 0
    most: int = 0
    own: int = 0
    untold: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Book:
    """The orders of an account by their ids, those among them that this task has seen closed, and its owned numbers.

    *mixed* has, by the id of an order, new numbers of which some are its own, and nobody can tell which. The provider
    is asked only for what it declares and for what its records say: nothing here sends a request.
    """

    provider: Provider
    entries: t.Mapping[str, Entry] = dataclasses.field(default_factory=dict)
    owned: t.Mapping[str, Number] = dataclasses.field(default_factory=dict)
    leaving: t.Mapping[str, Number] = dataclasses.field(default_factory=dict)  # given back, and listed until they end
    unreadable: tuple[Unreadable, ...] = ()  # the rows of the list that cannot be read
    mixed: t.Mapping[str, t.Sequence[str]] = dataclasses.field(default_factory=dict)

    # -- questions -----------------------------------------------------------------------------------------------------

    def part(self, identity: str) -> Part:
        """The line of an order that *identity* names."""
        order, _slash, place = identity.partition("/")
        return Part(self.entries[order], int(place or 0))

    def open(self) -> list[Part]:
        """The lines of orders that are neither closed nor failed, the oldest first."""
        entries = sorted(self.entries.values(), key=lambda entry: (entry.at, entry.id))
        return [part for entry in entries for part in entry.parts if part.status not in (log.CLOSED, log.FAILED)]

    def rejected(self) -> list[Part]:
        """The lines whose papers the provider rejected, and that nobody has given up."""
        return [part for entry in self.entries.values() for part in entry.parts if part.line.is_rejected]

    def missing(self, entry: Part) -> int:
        """How many numbers of *entry* no list has shown yet."""
        shown = sum(1 for name in entry.known() if name in entry.seen or self.has_come(entry, name))
        # Unnamed numbers of a mixed order are among new ones that others share.
        return max(0, entry.quantity - shown - (unnamed(entry) if entry.id in self.mixed else 0))

    def has_come(self, entry: Part, name: str) -> bool:
        """Whether the list shows that the ordered number *name* is there: some lists show it while it is on its way."""
        number = self.owned.get(name)
        return number is not None and not (number.status == PENDING and entry.is_under_way)

    def undelivered(self) -> list[Part]:
        """Orders that will bring numbers which the list does not show."""
        return [entry for entry in self.open() if entry.is_definite and self.missing(entry)]

    def unshown(self, identities: t.Collection[str]) -> list[Part]:
        """The open ones among the lines *identities* of which the list shows less than they may have brought.

        Lines that share new numbers are taken together: each of them may be any line's.
        """
        scarce = {
            identity
            for cluster in self.clusters()
            if len(cluster.numbers) < sum(unnamed(part) for part in cluster.entries if part.id in identities)
            for identity in cluster.candidates
        }
        parts = [part for part in self.open() if part.id in identities]
        return [part for part in parts if part.id in scarce or {*part.known()} - {*self.owned, *part.seen}]

    def bought_not_listed(self) -> list[Number]:
        """Bought numbers whose digits are known and that no list has shown yet: they count as owned."""
        return [
            self.number_of(entry, name)
            for entry in self.open()
            if entry.is_definite
            for name in entry.known()
            if name not in self.owned and name not in entry.seen
        ]

    def number_of(self, entry: Part, name: str) -> Number:
        """The bought number *name* of *entry*, as far as its order tells; linked where the purchase did that."""
        features = self.provider.features
        linked = features.linked_capabilities if features.links_on_purchase else ()
        number = entry.as_number(self.provider.name, name, linked)
        return dataclasses.replace(number, status=PENDING) if entry.is_under_way else number

    def offer_of(self, entry: Part) -> Offer:
        """The offer that *entry* bought."""
        return entry.as_offer(self.provider.name)

    def counted(self) -> list[Number]:
        """The owned numbers as a task counts them: what a record leaves out of a bought number is as its offer said.

        Bought numbers that the list does not show yet are among them.
        """
        bought = {name: entry for entry in self.open() if entry.is_definite for name in entry.known()}
        listed = [
            self._as_bought(bought[name], number) if name in bought else number for name, number in self.owned.items()
        ]
        return [*listed, *self.bought_not_listed()]

    def _as_bought(self, entry: Part, number: Number) -> Number:
        """*number*, which *entry* bought. A pending one has the links that it will get: it is free for nobody else."""
        known = completed(number, self.offer_of(entry))
        if number.status != PENDING or number.current or not entry.application:
            return known
        aim = aim_from(entry.application)
        able = links.linkable(known, self.provider.features.linked_capabilities, aim.named)
        return dataclasses.replace(known, links=tuple(link._replace(status=LINKING) for link in aim.links(able)))

    def is_explained(self, entry: Part) -> bool:
        """Whether the list showed all that *entry* brought."""
        if entry.status in (log.CLOSED, log.FAILED):
            return True
        return not unnamed(entry) and all(name in self.owned for name in entry.known())

    def fits(self, entry: Part, name: str) -> bool:
        """Whether the record of the listed number *name* says that it is what it was bought for."""
        matches = entry.wanted().match(self.owned[name]) is True
        return matches and (entry.offer["number"] in (None, name) or bool(entry.entry.selector))

    def coming(self, selector: Selector, counts: t.Callable[[Part], bool], application: Aim | None) -> Coming:
        """What open orders will bring that *counts* for a task and matches *selector*.

        Left out is what the list shows and what is known by its digits.
        """
        least = most = own = 0
        untold: list[str] = []
        for cluster in self.clusters():
            relevant = [entry for entry in cluster.entries if entry.is_definite and counts(entry)]
            verdicts = {entry.id: selector.match(self.offer_of(entry)) for entry in relevant}
            untold += [entry.order_id for entry in relevant if verdicts[entry.id] is None]
            matching = [entry for entry in relevant if verdicts[entry.id]]
            for_application = [entry for entry in matching if application and is_for(entry, application)]
            ordered, shown = sum(map(unnamed, matching)), len(cluster.numbers)
            surely = max(0, ordered - shown)
            least += surely
            most += min(ordered, max(0, cluster.definite - max(0, shown - cluster.doubtful)))
            own += min(surely, sum(map(unnamed, for_application)))
        return Coming(least, most, own, tuple(untold))

    def clusters(self) -> list[Cluster]:
        """The open orders with unnamed numbers, put together where they share candidates; mixed ones left out."""
        found = clusters(self.open(), self.owned, self._could_bring)
        return [cluster for cluster in found if not any(entry.id in self.mixed for entry in cluster.entries)]

    def _could_bring(self, entry: Part, name: str) -> bool:
        """Whether nothing in the record of the listed number *name* says that it is not of *entry*."""
        number = self.owned[name]
        aim = aim_from(entry.application) if entry.application is not None else None
        linked_elsewhere = aim is not None and bool(links.foreign(number, aim, None))
        return not linked_elsewhere and self.provider.belongs(number, self.offer_of(entry))

    def brought_by(self, entry: Part) -> list[str]:
        """The listed numbers that *entry* brought, or that it and others of its group brought, whichever of them.

        Where there are more new numbers than were ordered, or an order is in doubt, they may be somebody else's.
        """
        found = [name for name in entry.known() if name in self.owned]
        for cluster in self.clusters():
            if entry.id in cluster.candidates and not cluster.doubtful and len(cluster.numbers) <= cluster.definite:
                found += sorted(name for name in cluster.candidates[entry.id] if name in self.owned)
        return found

    def candidates(self, entry: Part) -> list[str]:
        """New numbers that *entry* may have brought."""
        if not unnamed(entry):
            return [name for name in entry.known() if name in self.owned]
        return sorted(next((c.candidates[entry.id] for c in self.clusters() if entry.id in c.candidates), ()))

    # -- transitions ---------------------------------------------------------------------------------------------------

    def with_entry(self, entry: Entry) -> Book:
        """With *entry* in place of the one of its id."""
        return dataclasses.replace(self, entries={**self.entries, entry.id: entry})

    def _with(self, part: Part, **changes: t.Any) -> Book:
        """With another state of one line."""
        line = dataclasses.replace(part.line, **changes)
        return self if line == part.line else self.with_entry(part.entry.with_line(part.place, line))

    def answered(
        self,
        identity: str,
        status: str,
        numbers: t.Iterable[str] = (),
        message: str | None = None,
        code: str | None = None,
    ) -> Book:
        """With what is known of a line now; *code* says why it failed."""
        part = self.part(identity)
        named = sorted({*part.numbers, *numbers})
        return self._with(part, status=status, numbers=named, message=message or part.line.message, code=code)

    def seen(self, identity: str, names: t.Iterable[str]) -> Book:
        """With *names* shown by a list as numbers that the line may have brought."""
        part = self.part(identity)
        return self._with(part, seen=sorted({*part.seen, *names}))

    def withdrawn(self, order: str) -> Book:
        """Without an order on which the provider did not act."""
        return dataclasses.replace(self, entries={key: entry for key, entry in self.entries.items() if key != order})

    def closed(self, identity: str) -> Book:
        """With a completed line closed. Its numbers explain no other order: those find them owned before."""
        part = self.part(identity)
        book = self
        for other in self.open() if part.offer["number"] is None else ():
            fresh = [name for name in part.numbers if name not in other.before]
            if fresh and other.id != identity and other.offer["number"] is None:
                book = book._with(book.part(other.id), before=sorted([*other.before, *fresh]))
        return book._with(book.part(identity), status=log.CLOSED)

    def read_singly(self, numbers: t.Iterable[Number]) -> Book:
        """With the listed *numbers* as they were read by themselves just now."""
        known = {number.number: number for number in numbers if number.number in self.owned}
        read = {name: completed(number, self.owned[name]) for name, number in known.items()}
        return dataclasses.replace(self, owned={**self.owned, **read})


def is_for(entry: Part, application: Aim) -> bool:
    """Whether *entry* was ordered for *application*."""
    return entry.application is not None and aim_from(entry.application).ids == application.ids


def completed(number: Number, known: Number | Offer) -> Number:
    """*number* with the facts that are *known* of it, where its record says nothing."""
    lacking = [key for key in log.NUMBER_FACTS if getattr(number, key) is None and getattr(known, key) is not None]
    return dataclasses.replace(number, **{key: getattr(known, key) for key in lacking}) if lacking else number
