# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what a wanted state has already, and what is missing. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.model import PENDING, Number, by_number
from .._operations import links
from .want import Want


@dataclasses.dataclass(frozen=True)
class Tally:
    """What the wanted state has already: numbers that satisfy it, those of them still to be linked, and what is
    missing. Links of a pending number wait until it is active.

    ``undecided`` and ``missing`` are telephone numbers: owned ones that may match, and named ones that are not owned.
    """

    satisfied: tuple[Number, ...]
    to_link: tuple[Number, ...]
    undecided: tuple[str, ...]
    missing: tuple[str, ...]
    shortage: int


def tally(
    want: Want, owned: t.Sequence[Number], linked_capabilities: t.Collection[str], coming: int, own_coming: int = 0
) -> Tally:
    """Compare *want* with the *owned* numbers; *coming* are ordered numbers that will match, *own_coming* those of them
    ordered for the application.

    Raises Failure ``conflict`` when a named number is linked to another application, or may be.
    """
    if want.numbers is not None:
        return _tally_named(want, owned, linked_capabilities)
    numbers = sorted((number for number in owned if number.number not in want.exclude), key=by_number)
    verdicts = {number.number: _matches(want, number) for number in numbers}
    matching = [number for number in numbers if verdicts[number.number]]
    undecided = tuple(
        number.number for number in numbers if verdicts[number.number] is None and _may_count(want, number)
    )
    satisfied, to_link = _own_then_free(want, matching, linked_capabilities, own_coming)
    return Tally(tuple(satisfied), tuple(to_link), undecided, (), max(0, want.count - len(satisfied) - coming))


def _matches(want: Want, number: Number) -> bool | None:
    """Whether *number* counts by its facts. A number that may be linked to anything is undecided for an application."""
    matches = want.selector.match(number)
    return None if matches and want.application is not None and not links.are_known(number) else matches


def _may_count(want: Want, number: Number) -> bool:
    return want.application is None or not links.foreign(number, want.application, want.default_application)


def _own_then_free(
    want: Want, matching: list[Number], linked_capabilities: t.Collection[str], own_coming: int
) -> tuple[list[Number], list[Number]]:
    """The application's own numbers count first, then free ones until the count is reached.

    To be linked are the free ones, and own ones that have a part of their links only: what linked them was interrupted.
    """
    if want.application is None:
        return matching, []
    own = [number for number in matching if _is_own(want, number, linked_capabilities)]
    free = [
        number
        for number in matching
        if number not in own and not links.foreign(number, want.application, want.default_application)
    ]
    usable = [number for number in free if links.fits(number, want.application, linked_capabilities)]
    taken = usable[: max(0, want.count - len(own) - own_coming)]
    parted = [number for number in own if links.unlinked(number, want.application, linked_capabilities)]
    return own + taken, _usable_now(parted + taken)


def _is_own(want: Want, number: Number, linked_capabilities: t.Collection[str]) -> bool:
    """Whether *number* is one of the application's; where one capability is wanted, it must have that link or be able
    to get it.
    """
    aim = want.application
    if aim is None or not links.belongs_to(number, aim, want.default_application):
        return False
    served = all(links.is_linked(number, capability, aim) for capability in linked_capabilities)
    return not aim.named or served or links.fits(number, aim, linked_capabilities)


def _tally_named(want: Want, owned: t.Sequence[Number], linked_capabilities: t.Collection[str]) -> Tally:
    by_name = {number.number: number for number in owned}
    names = want.numbers or ()
    satisfied = [by_name[name] for name in names if name in by_name]
    missing = tuple(name for name in names if name not in by_name)
    to_link: list[Number] = []
    if want.application is not None:
        for number in satisfied:
            others = links.foreign(number, want.application, want.default_application)
            if others:
                raise Failure(
                    "conflict",
                    f"{number.number} is linked to {', '.join(others)}: move it with number_assignment and 'force', "
                    "or leave 'application' out.",
                )
            if not links.are_known(number):
                raise links.unknown(number, "or leave 'application' out")
        to_link = [number for number in satisfied if links.unlinked(number, want.application, linked_capabilities)]
    return Tally(tuple(satisfied), tuple(_usable_now(to_link)), (), missing, len(missing))


def _usable_now(numbers: t.Iterable[Number]) -> list[Number]:
    return [number for number in numbers if number.status != PENDING]
