# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox, and real runs of the role provision against it, with the credentials in the environment."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import ansible_runs
import yaml
from rows import ROWS
from sandbox_server import Server

EXAMPLE = ansible_runs.COLLECTION / "playbooks" / "vars" / "example_plan.yml"
ACCOUNTS = {row.provider: row.account for row in ROWS}
SECRETS = [secret for row in ROWS for secret in row.secrets]
TOTALS = ("setup", "monthly", "due_now")

PORTAL_APPLICATION, PORTAL_OTHER = "bb7b4e39-4227-4913-8c81-2db4abb54fb3", "c4d5b2a1-1111-4222-8333-944455556666"
CATALOG_APPLICATION, CATALOG_OTHER = "APsandboxvoice", "APsandboxother"
PLIVO_APPLICATION, PLIVO_OTHER = "16632742496743552", "16632742496743553"

RESULT = "Show the result"
# The role in a block, so that its result is shown when it fails.
_PLAY = [
    {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [
            {
                "block": [{"ansible.builtin.include_role": {"name": "telco.numbers.provision"}}],
                "always": [{"name": RESULT, "ansible.builtin.debug": {"msg": "{{ provision_result | default({}) }}"}}],
            }
        ],
    }
]


def example() -> dict[str, Any]:
    """The variables of the example plan."""
    return dict(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))


@dataclasses.dataclass(frozen=True)
class Ran(ansible_runs.Run):
    """How a run ended; ``result`` is ``provision_result``."""

    result: dict[str, Any]

    @property
    def pools(self) -> dict[str, dict[str, Any]]:
        """What the result says of each pool."""
        return {pool["name"]: pool for pool in self.result["pools"]}

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each pool."""
        return {name: pool["status"] for name, pool in self.pools.items()}

    @property
    def report(self) -> list[str]:
        """The lines of the report, which the run has shown as they are."""
        lines = str(self.result["report"]).splitlines()
        assert "\n".join(lines) in self.output.replace("\r", ""), self.output
        return lines

    @property
    def failure(self) -> str:
        """What the role fails with."""
        return str(shown(self.output, "telco.numbers.provision : The plan is converged"))

    @property
    def quotes(self) -> dict[str, str]:
        """What is to be bought for each pool that lacks numbers: how many, a month, due now, and the currency."""
        return {
            name: f"{sum(line['quantity'] for line in quote['lines'])} {quote['monthly_total']} "
            f"{quote['due_now_total']} {quote['currency']}"
            for name, pool in self.pools.items()
            for quote in [pool["quote"]]
            if quote and quote["lines"]
        }


def shown(output: str, task: str) -> Any:
    """What a task shows, or fails with."""
    _before, _head, rest = output.partition(f"TASK [{task}]")
    assert " => {" in rest, output
    return json.JSONDecoder().raw_decode(rest, rest.index(" => {") + 4)[0]["msg"]


def _given(settings: Any) -> Any:
    """A number's settings without those that are unset, and without its applications, which are links."""
    if not isinstance(settings, dict):
        return settings
    given = {key: _given(value) for key, value in settings.items() if key != "application_sid"}
    return {key: value for key, value in given.items() if value not in (None, "", {})}


