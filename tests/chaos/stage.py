# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage of a scenario: a sandbox of its own, its state as snapshots, and tasks that run in this process."""

from __future__ import annotations

import dataclasses
import itertools
import sys
import time
import traceback
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sandbox"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))

from contract_fixtures import Sandbox
from played import ROWS
from rows import Row
from runner import Runner

BY_NAME = {row.provider: row for row in ROWS}
SETTLE = 0.3
HURRIED: dict[str, float] = {"settle_time": SETTLE, "timeout": 0.6, "deadline": 4, "retries": 1}  # while faults strike
CALM: dict[str, float] = {
    "settle_time": SETTLE,
    "timeout": 10,
    "deadline": 30,
    "retries": 1,
}  # the clean run after them
WIDTHS = (1, 8)  # how many requests may be under way at the same time, by turns
PATIENCE = 1.2  # seconds: longer than any fault holds a request back before it is carried out
ALLOWANCE = 0.25  # seconds of a task's time for what is no waiting: starting threads, a busy machine

_SWEDISH = {"country": "SE", "currency": "EUR"}
# Purchases shall take several lines at several prices; two groups share an area code, so their numbers can be mistaken
# for one another.
SEED: dict[str, Any] = {
    "sinch_portal": {
        "extend": True,
        "offers": [
            {
                **_SWEDISH,
                "country_name": "Sweden",
                "type": "Voice",
                "capabilities": ["voice", "sms"],
                "variants": [
                    {"id": 41, "city": "GÖTEBORG", "area_code": "031", "stock": 2, "monthly_price": "1.10"},
                    {"id": 42, "city": "STOCKHOLM", "area_code": "08", "stock": 1, "monthly_price": "1.15"},
                    {"id": 43, "city": "MALMÖ", "area_code": "040", "stock": 40, "monthly_price": "1.30"},
                ],
            }
        ],
    },
    "sinch_catalog": {
        "extend": True,
        "offers": [
            {
                **_SWEDISH,
                "first": "+46701740610",
                "count": 40,
                "type": "mobile",
                "capabilities": ["voice", "sms"],
                "monthly_price": "3.50",
            }
        ],
    },
    "infobip_sms": {
        "extend": True,
        "offers": [
            {
                **_SWEDISH,
                "first": "+46701740710",
                "count": 40,
                "type": "VIRTUAL_LONG_NUMBER",
                "capabilities": ["voice"],
                "setup_price": "1",
                "monthly_price": "2.50",
                "initial_month_price": "1.51",
            }
        ],
    },
    "telnyx": {
        "extend": True,
        "settings": {"page_rows": 50},
        "offers": [
            {
                "first": "+46701740610",
                "count": 40,
                "country": "SE",
                "type": "mobile",
                "capabilities": ["voice", "sms"],
                "monthly_price": "3.00",
                "setup_price": "1.00",
                "currency": "USD",
            }
        ],
    },
    "twilio": {
        "extend": True,
        "settings": {"page_rows": 50},
        "offers": [
            {
                "first": "+46701740610",
                "count": 40,
                "country": "SE",
                "type": "mobile",
                "capabilities": ["voice", "sms"],
                "monthly_price": "3.00",
                "currency": "USD",
            }
        ],
    },
    "plivo_groups": {
        "extend": True,
        "offers": [
            {
                "country": "SE",
                "type": "local",
                "capabilities": ["voice"],
                "variants": [
                    {
                        "id": "46000000000031",
                        "area_code": "31",
                        "region": "GOTEBORG, SWEDEN",
                        "stock": 2,
                        "monthly_price": "0.90",
                    },
                    {
                        "id": "46000000000009",
                        "area_code": "8",
                        "region": "STOCKHOLM, SWEDEN",
                        "stock": 1,
                        "monthly_price": "0.95",
                    },
                    {
                        "id": "46000000000040",
                        "area_code": "40",
                        "region": "MALMO, SWEDEN",
                        "stock": 40,
                        "monthly_price": "1.10",
                    },
                ],
            }
        ],
    },
}


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """What the account has and has paid, as the sandbox knows it."""

    owned: Mapping[str, Mapping[str, Any]]  # by number
    pending: int  # numbers in pending orders
    spent: Mapping[str, Decimal]
    checkouts: int  # the most that any reservation was checked out

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Snapshot:
        return cls(
            owned={item["number"]: item for item in state["owned"]},
            pending=sum(order["quantity"] for order in state["orders"] if order["status"] == "pending"),
            spent={name: Decimal(amount) for name, amount in state["spent"].items()},
            checkouts=max((hold["checkouts"] for hold in state["reservations"]), default=0),
        )


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a task ended. ``crash`` is the traceback of what no task may raise."""

    result: Mapping[str, Any]
    seconds: float
    crash: str = ""

    @property
    def code(self) -> str | None:
        """The failure's code, None for a success."""
        return self.result["failure"]["code"] if self.result.get("failed") else None


