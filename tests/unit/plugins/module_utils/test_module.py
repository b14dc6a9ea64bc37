# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Ansible meets the rest: arguments as they came, and failures that are found before anything is sent."""

from __future__ import annotations

import importlib
import json

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import CODES, Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import MASK, Secrets
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Result, check_filters, check_keys
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from ansible_collections.telco.numbers.plugins.module_utils._tasks.options import BOUNDS, COMMON, Common
from ansible_collections.telco.numbers.plugins.module_utils._tasks.task import Arguments, Task

MODULES = [
    "account_info",
    "application_info",
    "available_number_info",
    "number_info",
    "number_purchase",
    "number_assignment",
    "number_configuration",
    "number_release",
]
NUMBER = "+14155550100"
# Nothing listens there: whatever sends a request ends in connection_failed.
NOWHERE = {"api_url": "http://127.0.0.1:1", "retries": 0, "deadline": 5.0, "settle_time": 0.0}
LOGIN = {
    "plivo_groups": {"account_id": "MA1", "password": "s3cret-token"},
    "infobip_sms": {"api_key": "s3cret-key"},
    "sinch_catalog": {"account_id": "42", "token": "s3cret-token"},
    "sinch_portal": {"username": "me@example.com", "password": "s3cret-word"},
}


def task(name):
    return importlib.import_module(f"ansible_collections.telco.numbers.plugins.module_utils._tasks.{name}").TASK


@pytest.fixture
def run(tmp_path):
    """Run a module with arguments as a task gives them; they are taken for validated."""

    def execute(module, provider, check=False, diff=False, **given):
        kind = task(module)
        raw = {"provider": provider, **LOGIN[provider], **NOWHERE, "journal": str(tmp_path / "journal"), **given}
        params = {option: raw.get(option, spec.get("default")) for option, spec in kind.argument_spec.items()}
        secrets = Secrets()
        result = kind.execute(params, raw, {}, check, diff, secrets)
        text = json.dumps(result)
        assert secrets.mask(text) == text, "a secret is shown"
        return result

    return execute


@pytest.mark.parametrize("name", MODULES)
def test_every_module_takes_the_shared_options(name):
    spec = task(name).argument_spec
    assert {option: spec[option] for option in COMMON} == dict(COMMON)


@pytest.mark.parametrize("name", MODULES)
def test_every_secret_is_declared_so(name):
    spec = task(name).argument_spec
    hidden = {option for option in spec if spec[option].get("no_log")}
    assert hidden - {"regulatory"} == {"password", "api_key", "api_secret", "token"}
    assert ("regulatory" in hidden) == ("regulatory" in spec)  # personal data


# -- arguments ---------------------------------------------------------------------------------------------------------


def arguments(**raw):
    return Arguments(raw, raw, Common(raw, {}))


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ([NUMBER], (NUMBER,)),
        (NUMBER, (NUMBER,)),
        ("+14155550100, +1 415 555 0101", (NUMBER, "+14155550101")),
        ([NUMBER, "+1 415 555-0100", {"number": NUMBER}], (NUMBER,)),
        ([{"number": NUMBER, "provider": "plivo_groups"}], (NUMBER,)),
        ({"number": NUMBER}, (NUMBER,)),
        (["+14155550101", NUMBER], ("+14155550101", NUMBER)),
        ([], ()),
        (None, None),
    ],
)
def test_numbers_are_read_each_once_and_in_order(value, numbers):
    assert arguments(numbers=value).numbers("numbers") == numbers


def test_numbers_that_were_not_given_are_none():
    assert arguments().numbers("numbers") is None


@pytest.mark.parametrize("value", [14155550100, [14155550100], [NUMBER, 14155550101], True, [1.5]])
def test_an_integer_among_the_numbers_is_told_to_quote_it(value, refused):
    with refused("invalid_option") as refusal:
        arguments(numbers=value).numbers("numbers")
    assert "quote it" in str(refusal)


@pytest.mark.parametrize("value", [[[NUMBER]], [None], [{}], [""], ["+1415555010O"]])
def test_what_is_no_number_is_refused(value, refused):
    with refused("invalid_option"):
        arguments(numbers=value).numbers("numbers")


