# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what each present pool of an account has, as a purchase of it would count. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.model import Number, by_number
from .._operations import links
from .._purchase.tally import Tally, tally
from .._purchase.want import Want
from . import claims
from .model import Pool


@dataclasses.dataclass(frozen=True)
class Count:
    """What a pool has: its tally, and the numbers that it names and that are linked elsewhere."""

    tally: Tally
    elsewhere: tuple[Number, ...]

    @property
    def numbers(self) -> list[Number]:
        """The pool's numbers."""
        return sorted([*self.tally.satisfied, *self.elsewhere], key=by_number)


def counts(
    pools: t.Sequence[Pool], owned: t.Sequence[Number], linked_capabilities: t.Sequence[str]
) -> dict[str, Count]:
    """What the present *pools* of one account have of the *owned* numbers, by their names; earlier ones come first."""
    found: dict[str, Count] = {}
    for position, pool in enumerate(pools):
        taken = {
            number.number
            for rival in claims.rivals(pool, pools[:position])
            for number in found[rival.name].tally.satisfied
        }
        want = dataclasses.replace(pool.want, exclude=pool.want.exclude | taken)
        elsewhere: list[Number] = []
        if want.numbers is not None and want.application is not None:
            elsewhere = [number for number in owned if number.number in want.numbers and foreign(number, want)]
            gone = {number.number for number in elsewhere}
            want = dataclasses.replace(want, numbers=tuple(name for name in want.numbers if name not in gone))
        found[pool.name] = Count(tally(want, owned, want.links(linked_capabilities), 0), tuple(elsewhere))
    return found


def foreign(number: Number, want: Want) -> tuple[str, ...]:
    """The applications that keep *number* from counting for *want*."""
    return () if want.application is None else links.foreign(number, want.application, want.default_application)
