# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a story: plays its steps on a stage, and holds check mode, run and second run against what is true."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from typing import Any

from dying import run_until
from failures import explained, twisted
from invariants import AGAIN, UNSETTLED, Finding, open_orders
from markets import SEED
from performance import Performance
from play import Report
from stage import CALM, SETTLE, Outcome, Stage
from steps import call
from stories import LONG, PATIENCE, STEPS, Author, beginning
from troubles import Fault
from truth import State, Wish
from verdicts import differences

_WAYS = {"calm": 6.0, "slow": 1.5, "faulty": 2.5, "killed": 2.0, "meanwhile": 1.2}
_RUNS = 3  # a run that was disturbed has come to its end after so many


@dataclasses.dataclass(frozen=True)
class Story:
    """A story by its provider and seed; *without* leaves out steps, to make it shorter by hand."""

    provider: str
    seed: int
    without: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """What it is called, and how it is told again."""
        return f"{self.provider}:{self.seed}"

    def play(self, stage: Stage) -> Report:
        """Play it on a fresh account."""
        return _Teller(stage, self).tell()


class _Teller(Performance):
    """One telling."""

    def __init__(self, stage: Stage, story: Story) -> None:
        super().__init__(stage, story.provider, story.name)
        self._story = story
        self._standing: list[Fault] = []
        self._orders: dict[str, Wish] = {}  # the journal's ids of orders that were said to be pending

    def tell(self) -> Report:
        stage, chance = self._stage, random.Random(self._story.seed)
        stage.begin(self._row, seed=SEED)
        author = Author(self._row, chance)
        stage.change(self._row, own=beginning(author, chance))
        self._ledger.seen.update(self._state().owned)
        if chance.random() < 0.3:
            self._standing = author.lag(chance)
            self._ledger.lag = True
            self._settle = LONG if "lag_changes" in {fault["kind"] for fault in self._standing} else SETTLE
            self._note(
                "lists are late: "
                f"{[{key: value for key, value in fault.items() if key != 'match'} for fault in self._standing]}"
            )
        stage.faults(*self._standing)
        stage.quiet()
        for place in range(1, chance.randint(*STEPS) + 1):
            if place not in self._story.without:
                self._step(author, random.Random(f"{self._story.seed}/{place}"), place)
            if self._report.findings:
                break  # what comes after a violation is mostly its consequence
        return self._report

    def _step(self, author: Author, chance: random.Random, place: int) -> None:
        state = self._state()
        if chance.random() < 0.25:
            self._somebody_else(author, chance, state, place)
            return
        wish = author.wish(chance, self._ledger, state)
        ways = {
            way: weight
            for way, weight in _WAYS.items()
            if way != "slow" or author.features.pending_orders and wish.buys
        }
        way = chance.choices(list(ways), list(ways.values()))[0]
        self._note(f"{place}. {way}: {wish.module} {dict(wish.options)}")
        getattr(self, f"_{way}")(author, chance, wish, place)

    # -- ways of a task ------------------------------------------------------------------------------------------------

    def _calm(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """Nothing disturbs it: check mode, the run, and the run once more."""
        before = self._state()
        check = self._checked(wish, before)
        run = self._run(wish, "run")
        after = self._state()
        self._judge(wish, before, after, run)
        turned = [
            name
            for name in self._ledger.new(before, after)
            if wish.market and name in twisted(self._ledger, wish, after)
        ]
        slow = wish.waits and run.seconds > PATIENCE - 0.1
        if not (check.crash or run.crash or turned or slow or self._ledger.lag or self._ledger.doubt or before.pending):
            self._find(differences(wish, author.by_number, check, run))
        self._explain(wish, before, after, run)
        self._end(wish, after, run)
        self._once_more(wish, run)

    def _slow(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """The provider takes its time with the order."""
        reads = chance.choice(({}, {"fulfil_after_reads": 2}, {"fulfil_after_reads": 3}))
        fault = {"kind": "pending", **reads, "match": call(self._row, "charge"), "count": 1}
        self._stage.faults(*self._standing, fault)
        before = self._state()
        run = self._run(wish, f"run, an order stays pending {reads or ''}")
        self._stage.faults(*self._standing)
        after = self._state()
        self._judge(wish, before, after, run)
        self._explain(wish, before, after, run)
        self._end(wish, after, run)
        self._once_more(wish, run)

    def _faulty(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """Answers are lost or lie."""
        before = self._state()
        self._checked(wish, before)
        troubles = list(author.troubles(chance, wish))
        self._note("   " + "; ".join(f"{what} {self._times(fault)}" for what, fault in troubles))
        self._stage.faults(*self._standing, *(fault for _what, fault in troubles))
        run = self._run(wish, "run under faults")
        self._ledger.doubt |= any(entry["mutating"] and entry["faults"] for entry in self._quiet())
        self._stage.faults(*self._standing)
        after = self._state()
        self._judge(wish, before, after, run)
        self._converge(author, chance, wish)

    @staticmethod
    def _times(fault: Fault) -> str:
        return f"(after {fault['skip']}, {fault.get('count', 'always')})"

    def _killed(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """It is killed at one of its requests."""
        before = self._state()
        self._checked(wish, before)
        writes, after_answer = chance.random() < 0.7, chance.random() < 0.6
        number = chance.choice((1, 1, 1, 2, 2, 3)) if writes else chance.randint(1, 9)
        run = run_until(
            self._stage,
            wish.module,
            {**CALM, "settle_time": self._settle, **wish.options},
            number,
            after_answer,
            writes,
        )
        self._report.kills += run is None
        self._note(
            f"   killed {'after' if after_answer else 'before'} {'write' if writes else 'request'} "
            f"{number}{'' if run is None else ', which never came'}"
        )
        if run is not None:
            self._say("run", run)
        self._quiet()
        after = self._state()
        self._ledger.doubt |= run is None
        self._judge(wish, before, after, run)
        self._converge(author, chance, wish)

    def _meanwhile(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """The colleague works on the account just while the task does."""
        before = self._state()
        did = author.change(chance, self._ledger, before, place)
        names = [
            name
            for name in ("hold", "charge", "link", "unlink", "owned", "one", "linked", "release", "shop")
            if call(self._row, name)
        ]
        if (
            did is None or not self._decidable(did[1]) or "release" in did[1] and wish.buys and author.by_number
        ):  # it may buy just that one
            self._calm(author, chance, wish, place)
            return
        name = chance.choice(names)
        skip = chance.choice((0, 0, 1))
        self._note(f"   meanwhile, at {name} number {skip + 1}, the colleague {did[0]}")
        fault = {
            "kind": "meanwhile",
            "account": self._row.account,
            "change": did[1],
            "match": call(self._row, name),
            "skip": skip,
            "count": 1,
        }
        self._ledger.theirs.update(item["number"] for item in did[1].get("own", ()))
        self._in_time()
        self._stage.faults(*self._standing, fault)
        run = self._run(wish, "run")
        struck_it = "meanwhile" in {fault for entry in self._quiet() for fault in entry["faults"]}
        self._stage.faults(*self._standing)
        after = self._state()
        self._judge(wish, before, after, run, self._between(before, did[1]) if struck_it else {})
        if run.code == "unknown_outcome":
            self._ledger.doubt = True
        self._converge(author, chance, wish)

    # -- what else happens ---------------------------------------------------------------------------------------------

    def _somebody_else(self, author: Author, chance: random.Random, state: State, place: int) -> None:
        """The colleague does something, or the provider delivers, refuses or mends."""
        later = [market for market in (author.market,) if market.later]
        strange = [
            name
            for name, item in state.owned.items()
            if later and item["facts"].get("country") == later[0].where["country"]
        ]
        if state.pending and chance.random() < 0.7:
            if chance.random() < 0.6:
                self._note(f"{place}. the provider delivers its orders")
                self._stage.change(self._row, fulfil=True)
                self._ledger.note(next(iter(self._ledger.orders.values())), state, self._state())
            else:
                self._reject(place)
        elif strange and chance.random() < 0.7:
            self._in_time()
            self._note(f"{place}. the records of {strange} tell {later[0].later}")
            self._stage.change(
                self._row,
                alter=[
                    {"number": name, "data": later[0].later, "applications": self._whole(author, state.owned[name])}
                    for name in strange
                ],
            )
        else:
            did = author.change(chance, self._ledger, state, place)
            if did is not None and self._decidable(did[1]):
                self._in_time()
                self._note(f"{place}. the colleague {did[0]}")
                self._ledger.theirs.update(item["number"] for item in did[1].get("own", ()))
                self._stage.change(self._row, **did[1])

    def _between(self, before: State, change: Mapping[str, Any]) -> dict[str, Any]:
        """What the colleague's *change* made of the numbers that it touched."""
        found: dict[str, Any] = {
            item["number"]: {"configuration": {}, "facts": {}, **item} for item in change.get("own", ())
        }
        for number in change.get("release", ()):
            found[number] = None
        for row in change.get("alter", ()):
            item = dict(before.owned[row["number"]])
            for key, name in (("applications", "applications"), ("configuration", "configuration"), ("facts", "data")):
                item[key] = {
                    inner: value for inner, value in {**item[key], **row.get(name, {})}.items() if value is not None
                }
            found[row["number"]] = item
        return found

    def _in_time(self) -> None:
        """From now on lists are not late with changes: of somebody else's nobody could know."""
        self._standing = [fault for fault in self._standing if fault["kind"] == "lag"]
        self._stage.faults(*self._standing)

    @staticmethod
    def _whole(author: Author, item: Mapping[str, Any]) -> dict[str, str]:
        linked = next(iter(item["applications"].values()), None)
        return dict.fromkeys(("sms", "voice"), linked) if linked and author.features.links_whole else {}

    def _decidable(self, change: Mapping[str, Any]) -> bool:
        """Whether anybody could tell what the colleague did from what an open order brings: new numbers of a group that
        is on order cannot be told apart.
        """
        opened = self._ledger.doubt or bool(self._ledger.orders)
        return not (opened and "own" in change)

    def _reject(self, place: int) -> None:
        """The provider refuses its orders; the user, who was told, says so in the next run."""
        self._note(f"{place}. the provider refuses its orders, and the user closes them: {sorted(self._orders)}")
        self._stage.change(self._row, reject=True)
        wishes = list(self._ledger.orders.values())
        self._ledger.settle(closed=True)
        orders = sorted(self._orders)
        self._orders.clear()
        wish = wishes[0]
        before = self._state()
        options = {**wish.options, "close_orders": orders}
        run = self._run(dataclasses.replace(wish, options=options), "run that closes them")
        after = self._state()
        self._judge(wish, before, after, run)
        self._explain(wish, before, after, run)
        self._end(wish, after, run)

    # -- ends ----------------------------------------------------------------------------------------------------------

    def _converge(self, author: Author, chance: random.Random, wish: Wish) -> None:
        """A disturbed task is run anew until it has come to its end, which an undisturbed one would have come to at
        once.
        """
        if self._report.findings:
            return
        if chance.random() < 0.5:
            self._stage.change(self._row, fulfil=True)
        if chance.random() < 0.3:
            self._stage.change(self._row, expire_reservations=True)
        closed: list[str] = []
        before = self._state()
        for turn in range(_RUNS + 1):
            before = self._state()
            options = {**wish.options, **({"close_orders": closed} if closed else {})}
            run = self._run(dataclasses.replace(wish, options=options), f"clean run {turn + 1}")
            after = self._state()
            self._judge(wish, before, after, run)
            if run.crash or self._report.findings:
                return
            if run.code is None:
                self._end(wish, after, run)
                self._once_more(wish, run)
                return
            named = (
                [order for order in open_orders(run) if order not in closed]
                if run.code == "unknown_outcome" and self._unknowable(author)
                else []
            )
            if named:
                closed += named
                self._ledger.settle(closed=True)
            elif explained(self._ledger, wish, before, run.code):
                self._ledger.doubt = self._ledger.doubt and run.code not in (
                    "conflict",
                    "out_of_stock",
                    "price_limit",
                    "not_found",
                )
                return
        self._find([Finding(UNSETTLED, f"{_RUNS + 1} clean runs do not end: {run.result['msg']}")])

    def _unknowable(self, author: Author) -> bool:
        """Whether no reading tells what became of an order: of a group, or of a number that is neither owned nor for
        sale.
        """
        return not author.by_number or self._report.sold

    def _explain(self, wish: Wish, before: State, after: State, run: Outcome) -> None:
        """A failure of an undisturbed task has its cause in the state of the account."""
        if run.crash or run.code is None or self._report.findings:
            return
        vague = self._ledger.doubt and run.code in ("unknown_outcome", "undecidable", "inconsistent_list")
        late = self._ledger.lag and run.code in ("inconsistent_list", "unknown_outcome")
        slow = wish.waits and run.seconds > PATIENCE - 0.1  # a machine that has much to do takes as long for the rest
        if not (
            vague or late or slow or any(explained(self._ledger, wish, state, run.code) for state in (before, after))
        ):
            self._find([Finding(UNSETTLED, f"nothing explains this failure: {run.code}: {run.result['msg']}")])

    def _end(self, wish: Wish, after: State, run: Outcome) -> None:
        """Remember what a task has shown and said."""
        if run.crash or run.code is not None:
            return
        if wish.buys:
            self._ledger.seen.update(after.owned)
            self._orders.update({order["id"]: wish for order in run.result["orders"] if order["status"] == "pending"})
            for key in [key for key in self._ledger.orders if key not in after.pending]:
                del self._ledger.orders[key]
            self._ledger.settle(closed=False)

    def _once_more(self, wish: Wish, run: Outcome) -> None:
        """After a success the same task has nothing left to do."""
        if run.crash or run.code is not None or self._report.findings:
            return
        before = self._state()
        self._quiet()
        again = self._run(wish, "once more")
        writes = [f"{entry['method']} {entry['path']}" for entry in self._quiet() if entry["mutating"]]
        after = self._state()
        self._judge(wish, before, after, again)
        moved = (
            before.pending.keys() != after.pending.keys()
        )  # an order came in between: there may be something to link
        if not moved and (again.code is not None or writes or again.result.get("changed")):
            self._find(
                [
                    Finding(
                        AGAIN,
                        f"{again.code or 'success'}, changed: {again.result.get('changed')}, writes: {writes} "
                        f"{again.result.get('msg', '')}",
                    )
                ]
            )
