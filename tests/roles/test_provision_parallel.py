# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that are worked on in parallel, as hosts of the plan inventory, come out as one after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kinds
import pytest
from provision_stage import Stage
from sandbox_server import Server

ACCOUNTS, POOLS = 4, 5  # at each of two providers, in each account
AREA_CODES = [
    "201",
    "206",
    "212",
    "213",
    "214",
    "215",
    "216",
    "301",
    "302",
    "303",
    "305",
    "312",
    "313",
    "404",
    "405",
    "415",
    "503",
    "504",
    "512",
    "602",
]
CATALOG = ("sinch_catalog", "plivo_groups")

SEED: dict[str, Any] = {
    "plivo_groups": {
        "extend": True,
        "accounts": [
            {"id": f"MA{account}", "auth_token": f"token-{account}", "applications": [f"77{account}"]}
            for account in range(ACCOUNTS)
        ],
    },
    "sinch_catalog": {
        "extend": True,
        "accounts": [
            {
                "id": f"AC{account}",
                "key": f"key-{account}",
                "secret": f"secret-{account}",
                "applications": [f"AP{account}"],
            }
            for account in range(ACCOUNTS)
        ],
        "offers": [
            {
                "first": f"+1504556{account}{pool}00",
                "count": 4,
                "country": "US",
                "type": "local",
                "city": f"Town {account}{pool}",
                "capabilities": ["voice", "sms"],
                "setup_price": "0.10",
                "monthly_price": f"1.{account}{pool}",
            }
            for account in range(ACCOUNTS)
            for pool in range(POOLS)
        ],
    },
}


def accounts(url: str) -> dict[str, dict[str, str]]:
    """The accounts of the plan."""
    common = {"account_currency": "USD"}
    found: dict[str, dict[str, str]] = {}
    for account in range(ACCOUNTS):
        found[f"plivo-{account}"] = {
            "provider": "plivo_groups",
            "account_id": f"MA{account}",
            "password": f"token-{account}",
            **common,
        }
        found[f"catalog-{account}"] = {
            "provider": "sinch_catalog",
            "account_id": f"AC{account}",
            "api_key": f"key-{account}",
            "api_secret": f"secret-{account}",
            **common,
        }
    return {name: {**options, "api_url": f"{url}/{options['provider']}"} for name, options in found.items()}


def plan() -> list[dict[str, Any]]:
    """Forty pools, those of one account not side by side."""
    pools = []
    for pool in range(POOLS):
        for account in range(ACCOUNTS):
            base = {"country": "US", "type": "local", "count": 1 + pool % 2}
            name = f"{account}-{pool}"
            code = AREA_CODES[account * POOLS + pool]
            pools.append(
                {
                    "name": f"plivo-{name}",
                    "account": f"plivo-{account}",
                    "prefix": code,
                    "application": f"77{account}",
                    **base,
                }
            )
            named = {"friendly_name": f"Pool {name}"}
            pools.append(
                {
                    "name": f"catalog-{name}",
                    "account": f"catalog-{account}",
                    "city": f"Town {account}{pool}",
                    "configuration": named,
                    **base,
                }
            )
    return pools


def holdings(sandbox: Server) -> dict[str, Any]:
    """What every account of the plan owns and has paid."""
    state = sandbox.control("GET", "state")
    return {
        identity: {
            "owned": {row["number"]: (row["applications"], row["configuration"]) for row in account["owned"]},
            "spent": account["spent_by_currency"],
        }
        for provider in CATALOG
        for identity, account in state[provider].items()
    }


def planned(sandbox: Server, folder: Path, most: str) -> Stage:
    """A stage with the plan and its inventory, on which *most* USD a month may be spent."""
    folder.mkdir(exist_ok=True)
    stage = Stage(sandbox, folder)
    sandbox.reset(SEED)
    content = {
        "telco_numbers_plan": plan(),
        "telco_numbers_accounts": accounts(sandbox.url),
        "telco_numbers_limits": {"USD": {"max_monthly_total": most}},
    }
    (folder / "numbers.yml").write_text(json.dumps(content))
    (folder / "accounts.telco_plan.yml").write_text(
        json.dumps({"plugin": "telco.numbers.plan", "plan_file": "numbers.yml"})
    )
    return stage


