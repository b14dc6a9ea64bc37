# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A numbers plan is read whole: every mistake at once with its place, and a plan without mistakes in its normal
form.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._plans.model import PlanError
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from ansible_collections.telco.numbers.plugins.module_utils._tasks import plan as _plan
from ansible_collections.telco.numbers.plugins.module_utils._tasks import task as _module
from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan import TASK

COLLECTION = Path(_plan.__file__).parents[3]
US = {"name": "us", "provider": "plivo_groups", "country": "US", "count": 1}
NAMED = {"name": "named", "provider": "infobip_sms", "numbers": ["+44 7860 041117", {"number": "+447860041120"}]}
GONE = {"name": "gone", "provider": "plivo_groups", "state": "retired", "numbers": ["+14155550100"]}


def mistakes(pools, accounts=None, limits=None):
    try:
        _plan.read(pools, accounts, limits)
    except PlanError as error:
        return error.problems
    return []


def problems(*pools, accounts=None, limits=None):
    return mistakes(list(pools), accounts, limits)


def normal(pool):
    """A pool as it is read: an option that is not given is absent."""
    want, aim = pool.want, pool.want.application
    linked = load(pool.account.provider).features.linked_capabilities
    wanted = aim.links(want.links(linked)) if aim else ()
    options = {
        **pool.options,
        "exclude": sorted(want.exclude),
        "default_application": want.default_application,
    }
    return {
        **{key: value for key, value in options.items() if value not in (None, [], "")},
        "name": pool.name,
        "account": pool.account.name,
        "provider": pool.account.provider,
        "labels": dict(pool.labels),
        "state": "retired" if pool.retired else "present",
        "configuration": dict(pool.configuration),
        "links": {link.capability: link.id for link in wanted},
    }


def read(*pools, accounts=None):
    assert problems(*pools, accounts=accounts) == []
    return [normal(pool) for pool in _plan.read(list(pools), accounts).pools]


# -- what is right -----------------------------------------------------------------------------------------------------


def test_a_pool_in_its_normal_form_has_what_was_given_and_no_more():
    (pool,) = read(US)
    facts = {
        "name": "us",
        "account": "plivo_groups",
        "provider": "plivo_groups",
        "state": "present",
        "labels": {},
        "configuration": {},
        "links": {},
    }
    assert pool == {**facts, "country": "US", "count": 1}


def test_numbers_are_in_e164_form_each_once():
    pools = [
        {**NAMED, "numbers": [*NAMED["numbers"], "+447860041117"]},
        {**US, "exclude": "+1 415 555 0100, +14155550101"},
    ]
    named, us = read(*pools)
    assert named["numbers"] == ["+447860041117", "+447860041120"]
    assert us["exclude"] == ["+14155550100", "+14155550101"]


def test_empty_means_not_given():
    given = {
        "numbers": "",
        "application": "",
        "prefix": None,
        "currency": "",
        "max_monthly_price": None,
        "labels": None,
        "configuration": None,
        "account": "",
        "state": "",
    }
    assert read({**US, **given}) == read(US)


def test_text_is_taken_where_templates_make_it():
    (pool,) = read({**US, "count": "2", "wait": "yes", "wait_timeout": "60", "capabilities": "voice,sms"})
    assert (pool["count"], pool["wait"], pool["wait_timeout"], pool["capabilities"]) == (
        2,
        True,
        60.0,
        ["voice", "sms"],
    )


@pytest.mark.parametrize("name", [7, "7", "Müllers Büro", "a b"])
def test_a_name_is_one_line_of_text(name):
    assert read({**US, "name": name})[0]["name"] == str(name)


def test_null_and_empty_text_clear_a_setting():
    (pool,) = read({**US, "configuration": {"friendly_name": None, "sub_account": ""}})
    assert pool["configuration"] == {"friendly_name": None, "sub_account": None}


def test_links_are_what_the_application_is_linked_for():
    whole, voice = read(
        {**US, "name": "whole", "provider": "sinch_catalog", "application": "A"},
        {**US, "name": "voice", "provider": "sinch_catalog", "application": "B", "capability": "voice"},
    )
    assert (list(whole["links"]), list(voice["links"])) == (["sms", "voice"], ["voice"])


