# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML bodies as plain values: an element is a dictionary of its children, or its text; several of a name are a list."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

XML_TYPE = "application/xml"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def decode(body: bytes) -> dict[str, Any]:
    """Return the document as a dictionary with its root. Raises ValueError for what is no XML, or has a document
    type.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("a document type is not taken")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - it has no document type, hence no entities
    except ElementTree.ParseError as exc:
        raise ValueError(str(exc)) from None
    return {root.tag: _value(root)}


def _value(element: ElementTree.Element) -> Any:
    if not len(element):
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in element:
        value = _value(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found


def encode(document: dict[str, Any]) -> bytes:
    """Return a dictionary with one root as XML. None is an empty element, a list is one element for each item."""
    return (PROLOGUE + _elements(document)).encode()


def _elements(children: dict[str, Any]) -> str:
    return "".join(
        _element(name, item)
        for name, value in children.items()
        for item in (value if isinstance(value, list) else [value])
    )


def _element(name: str, value: Any) -> str:
    if value is None or value == {} or value == "":
        return f"<{name}/>"
    if isinstance(value, bool):
        value = str(value).lower()
    inner = _elements(value) if isinstance(value, dict) else escape(str(value))
    return f"<{name}>{inner}</{name}>"


def many(value: Any) -> list[Any]:
    """The items of an element that may be repeated: none, one or several."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]
