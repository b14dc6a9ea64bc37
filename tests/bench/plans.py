# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converging a numbers plan with the role provision: account after account, and every account as a host of its own with
four forks.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from stage import Budget, Home, Server

CODES = ["201", "206", "212", "213", "214", "215", "216", "301", "302", "303"]
ONE, FORKS = "one by one", "plan inventory, 4 forks"


def account(place: int) -> str:
    """The id of an account."""
    return f"MA{place:018d}"


def seed(accounts: int) -> dict[str, Any]:
    """Accounts at Plivo, and a group of numbers for each area code."""
    return {
        "plivo_groups": {
            "accounts": [
                {"id": account(place), "auth_token": f"token-{place}", "applications": [f"77{place}"]}
                for place in range(accounts)
            ],
            "offers": [
                {
                    "id": f"11000000000{code}",
                    "country": "US",
                    "type": "local",
                    "area_code": code,
                    "region": "UNITED STATES",
                    "stock": 1000,
                    "setup_price": "0",
                    "monthly_price": "0.80000",
                    "voice_rate": "0.00850",
                    "sms_rate": "0.00350",
                    "capabilities": ["voice", "sms"],
                }
                for code in CODES
            ],
        }
    }


def content(url: str, pools: int, accounts: int) -> dict[str, Any]:
    """The variables of a plan whose pools are spread over the accounts; each pool wants one number."""
    return {
        "telco_numbers_accounts": {
            f"plivo-{place}": {
                "provider": "plivo_groups",
                "account_id": account(place),
                "password": f"token-{place}",
                "api_url": f"{url}/plivo_groups",
                "account_currency": "USD",
            }
            for place in range(accounts)
        },
        "telco_numbers_plan": [
            {
                "name": f"pool-{place}",
                "account": f"plivo-{place % accounts}",
                "application": f"77{place % accounts}",
                "country": "US",
                "type": "local",
                "prefix": CODES[place // accounts],
                "count": 1,
            }
            for place in range(pools)
        ],
    }


def converge(server: Server, folder: Path, pools: int, accounts: int, way: str) -> dict[str, Any]:
    """The row of one run that buys, and of a second one that finds nothing to do."""
    shutil.rmtree(folder, ignore_errors=True)
    home = Home(folder, server.url)
    server.reset(seed(accounts))
    server.delay(20)
    (folder / "numbers.yml").write_text(json.dumps(content(server.url, pools, accounts)))
    (folder / "accounts.telco_plan.yml").write_text(
        json.dumps({"plugin": "telco.numbers.plan", "plan_file": "numbers.yml"})
    )
    arguments = ["telco.numbers.provision", "-e", "@numbers.yml"]
    if way == FORKS:
        arguments = [
            "telco.numbers.provision",
            "-i",
            "accounts.telco_plan.yml",
            "-e",
            "provision_hosts=telco_numbers_accounts",
        ]
    env = {"ANSIBLE_FORKS": "4" if way == FORKS else "1"}
    seconds = home.command(arguments, env)
    log = server.log()
    bought = sum(entry["mutating"] and entry["status"] in (200, 201) for entry in log)
    if bought != pools:
        raise RuntimeError(f"{way} bought {bought} of {pools}")
    row = {
        "pools": pools,
        "accounts": accounts,
        "way": way,
        "times": 1,
        "seconds": seconds,
        "per_pool_ms": 1000 * seconds / pools,
        "requests": len(log),
    }
    if pools < 40:
        row.update(second_run_seconds=home.command(arguments, env), second_run_requests=len(server.log()))
    return row


def measure(server: Server, folder: Path, budget: Budget) -> dict[str, Any]:
    """All sizes, once each: a run of hundreds of pools takes minutes."""
    sizes = [(4, 1)] if budget.quick else [(4, 1), (40, 8), (400, 40)]
    return {
        "rows": [
            converge(server, folder / "plan", pools, accounts, way) for pools, accounts in sizes for way in (ONE, FORKS)
        ]
    }
