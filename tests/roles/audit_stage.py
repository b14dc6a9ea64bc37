# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A numbers plan over four accounts of a sandbox, what they own with every kind of drift in it, and real runs of the
role audit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ansible_runs
from ansible_runs import Run
from sandbox_server import Server

HOSTILE = """<script>alert(1)</script>"'></script><img src=x onerror=alert(2)>{{ 7 * 7 }}{% raw %}&amp;"""
HIDDEN = "hidden-callback-password"
PORTAL_APPLICATION, PLIVO_APPLICATION = "bb7b4e39-4227-4913-8c81-2db4abb54fb3", "16632742496743552"


def accounts(url: str) -> dict[str, dict[str, Any]]:
    """The accounts of the plan, with the options that open them at the sandbox's *url*."""
    shared = {"account_currency": "USD", "retries": 1}
    found: dict[str, dict[str, Any]] = {
        "portal": {
            "provider": "sinch_portal",
            "username": "sandbox@example.com",
            "password": "sandbox-portal-password",
            **shared,
        },
        "catalogue": {
            "provider": "sinch_catalog",
            "account_id": "ACsandbox",
            "api_key": "sandbox-catalog-key",
            "api_secret": "sandbox-catalog-secret",
            **shared,
        },
        "messaging": {"provider": "infobip_sms", "api_key": "sandbox-infobip-api-key", **shared},
        "voice": {
            "provider": "plivo_groups",
            "account_id": "MASANDBOXACCOUNT0001",
            "password": "sandbox-plivo-auth-token",
            **shared,
        },
    }
    return {name: {**options, "api_url": f"{url}/{options['provider']}"} for name, options in found.items()}


SECRETS = (
    "sandbox-portal-password",
    "sandbox-catalog-key",
    "sandbox-catalog-secret",
    "sandbox-infobip-api-key",
    "sandbox-plivo-auth-token",
)

SETTINGS = {"friendly_name": "Support", "voice_url": f"https://hook:{HIDDEN}@example.com/voice", "voice_method": "POST"}

PLAN: list[dict[str, Any]] = [
    {
        "name": "support",
        "account": "catalogue",
        "country": "US",
        "type": "local",
        "city": "New Orleans",
        "count": 3,
        "application": "APsandboxvoice",
        "configuration": SETTINGS,
        "labels": {"team": "support", "cost_center": "4711"},
    },
    {"name": "london", "account": "catalogue", "numbers": ["+44 20 7946 0100", "+442079460101"]},
    {"name": "field", "account": "catalogue", "country": "GB", "type": "mobile", "count": 1},
    {"name": "berlin", "account": "catalogue", "country": "DE", "city": "Berlin", "count": 1},
    {"name": "freephone", "account": "catalogue", "numbers": ["+18005550120"], "state": "retired"},
    {"name": "alerts", "account": "messaging", "country": "GB", "capabilities": ["sms"], "count": 2},
    {
        "name": "stockholm",
        "account": "voice",
        "country": "SE",
        "type": "local",
        "count": 2,
        "application": PLIVO_APPLICATION,
    },
    {"name": "bay", "account": "voice", "country": "US", "prefix": "415", "count": 1},
    {
        "name": "paris",
        "account": "portal",
        "country": "FR",
        "capabilities": ["voice"],
        "count": 1,
        "application": PORTAL_APPLICATION,
    },
]

_BOTH = {"voice": "APsandboxvoice", "sms": "APsandboxvoice"}
_CALLBACK = {"configuration": {"voice": {"url": SETTINGS["voice_url"], "method": "POST"}}}
_PRICED = {"monthly_price": "5", "setup_price": "0", "currency": "EUR"}

