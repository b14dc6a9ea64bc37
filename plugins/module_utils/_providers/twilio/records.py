# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Twilio's records of numbers and offers, and the words in them.

Owned numbers have no country, place or price; offers have no price. Capabilities are written ``SMS`` and ``MMS`` in
a search and in small letters on an owned number: a key that is missing says nothing. A type is written in several ways:
its letters alone count.
"""

from __future__ import annotations

import re
import typing as t
from decimal import Decimal

from ..._contract.readers import Row, amount_from, list_from, mapping_from, object_from, text_from
from ..._core.errors import Malformed
from ..._core.link import APPLICATION
from ..._core.model import CAPABILITIES

TRUNK, SERVICE = "trunk", "messaging_service"
KINDS = {"AP": APPLICATION, "TK": TRUNK, "MG": SERVICE}  # by the first letters of a SID

# What is searched for each type of the vocabulary; machine to machine has no word there.
SEARCHED: t.Mapping[str | None, str] = {
    "local": "Local",
    "tollfree": "TollFree",
    "mobile": "Mobile",
    "national": "National",
    "shared_cost": "SharedCost",
    "voip": "Voip",
    None: "MachineToMachine",
}
_TYPES = {word.lower(): kind for kind, word in SEARCHED.items()}

# Option of number_configuration, or field of provider_settings → the parameter that sets it.
FIELDS: t.Mapping[str, str] = {
    "friendly_name": "FriendlyName",
    "voice_url": "VoiceUrl",
    "voice_method": "VoiceMethod",
    "voice_fallback_url": "VoiceFallbackUrl",
    "voice_fallback_method": "VoiceFallbackMethod",
    "sms_url": "SmsUrl",
    "sms_method": "SmsMethod",
    "status_callback_url": "StatusCallback",
    "status_callback_method": "StatusCallbackMethod",
}
SETTINGS: t.Mapping[str, str] = {
    "sms_fallback_url": "SmsFallbackUrl",
    "sms_fallback_method": "SmsFallbackMethod",
    "caller_id_lookup": "VoiceCallerIdLookup",
    "voice_receive_mode": "VoiceReceiveMode",
    "emergency_status": "EmergencyStatus",
    "emergency_address": "EmergencyAddressSid",
    "address": "AddressSid",
    "bundle": "BundleSid",
    "identity": "IdentitySid",
}
PARAMETERS = {**FIELDS, **SETTINGS}
# What a purchase names of what was filed, by the key of ``regulatory``.
PAPERS = {option: SETTINGS[option] for option in ("address", "bundle", "identity")}
# What always has a value: it can be set, and not be cleared.
ALWAYS = tuple(option for option in PARAMETERS if option.endswith(("_method", "_mode", "_status", "_lookup")))

_SHORT = 6  # digits; so few may well be a name
_REQUIREMENTS: t.Mapping[str, tuple[str, ...]] = {
    "none": (),
    "any": ("address",),
    "local": ("local_address",),
    "foreign": ("foreign_address",),
}


def is_number_sid(text: str) -> bool:
    """Whether it has the form of a number's SID."""
    return re.match("PN[0-9a-fA-F]{32}\\Z", text) is not None


def kind_of(word: str | None) -> str | None:
    """The type that a word means, None for one that the vocabulary has not."""
    return _TYPES.get(re.sub("[^a-z]", "", (word or "").lower()))


def field_of(parameter: str) -> str:
    """The field of a record that shows what a parameter sets: ``VoiceUrl`` is ``voice_url`` there."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter).lower()


def value_of(row: t.Mapping[str, t.Any], option: str) -> t.Any:
    """What a record says of an option; None when it has none. The name that a number has of itself is none."""
    value = row.get(field_of(PARAMETERS[option]))
    if value == "" or (option == "friendly_name" and _is_digits_of(value, str(row.get("phone_number")))):
        return None
    return value


def _is_digits_of(name: t.Any, number: str) -> bool:
    """Whether a name is nothing but a number's digits, with its country code or without."""
    digits = re.sub(r"[\s()+.-]", "", str(name))
    return len(digits) > _SHORT and digits.isdigit() and number.endswith(digits)


def capabilities_of(row: Row, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The capabilities in a record, and those of which it says neither yes nor no."""
    told = {str(name).lower(): value for name, value in mapping_from(row, key, required=True).items()}
    return (
        tuple(name for name in CAPABILITIES if told.get(name) is True),
        tuple(name for name in CAPABILITIES if not isinstance(told.get(name), bool)),
    )


def requirements_of(row: Row, key: str) -> tuple[str, ...] | None:
    """What a buyer must have filed for an offer, None where its word says nothing."""
    return _REQUIREMENTS.get((text_from(row, key) or "").lower())


class Prices(t.NamedTuple):
    """What a number of each type costs a month in a country, in *currency*; a type that is missing is unknown."""

    monthly: t.Mapping[str | None, Decimal | None] = {}
    currency: str | None = None


def prices_from(answer: t.Any) -> Prices:
    """The prices in an answer of the pricing API: the account's own, after discounts. Raises Malformed."""
    record = object_from(answer)
    monthly: dict[str | None, Decimal | None] = {}
    for row in list_from(record, "phone_number_prices"):
        price = object_from(row)
        word = text_from(price, "number_type", required=True)
        kind = kind_of(word)
        if kind is not None:
            monthly[kind] = amount_from(price, "current_price")
    unit = text_from(record, "price_unit")
    if unit is not None and not re.match(r"[A-Za-z]{3}\Z", unit):
        raise Malformed("its price_unit is no currency")
    return Prices(monthly, unit.upper() if unit else None)