def test_an_account_opens_its_pools_and_its_options_stay_out_of_them():
    accounts = {
        "acme": {"provider": "plivo_groups", "auth_id": "MA1", "password": "secret", "default_application": "D"}
    }
    (pool,) = read({**US, "provider": None, "account": "acme"}, accounts=accounts)
    assert (pool["account"], pool["provider"], pool["default_application"]) == ("acme", "plivo_groups", "D")
    assert "secret" not in str(pool) and "MA1" not in str(pool)
    assert "secret" not in repr(_plan.read([], accounts))


def test_a_prefix_may_begin_with_a_zero_where_the_country_has_it():
    assert read({**US, "country": "IT", "prefix": "06"})[0]["prefix"] == "06"


def test_a_retired_pool_names_what_goes():
    numbers, application = read(
        GONE, {**GONE, "name": "old", "numbers": None, "application": "A", "labels": {"team": "sales"}}
    )
    assert (numbers["state"], numbers["numbers"]) == ("retired", ["+14155550100"])
    assert (application["state"], application["application"], application["labels"]) == (
        "retired",
        "A",
        {"team": "sales"},
    )


def test_limits_are_by_currency_in_their_normal_form():
    plan = _plan.read(
        [], None, {"usd": {"max_monthly_total": "30.50", "max_due_now_total": None}, "EUR": {"max_due_now_total": 5}}
    )
    assert plan.limits == {"USD": {"max_monthly_total": "30.5"}, "EUR": {"max_due_now_total": "5"}}


def test_the_example_plan_and_that_of_the_readme_are_right():
    readme = (
        (COLLECTION / "roles" / "provision" / "README.md")
        .read_text(encoding="utf-8")
        .partition("```yaml\n")[2]
        .partition("```")[0]
    )
    for text in ((COLLECTION / "playbooks" / "vars" / "example_plan.yml").read_text(encoding="utf-8"), readme):
        given = yaml.safe_load(text)
        pools = given["telco_numbers_plan"]
        assert (
            pools
            and problems(*pools, accounts=given["telco_numbers_accounts"], limits=given["telco_numbers_limits"]) == []
        )


# -- what is wrong -----------------------------------------------------------------------------------------------------


def test_without_a_library_a_line_names_it(monkeypatch):
    monkeypatch.setattr(_module, "_LIBRARIES", (("phonenumbers", ImportError("No module named 'phonenumbers'")),))
    (line,) = problems(US)
    assert "(phonenumbers)" in line


def test_every_mistake_of_a_plan_is_said_at_once_with_its_pool_and_key():
    wrong = {
        "name": "wrong",
        "provider": "plivo_groups",
        "count": "many",
        "capabilities": ["fax"],
        "prefix": "abc",
        "max_setup_price": "-1",
        "currency": "EURO",
        "max_monthly_price": 1.1,
        "exclude": [14155550100],
        "wait": "maybe",
        "wait_timeout": -1,
        "search_limit": 0,
        "application": "A",
        "capability": "sms",
        "labels": [1],
        "colour": "red",
        "configuration": {"voice_url": "https://example.com", "ringtone": "x"},
    }
    said = problems(
        wrong,
        US,
        US,
        {**NAMED, "country": "GB"},
        {**GONE, "count": 1},
        "x",
        limits={"EUR": {"max_total": "1"}},
        accounts={"acme": {}},
    )
    beginnings = [
        "account acme: missing required arguments: provider",
        "pool wrong: unknown key colour, 'country' is near it; there are account, ",
        "pool wrong: labels must be a mapping",
        "pool wrong: count must be a whole number, not 'many'.",
        "pool wrong: wait must be true or false, not 'maybe'.",
        "pool wrong, configuration: unknown key ringtone; there are friendly_name, ",
        "pool wrong: capabilities 'fax' unknown",
        "pool wrong: prefix 'abc' must be national digits",
        "pool wrong: max_setup_price must be a decimal amount",
        "pool wrong: max_monthly_price must be a decimal amount of zero or more in a string, like '12.50', not 1.1.",
        "pool wrong: exclude: The number 14155550100 is not a string",
        "pool wrong: currency 'EURO' is not",
        "pool wrong: wait_timeout must be more than zero",
        "pool wrong: search_limit must be 1 or more",
        "pool wrong: plivo_groups links a number whole",
        "pool wrong: plivo_groups searches one country at a time",
        "pool wrong: plivo_groups has no voice_url",
        "pool us: another pool has this name.",
        "pool named: country goes with a count, not with numbers.",
        "pool gone: needs either numbers or a count.",
        "pool number 6: must be a mapping.",
        "limits EUR: unknown key max_total, 'max_monthly_total' is near it; there are labels, max_due_now_total, "
        "max_monthly_total, max_owned_monthly_total.",
    ]
    missing = [beginning for beginning in beginnings if not any(line.startswith(beginning) for line in said)]
    assert not missing and len(said) == len(beginnings), "\n".join([*missing, "---", *said])
    assert not any("\n" in line for line in said)


