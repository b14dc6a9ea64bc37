# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the purchases that are under way: recorded before they are sent, settled from the provider's list.

An order is known by its journal entry. Its numbers are known by their digits where the provider named them; else new
numbers of its group are shared out as ``attribution`` says. An entry is closed when its numbers are listed and count
for what they were bought for: as long as a record tells other facts than its offer did, the entry says what it was
bought for.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure, one_line
from .._core.link import Aim, aim_from
from .._core.model import Number, Offer
from .._core.selector import Selector
from .._journal import entries as log
from .._journal.entries import Entry
from .._journal.store import Journal
from .._operations import links
from .._operations.context import Context
from .._operations.ledger import Ledger
from .attribution import Cluster, clusters, is_definite, unnamed

_LONG_AGO = 600.0  # seconds after which no provider holds a reservation any more


class Coming(t.NamedTuple):
    """Numbers of open orders, not known by their digits, that the list does not show: *least* and *most* of them will
    count for a task.

    *own* of the least were ordered for the task's application. Of the orders *untold* it cannot be told whether their
    numbers will match.
    """

    least: int = 0
    most: int = 0
    own: int = 0
    untold: tuple[str, ...] = ()


class Misfit(t.NamedTuple):
    """A number that was bought for what a task wants and whose record says otherwise. ``number`` is the record,
    ``wanted`` what was ordered.
    """

    number: Number
    wanted: Offer
    entry: Entry

    @property
    def text(self) -> str:
        """What does not fit."""
        if self.wanted.number not in (None, self.number.number):
            return f"the order {self.entry.id} for {self.wanted.number} brought {self.number.number}"
        told = [
            f"{key} {_shown(getattr(self.number, key))} where its offer had {_shown(getattr(self.wanted, key))}"
            for key in self.differing()
        ]
        return f"{self.number.number} (order {self.entry.id}) has {', '.join(told)}"

    def differing(self) -> list[str]:
        """The facts that its record tells otherwise than its offer did."""
        return [
            key
            for key in log.NUMBER_FACTS
            if None not in (getattr(self.number, key), getattr(self.wanted, key)) and self._differs(key)
        ]

    def _differs(self, key: str) -> bool:
        return bool(getattr(self.number, key) != getattr(self.wanted, key))


def _shown(value: t.Any) -> str:
    return " and ".join(value) or "none" if isinstance(value, (tuple, list)) else str(value)


