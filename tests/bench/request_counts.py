# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests each operation sends, by the sandbox's log, against the least that the provider's API allows."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from stage import Server

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contract"))
from rows import ROWS, Row  # noqa: E402 - needs the path above

N = 3  # numbers that are bought, linked, configured and released

# Operation → what the least is made of. Where money is at stake, the lists before and after are among it: the rules for
# money want them.
LEAST = {
    "search": "a page of the catalogue",
    "list": "a page of the list",
    "get one": "one call",
    "buy 3 by number": "list, a look-up each or one search for all, a purchase each, list",
    "buy 3 by count": "list, search, a purchase each, list",
    "buy 3 from a group": "list, search, one purchase, list",
    "reserve and check out 3": "list, search, one reservation, one checkout, list",
    "second run of a purchase": "list",
    "assign 3": "list, each number read just before its call, list where the answers show no number; for links that "
    "are written as a whole: list, the application's links read and written for each capability, list",
    "configure 3": "list, one call a number, each number read just before where the call writes the whole record, "
    "list where the answers show no number",
    "release 3": "list, one call a number",
    "log in, 10 tasks": "three calls a task",
    "log in, 10 tasks, session_cache": "three calls",
}


class Account:
    """One provider's account, whose tasks are counted."""

    def __init__(self, server: Server, row: Row, folder: Path) -> None:
        self._server, self.row = server, row
        self._common = {
            **row.credentials,
            "provider": row.provider,
            "api_url": f"{server.url}/{row.provider}",
            "journal": str(folder / "journal"),
            "account_currency": "EUR",
            "settle_time": 1,
            **row.options,
        }

    def run(self, module: str, **options: Any) -> list[dict[str, Any]]:
        """Return the numbers that the task returns. Raises RuntimeError when it fails."""
        task = importlib.import_module(f"ansible_collections.telco.numbers.plugins.module_utils._tasks.{module}").TASK
        answer = task.answer(module, {**self._common, **options}, {}, False, False)
        if answer.get("failed"):
            raise RuntimeError(f"{module} at {self.row.provider}: {answer['msg']}")
        return list(answer.get("numbers", []))

    def count(self, module: str, **options: Any) -> int:
        """Return how many requests the task sends, without its log-in."""
        self._server.log()
        self.run(module, **options)
        return len(self._server.log()) - int(self.row.login)


def counted(account: Account) -> dict[str, tuple[int, int]]:
    """Operation → requests sent and the least, for one provider."""
    row = account.row
    providers = importlib.import_module("ansible_collections.telco.numbers.plugins.module_utils._providers")
    provider = providers.load(row.provider)
    features, read_back = provider.features, 0 if row.answers_show else 1
    usual, label = {"number": (N, "buy 3 by count"), "group": (1, "buy 3 from a group")}.get(
        features.purchase, (2, "reserve and check out 3")
    )
    calls = row.calls or usual
    found = {
        "search": (account.count("available_number_info", **row.where), row.search),
        label: (account.count("number_purchase", **row.where, count=N), 1 + row.search + calls + row.reading),
        "second run of a purchase": (account.count("number_purchase", **row.where, count=N), row.reading),
        "list": (account.count("number_info"), row.reading),
    }
    names = [number["number"] for number in account.run("number_info")]
    found["get one"] = (account.count("number_info", numbers=names[:1]), row.single or row.reading)
    if row.application:
        each = (row.reading + 1) * (N if features.links_each else len(features.linked_capabilities))
        least = row.reading + (row.links_together or each) + (0 if row.answers_show else row.backs)
        found["assign 3"] = (account.count("number_assignment", numbers=names, application=row.application), least)
    if features.configuration:
        least = row.reading + N * (row.reading + 1 if provider.rewrites else 1) + read_back
        found["configure 3"] = (account.count("number_configuration", numbers=names, **row.setting), least)
    if features.release:
        found["release 3"] = (account.count("number_release", numbers=names, force=True), row.reading + N * row.gives)
        if features.purchase == "number" and not row.leaves:  # where a number leaves slowly, it is not to be had yet
            least = 1 + row.lookups + calls + row.reading
            found["buy 3 by number"] = (account.count("number_purchase", numbers=names), least)
    return found


def handshakes(server: Server, account: Account, folder: Path) -> dict[str, tuple[int, int]]:
    """The same for what ten reading tasks spend on logging in."""
    found = {}
    for label, options, least in (
        ("log in, 10 tasks", {}, 10 * account.row.login),
        ("log in, 10 tasks, session_cache", {"session_cache": str(folder / "sessions")}, account.row.login),
    ):
        server.log()
        for _task in range(10):
            account.run("number_info", **options)
        found[label] = (len(server.log()) - 10, least)
    return found


def measure(server: Server, folder: Path) -> dict[str, Any]:
    """The rows of every provider."""
    rows = []
    for row in ROWS:
        server.reset()
        account = Account(server, row, folder / row.provider)
        operations = counted(account)
        if row.login:
            operations.update(handshakes(server, account, folder))
        rows += [
            {"provider": row.provider, "operation": name, "requests": sent, "least": least, "least_is": LEAST[name]}
            for name, (sent, least) in operations.items()
        ]
    return {"rows": rows}