def test_an_explicit_null_differs_from_an_omitted_option_and_empty_text_is_no_value():
    given_options = arguments(friendly_name=None, city="")
    assert given_options.given("friendly_name")
    assert not given_options.given("sub_account")
    assert given_options["friendly_name"] is None
    assert given_options["city"] is None


# -- a task ------------------------------------------------------------------------------------------------------------


def test_a_result_shows_what_changed_and_a_diff_on_request():
    done = Task({}, lambda context, given_options: Result(True, {"numbers": []}, ["a"], ["b"]))
    params = {"provider": "plivo_groups", **LOGIN["plivo_groups"]}
    assert done.execute(params, params, {}, False, False, Secrets()) == {"changed": True, "numbers": [], "warnings": []}
    assert done.execute(params, params, {}, False, True, Secrets())["diff"] == {"before": ["a"], "after": ["b"]}


def test_a_failure_shows_its_code_and_no_secret():
    def fail(context, given_options):
        context.warnings.append("used s3cret-token")
        raise Failure("conflict", "The s3cret-token is odd: change it.")

    params = {"provider": "plivo_groups", **LOGIN["plivo_groups"]}
    result = Task({}, fail).execute(params, params, {}, False, False, Secrets())
    assert (result["failed"], result["changed"], result["failure"]["code"]) == (True, False, "conflict")
    assert result["msg"] == "The ******** is odd: change it."
    assert "s3cret" not in json.dumps(result)


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        *(
            (secret, None)
            for secret in (
                "none-of-it",
                "0.25",
                "True",
                "None",
                "numbers",
                "changed",
                "failed",
                "invocation",
                "sinch_portal",
                "2026",
            )
        ),
        ("Rome", [MASK + ", Zürich", 'say "no"', "back\\slash"]),
        ('say "no"', ["Rome, Zürich", MASK, "back\\slash"]),
        ("back\\slash", ["Rome, Zürich", 'say "no"', MASK]),
        ("Zürich", [f"Rome, {MASK}", 'say "no"', "back\\slash"]),
    ],
)
def test_a_result_hides_secrets_and_nothing_else(secret, shown):
    """Neither keys nor numbers, amounts, words of ours or whether something changed."""
    texts = ["Rome, Zürich", 'say "no"', "back\\slash"]
    facts = {
        "numbers": [
            {
                "stock": 15,
                "price": 0.25,
                "monthly_price": "0.25",
                "bound": True,
                "region": None,
                "provider": "sinch_portal",
                "code": "failed",
            }
        ]
    }
    given = {"provider": "plivo_groups", **LOGIN["plivo_groups"], "password": secret}
    done = Task({}, lambda context, given_options: Result(True, {**facts, "texts": texts}))
    expected = {"changed": True, **facts, "texts": shown or texts}
    assert done.execute(given, given, {}, False, False, Secrets()) == {**expected, "warnings": []}
    answer = done.answer("number_info", given, {}, False, False)
    assert answer.pop("invocation")["module_args"]["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert answer == expected


@pytest.mark.parametrize("secret", ["a", "ail", "US", "sms", "50", "   ", "abc "])
@pytest.mark.parametrize("provider", sorted(LOGIN))
def test_a_credential_too_short_to_be_hidden_is_refused(provider, secret):
    option = next(option for option in ("password", "api_key", "token") if option in LOGIN[provider])
    result = task("number_info").answer(
        "number_info", {"provider": provider, **LOGIN[provider], **NOWHERE, option: secret}, {}, False, False
    )
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
    assert result["msg"].startswith(f"{option} has only ") and "cannot be hidden" in result["msg"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("provider", sorted(LOGIN))
def test_a_credential_that_ends_with_a_line_break_is_named(run, provider, line_break):
    """As a block of YAML or a vaulted file ends."""
    for option, value in LOGIN[provider].items():
        result = run("number_info", provider, **{option: value + line_break})
        assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
        assert result["msg"].startswith(f"{option} ends with a line break: remove it")
        result = run("number_info", provider, **{option: value[:1] + line_break + value[1:]})
        assert result["msg"].startswith(f"{option} holds a line break")


def test_a_line_break_in_a_variable_names_the_variable():
    params = {"provider": "plivo_groups", "account_id": "MA1"}
    result = task("number_info").execute(
        params, params, {"PLIVO_AUTH_TOKEN": "s3cret-token\n"}, False, False, Secrets()
    )
    assert result["msg"].startswith("password (environment PLIVO_AUTH_TOKEN) ends with a line break")


def test_a_secret_is_masked_before_a_message_is_cut():
    def fail(context, given_options):
        raise Ambiguous("x" * 990 + " s3cret-token\n and more" * 9, provider_message="y" * 995 + "s3cret-token")

    params = {"provider": "plivo_groups", **LOGIN["plivo_groups"]}
    result = Task({}, fail).execute(params, params, {}, False, False, Secrets())
    assert "s3" not in json.dumps(result) and len(result["msg"]) <= 1002 and len(result["failure"]["message"]) <= 1002


BOUNDED = [
    ("number_info", option) for option in ("timeout", "deadline", "settle_time", "retries", "concurrency", "rate")
]
BOUNDED += [("number_purchase", option) for option in ("count", "search_limit", "wait_timeout")] + [
    ("available_number_info", option) for option in ("limit", "search_limit")
]


@pytest.mark.parametrize("value", [1e10, 1e308, 10**12, 10**30, float("nan"), -1], ids=repr)
@pytest.mark.parametrize(("module", "option"), BOUNDED)
def test_a_quantity_or_time_has_bounds_that_a_refusal_names(module, option, value, tmp_path):
    most = BOUNDS[option][1]
    busy = {"country": "SE", "count": 1} if module == "number_purchase" else {}
    given = {
        "provider": "infobip_sms",
        **LOGIN["infobip_sms"],
        **NOWHERE,
        "journal": str(tmp_path / "journal"),
        **busy,
        option: value,
    }
    answer = task(module).answer(module, given, {}, True, False)
    assert answer["failed"] is True and answer["failure"]["code"] == "invalid_option" and option in answer["msg"], (
        answer["msg"]
    )
    integer = COMMON.get(option, {"type": "int"})["type"] == "int" and option != "wait_timeout"
    assert integer and isinstance(value, float) or value == -1 or f"{most:.10g}" in answer["msg"], answer["msg"]
    known = COMMON.get(option)
    if known:
        text = task(module).answer(
            module,
            {key: kept for key, kept in given.items() if key != option},
            {f"TELCO_NUMBERS_{option.upper()}": str(value)},
            True,
            False,
        )
        assert (
            text["failed"] is True
            and text["failure"]["code"] == "invalid_option"
            and option.upper() in text["msg"].upper()
        )


@pytest.mark.parametrize(("module", "option"), BOUNDED)
def test_the_bounds_themselves_are_taken(module, option, tmp_path):
    for value in BOUNDS[option][:2]:
        busy = {"country": "SE", "count": 1} if module == "number_purchase" else {}
        quick = {"deadline": 0.5} if option != "deadline" else {}
        value = int(value) if value == int(value) and "time" not in option else value
        given = {
            "provider": "infobip_sms",
            **LOGIN["infobip_sms"],
            **NOWHERE,
            "journal": str(tmp_path / "journal"),
            **busy,
            **quick,
            option: value,
        }
        answer = task(module).answer(module, given, {}, True, False)
        assert answer["failure"]["code"] in ("connection_failed", "deadline_exceeded"), answer["msg"]


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), "inf", "-Infinity"], ids=repr)
@pytest.mark.parametrize("option", ["retries", "concurrency", "deadline", "rate"])
def test_what_is_no_number_is_refused_in_one_line(option, value):
    answer = task("number_info").answer(
        "number_info", {"provider": "plivo_groups", **LOGIN["plivo_groups"], option: value}, {}, False, False
    )
    assert answer["failed"] is True and answer["failure"]["code"] == "invalid_option"
    assert option in answer["msg"] and "\n" not in answer["msg"]


