# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the interfaces of the journal and of the store that keeps it together with the lock of an account.

The module ``directory`` has the store in files of this machine.
"""

from __future__ import annotations

import abc
import contextlib
import typing as t

from .._net.clock import Clock
from .entries import CLOSED, INTENT, PENDING, UNKNOWN, ChangeEntry, Entry

# Entries in these states must outlive a power failure. A later state may be lost: then the entry is settled from the
# provider's list, as after the kill of a task.
_SYNCED = (INTENT, PENDING, UNKNOWN)


class Journal:
    """The open entries of one account. This class keeps them in memory; the journal of a store writes them down."""

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
        """Write the state of *entry*. Raises Failure ``journal_required`` when it cannot be written."""
        self._keep(entry, lasting=any(line.status in _SYNCED for line in entry.lines))
        if entry.is_open:
            self._open[entry.id] = entry
        else:
            self._open.pop(entry.id, None)

    def close(self, entry: Entry) -> None:
        """Close *entry*, because its outcome is known and the provider's list shows it."""
        self.write(entry.closed())

    def write_change(self, entry: ChangeEntry) -> None:
        """Write the state of *entry*. Raises Failure ``journal_required`` when it cannot be written.

        It outlives a killed task, but perhaps not a power failure: before a machine is up again, the provider's list
        shows the change.
        """
        self._keep(entry, lasting=False)
        if entry.status == CLOSED:
            self._changes.pop(entry.id, None)
        else:
            self._changes[entry.id] = entry

    def close_change(self, entry: ChangeEntry) -> None:
        """Close *entry*, because a list shows its outcome."""
        entry.status = CLOSED
        self.write_change(entry)

    def _keep(self, entry: Entry | ChangeEntry, lasting: bool) -> None:
        """Write the state of *entry* down. With *lasting* it must outlive a power failure. Here it does nothing."""


class Store(abc.ABC):
    """The place of an account's journal and lock. Without ``enabled`` there is a lock but no journal."""

    enabled: bool

    @abc.abstractmethod
    def peek(self) -> Journal:
        """Return the journal as it is now, without a lock, for a task that changes nothing.

        Raises Failure ``journal_required`` when ``locked`` could not keep the journal and the lock.
        """

    @abc.abstractmethod
    def locked(self, clock: Clock) -> contextlib.AbstractContextManager[Journal]:
        """Return a context that holds the account's lock and gives its journal.

        Raises Failure ``locked`` when another task holds the lock until the deadline of *clock*, and
        ``journal_required`` when journal or lock cannot be kept.
        """
