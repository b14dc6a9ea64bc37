# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every result must be, whatever went in or came back."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._core.errors import CODES

LONGEST = 3000  # characters that a server's words may make of a line


def complaints(result: dict[str, Any], longest: float = LONGEST) -> list[str]:
    """What is wrong with a result: it is plain JSON, and a failure has a code of the closed list and one line of
    text.
    """
    found = []
    try:
        json.dumps(result, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        found.append(f"the result is no plain JSON ({type(error).__name__}: {str(error)[:60]})")
    if not result.get("failed"):
        return found
    failure, message = result["failure"], result["msg"]
    if failure["code"] not in CODES:
        found.append(f"the code {failure['code']} is not of the list")
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in message):
        found.append(f"the message is not one printable line: {message[:200]!r}")
    if not message or len(message) > longest:
        found.append(f"the message has {len(message)} characters: {message[:120]!r}")
    return found