# What the accounts own, as rows of the sandbox's control path.
OWNED: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("sinch_catalog", "ACsandbox"): [
        {
            "number": "+15045550100",
            "offer": "+15045550100",
            "applications": _BOTH,
            "configuration": {"friendlyName": "Support", **_CALLBACK},
        },
        {
            "number": "+15045550101",
            "offer": "+15045550101",
            "applications": {"voice": "APsandboxvoice"},
            "configuration": {"friendlyName": HOSTILE[:64], **_CALLBACK},
        },
        {"number": "+15045550102", "offer": "+15045550102", "applications": dict.fromkeys(_BOTH, "APsandboxother")},
        {"number": "+442079460100", "offer": "+442079460100"},
        {"number": "+447700900100", "offer": "+447700900100"},
        {"number": "+447700900101", "offer": "+447700900101"},
        {"number": "+493023125100", "offer": "+493023125100"},
        {
            "number": "+493023125199",
            "country": "DE",
            "type": "local",
            "capabilities": ["voice"],
            "data": {"monthly_price": "1.30"},
        },
        {"number": "+18005550120", "offer": "+18005550120"},
        {
            "number": "+33199000101",
            "offer": "+33199000101",
            "configuration": {"friendlyName": '=HYPERLINK("https://example.com")'},
        },
    ],
    ("infobip_sms", "infobip-user"): [
        {
            "number": "+447860041120",
            "id": "ALERTS1",
            "country": "GB",
            "type": "VIRTUAL_LONG_NUMBER",
            "capabilities": ["sms"],
            "data": _PRICED,
        },
        {
            "number": "+447860041121",
            "id": "ALERTS2",
            "country": "GB",
            "type": "VIRTUAL_LONG_NUMBER",
            "capabilities": ["sms"],
            "data": _PRICED,
        },
    ],
    ("plivo_groups", "MASANDBOXACCOUNT0001"): [
        {"number": "+46850500001", "offer": "46000000000008", "applications": {"voice": PLIVO_APPLICATION}},
        {"number": "+46850500002", "offer": "46000000000008", "configuration": {"alias": HOSTILE}},
    ],
    # The sandbox has these expire thirty days after they were bought, which was long ago.
    ("sinch_portal", "8888123"): [
        {"number": "+33170000001", "offer": "1", "applications": {"voice": PORTAL_APPLICATION}}
    ],
}

# Every difference between the two: kind, pool, number.
DRIFT = [
    ("missing", "bay", None),
    ("missing", "london", "+442079460101"),
    ("missing", "support", None),
    ("wrongly_assigned", "support", "+15045550102"),
    ("unassigned", "stockholm", "+46850500002"),
    ("unassigned", "support", "+15045550101"),
    ("misconfigured", "support", "+15045550101"),
    ("undecided", "berlin", "+493023125199"),
    ("expiring", "paris", "+33170000001"),
    ("surplus", "field", None),
    ("unplanned", None, "+33199000101"),
    ("retired", "freephone", "+18005550120"),
]


class Stage:
    """A sandbox whose accounts own OWNED, and a home for the runs."""

    def __init__(self, sandbox: Server, folder: Path) -> None:
        self.sandbox, self.folder, self.reports = sandbox, folder, folder / "reports"
        self.accounts = accounts(sandbox.url)
        sandbox.reset()
        for (provider, account), rows in OWNED.items():
            sandbox.control("PATCH", f"state/{provider}/{account}", {"own": rows})

    def log(self) -> list[tuple[str, str]]:
        """The reads since the sandbox was seeded: provider, and how the path ends."""
        return [
            (entry["provider"], entry["path"].rsplit("/", 1)[-1])
            for entry in self.sandbox.log()
            if entry["method"] == "GET"
        ]

    def run(self, *arguments: str, plan: list[dict[str, Any]] | None = None, **variables: Any) -> Run:
        """A whole run of the playbook, which sends no mutating request and shows no secret."""
        self._variables("numbers.json", PLAN if plan is None else plan)
        return self._play("-e", "@numbers.json", "-e", json.dumps({"audit_dir": "reports", **variables}), *arguments)

    def run_on_accounts(self, *arguments: str, **variables: Any) -> Run:
        """The same with a host for each account."""
        self._variables("numbers.json", PLAN)
        (self.folder / "telco_plan.yml").write_text(
            "plugin: telco.numbers.plan\nplan_file: numbers.json\n", encoding="utf-8"
        )
        given = {"audit_dir": str(self.reports), "audit_hosts": "telco_numbers_accounts", **variables}
        return self._play("-i", "telco_plan.yml", "-e", json.dumps(given), *arguments)

    def _variables(self, name: str, plan: list[dict[str, Any]]) -> None:
        found = {"telco_numbers_plan": plan, "telco_numbers_accounts": self.accounts}
        (self.folder / name).write_text(json.dumps(found), encoding="utf-8")

    def _play(self, *arguments: str) -> Run:
        env = ansible_runs.environment(self.folder, PWD=str(self.folder))  # a shell says where it is
        ran = ansible_runs.run("playbook", "telco.numbers.audit", *arguments, folder=self.folder, env=env)
        output = ran.stdout + ran.stderr
        assert not any(entry["mutating"] for entry in self.sandbox.log())
        assert [secret for secret in SECRETS if secret in output] == [], output
        assert [
            path
            for path in self.reports.glob("*")
            for secret in (*SECRETS, HIDDEN)
            if secret in path.read_text(encoding="utf-8")
        ] == []
        assert "Traceback" not in output, output
        return Run(ran.returncode, output)

    def report(self) -> Any:
        """The report as JSON."""
        return json.loads((self.reports / "telco_numbers_audit.json").read_text(encoding="utf-8"))

    def page(self) -> Path:
        """The report as a page."""
        return self.reports / "telco_numbers_audit.html"
