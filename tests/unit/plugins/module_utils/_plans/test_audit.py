# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit finds, without any request: every case of it, and that nothing is counted twice."""

from __future__ import annotations

import datetime
import typing as t
from decimal import Decimal

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.link import Link
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Number
from ansible_collections.telco.numbers.plugins.module_utils._plans import audit as _audit
from ansible_collections.telco.numbers.plugins.module_utils._plans import records
from ansible_collections.telco.numbers.plugins.module_utils._plans.audit_table import report as report_text
from ansible_collections.telco.numbers.plugins.module_utils._plans.model import Account
from ansible_collections.telco.numbers.plugins.module_utils._tasks import plan as _plan
from hypothesis import given, settings
from hypothesis import strategies as st

TODAY = datetime.date(2026, 12, 1)
DAYS = 30


def shown(account: Account) -> t.Callable[[t.Any], t.Any]:
    """How settings are shown where the environment holds no secret."""
    return _plan.masking(account, {})


VOICE, OTHER, DEFAULT = "APvoice", "APother", "4711"
CATALOGUE = {"provider": "sinch_catalog", "account_id": "AC1", "api_key": "the-api-key", "api_secret": "the-api-secret"}


def number(digits: str, provider: str = "sinch_catalog", **facts: t.Any) -> dict[str, t.Any]:
    """A number object as number_info returns it; a local one in New Orleans for 1.00 USD unless *facts* say
    otherwise.
    """
    base: dict[str, t.Any] = {
        "country": "US",
        "type": "local",
        "capabilities": ("sms", "voice"),
        "city": "New Orleans",
        "currency": "USD",
    }
    price, applications = facts.pop("monthly_price", "1.00"), facts.pop("applications", {})
    record = Number(
        id=f"PN{digits}",
        provider=provider,
        number=digits,
        links=tuple(Link(*pair) for pair in applications.items()),
        monthly_price=None if price is None else Decimal(price),
        **{**base, **facts},
    )
    return record.as_dict()


def linked(digits: str, voice: str | None = VOICE, sms: str | None = VOICE, **facts: t.Any) -> dict[str, t.Any]:
    """A number with applications."""
    return number(
        digits, applications={key: value for key, value in (("voice", voice), ("sms", sms)) if value}, **facts
    )


def pool(name: str = "support", **options: t.Any) -> dict[str, t.Any]:
    """A pool of the account ``main``."""
    return {
        "name": name,
        "account": "main",
        **({} if "numbers" in options or "state" in options else {"count": 1}),
        **options,
    }


def report(
    pools: list[dict[str, t.Any]], owned: list[dict[str, t.Any]], env: dict[str, str] | None = None, **account: t.Any
) -> dict[str, t.Any]:
    """The report about one account, in the catalogue unless *account* says another one."""
    plan = _plan.read(pools, {"main": account or CATALOGUE})
    return _audit.report(
        plan, {"main": {"numbers": owned}}, TODAY, DAYS, lambda account: _plan.masking(account, env or {})
    )


def found(
    pools: list[dict[str, t.Any]], owned: list[dict[str, t.Any]], **options: t.Any
) -> list[tuple[str, str | None, str | None]]:
    """The drift: kind, pool, number."""
    return [(item["kind"], item["pool"], item["number"]) for item in report(pools, owned, **options)["drift"]]


def messages(pools: list[dict[str, t.Any]], owned: list[dict[str, t.Any]], **options: t.Any) -> list[str]:
    """What the drift says."""
    return [item["message"] for item in report(pools, owned, **options)["drift"]]


ONE, TWO, THREE, FOUR = "+15045550101", "+15045550102", "+15045550103", "+15045550104"


# -- count -------------------------------------------------------------------------------------------------------------


