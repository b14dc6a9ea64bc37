# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendors' own descriptions of their APIs (OpenAPI 3), by which the requests of the suite are judged.

They are not part of the collection: the environment variable TELCO_NUMBERS_VENDOR_DESCRIPTIONS names the folder that
has them, each as PROVIDER/openapi.json; else ``shared/apis`` beside the repository is looked at.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox_server import FILES

sys.path.insert(0, str(FILES))
from telco_numbers_sandbox.markup import decode  # noqa: E402

VARIABLE = "TELCO_NUMBERS_VENDOR_DESCRIPTIONS"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "apis"
FORMS = "application/x-www-form-urlencoded"
# What the vendors take and their descriptions refuse: a field of a form that an empty value clears.
CLEARED = {"telnyx", "twilio"}
# Paths (as patterns) that a vendor's own tools know, and its description does not.
UNDESCRIBED = {"bandwidth": ("/api/v1/oauth2/token", "/v2/accounts/.*"), "telnyx": ("/oauth/token",)}
XML = "application/xml"
# What a description gives another type than the vendor's newer pages: numbers are E.164, and pages begin with one.
MISTYPED = {
    "bandwidth": (
        "query parameter page",
        "body/MoveTnsOrder/TelephoneNumbers/TelephoneNumber",
        "body/TnOptionOrder/TnOptionGroups/CallForward",
    )
}


def folder() -> Path | None:
    """Where the descriptions are, if they are anywhere."""
    named = os.environ.get(VARIABLE)
    place = Path(named) if named else BESIDE
    return place if place.is_dir() else None


def described() -> list[str]:
    """The providers that have a description."""
    place = folder()
    return sorted(file.parent.name for file in place.glob("*/openapi.json")) if place else []


