# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: how a request's fields become bytes: a query, a form, JSON."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlencode


class Body(t.NamedTuple):
    """What a request carries, and the media type that says how to read it."""

    content: bytes = b""
    media_type: str | None = None


def json_body(value: t.Any) -> Body:
    """*value* as JSON (RFC 8259) without blanks; characters beyond ASCII are escaped."""
    return Body(json.dumps(value, separators=(",", ":")).encode("utf-8"), "application/json")


def form_body(fields: t.Mapping[str, t.Any]) -> Body:
    """*fields* as application/x-www-form-urlencoded, in UTF-8, as ``urlencoded`` writes them."""
    return Body(urlencoded(fields).encode("ascii"), "application/x-www-form-urlencoded")


def urlencoded(fields: t.Mapping[str, t.Any]) -> str:
    """*fields* as a query or a form, in their order.

    A list is its field once for each item. None is left out, and empty text is sent: that is how a form clears a field.
    Booleans are written as JSON writes them.
    """
    pairs = []
    for name, value in fields.items():
        items = value if isinstance(value, (list, tuple)) else [value]
        pairs += [
            (name, str(item).lower() if isinstance(item, bool) else str(item)) for item in items if item is not None
        ]
    return urlencode(pairs)
