# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what is known of one pool while a plan is converged, and what is told of it at the end."""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import Decimal

from .._core import money
from .._core.errors import Failure
from .model import Pool
from .quote import POOL, priced

Record = t.Mapping[str, t.Any]

CHANGED, UNCHANGED, PENDING, PARTIAL, FAILED = "changed", "unchanged", "pending", "partial", "failed"


@dataclasses.dataclass(frozen=True)
class Changed:
    """One fact of an owned number that changes: the link of a capability, or a setting. None is nothing."""

    number: str
    key: str
    before: t.Any
    after: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        """A change of the result."""
        return {"number": self.number, "key": self.key, "from": self.before, "to": self.after}


@dataclasses.dataclass
class State:
    """A pool: what the quote says that it has and needs and, once it was its turn, what was done.

    ``numbers`` are the number objects that count for it, those to be bought included as far as their digits are known;
    ``purchased`` are the digits of these. ``links`` and ``settings`` are of numbers that were owned before.
    """

    pool: Pool
    quote: Record | None = None
    numbers: list[Record] = dataclasses.field(default_factory=list)
    purchased: list[str] = dataclasses.field(default_factory=list)
    orders: list[Record] = dataclasses.field(default_factory=list)
    links: list[Changed] = dataclasses.field(default_factory=list)
    moves: list[Changed] = dataclasses.field(default_factory=list)  # links of numbers that were linked elsewhere
    settings: list[Changed] = dataclasses.field(default_factory=list)
    owned: int = 0  # how many of its numbers it had before
    spent: Record | None = None  # the quote of what was bought
    is_counted: bool = False  # what it has is known, whatever stands against the rest
    is_done: bool = False  # its turn to be changed has come, whatever came of it
    changed: bool = False  # something was changed, in check mode would be
    step: str | None = None  # the one that failed
    code: str | None = None
    message: str | None = None

    # -- what is to be done --------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[Record]:
        """What is to be bought for it."""
        return list((self.quote or {}).get("lines") or ())

    @property
    def to_buy(self) -> int:
        """How many numbers are to be bought for it."""
        return sum(int(line["quantity"]) for line in self.lines)

    @property
    def waits(self) -> bool:
        """Whether it waits for orders that are on their way."""
        return bool(self.pool.options.get("wait")) and self.is_pending

    @property
    def is_pending(self) -> bool:
        """Whether an order for it is on its way."""
        return any(order["status"] in ("pending", "in_review", "needs_input") for order in self.orders)

    @property
    def wanted(self) -> int:
        """How many numbers it wants."""
        return self.pool.want.count if self.pool.want.numbers is None else len(self.pool.want.numbers)

    @property
    def names(self) -> list[str]:
        """The digits of its numbers."""
        return [str(number["number"]) for number in self.numbers]

    @property
    def moving(self) -> tuple[str, ...]:
        """The digits of the numbers that are moved to its application."""
        return tuple(dict.fromkeys(change.number for change in self.moves))

    @property
    def not_ready(self) -> int:
        """How many of its numbers are owned and cannot be used yet."""
        return sum(1 for number in self.numbers if number["number"] not in self.purchased and not _is_ready(number))

    # -- what came of it -----------------------------------------------------------------------------------------------

    def fail(self, step: str, failure: Failure) -> None:
        """Note the first failure."""
        if self.step is None:
            self.step, self.code, self.message = step, failure.code, failure.message

    @property
    def missing(self) -> int:
        """How many numbers are neither there nor, before the purchase, about to be bought."""
        unnamed = 0 if self.is_done else sum(line["quantity"] for line in self.lines if line["number"] is None)
        return self.wanted - len(self.numbers) - int(unnamed)

    @property
    def status(self) -> str:
        """One word: ``changed`` is, before its turn, what would be changed."""
        if self.step is not None:
            return FAILED
        if self.missing > 0:
            return PARTIAL if self.pool.want.allow_partial else PENDING
        if self.not_ready and not self.changed:
            return PENDING
        return CHANGED if self.changed else UNCHANGED

    @property
    def remark(self) -> str | None:
        """Why it is not as wanted: the failure, or what is missing."""
        if self.message is None and self.missing <= 0 and self.status == PENDING:
            return f"{self.not_ready} pending at the provider."
        if self.message is not None or self.missing <= 0:
            return self.message
        if self.status == PARTIAL:
            return f"{self.missing} missing{' or on order' if self.is_pending else ''}."
        return (
            f"{self.missing} on order."
            if self.is_pending
            else f"{self.missing} bought, and not in the provider's list yet."
        )

    def monthly(self) -> dict[str, tuple[Decimal | None, Decimal | None]]:
        """What it costs a month by currency, now and with what is to be bought; None where a price is unknown."""
        prices: dict[str, list[Decimal | None]] = {}
        for number in self.numbers:
            if number["number"] not in self.purchased:
                prices.setdefault(str(number["currency"] or ""), []).append(money.amount(number["monthly_price"]))
        had = {currency: money.plus(*known) for currency, known in prices.items()}
        new = {}
        if self.lines and self.step is None:
            quote = self.quote or {}
            new[str(quote["currency"] or "")] = money.amount(quote["monthly_total"])
        zero = Decimal(0)
        return {
            currency: (had.get(currency, zero), money.plus(had.get(currency, zero), new.get(currency, zero)))
            for currency in sorted({*had, *new})
        }

    def buy_failed(self, failure: Failure) -> None:
        """Note a purchase that failed, and what it bought all the same."""
        done = failure.completed
        known = {order["id"] for order in self.orders}
        self.spent = priced([order for order in done.get("orders") or () if order["id"] not in known], self.quote or {})
        self.numbers = [number for number in self.numbers if number["number"] not in self.purchased]
        bought = list(done.get("purchased") or ())
        self.purchased = [str(number["number"]) for number in bought]
        self.numbers += bought
        self.changed = failure.changed
        self.fail("buy", failure)

    # -- as others read it ---------------------------------------------------------------------------------------------

    def as_result(self) -> dict[str, t.Any]:
        """The quote as the limits of the plan judge it."""
        place = {"name": self.pool.name, "account": self.pool.account.name}
        failed = {"failed": True, "failure": {"code": self.code}, "msg": self.message} if self.step else {}
        return {POOL: place, "quote": self.quote, **failed}

    def as_dict(self) -> dict[str, t.Any]:
        """An item of the result's ``pools``: digits and changes, no records."""
        return {
            "name": self.pool.name,
            "account": self.pool.account.name,
            "provider": self.pool.account.provider,
            "status": self.status,
            "step": self.step,
            "code": self.code,
            "message": self.remark,
            "wanted": self.wanted,
            "numbers": self.names,
            "pending": self.not_ready,
            "purchased": list(self.purchased),
            "linked": [change.as_dict() for change in self.links],
            "moved": [change.as_dict() for change in self.moves],
            "configured": [change.as_dict() for change in self.settings],
            "quote": self.quote,
        }


def _is_ready(number: Record) -> bool:
    return str(number.get("status") or "active") == "active"
