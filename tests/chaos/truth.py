# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is true in a story: the sandbox's state, and who bought what for what.

It knows the promises, and nothing of how they are kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from markets import Facts, Market, fits, offers
from rows import Row

LINKED = {
    "sinch_portal": ("sms", "voice"),
    "sinch_catalog": ("sms", "voice"),
    "infobip_sms": (),
    "plivo_groups": ("sms", "voice"),
    "telnyx": ("voice",),  # a connection serves that alone
    "twilio": ("sms", "voice"),
}
WHOLE = ("plivo_groups",)  # a number is linked whole
NAMELESS = ("sinch_portal",)  # the answer to a purchase names no number


def linked_to(item: Mapping[str, Any]) -> dict[str, str]:
    """What each capability of a number is linked to: an application or, where it has none, the address that is set."""
    parts = (item.get("configuration") or {}).get("configuration") or {}
    urls = {key: parts[key].get("url") for key in ("sms", "voice") if isinstance(parts.get(key), Mapping)}
    return {**{key: url for key, url in urls.items() if url}, **item["applications"]}


@dataclasses.dataclass(frozen=True)
class State:
    """What the account has and has paid."""

    owned: Mapping[str, Mapping[str, Any]]
    orders: Mapping[str, Mapping[str, Any]]  # by the provider's id
    pending: Mapping[str, Mapping[str, Any]]  # those of them that have not come
    ordered: Mapping[str, str]  # number → the order that brought it
    spent: Mapping[str, Decimal]
    stock: Mapping[str, int]
    checkouts: int

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> State:
        return cls(
            owned={item["number"]: item for item in state["owned"]},
            orders={order["id"]: order for order in state["orders"]},
            pending={order["id"]: order for order in state["orders"] if order["status"] == "pending"},
            ordered={number: order["id"] for order in state["orders"] for number in order["numbers"]},
            spent={name: Decimal(amount) for name, amount in state["spent"].items()},
            stock=state["stock"],
            checkouts=max((hold["checkouts"] for hold in state["reservations"]), default=0),
        )


@dataclasses.dataclass(frozen=True)
class Wish:
    """A task: a module, its options, and what of them the judges look at."""

    module: str
    options: Mapping[str, Any]
    market: Market | None = None  # of a purchase
    names: tuple[str, ...] = ()
    count: int = 0
    application: str | None = None
    capability: str | None = None
    most: tuple[Decimal | None, Decimal | None] = (None, None)  # a month: for one number, in total

    @property
    def buys(self) -> bool:
        """Whether it may bring numbers."""
        return self.module == "number_purchase"

    @property
    def waits(self) -> bool:
        """Whether it waits for its orders."""
        return bool(self.options.get("wait"))

    def capabilities(self, row: Row, facts: Facts) -> list[str]:
        """The capabilities of a number with these facts that are to be linked."""
        return [
            name for name in LINKED[row.provider] if name in facts["capabilities"] and self.capability in (None, name)
        ]

    def covers(self, other: Wish) -> bool:
        """Whether what was bought for this wish surely counts for the *other*.

        It wanted as much of a number, for the same application.
        """
        if (
            self.market is None
            or other.market is None
            or self.application != other.application
            or self.capability != other.capability
        ):
            return False
        return all(self.market.where.get(key) == value for key, value in other.market.where.items())


