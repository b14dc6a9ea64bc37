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
    """What a number and an offer have in common. None means that the provider's record does not say.

    ``words`` are the provider's own words for facts that are None because nobody here knows what they mean, by the
    fact's name. ``untold`` are capabilities of which it says neither yes nor no; all of them are where ``capabilities``
    is None.
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

    ``number`` is E.164 with ``+`` (a short code as it is), prices are per number in ``currency``. Without
    ``links_known`` the record lacks the place where ``links`` stand. ``tags`` are None where numbers have none at the
    provider. ``since`` is what in the record changes when the same digits are bought again, a date or a key.
    """

    number: str = ""
    links: tuple[Link, ...] = ()
    status: str = ACTIVE
    expires: str | None = None
    tags: tuple[str, ...] | None = None
    links_known: bool = True
    since: str | None = None

    @property
    def current(self) -> tuple[Link, ...]:
        """Its links without those that another one, which is on its way, is about to replace."""
        replaced = {link.capability for link in self.links if link.status == LINKING}
        return tuple(link for link in self.links if link.status == LINKING or link.capability not in replaced)

    @property
    def applications(self) -> dict[str, str]:
        """Each capability that is linked to an application, or about to be, and that application's id."""
        return {
            link.capability: link.id
            for link in sorted(self.current, key=_by_capability)
            if link.capability is not None and link.kind != URL and link.status != LINK_FAILED
        }

    @property
    def linked_to(self) -> tuple[str, ...]:
        """Everything that it is linked to, addresses and links that failed included. A number with any is not free."""
        return tuple(sorted({link.id for link in self.current}))

    def as_dict(self) -> dict[str, t.Any]:
        """The number object of a module's result, in the order of the vocabulary."""
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
    """Something that can be bought: one number, or ``stock`` numbers of a group that share price and facts.

    ``due_now`` is what one number costs at checkout, in ``currency``. ``requirements`` are what the buyer must have
    filed, None when the provider does not say. ``read_at`` is the monotonic second at which its price was read.
    """

    stock: int = 1
    due_now: Decimal | None = None
    requirements: tuple[str, ...] | None = None
    read_at: float = dataclasses.field(default=-math.inf, compare=False, repr=False)

    @property
    def prices(self) -> tuple[Decimal | None, Decimal | None, Decimal | None, str | None]:
        """What one number costs a month, at set-up and at once, and the currency."""
        return self.monthly_price, self.setup_price, self.due_now, self.currency

    def as_dict(self) -> dict[str, t.Any]:
        """The offer object of a module's result."""
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
    """The account that the credentials open; ``id`` is None where nothing names it. ``applications`` is None where the
    provider does not list them.
    """

    id: str | None
    provider: str
    name: str | None = None
    country: str | None = None
    applications: tuple[str, ...] | None = None
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    def as_dict(self) -> dict[str, t.Any]:
        """The account object of a module's result."""
        return {
            "id": self.id,
            "provider": self.provider,
            "name": self.name,
            "country": self.country,
            "raw": plain(self.raw),
        }


@dataclasses.dataclass(frozen=True)
class Application:
    """What numbers can be linked to: an application of some *kind*, and the *capabilities* that it can serve."""

    id: str
    name: str | None
    kind: str
    capabilities: tuple[str, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """The application object of a module's result."""
        return {"id": self.id, "name": self.name, "kind": self.kind, "capabilities": sorted(self.capabilities)}


def _by_capability(link: Link) -> tuple[bool, str, str, str]:
    """Sort key of links; those that are for no capability come last."""
    return link.capability is None, link.capability or "", link.kind, link.id


def _capability_list(record: _Facts) -> list[str] | None:
    return None if record.capabilities is None else sorted(record.capabilities)


_DEEPEST = 50  # levels of nesting that are shown of a provider's record


def plain(value: t.Any, level: int = 0) -> t.Any:
    """Return *value* as plain JSON types: a provider's decimals become numbers again, as they stood in its answer.

    What is nested deeper than any record is left out (None).
    """
    if isinstance(value, (dict, list, tuple)) and level >= _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: plain(item, level + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, level + 1) for item in value]
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    return value


def by_number(number: Number) -> tuple[str, str]:
    """Sort key of owned numbers."""
    return number.number, number.id


def by_price(offer: Offer) -> tuple[t.Any, ...]:
    """Sort key of offers: the cheapest month first, then the cheapest set-up, unknown prices last, ties by number."""
    unknown = Decimal("Infinity")
    monthly = unknown if offer.monthly_price is None else offer.monthly_price
    setup = unknown if offer.setup_price is None else offer.setup_price
    return monthly, setup, offer.number or "", offer.id
