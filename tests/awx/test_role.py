# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role controller with the real modules of awx.awx, against a stand-in of a controller's API that keeps AWX's
rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._providers import NAMES
from conftest import PROJECT_URL, Ansible
from controller_api import TOKEN, Controller

SECRET = "canary-plivo-5f1e0c"
CREDENTIAL = {
    "name": "Plivo",
    "credential_type": "Phone numbers: Plivo groups",
    "inputs": {"account_id": "MA1", "password": SECRET},
}
WISHES = {
    "controller_project_url": PROJECT_URL,
    "controller_image": "registry.example.com/numbers:1",
    "controller_state_mount": "/var/lib/telco.numbers",
    "controller_credentials": [CREDENTIAL],
    "controller_template_instance_groups": ["buyers"],
}
MADE = {
    "credential_types": len(NAMES),  # one for each provider
    "credentials": 1,
    "execution_environments": 1,
    "projects": 1,
    "inventories": 1,
    "inventory_sources": 1,
    "job_templates": 7,
    "workflow_job_templates": 1,
    "workflow_job_template_nodes": 4,
    "workflow_approval_templates": 1,
    "schedules": 1,
}


@pytest.fixture
def controller() -> Iterator[Controller]:
    """An empty one with an organisation and an instance group."""
    controller = Controller()
    controller.make("instance_groups", {"name": "buyers"})
    yield controller
    controller.stop()


@pytest.fixture
def ansible(tmp_path: Path, awx_collection: str) -> Ansible:
    return Ansible(tmp_path, awx_collection)


def apply(ansible: Ansible, controller: Controller, *arguments: str, **wishes: Any) -> tuple[bool, str]:
    """Whether a run of the playbook succeeds, and what it says, which holds no secret. A wish that is None is not
    made.
    """
    env = {"CONTROLLER_HOST": controller.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}
    (ansible.folder / "controller.yml").write_text(
        json.dumps({name: wish for name, wish in {**WISHES, **wishes}.items() if wish is not None})
    )
    ran = ansible.run("playbook", "telco.numbers.controller", "-e", "@controller.yml", *arguments, **env)
    said = ran.stdout + ran.stderr
    assert SECRET not in said and TOKEN not in said and "http://proxy" not in said
    return ran.returncode == 0, said


def test_the_second_run_changes_nothing(ansible: Ansible, controller: Controller, lists: dict[str, Any]) -> None:
    sound, said = apply(ansible, controller)
    assert sound and re.search(r"changed=10 .* failed=0", said), said
    assert {kind: len(controller.objects[kind]) for kind in MADE} == MADE
    # What AWX keeps is what the lists say: injectors are still templates, and surveys whole.
    for found in lists["credential_types"]:
        kept = controller.named("credential_types", found["name"])
        assert {key: kept[key] for key in found} == found
    for found in lists["templates"]:
        kept = controller.named("job_templates", found["name"])
        assert (kept["survey_spec"], kept["playbook"], kept["allow_simultaneous"]) == (
            found["survey_spec"],
            found["playbook"],
            found["allow_simultaneous"],
        )
        assert kept["project"] == controller.named("projects", "Phone numbers")["id"]
        assert kept["execution_environment"] == controller.named("execution_environments", "Phone numbers")["id"]
        assert controller.linked("job_templates", found["name"], "credentials") == [
            controller.named("credentials", "Plivo")["id"]
        ]
        assert controller.linked("job_templates", found["name"], "instance_groups") == [
            controller.named("instance_groups", "buyers")["id"]
        ]
    nodes = {node["identifier"]: node for node in controller.objects["workflow_job_template_nodes"].values()}
    assert controller.links[f"workflow_job_template_nodes/{nodes['quote']['id']}/success_nodes"] == [
        nodes["approval"]["id"]
    ]
    assert controller.links[f"workflow_job_template_nodes/{nodes['approval']['id']}/success_nodes"] == [
        nodes["provision"]["id"]
    ]
    assert controller.links[f"workflow_job_template_nodes/{nodes['provision']['id']}/always_nodes"] == [
        nodes["audit"]["id"]
    ]
    assert controller.settings == {
        "AWX_ISOLATION_SHOW_PATHS": ["/etc/pki:/etc/pki:O", "/var/lib/telco.numbers:/var/lib/telco.numbers"],
        "AWX_TASK_ENV": {"HTTPS_PROXY": "http://proxy", "TELCO_NUMBERS_JOURNAL": "/var/lib/telco.numbers/journal"},
    }

    controller.writes.clear()
    sound, said = apply(ansible, controller)
    assert sound and re.search(r"changed=0 .* failed=0", said), said
    # The module for inventories sends what it was not told as null, which is no change.
    assert [(method, path) for method, path, _body in controller.writes] == [
        ("PATCH", f"/inventories/{controller.named('inventories', 'Phone numbers')['id']}/")
    ]


