# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what the modules returned, as records again."""

from __future__ import annotations

import typing as t

from .._core import money
from .._core.link import links_from
from .._core.model import Number
from .._providers import NAMES, load

_TEXTS = ("country", "type", "area_code", "region", "city", "friendly_name", "currency", "expires")


def number(item: t.Mapping[str, t.Any]) -> Number:
    """The number that a module's number object is about; ``as_dict`` of it is *item* again."""
    capabilities, raw = item.get("capabilities"), item.get("raw") or {}
    kind = load(str(item["provider"])) if item["provider"] in NAMES else None
    texts: dict[str, t.Any] = {key: None if item.get(key) is None else str(item[key]) for key in _TEXTS}
    return Number(
        id=str(item["id"]),
        provider=str(item["provider"]),
        number=str(item["number"]),
        capabilities=None if capabilities is None else tuple(map(str, capabilities)),
        links=links_from(item),
        links_known=item.get("links", ()) is not None,
        setup_price=money.amount(item.get("setup_price")),
        monthly_price=money.amount(item.get("monthly_price")),
        status=str(item.get("status") or "active"),
        raw=raw,
        tags=None if item.get("tags") is None else tuple(map(str, item["tags"])),
        untold=kind.untold_of(raw) if kind else (),
        since=kind.since_of(raw) if kind else None,
        **texts,
    )
