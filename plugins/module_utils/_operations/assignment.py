# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: link numbers to applications, and unlink them. Linking adds: nothing is dropped that was not asked for."""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.exchange import NumberLink
from .._contract.features import Features
from .._core.errors import Failure
from .._core.link import URL, Aim, Link
from .._core.model import Number
from . import applications, linking, links
from .context import Context, Result, indexed, number_dicts, require_owned, usable_now
from .ledger import Ledger

Plan = t.Tuple[t.List[NumberLink], t.List[NumberLink]]  # links to make, links to drop


@dataclasses.dataclass(frozen=True)
class Wish:
    """Numbers that are to be linked to (``present``) or unlinked from what ``aim`` names."""

    numbers: tuple[str, ...]
    aim: Aim
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
    aim = applications.resolved(context, wish.aim) if wish.present else applications.identified(context, wish.aim)
    wish = dataclasses.replace(wish, aim=aim)
    with context.exclusive() as journal:
        ledger = Ledger(context, journal)
        owned = ledger.owned() if wish.exclusive else ledger.named(wish.numbers)
        for row in ledger.unreadable:  # only an exclusive wish has read the whole list
            raise Failure(
                "provider_error",
                f"{row.name} of the provider's list cannot be read ({row.why}), so who else has the link cannot be "
                "told.",
            )
        ledger.refuse_leaving(wish.numbers)
        chosen = require_owned(context, owned, wish.numbers, described)
        usable = usable_now(context, chosen, "links")
        linked = [number for number in owned.values() if wish.exclusive and _linked_here(wish.aim, number)]
        additions, removals = plan(provider.features, wish, usable, usable_now(context, linked, "links"))
        before = {**indexed(chosen), **{item.number.number: item.number for item in removals}}
        if context.check:
            _warn_of_whole(context, [*additions, *removals])
            after = {name: linking.linked(number, additions, removals) for name, number in before.items()}
            changed = bool(additions or removals)
        else:
            done = linking.apply(context, additions, removals, wish.present, wish.force, ledger)
            before, after, changed = {**before, **done.before}, {**before, **done.after}, done.changed
    return Result(
        changed,
        {"numbers": number_dicts(after[number.number] for number in chosen)},
        {name: links.state(number) for name, number in sorted(before.items())},
        {name: links.state(number) for name, number in sorted(after.items())},
    )


def check(features: Features, provider: str, wish: Wish) -> None:
    """Refuse, before any request, what the provider cannot do or the options do not say."""
    applications.check(features, provider, wish.aim)
    if wish.exclusive and (not wish.present or not wish.aim.named or len(wish.aim.targets) > 1):
        raise Failure(
            "invalid_option",
            "exclusive needs state 'present' and one 'capability': it says which numbers alone may have that link.",
        )
    if wish.exclusive and not wish.numbers and not wish.force:
        raise Failure(
            "invalid_option",
            "exclusive with an empty list unlinks every number of the application: set 'force' if that is meant.",
        )


def plan(features: Features, wish: Wish, chosen: t.Sequence[Number], owned: t.Sequence[Number]) -> Plan:
    """Return the links to make and those to drop: of the *chosen* numbers or, for ``exclusive``, of all others.

    Raises Failure ``conflict`` for a number that is linked elsewhere, ``unsupported`` for a link that cannot be set
    alone.
    """
    if not wish.present:
        return [], [item for number in chosen for item in _to_drop(features, wish, number)]
    additions = [item for number in chosen for item in _to_make(features, wish, number)]
    kept = {number.number for number in chosen}
    others = [number for number in owned if number.number not in kept] if wish.exclusive else []
    removals = [item for number in others for item in _linked_here(wish.aim, number)]
    for item in removals:
        _check_unlinked_alone(features.links_whole, item.number, [item.link])
    return additions, removals


def _to_make(features: Features, wish: Wish, number: Number) -> t.Iterator[NumberLink]:
    """The links of *number* that are missing."""
    for link in wish.aim.links(_capabilities(features, wish.aim, number)):
        capability = str(link.capability)
        elsewhere = [own for own in number.current if own.capability == capability and not wish.aim.covers(own)]
        if elsewhere and not wish.force:
            raise _linked_elsewhere(number, elsewhere, f" for {capability}")
        if elsewhere or not links.is_linked(number, capability, wish.aim):
            others = [own for own in number.current if own.capability is None and not wish.aim.covers(own)]
            if others and not wish.force:
                raise _linked_elsewhere(number, others)
            if not links.are_known(number) and not wish.force:
                raise links.unknown(number, "or ask the provider where it leads")
            _check_linked_alone(features, wish.aim, number)
            yield NumberLink(number, link)