class Orders:
    """The open orders of an account and the latest list of its numbers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._provider = context.provider
        self._journal = Journal(None)
        self.owned: dict[str, Number] = {}
        self.refuse_leaving: t.Callable[[t.Iterable[str]], None] = Ledger(context, self._journal).refuse_leaving
        self.unreadable: t.Sequence[t.Any] = ()  # the rows of the list that cannot be read
        self.placed: list[Entry] = []  # by this task
        self.mixed: dict[
            str, list[str]
        ] = {}  # by the id of an order: new numbers of which some are its own, and nobody can tell which

    def use(self, journal: Journal) -> None:
        """Work with *journal* from now on: it was opened under the lock. What another task has closed meanwhile stays
        closed.
        """
        self._journal = journal
        still_open = {entry.id: entry for entry in journal.entries}
        for entry in self.placed:
            if entry.id not in still_open:
                entry.status = log.CLOSED
        self.placed = [still_open.get(entry.id, entry) for entry in self.placed]

    # -- the list ------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the owned numbers from a list that did not move, and share out what is new on it.

        What a number can do does not change within a task: a fact stays known when a later list tells it no longer.
        """
        ledger = Ledger(self._context, self._journal)
        listed = ledger.owned()
        self.unreadable, self.refuse_leaving = ledger.unreadable, ledger.refuse_leaving
        self.owned = {name: _completed(number, self.owned.get(name, number)) for name, number in listed.items()}
        self._attribute_listed_numbers()

    def take_in(self, numbers: t.Iterable[Number]) -> None:
        """Know the listed *numbers* as they were read by themselves just now."""
        self.owned.update(
            {
                number.number: _completed(number, self.owned[number.number])
                for number in numbers
                if number.number in self.owned
            }
        )

    def read_quietly(self) -> bool:
        """Read the list; a reading that fails decides nothing and must not hide what was done. Return whether it was
        read.
        """
        try:
            self.read()
        except Failure:
            return False
        return True

    def similar_owned(self, offer: Offer) -> list[str]:
        """Owned numbers that could be mistaken for numbers of this offer: the before-set of an order."""
        known = {number for entry in self.placed for number in entry.numbers}
        return sorted(known | {name for name, number in self.owned.items() if self._provider.belongs(number, offer)})

    def counted(self) -> list[Number]:
        """The owned numbers as a task counts them: what a record leaves out of a bought number is as its offer said.

        Bought numbers that the list does not show yet are among them.
        """
        bought = {name: entry for entry in self._open() if is_definite(entry) for name in entry.known()}
        listed = [
            _completed(number, bought[name].as_offer(self._provider.name)) if name in bought else number
            for name, number in self.owned.items()
        ]
        return [*listed, *self.bought_not_listed()]

    def misfits(self, counts: t.Callable[[Entry], bool], selector: Selector) -> list[Misfit]:
        """Listed numbers of orders that *counts* accepts, which do not match *selector* by their record although their
        offer does.
        """
        found = []
        for entry in self._open():
            offer = entry.as_offer(self._provider.name)
            if is_definite(entry) and counts(entry) and (selector.match(offer) or entry.wanted() == selector):
                numbers = [_completed(self.owned[name], offer) for name in entry.known() if name in self.owned]
                found += [
                    Misfit(self.owned[number.number], offer, entry)
                    for number in numbers
                    if selector.match(number) is False
                ]
        return found

    def renamed(self, name: str) -> Misfit | None:
        """What came instead of the ordered number *name*, None when nothing did."""
        for entry in self._open():
            others = [other for other in entry.numbers if other in self.owned]
            if is_definite(entry) and entry.offer["number"] == name and others and name not in self.owned:
                return Misfit(self.owned[others[0]], entry.as_offer(self._provider.name), entry)
        return None

    # -- states --------------------------------------------------------------------------------------------------------

    def place(self, entry: Entry) -> None:
        """Record the intent. After this the purchase may be sent."""
        self._write(entry)
        self.placed.append(entry)

    def resume(self, entry: Entry) -> None:
        """Record that an order of an earlier task was carried out by this one."""
        self.placed.append(entry)
        self.record_answer(entry, log.FULFILLED)

    def withdraw(self, entry: Entry) -> None:
        """Record that the provider did not act on *entry*."""
        self._journal.close(entry)
        if entry in self.placed:
            self.placed.remove(entry)

    def record_answer(
        self, entry: Entry, status: str, numbers: t.Iterable[str] = (), message: str | None = None
    ) -> None:
        """Record what is known of *entry* now."""
        entry.status = status
        entry.numbers = sorted({*entry.numbers, *numbers})
        entry.message = message or entry.message
        self._write(entry)

    def _write(self, entry: Entry) -> None:
        """Journal *entry* without secrets: a provider's words may repeat what was sent."""
        mask = self._provider.secrets.mask
        entry.message = None if entry.message is None else one_line(mask(entry.message))
        for key in ("area_code", "region", "city"):
            entry.offer[key] = None if entry.offer[key] is None else mask(entry.offer[key])
        self._journal.write(entry)

    def _open(self) -> list[Entry]:
        return self._journal.entries

    def missing(self, entry: Entry) -> int:
        """How many numbers of *entry* no list has shown yet."""
        return max(
            0,
            entry.quantity
            - sum(1 for name in entry.known() if name in self.owned or name in entry.seen)
            - self._unclaimed(entry),
        )

    def _unclaimed(self, entry: Entry) -> int:
        """How many unnamed numbers of *entry* are among new ones that several orders share, or that are mixed with
        others'.
        """
        if entry.id in self.mixed:
            return unnamed(entry)
        return 0

    def own_unlisted(self) -> list[Entry]:
        """Orders that this task has bought and that the list does not show whole."""
        return [entry for entry in self.placed if entry.status == log.FULFILLED and self.missing(entry)]

    def undelivered(self) -> list[Entry]:
        """Orders that will bring numbers which the list does not show."""
        return [entry for entry in self._open() if is_definite(entry) and self.missing(entry)]

    def bought_not_listed(self) -> list[Number]:
        """Bought numbers whose digits are known and that no list has shown yet: they count as owned."""
        return [
            self.number_of(entry, name)
            for entry in self._open()
            if is_definite(entry)
            for name in entry.known()
            if name not in self.owned and name not in entry.seen
        ]

    def number_of(self, entry: Entry, name: str) -> Number:
        """The bought number *name* of *entry*, as far as its order tells; linked where the purchase did that."""
        features = self._provider.features
        return entry.as_number(
            self._provider.name, name, features.linked_capabilities if features.links_on_purchase else ()
        )

    def coming(self, selector: Selector, counts: t.Callable[[Entry], bool], application: Aim | None) -> Coming:
        """What open orders will bring that *counts* for a task and matches *selector*, beside what is listed and what
        is known by its digits.
        """
        least = most = own = 0
        untold: list[str] = []
        for cluster in self._clusters():
            relevant = [entry for entry in cluster.entries if is_definite(entry) and counts(entry)]
            verdicts = {entry.id: selector.match(entry.as_offer(self._provider.name)) for entry in relevant}
            untold += [entry.id for entry in relevant if verdicts[entry.id] is None]
            matching = [entry for entry in relevant if verdicts[entry.id]]
            ordered, shown = sum(map(unnamed, matching)), len(cluster.numbers)
            surely = max(0, ordered - shown)
            least += surely
            most += min(ordered, max(0, cluster.definite - max(0, shown - cluster.doubtful)))
            own += min(
                surely,
                sum(
                    unnamed(entry)
                    for entry in matching
                    if application and entry.application and aim_from(entry.application).ids == application.ids
                ),
            )
        return Coming(least, most, own, tuple(untold))

    # -- share out -----------------------------------------------------------------------------------------------------

    def _clusters(self) -> list[Cluster]:
        return [
            cluster
            for cluster in clusters(self._open(), self.owned, self._could_bring)
            if not any(entry.id in self.mixed for entry in cluster.entries)
        ]

    def _could_bring(self, entry: Entry, name: str) -> bool:
        """Whether nothing in the record of the listed number *name* speaks against its coming from *entry*: neither its
        facts nor its links.
        """
        number = self.owned[name]
        aim = aim_from(entry.application) if entry.application is not None else None
        linked_elsewhere = aim is not None and bool(links.foreign(number, aim, None))
        return not linked_elsewhere and self._provider.belongs(number, entry.as_offer(self._provider.name))

    def candidates(self, entry: Entry) -> list[str]:
        """New numbers that *entry* may have brought."""
        if not unnamed(entry):
            return [name for name in entry.known() if name in self.owned]
        return sorted(
            next((cluster.candidates[entry.id] for cluster in self._clusters() if entry.id in cluster.candidates), ())
        )

    def _attribute_listed_numbers(self) -> None:
        """Give the numbers that the list shows to the orders that brought them, and close what is complete."""
        for cluster in self._clusters():
            self._share_out(cluster)
        for entry in self._open():
            if not is_definite(entry) and entry.offer["number"] in self.owned:
                self.record_answer(entry, log.FULFILLED, entry.known())
            if is_definite(entry):
                self._note_listed(entry)

    def _share_out(self, cluster: Cluster) -> None:
        shares = cluster.shares()
        if shares is not None:
            for entry in cluster.entries:
                if shares[entry.id]:
                    self._note_seen(entry, shares[entry.id])
                    self.record_answer(entry, entry.status if is_definite(entry) else log.FULFILLED, shares[entry.id])
            return
        for entry in cluster.entries:
            if cluster.is_overfull:
                self.mixed[entry.id] = sorted(cluster.candidates[entry.id])
            elif is_definite(entry) and not set(cluster.candidates[entry.id]) <= set(entry.seen):
                self._note_seen(entry, cluster.candidates[entry.id])
                self._write(entry)

    @staticmethod
    def _note_seen(entry: Entry, names: t.Iterable[str]) -> None:
        entry.seen = sorted({*entry.seen, *names})

    def _note_listed(self, entry: Entry) -> None:
        """Remember which of its numbers the list shows; close *entry* when all are there, or gone again, and count for
        what they were bought for.
        """
        listed = [name for name in entry.known() if name in self.owned]
        if not set(listed) <= set(entry.seen):
            self._note_seen(entry, listed)
            self._write(entry)
        if not self.missing(entry) and all(self._fits(entry, name) for name in listed):
            self._close(entry)

    def _fits(self, entry: Entry, name: str) -> bool:
        """Whether the record of the listed number *name* says that it is what it was bought for."""
        ordered = entry.offer["number"]
        return entry.wanted().match(self.owned[name]) is True and (ordered in (None, name) or bool(entry.selector))

    def _close(self, entry: Entry) -> None:
        """Close a completed *entry*. Its numbers explain no other order: they were there before, as far as those are
        concerned.
        """
        if entry.offer["number"] is None:
            for other in self._open():
                fresh = [name for name in entry.numbers if name not in other.before]
                if fresh and other.id != entry.id and other.offer["number"] is None:
                    other.before = sorted([*other.before, *fresh])
                    self._write(other)
        self._journal.close(entry)

    def charge_released(self, names: t.Collection[str]) -> None:
        """Record that *names*, which the list showed, were given back: they count no more as bought."""
        for entry in self._open():
            gone = [name for name in names if name in self.candidates(entry) or name in entry.known()]
            if gone and is_definite(entry):
                self._note_seen(entry, gone)
                self._write(entry)
        self.owned = {name: number for name, number in self.owned.items() if name not in names}
        self._attribute_listed_numbers()

    # -- settling ------------------------------------------------------------------------------------------------------

    def forget(self, identities: t.Sequence[str]) -> bool:
        """Close orders that the user knows to be settled. Return whether there were any.

        New numbers that such an order may have brought explain no other one from then on: that could lead to a
        purchase.
        """
        entries = [entry for entry in self._open() if entry.id in identities]
        for entry in entries:
            found = self.candidates(entry) if unnamed(entry) else []
            entry.numbers = sorted({*entry.numbers, *found[: unnamed(entry)]})
            self._close(entry)
        unknown = sorted(set(identities) - {entry.id for entry in entries})
        if unknown:
            self._context.warnings.append(
                f"close_orders: no open order {', '.join(unknown)}; it may have been closed before."
            )
        return bool(entries)

    def recover(self, concerns: t.Callable[[Entry], bool]) -> tuple[list[Entry], list[Entry]]:
        """Settle what an earlier task left open, as far as it *concerns* this one.

        Return the orders that stay in doubt, and reservations that surely were not checked out and may be still.
        """
        left_open = [entry for entry in self._open() if not is_definite(entry) and concerns(entry)]
        doubtful = [entry for entry in left_open if not self._recover(entry)]
        return doubtful, [
            entry
            for entry in left_open
            if entry not in doubtful and not is_definite(entry) and entry.status != log.CLOSED
        ]

    def _recover(self, entry: Entry) -> bool:
        """Read until the list explains *entry* or the settle time since it was sent has passed; return whether its
        outcome is known then.

        It is closed when it never came about, unless it has reservations: what holds numbers yet may be checked out.
        """
        until = self.settled_by(entry)
        for attempt, _poll in enumerate(self._context.polls(until)):
            if attempt:
                self.read()
            if self.is_explained(entry):
                return True
        # The deadline may have ended the reading before.
        if self._context.clock.now() < until or not self._surely_not_bought(entry):
            return False
        if not entry.references or abs(self._context.clock.wall() - entry.at) > _LONG_AGO:
            self._journal.close(entry)
        return True

    def settled_by(self, entry: Entry) -> float:
        """The monotonic second at which a list shows what *entry* bought. A clock that was set back makes nobody wait
        longer.
        """
        left = entry.at + self._context.settle_time - self._context.clock.wall()
        return self._context.clock.now() + min(max(0.0, left), self._context.settle_time)

    def is_explained(self, entry: Entry) -> bool:
        """Whether the list showed all that *entry* brought."""
        if entry.status == log.CLOSED:
            return True
        if unnamed(entry):
            return False
        return all(name in self.owned for name in entry.known())

    def _surely_not_bought(self, entry: Entry) -> bool:
        """Whether an order that the list does not show after the settle time never came about.

        A number that is still for sale was not bought. A group order of a killed task that no list shows by now was not
        bought either, unless the provider may keep it pending where no list shows it.
        """
        number = entry.offer["number"]
        if number is not None:
            return self._provider.lookup(number) is not None
        return entry.status == log.INTENT and not self._provider.features.pending_orders and not self.candidates(entry)

    def mark_unknown(self, entry: Entry) -> Failure:
        """Record that nothing decides the outcome of *entry*, which stays open, and return the failure that says so."""
        self.record_answer(entry, log.UNKNOWN)
        return self.doubt(entry)

    def doubt(self, entry: Entry) -> Failure:
        """The failure for an order whose outcome nothing decides."""
        found = self.candidates(entry)
        rivals = [
            other.id
            for cluster in self._clusters()
            if entry in cluster.entries
            for other in cluster.entries
            if other is not entry
        ]
        shared = f" (they may as well be of the order {', '.join(rivals)})" if rivals and found else ""
        what = f"{entry.quantity} of offer {entry.offer['id']}"
        return Failure(
            "unknown_outcome",
            f"It cannot be told whether the order {entry.id} ({what}) was carried out; new numbers that match: "
            f"{', '.join(found) or 'none'}{shared}. "
            f"Nothing more is bought: look at the account, then run again with close_orders: ['{entry.id}'] if the "
            "order is settled.",
        )

    def as_dicts(self) -> list[dict[str, t.Any]]:
        """The ``orders`` of a result: those placed by this task, then older ones that are still open."""
        placed = {entry.id for entry in self.placed}
        entries = self.placed + [entry for entry in self._open() if entry.id not in placed]
        return [
            {
                "id": entry.id,
                "offer": entry.offer["id"],
                "quantity": entry.quantity,
                "status": log.FULFILLED if entry.status == log.CLOSED else entry.status,
                "numbers": list(entry.numbers),
                "message": entry.message,
            }
            for entry in entries
        ]


def _completed(number: Number, known: Number | Offer) -> Number:
    """*number* with the facts that are *known* of it, where its record says nothing."""
    facts = {
        key: getattr(known, key)
        for key in log.NUMBER_FACTS
        if getattr(number, key) is None and getattr(known, key) is not None
    }
    return dataclasses.replace(number, **facts) if facts else number
