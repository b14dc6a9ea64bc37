# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: hints for words that a user may have misspelt."""

from __future__ import annotations

import re
import typing as t


def nearest(word: str, known: t.Iterable[str]) -> str:
    """Return a hint like ", 'mobile' is near it" at the known word most like *word*, or an empty text without one."""
    import difflib  # imported here, because only a wrong word needs it

    names = list(known)
    bare = re.sub(r"[\W_]", "", word.lower())
    found = [name for name in names if name.replace("_", "") == bare] or difflib.get_close_matches(bare, names, 1)
    return f", {found[0]!r} is near it" if found else ""
