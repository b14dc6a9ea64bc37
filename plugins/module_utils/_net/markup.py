# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: read XML into plain values, in bounded memory whatever a server sends, and write it.

An element becomes a dictionary with its children by name. An element without children becomes its text, or None when
it is empty. Attributes and namespaces carry no facts in the providers' documents, and are left out.
"""

from __future__ import annotations

import re
import typing as t
from xml.sax.saxutils import escape

from .._core.errors import Failure
from .codecs import Body

LIBRARY = "defusedxml"  # the library that providers with XML need
MEDIA_TYPE = "application/xml"

_LARGEST = 16 * 1024 * 1024  # bytes; a page of 5,000 numbers with all their details has about two million
_LONGEST = 64 * 1024  # bytes from one tag to the next, and of one tag
_ELEMENTS = 200_000
_DEEPEST = 64
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # characters that XML 1.0 does not have


def read(content: bytes, lists: t.Collection[str] = ()) -> dict[str, t.Any]:
    """Return the document in *content* as a dictionary, whose only key is the name of the root element.

    Children whose name is one of *lists* become a list, even when there is only one. Other children become a list when
    several have the same name.
    Raises ValueError for content that is not XML in UTF-8, has a document type or entities of its own, or is too large.
    """
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if len(content) > _LARGEST:
        raise ValueError("it is too large")
    places = range(0, len(content) - _LONGEST, _LONGEST)
    if not all(b"<" in content[place : place + _LONGEST] for place in places):
        raise ValueError("a part of it is too long")
    builder = _Builder(frozenset(lists))
    # The encoding is fixed here, so that the declaration in the document cannot make Expat read other characters.
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(content.decode("utf-8").encode("utf-8"))
        parser.close()
    except ParseError:
        raise ValueError("it is not XML") from None
    if builder.root is None:
        raise ValueError("it is not XML")
    return builder.root


class _Builder:
    """Builds plain values from the parser's events."""

    def __init__(self, lists: frozenset[str]) -> None:
        self.root: dict[str, t.Any] | None = None
        self._lists = lists
        self._left = _ELEMENTS
        self._open: list[tuple[dict[str, t.Any], list[str]]] = [({}, [])]

    def start(self, _name: str, _attributes: t.Mapping[str, str]) -> None:
        """Begin an element. Raises ValueError when there are too many, or when it is nested too deep."""
        self._left -= 1
        if self._left < 0:
            raise ValueError("it has too many elements")
        if len(self._open) > _DEEPEST:
            raise ValueError("it is nested too deep")
        self._open.append(({}, []))

    def data(self, text: str) -> None:
        """Add a part of the text of the current element."""
        self._open[-1][1].append(text)

    def end(self, name: str) -> None:
        """End the current element, and add its value to its parent."""
        children, text = self._open.pop()
        value = children or "".join(text).strip() or None
        name = name.rpartition("}")[2]
        siblings = self._open[-1][0]
        if name not in siblings:
            siblings[name] = [value] if name in self._lists else value
        elif name in self._lists or isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def close(self) -> None:
        """End the document."""
        self.root = self._open[0][0] or None


def xml_body(document: t.Mapping[str, t.Any]) -> Body:
    """Return *document*, a dictionary as ``read`` returns it, as XML in UTF-8. Elements that are None are left out.

    Raises Failure ``invalid_option`` for a character that XML cannot hold.
    """
    return Body("".join(_elements(document)).encode("utf-8"), f"{MEDIA_TYPE}; charset=utf-8")


def _elements(children: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    for name, value in children.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item is None:
                continue
            yield f"<{name}>"
            if isinstance(item, t.Mapping):
                yield from _elements(item)
            else:
                yield _text(name, str(item).lower() if isinstance(item, bool) else str(item))
            yield f"</{name}>"


def _text(name: str, text: str) -> str:
    if _FORBIDDEN.search(text):
        raise Failure("invalid_option", f"{name} has a control character, which XML cannot hold: remove it.")
    return escape(text)
