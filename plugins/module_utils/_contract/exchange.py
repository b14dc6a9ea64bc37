# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: what is handed to a provider, and what it hands back: searches, purchases, orders and changes of links."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.link import Link
from .._core.model import Number, Offer


class Search(t.NamedTuple):
    """Offers found, and whether the whole catalogue was read for them; ``stopped`` says that it came to its end before
    its total. A ``window`` is an answer that the provider capped: it may have more offers that match.
    """

    offers: list[Offer]
    complete: bool = True
    stopped: bool = False
    window: bool = False


@dataclasses.dataclass(frozen=True)
class PurchaseRequest:
    """One request that buys *quantity* of each of *offers*.

    There are several offers only with ``features.offers_per_purchase``: then each is of one number, and all are of one
    ``Provider.order_group``. *links* are those that the call itself makes, *key* is our own key of this request, which
    the journal has before it is sent, *regulatory* (by the keys of ``features.regulatory``) and *options*
    (``features.provider_options``, with their types) are what the task gives for it.
    """

    offers: tuple[Offer, ...]
    quantity: int = 1
    links: tuple[Link, ...] = ()
    key: str = ""
    regulatory: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    options: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    @property
    def offer(self) -> Offer:
        """The only offer of the request."""
        (offer,) = self.offers
        return offer


class OrderLine(t.NamedTuple):
    """What the provider says of one line of an order: *status* is a word of ``Order``; *number* is E.164.

    *code* is the code of the failure of a line that has failed: ``regulatory`` where its papers were rejected, None
    where the number was not to be had.
    """

    status: str
    number: str | None = None
    message: str | None = None
    code: str | None = None


class Order(t.NamedTuple):
    """The provider's answer to a purchase, or to a question about an order.

    *status* is ``fulfilled``, ``pending``, ``in_review``, ``needs_input``, ``partial`` or ``failed``; ``numbers`` are
    the owned ones that it named, ``id`` is the provider's id of the order. ``lines`` tell each number of an order by
    number, where they may end differently; without them *status* is true of all.
    """

    status: str
    numbers: tuple[Number, ...] = ()
    message: str | None = None
    id: str | None = None
    lines: tuple[OrderLine, ...] = ()


class NumberLink(t.NamedTuple):
    """One link of one number: its capability, and the kind and id of what it leads to."""

    number: Number
    link: Link


Links = t.Sequence[NumberLink]


@dataclasses.dataclass(frozen=True)
class Change:
    """One mutating call that makes *additions* and *removals* of links.

    ``send`` sends it and returns the number that the answer shows, if it shows one. *kept* are links that the call
    writes again and that must still be there afterwards.
    """

    send: t.Callable[[], t.Any]
    additions: Links = ()
    removals: Links = ()
    kept: Links = ()


def per_number(links: Links) -> list[tuple[Number, list[NumberLink]]]:
    """Return each number of *links* once, in order, with those of *links* that are its own."""
    parts: dict[str, tuple[Number, list[NumberLink]]] = {}
    for item in links:
        parts.setdefault(item.number.number, (item.number, []))[1].append(item)
    return [parts[name] for name in sorted(parts)]
