# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each job template, run as AWX runs it against the sandbox, with canaries for secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import rules
from awx_job import Controller, Job
from conftest import ROOT
from sandbox_server import Server

SEED = json.loads((ROOT / "roles" / "sandbox" / "files" / "telco_numbers_sandbox" / "default_seed.json").read_text())
_SECRETS = ("portal", "key", "key-secret", "infobip_sms", "plivo_groups", "twilio", "telnyx", "bandwidth")
CANARIES = {name: f"canary-{name}-5f1e0c" for name in _SECRETS}


def seed() -> dict[str, Any]:
    """The sandbox's usual accounts, opened by the canaries."""
    text = json.dumps(SEED)
    usual = {
        "portal": "sandbox-portal-password",
        "key-secret": "sandbox-catalog-secret",
        "key": "sandbox-catalog-key",
        "infobip_sms": "sandbox-infobip-api-key",
        "plivo_groups": "sandbox-plivo-auth-token",
        "twilio": "sandbox-twilio-auth-token",
        "telnyx": "KEY01SANDBOX_telnyx_key",
        "bandwidth": "sandbox-bandwidth-secret",
    }
    for name, word in usual.items():
        assert f'"{word}"' in text
        text = text.replace(f'"{word}"', f'"{CANARIES[name]}"')
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture
def sandbox(process: Server) -> Server:
    """The running sandbox, opened by the canaries."""
    process.reset(seed())
    return process


PROVIDERS = {
    "Phone numbers: Sinch portal": "sinch_portal",
    "Phone numbers: Sinch catalogue": "sinch_catalog",
    "Phone numbers: Infobip SMS": "infobip_sms",
    "Phone numbers: Plivo groups": "plivo_groups",
    "Phone numbers: Twilio": "twilio",
    "Phone numbers: Telnyx": "telnyx",
    "Phone numbers: Bandwidth": "bandwidth",
}


@pytest.fixture
def controller(sandbox: Server, tmp_path: Path, lists: dict[str, Any]) -> Controller:
    """One with a credential of each type. What need not be filled in is left empty."""
    inputs = {
        "Phone numbers: Sinch portal": {
            "username": "sandbox@example.com",
            "password": CANARIES["portal"],
            "account_id": "",
        },
        "Phone numbers: Sinch catalogue": {
            "account_id": "ACsandbox",
            "api_key": CANARIES["key"],
            "api_secret": CANARIES["key-secret"],
        },
        "Phone numbers: Infobip SMS": {"api_key": CANARIES["infobip_sms"]},
        "Phone numbers: Plivo groups": {"account_id": "MASANDBOXACCOUNT0001", "password": CANARIES["plivo_groups"]},
        "Phone numbers: Twilio": {"account_id": f"AC{1:032}", "password": CANARIES["twilio"]},
        "Phone numbers: Telnyx": {"account_id": "sandbox-telnyx", "api_key": CANARIES["telnyx"]},
        "Phone numbers: Bandwidth": {
            "account_id": "5550001",
            "api_key": "sandbox-bandwidth-client",
            "api_secret": CANARIES["bandwidth"],
        },
    }
    return Controller(
        tmp_path,
        lists["credential_types"],
        {name: {**given, "api_url": sandbox.at(PROVIDERS[name])} for name, given in inputs.items()},
    )


def template(lists: dict[str, Any], name: str, tmp_path: Path) -> dict[str, Any]:
    """A job template whose state is kept below *tmp_path*."""
    (found,) = [found for found in lists["templates"] if found["name"] == f"Phone numbers: {name}"]
    kept = {
        key: value.replace("/var/lib/telco.numbers", f"{tmp_path}/state")
        for key, value in found.get("extra_vars", {}).items()
    }
    return {**found, "extra_vars": kept}


class Launcher:
    """Starts jobs, and sees to it that answers are allowed and that no secret is left anywhere."""

    def __init__(self, controller: Controller, lists: dict[str, Any], folder: Path) -> None:
        self.controller, self._lists, self._folder = controller, lists, folder

    def __call__(
        self,
        name: str,
        handed_on: dict[str, Any] | None = None,
        limit: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        **answers: Any,
    ) -> Job:
        found = template(self._lists, name, self._folder)
        assert rules.launch(found["survey_spec"], answers) == []
        job = self.controller.launch(
            found, {**rules.defaults(found["survey_spec"]), **(handed_on or {}), **answers}, limit, **(env or {})
        )
        assert leaks(job) == []
        return job


@pytest.fixture
def launch(controller: Controller, lists: dict[str, Any], tmp_path: Path) -> Launcher:
    return Launcher(controller, lists, tmp_path)


def leaks(job: Job) -> list[str]:
    """Where the canaries are. The environment that ansible-runner writes down is the job's own, which AWX shows
    masked.
    """
    assert [canary for canary in CANARIES.values() if canary in json.dumps(job.shown)] == []
    assert sorted(set(CANARIES.values()) & set(job.environment.values())) == sorted(CANARIES.values())
    found = []
    for name, content in job.files():
        if name.endswith("/command"):
            command = json.loads(content)
            command["env"] = {key: value for key, value in command["env"].items() if key not in job.environment}
            content = json.dumps(command)
        found += [f"{name}: {canary}" for canary in CANARIES.values() if canary in content]
    assert {"command", "stdout"} <= {name.split("/")[-1] for name, _content in job.files()} and any(
        "job_events" in name for name, _content in job.files()
    )
    return found


