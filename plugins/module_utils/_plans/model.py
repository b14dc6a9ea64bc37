# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: a numbers plan without mistakes: its accounts, its pools, its limits."""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import Decimal

from .._contract.features import Options
from .._contract.provider import Provider
from .._journal.directory import DirectoryStore
from .._net.clock import Clock
from .._net.secrets import Secrets
from .._net.session import Settings
from .._operations.context import Context
from .._providers import load
from .._purchase.want import Want


class PlanError(Exception):
    """A plan that cannot be used; ``problems`` are its mistakes, all of them, a line each."""

    def __init__(self, problems: t.Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclasses.dataclass(frozen=True)
class Account:
    """An account of a plan: how it is called there, and the options that open it."""

    name: str
    provider: str
    options: t.Mapping[str, t.Any] = dataclasses.field(repr=False)

    @property
    def default_application(self) -> str | None:
        """The application that the account links every new number to."""
        return self.options.get("default_application") or None


@dataclasses.dataclass(frozen=True)
class Pool:
    """Numbers with one purpose in one account: what is wanted, how it is configured, and what others hold."""

    name: str
    account: Account
    retired: bool
    labels: t.Mapping[str, t.Any]
    want: Want
    configuration: t.Mapping[str, t.Any]
    options: t.Mapping[str, t.Any]  # of number_purchase, those that are given, with numbers in their normal form
    move_from: frozenset[str] = frozenset()  # applications whose numbers may be moved to the pool's
    leave_linked: frozenset[str] = frozenset()  # applications whose numbers stay where they are; ``all`` is any


class OwnedLimit(t.NamedTuple):
    """What the pools may cost a month after a run, those with one label (name and value) or all."""

    currency: str
    label: tuple[str, str] | None
    most: Decimal


@dataclasses.dataclass(frozen=True)
class Plan:
    """A plan without mistakes. ``limits`` are by currency, then by option, as decimal strings."""

    pools: tuple[Pool, ...]
    accounts: t.Mapping[str, Account]
    limits: t.Mapping[str, t.Mapping[str, str]]
    owned_limits: tuple[OwnedLimit, ...] = ()
    defined: tuple[str, ...] = ()  # the names of the accounts that the plan itself defines

    @property
    def used(self) -> tuple[str, ...]:
        """The names of the accounts that the plan defines or that a pool uses."""
        return tuple(dict.fromkeys([*(pool.account.name for pool in self.pools), *self.defined]))

    @property
    def present(self) -> tuple[Pool, ...]:
        """The pools that are wanted."""
        return tuple(pool for pool in self.pools if not pool.retired)

    @property
    def retired(self) -> tuple[Pool, ...]:
        """The pools whose numbers go."""
        return tuple(pool for pool in self.pools if pool.retired)


def offline(account: Account) -> Context:
    """A context to ask what the provider can do and what its records say; it never opens the account."""
    clock = Clock(1.0)
    provider: Provider = load(account.provider)(Options({}, None, None, Settings()), clock, Secrets())
    return Context(provider, True, clock, lambda: DirectoryStore("", lambda: "", True), 0.0)
