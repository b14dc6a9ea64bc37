# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the action ``retire`` of the module numbers_plan: exactly what was shown goes, and a record is kept."""

from __future__ import annotations

import typing as t

from .._core.errors import CODES, Failure
from .._plans.departures import decisions, differences
from .._plans.model import Plan
from .._plans.retire import Departure, Retire, Retirement
from .._plans.retire_table import report, summary
from .plan_task import Found, Opening, PlanRun, telling
from .quotes import Quotes
from .released import Released

_UNSEEN = "Nothing is released without the checksum of what is shown here: look at it, then run again with {checksum}."


def retire(plan: Plan, params: t.Mapping[str, t.Any], opening: Opening, run: PlanRun) -> Found:
    """Release what the retired pools of *plan* have, or show it in check mode."""
    work = Retire(plan, opening)
    quotes = Quotes(run.env)
    approved = quotes.approved(params["checksum"]) if params["checksum"] else None
    sums: dict[str, t.Any] = {"checksum": None, "checksums": {}}
    notes: list[str] = []
    record = Released(params["record_dir"] or quotes.beside("released"), run.hide)

    def approve(works: t.Sequence[Retirement]) -> None:
        found = {one.account.name: decisions(one) for one in works}
        sums.update(quotes.keep_or_say(found, notes))
        record.checksum = sums["checksum"] or ""
        for one in works:
            if approved is not None:
                _refuse(one, differences(approved.get(one.account.name), found[one.account.name]))
            elif not run.check:
                _refuse_unseen(one, sums["checksum"])

    with telling(run.say, work.progress):
        found = work.run(run.check, approve, lambda: record.write(work.states))
    if record.path is not None:
        record.write(work.states, ended=True)
    found.warnings += notes
    facts = {
        **sums,
        "changed": found.changed,
        "pools": [state.as_dict() for state in found.states],
        "saves": found.saves(),
        "record": record.path,
        "report": report(found, sums["checksum"], record.path),
    }
    if run.diff:
        facts["diff"] = {"before": _before(found), "after": {}}
    return facts, _failure(found), found.warnings


def _refuse(work: Retirement, beyond: t.Sequence[str]) -> None:
    """Let nothing be released in an account that does not have what was approved."""
    said = f"What the account {work.account.name} would release is not what was approved, so nothing is: "
    failure = Failure("quote_changed", f"{said}{'; '.join(beyond[:10])}. Run again in check mode for a new checksum.")
    for state in work.states if beyond else ():
        if state.numbers and state.step is None:
            state.fail("approval", failure)
            state.changed = False


def _refuse_unseen(work: Retirement, checksum: str | None) -> None:
    """Let nothing be released that nobody has approved."""
    for state in work.states:
        if state.numbers and state.step is None:
            state.fail("approval", Failure("invalid_option", _UNSEEN.format(checksum=f"checksum {checksum or 'kept'}")))
            state.changed = False


def _failure(found: Departure) -> Failure | None:
    """The failure of a run in which pools failed, with what was released all the same."""
    if not found.failed:
        return None
    code = str(found.failed[0].code)
    failure = Failure(code if code in CODES else "provider_error", summary(found))
    failure.completed = {state.pool.name: {"released": state.released} for state in found.states if state.released}
    failure.changed = found.changed
    return failure


def _before(found: Departure) -> dict[str, t.Any]:
    """What goes, a number a line, with its links."""
    return {
        state.pool.name: {
            number.number: ", ".join(link.id for link in number.current) or "owned"
            for number in state.numbers
            if found.check or number.number in state.released
        }
        for state in found.states
        if state.changed
    }
