# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Telnyx's records of numbers and offers, and the words in them.

A number's record has neither price nor place nor capability: what it can do with messages stands in its messaging
settings, and nowhere whether it can do voice. A type is written in several ways, of which some are old.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import Row, list_from, mapping_from, object_from, text_from
from ..._core import e164
from ..._core.errors import Malformed
from ..._core.link import URL, Link
from ..._core.model import ACTIVE, CAPABILITIES, FAILED, PENDING

CONNECTION, PROFILE = "connection", "messaging_profile"
MESSAGING, VOICE = "messaging", "voice"  # where a number's raw record has its further settings

# What is searched for each type of the vocabulary.
SEARCHED: t.Mapping[str, str] = {
    "local": "local",
    "tollfree": "toll_free",
    "mobile": "mobile",
    "national": "national",
    "shared_cost": "shared_cost",
}
_TYPES = {**{word: kind for kind, word in SEARCHED.items()}, "tollfree": "tollfree", "shortcode": "shortcode"}
_LONG = "longcode"  # an old word for every number that is neither

_STATUSES: t.Mapping[str, str] = {
    "active": ACTIVE,
    "port-out-pending": ACTIVE,
    "purchase-pending": PENDING,
    "port-pending": PENDING,
    "provision-pending": PENDING,
    "requirement-info-pending": PENDING,
    "requirement-info-under-review": PENDING,
    "requirement-info-exception": PENDING,
    "emergency-only": FAILED,
}
# Rows of numbers that nobody owns: given back, moved to another vendor, or never come.
GONE = ("deleted", "ported-out", "purchase-failed", "port-failed")


def kind_of(word: str | None, number: str | None) -> str | None:
    """The type that a word means, None for one that the vocabulary has not."""
    if word == _LONG and number is not None:
        return e164.likely_type(number) or ("local" if number.startswith("+1") else None)
    return _TYPES.get(word or "")


def status_of(row: Row) -> str:
    """Where a number stands. A word that is not known is one of a number that is not usable yet."""
    return _STATUSES.get(text_from(row, "status") or "active", PENDING)


def is_on_order(raw: t.Mapping[str, t.Any]) -> bool:
    """Whether a number is not the account's yet, and its order can be cancelled."""
    return raw.get("status") == "purchase-pending" or str(raw.get("status")).startswith("requirement-info-")


def is_gone(row: t.Any) -> bool:
    """Whether a row of the list is of a number that the account does not own."""
    return isinstance(row, dict) and row.get("status") in GONE


def messages_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...] | None:
    """What a number can do with messages, None where its messaging settings say nothing. Raises Malformed."""
    features = mapping_from(mapping_from(raw, MESSAGING), "features")
    if not features:
        return None
    return tuple(name for name in ("mms", "sms") if any(mapping_from(features, name).values()))


def untold_of(raw: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    """The capabilities of which a record says neither yes nor no: voice always."""
    try:
        return CAPABILITIES if messages_of(raw) is None else ("voice",)
    except Malformed:
        return CAPABILITIES


def profile_of(raw: t.Mapping[str, t.Any]) -> tuple[str | None, bool]:
    """The messaging profile of a number, and whether that is known: the number's record may leave it out, which is not
    *none*. Raises Malformed.
    """
    for record in (mapping_from(raw, MESSAGING), raw):
        if "messaging_profile_id" in record:
            return text_from(record, "messaging_profile_id"), True
    return None, False


def forward_of(raw: t.Mapping[str, t.Any]) -> str | None:
    """Where all calls of a number are forwarded to. One on failure alone leaves its connection in place."""
    told = mapping_from(mapping_from(raw, VOICE), "call_forwarding")
    if told.get("call_forwarding_enabled") is not True or told.get("forwarding_type") == "on-failure":
        return None
    return text_from(told, "forwards_to")


def links_of(raw: t.Mapping[str, t.Any]) -> tuple[tuple[Link, ...], tuple[Link, ...], bool]:
    """What a number is linked to, what of it a forward goes before, and whether all of that is known."""
    connection, forward = text_from(raw, "connection_id"), forward_of(raw)
    profile, known = profile_of(raw)
    links = [Link("sms", profile, PROFILE)] if profile else []
    voice = (Link("voice", connection, CONNECTION),) if connection else ()
    if forward:
        return (*links, Link("voice", forward, URL)), voice, known
    return (*links, *voice), (), known and "connection_id" in raw


def features_of(row: Row) -> tuple[str, ...]:
    """What an offer can do. Raises Malformed."""
    words = {text_from(object_from(one), "name") for one in list_from(row, "features")}
    return tuple(name for name in CAPABILITIES if name in words)


def place_of(row: Row, kind: str) -> str | None:
    """The name of the region of a *kind* in an offer."""
    for one in list_from(row, "region_information", nullable=True):
        place = object_from(one)
        if place.get("region_type") == kind:
            return text_from(place, "region_name")
    return None


def requirements_from(rows: t.Sequence[t.Any]) -> tuple[str, ...]:
    """What a buyer must have filed, in the words of the vocabulary. Raises Malformed."""
    return tuple(sorted({_requirement(object_from(row)) for row in rows}))


def _requirement(row: Row) -> str:
    word = (text_from(row, "field_type") or text_from(row, "type") or "").lower()
    if "address" in word:
        return "local_address" if text_from(mapping_from(row, "acceptance_criteria"), "locality_limit") else "address"
    return "documents" if word == "document" else "identity"