def test_as_planned() -> None:
    found_now = report([pool(city="New Orleans", application=VOICE, count=2)], [linked(ONE), linked(TWO)])
    assert found_now["drift"] == [] and not any(found_now["drift_counts"].values())
    assert list(found_now["drift_counts"]) == list(_audit.KINDS)
    assert found_now["pools"][0]["numbers"] == [ONE, TWO] and found_now["numbers"][0]["pool"] == "support"
    assert "raw" not in found_now["numbers"][0]


def test_missing_and_surplus_are_said_once_for_a_pool() -> None:
    assert found([pool(city="New Orleans", count=3)], [number(ONE)]) == [("missing", "support", None)]
    assert messages([pool(city="New Orleans", count=3)], [number(ONE)]) == ["support has 1 of 3 numbers, 2 to buy."]
    assert found([pool(city="New Orleans")], [number(ONE), number(TWO)]) == [("surplus", "support", None)]
    assert messages([pool(city="New Orleans")], [number(ONE), number(TWO)]) == [
        "support has 2 numbers, 1 more than wanted."
    ]


def test_more_of_an_application_is_surplus_and_free_ones_stay_free() -> None:
    owned = [linked(ONE), linked(TWO), number(THREE)]
    assert found([pool(city="New Orleans", application=VOICE)], owned) == [
        ("surplus", "support", None),
        ("unplanned", None, THREE),
    ]


def test_a_missing_number_may_be_on_order_where_orders_cannot_be_listed() -> None:
    (message,) = messages([pool(country="US")], [], provider="plivo_groups", account_id="MA1", password="the-token")
    assert (
        message
        == "support has 0 of 1 numbers, 1 to buy. plivo_groups does not list pending orders, so it may be on order."
    )


def test_named_numbers() -> None:
    named = pool(numbers=[ONE, TWO, THREE], application=VOICE)
    assert found([named], [linked(ONE), linked(TWO, sms=None), linked(FOUR)]) == [
        ("missing", "support", THREE),
        ("unassigned", "support", TWO),
        ("unplanned", None, FOUR),
    ]


def test_a_named_number_of_another_application_is_wrongly_assigned_and_belongs_to_its_pool() -> None:
    owned = [linked(ONE, OTHER, VOICE)]
    (item,) = report([pool(numbers=[ONE], application=VOICE)], owned)["drift"]
    assert (item["kind"], item["actual"], item["wanted"]) == (
        "wrongly_assigned",
        {"sms": VOICE, "voice": OTHER},
        {"sms": VOICE, "voice": VOICE},
    )
    assert report([pool(numbers=[ONE], application=VOICE)], owned)["numbers"][0]["pool"] == "support"


def test_what_other_pools_name_never_counts() -> None:
    pools = [pool("any", city="New Orleans"), pool("named", numbers=[ONE])]
    assert found(pools, [number(ONE)]) == [("missing", "any", None)]


# -- applications ------------------------------------------------------------------------------------------------------


def test_free_numbers_that_count_are_unassigned() -> None:
    (item,) = report([pool(city="New Orleans", application=VOICE)], [number(ONE), number(TWO)])["drift"][:1]
    assert (item["kind"], item["number"], item["actual"], item["wanted"]) == (
        "unassigned",
        ONE,
        {"sms": None, "voice": None},
        {"sms": VOICE, "voice": VOICE},
    )


def test_a_pool_of_one_capability_wants_no_other_link() -> None:
    wanted = pool(city="New Orleans", application=VOICE, capability="voice")
    assert found([wanted], [linked(ONE, sms=None)]) == []
    assert messages([wanted], [number(ONE)]) == [f"{ONE} of support is not linked to {VOICE} for voice."]


def test_numbers_of_the_default_application_are_free() -> None:
    account = {"provider": "plivo_groups", "account_id": "MA1", "password": "the-token", "default_application": DEFAULT}
    owned = [number(ONE, "plivo_groups", applications={"voice": DEFAULT, "sms": DEFAULT})]
    (item,) = report([pool(country="US", application="1")], owned, **account)["drift"]
    assert (item["kind"], item["actual"]) == ("unassigned", {"sms": DEFAULT, "voice": DEFAULT})


