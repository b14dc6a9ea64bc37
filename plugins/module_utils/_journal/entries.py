# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the entries of the journal. One entry is one mutating request: what was asked, and what is known of its
outcome.
"""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from .._core import money
from .._core.link import aim_from
from .._core.model import Number, Offer
from .._core.selector import KEYS, Selector

INTENT = "intent"  # about to be sent; without a later state the outcome is open
DONE = "done"  # a change of links or a release: the provider carried it out, and no list has shown it yet
FULFILLED = "fulfilled"  # bought; the provider's list has not shown all of it yet
PENDING = "pending"  # ordered; the provider delivers later
UNKNOWN = "unknown"  # sent, and nothing decided the outcome
CLOSED = "closed"  # settled: nothing is to be remembered

IN_REVIEW = "in_review"  # ordered; the provider looks at the papers
NEEDS_INPUT = "needs_input"  # ordered; the provider waits for papers
FAILED = "failed"  # ordered, and it will bring nothing
PARTIAL = "partial"  # of an order: a part of its lines failed

PURCHASE = "purchase"
LINK = "link"  # links were made, moved or dropped
RELEASE = "release"

STATES = (INTENT, FULFILLED, PENDING, IN_REVIEW, NEEDS_INPUT, UNKNOWN, FAILED, CLOSED)
_FINAL = (FAILED, CLOSED)
CHANGE_STATES = (INTENT, DONE, CLOSED)
_PRICES = ("setup_price", "monthly_price", "due_now")
FACTS = ("id", "number", "country", "type", "capabilities", "area_code", "region", "city", "currency", *_PRICES)
NUMBER_FACTS = ("country", "type", "capabilities", "area_code", "region", "city")


@dataclasses.dataclass(frozen=True)
class Line:
    """*quantity* of one offer in a purchase: which matching numbers were owned *before*, which *numbers* it is known to
    have brought.

    *offer* holds the facts by which its numbers can be recognised, *references* are reservations. *seen* are numbers
    that it may have brought and that a list has shown: one that is gone again counts no more.
    """

    offer: dict[str, t.Any]
    quantity: int
    status: str = INTENT
    before: list[str] = dataclasses.field(default_factory=list)
    numbers: list[str] = dataclasses.field(default_factory=list)
    references: list[str] = dataclasses.field(default_factory=list)
    message: str | None = None
    seen: list[str] = dataclasses.field(default_factory=list)
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version


@dataclasses.dataclass(frozen=True)
class Entry:
    """One request that buys.

    *at* is in seconds since the epoch. *provider* is the name of the one that sent it, *key* our own key of the request
    and *order* the provider's id of what it made, as far as there are any. *application* and *selector* are what its
    numbers were bought for.
    """

    id: str
    at: float
    lines: tuple[Line, ...]
    provider: str = ""
    key: str | None = None
    order: str | None = None
    application: str | None = None
    selector: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version

    @property
    def parts(self) -> list[Part]:
        """Its lines, each with what it was bought for."""
        return [Part(self, place) for place in range(len(self.lines))]

    @property
    def is_open(self) -> bool:
        """Whether something is to be remembered of it."""
        return any(line.status not in _FINAL for line in self.lines)

    @property
    def status(self) -> str:
        """What is known of the order as a whole: a word of DESIGN's vocabulary, or INTENT."""
        states = [FULFILLED if line.status == CLOSED else line.status for line in self.lines]
        for state in (INTENT, UNKNOWN, NEEDS_INPUT, IN_REVIEW, PENDING):
            if state in states:
                return state
        return states[0] if len(set(states)) == 1 else PARTIAL

    def with_line(self, place: int, line: Line) -> Entry:
        """With another state of one line."""
        lines = (*self.lines[:place], line, *self.lines[place + 1 :])
        return dataclasses.replace(self, lines=lines)

    def closed(self) -> Entry:
        """With every line closed."""
        return dataclasses.replace(self, lines=tuple(dataclasses.replace(line, status=CLOSED) for line in self.lines))


