# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: link numbers to an application, and unlink them from it. Linking adds: nothing is dropped that was not asked
for.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.features import Features
from .._core.errors import Failure
from .._core.model import CAPABILITIES, Number
from . import linking, links
from .context import Context, Result, indexed, number_dicts, require_owned
from .ledger import Ledger
from .links import LinkLists


@dataclasses.dataclass(frozen=True)
class Wish:
    """Numbers that are to be linked to (``present``) or unlinked from an application, for one capability or for
    each.
    """

    numbers: tuple[str, ...]
    application: str
    capability: str | None = None
    present: bool = True
    exclusive: bool = False
    force: bool = False


def assignment(context: Context, wish: Wish, described: t.Mapping[str, Number]) -> Result:
    """Have the links that *wish* names, and report those that changed. *described* are the numbers that were given as
    objects.
    """
    provider = context.provider
    check(provider.features, provider.name, wish)
    if not wish.numbers and not wish.exclusive:
        return Result(facts={"numbers": []}, before={}, after={})
    with context.exclusive() as journal:
        ledger = Ledger(context, journal)
        owned = ledger.owned() if wish.exclusive else ledger.named(wish.numbers)
        for row in ledger.unreadable:  # only an exclusive wish has read the whole list
            raise Failure(
                "provider_error",
                f"{row.name} of the provider's list cannot be read ({row.why}), so who else has the link cannot be "
                "told.",
            )
        chosen = require_owned(context, owned, wish.numbers, described)
        additions, removals = plan(provider.features, wish, chosen, list(owned.values()))
        if not wish.present:
            additions, removals = {}, additions
        before = {**indexed(chosen), **{number.number: number for items in removals.values() for number in items}}
        if context.check:
            _warn_of_whole(context, wish, additions, removals)
            after = {
                name: linking.linked(number, wish.application, additions, removals) for name, number in before.items()
            }
            changed = bool(additions or removals)
        else:
            done = linking.apply(context, wish.application, additions, removals, wish.present, wish.force, ledger)
            before, after, changed = {**before, **done.before}, {**before, **done.after}, done.changed
    return Result(
        changed,
        {"numbers": number_dicts(after[number.number] for number in chosen)},
        {name: links.state(number) for name, number in sorted(before.items())},
        {name: links.state(number) for name, number in sorted(after.items())},
    )


def check(features: Features, provider: str, wish: Wish) -> None:
    """Refuse, before any request, what the provider cannot do or the options do not say."""
    if wish.capability is not None and wish.capability not in CAPABILITIES:
        raise Failure("invalid_option", f"capability {wish.capability!r} is unknown: use {', '.join(CAPABILITIES)}.")
    if not features.linked_capabilities:
        raise features.unsupported("assignment", provider)
    if wish.capability is not None and wish.capability not in features.linked_capabilities:
        raise Failure(
            "unsupported", f"{provider} links no {wish.capability}: use {', '.join(features.linked_capabilities)}."
        )
    if not wish.application:
        raise Failure("invalid_option", "application must be the id of an application.")
    if wish.exclusive and (not wish.present or wish.capability is None):
        raise Failure(
            "invalid_option",
            "exclusive needs state 'present' and one 'capability': it says which numbers alone may have that link.",
        )
    if wish.exclusive and not wish.numbers and not wish.force:
        raise Failure(
            "invalid_option",
            "exclusive with an empty list unlinks every number of the application: set 'force' if that is meant.",
        )