def test_a_number_of_another_application_is_missed_only_where_numbers_lack() -> None:
    owned = [linked(ONE), linked(TWO, OTHER, OTHER)]
    assert found([pool(city="New Orleans", application=VOICE, count=2)], owned) == [
        ("missing", "support", None),
        ("wrongly_assigned", "support", TWO),
    ]
    assert found([pool(city="New Orleans", application=VOICE)], owned) == [("unplanned", None, TWO)]


def test_pools_with_the_same_selector_share_nothing() -> None:
    """Free numbers go to the earlier pool first; what is linked to the other one's application is neither wrong nor
    unplanned.
    """
    pools = [
        pool("first", city="New Orleans", application=VOICE, count=2),
        pool("second", city="New Orleans", application=OTHER, count=2),
    ]
    owned = [linked(ONE, OTHER, OTHER), number(TWO), number(THREE), number(FOUR)]
    told = report(pools, owned)
    assert {one["name"]: one["numbers"] for one in told["pools"]} == {"first": [TWO, THREE], "second": [ONE, FOUR]}
    assert {item["kind"] for item in told["drift"]} == {"unassigned"}


# -- in no pool --------------------------------------------------------------------------------------------------------


def test_a_record_that_does_not_tell_is_undecided() -> None:
    (item,) = report(
        [pool(country="US", city="New Orleans", region="LA"), pool("other", country="GB")],
        [number(ONE), number(TWO, city=None, region=None)],
    )["drift"][-1:]
    assert (item["kind"], item["pool"], item["number"]) == ("undecided", "support", TWO)
    assert (item["actual"], item["wanted"]) == ({"region": None, "city": None}, {"region": "LA", "city": "New Orleans"})


def test_a_shortage_that_undecided_numbers_may_cover_says_so() -> None:
    missing, undecided = messages([pool(city="New Orleans")], [number(ONE, city=None)])
    assert missing == f"support has 0 of 1 numbers, 1 to buy. Whether {ONE} count cannot be told."
    assert undecided == f"Whether {ONE} belongs to support cannot be told: its record does not show city."


def test_excluded_numbers_are_in_no_pool() -> None:
    assert found([pool(city="New Orleans", exclude=[ONE])], [number(ONE), number(TWO)]) == [("unplanned", None, ONE)]


def test_retired_pools_name_numbers_or_an_application() -> None:
    pools = [
        pool("numbers", numbers=[ONE, FOUR], state="retired"),
        pool("application", application=OTHER, state="retired"),
    ]
    told = report(pools, [linked(ONE, OTHER, OTHER), linked(TWO, OTHER, None), linked(THREE, OTHER, VOICE)])
    assert [(item["kind"], item["pool"], item["number"]) for item in told["drift"]] == [
        ("unplanned", None, THREE),
        ("retired", "numbers", ONE),
        ("retired", "application", TWO),
    ]
    assert {one["name"]: one["numbers"] for one in told["pools"]} == {"numbers": [ONE], "application": [TWO]}


# -- settings ----------------------------------------------------------------------------------------------------------

CALLBACK = {
    "configuration": {"voice": {"url": "https://example.com/voice", "method": "POST"}},
    "friendlyName": "Front desk",
}


def test_settings_that_differ() -> None:
    wanted = {"friendly_name": "", "voice_url": "https://example.com/voice", "voice_method": "GET", "sms_url": None}
    (item,) = report(
        [pool(city="New Orleans", configuration=wanted)], [number(ONE, friendly_name="Front desk", raw=CALLBACK)]
    )["drift"]
    assert item["kind"] == "misconfigured"
    assert item["actual"] == {"friendly_name": "Front desk", "voice_method": "POST"} and item["wanted"] == {
        "friendly_name": None,
        "voice_method": "GET",
    }
    assert (
        item["message"]
        == f"{ONE} of support: friendly_name is 'Front desk', wanted is none; voice_method is 'POST', wanted is 'GET'."
    )


