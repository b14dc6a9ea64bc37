# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Telnyx: how its API is reached, and how its lists are read."""

from __future__ import annotations

import typing as t

from ..._contract.paging import Page, Reader
from ..._contract.readers import integer_from, list_from, mapping_from, object_from
from ..._net.session import Http
from ..._net.wire import Response, segment

HOME = "https://api.telnyx.com"
_VERSION = "/v2"
MOST = 250  # rows of a page


class Api:
    """The one API of an account, at *base*."""

    def __init__(self, http: Http, base: str) -> None:
        self._http = http
        self.base = base

    @staticmethod
    def base_of(address: str) -> str:
        """The base of all paths at an *address*, which may end with the version, as the vendor's own tools have it."""
        return address if address.endswith(_VERSION) else address + _VERSION

    def request(self, method: str, *path: str, **details: t.Any) -> Response:
        """Send a request to a path, whose first part is as it is; the others are segments."""
        first, *more = path
        url = "/".join([self.base + first, *(segment(part, "id") for part in more)])
        return self._http.request(method, url, **details)

    def pages(self, path: str, query: t.Mapping[str, t.Any], hidden: bool = False) -> Reader:
        """A reader of a list: pages by their number, and a total. *hidden* as for a request: its rows hold secrets."""

        def read(where: t.Any) -> Page:
            number, size = where or (1, MOST)
            numbers = {"page[number]": number, "page[size]": size}
            response = self.request("GET", path, query={**query, **numbers}, hidden=hidden)
            with response.reading():
                answer = object_from(response.json())
                rows = list_from(answer, "data")
                meta = mapping_from(answer, "meta", required=True)
                last, total = integer_from(meta, "total_pages"), integer_from(meta, "total_results")
            if where is None and 0 < len(rows) < total:
                # A page that is shorter than asked for: the others are asked for as long as this one.
                size, last = len(rows), -(-total // len(rows))
            following = [(page, size) for page in range(2, last + 1)] if where is None else ()
            return Page(rows, total, (number + 1, size) if number < last else None, following)

        return read

    def rows(self, path: str, query: t.Mapping[str, t.Any]) -> list[t.Any]:
        """The rows of an answer that has no pages."""
        response = self.request("GET", path, query=query)
        with response.reading():
            return list_from(object_from(response.json()), "data")

    def record(self, method: str, *path: str, **details: t.Any) -> tuple[Response, dict[str, t.Any]]:
        """An answer and the record in it."""
        response = self.request(method, *path, **details)
        with response.reading():
            return response, mapping_from(object_from(response.json()), "data", required=True)
