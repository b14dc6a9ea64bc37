# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Telnyx's catalogue: one search for each type of a country, which shows a window of rows and has no pages, and the
papers that numbers need.

A filter that the vendor does not know is ignored without a word, so every row is looked at again. What a search showed
may be ordered for a while.
"""

from __future__ import annotations

import itertools
import os.path
import threading
import typing as t

from ..._contract.readers import list_from, mapping_from, number_in, object_from, text_from
from ..._core import e164
from ..._core.errors import Failure, Malformed
from ..._core.selector import Selector
from ..._core.threads import Workers
from .api import MOST, Api
from .records import SEARCHED, requirements_from

FILTERS = tuple(
    f"filter[{name}]"
    for name in (
        *("phone_number_type", "features", "national_destination_code", "locality", "administrative_area"),
        *("rate_center", "quickship", "reservable", "phone_number][starts_with", "phone_number][ends_with"),
        "phone_number][contains",
    )
)
WINDOW = 50  # rows; no page says how many a search shows at most, so that an answer of so many may have been capped
_REGIONS = ("US", "CA")  # where a search takes a region
_APART = 2  # last digits in which numbers that are looked for together differ at most
_TOGETHER = 100  # numbers in one question about their papers

Papers = t.Mapping[str, t.Tuple[t.Optional[str], t.Optional[t.Tuple[str, ...]]]]


class Window(t.NamedTuple):
    """What a search showed; *word* is the type that was searched for, None for any. One that is *capped* may have left
    out some.
    """

    word: str | None
    rows: list[t.Any]
    capped: bool = False


def check(selector: Selector) -> None:
    """Raise Failure ``invalid_option`` for a search that nothing can answer."""
    if selector.country is None:
        raise Failure("invalid_option", "telnyx sells numbers of one country at a time: set 'country'.")
    if selector.type is not None and selector.type not in SEARCHED:
        raise Failure("invalid_option", f"telnyx sells no {selector.type} numbers: use {', '.join(SEARCHED)}.")


def bracketed(fields: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """*fields* as a query has them; booleans are words."""
    return {
        f"filter[{name}]": str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()
    }


def query_of(selector: Selector, ending: str = "") -> dict[str, t.Any]:
    """What of a selector a search takes, for numbers that end in *ending*. It only narrows: all is decided again
    later.
    """
    query: dict[str, t.Any] = {}
    if selector.capabilities:
        query["features"] = ",".join(selector.capabilities)
    if selector.prefix:
        query["phone_number][starts_with"] = selector.prefix
    if ending:
        query["phone_number][ends_with"] = ending
    if selector.contains and not _may_begin_before(selector.contains, str(selector.country)):
        query["phone_number][contains"] = selector.contains
    if selector.city:
        query["locality"] = selector.city
    if selector.region and selector.country in _REGIONS:
        query["administrative_area"] = selector.region
    return query


def _may_begin_before(digits: str, country: str) -> bool:
    """Whether *digits* may stand partly in the country code, of which a search knows nothing."""
    code = e164.calling_code(country)
    return digits in code or any(digits.startswith(code[place:]) for place in range(len(code)))


def search(
    api: Api,
    country: str,
    word: str | None,
    fields: t.Mapping[str, t.Any],
    filters: t.Mapping[str, t.Any] | None = None,
) -> Window:
    """One window of offers; none of a country that the vendor does not cover. A row that does not match, and says so,
    is left out.
    """
    query = {"country_code": country, "best_effort": False, "limit": MOST, **fields}
    if word is not None:
        query["phone_number_type"] = word
    try:
        response = api.request("GET", "/available_phone_numbers", query={**bracketed(query), **(filters or {})})
    except Failure as failure:
        if failure.http_status in (400, 404, 422) and "coverage" in (failure.provider_message or "").lower():
            return Window(word, [])
        raise
    with response.reading():
        answer = object_from(response.json())
        found, total = list_from(answer, "data"), mapping_from(answer, "meta").get("total_results")
    fitting = [row for row in found if not (isinstance(row, dict) and row.get("best_effort") is True)]
    return Window(word, fitting, len(found) >= WINDOW or (isinstance(total, int) and total > len(found)))


def named(api: Api, workers: Workers, country: str, numbers: t.Sequence[str]) -> list[Window]:
    """Windows that have those of *numbers* that a country offers: numbers that lie close together share a search."""
    ordered = sorted(numbers, key=lambda one: (len(one), one))
    groups = [list(group) for _key, group in itertools.groupby(ordered, key=lambda one: (len(one), one[:-_APART]))]
    parts = workers.map(lambda group: _named(api, country, group), groups)
    return [window for found in parts for window in found]


def _named(api: Api, country: str, numbers: list[str]) -> list[Window]:
    """Search by what *numbers* begin with; where that may show a part only, each by all its digits."""
    window = _beginning(api, country, os.path.commonprefix(numbers))
    shown = {number_in(row, "phone_number") for row in window.rows}
    left = [number for number in numbers if number not in shown] if window.capped else []
    return [window, *(_beginning(api, country, number) for number in left)]


def _beginning(api: Api, country: str, number: str) -> Window:
    digits = number[1 + len(e164.calling_code(country)) :]
    return search(api, country, None, {"phone_number][starts_with": digits})


def countries_for(numbers: t.Sequence[str]) -> list[str]:
    """The countries that may sell *numbers*: those that give their plans the codes first."""
    first = sorted({e164.main_country(number) for number in numbers} - {""})
    others = {country for number in numbers for country in e164.countries_of(number)}
    return [*first, *sorted(others - {*first})]


class Regulation:
    """What numbers need, as far as it was asked; the same question is asked once."""

    def __init__(self, api: Api, workers: Workers) -> None:
        self._api = api
        self._workers = workers
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[str, ...] | None] = {}

    def of_type(self, country: str, word: str) -> tuple[str, ...] | None:
        """What numbers of a country and type need: nothing where no rule is told, None where one cannot be read."""
        with self._lock:
            if (country, word) not in self._known:
                self._known[country, word] = self._asked(country, word)
            return self._known[country, word]

    def _asked(self, country: str, word: str) -> tuple[str, ...] | None:
        query = bracketed({"country_code": country, "phone_number_type": word, "action": "ordering"})
        found: list[t.Any] = []
        try:
            for row in map(object_from, self._api.rows("/regulatory_requirements", query)):
                if row.get("country_code") == country and row.get("phone_number_type") == word:
                    found += list_from(row, "regulatory_requirements", nullable=True)
            return requirements_from(found)
        except Malformed:
            return None

    def of_numbers(self, numbers: t.Sequence[str]) -> Papers:
        """The type of each of *numbers*, and what it needs, as far as that is told."""
        groups = [list(numbers[start : start + _TOGETHER]) for start in range(0, len(numbers), _TOGETHER)]
        return dict(pair for found in self._workers.map(self._of_group, groups) for pair in found)

    def _of_group(self, numbers: list[str]) -> list[tuple[str, tuple[str | None, tuple[str, ...] | None]]]:
        query = bracketed({"phone_number": ",".join(numbers)})
        found: list[tuple[str, tuple[str | None, tuple[str, ...] | None]]] = []
        for row in self._api.rows("/phone_numbers_regulatory_requirements", query):
            number = number_in(row, "phone_number")
            if number is None:
                continue
            try:
                needed = requirements_from(list_from(row, "regulatory_requirements", nullable=True))
                found.append((number, (text_from(row, "phone_number_type"), needed)))
            except Malformed:
                found.append((number, (None, None)))
        return found