@pytest.mark.parametrize("account", [CATALOGUE, {"provider": "sinch_catalog", "account_id": "AC1"}])
def test_no_report_shows_a_secret(account: dict[str, str]) -> None:
    """A module has masked what the provider says; a setting of the plan is compared and shown just so, wherever the
    secret comes from.
    """
    masked = {"configuration": {"voice": {"url": "https://example.com/?key=********"}}}
    wanted = {"voice_url": "https://example.com/?key=the-api-secret"}
    env = {} if "api_key" in account else {"SINCH_KEY_ID": "the-api-key", "SINCH_KEY_SECRET": "the-api-secret"}
    assert found([pool(city="New Orleans", configuration=wanted)], [number(ONE, raw=masked)], env=env, **account) == []
    told = report([pool(city="New Orleans", configuration=wanted)], [number(ONE, raw=CALLBACK)], env=env, **account)
    assert told["drift"][0]["wanted"] == {"voice_url": "https://example.com/?key=********"} and "the-api" not in str(
        told
    )


def test_no_report_shows_the_password_of_an_address() -> None:
    wanted = {"voice_url": "https://user:pass@example.com/voice"}
    (item,) = report([pool(city="New Orleans", configuration=wanted)], [number(ONE, raw=CALLBACK)])["drift"]
    assert item["wanted"] == {"voice_url": "https://user:********@example.com/voice"} and "pass@" not in str(item)


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "says"),
    [
        ("2026-12-31T00:00:00Z", None),
        ("2026-12-30T23:59:59Z", "expires on 2026-12-30, in 29 days"),
        ("2026-12-02", "expires on 2026-12-02, in 1 day"),
        ("2026-12-01T12:00:00+00:00", "expires today"),
        ("2026-11-30", "expired on 2026-11-30"),
        ("next spring", "expires at a time that cannot be read: next spring"),
    ],
)
def test_expiring(expires: str, says: str | None) -> None:
    said = messages([pool(city="New Orleans")], [number(ONE, expires=expires)])
    assert said == ([] if says is None else [f"{ONE} {says}."])


def test_a_number_that_goes_may_expire() -> None:
    assert found([pool(numbers=[ONE], state="retired")], [number(ONE, expires="2026-12-02")]) == [
        ("retired", "support", ONE)
    ]


# -- cost --------------------------------------------------------------------------------------------------------------


def test_costs_keep_currencies_apart_and_unknown_prices_out() -> None:
    owned = [
        linked(ONE, monthly_price="0.1"),
        linked(TWO, OTHER, VOICE, monthly_price="0.2"),
        number(THREE, monthly_price=None),
        number(FOUR, currency="EUR", monthly_price="9.193549"),
        number("+442079460100", country=None, currency=None),
    ]
    costs = report([], owned)["costs"]
    assert costs["total"] == [
        {"currency": "EUR", "numbers": 1, "unknown": 0, "monthly": "9.193549"},
        {"currency": "USD", "numbers": 3, "unknown": 1, "monthly": "0.3"},
        {"currency": None, "numbers": 1, "unknown": 1, "monthly": None},
    ]
    assert {(line["name"], line["currency"]): line["monthly"] for line in costs["application"]} == {
        (None, "EUR"): "9.193549",
        (f"{OTHER} + {VOICE}", "USD"): "0.2",
        (VOICE, "USD"): "0.1",
        (None, "USD"): None,
        (None, None): None,
    }
    assert [line["name"] for line in costs["country"]] == ["US", "US", None]


# -- accounts ----------------------------------------------------------------------------------------------------------

UNREAD = {"msg": "plivo_groups needs\nits password", "failure": {"code": "invalid_option"}}


