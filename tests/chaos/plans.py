# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole plans over accounts of several providers: killed, run again, and held against their own quote."""

from __future__ import annotations

import dataclasses
import importlib
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from dying import run_until
from invariants import AGAIN, CHECKED, DOUBLE, FOREIGN, OVERSPENT, UNSETTLED, Finding, crashes, open_orders
from play import Report, note
from played import ROWS
from rows import Row
from runner import MODULES, Runner
from stage import CALM, SEED, Outcome, Stage
from steps import STEPS, call
from stories import LONG

_MOST_RUNS = 4  # clean ones: after each the user closes the orders that it names


class PlanRunner:
    """Runs the modules of a plan, whose accounts are called like their providers."""

    def __init__(self, stage: Stage, rows: list[Row]) -> None:
        common = stage.runner.common
        self.common = {"journal": common["journal"]}
        self.runners = {row.provider: Runner(stage.url, row, Path(common["journal"]).parent) for row in rows}
        for runner in self.runners.values():
            runner.common.update(CALM)

    def __call__(self, module: str, *, check: bool, env: Mapping[str, str], **options: Any) -> dict[str, Any]:
        accounts = {name: runner.common for name, runner in self.runners.items()}
        raw = {"accounts": accounts, **options}
        task = importlib.import_module(f"{MODULES}.{module}").TASK
        checked = ArgumentSpecValidator(task.argument_spec).validate(raw)
        assert not checked.error_messages, checked.error_messages
        found: dict[str, Any] = task.execute(checked.validated_parameters, raw, dict(env), check, True, Secrets())
        return found


@dataclasses.dataclass(frozen=True)
class PlanStory:
    """A plan by its seed."""

    seed: int
    provider: str = "plans"

    @property
    def name(self) -> str:
        """What it is called, and how it is told again."""
        return f"{self.provider}:{self.seed}"

    def play(self, stage: Stage) -> Report:
        """Play it on fresh accounts."""
        return _Telling(stage, self).tell()


