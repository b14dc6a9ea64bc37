# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module owned_plan_info."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import CODES, Failure
from .._core.threads import Workers
from .._plans.adopt import Adopted, adopt
from .._plans.adopt_text import report, text
from .._plans.converge import SIDE_BY_SIDE
from .._plans.model import Account, Plan
from .._plans.resolving import Resolver
from .numbers_plan_info import chosen
from .plan_task import PLAN, Found, Opening, PlanRun, PlanTask, telling

OPTIONS: t.Mapping[str, dict[str, t.Any]] = {
    "plan": {**{key: value for key, value in PLAN["plan"].items() if key != "required"}, "default": []},
    "only": {"type": "list", "elements": "str"},
}


def describe(plan: Plan, params: t.Mapping[str, t.Any], opening: Opening, run: PlanRun) -> Found:
    """Write the pools that describe what the accounts own beside those of *plan*."""
    accounts = chosen(plan, params["only"] or ())
    if not accounts:
        raise Failure(
            "invalid_option", "No account is named: set accounts, or 'only' to providers that the environment opens."
        )
    warnings: list[str] = []

    def read(account: Account) -> list[Adopted] | Failure:
        try:
            context = dataclasses.replace(opening(account), check=True)
            resolver = Resolver(context)
            own = [resolver.pool(pool) for pool in plan.pools if pool.account.name == account.name]
            found = adopt(dataclasses.replace(plan, pools=tuple(own)), account, context, context.provider.owned())
            warnings.extend(context.provider.remarks.lines())
            return found
        except Failure as failure:
            return failure

    with telling(run.say, lambda: "telco.numbers: reading the accounts"):
        workers = Workers(min(SIDE_BY_SIDE, len(accounts)))
        reads = list(zip(accounts, workers.map(read, accounts)))
    pools = [pool for _account, found in reads if not isinstance(found, Failure) for pool in found]
    failures = [(account.name, found) for account, found in reads if isinstance(found, Failure)]
    unread = [(name, failure.message) for name, failure in failures]
    facts = {
        "changed": False,
        "plan": [pool.as_dict(plan.defined) for pool in pools],
        "text": text(pools, plan.defined),
        "unreadable": [{"account": name, "message": message} for name, message in unread],
        "report": report(pools, unread),
    }
    return facts, _failure(failures), list(dict.fromkeys(warnings))


def _failure(failures: t.Sequence[tuple[str, Failure]]) -> Failure | None:
    if not failures:
        return None
    said = " ".join(f"{name}: {failure.message}" for name, failure in failures[:5])
    code = failures[0][1].code
    return Failure(code if code in CODES else "provider_error", f"What was read is described. Not read: {said}")


TASK = PlanTask(OPTIONS, describe)
