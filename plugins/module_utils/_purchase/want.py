# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what a task wants to own, at which price, and on which terms."""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import Decimal

from .._core.link import Aim
from .._core.selector import Selector


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a purchase may cost: for one number a month and at set-up, and in total for this run. All in
    ``currency``.
    """

    monthly_price: Decimal | None = None
    setup_price: Decimal | None = None
    monthly_total: Decimal | None = None
    setup_total: Decimal | None = None
    due_now_total: Decimal | None = None
    currency: str | None = None

    def any(self) -> bool:
        """Whether any price is limited."""
        return any(
            getattr(self, field.name) is not None for field in dataclasses.fields(self) if field.name != "currency"
        )


@dataclasses.dataclass(frozen=True)
class Want:
    """A wanted state: these ``numbers``, or at least ``count`` numbers that match the ``selector``.

    ``offer`` narrows what is bought and never what counts; numbers in ``exclude`` never count and are never bought, and
    so many of each offer in ``exclude_offers`` are left for others.
    """

    numbers: tuple[str, ...] | None = None
    count: int = 0
    selector: Selector = Selector()
    offer: str | None = None
    application: Aim | None = None
    capability: str | None = None  # link this one only
    default_application: str | None = None
    exclude: frozenset[str] = frozenset()
    exclude_offers: t.Mapping[str, int] = dataclasses.field(default_factory=dict)
    options: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)  # the provider's own, of the purchase
    limits: Limits = Limits()
    allow_partial: bool = False
    regulatory: t.Mapping[str, str] = dataclasses.field(default_factory=dict)  # what was filed, by the provider's keys

    def links(self, linked_capabilities: t.Sequence[str]) -> tuple[str, ...]:
        """Those of the provider's *linked_capabilities* that shall be linked to the application."""
        aim = self.application
        named = [key for key in linked_capabilities if self.capability in (None, key)]
        return tuple(capability for capability in named if aim is None or aim.target(capability))


@dataclasses.dataclass(frozen=True)
class Terms:
    """How a purchase runs, beside what is wanted. *wait_timeout* is in seconds, *search_limit* in rows."""

    wait: bool = False
    wait_timeout: float = 300.0
    search_limit: int = 1000
    close_orders: tuple[str, ...] = ()
