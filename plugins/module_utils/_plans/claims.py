# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: which pools of a plan may claim the same number. Every number belongs to one pool at most."""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

from .._core.link import Aim
from .._core.model import Number
from .._core.selector import Selector
from .._operations import links
from .._purchase.want import Want
from .model import Pool


def problems(pools: t.Sequence[Pool]) -> t.Iterator[str]:
    """A line for each two pools of one account that may claim the same number."""
    for first, second in itertools.combinations(pools, 2):
        if first.account.name == second.account.name and first.name != second.name:
            checks = (_shared_names, _moved, _overlap)
            problem = next((found for found in (check(first, second) for check in checks) if found), None)
            if problem:
                yield f"pools {first.name} and {second.name}: {problem}"


def rivals(pool: Pool, others: t.Iterable[Pool]) -> list[Pool]:
    """The *others* that may find the same free numbers as *pool*: their claims depend on which comes first."""
    return [
        other
        for other in others
        if other.name != pool.name
        and other.account.name == pool.account.name
        and not (other.retired or pool.retired)
        and other.want.numbers is None
        and pool.want.numbers is None
        and meet(pool.want.selector, other.want.selector)
    ]


def named(pools: t.Iterable[Pool]) -> dict[str, dict[str, str]]:
    """The numbers that pools name, by account: number → pool."""
    result: dict[str, dict[str, str]] = {}
    for pool in pools:
        for number in pool.want.numbers or ():
            result.setdefault(pool.account.name, {})[number] = pool.name
    return result


def without_others(pool: Pool, names: t.Mapping[str, t.Mapping[str, str]]) -> Want:
    """What *pool* wants, where the numbers that other pools name never count."""
    others = {number for number, owner in names.get(pool.account.name, {}).items() if owner != pool.name}
    return dataclasses.replace(pool.want, exclude=pool.want.exclude | others)


def retires(pool: Pool, number: Number) -> bool:
    """Whether *number* goes with the retired *pool*, unless a present one counts it: it is named, or it surely matches,
    all its links lead to the pool's applications, and no other pool names it.
    """
    want = pool.want
    if want.numbers is not None:
        return number.number in want.numbers
    if number.number in want.exclude or not decides(pool) or want.selector.match(number) is not True:
        return False
    return links.belongs_to(number, t.cast(Aim, want.application), want.default_application)


def decides(pool: Pool) -> bool:
    """Whether the applications of a retired *pool* tell its numbers from others. Those of the default one are free."""
    aim = pool.want.application
    return aim is not None and pool.want.default_application not in aim.ids


def meet(first: Selector, second: Selector) -> bool:
    """Whether one number may match both selectors. Only facts that a number has once can tell them apart."""
    for key in ("country", "type", "region", "city"):
        one, other = getattr(first, key), getattr(second, key)
        if one and other and one.casefold() != other.casefold():
            return False
    if first.prefix and second.prefix:
        return first.prefix.startswith(second.prefix) or second.prefix.startswith(first.prefix)
    return True


def _shared_names(first: Pool, second: Pool) -> str | None:
    both = sorted({*(first.want.numbers or ())} & {*(second.want.numbers or ())})
    return f"both name {', '.join(both)}; a number belongs to one pool." if both else None


def _moved(first: Pool, second: Pool) -> str | None:
    """Numbers are not moved from an application that another present pool wants."""
    for mover, other in ((first, second), (second, first)):
        aim = other.want.application
        taken = sorted(mover.move_from & aim.ids) if aim is not None and not other.retired else []
        if taken:
            return f"{mover.name} moves numbers from {', '.join(taken)}, which {other.name} wants: remove it."
    return None


def _overlap(first: Pool, second: Pool) -> str | None:
    if first.retired or second.retired or first.want.numbers is not None or second.want.numbers is not None:
        return None
    if not meet(first.want.selector, second.want.selector):
        return None
    one, other = first.want.application, second.want.application
    remedy = (
        "give them selectors that exclude each other (country, type, prefix, region, city), distinct applications, or "
        "name the numbers of one."
    )
    if one is None or other is None or not one.differs(other):
        return f"one number may match both: {remedy}"
    if first.account.default_application in one.ids | other.ids:
        return (
            f"one number may match both, and {first.account.default_application} is the default application, whose "
            f"numbers count as free: {remedy}"
        )
    return None