def test_the_lock_and_the_journal_belong_to_provider_address_and_account(tmp_path):
    def lock(context, given_options):
        with context.exclusive():
            return Result()

    def files(**given):
        params = {"journal": str(tmp_path / "journal"), **given}
        before = set((tmp_path / "journal").glob("*.lock"))
        Task({}, lock).execute(params, params, {}, False, False, Secrets())
        return len(set((tmp_path / "journal").glob("*.lock")) - before)

    one = {"provider": "plivo_groups", "account_id": "MA1", "password": "xxxx"}
    assert files(**one) == 1
    assert files(**{**one, "password": "yyyy", "timeout": 3.0}) == 0
    assert files(**{**one, "api_url": "https://api.plivo.com:443/"}) == 0
    assert files(**{**one, "account_id": "MA2"}) == 1
    assert files(**{**one, "api_url": "https://other.example.com"}) == 1
    assert files(provider="sinch_catalog", account_id="MA1") == 1


BAD = [
    pytest.param(
        "number_purchase", "plivo_groups", {"numbers": [14155550100]}, "invalid_option", id="a number as an integer"
    ),
    pytest.param("number_purchase", "plivo_groups", {"count": 0, "country": "US"}, "invalid_option", id="count 0"),
    pytest.param("number_purchase", "plivo_groups", {"count": -1, "country": "US"}, "invalid_option", id="count -1"),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "city": "Oslo"},
        "unsupported",
        id="a key that owned records cannot show",
    ),
    pytest.param(
        "number_purchase",
        "plivo_groups",
        {"count": 1, "country": "US", "region": "CA"},
        "unsupported",
        id="a region code that owned records cannot show",
    ),
    pytest.param("number_purchase", "plivo_groups", {"count": 1, "country": "usa"}, "invalid_option", id="country usa"),
    pytest.param(
        "number_purchase", "infobip_sms", {"count": 1, "capabilities": ["fax"]}, "invalid_option", id="capability fax"
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "application": "a"},
        "unsupported",
        id="an application where there is none",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"numbers": [NUMBER], "default_application": "a"},
        "unsupported",
        id="a default application where there is none",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "max_monthly_price": "1"},
        "invalid_option",
        id="a limit without a currency",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "max_monthly_price": 1.5, "currency": "EUR"},
        "invalid_option",
        id="a limit as a float",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "max_setup_total": "NaN", "currency": "EUR"},
        "invalid_option",
        id="a limit that is not a number",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "max_due_now_total": "-1", "currency": "EUR"},
        "invalid_option",
        id="a negative limit",
    ),
    pytest.param(
        "number_purchase",
        "infobip_sms",
        {"count": 1, "currency": "EURO"},
        "invalid_option",
        id="a currency of four letters",
    ),
    pytest.param(
        "number_purchase",
        "plivo_groups",
        {"count": 1, "country": "US", "journal": "none"},
        "journal_required",
        id="unlistable orders without a journal",
    ),
    pytest.param(
        "number_release", "sinch_portal", {"numbers": [NUMBER]}, "unsupported", id="release where there is none"
    ),
    pytest.param(
        "number_configuration",
        "sinch_portal",
        {"numbers": [NUMBER], "friendly_name": "x"},
        "unsupported",
        id="configuration where there is none",
    ),
    pytest.param(
        "number_configuration",
        "infobip_sms",
        {"numbers": [NUMBER], "friendly_name": "x"},
        "unsupported",
        id="configuration where there is none either",
    ),
    pytest.param(
        "number_configuration",
        "plivo_groups",
        {"numbers": [NUMBER], "voice_url": "https://x"},
        "unsupported",
        id="a setting that is not offered",
    ),
    pytest.param(
        "number_assignment",
        "infobip_sms",
        {"numbers": [NUMBER], "application": "a"},
        "unsupported",
        id="assignment where there is none",
    ),
    pytest.param(
        "number_assignment",
        "plivo_groups",
        {"numbers": [NUMBER], "application": ""},
        "invalid_option",
        id="no application",
    ),
    pytest.param(
        "number_assignment",
        "sinch_catalog",
        {"numbers": [], "application": "a", "exclusive": True, "capability": "voice"},
        "invalid_option",
        id="exclusive of nothing",
    ),
    pytest.param(
        "available_number_info", "plivo_groups", {}, "invalid_option", id="a search without the country it needs"
    ),
    pytest.param(
        "available_number_info",
        "plivo_groups",
        {"country": "US", "filters": {"colour": "red"}},
        "invalid_option",
        id="an unknown filter",
    ),
    pytest.param("available_number_info", "infobip_sms", {"limit": 0}, "invalid_option", id="limit 0"),
    pytest.param(
        "available_number_info", "sinch_portal", {"type": "local"}, "unsupported", id="a key that offers cannot show"
    ),
    pytest.param("number_info", "infobip_sms", {"city": "Oslo"}, "unsupported", id="a key that numbers cannot show"),
    pytest.param("number_info", "plivo_groups", {"timeout": -1.0}, "invalid_option", id="a negative time-out"),
    pytest.param(
        "number_info",
        "plivo_groups",
        {"deadline": float("nan")},
        "invalid_option",
        id="a deadline that is not a number",
    ),
    pytest.param(
        "number_info", "plivo_groups", {"account_id": ".."}, "invalid_option", id="an account that changes the path"
    ),
    pytest.param(
        "number_info", "plivo_groups", {"account_id": "MA1\udcff"}, "invalid_option", id="an account that is no text"
    ),
    pytest.param(
        "number_info", "plivo_groups", {"password": "x\udcff"}, "invalid_option", id="a password that is no text"
    ),
    pytest.param("number_info", "infobip_sms", {"api_key": "x\ny"}, "invalid_option", id="a key with a line break"),
    pytest.param(
        "number_release",
        "plivo_groups",
        {"numbers": ["s3cret-token"]},
        "invalid_option",
        id="a secret in the wrong place",
    ),
    pytest.param(
        "available_number_info",
        "plivo_groups",
        {"country": "US", "region": "\udcff"},
        "invalid_option",
        id="a region that is no text",
    ),
]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize(("module", "provider", "given", "code"), BAD)
def test_what_can_be_known_before_any_request_is_refused_before_it(run, module, provider, given, code, check):
    result = run(module, provider, check=check, **given)
    assert result["failed"] is True
    assert result["failure"]["code"] == code, result["msg"]
    assert result["changed"] is False
    assert result["failure"]["completed"] == {}
    assert "\n" not in result["msg"]


