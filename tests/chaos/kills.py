# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks in child processes: killed at any instant, or two for one account at the same moment."""

from __future__ import annotations

import dataclasses
import multiprocessing
import random
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any

from invariants import crashes, judge
from play import Report, note, over, prepare, settle, struck
from stage import BY_NAME, HURRIED, SETTLE, Outcome, Stage
from steps import STEPS, Ask, call

_FORK = multiprocessing.get_context("fork")  # a child has everything imported, so its first moment is the task's first
_LAG = SETTLE / 2
_PATIENCE = 60.0
INSTANTS = ("after a time", "after a request", "before the answer", "before the commit")


class Child:
    """A task in a process of its own, which leads a group of its own."""

    def __init__(self, stage: Stage, ask: Ask, options: Mapping[str, Any]) -> None:
        self._ours, theirs = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=self._run, args=(theirs, stage, ask, options))
        self._process.start()
        theirs.close()

    @staticmethod
    def _run(pipe: Any, stage: Stage, ask: Ask, options: Mapping[str, Any]) -> None:
        pipe.send(stage.run(ask.module, {**options, **ask.options}))

    def runs(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> bool:
        """Kill it without warning; return whether it was still at work."""
        self._process.kill()
        self._process.join()
        return self._process.exitcode == -signal.SIGKILL

    def outcome(self) -> Outcome | None:
        """How the task ended; None when it was killed."""
        try:
            return self._ours.recv() if self._ours.poll(_PATIENCE) else None
        except EOFError:
            return None
        finally:
            self._process.join()


@dataclasses.dataclass(frozen=True)
class Kill:
    """A purchase that is killed and run anew. *lag* is in seconds: how late the provider lists what was bought, then as
    before.
    """

    name: str
    provider: str
    step: str
    instant: str
    journal: bool
    lag: float
    seed: int

    def play(self, stage: Stage) -> Report:
        report = Report(self.name, self.provider, kind="kill")
        chance = random.Random(self.seed)
        row = BY_NAME[self.provider]
        usual = self._measure(stage)
        stage.begin(row, self.journal)
        prepare(stage, STEPS[self.step])
        before = stage.snapshot()
        ask = STEPS[self.step].ask(stage, before)
        assert ask is not None
        lags = [
            {"kind": "lag", "seconds": self.lag, "match": call(row, name)}
            for name in ("owned", "one")
            if self.lag and call(row, name)
        ]
        stage.quiet()
        stage.faults(*lags, *self._slow(row, chance))
        child = Child(stage, ask, HURRIED)
        self._await(stage, child, chance, *usual)
        report.kills += child.kill()
        struck(report, stage)
        report.findings.extend(judge(ask, before, stage.snapshot(), None, stage.price))
        if self.lag:
            self._run_under_lag(stage, report, ask, lags)
        stage.faults()
        report.findings.extend(settle(stage, report, ask))
        return report

    def _measure(self, stage: Stage) -> tuple[float, int]:
        """How many seconds and requests the purchase takes when nothing disturbs it."""
        stage.begin(BY_NAME[self.provider], self.journal)
        prepare(stage, STEPS[self.step])
        ask = STEPS[self.step].ask(stage, stage.snapshot())
        assert ask is not None
        stage.quiet()
        seconds = stage.run(ask.module, {**HURRIED, **ask.options}).seconds
        return seconds, len(stage.quiet())

    def _slow(self, row: Any, chance: random.Random) -> list[dict[str, Any]]:
        """Hold the call that buys, so that the kill surely falls between its commit and its answer, or before its
        commit.
        """
        if self.instant not in INSTANTS[2:]:
            return []
        when = "after" if self.instant == "before the answer" else "before"
        return [
            {
                "kind": "delay",
                "seconds": _LAG,
                "when": when,
                "skip": chance.choice((0, 0, 1)),
                "match": call(row, "charge"),
            }
        ]

    def _await(self, stage: Stage, child: Child, chance: random.Random, seconds: float, requests: int) -> None:
        """Let the child run until its instant has come, or it is done."""
        if self.instant == "after a time":
            time.sleep(chance.uniform(0, seconds))
            return
        wanted = chance.randint(1, requests)
        while child.runs():
            log = stage.requests()
            open_writes = [entry for entry in log if entry["mutating"] and entry["status"] is None]
            if len(log) >= wanted if self.instant == "after a request" else open_writes:
                return

    @staticmethod
    def _run_under_lag(stage: Stage, report: Report, ask: Ask, lags: Sequence[dict[str, Any]]) -> None:
        """The new run while the lists still lag: it may fail, and never buys too much."""
        stage.faults(*lags)
        before = stage.snapshot()
        outcome = stage.run(ask.module, {**HURRIED, **ask.options})
        report.late = max(report.late, over(outcome, HURRIED))
        note(report, "under lag", outcome)
        struck(report, stage)
        report.findings.extend(judge(ask, before, stage.snapshot(), outcome, stage.price))


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two processes that ask for the same in one account at the same moment."""

    name: str
    provider: str
    step: str
    journal: bool
    faults: tuple[dict[str, Any], ...] = ()

    def play(self, stage: Stage) -> Report:
        report = Report(self.name, self.provider)
        stage.begin(BY_NAME[self.provider], self.journal)
        prepare(stage, STEPS[self.step])
        before = stage.snapshot()
        ask = STEPS[self.step].ask(stage, before)
        assert ask is not None
        stage.quiet()
        stage.faults(*self.faults)
        outcomes = [child.outcome() for child in [Child(stage, ask, HURRIED) for _side in range(2)]]
        struck(report, stage)
        stage.faults()
        report.findings.extend(judge(ask, before, stage.snapshot(), None, stage.price))
        for outcome in outcomes:
            assert outcome is not None, "a child ended without a word"
            note(report, "one of two", outcome)
            report.late = max(report.late, over(outcome, HURRIED))
            report.findings.extend(crashes(outcome))
        report.findings.extend(settle(stage, report, ask))
        return report
