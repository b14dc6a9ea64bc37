# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: rows that cannot be read. One of them never hides the others: it is reported, and only what depends on it is
refused.
"""

from __future__ import annotations

import typing as t

from .._core.errors import Failure, Malformed
from .._core.model import Number

_NAMED = 3  # rows that a warning names
_LINES = 10  # warnings about rows in one task


class NoNumber(Malformed):
    """A row of a list of numbers that is surely none: the name of a sender."""


class Unreadable(t.NamedTuple):
    """An owned row that cannot be read: what names it, its digits where those can be read, and what is wrong."""

    name: str
    number: str | None
    why: str


class Listed(t.List[Number]):
    """Owned numbers as a list showed them, and the rows of it that cannot be read. Each of these may be a number of any
    kind.
    """

    def __init__(self, numbers: t.Iterable[Number] = (), unreadable: t.Sequence[Unreadable] = ()) -> None:
        super().__init__(numbers)
        self.unreadable = tuple(unreadable)

    def get(self, number: str) -> Number | None:
        """The one of that *number*, None when the list has none. Raises Failure ``provider_error`` when its row cannot
        be read.
        """
        self.check_absent([number], surely=False)
        return next((item for item in self if item.number == number), None)

    def check_absent(self, numbers: t.Iterable[str], surely: bool = True) -> None:
        """Raise Failure when one of *numbers* has a row that cannot be read. *surely* refuses rows, too, of which
        nobody knows whose they are.
        """
        wanted = set(numbers)
        for row in self.unreadable if wanted else ():
            if row.number in wanted:
                raise Failure(
                    "provider_error",
                    f"The provider's record of {row.number} cannot be read: {row.why}. Ask the provider to mend it.",
                )
            if surely and row.number is None:
                raise Failure(
                    "undecidable",
                    f"Whether {', '.join(sorted(wanted)[:5])} is owned cannot be told: {row.name} of the provider's "
                    f"list cannot be read ({row.why}).",
                )


class Remarks:
    """What is to be said of rows that were read, each once however often a list is read."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, before: str, name: str, after: str) -> None:
        """Remark on the row *name*, in a sentence that begins with *before* and ends with *after*; rows of which the
        same is said share one.
        """
        self._names.setdefault((before, after), {})[name] = None

    def lines(self) -> list[str]:
        """The remarks as warnings."""
        found = [f"{before} {_listed(list(names))}{after}" for (before, after), names in self._names.items()]
        more = len(found) - _LINES
        return (
            [*found[:_LINES], f"There are {more} more remarks like these about the provider's rows."]
            if more > 0
            else found
        )


def _listed(names: t.Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
