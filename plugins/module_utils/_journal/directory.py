# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the journal and the lock of an account, in files of a private directory.

The journal is a file of JSON lines. An entry is written before its request is sent, and again with each change of its
state; the last line of an id counts. The entry of a purchase is on the disk before its request is sent. So a last line
that a crash cut off had no request yet: it is dropped.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import typing as t

from .._core import files
from .._core.errors import Failure
from .._net.clock import Clock
from .codec import as_line, parse
from .entries import CLOSED, ChangeEntry, Entry
from .store import Journal, Store

_HOW = "set journal (or TELCO_NUMBERS_JOURNAL) to a directory that only this user can use"

# The errors of file systems that have no locks.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class _FileJournal(Journal):
    """The journal in the file at *path*."""

    def __init__(self, path: str, entries: t.Iterable[Entry | ChangeEntry]) -> None:
        super().__init__(entries)
        self._path = path

    def _keep(self, entry: Entry | ChangeEntry, lasting: bool) -> None:
        try:
            # Somebody may have replaced the directory since the lock was taken.
            files.private_directory(os.path.dirname(self._path), make=False)
            fresh = not os.path.exists(self._path)
            descriptor = files.open_private(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                view = memoryview(as_line(entry))
                while view:
                    view = view[os.write(descriptor, view) :]
                if lasting:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if fresh:
                files.sync_directory(os.path.dirname(self._path))
        except (OSError, files.Unsafe) as error:
            raise Failure(
                "journal_required",
                f"The journal {self._path} cannot be written, so nothing more is bought: {_HOW} ({error}).",
            ) from None


class DirectoryStore(Store):
    """The journals and locks of one user in a directory: one pair for each provider, api_url and account."""

    def __init__(self, directory: str, key: t.Callable[[], str], enabled: bool) -> None:
        """Use *directory*. *key* returns a text that identifies the account; it is called when the text is needed.

        Without *enabled* there is a lock but no journal.
        """
        self.enabled = enabled
        self._directory = directory
        self._key = key

    def _path(self, folder: str, suffix: str) -> str:
        return os.path.join(folder, hashlib.sha256(self._key().encode("utf-8")).hexdigest()[:32] + suffix)

    def peek(self) -> Journal:
        """Return the journal as it is now, without a lock, for a task that changes nothing.

        Raises Failure ``journal_required`` when ``locked`` could not keep the journal and the lock.
        """
        folder = os.path.abspath(os.path.expanduser(self._directory))
        try:
            if os.path.lexists(folder):
                files.private_directory(folder, make=False)
                files.check_private(self._path(folder, ".lock"))
            else:
                files.check_can_be_made(folder)
        except files.Unsafe as error:
            raise _unusable(error) from None
        return Journal(self._load(self._path(folder, ".jsonl"))[0] if self.enabled else ())

    @contextlib.contextmanager
    def locked(self, clock: Clock) -> t.Iterator[Journal]:
        """Return a context that holds the account's lock and gives its journal.

        Raises Failure ``locked`` when another task holds the lock until the deadline of *clock*, and
        ``journal_required`` when journal or lock cannot be kept.
        """
        try:
            folder = files.private_directory(self._directory)
            descriptor = files.open_private(self._path(folder, ".lock"), os.O_RDWR | os.O_CREAT)
        except files.Unsafe as error:
            raise _unusable(error) from None
        try:
            _acquire(descriptor, clock, folder)
            yield self._open(self._path(folder, ".jsonl"))
        finally:
            os.close(descriptor)

    def _open(self, path: str) -> Journal:
        if not self.enabled:
            return Journal()
        entries, compact = self._load(path)
        if not compact:
            try:
                files.replace(path, b"".join(map(as_line, entries)))
            except files.Unsafe as error:
                raise Failure(
                    "journal_required", f"The journal cannot be written: {error}. To mend it, {_HOW}."
                ) from None
        return _FileJournal(path, entries)

    @staticmethod
    def _load(path: str) -> tuple[list[Entry | ChangeEntry], bool]:
        """Return the open entries in the file *path*, and whether the file has no other lines."""
        try:
            with os.fdopen(files.open_private(path, os.O_RDONLY), "rb") as stream:
                content = stream.read()
        except FileNotFoundError:
            return [], True
        except (files.Unsafe, OSError) as error:
            raise Failure("journal_required", f"The journal cannot be read: {error}. To mend it, {_HOW}.") from None
        lines = content.split(b"\n")
        torn = lines.pop() != b""
        latest: dict[str, Entry | ChangeEntry] = {}
        for place, line in enumerate(lines, 1):
            entry = parse(line, f"{path}, line {place}")
            latest[entry.id] = entry
        entries = [entry for entry in latest.values() if _is_open(entry)]
        return entries, not torn and len(entries) == len(lines)


def _is_open(entry: Entry | ChangeEntry) -> bool:
    return entry.is_open if isinstance(entry, Entry) else entry.status != CLOSED


def _unusable(error: Exception) -> Failure:
    return Failure(
        "journal_required", f"The journal and lock of this account cannot be kept: {error}. To mend it, {_HOW}."
    )


def _acquire(descriptor: int, clock: Clock, folder: str) -> None:
    pause = 0.05
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not clock.sleep(pause):
                raise Failure(
                    "locked",
                    "Another task of this machine works on this account and did not end before the deadline: run "
                    "again later.",
                ) from None
            pause = min(1.0, pause * 1.5)
        except OSError as error:
            cause = "its file system has no locks" if error.errno in _NO_LOCKS else str(error)
            raise Failure(
                "journal_required",
                f"The lock of this account cannot be kept in {folder}, because {cause}, so nothing is changed: set "
                "journal (or TELCO_NUMBERS_JOURNAL) "
                "to a directory on a local disk.",
            ) from None
