# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: a provider of which each thing is read once, for all pools of an account that are quoted."""

from __future__ import annotations

import threading
import typing as t

from .._contract.exchange import Search
from .._contract.provider import Provider
from .._contract.rows import Listed
from .._core.errors import Failure
from .._core.model import Application, Number, Offer
from .._core.selector import Selector


class Reading:
    """Stands for a provider while pools are quoted: equal readings are sent once. It changes nothing.

    An operation that asks again for the list waits for something to show there: it gets a new one, and so do those
    after it.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._lock = threading.RLock()  # an operation may look up several numbers side by side
        self._listed: Listed | None = None
        self._failure: Failure | None = None  # of the list: one that cannot be read is not asked for again
        self._is_used = False  # by the operation that goes on
        self._searches: dict[t.Hashable, Search] = {}
        self._offers: dict[str, Offer | None] = {}
        self._checked: set[str] = set()
        self._applications: dict[tuple[str | None, str | None], t.Sequence[Application]] = {}

    def __getattr__(self, name: str) -> t.Any:
        """Whatever is not kept here: what the provider declares, and its judgement of records."""
        return getattr(self._provider, name)

    def begin(self) -> None:
        """Begin an operation, for which the list that was read last is good."""
        self._is_used = False

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        """The owned numbers. One pass is enough for a quote: whatever buys reads the list again."""
        if filters:
            return self._provider.owned(filters, steady)
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._listed is None or self._is_used:
                try:
                    self._listed = self._provider.owned()
                except Failure as failure:
                    self._failure = failure
                    raise
            self._is_used = True
            return self._listed

    @property
    def listed(self) -> Listed | None:
        """The list that was read last, None where none could be."""
        return self._listed

    def find(self, number: str) -> Number | None:
        """The owned *number*, from the list."""
        listed = self._listed
        return (self.owned() if listed is None else listed).get(number)

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        """The offers that match."""
        key = (selector, tuple(sorted(filters.items())), limit)
        with self._lock:
            if key not in self._searches:
                self._searches[key] = self._provider.search(selector, filters, limit)
            return self._searches[key]

    def lookup(self, number: str) -> Offer | None:
        """The offer of exactly *number*. Several may be looked up side by side."""
        if number not in self._offers:
            self._offers[number] = self._provider.lookup(number)
        return self._offers[number]

    def applications(self, name: str | None = None, kind: str | None = None) -> t.Sequence[Application]:
        """The applications of a name and kind."""
        if (name, kind) not in self._applications:
            self._applications[name, kind] = self._provider.applications(name, kind)
        return self._applications[name, kind]

    def check_application(self, application: str) -> None:
        """Raise Failure ``not_found`` for an unknown application."""
        if application not in self._checked:
            self._provider.check_application(application)
            self._checked.add(application)
