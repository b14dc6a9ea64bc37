# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as a process: one a data directory, in the foreground or detached."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

PATIENCE = 15.0
STEP = 0.02


class StartError(Exception):
    """The sandbox cannot start or stop. The message is one line that says why."""


class Running(NamedTuple):
    """A sandbox that serves a data directory; the port is 0 until it listens."""

    pid: int
    port: int


@contextlib.contextmanager
def hold(data_dir: Path) -> Iterator[None]:
    """Make the data directory and hold its lock, because two sandboxes would damage it. Raises StartError."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        pid_file = (data_dir / "sandbox.pid").open("a+")
    except OSError as exc:
        raise StartError(f"the data directory {data_dir} cannot be used: {exc.strerror}") from None
    with pid_file:
        # The lock, not the number in the file, shows whether a sandbox runs, because it ends with the process.
        if not _lock(pid_file):
            raise StartError(f"another sandbox uses the data directory {data_dir}")
        (data_dir / "sandbox.port").unlink(missing_ok=True)
        pid_file.truncate(0)
        pid_file.write(f"{os.getpid()}\n")
        pid_file.flush()
        yield


def _lock(pid_file: IO[str]) -> bool:
    """Try to take the lock, several times: a process that checks whether a sandbox runs holds it for a moment, too."""
    limit = time.monotonic() + 1
    while True:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > limit:
                return False
            time.sleep(0.01)


def write_port(path: Path, port: int) -> None:
    """Write *port* to the file *path* atomically, so that a process that waits for the file always reads a port."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(f"{port}\n", encoding="ascii")
    os.replace(draft, path)


def running(data_dir: Path) -> Running | None:
    """Return the running sandbox of this data directory, or None."""
    try:
        pid_file = (data_dir / "sandbox.pid").open("r")
    except OSError:
        return None
    with pid_file:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Running(_number(data_dir / "sandbox.pid"), _number(data_dir / "sandbox.port"))
    return None


def start_detached(data_dir: Path, port: int, arguments: Sequence[str]) -> str:
    """Start a sandbox in the background, wait until it listens, and return a line about it. It may run already."""
    found = running(data_dir)
    if found and port in (0, found.port):
        return f"already running on port {found.port}, pid {found.pid}"
    if found:
        raise StartError(f"it runs already, on port {found.port}: stop it first, or give another data directory")
    with contextlib.suppress(OSError):
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [
        sys.executable,
        "-B",
        str(Path(__file__).parent),
        "--port",
        str(port),
        "--data-dir",
        str(data_dir),
        *arguments,
    ]
    try:
        with (data_dir / "sandbox.log").open("ab") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - itself
    except OSError as exc:
        raise StartError(f"the data directory {data_dir} cannot be used: {exc.strerror}") from None
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        found = running(data_dir)
        if found and found.port and found.pid == child.pid:
            return f"started on port {found.port}, pid {found.pid}"
        time.sleep(STEP)
    if child.poll() is None:
        child.kill()
    lines = (data_dir / "sandbox.log").read_text(encoding="utf-8", errors="replace").splitlines()
    raise StartError(lines[-1].removeprefix("the sandbox cannot start: ") if lines else "it ended without a word")


def stop(data_dir: Path) -> str:
    """Stop the sandbox of this data directory and return a line about it. Its state is kept."""
    found = running(data_dir)
    if found is None:
        return "not running"
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, number)
        deadline = time.monotonic() + PATIENCE / 3
        while time.monotonic() < deadline:
            if running(data_dir) is None:
                return f"stopped, pid {found.pid}"
            time.sleep(STEP)
    raise StartError(f"process {found.pid} does not end")


def _number(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
