# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task of a story comes to its end, and the user who looks at the account when a message says so."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Collection, Iterable

from failures import explained
from invariants import AGAIN, UNSETTLED, Finding, open_orders
from performance import Performance
from stage import Outcome, Stage
from stories import PATIENCE, Author
from truth import State, Wish

_DECIDED = ("conflict", "out_of_stock", "price_limit", "not_found")  # they leave no order in doubt
_RUNS = 3  # a run that was disturbed has come to its end after so many


class Endings(Performance):
    """Runs a task anew until it ends, and asks what explains an end that is a failure."""

    def __init__(self, stage: Stage, provider: str, name: str) -> None:
        super().__init__(stage, provider, name)
        self._orders: dict[str, str] = {}  # the journal's id of an order that a task called pending → the provider's

    def _run(self, wish: Wish, when: str, check: bool = False) -> Outcome:
        run = super()._run(wish, when, check)
        if wish.buys and not check and not run.crash:
            self._learn(run)
        return run

    def _learn(self, run: Outcome) -> None:
        """Note which orders a task called pending, be it in its failure: the user reads the result."""
        said = run.result["failure"]["completed"] if run.code else run.result
        for order in said.get("orders", ()):
            if order["status"] != "pending" or order["id"] in self._orders:
                continue
            what = (order["lines"][0]["offer"], order["quantity"])
            orders = {key: one for key, one in self._state().orders.items() if key not in self._orders.values()}
            fitting = [key for key, one in orders.items() if (one["group"], one["quantity"]) == what]
            fitting.sort(key=lambda key: key in self._ledger.orders)  # the new one, if there is one
            if fitting:
                self._orders[order["id"]] = fitting[0]

    def _close(self, orders: Collection[str]) -> None:
        """The user has closed these *orders* of the journal."""
        self._ledger.vague |= any(order not in self._orders for order in orders)
        self._ledger.settle([self._orders[order] for order in orders if order in self._orders])

    # -- after a disturbance -------------------------------------------------------------------------------------------

    def _converge(self, author: Author, chance: random.Random, wish: Wish) -> None:
        """A disturbed task is run anew until it has ended as an undisturbed one would have at once."""
        if self._report.findings:
            return
        if chance.random() < 0.5:
            self._stage.change(self._row, fulfil=True)
        if chance.random() < 0.3:
            self._stage.change(self._row, expire_reservations=True)
        closed: list[str] = []
        turn, last = 0, _RUNS
        while True:
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
            if self._look(author, run, closed):
                last = turn + _RUNS
            elif self._follows(wish, (before, after), run):
                self._ledger.doubt = self._ledger.doubt and run.code not in _DECIDED
                return
            if turn == last:
                break
            turn += 1
        self._find([Finding(UNSETTLED, f"{turn + 1} clean runs do not end: {run.result['msg']}")])

    def _look(self, author: Author, run: Outcome, closed: list[str]) -> bool:
        """Do as a message says that asks to look at the account: add to *closed* the orders that are settled in truth.

        The user waits for those that are not. Return whether there was anything to do.
        """
        if run.code not in ("unknown_outcome", "undecidable") or author.by_number and not self._report.sold:
            return False
        pending = self._state().pending
        told = run.result["msg"]
        named = [order for order in open_orders(run) if order not in closed]
        mentioned = [order for order in self._orders if order in told and order not in (*named, *closed)]
        untold = sorted(set(pending) - set(self._orders.values()))
        settled = [order for order in (*named, *mentioned) if self._orders.get(order) not in pending]
        if named and untold:
            self._deliver(untold)
            return True
        if settled:
            closed += settled
            self._close(settled)
            self._note(f"   the user looks: {', '.join(settled)} are settled")
            return True
        if named:
            self._deliver(sorted(self._orders[order] for order in named))
        return bool(named)

    def _deliver(self, orders: Iterable[str]) -> None:
        """The user waits until the provider has delivered these *orders*."""
        for order in orders:
            self._note(f"   the provider delivers {order}")
            self._stage.change(self._row, fulfil=order)

    def _reject(self, place: int) -> None:
        """The provider refuses its orders; the user, who was told of each, says so in the next run."""
        pending = self._state().pending
        closed = sorted(order for order, key in self._orders.items() if key in pending)
        self._note(f"{place}. the provider refuses its orders, and the user closes them: {closed}")
        wish = next(wish for key, wish in self._ledger.orders.items() if key in pending)
        self._stage.change(self._row, reject=True)
        self._close(closed)
        before = self._state()
        options = {**wish.options, "close_orders": closed}
        run = self._run(dataclasses.replace(wish, options=options), "run that closes them")
        after = self._state()
        self._judge(wish, before, after, run)
        self._explain(wish, before, after, run)
        self._end(wish, after, run)

    # -- what explains an end ------------------------------------------------------------------------------------------

    def _follows(self, wish: Wish, states: Iterable[State], run: Outcome) -> bool:
        """Whether a failure follows from the account as it was, or from the time that the task was given."""
        spent = wish.waits and run.seconds > PATIENCE - 0.1  # a machine that has much to do takes as long for the rest
        return spent or any(explained(self._ledger, wish, state, str(run.code)) for state in states)

    def _explain(self, wish: Wish, before: State, after: State, run: Outcome) -> None:
        """A failure of an undisturbed task has its cause in the state of the account."""
        if run.crash or run.code is None or self._report.findings:
            return
        vague = self._ledger.doubt and run.code in ("unknown_outcome", "undecidable", "inconsistent_list")
        late = self._ledger.lag and run.code in ("inconsistent_list", "unknown_outcome")
        if not (vague or late or self._follows(wish, (before, after), run)):
            self._find([Finding(UNSETTLED, f"nothing explains this failure: {run.code}: {run.result['msg']}")])

    def _end(self, wish: Wish, after: State, run: Outcome) -> None:
        """Remember what a task has shown."""
        if run.crash or run.code is not None:
            return
        if wish.buys:
            self._ledger.seen.update(after.owned)
            for key in [key for key in self._ledger.orders if key not in after.pending]:
                del self._ledger.orders[key]
            self._ledger.settle()

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
            said = f"{again.code or 'success'}, changed: {again.result.get('changed')}"
            self._find([Finding(AGAIN, f"{said}, writes: {writes} {again.result.get('msg', '')}")])
