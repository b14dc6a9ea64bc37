# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owned numbers as hosts, through ansible-inventory and ansible-playbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import seeds
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.telco.numbers.plugins.inventory import numbers
from ansible_collections.telco.numbers.plugins.modules import number_info
from conftest import Inventory
from kinds import EACH_KIND
from rows import ROWS
from sandbox_server import Server

PLUGIN = "telco.numbers.numbers"
ROW = {row.provider: row for row in ROWS}
# One Swedish number at each provider, linked where it links, and an American one with an evil name.
SWEDISH = {
    "sinch_portal": "+46701740901",
    "sinch_catalog": "+46701740902",
    "infobip_sms": "+46701740903",
    "plivo_groups": "+46701740904",
}
AMERICAN, EVIL = "+15045550100", "{{ 1/0 }}"
AT_HOME = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


@pytest.fixture(autouse=True)
def owned(sandbox: Server) -> None:
    """What the accounts own."""
    for provider, number in SWEDISH.items():
        links = {"voice": ROW[provider].application} if ROW[provider].application else {}
        sandbox.control(
            "PATCH",
            f"state/{provider}/{ROW[provider].account}",
            {"own": [{"number": number, "country": "SE", "applications": links}]},
        )
    row = {
        "number": AMERICAN,
        "country": "US",
        "type": "local",
        "capabilities": ["voice"],
        "configuration": {"alias": EVIL},
    }
    sandbox.control("PATCH", f"state/plivo_groups/{ROW['plivo_groups'].account}", {"own": [row]})


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return Inventory(tmp_path, "telco_numbers.yml")


def account(sandbox: Server, provider: str, **options: Any) -> dict[str, Any]:
    """The options of an account."""
    return {"provider": provider, **ROW[provider].credentials, "api_url": sandbox.at(provider), **options}


def every_account(sandbox: Server) -> dict[str, dict[str, Any]]:
    """An account at each provider."""
    return {f"my {provider}": account(sandbox, provider) for provider in ROW}


def test_hosts_have_every_documented_fact_and_the_controllers_python(sandbox: Server, inventory: Inventory) -> None:
    inventory.write({"plugin": PLUGIN, "accounts": every_account(sandbox)})
    hosts, _groups = inventory.read()
    assert sorted(hosts) == sorted([AMERICAN, *SWEDISH.values()])
    facts = {
        f"telco_numbers_{fact}" for fact in [*yaml.safe_load(number_info.RETURN)["numbers"]["contains"], "account"]
    }
    for variables in hosts.values():
        assert {name: value for name, value in variables.items() if name not in facts} == AT_HOME and facts <= set(
            variables
        )
    told = " ".join(yaml.safe_load(numbers.DOCUMENTATION)["description"])
    assert [fact for fact in facts if f"C({fact})" not in told] == []
    found = hosts[AMERICAN]
    assert found["telco_numbers_raw"]["alias"] == found["telco_numbers_friendly_name"] == EVIL
    assert (found["telco_numbers_account"], found["telco_numbers_provider"], found["telco_numbers_number"]) == (
        "my plivo_groups",
        "plivo_groups",
        AMERICAN,
    )
    assert (found["telco_numbers_country"], found["telco_numbers_capabilities"], found["telco_numbers_expires"]) == (
        "US",
        ["voice"],
        None,
    )


def test_each_request_is_shown_to_who_wants_to_see_it(sandbox: Server, inventory: Inventory) -> None:
    inventory.write({"plugin": PLUGIN, "accounts": {"us": account(sandbox, "plivo_groups")}})
    line = f"GET {sandbox.at('plivo_groups')}/v1/Account/"
    for verbosity, shown in (("-vvv", True), ("-vv", False)):
        assert (line in "".join(inventory.run("inventory", "--list", verbosity))) is shown


