# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts, in words of our own: each function returns the problems of one thing, an empty list for a sound
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dateutil import rrule
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*\Z")
FIELD_KEYS = {
    "id",
    "label",
    "type",
    "format",
    "choices",
    "help_text",
    "multiline",
    "secret",
    "ask_at_runtime",
    "default",
}
FOR_STRINGS = {"choices", "multiline", "format", "secret"}
FIELD_TYPES = {"string": str, "boolean": bool}
# What a job sets itself.
TAKEN = {
    "VIRTUAL_ENV",
    "PATH",
    "PYTHONPATH",
    "JOB_ID",
    "INVENTORY_ID",
    "INVENTORY_SOURCE_ID",
    "INVENTORY_UPDATE_ID",
    "AD_HOC_COMMAND_ID",
    "REST_API_URL",
}
TAKEN |= {
    "REST_API_TOKEN",
    "MAX_EVENT_RES",
    "CALLBACK_QUEUE",
    "CALLBACK_CONNECTION",
    "CACHE",
    "JOB_CALLBACK_DEBUG",
    "INVENTORY_HOSTVARS",
    "AWX_HOST",
}
TAKEN |= {"PROJECT_REVISION", "SUPERVISOR_CONFIG_PATH"}
QUESTION_KEYS = {
    "question_name",
    "question_description",
    "variable",
    "type",
    "required",
    "min",
    "max",
    "choices",
    "default",
}
QUESTION_TYPES: dict[str, Any] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}
CHOOSING = ("multiplechoice", "multiselect")


# -- credential types --------------------------------------------------------------------------------------------------


def inputs(spec: Mapping[str, Any]) -> list[str]:
    """The fields that a credential of the type has."""
    ids = [field.get("id") for field in spec.get("fields", [])]
    problems = [f"unknown key {key}" for key in set(spec) - {"fields", "required"}]
    problems += [f"{name} is there twice" for name in {name for name in ids if ids.count(name) > 1}]
    problems += [f"required names {name}, which is no field" for name in spec.get("required", []) if name not in ids]
    return problems + [problem for field in spec.get("fields", []) for problem in _field(field)]


def _field(field: Mapping[str, Any]) -> Iterator[str]:
    name = field.get("id")
    kind = field.get("type", "string")
    if not isinstance(name, str) or not NAME.match(name) or name == "tower":
        yield f"{name!r} is no name for a field"
    if not isinstance(field.get("label"), str) or not field["label"]:
        yield f"{name} has no label"
    if kind not in FIELD_TYPES:
        yield f"{name} has the unknown type {kind}"
    yield from (f"{name} has the unknown key {key}" for key in set(field) - FIELD_KEYS)
    yield from (f"{name} is {kind}, which takes no {key}" for key in FOR_STRINGS & set(field) if kind != "string")
    yield from (
        f"{name}: {key} must be yes or no"
        for key in ("multiline", "secret", "ask_at_runtime")
        if not isinstance(field.get(key, True), bool)
    )
    if field.get("format", "url") not in ("url", "ssh_private_key"):
        yield f"{name} has an unknown format"
    if "default" in field and field["default"].__class__ is not FIELD_TYPES.get(kind):
        yield f"{name} has a default that is no {kind}"


