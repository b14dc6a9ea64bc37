# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what is known of one retired pool: what goes, what stays and why, and what came of it."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.model import Number
from .model import Pool
from .state import CHANGED, FAILED, PENDING, UNCHANGED

RELEASED, GONE = "released", "gone"  # outcomes of a number, beside FAILED


@dataclasses.dataclass
class Going:
    """A retired pool: ``numbers`` go, ``staying`` says of others why they do not, ``orders`` are on the way for it.

    ``outcomes`` are of the numbers, once it was their turn.
    """

    pool: Pool
    numbers: list[Number] = dataclasses.field(default_factory=list)
    staying: dict[str, str] = dataclasses.field(default_factory=dict)
    orders: list[str] = dataclasses.field(default_factory=list)
    outcomes: dict[str, str] = dataclasses.field(default_factory=dict)
    changed: bool = False  # something was released, in check mode would be
    step: str | None = None  # the one that failed
    code: str | None = None
    message: str | None = None

    def fail(self, step: str, failure: Failure) -> None:
        """Note the first failure."""
        if self.step is None:
            self.step, self.code, self.message = step, failure.code, failure.message

    @property
    def names(self) -> list[str]:
        """The digits of the numbers that go."""
        return [number.number for number in self.numbers]

    @property
    def released(self) -> list[str]:
        """The digits of those that were released."""
        return [name for name, outcome in self.outcomes.items() if outcome == RELEASED]

    @property
    def status(self) -> str:
        """One word. While orders are on the way for it, it is not done."""
        if self.step is not None:
            return FAILED
        return PENDING if self.orders else CHANGED if self.changed else UNCHANGED

    @property
    def remark(self) -> str | None:
        """Why it is not done: the failure, or the orders that are on the way."""
        if self.message is not None or not self.orders:
            return self.message
        ids = ", ".join(self.orders)
        return f"On order: {ids}. It is not done: retire again when they have brought what they bring."

    def as_dict(self) -> dict[str, t.Any]:
        """An item of the result's ``pools``: digits, no records."""
        return {
            "name": self.pool.name,
            "account": self.pool.account.name,
            "provider": self.pool.account.provider,
            "status": self.status,
            "step": self.step,
            "code": self.code,
            "message": self.remark,
            "numbers": self.names,
            "released": self.released,
            "staying": [{"number": name, "reason": why} for name, why in self.staying.items()],
            "orders": list(self.orders),
        }