class Stage:
    """A sandbox as it was seeded, and a home for the runs."""

    def __init__(self, sandbox: Server, folder: Path) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.last: list[dict[str, Any]] = []  # requests that were looked at
        self.env = ansible_runs.environment(
            folder, TELCO_NUMBERS_SETTLE_TIME="0.3", TELCO_NUMBERS_RETRIES="1", TELCO_NUMBERS_DEADLINE="20"
        )
        for row in ROWS:
            prefix = f"TELCO_NUMBERS_{row.provider.upper()}_"
            self.env.update(
                {
                    f"{prefix}{option.upper()}": value
                    for option, value in {**row.credentials, "api_url": sandbox.at(row.provider)}.items()
                }
            )
        sandbox.reset()

    # -- runs ----------------------------------------------------------------------------------------------------------

    def start(self, plan: Any, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Begin a run."""
        words, given = self._words(plan, *arguments, **options)
        return ansible_runs.start(*words, **given)

    def _words(
        self,
        plan: Any,
        *arguments: str,
        playbook: str | None = None,
        env: dict[str, str] | None = None,
        **variables: Any,
    ) -> tuple[list[str], dict[str, Any]]:
        """What a run is given. *plan* None defines none; a *playbook* of the collection leaves no result."""
        given = {**({} if plan is None else {"telco_numbers_plan": plan}), **variables}
        (self.folder / "variables.json").write_text(json.dumps(given), encoding="utf-8")
        (self.folder / "play.json").write_text(json.dumps(_PLAY), encoding="utf-8")
        return ["playbook", playbook or "play.json", "-e", "@variables.json", *arguments], {
            "folder": self.folder,
            "env": {**self.env, **(env or {})},
        }

    def run(self, plan: Any, *arguments: str, **options: Any) -> Ran:
        """A whole run, which shows no secret."""
        words, given = self._words(plan, *arguments, **options)
        ran = ansible_runs.run(*words, **given, merged=True)
        output = ran.stdout
        assert "Traceback" not in output and [secret for secret in SECRETS if secret in output] == [], output
        return Ran(ran.returncode, output, shown(output, RESULT) if f"TASK [{RESULT}]" in output else {})

    def converge(self, plan: Any, *arguments: str, **options: Any) -> Ran:
        """A run that must work."""
        ran = self.run(plan, *arguments, **options)
        assert ran.code == 0, ran.output
        return ran

    def settled(self, plan: Any, **options: Any) -> Ran:
        """A further run, which must change nothing."""
        self.log()
        ran = self.converge(plan, **options)
        assert ran.counts()["changed"] == 0 and self.writes() == [], ran.output
        assert set(ran.statuses.values()) <= {"unchanged", "pending", "partial"}, ran.statuses
        return ran

    def killed(
        self,
        plan: Any,
        match: dict[str, Any],
        when: str,
        faults: Sequence[dict[str, Any]] = (),
        others: dict[str, int] | None = None,
        **options: Any,
    ) -> None:
        """A run that is killed while a request that *match* describes is without an answer, ``before`` or ``after`` it
        is carried out. The *others*, which are worked on meanwhile, have sent so many mutating requests then.
        """
        self.sandbox.faults({"kind": "silence", "when": when, "count": 1, **match}, *faults)
        process = self.start(plan, **options)
        while not self.sandbox.control("GET", "faults")["counts"][0]["fired"]:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.02)  # asking without a pause takes a processor from the run
        while others and self._written(others) != others:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.02)
        ansible_runs.kill(process)
        self.sandbox.faults()

    def _written(self, providers: Iterable[str]) -> dict[str, int]:
        """How many mutating requests some providers were sent and have answered."""
        log = [entry for entry in self.sandbox.log() if entry["mutating"]]
        return {provider: sum(entry["provider"] == provider for entry in log) for provider in providers}

    def module(self, name: str, **arguments: Any) -> None:
        """Run a module by itself, as the messages of the role may tell."""
        ran = ansible_runs.run(
            "adhoc",
            "localhost",
            "-m",
            f"telco.numbers.{name}",
            "-a",
            json.dumps(arguments),
            folder=self.folder,
            env=self.env,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    # -- the sandbox ---------------------------------------------------------------------------------------------------

    def log(self) -> list[dict[str, Any]]:
        """The requests since the last call."""
        self.last = self.sandbox.log()
        self.sandbox.control("DELETE", "requests")
        return self.last

    def writes(self) -> list[str]:
        """The mutating requests since the log was read last."""
        return [f"{entry['method']} {entry['path']}" for entry in self.log() if entry["mutating"]]

    def change(self, provider: str, **what: Any) -> None:
        """Change what the provider's account has, as if somebody else did."""
        self.sandbox.control("PATCH", f"state/{provider}/{ACCOUNTS[provider]}", what)

    def spoil(self, provider: str, number: str, **what: Any) -> None:
        """Have somebody change a number that was bought."""
        row = self.owned(provider)[number]
        kept = {key: row[key] for key in ("number", "id", "applications", "configuration")}
        self.change(provider, own=[{**kept, "offer": row["group"], **what}])

    def state(self) -> dict[str, dict[str, Any]]:
        """What each provider's account has and has paid."""
        state = self.sandbox.control("GET", "state")
        return {provider: state[provider][account] for provider, account in ACCOUNTS.items()}

    def owned(self, provider: str) -> dict[str, dict[str, Any]]:
        """The provider's numbers."""
        return {row["number"]: row for row in self.state()[provider]["owned"]}

    def holdings(self) -> dict[str, dict[str, Any]]:
        """What the state comes to for a customer: numbers with their group, links and configuration, orders, and what
        was paid.
        """
        return {
            provider: {
                "owned": {
                    row["number"]: (row["group"], row["applications"], _given(row["configuration"]))
                    for row in state["owned"]
                },
                "orders": sorted((order["group"], order["quantity"], order["status"]) for order in state["orders"]),
                "spent": self.spent(state),
            }
            for provider, state in self.state().items()
        }

    @staticmethod
    def spent(state: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
        """What was paid, by currency."""
        return {
            currency: {key: Decimal(amounts.get(key, "0")) for key in TOTALS}
            for currency, amounts in state["spent_by_currency"].items()
        }
