# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: what a provider gave one task for a while, a session or a token, in a private file for further tasks."""

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

_LARGEST = 65536  # bytes of a record; no session and no token is as long
_PATIENCE = 60.0  # seconds to wait for another task that is just asking for the same

Kept = t.TypeVar("Kept")


class Cache(t.Generic[Kept]):
    """One named tuple in a private file of a private directory (option ``session_cache``)."""

    def __init__(
        self,
        directory: str,
        kind: str,
        key: str,
        read: t.Callable[[t.Mapping[str, t.Any]], tuple[Kept, float]],
        early: float = 0.0,
    ) -> None:
        """Use *directory*; *kind* begins the file's name, and *key*, which holds no secret, tells records apart.

        *read* makes of a record, the fields of the tuple, what is kept and when it expires, in seconds since the epoch;
        it raises what a wrong shape raises. What expires within *early* seconds is no longer used.
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
        """Return what is kept while it is good. Raises Failure when the file is foreign, open to others or damaged."""
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
        # One from the future was kept before the clock was set back: how long it still lasts cannot be told.
        if kept <= time.time() < expires - self._early:
            return found
        self.drop()
        return None

    def store(self, kept: Kept) -> None:
        """Keep it until it is dropped or expires."""
        record = {**t.cast(t.Any, kept)._asdict(), "kept": time.time()}
        try:
            files.replace(self._path, json.dumps(record).encode("utf-8"))
        except files.Unsafe as error:
            raise _unsafe(error) from None

    def drop(self) -> None:
        """Forget it."""
        with contextlib.suppress(OSError):
            os.unlink(self._path)

    @contextlib.contextmanager
    def alone(self, clock: Clock) -> t.Iterator[None]:
        """Let no other task of this machine ask for the same meanwhile.

        To ask twice does no harm, so after a while, or where the file system has no locks, it goes on without.
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
    """Take the lock of an open file, or give up."""
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
