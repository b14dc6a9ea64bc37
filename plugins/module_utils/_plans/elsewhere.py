# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: owned numbers that match a pool and are linked elsewhere. They are said, and never silently bought again."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.model import FAILED, LEAVING, PENDING, Number
from .model import Pool

ALL = "all"  # in leave_linked: whatever they are linked to


def linked_elsewhere(
    pool: Pool, owned: t.Iterable[Number], linked_capabilities: t.Sequence[str]
) -> dict[str, tuple[Number, frozenset[str]]]:
    """The *owned* numbers that surely match *pool* and that a capability which it links leads elsewhere, in order, with
    what they are linked to beside what the pool wants.
    """
    want, aim = pool.want, pool.want.application
    if want.numbers is not None or aim is None:
        return {}
    capabilities = (None, *want.links(linked_capabilities))
    found: dict[str, tuple[Number, frozenset[str]]] = {}
    for number in sorted(owned, key=lambda number: number.number):
        is_out = number.number in want.exclude or number.status in (LEAVING, FAILED, PENDING)
        if is_out or want.selector.match(number) is not True:
            continue
        foreign = [link for link in number.current if not aim.covers(link) and link.id != want.default_application]
        if any(link.capability in capabilities for link in foreign):
            found[number.number] = number, frozenset(link.id for link in foreign)
    return found


def to_move(pool: Pool, elsewhere: t.Mapping[str, tuple[Number, frozenset[str]]], most: int) -> list[Number]:
    """Those of the numbers *elsewhere*, *most* of them, that the pool may move to its application."""
    return [number for number, places in elsewhere.values() if places <= pool.move_from][:most]


def check_left(pool: Pool, elsewhere: t.Mapping[str, tuple[Number, frozenset[str]]], missing: int) -> None:
    """Raise Failure ``conflict`` where numbers that may be meant are linked elsewhere, and the plan does not say to
    leave them there.
    """
    if ALL in pool.leave_linked:
        return
    counts: dict[str, int] = {}
    for _number, places in elsewhere.values():
        for place in sorted(places - pool.leave_linked)[:1]:
            counts[place] = counts.get(place, 0) + 1
    if not counts:
        return
    total = sum(counts.values())
    told = ", ".join(f"{count} to {place}" for place, count in counts.items())
    names = [name for name, (_number, places) in elsewhere.items() if places - pool.leave_linked]
    ids = ", ".join(f"'{place}'" for place in counts)
    kept = ", ".join(f"'{place}'" for place in sorted({*counts, *pool.leave_linked}))
    raise Failure(
        "conflict",
        f"{missing} missing, and {total} owned {'number matches and is' if total == 1 else 'numbers match and are'} "
        f"linked elsewhere ({told}): {', '.join(names[:10])}. Nothing is bought. To move them, add move_from: [{ids}] "
        f"to the pool; to leave them where they are and buy others, add leave_linked: [{kept}] to the pool, or "
        "leave_linked: [all] to the pool or the account.",
    )
