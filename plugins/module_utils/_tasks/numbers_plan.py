# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module numbers_plan."""

from __future__ import annotations

import typing as t

from .._core.errors import CODES, Failure
from .._plans.account import AccountWork
from .._plans.converge import Converge, Outcome
from .._plans.decisions import Decisions, decisions, differences
from .._plans.model import Plan
from .._plans.table import report, summary
from .plan_task import Found, Opening, PlanRun, PlanTask, telling
from .quotes import Quotes
from .retire import retire


def converge(plan: Plan, params: t.Mapping[str, t.Any], opening: Opening, run: PlanRun) -> Found:
    """Converge *plan*, or quote it in check mode."""
    work = Converge(plan, opening)
    quotes = Quotes(run.env)
    approved = quotes.approved(params["checksum"]) if params["checksum"] else None
    sums: dict[str, t.Any] = {"checksum": None, "checksums": {}}
    notes: list[str] = []

    def approve(works: t.Sequence[AccountWork]) -> None:
        found = {work.account.name: decisions(work) for work in works}
        sums.update(quotes.keep_or_say(found, notes))
        for account in works if approved is not None else ():
            refuse_others(account, (approved or {}).get(account.account.name), found[account.account.name])

    with telling(run.say, work.progress):
        outcome = work.run(run.check, approve, () if approved else left_out(plan, params["limited_accounts"] or ()))
    outcome.warnings += notes
    facts = {
        **sums,
        "changed": outcome.changed,
        "pools": [state.as_dict() for state in outcome.states],
        "totals": outcome.totals(),
        "unbounded": outcome.unbounded(),
        "over": outcome.over,
        "report": report(outcome, sums["checksum"] if run.check else None),
    }
    if run.diff:
        before, after = _sides(outcome)
        facts["diff"] = {"before": before, "after": after}
    return facts, _failure(outcome), outcome.warnings


def left_out(plan: Plan, spanned: t.Sequence[str]) -> list[str]:
    """The accounts of *spanned*, which share the limits of the plan, that have no pool in *plan*."""
    limited = bool(plan.limits or plan.owned_limits)
    used = {pool.account.name for pool in plan.pools}
    return [name for name in spanned if name not in used] if limited else []


def _failure(outcome: Outcome) -> Failure | None:
    """The failure of a run in which pools failed: with the code of the first one, and what was done all the same."""
    if not outcome.failed:
        return None
    code = str(outcome.failed[0].code)
    failure = Failure(code if code in CODES else "provider_error", summary(outcome))
    failure.completed = {
        state.pool.name: {"purchased": state.purchased, "linked": [change.as_dict() for change in state.links]}
        for state in outcome.states
        if state.changed and not outcome.check
    }
    failure.changed = outcome.changed
    return failure


def _sides(outcome: Outcome) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """What differs before and after the run, a number a line."""
    sides: tuple[dict[str, t.Any], dict[str, t.Any]] = ({}, {})
    for state in outcome.states:
        for change in (*state.moves, *state.links, *state.settings):
            for side, value in zip(sides, (change.before, change.after)):
                side.setdefault(state.pool.name, {}).setdefault(change.number, {})[change.key] = value
        for name in state.purchased:
            sides[1].setdefault(state.pool.name, {})[name] = "owned"
        unnamed = sum(int(line["quantity"]) for line in state.lines if line["number"] is None)
        if unnamed and outcome.check and state.step is None:
            sides[1].setdefault(state.pool.name, {})["to buy"] = unnamed
    return sides


def refuse_others(work: AccountWork, then: Decisions | None, now: Decisions) -> None:
    """Let nothing be done in the account of *work* where its quote *now* decides more than was approved *then*."""
    beyond = differences(then, now)
    if not beyond:
        return
    said = f"The quote of the account {work.account.name} is not the approved one, so nothing is done there: "
    failure = Failure("quote_changed", f"{said}{'; '.join(beyond[:10])}. Run again in check mode for a new one.")
    for state in work.states:
        if state.changed or state.waits:
            state.fail("approval", failure)
            state.changed = False


ACTIONS = {"converge": converge, "retire": retire}
OPTIONS: t.Mapping[str, dict[str, t.Any]] = {
    "action": {"type": "str", "choices": list(ACTIONS), "default": "converge"},
    "checksum": {"type": "raw"},
    "limited_accounts": {"type": "list", "elements": "str"},
    "record_dir": {"type": "path"},
}


def act(plan: Plan, params: t.Mapping[str, t.Any], opening: Opening, run: PlanRun) -> Found:
    """Do what the option ``action`` says."""
    return ACTIONS[params["action"]](plan, params, opening, run)


TASK = PlanTask(OPTIONS, act)
