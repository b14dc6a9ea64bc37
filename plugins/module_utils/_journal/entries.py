# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the entries of the journal. One entry is one mutating request: what was asked, and what is known of its
outcome.

An entry is one line of JSON. Fields that this version does not know are kept as they are, because a newer version may
read them again.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
import uuid

from .._core import money
from .._core.errors import Failure
from .._core.link import aim_from
from .._core.model import Number, Offer
from .._core.selector import KEYS, Selector

INTENT = "intent"  # about to be sent; without a later state the outcome is open
DONE = "done"  # a change of links or a release: the provider carried it out, and no list has shown it yet
FULFILLED = "fulfilled"  # bought; the provider's list has not shown all of it yet
PENDING = "pending"  # ordered; the provider delivers later
UNKNOWN = "unknown"  # sent, and nothing decided the outcome
CLOSED = "closed"  # settled: nothing is to be remembered

LINK = "link"  # links were made, moved or dropped
RELEASE = "release"

_STATES = (INTENT, FULFILLED, PENDING, UNKNOWN, CLOSED)
_CHANGE_STATES = (INTENT, DONE, CLOSED)
_PRICES = ("setup_price", "monthly_price", "due_now")
_FACTS = ("id", "number", "country", "type", "capabilities", "area_code", "region", "city", "currency", *_PRICES)
NUMBER_FACTS = ("country", "type", "capabilities", "area_code", "region", "city")


@dataclasses.dataclass
class Entry:
    """One purchase call: what was asked, which matching numbers were owned *before*, which *numbers* it is known to
    have brought.

    *at* is in seconds since the epoch; *offer* holds the facts by which its numbers can be recognised, *selector* what
    they were bought for.
    *seen* are numbers that it may have brought and that a list has shown: one that is gone again counts no more.
    """

    id: str
    at: float
    offer: dict[str, t.Any]
    quantity: int
    status: str = INTENT
    before: list[str] = dataclasses.field(default_factory=list)
    numbers: list[str] = dataclasses.field(default_factory=list)
    references: list[str] = dataclasses.field(default_factory=list)
    application: str | None = None
    message: str | None = None
    selector: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    seen: list[str] = dataclasses.field(default_factory=list)
    extra: dict[str, t.Any] = dataclasses.field(default_factory=dict)  # fields of a newer version

    def as_offer(self, provider: str) -> Offer:
        """The offer that was bought, as far as its facts were kept."""
        facts: dict[str, t.Any] = {key: self.offer.get(key) for key in _FACTS}
        prices = {key: money.amount(facts[key]) for key in _PRICES}
        capabilities = None if facts["capabilities"] is None else tuple(facts["capabilities"])
        return Offer(provider=provider, stock=self.quantity, **{**facts, **prices, "capabilities": capabilities})

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
        facts: dict[str, t.Any] = {key: self.selector.get(key) for key in KEYS}
        return Selector(**{**facts, "capabilities": tuple(facts["capabilities"] or ())})

    def known(self) -> list[str]:
        """The numbers that are certainly its own, by their digits."""
        named = self.offer["number"]
        return list(self.numbers) if self.numbers or named is None else [named]


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


def new_entry(
    offer: Offer,
    quantity: int,
    before: t.Sequence[str],
    application: str | None,
    at: float,
    selector: Selector | None = None,
) -> Entry:
    """An intent to buy *quantity* of *offer*; *before* are the owned numbers that might be taken for bought ones."""
    facts = {key: money.text(getattr(offer, key)) if key in _PRICES else getattr(offer, key) for key in _FACTS}
    wanted = {} if selector is None else selector.facts()
    return Entry(
        str(uuid.uuid4()), at, facts, quantity, before=sorted(before), application=application, selector=wanted
    )


def new_change(
    kind: str, number: str, identity: str, before: t.Mapping[str, str], after: t.Mapping[str, str], at: float
) -> ChangeEntry:
    """An intent to change the links of *number* from *before* to *after*, or to give it back."""
    return ChangeEntry(str(uuid.uuid4()), at, kind, number, identity, dict(before), dict(after))


def as_line(entry: Entry | ChangeEntry) -> bytes:
    """The line that *entry* is in the journal."""
    fields = dataclasses.asdict(entry)
    return json.dumps({**fields.pop("extra"), **fields}, sort_keys=True).encode("utf-8") + b"\n"


def parse(line: bytes, where: str) -> Entry | ChangeEntry:
    """Return the entry in *line*, which stands *where*. Raises Failure ``journal_required`` for one that cannot be
    trusted.
    """
    try:
        fields = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        kind = fields.get("kind", "")
        if kind and kind not in (LINK, RELEASE):
            raise Failure(
                "journal_required",
                f"The journal ({where}) has an entry of the kind {str(kind)[:40]!r}, which a newer release wrote: "
                "update the collection on this machine.",
            )
        entry: Entry | ChangeEntry = _built(ChangeEntry, fields) if kind else _built(Entry, fields)
        if not (_is_sane_change(entry) if isinstance(entry, ChangeEntry) else _is_sane(entry)):
            raise ValueError
        return entry
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Failure(
            "journal_required",
            f"The journal is damaged ({where}), so what was bought cannot be told: compare the account's numbers, "
            "then mend or remove that file.",
        ) from None


_Kind = t.TypeVar("_Kind", Entry, ChangeEntry)


def _built(kind: type[_Kind], fields: dict[str, t.Any]) -> _Kind:
    """An entry of *kind*; what it has no field for is kept in ``extra``."""
    known = {field.name for field in dataclasses.fields(kind)} - {"extra"}
    extra = {key: value for key, value in fields.items() if key not in known}
    return kind(**{key: value for key, value in fields.items() if key in known}, extra=extra)


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(name)


def _is_sane(entry: Entry) -> bool:
    """Whether every field has the type that the rest relies on. Raises what a wrong shape raises."""
    lists = (entry.before, entry.numbers, entry.references, entry.seen, entry.offer["capabilities"] or [])
    optional = [
        entry.application,
        entry.message,
        *(entry.offer[key] for key in _FACTS if key not in ("id", "capabilities")),
    ]
    wanted = [value for key, value in entry.selector.items() if key in KEYS and key != "capabilities"]
    return (
        all(isinstance(value, list) for value in (*lists, entry.selector.get("capabilities") or []))
        and _are_texts(
            [
                entry.id,
                entry.offer["id"],
                *(text for part in lists for text in part),
                *(entry.selector.get("capabilities") or ()),
            ]
        )
        and all(value is None or isinstance(value, str) for value in (*optional, *wanted))
        and _is_moment(entry.at)
        and isinstance(entry.quantity, int)
        and not isinstance(entry.quantity, bool)
        and entry.quantity >= 0
        and entry.as_offer("").id == entry.offer["id"]
        and entry.status in _STATES
    )


def _is_sane_change(entry: ChangeEntry) -> bool:
    links = [*entry.before.items(), *entry.after.items()]
    return (
        _are_texts([entry.id, entry.kind, entry.number, entry.identity, *(text for pair in links for text in pair)])
        and _is_moment(entry.at)
        and entry.status in _CHANGE_STATES
    )


def _are_texts(values: t.Iterable[t.Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_moment(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
