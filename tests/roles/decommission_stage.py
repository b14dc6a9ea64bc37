# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a sandbox with numbers to give back, and real runs of the playbook that does it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ansible_runs
from sandbox_server import Server

PLAYBOOK = "telco.numbers.decommission"
SECRETS = ("sandbox-catalog-secret", "sandbox-catalog-key", "sandbox-infobip-api-key", "sandbox-plivo-auth-token")
CATALOG, INFOBIP, PLIVO = (
    ("sinch_catalog", "ACsandbox"),
    ("infobip_sms", "infobip-user"),
    ("plivo_groups", "MASANDBOXACCOUNT0001"),
)

VOICE, OTHER, LINE = "APsandboxvoice", "APsandboxother", "16632742496743552"
HOSTILE = """{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"""

# What the accounts own: what goes, and what must stay.
GOING = ["+12015550123", "+15045550100", "+15045550101", "+447860041120", "+447860041121"]
STAYING = ["+12015550124", "+15045550102", "+15045550103", "+15045550104", "+447860041117"]
_EURO = {"monthly_price": "5.10", "currency": "EUR"}
OWNED: dict[tuple[str, str], list[dict[str, Any]]] = {
    CATALOG: [
        {
            "number": "+15045550100",
            "offer": "+15045550100",
            "applications": {"voice": VOICE, "sms": VOICE},
            "configuration": {"friendlyName": HOSTILE},
        },
        {"number": "+15045550101", "offer": "+15045550101", "applications": {"voice": VOICE}},
        {"number": "+15045550102", "offer": "+15045550102", "applications": {"voice": VOICE, "sms": OTHER}},
        {"number": "+15045550103", "offer": "+15045550103", "applications": {"voice": VOICE}},
        {"number": "+15045550104", "offer": "+15045550104"},
    ],
    INFOBIP: [
        {"number": f"+4478600411{end}", "id": f"KEY{end}", "country": "GB", "capabilities": ["sms"], "data": _EURO}
        for end in ("17", "20", "21")
    ],
    PLIVO: [
        {"number": "+12015550123", "offer": "11000000000201", "applications": {"voice": LINE, "sms": LINE}},
        {"number": "+12015550124", "offer": "11000000000201"},
    ],
}

OLD_LINE = {"name": "old-line", "account": "catalogue", "application": VOICE, "state": "retired"}
RECEPTION = {"name": "reception", "account": "catalogue", "numbers": ["+1 504 555 0103"]}
CODES = {
    "name": "codes",
    "account": "messaging",
    "numbers": ["+44 7860 041120", "+447860041121", "+447860041129"],
    "state": "retired",
}
HOTLINE = {"name": "hotline", "account": "shop", "numbers": ["+12015550123"], "state": "retired"}
PLAN: Sequence[dict[str, Any]] = (OLD_LINE, RECEPTION, CODES, HOTLINE)


class Run(ansible_runs.Run):
    """How a playbook run ended, and what it shows."""

    @property
    def checksum(self) -> str:
        """The checksum that it shows, the same wherever it does."""
        (found,) = set(re.findall(r"[Cc]hecksum:? ([0-9a-f]{64})\b", self.output))
        return found

    @property
    def rows(self) -> list[list[str]]:
        """The words of each line of the table."""
        return [
            words
            for words in (line.strip(' ",').split() for line in self.output.splitlines())
            if len(words) > 3 and words[2].startswith("+")
        ]

    @property
    def going(self) -> list[str]:
        """The numbers that it shows as going."""
        return sorted(words[2] for words in self.rows if words[-1] == "release")


class Stage:
    """A sandbox as OWNED says, and a home for the runs."""

    def __init__(self, sandbox: Server, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.records_folder = folder / ".local" / "state" / "telco.numbers" / "released"
        shared = {"retries": 1, "settle_time": 0.5, "timeout": 5}
        accounts = {
            "catalogue": {
                "provider": "sinch_catalog",
                "account_id": "ACsandbox",
                "api_key": SECRETS[1],
                "api_secret": SECRETS[0],
                **shared,
            },
            "messaging": {"provider": "infobip_sms", "api_key": SECRETS[2], **shared},
            "shop": {
                "provider": "plivo_groups",
                "account_id": PLIVO[1],
                "password": SECRETS[3],
                "account_currency": "USD",
                **shared,
            },
        }
        self.accounts: dict[str, dict[str, Any]] = {
            name: {**given, "api_url": sandbox.at(str(given["provider"]))} for name, given in accounts.items()
        }
        sandbox.reset()
        for (provider, account), rows in OWNED.items():
            self.change(provider, account, own=rows)

    def change(self, provider: str, account: str, **what: Any) -> None:
        """Change what an account has, as if somebody else did."""
        self.sandbox.control("PATCH", f"state/{provider}/{account}", what)

    def owned(self, *places: tuple[str, str]) -> list[str]:
        """Every number that is owned, in the accounts *places* or in all."""
        state = self.sandbox.control("GET", "state")
        return sorted(
            row["number"] for provider, account in places or OWNED for row in state[provider][account]["owned"]
        )

    def writes(self) -> list[str]:
        """The mutating requests so far, since the last time."""
        log = self.sandbox.log()
        self.sandbox.control("DELETE", "requests")
        return [f"{entry['method']} {entry['path']}" for entry in log if entry["mutating"]]

    def records(self) -> list[Path]:
        """The files of the records, without the draft that a killed run may leave."""
        return sorted(self.records_folder.glob("*.json"))

    def record(self) -> Any:
        """What the only record holds."""
        (path,) = self.records()
        return json.loads(path.read_text(encoding="utf-8"))

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Begin a run."""
        words, given = self._words(*arguments, **options)
        return ansible_runs.start(*words, **given)

    def _words(
        self, *arguments: str, plan: Sequence[dict[str, Any]] | None = None, playbook: str = PLAYBOOK, **variables: Any
    ) -> tuple[list[str], dict[str, Any]]:
        """What a run is given; with *plan* None the inventory has the plan."""
        given = (
            variables
            if plan is None
            else {"telco_numbers_plan": plan, "telco_numbers_accounts": self.accounts, **variables}
        )
        (self.folder / "variables.json").write_text(json.dumps(given), encoding="utf-8")
        return ["playbook", playbook, "-e", "@variables.json", *arguments], {
            "folder": self.folder,
            "env": ansible_runs.environment(self.folder),
        }

    def run(self, *arguments: str, plan: Sequence[dict[str, Any]] | None = PLAN, **variables: Any) -> Run:
        """A whole run, which shows no secret and is no template of what a provider says."""
        words, given = self._words(*arguments, plan=plan, **variables)
        ran = ansible_runs.run(*words, **given, merged=True)
        output = ran.stdout
        assert not (self.folder / "pwned").exists()
        assert "Traceback" not in output and [secret for secret in SECRETS if secret in output] == [], output
        return Run(ran.returncode, output)

    def check(self, *arguments: str, **options: Any) -> Run:
        """A run in check mode, which must work."""
        run = self.run("--check", *arguments, **options)
        assert run.code == 0, run.output
        return run

    def hosts(self) -> str:
        """An inventory in which each account is a host that has its own pools."""
        plan = {"telco_numbers_plan": PLAN, "telco_numbers_accounts": self.accounts}
        (self.folder / "numbers.yml").write_text(json.dumps(plan), encoding="utf-8")
        (self.folder / "telco_plan.yml").write_text(
            '{"plugin": "telco.numbers.plan", "plan_file": "numbers.yml"}', encoding="utf-8"
        )
        return "telco_plan.yml"
