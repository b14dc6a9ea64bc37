# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the purchases that are under way: recorded before they are sent, settled from the provider's list.

An order is known by its journal entry. Which owned numbers it brought is told by their digits where the provider named
them, else by being new: matching the group, and neither owned before the order nor claimed by another one.
"""

from __future__ import annotations

import typing as t

from .._errors import Failure, one_line
from .._model import Number, Offer
from .._selector import Selector
from . import entries as log
from .context import Context, indexed
from .entries import Entry
from .journal import Journal

_LONG_AGO = 600.0  # seconds after which no provider's list lags any more


class Orders:
    """The open orders of an account and the latest list of its numbers."""

    def __init__(self, context: Context, journal: Journal) -> None:
        self._context = context
        self._provider = context.provider
        self._journal = journal
        self.owned: dict[str, Number] = {}
        self.placed: list[Entry] = []  # by this task

    # -- the list ------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the owned numbers from a list that did not move."""
        self.owned = indexed(self._provider.owned(steady=True))

    def read_quietly(self) -> bool:
        """Read the list; a reading that fails decides nothing and must not hide what was done. Return whether it was read."""
        try:
            self.read()
        except Failure:
            return False
        return True

    def new_numbers(self, entry: Entry) -> list[str]:
        """Owned numbers that *entry* may have brought and that nothing else explains."""
        named = entry.offer["number"]
        if named is not None:
            return [named] if named in self.owned else []
        offer = entry.as_offer(self._provider.name)
        claimed = {number for other in [*self._journal.entries, *self.placed] if other.id != entry.id for number in other.numbers}
        excluded = claimed | set(entry.before)
        return sorted(name for name, number in self.owned.items() if name not in excluded and self._provider.belongs(number, offer))

    def might_be_taken_for(self, offer: Offer) -> list[str]:
        """Owned numbers that could be mistaken for numbers of this offer: the before-set of an order."""
        known = {number for entry in self.placed for number in entry.numbers}
        return sorted(known | {name for name, number in self.owned.items() if self._provider.belongs(number, offer)})

    # -- states --------------------------------------------------------------------------------------------------------

    def place(self, entry: Entry) -> None:
        """Record the intent. After this the purchase may be sent."""
        self._write(entry)
        self.placed.append(entry)

    def resumed(self, entry: Entry) -> None:
        """An order of an earlier task was carried out by this one."""
        self.placed.append(entry)
        self.answered(entry, log.FULFILLED)

    def refused(self, entry: Entry) -> None:
        """The provider did not act on *entry*."""
        self._journal.close(entry)
        self.placed.remove(entry)

    def answered(self, entry: Entry, status: str, numbers: t.Iterable[str] = (), message: str | None = None) -> None:
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

    def missing(self, entry: Entry) -> int:
        """How many numbers of *entry* the list does not show yet."""
        return max(0, entry.quantity - sum(1 for name in entry.numbers if name in self.owned))

    def hidden(self) -> list[Entry]:
        """Orders that this task has bought and that the list does not show whole."""
        return [entry for entry in self.placed if entry.status == log.FULFILLED and self.missing(entry)]

    def absorb(self) -> None:
        """Give the numbers that the list shows to the orders that brought them, and close what is complete."""
        for entry in self._journal.entries:
            if entry.status in (log.FULFILLED, log.PENDING):
                self._claim(entry)
                if not self.missing(entry):
                    self._settle(entry)

    def _settle(self, entry: Entry) -> None:
        """Close a completed *entry*. Its numbers explain no other order: they were there before, as far as those are concerned."""
        if entry.offer["number"] is None:
            self._write(entry)
            for other in self._journal.entries:
                fresh = [name for name in entry.numbers if name not in other.before]
                if fresh and other.id != entry.id and other.offer["number"] is None:
                    other.before = sorted([*other.before, *fresh])
                    self._write(other)
        self._journal.close(entry)

    def _claim(self, entry: Entry) -> None:
        unnamed = entry.quantity - len(entry.numbers)
        found = [name for name in self.new_numbers(entry) if name not in entry.numbers][: max(0, unnamed)]
        if found:
            self.answered(entry, entry.status, found)

    def coming(self) -> list[Entry]:
        """Orders that will bring numbers which the list does not show."""
        return [entry for entry in self._journal.entries if entry.status in (log.FULFILLED, log.PENDING) and self.missing(entry)]

    def phantoms(self) -> list[Number]:
        """Bought numbers whose digits are known and that the list does not show yet: they count as owned."""
        return [
            self.number_of(entry, name)
            for entry in self.coming()
            for name in ([entry.offer["number"]] if entry.offer["number"] else entry.numbers)
            if name not in self.owned
        ]

    def number_of(self, entry: Entry, name: str) -> Number:
        """The bought number *name* of *entry*, as far as its order tells; linked where the purchase did that."""
        features = self._provider.features
        return entry.as_number(self._provider.name, name, features.linked_capabilities if features.links_on_purchase else ())

    def unnamed(self, selector: Selector, application: str | None) -> tuple[int, int, list[str]]:
        """How many numbers to come match *selector*, how many of them were ordered for *application*, and the orders of which that cannot be told.

        With an *application*, numbers that were ordered for another one do not count.
        """
        count, own, undecided = 0, 0, []
        for entry in self.coming():
            if application is not None and entry.application not in (None, application):
                continue
            quantity = entry.quantity - max(len(entry.numbers), 1 if entry.offer["number"] else 0)
            verdict = selector.match(entry.as_offer(self._provider.name)) if quantity else False
            if verdict:
                count += quantity
                own += quantity if application is not None and entry.application == application else 0
            elif verdict is None:
                undecided.append(entry.id)
        return count, own, undecided

    # -- settling ------------------------------------------------------------------------------------------------------

    def forget(self, identities: t.Sequence[str]) -> bool:
        """Close orders that the user knows to be settled. Return whether there were any."""
        entries = [entry for entry in self._journal.entries if entry.id in identities]
        for entry in entries:
            self._journal.close(entry)
        unknown = sorted(set(identities) - {entry.id for entry in entries})
        if unknown:
            self._context.warnings.append(f"close_orders: no open order {', '.join(unknown)}; it may have been closed before.")
        return bool(entries)

    def recover(self, concerns: t.Callable[[Entry], bool]) -> list[Entry]:
        """Settle what an earlier task left open, as far as it *concerns* this one. Return the orders that stay in doubt."""
        self.absorb()
        left_open = [entry for entry in self._journal.entries if entry.status in (log.INTENT, log.UNKNOWN) and concerns(entry)]
        return [entry for entry in left_open if not self._recover(entry)]

    def _recover(self, entry: Entry) -> bool:
        """Read until the list explains *entry* or the settle time since it was sent has passed; return whether it is closed then."""
        context = self._context
        until = context.clock.now() + max(0.0, entry.at + context.settle_time - context.clock.wall())
        for first, _poll in enumerate(context.polls(until)):
            if first:
                self.read()
            if self.decided(entry):
                self._settle(entry)
                return True
        # The deadline may have ended the reading before.
        if context.clock.now() >= until and self._surely_not_bought(entry):
            self._journal.close(entry)
            return True
        return False

    def decided(self, entry: Entry) -> bool:
        """Whether the list explains *entry* exactly; its numbers are then its own."""
        found = self.new_numbers(entry)
        if len(found) != entry.quantity:
            return False
        entry.numbers = found
        return True

    def _surely_not_bought(self, entry: Entry) -> bool:
        """Whether an order that the list does not show after the settle time never came about.

        A number that is still for sale was not bought. A group order of a killed task that no list shows by now was not
        bought either, unless the provider may keep it pending where no list shows it. An order with references is better
        asked for than waited for, until they are long gone.
        """
        number = entry.offer["number"]
        if number is not None:
            return self._provider.lookup(number) is not None
        aged = self._context.clock.wall() - entry.at > max(_LONG_AGO, self._context.settle_time)
        return (aged or not entry.references) and entry.status == log.INTENT and not self._provider.features.pending_orders and not self.new_numbers(entry)

    def unknown(self, entry: Entry) -> Failure:
        """The failure for an order whose outcome nothing decides; it stays open."""
        self.answered(entry, log.UNKNOWN)
        found = ", ".join(self.new_numbers(entry)) or "none"
        what = f"{entry.quantity} of offer {entry.offer['id']}"
        return Failure(
            "unknown_outcome",
            f"It cannot be told whether the order {entry.id} ({what}) was carried out; new numbers that match: {found}. Nothing more is bought: "
            f"look at the account, then run again with close_orders: ['{entry.id}'] if the order is settled.",
        )

    def as_dicts(self) -> list[dict[str, t.Any]]:
        """The ``orders`` of a result: those placed by this task, then older ones that are still open."""
        placed = {entry.id for entry in self.placed}
        entries = self.placed + [entry for entry in self._journal.entries if entry.id not in placed]
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
