# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A provider that lives in memory, whose answers can get lost and whose list can lag behind."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.telco.numbers.plugins.module_utils._contract.exchange import Order, PurchaseRequest, Search
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import (
    BY_GROUP,
    BY_NUMBER,
    Access,
    Features,
    Options,
)
from ansible_collections.telco.numbers.plugins.module_utils._contract.provider import Provider
from ansible_collections.telco.numbers.plugins.module_utils._contract.readers import explain_status
from ansible_collections.telco.numbers.plugins.module_utils._contract.rows import Listed
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Account, Number, Offer
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import KEYS, Selector
from ansible_collections.telco.numbers.plugins.module_utils._journal.directory import DirectoryStore
from ansible_collections.telco.numbers.plugins.module_utils._net.auth import Anonymous, Auth
from ansible_collections.telco.numbers.plugins.module_utils._net.clock import Clock
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.session import Settings
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import PROVIDER

# What becomes of a purchase call.
DONE = "done"
LOST = "it is carried out and its answer is lost"
NOT_SENT = "it is not carried out and nobody can tell"
KILLED = "it is carried out and the task is killed"
KILLED_BEFORE = "the task is killed before it is carried out"
SOLD = "somebody else was faster"
PENDING = "it is delivered later"


class Killed(BaseException):
    """The end of a task that nothing catches."""


@dataclasses.dataclass
class State:
    """What the provider knows. ``hidden`` numbers are owned and not listed yet."""

    catalogue: list[Offer]
    owned: dict[str, Number] = dataclasses.field(default_factory=dict)
    hidden: set[str] = dataclasses.field(default_factory=set)
    outcomes: list[str] = dataclasses.field(default_factory=list)  # of the next purchase calls; then DONE
    lagging: bool = False  # whether what is bought is hidden
    price: t.Any = None  # what is charged instead of the offered price
    bought: list[tuple[str, int]] = dataclasses.field(default_factory=list)  # the purchase calls
    searches: int = 0
    issued: int = 0


class Shop(Provider):
    """Sells single numbers."""

    name = PROVIDER
    home = "https://shop.example.com"
    access = Access(methods=((),))
    features = Features(BY_NUMBER, KEYS, KEYS, release=True)

    def __init__(self, state: State, clock: Clock) -> None:
        super().__init__(Options({}, None, None, Settings()), clock, Secrets())
        self.state = state

    def _auth(self) -> Auth:
        return Anonymous()

    def account(self) -> Account:
        return Account("1", self.name)

    @property
    def account_key(self) -> str:
        return "1"

    def explain(self, response: Response) -> Failure:
        return explain_status(response, self.name, None, None)

    def search(self, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None = None) -> Search:
        self.state.searches += 1
        return Search(selector.narrowed([offer for offer in self.state.catalogue if offer.stock]))

    def lookup(self, number: str) -> Offer | None:
        return next((offer for offer in self.state.catalogue if offer.number == number), None)

    def owned(self, filters: t.Mapping[str, t.Any] | None = None, steady: bool = False) -> Listed:
        return Listed(number for name, number in self.state.owned.items() if name not in self.state.hidden)

    def buy(self, request: PurchaseRequest) -> Order:
        state, offer, quantity = self.state, request.offer, request.quantity
        state.bought.append((offer.id, quantity))
        outcome = state.outcomes.pop(0) if state.outcomes else DONE
        if outcome == NOT_SENT:
            raise Ambiguous("The connection broke.")
        if outcome == KILLED_BEFORE:
            raise Killed
        if outcome == SOLD:
            state.catalogue = [item for item in state.catalogue if item.id != offer.id]
            raise Failure("out_of_stock", "Gone: search again.")
        if outcome == PENDING:
            return Order("pending", (), "created")
        numbers = tuple(self._deliver(offer) for _number in range(quantity))
        if outcome == LOST:
            raise Ambiguous("The connection broke.")
        if outcome == KILLED:
            raise Killed
        return Order("fulfilled", numbers)

    def _deliver(self, offer: Offer) -> Number:
        state = self.state
        state.issued += 1
        digits = offer.number or f"+1415555{2000 + state.issued}"
        facts = {
            key: getattr(offer, key)
            for key in ("country", "type", "capabilities", "area_code", "region", "city", "setup_price", "currency")
        }
        number = Number(
            id=digits, provider=self.name, number=digits, monthly_price=state.price or offer.monthly_price, **facts
        )
        state.owned[digits] = number
        if state.lagging:
            state.hidden.add(digits)
        left = offer.stock - 1 if offer.number else offer.stock
        state.catalogue = [
            dataclasses.replace(item, stock=left) if item.id == offer.id else item
            for item in state.catalogue
            if item.id != offer.id or left
        ]
        return number


class GroupShop(Shop):
    """Sells groups and chooses the numbers itself; orders may stay pending."""

    features = Features(BY_GROUP, KEYS, KEYS, pending_orders=True)

    def lookup(self, number: str) -> Offer | None:
        raise AssertionError("a group provider has no single numbers")


class SteadyGroupShop(GroupShop):
    """As before, without pending orders."""

    features = Features(BY_GROUP, KEYS, KEYS)


def context(kind: type[Shop], state: State, directory: t.Any, check: bool = False) -> Context:
    """A task at that shop, whose lists are read once where a real one is read until the settle time has passed."""
    clock = Clock(60)
    return Context(
        kind(state, clock),
        check,
        clock,
        lambda: DirectoryStore(str(directory / "journal"), lambda: "shop", True),
        settle_time=0.0,
    )