def test_the_graph(sandbox: Server, inventory: Inventory) -> None:
    inventory.write(
        {
            "plugin": PLUGIN,
            "accounts": {
                "eu-sales": account(sandbox, "sinch_portal"),
                "us": account(sandbox, "plivo_groups", country="US"),
            },
        }
    )
    out, err = inventory.run("inventory", "--graph", "telco_numbers")
    portal, application = SWEDISH["sinch_portal"], str(ROW["sinch_portal"].application).replace("-", "_")
    groups = {
        "account_eu_sales": [portal],
        "account_us": [AMERICAN],
        f"application_{application}": [portal],
        "capability_sms": [portal],
        "capability_voice": [portal, AMERICAN],
        "country_SE": [portal],
        "country_US": [AMERICAN],
        "provider_plivo_groups": [AMERICAN],
        "provider_sinch_portal": [portal],
        "type_local": [AMERICAN],
    }
    lines = [
        line
        for name, hosts in groups.items()
        for line in (f"  |--@telco_numbers_{name}:", *(f"  |  |--{host}" for host in hosts))
    ]
    assert (out.splitlines(), err) == (["@telco_numbers:", *lines], "")


def test_one_account_with_credentials_from_the_environment(sandbox: Server, inventory: Inventory) -> None:
    inventory.write({"plugin": PLUGIN, "provider": "plivo_groups", "country": "se"})
    hosts, groups = inventory.read(
        PLIVO_API_URL=sandbox.at("plivo_groups"),
        PLIVO_AUTH_ID=ROW["plivo_groups"].account,
        PLIVO_AUTH_TOKEN=ROW["plivo_groups"].credentials["password"],
    )
    assert list(hosts) == groups["telco_numbers_account_plivo_groups"] == [SWEDISH["plivo_groups"]]
    assert [request["method"] for request in sandbox.log()] == ["GET"]


def test_an_account_that_owns_nothing_leaves_the_group(sandbox: Server, inventory: Inventory) -> None:
    inventory.write({"plugin": PLUGIN, **account(sandbox, "plivo_groups", country="GB")})
    assert inventory.run("inventory", "--graph") == ("@all:\n  |--@ungrouped:\n  |--@telco_numbers:\n", "")


def test_accounts_share_what_stands_beside_them(sandbox: Server, inventory: Inventory) -> None:
    shared = {
        "auth_token": "wrong",
        "api_url": sandbox.at("plivo_groups"),
        "contains": "4670",
        "account_currency": "EUR",
    }
    accounts = {
        "one": {
            "provider": "plivo_groups",
            "auth_id": ROW["plivo_groups"].account,
            "password": ROW["plivo_groups"].credentials["password"],
            "contains": None,
        },
        "two": account(sandbox, "sinch_catalog", account_currency="USD"),
    }
    inventory.write({"plugin": PLUGIN, **shared, "accounts": accounts})
    hosts, groups = inventory.read()
    assert groups["telco_numbers_account_one"] == [AMERICAN, SWEDISH["plivo_groups"]]
    assert groups["telco_numbers_account_two"] == [SWEDISH["sinch_catalog"]]
    assert hosts[SWEDISH["sinch_catalog"]]["telco_numbers_currency"] == "USD"


def test_options_may_be_templates_and_vaulted(sandbox: Server, inventory: Inventory) -> None:
    token = (
        VaultLib([("default", VaultSecret(b"open sesame"))])
        .encrypt(ROW["plivo_groups"].credentials["password"])
        .decode()
    )
    (inventory.folder / "vault").write_text("open sesame")
    lines = token.replace("\n", "\n      ")
    inventory.write(f"""
plugin: {PLUGIN}
api_url: "{{{{ where }}}}"
accounts:
  one:
    provider: plivo_groups
    account_id: "{{{{ lookup('ansible.builtin.env', 'THE_ID') }}}}"
    timeout: "{{{{ 10 + 5 }}}}"
    password: !vault |
      {lines}
""")
    hosts, _groups = inventory.read(
        "-e", f"where={sandbox.url}/plivo_groups", "--vault-password-file", "vault", THE_ID=ROW["plivo_groups"].account
    )
    assert sorted(hosts) == [AMERICAN, SWEDISH["plivo_groups"]]
    assert "one: password cannot be read" in inventory.fails("-e", f"where={sandbox.url}/plivo_groups")
    assert "the file: api_url cannot be read: 'where' is undefined" in inventory.fails("--vault-password-file", "vault")