def plan(
    features: Features, wish: Wish, chosen: t.Sequence[Number], owned: t.Sequence[Number]
) -> tuple[LinkLists, LinkLists]:
    """Return the links to make and, for ``exclusive``, those to drop; for ``absent`` the first are the ones to drop.

    Raises Failure ``conflict`` for a number that is linked elsewhere, ``unsupported`` for a link that cannot be set
    alone.
    """
    changes: LinkLists = {}
    for number in chosen:
        for capability in (
            _capabilities(features, wish, number) if wish.present else _linked_here(features, wish, number)
        ):
            linked = number.applications.get(capability)
            if wish.present and linked not in (None, wish.application) and not wish.force:
                raise Failure(
                    "conflict",
                    f"{number.number} is linked to {linked} for {capability}: set 'force' to move it, or unlink it "
                    "there first.",
                )
            if (linked == wish.application) != wish.present or capability == links.OTHER:
                others = links.foreign(number, wish.application, None) if number.other_links else ()
                if wish.present and others and not wish.force:
                    raise Failure(
                        "conflict",
                        f"{number.number} is linked to {', '.join(others)}: set 'force' to move it, or unlink it "
                        "there first.",
                    )
                _check_alone(features, wish, number)
                changes.setdefault(capability, []).append(number)
    dropped: LinkLists = {}
    if wish.exclusive and wish.capability is not None:
        kept = {number.number for number in chosen}
        drop = [
            number
            for number in owned
            if number.applications.get(wish.capability) == wish.application and number.number not in kept
        ]
        for number in drop:
            _check_unlinked_alone(features.links_whole, wish, number)
        dropped = {wish.capability: drop} if drop else {}
    return changes, dropped


def _capabilities(features: Features, wish: Wish, number: Number) -> tuple[str, ...]:
    """The capabilities of *number* that the wish is about."""
    able = links.linkable(number, features.linked_capabilities)
    if not able:
        raise Failure(
            "unsupported", f"{number.number} has no capability that {number.provider} links to an application."
        )
    if wish.capability is None:
        return able
    if wish.capability not in able:
        raise Failure("unsupported", f"{number.number} has no {wish.capability}: it has {', '.join(able)}.")
    return (wish.capability,)


def _linked_here(features: Features, wish: Wish, number: Number) -> tuple[str, ...]:
    """What links *number* to the application that it is to be unlinked from, be it a capability that it does not show
    or none at all.

    What nothing can link is as wanted.
    """
    found = tuple(
        capability
        for capability, linked in number.applications.items()
        if linked == wish.application and wish.capability in (None, capability)
    )
    if wish.capability is None and wish.application in number.other_links:
        found = (*found, links.OTHER)
    nothing_to_drop = wish.capability is None and not links.linkable(number, features.linked_capabilities)
    return found if found or nothing_to_drop else _capabilities(features, wish, number)


def _check_alone(features: Features, wish: Wish, number: Number) -> None:
    """Refuse to change one capability where the provider's call changes all of the number's, unless no other one is
    concerned.
    """
    if wish.capability is None:
        return
    others = [key for key in links.linkable(number, features.linked_capabilities) if key != wish.capability]
    if wish.present and features.links_whole and others:
        raise Failure(
            "unsupported",
            f"{number.provider} links {number.number} whole, not its {wish.capability} alone: leave 'capability' out.",
        )
    _check_unlinked_alone(features.unlinks_whole and not wish.present, wish, number)


def _check_unlinked_alone(whole: bool, wish: Wish, number: Number) -> None:
    others = [
        key for key, linked in number.applications.items() if key != wish.capability and linked == wish.application
    ]
    if whole and others:
        raise Failure(
            "unsupported",
            f"{number.provider} unlinks {number.number} whole, which would drop its {', '.join(others)} too: leave "
            "'capability' out if that is meant.",
        )


def _warn_of_whole(context: Context, wish: Wish, additions: LinkLists, removals: LinkLists) -> None:
    """Say in check mode where only the run can tell whether another capability changes along."""
    if wish.capability is None:
        return
    numbers = [*additions.get(wish.capability, ()), *removals.get(wish.capability, ())]
    along = {number.number: context.provider.changes_along(number, wish.capability) for number in numbers}
    listed = [f"{name} ({', '.join(others)})" for name, others in sorted(along.items()) if others]
    if listed:
        context.warnings.append(
            f"{context.provider.name} may change more than {wish.capability}, because these records have one "
            "application for several capabilities: "
            f"{', '.join(listed)}. The run shows what has become of them."
        )
