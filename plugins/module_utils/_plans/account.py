# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: the pools of one account: quoted from one reading, then bought, linked, configured and verified.

The pools of an account are worked on one after the other; what fails for one does not stop the next one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import typing as t

from .._contract.provider import Provider
from .._core.errors import Failure
from .._core.link import Aim
from .._core.model import PENDING, Number
from .._operations import links
from .._operations.assignment import Wish, assignment
from .._operations.configuration import configuration
from .._operations.context import Context, Result, indexed
from .._purchase.purchase import purchase
from .._purchase.tally import tally
from .._purchase.want import Want
from . import records
from .account_run import AccountRun, Opener
from .changes import link_changes, priced_in, settings_changes, sides, terms, unnamed
from .claims import retires
from .elsewhere import check_left, linked_elsewhere, to_move
from .model import Account, Pool
from .reading import Reading
from .resolving import Resolver, check_distinct, is_open
from .state import State
from .within import check_bounded, within_quote


class AccountWork(AccountRun):
    """One account of a plan that is converged."""

    def __init__(self, account: Account, pools: t.Sequence[Pool], retired: t.Sequence[Pool], opener: Opener) -> None:
        super().__init__(account, opener)
        self._retired = retired
        self.states = [State(pool) for pool in pools]
        self._reading: Reading | None = None
        self._resolver: Resolver | None = None

    # -- quote ---------------------------------------------------------------------------------------------------------

    def quote(self, taken: t.Mapping[str, int] | None = None) -> None:
        """Quote every pool, each without what the earlier ones claim. Of the offers *taken* so many are left for other
        accounts. What was read once is not read again.
        """
        self.states = [State(state.pool) for state in self.states]
        numbers: set[str] = set()
        offers = dict(taken or {})
        for position, state in enumerate(self.states):
            self.now = state.pool.name
            if is_open(state.pool):
                self._try(state, "quote", functools.partial(self._resolve, state, self.states[:position]))
            if state.step is None:
                self._try(state, "quote", functools.partial(self._quote, state, numbers, offers))
            numbers.update(state.names)
            for line in state.lines if state.step is None else ():
                offers[line["offer"]] = offers.get(line["offer"], 0) + int(line["quantity"])
        self._retired = [self._known(pool) for pool in self._retired]
        for state in self.states:
            self._try(state, "quote", functools.partial(self._check_elsewhere, state))

    def _resolve(self, state: State, earlier: t.Sequence[State]) -> None:
        """Find what the pool of *state* names. Raises Failure."""
        state.pool = self._resolved(state.pool)
        check_distinct(state.pool, [other.pool for other in earlier])

    def _resolved(self, pool: Pool) -> Pool:
        context, _reading = self._checking()
        if self._resolver is None:
            self._resolver = Resolver(context)
        return self._resolver.pool(pool)

    def _known(self, pool: Pool) -> Pool:
        """A retired pool with what it names, as far as that can be found: here it only tells what is not free."""
        with contextlib.suppress(Failure):
            return self._resolved(pool) if is_open(pool) else pool
        return pool

    def _quote(self, state: State, numbers: t.AbstractSet[str], offers: t.Mapping[str, int]) -> None:
        pool = state.pool
        want = dataclasses.replace(
            pool.want, exclude=pool.want.exclude | numbers, exclude_offers={**pool.want.exclude_offers, **offers}
        )
        context, reading = self._checking()
        moved = self._to_move(context, want, pool, numbers) if pool.move_from else []
        gone = frozenset(number.number for number in moved)
        less = dataclasses.replace(want, count=want.count - len(moved), exclude=want.exclude | gone)
        if moved and not less.count:
            less = Want(numbers=())
        reading.begin()
        try:
            result = purchase(context, less, terms(pool))
        except Failure:
            self._count(state, reading, want)
            raise
        state.is_counted = True
        state.quote, state.orders = result.facts["quote"], list(result.facts["orders"])
        state.numbers = list(result.facts["numbers"])
        state.purchased = [str(number["number"]) for number in result.facts["purchased"]]
        before, after = sides(result)
        state.links = list(link_changes(before, after))
        if moved:
            reading.begin()
            done = self._assign(context, pool, [number.number for number in moved])
            state.moves = list(link_changes(done.before, done.after))
            state.numbers += done.facts["numbers"]
        check_bounded(state)
        owned = [name for name in state.names if name not in state.purchased]
        state.owned = len(owned)
        if pool.configuration and owned:
            reading.begin()
            described = {name: records.number(one) for name, one in zip(state.names, state.numbers)}
            state.settings = list(settings_changes(configuration(context, owned, pool.configuration, described)))
        state.changed = bool(state.lines or state.links or state.moves or state.settings)

    @staticmethod
    def _count(state: State, reading: Reading, want: Want) -> None:
        """Note what a pool has that cannot have the rest, where that can be told."""
        if reading.listed is None:
            return
        with contextlib.suppress(Failure):
            found = tally(want, reading.listed, want.links(reading.features.linked_capabilities), 0)
            kept = {number.number for number in found.to_link}
            state.numbers = [number.as_dict() for number in found.satisfied if number.number not in kept]
            state.owned, state.is_counted = len(state.numbers), True

    def _to_move(self, context: Context, want: Want, pool: Pool, numbers: t.AbstractSet[str]) -> list[Number]:
        """The numbers that are moved to the pool's application: as many as are missing without them, at most."""
        owned = context.provider.owned()
        linked = context.provider.features.linked_capabilities
        found = linked_elsewhere(pool, self._not_held(owned, numbers), linked)
        short = tally(want, owned, want.links(linked), 0).shortage
        return to_move(pool, found, short)

    def _check_elsewhere(self, state: State) -> None:
        """Raise Failure ``conflict`` for a pool that would buy although owned numbers that match are linked
        elsewhere.
        """
        if state.step is None and not state.lines or state.code not in (None, "out_of_stock", "price_limit"):
            return
        context, _reading = self._checking()
        others = {name for other in self.states if other is not state for name in other.names} | set(state.names)
        linked = context.provider.features.linked_capabilities
        found = linked_elsewhere(state.pool, self._not_held(context.provider.owned(), others), linked)
        try:
            check_left(state.pool, found, state.to_buy or state.wanted - state.owned)
        except Failure:
            owned = [number for number in state.numbers if number["number"] not in state.purchased]
            state.quote, state.purchased, state.numbers, state.changed = None, [], owned, False
            state.step = state.code = state.message = None
            raise

    def _not_held(self, owned: t.Iterable[Number], others: t.AbstractSet[str]) -> list[Number]:
        """The *owned* numbers that no other pool holds: *others* count for one, and retired ones go."""
        return [
            number
            for number in owned
            if number.number not in others and not any(retires(pool, number) for pool in self._retired)
        ]

    @staticmethod
    def _assign(context: Context, pool: Pool, names: t.Sequence[str]) -> Result:
        """Link the numbers *names* to what *pool* wants, wherever they are linked. Raises Failure."""
        return assignment(context, Wish(tuple(names), t.cast(Aim, pool.want.application), force=True), {})

    def _checking(self) -> tuple[Context, Reading]:
        """The account, opened to be looked at."""
        context = self.opened()
        if self._reading is None:
            self._reading = Reading(context.provider)
        reading = self._reading
        reading.begin()
        return dataclasses.replace(context, provider=t.cast(Provider, reading), check=True), reading

    # -- change --------------------------------------------------------------------------------------------------------

    def work(self, done: t.Callable[[State], None]) -> None:
        """Buy, link and configure what the quotes say, pool by pool, and verify it; *done* is told each pool."""
        numbers: set[str] = set()
        for state in self.states:
            self.now = state.pool.name
            if state.step is None and (state.changed or state.waits):
                self._change(state, numbers)
                done(state)
            state.is_done = True
            numbers.update(state.names)
        self.now = ""
        changed = [state for state in self.states if state.changed and state.step is None]
        if changed:
            self._verify(changed)
        self.stop()

    def _change(self, state: State, numbers: t.AbstractSet[str]) -> None:
        context = t.cast(Context, self._context)
        state.changed = False
        if state.moves:
            self._try(state, "move", lambda: self._move(context, state))
        if state.step is None and (state.lines or state.links or state.moves or state.waits):
            state.spent = {"lines": []}
            self._try(state, "buy", lambda: self._buy(context, state, numbers))
        if state.step is None and state.pool.configuration and state.numbers:
            self._try(state, "configure", lambda: self._configure(context, state))

    def _move(self, context: Context, state: State) -> None:
        """Move the numbers of *state*. Raises Failure, ``conflict`` where somebody linked one elsewhere meanwhile."""
        owned = indexed(context.provider.owned())
        aim = t.cast(Aim, state.pool.want.application)
        allowed = {*state.pool.move_from, state.pool.want.default_application}
        for name in state.moving:
            places = links.foreign(owned[name], aim, None) if name in owned else ("nothing that is owned",)
            if not set(places) <= allowed:
                said = f"{name} was linked to {', '.join(places)} meanwhile, and stays there: run again."
                raise Failure("conflict", said)
        done = self._assign(context, state.pool, state.moving)
        state.moves = list(link_changes(done.before, done.after))
        state.changed = done.changed

    def _buy(self, context: Context, state: State, numbers: t.AbstractSet[str]) -> None:
        """Buy and link for *state*. Raises Failure."""
        want, currency = within_quote(state, numbers)
        predicted = [name for name in state.names if name in state.purchased]
        with priced_in(context.provider, currency):
            result = purchase(context, want, terms(state.pool))
        state.numbers, state.orders = list(map(unnamed, result.facts["numbers"])), list(result.facts["orders"])
        state.purchased = [str(number["number"]) for number in result.facts["purchased"]]
        state.spent = unnamed(result.facts["quote"])
        before, after = sides(result)
        state.links = [change for change in link_changes(before, after) if change.number not in predicted]
        state.changed = state.changed or result.changed

    def _configure(self, context: Context, state: State) -> None:
        """Configure the numbers of *state*. Raises Failure."""
        described = {name: records.number(one) for name, one in zip(state.names, state.numbers)}
        result = configuration(context, state.names, state.pool.configuration, described)
        state.settings = [change for change in settings_changes(result) if change.number not in state.purchased]
        state.changed = state.changed or result.changed

    def _verify(self, states: t.Sequence[State]) -> None:
        """Read the account again, and fail the pools that it does not show as wanted."""
        self.now = "verify"
        context = t.cast(Context, self._context)
        try:
            listed = indexed(context.provider.owned())
        except Failure as failure:
            for state in states:
                state.fail("verify", Failure(failure.code, f"The account could not be read again: {failure.message}"))
            return
        linked = context.provider.features.linked_capabilities
        for state in states:
            want = state.pool.want
            wrong = [
                name
                for name in state.names
                if name not in listed
                or (want.application is not None and _is_unlinked(listed[name], want.application, want.links(linked)))
            ]
            if wrong:
                said = f"The provider's list does not show {', '.join(wrong)} as wanted yet: run again."
                state.fail("verify", Failure("inconsistent_list", said))
        self.now = ""

    def _failed(self, state: State, step: str, failure: Failure) -> None:
        if step != "buy":
            super()._failed(state, step, failure)
            return
        rises = " It may cost no more than was quoted: run again for a new quote."
        if failure.code == "price_limit":
            failure.args = (failure.message + rises,)
        state.buy_failed(failure)


def _is_unlinked(number: Number, aim: Aim, capabilities: t.Collection[str]) -> bool:
    """Whether *number* lacks a link that it could have by now."""
    return number.status != PENDING and bool(links.unlinked(number, aim, capabilities))
