# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: XML as plain values, read in bounded memory whatever a server sends, and written.

An element is a mapping of its children's names; one without children is its text, or None when it is empty. Attributes
and namespaces say nothing in the documents that are read here, and are left out.
"""

from __future__ import annotations

import re
import typing as t
from xml.sax.saxutils import escape

from .._core.errors import Failure
from .codecs import Body

LIBRARY = "defusedxml"  # what a provider that reads XML needs
MEDIA_TYPE = "application/xml"

_LARGEST = 16 * 1024 * 1024  # bytes; a page of 5,000 numbers with all their details has about two million
_LONGEST = 64 * 1024  # bytes from one tag to the next; also what is between the two ends of a tag
_ELEMENTS = 200_000
_DEEPEST = 64
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # characters that XML 1.0 does not have


def read(content: bytes, lists: t.Collection[str] = ()) -> dict[str, t.Any]:
    """Return the document in *content* as a mapping of its root's name.

    A child whose name is one of *lists* is a list, even when it is alone; any other is a list when there are several.
    Raises ValueError for what is not XML in UTF-8, has a document type or entities of its own, or is larger than any
    answer.
    """
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if len(content) > _LARGEST:
        raise ValueError("it is too large")
    places = range(0, len(content) - _LONGEST, _LONGEST)
    if not all(b"<" in content[place : place + _LONGEST] for place in places):
        raise ValueError("a part of it is too long")
    builder = _Builder(frozenset(lists))
    # Expat is told the encoding, so that the document's own declaration cannot make it read other characters.
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
    """Takes the parser's events and makes plain values of them."""

    def __init__(self, lists: frozenset[str]) -> None:
        self.root: dict[str, t.Any] | None = None
        self._lists = lists
        self._left = _ELEMENTS
        self._open: list[tuple[dict[str, t.Any], list[str]]] = [({}, [])]

    def start(self, _name: str, _attributes: t.Mapping[str, str]) -> None:
        """An element begins."""
        self._left -= 1
        if self._left < 0:
            raise ValueError("it has too many elements")
        if len(self._open) > _DEEPEST:
            raise ValueError("it is nested too deep")
        self._open.append(({}, []))

    def data(self, text: str) -> None:
        """A part of an element's text."""
        self._open[-1][1].append(text)

    def end(self, name: str) -> None:
        """An element ends."""
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
        """The document ends."""
        self.root = self._open[0][0] or None


def xml_body(document: t.Mapping[str, t.Any]) -> Body:
    """*document*, a mapping of its root's name, as XML in UTF-8: the reverse of ``read``. None is left out.

    Raises Failure ``invalid_option`` for a character that XML cannot hold.
    """
    return Body("".join(_written(document)).encode("utf-8"), f"{MEDIA_TYPE}; charset=utf-8")


def _written(children: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    for name, value in children.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item is None:
                continue
            yield f"<{name}>"
            if isinstance(item, t.Mapping):
                yield from _written(item)
            else:
                yield _text(name, str(item).lower() if isinstance(item, bool) else str(item))
            yield f"</{name}>"


def _text(name: str, text: str) -> str:
    if _FORBIDDEN.search(text):
        raise Failure("invalid_option", f"{name} holds a control character, which XML cannot hold: check it.")
    return escape(text)
