# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers: what numbers of a country and type require, and the groups that meet it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..store import Account, Offer
from ..wire import Answer, Call
from .common import NAME, Handled, asking_account, iso8601, not_found, page, query

# What an offer of the seed needs → name, kind, and where it must be from.
KINDS: Mapping[str, tuple[str, str, str | None]] = {
    "address": ("Address", "address_id", None),
    "local_address": ("Address matching the area code", "address_id", "Identical locality as the numbers desired"),
    "identity": ("End user's name", "textual", None),
    "documents": ("Proof of address", "document", None),
}


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", "/requirements", requirements),
        ("GET", "/regulatory_requirements", regulatory),
        ("GET", "/phone_numbers_regulatory_requirements", of_numbers),
        ("GET", "/requirement_groups", groups),
        ("GET", "/requirement_groups/{id}", group),
    )


def missing(account: Account, data: Mapping[str, Any], identity: str | None) -> list[str]:
    """What a number needs and the group does not meet: it is of another country or type, or is no good."""
    needed = [str(word) for word in data.get("requirements") or ()]
    found = next((one for one in account.data.get("requirement_groups", []) if one["id"] == identity), None)
    fits = found is not None and (found["country"], found["type"]) == (data.get("country"), data.get("type"))
    usable = found is not None and found.get("status", "approved") in ("approved", "unapproved", "pending-approval")
    return [] if fits and usable else needed


def _needed(call: Call, country: str | None, kind: str | None) -> list[tuple[str, str, list[str]]]:
    """What is needed by country and type, of those that have numbers."""
    found: dict[tuple[str, str], set[str]] = {}
    for offer in call.store.find(Offer, provider=NAME):
        key = (str(offer.data.get("country")), str(offer.data.get("type")))
        if country in (None, key[0]) and kind in (None, key[1]):
            found.setdefault(key, set()).update(offer.data.get("requirements") or ())
    return [(*key, sorted(words)) for key, words in sorted(found.items()) if words]


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(parts)))


def _one(word: str) -> dict[str, Any]:
    name, kind, place = KINDS[word]
    return {
        "id": _id(word),
        "name": name,
        "label": name,
        "description": name,
        "example": "",
        "field_type": kind,
        "acceptance_criteria": {"locality_limit": place} if place else {},
    }


def regulatory(call: Call) -> Answer:
    """By country and type."""
    asking_account(call)
    fields = query(call, "filter[country_code]", "filter[phone_number_type]", "filter[action]")
    found = _needed(call, fields.get("filter[country_code]"), fields.get("filter[phone_number_type]"))
    rows = [
        {
            "record_type": "regulatory_requirements",
            "country_code": country,
            "phone_number_type": kind,
            "action": "ordering",
            "regulatory_requirements": [_one(word) for word in words],
        }
        for country, kind, words in found
    ]
    return Answer(200, {"data": rows, "meta": {"total_results": len(rows)}})


def of_numbers(call: Call) -> Answer:
    """By number."""
    asking_account(call)
    wanted = [name for name in query(call, "filter[phone_number]").get("filter[phone_number]", "").split(",") if name]
    offers = [call.store.get(Offer, provider=NAME, id=name) for name in wanted]
    rows = [
        {
            "record_type": "phone_numbers_regulatory_requirements",
            "phone_number": offer.id,
            "phone_number_type": offer.data.get("type"),
            "region_information": [{"region_type": "country_code", "region_name": offer.data.get("country")}],
            "regulatory_requirements": [_one(str(word)) for word in offer.data.get("requirements") or ()],
        }
        for offer in offers
        if offer is not None
    ]
    return Answer(200, {"data": rows, "meta": {"total_results": len(rows)}})


def requirements(call: Call) -> Answer:
    """By country and type, with the types of requirements."""
    asking_account(call)
    fields = query(call, "filter[country_code]", "filter[phone_number_type]", "filter[action]")
    found = _needed(call, fields.get("filter[country_code]"), fields.get("filter[phone_number_type]"))
    return page(
        call,
        found,
        lambda row: {
            "record_type": "requirement",
            "id": _id(row[0], row[1]),
            "country_code": row[0],
            "locality": "",
            "phone_number_type": row[1],
            "action": "ordering",
            "requirement_types": [
                {
                    "record_type": "requirement_type",
                    "id": _id(word),
                    "name": KINDS[word][0],
                    "type": KINDS[word][1].removesuffix("_id"),
                    "description": KINDS[word][0],
                    "acceptance_criteria": {"locality_limit": KINDS[word][2]} if KINDS[word][2] else {},
                }
                for word in row[2]
            ],
            "created_at": iso8601(0),
            "updated_at": iso8601(0),
        },
    )


def _group(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "record_type": "requirement_group",
        "id": one["id"],
        "country_code": one["country"],
        "phone_number_type": one["type"],
        "action": "ordering",
        "status": one.get("status", "approved"),
        "customer_reference": one.get("name"),
        "regulatory_requirements": [],
        "created_at": iso8601(0),
        "updated_at": iso8601(0),
    }


def groups(call: Call) -> Answer:
    """The account's groups, a bare array."""
    account = asking_account(call)
    names = ("country_code", "phone_number_type", "status")
    fields = query(call, *(f"filter[{name}]" for name in names))
    found = [_group(one) for one in account.data.get("requirement_groups", [])]
    wanted = {name: fields[f"filter[{name}]"] for name in names if f"filter[{name}]" in fields}
    return Answer(200, [one for one in found if all(one[name] == value for name, value in wanted.items())])


def group(call: Call) -> Answer:
    """One group, a bare object."""
    account = asking_account(call)
    query(call)
    found = next((one for one in account.data.get("requirement_groups", []) if one["id"] == call.params["id"]), None)
    if found is None:
        raise not_found("requirement group")
    return Answer(200, _group(found))
