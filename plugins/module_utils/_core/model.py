# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: the vocabulary. Plain records, without any knowledge of a provider, of HTTP or of Ansible."""

from __future__ import annotations

import dataclasses
import math
import typing as t
from decimal import Decimal

from . import money
from .link import FAILED as LINK_FAILED
from .link import LINKING, URL, Link

CAPABILITIES = ("mms", "sms", "voice")
NUMBER_TYPES = ("local", "mobile", "national", "tollfree", "shortcode", "shared_cost", "voip", "virtual")

ACTIVE = "active"  # usable
PENDING = "pending"  # bought or ordered, and not usable yet
FAILED = "failed"  # owned, and the provider says that it will not become usable
LEAVING = "leaving"  # given back, and still listed


@dataclasses.dataclass(frozen=True)
class _Facts:
    """The facts that a number and an offer have in common. None means that the provider's record does not say.

    ``words`` are the provider's own words that this collection does not know; the keys are the names of the facts,
    which are None. ``untold`` are capabilities of which the record says neither yes nor no; where ``capabilities`` is
    None that holds for all of them.
    """

    id: str
    provider: str
    number: str | None = None
    country: str | None = None
    type: str | None = None
    capabilities: tuple[str, ...] | None = None
    untold: tuple[str, ...] = ()
    area_code: str | None = None
    region: str | None = None
    city: str | None = None
    friendly_name: str | None = None
    setup_price: Decimal | None = None
    monthly_price: Decimal | None = None
    currency: str | None = None
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    words: t.Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False, repr=False)


@dataclasses.dataclass(frozen=True)
class Number(_Facts):
    """A number that the account owns or has on order.

    ``number`` is E.164 with ``+`` (a short code is digits alone), prices are per number in ``currency``. Without
    ``links_known`` the record does not say to what the number is linked. ``covered`` are links of the record that
    others override, by capability the one first that shows when those are taken off. ``tags`` is None where the
    provider's numbers have no tags. ``since`` is a date or a key of the record that changes when the same digits are
    bought again.
    """

    number: str = ""
    links: tuple[Link, ...] = ()
    covered: tuple[Link, ...] = dataclasses.field(default=(), compare=False)
    status: str = ACTIVE
    expires: str | None = None
    tags: tuple[str, ...] | None = None
    links_known: bool = True
    since: str | None = None

    @property
    def current(self) -> tuple[Link, ...]:
        """The links without those that a link in the making (``linking``) is about to replace."""
        replaced = {link.capability for link in self.links if link.status == LINKING}
        if not replaced:
            return self.links
        return tuple(link for link in self.links if link.status == LINKING or link.capability not in replaced)

    @property
    def applications(self) -> dict[str, str]:
        """The id of the application that each capability is linked to, or soon will be. Failed links are left out."""
        return {
            link.capability: link.id
            for link in sorted(self.current, key=_by_capability)
            if link.capability is not None and link.kind != URL and link.status != LINK_FAILED
        }

    @property
    def linked_to(self) -> tuple[str, ...]:
        """The ids of all links, also of addresses and of failed links. A number with any of them is not free."""
        return tuple(sorted({link.id for link in self.current}))

    def as_dict(self) -> dict[str, t.Any]:
        """Return the number object of a module's result, its keys in the order of the vocabulary."""
        return {
            "number": self.number,
            "provider": self.provider,
            "id": self.id,
            "country": self.country,
            "type": self.type,
            "capabilities": _capability_list(self),
            "applications": self.applications,
            "links": [link.as_dict() for link in sorted(self.links, key=_by_capability)] if self.links_known else None,
            "area_code": self.area_code,
            "region": self.region,
            "city": self.city,
            "friendly_name": self.friendly_name,
            "tags": None if self.tags is None else sorted(self.tags),
            "setup_price": money.text(self.setup_price),
            "monthly_price": money.text(self.monthly_price),
            "currency": self.currency,
            "status": self.status,
            "expires": self.expires,
            "raw": plain(self.raw),
        }