@pytest.mark.parametrize(
    ("pool", "problem"),
    [
        ({"count": None}, "needs either numbers or a count."),
        ({"count": 0}, "count must be 1 or more."),
        ({"count": -1}, "count must be 1 or more."),
        ({"numbers": ["+14155550100"], "country": None}, "needs either numbers or a count."),
        ({"numbers": [], "count": None, "country": None}, "numbers is empty."),
        ({"numbers": [], "country": None}, "numbers is empty."),
        ({"numbers": [14155550100], "count": None, "country": None}, "quote it"),
        ({"numbers": 14155550100, "count": None, "country": None}, "quote it"),
        ({"numbers": ["0044 20 7946 0018"], "count": None, "country": None}, "0044"),
        ({"name": ""}, "name must be one line of text."),
        ({"name": None}, "name must be one line of text."),
        ({"name": "  "}, "name must be one line of text."),
        ({"name": "a\nb"}, "name must be one line of text."),
        ({"name": ["a"]}, "name must be one line of text."),
        ({"name": True}, "name must be one line of text."),
        ({"state": "absent"}, "value of state must be one of: present, retired"),
        ({"type": "satellite"}, "type 'satellite' is unknown"),
        ({"country": "XX"}, "country 'XX' is not an ISO 3166-1"),
        ({"country": "GB", "prefix": "0161"}, "prefix '0161' begins with a trunk zero"),
        ({"max_monthly_price": "1"}, "A price limit needs its 'currency'"),
        ({"capability": "voice"}, "capability says what is linked to the 'application'"),
        ({"provider": None}, "needs an account of the plan, or a provider"),
        ({"provider": "acme"}, "value of provider must be one of"),
        ({"account": "acme"}, "account acme is not defined"),
        ({"account": "infobip_sms"}, "provider is plivo_groups, but account infobip_sms is one of infobip_sms."),
        ({"provider": "infobip_sms", "application": "A"}, "applications to link a number to"),
        ({"provider": "infobip_sms", "configuration": {"friendly_name": "x"}}, "settings of a number"),
        ({"provider": "sinch_portal", "type": "local"}, "do not show type"),
        ({"city": "Oakland"}, "do not show city"),
        ({"applications": {"voice": "x"}}, "links a number whole, not its voice alone"),
        ({"application": "x", "application_kind": "trunk"}, "application_kind 'trunk' is unknown at plivo_groups"),
        ({"provider_options": {"x": 1}}, "plivo_groups has no provider_options"),
        ({"regulatory": {"address": "AD1"}}, "plivo_groups takes no papers with a purchase"),
        ({"configuration": {"provider_settings": {"x": 1}}}, "plivo_groups has no provider_settings"),
        ({"exclude_offers": {"a": 1}}, "unknown key exclude_offers"),
        ({"close_orders": ["x"]}, "unknown key close_orders"),
    ],
    ids=str,
)
def test_one_mistake_is_said_once(pool, problem):
    said = problems({**US, **pool})
    assert any(problem in line for line in said), said
    assert len([line for line in said if "another" not in line]) <= 2, said
    assert all(line.startswith(("pool us: ", "pool number 1: ")) for line in said)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("country: GB\nprefix: 0161", "prefix"),
        ("contains: 0161", "contains"),
        ("contains: 1_000", "contains"),
        ("prefix: 16.1", "prefix"),
        ("application: 0123", "application"),
        ("offer: 0123", "offer"),
        ("city: 0123", "city"),
        ("country: NO", "country"),
        ("type: on", "type"),
        ("currency: off", "currency"),
        ("capabilities: [voice, off]", "capabilities"),
        ("configuration: {voice_url: yes}", "voice_url"),
    ],
)
def test_what_yaml_has_changed_is_refused_with_the_pool_and_the_key(written, key):
    """In a pool, be it retired; an octal number, a power of ten and the country Norway look harmless afterwards."""
    own = {**US, **yaml.safe_load(written)}
    said = [line for line in problems(own) if "uote" in line]
    place = "pool us, configuration" if key == "voice_url" else "pool us"
    assert len(said) == 1 and said[0].startswith(f"{place}: {key} "), problems(own)
    assert "is not a string: quote it" in said[0] or "as a boolean. Quote the word" in said[0]
    if key == "application":
        assert any(
            ": application 83 is not a string: quote it" in line
            for line in problems({**GONE, "numbers": None, "application": 83})
        )


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("account_id: 0123", "account_id"),
        ("auth_id: 0123", "auth_id"),
        ("password: 0123", "password"),
        ("api_key: 1_0", "api_key"),
        ("token: off", "token"),
    ],
)
def test_what_yaml_has_changed_in_an_account_is_refused_and_not_shown(written, key):
    (said,) = problems(accounts={"shop": {"provider": "plivo_groups", **yaml.safe_load(written)}})
    assert said.startswith(f"account shop: {key} is ") and "uote" in said and "83," not in said


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("capabilties", ", 'capabilities' is near it; there are "),
        ("deadline", ", which is an option of the account; there are "),
        ("zzz", "; there are "),
    ],
)
def test_an_unknown_key_is_answered_with_what_it_may_have_meant(key, hint):
    (said,) = problems({**US, key: 1})
    assert said.startswith(f"pool us: unknown key {key}{hint}")


