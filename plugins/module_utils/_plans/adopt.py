# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: the pools that describe what an account owns and no pool of a plan holds. It sends nothing, but for what
only an opened account knows of its applications.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._core.errors import Failure
from .._core.link import APPLICATION, URL, Aim, Target
from .._core.model import FAILED, LEAVING, PENDING, Number, by_number
from .._operations import applications, assignment, links
from .._operations.context import Context
from .._providers import NAMES
from . import claims
from .counts import counts
from .model import Account, Plan

Options = t.Dict[str, t.Any]  # of a pool: what its numbers are linked to
_Signature = t.Optional[t.Tuple[t.Tuple[str, str, str], ...]]  # capability, id, kind; None where a pool cannot say it


@dataclasses.dataclass
class Adopted:
    """A pool that names owned numbers, and their records for who reads it."""

    name: str
    account: Account
    numbers: t.Sequence[Number]
    options: Options
    is_linked_otherwise: bool  # to an address, or to what its record does not tell

    def as_dict(self, defined: t.Collection[str]) -> dict[str, t.Any]:
        """The pool as a plan has it; *defined* are the accounts that the plan defines."""
        bare = self.account.name in NAMES and self.account.name not in defined
        place = {"provider" if bare else "account": self.account.name}
        return {"name": self.name, **place, **self.options, "numbers": [number.number for number in self.numbers]}


def adopt(plan: Plan, account: Account, context: Context, owned: t.Iterable[Number]) -> list[Adopted]:
    """The pools for those *owned* numbers of *account* that *plan* does not hold, in a stable order.

    Numbers that are leaving or failed are left out: no pool can have them as wanted.
    """
    numbers = sorted((one for one in owned if one.status not in (LEAVING, FAILED)), key=by_number)
    groups: dict[tuple[str, str, _Signature], list[Number]] = {}
    for number in _free(plan, account, context, numbers):
        key = (number.country or "", number.type or "", _signature(number, account.default_application))
        groups.setdefault(key, []).append(number)
    taken = {pool.name for pool in plan.pools}
    found: list[Adopted] = []
    for key in sorted(groups, key=lambda key: (key[0], key[1], key[2] is None, key[2] or ())):
        country, kind, signature = key
        options = _options(context, account, signature, groups[key])
        ids = dict.fromkeys(link[1] for link in signature or ()) if options else {}
        suffix = [*ids] if options else ["linked"] if signature is None or signature else []
        name = _name([account.name, country.lower(), kind, *suffix], taken)
        taken.add(name)
        found.append(Adopted(name, account, groups[key], options, bool(not options and signature != ())))
    return found


def _free(plan: Plan, account: Account, context: Context, owned: t.Sequence[Number]) -> list[Number]:
    """The *owned* numbers that no pool of *plan* holds."""
    pools = [pool for pool in plan.pools if pool.account.name == account.name]
    present = [pool for pool in pools if not pool.retired]
    linked = context.provider.features.linked_capabilities
    held = {number.number for count in counts(present, owned, linked).values() for number in count.numbers}
    retired = [pool for pool in pools if pool.retired]
    return [
        number
        for number in owned
        if number.number not in held and not any(claims.retires(pool, number) for pool in retired)
    ]


def _signature(number: Number, default: str | None) -> _Signature:
    """What *number* is linked to, as a pool can say it. The default application is nothing."""
    if not number.links_known or any(link.capability is None or link.kind == URL for link in number.current):
        return None
    found = {(str(link.capability), link.id, link.kind) for link in number.current if link.id != default}
    return tuple(sorted(found)) if len({link[0] for link in found}) == len(found) else None


def _options(context: Context, account: Account, signature: _Signature, numbers: t.Sequence[Number]) -> Options:
    """The shortest options under which *numbers* are linked as wanted; none where nothing says it."""
    for options, aim in _candidates(signature or ()):
        if _fits(context, account, aim, numbers):
            return options
    return {}


def _candidates(signature: t.Sequence[tuple[str, str, str]]) -> t.Iterator[tuple[Options, Aim]]:
    ids, kinds = {link[1] for link in signature}, {link[2] for link in signature}
    if len(ids) == 1:
        (identity,) = ids
        yield {"application": identity}, Aim((Target(identity),))
        if len(kinds) == 1 and kinds != {APPLICATION}:
            (kind,) = kinds
            yield {"application": identity, "application_kind": kind}, Aim((Target(identity, None, kind),))
    if signature:
        yield (
            {"applications": {capability: identity for capability, identity, _kind in signature}},
            Aim(tuple(Target(identity, capability) for capability, identity, _kind in signature), True),
        )
        yield (
            {"applications": {capability: {"id": identity, "kind": kind} for capability, identity, kind in signature}},
            Aim(tuple(Target(identity, capability, kind) for capability, identity, kind in signature), True),
        )


def _fits(context: Context, account: Account, aim: Aim, numbers: t.Sequence[Number]) -> bool:
    """Whether *numbers* are linked as *aim* says and to nothing else, so that converging has nothing to do."""
    features = context.provider.features
    try:
        assignment.check(features, context.provider.name, assignment.Wish((), aim))
        known = applications.resolved(context, aim)
    except Failure:
        return False
    able = [capability for capability in features.linked_capabilities if known.target(capability)]
    return not any(
        links.foreign(number, known, account.default_application)
        or (number.status != PENDING and links.unlinked(number, known, able))
        for number in numbers
    )


def _name(parts: t.Sequence[str], taken: t.Collection[str]) -> str:
    """A name of one word that no other pool has."""
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", "-".join(part for part in parts if part)).strip("-")
    place, found = 1, name
    while found in taken:
        place += 1
        found = f"{name}-{place}"
    return found
