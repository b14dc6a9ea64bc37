# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an option comes from, and what is refused before anything is sent."""

from __future__ import annotations

import itertools
import os

import pytest
from ansible_collections.telco.numbers.plugins.module_utils import _providers
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._tasks.options import Common


def options(name, params=None, env=None, secrets=None):
    kind = _providers.load(name)
    return Common(params or {}, env or {}).for_provider(name, kind.access, secrets or Secrets())


def credentials(name, params=None, env=None):
    return dict(options(name, params, env).credentials)


COMPLETE = {
    "plivo_groups": {"account_id": "MA1", "password": "t0ken"},
    "infobip_sms": {"api_key": "k3y"},
    "sinch_catalog": {"account_id": "42"},
    "sinch_portal": {"username": "me@example.com", "password": "pa55"},
    "telnyx": {"api_key": "KEY01"},
    "bandwidth": {"account_id": "5550001", "username": "user", "password": "pa55"},
    "twilio": {"account_id": "AC00000000000000000000000000000001", "password": "t0ken"},
}
EACH = sorted(COMPLETE)


# -- credentials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EACH)
def test_options_alone_are_enough(name):
    assert credentials(name, COMPLETE[name]) == COMPLETE[name]


VENDOR = {
    "plivo_groups": {"account_id": "PLIVO_AUTH_ID", "password": "PLIVO_AUTH_TOKEN"},
    "infobip_sms": {"api_key": "INFOBIP_API_KEY"},
    "sinch_catalog": {"account_id": "SINCH_ACCOUNT_ID"},
    "sinch_portal": {"username": "SINCH_USERNAME", "password": "SINCH_PASSWORD"},
    "telnyx": {"api_key": "TELNYX_API_KEY"},
    "bandwidth": {"account_id": "BW_ACCOUNT_ID", "username": "BW_USERNAME", "password": "BW_PASSWORD"},
    "twilio": {"account_id": "TWILIO_ACCOUNT_SID", "password": "TWILIO_AUTH_TOKEN"},
}


def own(name, option):
    return f"TELCO_NUMBERS_{name}_{option}".upper()


@pytest.mark.parametrize("name", EACH)
def test_the_vendor_s_variables_are_enough(name):
    assert (
        credentials(name, {}, {VENDOR[name][option]: value for option, value in COMPLETE[name].items()})
        == COMPLETE[name]
    )


@pytest.mark.parametrize("name", EACH)
def test_the_collection_s_variables_are_enough(name):
    assert (
        credentials(name, {}, {own(name, option): value for option, value in COMPLETE[name].items()}) == COMPLETE[name]
    )


@pytest.mark.parametrize("name", EACH)
def test_the_vendor_s_variables_come_first_unless_they_are_empty(name):
    ours = {own(name, option): value for option, value in COMPLETE[name].items()}
    theirs = {VENDOR[name][option]: "vendor" for option in COMPLETE[name]}
    assert credentials(name, {}, {**ours, **theirs}) == dict.fromkeys(COMPLETE[name], "vendor")
    assert credentials(name, {}, {**ours, **dict.fromkeys(theirs, "")}) == COMPLETE[name]


@pytest.mark.parametrize("name", EACH)
def test_an_option_comes_before_its_variables(name):
    env = {VENDOR[name][option]: "vendor" for option in COMPLETE[name]}
    assert credentials(name, COMPLETE[name], env) == COMPLETE[name]


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("name", EACH)
def test_an_empty_option_is_unset(name, empty):
    env = {VENDOR[name][option]: value for option, value in COMPLETE[name].items()}
    assert credentials(name, dict.fromkeys(COMPLETE[name], empty), env) == COMPLETE[name]


@pytest.mark.parametrize("name", EACH)
def test_the_variables_of_other_providers_and_general_ones_are_not_looked_at(name, refused):
    env = {VENDOR[other][option]: "x" for other in EACH if other != name for option in VENDOR[other]}
    env.update({own(other, option): "x" for other in EACH if other != name for option in COMPLETE[other]})
    env.update(
        {
            f"TELCO_NUMBERS_{option}".upper(): "x"
            for option in ("account_id", "username", "password", "api_key", "api_secret", "token")
        }
    )
    with refused("invalid_option"):
        credentials(name, {}, env)


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in EACH for option in COMPLETE[name]])
def test_a_missing_option_is_named_with_its_variables_and_its_provider(name, option, refused):
    given_options = {key: value for key, value in COMPLETE[name].items() if key != option}
    with refused("invalid_option") as refusal:
        credentials(name, given_options)
    for word in (name, option, VENDOR[name][option], own(name, option)):
        assert word in str(refusal)
    for other in given_options:
        assert VENDOR[name][other] not in str(refusal)