def test_hosts_variables_and_groups_of_ones_own(sandbox: Server, inventory: Inventory) -> None:
    inventory.write(
        {
            "plugin": PLUGIN,
            **account(sandbox, "plivo_groups"),
            "strict": True,
            "hostname": "telco_numbers_country ~ telco_numbers_number",
            "compose": {"digits": "telco_numbers_number | length"},
            "groups": {"long": "digits | int > 11", "unlinked": "not telco_numbers_applications"},
            "keyed_groups": [{"key": "telco_numbers_country | lower", "prefix": "in", "parent_group": "world"}],
        }
    )
    hosts, groups = inventory.read()
    swedish, american = f"SE{SWEDISH['plivo_groups']}", f"US{AMERICAN}"
    assert str(hosts[american]["digits"]) == str(len(AMERICAN))
    assert (
        groups["unlinked"] == groups["in_us"] == [american]
        and groups["in_se"] == [swedish]
        and groups["long"] == [american, swedish]
    )


def test_a_play_stays_on_the_controller_and_what_a_provider_wrote_stays_text(
    sandbox: Server, inventory: Inventory
) -> None:
    evil = {
        "compose": {"label": "telco_numbers_friendly_name"},
        "keyed_groups": [{"key": "telco_numbers_friendly_name", "prefix": "name"}],
    }
    inventory.write(
        {
            "plugin": PLUGIN,
            **account(sandbox, "plivo_groups", type="local"),
            "strict": True,
            "hostname": "telco_numbers_friendly_name",
            **evil,
        }
    )
    (inventory.folder / "group_vars").mkdir()
    (inventory.folder / "group_vars" / "all.yml").write_text(
        "ansible_connection: ssh\nansible_python_interpreter: /nowhere/python\n"
    )
    facts = "[inventory_hostname, label, telco_numbers_friendly_name, telco_numbers_raw.alias, ansible_connection]"
    tasks = [
        {
            "ansible.builtin.copy": {
                "content": f"{{{{ ({facts} + group_names) | to_json }}}}",
                "dest": f"{inventory.folder}/facts.json",
                "mode": "0600",
            }
        },
        {
            "telco.numbers.number_info": account(sandbox, "plivo_groups", numbers="{{ [telco_numbers_number] }}"),
            "register": "read",
            "no_log": True,
        },
        {"ansible.builtin.assert": {"that": "read.numbers[0].id == telco_numbers_id"}},
    ]
    (inventory.folder / "play.yml").write_text(
        json.dumps([{"hosts": "telco_numbers", "gather_facts": False, "tasks": tasks}])
    )
    out, err = inventory.run("playbook", "play.yml")
    assert "ok=3    changed=1 " in out, out + err
    found = json.loads((inventory.folder / "facts.json").read_text())
    assert found[:5] == [*[EVIL] * 4, "local"] and "name____1_0___" in found


def test_the_cache(sandbox: Server, inventory: Inventory) -> None:
    cache = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(inventory.folder / "cache"),
    }
    inventory.write({"plugin": PLUGIN, "accounts": every_account(sandbox), **cache})
    first = inventory.read()
    asked = len(sandbox.log())
    assert inventory.read() == first and len(sandbox.log()) == asked > 0
    (kept,) = (inventory.folder / "cache").iterdir()
    assert AMERICAN in kept.read_text() and not any(
        secret in kept.read_text() + kept.name for row in ROWS for secret in row.secrets
    )
    sandbox.control(
        "PATCH",
        f"state/plivo_groups/{ROW['plivo_groups'].account}",
        {"own": [{"number": "+15045550199", "country": "US"}]},
    )
    hosts, _groups = inventory.read("--flush-cache")
    assert "+15045550199" in hosts and len(sandbox.log()) == 2 * asked
    assert inventory.read()[0] == hosts