NO_OPS = [
    *(("number_purchase", provider, {"numbers": []}) for provider in LOGIN),
    *(("number_info", provider, {"numbers": []}) for provider in LOGIN),
    *(("number_release", provider, {"numbers": []}) for provider in ("plivo_groups", "infobip_sms", "sinch_catalog")),
    *(
        ("number_configuration", provider, {"numbers": [], "friendly_name": "x"})
        for provider in ("plivo_groups", "sinch_catalog")
    ),
    *(
        ("number_assignment", provider, {"numbers": [], "application": "a"})
        for provider in ("plivo_groups", "sinch_catalog", "sinch_portal")
    ),
]


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize(("module", "provider", "given"), NO_OPS)
def test_an_empty_list_is_a_no_op_that_asks_nobody(run, module, provider, given, check):
    result = run(module, provider, check=check, diff=True, **given)
    assert "failed" not in result, result
    assert (result["changed"], result["numbers"]) == (False, [])


@pytest.mark.parametrize("provider", sorted(LOGIN))
@pytest.mark.parametrize("module", ["account_info", "number_info"])
def test_a_provider_that_cannot_be_reached_is_told_with_its_address(run, module, provider):
    result = run(module, provider)
    assert result["failure"]["code"] == "connection_failed"
    assert result["failure"]["retryable"] is True
    assert "127.0.0.1:1" in result["msg"]


