# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search and reservation. One list, no pages, nothing held; neither price nor, in North America, capabilities."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..store import Offer, Owned, Reservation
from ..wire import Answer, ApiError, Call, whole_number
from .common import ACCOUNT, E164, NAME, TOLL_FREE, Handled, Refused, account_of, document, query, xml

SHARED = ("quantity", "enableTNDetail", "LCA", "orderBy", "endsIn", "protected")
NORTH_AMERICA = ("areaCode", "npaNxx", "npaNxxx", "city", "state", "rateCenter", "zip", "lata")
ELSEWHERE = ("phoneNumberType", "areaCode", "city", "features")
VANITY = ("localVanity", "tollFreeVanity", "tollFreeWildCardPattern")
TYPES = ("GEOGRAPHIC", "NATIONAL", "MOBILE", "TOLL_FREE", "SHARED_COST")
FEATURES = {
    "VOICE": "voice", "VOICE_OUTBOUND_NATIONAL": "voice", "VOICE_OUTBOUND_INTERNATIONAL": "voice",
    "VOICE_OUTBOUND_TOLLFREE": "voice", "EMERGENCY": "voice", "MESSAGING_SMS": "sms",
}  # fmt: skip
HOLD = 4 * 3600
ALPHA_3 = {
    "AT": "AUT", "AU": "AUS", "AX": "ALA", "BE": "BEL", "CA": "CAN", "CH": "CHE", "DE": "DEU", "DK": "DNK", "ES": "ESP",
    "FI": "FIN", "FR": "FRA", "GB": "GBR", "IE": "IRL", "IT": "ITA", "JE": "JEY", "NL": "NLD", "NO": "NOR", "PL": "POL",
    "PR": "PRI", "PT": "PRT", "SE": "SWE", "US": "USA",
}  # fmt: skip


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    reservation = ACCOUNT + "/tnreservation"
    return (
        ("GET", ACCOUNT + "/availableNumbers", search),
        ("POST", reservation, reserve),
        ("GET", reservation + "/{id}", reservation_of),
        ("DELETE", reservation + "/{id}", free),
        ("GET", ACCOUNT + "/activationRequirements", requirements),
    )


def _wrong(code: int, message: str) -> Refused:
    return Refused(400, "SearchResult", message, code, "error")


def word_of(data: Mapping[str, Any]) -> str:
    """The type of an offer; a seed may say it in the collection's words."""
    kind = str(data.get("type", "GEOGRAPHIC"))
    return {"local": "GEOGRAPHIC", "tollfree": "TOLL_FREE"}.get(kind, kind.upper())


def is_nanp(data: Mapping[str, Any]) -> bool:
    """Whether an offer or a number is one of North America."""
    return data.get("country") in ("US", "CA")


def _criteria(fields: Mapping[str, str], countries: Collection[str]) -> None:
    """Refuse a search without a criterion, or with criteria that do not go together."""
    north = bool({*countries} & {"USA", "CAN"})
    allowed = (*NORTH_AMERICA, *VANITY) if north else ELSEWHERE
    given = [name for name in fields if name in (*NORTH_AMERICA, *ELSEWHERE, *VANITY)]
    if any(name not in allowed for name in given if name != "phoneNumberType"):
        raise _wrong(4011, "These search criteria are not for this country")
    if not [name for name in given if name in allowed]:
        raise _wrong(4010, "At least one search criterion is required")
    if ("city" in fields or "rateCenter" in fields) and north and "state" not in fields:
        raise _wrong(4003, "The state is required with a city or a rate center")
    for name, length in (("areaCode", 3), ("npaNxx", 6), ("npaNxxx", 7)):
        value = fields.get(name)
        if value is not None and north and not re.fullmatch(rf"[2-9]\d{{{length - 1}}}", value, re.ASCII):
            raise _wrong(4000, f"The {name} '{value}' is invalid")
    if "tollFreeWildCardPattern" in fields and not re.fullmatch(r"8[\d*]\*", fields["tollFreeWildCardPattern"]):
        raise _wrong(4002, "The pattern is invalid")
    if {"tollFreeWildCardPattern", "tollFreeVanity"} & fields.keys() and "enableTNDetail" in fields:
        raise _wrong(4004, "These search criteria cannot be combined")