class Stage(Sandbox):
    """A sandbox for one process, set back for each scenario."""

    def __init__(self, port: int, home: Path) -> None:
        super().__init__(port)
        self._home = home
        self._serial = itertools.count()
        self._seen = 0
        self._prices: dict[str, dict[str, Decimal]] = {}
        self.row = ROWS[0]
        self.runner: Runner
        self.journal = True

    def begin(self, row: Row, journal: bool = True, seed: Mapping[str, Any] | None = None) -> None:
        """An account that owns nothing and a user without a past; *journal* False turns the journal off for all its
        tasks.

        With a *seed* of its own the scenario knows its prices itself.
        """
        self.row, self.journal = row, journal
        self.reset(SEED if seed is None else seed)
        serial = next(self._serial)
        self.runner = Runner(self.url, row, self._home / str(serial))
        self.runner.common["concurrency"] = WIDTHS[serial % len(WIDTHS)]
        if seed is None and row.provider not in self._prices:
            offers = self.runner("available_number_info", **{**row.where, **CALM})["offers"]
            self._prices[row.provider] = {offer["id"]: Decimal(offer["monthly_price"]) for offer in offers}

    def price(self, owned: Mapping[str, Any]) -> Decimal:
        """What a number that was bought costs a month."""
        prices = self._prices[self.row.provider]
        return prices[owned["number"]] if owned["number"] in prices else prices[owned["group"]]

    def offered(self) -> list[str]:
        """The offers of the row, the cheapest first."""
        return list(self._prices[self.row.provider])

    def snapshot(self) -> Snapshot:
        return Snapshot.of(self.state(self.row))

    def age(self) -> None:
        """Let the numbers that were bought have been owned for long: what a list has shown, no lag hides again."""
        kept = ("number", "id", "applications", "configuration", "active")
        bought = [item for item in self.state(self.row)["owned"] if item["group"]]
        self.change(self.row, own=[{**{name: item[name] for name in kept}, "offer": item["group"]} for item in bought])

    def run(self, module: str, options: Mapping[str, Any], check: bool = False) -> Outcome:
        """Run a task here. Whatever it raises is kept."""
        off = {} if self.journal else {"journal": "off"}
        env = {"HOME": self.runner.common["journal"] + "-home"}
        started = time.monotonic()
        try:
            result = self.runner(module, check=check, env=env, **{**options, **off})
        except Exception:
            return Outcome({}, time.monotonic() - started, traceback.format_exc())
        return Outcome(result, time.monotonic() - started)

    def requests(self) -> list[dict[str, Any]]:
        """The requests since ``quiet`` was called last."""
        return list(self.control("GET", f"requests?since={self._seen}")["requests"])

    def quiet(self) -> list[dict[str, Any]]:
        """The requests since the last call, once the sandbox has carried them out, even for a client that has gone.

        An answer that drips may go on for long after; all that it changes has happened by then.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            log = self.requests()
            if time.monotonic() > deadline or not any(entry["status"] is None and not entry["faults"] for entry in log):
                self._seen = max((entry["id"] for entry in log), default=self._seen)
                return log
            time.sleep(0.02)