def objections(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the descriptions have against requests, as the sandbox's log tells them."""
    known = described()
    found: dict[str, None] = {}
    for entry in entries:
        if entry["provider"] in known:
            request = f"{entry['method']} {entry['path']}"
            found.update((f"{request}: {words}", None) for words in _read(entry["provider"]).objections(entry))
    return list(found)


@functools.lru_cache(maxsize=None)
def _read(provider: str) -> Description:
    place = folder()
    assert place is not None
    return Description(provider, json.loads((place / provider / "openapi.json").read_text(encoding="utf-8")))


class Description:
    """One vendor's description."""

    def __init__(self, provider: str, document: Mapping[str, Any]) -> None:
        self.clears = provider in CLEARED
        self.mistyped = MISTYPED.get(provider, ())
        self.undescribed = UNDESCRIBED.get(provider, ())
        self.below = urlsplit(document["servers"][0]["url"]).path.rstrip("/") if document.get("servers") else ""
        self.document = document
        # A path without parameters goes before one that a parameter could stand in.
        paths = sorted(document["paths"], key=lambda path: path.count("{"))
        self.paths = [(re.compile(_pattern(path)), document["paths"][path]) for path in paths]

    def objections(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """What it has against one request."""
        path = entry["path"].removeprefix(self.below)
        if any(re.fullmatch(undescribed, path) for undescribed in self.undescribed):
            return
        for pattern, item in self.paths:
            match = pattern.fullmatch(path)
            if match and entry["method"].lower() in item:
                operation = item[entry["method"].lower()]
                yield from self._parameters(item, operation, entry, match.groupdict())
                yield from self._body(operation, entry["body"])
                return
        yield "no such operation"

    def _parameters(
        self, item: Any, operation: Any, entry: Mapping[str, Any], path: Mapping[str, str]
    ) -> Iterator[str]:
        """What the path and the query are not."""
        declared = [self._resolved(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        schemas = {
            (one["in"], name): schema
            for one in declared
            for name, schema in self._named(one["name"], one.get("schema", {}), one.get("style"))
        }
        given = [("path", _key(name), value) for name, value in path.items()]
        given += [("query", name, value) for name, value in entry["query"].items()]
        for place, name, value in given:
            known = {
                _key(other) if place == "path" else other: schema
                for (at, other), schema in schemas.items()
                if at == place
            }
            if name not in known:
                yield f"{place} parameter {name} is unknown"
            else:
                yield from self._value(f"{place} parameter {name}", value, known[name])
        for one in declared:
            if one.get("required") and one["in"] == "query" and one["name"] not in entry["query"]:
                yield f"query parameter {one['name']} is missing"

    def _named(self, name: str, schema: Any, style: str | None) -> Iterator[tuple[str, Any]]:
        """The names that a parameter has in a query, each with its schema: an object in brackets has several."""
        schema = self._resolved(schema)
        if style != "deepObject":
            yield name, schema
            return
        for key, inner in schema.get("properties", {}).items():
            nested = self._resolved(inner)
            yield from self._named(f"{name}[{key}]", nested, style if "properties" in nested else None)

    def _body(self, operation: Any, body: Any) -> Iterator[str]:
        """What the body is not."""
        content = self._resolved(operation.get("requestBody", {})).get("content", {})
        if not content:
            if body:
                yield "it has a body"
            return
        if XML in content:
            yield from self._element("body", decode((body or "").encode()), content[XML]["schema"])
            return
        fields = dict(parse_qsl(body, keep_blank_values=True)) if FORMS in content and body else body or {}
        (described, *_others) = content.values()
        schema = self._resolved(described["schema"])
        for name, value in fields.items():
            if name not in schema.get("properties", {}):
                yield f"field {name} is unknown"
            elif not (self.clears and value == ""):
                yield from self._value(f"field {name}", value, schema["properties"][name])
        for name in schema.get("required", ()):
            if name not in fields:
                yield f"field {name} is missing"

    def _value(self, what: str, value: Any, schema: Any) -> Iterator[str]:
        """What a value that travels as text is not."""
        schema = self._resolved(schema)
        if schema.get("type") == "array" and "items" in schema and isinstance(value, str):
            for item in value.split(","):
                yield from self._value(what, item, schema["items"])
            return
        if isinstance(value, (dict, list)):
            yield from self._nested(what, value, schema)
            return
        kinds = {"boolean": "true|false", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?"}
        text = str(value).lower() if isinstance(value, bool) else str(value)
        wrong = [
            schema.get("type") in kinds and not re.fullmatch(kinds[schema["type"]], text),
            "enum" in schema and not {text, "{custom value}"} & {*map(str, schema["enum"])},
            "pattern" in schema and not re.search(schema["pattern"], text),
            len(text) < schema.get("minLength", 0) or len(text) > schema.get("maxLength", len(text)),
            schema.get("type") == "integer" and text.isdigit() and not _within(int(text), schema),
            schema.get("format") == "uri" and not re.match(r"[a-z][a-z0-9+.-]*://", text),
        ]
        if any(wrong) and what not in self.mistyped:
            yield f"{what} is {text!r}"

    def _nested(self, what: str, value: Any, schema: Any) -> Iterator[str]:
        """What an object or a list in a body of JSON is not."""
        for item in value if isinstance(value, list) else ():
            yield from self._value(what, item, schema.get("items", {}))
        for key, inner in value.items() if isinstance(value, dict) else ():
            if key not in schema.get("properties", {}):
                yield f"{what} has an unknown {key}"
            elif not (self.clears and inner == ""):
                yield from self._value(f"{what}: {key}", inner, schema["properties"][key])

    def _element(self, what: str, value: Any, schema: Any) -> Iterator[str]:
        """What an element of XML is not. Several of one name are a list, which may be wrapped in an element."""
        schema = self._resolved(schema)
        if "items" in schema:
            yield from self._elements(what, value, schema)
        elif isinstance(value, dict):
            parts = [schema, *(self._resolved(part) for part in schema.get("allOf", ()))]
            known = {name: inner for part in parts for name, inner in part.get("properties", {}).items()}
            for name, inner in value.items() if known else ():
                if name not in known:
                    yield f"{what} has the unknown element {name}"
                else:
                    yield from self._element(f"{what}/{name}", inner, known[name])
        elif not {"oneOf", "anyOf"} & {*schema}:
            yield from self._value(what, value, schema)

    def _elements(self, what: str, value: Any, schema: Any) -> Iterator[str]:
        rows = value
        known = self._resolved(schema["items"]).get("properties", {})
        if isinstance(value, dict) and len(value) == 1 and not {*value} & {*known}:  # wrapped in an element
            rows = next(iter(value.values()), None)
        for row in rows if isinstance(rows, list) else [rows]:
            yield from self._element(what, row, schema["items"])

    def _resolved(self, schema: Any) -> Any:
        while "$ref" in schema:
            target: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/")]
            schema = target
        return schema


def _within(value: int, schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))


def _key(name: str) -> str:
    """A parameter's name as a group of a pattern can have it."""
    return re.sub(r"\W", "_", name)


def _pattern(path: str) -> str:
    """A path of the description as a pattern over the paths of requests."""
    parts = re.split(r"\{([^}]+)\}", path)
    return "".join(f"(?P<{_key(part)}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
