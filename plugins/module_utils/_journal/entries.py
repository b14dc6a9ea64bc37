# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the entries of the journal. One entry is one mutating request and the known state of its outcome."""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from .._core import money
from .._core.link import aim_from
from .._core.model import Number, Offer
from .._core.selector import KEYS, Selector

INTENT = "intent"  # about to be sent; without a later state the outcome is open
DONE = "done"  # a change of links or a release that the provider carried out, and that no list has shown yet
FULFILLED = "fulfilled"  # bought; the provider's list has not shown all of it yet
PENDING = "pending"  # ordered; the provider delivers later
UNKNOWN = "unknown"  # sent; its outcome is not known
CLOSED = "closed"  # settled; the journal may forget it

IN_REVIEW = "in_review"  # ordered; the provider looks at the papers
NEEDS_INPUT = "needs_input"  # ordered; the provider waits for papers
FAILED = "failed"  # ordered; the provider will deliver no number
PARTIAL = "partial"  # of an order: some of its lines failed

REGULATORY = "regulatory"  # the code of a line whose papers were rejected

PURCHASE = "purchase"
LINK = "link"  # links were made, moved or dropped
RELEASE = "release"

STATES = (INTENT, FULFILLED, PENDING, IN_REVIEW, NEEDS_INPUT, UNKNOWN, FAILED, CLOSED)
CHANGE_STATES = (INTENT, DONE, CLOSED)
_PRICES = ("setup_price", "monthly_price", "due_now")
FACTS = ("id", "number", "country", "type", "capabilities", "area_code", "region", "city", "currency", *_PRICES)
NUMBER_FACTS = ("country", "type", "capabilities", "area_code", "region", "city")


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a purchase: *quantity* numbers of one *offer*.

    *offer* holds the facts by which its numbers can be recognised. *before* are the matching numbers that the account
    owned before, *numbers* those that this line surely bought, and *references* its reservations. *seen* are numbers
    that it may have bought and that a list has shown; one that no list shows any more does not count.
    """

    offer: dict[str, t.Any]
    quantity: int
    status: str = INTENT
    before: list[str] = dataclasses.field(default_factory=list)
    numbers: list[str] = dataclasses.field(default_factory=list)
    references: list[str] = dataclasses.field(default_factory=list)
    message: str | None = None
    seen: list[str] = dataclasses.field(default_factory=list)
    code: str | None = None  # of the failure, where the line has failed for a reason that stays
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version

    @property
    def is_rejected(self) -> bool:
        """Whether its papers were rejected: the same order would be rejected again."""
        return self.status == FAILED and self.code == REGULATORY

    @property
    def is_final(self) -> bool:
        """Whether the journal may forget it."""
        return self.status in (FAILED, CLOSED) and not self.is_rejected


@dataclasses.dataclass(frozen=True)
class Entry:
    """One request that buys numbers.

    *at* is the time of the request in seconds since the epoch, *provider* the name of the provider. *key* is our own
    key of the request and *order* the provider's id of the order, None when there is none. The numbers were bought for
    *application* and *selector*; *papers* is a hash of the papers that the request named.
    """

    id: str
    at: float
    lines: tuple[Line, ...]
    provider: str = ""
    key: str | None = None
    order: str | None = None
    application: str | None = None
    selector: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    papers: str | None = None
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version

    @property
    def parts(self) -> list[Part]:
        """The lines of the purchase, each as a Part."""
        return [Part(self, place) for place in range(len(self.lines))]

    @property
    def is_open(self) -> bool:
        """Whether the journal must keep it: some line has no final state."""
        return not all(line.is_final for line in self.lines)

    @property
    def status(self) -> str:
        """The state of the order as a whole: one of STATES, or PARTIAL when its lines ended differently."""
        states = [FULFILLED if line.status == CLOSED else line.status for line in self.lines]
        for state in (INTENT, UNKNOWN, NEEDS_INPUT, IN_REVIEW, PENDING):
            if state in states:
                return state
        return states[0] if len(set(states)) == 1 else PARTIAL

    def with_line(self, place: int, line: Line) -> Entry:
        """Return the entry with *line* in place of the line at *place*."""
        lines = (*self.lines[:place], line, *self.lines[place + 1 :])
        return dataclasses.replace(self, lines=lines)

    def closed(self) -> Entry:
        """Return the entry with every line closed."""
        return dataclasses.replace(self, lines=tuple(dataclasses.replace(line, status=CLOSED) for line in self.lines))


class Part(t.NamedTuple):
    """One line of a purchase, together with the purchase's entry."""

    entry: Entry
    place: int

    @property
    def line(self) -> Line:
        """The line itself."""
        return self.entry.lines[self.place]

    @property
    def id(self) -> str:
        """The id of the line: that of the entry, followed by the line's place when the entry has several lines."""
        return self.entry.id if len(self.entry.lines) == 1 else f"{self.entry.id}/{self.place}"

    @property
    def order_id(self) -> str:
        """The id of the entry, which users name in close_orders."""
        return self.entry.id

    @property
    def at(self) -> float:
        """The time just before its request was sent, in seconds since the epoch."""
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
        """The number of numbers that were ordered."""
        return self.line.quantity

    @property
    def status(self) -> str:
        """The state of the line: one of STATES."""
        return self.line.status

    @property
    def is_under_way(self) -> bool:
        """Whether the provider took the order and has not carried it out yet."""
        return self.status in (PENDING, IN_REVIEW, NEEDS_INPUT)

    @property
    def is_definite(self) -> bool:
        """Whether the provider surely took the order."""
        return self.status == FULFILLED or self.is_under_way

    @property
    def before(self) -> list[str]:
        """The matching numbers that were owned before."""
        return self.line.before

    @property
    def numbers(self) -> list[str]:
        """The numbers that it surely bought."""
        return self.line.numbers

    @property
    def seen(self) -> list[str]:
        """The numbers that it may have bought and that a list has shown."""
        return self.line.seen

    @property
    def references(self) -> list[str]:
        """The reservations that it checks out."""
        return self.line.references

    def as_offer(self, provider: str) -> Offer:
        """Return the offer that was bought, with the facts that the journal kept."""
        return offer_of(self.line, provider)

    def as_number(self, provider: str, number: str, linked_capabilities: t.Collection[str]) -> Number:
        """Return the record of *number*, which was bought and which the list does not show yet.

        It has the facts of its offer, and the links to the application that it was bought for.
        """
        offer = self.as_offer(provider)
        facts = {key: getattr(offer, key) for key in NUMBER_FACTS}
        linked = [capability for capability in offer.capabilities or () if capability in linked_capabilities]
        links = aim_from(self.application).links(linked) if self.application else ()
        return Number(id=number.lstrip("+"), provider=provider, number=number, links=links, **facts)

    def wanted(self) -> Selector:
        """Return the selector that its numbers were bought for. Numbers that a task named have an empty one."""
        facts: dict[str, t.Any] = {key: self.entry.selector.get(key) for key in KEYS}
        return Selector(**{**facts, "capabilities": tuple(facts["capabilities"] or ())})

    def known(self) -> list[str]:
        """Return the numbers that it surely bought; an offer of one number counts even before its outcome is known."""
        named = self.offer["number"]
        return list(self.numbers) if self.numbers or named is None else [named]


