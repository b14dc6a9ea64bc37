# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of Ansible's commands, each in a home of its own."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import functools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import ansible_command
from ansible_collections.telco.numbers.plugins.module_utils._core import errors as _errors

COLLECTION = Path(_errors.__file__).parents[3]
COLLECTIONS = COLLECTION.parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a run: *home* and *more*, with no variables of the user and no proxy."""
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "NO_PROXY": "*",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
        "ANSIBLE_NOCOLOR": "1",
        **more,
    }


def command(program: str, *arguments: str) -> list[str]:
    """Return the command line of one of Ansible's commands: ``playbook``, ``adhoc``, ``inventory``, ``doc``."""
    return [sys.executable, "-m", "ansible", program, *arguments]


def run(
    program: str, *arguments: str, folder: Path, env: dict[str, str], merged: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a fork of a process that has imported Ansible already.

    With *merged* its output holds the error output, too.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        code = _server().run([program, *arguments], folder, env, output, output if merged else errors)
        for file in (output, errors):
            file.seek(0)
        return subprocess.CompletedProcess(
            command(program, *arguments), code, output.read(), None if merged else errors.read()
        )


def start(program: str, *arguments: str, folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    """Start a run and return its process. Its output holds the error output, too."""
    return subprocess.Popen(
        command(program, *arguments),
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def commands() -> Path:
    """Return a folder of programs that are Ansible's commands, which run as ``run`` does."""
    return _server().commands


class _Server:
    """The process that ``run`` has forked; it ends with this one."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._home = tempfile.TemporaryDirectory()
        self.commands = Path(self._home.name) / "commands"
        with theirs, self._make_commands() as listener:
            numbers = [theirs.fileno(), listener.fileno()]
            arguments = [sys.executable, str(Path(__file__).with_name("ansible_server.py")), *map(str, numbers)]
            files = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            self._process = subprocess.Popen(
                arguments, env=environment(Path(self._home.name)), pass_fds=numbers, **files
            )
        atexit.register(self._stop)

    def _make_commands(self) -> socket.socket:
        """The programs of a folder, and the socket beside them to which they speak."""
        self.commands.mkdir()
        source = Path(ansible_command.__file__).read_text(encoding="utf-8")
        for name in ansible_command.PROGRAMS:
            (self.commands / name).write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
            (self.commands / name).chmod(0o700)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(self.commands / "socket"))
        listener.listen()
        return listener

    def _stop(self) -> None:
        """It ends when nothing more can come; waited for, its processor time counts among that of the tests."""
        self._control.close()
        self._process.wait()
        self._home.cleanup()

    def run(self, arguments: list[str], folder: Path, env: dict[str, str], output: IO[str], errors: IO[str]) -> int:
        """Run a command and return its exit code."""
        request = json.dumps({"arguments": [*map(str, arguments)], "folder": str(folder), "env": env}).encode()
        told, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with told, open(os.devnull, "rb") as nothing:
            with theirs:
                socket.send_fds(
                    self._control, [request], [nothing.fileno(), output.fileno(), errors.fileno(), theirs.fileno()]
                )
            process, code = told.recv(100), told.recv(100)
        assert process and code, "the process that Ansible's runs are forked from has ended"
        return int(code)


@functools.cache
def _server() -> _Server:
    """Return the one server, and start it at the first call."""
    return _Server()


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a run without warning, with the processes that it started; some lead a session of their own."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parent = path.read_text().rpartition(")")[2].split()[1]
            parents.setdefault(int(parent), []).append(int(path.parent.name))
    doomed = [process.pid]
    for pid in doomed:
        doomed += parents.get(pid, [])
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


@dataclasses.dataclass(frozen=True)
class Run:
    """The result of a playbook's run."""

    code: int
    output: str

    def counts(self, host: str = "localhost") -> dict[str, int]:
        """Return the counts of *host* in the recap."""
        line = re.search(rf"^{host} .*: (.*)$", self.output, re.MULTILINE)
        assert line, self.output
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line[1])}
