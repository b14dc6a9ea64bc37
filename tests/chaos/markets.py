# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stories buy: markets of a few offers each, some of which turn out otherwise than their offers said."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Market:
    """A selector and the offers that it finds; ``later`` is what the provider's records come to say after a while."""

    name: str
    where: Mapping[str, Any]
    offers: tuple[dict[str, Any], ...]
    later: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    application: bool = True  # whether its numbers can be linked whole


def _groups(first: int, shared: Facts, *variants: Facts) -> tuple[dict[str, Any], ...]:
    return tuple({"id": str(first + place), "stock": 6, **shared, **variant} for place, variant in enumerate(variants))


def _numbers(first: int, count: int, **shared: Any) -> Iterator[dict[str, Any]]:
    for place in range(count):
        yield {"number": f"+{first + place}", **shared}


BOTH, VOICE = ["voice", "sms"], ["voice"]
_PORTAL = {"type": "Voice", "currency": "EUR", "capabilities": BOTH, "monthly_price": "1.30"}
_PLIVO = {"type": "local", "capabilities": VOICE, "monthly_price": "1.00"}
_CATALOG = {"type": "mobile", "capabilities": BOTH, "monthly_price": "3.00", "setup_price": "0.50"}
_INFOBIP = {"type": "VIRTUAL_LONG_NUMBER", "capabilities": VOICE, "currency": "EUR", "monthly_price": "2.25", "setup_price": "1", "initial_month_price": "1.30"}
_SE = {"country": "SE", "capabilities": ["voice"]}