MANY = [f"+46817400{index:02d}" for index in range(60)]


@pytest.mark.parametrize("provider", [row.provider for row in EACH_KIND if row.pages])
def test_a_list_that_moves_is_read_again_and_ends_in_one_line_when_it_never_rests(
    sandbox: Server, inventory: Inventory, provider: str
) -> None:
    facts = {"country": "SE", "capabilities": ["voice"]}
    sandbox.reset(seeds.PAGED)
    sandbox.control(
        "PATCH", f"state/{provider}/{ROW[provider].account}", {"own": [{"number": number, **facts} for number in MANY]}
    )
    inventory.write({"plugin": PLUGIN, **account(sandbox, provider, contains="4681740")})
    shift = {"match": {"provider": provider, "method": "GET"}, "kind": "shift"}  # a row stands on two pages
    sandbox.faults({**shift, "count": 1})
    assert sorted(inventory.read()[0]) == MANY
    sandbox.faults(shift)
    said = inventory.fails()
    assert (
        f"account {provider}: The provider's list of numbers does not hold together" in said
        and "(inconsistent_list)" in said
    )
    assert "Traceback" not in said and "would both be the host" not in said


def test_an_odd_row_is_warned_of_and_hides_no_other(sandbox: Server, inventory: Inventory) -> None:
    inventory.write({"plugin": PLUGIN, "accounts": every_account(sandbox)})
    sandbox.faults(
        {"match": {"provider": "plivo_groups"}, "kind": "body", "merge_items": {"number": "ACME"}, "item": 0},
        {
            "match": {"provider": "infobip_sms"},
            "kind": "body",
            "merge_items": {"price": {"pricePerMonth": "1,00"}},
            "item": 0,
        },
    )
    out, err = inventory.run("inventory", "--list")
    hosts = json.loads(out)["_meta"]["hostvars"]
    assert sorted(hosts) == sorted(
        [AMERICAN, *(number for provider, number in SWEDISH.items() if provider != "plivo_groups")]
    )
    said = " ".join(err.split())
    assert (
        "'ACME', which is not a telephone number" in said
        and f"{SWEDISH['infobip_sms']} is not read whole: its pricePerMonth is no price" in said
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "prefix: 0161",
            "account plivo_groups: prefix 113 is not a string: quote it, because YAML has already changed it",
        ),
        ("contains: 46", "account plivo_groups: contains 46 is not a string"),
        ("country: NO", "account plivo_groups: country is false: YAML reads NO, no, off and false as a boolean."),
        ("accounts: {one: {account_id: 0161}}", "account one: account_id 113 is not a string"),
    ],
)
def test_what_yaml_has_changed_is_refused(sandbox: Server, inventory: Inventory, options: str, message: str) -> None:
    inventory.write(
        f"plugin: {PLUGIN}\nprovider: plivo_groups\npassword: secret\napi_url: {sandbox.url}/plivo_groups\n{options}\n"
    )
    assert message in " ".join(inventory.fails(PLIVO_AUTH_ID="MAX").split())
    assert sandbox.log() == []


