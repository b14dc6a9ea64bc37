# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every call of Bandwidth's has: credentials, XML bodies, the shapes of errors, places, pages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from ..markup import XML_TYPE, decode, many
from ..paging import next_link, page_size, window
from ..store import Account, Session
from ..wire import Answer, ApiError, Call, basic_credentials, scheme_and_value

NAME = "bandwidth"
BASE = "/api/v2"
ACCOUNT = BASE + "/accounts/{account}"
UNIVERSAL = "/v2/accounts/{account}"
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
KEY = re.compile(r"[A-Za-z0-9 -]{1,40}")
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")

Row = TypeVar("Row")
Handled = tuple[str, str, Callable[[Call], Answer]]


class Refused(ApiError):
    """A refusal with the root of its body, and how the error stands in it."""

    def __init__(self, status: int, root: str, message: str, code: int | None = None, shape: str = "status") -> None:
        super().__init__(status, message, code)
        self.body: dict[str, Any] = {root: _error(shape, code, message)}


def _error(shape: str, code: int | None, message: str) -> dict[str, Any]:
    """One of the four shapes: ``list`` (orders, disconnects), ``error`` (search), ``status``, ``errors`` (moves)."""
    number = {} if code is None else {"Code": code}
    told = {**number, "Description": message}
    if shape == "list":
        return {"ErrorList": {"Error": told}}
    if shape == "error":
        return {"Error": told}
    if shape == "errors":
        return {"ProcessingStatus": "FAILED", "Errors": told}
    return {"ResponseStatus": {**({} if code is None else {"ErrorCode": code}), "Description": message}}


def xml(name: str, value: Any, status: int = 200, **headers: str) -> Answer:
    """An answer in XML with this root."""
    return Answer(status, {name: value}, {"Content-Type": XML_TYPE, **headers})


def account_of(call: Call) -> Account:
    """The account of the path, open to its OAuth tokens and to its API user."""
    account = authenticated(call)
    if call.params["account"] != account.id:
        raise ApiError(403, "")
    return account


def authenticated(call: Call) -> Account:
    """The account of the credentials. One without the role for numbers is refused without a word."""
    scheme, value = scheme_and_value(call)
    account: Account | None = None
    if scheme == "bearer":
        session = call.store.get(Session, id=value, kind="bandwidth")
        if session is not None and session.expires_at > call.now:
            account = call.store.get(Account, provider=NAME, id=session.owner)
    elif scheme == "basic":
        sent = basic_credentials(value)
        account = next(
            (
                one
                for one in call.store.find(Account, provider=NAME)
                if sent is not None and sent == (one.data.get("username"), one.data.get("password"))
            ),
            None,
        )
    if account is None:
        raise ApiError(401, "")
    if not account.data.get("role", True):
        raise ApiError(403, "")
    return account


def document(call: Call, root: str, allowed: Collection[str]) -> dict[str, Any]:
    """The XML of the body below its root. Another root, an unknown element or another type of body is refused."""
    if call.content_type() not in (XML_TYPE, "text/xml"):
        raise ApiError(415, f"Content-Type must be {XML_TYPE}")
    try:
        found = decode(call.body)
    except ValueError:
        raise ApiError(400, "The body is not valid XML") from None
    if root not in found or not isinstance(found[root], dict):
        raise ApiError(400, f"The body must be a {root}")
    for name in found[root]:
        if name not in allowed:
            raise ApiError(400, f"Unknown element {name} in {root}")
    return dict(found[root])


def query(call: Call, allowed: Collection[str]) -> dict[str, str]:
    """The query of a call that reads."""
    call.no_body()
    return call.query_fields(allowed)


def numbers_in(value: Any, root: str, shape: str = "status") -> list[str]:
    """The numbers of a list element, each in E.164."""
    found = [str(item) for item in many(value.get("TelephoneNumber"))] if isinstance(value, dict) else []
    if not found:
        raise Refused(400, root, "The list of telephone numbers is invalid", 5001, shape)
    for number in found:
        if not E164.fullmatch(number):
            raise Refused(400, root, f"Telephone number '{number}' must be in E.164 format", 1022, shape)
    return found