class Ledger:
    """Who bought what for what, and what may still be open."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.offers = offers(row.provider)
        self.bought: dict[str, Wish] = {}
        self.orders: dict[str, Wish] = {}  # by the provider's id
        self.closed: set[str] = set()  # orders that the user closed, by the provider's id
        self.vague = False  # whether the user closed an order that the provider does not know
        self.forgotten: set[str] = set()  # numbers that may have been bought by an order that the user closed
        self.theirs: set[str] = set()  # numbers that the colleague bought
        self.seen: set[str] = set()  # what the list has shown to a purchase
        self.past: dict[tuple[str, str], set[str | None]] = {}  # what each capability of a number was linked to before
        self.doubt = False  # an answer was lost or a task killed, and no run has come to an end since
        self.lag = False

    # -- what counts ---------------------------------------------------------------------------------------------------

    def _links_fit(self, item: Mapping[str, Any], wish: Wish) -> bool:
        """Whether what the number is linked to, addresses included, lets it count."""
        return wish.application is None or set(linked_to(item).values()) <= {wish.application}

    def low(self, wish: Wish, state: State) -> int:
        """How many numbers surely count for a purchase, whoever counts."""
        found = 0
        for number, item in state.owned.items():
            origin = None if number in self.forgotten else self.bought.get(number)
            by_record = fits(item["facts"], wish.market.where) is True and (
                origin is None or number in self.seen or origin.covers(wish)
            )
            for_it = origin is not None and origin.covers(wish)
            linkable = not wish.application or bool(wish.capabilities(self.row, item["facts"]))
            found += (by_record or for_it) and self._links_fit(item, wish) and linkable
        return found + sum(
            order["quantity"]
            for key, order in state.pending.items()
            if key in self.orders and self.orders[key].covers(wish)
        )

    def high(self, wish: Wish, state: State) -> list[str]:
        """The numbers that may count for a purchase: by their record, or by what was known when they were bought."""
        return [
            name
            for name, item in state.owned.items()
            if self.may_count(name, item, wish)
            and (wish.application is None or set(item["applications"].values()) <= {wish.application})
        ]

    def may_count(self, name: str, item: Mapping[str, Any], wish: Wish) -> bool:
        """Whether the number may be what *wish* wants, whatever it is linked to."""
        if fits(item["facts"], wish.market.where):
            return True
        return name in self.bought and bool(fits(self.offers[item["group"]], wish.market.where))

    def on_order(self, wish: Wish, state: State) -> int:
        """How many ordered numbers may count."""
        return sum(
            order["quantity"]
            for key, order in state.pending.items()
            if key in self.orders and fits(self.offers[order["group"]], wish.market.where)
        )

    def linked(self, wish: Wish, state: State) -> list[str]:
        """The numbers of ``high`` that are linked as *wish* wants."""
        found = []
        for name in self.high(wish, state):
            item = state.owned[name]
            wanted = wish.capabilities(self.row, item["facts"])
            # Own is one of the application's own that lacks the capability that is linked.
            own = not wanted and item["applications"]
            whole = wanted and all(item["applications"].get(key) == wish.application for key in wanted)
            if not wish.application or own or whole:
                found.append(name)
        return found

    # -- what a task did -----------------------------------------------------------------------------------------------

    def new(self, before: State, after: State) -> list[str]:
        """The numbers that a task has brought between two states: not the colleague's, nor those of an older order."""
        old = {number for number, order in after.ordered.items() if order in before.pending}
        return sorted(set(after.owned) - set(before.owned) - self.theirs - old)

    def note(self, wish: Wish, before: State, after: State) -> int:
        """Write down what was bought and ordered for *wish*; return how many numbers that are."""
        self._note_links(before, after)
        orders = [key for key in after.pending if key not in self.orders and key not in self.closed]
        self.orders.update(dict.fromkeys(orders, wish))
        new = self.new(before, after)
        for number, order in after.ordered.items():
            if order in self.orders and number in after.owned:
                self.bought.setdefault(number, self.orders[order])
        for number in new:
            self.bought.setdefault(number, wish)
        return len(new) + sum(after.pending[key]["quantity"] for key in orders)

    def _note_links(self, before: State, after: State) -> None:
        for name, item in after.owned.items():
            had = before.owned.get(name, {"applications": {}})["applications"]
            for key in LINKED[self.row.provider]:
                if had.get(key) != item["applications"].get(key):
                    self.past.setdefault((name, key), set()).add(had.get(key))

    def sets_back(self, change: Mapping[str, Any]) -> bool:
        """Whether somebody's *change* gives a number a link of before: a list that is late would show the same."""
        links = {
            (row["number"], key): link
            for row in change.get("alter", ())
            for key, link in row.get("applications", {}).items()
        }
        return any(link in self.past.get(place, ()) for place, link in links.items())

    def price(self, state: State, numbers: Iterable[str]) -> Decimal:
        """What these numbers cost a month."""
        return sum((Decimal(str(state.owned[number]["facts"]["monthly_price"])) for number in numbers), Decimal(0))

    def for_sale(self, wish: Wish, state: State) -> int:
        """How many numbers the market has that can be linked as wanted."""
        found = 0
        for key, stock in state.stock.items():
            offer = self.offers[key]
            if (
                wish.options.get("offer", key) == key
                and fits(offer, wish.market.where)
                and (not wish.application or wish.capabilities(self.row, offer))
            ):
                found += stock
        return found

    def settle(self, closed: Iterable[str] | None = None) -> None:
        """A run came to its end. With *closed*, the user said that orders are settled.

        What only the journal knew is forgotten then. *closed* are those of them whose ids at the provider are known.
        """
        self.doubt = False
        if closed is not None:
            for key in closed:
                self.orders.pop(key, None)
                self.closed.add(key)
            self.forgotten.update(self.bought)
