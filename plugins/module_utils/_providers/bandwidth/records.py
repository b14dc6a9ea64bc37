# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Bandwidth's records of offers and owned numbers, and the words in them.

Neither has a price: ``Tier`` is the only hint at one. Offers of North America show no capability, and the list of owned
numbers shows neither capability nor location: the list of each location and each voice configuration package has them.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import mapping_from, text_from
from ..._core.errors import Malformed
from ..._core.model import ACTIVE, LEAVING, PENDING
from .api import digits_of, many
from .countries import TOLL_FREE, is_north_american

LOCATION, PACKAGE = "location", "voice_package"
TYPES: t.Mapping[str, str] = {
    "GEOGRAPHIC": "local",
    "NATIONAL": "national",
    "MOBILE": "mobile",
    "TOLL_FREE": "tollfree",
    "SHARED_COST": "shared_cost",
}
WORDS: t.Mapping[str, str] = {kind: word for word, kind in TYPES.items()}
FEATURES = {"voice": "VOICE", "sms": "MESSAGING_SMS"}  # by which other countries' numbers are searched

# What is a number of the account, by the word for what it is at; the others are gone, or never were the account's.
STATES: t.Mapping[str, str] = {
    "Inservice": ACTIVE,
    "InAccount": PENDING,
    "PortInPendingFoc": PENDING,
    "Aging": LEAVING,
}
GONE = ("Available", "Disconnected", "PortOut", "Reserved", "Removed", "Eliminated")

# Field of provider_settings → the element that sets it.
SETTINGS: t.Mapping[str, str] = {
    "call_forward": "CallForward",
    "rpid_format": "RPIDFormat",
    "rewrite_user": "RewriteUser",
    "calling_name_display": "CallingNameDisplay",
    "sms": "Sms",
    "protected": "Protected",
    "campaign": "A2pSettings",
}
_SHORT = 6  # digits of a short code at most
PLACED = "SipPeerTelephoneNumber"  # where the row of a location's list is kept in a record


def with_number(row: t.Any, key: str = "FullNumber") -> t.Any:
    """A row with its number in E.164, however the vendor writes it; any other row as it is."""
    if not isinstance(row, dict) or not isinstance(row.get(key), str):
        return row
    digits = digits_of(row[key])
    return {**row, key: f"+{digits}"} if digits.isascii() and digits.isdigit() and len(digits) > _SHORT else row


def type_of(number: str, word: str | None) -> str | None:
    """The type of a number: by the vendor's word, else by its digits where they decide, as in North America."""
    if word is not None:
        return TYPES.get(word)
    if is_north_american(number):
        return "tollfree" if number[2:5] in TOLL_FREE else "local"
    return None


def services_of(row: t.Mapping[str, t.Any], key: str) -> list[str] | None:
    """The words for what a number does, None where its record does not say."""
    if key not in row:
        return None
    return [str(word) for word in many(mapping_from(row, key).get("ServiceType"))]


def sms_of(row: t.Mapping[str, t.Any], key: str) -> bool | None:
    """Whether SMS is on, None where the record does not say."""
    said = text_from(mapping_from(row, key), "SmsEnabled")
    if said is not None and said not in ("true", "false"):
        raise Malformed(f"its {key} has no such SmsEnabled")
    return None if said is None else said == "true"


def abilities(number: str, services: list[str] | None, sms: bool | None, packaged: bool) -> tuple[set[str], set[str]]:
    """What a number can do, and what it cannot. A North American number has voice where its record does not say."""
    able: set[str] = set()
    unable: set[str] = set()
    if services is not None:
        (able if "Voice" in services else unable).add("voice")
    elif packaged or is_north_american(number):
        able.add("voice")
    if packaged:
        able.add("voice")
        unable.discard("voice")
    if sms:
        able.add("sms")
    return able, unable


def option_of(row: t.Mapping[str, t.Any], setting: str) -> t.Any:
    """What a record says of a setting; None when it has none. Details and the list of a location say it in two ways."""
    parts = [row.get("TnOptions"), row.get(PLACED), row]
    sources = [part for part in parts if isinstance(part, dict)]
    element = SETTINGS[setting]
    if setting == "protected":
        attributes = [part.get("TnAttributes") for part in sources]
        words = [word for one in attributes if isinstance(one, dict) for word in many(one.get("TnAttribute"))]
        return True if "Protected" in words else None
    if setting in ("sms", "campaign"):
        messaging = [part.get("MessagingSettings") for part in sources]
        found = next((one for one in messaging if isinstance(one, dict)), {})
        value = found.get("SmsEnabled" if setting == "sms" else "CampaignId")
        return value == "true" if setting == "sms" else value
    value = next((part[element] for part in sources if part.get(element)), None)
    if setting == "calling_name_display":
        return True if value in ("true", "on") else None
    return None if value in (None, "false", "systemDefault") else str(value)


def element_for(setting: str, value: t.Any) -> tuple[str, t.Any]:
    """The element that gives a setting a value, with what it holds; None takes it off."""
    name = SETTINGS[setting]
    if setting == "campaign":
        return name, {"Action": "systemDefault"} if value is None else {"CampaignId": value, "Action": "asSpecified"}
    if value is None:
        return name, "systemDefault"
    if isinstance(value, bool):
        return name, str(value).lower() if setting == "protected" else "on" if value else "off"
    return name, value