def test_a_library_that_a_provider_needs_alone_is_named_with_it(run, monkeypatch):
    monkeypatch.setattr(load("plivo_groups"), "libraries", ("a_library_of_nobody",))
    result = run("number_info", "plivo_groups")
    assert result["failure"]["code"] == "unsupported"
    assert "a_library_of_nobody" in result["msg"] and "plivo_groups" in result["msg"]
    assert run("number_info", "infobip_sms")["failure"]["code"] == "connection_failed"


def test_each_request_is_shown_to_who_asks(tmp_path):
    lines = []
    given = {"provider": "plivo_groups", **LOGIN["plivo_groups"], **NOWHERE, "retries": 1}
    result = task("number_info").answer("number_info", given, {}, False, False, lines.append)
    assert result["failure"]["code"] == "connection_failed"
    assert len(lines) == 2 and all("GET http://127.0.0.1:1/" in line and "no answer after" in line for line in lines)


def test_check_mode_writes_nothing(run, tmp_path):
    run("number_purchase", "plivo_groups", check=True, count=1, country="US")
    assert list(tmp_path.iterdir()) == []


def test_every_code_of_these_tests_is_of_the_closed_list():
    assert {parameters.values[3] for parameters in BAD} <= set(CODES)


# -- what a provider does not know -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filters", [{"colour": 1}, {"limit": 1, "colour": 1}, {"limit": {}}, {"limit": [1]}, {"limit": float("nan")}]
)
def test_an_unknown_or_unplain_filter_is_refused(filters, refused):
    with refused("invalid_option"):
        check_filters(filters, ["limit"], "plivo_groups")


