# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pricing: what a number of a country and type costs a month. No number has a price of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..store import Offer
from ..wire import Answer, Call, money
from .common import COUNTRIES, NAME, Handled, asking_account, not_found, page_newer, query
from .search import types_sold

PATH = "/v1/PhoneNumbers/Countries"


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (("GET", PATH, countries), ("GET", PATH + "/{IsoCountry}", country))


def countries(call: Call) -> Answer:
    """Every country that has a price."""
    asking_account(call)
    fields = query(call, ())
    codes = sorted({str(offer.data.get("country")) for offer in call.store.find(Offer, provider=NAME)})
    return page_newer(call, fields, "countries", codes, lambda code: _about(call, code))


def country(call: Call) -> Answer:
    """The prices of a country: of each type the first offer's; a type whose offers name no price has none."""
    asking_account(call)
    query(call, ())
    code = call.params["IsoCountry"]
    if not types_sold(call, code):
        raise not_found(call)
    offers = [offer.data for offer in call.store.find(Offer, provider=NAME) if offer.data.get("country") == code]
    prices = []
    for kind in types_sold(call, code):
        first = next(data for data in offers if data.get("type") == kind)
        if "monthly_price" in first:
            current = str(money(first, "monthly_price"))
            prices.append({
                "number_type": kind.replace("_", " "),
                "base_price": str(first.get("base_price", current)),
                "current_price": current,
            })  # fmt: skip
    unit = next((str(data["currency"]) for data in offers if data.get("currency")), "USD")
    return Answer(200, {**_about(call, code), "price_unit": unit, "phone_number_prices": prices})


def _about(call: Call, code: str) -> dict[str, Any]:
    return {"country": COUNTRIES.get(code, code), "iso_country": code, "url": f"{call.origin}{PATH}/{code}"}
