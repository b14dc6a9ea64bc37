# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: rows of a list that cannot be read. Each is reported, and only a task that depends on it is refused."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure, Malformed
from .._core.model import Number

_NAMED = 3  # rows that a warning names
_LINES = 10  # warnings about rows in one task


class NoNumber(Malformed):
    """A row of a list of numbers that is surely no telephone number, but the name of a sender."""


class Unreadable(t.NamedTuple):
    """A row of the owned numbers that cannot be read.

    ``name`` is for messages, ``number`` are its digits (None when they cannot be read), ``why`` says what is wrong.
    """

    name: str
    number: str | None
    why: str


class Listed(t.List[Number]):
    """The owned numbers of a list, and the rows of the list that cannot be read, which may be numbers of any kind."""

    def __init__(self, numbers: t.Iterable[Number] = (), unreadable: t.Sequence[Unreadable] = ()) -> None:
        super().__init__(numbers)
        self.unreadable = tuple(unreadable)

    def get(self, number: str) -> Number | None:
        """Return the record of *number*, or None when the list does not have it.

        Raises Failure ``provider_error`` when its row cannot be read.
        """
        self.check_absent([number], surely=False)
        return next((item for item in self if item.number == number), None)

    def check_absent(self, numbers: t.Iterable[str], surely: bool = True) -> None:
        """Raise Failure when one of *numbers*, which the list does not have, may be a row that cannot be read.

        That is ``provider_error`` when the row shows that number. With *surely* it is ``undecidable`` for a row that
        shows no number at all.
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
                    f"The list does not decide whether the account owns {', '.join(sorted(wanted)[:5])}, because "
                    f"{row.name} of it cannot be read ({row.why}). Ask the provider to mend it.",
                )


class Remarks:
    """The remarks on rows of lists, for warnings. A remark is kept once, even if a list is read several times."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, before: str, name: str, after: str) -> None:
        """Add a remark on the row *name*: a sentence that begins with *before* and ends with *after*.

        Rows with the same *before* and *after* share one sentence.
        """
        self._names.setdefault((before, after), {})[name] = None

    def lines(self) -> list[str]:
        """Return the remarks as warnings."""
        found = [f"{before} {_enumeration(list(names))}{after}" for (before, after), names in self._names.items()]
        more = len(found) - _LINES
        return (
            [*found[:_LINES], f"There are {more} more remarks like these about the provider's rows."]
            if more > 0
            else found
        )


def _enumeration(names: t.Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
