# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schemas of the Sinch Numbers API v1: Configuration, Capabilities, Geography, ActiveNumber, the filters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from .paging import Row
from .store import Offer, Owned
from .wire import ApiError, check_fields

VOICE = ("url", "method", "fallback_url", "fallback_method", "application_sid")
SMS = ("url", "method", "application_sid")
CONFIGURATION = ("status_callback_url", "status_callback_method", "voice", "sms")
WRITABLE = ("friendlyName", "statusCallback", "statusCallbackMethod", "configuration")
GEOGRAPHY = ("iso_country", "lata", "rate_center", "latitude", "longitude", "region", "locality", "postal_code")
REACH = {"inbound_reachability": "Global"}
CONNECTIVITY = {"inbound_connectivity": True, "outbound_connectivity": True}
CAPABILITIES: dict[str, dict[str, Any]] = {
    "voice": {
        **CONNECTIVITY,
        "e911": False,
        "sip_trunking": True,
        "calls_per_second": 1,
        "concurrent_calls_limit": 10,
        "inbound_called_dtmf": True,
        "inbound_caller_dtmf": True,
        "inbound_caller_id_preservation": "International",
        **REACH,
    },
    "sms": {
        **CONNECTIVITY,
        "gsm7": True,
        "ucs2": True,
        "gsm7_concatenation": True,
        "ucs2_concatenation": True,
        "inbound_sender_id_preservation": "International",
        **REACH,
        "inbound_mps": 1,
    },
    "mms": {**CONNECTIVITY, **REACH, "inbound_mps": 1},
}


class Filter(NamedTuple):
    """A query field: the path of its value in a row, and its type."""

    path: tuple[str, ...]
    kind: str


def _capability_filters() -> dict[str, Filter]:
    kinds = {bool: "boolean", int: "integer", str: "string"}
    wire = {"voice": "Voice", "sms": "SMS", "mms": "MMS"}
    return {
        f"capabilities.{wire[name]}.{field}": Filter(("capabilities", name, field), kinds[type(value)])
        for name, fields in CAPABILITIES.items()
        for field, value in fields.items()
    }


_GEOGRAPHY_FILTERS = {f"geography.{name}": Filter(("geography", name), "string") for name in GEOGRAPHY}
LIST_FILTERS = {
    "Configuration.voice.application_sid": Filter(("configuration", "voice", "application_sid"), "string"),
    "phone_number": Filter(("phone_number",), "string"),
    **_GEOGRAPHY_FILTERS,
}
SEARCH_FILTERS = {
    "phone_number": Filter(("phone_number",), "string"),
    "type": Filter(("type",), "string"),
    "base_setup_price": Filter(("base_setup_price",), "price"),
    "base_recurring_price": Filter(("base_recurring_price",), "price"),
    **_capability_filters(),
    "regulatory.address_requirements": Filter(("regulatory", "address_requirements"), "string"),
    "lifecycle": Filter(("lifecycle",), "string"),
    **_GEOGRAPHY_FILTERS,
}


def configuration(given: Any) -> dict[str, Any]:
    """Return a checked Configuration with all fields; those that were left out are null."""
    found = _object(given, CONFIGURATION, "configuration")
    return {
        "status_callback_url": found["status_callback_url"],
        "status_callback_method": found["status_callback_method"],
        "voice": _object({} if found["voice"] is None else found["voice"], VOICE, "voice"),
        "sms": _object({} if found["sms"] is None else found["sms"], SMS, "sms"),
    }


def _object(given: Any, fields: Collection[str], where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ApiError(400, f"'{where}' must be an object")
    check_fields(given, fields, where + ".")
    for name, value in given.items():
        if name not in ("voice", "sms"):
            _check_value(f"{where}.{name}", value)
    return {name: given.get(name) for name in fields}


def _check_value(name: str, value: Any) -> None:
    if value is not None and not isinstance(value, str):
        raise ApiError(400, f"'{name}' must be a string or null")
    if name.lower().endswith("method") and value not in (None, "GET", "POST"):
        raise ApiError(400, f"'{name}' must be GET or POST")


def check_top_level(body: Mapping[str, Any]) -> None:
    """Refuse wrong types in the writable fields of an ActiveNumber."""
    for name in WRITABLE[:3]:
        _check_value(name, body.get(name))
    if len(body.get("friendlyName") or "") > 64:
        raise ApiError(400, "'friendlyName' has at most 64 characters")


def split_applications(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the applications of a Configuration by capability."""
    return {name: given[name]["application_sid"] for name in ("voice", "sms") if given[name].get("application_sid")}


def _capabilities(data: Mapping[str, Any]) -> dict[str, Any]:
    details: Mapping[str, Any] = data.get("details") or {}
    return {
        name: {**fields, **details.get(name, {})} if name in data["capabilities"] else None
        for name, fields in CAPABILITIES.items()
    }


def _geography(data: Mapping[str, Any]) -> dict[str, Any]:
    place = {
        "iso_country": data.get("country"),
        "region": data.get("region"),
        "locality": data.get("city"),
        **(data.get("geography") or {}),
    }
    return {name: place.get(name) for name in GEOGRAPHY}


def _configuration_of(row: Owned) -> dict[str, Any]:
    nested = configuration(row.configuration.get("configuration") or {})
    for name in ("voice", "sms"):
        nested[name]["application_sid"] = row.applications.get(name)
    return nested


# Field by field, because a filter looks at one field of every record; prices are strings, no currency is told.
AVAILABLE_NUMBER: Mapping[str, Callable[[Offer | Owned], Any]] = {
    "phone_number": lambda record: record.data["number"],
    "type": lambda record: record.data.get("type"),
    "base_setup_price": lambda record: str(record.data.get("setup_price", "0.0")),
    "base_recurring_price": lambda record: str(record.data.get("monthly_price", "0.0")),
    "capabilities": lambda record: _capabilities(record.data),
    "regulatory": lambda record: {"address_requirements": record.data.get("address_requirements", "none")},
    "lifecycle": lambda record: record.data.get("lifecycle", "generally-available"),
    "geography": lambda record: _geography(record.data),
}
ACTIVE_NUMBER: Mapping[str, Callable[[Owned], Any]] = {
    "friendlyName": lambda row: row.configuration.get("friendlyName"),
    "accountSid": lambda row: row.account,
    "statusCallback": lambda row: row.configuration.get("statusCallback"),
    "statusCallbackMethod": lambda row: row.configuration.get("statusCallbackMethod"),
    "configuration": _configuration_of,
    **AVAILABLE_NUMBER,
}


def rendered(record: Row, fields: Mapping[str, Callable[[Row], Any]]) -> dict[str, Any]:
    """Return *record* with these fields."""
    return {name: field(record) for name, field in fields.items()}


def active_number(row: Owned) -> dict[str, Any]:
    """Return an ActiveNumber: the account's own fields, then those of the catalogue."""
    return rendered(row, ACTIVE_NUMBER)


def value_of(record: Row, fields: Mapping[str, Callable[[Row], Any]], path: tuple[str, ...]) -> Any:
    """Return the nested value at *path*, which a filter compares; None when a part of the path is absent."""
    found = fields[path[0]](record)
    for name in path[1:]:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
