# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: what is read means the same at every provider."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.e164 import calling_code
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

VALUES = {
    "country": "SE",
    "type": "local",
    "capabilities": ["voice"],
    "prefix": "8",
    "region": "nowhere",
    "city": "nowhere",
    "contains": "46",
}


def test_account_info_proves_the_credentials(run: Runner, row: Row) -> None:
    result = run("account_info")
    assert result["changed"] is False
    assert result["account"]["provider"] == row.provider
    assert result["features"]["purchase"] in ("number", "group", "reservation")


def test_wrong_credentials_are_named_as_such(run: Runner, row: Row, sandbox: Sandbox) -> None:
    result = run.fails("authentication_failed", "account_info", **row.wrong)
    assert result["failure"]["http_status"] == 401
    assert not sandbox.state(row)["owned"]


def test_offers_are_ordered_by_price_and_limited(run: Runner, row: Row) -> None:
    offers = run("available_number_info", **row.where)["offers"]
    prices = [Decimal(offer["monthly_price"]) for offer in offers]
    assert offers and prices == sorted(prices)
    assert run("available_number_info", **row.where, limit=1)["offers"] == offers[:1]


def test_offers_match_the_selector(run: Runner, row: Row) -> None:
    for offer in run("available_number_info", **row.where)["offers"]:
        assert offer["country"] == row.where["country"] and "voice" in offer["capabilities"]


@pytest.mark.parametrize("key", VALUES)
def test_a_selector_key_is_decided_or_refused_before_any_request(
    run: Runner, row: Row, sandbox: Sandbox, key: str
) -> None:
    value = [name for name in VALUES[key] if name in row.counted] or ["sms"] if key == "capabilities" else VALUES[key]
    for module, keys in (("available_number_info", run.features.offer_keys), ("number_info", run.features.owned_keys)):
        options = {"country": "SE", key: value} if module == "available_number_info" else {key: value}
        if key in keys:
            assert "failed" not in run(module, **options)
        else:
            sandbox.log()
            run.fails("unsupported", module, **options)
            assert not sandbox.log()


def test_filters_are_the_providers_own_query_fields(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if row.filters:
        offers = run("available_number_info", filters=row.filters, country=row.filters_in)["offers"]
        assert offers
        sent = [entry["query"] for entry in sandbox.log() if entry["method"] == "GET"]
        assert any(all(str(value) == query.get(key) for key, value in row.filters.items()) for query in sent)
    run.fails("invalid_option", "available_number_info", country="SE", filters={"no_such_field": "1"})
    assert not [entry for entry in sandbox.log() if "no_such_field" in entry["query"]]


def test_search_limit_bounds_the_reading_and_warns(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The catalogue has several pages where a link leads to the next one, or shows one window of it."""
    result = run("available_number_info", country="US", search_limit=5)
    assert bool(result["warnings"]) == (row.next_links or run.features.search_endings)


def test_owned_numbers_of_several_pages_are_all_read_once(run: Runner, row: Row, sandbox: Sandbox) -> None:
    numbers = [f"+4681{index:06d}" for index in range(130)]
    sandbox.change(row, own=[{"number": number, "country": "SE", "capabilities": ["voice"]} for number in numbers])
    assert [number["number"] for number in run("number_info")["numbers"]] == numbers


def without_raw(numbers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A provider's record may say more in a list than alone."""
    return [{key: value for key, value in number.items() if key != "raw"} for number in numbers]


def test_numbers_are_found_by_name_id_and_selector(run: Runner, row: Row) -> None:
    bought = without_raw(run.buy(2))
    first = bought[0]
    for options in ({"numbers": [first["number"]]}, {"numbers": [first]}, {"id": first["id"]}):
        assert without_raw(run("number_info", **options)["numbers"]) == [first]
    assert without_raw(run("number_info", numbers=[number["number"] for number in bought])["numbers"]) == bought
    begin = 1 + len(calling_code(row.where["country"]))
    assert run("number_info", prefix=first["number"][begin : begin + 3])["numbers"]
    assert run("number_info", contains=first["number"][-5:])["numbers"]
    assert run("number_info", numbers=["+46701740999"])["numbers"] == []
    assert run("number_info", id="no-such-id")["numbers"] == []
    assert run("number_info", numbers=[])["numbers"] == []


def test_a_number_object_has_the_whole_vocabulary(run: Runner, row: Row) -> None:
    (number,) = run.buy(1)
    assert list(number) == [
        "number",
        "provider",
        "id",
        "country",
        "type",
        "capabilities",
        "applications",
        "links",
        "area_code",
        "region",
        "city",
        "friendly_name",
        "tags",
        "setup_price",
        "monthly_price",
        "currency",
        "status",
        "expires",
        "raw",
    ]
    country = row.where["country"]
    assert number["number"].startswith(f"+{calling_code(country)}")
    assert number["country"] == country and number["provider"] == row.provider
    assert (
        number["status"] == "active"
        and number["applications"] == {}
        and number["capabilities"] == sorted(number["capabilities"])
    )


def test_numbers_of_an_application(run: Runner, row: Row) -> None:
    if row.application is None:
        run.fails("unsupported", "number_info", application="some-application")
        return
    linked, _other = run.buy(2)
    run("number_assignment", numbers=[linked["number"]], application=row.application)
    found = run("number_info", application=row.application)["numbers"]
    assert [number["number"] for number in found] == [linked["number"]]
    assert set(found[0]["applications"].values()) == {row.application}


def test_a_short_code_is_passed_through_and_named_by_exact_match(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.change(row, own=[{"number": "12345", "country": "SE", "capabilities": ["sms"]}])
    assert [number["number"] for number in run("number_info", numbers=["12345"])["numbers"]] == ["12345"]
    assert run("number_purchase", numbers=["12345"])["changed"] is False