class _Telling:
    """One telling."""

    def __init__(self, stage: Stage, story: PlanStory) -> None:
        self._stage = stage
        self._chance = random.Random(story.seed)
        self._report = Report(story.name, story.provider, kind="story")
        self._rows = self._chance.sample(ROWS, self._chance.randint(2, 3))

    def tell(self) -> Report:
        stage, chance = self._stage, self._chance
        stage.begin(self._rows[0], seed=SEED)
        stage.runner = PlanRunner(stage, self._rows)  # type: ignore[assignment]
        for row in self._rows:
            begins = [
                name for name in ("buy", "buy more", "assign") if STEPS[name].offered(row, load(row.provider).features)
            ]
            stage.change(row, own=STEPS[chance.choice(begins)].own(row))
        if chance.random() < 0.4:
            self._late()
        options: dict[str, Any] = {"plan": [pool for row in self._rows for pool in self._pools(row)]}
        before = self._states()
        check = self._run("check", options, check=True)
        if self._wrote():
            self._find(CHECKED, "the check sent a request that changes something")
        if check.crash or check.code is not None:
            return self._report
        wanted = {pool["name"]: _quantity(pool) for pool in check.result["pools"]}
        if chance.random() < 0.5:
            options["checksum"] = check.result["checksum"]
        for time in range(chance.randint(1, 2)):
            if time and "checksum" not in options:
                self._expire()  # a run that approves nothing may pay more than an earlier one was quoted
            self._kill(options)
            self._bounded(check, before)
        self._settle(options)
        if not self._report.findings:
            self._compare(check, wanted, before)
        return self._report

    def _late(self) -> None:
        """Lists show what was bought late, and within the settle time: after the next run, on a busy machine, too."""
        self._report.trace.append("lists are late")
        for runner in self._stage.runner.runners.values():  # type: ignore[attr-defined]
            runner.common["settle_time"] = LONG
        matches = [call(row, "owned") for row in self._rows]
        self._stage.faults(*({"kind": "lag", "seconds": 0.6 * LONG, "match": match} for match in matches))

    def _pools(self, row: Row) -> Iterator[dict[str, Any]]:
        """One or two pools of an account, told apart by their applications."""
        chance = self._chance
        applications = [row.application, row.other_application] if row.application else [None]
        for application in chance.sample(applications, chance.randint(1, len(applications))):
            found: dict[str, Any] = {
                "name": f"{row.provider} {application}",
                "account": row.provider,
                **row.where,
                "count": chance.randint(1, 3),
            }
            if application is not None:
                found.update(application=application, leave_linked=["all"])
            if row.plain_settings and chance.random() < 0.4:
                found["configuration"] = dict(row.plain_settings)
            yield found

    # -- what is done --------------------------------------------------------------------------------------------------

    def _run(self, when: str, options: Mapping[str, Any], check: bool = False) -> Outcome:
        outcome = self._stage.run("numbers_plan", options, check=check)
        note(self._report, when, outcome)
        self._report.findings.extend(crashes(outcome))
        return outcome

    def _kill(self, options: Mapping[str, Any]) -> None:
        writes, after = self._chance.random() < 0.7, self._chance.random() < 0.6
        place = self._chance.randint(1, 6 if writes else 20)
        outcome = run_until(self._stage, "numbers_plan", options, place, after, writes)
        self._report.kills += outcome is None
        moment = f"{'after' if after else 'before'} {'write' if writes else 'request'} {place}"
        self._report.trace.append(f"killed {moment}{'' if outcome is None else ', which never came'}")
        self._stage.quiet()

    def _settle(self, options: dict[str, Any]) -> None:
        """Run it without a disturbance until it ends well. The user closes the orders of which nobody can tell.

        What a killed run has reserved has expired by then, else it might be dearer to buy the same.
        """
        for row in self._rows:
            self._stage.change(row, fulfil=True)
        self._expire()
        closed: list[str] = []
        for _time in range(_MOST_RUNS):
            outcome = self._run("clean run", options)
            if outcome.crash:
                return
            if outcome.code is None:
                break
            named = open_orders(outcome)
            if outcome.code == "quote_changed" and closed:
                # While nobody could tell, another pool of the account took the cheaper offers: the user approves anew.
                options.pop("checksum")
                continue
            if not named:
                self._find(UNSETTLED, f"a clean run fails: {outcome.result['msg']}")
                return
            self._close(named)
            closed += named
        else:
            self._find(UNSETTLED, f"no clean run ends well: {self._report.trace[-1]}")
            return
        self._stage.quiet()
        again = self._run("once more", {"plan": options["plan"]})
        if not again.crash and (again.code is not None or again.result["changed"] or self._wrote()):
            self._find(AGAIN, f"a further run changes something: {self._report.trace[-1]}")

    def _expire(self) -> None:
        """Give back to the catalogue what killed runs have reserved."""
        for row in self._rows:
            self._stage.change(row, expire_reservations=True)

    def _close(self, orders: list[str]) -> None:
        """The user looks at the accounts, and says that the orders are settled."""
        for runner in self._stage.runner.runners.values():  # type: ignore[attr-defined]
            runner("number_purchase", numbers=[], close_orders=orders)

    # -- what must be true ---------------------------------------------------------------------------------------------

    def _states(self) -> dict[str, dict[str, Any]]:
        return {row.provider: self._stage.state(row) for row in self._rows}

    def _wrote(self) -> bool:
        return any(entry["mutating"] for entry in self._stage.quiet())

    def _find(self, kind: str, text: str) -> None:
        self._report.findings.append(Finding(kind, text))

    def _bounded(self, check: Outcome, before: Mapping[str, Any]) -> None:
        """Whatever was killed: no account has bought more than its quote says."""
        most: Counter[str] = Counter()
        for pool in check.result["pools"]:
            most[pool["account"]] += _quantity(pool)
        for name, state in self._states().items():
            bought = len(_numbers(state)) - len(_numbers(before[name]))
            if bought > most[name]:
                self._find(DOUBLE, f"{name} has {bought} new numbers where {most[name]} were quoted")

    def _compare(self, check: Outcome, wanted: Mapping[str, int], before: Mapping[str, Any]) -> None:
        """In the end the accounts differ from before by what the quote says, at its price, and by nothing else."""
        self._bounded(check, before)
        after = self._states()
        for row in self._rows:
            pools = [pool for pool in check.result["pools"] if pool["account"] == row.provider]
            had, has = _numbers(before[row.provider]), _numbers(after[row.provider])
            if len(has) - len(had) != sum(wanted[pool["name"]] for pool in pools) or not had.keys() <= has.keys():
                self._find(UNSETTLED, f"{row.provider} had {sorted(had)} and has {sorted(has)}, quoted was {wanted}")
            touched = {change["number"] for pool in pools for change in (*pool["linked"], *pool["configured"])}
            for name in sorted(set(had) - touched):
                if _settled(had[name]) != _settled(has.get(name, {})):
                    self._find(FOREIGN, f"{name} was {_settled(had[name])} and is {_settled(has.get(name, {}))}")
            paid = Decimal(after[row.provider]["spent"]["monthly"]) - Decimal(before[row.provider]["spent"]["monthly"])
            quoted = [Decimal(pool["quote"]["monthly_total"] or 0) for pool in pools if pool["quote"]]
            if paid > sum(quoted, Decimal(0)):
                self._find(OVERSPENT, f"{row.provider} has spent {paid} a month where {quoted} were quoted")


def _quantity(pool: Mapping[str, Any]) -> int:
    return sum(int(line["quantity"]) for line in (pool["quote"] or {}).get("lines", ()))


def _numbers(state: Mapping[str, Any]) -> dict[str, Any]:
    return {item["number"]: item for item in state["owned"]}


def _settled(item: Mapping[str, Any]) -> tuple[Any, Any]:
    return item.get("applications"), item.get("configuration")


def plans(count: int, seed: int) -> list[PlanStory]:
    """So many plans."""
    chance = random.Random(f"plans {seed}")
    return [PlanStory(chance.randrange(1 << 31)) for _place in range(count)]