def owned(sandbox: Server) -> dict[str, list[str]]:
    """The numbers of the accounts of the plan."""
    accounts = {
        "sinch_portal": "8888123",
        "sinch_catalog": "ACsandbox",
        "infobip_sms": "infobip-user",
        "plivo_groups": "MASANDBOXACCOUNT0001",
    }
    return {
        name: sorted(number["number"] for number in sandbox.state(name, account)["owned"])
        for name, account in accounts.items()
    }


def writes(sandbox: Server) -> list[str]:
    """The requests so far that may have changed something; a log-in is none."""
    return [request["path"] for request in sandbox.log() if request["mutating"]]


def test_from_a_quote_to_an_audit(launch: Launcher, sandbox: Server, tmp_path: Path) -> None:
    quote = launch("quote")
    assert (quote.status, writes(sandbox)) == ("successful", [])
    assert re.fullmatch("sha256:[0-9a-f]{64}", quote.handed_on["provision_checksum"])

    assert launch("provision", handed_on=quote.handed_on).status == "successful"
    assert {name: len(numbers) for name, numbers in owned(sandbox).items()} == {
        "sinch_portal": 1,
        "sinch_catalog": 1,
        "infobip_sms": 1,
        "plivo_groups": 2,
    }
    again = launch("quote")
    assert again.handed_on["provision_checksum"] != quote.handed_on["provision_checksum"]
    sandbox.control("DELETE", "requests")
    assert launch("provision", handed_on=again.handed_on).status == "successful" and writes(sandbox) == []

    numbers = owned(sandbox)["plivo_groups"]
    asked = {
        "assign_provider": "plivo_groups",
        "assign_application": "16632742496743552",
        "assign_numbers": f" {numbers[0]}\n\n{numbers[1]}\n",
    }
    assert launch("assign", **asked, assign_state="absent").status == "successful"
    assert launch("audit", audit_fail_on=["unassigned"]).status == "failed"
    assert launch("assign", **asked).status == "successful"
    assert launch("audit", audit_fail_on=["any"], audit_title="Nightly").status == "successful"
    assert "Nightly" in (tmp_path / "state" / "audit" / "telco_numbers_audit.html").read_text()


def test_nothing_is_bought_after_a_quote_that_had_nothing_to_buy(launch: Launcher, sandbox: Server) -> None:
    assert launch("provision").status == "successful"
    nothing = launch("quote").handed_on
    sandbox.control("PATCH", "state/plivo_groups/MASANDBOXACCOUNT0001", {"release": owned(sandbox)["plivo_groups"][:1]})
    sandbox.control("DELETE", "requests")
    job = launch("provision", handed_on=nothing)
    assert (job.status, writes(sandbox)) == ("failed", []) and "and the quote bought none" in job.stdout


def test_slices_share_out_the_accounts(launch: Launcher, sandbox: Server) -> None:
    """A slice is a part of the plan, so under its limits it needs the checksum of the whole."""
    first = ("plivo_groups", "infobip_sms")
    assert launch("provision in slices", limit=first).status == "failed" and writes(sandbox) == []
    handed_on = launch("quote").handed_on
    assert launch("provision in slices", handed_on, limit=first).status == "successful"
    assert {name: len(numbers) for name, numbers in owned(sandbox).items()} == {
        "sinch_portal": 0,
        "sinch_catalog": 0,
        "infobip_sms": 1,
        "plivo_groups": 2,
    }
    assert launch("provision in slices", handed_on, limit=("sinch_portal", "sinch_catalog")).status == "successful"
    assert all(owned(sandbox).values())


def test_a_release_needs_the_checksum_of_its_preview(
    launch: Launcher, controller: Controller, sandbox: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launch("provision").status == "successful"
    plan = controller.hosts

    def retired(env: Any) -> dict[str, Any]:
        """The inventory of a plan that retires the named numbers."""
        found = plan(env)
        found["_meta"]["hostvars"]["infobip_sms"]["telco_numbers_plan"][0]["state"] = "retired"
        return found

    monkeypatch.setattr(controller, "hosts", retired)
    sandbox.control("DELETE", "requests")
    preview = launch("release preview")
    checksum = preview.stdout.split("Checksum: ")[1][:64]
    assert (preview.status, writes(sandbox)) == ("successful", [])
    assert (launch("release", decommission_checksum="0" * 64).status, writes(sandbox)) == ("failed", [])
    job = launch("release", decommission_checksum=checksum)
    assert (job.status, owned(sandbox)["infobip_sms"]) == ("successful", [])
    (record,) = (tmp_path / "state" / "released").iterdir()
    assert "+447860041117" in record.read_text()


def test_without_the_mount_nothing_is_bought(launch: Launcher, sandbox: Server, tmp_path: Path) -> None:
    """The image has a file where the journal's directory is to be; the mount hides it."""
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "journal").write_text("")
    job = launch("provision", env={"TELCO_NUMBERS_JOURNAL": str(tmp_path / "image" / "journal")})
    assert (job.status, writes(sandbox)) == ("failed", []) and "journal_required" in job.stdout


def test_a_provision_that_quotes_only_is_refused_where_it_would_buy(
    launch: Launcher, controller: Controller, sandbox: Server, lists: dict[str, Any]
) -> None:
    (quote,) = [found for found in lists["templates"] if found["playbook"] == "quote.yml"]
    job = controller.launch({**quote, "job_type": "run"}, {})
    assert (job.status, sandbox.log()) == ("failed", []) and "This playbook only quotes" in job.stdout


def test_a_secret_that_leaks_would_be_seen(controller: Controller, lists: dict[str, Any], tmp_path: Path) -> None:
    job = controller.launch(
        template(lists, "quote", tmp_path), {"provision_hosts": f"plivo_groups:{CANARIES['plivo_groups']}"}
    )
    assert leaks(job) != []