def test_everything_that_is_missing_is_named_at_once_with_its_aliases(refused):
    with refused("invalid_option") as refusal:
        credentials("plivo_groups")
    for word in ("account_id", "auth_id", "PLIVO_AUTH_ID", "password", "auth_token", "PLIVO_AUTH_TOKEN"):
        assert word in str(refusal)


KEY = {"INFOBIP_API_KEY": "env-key"}
LOGIN = {"INFOBIP_USERNAME": "env-user", "INFOBIP_PASSWORD": "env-pass"}
CATALOG = {"SINCH_KEY_ID": "env-id", "SINCH_KEY_SECRET": "env-secret"}
TOKEN = {"SINCH_TOKEN": "env-token"}


@pytest.mark.parametrize(
    ("name", "params", "env", "used"),
    [
        ("infobip_sms", {"api_key": "k"}, LOGIN, {"api_key": "k"}),
        ("infobip_sms", {"username": "u", "password": "p"}, KEY, {"username": "u", "password": "p"}),
        ("infobip_sms", {"username": "u"}, {**KEY, **LOGIN}, {"username": "u", "password": "env-pass"}),
        ("infobip_sms", {"password": "p"}, {**KEY, **LOGIN}, {"username": "env-user", "password": "p"}),
        ("infobip_sms", {}, {**KEY, **LOGIN}, {"api_key": "env-key"}),
        ("infobip_sms", {}, LOGIN, {"username": "env-user", "password": "env-pass"}),
        (
            "infobip_sms",
            {"account_id": "a"},
            LOGIN,
            {"account_id": "a", "username": "env-user", "password": "env-pass"},
        ),
        ("sinch_catalog", {"account_id": "1", "token": "t"}, CATALOG, {"account_id": "1", "token": "t"}),
        (
            "sinch_catalog",
            {"account_id": "1", "api_key": "i", "api_secret": "s"},
            TOKEN,
            {"account_id": "1", "api_key": "i", "api_secret": "s"},
        ),
        (
            "sinch_catalog",
            {"account_id": "1", "api_key": "i"},
            {**CATALOG, **TOKEN},
            {"account_id": "1", "api_key": "i", "api_secret": "env-secret"},
        ),
        (
            "sinch_catalog",
            {"token": "t"},
            {"SINCH_ACCOUNT_ID": "env-account"},
            {"account_id": "env-account", "token": "t"},
        ),
        (
            "sinch_catalog",
            {"account_id": "1"},
            CATALOG,
            {"account_id": "1", "api_key": "env-id", "api_secret": "env-secret"},
        ),
        ("sinch_catalog", {"account_id": "1"}, TOKEN, {"account_id": "1", "token": "env-token"}),
        ("sinch_catalog", {"account_id": "1"}, {}, {"account_id": "1"}),
    ],
)
def test_a_credential_in_the_task_makes_the_variables_of_other_methods_ignored(name, params, env, used):
    assert credentials(name, params, env) == used


@pytest.mark.parametrize(
    ("name", "params", "env", "named", "silent"),
    [
        ("infobip_sms", {"username": "u"}, KEY, "INFOBIP_PASSWORD", "INFOBIP_API_KEY"),
        ("infobip_sms", {"password": "p"}, KEY, "INFOBIP_USERNAME", "INFOBIP_API_KEY"),
        ("infobip_sms", {}, {"INFOBIP_USERNAME": "u"}, "INFOBIP_PASSWORD", "INFOBIP_API_KEY"),
        ("sinch_catalog", {"account_id": "1", "api_key": "i"}, TOKEN, "SINCH_KEY_SECRET", "SINCH_TOKEN"),
        ("sinch_catalog", {"account_id": "1", "api_secret": "s"}, {}, "SINCH_KEY_ID", "SINCH_TOKEN"),
        ("sinch_catalog", {"account_id": "1"}, {"SINCH_KEY_ID": "i"}, "SINCH_KEY_SECRET", "SINCH_TOKEN"),
        ("sinch_portal", {"username": "u"}, {}, "SINCH_PASSWORD", "SINCH_USERNAME"),
    ],
)
def test_half_a_method_is_refused(name, params, env, named, silent, refused):
    with refused("invalid_option") as refusal:
        credentials(name, params, env)
    assert named in str(refusal)
    assert silent not in str(refusal)


SECRET_OPTIONS = ("password", "api_key", "api_secret", "token")


def test_every_secret_is_masked_even_one_that_is_not_used():
    secrets = Secrets()
    options(
        "plivo_groups",
        {**COMPLETE["plivo_groups"], **{option: f"s3cret-{option}" for option in SECRET_OPTIONS}},
        {},
        secrets,
    )
    assert all(secrets.mask(f"s3cret-{option}") == "********" for option in SECRET_OPTIONS)


