# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong: every fault of the sandbox, in the forms that a client can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fault = dict[str, Any]

NOWHERE = "http://127.0.0.1:9"  # another host, where nobody listens
_LATE = 0.9  # seconds: later than the time-out
_IDS = ("numberKey", "number", "phone_number", "referenceId", "group_id", "groupId", "status", "sid")
_LISTS = ("items", "objects", "numbers", "meta", "numberCount", "incoming_phone_numbers", "available_phone_numbers")
_FACTS = (
    "capabilities",
    "type",
    "number_type",
    "country",
    "countryId",
    "voice_enabled",
    "sms_enabled",
    "mms_enabled",
    "geography",
    "iso_country",
    "price",
    "cost",
)


def _lacking(*names: str) -> dict[str, None]:
    return dict.fromkeys(names)


# Faults of one answer, whatever was asked.
ANSWERS: Mapping[str, Fault] = {
    "short delay": {"kind": "delay", "seconds": 0.1},
    "answered late": {"kind": "delay", "seconds": _LATE, "when": "after"},
    "429 at once": {"kind": "status", "status": 429, "retry_after": 0},
    "429 for a moment": {"kind": "status", "status": 429, "retry_after": 0.2},
    "429 until a date": {"kind": "status", "status": 429, "retry_after_date": 1},
    "429 without a word": {"kind": "status", "status": 429},
    "429 for an hour": {"kind": "status", "status": 429, "retry_after": 3600},
    "500 before": {"kind": "status", "status": 500},
    "503 before": {"kind": "status", "status": 503},
    "500 after": {"kind": "status", "status": 500, "when": "after"},
    "503 after": {"kind": "status", "status": 503, "when": "after"},
    "reset before": {"kind": "reset"},
    "reset after": {"kind": "reset", "when": "after"},
    "truncated": {"kind": "truncate"},
    "drip": {"kind": "drip", "interval": 0.02},
    "silence before": {"kind": "silence"},
    "silence after": {"kind": "silence", "when": "after"},
    "not JSON": {"kind": "not_json"},
    "a list for an object": {"kind": "body", "body": [[]]},
    "a text": {"kind": "body", "body": "done"},
    "wrong types": {"kind": "body", "merge": {**dict.fromkeys((*_IDS, *_LISTS), {"wrong": 1})}},
    "nothing in it": {"kind": "body", "merge": _lacking(*_IDS, *_LISTS)},
    "extra fields": {"kind": "body", "merge": {"unexpected": {"a": [1, None]}}, "merge_items": {"unexpected": "é"}},
    "huge": {"kind": "huge", "bytes": 300_000},
    "empty": {"kind": "empty"},
    "empty before": {"kind": "empty", "when": "before"},
    "redirect here before": {"kind": "redirect", "to": "same"},
    "redirect here after": {"kind": "redirect", "to": "same", "when": "after"},
    "redirect away before": {"kind": "redirect", "to": NOWHERE, "status": 307},
    "redirect away after": {"kind": "redirect", "to": NOWHERE, "status": 307, "when": "after"},
    "instance expired": {"kind": "expire_instance"},
}
# Faults of a call that changes something.
WRITES: Mapping[str, Fault] = {
    **ANSWERS,
    "carried out late": {"kind": "delay", "seconds": _LATE},
    "403 of a gateway before": {"kind": "status", "status": 403, "body": "<html>Forbidden</html>"},
    "403 of a gateway after": {"kind": "status", "status": 403, "body": "<html>Forbidden</html>", "when": "after"},
    "404 of a gateway before": {"kind": "status", "status": 404, "body": None},
    "404 of a gateway after": {"kind": "status", "status": 404, "body": None, "when": "after"},
}
# Faults of a call that buys.
CHARGES: Mapping[str, Fault] = {
    "sold between": {"kind": "sell_between", "quantity": 1},
    "reservation expired": {"kind": "expire_reservation"},
    "partial": {"kind": "partial", "deliver": 1},
    "pending": {"kind": "pending"},
    "pending for two reads": {"kind": "pending", "fulfil_after_reads": 2},
    "pending for a while": {"kind": "pending", "fulfil_after_seconds": 0.5},
}
# Only some providers and calls know these.
WHERE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "instance expired": ("sinch_portal", ("hold", "charge", "link", "unlink", "owned", "linked", "shop")),
    "reservation expired": ("sinch_portal", ("charge",)),
    "partial": ("sinch_portal plivo_groups", ("charge",)),
    "pending": ("plivo_groups", ("charge",)),
    "pending for two reads": ("plivo_groups", ("charge",)),
    "pending for a while": ("plivo_groups", ("charge",)),
    "sold between": ("sinch_portal sinch_catalog infobip_sms plivo_groups telnyx twilio", ("hold", "charge")),
}
# Faults of a list.
READS: Mapping[str, Fault] = {
    **{name: fault for name, fault in ANSWERS.items() if not name.endswith("after") and name != "empty before"},
    "items of wrong types": {"kind": "body", "merge_items": dict.fromkeys(_IDS, {"wrong": 1})},
    "items without ids": {"kind": "body", "merge_items": _lacking(*_IDS)},
    "items without facts": {"kind": "body", "merge_items": _lacking(*_FACTS)},
}
# Faults of a list that has several pages.
PAGES: Mapping[str, Fault] = {
    "a row came": {"kind": "shift"},
    "a row went": {"kind": "shift", "by": -1},
    "a row came, with the total": {"kind": "shift", "total": True},
    "a row went, with the total": {"kind": "shift", "by": -1, "total": True},
    "pages shorter than asked": {"kind": "page_cap", "rows": 7},
    "next link away": {"kind": "next_link", "host": NOWHERE},
    "next link repeats": {"kind": "next_link", "repeat": True, "always": True},
}
# New numbers are listed later than they are bought: less, and longer, than the settle time.
LAGS: Mapping[str, Fault] = {
    "lag of a read": {"kind": "lag", "reads": 1},
    "lag of many reads": {"kind": "lag", "reads": 1000},
    "short lag": {"kind": "lag", "seconds": 0.15},
    "long lag": {"kind": "lag", "seconds": 1.0},
}
# Lost answers to a purchase, to be combined with a lag.
LOST = ("reset after", "503 after", "reset before", "silence before", "carried out late")
# Faults of a read that never end; some leave a list that can be read and says too little.
STEADFAST = ("items without facts", "items without ids", "503 before", "not JSON", "429 without a word", "reset before")


# An empty 200 is the documented answer to this call: nobody can tell it from one that did nothing.
_LOOKS_RIGHT = {("empty before", "sinch_catalog", "release")}


def applies(name: str, provider: str, call: str) -> bool:
    """Whether the fault can strike that call, and show."""
    if (name, provider, call) in _LOOKS_RIGHT:
        return False
    providers, calls = WHERE.get(name, (provider, (call,)))
    return provider in providers.split() and call in calls