def test_a_count_a_time_and_a_name_may_be_numbers():
    own = {
        **US,
        "name": 415,
        "count": 2,
        "search_limit": 100,
        "wait": True,
        "wait_timeout": 1.5,
        "account": "shop",
        "provider": None,
    }
    assert problems(own, accounts={"shop": {"provider": "plivo_groups", "timeout": 5, "validate_certs": False}}) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"numbers": ["+14155550100"]},
        {"application": "A"},
        {"country": "US"},
        {"country": "US", "count": 3, "application": "A", "max_monthly_total": "1", "currency": "USD", "wait": True},
        {"prefix": "415", "country": "US", "count": 1, "exclude": ["+14155550101"], "allow_partial": True},
    ],
)
def test_one_word_retires_whatever_pool(keys):
    """What else the pool says is kept, and needs no change."""
    assert problems({"name": "gone", "provider": "plivo_groups", "state": "retired", **keys}) == []


def test_a_retired_pool_says_what_tells_its_numbers():
    bare = {"name": "gone", "provider": "plivo_groups", "state": "retired"}
    assert problems(bare) == [
        "pool gone: a retired pool needs what tells its numbers: numbers, an application, or a selector."
    ]
    assert problems({**bare, "numbers": ["+14155550100"], "country": "US"}) == [
        "pool gone: country goes with a count, not with numbers."
    ]


def test_a_provider_that_takes_nothing_back_retires_nothing():
    assert "no call that gives a number back" in problems({**GONE, "provider": "sinch_portal"})[0]


@pytest.mark.parametrize("plan", [None, "x", {"name": "us"}, 1])
def test_a_plan_is_a_list(plan):
    assert mistakes(plan) == ["plan: must be a list of pools."]


# -- accounts and limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "problem"),
    [
        ([], "accounts: must be a mapping"),
        ({"a": None}, "account a: must be a mapping."),
        ({"a": {"provider": "acme"}}, "account a: value of provider must be one of"),
        (
            {"a": {"provider": "plivo_groups", "pasword": "s3cret"}},
            "account a: unknown key pasword, 'password' is near it",
        ),
        ({"a": {"provider": "plivo_groups", "timeout": "s3cret"}}, "account a: timeout must be a number."),
        (
            {"a": {"provider": "plivo_groups", "validate_certs": "s3cret"}},
            "account a: validate_certs must be true or false.",
        ),
    ],
)
def test_a_mistake_in_an_account_names_it_and_shows_no_value(accounts, problem):
    (said,) = problems(accounts=accounts)
    assert said.startswith(problem)
    assert "s3cret" not in said or "validate_certs" in said  # a boolean that is none is shown


