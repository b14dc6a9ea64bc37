# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract: a purchase counts, quotes, buys the shortage and never more, at every provider."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import which
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


def writes(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in log if entry["mutating"]]


def test_check_mode_predicts_and_sends_no_write(run: Runner, row: Row, sandbox: Sandbox) -> None:
    predicted = run("number_purchase", **row.where, count=2, check=True)
    assert not writes(sandbox.log()) and not sandbox.state(row)["owned"]
    done = run("number_purchase", **row.where, count=2)
    assert predicted["changed"] is done["changed"] is True
    assert predicted["quote"] == done["quote"]
    if run.features.purchase == "number":
        assert [number["number"] for number in predicted["numbers"]] == [number["number"] for number in done["numbers"]]
    else:
        assert predicted["numbers"] == []


def test_the_shortage_is_bought_and_the_second_run_changes_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    assert len(run.buy(1)) == 1
    result = run("number_purchase", **row.where, count=3)
    assert result["changed"] and len(result["numbers"]) == 3 and len(result["purchased"]) == 2
    assert sorted(number["number"] for number in result["numbers"]) == sorted(
        item["number"] for item in sandbox.state(row)["owned"]
    )
    sandbox.log()
    again = run("number_purchase", **row.where, count=3)
    assert again["changed"] is False and not again["purchased"] and again["numbers"] == result["numbers"]
    assert not writes(sandbox.log())
    assert run("number_purchase", **row.where, count=1)["changed"] is False


def test_what_is_spent_is_what_was_quoted(run: Runner, row: Row, sandbox: Sandbox) -> None:
    quote = run("number_purchase", **row.where, count=3)["quote"]
    spent = sandbox.state(row)["spent"]
    assert Decimal(quote["monthly_total"]) == Decimal(spent["monthly"])
    for total, paid in (("setup_total", "setup"), ("due_now_total", "due_now")):
        assert quote[total] is None or Decimal(quote[total]) == Decimal(spent[paid])
    assert sum(item["quantity"] for item in quote["lines"]) == 3


def test_the_cheapest_offers_are_bought(run: Runner, row: Row) -> None:
    cheapest = run("available_number_info", **row.where)["offers"][0]
    quote = run("number_purchase", **row.where, count=1)["quote"]
    assert quote["lines"][0]["offer"] == cheapest["id"]


def test_offer_narrows_what_is_bought_not_what_counts(run: Runner, row: Row) -> None:
    offers = run("available_number_info", **row.where)["offers"]
    last = offers[-1]
    quote = run("number_purchase", **row.where, count=1, offer=last["id"])["quote"]
    assert [item["offer"] for item in quote["lines"]] == [last["id"]]
    assert run("number_purchase", **row.where, count=1, offer=offers[0]["id"])["changed"] is False


def test_excluded_numbers_never_count(run: Runner, row: Row, sandbox: Sandbox) -> None:
    (first,) = run.buy(1)
    result = run("number_purchase", **row.where, count=1, exclude=[first["number"]])
    assert result["changed"] and first["number"] not in [number["number"] for number in result["numbers"]]
    assert len(sandbox.state(row)["owned"]) == 2


def test_too_small_a_catalogue_buys_nothing_unless_partial(run: Runner, row: Row, sandbox: Sandbox) -> None:
    stock = sum(offer["stock"] for offer in run("available_number_info", **row.where)["offers"])
    run.fails("out_of_stock", "number_purchase", **row.where, count=stock + 1)
    assert not sandbox.state(row)["owned"]
    result = run("number_purchase", **row.where, count=stock + 1, allow_partial=True)
    assert len(result["numbers"]) == stock == len(sandbox.state(row)["owned"]) and result["warnings"]


def test_too_little_credit_buys_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    sandbox.change(row, credit="0.01")
    result = run.fails("insufficient_credit", "number_purchase", **row.where, count=1)
    assert result["changed"] is False and not sandbox.state(row)["owned"]


@pytest.mark.parametrize(
    "limit", ["max_monthly_price", "max_monthly_total", "max_setup_price", "max_setup_total", "max_due_now_total"]
)
def test_a_limit_is_never_passed(run: Runner, row: Row, sandbox: Sandbox, limit: str) -> None:
    offer = run("available_number_info", **row.where)["offers"][0]
    price = {"max_monthly": "monthly_price", "max_setup": "setup_price", "max_due_now": "due_now"}[
        limit.rpartition("_")[0]
    ]
    if offer[price] is None or Decimal(offer[price]) > 0:
        below = Decimal(offer[price] or "1") - Decimal("0.01")
        run.fails(
            "price_limit", "number_purchase", **row.where, count=1, currency=offer["currency"], **{limit: str(below)}
        )
        assert not sandbox.state(row)["owned"]
    if offer[price] is not None:
        assert run("number_purchase", **row.where, count=1, currency=offer["currency"], **{limit: offer[price]})[
            "changed"
        ]


