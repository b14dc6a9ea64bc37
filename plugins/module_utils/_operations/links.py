# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the pure part of linking numbers to applications."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.model import Number, Offer

LinkLists = t.Dict[str, t.List[Number]]  # capability → numbers, while it is put together

OTHER = "other"  # stands where a capability does, for applications that the record names for none


def state(number: Number) -> dict[str, str]:
    """Everything that *number* is linked to, as a diff shows it: capability → application."""
    return {
        **dict(sorted(number.applications.items())),
        **({OTHER: ", ".join(number.other_links)} if number.other_links else {}),
    }


def changed(number: Number, links: t.Mapping[str, str], touched: t.Iterable[str]) -> Number:
    """*number* where the *touched* capabilities are linked as *links* say, and to nothing where they say nothing."""
    applications, others = dict(number.applications), number.other_links
    for capability in touched:
        if capability == OTHER:
            others = tuple(links[OTHER].split(", ")) if OTHER in links else ()
        elif capability in links:
            applications[capability] = links[capability]
        else:
            applications.pop(capability, None)
    return dataclasses.replace(number, applications=applications, other_links=others)


def linkable(number: Number | Offer, linked_capabilities: t.Collection[str]) -> tuple[str, ...]:
    """The capabilities of *number*, or of an offer, that the provider links. One whose capabilities are not told has
    none.
    """
    return tuple(capability for capability in number.capabilities or () if capability in linked_capabilities)


def unlinked(number: Number, application: str, linked_capabilities: t.Collection[str]) -> tuple[str, ...]:
    """The linkable capabilities of *number* that are not linked to *application*."""
    return tuple(
        capability
        for capability in linkable(number, linked_capabilities)
        if number.applications.get(capability) != application
    )


def foreign(number: Number, application: str, free: str | None) -> tuple[str, ...]:
    """The applications other than *application* that *number* is linked to; *free* (the account's default application)
    is none.
    """
    return tuple(linked for linked in number.linked_to if linked not in (application, free))


def belongs_to(number: Number, application: str, free: str | None) -> bool:
    """Whether *number* is one of *application*'s own: linked to it, and to no other."""
    return application in number.linked_to and not foreign(number, application, free)


def by_capability(numbers: t.Iterable[Number], application: str, linked_capabilities: t.Collection[str]) -> LinkLists:
    """The links that are missing to have *numbers* linked whole to *application*."""
    links: LinkLists = {}
    for number in numbers:
        for capability in unlinked(number, application, linked_capabilities):
            links.setdefault(capability, []).append(number)
    return links
