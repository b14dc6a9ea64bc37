# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: sessions and tokens of a provider, kept in private files so that further tasks can use them."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
import typing as t

from .._core import files
from .._core.errors import Failure
from .clock import Clock

_LARGEST = 65536  # bytes of a record that are read; every session and token is shorter
_PATIENCE = 60.0  # seconds to wait for another task that is asking for the same session or token

Kept = t.TypeVar("Kept")


class Cache(t.Generic[Kept]):
    """A private file with one named tuple, in a private directory (option ``session_cache``)."""

    def __init__(
        self,
        directory: str,
        kind: str,
        key: str,
        read: t.Callable[[t.Mapping[str, t.Any]], tuple[Kept, float]],
        early: float = 0.0,
    ) -> None:
        """Use a file in *directory*. Its name begins with *kind*; each *key*, which holds no secret, has its own file.

        *read* takes a record, the fields of the tuple by name. It returns the tuple, and its expiry in seconds since
        the epoch; for a record of a wrong shape it raises any error of Python (ValueError, KeyError, TypeError ...).
        A tuple is used until *early* seconds before its expiry.
        Raises Failure ``invalid_option`` when the directory is not private.
        """
        self._read = read
        self._early = early
        name = hashlib.sha256(key.encode("utf-8")).hexdigest()
        try:
            self._path = os.path.join(files.private_directory(directory), f"{kind}-{name}.json")
        except files.Unsafe as error:
            raise _unsafe(error) from None

    def load(self) -> Kept | None:
        """Return the tuple in the file, or None when there is none that can still be used.

        Raises Failure ``invalid_option`` when the file belongs to another user, is open to others or is damaged.
        """
        try:
            with os.fdopen(files.open_private(self._path, os.O_RDONLY), "rb") as stream:
                record = json.loads(stream.read(_LARGEST))
            (found, expires), kept = self._read(record), float(record.get("kept", "inf"))
        except FileNotFoundError:
            return None
        except files.Unsafe as error:
            raise _unsafe(error) from None
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            raise Failure("invalid_option", f"The session cache {self._path} is damaged: delete it.") from None
        # A record from the future was written before the clock was set back: its expiry means nothing any more.
        if kept <= time.time() < expires - self._early:
            return found
        self.drop()
        return None

    def store(self, kept: Kept) -> None:
        """Write *kept* to the file. Raises Failure ``invalid_option`` when the file cannot be written."""
        record = {**t.cast(t.Any, kept)._asdict(), "kept": time.time()}
        try:
            files.replace(self._path, json.dumps(record).encode("utf-8"))
        except files.Unsafe as error:
            raise _unsafe(error) from None

    def drop(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):
            os.unlink(self._path)

    @contextlib.contextmanager
    def alone(self, clock: Clock) -> t.Iterator[None]:
        """Return a context in which no other task of this machine asks the provider for the same session or token.

        If two tasks ask, no harm is done. So after 60 seconds, or on a file system without locks, the task goes on
        without the lock.
        """
        try:
            descriptor = files.open_private(f"{self._path}.lock", os.O_RDWR | os.O_CREAT)
        except files.Unsafe as error:
            raise _unsafe(error) from None
        try:
            _wait_for(descriptor, clock)
            yield
        finally:
            os.close(descriptor)


def _wait_for(descriptor: int, clock: Clock) -> None:
    """Take the lock of an open file, or give up after 60 seconds and at the deadline."""
    ends = clock.now() + _PATIENCE
    while clock.now() < ends:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not clock.sleep(0.02):
                return
        except OSError:
            return


def _unsafe(error: files.Unsafe) -> Failure:
    return Failure("invalid_option", f"session_cache cannot be used: {error}.")