def test_an_account_that_could_not_be_read() -> None:
    plan = _plan.read(
        [pool(city="New Orleans"), {"name": "line", "provider": "plivo_groups", "country": "US", "count": 1}],
        {"main": CATALOGUE},
    )
    told = _audit.report(plan, {"main": {"numbers": [number(ONE)]}, "plivo_groups": UNREAD}, TODAY, DAYS, shown)
    assert told["unreadable"] == [
        {
            "account": "plivo_groups",
            "provider": "plivo_groups",
            "numbers": None,
            "message": "plivo_groups needs its password",
            "code": "invalid_option",
        }
    ]
    assert told["drift"] == [] and [one["numbers"] for one in told["pools"]] == [[ONE], None]


def test_an_account_without_pools_has_unplanned_numbers() -> None:
    told = _audit.report(_plan.read([], {"main": CATALOGUE}), {"main": {"numbers": [number(ONE)]}}, TODAY, DAYS, shown)
    assert [item["kind"] for item in told["drift"]] == ["unplanned"]


def test_only_accounts_that_were_read_are_audited() -> None:
    plan = _plan.read([pool(city="New Orleans")], {"main": CATALOGUE})
    assert _audit.report(plan, {}, TODAY, DAYS, shown)["pools"] == []


def test_an_account_that_the_plan_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="the plan has no account nobody"):
        _audit.report(_plan.read([]), {"nobody": {}}, TODAY, DAYS, shown)


def test_the_cost_by_label_counts_a_number_for_each_of_its_labels() -> None:
    pools = [pool("one", numbers=[ONE], labels={"team": "a", "brand": 7}), pool("two", numbers=[TWO])]
    told = report(pools, [number(ONE), number(TWO)])["costs"]["label"]
    assert [(line["name"], line["monthly"]) for line in told] == [("brand=7", "1"), ("team=a", "1")]


@pytest.mark.parametrize(
    "date",
    [
        "",
        "tomorrow",
        "2026-13-01",
        "20261231",
        "2026-12-31 10:00",
        20261231,
        1.5,
        True,
        ["2026-12-31"],
        {"day": 1},
        datetime.datetime(2026, 12, 1),
    ],
)
def test_a_date_that_is_no_day_is_said_in_one_line(date: t.Any) -> None:
    with pytest.raises(
        ValueError, match="audit_date must be a day of the calendar, like '2026-12-31', and not "
    ) as said:
        _audit.day(date)
    assert "\n" not in str(said.value)
    assert _audit.day(TODAY) == _audit.day("2026-12-01") == TODAY


# -- pending and labels -----------------------------------------------------------------------------------------------


def test_a_pool_with_pending_numbers_is_never_as_planned() -> None:
    told = report([pool(count=2)], [number(ONE), number(TWO, status="pending")])
    assert [(item["kind"], item["number"]) for item in told["drift"]] == [("pending", TWO)]
    (one,) = told["pools"]
    assert (one["numbers"], one["pending"], one["drift"]) == ([ONE, TWO], 1, ["pending"])
    assert "support  main     1 + 1 pending/2  pending" in report_text(told)


def test_links_and_settings_of_a_pending_number_are_no_drift() -> None:
    wanted = pool(application=VOICE, configuration={"friendly_name": "Support"})
    assert [kind for kind, _pool, _number in found([wanted], [number(ONE, status="pending")])] == ["pending"]


def test_a_number_has_the_labels_of_its_pool() -> None:
    told = report([pool(labels={"team": "x"})], [number(ONE), number("+442079460018", country="GB")])
    assert {row["number"]: row["labels"] for row in told["numbers"]}[ONE] == {"team": "x"}


# -- what always holds -------------------------------------------------------------------------------------------------