@pytest.fixture
def prepared(controller: Controller, lists: dict[str, Any]) -> dict[str, Any]:
    """Wishes that concern the nightly audit alone, whose template is there with a credential that somebody gave it by
    hand.
    """
    (found,) = [found for found in lists["templates"] if found["name"] == "Phone numbers: audit"]
    for kind in ("projects", "inventories"):
        controller.make(kind, {"name": "Phone numbers", "organization": 1})
    template = controller.make("job_templates", {"name": found["name"], "organization": 1, "playbook": "audit.yml"})
    template["survey_spec"] = found["survey_spec"]
    controller.links[f"job_templates/{template['id']}/credentials"] = [
        controller.make("credentials", {"name": "by hand"})["id"]
    ]
    controller.writes.clear()
    kinds = (
        "credential_types",
        "execution_environments",
        "projects",
        "inventories",
        "inventory_sources",
        "workflows",
        "settings",
        "credentials",
    )
    empty: dict[str, Any] = {f"controller_{kind}": [] for kind in kinds}
    return {**empty, "controller_template_instance_groups": [], "controller_image": "", "controller_templates": [found]}


def test_what_is_empty_is_left_as_it_is(ansible: Ansible, controller: Controller, prepared: dict[str, Any]) -> None:
    sound, said = apply(ansible, controller, **prepared)
    assert sound and re.search(r"changed=2 ", said), said
    assert controller.linked("job_templates", "Phone numbers: audit", "credentials") == [
        controller.named("credentials", "by hand")["id"]
    ]


def test_a_change_is_made_and_check_mode_makes_none(
    ansible: Ansible, controller: Controller, prepared: dict[str, Any]
) -> None:
    audit = controller.named("job_templates", "Phone numbers: audit")["id"]
    body = {
        "name": "Phone numbers: nightly audit",
        "unified_job_template": audit,
        "rrule": "DTSTART:20260101T020000Z RRULE:FREQ=DAILY;INTERVAL=1",
    }
    schedule = controller.make("schedules", body)
    wishes = {**prepared, "controller_templates": [], "controller_audit_fail_on": ["missing"]}
    controller.writes.clear()
    for arguments, writes in ((("--check", "--diff", "-vvv"), 0), ((), 1)):
        sound, said = apply(ansible, controller, *arguments, **wishes)
        assert sound and re.search(r"changed=1 ", said) and len(controller.writes) == writes, said
    assert (schedule["extra_data"], schedule["rrule"]) == (
        {"audit_fail_on": ["missing"]},
        "DTSTART;TZID=UTC:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1",
    )


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            {"controller_projects": [{"name": "Phone numbers", "organisation": "Default"}]},
            "Unsupported parameters for (awx.awx.project) module: organisation",
        ),
        ({"controller_schedules": [{"rrule": "x"}]}, "missing required arguments: name"),
        ({"controller_audit_fail_on": ["everything"]}, "audit_fail_on: everything is no choice"),
        ({"controller_audit_rrule": "DTSTART:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1"}, "needs one DTSTART"),
        ({"controller_project_url": None}, "missing required arguments: controller_project_url"),
    ],
)
def test_what_the_modules_or_awx_refuse_is_told(
    ansible: Ansible, controller: Controller, prepared: dict[str, Any], wishes: dict[str, Any], words: str
) -> None:
    sound, said = apply(ansible, controller, **{**prepared, **wishes})
    assert not sound and words in said, said