def test_a_limit_needs_a_currency_and_an_unnamed_currency_is_refused_under_it(
    run: Runner, row: Row, sandbox: Sandbox
) -> None:
    run.fails("invalid_option", "number_purchase", **row.where, count=1, max_monthly_price="100")
    run.fails("price_limit", "number_purchase", **row.where, count=1, max_monthly_price="100", currency="JPY")
    assert not sandbox.state(row)["owned"]
    offers = run("available_number_info", **row.where, account_currency=None)["offers"]
    if offers[0]["currency"] is None:
        run.fails(
            "price_limit",
            "number_purchase",
            **row.where,
            count=1,
            max_monthly_price="100",
            currency="EUR",
            account_currency=None,
        )
        assert not sandbox.state(row)["owned"]


def test_named_numbers(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """Bought by name where the provider sells by number; elsewhere an owned one is unchanged and another one
    unsupported.
    """
    if run.features.purchase == "number":
        names = [offer["number"] for offer in run("available_number_info", **row.where)["offers"][1:3]]
        result = run("number_purchase", numbers=names)
        assert result["changed"] and sorted(number["number"] for number in result["numbers"]) == sorted(names)
        assert run("number_purchase", numbers=names)["changed"] is False
        run.fails("out_of_stock", "number_purchase", numbers=["+46701740999"])
    else:
        (owned,) = run.buy(1)
        assert run("number_purchase", numbers=[owned["number"]])["changed"] is False
        run.fails("unsupported", "number_purchase", numbers=["+46701740999"])
    assert run("number_purchase", numbers=[])["changed"] is False


def test_the_purchase_links_to_an_application(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if row.application is None:
        sandbox.log()
        run.fails("unsupported", "number_purchase", **row.where, count=1, application="some-application")
        assert not sandbox.log()
        return
    result = run("number_purchase", **row.where, count=2, application=row.application)
    assert result["changed"]
    for number in result["numbers"]:
        assert set(number["applications"].values()) == {row.application}
    for owned in sandbox.state(row)["owned"]:
        assert set(owned["applications"].values()) == {row.application}
    assert run("number_purchase", **row.where, count=2, application=row.application)["changed"] is False


def test_one_capability_alone_is_linked_where_the_provider_can(run: Runner, row: Row, sandbox: Sandbox) -> None:
    wish = {
        **row.where,
        "capabilities": list(row.wanted or row.counted),
        "country": "US",
        "count": 2,
        "application": row.application,
        "capability": "voice",
    }
    if row.application is None or run.features.links_whole:
        run.fails("unsupported", "number_purchase", **{**wish, "application": row.application or "some-application"})
        assert not sandbox.log()
        return
    wish["type"] = "local" if "type" in run.features.offer_keys else None
    (free,) = run.buy(1, **{key: wish[key] for key in ("country", "type", "capabilities")})
    predicted = run("number_purchase", **wish, check=True)
    result = run("number_purchase", **wish)
    assert predicted["quote"] == result["quote"] and free["number"] in [
        number["number"] for number in result["numbers"]
    ]
    assert [number["applications"] for number in result["numbers"]] == [{"voice": row.application}] * 2
    assert [owned["applications"] for owned in sandbox.state(row)["owned"]] == [{"voice": row.application}] * 2
    assert run("number_purchase", **wish)["changed"] is False


def test_a_capability_needs_an_application_that_it_can_be_linked_to(run: Runner, row: Row, sandbox: Sandbox) -> None:
    run.fails("invalid_option", "number_purchase", **row.where, count=1, capability="voice")
    if row.application is not None:
        run.fails("unsupported", "number_purchase", **row.where, count=1, application=row.application, capability="mms")
    assert not sandbox.log()


@which.link
def test_free_numbers_count_for_an_application_and_foreign_ones_do_not(run: Runner, row: Row, sandbox: Sandbox) -> None:
    free, foreign = run.buy(2)
    run("number_assignment", numbers=[foreign["number"]], application=row.other_application)
    result = run("number_purchase", **row.where, count=2, application=row.application)
    names = [number["number"] for number in result["numbers"]]
    assert len(result["purchased"]) == 1 and free["number"] in names and foreign["number"] not in names
    linked = {owned["number"]: set(owned["applications"].values()) for owned in sandbox.state(row)["owned"]}
    assert linked[foreign["number"]] == {row.other_application} and all(
        linked[name] == {row.application} for name in names
    )


@which.link
def test_an_unknown_application_buys_nothing(run: Runner, row: Row, sandbox: Sandbox) -> None:
    application, code = row.nowhere
    run.fails(code, "number_purchase", **row.where, count=1, application=application)
    assert not sandbox.state(row)["owned"]


@which.link
def test_a_named_number_that_is_linked_elsewhere_is_a_conflict(run: Runner, row: Row) -> None:
    (number,) = run.buy(1)
    run("number_assignment", numbers=[number["number"]], application=row.other_application)
    run.fails("conflict", "number_purchase", numbers=[number["number"]], application=row.application)


@pytest.mark.parametrize(
    "options",
    [
        {"numbers": [14155550100]},
        {"numbers": 14155550100},
        {"numbers": ["0046701740600"]},
        {"numbers": ["4155550100"]},
        {"numbers": ["+1415CALLNOW"]},
        {"country": "usa", "count": 1},
        {"country": "SE", "count": 0},
        {"country": "SE", "count": -1},
        {"country": "SE", "capabilities": ["fax"], "count": 1},
        {"country": "SE", "prefix": "08", "count": 1},
        {"country": "SE", "count": 1, "currency": "EURO"},
        {"country": "SE", "count": 1, "currency": "EUR", "max_monthly_price": "-1"},
        {"country": "SE", "count": 1, "currency": "EUR", "max_monthly_price": "NaN"},
        {"country": "SE", "count": 1, "currency": "EUR", "max_monthly_price": 1.5},
    ],
)
def test_bad_input_is_refused_before_any_request(
    run: Runner, row: Row, sandbox: Sandbox, options: dict[str, Any]
) -> None:
    sandbox.log()
    run.fails("invalid_option", "number_purchase", **options)
    assert not sandbox.log()


def test_mixed_currencies_are_refused(run: Runner, row: Row, sandbox: Sandbox) -> None:
    currencies = {offer["currency"] for offer in run("available_number_info", country="NL")["offers"]}
    if len(currencies) < 2:
        pytest.skip("it sells Dutch numbers in one currency")
    run.fails("invalid_option", "number_purchase", country="NL", count=1)
    assert not sandbox.state(row)["owned"]
    assert run("number_purchase", country="NL", count=1, currency="USD")["quote"]["currency"] == "USD"


def test_an_undecided_number_stops_a_purchase(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A short code shows no national digits, so nobody can tell whether it has the prefix."""
    offer = run("available_number_info", **row.where)["offers"][0]
    prefix = (offer["number"] or "")[3:5] or offer["area_code"]
    sandbox.change(row, own=[{**row.where, "number": "12345"}])
    run.fails("undecidable", "number_purchase", **row.where, prefix=prefix, count=1)
    assert len(sandbox.state(row)["owned"]) == 1


def test_sold_out_between_search_and_purchase_is_quoted_anew_once(run: Runner, row: Row, sandbox: Sandbox) -> None:
    method = "PUT" if run.features.purchase == "reservation" else "POST"
    sandbox.faults(
        {
            "kind": "sell_between",
            "match": {"provider": row.provider, "method": method, "path": "numbers|Number"},
            "count": 1,
        }
    )
    result = run("number_purchase", **row.where, count=1)
    owned = sandbox.state(row)["owned"]
    if result.get("failed"):
        assert result["failure"]["code"] == "out_of_stock" and not owned
    else:
        assert len(owned) == 1 and result["changed"]


@which.refuse_as_sold_out
def test_what_was_refused_as_sold_out_is_not_asked_for_again(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """A catalogue may lag and offer it still."""
    sandbox.faults(
        {"match": {"provider": row.provider, "method": "POST"}, "kind": "status", "count": 1, **row.sold_out}
    )
    sandbox.log()
    result = run("number_purchase", **row.where, count=1)
    assert not result.get("failed") and len(result["purchased"]) == 1 == len(sandbox.state(row)["owned"])
    first, second = [(entry["query"], entry["body"]) for entry in sandbox.log() if entry["method"] == "POST"]
    assert first != second


def test_a_purchase_is_journalled_without_secrets_and_closed_when_listed(run: Runner, row: Row) -> None:
    run.buy(2)
    (path,) = Path(run.common["journal"]).glob("*.jsonl")
    text = path.read_text()
    assert '"status": "intent"' in text and '"status": "closed"' in text
    assert [secret for secret in row.secrets if secret in text] == []


def test_a_provider_with_unlistable_orders_needs_the_journal(run: Runner, row: Row, sandbox: Sandbox) -> None:
    if run.features.pending_orders:
        run.fails("journal_required", "number_purchase", **row.where, count=1, journal="off")
        assert not sandbox.state(row)["owned"]
    else:
        assert run("number_purchase", **row.where, count=1, journal="off")["changed"]