def injectors(spec: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """What a job gets of a credential with the inputs *fields*."""
    values = {field["id"]: "example" for field in fields.get("fields", [])}
    problems = [f"unknown key {key}" for key in set(spec) - {"env", "file", "extra_vars"}]
    for name, template in spec.get("env", {}).items():
        if not NAME.match(name) or name.startswith("ANSIBLE_") or name in TAKEN:
            problems.append(f"{name} may not be set")
        if not isinstance(template, str) or not template.isascii():
            problems.append(f"{name} must be ASCII text")
            continue
        try:
            ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(values)
        except TemplateError as error:
            problems.append(f"{name}: {error}")
    return problems


# -- surveys -----------------------------------------------------------------------------------------------------------


def survey(spec: Mapping[str, Any]) -> list[str]:
    """The questions of a template."""
    problems = [
        f"{key} is missing"
        for key, kind in {"name": str, "description": str, "spec": list}.items()
        if not isinstance(spec.get(key), kind)
    ]
    if problems:
        return problems
    variables = [question.get("variable") for question in spec["spec"]]
    problems += ["there is no question"] if not variables else []
    problems += [f"{name} is asked for twice" for name in {name for name in variables if variables.count(name) > 1}]
    return problems + [problem for question in spec["spec"] for problem in _question(question)]


def _question(question: Mapping[str, Any]) -> Iterator[str]:
    name, kind = question.get("variable"), question.get("type")
    yield from (
        f"{name} has no {key}"
        for key in ("question_name", "variable", "type")
        if not isinstance(question.get(key), str) or not question[key]
    )
    if not isinstance(question.get("required"), bool):
        yield f"{name} does not say whether it is required"
    if kind not in QUESTION_TYPES:
        yield f"{name} has the unknown type {kind}"
        return
    yield from (f"{name} has the unknown key {key}" for key in set(question) - QUESTION_KEYS)
    yield from (
        f"{name}: {key} is no whole number" for key in ("min", "max") if not isinstance(question.get(key), int | None)
    )
    default = question.get("default", "")
    if default != "" and (not isinstance(default, QUESTION_TYPES[kind]) or isinstance(default, bool)):
        yield f"{name} has a default that is no {kind}"
    elif isinstance(default, str) and default.startswith("$encrypted$"):
        yield f"{name} has a reserved default"
    elif kind in CHOOSING:
        yield from _choices(question, default)
    elif default != "":
        yield from answer(question, {str(name): default})


def _choices(question: Mapping[str, Any], default: str) -> Iterator[str]:
    name, choices = question["variable"], question.get("choices")
    if not choices:
        yield f"{name} has no choices"
        return
    chosen = default.splitlines()
    yield from (f"{name} has the default {item}, which is no choice" for item in chosen if item not in choices)
    if question["type"] == "multiplechoice" and len(chosen) > 1:
        yield f"{name} has several defaults"


def answer(question: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the answer to one question; none at all counts when it is required, whether it has a default
    or not.
    """
    name, kind = question["variable"], question["type"]
    if name not in data:
        if question["required"]:
            yield f"{name} is required"
        return
    value = data[name]
    expected = list if kind == "multiselect" else QUESTION_TYPES[kind]
    if not isinstance(value, expected) or isinstance(value, bool):
        yield f"{name} is no {kind}"
    elif kind in CHOOSING:
        yield from (
            f"{name}: {item} is no choice"
            for item in ([value] if kind == "multiplechoice" else value)
            if item not in question["choices"]
        )
    else:
        size = len(value) if isinstance(value, str) else value
        if question.get("min") is not None and size < question["min"]:
            yield f"{name} is too small"
        if question.get("max") is not None and size > question["max"]:
            yield f"{name} is too large"


def launch(spec: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    """Variables that are given when a template is started that asks the questions of *spec* and takes no others."""
    asked = {question["variable"] for question in spec["spec"]}
    problems = [f"{name} is not asked for" for name in data if name not in asked]
    return problems + [problem for question in spec["spec"] for problem in answer(question, data)]


def defaults(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a job gets when nothing is answered: the defaults that would do as an answer."""
    found = {question["variable"]: question["default"] for question in spec["spec"] if "default" in question}
    return {
        question["variable"]: found[question["variable"]]
        for question in spec["spec"]
        if question["variable"] in found and not [*answer(question, found)]
    }


# -- schedules ---------------------------------------------------------------------------------------------------------


def schedule(text: str) -> list[str]:
    """A rule for when something runs."""
    starts, rules = re.findall(r"DTSTART(;TZID=[^:]+)?:\d{8}T\d{6}(Z?)", text), re.findall(r"RRULE:(\S+)", text)
    if len(starts) != 1 or not any(starts[0]):
        return ["needs one DTSTART, with Z or a time zone"]
    if not rules:
        return ["needs a rule"]
    problems = [f"{rule} needs an INTERVAL" for rule in rules if "INTERVAL=" not in rule]
    problems += [
        f"{rule} has what AWX does not take"
        for rule in rules
        if re.search(r"SECONDLY|BYDAY=\S*\d|BYYEARDAY|BYWEEKNO|COUNT=\d{4}", rule)
    ]
    try:
        rrule.rrulestr(re.sub(r";TZID=[^:]+", "", text.replace("Z ", " ")).replace(" ", "\n"))
    except ValueError as error:
        problems.append(str(error))
    return problems
