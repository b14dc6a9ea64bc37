# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is for sale: countries, their types, and one window of numbers of a type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..store import Offer
from ..wire import Answer, ApiError, Call
from .common import ACCOUNT, COUNTRIES, NAME, Handled, addressed, boolean, not_found, query, size_of

# The word of the path for each type, as the sub-resources of a country are called.
TYPES = {
    "local": "Local", "toll_free": "TollFree", "mobile": "Mobile", "national": "National",
    "shared_cost": "SharedCost", "voip": "Voip",
    "machine_to_machine": "MachineToMachine",
}  # fmt: skip
CAPABILITIES = {"VoiceEnabled": "voice", "SmsEnabled": "sms", "MmsEnabled": "mms", "FaxEnabled": "fax"}
EXCLUDED = {
    "ExcludeAllAddressRequired": ("any", "local", "foreign"),
    "ExcludeLocalAddressRequired": ("local",),
    "ExcludeForeignAddressRequired": ("foreign",),
}
PLACES = {
    "InRegion": "region",
    "InLocality": "city",
    "InPostalCode": "postal_code",
    "InRateCenter": "rate_center",
    "InLata": "lata",
}
NORTH_AMERICAN = (
    "AreaCode",
    "InRegion",
    "InPostalCode",
    "InRateCenter",
    "InLata",
    "NearNumber",
    "NearLatLong",
    "Distance",
)
FIELDS = ("Contains", "InLocality", "Beta", *NORTH_AMERICAN, *CAPABILITIES, *EXCLUDED)
KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
Test = Callable[[Mapping[str, Any]], bool]


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    available = ACCOUNT + "/AvailablePhoneNumbers"
    return (
        ("GET", available + ".json", countries),
        ("GET", available + "/{CountryCode}.json", country),
        *(("GET", f"{available}/{{CountryCode}}/{word}.json", _search_of(name)) for name, word in TYPES.items()),
    )


def place(data: Mapping[str, Any]) -> dict[str, Any]:
    """Where a number is, as a search tells it."""
    geography = data.get("geography") or {}
    return {"region": data.get("region"), "city": data.get("city"), **geography}


def requirements(data: Mapping[str, Any]) -> str:
    """Which address a number needs."""
    return str(data.get("address_requirements", "none"))


def types_sold(call: Call, iso: str) -> list[str]:
    """The types that a country has, sold out or not."""
    sold = {
        offer.data.get("type") for offer in call.store.find(Offer, provider=NAME) if offer.data.get("country") == iso
    }
    return [name for name in TYPES if name in sold]


def countries(call: Call) -> Answer:
    """Every country that has numbers."""
    account = addressed(call)
    query(call, ())
    codes = sorted({str(offer.data.get("country")) for offer in call.store.find(Offer, provider=NAME)})
    return Answer(200, {"countries": [_country(call, account.id, code) for code in codes], "uri": call.path})


def country(call: Call) -> Answer:
    """One country and its types."""
    account = addressed(call)
    query(call, ())
    code = call.params["CountryCode"]
    if not types_sold(call, code):
        raise not_found(call)
    return Answer(200, _country(call, account.id, code))


def _country(call: Call, account: str, code: str) -> dict[str, Any]:
    base = f"/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{code}"
    return {
        "country_code": code,
        "country": COUNTRIES.get(code, code),
        "beta": False,
        "uri": f"{base}.json",
        "subresource_uris": {name: f"{base}/{TYPES[name]}.json" for name in types_sold(call, code)},
    }


def _search_of(kind: str) -> Callable[[Call], Answer]:
    """The search of one type: no pages, no total, and a window of rows that the same question shows again."""

    def search(call: Call) -> Answer:
        addressed(call)
        fields = query(call, FIELDS)
        code = call.params["CountryCode"]
        if kind not in types_sold(call, code):
            raise not_found(call)
        tests = _tests(call, fields, code)
        rows = min(size_of(fields), int(call.settings["search_rows"]))
        cap = call.faults.take("page_cap")
        rows = min(rows, int(cap.spec["rows"])) if cap else rows
        found = [
            offer.data
            for offer in call.store.find(Offer, provider=NAME)
            if offer.stock
            and (offer.data.get("country"), offer.data.get("type")) == (code, kind)
            and all(test(offer.data) for test in tests)
        ]
        return Answer(200, {"uri": call.path, "available_phone_numbers": [_rendered(data) for data in found[:rows]]})

    return search