@dataclasses.dataclass(frozen=True)
class Offer(_Facts):
    """An offer that can be bought: one number, or ``stock`` numbers of a group that share price and facts.

    ``due_now`` is the price of one number at checkout, in ``currency``. ``requirements`` are the papers that the buyer
    must have filed, None when the provider does not say. ``read_at`` is the time in seconds, on the monotonic clock,
    at which the price was read.
    """

    stock: int = 1
    due_now: Decimal | None = None
    requirements: tuple[str, ...] | None = None
    read_at: float = dataclasses.field(default=-math.inf, compare=False, repr=False)

    @property
    def prices(self) -> tuple[Decimal | None, Decimal | None, Decimal | None, str | None]:
        """The prices of one number (a month, at set-up, due now) and their currency."""
        return self.monthly_price, self.setup_price, self.due_now, self.currency

    def as_dict(self) -> dict[str, t.Any]:
        """Return the offer object of a module's result."""
        return {
            "id": self.id,
            "provider": self.provider,
            "number": self.number,
            "stock": self.stock,
            "country": self.country,
            "type": self.type,
            "capabilities": _capability_list(self),
            "area_code": self.area_code,
            "region": self.region,
            "city": self.city,
            "setup_price": money.text(self.setup_price),
            "monthly_price": money.text(self.monthly_price),
            "due_now": money.text(self.due_now),
            "currency": self.currency,
            "requirements": None if self.requirements is None else sorted(self.requirements),
            "raw": plain(self.raw),
        }


@dataclasses.dataclass(frozen=True)
class Account:
    """The account that the credentials open.

    ``id`` is None when neither the options nor the provider name it. ``applications`` are the names of its
    applications, None when the provider does not list them.
    """

    id: str | None
    provider: str
    name: str | None = None
    country: str | None = None
    applications: tuple[str, ...] | None = None
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    def as_dict(self) -> dict[str, t.Any]:
        """Return the account object of a module's result."""
        return {
            "id": self.id,
            "provider": self.provider,
            "name": self.name,
            "country": self.country,
            "raw": plain(self.raw),
        }


@dataclasses.dataclass(frozen=True)
class Application:
    """An application of some *kind* that numbers can be linked to, and the *capabilities* that it can serve."""

    id: str
    name: str | None
    kind: str
    capabilities: tuple[str, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """Return the application object of a module's result."""
        return {"id": self.id, "name": self.name, "kind": self.kind, "capabilities": sorted(self.capabilities)}


def _by_capability(link: Link) -> tuple[bool, str, str, str]:
    """Return the sort key of *link*: by capability, links without one last."""
    return link.capability is None, link.capability or "", link.kind, link.id


def _capability_list(record: _Facts) -> list[str] | None:
    return None if record.capabilities is None else sorted(record.capabilities)


_PLAIN = frozenset((str, int, bool, type(None)))  # most fields of a record: they need no call
_DEEPEST = 50  # levels of nesting that are shown of a provider's record


def plain(value: t.Any, level: int = 0) -> t.Any:
    """Return *value* as plain JSON types. Decimals become numbers again, as they stood in the provider's answer.

    Values that are nested deeper than those of any record become None.
    """
    if isinstance(value, (dict, list, tuple)) and level >= _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: item if item.__class__ in _PLAIN else plain(item, level + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [item if item.__class__ in _PLAIN else plain(item, level + 1) for item in value]
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    return value


def by_number(number: Number) -> tuple[str, str]:
    """Return the sort key of an owned *number*."""
    return number.number, number.id


def by_price(offer: Offer) -> tuple[t.Any, ...]:
    """Return the sort key of *offer*: the cheapest month first, then set-up; unknown prices last, ties by number."""
    unknown = Decimal("Infinity")
    monthly = unknown if offer.monthly_price is None else offer.monthly_price
    setup = unknown if offer.setup_price is None else offer.setup_price
    return monthly, setup, offer.number or "", offer.id
