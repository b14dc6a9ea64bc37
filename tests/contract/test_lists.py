# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: a list is believed only when its rows are unique and agree with its total, and a row that cannot be read
hides no other.
"""

from __future__ import annotations

from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner

CATALOGUES = (
    r"(AvailableNumbers|AvailableNumberGroup/|numbers/available|numbers/shop|/offers|AvailablePhoneNumbers/.*"
    r"|available_phone_numbers|availableNumbers)$"
)
COUNT = 60
NUMBERS = [f"+46817400{index:02d}" for index in range(COUNT)]
# One at either end is of another country: what is overlooked in between is not made good by what comes.
MIXED = [
    "+4522220001",
    *[f"+46817400{index:02d}" for index in range(1, COUNT - 1)],
    "+4622220001".replace("+46", "+47"),
]


def on_list(row: Row, **fault: Any) -> dict[str, Any]:
    return {"match": {"provider": row.provider, "method": "GET", "path": row.owned_list}, **fault}


def own(sandbox: Sandbox, row: Row, numbers: list[str], **facts: Any) -> None:
    """Let the account own *numbers*, in this order."""
    countries = {"+45": "DK", "+46": "SE", "+47": "NO"}
    sandbox.change(
        row,
        own=[
            {"number": number, "country": countries.get(number[:3]), "capabilities": ["voice"], **facts}
            for number in numbers
        ],
    )


@pytest.mark.parametrize("by", ["list", "number"])
def test_a_price_list_prices_what_the_provider_prices_nowhere(run: Runner, row: Row, sandbox: Sandbox, by: str) -> None:
    """Prices stand at the top of a record or in one object; what a record lacks already is not harmed."""
    (number,) = run.buy(1, price_list=None)
    bare = {row.fields.get("price", "price").partition("/")[0]: None, "base_setup_price": None}
    sandbox.faults(
        {"match": {"provider": row.provider, "method": "GET"}, "kind": "body", "merge_items": bare, "merge": bare}
    )
    entries = [
        {"currency": "EUR", "monthly": "8", "country": row.where["country"], "setup": "1"},
        {"currency": "EUR", "monthly": "9"},
    ]
    wish = {"numbers": [number["number"]]} if by == "number" else {}
    (found,) = run("number_info", **wish, price_list=entries)["numbers"]
    assert (found["monthly_price"], found["setup_price"], found["currency"]) == ("8", "1", "EUR")
    (found,) = run("number_info", **wish, price_list=None)["numbers"]
    assert found["monthly_price"] is None
    sandbox.faults()
    (found,) = run("number_info", **wish, price_list=entries)["numbers"]
    assert found["monthly_price"] == (number["monthly_price"] or "8")


def listed(result: dict[str, Any]) -> list[str]:
    assert not result.get("failed"), result
    return [number["number"] for number in result["numbers"]]


def telling(total: int) -> dict[str, Any]:
    """A merge patch for a page that is the last one and tells another total, however it does that."""
    return {"numberCount": total, "total": total, "meta": {"total_count": total, "total_results": total, "next": None}}


# -- pages -------------------------------------------------------------------------------------------------------------


@which.have_pages
@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(("rows", "asked"), [(21, False), (7, False), (1, False), (19, True)])
def test_pages_that_are_shorter_than_asked_are_read_whole(
    run: Runner, row: Row, sandbox: Sandbox, rows: int, asked: bool, concurrency: int
) -> None:
    own(sandbox, row, NUMBERS)
    sandbox.faults(on_list(row, kind="page_cap", rows=rows, asked=asked and row.total))
    assert listed(run("number_info", concurrency=concurrency)) == NUMBERS
    assert not listed(run("number_purchase", country="SE", count=COUNT, concurrency=concurrency, check=True))[COUNT:]
    assert run("number_purchase", country="SE", count=COUNT, concurrency=concurrency)["changed"] is False


@which.have_pages
@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_number_is_not_bought_again_because_one_went_and_one_came(
    run: Runner, row: Row, sandbox: Sandbox, concurrency: int
) -> None:
    """The total stays as it was, and the row behind the page that was read is overlooked."""
    own(sandbox, row, MIXED)
    sandbox.faults(on_list(row, kind="swap", count=1))
    result = run("number_purchase", country="SE", count=COUNT - 2, concurrency=concurrency)
    assert listed(result) == MIXED[1:-1] and result["changed"] is False and len(sandbox.state(row)["owned"]) == COUNT


@which.have_pages_and_release
def test_a_number_is_not_taken_for_released_because_one_went_and_one_came(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    own(sandbox, row, MIXED)
    for name in MIXED[20:22] + MIXED[50:52]:  # whichever is the first row of a page
        sandbox.faults(on_list(row, kind="swap", count=1))
        run("number_release", numbers=[name, MIXED[5]])
        assert name not in {number["number"] for number in sandbox.state(row)["owned"]}


@which.have_pages
@pytest.mark.parametrize("fault", [{"by": 1}, {"by": -1}, {"by": 1, "total": True}, {"by": -1, "total": True}], ids=str)
def test_a_list_that_moved_is_read_again_and_believed_only_when_it_holds_together(
    run: Runner, row: Row, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    if not row.total and fault["by"] < 0:
        pytest.skip("nothing shows a row that is left out where no total is told")
    own(sandbox, row, NUMBERS)
    sandbox.faults(on_list(row, kind="shift", count=1, **fault))
    assert listed(run("number_info", concurrency=1)) == NUMBERS
    if fault["by"] > 0 or "total" not in fault:
        sandbox.faults(on_list(row, kind="shift", **fault))
        run.fails("inconsistent_list", "number_info", concurrency=1)
        run.fails("inconsistent_list", "number_purchase", country="SE", count=1, concurrency=1)


@which.tell_totals
@pytest.mark.parametrize("total", [61, 59, 0])
def test_a_list_that_stops_short_of_its_total_is_not_believed(
    run: Runner, row: Row, sandbox: Sandbox, total: int
) -> None:
    own(sandbox, row, NUMBERS[:3])
    sandbox.faults(on_list(row, kind="body", merge=telling(total)))
    for module in ("number_info", "number_release" if run.features.release else "number_info"):
        options = {} if module == "number_info" else {"numbers": NUMBERS[:2]}
        run.fails("inconsistent_list", module, **options)
    assert len(sandbox.state(row)["owned"]) == 3


@which.tell_totals
def test_a_catalogue_that_stops_short_of_its_total_is_not_called_whole(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.faults({"match": {"provider": row.provider, "path": CATALOGUES}, "kind": "body", "merge": telling(999)})
    result = run("available_number_info", **row.where, search_limit=2000)
    said = "shows only a part" if run.features.search_endings else "stopped before its total"
    assert result["offers"] and len(result["warnings"]) == 1 and said in result["warnings"][0]


# -- rows --------------------------------------------------------------------------------------------------------------


def spoil(sandbox: Sandbox, row: Row, field: str, value: Any) -> None:
    """Let the list show *value* in a *field* of the first owned row."""
    sandbox.faults(on_list(row, kind="body", merge_items=row.patch(field, value), item=0))


@which.show_prices
@pytest.mark.parametrize("value", ["", "1,00", "-1", -2, "free", [], {"a": 1}, True], ids=repr)
def test_a_price_that_cannot_be_read_is_unknown(run: Runner, row: Row, sandbox: Sandbox, value: Any) -> None:
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "price", value)
    result = run("number_info")
    assert listed(result) == NUMBERS[:3]
    assert [number["monthly_price"] is None for number in result["numbers"]] == [True, False, False]
    (warning,) = result["warnings"]
    assert NUMBERS[0] in warning and row.fields["price"].rpartition("/")[2] in warning
    assert run("number_purchase", country="SE", count=3)["changed"] is False


@pytest.mark.parametrize("field", ["type", "country", "able"])
def test_another_fact_that_cannot_be_read_is_unknown(run: Runner, row: Row, sandbox: Sandbox, field: str) -> None:
    if field not in row.fields or (row.overwrites and field == "able"):
        return  # where linking writes a whole list, a row of it that does not say for what it is linked is left out
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, field, {"odd": [1]} if field != "able" else 7)
    result = run("number_info")
    assert listed(result) == NUMBERS[:3] and NUMBERS[0] in result["warnings"][0]
    assert result["numbers"][0]["country"] == "SE"
    assert listed(run("number_info", numbers=NUMBERS[1:3])) == NUMBERS[1:3]


@pytest.mark.parametrize("value", [[], {"a": 1}, None, "", "++1", True, "٤٦٧", "x" * 40], ids=repr)
def test_a_row_whose_number_cannot_be_read_hides_no_other(run: Runner, row: Row, sandbox: Sandbox, value: Any) -> None:
    if row.texts and value is True:
        pytest.skip("it is the name of a sender there")
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "number", value)
    result = run("number_info")
    assert listed(result) == NUMBERS[1:3]
    (warning,) = result["warnings"]
    assert "row 1" in warning and "api_url" not in warning
    assert listed(run("number_info", country="SE", contains=NUMBERS[2][-4:])) == NUMBERS[2:3]


def test_the_name_of_a_sender_is_left_out(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "number", "ACME")
    result = run("number_info")
    assert listed(result) == NUMBERS[1:3]
    (warning,) = result["warnings"]
    assert ("ACME" in warning and "not a telephone number" in warning) or "row 1" in warning


def test_a_purchase_by_count_is_undecidable_while_a_row_that_cannot_be_read_may_count(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "number", [])
    assert run("number_purchase", country="SE", count=2)["changed"] is False  # those that can be read are enough
    for check in (True, False):
        failed = run.fails("undecidable", "number_purchase", **row.where, count=5, check=check)
        assert "row 1" in failed["msg"] and len(sandbox.state(row)["owned"]) == 3


def test_the_name_of_a_sender_keeps_nothing_from_being_bought(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:1])
    spoil(sandbox, row, "number", "ACME")
    if not row.pages:
        return  # there a number is an integer, and text is none that can be read
    assert run("number_purchase", **row.where, count=1)["changed"] and len(sandbox.state(row)["owned"]) == 2


@which.have_links_in_lists
def test_a_row_whose_link_cannot_be_read_is_not_taken_for_free(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "link", {"odd": 1})
    result = run("number_info")
    assert listed(result) == NUMBERS[1:3] and NUMBERS[0] in result["warnings"][0]
    run.fails("provider_error", "number_info", numbers=NUMBERS[:2])
    assert listed(run("number_info", numbers=NUMBERS[1:3])) == NUMBERS[1:3]
    if run.features.release:
        failed = run.fails("provider_error", "number_release", numbers=NUMBERS[:2])
        assert NUMBERS[0] in failed["msg"] and len(sandbox.state(row)["owned"]) == 3


@which.release
def test_nothing_is_called_released_while_a_row_may_be_it(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:3])
    spoil(sandbox, row, "number", [])
    failed = run.fails("undecidable", "number_release", numbers=["+46817409999", NUMBERS[1]])
    assert "row 1" in failed["msg"] and len(sandbox.state(row)["owned"]) == 3
    assert run("number_release", numbers=NUMBERS[1:3])["changed"] and len(sandbox.state(row)["owned"]) == 1


def test_a_list_of_which_no_row_can_be_read_fails(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:3])
    sandbox.faults(on_list(row, kind="body", merge_items=row.patch("number", None)))
    run.fails("provider_error", "number_info")


def test_offers_that_cannot_be_read_are_counted_and_left_out(run: Runner, row: Row, sandbox: Sandbox) -> None:
    whole = run("available_number_info", **row.where)["offers"]
    odd = dict.fromkeys(("phone_number", "numberKey", "group_id", "groupId", "number", "FullNumber"))
    sandbox.faults(
        {
            "match": {"provider": row.provider, "method": "GET", "path": CATALOGUES},
            "kind": "body",
            "merge_items": odd,
            "item": 0,
        }
    )
    result = run("available_number_info", **row.where)
    assert len(result["offers"]) >= len(whole) - 1
    assert any("1 of" in warning and "cannot be read" in warning for warning in result["warnings"])


# -- names -------------------------------------------------------------------------------------------------------------

ODD = "+5213312345678"  # as long as no number of Mexico is any more
MISSPELT = "+1415555010"


@pytest.mark.parametrize("name", [ODD, "+52 1 33 1234 5678", MISSPELT, "+46\u200908\u20111740\u00a0060"])
def test_what_is_owned_can_be_named(run: Runner, row: Row, sandbox: Sandbox, name: str) -> None:
    digits = "+" + "".join(char for char in name if char in "0123456789")
    own(sandbox, row, [digits, NUMBERS[1]], capabilities=["voice", "sms"])
    assert listed(run("number_info", numbers=[name])) == [digits]
    assert set(listed(run("number_info", numbers=[name, NUMBERS[1]]))) == {digits, NUMBERS[1]}
    assert listed(run("number_purchase", numbers=[name])) == [digits]
    if row.application:
        assert run("number_assignment", numbers=[name], application=row.application)["changed"]
    if row.settings:
        assert run("number_configuration", numbers=[name], **row.settings)["changed"]
    if run.features.release:
        assert run("number_release", numbers=[name], force=True)["changed"]
        assert run("number_release", numbers=[name], force=True)["changed"] is False


def test_what_is_not_owned_and_is_as_long_as_no_number_is_misspelt(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:2])
    calls = [("number_info", {})]
    calls += [("number_assignment", {"application": row.application})] if row.application else []
    calls += [("number_configuration", row.settings)] if row.settings else []
    for module, options in calls:
        for names in ([MISSPELT], [NUMBERS[0], MISSPELT]):
            failed = run.fails("invalid_option", module, numbers=names, **options)
            assert MISSPELT in failed["msg"] and "as long as" in failed["msg"]
    assert listed(run("number_info", numbers=[{"number": MISSPELT}])) == []
    if run.features.release:
        result = run("number_release", numbers=[MISSPELT])
        assert result["changed"] is False and MISSPELT in result["warnings"][0]
    assert not [entry for entry in sandbox.log() if entry["mutating"]]


def test_a_purchase_of_what_is_as_long_as_no_number_is_refused_once_it_is_known_not_to_be_owned(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    sandbox.log()
    failed = run.fails("invalid_option", "number_purchase", numbers=[MISSPELT])
    assert MISSPELT in failed["msg"] and "as long as" in failed["msg"]
    assert len(sandbox.log()) == 1 + row.login  # the list alone


# -- countries ---------------------------------------------------------------------------------------------------------

SHARED = {
    "Puerto Rico": ("US", "+1787555", 4, ("US", "PR")),
    "GB toll-free": ("GB", "+4480815701", 2, ("GB", "GG")),
    "GB 03": ("GB", "+4430012345", 2, ("GB", "GG")),
    "AU 1800": ("AU", "+6118001604", 2, ("AU", "CX")),
    "AU mobile": ("AU", "+614123456", 2, ("AU", "CC")),
    "IT mobile": ("IT", "+3931234567", 2, ("IT", "VA")),
    "NO mobile": ("NO", "+47406123", 2, ("NO", "SJ")),
    "FI mobile": ("FI", "+358401234", 2, ("FI", "AX")),
    "Jersey": ("GB", "+4415344567", 2, ("GB", "JE")),
}


@pytest.fixture()
def sold(run: Runner, row: Row, sandbox: Sandbox) -> Any:
    """Puts numbers of a country up for sale."""

    def sell(country: str, prefix: str, digits: int) -> None:
        numbers = [f"{prefix}{index:0{digits}d}" for index in range(10, 16)]
        facts = {
            "country": country,
            "type": "local",
            "capabilities": ["voice"],
            "setup_price": "0",
            "monthly_price": "1",
            "currency": "EUR",
        }
        if run.features.purchase != "number":
            offers = [{**facts, "id": "77700077", "stock": len(numbers), "numbers": numbers}]
        else:
            offers = [{**facts, "number": number} for number in numbers]
        sandbox.reset({row.provider: {"offers": offers}})

    return sell


@pytest.mark.parametrize("what", SHARED)
def test_a_number_of_a_shared_plan_counts_for_the_country_that_it_was_sold_in(
    run: Runner, row: Row, sandbox: Sandbox, sold: Any, what: str
) -> None:
    """The record names no country, and the digits leave it open."""
    country, prefix, digits, countries = SHARED[what]
    if country in row.bare:
        run.fails("invalid_option", "number_purchase", country=country, count=1)
        return
    sold(country, prefix, digits)
    if "country" in row.fields:
        sandbox.faults(on_list(row, kind="body", merge_items=row.patch("country", None)))
    for _time in range(3):
        result = run("number_purchase", country=country, count=1)
        assert len(listed(result)) == 1 == len(sandbox.state(row)["owned"])
    for one in countries:
        assert len(listed(run("number_info", country=one))) == 1
    assert listed(run("number_info", country="SE")) == []


@which.name_countries
def test_a_country_that_the_record_names_decides(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, ["+17875550110"], country="PR")
    assert listed(run("number_info", country="US")) == [] and len(listed(run("number_info", country="PR"))) == 1


# -- options -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prefix": 113}, "prefix 113 is not a string: quote it"),
        ({"contains": 46}, "contains 46 is not a string: quote it"),
        ({"account_id": 123}, "account_id 123 is not a string: quote it"),
        ({"country": False}, "country is false: YAML reads NO"),
        ({"region": True}, "region is true: YAML reads YES"),
        ({"capabilities": ["voise"]}, "'voice' is near it"),
    ],
    ids=str,
)
def test_what_yaml_has_changed_is_refused_before_any_request(
    run: Runner, row: Row, sandbox: Sandbox, options: dict[str, Any], said: str
) -> None:
    for module, more in (("number_info", {}), ("available_number_info", {}), ("number_purchase", {"count": 1})):
        assert said in run.fails("invalid_option", module, **{**more, **options})["msg"]
    assert not sandbox.log()


@pytest.mark.parametrize("given", ["VOICE", "voice, Voice", ["Voice "], ["voice,"]], ids=str)
def test_capabilities_are_read_however_they_are_written(run: Runner, row: Row, sandbox: Sandbox, given: Any) -> None:
    if "voice" not in row.counted:
        given = [text.lower().replace("voice", "SMS") for text in ([given] if isinstance(given, str) else given)]
    own(sandbox, row, NUMBERS[:2], capabilities=["voice", "sms"])
    assert listed(run("number_info", capabilities=given)) == NUMBERS[:2]


@which.name_types
def test_a_type_that_nobody_knows_is_in_raw(run: Runner, row: Row, sandbox: Sandbox) -> None:
    own(sandbox, row, NUMBERS[:2])
    spoil(sandbox, row, "type", "HOLOGRAM")
    result = run("number_info")
    assert listed(result) == NUMBERS[:2] and result["numbers"][0]["type"] is None
    assert row.patch("type", "HOLOGRAM").items() <= result["numbers"][0]["raw"].items()
