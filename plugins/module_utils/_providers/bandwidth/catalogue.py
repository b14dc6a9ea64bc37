# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What Bandwidth sells: the questions that a search asks, and where exactly one number is looked for.

A search gives one list of up to 5,000 rows, without pages. North America is searched by digits and places, and its
toll-free numbers by a pattern; other countries by type, so that all types are asked side by side. Neighbouring
exchanges come along unless ``LCA`` is false, so every row is looked at again.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import Row, object_from, text_from
from ..._core import e164
from ..._core.errors import Failure, Malformed
from ..._core.selector import Selector
from ..._core.threads import Workers
from .api import Api, below, many
from .countries import ALPHA_3, NORTH_AMERICA, TOLL_FREE, is_north_american
from .records import FEATURES, TYPES, WORDS, with_number

FILTERS = (
    *("areaCode", "npaNxx", "npaNxxx", "city", "state", "rateCenter", "zip", "lata", "localVanity", "endsIn"),
    *("tollFreeVanity", "tollFreeWildCardPattern", "LCA", "protected", "orderBy", "phoneNumberType", "features"),
)
MOST = 5000  # rows of a search
_ADDRESSES = {"WORLDWIDE": "address", "NATIONAL": "local_address", "LOCAL": "local_address"}
_Query = t.Dict[str, t.Any]


def check(selector: Selector, filters: t.Mapping[str, t.Any]) -> None:
    """Raise Failure for a search that nothing can answer."""
    country, kind = selector.country, selector.type
    if country is None:
        raise Failure("invalid_option", "bandwidth sells numbers of one country at a time: set 'country'.")
    if country not in ALPHA_3:
        raise Failure("invalid_option", f"bandwidth has no code for the country {country}.")
    north = country in NORTH_AMERICA
    sold = ("local", "tollfree") if north else tuple(WORDS)
    if kind is not None and kind not in sold:
        raise Failure("invalid_option", f"bandwidth sells no {kind} numbers of {country}: use {', '.join(sold)}.")
    untold = sorted(set(selector.capabilities) - ({"voice"} if north else {*FEATURES}))
    if untold:
        raise Failure(
            "unsupported",
            f"bandwidth does not say of numbers of {country} before they are bought whether they have "
            f"{', '.join(untold)}: leave it out of 'capabilities'.",
        )
    if north and not filters and not _criteria_of(selector):
        raise Failure(
            "invalid_option",
            f"bandwidth searches {country} by digits or places: set 'prefix' (three digits or more), 'region' (a state "
            "or a province, alone or with 'city'), or type 'tollfree'.",
        )


def _is_toll_free(selector: Selector) -> bool:
    return selector.type == "tollfree" or (selector.prefix or "")[:3] in TOLL_FREE


def _criteria_of(selector: Selector) -> _Query:
    """What of a selector a search of North America takes. It only narrows: all is decided again later."""
    prefix, region = selector.prefix or "", selector.region
    if _is_toll_free(selector):
        return {"tollFreeWildCardPattern": f"8{prefix[1:2] or '*'}*"}
    if len(prefix) >= 6:
        digits = {"npaNxxx": prefix[:7]} if len(prefix) >= 7 else {"npaNxx": prefix}
        return {**digits, "LCA": False}
    found: _Query = {"areaCode": prefix[:3]} if len(prefix) >= 3 else {}
    if region and len(region) == 2:
        found["state"] = region.upper()
        if selector.city:
            found["city"] = selector.city
    return found


def questions(selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None) -> list[_Query]:
    """The queries of a search, which are asked side by side. *limit* is about how many rows are wanted."""
    country = str(selector.country)
    shared = {"countryCodeA3": ALPHA_3[country], "quantity": min(limit or MOST, MOST)}
    if country in NORTH_AMERICA:
        query = {**shared, **_criteria_of(selector), **filters}
        detail = not {"tollFreeWildCardPattern", "tollFreeVanity"} & {*query}
        return [{**query, "enableTNDetail": True} if detail else query]
    features = [FEATURES[one] for one in selector.capabilities if one in FEATURES]
    query = {**shared, "enableTNDetail": True, **({"features": features} if features else {}), **filters}
    if selector.city:
        query.setdefault("city", selector.city)
    words = [WORDS[selector.type]] if selector.type else [*TYPES]
    return [{"phoneNumberType": word, **query} for word in words]


