# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox in a process of its own, and the ways in which work is given to it: a playbook, or a client in a fresh
process.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).resolve().parent
SANDBOX = HERE.parents[1] / "roles" / "sandbox" / "files" / "telco_numbers_sandbox"
API_KEY = "sandbox-infobip-api-key"
INFOBIP = {"provider": "infobip_sms", "api_key": API_KEY, "account_currency": "EUR", "deadline": 1800}


@dataclasses.dataclass(frozen=True)
class Budget:
    """How much is measured: everything, or the least that shows that it works; and until when, in seconds of
    ``time.monotonic()``.
    """

    quick: bool = False
    until: float = math.inf

    def times(self, count: int) -> int:
        """Repetitions."""
        return 1 if self.quick else count

    def sizes(self, *sizes: int) -> list[int]:
        """The sizes of a case; of a quick one only the smallest."""
        return list(sizes[:1] if self.quick else sizes)


class Server:
    """The sandbox with its control path."""

    def __init__(self, data_dir: Path) -> None:
        port_file = data_dir.parent / f"{data_dir.name}.port"
        port_file.unlink(missing_ok=True)  # of an earlier one
        command = [
            sys.executable,
            str(SANDBOX),
            "--port",
            "0",
            "--data-dir",
            str(data_dir),
            "--port-file",
            str(port_file),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not port_file.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self._session = requests.Session()
        self._session.trust_env = False

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer of the control path."""
        answer = self._session.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=120)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self, seed: Any = None) -> None:
        """Start anew, without faults, from the default seed or *seed* on top of it."""
        self.control("POST", "reset", {"seed": seed} if seed else {})

    def delay(self, milliseconds: int) -> None:
        """Let every request take so long before it is carried out: the round trip."""
        self.control("PUT", "faults", [{"kind": "delay", "seconds": milliseconds / 1000}] if milliseconds else [])

    def log(self) -> list[dict[str, Any]]:
        """Return the requests since the last call."""
        found = self.control("GET", "requests")["requests"]
        self.control("DELETE", "requests")
        return list(found)

    def cpu(self) -> float:
        """Seconds of processor time that the sandbox has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it."""
        self._session.close()
        self._process.terminate()
        self._process.wait(10)


class Home:
    """A folder of one's own for playbooks and journals, and the environment of what is started there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        folder.mkdir(parents=True, exist_ok=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "NO_PROXY": "*",
            "PYTHONPATH": os.environ["PYTHONPATH"],
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
            "ANSIBLE_NOCOLOR": "1",
            "TELCO_NUMBERS_JOURNAL": str(folder / "journal"),
        }

    def play(self, tasks: list[dict[str, Any]], env: Mapping[str, str] | None = None) -> float:
        """Return the seconds that ansible-playbook takes for *tasks*, its start included."""
        path = self.folder / "play.yml"
        path.write_text(
            json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}])
        )
        return self.command([str(path)], env)

    def command(self, arguments: Iterable[str], env: Mapping[str, str] | None = None) -> float:
        """Return the seconds that ansible-playbook takes."""
        started = time.monotonic()
        ran = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", *arguments],
            cwd=self.folder,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        taken = time.monotonic() - started
        if ran.returncode:
            raise RuntimeError((ran.stdout + ran.stderr)[-4000:])
        return taken

    def client(self, name: str, **what: Any) -> dict[str, Any]:
        """Return what a client in a fresh process says: its seconds (imports excluded) and its memory."""
        asked = json.dumps({"url": self.url, **what})
        command = [sys.executable, str(HERE / "clients.py"), name]
        ran = subprocess.run(
            command, cwd=self.folder, env=self.env, input=asked, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise RuntimeError((ran.stdout + ran.stderr)[-4000:])
        return dict(json.loads(ran.stdout))


def alternating(times: int, ways: Mapping[str, Callable[[], Any]], until: float = math.inf) -> dict[str, list[Any]]:
    """Return what each way gave in each of *times* rounds, in which every way has its turn.

    There are fewer rounds, but at least one, where another as long as the last would end after *until*.
    """
    found: dict[str, list[Any]] = {name: [] for name in ways}
    for _round in range(times):
        started = time.monotonic()
        for name, way in ways.items():
            found[name].append(way())
        ended = time.monotonic()
        if ended + (ended - started) > until:
            break
    return found


def median(values: Iterable[float]) -> float:
    """The median, of what may be a single value."""
    return statistics.median(values)
