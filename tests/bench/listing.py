# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing owned numbers: time and largest memory, beside a plain script, and beside Plivo's own client, whose list
speaks the same API.
"""

from __future__ import annotations

import functools
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from buying import FIRST
from stage import API_KEY, INFOBIP, Budget, Home, Server, alternating, median

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "roles" / "sandbox" / "files"))
from telco_numbers_sandbox.seed import default_seed, plant  # noqa: E402 - needs the path above
from telco_numbers_sandbox.server import discover  # noqa: E402
from telco_numbers_sandbox.store import Owned, Store  # noqa: E402

ACCOUNTS = {"infobip_sms": "infobip-user", "plivo_groups": "MASANDBOXACCOUNT0001"}
PLIVO = {
    "provider": "plivo_groups",
    "account_id": ACCOUNTS["plivo_groups"],
    "password": "sandbox-plivo-auth-token",
    "account_currency": "USD",
}
FACTS: dict[str, dict[str, Any]] = {
    "infobip_sms": {
        "country": "GB",
        "type": "VIRTUAL_LONG_NUMBER",
        "capabilities": ["sms"],
        "setup_price": "1",
        "monthly_price": "5",
        "initial_month_price": "2.9",
        "currency": "EUR",
    },
    "plivo_groups": {
        "country": "US",
        "type": "local",
        "region": "NEWARK, UNITED STATES",
        "capabilities": ["voice", "sms"],
        "setup_price": "0",
        "monthly_price": "0.8",
    },
}


def stocked(data_dir: Path, provider: str, count: int) -> Server:
    """A sandbox that was told beforehand that an account owns so many numbers: its control path takes few at a time."""
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    store = Store(data_dir / "sandbox.sqlite3")
    first = FIRST if provider == "infobip_sms" else 12015550000
    with store.transaction():
        plant(store, discover(), default_seed())
        for place in range(count):
            number = f"+{first + place}"
            facts = {**FACTS[provider], "number": number}
            store.save(Owned(provider, number, ACCOUNTS[provider], f"{place:032X}", None, 0, data=facts))
    store.close()
    return Server(data_dir)


def one(folder: Path, provider: str, count: int, delay: int, times: int) -> list[dict[str, Any]]:
    """The rows of one size."""
    sandbox = stocked(folder / f"list-{provider}-{count}", provider, count)
    try:
        sandbox.delay(delay)
        home = Home(folder / "list", sandbox.url)
        read = functools.partial(home.client, "ours", module="number_info")
        ways: dict[str, Callable[[], dict[str, Any]]]
        if provider == "infobip_sms":
            widths = (4, 1) if count < 100000 else (4,)
            ways = {
                f"number_info, concurrency {width}": functools.partial(
                    read, arguments={**INFOBIP, "concurrency": width}
                )
                for width in widths
            }
            ways["plain script"] = functools.partial(home.client, "list", api_key=API_KEY)
        else:
            ways = {"number_info, concurrency 4": functools.partial(read, arguments=PLIVO)}
            ways["plivo's own client"] = functools.partial(
                home.client, "plivo_groups", account=PLIVO["account_id"], token=PLIVO["password"]
            )
        sandbox.log()
        found = alternating(times, ways)
        requests = len(sandbox.log()) / times / len(ways)
    finally:
        sandbox.stop()
    rows = []
    for way, said in found.items():
        if any(run["count"] != count for run in said):
            raise RuntimeError(f"{way} listed {[run['count'] for run in said]} of {count}")
        seconds = [run["seconds"] for run in said]
        rows.append(
            {
                "provider": provider,
                "numbers": count,
                "round_trip_ms": delay,
                "way": way,
                "times": times,
                "seconds": median(seconds),
                "all_seconds": seconds,
                "per_number_ms": 1000 * median(seconds) / count,
                "cpu_seconds": median(run["cpu"] for run in said),
                "memory_mib": median(run["memory"] for run in said),
                "requests": requests,
            }
        )
    return rows


def measure(folder: Path, budget: Budget) -> dict[str, Any]:
    """All sizes; the largest is read less often."""
    plans = [("infobip_sms", 100, 0, 5), ("plivo_groups", 100, 0, 5)]
    if not budget.quick:
        plans += [
            ("infobip_sms", 1000, 0, 5),
            ("infobip_sms", 10000, 0, 5),
            ("infobip_sms", 100000, 0, 3),
            ("infobip_sms", 10000, 20, 1),
            ("plivo_groups", 2000, 20, 1),
        ]
    return {
        "rows": [
            row
            for provider, count, delay, times in plans
            for row in one(folder, provider, count, delay, budget.times(times))
        ]
    }
