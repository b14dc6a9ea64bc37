# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Bandwidth: how its resources are reached, in XML or in JSON, how its lists are read, and how its orders are followed.

Version 2 of the numbers API answers in XML; the resources of the Universal Platform, on another path, in JSON.
"""

from __future__ import annotations

import typing as t
from urllib.parse import parse_qsl, urlsplit

from ..._contract.features import Options
from ..._contract.paging import Page, Reader
from ..._contract.readers import list_from, mapping_from, object_from, text_from
from ..._core.errors import Ambiguous, Failure, Malformed
from ..._net.clock import Clock
from ..._net.markup import MEDIA_TYPE, xml_body
from ..._net.refusals import Refusal
from ..._net.session import Http
from ..._net.wire import Response, is_loopback, segment

HOME = "https://api.bandwidth.com"
TOKEN = "/api/v1/oauth2/token"  # noqa: S105 - an address
NUMBERS, UNIVERSAL = "/api/v2", "/v2"
SIZE = 1000  # rows of a page
_DONE = ("COMPLETE", "PARTIAL", "FAILED")
_PAUSE = 2.0  # seconds between two looks at an order: the vendor asks for no more


def many(value: t.Any) -> list[t.Any]:
    """The elements of one name: none, a lone one, or several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def below(document: t.Mapping[str, t.Any], *names: str) -> dict[str, t.Any]:
    """What is in the element that *names* lead to; an empty one has nothing. Raises Malformed for one that is not
    there, or holds text.
    """
    found: t.Any = document
    for name in names:
        if not isinstance(found, dict) or name not in found:
            raise Malformed(f"it lacks {name}")
        found = found[name]
    return mapping_from({"element": found}, "element")


def rows_of(document: t.Mapping[str, t.Any], *names: str) -> list[t.Any]:
    """The elements that *names* lead to: the last one may be missing, and stand there once or several times."""
    return many(below(document, *names[:-1]).get(names[-1]))


class Ended(t.NamedTuple):
    """An order that has ended. *failed* says why each number was left out; *whole* are errors that name none."""

    state: str
    failed: t.Mapping[str, tuple[str | None, str]]
    whole: tuple[str | None, str] | None


