# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a story: plays its steps on a stage, and holds check mode, run and second run against what is true."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Mapping
from typing import Any

from colleague import Race
from dying import run_until
from endings import Endings
from failures import twisted
from markets import SEED
from play import Report
from stage import CALM, SETTLE, Stage
from steps import call
from stories import LONG, PATIENCE, STEPS, Author, beginning
from troubles import Fault
from truth import State, Wish
from verdicts import differences

_WAYS = {"calm": 6.0, "slow": 1.5, "faulty": 2.5, "killed": 2.0, "meanwhile": 1.2}
_RACE, _PAIR = 0.1, 0.1  # how often a step is one of those, where it can be


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


class _Teller(Endings):
    """One telling."""

    def __init__(self, stage: Stage, story: Story) -> None:
        super().__init__(stage, story.provider, story.name)
        self._story = story
        self._standing: list[Fault] = []

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
            late = [{key: value for key, value in fault.items() if key != "match"} for fault in self._standing]
            self._note(f"lists are late: {late}")
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
        kind = chance.random()
        if kind < 0.25:
            self._somebody_else(author, chance, state, place)
            return
        race = author.colleague.race(chance, state) if kind > 1 - _RACE else None
        if race is not None:
            self._race(author, chance, race, state, place)
            return
        if author.features.pending_orders and kind < 0.25 + _PAIR and not (self._ledger.orders or self._ledger.doubt):
            self._pair(author, chance, state, place)
            return
        wish = author.wish(chance, self._ledger, state)
        slow = author.features.pending_orders and wish.buys
        ways = {way: weight for way, weight in _WAYS.items() if way != "slow" or slow}
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
        strange = twisted(self._ledger, wish, after) if wish.market else []
        turned = [name for name in self._ledger.new(before, after) if name in strange]
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
        self._die(wish, chance.choice((1, 1, 1, 2, 2, 3)) if writes else chance.randint(1, 9), after_answer, writes)
        self._converge(author, chance, wish)

    def _die(self, wish: Wish, number: int, after_answer: bool, writes: bool) -> None:
        """Run it until its request of that *number*."""
        before = self._state()
        options = {**CALM, "settle_time": self._settle, **wish.options}
        run = run_until(self._stage, wish.module, options, number, after_answer, writes)
        self._report.kills += run is None
        moment = f"{'after' if after_answer else 'before'} {'write' if writes else 'request'} {number}"
        self._note(f"   killed {moment}{'' if run is None else ', which never came'}")
        if run is not None:
            self._say("run", run)
        self._quiet()
        self._ledger.doubt |= run is None
        self._judge(wish, before, self._state(), run)

    def _meanwhile(self, author: Author, chance: random.Random, wish: Wish, place: int) -> None:
        """The colleague works on the account just while the task does."""
        before = self._state()
        did = author.colleague.change(chance, self._ledger, before, place)
        if did is None or not self._decidable(did[1]) or self._undecided_within(author, wish, before, did[1]):
            self._calm(author, chance, wish, place)
            return
        writes, reads = ("hold", "charge", "link", "unlink", "release"), ("owned", "one", "linked", "shop")
        relinks = any(row.get("applications") for row in did[1].get("alter", ()))
        # What is linked in the very moment of the call that writes the link is overwritten, and nobody could know.
        names = [name for name in (reads if relinks else (*writes, *reads)) if call(self._row, name)]
        name, skip = chance.choice(names), chance.choice((0, 0, 1))
        # An application's list shows no link to another one: nothing that is read after it would, before the call.
        name = "owned" if name == "linked" and self._links_elsewhere(wish, did[1]) else name
        self._note(f"   meanwhile, at {name} number {skip + 1}, the colleague {did[0]}")
        self._disturbed(author, chance, wish, did[1], {"match": call(self._row, name), "skip": skip})

    @staticmethod
    def _links_elsewhere(wish: Wish, change: Mapping[str, Any]) -> bool:
        """Whether the *change* links a number to another application than the task does."""
        links = {link for row in change.get("alter", ()) for link in row.get("applications", {}).values()}
        return bool(links - {None, wish.application})

    def _undecided_within(self, author: Author, wish: Wish, state: State, change: Mapping[str, Any]) -> bool:
        """Whether nobody could tell the *change* from a list that is late: it leaves, in the middle, a link as it was.

        A number that is given back may be the one that is to be bought.
        """
        links = {
            (row["number"], key): link
            for row in change.get("alter", ())
            for key, link in row.get("applications", {}).items()
        }
        back = any(state.owned[name]["applications"].get(key) == link for (name, key), link in links.items())
        return back or "release" in change and wish.buys and author.by_number

    def _race(self, author: Author, chance: random.Random, race: Race, state: State, place: int) -> None:
        """The colleague changes what the task has chosen and not yet written to."""
        self._note(f"{place}. race: {race.wish.module} {dict(race.wish.options)}")
        self._note(f"   at its first write, the colleague {race.what}")
        self._disturbed(author, chance, race.wish, race.change, {"match": race.match}, in_time=True)

    def _disturbed(
        self,
        author: Author,
        chance: random.Random,
        wish: Wish,
        change: dict[str, Any],
        when: Fault,
        in_time: bool = False,
    ) -> None:
        """Run it with the colleague's *change* in the middle, and to its end."""
        wish = dataclasses.replace(wish, options={**wish.options, "concurrency": 1})
        fault = {"kind": "meanwhile", "account": self._row.account, "change": change, "count": 1, **when}
        self._ledger.theirs.update(item["number"] for item in change.get("own", ()))
        self._in_time(change)
        before = self._state()
        self._stage.faults(*self._standing, fault)
        run = self._run(wish, "run")
        struck_it = "meanwhile" in {fault for entry in self._quiet() for fault in entry["faults"]}
        self._stage.faults(*self._standing)
        after = self._state()
        self._judge(wish, before, after, run, self._between(before, change) if struck_it else {}, in_time)
        if run.code == "unknown_outcome":
            self._ledger.doubt = True
        self._converge(author, chance, wish)

    def _pair(self, author: Author, chance: random.Random, state: State, place: int) -> None:
        """Two orders of one group: the provider takes its time with the first, and the task of the second is killed."""
        first, second = author.pair(chance, self._ledger, state)
        self._note(f"{place}. pair: {first.module} {dict(first.options)}")
        self._stage.faults(*self._standing, {"kind": "pending", "match": call(self._row, "charge"), "count": 1})
        run = self._run(first, "run, its order stays pending")
        self._stage.faults(*self._standing)
        after = self._state()
        self._judge(first, state, after, run)
        self._explain(first, state, after, run)
        self._end(first, after, run)
        if run.code is not None or self._report.findings or not after.pending:
            return
        self._note(f"   then {second.module} {dict(second.options)}")
        if chance.random() < 0.3:
            self._deliver(after.pending)
        self._die(second, 1, chance.random() < 0.7, True)
        self._converge(author, chance, second)

    # -- what else happens ---------------------------------------------------------------------------------------------

    def _somebody_else(self, author: Author, chance: random.Random, state: State, place: int) -> None:
        """The colleague does something, or the provider delivers, refuses or mends."""
        later = author.market.later
        country = author.market.where["country"]
        strange = [name for name, item in state.owned.items() if later and item["facts"].get("country") == country]
        pending = [key for key in state.pending if key in self._ledger.orders]
        if pending and chance.random() < 0.7:
            told = set(state.pending) <= set(self._orders.values())
            if chance.random() < 0.6 or not told:
                self._note(f"{place}. the provider delivers its orders")
                self._stage.change(self._row, fulfil=True)
                self._ledger.note(self._ledger.orders[pending[0]], state, self._state())
            else:
                self._reject(place)
        elif strange and chance.random() < 0.7:
            links = {name: self._whole(author, state.owned[name]) for name in strange}
            rows = [{"number": name, "data": later, "applications": links[name]} for name in strange]
            self._in_time({"alter": rows})
            self._note(f"{place}. the records of {strange} tell {later}")
            self._stage.change(self._row, alter=rows)
        else:
            did = author.colleague.change(chance, self._ledger, state, place)
            if did is not None and self._decidable(did[1]):
                self._in_time(did[1])
                self._note(f"{place}. the colleague {did[0]}")
                self._ledger.theirs.update(item["number"] for item in did[1].get("own", ()))
                self._stage.change(self._row, **did[1])

    def _between(self, before: State, change: Mapping[str, Any]) -> dict[str, Any]:
        """What the colleague's *change* made of the numbers that it touched."""
        blank = {"configuration": {}, "facts": {}}
        found: dict[str, Any] = {item["number"]: {**blank, **item} for item in change.get("own", ())}
        for number in change.get("release", ()):
            found[number] = None
        for row in change.get("alter", ()):
            item = dict(before.owned[row["number"]])
            for key, name in (("applications", "applications"), ("configuration", "configuration"), ("facts", "data")):
                given = {**item[key], **row.get(name, {})}
                item[key] = {inner: value for inner, value in given.items() if value is not None}
            found[row["number"]] = item
        return found

    def _in_time(self, change: Mapping[str, Any]) -> None:
        """From now on lists are not late with changes: of somebody else's nobody could know.

        Nor of one that sets back what a task has just written: it waits until no list can be late with that any more.
        """
        if self._ledger.sets_back(change):
            time.sleep(self._settle)
        self._standing = [fault for fault in self._standing if fault["kind"] == "lag"]
        self._stage.faults(*self._standing)

    @staticmethod
    def _whole(author: Author, item: Mapping[str, Any]) -> dict[str, str]:
        linked = next(iter(item["applications"].values()), None)
        return dict.fromkeys(("sms", "voice"), linked) if linked and author.features.links_whole else {}

    def _decidable(self, change: Mapping[str, Any]) -> bool:
        """Whether anybody could tell what the colleague did from what an open order brings.

        New numbers of a group that is on order cannot be told apart.
        """
        opened = self._ledger.doubt or bool(self._ledger.orders)
        return not (opened and "own" in change)
