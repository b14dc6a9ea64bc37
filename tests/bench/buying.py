# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buying numbers by their digits: one task, our client alone, a plain script, a loop of the module uri. All make the
same calls.
"""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import Any

from stage import API_KEY, INFOBIP, Budget, Home, Server, alternating, median

FIRST = 447870000000
CATALOG = 1000
HEADERS = {"Authorization": f"App {API_KEY}", "Accept": "application/json"}
SEED = {
    "infobip_sms": {
        "accounts": [
            {
                "id": "infobip-user",
                "username": "infobip-user",
                "password": "none",
                "api_key": API_KEY,
                "credit": "100000000",
            }
        ],
        "offers": [
            {
                "first": f"+{FIRST}",
                "count": CATALOG,
                "country": "GB",
                "type": "VIRTUAL_LONG_NUMBER",
                "capabilities": ["sms"],
                "setup_price": "1",
                "monthly_price": "5",
                "initial_month_price": "2.903226",
                "currency": "EUR",
            }
        ],
    }
}

TASK, LOOP, SCRIPT = "one task (concurrency 4)", "uri loop", "plain script"
DIRECT = {"client alone, concurrency 1": 1, "client alone, concurrency 4": 4, "client alone, concurrency 8": 8}


def names(count: int) -> list[str]:
    """So many numbers that are for sale."""
    return [f"+{FIRST + place}" for place in range(count)]


def purchase(count: int, **options: Any) -> dict[str, Any]:
    """The arguments of the purchase."""
    return {**INFOBIP, "numbers": names(count), "max_monthly_price": "100", "currency": "EUR", **options}


def loop(url: str, count: int) -> list[dict[str, Any]]:
    """The tasks that do the same with uri: list, look up each, buy each, list."""
    root = f"{url}/infobip_sms/sms/1/numbers"
    common = {"headers": HEADERS, "return_content": True}
    key = "{{ item.json.numbers[0].numberKey }}"
    return [
        {"ansible.builtin.uri": {**common, "url": f"{root}?limit=50&page=0"}},
        {
            "ansible.builtin.uri": {**common, "url": f"{root}/available?limit=50&page=0&number={{{{ item }}}}"},
            "loop": [name.lstrip("+") for name in names(count)],
            "register": "found",
        },
        {
            "ansible.builtin.uri": {
                **common,
                "url": root,
                "method": "POST",
                "body_format": "json",
                "body": {"numberKey": key},
            },
            "loop": "{{ found.results }}",
            "loop_control": {"label": "{{ item.item }}"},
        },
        {
            "ansible.builtin.uri": {**common, "url": f"{root}?limit=50&page={{{{ item }}}}"},
            "loop": list(range(-(-count // 50))),
        },
    ]


class Case:
    """One size at one round trip."""

    def __init__(self, server: Server, folder: Path, count: int, delay: int) -> None:
        self.server, self.count, self.delay = server, count, delay
        self.home = Home(folder, server.url)
        self.requests: dict[str, int] = {}
        self.sandbox: dict[str, float] = {}

    def fresh(self) -> None:
        """Nothing is owned and nothing was recorded."""
        self.server.reset(SEED)
        self.server.delay(self.delay)
        shutil.rmtree(self.home.folder / "journal", ignore_errors=True)

    def measured(self, name: str, way: Any) -> float:
        """Return the seconds of *way*, after which every number must be owned; note its requests and the sandbox's own
        time.
        """
        self.fresh()
        before = self.server.cpu()
        seconds = float(way())
        used = self.server.cpu() - before
        log = self.server.log()
        bought = sum(entry["mutating"] and entry["status"] == 200 for entry in log)
        if bought != self.count:
            raise RuntimeError(f"{name} bought {bought} of {self.count}")
        self.requests[name] = len(log)
        self.sandbox[name] = round(1000 * used / len(log), 2)
        return seconds

    def one_task(self) -> float:
        """Seconds of a playbook of one task, its start included."""
        return self.home.play(
            [{"telco.numbers.number_purchase": purchase(self.count, api_url=f"{self.server.url}/infobip_sms")}]
        )

    def direct(self, concurrency: int) -> float:
        """Seconds of the client without Ansible around it."""
        return float(
            self.home.client("ours", module="number_purchase", arguments=purchase(self.count, concurrency=concurrency))[
                "seconds"
            ]
        )

    def script(self) -> float:
        """Seconds of the script."""
        return float(self.home.client("buy", api_key=API_KEY, numbers=names(self.count))["seconds"])

    def uri(self) -> float:
        """Seconds of a playbook with loops, its start included."""
        return self.home.play(loop(self.server.url, self.count))

    def ways(self, wanted: list[str]) -> dict[str, Any]:
        """What is to be measured, by name."""
        all_ways = {TASK: self.one_task, SCRIPT: self.script, LOOP: self.uri}
        all_ways.update({name: functools.partial(self.direct, width) for name, width in DIRECT.items()})
        return {name: functools.partial(self.measured, name, all_ways[name]) for name in wanted}

    def rows(self, wanted: list[str], times: int, until: float) -> list[dict[str, Any]]:
        """The measurements of this case, *times* or as often as it can be done until *until*."""
        found = alternating(times, self.ways(wanted), until)
        return [
            {
                "numbers": self.count,
                "round_trip_ms": self.delay,
                "way": name,
                "times": len(seconds),
                "seconds": median(seconds),
                "all_seconds": seconds,
                "per_number_ms": 1000 * median(seconds) / self.count,
                "requests": self.requests[name],
                "sandbox_cpu_ms_per_request": self.sandbox[name],
            }
            for name, seconds in found.items()
        ]


def measure(server: Server, folder: Path, budget: Budget) -> dict[str, Any]:
    """All sizes and round trips. What would take too long is measured less often or not at all, and the rows say so.

    The case that matters most is the last, and is measured as often as the time allows.
    """
    c1, c4, c8 = DIRECT
    clients = [TASK, c1, c4, c8, SCRIPT]
    plans: list[tuple[int, int, list[str], int]] = [(1, 20, [*clients, LOOP], 5)]
    if not budget.quick:
        plans += [
            (10, 20, clients, 5),
            (10, 20, [LOOP], 1),
            (100, 20, clients, 3),
            (100, 20, [LOOP], 1),
            (100, 0, clients, 5),
            (10, 100, clients, 3),
            (1000, 20, [c1, c4], 1),
            (1000, 20, [TASK, SCRIPT], 5),
        ]
    rows = []
    for place, (count, delay, wanted, times) in enumerate(plans):
        rows += Case(server, folder / f"buy-{place}", count, delay).rows(wanted, budget.times(times), budget.until)
    return {"start_seconds": start(server, folder, budget), "rows": rows}


def start(server: Server, folder: Path, budget: Budget) -> float:
    """Seconds that ansible-playbook takes for a play without tasks."""
    home = Home(folder / "start", server.url)
    return median([home.play([]) for _time in range(budget.times(5))])
