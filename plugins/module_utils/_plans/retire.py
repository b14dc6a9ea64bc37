# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: give back what the retired pools of a plan have: choose it, have it approved, release it."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._core import money
from .._core.errors import Failure
from .._core.model import Number
from .._core.threads import Workers
from .._operations import links
from .._operations.ledger import identity
from .._operations.release import Releasing, check_release, releasing
from .._purchase.keeper import Keeper
from .account_run import AccountRun, Opener
from .choosing import choose
from .converge import SIDE_BY_SIDE
from .going import GONE, RELEASED, Going
from .model import Account, Plan, Pool
from .resolving import Resolver
from .state import FAILED

Note = t.Callable[[], None]  # writes down how far it is


class Retirement(AccountRun):
    """One account of a plan whose retired pools go."""

    def __init__(self, account: Account, retired: t.Sequence[Pool], present: t.Sequence[Pool], opener: Opener) -> None:
        super().__init__(account, opener)
        self._present = present
        self.states = [Going(pool) for pool in retired]

    def choose(self) -> None:
        """Read the account, and say in the states what goes."""
        self.now = "reading"
        self._together("quote", self._choose, lambda: self.states)
        self.now = ""

    def _together(self, step: str, call: t.Callable[[], None], those: t.Callable[[], t.Iterable[Going]]) -> None:
        """Do *call*; what stands against it stands against *those* pools."""
        whole = Going(self.states[0].pool)
        self._try(whole, step, call)
        for state in those() if whole.step is not None else ():
            state.fail(step, Failure(str(whole.code), str(whole.message)))

    def _choose(self) -> None:
        context = dataclasses.replace(self.opened(), check=True)
        check_release(context)
        with context.exclusive() as journal:
            keeper = Keeper(context)
            keeper.open(journal)
            keeper.read()
        resolver = Resolver(context)
        for state in self.states:
            state.pool = resolver.pool(state.pool)
        choose(self.states, [resolver.pool(pool) for pool in self._present], keeper.book)

    def release(self, note: Note) -> None:
        """Release what goes, under the lock of the account, pool by pool. What failed is noted in the states."""
        waiting = [state for state in self.states if state.numbers and state.step is None]
        names = [name for state in waiting for name in state.names]
        for state in waiting:
            state.changed = False

        def work() -> None:
            with releasing(self.opened(), names) as hands:
                while waiting:
                    state = waiting.pop(0)
                    self.now = state.pool.name
                    self._try(state, "release", functools.partial(self._release, state, hands))
                    note()

        if waiting:
            self._together("release", work, lambda: waiting)
            note()
        self.now = ""
        self.stop()

    @staticmethod
    def _release(state: Going, hands: Releasing) -> None:
        """Release the numbers of *state*. Raises Failure, ``conflict`` where one is not as it was shown."""
        wanted = [(number, hands.owned.get(number.number)) for number in state.numbers]
        changed = [was.number for was, now in wanted if now is not None and facts(now) != facts(was)]
        if changed:
            said = f"{', '.join(changed)} is not as it was shown any more: nothing of the pool is released, run again."
            raise Failure("conflict", said)
        state.outcomes.update({was.number: GONE for was, now in wanted if now is None})
        there = [now for _was, now in wanted if now is not None]
        try:
            hands.give_back(there)
        except Failure as failure:
            released = failure.completed.get("released", ())
            state.outcomes.update(dict.fromkeys((one.number for one in there), FAILED))
            state.outcomes.update(dict.fromkeys(released, RELEASED))
            raise
        state.outcomes.update(dict.fromkeys((one.number for one in there), RELEASED))
        state.changed = bool(there)


def facts(number: Number) -> dict[str, t.Any]:
    """What makes a number the one that was shown: its digits, its record, and what it is linked to."""
    return {
        "number": number.number,
        "id": number.id,
        "record": identity(number),
        "links": dict(sorted(links.kept(number).items())),
    }


@dataclasses.dataclass
class Departure:
    """What a run gave back, or would give back in check mode."""

    states: list[Going]  # in the order of the plan
    check: bool
    warnings: list[str] = dataclasses.field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was given back, or would be."""
        return any(state.changed for state in self.states)

    @property
    def failed(self) -> list[Going]:
        """The pools that failed."""
        return [state for state in self.states if state.status == FAILED]

    def saves(self) -> dict[str, str]:
        """What is not paid any more a month, by currency, as far as the prices are known."""
        sums: dict[str, list[t.Any]] = {}
        for state in self.states:
            for number in state.numbers:
                goes = state.step is None if self.check else state.outcomes.get(number.number) == RELEASED
                if goes and number.monthly_price is not None and number.currency:
                    sums.setdefault(number.currency, []).append(number.monthly_price)
        return {currency: str(money.text(money.plus(*prices))) for currency, prices in sorted(sums.items())}


class Retire:
    """One run that retires."""

    def __init__(self, plan: Plan, opener: Opener) -> None:
        self._plan = plan
        names = dict.fromkeys(pool.account.name for pool in plan.retired)
        self.works = [
            Retirement(
                plan.accounts[name],
                [pool for pool in plan.retired if pool.account.name == name],
                [pool for pool in plan.present if pool.account.name == name],
                opener,
            )
            for name in names
        ]
        self._workers = Workers(min(SIDE_BY_SIDE, max(1, len(self.works))))

    def run(self, check: bool, approve: t.Callable[[t.Sequence[Retirement]], None], note: Note) -> Departure:
        """Choose, have it approved, and unless it is a *check* release it; *note* is told before the first release, and
        after each pool. Raises Failure only from *approve* and the first *note*.
        """
        self._workers.map(Retirement.choose, self.works)
        approve(self.works)
        if not check and any(state.numbers and state.step is None for state in self.states):
            note()
            self._workers.map(lambda work: work.release(note), self.works)
        warnings = dict.fromkeys(text for work in self.works for text in work.warnings())
        return Departure(self.states, check, list(warnings))

    @property
    def states(self) -> list[Going]:
        """The retired pools, in the order of the plan."""
        known = {state.pool.name: state for work in self.works for state in work.states}
        return [known[pool.name] for pool in self._plan.retired]

    def progress(self) -> str:
        """One line: what is going on now."""
        at = ", ".join(f"{work.account.name} ({work.now})" for work in self.works if work.now)
        return f"telco.numbers: retiring {at}" if at else "telco.numbers: retiring"
