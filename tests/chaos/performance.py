# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A story on its stage: runs its tasks, writes down what they say, and has them judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from invariants import CHECKED, Finding, crashes
from play import Report
from stage import BY_NAME, CALM, SETTLE, Outcome, Stage
from truth import Ledger, State, Wish
from verdicts import judge


class Performance:
    """The account of one story, its tasks, and what came of it."""

    def __init__(self, stage: Stage, provider: str, name: str) -> None:
        self._stage = stage
        self._row = BY_NAME[provider]
        self._report = Report(f"story {name}", provider, kind="story")
        self._ledger = Ledger(self._row)
        self._settle = SETTLE

    def _checked(self, wish: Wish, before: State) -> Outcome:
        """Run it in check mode, which changes nothing anywhere."""
        self._quiet()
        files = self._files()
        check = self._run(wish, "check", check=True)
        writes = [f"{entry['method']} {entry['path']}" for entry in self._quiet() if entry["mutating"]]
        if writes or files != self._files():
            self._find(
                [Finding(CHECKED, f"check mode wrote: {writes}, files {sorted(set(files) ^ set(self._files()))}")]
            )
        if not check.crash and check.code is not None and check.code == "unknown_outcome" and not self._ledger.doubt:
            self._find([Finding(CHECKED, f"nothing is in doubt: {check.result['msg']}")])
        return check

    def _files(self) -> dict[str, bytes]:
        folder = Path(self._stage.runner.common["journal"])
        return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()} if folder.is_dir() else {}

    def _run(self, wish: Wish, when: str, check: bool = False) -> Outcome:
        run = self._stage.run(wish.module, {**CALM, "settle_time": self._settle, **wish.options}, check=check)
        self._say(when, run)
        return run

    def _say(self, when: str, run: Outcome) -> None:
        said = run.crash or run.result.get("msg") or f"changed: {run.result['changed']}, {self._brief(run.result)}"
        warnings = " ".join(run.result.get("warnings", []))
        self._note(f"   {when}, {run.seconds:.2f} s: {run.code or 'success'}: {said} {warnings}".rstrip())
        self._find(crashes(run))

    @staticmethod
    def _brief(result: Mapping[str, Any]) -> str:
        parts = {key: [item["number"] for item in result[key]] for key in ("numbers", "purchased") if key in result}
        orders = [f"{order['quantity']} {order['status']}" for order in result.get("orders", [])]
        return str(
            {
                **parts,
                **({"linked": result["linked"]} if result.get("linked") else {}),
                **({"orders": orders} if orders else {}),
            }
        )

    def _judge(
        self,
        wish: Wish,
        before: State,
        after: State,
        run: Outcome | None,
        between: Mapping[str, Any] | None = None,
        in_time: bool = False,
    ) -> None:
        self._find(judge(self._ledger, wish, before, after, run, between or {}, in_time))

    def _state(self) -> State:
        return State.of(self._stage.state(self._row))

    def _quiet(self) -> list[dict[str, Any]]:
        log = self._stage.quiet()
        faults = [fault for entry in log for fault in entry["faults"]]
        self._report.faults += len(faults)
        self._report.sold = self._report.sold or "sell_between" in faults
        return log

    def _find(self, findings: Iterable[Finding]) -> None:
        self._report.findings.extend(findings)

    def _note(self, text: str) -> None:
        self._report.trace.append(text)
