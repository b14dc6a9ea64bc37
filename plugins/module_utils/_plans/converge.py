# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: converge a numbers plan: quote every pool, check the limits over all accounts, then change the accounts.

Converging buys, links and configures. It never releases.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.threads import Workers
from . import owned_limits
from .account import AccountWork
from .account_run import Opener
from .model import Plan
from .quote import over, totals, unbounded
from .state import FAILED, State

SIDE_BY_SIDE = 8  # accounts
_PART = (
    "The limits span accounts that this run leaves out, like {names}: run over all of them, or give the run the "
    "checksum of a quote of the whole plan."
)


@dataclasses.dataclass
class Outcome:
    """What a run did, or would do in check mode."""

    states: list[State]  # in the order of the plan
    over: list[str]  # a line for each limit that is not kept, because of which nothing was bought
    check: bool
    warnings: list[str] = dataclasses.field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was changed, or would be."""
        return any(state.changed for state in self.states)

    @property
    def failed(self) -> list[State]:
        """The pools that failed."""
        return [state for state in self.states if state.status == FAILED]

    def unbounded(self) -> list[str]:
        """A line for each pool whose quote bounds nothing, because a price or its currency is unknown."""
        return unbounded(state.as_result() for state in self.states if state.step is None)

    def totals(self) -> dict[str, dict[str, str | None]]:
        """What was bought, in check mode what would be, by currency."""
        if self.check:
            return totals(state.quote for state in self.states if state.step is None)
        return totals(state.spent for state in self.states)


class Converge:
    """One run over a plan."""

    def __init__(self, plan: Plan, opener: Opener) -> None:
        self._plan = plan
        names = dict.fromkeys(pool.account.name for pool in plan.present)
        self._works = [
            AccountWork(
                plan.accounts[name],
                [pool for pool in plan.present if pool.account.name == name],
                [pool for pool in plan.retired if pool.account.name == name],
                opener,
            )
            for name in names
        ]
        self._workers = Workers(min(SIDE_BY_SIDE, max(1, len(self._works))))
        self._phase = "read"
        self._done = 0

    def run(
        self,
        check: bool,
        approve: t.Callable[[t.Sequence[AccountWork]], None] = lambda works: None,
        part: t.Sequence[str] = (),
    ) -> Outcome:
        """Quote, have the quotes approved, and unless it is a *check* change what they say. Nothing is bought where the
        limits span the accounts *part*, too, which are left out. Raises nothing for what fails: see the states.
        """
        self._workers.map(AccountWork.quote, self._works)
        self._share_offers()
        broken = over([state.as_result() for state in self._states()], self._plan.limits)
        if part and any(state.lines and state.step is None for state in self._states()):
            broken.insert(0, _PART.format(names=", ".join(part[:5])))
        if broken:
            self._refuse(broken)
        stopped, passed = owned_limits.keep(self._plan.owned_limits, self._states())
        broken += stopped
        approve(self._works)
        self._phase = "change"
        if not check:
            self._workers.map(lambda work: work.work(self._count), self._works)
        warnings = dict.fromkeys(text for work in self._works for text in work.warnings())
        return Outcome(self._states(), broken, check, [*warnings, *passed])

    def _states(self) -> list[State]:
        """The pools, in the order of the plan."""
        known = {state.pool.name: state for work in self._works for state in work.states}
        return [known[pool.name] for pool in self._plan.present]

    def _share_offers(self) -> None:
        """Quote anew, in the order of the plan, the accounts that were quoted the same offers: they buy from one stock.

        What was read is not read again.
        """
        taken: dict[tuple[t.Any, ...], dict[str, int]] = {}
        for work in self._works:
            place = (work.account.provider, work.account.options.get("api_url"))
            before = taken.setdefault(place, {})
            if any(line["offer"] in before for state in work.states for line in state.lines):
                work.quote(before)
            for state in work.states:
                for line in state.lines if state.step is None else ():
                    before[line["offer"]] = before.get(line["offer"], 0) + int(line["quantity"])

    def _refuse(self, broken: t.Sequence[str]) -> None:
        """Let nothing be bought. What is owned is linked and configured all the same."""
        for state in self._states():
            if state.lines and state.step is None:
                state.fail("limit", Failure("price_limit", f"Nothing was bought: {broken[0]}"))

    # -- for who watches -----------------------------------------------------------------------------------------------

    def _count(self, _state: State) -> None:
        self._done += 1

    def progress(self) -> str:
        """One line: what is going on now."""
        at = ", ".join(f"{work.account.name} ({work.now})" for work in self._works if work.now)
        what = "reading and quoting" if self._phase == "read" else f"{self._done} pools changed, now"
        return f"telco.numbers: {what} {at}" if at else f"telco.numbers: {what}"