AS_HOSTS = ("-i", "accounts.telco_plan.yml", "-e", "provision_hosts=telco_numbers_accounts")


def test_forty_pools_of_eight_accounts_with_four_forks(process: Server, tmp_path: Path) -> None:
    results = []
    for forks in (1, 4):
        stage = planned(process, tmp_path / str(forks), "999")
        options: dict[str, Any] = {"playbook": "telco.numbers.provision", "env": {"ANSIBLE_FORKS": str(forks)}}
        for changed in (True, False):
            stage.log()
            ran = stage.run(None, *(AS_HOSTS if forks > 1 else ("-e", "@numbers.yml")), **options)
            assert ran.code == 0, ran.output
            assert bool(stage.writes()) is changed
        results.append(holdings(process))
    one_by_one, in_parallel = results
    assert one_by_one == in_parallel
    assert sum(len(account["owned"]) for account in in_parallel.values()) == sum(pool["count"] for pool in plan())


def test_the_limits_of_the_plan_hold_for_all_hosts_together(process: Server, tmp_path: Path) -> None:
    stage = planned(process, tmp_path, "40")
    ran = stage.run(None, *AS_HOSTS, playbook="telco.numbers.provision")
    assert ran.code != 0 and "max_monthly_total is 40" in ran.output
    assert stage.writes() == []


APART: list[dict[str, Any]] = [
    {"serial": 1},
    {"serial": 3},
    {"strategy": "ansible.builtin.free"},
    {"strategy": "ansible.builtin.host_pinned"},
]


@pytest.mark.parametrize("order", APART if kinds.ALL else APART[1:3], ids=lambda order: str(*order.values()))
def test_a_play_that_does_not_keep_its_hosts_together_keeps_the_limits(
    process: Server, tmp_path: Path, order: dict[str, Any]
) -> None:
    """And buys nothing twice: each batch, and with another strategy each host, looks at the plan of all."""
    stage = planned(process, tmp_path, "999")
    play = {
        "hosts": "telco_numbers_accounts",
        "connection": "local",
        "gather_facts": False,
        "roles": ["telco.numbers.provision"],
        **order,
    }
    (tmp_path / "apart.json").write_text(json.dumps([play]))
    ran = stage.run(None, "-i", "accounts.telco_plan.yml", playbook="apart.json", env={"ANSIBLE_FORKS": "2"})
    assert ran.code == 0 and "HostVars" not in ran.output, ran.output
    owned = {identity: len(account["owned"]) for identity, account in holdings(process).items()}
    assert sum(owned.values()) == sum(pool["count"] for pool in plan()), owned


@pytest.mark.parametrize("limited", [True, False], ids=["under limits", "without limits"])
@pytest.mark.parametrize("fault", ["mistake", "account"])
def test_under_limits_one_host_that_cannot_be_quoted_stops_every_purchase(
    process: Server, tmp_path: Path, fault: str, limited: bool
) -> None:
    pools = {
        "a": {"name": "a", "provider": "infobip_sms", "country": "SE", "count": 1},
        "b": {
            "name": "b",
            "provider": "sinch_catalog",
            "country": "GB",
            "type": "mobile",
            "count": "many" if fault == "mistake" else 1,
        },
    }
    (tmp_path / "hosts.json").write_text(
        json.dumps({"all": {"hosts": {name: {"telco_numbers_plan": [pool]} for name, pool in pools.items()}}})
    )
    stage = Stage(process, tmp_path)
    if fault == "account":
        stage.env["TELCO_NUMBERS_SINCH_CATALOG_API_SECRET"] = "wrong-secret"
    limits = {"EUR": {"max_monthly_total": "99"}, "USD": {"max_monthly_total": "99"}} if limited else {}
    ran = stage.run(
        None, "-i", "hosts.json", playbook="telco.numbers.provision", provision_hosts="all", telco_numbers_limits=limits
    )
    refused = limited or fault == "mistake"  # the plan is read whole before any request
    assert ran.code != 0 and len(stage.owned("infobip_sms")) == (0 if refused else 1), ran.output
    if refused:
        assert (
            "pool b: count must be a whole number"
            if fault == "mistake"
            else "The account sinch_catalog could not be quoted"
        ) in ran.output
