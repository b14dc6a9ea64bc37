# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Twilio's catalogue: one search for each type of a country, which shows a window of rows and has no pages; and the
price list.
"""

from __future__ import annotations

import itertools
import os.path
import re
import typing as t

from ..._contract.readers import list_from, mapping_from, number_in, object_from, text_from
from ..._core import e164
from ..._core.errors import Failure
from ..._core.selector import Selector
from ..._core.threads import Workers
from .apis import PRICING, Apis, path_of
from .records import SEARCHED, Prices, prices_from

FILTERS = (
    *("AreaCode", "Contains", "InRegion", "InLocality", "InPostalCode", "InRateCenter", "InLata"),
    *("NearNumber", "NearLatLong", "Distance", "VoiceEnabled", "SmsEnabled", "MmsEnabled", "FaxEnabled", "Beta"),
    *("ExcludeAllAddressRequired", "ExcludeLocalAddressRequired", "ExcludeForeignAddressRequired"),
)
WINDOW = 30  # rows that a search shows at most, whatever is asked for
_MOST = 1000  # rows to ask for
_LONGEST = 16  # characters of a pattern
_REGIONS = ("US", "CA")  # where a search takes a region
_APART = 2  # last digits in which numbers that are looked for together differ at most


class Window(t.NamedTuple):
    """What a search of one type showed; *word* is that type in the path."""

    word: str
    rows: list[t.Any]


def check(selector: Selector) -> None:
    """Raise Failure ``invalid_option`` for a search that nothing can answer."""
    if selector.country is None:
        raise Failure("invalid_option", "twilio sells numbers of one country at a time: set 'country'.")
    if selector.type is not None and selector.type not in SEARCHED:
        sold = ", ".join(kind for kind in SEARCHED if kind)
        raise Failure("invalid_option", f"twilio sells no {selector.type} numbers: use {sold}.")


def query_of(selector: Selector, ending: str = "", papers: t.Collection[str] | None = None) -> dict[str, t.Any]:
    """What of a selector a search takes, for numbers that end in *ending*. It only narrows: all is decided again later.

    With *papers*, the requirements that the buyer meets, offers that need another address are left out.
    """
    query: dict[str, t.Any] = {f"{capability.capitalize()}Enabled": True for capability in selector.capabilities}
    begin = f"+{e164.calling_code(str(selector.country))}{selector.prefix or ''}"
    if ending:
        end = f"%{ending}$"
        query["Contains"] = begin[: _LONGEST - len(end)] + end
    elif selector.prefix:
        query["Contains"] = begin[:_LONGEST]
    elif selector.contains:
        query["Contains"] = selector.contains if len(selector.contains) > 1 else f"{selector.contains}%"
    if selector.city:
        query["InLocality"] = selector.city
    if selector.region and selector.country in _REGIONS:
        query["InRegion"] = selector.region
    return {**query, **_without(papers)}


def _without(papers: t.Collection[str] | None) -> dict[str, t.Any]:
    """The fields that leave out what needs an address which is not among *papers*; None leaves nothing out."""
    if papers is None:
        return {}
    kinds = {"local_address": "ExcludeLocalAddressRequired", "foreign_address": "ExcludeForeignAddressRequired"}
    if not {"address", *kinds} & {*papers}:
        return {"ExcludeAllAddressRequired": True}
    return {name: True for kind, name in kinds.items() if kind not in papers}


def windows(
    apis: Apis, workers: Workers, selector: Selector, query: t.Mapping[str, t.Any]
) -> tuple[list[Window], Prices]:
    """Search every type that the selector leaves open, and read the prices, side by side."""
    country = str(selector.country)
    words = [SEARCHED[selector.type]] if selector.type else types_of(apis, country)
    found: list[Window] = []
    told: list[Prices] = []

    def ask(word: str | None) -> None:
        if word is None:
            told.append(prices(apis, country))
        else:
            found.append(search(apis, country, word, query))

    workers.map(ask, [None, *words])
    return sorted(found, key=lambda window: words.index(window.word)), told[0]


def types_of(apis: Apis, country: str) -> list[str]:
    """The words of the types that a country has numbers of; none for a country without any."""
    try:
        response = apis.request("GET", path_of("AvailablePhoneNumbers", f"{country}.json"))
    except Failure as failure:
        if failure.provider_code == "20404":
            return []
        raise
    with response.reading():
        known = mapping_from(object_from(response.json()), "subresource_uris", required=True)
    kinds = {re.sub("[^a-z]", "", str(word).lower()) for word in known}
    return [word for word in SEARCHED.values() if word.lower() in kinds]


def search(apis: Apis, country: str, word: str, query: t.Mapping[str, t.Any]) -> Window:
    """One window of offers; none of a type that the country lacks."""
    path = path_of("AvailablePhoneNumbers", country, f"{word}.json")
    try:
        response = apis.request("GET", path, query={**query, "PageSize": _MOST})
    except Failure as failure:
        if failure.provider_code == "20404":
            return Window(word, [])
        raise
    with response.reading():
        return Window(word, list_from(object_from(response.json()), "available_phone_numbers"))


def prices(apis: Apis, country: str) -> Prices:
    """What numbers of a country cost a month; nothing is known of a country that the price list lacks."""
    try:
        response = apis.request("GET", path_of("/v1/PhoneNumbers/Countries", country), PRICING)
    except Failure as failure:
        if failure.provider_code == "20404":
            return Prices()
        raise
    with response.reading():
        return prices_from(response.json())


def countries_for(apis: Apis, numbers: t.Sequence[str]) -> t.Iterator[str]:
    """The countries that may sell *numbers*: first those that give their plans the codes; others only of those that
    have numbers at all, because plans like the North American one are many countries'.
    """
    first = sorted({e164.main_country(number) for number in numbers} - {""})
    yield from first
    others = sorted({country for number in numbers for country in e164.countries_of(number)} - {*first})
    if others:
        response = apis.request("GET", "AvailablePhoneNumbers.json")
        with response.reading():
            rows = list_from(object_from(response.json()), "countries")
            sold = {text_from(object_from(row), "country_code") for row in rows}
        yield from (country for country in others if country in sold)


def named(apis: Apis, workers: Workers, country: str, numbers: t.Sequence[str]) -> list[Window]:
    """Windows that have those of *numbers* that a country offers: numbers that lie close together share a search.

    They are looked for among the type that their digits tell, and what is not there among the country's other ones.
    """
    guessed: dict[str | None, list[str]] = {}
    for number in numbers:
        guessed.setdefault(e164.likely_type(number), []).append(number)
    found: list[Window] = []
    for kind, alike in guessed.items():
        if kind is not None:
            found += _of_type(apis, workers, country, SEARCHED[kind], alike)
    left = _not_in(found, numbers)
    for word in types_of(apis, country) if left else ():
        unseen = [number for number in left if word != SEARCHED.get(e164.likely_type(number) or "")]
        found += _of_type(apis, workers, country, word, _not_in(found, unseen))
    return found


def _of_type(apis: Apis, workers: Workers, country: str, word: str, numbers: t.Sequence[str]) -> list[Window]:
    """Windows of one type, side by side."""
    ordered = sorted(numbers, key=lambda one: (len(one), one))
    groups = [list(group) for _key, group in itertools.groupby(ordered, key=lambda one: (len(one), one[:-_APART]))]
    parts = workers.map(lambda group: _named(apis, country, word, group), groups)
    return [window for windows in parts for window in windows]


def _named(apis: Apis, country: str, word: str, numbers: list[str]) -> list[Window]:
    """Search by what *numbers* begin with; where that shows a full window, digit by digit."""
    begin = os.path.commonprefix(numbers)
    window = search(apis, country, word, {"Contains": begin})
    left = _not_in([window], numbers) if len(window.rows) >= WINDOW and len(numbers) > 1 else []
    parts = itertools.groupby(left, key=lambda one: one[: len(begin) + 1])
    return [window, *(found for _digit, part in parts for found in _named(apis, country, word, list(part)))]


def _not_in(found: t.Sequence[Window], numbers: t.Sequence[str]) -> list[str]:
    shown = {number_in(row, "phone_number") for window in found for row in window.rows}
    return [number for number in numbers if number not in shown]
