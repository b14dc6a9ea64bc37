# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of Ansible's commands, each in a home of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from ansible_collections.telco.numbers.plugins.module_utils import _errors

COLLECTION = Path(_errors.__file__).parents[2]
COLLECTIONS = COLLECTION.parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a run: *home*, nothing of the user's, no proxy; and *more*."""
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
    """The words of one of Ansible's commands: ``playbook``, ``adhoc``, ``inventory``, ``doc``."""
    return [sys.executable, "-m", "ansible", program, *arguments]


def run(program: str, *arguments: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command(program, *arguments), env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def start(program: str, *arguments: str, folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    """Begin a run whose error output is among its output."""
    return subprocess.Popen(
        command(program, *arguments), env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


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
    """How a playbook ended."""

    code: int
    output: str

    def counts(self, host: str = "localhost") -> dict[str, int]:
        """The recap of *host*."""
        line = re.search(rf"^{host} .*: (.*)$", self.output, re.MULTILINE)
        assert line, self.output
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line[1])}
