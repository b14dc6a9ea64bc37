# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stories buy: markets of a few offers each, some of which turn out otherwise than their offers said."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Market:
    """A selector and the offers that it finds; ``later`` is what the provider's records come to say after a while."""

    name: str
    where: Mapping[str, Any]
    offers: tuple[dict[str, Any], ...]
    later: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    whole: bool = True  # whether all its numbers have all the capabilities that are linked


def _groups(first: int, facts: Facts, *variants: Facts) -> tuple[dict[str, Any], ...]:
    """Groups of a stock each; without variants a small one and a dearer one."""
    return tuple(
        {"id": str(first + place), "stock": 6, **facts, **variant}
        for place, variant in enumerate(variants or ({"stock": 2}, {"monthly_price": "2.00"}))
    )


def _numbers(first: int, count: int, facts: Facts) -> tuple[dict[str, Any], ...]:
    return tuple({"number": f"+{first + place}", **facts} for place in range(count))


BOTH, VOICE = ["voice", "sms"], ["voice"]
LATER = {"capabilities": BOTH}
_SE = {"country": "SE", "capabilities": VOICE}
_BE = {"country": "BE", "capabilities": BOTH}
_LATE = {"country": "BE", "capabilities": BOTH, "record": {"capabilities": VOICE}}  # sms is switched on later
_ABROAD = {"country": "CH", "record": {"country": "LI"}}
_NOWHERE = {"record": {"country": None}}


def _portal() -> tuple[Market, ...]:
    def facts(city: str, area_code: str, **more: Any) -> Facts:
        return {
            "type": "Voice",
            "currency": "EUR",
            "capabilities": BOTH,
            "monthly_price": "1.30",
            "city": city,
            "area_code": area_code,
            **more,
        }

    swedish = (
        {"monthly_price": "1.20"},
        {"stock": 2, "monthly_price": "1.10"},
        {"stock": 1, "capabilities": VOICE},
        {"stock": 20},
    )
    return (
        Market("honest", _SE, _groups(40, facts("STOCKHOLM", "08", country="SE"), *swedish)),
        Market(
            "place",
            {"country": "AT", "city": "Wien"},
            _groups(50, facts("WIEN", "01", country="AT", record={"city": "VIENNA"})),
        ),
        Market("late", _BE, _groups(60, facts("GENT", "09", **_LATE)), LATER),
        Market("country", {"country": "CH"}, _groups(70, facts("VADUZ", "81", **_ABROAD))),
        Market(
            "poor",
            {"country": "ES"},
            _groups(80, facts("MADRID", "91", country="ES"), {"capabilities": VOICE}, {"monthly_price": "2.00"}),
            whole=False,
        ),
    )


def _plivo_groups() -> tuple[Market, ...]:
    def facts(region: str, area_code: str, **more: Any) -> Facts:
        return {
            "type": "local",
            "capabilities": VOICE,
            "monthly_price": "1.00",
            "region": region,
            "area_code": area_code,
            **more,
        }

    swedish = (
        {},
        {"stock": 2, "monthly_price": "0.90"},
        {"stock": 1, "monthly_price": "0.95"},
        {"stock": 20, "monthly_price": "1.10"},
    )
    puerto_rico = facts("SAN JUAN, PUERTO RICO", "787", country="US", record={"country": "PR"})
    tollfree = facts("UNITED KINGDOM", "800", country="GB", e164_prefix="44800800", **_NOWHERE)
    vienna = facts("WIEN, AUSTRIA", "1", country="AT", record={"region": "VIENNA, AUSTRIA"})
    return (
        Market(
            "honest",
            {**_SE, "type": "local"},
            _groups(46000000000008, facts("STOCKHOLM, SWEDEN", "8", country="SE"), *swedish),
        ),
        Market("place", {"country": "AT", "type": "local", "region": "Wien"}, _groups(43000000000001, vienna)),
        Market("late", {**_BE, "type": "local"}, _groups(32000000000009, facts("GENT, BELGIUM", "9", **_LATE)), LATER),
        Market(
            "country", {"country": "US", "type": "local", "capabilities": VOICE}, _groups(11000000000787, puerto_rico)
        ),
        Market(
            "nowhere", {"country": "GB", "type": "tollfree"}, _groups(44000000000800, {**tollfree, "type": "tollfree"})
        ),
    )


