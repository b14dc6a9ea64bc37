# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema of a numbers plan, from the specs that the plan is checked by. Editors complete and check with it.

It is about the files of variables that hold a plan; whatever else stands there is left alone. A value may be a template
anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._core.model import CAPABILITIES, NUMBER_TYPES
from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_configuration import SETTINGS
from ansible_collections.telco.numbers.plugins.module_utils._tasks.plan import ACCOUNT, LIMITS
from ansible_collections.telco.numbers.plugins.module_utils._tasks.pools import POOL

PATH = "docs/numbers_plan.schema.json"
TEMPLATE = {"type": "string", "pattern": r"\{[{%]"}
_TYPES = {
    "str": "string",
    "path": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
}
_WORDS: Mapping[str, dict[str, Any]] = {
    "country": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    "currency": {"type": "string", "pattern": "^[A-Za-z]{3}$"},
    "account_currency": {"type": "string", "pattern": "^[A-Za-z]{3}$"},
    "type": {"enum": list(NUMBER_TYPES)},
    "capability": {"enum": list(CAPABILITIES)},
    "capabilities": {"type": "array", "items": {"enum": list(CAPABILITIES)}},
    "numbers": {"type": "array", "items": {"type": ["string", "object"]}},
    "exclude": {"type": "array", "items": {"type": ["string", "object"]}},
    "labels": {"type": "object"},
    "leave_linked": {"anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]},
}


def _value(name: str, option: Mapping[str, Any]) -> dict[str, Any]:
    """What an option takes: null and the empty text mean that it is left out."""
    if name.startswith("max_"):
        found: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}
    elif name in _WORDS:
        found = dict(_WORDS[name])
    elif "choices" in option:
        found = {"enum": list(option["choices"])}
    else:
        kind = _TYPES.get(option.get("type", "str"))
        found = {"type": kind} if kind else {}
        if kind == "array" and option.get("elements") == "str":
            found["items"] = {"type": "string"}
    return {"anyOf": [found, {"type": "null"}, {"const": ""}, TEMPLATE]}


def _mapping(options: Mapping[str, Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A mapping that has these keys and no other."""
    named = {name: option for key, option in options.items() for name in (key, *option.get("aliases", ()))}
    keys = {name: _value(name, named[name]) for name in sorted(named)}
    return {"type": "object", "properties": {**keys, **more}, "additionalProperties": False}


def schema() -> dict[str, Any]:
    """The schema."""
    pool = {**_mapping(POOL, configuration=_mapping(SETTINGS)), "required": ["name"]}
    account = {**_mapping(ACCOUNT), "required": ["provider"]}
    amounts = {"type": "object", "additionalProperties": {"type": "string"}}
    limits = _mapping(LIMITS, labels={"type": "object", "additionalProperties": amounts})
    currencies = {"type": "object", "additionalProperties": limits}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A numbers plan of telco.numbers",
        "type": "object",
        "properties": {
            "telco_numbers_plan": {"anyOf": [{"type": "array", "items": pool}, TEMPLATE]},
            "telco_numbers_accounts": {
                "anyOf": [{"type": "object", "additionalProperties": {"anyOf": [account, TEMPLATE]}}, TEMPLATE]
            },
            "telco_numbers_limits": {"anyOf": [currencies, TEMPLATE]},
        },
    }


def text() -> str:
    """The file that holds it."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