@pytest.mark.parametrize(
    ("name", "env", "value"),
    [
        ("plivo_groups", {"PLIVO_AUTH_ID": "MA1", "PLIVO_AUTH_TOKEN": "s3cret"}, "s3cret"),
        ("infobip_sms", {"INFOBIP_API_KEY": "s3cret"}, "s3cret"),
    ],
)
def test_a_secret_of_the_environment_is_masked(name, env, value):
    secrets = Secrets()
    options(name, {}, env, secrets)
    assert secrets.mask(f"x {value} x") == "x ******** x"


def test_a_refusal_shows_no_secret(refused):
    with refused("invalid_option") as refusal:
        credentials("plivo_groups", {"password": "s3cret"})
    assert "s3cret" not in str(refusal)


# -- address -----------------------------------------------------------------------------------------------------------


def address(name, value=None, env=None):
    return options(name, {**COMPLETE[name], "api_url": value}, env).api_url


@pytest.mark.parametrize(
    ("value", "url"),
    [
        (None, None),
        ("", None),
        ("https://api.example.com", "https://api.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://example.com/gateway/", "https://example.com/gateway/"),
        ("xyz123.api.infobip.com", "https://xyz123.api.infobip.com"),
        ("localhost:8080", "https://localhost:8080"),
    ],
)
def test_an_address_is_taken_with_or_without_a_scheme(value, url):
    assert address("infobip_sms", value) == url
    assert address("infobip_sms", None, {"INFOBIP_BASE_URL": value or ""}) == url


def test_an_address_comes_from_the_option_then_the_vendor_then_the_collection_s_variable():
    theirs, ours = {"INFOBIP_BASE_URL": "vendor.example.com"}, {"TELCO_NUMBERS_INFOBIP_SMS_API_URL": "ours.example.com"}
    assert address("infobip_sms", "option.example.com", {**theirs, **ours}) == "https://option.example.com"
    assert address("infobip_sms", "", {**theirs, **ours}) == "https://vendor.example.com"
    assert address("infobip_sms", None, {"INFOBIP_BASE_URL": "", **ours}) == "https://ours.example.com"


@pytest.mark.parametrize("variable", ["TELCO_NUMBERS_API_URL", "INFOBIP_BASE_URL", "TELCO_NUMBERS_INFOBIP_SMS_API_URL"])
def test_an_address_of_another_provider_or_a_general_one_is_not_looked_at(variable):
    assert address("plivo_groups", None, {variable: "https://elsewhere.example.com"}) is None


@pytest.mark.parametrize(
    "value",
    [
        "ftp://api.example.com",
        "file:///etc/passwd",
        "javascript://x",
        "https://",
        "https:///path",
        "https://user:s3cret@api.example.com",
        "https://user@api.example.com",
        "https://:s3cret@api.example.com",
        "https://api.example.com?key=s3cret",
        "https://api.example.com/#s3cret",
        "https://api.example.com:port",
        "https://api.example.com:99999",
        "https://api.example.com:0",
        "https://[::1",
        "https://api.example.com/\nHost: x",
        "https://api .example.com",
        "https://api.example.com\\@evil.org",
        " ",
    ],
)
@pytest.mark.parametrize("variable", [None, "INFOBIP_BASE_URL"])
def test_an_address_with_more_than_an_address_is_refused_without_showing_it(value, variable, refused):
    with refused("invalid_option") as refusal:
        address("infobip_sms", None if variable else value, {variable: value} if variable else {})
    assert "api_url" in str(refusal)
    assert "s3cret" not in str(refusal)


# -- the other options -------------------------------------------------------------------------------------------------


def test_the_defaults_are_as_documented():
    common = Common({}, {})
    settings = common.settings()
    assert (settings.timeout, settings.retries, settings.validate_certs, settings.ca_path) == (30, 3, True, None)
    assert common.bounded("deadline", 300.0) == 300


def test_other_options_fall_back_to_the_collection_s_variables(tmp_path):
    env = {
        "TELCO_NUMBERS_TIMEOUT": "2.5",
        "TELCO_NUMBERS_RETRIES": "0",
        "TELCO_NUMBERS_VALIDATE_CERTS": "no",
        "TELCO_NUMBERS_CA_PATH": str(tmp_path),
        "TELCO_NUMBERS_ACCOUNT_CURRENCY": "eur",
        "TELCO_NUMBERS_SESSION_CACHE": str(tmp_path),
    }
    found = options("plivo_groups", COMPLETE["plivo_groups"], env)
    assert (found.settings.timeout, found.settings.retries, found.settings.validate_certs, found.settings.ca_path) == (
        2.5,
        0,
        False,
        str(tmp_path),
    )
    assert (found.account_currency, found.session_cache) == ("EUR", str(tmp_path))


