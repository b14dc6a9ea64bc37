# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module numbers_plan_info."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core.errors import CODES, Failure
from .._core.model import by_number
from .._core.threads import Workers
from .._plans import audit
from .._plans.audit_table import report, summary
from .._plans.converge import SIDE_BY_SIDE
from .._plans.drift import KINDS
from .._plans.model import Account, Plan, Pool
from .._plans.resolving import Resolver
from . import plan as _plan
from .plan_task import Found, Opening, PlanRun, PlanTask, telling

OPTIONS: t.Mapping[str, dict[str, t.Any]] = {
    "only": {"type": "list", "elements": "str"},
    "date": {"type": "raw"},
    "expiring_days": {"type": "int", "default": 30},
    "fail_on": {"type": "list", "elements": "str", "choices": [*KINDS, "any"], "default": []},
    "allow_unreadable": {"type": "bool", "default": False},
}


def compare(plan: Plan, params: t.Mapping[str, t.Any], opening: Opening, run: PlanRun) -> Found:
    """Compare *plan* with what its accounts own."""
    today = _today(params["date"])
    accounts = chosen(plan, params["only"] or ())
    warnings: list[str] = []
    known: dict[str, Pool] = {}  # the pools, with what they name found

    def read(account: Account) -> dict[str, t.Any]:
        try:
            context = opening(account)
            numbers = sorted(context.provider.owned(), key=by_number)
            resolver = Resolver(context)
            known.update({pool.name: resolver.pool(pool) for pool in plan.pools if pool.account.name == account.name})
            warnings.extend(context.provider.remarks.lines())
            return {"numbers": [number.as_dict() for number in numbers]}
        except Failure as failure:
            return {"msg": failure.message, "failure": failure.as_dict()}

    with telling(run.say, lambda: "telco.numbers: reading the accounts"):
        workers = Workers(min(SIDE_BY_SIDE, max(1, len(accounts))))
        reads = dict(zip((account.name for account in accounts), workers.map(read, accounts)))
    plan = dataclasses.replace(plan, pools=tuple(known.get(pool.name, pool) for pool in plan.pools))
    found = audit.report(plan, reads, today, params["expiring_days"], lambda account: _plan.masking(account, run.env))
    forbidden = [kind for kind in KINDS if found["drift_counts"][kind] and _forbids(params["fail_on"], kind)]
    failure = _failure(found, forbidden, params["allow_unreadable"])
    return {"changed": False, "audit": found, "report": report(found)}, failure, list(dict.fromkeys(warnings))


def _today(value: t.Any) -> datetime.date:
    """The day of the audit. Raises Failure ``invalid_option``."""
    if value in (None, ""):
        return datetime.datetime.now(datetime.timezone.utc).date()
    try:
        return audit.day(value)
    except ValueError as error:
        raise Failure("invalid_option", str(error).replace("audit_date", "date")) from None


def chosen(plan: Plan, only: t.Sequence[str]) -> list[Account]:
    """The accounts that are audited: those named, or else all that the plan defines or that a pool uses. Raises Failure
    ``invalid_option``.
    """
    unknown = [name for name in only if name not in plan.accounts]
    if unknown:
        known = ", ".join(sorted(plan.accounts))
        raise Failure("invalid_option", f"only: the plan has no account {', '.join(unknown)}; there are {known}.")
    return [plan.accounts[name] for name in dict.fromkeys(only or plan.used)]


def _forbids(fail_on: t.Sequence[str], kind: str) -> bool:
    return kind in fail_on or "any" in fail_on


def _failure(found: dict[str, t.Any], forbidden: t.Sequence[str], allow_unreadable: bool) -> Failure | None:
    unreadable = [] if allow_unreadable else list(found["unreadable"])
    if not (unreadable or forbidden):
        return None
    code = str(unreadable[0]["code"]) if unreadable else "conflict"
    return Failure(code if code in CODES else "provider_error", summary(found, unreadable, forbidden))


TASK = PlanTask(OPTIONS, compare)
