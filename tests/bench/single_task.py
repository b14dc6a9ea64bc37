# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task that reads one number costs, in plays of growing length: ours in process, ours shipped, and uri with the
same request.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from buying import FIRST, HEADERS, SEED
from stage import INFOBIP, Budget, Home, Server, alternating, median

HERE, SHIPPED, URI = "number_info, in process", "number_info, shipped", "uri"


def measure(server: Server, folder: Path, budget: Budget) -> dict[str, Any]:
    """Seconds of each play, and what one more task adds: the slope from the shortest play to the longest."""
    server.reset(SEED)
    server.control(
        "PATCH",
        "state/infobip_sms/infobip-user",
        {"own": [{"number": f"+{FIRST}", "data": {"monthly_price": "5", "currency": "EUR"}}]},
    )
    home = Home(folder / "single", server.url)
    ours = {"telco.numbers.number_info": {**INFOBIP, "api_url": f"{server.url}/infobip_sms", "numbers": [f"+{FIRST}"]}}
    uri = {
        "ansible.builtin.uri": {
            "url": f"{server.url}/infobip_sms/sms/1/numbers?limit=50&page=0&number={FIRST}",
            "headers": HEADERS,
            "return_content": True,
        }
    }
    sizes = [1, 3] if budget.quick else [1, 10, 50]
    rows = []
    server.log()
    sent = 0
    for count in sizes:
        times = budget.times(5 if count == 1 else 1)  # the long plays take minutes
        ways: dict[str, Callable[[], float]] = {
            HERE: functools.partial(home.play, [ours] * count),
            SHIPPED: functools.partial(home.play, [ours] * count, {"TELCO_NUMBERS_IN_PROCESS": "0"}),
            URI: functools.partial(home.play, [uri] * count),
        }
        found = alternating(times, ways)
        sent += times * len(ways) * count
        rows += [
            {"tasks": count, "way": way, "times": len(taken), "seconds": median(taken), "all_seconds": taken}
            for way, taken in found.items()
        ]
    each = len(server.log()) / sent
    return {"rows": rows, "requests_per_task": each, "task_ms": {way: slope(rows, way) for way in (HERE, SHIPPED, URI)}}


def slope(rows: list[dict[str, Any]], way: str) -> float:
    """Milliseconds that one more task adds."""
    points = [(row["tasks"], row["seconds"]) for row in rows if row["way"] == way]
    (few, quickly), (many, slowly) = points[0], points[-1]
    return float(1000 * (slowly - quickly) / (many - few))