def named(numbers: t.Sequence[str], is_likely: bool) -> list[tuple[_Query, list[str]]]:
    """The queries that look *numbers* up, each with those that it may show: numbers that lie together share one.

    They are looked for where their digits tell them to be, or with *is_likely* off everywhere else.
    """
    found: dict[tuple[tuple[str, t.Any], ...], list[str]] = {}
    for number in numbers:
        for query in _queries_for(number, is_likely):
            found.setdefault(tuple(query.items()), []).append(number)
    return [(dict(pairs), listed) for pairs, listed in found.items()]


def _queries_for(number: str, is_likely: bool) -> list[_Query]:
    if is_north_american(number):
        if not is_likely:
            return []
        if number[2:5] in TOLL_FREE:
            return [{"tollFreeVanity": number[2:], "quantity": MOST}]
        return [{"npaNxxx": number[2:9], "LCA": False, "enableTNDetail": True, "quantity": MOST}]
    likely = e164.likely_type(number)
    known = [WORDS[likely]] if likely and likely in WORDS else []
    words = known if is_likely else [word for word in TYPES if word not in known]
    country = e164.main_country(number)
    if country not in ALPHA_3:
        return []
    shared = {"countryCodeA3": ALPHA_3[country], "enableTNDetail": True, "quantity": MOST}
    return [{"phoneNumberType": word, **shared} for word in words]


def search(api: Api, query: t.Mapping[str, t.Any]) -> list[t.Any]:
    """One question: the rows of its answer, a number each. Nothing found is an empty answer."""
    response, document = api.read("availableNumbers", query)
    with response.reading():
        result = below(document, "SearchResult")
        details, texts = (result.get(name) for name in ("TelephoneNumberDetailList", "TelephoneNumberList"))
        if details is None and texts is None and result.get("ResultCount") not in (None, "0"):
            raise Malformed("it has a count and no numbers")
        rows: list[t.Any] = []
        for row in many(object_from(details or {}).get("TelephoneNumberDetail")):
            older = isinstance(row, dict) and "FullNumber" not in row and "TelephoneNumber" in row
            rows.append(with_number({**row, "FullNumber": row["TelephoneNumber"]} if older else row))
        for text in many(object_from(texts or {}).get("TelephoneNumber")):
            rows.append(with_number({"FullNumber": text}))
        return rows


def search_all(api: Api, workers: Workers, queries: t.Sequence[_Query]) -> list[list[t.Any]]:
    """Ask several questions side by side."""
    return workers.map(lambda query: search(api, query), queries)


def requirements(api: Api, country: str) -> dict[str, tuple[str, ...]] | None:
    """What a buyer must have filed for numbers of each type of *country*, by the vendor's word for the type.

    None where the account is not told. A type that is missing needs nothing.
    """
    try:
        response, document = api.read("activationRequirements", {"countryCodeA3": ALPHA_3[country]})
    except Failure as failure:
        if failure.http_status == 404 and failure.provider_message:
            return None
        raise
    found: dict[str, tuple[str, ...]] = {}
    with response.reading():
        names = ("ActivationRequirementResponse", "ActivationRequirements")
        for row in many(below(document, *names).get("ActivationRequirement")):
            fields = object_from(row)
            if text_from(fields, "CountryCodeA3") == ALPHA_3[country]:
                found[str(text_from(fields, "PhoneNumberType", required=True))] = _needs(fields)
    return found


def _needs(row: Row) -> tuple[str, ...]:
    address = text_from(row, "TypeOfAddress")
    words = [_ADDRESSES.get(address, "address")] if address else []
    words += ["documents"] if text_from(row, "ProofOfAddressRequired") == "true" else []
    words += ["identity"] if text_from(row, "ProofOfIdRequired") == "true" else []
    return tuple(sorted(words))