def search(call: Call) -> Answer:
    """What is for sale. Neighbouring exchanges come along, unless ``LCA`` is false."""
    account_of(call)
    call.no_body()
    fields = {name: value for name, value in call.query if name != "features"}
    features = [value for name, value in call.query if name == "features"]
    for name in fields:
        if name not in (*SHARED, *NORTH_AMERICA, *ELSEWHERE, *VANITY, "countryCodeA3"):
            raise ApiError(400, f"Unknown query parameter '{name}'")
    countries = fields.get("countryCodeA3", "USA,CAN").split(",")
    _criteria({**fields, **({"features": "1"} if features else {})}, countries)
    if fields.get("phoneNumberType", TYPES[0]) not in TYPES or any(one not in FEATURES for one in features):
        raise _wrong(4001, "The type or a feature is unknown")
    try:
        quantity = whole_number(fields.get("quantity"), "quantity", 5000, 1, 5000)
    except ApiError:
        raise _wrong(4005, "The quantity must be between 1 and 5000") from None
    found = [
        offer
        for offer in call.store.find(Offer, provider=NAME)
        if offer.stock and _matches(offer, fields, features, countries) and not _is_owned(call, offer.id)
    ][:quantity]
    return _answer(found, fields)


def _is_owned(call: Call, number: str) -> bool:
    return call.store.get(Owned, provider=NAME, number=number) is not None


def _matches(offer: Offer, fields: Mapping[str, str], features: Sequence[str], countries: Collection[str]) -> bool:
    data, number = offer.data, offer.id
    if ALPHA_3.get(str(data.get("country"))) not in countries:
        return False
    if not all(FEATURES[one] in data["capabilities"] for one in features):
        return False
    if fields.get("phoneNumberType", word_of(data)) != word_of(data) or not _in_city(data, fields):
        return False
    if not is_nanp(data):
        return fields.get("areaCode") in (None, data.get("area_code"))
    free = number[2:5] in TOLL_FREE
    if free != bool({"tollFreeWildCardPattern", "tollFreeVanity"} & fields.keys()):
        return False
    return _has_digits(number[2:], fields)


def _in_city(data: Mapping[str, Any], fields: Mapping[str, str]) -> bool:
    pairs = (("city", "city"), ("state", "region"), ("rateCenter", "rate_center"), ("lata", "lata"), ("zip", "zip"))
    return all(fields[name].upper() == str(data.get(fact, "")).upper() for name, fact in pairs if name in fields)


def _has_digits(digits: str, fields: Mapping[str, str]) -> bool:
    pattern = fields.get("tollFreeWildCardPattern", "").rstrip("*")
    vanity = fields.get("localVanity")
    around = fields.get("LCA", "true") == "true"  # a neighbouring exchange begins with the same area code
    exchanges = [fields[name][: 3 if around else None] for name in ("npaNxx", "npaNxxx") if name in fields]
    starts = [fields.get("areaCode", ""), *exchanges, pattern]
    if not all(digits.startswith(start) for start in starts) or not digits.endswith(fields.get("tollFreeVanity", "")):
        return False
    ends = fields.get("endsIn") == "true"
    return vanity is None or (digits[3:].endswith(vanity) if ends else vanity in digits[3:])


def _answer(found: Sequence[Offer], fields: Mapping[str, str]) -> Answer:
    if not found:
        return xml("SearchResult", None)
    if fields.get("enableTNDetail") != "true":
        rows: dict[str, Any] = {"TelephoneNumberList": {"TelephoneNumber": [offer.id for offer in found]}}
    else:
        details = [_detail(offer.id, offer.data) for offer in found]
        rows = {"TelephoneNumberDetailList": {"TelephoneNumberDetail": details}}
    return xml("SearchResult", {"ResultCount": len(found), **rows})


