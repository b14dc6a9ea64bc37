# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: encode the fields of a request as a query, a form or JSON."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlencode


class Body(t.NamedTuple):
    """The body of a request and its media type (None without a body)."""

    content: bytes = b""
    media_type: str | None = None


def json_body(value: t.Any) -> Body:
    """Return *value* as JSON (RFC 8259) without blanks; characters beyond ASCII are escaped."""
    return Body(json.dumps(value, separators=(",", ":")).encode("utf-8"), "application/json")


def form_body(fields: t.Mapping[str, t.Any]) -> Body:
    """Return *fields* as application/x-www-form-urlencoded, in UTF-8, as ``urlencoded`` writes them."""
    return Body(urlencoded(fields).encode("ascii"), "application/x-www-form-urlencoded")


def urlencoded(fields: t.Mapping[str, t.Any]) -> str:
    """Return *fields* as the text of a query or a form, in their order.

    A field with a list is written once for each item. A field that is None is left out. Empty text is sent, because it
    clears a field in forms. Booleans are written as in JSON.
    """
    pairs = []
    for name, value in fields.items():
        items = value if isinstance(value, (list, tuple)) else [value]
        pairs += [
            (name, str(item).lower() if isinstance(item, bool) else str(item)) for item in items if item is not None
        ]
    return urlencode(pairs)
