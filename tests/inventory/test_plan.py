# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a numbers plan as hosts, through ansible-inventory and ansible-playbook. Nothing is requested of a
provider.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from conftest import Inventory

PLUGIN = "telco.numbers.plan"
EXAMPLE = Path(__file__).resolve().parents[2] / "playbooks" / "vars" / "example_plan.yml"
POOLS = [
    {"name": "us", "account": "east", "country": "US", "count": 2},
    {"name": "codes", "provider": "infobip_sms", "numbers": ["+447860041117"]},
    {"name": "gb", "account": "east", "country": "GB", "count": 1, "application": "{{ application }}"},
]
ACCOUNTS = {
    "east": {
        "provider": "plivo_groups",
        "account_id": "MAEAST",
        "password": "{{ lookup('ansible.builtin.env', 'EAST') }}",
    }
}


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    inventory = Inventory(tmp_path, "numbers.telco_plan.yml")
    inventory.write({"plugin": PLUGIN, "plan_file": "plans/numbers.yml"})
    (tmp_path / "plans").mkdir()
    return inventory


def plan(inventory: Inventory, content: Any) -> None:
    """Write the plan; JSON is YAML."""
    (inventory.folder / "plans" / "numbers.yml").write_text(
        content if isinstance(content, str) else json.dumps(content)
    )


def whole(**changes: Any) -> dict[str, Any]:
    """A plan of two accounts."""
    return {
        "telco_numbers_plan": POOLS,
        "telco_numbers_accounts": ACCOUNTS,
        "telco_numbers_limits": {"USD": {"max_monthly_total": "5"}},
        **changes,
    }


def test_accounts_are_hosts_with_their_pools_in_order(inventory: Inventory) -> None:
    plan(inventory, whole())
    hosts, groups = inventory.read("-e", "application=1234", EAST="secret-of-east")
    assert groups == {
        "telco_numbers_accounts_plivo_groups": ["east"],
        "telco_numbers_accounts_infobip_sms": ["infobip_sms"],
    }
    assert [pool["name"] for pool in hosts["east"]["telco_numbers_plan"]] == ["us", "gb"]
    assert [pool["name"] for pool in hosts["infobip_sms"]["telco_numbers_plan"]] == ["codes"]
    for name, facts in hosts.items():
        assert facts["telco_numbers_account"] == name and facts["ansible_connection"] == "local"
        assert facts["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"
        assert facts["telco_numbers_accounts"] == ACCOUNTS and facts["telco_numbers_limits"] == {
            "USD": {"max_monthly_total": "5"}
        }


def test_the_graph_of_the_example_plan(inventory: Inventory) -> None:
    plan(inventory, EXAMPLE.read_text())
    graph, said = inventory.run("inventory", "--graph")
    assert said == "" and graph.split("|--@telco_numbers_accounts:")[1].split() == [
        word
        for provider in (
            "plivo_groups",
            "sinch_catalog",
            "sinch_portal",
            "infobip_sms",
            "twilio",
            "telnyx",
            "bandwidth",
        )
        for word in (
            "|",
            "|--@telco_numbers_accounts_" + provider + ":",
            "|",
            "|",
            "|--" + provider,
        )
    ]


def test_templates_and_vaulted_text_stay_what_they_are_until_a_task_uses_them(inventory: Inventory) -> None:
    vault = VaultLib([("default", VaultSecret(b"open sesame"))])
    locked = vault.encrypt("vaulted-secret", VaultSecret(b"open sesame")).decode()
    (inventory.folder / "key").write_text("open sesame")
    indented = "\n".join(f"        {line}" for line in locked.splitlines())
    pools = json.dumps(POOLS)
    plan(
        inventory,
        f"telco_numbers_plan: {pools}\ntelco_numbers_accounts:\n  east:\n    provider: plivo_groups\n    password: "
        f"!vault |\n{indented}\n",
    )
    play = [
        {
            "hosts": "east",
            "gather_facts": False,
            "tasks": [
                {
                    "ansible.builtin.assert": {
                        "that": [
                            "telco_numbers_accounts.east.password | length == 14",
                            "telco_numbers_plan[1].application == '1234'",
                            "ansible_connection == 'local'",
                        ]
                    }
                }
            ],
        }
    ]
    (inventory.folder / "play.yml").write_text(json.dumps(play))
    arguments = ("--vault-password-file", "key", "-e", "application=1234")
    out, _said = inventory.run("playbook", *arguments, "play.yml")
    assert "ok=1 " in out and "failed=0" in out
    listed, _said = inventory.run("inventory", *arguments, "--list")
    assert "vaulted-secret" not in listed


def test_what_yaml_has_changed_is_refused(inventory: Inventory) -> None:
    plan(
        inventory,
        "telco_numbers_plan:\n- {name: leeds, account: shop, country: NO, prefix: 0161, count: 1}\n"
        "telco_numbers_accounts:\n  shop: {provider: plivo_groups, account_id: 0123, auth_token: x}\n",
    )
    said = inventory.fails(EAST="x")
    for mistake in (
        "pool leeds: country is false: YAML reads NO, no, off and false as a boolean.",
        "pool leeds: prefix 113 is not a string: quote it",
        "account shop: account_id is not a string: quote it",
    ):
        assert mistake in said


def test_every_mistake_is_told_and_there_is_no_host(inventory: Inventory) -> None:
    pools = [
        {"name": "us", "provider": "plivo_groups", "count": 1},
        {"name": "us", "provider": "infobip_sms", "count": 1, "city": "Rome", "colour": "red"},
    ]
    plan(inventory, whole(telco_numbers_plan=pools, telco_numbers_limits={"euro": {}}))
    said = inventory.fails(EAST="x")
    for mistake in (
        "plivo_groups searches one country at a time",
        "unknown key colour",
        "another pool has this name",
        "currency 'euro'",
    ):
        assert mistake in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "telco_numbers_plan must be there"),
        ("telco_numbers_plan: {}", "be a list of pools"),
        (
            "telco_numbers_plan: [{name: a, provider: plivo_groups, country: '{{ nowhere }}', count: 1}]",
            "the plan cannot be read: 'nowhere' is undefined",
        ),
        ("telco_numbers_plan: [3", "numbers.yml"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(inventory: Inventory, content: str, words: str) -> None:
    plan(inventory, content)
    assert words in inventory.fails()


def test_a_missing_file_is_named(inventory: Inventory) -> None:
    assert "plans/numbers.yml" in inventory.fails()


def test_groups_of_the_users_own(inventory: Inventory) -> None:
    inventory.write(
        {
            "plugin": PLUGIN,
            "plan_file": "plans/numbers.yml",
            "strict": True,
            "groups": {"big": "telco_numbers_plan | length > 1"},
        }
    )
    plan(inventory, whole())
    assert inventory.read("-e", "application=1", EAST="x")[1]["big"] == ["east"]


def test_a_file_that_is_called_otherwise_is_told_its_name(tmp_path: Path) -> None:
    inventory = Inventory(tmp_path, "production.yml")
    inventory.write({"plugin": PLUGIN, "plan_file": "numbers.yml"})
    assert "must end with telco_plan.yml, for it names telco.numbers.plan: rename it." in inventory.fails()
