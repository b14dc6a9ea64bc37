# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario: tasks, each with faults, then without, then once more."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from invariants import UNSETTLED, Finding, judge, open_orders
from stage import ALLOWANCE, BY_NAME, CALM, HURRIED, Outcome, Snapshot, Stage
from steps import STEPS, Ask, Step, call
from troubles import Fault


@dataclasses.dataclass
class Report:
    """What came of a scenario. *late* is in seconds over the deadline and one request."""

    name: str
    provider: str
    kind: str = "scenario"
    faults: int = 0
    kills: int = 0
    late: float = 0.0
    sold: bool = False  # somebody else bought something
    undelivered: bool = False  # the provider delivered less than it said
    findings: list[Finding] = dataclasses.field(default_factory=list)
    trace: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Act:
    """A step and the faults that strike it."""

    step: str
    faults: tuple[Fault, ...] = ()


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Acts, one after the other, in one account."""

    name: str
    provider: str
    acts: tuple[Act, ...]

    def play(self, stage: Stage) -> Report:
        """Play it on a fresh account."""
        report = Report(self.name, self.provider)
        stage.begin(BY_NAME[self.provider])
        prepare(stage, STEPS[self.acts[0].step])
        for act in self.acts:
            stage.age()
            before = stage.snapshot()
            ask = STEPS[act.step].ask(stage, before)
            if ask is not None:
                _play_act(stage, report, ask, before, act.faults)
        return report


def prepare(stage: Stage, step: Step) -> None:
    """Give the account what the step starts from."""
    stage.change(stage.row, own=step.own(stage.row))
    if step.ordered:
        stage.faults({"kind": "pending", "match": call(stage.row, "charge")})
        own = len(stage.snapshot().owned) + step.ordered
        stage.run("number_purchase", {**stage.row.where, **CALM, "count": own})
        stage.faults()


def _play_act(stage: Stage, report: Report, ask: Ask, before: Snapshot, faults: Sequence[Fault]) -> None:
    stage.quiet()
    stage.faults(*faults)
    outcome = stage.run(ask.module, {**HURRIED, **ask.options})
    report.late = max(report.late, over(outcome, HURRIED))
    report.trace.append(f"faults: {list(faults)}")
    note(report, "under faults", outcome)
    struck(report, stage)
    stage.faults()
    report.findings.extend(judge(ask, before, stage.snapshot(), outcome, stage.price, report.undelivered))
    report.findings.extend(settle(stage, report, ask, done=not outcome.crash and outcome.code is None))


def struck(report: Report, stage: Stage) -> None:
    """Count the faults that struck, once the sandbox is done with every request."""
    faults = [fault for entry in stage.quiet() for fault in entry["faults"]]
    report.faults += len(faults)
    report.sold = report.sold or "sell_between" in faults
    report.undelivered = report.undelivered or "partial" in faults


def over(outcome: Outcome, limits: dict[str, float]) -> float:
    """Seconds that a task took beyond its deadline, one request and what a machine needs to get going."""
    return max(0.0, outcome.seconds - limits["deadline"] - limits["timeout"] - ALLOWANCE)


def note(report: Report, when: str, outcome: Outcome) -> None:
    """Keep what a task said, for whoever has to find out why."""
    said = outcome.crash or outcome.result.get("msg") or f"changed: {outcome.result['changed']}"
    warnings = " ".join(outcome.result.get("warnings", []))
    report.trace.append(f"{when}, {outcome.seconds:.2f} s: {outcome.code or 'success'}: {said} {warnings}".rstrip())


def settle(stage: Stage, report: Report, ask: Ask, done: bool = False) -> Iterator[Finding]:
    """The clean run: it ends as one run without faults would, at most after the orders that it names are closed; then
    nothing changes.

    It changes nothing itself when the task before it said that all was *done*.
    """
    stage.change(stage.row, fulfil=True, expire_reservations=True)
    closed: list[str] = []
    while True:
        started = stage.snapshot()
        outcome = stage.run(ask.module, {**ask.options, **CALM, **({"close_orders": closed} if closed else {})})
        note(report, "clean run", outcome)
        after = stage.snapshot()
        yield from judge(ask, started, after, outcome, stage.price, report.undelivered)
        unsettled = not outcome.crash and (outcome.code == "unknown_outcome" or report.undelivered)
        named = [order for order in open_orders(outcome) if order not in closed] if unsettled else []
        if not named:
            break
        closed += named
    if outcome.crash or report.sold and ask.named and outcome.code == "out_of_stock":
        return  # nobody can buy a number that somebody else has bought
    if outcome.code is not None:
        yield Finding(UNSETTLED, f"the clean run fails: {outcome.result['msg']}")
        return
    if done and not closed and outcome.result["changed"]:
        yield Finding(
            UNSETTLED, f"a task said that it was done, and the next one had something left to do: {report.trace[-1]}"
        )
    stage.quiet()
    again = stage.run(ask.module, {**ask.options, **CALM})
    note(report, "once more", again)
    writes = [entry for entry in stage.quiet() if entry["mutating"]]
    if again.crash or again.code is not None or again.result["changed"] or writes:
        yield Finding(
            UNSETTLED, f"a further run should change nothing, and sends {len(writes)} writes: {report.trace[-1]}"
        )