def _rendered(data: Mapping[str, Any]) -> dict[str, Any]:
    where = place(data)
    return {
        "friendly_name": friendly(str(data["number"])),
        "phone_number": data["number"],
        "lata": where.get("lata"),
        "locality": where.get("city"),
        "rate_center": where.get("rate_center"),
        "latitude": where.get("latitude"),
        "longitude": where.get("longitude"),
        "region": where.get("region"),
        "postal_code": where.get("postal_code"),
        "iso_country": data.get("country"),
        "address_requirements": requirements(data),
        "beta": bool(data.get("beta", False)),
        "capabilities": {key: key.lower() in data["capabilities"] for key in ("voice", "SMS", "MMS")},
    }


def friendly(number: str) -> str:
    """The name that a number has of itself."""
    if re.fullmatch(r"\+1\d{10}", number, re.ASCII):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def _tests(call: Call, fields: Mapping[str, str], code: str) -> list[Test]:
    """The filters of a search; each only narrows, and a false asks for nothing."""
    if code not in ("US", "CA"):
        for name in NORTH_AMERICAN:
            if name in fields:
                raise ApiError(400, f"{name} is for the United States and Canada alone", 20001)
    if "InRateCenter" in fields and "InLata" not in fields:
        raise ApiError(400, "InRateCenter needs InLata", 20001)
    tests: list[Test] = []
    for name, capability in CAPABILITIES.items():
        if boolean(fields, name):
            tests.append(_able(capability))
    for name, words in EXCLUDED.items():
        if boolean(fields, name):
            tests.append(_without(words))
    if boolean(fields, "Beta") is False:
        tests.append(lambda data: not data.get("beta"))
    if "Contains" in fields:
        pattern = contains(fields["Contains"])
        tests.append(lambda data: pattern.search(str(data["number"])) is not None)
    if "AreaCode" in fields:
        area = area_code(fields["AreaCode"])
        tests.append(lambda data: str(data["number"]).startswith(f"+1{area}"))
    for name, key in PLACES.items():
        if name in fields:
            tests.append(_at(key, fields[name].lower()))
    return tests + _near(call, fields)


def _able(capability: str) -> Test:
    return lambda data: capability in data["capabilities"]


def _without(words: Sequence[str]) -> Test:
    return lambda data: requirements(data) not in words


def _at(key: str, wanted: str) -> Test:
    return lambda data: str(place(data).get(key) or "").lower() == wanted


def area_code(value: str) -> str:
    """Three digits."""
    if not re.fullmatch(r"[2-9]\d{2}", value, re.ASCII):
        raise ApiError(400, f"AreaCode {value} is invalid", 21451)
    return value


def contains(value: str) -> re.Pattern[str]:
    """A pattern over a whole number.

    ``*`` is one digit, ``%`` any number of them, ``+`` the start, ``$`` the end; letters are keys.
    """
    if not re.fullmatch(r"\+?[0-9a-zA-Z*%]+\$?", value, re.ASCII) or not 2 <= len(value) <= 16:
        raise ApiError(400, "Contains has 2 to 16 digits, letters, * and %, after a + and before a $ if need be", 21421)
    digits = value.lower().removeprefix("+").removesuffix("$").translate(KEYS)
    body = digits.replace("*", r"\d").replace("%", r"\d*")
    return re.compile((r"^\+" if value.startswith("+") else "") + body + ("$" if value.endswith("$") else ""), re.ASCII)


def _near(call: Call, fields: Mapping[str, str]) -> list[Test]:
    if "Distance" in fields and not (
        re.fullmatch(r"\d{1,3}", fields["Distance"], re.ASCII) and int(fields["Distance"]) <= 500
    ):
        raise ApiError(400, "Distance is at most 500 miles", 20001)
    center = None
    if "NearLatLong" in fields:
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)", fields["NearLatLong"], re.ASCII)
        if found is None:
            raise ApiError(400, "NearLatLong is a latitude and a longitude", 20001)
        center = (float(found[1]), float(found[2]))
    elif "NearNumber" in fields:
        offer = call.store.get(Offer, provider=NAME, id=fields["NearNumber"])
        center = _position(offer.data) if offer else None
        if center is None:
            return [lambda data: False]
    if center is None:
        return []
    limit, middle = float(fields.get("Distance", "25")), center
    return [lambda data: _miles(middle, _position(data)) <= limit]


def _position(data: Mapping[str, Any]) -> tuple[float, float] | None:
    where = place(data)
    return (
        (float(where["latitude"]), float(where["longitude"]))
        if where.get("latitude") and where.get("longitude")
        else None
    )


def _miles(one: tuple[float, float], other: tuple[float, float] | None) -> float:
    if other is None:
        return math.inf
    (north, east), (up, right) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((up - north) / 2) ** 2 + math.cos(north) * math.cos(up) * math.sin((right - east) / 2) ** 2
    return 2 * 3959 * math.asin(math.sqrt(half))