def test_one_account_has_one_name():
    same = {"provider": "plivo_groups", "account_id": "MA1"}
    assert problems(accounts={"a": same, "b": {**same, "timeout": 5}})[0].startswith(
        "accounts a and b: are the same account"
    )
    assert problems(accounts={"a": same, "b": {"provider": "plivo_groups", "auth_id": "MA1"}})[0].startswith(
        "accounts a and b: are the same account"
    )
    assert (
        problems(
            accounts={"a": same, "b": {**same, "account_id": "MA2"}, "c": {**same, "api_url": "http://localhost:1"}}
        )
        == []
    )


def test_the_account_of_the_environment_has_one_name_too():
    accounts = {"acme": {"provider": "plivo_groups", "account_currency": "USD"}}
    other = {**US, "name": "se", "country": "SE", "provider": None, "account": "acme"}
    assert problems(US, other, accounts=accounts) == [
        "accounts acme and plivo_groups: are the same account; pools of one account need one name for it."
    ]
    assert problems(other, accounts=accounts) == []


def test_an_account_may_have_the_name_of_its_provider():
    assert problems(US, accounts={"plivo_groups": {"provider": "plivo_groups", "account_currency": "USD"}}) == []
    assert (
        problems(US, accounts={"plivo_groups": {"provider": "infobip_sms"}})[0]
        == "pool us: provider is plivo_groups, but account plivo_groups is one of infobip_sms."
    )


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ("10 EUR", "limits: must be a mapping of currencies"),
        ({"EURO": {}}, "limits EURO: currency 'EURO' is not an ISO 4217 currency code"),
        ({"": {"max_monthly_total": "1"}}, "limits '': needs the ISO 4217 code of its currency, like EUR."),
        ({"EUR": "10"}, "limits EUR: must be a mapping."),
        ({"EUR": {"max_monthly_total": 10.5}}, "limits EUR: max_monthly_total must be a decimal amount"),
        ({"EUR": {"max_setup_total": "1"}}, "limits EUR: unknown key max_setup_total"),
        ({"EUR": {"max_monthly_total": "1"}, "eur": {"max_monthly_total": "9"}}, "limits eur: EUR has limits already."),
    ],
)
def test_a_mistake_in_the_limits_names_the_currency(limits, problem):
    assert [line[: len(problem)] for line in problems(limits=limits)] == [problem]


def test_an_application_is_wanted_for_what_its_kind_serves():
    """A trunk answers calls alone, so no link for messages is missing; what an id leaves open is a mistake."""
    trunk = "TK00000000000000000000000000000001"
    (pool,) = _plan.read([{**US, "provider": "twilio", "application": trunk}]).pools
    assert normal(pool)["links"] == {"voice": trunk}
    said = problems({**US, "provider": "twilio", "application": "XY1"})
    assert any("set application_kind to one of" in line for line in said), said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"count": "six"}, "pool us: count must be a whole number, not 'six'."),
        ({"labels": "x"}, "pool us: labels must be a mapping, not 'x'."),
        ({"wait": "maybe"}, "pool us: wait must be true or false, not 'maybe'."),
        ({"wait_timeout": "long"}, "pool us: wait_timeout must be a number, not 'long'."),
        ({"capabilities": 7}, "pool us: capabilities '7' unknown: use mms, sms, voice."),
        ({"country": "UK"}, "pool us: country 'UK' is not an ISO 3166-1 alpha-2 code"),
        ({"capabilties": ["voice"]}, "pool us: unknown key capabilties, 'capabilities' is near it; there are"),
    ],
)
def test_a_mistake_is_said_in_words(keys, said):
    (problem,) = problems({**US, **keys})
    assert problem.startswith(said), problem


def test_a_number_without_quotes_is_the_only_mistake_it_makes():
    bare = {"name": "us", "provider": "plivo_groups", "numbers": [14155550100]}
    (problem,) = problems(bare)
    assert "numbers" in problem and "quote it" in problem


def test_without_a_library_the_plan_is_not_blamed(monkeypatch):
    monkeypatch.setattr(_module, "_LIBRARIES", (("requests", "no module"),))
    raw = {"plan": [US], "accounts": {}}
    params = ArgumentSpecValidator(TASK.argument_spec).validate(raw).validated_parameters
    result = TASK.execute(params, raw, {}, True, False, Secrets())
    assert result["msg"].startswith("Failed to import the required Python library (requests)")
    assert "mistake" not in result["msg"] and result["failure"]["code"] == "unsupported"