@pytest.mark.parametrize(("option", "value"), [("retries", 0), ("validate_certs", False), ("timeout", 1.0)])
def test_an_option_comes_before_its_variable_even_when_it_is_nought(option, value):
    env = {"TELCO_NUMBERS_RETRIES": "9", "TELCO_NUMBERS_VALIDATE_CERTS": "yes", "TELCO_NUMBERS_TIMEOUT": "9"}
    assert getattr(Common({option: value}, env).settings(), option) == value


@pytest.mark.parametrize("option", ["timeout", "retries", "validate_certs", "settle_time", "deadline"])
def test_an_empty_variable_is_unset(option):
    assert Common({}, {f"TELCO_NUMBERS_{option.upper()}": ""}).get(option, "default") == "default"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("timeout", "soon"),
        ("timeout", "1s"),
        ("deadline", "x"),
        ("retries", "1.5"),
        ("retries", "many"),
        ("validate_certs", "maybe"),
        ("settle_time", "[]"),
    ],
)
def test_a_variable_of_the_wrong_type_is_refused_by_its_name(option, value, refused):
    with refused("invalid_option") as refusal:
        Common({}, {f"TELCO_NUMBERS_{option.upper()}": value}).get(option)
    assert f"TELCO_NUMBERS_{option.upper()}" in str(refusal)


@pytest.mark.parametrize(
    ("value", "source"), list(itertools.product([-1, float("nan"), float("inf"), 0], ["params", "env"]))
)
def test_a_time_out_that_is_no_time_is_refused(value, source, refused):
    common = Common({"timeout": value}, {}) if source == "params" else Common({}, {"TELCO_NUMBERS_TIMEOUT": str(value)})
    with refused("invalid_option") as refusal:
        common.settings()
    assert "timeout" in str(refusal)


@pytest.mark.parametrize("retries", [-1, 101, 10**9])
def test_repetitions_are_bounded(retries, refused):
    with refused("invalid_option"):
        Common({"retries": retries}, {}).settings()


def test_a_ca_path_that_is_not_there_is_refused(tmp_path, refused):
    with refused("invalid_option"):
        Common({"ca_path": str(tmp_path / "none")}, {}).settings()


@pytest.mark.parametrize(("value", "currency"), [("eur", "EUR"), ("USD", "USD"), ("", None), (None, None)])
def test_a_currency_is_three_letters_in_any_case(value, currency):
    assert Common({}, {}).currency("currency", value) == currency


@pytest.mark.parametrize("value", ["EURO", "E", "€", "12A", "EU R", "EUR\n", "ЕUR"])
def test_what_is_no_currency_is_refused(value, refused):
    with refused("invalid_option") as refusal:
        Common({}, {}).currency("account_currency", value)
    assert "account_currency" in str(refusal)


# -- journal -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "directory"),
    [
        ({"HOME": "/home/me"}, "/home/me/.local/state/telco.numbers"),
        ({"HOME": "/home/me", "XDG_STATE_HOME": "/state"}, "/state/telco.numbers"),
        ({"HOME": "/home/me", "XDG_STATE_HOME": ""}, "/home/me/.local/state/telco.numbers"),
        ({"HOME": "/home/me", "TELCO_NUMBERS_JOURNAL": "/mnt/journal"}, "/mnt/journal"),
        ({"HOME": "/home/me", "TELCO_NUMBERS_JOURNAL": ""}, "/home/me/.local/state/telco.numbers"),
    ],
)
def test_a_journal_is_kept_by_default_and_can_be_moved(env, directory):
    assert Common({}, env).journal() == (directory, True)
    assert Common({"journal": "/srv/mine"}, env).journal() == ("/srv/mine", True)
    assert Common({"journal": ""}, env).journal() == (directory, True)


def test_a_journal_below_the_home_directory():
    assert Common({"journal": "~/journal"}, {}).journal() == (os.path.expanduser("~/journal"), True)


@pytest.mark.parametrize("word", ["none", "no", "off", "false", "False", "None"])
def test_a_journal_is_turned_off_by_a_word(word):
    assert Common({"journal": word}, {"HOME": "/home/me"}).journal() == ("/home/me/.local/state/telco.numbers", False)


@pytest.mark.parametrize("word", ["none", "off", "no"])
def test_a_directory_with_such_a_name_is_a_directory(word):
    assert Common({"journal": f"/srv/{word}"}, {}).journal() == (f"/srv/{word}", True)