class Part(t.NamedTuple):
    """One line of a purchase, with what its numbers were bought for."""

    entry: Entry
    place: int

    @property
    def line(self) -> Line:
        """The line itself."""
        return self.entry.lines[self.place]

    @property
    def id(self) -> str:
        """What names it: the id of its order where that has no other line."""
        return self.entry.id if len(self.entry.lines) == 1 else f"{self.entry.id}/{self.place}"

    @property
    def order_id(self) -> str:
        """The id of its order."""
        return self.entry.id

    @property
    def at(self) -> float:
        """When its request was about to be sent, in seconds since the epoch."""
        return self.entry.at

    @property
    def application(self) -> str | None:
        """The application that its numbers were bought for."""
        return self.entry.application

    @property
    def offer(self) -> dict[str, t.Any]:
        """The facts of its offer."""
        return self.line.offer

    @property
    def quantity(self) -> int:
        """How many numbers were asked for."""
        return self.line.quantity

    @property
    def status(self) -> str:
        """What is known of it."""
        return self.line.status

    @property
    def before(self) -> list[str]:
        """The matching numbers that were owned before."""
        return self.line.before

    @property
    def numbers(self) -> list[str]:
        """The numbers that it is known to have brought."""
        return self.line.numbers

    @property
    def seen(self) -> list[str]:
        """The numbers that it may have brought and that a list has shown."""
        return self.line.seen

    @property
    def references(self) -> list[str]:
        """The reservations that it checks out."""
        return self.line.references

    def as_offer(self, provider: str) -> Offer:
        """The offer that was bought, as far as its facts were kept."""
        return offer_of(self.line, provider)

    def as_number(self, provider: str, number: str, linked_capabilities: t.Collection[str]) -> Number:
        """A bought *number* that the list does not show yet, with the facts of its offer, linked as it was bought to
        be.
        """
        offer = self.as_offer(provider)
        facts = {key: getattr(offer, key) for key in NUMBER_FACTS}
        linked = [capability for capability in offer.capabilities or () if capability in linked_capabilities]
        links = aim_from(self.application).links(linked) if self.application else ()
        return Number(id=number.lstrip("+"), provider=provider, number=number, links=links, **facts)

    def wanted(self) -> Selector:
        """The selector that its numbers were bought for; one of a named purchase is open."""
        facts: dict[str, t.Any] = {key: self.entry.selector.get(key) for key in KEYS}
        return Selector(**{**facts, "capabilities": tuple(facts["capabilities"] or ())})

    def known(self) -> list[str]:
        """The numbers that are certainly its own, by their digits."""
        named = self.offer["number"]
        return list(self.numbers) if self.numbers or named is None else [named]


def offer_of(line: Line, provider: str) -> Offer:
    """The offer that *line* buys, as far as its facts were kept."""
    facts: dict[str, t.Any] = {key: line.offer.get(key) for key in FACTS}
    prices = {key: money.amount(facts[key]) for key in _PRICES}
    capabilities = None if facts["capabilities"] is None else tuple(facts["capabilities"])
    return Offer(provider=provider, stock=line.quantity, **{**facts, **prices, "capabilities": capabilities})


@dataclasses.dataclass
class ChangeEntry:
    """One call that changes the links of a *number* (LINK) or gives it back (RELEASE), until a list shows that it has
    come about.

    *before* and *after* map a capability to an application. *identity* tells the record from the same digits bought
    again.
    """

    id: str
    at: float
    kind: str
    number: str
    identity: str = ""
    before: dict[str, str] = dataclasses.field(default_factory=dict)
    after: dict[str, str] = dataclasses.field(default_factory=dict)
    status: str = INTENT
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version


def new_key() -> str:
    """An id that no other entry has, or a key of our own for a request."""
    return str(uuid.uuid4())


def new_line(offer: Offer, quantity: int, before: t.Iterable[str], references: t.Iterable[str] = ()) -> Line:
    """A line that is about to buy *quantity* of *offer*; *before* are owned numbers that might be taken for bought
    ones.
    """
    facts = {key: money.text(getattr(offer, key)) if key in _PRICES else getattr(offer, key) for key in FACTS}
    return Line(facts, quantity, before=sorted(before), references=list(references))


def new_entry(
    lines: t.Iterable[Line],
    application: str | None,
    at: float,
    selector: Selector | None = None,
    provider: str = "",
    key: str | None = None,
) -> Entry:
    """An intent to buy *lines* for *application* and *selector* with one request."""
    wanted = {} if selector is None else selector.facts()
    return Entry(new_key(), at, tuple(lines), provider, key, application=application, selector=wanted)


def new_change(
    kind: str, number: str, identity: str, before: t.Mapping[str, str], after: t.Mapping[str, str], at: float
) -> ChangeEntry:
    """An intent to change the links of *number* from *before* to *after*, or to give it back."""
    return ChangeEntry(str(uuid.uuid4()), at, kind, number, identity, dict(before), dict(after))