MARKETS: Mapping[str, tuple[Market, ...]] = {
    "sinch_portal": (
        Market("honest", _SE, _groups(40, {**_PORTAL, "country": "SE", "city": "STOCKHOLM", "area_code": "08"},
               {"monthly_price": "1.20"}, {"stock": 2, "monthly_price": "1.10"}, {"stock": 1, "capabilities": VOICE}, {"stock": 20})),
        Market("place", {"country": "AT", "city": "Wien"},
               _groups(50, {**_PORTAL, "country": "AT", "city": "WIEN", "area_code": "01", "record": {"city": "VIENNA"}}, {"stock": 2}, {"monthly_price": "1.50"})),
        Market("late", {"country": "BE", "capabilities": BOTH},
               _groups(60, {**_PORTAL, "country": "BE", "city": "GENT", "area_code": "09", "record": {"capabilities": VOICE}}, {"stock": 2}, {"monthly_price": "1.50"}),
               later={"capabilities": BOTH}),
        Market("country", {"country": "CH"},
               _groups(70, {**_PORTAL, "country": "CH", "city": "VADUZ", "area_code": "81", "record": {"country": "LI"}}, {"stock": 2}, {"monthly_price": "1.50"})),
        Market("poor", {"country": "ES"}, _groups(80, {**_PORTAL, "country": "ES", "city": "MADRID", "area_code": "91"}, {"capabilities": VOICE}, {"monthly_price": "2.00"}),
               application=False),
    ),
    "plivo": (
        Market("honest", {**_SE, "type": "local"}, _groups(46000000000008, {**_PLIVO, "country": "SE", "area_code": "8", "region": "STOCKHOLM, SWEDEN"},
               {}, {"stock": 2, "monthly_price": "0.90"}, {"stock": 1, "monthly_price": "0.95"}, {"stock": 20, "monthly_price": "1.10"})),
        Market("place", {"country": "AT", "type": "local", "region": "Wien"},
               _groups(43000000000001, {**_PLIVO, "country": "AT", "area_code": "1", "region": "WIEN, AUSTRIA", "record": {"region": "VIENNA, AUSTRIA"}},
                       {"stock": 2}, {"monthly_price": "1.20"})),
        Market("late", {"country": "BE", "type": "local", "capabilities": BOTH},
               _groups(32000000000009, {**_PLIVO, "country": "BE", "area_code": "9", "region": "GENT, BELGIUM", "capabilities": BOTH, "record": {"capabilities": VOICE}},
                       {"stock": 2}, {"monthly_price": "1.20"}), later={"capabilities": BOTH}),
        Market("country", {"country": "US", "type": "local", "capabilities": VOICE},
               _groups(11000000000787, {**_PLIVO, "country": "US", "area_code": "787", "region": "SAN JUAN, PUERTO RICO", "record": {"country": "PR"}},
                       {"stock": 2}, {"monthly_price": "1.20"})),
        Market("nowhere", {"country": "GB", "type": "tollfree"},
               _groups(44000000000800, {**_PLIVO, "country": "GB", "type": "tollfree", "area_code": "800", "region": "UNITED KINGDOM", "e164_prefix": "44800800",
                                        "record": {"country": None}}, {"stock": 2}, {"monthly_price": "1.20"})),
    ),
    "sinch_catalog": (
        Market("honest", {**_SE, "type": "mobile"}, (
            *_numbers(46701740600, 5, **{**_CATALOG, "country": "SE"}), *_numbers(46701740620, 20, **{**_CATALOG, "country": "SE", "monthly_price": "3.50"}))),
        Market("place", {"country": "AT", "city": "Wien"}, tuple(_numbers(436641234560, 8, **{**_CATALOG, "country": "AT", "city": "Wien", "record": {"city": "Vienna"}}))),
        Market("late", {"country": "BE", "capabilities": BOTH}, tuple(_numbers(32470123450, 8, **{**_CATALOG, "country": "BE", "record": {"capabilities": VOICE}})),
               later={"capabilities": BOTH}),
        Market("country", {"country": "CH", "type": "mobile"}, tuple(_numbers(4236601230, 8, **{**_CATALOG, "country": "CH", "record": {"country": "LI"}}))),
        Market("nowhere", {"country": "US", "type": "tollfree"}, tuple(_numbers(18005550120, 8, **{**_CATALOG, "type": "tollfree", "country": "US", "record": {"country": None}}))),
        Market("poor", {"country": "ES", "type": "mobile"}, (
            *_numbers(34600123450, 4, **{**_CATALOG, "country": "ES", "capabilities": VOICE}), *_numbers(34600123460, 8, **{**_CATALOG, "country": "ES", "monthly_price": "4.00"})),
            application=False),
    ),
    "infobip": (
        Market("honest", _SE, (
            *_numbers(46701740700, 5, **{**_INFOBIP, "country": "SE"}), *_numbers(46701740710, 20, **{**_INFOBIP, "country": "SE", "monthly_price": "2.50"}))),
        Market("late", {"country": "BE", "capabilities": BOTH},
               tuple(_numbers(32470123450, 8, **{**_INFOBIP, "country": "BE", "capabilities": BOTH, "record": {"capabilities": VOICE}})), later={"capabilities": BOTH}),
        Market("country", {"country": "CH"}, tuple(_numbers(4236601230, 8, **{**_INFOBIP, "country": "CH", "record": {"country": "LI"}}))),
        Market("nowhere", {"country": "US"}, tuple(_numbers(18005550120, 8, **{**_INFOBIP, "country": "US", "record": {"country": None}}))),
    ),
}  # fmt: skip


def _keyed(offer: dict[str, Any], provider: str) -> dict[str, Any]:
    return {**offer, "key": offer["number"].lstrip("+")} if provider == "infobip" else offer


SEED: Mapping[str, Any] = {
    provider: {"offers": [_keyed(offer, provider) for market in markets for offer in market.offers]} for provider, markets in MARKETS.items()
}


def offers(provider: str) -> dict[str, dict[str, Any]]:
    """Every offer by what the sandbox's stock and its owned numbers call it."""
    return {str(offer.get("key") or offer.get("id") or offer["number"]): offer for offer in SEED[provider]["offers"]}


def fits(facts: Facts, where: Mapping[str, Any]) -> bool | None:
    """Whether a record with these facts is what the selector wants; None where it lacks the fact. Types differ between markets of one country only."""
    verdicts = [_fits(key, wanted, facts) for key, wanted in where.items() if key != "type"]
    return False if False in verdicts else None if None in verdicts else True


def _fits(key: str, wanted: Any, facts: Facts) -> bool | None:
    fact = facts.get(key)
    if fact is None:
        return None
    if key == "capabilities":
        return set(wanted) <= set(fact)
    if key == "region":
        fact = fact.rpartition(",")[0] or fact
    return str(fact).casefold() == str(wanted).casefold()