def offer_of(line: Line, provider: str) -> Offer:
    """Return the offer that *line* buys, with the facts that the journal kept."""
    facts: dict[str, t.Any] = {key: line.offer.get(key) for key in FACTS}
    prices = {key: money.amount(facts[key]) for key in _PRICES}
    capabilities = None if facts["capabilities"] is None else tuple(facts["capabilities"])
    return Offer(provider=provider, stock=line.quantity, **{**facts, **prices, "capabilities": capabilities})


@dataclasses.dataclass
class ChangeEntry:
    """One call that changes the links of a *number* (LINK) or gives it back (RELEASE).

    It is kept until a list shows its effect. *before* and *after* map a capability to an application. *identity* is
    that of the record: another one means that the same digits were bought again.
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
    """Return a new unique text: an id of an entry, or a key of our own for a request."""
    return str(uuid.uuid4())


def new_line(offer: Offer, quantity: int, before: t.Iterable[str], references: t.Iterable[str] = ()) -> Line:
    """Return a line that intends to buy *quantity* of *offer*.

    *before* are owned numbers that match the offer, so that they might be taken for bought ones.
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
    papers: str | None = None,
) -> Entry:
    """Return the intent to buy *lines* for *application* and *selector* with one request.

    *at* is the time of the request, in seconds since the epoch; *papers* is a hash.
    """
    wanted = {} if selector is None else selector.facts()
    return Entry(new_key(), at, tuple(lines), provider, key, application=application, selector=wanted, papers=papers)


def new_change(
    kind: str, number: str, identity: str, before: t.Mapping[str, str], after: t.Mapping[str, str], at: float
) -> ChangeEntry:
    """Return the intent to change the links of *number* from *before* to *after*, or to give the number back."""
    return ChangeEntry(str(uuid.uuid4()), at, kind, number, identity, dict(before), dict(after))
