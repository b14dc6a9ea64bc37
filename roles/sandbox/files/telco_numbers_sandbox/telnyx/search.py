# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is for sale: one window of numbers, which the account may order for a while."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..numbering import PLANS
from ..store import Account, Offer, Session
from ..wire import Answer, ApiError, Call
from .common import NAME, Handled, Query, asking_account, flag, query, words

TYPES = ("local", "toll_free", "mobile", "national", "shared_cost")
FEATURES = ("sms", "mms", "voice", "fax", "emergency", "hd_voice", "international_sms", "local_calling")
PATTERNS = ("starts_with", "ends_with", "contains")
FIELDS = (
    "country_code", "phone_number_type", "features", "national_destination_code", "locality", "administrative_area",
    "rate_center", "limit", "best_effort", "quickship", "reservable", "exclude_held_numbers",
)  # fmt: skip
Test = Callable[[Mapping[str, Any]], bool]


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", "/available_phone_numbers", search),
        ("GET", "/country_coverage/countries/{country_code}", coverage),
    )


def national(data: Mapping[str, Any]) -> str:
    """The digits of an offer without its country code."""
    code, _length = PLANS.get(str(data.get("country")), ("", 0))
    return str(data["number"]).removeprefix(f"+{code}")


def search(call: Call) -> Answer:
    """Numbers of one country; how many at most is a setting. What it shows may be ordered."""
    account = asking_account(call)
    names = [f"filter[{name}]" for name in FIELDS] + [f"filter[phone_number][{name}]" for name in PATTERNS]
    fields = query(call, *names, "filter[features][]")
    country = fields.get("filter[country_code]")
    if not country:
        raise ApiError(400, "filter[country_code] is required", "10004")
    offers = call.store.find(Offer, provider=NAME)
    if not any(offer.data.get("country") == country for offer in offers):
        raise ApiError(400, f"We do not have coverage in {country}", "10031")
    tests = _tests(fields, account, country)
    found = [
        offer.data
        for offer in offers
        if offer.stock and offer.data.get("country") == country and all(test(offer.data) for test in tests)
    ]
    shown = found[: _rows(call, fields)]
    _remember(call, account, [str(data["number"]) for data in shown])
    best = sum(bool(data.get("best_effort")) for data in shown)
    return Answer(
        200,
        {
            "data": [_rendered(data) for data in shown],
            "meta": {"total_results": len(shown), "best_effort_results": best},
        },
    )


def _rows(call: Call, fields: Query) -> int:
    most = int(call.settings["search_rows"])
    cap = call.faults.take("page_cap")
    asked = fields.get("filter[limit]", str(most))
    if not re.fullmatch(r"[1-9]\d{0,4}", asked, re.ASCII):
        raise ApiError(422, "filter[limit] must be a number", "10031")
    return min(int(asked), most, int(cap.spec["rows"]) if cap else most)


def _remember(call: Call, account: Account, numbers: Sequence[str]) -> None:
    """Keep what was shown, and forget what is too old."""
    for old in list(call.store.find(Session, kind="search", owner=account.id)):
        if old.expires_at <= call.now:
            call.store.delete(old)
    if numbers:
        until = call.now + float(call.settings["search_seconds"])
        call.store.save(Session(str(uuid.uuid4()), "search", account.id, json.dumps(list(numbers)), until))


def was_searched(call: Call, account: Account, number: str) -> bool:
    """Whether a search of the account showed a number lately."""
    known = call.store.find(Session, kind="search", owner=account.id)
    return any(number in json.loads(one.secret) for one in known if one.expires_at > call.now)


def _tests(fields: Query, account: Account, country: str) -> list[Test]:
    """The filters of a search."""
    kind, able = fields.get("filter[phone_number_type]"), words(fields, "filter[features]")
    able += words(fields, "filter[features][]")
    if kind is not None and kind not in TYPES:
        raise ApiError(422, f"filter[phone_number_type] must be one of {', '.join(TYPES)}", "10031")
    if unknown := [word for word in able if word not in FEATURES]:
        raise ApiError(422, f"filter[features] has no {unknown[0]}", "10031")
    tests: list[Test] = [lambda data: data.get("held_by") in (None, account.id)]
    if kind:
        tests.append(lambda data: data.get("type") == kind)
    tests += [_able(word) for word in able]
    for name, key in (("locality", "city"), ("administrative_area", "region"), ("rate_center", "rate_center")):
        value = fields.get(f"filter[{name}]")
        if value and (name == "locality" or country in ("US", "CA")):
            tests.append(_at(key, value.lower()))
    area = fields.get("filter[national_destination_code]", "")
    if area:
        tests.append(lambda data: national(data).startswith(area))
    tests += [_pattern(fields, word, len(area)) for word in PATTERNS if fields.get(f"filter[phone_number][{word}]")]
    if flag(fields, "filter[best_effort]") is not True:
        tests.append(lambda data: not data.get("best_effort"))
    if flag(fields, "filter[reservable]"):
        tests.append(lambda data: bool(data.get("reservable", True)))
    if flag(fields, "filter[quickship]") and kind == "toll_free" and country in ("US", "CA"):
        tests.append(lambda data: bool(data.get("quickship", True)))
    if flag(fields, "filter[exclude_held_numbers]"):
        tests.append(lambda data: data.get("held_by") is None)
    return tests


def _able(word: str) -> Test:
    return lambda data: word in data["capabilities"]


def _at(key: str, wanted: str) -> Test:
    return lambda data: str(data.get(key) or "").lower() == wanted


def _pattern(fields: Query, word: str, skipped: int) -> Test:
    """Digits of the national number, without the area code where that is filtered, too; anything else fits nothing."""
    wanted = fields[f"filter[phone_number][{word}]"]
    if word == "contains":
        return lambda data: wanted in national(data)[skipped:]
    if word == "ends_with":
        return lambda data: national(data)[skipped:].endswith(wanted)
    return lambda data: national(data)[skipped:].startswith(wanted)


def _rendered(data: Mapping[str, Any]) -> dict[str, Any]:
    places = [("country_code", data.get("country")), ("state", data.get("region")), ("location", data.get("city"))]
    places.append(("rate_center", data.get("rate_center")))
    return {
        "record_type": "available_phone_number",
        "phone_number": data["number"],
        "vanity_format": "",
        "best_effort": bool(data.get("best_effort", False)),
        "quickship": bool(data.get("quickship", True)),
        "reservable": bool(data.get("reservable", True)),
        "features": [{"name": name} for name in data["capabilities"]],
        "cost_information": {
            "monthly_cost": data.get("monthly_price"),
            "upfront_cost": data.get("setup_price"),
            "currency": data.get("currency"),
        },
        "region_information": [{"region_type": kind, "region_name": name} for kind, name in places if name],
    }


def coverage(call: Call) -> Answer:
    """What a country has."""
    asking_account(call)
    query(call)
    code = call.params["country_code"]
    offers = [offer.data for offer in call.store.find(Offer, provider=NAME) if offer.data.get("country") == code]
    kinds = sorted({str(data.get("type")) for data in offers})
    able = sorted({word for data in offers for word in data["capabilities"]})
    of_kinds = {
        kind: {"features": able, "reservable": True, "quickship": kind != "mobile", "full_pstn_replacement": False}
        for kind in kinds
    }
    told = {"code": code, "numbers": bool(offers), "features": able, "phone_number_type": kinds, "region": None}
    return Answer(200, {"data": {**told, **of_kinds, "reservable": True, "inventory_coverage": True}})
