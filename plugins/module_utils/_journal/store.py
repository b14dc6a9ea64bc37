# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: what keeps the journal of what was sent to an account's provider, and the lock of the account.

A ``Store`` is where both stand; ``directory`` has the one on this machine.
"""

from __future__ import annotations

import abc
import contextlib
import typing as t

from .._net.clock import Clock
from .entries import CLOSED, INTENT, PENDING, UNKNOWN, ChangeEntry, Entry

# What must outlive a power failure. Without its outcome an entry is settled from the provider's list, as after a kill.
_SYNCED = (INTENT, PENDING, UNKNOWN)


class Journal:
    """The open entries of one account. This one keeps nothing beyond the task; a store's own writes them down."""

    def __init__(self, entries: t.Iterable[Entry | ChangeEntry] = ()) -> None:
        self._open: dict[str, Entry] = {}
        self._changes: dict[str, ChangeEntry] = {}
        for entry in entries:
            if isinstance(entry, Entry):
                self._open[entry.id] = entry
            else:
                self._changes[entry.id] = entry

    @property
    def entries(self) -> list[Entry]:
        """The open purchases, the oldest first."""
        return sorted(self._open.values(), key=lambda entry: (entry.at, entry.id))

    @property
    def changes(self) -> list[ChangeEntry]:
        """The changes of links and the releases that no list has shown yet, the oldest first."""
        return sorted(self._changes.values(), key=lambda entry: (entry.at, entry.id))

    def write(self, entry: Entry) -> None:
        """Make the state of *entry* durable. Raises Failure ``journal_required`` when that is impossible."""
        self._keep(entry, lasting=any(line.status in _SYNCED for line in entry.lines))
        if entry.is_open:
            self._open[entry.id] = entry
        else:
            self._open.pop(entry.id, None)

    def close(self, entry: Entry) -> None:
        """Forget *entry*: its outcome is known and shown by the provider."""
        self.write(entry.closed())

    def write_change(self, entry: ChangeEntry) -> None:
        """Record the state of *entry*. Raises Failure ``journal_required`` when that is impossible.

        It outlives the death of the task, not that of the machine: lists show a change of links before a machine is up
        again.
        """
        self._keep(entry, lasting=False)
        if entry.status == CLOSED:
            self._changes.pop(entry.id, None)
        else:
            self._changes[entry.id] = entry

    def close_change(self, entry: ChangeEntry) -> None:
        """Forget *entry*: a list shows what became of it."""
        entry.status = CLOSED
        self.write_change(entry)

    def _keep(self, entry: Entry | ChangeEntry, lasting: bool) -> None:
        """Write the state of *entry* down; what is *lasting* outlives a power failure."""


class Store(abc.ABC):
    """Where the journal and the lock of an account stand. Without ``enabled`` there is a lock but no journal."""

    enabled: bool

    @abc.abstractmethod
    def peek(self) -> Journal:
        """The journal as it is now, for a task that changes nothing. Raises Failure ``journal_required`` where
        ``locked`` would.
        """

    @abc.abstractmethod
    def locked(self, clock: Clock) -> contextlib.AbstractContextManager[Journal]:
        """Hold the account's lock, and give its journal.

        Raises Failure ``locked`` when another task keeps it until the deadline of *clock*, ``journal_required`` where
        journal or lock cannot be kept.
        """
