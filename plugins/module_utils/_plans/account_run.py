# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: one account of a plan while it is worked on: its clock, and what fails for a pool and stops no other one."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._net.clock import Clock
from .._operations.context import Context
from .model import Account

_OVER = "The deadline of the account {name} ({seconds:g} s) ended this: run again, a second run goes on."


class AccountClock(Clock):
    """The time of one account, of which the wait for an order is a part."""

    def __init__(self, deadline: float) -> None:
        """Start the clock; *deadline* is in seconds from now."""
        super().__init__(deadline)
        self.deadline = deadline
        self._last = self._ends

    def extend(self, seconds: float) -> None:
        """Let what is going on take *seconds* from now, and never longer than the account has."""
        self._ends = min(self._last, self.now() + seconds)

    def left(self) -> float:
        """Seconds that the account has left, zero when its deadline has passed."""
        return max(0.0, self._last - self.now())

    def restore(self) -> None:
        """Give what comes next the whole rest of the account's time."""
        self._ends = self._last


Opener = t.Callable[[Account], Context]  # opens an account, to change it; its clock is an AccountClock


class Failing(t.Protocol):
    """What is known of a pool, and can note that it failed."""

    changed: bool

    def fail(self, step: str, failure: Failure) -> None:
        """Note the first failure."""


class AccountRun:
    """The account, opened once, and the pools in it one after the other."""

    def __init__(self, account: Account, opener: Opener) -> None:
        self.account = account
        self._opener = opener
        self._context: Context | None = None
        self.now = ""  # the pool that is worked on, for who watches

    def opened(self) -> Context:
        """The account, to be changed. Raises Failure for what is missing to open it."""
        if self._context is None:
            self._context = self._opener(self.account)
        return self._context

    def stop(self) -> None:
        """Let a thread that an interruption leaves behind send nothing more."""
        if self._context is not None:
            self._context.clock.extend(0)

    def _try(self, state: Failing, step: str, call: t.Callable[[], None]) -> None:
        """Do *call* for *state* and note what stands against it: a pool that fails stops no other one."""
        try:
            if self._is_over():
                raise Failure("deadline_exceeded", "It was not its turn yet.")
            call()
        except Failure as failure:
            self._failed(state, step, self._late(failure) if self._is_over() else failure)
        except Exception as error:  # a mistake in this collection is no reason to leave the other pools alone
            said = f"{type(error).__name__}: {error}. This is a mistake in the collection: please report it."
            self._failed(state, step, Failure("provider_error", said))
        finally:
            clock = self._clock()
            if clock is not None:
                clock.restore()

    def _failed(self, state: t.Any, step: str, failure: Failure) -> None:
        """Note the *failure* of a step, and that it changed something all the same."""
        state.changed = state.changed or failure.changed
        state.fail(step, failure)

    def _clock(self) -> AccountClock | None:
        clock = self._context.clock if self._context is not None else None
        return clock if isinstance(clock, AccountClock) else None

    def _is_over(self) -> bool:
        """Whether the account's own deadline has passed, and not only the wait for an order."""
        clock = self._clock()
        return clock is not None and clock.left() <= 0

    def _late(self, failure: Failure) -> Failure:
        """*failure*, which the deadline of the account ended, with what to do."""
        clock = self._clock()
        over = _OVER.format(name=self.account.name, seconds=clock.deadline if clock else 0)
        failure.args = (f"{over} {failure.message}",)
        return failure

    def warnings(self) -> list[str]:
        """What was remarked while the account was worked on."""
        if self._context is None:
            return []
        return [*self._context.warnings, *self._context.provider.remarks.lines()]