_FACTS = st.fixed_dictionaries(
    {
        "country": st.sampled_from(["US", "GB", None]),
        "city": st.sampled_from(["New Orleans", "London", None]),
        "capabilities": st.sampled_from([("sms", "voice"), ("voice",), None]),
        "applications": st.dictionaries(
            st.sampled_from(["sms", "voice"]), st.sampled_from([VOICE, OTHER, "APretired", "APforeign"])
        ),
        "monthly_price": st.sampled_from(["1.00", "0.333", None]),
        "currency": st.sampled_from(["USD", "EUR", None]),
        "expires": st.sampled_from([None, "2026-12-02", "2030-01-01"]),
    }
)
_POOLS = [
    pool("first", city="New Orleans", application=VOICE, count=2),
    pool("second", city="New Orleans", application=OTHER, count=2),
    pool("third", country="GB", city="London", count=1, application="APthird"),
    pool("named", numbers=[ONE, TWO], application=VOICE),
    pool("gone", application="APretired", state="retired"),
]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(_FACTS, max_size=8))
def test_every_number_is_counted_once(facts: list[dict[str, t.Any]]) -> None:
    owned = [number(f"+1504555010{place}", **one) for place, one in enumerate(facts)]
    told = report(_POOLS, owned)
    assert [row["number"] for row in told["numbers"]] == [one["number"] for one in owned]
    in_pools = [name for one in told["pools"] for name in one["numbers"]]
    outside = [
        item["number"]
        for item in told["drift"]
        if item["kind"] in ("unplanned", "undecided")
        or item["kind"] == "wrongly_assigned"
        and item["number"] not in in_pools
    ]
    assert sorted([*in_pools, *outside]) == [one["number"] for one in owned]
    assert sum(told["drift_counts"].values()) == len(told["drift"])
    for lines in (
        lines for name, lines in told["costs"].items() if name != "label"
    ):  # a number may have several or none
        assert sum(line["numbers"] for line in lines) == len(owned)
        for total in told["costs"]["total"]:
            parts = [
                Decimal(line["monthly"]) for line in lines if line["currency"] == total["currency"] and line["monthly"]
            ]
            assert sum(parts) == Decimal(total["monthly"] or 0)


@given(_FACTS)
@settings(max_examples=50, deadline=None, derandomize=True, database=None)
def test_a_number_object_is_read_back_whole(facts: dict[str, t.Any]) -> None:
    item = number(
        ONE,
        friendly_name="x",
        area_code="504",
        status="pending",
        setup_price=Decimal("0.5"),
        raw={"a": [1, None]},
        **facts,
    )
    assert records.number(item).as_dict() == item


# -- numbers that failed, or leave -------------------------------------------------------------------------------------


def test_a_number_that_failed_is_drift_and_one_that_leaves_is_not_there() -> None:
    owned = [linked(ONE, status="failed"), linked(TWO, status="leaving", expires="2026-12-02")]
    told = report([pool(application=VOICE, count=2)], owned)
    assert [row["number"] for row in told["numbers"]] == [ONE]
    found = {item["kind"]: item for item in told["drift"]}
    assert set(found) == {"missing", "failed"}
    assert (found["failed"]["number"], found["failed"]["pool"]) == (ONE, "support")
    assert [line["numbers"] for line in told["costs"]["total"]] == [1]


def test_an_address_on_a_number_keeps_it_out_of_a_pool() -> None:
    item = number(ONE)
    item["links"] = [{"capability": "voice", "kind": "url", "id": "https://example.com/answer", "status": "linked"}]
    told = report([pool(application=VOICE, city="New Orleans")], [item])
    assert {one["kind"] for one in told["drift"]} == {"missing", "wrongly_assigned"}


def test_a_pool_with_an_application_for_each_capability_is_as_planned_by_both() -> None:
    wanted = pool(applications={"voice": VOICE, "sms": OTHER})
    assert report([wanted], [linked(ONE, VOICE, OTHER)])["drift"] == []
    (drift,) = report([wanted], [linked(ONE, VOICE, None)])["drift"]
    assert (drift["kind"], drift["wanted"]) == ("unassigned", {"sms": OTHER})