class Api:
    """The resources of one account."""

    def __init__(self, http: Http, options: Options, clock: Clock, account: str) -> None:
        self._http = http
        self._base = (options.api_url or HOME).rstrip("/")
        self._clock = clock
        self.account = account
        self.pause = 0.02 if is_loopback(self._base) else _PAUSE

    def url(self, path: str, root: str = NUMBERS) -> str:
        """The address of a *path* below the account, or of one that begins with a slash."""
        return self._base + root + (path if path.startswith("/") else f"/accounts/{self.account}/{path}")

    def read(self, path: str, query: t.Mapping[str, t.Any] | None = None) -> tuple[Response, dict[str, t.Any]]:
        """GET a resource in XML."""
        response = self._http.request("GET", self.url(path), query=query, accept=MEDIA_TYPE)
        return response, response.xml()

    def send(
        self,
        path: str,
        document: t.Mapping[str, t.Any],
        refusals: t.Sequence[Refusal],
        expect: t.Collection[int] = (201,),
    ) -> tuple[Response, dict[str, t.Any]]:
        """POST a document in XML, which places an order."""
        response = self._http.request(
            "POST", self.url(path), body=xml_body(document), accept=MEDIA_TYPE, expect=expect, refusals=refusals
        )
        return response, response.xml()

    def read_json(self, path: str, query: t.Mapping[str, t.Any] | None = None) -> Response:
        """GET a resource of the Universal Platform."""
        return self._http.request("GET", self.url(path, UNIVERSAL), query=query)

    def send_json(self, path: str, value: t.Any, refusals: t.Sequence[Refusal]) -> Response:
        """POST to a resource of the Universal Platform."""
        return self._http.request(
            "POST", self.url(path, UNIVERSAL), json=value, expect=(200, 201, 202, 204), refusals=refusals
        )

    # -- lists ---------------------------------------------------------------------------------------------------------

    def cursor_pages(self, path: str, query: t.Mapping[str, t.Any], names: t.Sequence[str], identity: str) -> Reader:
        """A reader of a list whose next link has the row that the next page begins with.

        A page that is full and has no such link may be the last one: the next one is asked for from its last row on,
        which *identity* names.
        """

        def read(where: t.Any) -> Page:
            cursor, last = where if where else ("1", None)
            response, document = self.read(path, {**query, "page": cursor, "size": SIZE})
            with response.reading():
                rows = rows_of(document, *names)
                following = _cursor(below(document, names[0]).get("Links"))
            end = rows[-1].get(identity) if rows and isinstance(rows[-1], dict) else None
            if last is not None and rows and isinstance(rows[0], dict) and rows[0].get(identity) == last:
                rows = rows[1:]
            if following is None and len(rows) >= SIZE - 1 and isinstance(end, str) and end != last:
                return Page(rows, None, (end, end), anchored=True)
            return Page(rows, None, None if following is None else (following, None), anchored=True)

        return read

    def numbered_pages(self, path: str, names: t.Sequence[str]) -> Reader:
        """A reader of a list by the numbers of its pages, which is at its end where a page is not full and has no next
        link.
        """

        def read(where: t.Any) -> Page:
            place = where or 1
            response, document = self.read(path, {"page": place, "size": SIZE})
            with response.reading():
                rows = rows_of(document, *names)
                more = _cursor(below(document, names[0]).get("Links")) is not None or len(rows) >= SIZE
            return Page(rows, None, place + 1 if more and rows else None)

        return read

    def json_pages(self, path: str, query: t.Mapping[str, t.Any]) -> Reader:
        """A reader of a list of the Universal Platform, whose pages have a cursor."""

        def read(where: t.Any) -> Page:
            response = self.read_json(path, {**query, "limit": SIZE, "afterCursor": where})
            with response.reading():
                answer = object_from(response.json())
                rows = list_from(answer, "data")
                following = text_from(mapping_from(answer, "page"), "afterCursor")
            return Page(rows, None, following or None, anchored=True)

        return read

    # -- orders --------------------------------------------------------------------------------------------------------

    def followed(self, path: str, identity: str, root: str, state: str) -> Ended:
        """Read an order until it has ended, and return what became of it. *state* is the element that says where it is.

        Raises Ambiguous when the deadline comes first, or when the order cannot be read.
        """
        where = f"{path}/{segment(identity, 'id')}"
        while True:
            try:
                response, document = self.read(where)
                with response.reading():
                    order = below(document, root)
                    now = text_from(order, state, required=True)
                    if now in _DONE:
                        return _ended(str(now), order)
            except Failure as failure:
                said = f"Order {identity} was placed, and cannot be read: {failure.message}"
                raise Ambiguous(said, taken=True) from None
            if not self._clock.sleep(self.pause):
                said = f"Order {identity} was placed, and has not ended within the deadline."
                raise Ambiguous(said, taken=True)


def _cursor(links: t.Any) -> str | None:
    """The page that a next link names. A plus sign stands for itself there."""
    text = links.get("next") if isinstance(links, dict) else None
    if text is None:
        return None
    if not isinstance(text, str):
        raise Malformed("its next link is no text")
    address = text.partition("<")[2].partition(">")[0]
    try:
        page = dict(parse_qsl(urlsplit(address).query.replace("+", "%2B"))).get("page")
    except ValueError:
        page = None
    if not page:
        raise Malformed("its next link names no page")
    return page


def _ended(state: str, order: t.Mapping[str, t.Any]) -> Ended:
    failed: dict[str, tuple[str | None, str]] = {}
    whole: tuple[str | None, str] | None = None
    for code, message, numbers in errors_in(order):
        for number in numbers:
            failed[number] = (code, message)
        if not numbers:
            whole = whole or (code, message)
    return Ended(state, failed, whole)


def errors_in(order: t.Mapping[str, t.Any]) -> t.Iterator[tuple[str | None, str, list[str]]]:
    """Each error in an order that has ended: code, words, and the numbers that it is about, digits alone."""
    for name in ("ErrorList", "Errors"):
        for group in many(order.get(name)):
            inner = many(group.get("Error")) if isinstance(group, dict) and "Error" in group else [group]
            for error in inner:
                if isinstance(error, dict):
                    numbers = [digits_of(one) for one in _numbers_in(error) if isinstance(one, str)]
                    code = text_from(error, "Code")
                    yield code, text_from(error, "Description") or f"code {code}", numbers


def _numbers_in(error: t.Mapping[str, t.Any]) -> list[t.Any]:
    inner = error.get("TelephoneNumbers")
    listed = many(inner.get("TelephoneNumber")) if isinstance(inner, dict) else []
    return [*many(error.get("TelephoneNumber")), *listed]


def digits_of(number: str) -> str:
    """The digits of a number, with its country code: one of ten digits is North American."""
    digits = number.strip().lstrip("+")
    return f"1{digits}" if len(digits) == 10 and number.strip()[:1] in "23456789" else digits
