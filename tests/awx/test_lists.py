# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role controller defines, against AWX's rules, the modules' options and the roles' arguments."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import rules
import yaml
from ansible_collections.telco.numbers.plugins.module_utils import _providers
from ansible_collections.telco.numbers.plugins.module_utils._tasks import options
from conftest import ROOT, Ansible

PROJECT = ROOT / "examples" / "awx_project"
PROVIDER = {
    "Sinch portal": "sinch_portal",
    "Sinch catalogue": "sinch_catalog",
    "Infobip SMS": "infobip_sms",
    "Plivo groups": "plivo_groups",
    "Telnyx": "telnyx",
    "Bandwidth": "bandwidth",
    "Twilio": "twilio",
}
# What a survey's type gives, and which types of an argument take it.
TAKES = {
    "text": {"str", "raw"},
    "textarea": {"str", "raw"},
    "multiplechoice": {"str"},
    "integer": {"int"},
    "multiselect": {"list"},
}
# What changes something at a provider, by playbook; the rest only reads.
WRITES = {"provision.yml", "assign.yml", "decommission.yml"}


def provider_of(credential_type: dict[str, Any]) -> str:
    """The provider that a credential type is for."""
    return PROVIDER[credential_type["name"].removeprefix("Phone numbers: ")]


def surveys(lists: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The survey of each template and workflow."""
    return {template["name"]: template["survey_spec"] for template in [*lists["templates"], *lists["workflows"]]}


# -- credential types --------------------------------------------------------------------------------------------------


def test_credential_types_are_what_awx_takes(lists: dict[str, Any]) -> None:
    for found in lists["credential_types"]:
        assert rules.inputs(found["inputs"]) == [] and rules.injectors(found["injectors"], found["inputs"]) == []


def test_each_provider_has_one_credential_type(lists: dict[str, Any]) -> None:
    assert sorted(provider_of(found) for found in lists["credential_types"]) == sorted(_providers.NAMES)


@pytest.mark.parametrize("name", _providers.NAMES)
def test_inputs_and_injectors_are_the_options_of_the_modules_and_their_environment(
    lists: dict[str, Any], name: str
) -> None:
    (found,) = [found for found in lists["credential_types"] if provider_of(found) == name]
    access = _providers.load(name).access
    # Each option that opens the account is a field, and each field one of these.
    fields = {field["id"]: field for field in found["inputs"]["fields"]}
    assert set(fields) == {credential.option for credential in access.credentials} | {"api_url"}
    # Each is injected under the first name that the modules look for.
    places = {
        credential.option: [*credential.env, f"TELCO_NUMBERS_{name}_{credential.option}".upper()]
        for credential in access.credentials
    }
    places["api_url"] = [*access.url_env, f"TELCO_NUMBERS_{name}_API_URL".upper()]
    assert found["injectors"] == {"env": {places[option][0]: "{{ " + option + " }}" for option in fields}}
    # Secrets are secret, and what every method needs is required.
    assert {option for option in fields if fields[option].get("secret")} == set(fields) & set(options.SECRETS)
    needed = set.intersection(*(set(method) for method in access.methods)) | set(access.required)
    assert set(found["inputs"]["required"]) == needed


def test_no_two_credential_types_inject_the_same(lists: dict[str, Any]) -> None:
    names = [name for found in lists["credential_types"] for name in found["injectors"]["env"]]
    assert len(names) == len(set(names)) and not any(
        found["injectors"].keys() - {"env"} for found in lists["credential_types"]
    )


# -- surveys -----------------------------------------------------------------------------------------------------------


def test_surveys_are_what_awx_takes(lists: dict[str, Any]) -> None:
    assert {name: rules.survey(spec) for name, spec in surveys(lists).items() if rules.survey(spec)} == {}


def arguments(playbook: str) -> tuple[dict[str, Any], str]:
    """The arguments of what a playbook of the project imports, by name, and the text of the playbook."""
    (imported,) = yaml.safe_load((PROJECT / playbook).read_text())
    text = (
        ROOT / "playbooks" / (imported["ansible.builtin.import_playbook"].removeprefix("telco.numbers.") + ".yml")
    ).read_text()
    (play,) = yaml.safe_load(text)
    found: dict[str, Any] = {}
    for role in play.get("roles", ()):
        spec = yaml.safe_load(
            (ROOT / "roles" / role["role"].removeprefix("telco.numbers.") / "meta" / "argument_specs.yml").read_text()
        )
        found.update(spec["argument_specs"]["main"]["options"])
    for task in play.get("tasks", ()):
        found.update(task.get("ansible.builtin.validate_argument_spec", {}).get("argument_spec", {}))
    for name, value in play.get("vars", {}).items():
        found[name] = {**found[name], "default": value}
    hosts = re.match(r"{{ (\w+_hosts) \| default\('localhost'\) }}", play["hosts"])
    if hosts:
        found[hosts[1]] = {"type": "str", "default": imported["vars"][hosts[1]]}
    return found, text


def test_surveys_ask_for_what_the_playbooks_take(lists: dict[str, Any]) -> None:
    for template in lists["templates"]:
        taken, _text = arguments(template["playbook"])
        for question in template["survey_spec"]["spec"]:
            argument = taken[question["variable"]]
            assert argument.get("type", "str") in TAKES[question["type"]], question
            assert set(question.get("choices", ())) <= set(argument.get("choices", question.get("choices", ()))), (
                question
            )
            if question["type"] == "multiselect":
                assert (
                    question["choices"] == argument["choices"]
                    and question["default"] == ""
                    and argument["default"] == []
                )
            elif "default" in argument and not question["required"]:
                assert question["default"] == argument["default"], question
            assert question["required"] or "default" in argument, question
        assert set(template.get("extra_vars", {})) <= set(taken)
        asked = {question["variable"] for question in template["survey_spec"]["spec"]}
        assert {name for name, argument in taken.items() if argument.get("required")} - asked <= {"provision_plan"}


def test_the_confirmation_is_asked_for_where_numbers_are_released_and_nowhere_has_a_default(
    lists: dict[str, Any],
) -> None:
    releasing = [
        template
        for template in lists["templates"]
        if template["playbook"] == "decommission.yml" and template["job_type"] == "run"
    ]
    (question,) = [
        question for question in releasing[0]["survey_spec"]["spec"] if question["variable"] == "decommission_checksum"
    ]
    assert (question["required"], question["default"], question["min"], question["max"]) == (True, "", 64, 64)


def test_assignments_are_offered_for_each_provider_that_links(lists: dict[str, Any]) -> None:
    (spec,) = [
        template["survey_spec"]["spec"] for template in lists["templates"] if template["playbook"] == "assign.yml"
    ]
    linking = sorted(name for name in _providers.NAMES if _providers.load(name).features.linked_capabilities)
    capabilities = {capability for name in linking for capability in _providers.load(name).features.linked_capabilities}
    choices = {question["variable"]: question.get("choices") for question in spec}
    assert (choices["assign_provider"], set(choices["assign_capability"])) == (linking, {"all", *capabilities})


def test_no_survey_and_no_variable_takes_a_secret(lists: dict[str, Any]) -> None:
    questions = [question for spec in surveys(lists).values() for question in spec["spec"]]
    assert "password" not in [question["type"] for question in questions]
    given = [
        *(question["variable"] for question in questions),
        *(name for template in lists["templates"] for name in template.get("extra_vars", {})),
    ]
    assert [name for name in given if any(word in name for word in (*options.SECRETS, "account_id", "username"))] == []


# -- templates, workflow, schedule -------------------------------------------------------------------------------------


def test_playbooks_are_files_of_the_project_and_all_of_them_are_used(lists: dict[str, Any]) -> None:
    playbooks = {path.name for path in PROJECT.glob("*.yml")} - {"numbers.yml", "numbers.telco_plan.yml"}
    assert {template["playbook"] for template in lists["templates"]} == playbooks
    assert [source["source_path"] for source in lists["inventory_sources"]] == ["numbers.telco_plan.yml"]


def test_what_writes_runs_one_at_a_time_and_what_reads_is_told_so(lists: dict[str, Any]) -> None:
    for template in lists["templates"]:
        writes = template["playbook"] in WRITES and template["job_type"] == "run"
        assert template["allow_simultaneous"] is not writes
        assert not template.get("ask_variables_on_launch") and not template.get("ask_credential_on_launch")
        assert not template.get("ask_job_type_on_launch") or template["job_type"] == "run"
    assert [workflow["allow_simultaneous"] for workflow in lists["workflows"]] == [False]
    assert [template["job_type"] for template in lists["templates"] if template["playbook"] == "quote.yml"] == ["check"]


def test_the_workflow_asks_before_it_buys_and_audits_in_any_case(lists: dict[str, Any]) -> None:
    (workflow,) = lists["workflows"]
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    after = {
        name: {(how, one["identifier"]) for how, ones in node.get("related", {}).items() for one in ones}
        for name, node in nodes.items()
    }
    assert after == {
        "quote": {("success_nodes", "approval")},
        "approval": {("success_nodes", "provision")},
        "provision": {("always_nodes", "audit")},
        "audit": set(),
    }
    assert nodes["approval"]["unified_job_template"]["type"] == "workflow_approval"
    names = {template["name"] for template in lists["templates"]}
    assert {node["unified_job_template"]["name"] for name, node in nodes.items() if name != "approval"} <= names


def test_jobs_that_nobody_starts_by_hand_need_no_answer(lists: dict[str, Any]) -> None:
    specs = surveys(lists)
    for schedule in lists["schedules"]:
        assert rules.schedule(schedule["rrule"]) == []
        assert rules.launch(specs[schedule["unified_job_template"]], schedule["extra_data"]) == []
    (workflow,) = lists["workflows"]
    answers = rules.defaults(workflow["survey_spec"])
    assert answers == {"provision_hosts": "telco_numbers_accounts"}
    for node in workflow["workflow_nodes"]:
        if node["unified_job_template"]["type"] == "job_template":
            asked = [
                question for question in specs[node["unified_job_template"]["name"]]["spec"] if question["required"]
            ]
            assert [question for question in asked if question["variable"] not in answers] == []


def test_what_outlives_a_job_is_in_the_directory_that_is_mounted(ansible: Ansible) -> None:
    present = {
        "AWX_ISOLATION_SHOW_PATHS": ["/etc/pki:/etc/pki:O", "/old:/state:z"],
        "AWX_TASK_ENV": {"HTTPS_PROXY": "http://proxy"},
    }
    wishes = {
        "controller_state_dir": "/state",
        "controller_state_mount": "/srv/numbers",
        "controller_present_settings": present,
    }
    lists = ansible.lists(**wishes)
    kept = [path for template in lists["templates"] for path in template.get("extra_vars", {}).values()]
    assert kept == ["/state/audit", "/state/released"]
    environment = {"HTTPS_PROXY": "http://proxy", "TELCO_NUMBERS_JOURNAL": "/state/journal"}
    assert lists["settings"] == [
        {
            "settings": {
                "AWX_ISOLATION_SHOW_PATHS": ["/etc/pki:/etc/pki:O", "/srv/numbers:/state"],
                "AWX_TASK_ENV": environment,
            }
        }
    ]


def test_the_settings_are_left_alone_without_a_mount(lists: dict[str, Any]) -> None:
    assert lists["settings"] == [] and lists["execution_environments"] == []


def test_the_project_has_a_credential_only_when_one_is_named(lists: dict[str, Any], ansible: Ansible) -> None:
    assert "credential" not in lists["projects"][0]  # an empty one is looked for by infra.aap_configuration
    assert ansible.lists(controller_project_credential="Git")["projects"][0]["credential"] == "Git"


def test_wishes_reach_the_lists(ansible: Ansible) -> None:
    wishes = {
        "controller_prefix": "EU",
        "controller_organization": "Europe",
        "controller_image": "registry.example.com/numbers:1",
        "controller_slices": 7,
        "controller_credentials": [{"name": "Plivo EU", "credential_type": "Phone numbers: Plivo groups"}],
        "controller_template_instance_groups": ["buyers"],
    }
    lists = ansible.lists(**wishes)
    for template in lists["templates"]:
        assert (template["credentials"], template["execution_environment"], template["instance_groups"]) == (
            ["Plivo EU"],
            "EU",
            ["buyers"],
        )
        assert template["prevent_instance_group_fallback"] is True
    assert [template["job_slice_count"] for template in lists["templates"] if "job_slice_count" in template] == [7]
    assert "Phone numbers:" not in json.dumps(
        {name: value for name, value in lists.items() if name != "credential_types"}
    )
    assert {
        template["organization"]
        for name in ("projects", "templates", "workflows", "schedules")
        for template in lists[name]
    } == {"Europe"}


# -- the rules themselves ----------------------------------------------------------------------------------------------


FIELD = {"id": "token", "label": "Token", "type": "string"}
QUESTION = {
    "question_name": "Which",
    "variable": "which",
    "type": "multiplechoice",
    "required": False,
    "choices": ["a", "b"],
    "default": "a",
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": "2nd"}, "no name"),
        ({"id": "tower"}, "no name"),
        ({"label": None}, "no label"),
        ({"type": "int"}, "unknown type"),
        ({"hidden": True}, "unknown key hidden"),
        ({"type": "boolean", "secret": True}, "takes no secret"),
        ({"secret": "yes"}, "must be yes or no"),
        ({"default": 3}, "default that is no string"),
        ({"format": "email"}, "unknown format"),
    ],
)
def test_a_wrong_field_is_seen(change: dict[str, Any], problem: str) -> None:
    assert problem in " ".join(rules.inputs({"fields": [{**FIELD, **change}]}))


def test_wrong_inputs_are_seen() -> None:
    assert rules.inputs({"fields": [FIELD], "required": ["token"]}) == []
    assert (
        "twice" in rules.inputs({"fields": [FIELD, FIELD]})[0]
        and "no field" in rules.inputs({"fields": [FIELD], "required": ["key"]})[0]
    )
    assert "unknown key" in rules.inputs({"fields": [], "metadata": []})[0]


@pytest.mark.parametrize(
    ("env", "problem"),
    [
        ({"ANSIBLE_TOKEN": "x"}, "may not be set"),
        ({"PATH": "x"}, "may not be set"),
        ({"A-B": "x"}, "may not be set"),
        ({"A": "ü"}, "ASCII"),
        ({"A": "{{ key }}"}, "undefined"),
        ({"A": "{{ token"}, "unexpected end"),
        ({"A": "{{ token.__class__.__mro__ }}"}, "unsafe"),
    ],
)
def test_a_wrong_injector_is_seen(env: dict[str, str], problem: str) -> None:
    assert problem in " ".join(rules.injectors({"env": env}, {"fields": [FIELD]}))
    assert rules.injectors({"env": {"TOKEN": "{{ token }}"}}, {"fields": [FIELD]}) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"variable": None}, "no variable"),
        ({"question_name": ""}, "no question_name"),
        ({"type": "bool"}, "unknown type"),
        ({"required": "yes"}, "required"),
        ({"default": "c"}, "no choice"),
        ({"default": "a\nb"}, "several"),
        ({"choices": []}, "no choices"),
        ({"min": "1"}, "whole number"),
        ({"type": "multiselect", "default": ["a"]}, "default that is no multiselect"),
        ({"type": "integer", "default": "3"}, "default that is no integer"),
        ({"type": "integer", "default": 3, "max": 2}, "too large"),
        ({"type": "password", "default": "$encrypted$"}, "reserved"),
        ({"new": True}, "unknown key"),
    ],
)
def test_a_wrong_question_is_seen(change: dict[str, Any], problem: str) -> None:
    assert problem in " ".join(rules.survey({"name": "", "description": "", "spec": [{**QUESTION, **change}]}))


def test_wrong_surveys_and_answers_are_seen() -> None:
    spec = {
        "name": "",
        "description": "",
        "spec": [QUESTION, {**QUESTION, "variable": "many", "type": "multiselect", "required": True}],
    }
    assert rules.survey(spec) == [] and "missing" in rules.survey({"spec": []})[0]
    assert (
        "twice" in rules.survey({**spec, "spec": [QUESTION, QUESTION]})[0] and rules.survey({**spec, "spec": []}) != []
    )
    assert rules.launch(spec, {"many": ["a"]}) == [] and rules.launch(spec, {}) == ["many is required"]
    assert rules.launch(spec, {"many": "a", "more": 1}) == ["more is not asked for", "many is no multiselect"]
    assert rules.defaults(spec) == {"which": "a"}  # the text of a multiselect's default is no list


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DTSTART:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260101T020000Z",
        "DTSTART:20260101T020000Z RRULE:FREQ=DAILY",
    ],
)
def test_a_wrong_schedule_is_seen(text: str) -> None:
    assert rules.schedule(text) != []


def test_a_change_of_the_lists_would_be_seen(lists: dict[str, Any]) -> None:
    broken = copy.deepcopy(lists)
    broken["templates"][0]["survey_spec"]["spec"][0]["variable"] = "provision_host"
    with pytest.raises(KeyError):
        test_surveys_ask_for_what_the_playbooks_take(broken)
    broken["credential_types"][0]["injectors"]["env"].popitem()
    with pytest.raises(AssertionError):
        test_inputs_and_injectors_are_the_options_of_the_modules_and_their_environment(
            broken, provider_of(broken["credential_types"][0])
        )


def test_the_readme_and_the_specification_name_every_variable(ansible: Ansible) -> None:
    folder = ROOT / "roles" / "controller"
    defined = {
        name
        for path in (folder / "defaults" / "main").iterdir()
        for name in yaml.load(path.read_text(), Loader=_Loader)
        if not name.startswith("__")
    }
    documented = set(
        yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    )
    assert documented - defined == {"controller_project_url"} and defined - documented == {
        "controller_present_settings"
    }
    readme = Path(folder / "README.md").read_text()
    assert [name for name in documented | defined if f"`{name}`" not in readme] == []


def test_the_guide_names_what_is_there(lists: dict[str, Any], ansible: Ansible) -> None:
    guide = (ROOT / "docs" / "awx.md").read_text()
    there = {found["name"] for kind in lists.values() for found in kind if "name" in found}
    named = set(re.findall(r"\*(Phone numbers: [^*]+)\*", guide)) | set(re.findall(r"`(Phone numbers: [^`]+)`", guide))
    assert named and named - there == set()
    (wishes,) = re.findall(r"```yaml\n# controller.yml\n(.*?)```", guide, re.S)
    assert {found["credential_type"] for found in yaml.safe_load(wishes)["controller_credentials"]} <= there
    settings = {"AWX_ISOLATION_SHOW_PATHS": [], "AWX_TASK_ENV": {}}
    made = ansible.lists(**yaml.safe_load(wishes), controller_present_settings=settings)
    assert (
        made["templates"][0]["credentials"] == ["Plivo", "Infobip"]
        and made["execution_environments"]
        and made["settings"]
    )


class _Loader(yaml.SafeLoader):
    """Ansible's own tags are of no interest here."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
