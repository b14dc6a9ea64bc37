# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what retiring decides in an account, for its checksum, and what differs from what was approved. Pure."""

from __future__ import annotations

import typing as t

from .decisions import FORMAT, Decisions
from .retire import Retirement, facts

ACTION = "retire"


def decisions(work: Retirement) -> Decisions:
    """What will be released in one account: for each number its digits, its record, and a hash of what it links to."""
    return {
        "format": FORMAT,
        "action": ACTION,
        "account": work.account.name,
        "pools": [
            {"name": state.pool.name, "failure": state.code}
            if state.step is not None
            else {"name": state.pool.name, "release": [facts(number) for number in state.numbers]}
            for state in work.states
        ],
    }


def differences(then: Decisions | None, now: Decisions) -> list[str]:
    """A line for each thing that *now* releases beyond what was decided *then*. Less is no difference: what was
    approved may have been done in part.
    """
    if then is not None and then["action"] != ACTION:
        return ["the approved quote is of a run that converges"] if any(map(_releases, now["pools"])) else []
    known = {pool["name"]: pool for pool in (then or {}).get("pools", ())}
    return [
        f"pool {pool['name']}: {line}"
        for pool in now["pools"]
        if _releases(pool)
        for line in _beyond(known.get(pool["name"]), pool)
    ]


def _releases(pool: Decisions) -> bool:
    return bool(pool.get("release"))


def _beyond(then: Decisions | None, now: Decisions) -> t.Iterator[str]:
    if then is None:
        yield "it was not quoted"
        return
    if "failure" in then:
        yield f"it failed then ({then['failure']}), and would be released now"
        return
    known = {number["number"]: number for number in then["release"]}
    for number in now["release"]:
        name = number["number"]
        if name not in known:
            yield f"it would release {name}, which was not shown"
        elif number["record"] != known[name]["record"]:
            yield f"{name} was given back and bought again since it was shown"
        elif number != known[name]:
            yield f"{name} is linked to something else than it was when it was shown"
