# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role provision decides from the results of its steps: what comes next, what it costs, and what it says in
the end.
"""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.telco.numbers.plugins.filter.provision import FilterModule
from ansible_collections.telco.numbers.plugins.module_utils._plans import claims
from ansible_collections.telco.numbers.plugins.module_utils._plans.progress import Progress
from ansible_collections.telco.numbers.plugins.module_utils._tasks import plan as _plan

FILTERS = FilterModule().filters()
A, B, C, D = ("+1415555010" + last for last in "0123")
TOTALS = ("setup_total", "monthly_total", "due_now_total")


def plan(*pools):
    """Pools of one provider in their normal form, as the role has them."""
    base = {"provider": "sinch_catalog", "country": "US", "count": 2}
    whole = [{**({} if "numbers" in pool else base), "provider": "sinch_catalog", **pool} for pool in pools]
    return claims.as_dicts(_plan.read(whole))


def line(offer, quantity=1, monthly="1", number=None, setup="0", due="1"):
    return {
        "offer": offer,
        "number": number,
        "quantity": quantity,
        "setup_price": setup,
        "monthly_price": monthly,
        "due_now": due,
    }


def quote(*lines, currency="USD"):
    """A quote of one price a line; prices as whole numbers."""

    def total(key):
        known = all(item[key] is not None for item in lines)
        return str(sum(int(item[key]) * item["quantity"] for item in lines)) if known else None

    return {
        "lines": list(lines),
        "currency": currency if lines else None,
        "setup_total": total("setup_price"),
        "monthly_total": total("monthly_price"),
        "due_now_total": total("due_now"),
    }


def number(digits, capabilities=("sms", "voice"), **applications):
    return {"number": digits, "capabilities": list(capabilities), "applications": applications}


def linked(digits, application="APP"):
    return number(digits, sms=application, voice=application)


def order(identity, offer, quantity=1, status="fulfilled"):
    return {"id": identity, "offer": offer, "quantity": quantity, "status": status, "numbers": []}


def done(pool, numbers=(), purchased=(), quoted=None, orders=(), **facts):
    """The result of a purchase for *pool*, be it in check mode."""
    return {
        "provision_pool": pool,
        "changed": bool(quoted),
        "numbers": list(numbers),
        "purchased": list(purchased),
        "linked": [],
        "quote": quoted or quote(),
        "orders": list(orders),
        **facts,
    }


def failed(pool, code="out_of_stock", **completed):
    return {
        "provision_pool": pool,
        "failed": True,
        "changed": bool(completed),
        "msg": "It went wrong.",
        "failure": {"code": code, "completed": completed},
    }


def went(pool, changed=True, **facts):
    """The result of another step."""
    return {"provision_pool": pool, "changed": changed, **facts}


def report(pools, **steps):
    return {item["name"]: item for item in Progress(pools, steps).as_dict()["result"]["pools"]}


def names(items):
    return [item["name"] for item in items]


# -- totals and limits -------------------------------------------------------------------------------------------------


def test_totals_are_by_currency_and_never_added_across():
    quotes = [
        {"quote": one}
        for one in (
            quote(line("1", 2)),
            quote(line("2", monthly="3"), currency="EUR"),
            quote(line("3"), currency=None),
            quote(),
        )
    ]
    found = FILTERS["plan_quote"]([*quotes, {"failed": True}])["totals"]
    assert {currency: total["monthly_total"] for currency, total in found.items()} == {"": "1", "EUR": "3", "USD": "2"}


def test_a_total_with_an_unknown_part_is_unknown():
    quotes = [{"quote": quote(line("1"))}, {"quote": quote(line("2", due=None))}]
    assert FILTERS["plan_quote"](quotes)["totals"] == {
        "USD": {"setup_total": "0", "monthly_total": "2", "due_now_total": None}
    }


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ({}, None),
        ({"USD": {"max_monthly_total": "2"}}, None),
        ({"USD": {"max_monthly_total": "1.99"}}, "The plan would buy for 2 USD and its max_monthly_total is 1.99"),
        ({"USD": {"max_due_now_total": "9"}}, "has no known due_now_total, so max_due_now_total cannot be kept"),
        ({"EUR": {"max_monthly_total": "9"}}, "The plan would buy in USD, for which it has no limit"),
        ({"USD": {}}, None),
    ],
)
def test_a_limit_of_the_plan_is_kept_or_shown_to_be_broken(limits, problem):
    quotes = [{"quote": quote(line("1"), line("2", due=None))}]
    said = FILTERS["plan_quote"](quotes, limits)["over"]
    assert [problem in text for text in said] == ([True] if problem else [])


def test_a_purchase_without_a_currency_breaks_any_limit():
    quotes = [{"quote": quote(line("1"), currency=None)}]
    assert "in an unnamed currency" in FILTERS["plan_quote"](quotes, {"USD": {"max_monthly_total": "9"}})["over"][0]
    assert FILTERS["plan_quote"](quotes)["over"] == []


def test_limits_with_mistakes_are_refused():
    with pytest.raises(AnsibleFilterError, match="limits EURO"):
        FILTERS["plan_quote"]([], {"EURO": {"max_monthly_total": "1"}})


def test_what_is_refused_or_bought_by_nobody_breaks_no_limit():
    assert (
        FILTERS["plan_quote"]([{"failed": True}, {"quote": quote()}], {"EUR": {"max_monthly_total": "0"}})["over"] == []
    )


def test_an_approval_bounds_every_currency_by_what_was_shown():
    quotes = [
        quote(line("1", 2, "3", due="4")),
        quote(line("2"), line("3", monthly=None, due=None), currency="EUR"),
        quote(line("4"), currency=None),
    ]
    found = FILTERS["plan_quote"]([{"name": f"pool-{place}", "quote": one} for place, one in enumerate(quotes)])
    both = {"max_monthly_total": "1", "max_due_now_total": "1"}
    assert found["limits"] == {"XXX": {}, "EUR": both, "USD": {"max_monthly_total": "6", "max_due_now_total": "8"}}
    said = ["pool pool-1: the price of 3 is unknown", "pool pool-2: the provider names no currency"]
    assert [text[: len(beginning)] for text, beginning in zip(found["unbounded"], said)] == said and len(
        found["unbounded"]
    ) == 2


def test_the_known_part_of_a_total_breaks_a_limit():
    quotes = [{"quote": quote(line("1", 5), line("2", monthly=None))}]
    (said,) = FILTERS["plan_quote"](quotes, {"USD": {"max_monthly_total": "4.99"}})["over"]
    assert said.startswith("The plan would buy for more than 5 USD and its max_monthly_total is 4.99")


@pytest.mark.parametrize(
    ("code", "stops"), [("authentication_failed", True), (None, True), ("out_of_stock", False), ("price_limit", False)]
)
def test_under_a_limit_an_account_that_was_not_read_lets_nothing_be_bought(code, stops):
    bad = {
        "provision_pool": {"name": "b", "account": "shop"},
        "failed": True,
        "msg": "No.",
        "failure": {"code": code} if code else None,
    }
    quotes, limits = [{"quote": quote(line("1"))}, bad, bad], {"USD": {"max_monthly_total": "9"}}
    said = FILTERS["plan_quote"](quotes, limits)["over"]
    assert [text.startswith("The account shop could not be quoted") for text in said] == [True] * stops
    assert (
        FILTERS["plan_quote"](quotes)["over"] == FILTERS["plan_quote"]([{"quote": quote()}, bad], limits)["over"] == []
    )


# -- quote -------------------------------------------------------------------------------------------------------------


def test_rivals_are_quoted_one_after_the_other_as_if_the_earlier_had_bought():
    pools = plan(
        {"name": "a", "application": "APP"},
        {"name": "b", "application": "OTHER"},
        {"name": "c", "country": "CA", "application": "APP"},
    )
    first = Progress(pools, {}).to_quote()
    assert names(first) == ["a", "c"]
    assert [(pool["exclude"], pool["exclude_offers"]) for pool in first] == [([], {}), ([], {})]
    quoted = [
        done(pools[0], [linked(A), number(B)], quoted=quote(line("7", 2), line("8")), linked=[B]),
        done(pools[2], [linked(C)], quoted=quote(line("7"))),
    ]
    (second,) = Progress(pools, {"quote": quoted}).to_quote()
    assert second["exclude"] == [{"number": A}, {"number": B}] and second["exclude_offers"] == {"7": 2, "8": 1}
    assert Progress(pools, {"quote": [*quoted, done(pools[1])]}).to_quote() == []


def test_a_rival_whose_quote_failed_claims_nothing():
    pools = plan({"name": "a", "application": "APP"}, {"name": "b", "application": "OTHER"})
    (second,) = Progress(pools, {"quote": [failed(pools[0])]}).to_quote()
    assert (second["exclude"], second["exclude_offers"]) == ([], {})


def test_retired_pools_are_left_alone():
    pools = plan({"name": "a"}, {"name": "gone", "numbers": [A], "state": "retired"})
    progress = Progress(pools, {})
    assert names(progress.to_quote()) == ["a"] and names(progress.as_dict()["result"]["pools"]) == ["a"]


# -- buy ---------------------------------------------------------------------------------------------------------------


def test_only_a_shortage_is_bought_and_for_no_more_than_the_quote():
    pools = plan(
        {"name": "a", "application": "APP", "max_monthly_total": "9", "currency": "USD"},
        {"name": "b", "country": "CA", "application": "OTHER"},
    )
    bought = Progress(
        pools,
        {"quote": [done(pools[0], quoted=quote(line("7", 2, "3", due=None))), done(pools[1], [linked(A), linked(B)])]},
    ).to_buy()
    assert names(bought) == ["a"]
    limits = {
        key: bought[0].get(key) for key in ("currency", "max_setup_total", "max_monthly_total", "max_due_now_total")
    }
    assert limits == {"currency": "USD", "max_setup_total": "0", "max_monthly_total": "6", "max_due_now_total": None}


def test_a_quote_without_a_currency_bounds_the_purchase_in_none():
    pools = plan({"name": "a"})
    (bought,) = Progress(pools, {"quote": [done(pools[0], quoted=quote(line("7", 2, "3"), currency=None))]}).to_buy()
    limits = {
        key: bought.get(key)
        for key in ("currency", "account_currency", "max_setup_total", "max_monthly_total", "max_due_now_total")
    }
    assert limits == {
        "currency": "XXX",
        "account_currency": "XXX",
        "max_setup_total": "0",
        "max_monthly_total": "6",
        "max_due_now_total": "2",
    }
    spent = done(pools[0], [number(A)], [number(A)], quoted={**quote(line("7")), "currency": "XXX"})
    totals = Progress(
        pools, {"quote": [done(pools[0], quoted=quote(line("7"), currency=None))], "buy": [spent]}
    ).as_dict()["result"]["totals"]
    assert list(totals) == [""]


def test_where_a_price_is_unknown_nothing_but_the_quoted_offers_is_bought():
    pools = plan(
        {"name": "group"},
        {"name": "named", "country": "CA", "offer": None},
        {"name": "groups", "country": "MX"},
        {"name": "list", "numbers": [D]},
    )
    unknown = [
        quote(line("7", 2, monthly=None)),
        quote(line(B, number=B), line(C, number=C, monthly=None, due=None)),
        quote(line("7"), line("8", monthly=None)),
        quote(line(D, number=D, monthly=None)),
    ]
    numbers = [[], [number(A), number(B), number(C)], [], [number(D)]]
    progress = Progress(
        pools, {"quote": [done(pool, owned, quoted=one) for pool, owned, one in zip(pools, numbers, unknown)]}
    )
    group, named, listed = progress.to_buy()
    assert (group["offer"], group["count"], group["max_due_now_total"]) == (
        "7",
        2,
        "2",
    ) and "max_monthly_total" not in group
    assert named["numbers"] == [{"number": A}, {"number": B}, {"number": C}] and not {"count", "country"} & {*named}
    assert (names([listed]), listed["numbers"]) == (["list"], [D])
    refused = {item["name"]: item for item in progress.as_dict()["result"]["pools"]}["groups"]
    assert (refused["status"], refused["step"], refused["code"]) == ("failed", "buy", "price_limit")
    assert (
        refused["message"].startswith("It would be bought from several offers")
        and "run again" not in refused["message"]
    )


def test_a_pool_that_takes_free_numbers_or_waits_can_buy_nothing():
    pools = plan(
        {"name": "takes", "application": "APP"},
        {"name": "waits", "country": "CA", "wait": True},
        {"name": "not", "country": "MX"},
    )
    pending = [order("1", "7", 2, "pending")]
    quoted = [done(pools[0], [linked(A), linked(B)], linked=[B]), *(done(pool, orders=pending) for pool in pools[1:])]
    bought = Progress(pools, {"quote": quoted}).to_buy()
    assert names(bought) == ["takes", "waits"]
    assert {(pool["currency"], pool["max_monthly_total"]) for pool in bought} == {("XXX", "0")}


def test_what_failed_before_is_not_gone_on_with():
    pools = plan({"name": "a", "application": "APP", "configuration": {"friendly_name": "x"}})
    assert [
        Progress(pools, {"quote": [failed(pools[0])]}).as_dict()[step]
        for step in ("quote", "buy", "assign", "configure", "verify")
    ] == [[]] * 5
    steps = {"quote": [done(pools[0], [linked(A)], quoted=quote(line("7")))], "buy": [failed(pools[0])]}
    assert [Progress(pools, steps).as_dict()[step] for step in ("assign", "configure", "verify")] == [[]] * 3


# -- assign, configure, verify -----------------------------------------------------------------------------------------


def test_numbers_that_lost_a_link_are_assigned():
    pools = plan(
        {"name": "a", "application": "APP"},
        {"name": "v", "country": "CA", "application": "APP", "capability": "voice"},
        {"name": "n", "country": "MX"},
    )
    quoted = [
        done(pools[0], [linked(A), number(B, sms="APP"), number(C, ("voice",), voice="APP"), number(D, ("mms",))]),
        done(pools[1], [number(A, voice="APP"), number(B, sms="APP")]),
        done(pools[2], [number(A)]),
    ]
    assigned = Progress(pools, {"quote": quoted}).to_assign()
    assert {pool["name"]: [item["number"] for item in pool["numbers"]] for pool in assigned} == {"a": [B], "v": [B]}


def test_what_the_purchase_returned_is_assigned_and_configured():
    pools = plan({"name": "a", "application": "APP", "configuration": {"friendly_name": "x"}})
    steps = {
        "quote": [done(pools[0], [linked(A)], quoted=quote(line("7")))],
        "buy": [done(pools[0], [linked(A), number(B, voice="APP")], [number(B)])],
    }
    progress = Progress(pools, steps)
    assert [
        [item["number"] for item in pool["numbers"]] for pool in (*progress.to_assign(), *progress.to_configure())
    ] == [[B], [A, B]]


def test_a_pool_without_settings_or_numbers_is_not_configured():
    pools = plan({"name": "a", "configuration": {"friendly_name": "x"}}, {"name": "b", "country": "CA"})
    assert Progress(pools, {"quote": [done(pools[0]), done(pools[1], [number(A)])]}).to_configure() == []


def test_accounts_where_something_changed_are_verified_once():
    pools = plan(
        {"name": "a", "application": "APP"},
        {"name": "b", "country": "CA"},
        {"name": "c", "country": "MX", "provider": "plivo_groups"},
    )
    quoted = [
        done(pools[0], [number(A, voice="APP")]),
        done(pools[1], quoted=quote(line("7"))),
        done(pools[2], [number(D), number(C)]),
    ]
    for result in quoted:
        result["changed"] = False  # as in a run that is no check
    steps = {
        "quote": quoted,
        "buy": [done(pools[1], [number(B)], [number(B)], quote(line("7")))],
        "assign": [went(pools[0])],
    }
    (account,) = Progress(pools, steps).to_verify()
    assert account["account"] == "sinch_catalog" and [item["number"] for item in account["numbers"]] == [A, B]


@pytest.mark.parametrize(
    ("listed", "problem"),
    [
        ({"numbers": [linked(A)]}, None),
        ({"numbers": []}, f"does not show {A} as wanted yet: run again."),
        ({"numbers": [number(A, voice="APP")]}, f"does not show {A} as wanted yet: run again."),
        ({"failed": True, "msg": "No answer."}, "could not be read again: No answer."),
    ],
)
def test_what_the_list_does_not_show_in_the_end_is_a_failure(listed, problem):
    pools = plan({"name": "a", "count": 1, "application": "APP"})
    steps = {"quote": [done(pools[0], [number(A, voice="APP")], changed=False)], "assign": [went(pools[0])]}
    verified = {"provision_pool": {"account": "sinch_catalog"}, "changed": False, **listed}
    found = report(pools, **steps, verify=[verified])["a"]
    assert (found["status"], found["step"]) == (("failed", "verify") if problem else ("changed", None))
    assert problem is None or problem in found["message"]


# -- report ------------------------------------------------------------------------------------------------------------


def test_before_anything_was_bought_the_report_is_of_what_would_be():
    pools = plan({"name": "a"}, {"name": "b", "country": "CA"}, {"name": "c", "country": "MX"})
    other = [order("1", "9", 1, "pending")]  # of another pool of the account
    found = report(
        pools,
        quote=[
            done(pools[0], quoted=quote(line("7", 2)), orders=other),
            done(pools[1], [number(A), number(B)], orders=other),
            failed(pools[2], "price_limit"),
        ],
    )
    assert {name: item["status"] for name, item in found.items()} == {"a": "changed", "b": "unchanged", "c": "failed"}
    assert (found["c"]["step"], found["c"]["code"], found["c"]["message"]) == ("quote", "price_limit", "It went wrong.")


def test_a_pool_that_was_not_looked_at_is_unknown():
    assert report(plan({"name": "a"}))["a"]["status"] == "unknown"


@pytest.mark.parametrize(
    ("keys", "orders", "status", "message"),
    [
        ({}, [order("1", "7", 1, "pending")], "pending", "1 on order."),
        ({}, [order("1", "7", 1, "fulfilled")], "pending", "1 bought, and not in the provider's list yet."),
        ({"allow_partial": True}, [], "partial", "1 missing."),
        ({"allow_partial": True}, [order("1", "7", 1, "pending")], "partial", "1 missing or on order."),
    ],
)
@pytest.mark.parametrize("bought", [True, False])
def test_a_pool_that_lacks_numbers_says_what_became_of_them(keys, orders, status, message, bought):
    pools = plan({"name": "a", **keys})
    steps = {
        "quote": [
            done(pools[0], [number(A)], orders=() if bought else orders, quoted=quote(line("7")) if bought else None)
        ]
    }
    if bought:
        steps["buy"] = [done(pools[0], [number(A)], orders=orders)]
    found = report(pools, **steps)["a"]
    assert (found["status"], found["message"], found["wanted"]) == (status, message, 2)


def test_a_number_that_is_about_to_be_bought_is_counted_once():
    pools = plan({"name": "a", "count": 3, "allow_partial": True})
    found = report(pools, quote=[done(pools[0], [number(A), number(B)], [number(B)], quote(line(B, number=B)))])["a"]
    assert (found["status"], found["message"]) == ("partial", "1 missing.")


def test_named_numbers_that_are_not_for_sale_are_missing():
    pools = plan({"name": "a", "numbers": [A, B], "allow_partial": True})
    assert report(pools, quote=[done(pools[0], [number(A)])])["a"]["message"] == "1 missing."


def test_a_purchase_that_failed_half_way_is_reported_as_it_is():
    pools = plan({"name": "a", "numbers": [A, B, C]})
    quoted = quote(line(B, number=B, monthly="5"), line(C, number=C, monthly="6"))
    steps = {
        "quote": [
            done(
                pools[0],
                [number(A), number(B), number(C)],
                [number(B), number(C)],
                quoted,
                [order("0", "old", 1, "pending")],
            )
        ],
        "buy": [failed(pools[0], purchased=[number(B)], orders=[order("1", B), order("0", "old", 1, "pending")])],
    }
    result = Progress(pools, steps).as_dict()["result"]
    (found,) = result["pools"]
    assert (found["status"], found["step"], found["numbers"], found["purchased"]) == ("failed", "buy", [A, B], [B])
    assert result["totals"] == {"USD": {"setup_total": "0", "monthly_total": "5", "due_now_total": "1"}}
    assert found["quote"] == quoted


@pytest.mark.parametrize("new", [order("1", "7", 2, "unknown"), order("1", "8", 2)])
def test_what_a_failed_purchase_cost_is_unknown_where_nobody_can_tell(new):
    pools = plan({"name": "a"})
    steps = {
        "quote": [done(pools[0], quoted=quote(line("7", 2)))],
        "buy": [failed(pools[0], "unknown_outcome", purchased=[], orders=[new])],
    }
    assert Progress(pools, steps).as_dict()["result"]["totals"] == {"USD": dict.fromkeys(TOTALS)}


def test_a_price_that_has_risen_since_the_quote_says_so():
    pools = plan({"name": "a"})
    found = report(pools, quote=[done(pools[0], quoted=quote(line("7", 2)))], buy=[failed(pools[0], "price_limit")])[
        "a"
    ]
    assert found["message"] == "It went wrong. It may cost no more than was quoted: run again for a new quote."


def test_a_purchase_that_was_refused_cost_nothing():
    pools = plan({"name": "a"})
    steps = {"quote": [done(pools[0], quoted=quote(line("7", 2)))], "buy": [failed(pools[0])]}
    assert Progress(pools, steps).as_dict()["result"]["totals"] == {}


def test_totals_are_of_what_was_bought_and_not_of_what_was_quoted():
    pools = plan({"name": "a"})
    steps = {
        "quote": [done(pools[0], quoted=quote(line("7", 2, "3")))],
        "buy": [done(pools[0], [number(A), number(B)], [], quote(line("8", 2, "2")))],
    }
    assert Progress(pools, steps).as_dict()["result"]["totals"]["USD"]["monthly_total"] == "4"
    assert Progress(pools, {"quote": steps["quote"]}).as_dict()["result"]["totals"]["USD"]["monthly_total"] == "6"


def test_a_skipped_result_is_none():
    pools = plan({"name": "a"})
    steps = {
        "quote": [done(pools[0], [number(A), number(B)])],
        "buy": [went(pools[0], skipped=True)],
        "configure": [went(pools[0], skipped=True)],
    }
    assert report(pools, **steps)["a"]["status"] == "unchanged"
