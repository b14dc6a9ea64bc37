# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the pure part of linking numbers to applications."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import typing as t

from .._contract.exchange import NumberLink
from .._core.errors import Failure
from .._core.link import APPLICATION, FAILED, URL, Aim, Link
from .._core.model import CAPABILITIES, Number, Offer

OTHER = "other"  # stands where a capability does, for what the record names for none

_KEPT = re.compile(r"([a-z_]+) (.+)\Z", re.DOTALL)


# -- states ------------------------------------------------------------------------------------------------------------


def state(number: Number) -> dict[str, str]:
    """Everything that *number* is linked to, as a diff shows it: capability → application or address."""
    return _state(number, lambda link: link.id)


def kept(number: Number) -> dict[str, str]:
    """The same as a journal keeps it: with the kind, where that is not the common one, and without any address."""
    return _state(number, _as_kept)


def _state(number: Number, text: t.Callable[[Link], str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for link in sorted(number.current, key=lambda link: (link.capability or "~", text(link))):
        found.setdefault(link.capability or OTHER, []).append(text(link))
    return {capability: ", ".join(texts) for capability, texts in found.items()}


def _as_kept(link: Link) -> str:
    """A link as text. An address may hold a token, so its hash stands for it."""
    if link.kind == URL:
        return f"{URL} {hashlib.sha256(link.id.encode('utf-8')).hexdigest()[:16]}"
    return link.id if link.kind == APPLICATION and " " not in link.id else f"{link.kind} {link.id}"


def _from_kept(capability: str, text: str) -> Link:
    found = _KEPT.match(text)
    kind, identity = found.groups() if found else (APPLICATION, text)
    return Link(None if capability == OTHER else capability, identity, kind)


def changed(number: Number, texts: t.Mapping[str, str], touched: t.Iterable[str]) -> Number:
    """*number* where the *touched* capabilities are linked as *texts* of a journal say, and to nothing else."""
    gone = {None if capability == OTHER else capability for capability in touched}
    added = [_from_kept(key, part) for key in touched if key in texts for part in texts[key].split(", ")]
    return _with(number, [link for link in number.links if link.capability not in gone], added)


def relinked(number: Number, additions: t.Sequence[Link], removals: t.Sequence[Link]) -> Number:
    """*number* with *additions*, each in place of whatever its capability was linked to, and without *removals*.

    Where nothing else is left of a capability, the link that was covered shows.
    """
    replaced = {link.capability for link in additions}
    gone = {link[:3] for link in removals}
    left = [link for link in number.links if link.capability not in replaced and link[:3] not in gone]
    bare = {link.capability for link in removals} - {link.capability for link in (*left, *additions)}
    shown = {link.capability: link for link in reversed(number.covered) if link.capability in bare}
    return _with(number, left, [*additions, *shown.values()])


def _with(number: Number, left: t.Sequence[Link], added: t.Sequence[Link]) -> Number:
    return dataclasses.replace(number, links=tuple(dict.fromkeys([*left, *added])))


# -- what is wanted ----------------------------------------------------------------------------------------------------


def linkable(record: Number | Offer, linked_capabilities: t.Collection[str], named: bool = False) -> tuple[str, ...]:
    """The capabilities of a number, or of an offer, that can be linked.

    Those of which the record does not tell are among them where the task has *named* what is to be linked.
    """
    able = {*(record.capabilities or ())}
    if named:
        able.update(CAPABILITIES if record.capabilities is None else record.untold)
    return tuple(capability for capability in sorted(linked_capabilities) if capability in able)


def fits(record: Number | Offer, aim: Aim, linked_capabilities: t.Collection[str]) -> bool:
    """Whether it can be linked as wanted: for each capability that the task names or, where it names none, for any."""
    able = linkable(record, linked_capabilities, aim.named)
    return bool(able) and (not aim.named or len(able) == len(set(linked_capabilities)))


def is_linked(number: Number, capability: str, aim: Aim) -> bool:
    """Whether *capability* is linked as wanted, or about to be."""
    target = aim.target(capability)
    found = [link for link in number.current if link.capability == capability]
    return target is not None and any(target.meets(link) and link.status != FAILED for link in found)


def unlinked(number: Number, aim: Aim, linked_capabilities: t.Collection[str]) -> tuple[str, ...]:
    """The linkable capabilities of *number* that are not linked as wanted."""
    able = linkable(number, linked_capabilities, aim.named)
    return tuple(key for key in able if aim.target(key) is not None and not is_linked(number, key, aim))


def are_known(number: Number) -> bool:
    """Whether the record of *number* says what it is linked to, at least that it is linked to something."""
    return number.links_known or bool(number.current)


def unknown(number: Number, otherwise: str) -> Failure:
    """The failure for a number that may be linked to anything; *otherwise* is what to do instead of forcing it."""
    return Failure(
        "conflict",
        f"The record of {number.number} does not say what it is linked to: link it with number_assignment and 'force', "
        f"{otherwise}.",
    )


def foreign(number: Number, aim: Aim, free: str | None) -> tuple[str, ...]:
    """What *number* is linked to beside what is wanted; *free* (the account's default application) is nothing."""
    return tuple(sorted({link.id for link in number.current if not aim.covers(link) and link.id != free}))


def belongs_to(number: Number, aim: Aim, free: str | None) -> bool:
    """Whether *number* is one of the wanted applications' own: linked to one, and to nothing else."""
    return any(aim.covers(link) for link in number.current) and not foreign(number, aim, free)


def missing(numbers: t.Iterable[Number], aim: Aim, linked_capabilities: t.Collection[str]) -> list[NumberLink]:
    """The links that are to be made to have *numbers* linked as wanted."""
    return [
        NumberLink(number, link) for number in numbers for link in aim.links(unlinked(number, aim, linked_capabilities))
    ]