def test_an_account_that_fails_leaves_no_host(sandbox: Server, inventory: Inventory) -> None:
    accounts = every_account(sandbox)
    accounts["my plivo_groups"]["password"] = "sandbox-wrong-secret"
    inventory.write({"plugin": PLUGIN, "accounts": accounts})
    assert "account my plivo_groups: plivo_groups answered HTTP 401" in inventory.fails()
    assert "sandbox-wrong-secret" not in "".join(inventory.run("inventory", "--list", "-vvvv"))
    sandbox.faults({"kind": "status", "status": 500})
    assert "account my sinch_portal: The provider has an internal error" in inventory.fails(TELCO_NUMBERS_RETRIES="0")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "provider is missing: name the provider, or the accounts to read."),
        ({"provider": "plivo_groups", "contry": "SE"}, "unknown option contry; there are account_currency,"),
        (
            {"accounts": {"one": {"provider": "plivo_groups", "numbers": []}}},
            "account one: Unsupported parameters for (telco.numbers.number_info) module: numbers.",
        ),
        ({"accounts": {"one": {"country": "SE"}}}, "account one: missing required arguments: provider"),
        ({"accounts": {"one": "plivo_groups"}}, "account one: must be a mapping of options."),
        (
            {"provider": "plivo_groups"},
            "account plivo_groups: plivo_groups needs account_id (alias auth_id, ",
        ),
        (
            {"provider": "infobip_sms", "api_key": "an-api-key", "city": "Malmö"},
            "account infobip_sms: infobip_sms's owned numbers do not show city: select by country,",
        ),
    ],
)
def test_mistakes_are_told_in_one_line_and_nothing_is_asked(
    sandbox: Server, inventory: Inventory, options: dict[str, Any], message: str
) -> None:
    inventory.write({"plugin": PLUGIN, "api_url": sandbox.at("plivo_groups"), **options})
    assert message in inventory.fails()
    assert sandbox.log() == []


@pytest.mark.parametrize(
    ("hostname", "message"),
    [
        (
            "telco_numbers_provider",
            f"{SWEDISH['plivo_groups']} of account plivo_groups and {AMERICAN} of account plivo_groups would both be "
            "the host plivo_groups: set hostname",
        ),
        ("telco_numbers_city", f"hostname must come to text, not None, for {AMERICAN}."),
        ("telco_number", f"hostname cannot be made for {AMERICAN}: 'telco_number' is undefined"),
    ],
)
def test_hosts_without_a_name_of_their_own(sandbox: Server, inventory: Inventory, hostname: str, message: str) -> None:
    inventory.write({"plugin": PLUGIN, **account(sandbox, "plivo_groups"), "hostname": hostname})
    assert message in inventory.fails()


@pytest.mark.parametrize("name", ["telco_numbers.yml", "prod.telco_numbers.yaml"])
def test_the_file_is_known_by_its_name(sandbox: Server, tmp_path: Path, name: str) -> None:
    inventory = Inventory(tmp_path, name)
    inventory.write({"plugin": PLUGIN, **account(sandbox, "plivo_groups")})
    assert len(inventory.read(ANSIBLE_INVENTORY_ENABLED=PLUGIN)[0]) == 2
    inventory.path = inventory.path.rename(tmp_path / "numbers.yml")
    assert "Unable to parse" in inventory.fails(ANSIBLE_INVENTORY_ENABLED=PLUGIN)


@pytest.mark.parametrize("example", numbers.EXAMPLES.split("---\n"), ids=["environment", "accounts", "own groups"])
def test_the_examples_run_as_they_are(sandbox: Server, inventory: Inventory, example: str) -> None:
    inventory.write(example)
    urls = {
        "PLIVO_API_URL": sandbox.at("plivo_groups"),
        "INFOBIP_BASE_URL": sandbox.at("infobip_sms"),
        "SINCH_NUMBERS_URL": sandbox.at("sinch_catalog"),
    }
    plivo_groups, catalog = ROW["plivo_groups"].credentials, ROW["sinch_catalog"].credentials
    env = {
        "PLIVO_AUTH_ID": plivo_groups["account_id"],
        "PLIVO_AUTH_TOKEN": plivo_groups["password"],
        "INFOBIP_API_KEY": ROW["infobip_sms"].credentials["api_key"],
    }
    sinch = {
        "SINCH_ACCOUNT_ID": catalog["account_id"],
        "SINCH_KEY_ID": catalog["api_key"],
        "SINCH_KEY_SECRET": catalog["api_secret"],
    }
    assert inventory.read(**urls, **env, **sinch)[0]