@pytest.mark.parametrize("filters", [{}, {"limit": 1}, {"limit": "1"}, {"limit": True}])
def test_a_documented_filter_passes(filters):
    assert check_filters(filters, ["limit"], "plivo_groups") is None


def test_a_key_that_cannot_be_decided_is_refused_with_those_that_can(refused):
    with refused("unsupported") as refusal:
        check_keys(["country", "city"], ["country", "type"], "plivo_groups", "owned numbers")
    assert "city" in str(refusal)
    assert "country, type" in str(refusal)
    assert check_keys(["country"], ["country", "type"], "plivo_groups", "owned numbers") is None


# -- what is empty -----------------------------------------------------------------------------------------------------

# Something to do for each module; nothing of it is sent.
BUSY = {
    "account_info": {},
    "application_info": {},
    "available_number_info": {"country": "SE"},
    "number_info": {},
    "number_purchase": {"numbers": [NUMBER]},
    "number_assignment": {"numbers": [NUMBER], "application": "a"},
    "number_configuration": {"numbers": [NUMBER], "friendly_name": "x"},
    "number_release": {"numbers": [NUMBER]},
}


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("module", MODULES)
def test_an_empty_option_is_an_omitted_one(module, empty, tmp_path):
    """AWX renders unset fields empty, whatever their type. An empty setting is no unset one: it clears."""
    given = {
        "provider": "plivo_groups",
        **LOGIN["plivo_groups"],
        **NOWHERE,
        "journal": str(tmp_path / "journal"),
        **BUSY[module],
    }
    spec = task(module).argument_spec
    settings = importlib.import_module(
        "ansible_collections.telco.numbers.plugins.module_utils._tasks.number_configuration"
    ).SETTINGS
    optional = [
        name for name, entry in spec.items() if not entry.get("required") and name not in given and name not in settings
    ]
    answer = task(module).answer(module, given, {}, False, False)
    assert optional and answer["failure"]["code"] != "invalid_option", answer
    for option in optional:
        with_empty = task(module).answer(module, {**given, option: empty}, {}, False, False)
        assert with_empty["msg"] == answer["msg"], (option, with_empty["msg"])


def test_empty_numbers_leave_the_count():
    """They are neither a list without numbers, of which there is nothing to buy, nor given beside the count."""
    given = {
        "provider": "infobip_sms",
        **LOGIN["infobip_sms"],
        **NOWHERE,
        "journal": "none",
        "numbers": "",
        "country": "SE",
        "count": 1,
    }
    answer = task("number_purchase").answer("number_purchase", given, {}, False, False)
    assert answer["failure"]["code"] == "connection_failed"
