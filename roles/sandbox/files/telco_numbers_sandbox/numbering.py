# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plausible new phone numbers for a group: the right country, area code and length."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

# Country: (calling code, digits of a national number without the trunk zero).
PLANS = {
    "AU": ("61", 9),
    "AT": ("43", 10),
    "BE": ("32", 8),
    "BR": ("55", 10),
    "CA": ("1", 10),
    "CH": ("41", 9),
    "DE": ("49", 10),
    "DK": ("45", 8),
    "ES": ("34", 9),
    "FI": ("358", 9),
    "FR": ("33", 9),
    "GB": ("44", 10),
    "IE": ("353", 9),
    "IT": ("39", 10),
    "NL": ("31", 9),
    "NO": ("47", 8),
    "PL": ("48", 9),
    "PT": ("351", 9),
    "RO": ("40", 9),
    "RU": ("7", 10),
    "SE": ("46", 9),
    "US": ("1", 10),
}


def shape(data: Mapping[str, Any]) -> tuple[str, int]:
    """Return the first digits and the length of a group's numbers.

    The seed may have both (``e164_prefix``, ``length``). Otherwise country and area code decide.
    """
    calling_code, national_length = PLANS.get(str(data.get("country")), ("999", 9))
    area = str(data.get("area_code") or "").lstrip("0")
    prefix = str(data.get("e164_prefix") or calling_code + area)
    return prefix, int(data.get("length") or len(calling_code) + national_length)


def new_number(group: str, data: Mapping[str, Any], issued: int, taken: Callable[[str], bool]) -> str:
    """Return the next free number of a group: first those that the seed lists, then invented ones."""
    for listed in data.get("numbers", []):
        if not taken(str(listed)):
            return str(listed)
    prefix, length = shape(data)
    room = 10 ** (length - len(prefix))
    # Starting high up keeps the subscriber part free of leading zeros, which few plans have.
    start = room // 5 + zlib.crc32(group.encode()) % (room // 2)
    for step in range(room):
        number = f"+{prefix}{(start + issued + step) % room:0{length - len(prefix)}d}"
        if not taken(number):
            return number
    raise RuntimeError(f"no numbers left in group {group}")