def _detail(number: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if not is_nanp(data):
        return {
            "CountryCodeA3": ALPHA_3[str(data["country"])], "PhoneNumberType": word_of(data),
            "City": data.get("city", "").upper(), "AreaCode": data.get("area_code", ""), "FullNumber": number,
            "VendorId": 92, "VendorName": "Bandwidth Global",
        }  # fmt: skip
    return {
        "CountryCodeA3": ALPHA_3[str(data["country"])], "PhoneNumberType": word_of(data), **place(data),
        "FullNumber": number, "Tier": data.get("tier", 0), "VendorId": 49, "VendorName": "Bandwidth CLEC",
    }  # fmt: skip


def place(data: Mapping[str, Any]) -> dict[str, Any]:
    """Where a number of North America is."""
    return {
        "City": data.get("city", "").upper(), "LATA": data.get("lata", ""), "RateCenter": data.get("rate_center", ""),
        "State": data.get("region", ""),
    }  # fmt: skip


# -- reservations ------------------------------------------------------------------------------------------------------


def reserve(call: Call) -> Answer:
    """Hold a number of North America for four hours."""
    account = account_of(call)
    number = str(document(call, "Reservation", ("ReservedTn", "AccountId")).get("ReservedTn"))
    offer = call.store.get(Offer, provider=NAME, id=number)
    if not E164.fullmatch(number) or offer is None or not offer.stock or not is_nanp(offer.data):
        raise Refused(
            400, "ReservationResponse", f"Reservation failed: telephone number {number} is not available.", 5041
        )
    offer.stock = 0
    call.store.save(offer)
    hold = Reservation(str(uuid.uuid4()), NAME, account.id, offer.id, 1, call.now + HOLD)
    call.store.save(hold)
    return Answer(201, None, {"Location": f"{call.origin}{call.path}/{hold.id}"})


def _hold(call: Call) -> Reservation:
    account = account_of(call)
    call.no_body()
    hold = call.store.get(Reservation, provider=NAME, account=account.id, id=call.params["id"])
    if hold is None:
        raise Refused(404, "ReservationResponse", "The reservation was not found", 5040)
    return hold


def _rendered(call: Call, hold: Reservation) -> Answer:
    left = int(max(0, hold.expires_at - call.now)) if hold.state == "held" else 0
    return xml("ReservationResponse", {"Reservation": {
        "ReservationId": hold.id, "AccountId": hold.account, "ReservationExpires": left, "ReservedTn": hold.offer,
    }})  # fmt: skip


def reservation_of(call: Call) -> Answer:
    """One reservation."""
    return _rendered(call, _hold(call))


def free(call: Call) -> Answer:
    """Give a reservation back."""
    hold = _hold(call)
    answer = _rendered(call, hold)
    if hold.state == "held":
        hold.state = "expired"
        call.store.save(hold)
        offer = call.store.the(Offer, provider=NAME, id=hold.offer)
        offer.stock = 1
        call.store.save(offer)
    return answer


# -- papers ------------------------------------------------------------------------------------------------------------


def requirements(call: Call) -> Answer:
    """Which countries and types need an address or proofs before their services work."""
    account = account_of(call)
    fields = query(call, ("countryCodeA3", "phoneNumberType"))
    if account.data.get("global_services", True) is False:
        message = "Global Services are currently disabled for the account."
        raise Refused(404, "ActivationRequirementResponse", message, 4026)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for offer in call.store.find(Offer, provider=NAME):
        needs, country = offer.data.get("needs"), ALPHA_3.get(str(offer.data.get("country")), "")
        key = (country, word_of(offer.data))
        if needs and fields.get("countryCodeA3", country) == country:
            found[key] = {
                "CountryCodeA3": country, "PhoneNumberType": key[1], "TypeOfAddress": needs["address"],
                "ProofOfAddressRequired": bool(needs.get("proof_of_address")),
                "ProofOfIdRequired": bool(needs.get("proof_of_id")),
            }  # fmt: skip
    return xml("ActivationRequirementResponse", {"ActivationRequirements": {
        "ActivationRequirement": list(found.values()),
    }})  # fmt: skip