def _linked_elsewhere(number: Number, where: t.Sequence[Link], what: str = "") -> Failure:
    addresses = any(link.kind == URL for link in where)
    first = "clear that address with number_configuration first" if addresses else "unlink it there first"
    listed = ", ".join(link.id for link in where)
    return Failure("conflict", f"{number.number} is linked to {listed}{what}: set 'force' to move it, or {first}.")


def _capabilities(features: Features, aim: Aim, number: Number) -> tuple[str, ...]:
    """The capabilities of *number* that the wish is about."""
    able = links.linkable(number, features.linked_capabilities, aim.named)
    if not able:
        raise Failure(
            "unsupported", f"{number.number} has no capability that {number.provider} links to an application."
        )
    lacking = [str(target.capability) for target in aim.targets if aim.named and target.capability not in able]
    if lacking:
        raise Failure("unsupported", f"{number.number} has no {', '.join(lacking)}: it has {', '.join(able)}.")
    wanted = tuple(capability for capability in able if aim.target(capability))
    if not wanted:
        raise Failure("unsupported", f"{number.number} has no capability that {aim} serves: it has {', '.join(able)}.")
    return wanted


def _linked_here(aim: Aim, number: Number) -> list[NumberLink]:
    """The links of *number* that lead where *aim* says, be it for a capability that it does not show or for none."""
    found = [(link, aim.target(link.capability)) for link in number.links]
    return [NumberLink(number, link) for link, target in found if target is not None and target.meets(link)]


def _to_drop(features: Features, wish: Wish, number: Number) -> list[NumberLink]:
    """The links that *number* is to lose. What nothing can link is as wanted, also after its last link was dropped."""
    addresses = {target.id for target in wish.aim.targets} & {link.id for link in number.links if link.kind == URL}
    if addresses:
        raise Failure(
            "unsupported",
            f"{', '.join(sorted(map(str, addresses)))} is an address that is set on {number.number}, and no "
            "application: clear it with number_configuration.",
        )
    found = _linked_here(wish.aim, number)
    if wish.aim.named:
        _check_unlinked_alone(features.unlinks_whole, number, [item.link for item in found])
    return found


def _check_linked_alone(features: Features, aim: Aim, number: Number) -> None:
    """Refuse to change one capability where the provider's call changes all of the number's, unless no other one is
    concerned.
    """
    if not features.links_whole or not aim.named:
        return
    targets = map(aim.target, links.linkable(number, features.linked_capabilities))
    if len({target and target.id for target in targets}) > 1:
        named = " and ".join(sorted(str(target.capability) for target in aim.targets))
        raise Failure(
            "unsupported",
            f"{number.provider} links {number.number} whole, not its {named} alone: leave 'capability' out.",
        )


def _check_unlinked_alone(whole: bool, number: Number, gone: t.Sequence[Link]) -> None:
    """Refuse to unlink *gone* where the call drops every link to the same application, and there are others."""
    names = {link.id for link in gone}
    others = sorted(str(link.capability) for link in number.links if link.id in names and link not in gone)
    if whole and others:
        raise Failure(
            "unsupported",
            f"{number.provider} unlinks {number.number} whole, which would drop its {', '.join(others)} too: leave "
            "'capability' out if that is meant.",
        )


def _warn_of_whole(context: Context, changes: t.Sequence[NumberLink]) -> None:
    """Say in check mode where only the run can tell whether another capability changes along."""
    by_number: dict[str, tuple[Number, set[str]]] = {}
    for item in changes:
        by_number.setdefault(item.number.number, (item.number, set()))[1].add(str(item.link.capability))
    along: dict[str, list[str]] = {}
    for name, (number, capabilities) in by_number.items():
        also = {other for capability in capabilities for other in context.provider.changes_along(number, capability)}
        if also - capabilities:
            along[name] = sorted(also - capabilities)
    changed = sorted({str(item.link.capability) for item in changes if item.number.number in along})
    listed = [f"{name} ({', '.join(others)})" for name, others in sorted(along.items())]
    if listed:
        context.warnings.append(
            f"{context.provider.name} may change more than {', '.join(changed)}, because these records have one "
            f"application for several capabilities: {', '.join(listed)}. The run shows what has become of them."
        )
