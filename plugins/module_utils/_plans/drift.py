# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what differs between a plan and what is owned, and the facts and words that tell it. Pure."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core.errors import one_line
from .._core.model import Number
from .._core.selector import Selector
from .._purchase.want import Want
from .costs import Record
from .model import Account

# The kinds of drift, the most pressing first.
KINDS = (
    "missing",
    "failed",
    "wrongly_assigned",
    "unassigned",
    "misconfigured",
    "undecided",
    "pending",
    "expiring",
    "surplus",
    "unplanned",
    "retired",
)


@dataclasses.dataclass(frozen=True)
class Drift:
    """One difference between the plan and what is owned. *wanted* is None where the plan does not say what should
    be.
    """

    kind: str
    account: Account
    pool: str | None
    number: str | None
    actual: t.Mapping[str, t.Any]
    wanted: t.Mapping[str, t.Any] | None
    message: str

    def as_dict(self) -> Record:
        """An item of the report's ``drift``."""
        return {
            "kind": self.kind,
            "account": self.account.name,
            "provider": self.account.provider,
            "pool": self.pool,
            "number": self.number,
            "actual": dict(self.actual),
            "wanted": None if self.wanted is None else dict(self.wanted),
            "message": one_line(self.message),
        }


def wanted_links(want: Want, capabilities: t.Collection[str]) -> dict[str, str]:
    """The application that *want* has for each of *capabilities*."""
    found = want.application.links(capabilities) if want.application else ()
    return {str(link.capability): link.id for link in found}


def would_match(want: Want, number: Number) -> bool:
    return want.numbers is None and number.number not in want.exclude and want.selector.match(number) is True


def link_facts(number: Number, capabilities: t.Iterable[str]) -> dict[str, str | None]:
    return {capability: number.applications.get(capability) for capability in capabilities}


def keys_left_open(selector: Selector, number: Number) -> list[str]:
    """The keys of *selector* that the record of *number* leaves open."""
    narrowing = selector.keys()
    return [key for key in narrowing if Selector(**{key: getattr(selector, key)}).match(number) is None]


def kinds(drift: t.Iterable[Record], key: str, value: str) -> list[str]:
    found = {item["kind"] for item in drift if item[key] == value}
    return [kind for kind in KINDS if kind in found]


def quoted(value: t.Any) -> str:
    return "none" if value is None else f"'{value}'"


def day_of(text: str) -> datetime.date | None:
    """The day that a provider's *text* begins with, None when it does not begin with one."""
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None


def expiry(text: str, day: datetime.date | None, today: datetime.date) -> str:
    if day is None:
        return f"expires at a time that cannot be read: {text}"
    if day < today:
        return f"expired on {day.isoformat()}"
    left = (day - today).days
    return "expires today" if left == 0 else f"expires on {day.isoformat()}, in {left} day{'s' if left > 1 else ''}"
