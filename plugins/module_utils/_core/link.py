# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: the links of numbers to applications, as they are (Link) and as a task wants them (Target, Aim)."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import quote, unquote

LINKED = "linked"
LINKING = "linking"  # requested, and the provider is still working on it
FAILED = "failed"  # requested, and the provider says that it failed

APPLICATION = "application"  # the kind of applications at a provider that has only one kind
URL = "url"  # a URL, SIP address, forward or flow that is set on the number itself


class Link(t.NamedTuple):
    """A link of a number's *capability*: to an application of some *kind*, or to an address set on it (``url``).

    ``capability`` is None when the provider's record names an application but no capability. A link that another link
    overrides, so that no call or message reaches it, is left out of a number's links.
    """

    capability: str | None
    id: str
    kind: str = APPLICATION
    status: str = LINKED

    def as_dict(self) -> dict[str, t.Any]:
        """Return the link as an item of a number object's ``links``."""
        return {"capability": self.capability, "kind": self.kind, "id": self.id, "status": self.status}


class Target(t.NamedTuple):
    """An application that a task names by ``id`` or ``name``.

    Without ``capability`` the task wants it for each capability that it serves. Without ``kind`` it may be of any kind.
    """

    id: str | None
    capability: str | None = None
    kind: str | None = None
    name: str | None = None

    def meets(self, link: Link) -> bool:
        """Whether *link* leads to this application, or soon will (``linking``). A link to an address never does."""
        return self.id == link.id and link.kind != URL and self.kind in (None, link.kind)


@dataclasses.dataclass(frozen=True)
class Aim:
    """The applications that a task wants numbers to be linked to.

    With *named* the task names the capabilities, and wants a link for each of them.
    """

    targets: tuple[Target, ...]
    named: bool = False

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(str(target.id or target.name) for target in self.targets))

    def target(self, capability: str | None) -> Target | None:
        """Return the application that *capability* must be linked to, or None when the task does not mention it."""
        found = [target for target in self.targets if target.capability == capability]
        return next(iter(found or [target for target in self.targets if target.capability is None]), None)

    def covers(self, link: Link) -> bool:
        """Whether *link* is as wanted. For a capability that the task does not mention any wanted application is."""
        target = self.target(link.capability)
        return target.meets(link) if target else any(other.meets(link) for other in self.targets)

    def links(self, capabilities: t.Iterable[str]) -> tuple[Link, ...]:
        """Return the wanted links of *capabilities*, sorted. The id of every application must be known."""
        pairs = ((capability, self.target(capability)) for capability in sorted(capabilities))
        return tuple(Link(capability, str(to.id), to.kind or APPLICATION) for capability, to in pairs if to is not None)

    def differs(self, other: Aim) -> bool:
        """Whether no number can satisfy both aims: they name different applications for the same capability."""
        capabilities = {target.capability for target in (*self.targets, *other.targets)}
        pairs = [(self.target(capability), other.target(capability)) for capability in capabilities]
        return any(
            one is not None and two is not None and (one.id or one.name) != (two.id or two.name) for one, two in pairs
        )

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the applications, as far as they are known."""
        return frozenset(target.id for target in self.targets if target.id)

    @property
    def text(self) -> str:
        """The aim as the journal stores it, which ``aim_from`` reads.

        One application of no special kind for all its capabilities is its id alone.
        """
        if len(self.ids) == 1 and not self.named and all(one.kind in (None, APPLICATION) for one in self.targets):
            return str(self.targets[0].id)
        return " ".join(f"{one.capability}={one.kind}/{quote(str(one.id), safe='')}" for one in self.targets)


_KEPT = re.compile(r"(mms|sms|voice)=([a-z_]+)/(\S+)\Z")


def aim_from(text: str) -> Aim:
    """Return the aim that the journal stores as *text*."""
    found = [_KEPT.match(part) for part in text.split(" ")]
    if not all(found):
        return Aim((Target(text),))
    return Aim(tuple(Target(unquote(part[3]), part[1], part[2]) for part in found if part), True)


def links_from(item: t.Mapping[str, t.Any]) -> tuple[Link, ...]:
    """Return the links of *item*, a number object from a user. One without ``links`` may have ``applications``."""
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
    """Return the aim of a task that names one *application* by its id."""
    return Aim((Target(application, capability, kind),), capability is not None)