def _catalog() -> tuple[Market, ...]:
    def facts(**more: Any) -> Facts:
        return {"type": "mobile", "capabilities": BOTH, "monthly_price": "3.00", "setup_price": "0.50", **more}

    swedish = (
        *_numbers(46701740600, 5, facts(country="SE")),
        *_numbers(46701740620, 20, facts(country="SE", monthly_price="3.50")),
    )
    spanish = (
        *_numbers(34600123450, 4, facts(country="ES", capabilities=VOICE)),
        *_numbers(34600123460, 8, facts(country="ES", monthly_price="4.00")),
    )
    return (
        Market("honest", {**_SE, "type": "mobile"}, swedish),
        Market(
            "place",
            {"country": "AT", "city": "Wien"},
            _numbers(436641234560, 8, facts(country="AT", city="Wien", record={"city": "Vienna"})),
        ),
        Market("late", _BE, _numbers(32470123450, 8, facts(**_LATE)), LATER),
        Market("country", {"country": "CH", "type": "mobile"}, _numbers(4236601230, 8, facts(**_ABROAD))),
        Market(
            "nowhere",
            {"country": "US", "type": "tollfree"},
            _numbers(18005550120, 8, {**facts(country="US", **_NOWHERE), "type": "tollfree"}),
        ),
        Market("poor", {"country": "ES", "type": "mobile"}, spanish, whole=False),
    )


def _infobip_sms() -> tuple[Market, ...]:
    def facts(**more: Any) -> Facts:
        prices = {"currency": "EUR", "monthly_price": "2.25", "setup_price": "1", "initial_month_price": "1.30"}
        return {"type": "VIRTUAL_LONG_NUMBER", "capabilities": VOICE, **prices, **more}

    swedish = (
        *_numbers(46701740700, 5, facts(country="SE")),
        *_numbers(46701740710, 20, facts(country="SE", monthly_price="2.50")),
    )
    return (
        Market("honest", _SE, swedish),
        Market("late", _BE, _numbers(32470123450, 8, facts(**_LATE)), LATER),
        Market("country", {"country": "CH"}, _numbers(4236601230, 8, facts(**_ABROAD))),
        Market("nowhere", {"country": "US"}, _numbers(18005550120, 8, facts(country="US", **_NOWHERE))),
    )


def _twilio() -> tuple[Market, ...]:
    """A country and type has one price, and no record says the place: Puerto Rico's plan is that of the US."""

    def facts(**more: Any) -> Facts:
        return {"type": "mobile", "capabilities": BOTH, "monthly_price": "3.00", "currency": "USD", **more}

    spanish = (
        *_numbers(34600123450, 4, facts(country="ES", capabilities=VOICE)),
        *_numbers(34600123460, 8, facts(country="ES")),
    )
    shared = _numbers(17872345670, 8, facts(country="PR", type="local"))
    tollfree = _numbers(18005550120, 8, facts(country="US", type="toll_free"))
    return (
        Market("honest", {**_SE, "type": "mobile"}, _numbers(46701740600, 25, facts(country="SE"))),
        Market("late", _BE, _numbers(32470123450, 8, facts(**_LATE)), LATER),
        Market("country", {"country": "PR", "type": "local"}, shared),
        Market("nowhere", {"country": "US", "type": "tollfree"}, tollfree),
        Market("poor", {"country": "ES", "type": "mobile"}, spanish, whole=False),
    )


def _telnyx() -> tuple[Market, ...]:
    """Records tell the country and no place; voice is told nowhere, so selectors want SMS."""

    def facts(**more: Any) -> Facts:
        prices = {"monthly_price": "3.00", "setup_price": "1.00", "currency": "USD"}
        return {"type": "mobile", "capabilities": BOTH, **prices, **more}

    def where(country: str, kind: str = "mobile") -> dict[str, Any]:
        return {"country": country, "type": kind, "capabilities": ["sms"]}

    spanish = (
        *_numbers(34600123450, 4, facts(country="ES", capabilities=VOICE)),
        *_numbers(34600123460, 8, facts(country="ES")),
    )
    tollfree = _numbers(18005550120, 8, facts(country="US", type="toll_free"))
    return (
        Market("honest", where("SE"), _numbers(46701740600, 25, facts(country="SE"))),
        Market("late", where("BE"), _numbers(32470123450, 8, facts(**_LATE)), LATER),
        Market("nowhere", where("US", "tollfree"), tollfree),
        Market("poor", where("ES"), spanish, whole=False),
    )


MARKETS: Mapping[str, tuple[Market, ...]] = {
    "sinch_portal": _portal(),
    "plivo_groups": _plivo_groups(),
    "sinch_catalog": _catalog(),
    "infobip_sms": _infobip_sms(),
    "telnyx": _telnyx(),
    "twilio": _twilio(),
}


def _keyed(offer: dict[str, Any], provider: str) -> dict[str, Any]:
    return {**offer, "key": offer["number"].lstrip("+")} if provider == "infobip_sms" else offer


SEED: Mapping[str, Any] = {
    provider: {"offers": [_keyed(offer, provider) for market in markets for offer in market.offers]}
    for provider, markets in MARKETS.items()
}


def offers(provider: str) -> dict[str, dict[str, Any]]:
    """Every offer by what the sandbox's stock and its owned numbers call it."""
    return {str(offer.get("key") or offer.get("id") or offer["number"]): offer for offer in SEED[provider]["offers"]}


def fits(facts: Facts, where: Mapping[str, Any]) -> bool | None:
    """Whether a record with these facts is what the selector wants; None where it lacks the fact. Types differ between
    markets of one country only.
    """
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
