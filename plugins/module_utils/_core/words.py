# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: hints for words that a user may have misspelt."""

from __future__ import annotations

import re
import typing as t


def counted(quantity: int, what: str) -> str:
    """A quantity with its word: ``1 number``, ``2 numbers``."""
    return f"{quantity} {what}{'' if quantity == 1 else 's'}"


def missing(quantity: int) -> str:
    """The beginning of a message: ``1 number is missing``, ``2 numbers are missing``."""
    return f"{counted(quantity, 'number')} {'is' if quantity == 1 else 'are'} missing"


def nearest(word: str, known: t.Iterable[str]) -> str:
    """Return a hint like ", 'mobile' is near it" at the known word most like *word*, or an empty text without one."""
    import difflib  # imported here, because only a wrong word needs it

    names = list(known)
    bare = re.sub(r"[\W_]", "", word.lower())
    found = [name for name in names if name.replace("_", "") == bare] or difflib.get_close_matches(bare, names, 1)
    return f", {found[0]!r} is near it" if found else ""
