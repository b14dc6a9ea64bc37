# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured in a fresh process: our own client without Ansible around it, a plain script, and Plivo's client.

``clients.py NAME`` reads what to do as JSON and prints seconds, without the imports, and the largest memory in MiB.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def ours(asked: dict[str, Any]) -> Callable[[], int]:
    """Floor 5, as the module and the action plugin call it."""
    task = importlib.import_module(
        f"ansible_collections.telco.numbers.plugins.module_utils._tasks.{asked['module']}"
    ).TASK
    arguments = {**asked["arguments"], "api_url": f"{asked['url']}/{asked['arguments']['provider']}"}
    importlib.import_module("ansible_collections.telco.numbers.plugins.module_utils._providers").load(
        arguments["provider"]
    )

    def run() -> int:
        answer = task.answer(asked["module"], arguments, os.environ, False, False)
        if answer.get("failed"):
            raise RuntimeError(answer["msg"])
        return len(answer["numbers"])

    return run


class Script:
    """What a careful engineer would write for one provider in half an hour: one session, one call after the other."""

    def __init__(self, asked: dict[str, Any]) -> None:
        import requests

        self.numbers = asked.get("numbers", [])
        self._root = f"{asked['url']}/infobip_sms/sms/1/numbers"
        self._session = requests.Session()
        self._session.headers.update({"Authorization": f"App {asked['api_key']}", "Accept": "application/json"})

    def _get(self, path: str = "", **query: Any) -> Any:
        answer = self._session.get(self._root + path, params=query, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def owned(self) -> list[dict[str, Any]]:
        """Every page of the list."""
        rows: list[dict[str, Any]] = []
        while True:
            answer = self._get(limit=50, page=len(rows) // 50)
            rows += answer["numbers"]
            if len(rows) >= answer["numberCount"] or not answer["numbers"]:
                return rows

    def count(self) -> int:
        """Read the list."""
        return len(self.owned())

    def buy(self) -> int:
        """List, look each number up, buy each, list."""
        have = {row["number"] for row in self.owned()}
        offers = []
        for number in self.numbers:
            digits = number.lstrip("+")
            if digits in have:
                continue
            found = self._get("/available", limit=50, page=0, number=digits)["numbers"]
            offer = next(row for row in found if row["number"] == digits)
            if offer["price"]["pricePerMonth"] > 100 or offer["price"]["currency"] != "EUR":
                raise RuntimeError(f"{number} is too dear")
            offers.append(offer)
        for offer in offers:
            answer = self._session.post(self._root, json={"numberKey": offer["numberKey"]}, timeout=30)
            answer.raise_for_status()
            if answer.json()["price"]["pricePerMonth"] != offer["price"]["pricePerMonth"]:
                raise RuntimeError("another price than quoted")
        have = {row["number"] for row in self.owned()}
        return sum(number.lstrip("+") in have for number in self.numbers)


def plivo_sdk(asked: dict[str, Any]) -> Callable[[], int]:
    """Plivo's own client, which speaks this API where it lists numbers."""
    from plivo.rest import client as plivo

    # It has no option for that
    plivo.PLIVO_API_BASE_URI = plivo.API_VOICE_BASE_URI = f"{asked['url']}/plivo_groups/v1/Account"
    client = plivo.Client(asked["account"], asked["token"], timeout=30)

    def run() -> int:
        rows: list[Any] = []
        while True:
            answer = client.numbers.list(limit=20, offset=len(rows))
            rows += answer.objects
            if not answer.meta.next:
                return len(rows)

    return run


def largest_memory() -> float:
    """The largest resident memory so far in MiB; ``ru_maxrss`` would begin with that of the process that started this
    one.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Do what is asked and say what it cost."""
    asked = json.load(sys.stdin)
    ways: dict[str, Callable[[], Callable[[], int]]] = {
        "ours": lambda: ours(asked),
        "buy": lambda: Script(asked).buy,
        "list": lambda: Script(asked).count,
        "plivo_groups": lambda: plivo_sdk(asked),
    }
    run = ways[sys.argv[1]]()
    processor, started = time.process_time(), time.monotonic()
    count = run()
    seconds = time.monotonic() - started
    print(
        json.dumps(
            {"seconds": seconds, "cpu": time.process_time() - processor, "count": count, "memory": largest_memory()}
        )
    )


if __name__ == "__main__":
    main()
