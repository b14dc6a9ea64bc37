# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: what a number is linked to, and what a task wants it to be linked to."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import quote, unquote

LINKED = "linked"
LINKING = "linking"  # asked for, and the provider is at it
FAILED = "failed"  # asked for, and the provider says that it did not come about

APPLICATION = "application"  # the kind where a provider has one alone
URL = "url"  # a URL, SIP address, forward or flow that is set on the number itself


class Link(t.NamedTuple):
    """What answers a *capability* of a number: an application of some *kind*, or an address on it (``url``).

    ``capability`` is None where the record names an application and does not say for what. A link that another one
    overrides, so that nothing reaches it, is none.
    """

    capability: str | None
    id: str
    kind: str = APPLICATION
    status: str = LINKED

    def as_dict(self) -> dict[str, t.Any]:
        """A member of a number object's ``links``."""
        return {"capability": self.capability, "kind": self.kind, "id": self.id, "status": self.status}


class Target(t.NamedTuple):
    """An application as a task names it, by ``id`` or ``name``.

    Without ``capability`` it is for each one that it serves; without ``kind`` it may be of any.
    """

    id: str | None
    capability: str | None = None
    kind: str | None = None
    name: str | None = None

    def meets(self, link: Link) -> bool:
        """Whether *link*, be it still on its way, leads here. An address on the number never does."""
        return self.id == link.id and link.kind != URL and self.kind in (None, link.kind)


@dataclasses.dataclass(frozen=True)
class Aim:
    """What a task wants numbers to be linked to. With *named* it names the capabilities, and wants each of them."""

    targets: tuple[Target, ...]
    named: bool = False

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(str(target.id or target.name) for target in self.targets))

    def target(self, capability: str | None) -> Target | None:
        """What *capability* shall be linked to, None when the task leaves it alone."""
        found = [target for target in self.targets if target.capability == capability]
        return next(iter(found or [target for target in self.targets if target.capability is None]), None)

    def covers(self, link: Link) -> bool:
        """Whether *link* is as wanted. Where its capability is left alone, any wanted application is right."""
        target = self.target(link.capability)
        return target.meets(link) if target else any(other.meets(link) for other in self.targets)

    def links(self, capabilities: t.Iterable[str]) -> tuple[Link, ...]:
        """The links that it wants of *capabilities*. Only where every application is known by its id."""
        pairs = ((capability, self.target(capability)) for capability in sorted(capabilities))
        return tuple(Link(capability, str(to.id), to.kind or APPLICATION) for capability, to in pairs if to is not None)

    def differs(self, other: Aim) -> bool:
        """Whether no number can be as both want it: they name another application for the same capability."""
        capabilities = {target.capability for target in (*self.targets, *other.targets)}
        pairs = [(self.target(capability), other.target(capability)) for capability in capabilities]
        return any(one is not None and two is not None and one.id != two.id for one, two in pairs)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the applications."""
        return frozenset(str(target.id) for target in self.targets)

    @property
    def text(self) -> str:
        """How a journal keeps it: the id, where one application of the common kind serves whatever it can."""
        if len(self.ids) == 1 and not self.named and all(one.kind in (None, APPLICATION) for one in self.targets):
            return str(self.targets[0].id)
        return " ".join(f"{one.capability}={one.kind}/{quote(str(one.id), safe='')}" for one in self.targets)


_KEPT = re.compile(r"(mms|sms|voice)=([a-z_]+)/(\S+)\Z")


def aim_from(text: str) -> Aim:
    """The aim that a journal keeps as *text*."""
    found = [_KEPT.match(part) for part in text.split(" ")]
    if not all(found):
        return Aim((Target(text),))
    return Aim(tuple(Target(unquote(part[3]), part[1], part[2]) for part in found if part), True)


def links_from(item: t.Mapping[str, t.Any]) -> tuple[Link, ...]:
    """The links of a number object that somebody hands in, be it one that names ``applications`` alone."""
    rows, applications = item.get("links"), item.get("applications")
    if isinstance(rows, list):
        return tuple(_link_from(row) for row in rows if isinstance(row, t.Mapping))
    if not isinstance(applications, t.Mapping):
        return ()
    return tuple(Link(str(capability), str(application)) for capability, application in applications.items())


def _link_from(row: t.Mapping[str, t.Any]) -> Link:
    capability = row.get("capability")
    return Link(
        None if capability is None else str(capability),
        str(row.get("id")),
        str(row.get("kind") or APPLICATION),
        str(row.get("status") or LINKED),
    )


def one(application: str, capability: str | None = None, kind: str | None = None) -> Aim:
    """The aim of a task that names one *application* by its id."""
    return Aim((Target(application, capability, kind),), capability is not None)
