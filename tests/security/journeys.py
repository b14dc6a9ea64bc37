# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task for each call of each provider, recorded once against the sandbox and replayed with one answer spoilt."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import Runner

CHARGES = {
    "sinch_portal": ("POST", "/numbers/shop"),
    "sinch_catalog": ("POST", "/ActiveNumbers/"),
    "infobip_sms": ("POST", "/sms/1/numbers"),
    "plivo_groups": ("POST", "/AvailableNumberGroup/"),
    "telnyx": ("POST", "/number_orders"),
    "bandwidth": ("POST", "/orders"),
    "twilio": ("POST", "/IncomingPhoneNumbers.json"),
}
WANTED = 2


@dataclasses.dataclass(frozen=True)
class Journey:
    """A task and the exchanges of its clean run."""

    name: str
    row: Row
    module: str
    options: dict[str, Any]
    exchanges: tuple[tuple[Seen, Reply], ...]
    sessions: Path  # a session cache that saves the handshake

    def calls(self) -> list[int]:
        """One index for each different call of the clean run."""
        return list(
            {
                (seen.method, seen.target): index for index, (seen, _reply) in reversed(list(enumerate(self.exchanges)))
            }.values()
        )[::-1]


def charge(row: Row, seen: Seen) -> bool:
    """Whether a request spends money."""
    method, part = CHARGES[row.provider]
    if seen.method != method or part not in seen.path:
        return False
    return {"plivo_groups": "/Number/" not in seen.path, "sinch_catalog": seen.path.endswith("/ActiveNumbers/")}.get(
        row.provider, True
    )


def is_owned_list(seen: Seen) -> bool:
    """Whether a request asks for the list of owned numbers."""
    return seen.method == "GET" and seen.path.endswith(
        ("/numbers", "/ActiveNumbers/", "/Number/", "/IncomingPhoneNumbers.json", "/api/v2/tns")
    )


def lenient(runner: Runner, home: Path) -> None:
    """No waiting: nothing is repeated, and lists are believed at once."""
    runner.common.update(settle_time=0, retries=0, deadline=20, timeout=2, journal=str(home / "journal"))


def record(server: Server, upstream: str, row: Row, home: Path) -> list[Journey]:
    """Run every task of *row* cleanly; the sandbox has been reset."""
    server.becomes(forward(upstream))
    runner = Runner(server.url, row, home)
    lenient(runner, home)
    if row.login:
        runner.common["session_cache"] = str(home / "sessions")
        assert not runner("account_info").get("failed")
    journeys: list[Journey] = []

    def go(name: str, module: str, **options: Any) -> dict[str, Any]:
        exchanges: list[tuple[Seen, Reply]] = []
        server.becomes(_noting(forward(upstream), exchanges))
        result = runner(module, **options)
        assert not result.get("failed"), (name, result)
        journeys.append(Journey(name, row, module, options, tuple(exchanges), home / "sessions"))
        return result

    link = {"application": row.application} if row.application else {}
    go("account", "account_info", session_cache=str(home / "fresh"))
    go("search", "available_number_info", **row.where)
    bought = go("buy", "number_purchase", **row.where, count=WANTED, **link)["numbers"]
    go("have", "number_purchase", **row.where, count=WANTED)
    go("list", "number_info")
    go("find", "number_info", numbers=bought[:1])
    go("id", "number_info", id=bought[0]["id"])
    if load(row.provider).features.purchase == "number":
        offers = runner("available_number_info", **row.where)["offers"]
        go("named", "number_purchase", numbers=[offers[-1]["number"]])
    if row.application:
        go("application", "number_info", application=row.application)
        go("unlink", "number_assignment", numbers=bought[:1], application=row.application, state="absent")
        go("link", "number_assignment", numbers=bought[:1], application=row.application)
    if row.settings:
        go("configure", "number_configuration", numbers=bought[:1], **row.settings)
    if load(row.provider).features.release:
        go("release", "number_release", numbers=bought[:1], force=True)
    return journeys


def _noting(answer: Callable[[Seen], Reply], exchanges: list[tuple[Seen, Reply]]) -> Callable[[Seen], Reply]:
    def noted(seen: Seen) -> Reply:
        reply = answer(seen)
        exchanges.append((seen, reply))
        return reply

    return noted


class Replay:
    """Answers as in the clean run; the answer to request *spoilt* (and to its repetitions) is *instead*."""

    def __init__(self, journey: Journey, spoilt: int, instead: Reply) -> None:
        self._replies: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        for seen, reply in journey.exchanges:
            self._replies[seen.method, seen.target].append(reply)
        seen = journey.exchanges[spoilt][0]
        self._spoilt = (seen.method, seen.target)
        before = [one for one, _reply in journey.exchanges[:spoilt] if (one.method, one.target) == self._spoilt]
        self._clean = len(before)
        self._instead = instead

    def __call__(self, seen: Seen) -> Reply:
        key = (seen.method, seen.target)
        if key == self._spoilt:
            self._clean -= 1
            if self._clean < 0:
                return self._instead
        replies = self._replies.get(key)
        if not replies:
            return Reply(404, b"{}")
        return replies.pop(0) if len(replies) > 1 else replies[0]
