# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: directories and files that belong to one user alone (journal, lock, session cache)."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


class Unsafe(Exception):
    """A path that cannot be made private, or that another user owns or may read. The message names the path."""


def private_directory(path: str, make: bool = True) -> str:
    """Return the absolute *path* of a directory that only the user can use. With *make* an absent one is made (0700).

    Raises Unsafe when it cannot be made or written, is a link, belongs to another user, or is open to others.
    """
    full = os.path.abspath(os.path.expanduser(path))
    try:
        if make:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.mkdir(full, 0o700)
        status = os.lstat(full)
    except (OSError, ValueError) as error:
        raise Unsafe(f"the directory {full} cannot be used: {_reason(error)}") from None
    if not stat.S_ISDIR(status.st_mode):
        raise Unsafe(f"{full} is not a directory of its own (a link or a file)")
    _refuse_foreign(full, status)
    if not os.access(full, os.W_OK | os.X_OK):
        raise Unsafe(f"the directory {full} cannot be written")
    return full


def check_private(path: str) -> None:
    """Raise Unsafe when ``open_private`` could not open the file *path*. An absent file is right. Changes nothing."""
    with contextlib.suppress(FileNotFoundError):
        os.close(open_private(path, os.O_RDWR))


def check_can_be_made(path: str) -> None:
    """Raise Unsafe when the absent directory *path* can surely not be made. Changes nothing."""
    above = os.path.dirname(path)
    while not os.path.lexists(above) and above != os.path.dirname(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above) or not os.access(above, os.W_OK | os.X_OK):
        raise Unsafe(f"the directory {path} cannot be used: {above} is not a directory that can be written")


def open_private(path: str, flags: int) -> int:
    """Open the regular file *path* and return its descriptor. O_CREAT in *flags* makes it, with mode 0600.

    Links are not followed. O_NONBLOCK keeps a pipe at that path from blocking the task; it has no effect on a file.

    Raises Unsafe when it is not a file that only the user may read, FileNotFoundError when it is absent.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise Unsafe(f"the file {path} cannot be used: {_reason(error)}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unsafe(f"{path} is not a regular file")
        _refuse_foreign(path, status)
    except Unsafe:
        os.close(descriptor)
        raise
    return descriptor


def replace(path: str, content: bytes) -> None:
    """Write *content* to the private file *path* atomically, and return when it is on the disk.

    Raises Unsafe when it cannot be written.
    """
    folder = os.path.dirname(path)
    try:
        descriptor, draft = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
        sync_directory(folder)
    except OSError as error:
        raise Unsafe(f"the file {path} cannot be written: {_reason(error)}") from None


def sync_directory(path: str) -> None:
    """Write the directory *path* itself to the disk, so that a new file in it outlives a power failure."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_foreign(path: str, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise Unsafe(f"{path} belongs to another user")
    if status.st_mode & 0o077:
        raise Unsafe(
            f"{path} is open to other users (mode {stat.S_IMODE(status.st_mode):04o}): only its owner may have access"
        )


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