def customer_order_id(fields: Mapping[str, Any], root: str, shape: str = "list") -> str | None:
    """The buyer's own key; nobody checks that it is used once."""
    key = fields.get("CustomerOrderId")
    if key and not KEY.fullmatch(str(key)):
        raise Refused(400, root, "The CustomerOrderId is invalid", 5052, shape)
    return key or None


def moment(seconds: float) -> str:
    """A time as this API writes it."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


# -- places ------------------------------------------------------------------------------------------------------------


def sites(account: Account) -> list[dict[str, Any]]:
    """The sub-accounts, each with its locations (``peers``)."""
    return list(account.data.get("sites", []))


def peers(account: Account) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each location with its site."""
    return [(site, peer) for site in sites(account) for peer in site.get("peers", [])]


def peer_of(account: Account, identity: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The location with this id, and its site."""
    return next(((site, peer) for site, peer in peers(account) if str(peer["id"]) == str(identity)), None)


def default_peer(site: Mapping[str, Any]) -> dict[str, Any] | None:
    """The location that numbers of a site go to when none is named."""
    return next((peer for peer in site.get("peers", []) if peer.get("default")), None)


def where(account: Account, links: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The site and the location of a number: ``links`` have its location for SMS; without one it is the first default
    one.
    """
    found = peer_of(account, links.get("sms"))
    if found is None:
        found = next((site, peer) for site in sites(account) for peer in [default_peer(site)] if peer is not None)
    return found


# -- pages -------------------------------------------------------------------------------------------------------------


def required_size(fields: Mapping[str, str], most: int) -> int:
    """How many rows were asked for. Without page and size the lists of old are not found."""
    if "page" not in fields or "size" not in fields:
        raise ApiError(404, "Page and size are required: page=1&size=500")
    return size_of(fields, most, most)


def size_of(fields: Mapping[str, str], default: int, most: int) -> int:
    """The size of a page."""
    value = fields.get("size", str(default))
    if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not 1 <= int(value) <= most:
        raise ApiError(400, f"The size must be between 1 and {most}", 1006)
    return int(value)


def cursor_page(
    call: Call, fields: Mapping[str, str], rows: Sequence[Row], identity: Callable[[Row], str], size: int
) -> tuple[list[Row], dict[str, Any]]:
    """A page that begins with the row that its cursor names (``1``: the first), and its links."""
    cursor = fields.get("page", "1").replace(" ", "+")
    names = [identity(row) for row in rows]
    offset = 0 if cursor == "1" else next((place for place, name in enumerate(names) if name >= cursor), len(names))
    if cursor != "1" and not re.fullmatch(r"\+?[\w-]+", cursor):
        raise ApiError(400, "The page is wrong", 15516)
    return _page(call, fields, rows, offset, size, lambda start: names[start])


def numbered_page(
    call: Call, fields: Mapping[str, str], rows: Sequence[Row], size: int
) -> tuple[list[Row], dict[str, Any]]:
    """A page by its number, and its links."""
    value = fields.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,5}", value, re.ASCII):
        raise ApiError(400, "The page is wrong", 15516)
    offset = (int(value) - 1) * size
    return _page(call, fields, rows, offset, size, lambda start: str(start // size + 1))


def _page(
    call: Call, fields: Mapping[str, str], rows: Sequence[Row], offset: int, size: int, name: Callable[[int], str]
) -> tuple[list[Row], dict[str, Any]]:
    limit, step = page_size(call, min(size, int(call.settings["page_rows"])))
    shown, total = window(call, rows, offset, limit)
    more = offset + limit < total and offset + step < len(rows)
    filters = {key: value for key, value in fields.items() if key != "page"}

    def link(page: str, relation: str) -> str:
        said = "&".join(f"{key}={value}" for key, value in {**filters, "page": page}.items())
        return f'Link=<{call.origin}{call.path}?{said}>;rel="{relation}";'

    following = next_link(
        call, link(name(offset + step), "next") if more else None, link(fields.get("page", "1"), "next")
    )
    found = {"first": link("1", "first")}
    if following is not None:
        found["next"] = following
    return shown, found
