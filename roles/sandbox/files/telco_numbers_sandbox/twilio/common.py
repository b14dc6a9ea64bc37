# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every call of Twilio's has: credentials, forms, SIDs, pages, dates."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from ..paging import next_link, page_size, window
from ..store import Account
from ..wire import FORM_TYPE, Answer, ApiError, Call, basic_credentials, scheme_and_value

NAME = "twilio"
BASE = "/2010-04-01/Accounts"
ACCOUNT = BASE + "/{AccountSid}"
PAGING = ("Page", "PageSize", "PageToken")
E164 = re.compile(r"\+[1-9]\d{3,14}", re.ASCII)
DOCUMENTS = "https://www.twilio.com/docs/errors/"
WRONG = "Your AccountSid or AuthToken was incorrect."
COUNTRIES = {
    "CA": "Canada", "DE": "Germany", "FR": "France", "GB": "United Kingdom", "NL": "Netherlands", "SE": "Sweden",
    "US": "United States",
}  # fmt: skip

Row = TypeVar("Row")
Handled = tuple[str, str, Callable[[Call], Answer]]


def more_info(code: int) -> str:
    """The page of an error."""
    return f"{DOCUMENTS}{code}"


def not_found(call: Call) -> ApiError:
    """What a path that leads to nothing is answered."""
    return ApiError(404, f"The requested resource {call.path} was not found", 20404)


def is_sid(value: str, prefix: str) -> bool:
    """Whether the text is a SID of this kind."""
    return re.fullmatch(f"{prefix}[0-9a-fA-F]{{32}}", value) is not None


def rfc2822(moment: float) -> str:
    """A date as the API of 2010 writes it."""
    return email.utils.format_datetime(datetime.datetime.fromtimestamp(moment, datetime.UTC).replace(microsecond=0))


def iso8601(moment: float) -> str:
    """A date as the newer APIs write it."""
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def addressed(call: Call) -> Account:
    """The account of a path of 2010, open to its own credentials and to its parent's SID and token."""
    asking, key = authenticated(call)
    sid = call.params["AccountSid"]
    account = call.store.get(Account, provider=NAME, id=sid)
    own = account is not None and account.id == asking.id
    family = account is not None and account.data.get("owner") == asking.id and key is None
    if account is None or not (own or family):
        raise ApiError(401, WRONG, 20003)
    return _active(call, account)


def asking_account(call: Call) -> Account:
    """The account of the credentials: the newer APIs name none in their paths."""
    account, _key = authenticated(call)
    return _active(call, account)


def authenticated(call: Call) -> tuple[Account, Mapping[str, Any] | None]:
    """The account of the credentials, and the API key if they are one."""
    scheme, value = scheme_and_value(call)
    sent = basic_credentials(value) if scheme == "basic" else None
    for account in call.store.find(Account, provider=NAME) if sent else ():
        if sent == (account.id, account.data.get("auth_token")):
            return account, None
        for key in account.data.get("keys", []):
            if sent == (key["sid"], key["secret"]):
                return account, key
    raise ApiError(401, WRONG, 20003)


def _active(call: Call, account: Account) -> Account:
    if account.data.get("test") and not (call.method == "POST" and call.path.endswith("/IncomingPhoneNumbers.json")):
        raise ApiError(403, "Resource not accessible with Test Account Credentials", 20008)
    if account.data.get("status", "active") != "active":
        raise ApiError(403, f"Account {account.id} is not active", 20005)
    return account


def form(call: Call, allowed: Collection[str]) -> dict[str, str]:
    """The fields of the form; an unknown or repeated one, and any other body, is refused."""
    call.query_fields(())
    if not call.body:
        return {}
    if call.content_type() != FORM_TYPE:
        raise ApiError(415, f"Content-Type must be {FORM_TYPE}", 0)
    try:
        pairs = parse_qsl(call.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise ApiError(400, "The body is not a form", 20001) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in allowed:
            raise ApiError(400, f"Unknown parameter {name}", 20001)
        if name in found:
            raise ApiError(400, f"Parameter {name} was given twice", 20001)
        found[name] = value
    return found


def boolean(fields: Mapping[str, str], name: str) -> bool | None:
    """A field that is true or false; None when it is left out."""
    value = fields.get(name)
    if value is not None and value not in ("true", "false"):
        raise ApiError(400, f"{name} must be true or false", 20001)
    return None if value is None else value == "true"


def query(call: Call, allowed: Collection[str]) -> dict[str, str]:
    """The query of a call that reads."""
    call.no_body()
    return call.query_fields((*allowed, *PAGING))


def size_of(fields: Mapping[str, str]) -> int:
    """The page size that was asked for."""
    value = fields.get("PageSize", "50")
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not 1 <= int(value) <= 1000:
        raise ApiError(400, "Page size must be between 1 and 1000", 20007)
    return int(value)


def _offset(fields: Mapping[str, str]) -> int:
    """Where the page begins: the token says it, the page's number does not."""
    if not re.fullmatch(r"\d{1,9}", fields.get("Page", "0"), re.ASCII):
        raise ApiError(400, "Page must be a whole number", 20006)
    token = fields.get("PageToken")
    if token is not None and not re.fullmatch(r"PA\d{32}", token, re.ASCII):
        raise ApiError(400, "Invalid PageToken", 21481)
    return int(token[2:]) if token else 0


def _pages(call: Call, fields: Mapping[str, str], rows: Sequence[Row], origin: str) -> tuple[list[Row], dict[str, Any]]:
    asked, offset = size_of(fields), _offset(fields)
    size, step = page_size(call, min(asked, int(call.settings["page_rows"])))
    shown, total = window(call, rows, offset, size)
    filters = {name: value for name, value in fields.items() if name not in PAGING}

    def link(start: int) -> str:
        token = {"PageToken": f"PA{start:032d}"} if start else {}
        return f"{origin}{call.path}?{urlencode({**filters, 'PageSize': asked, 'Page': start // asked, **token})}"

    following = next_link(call, link(offset + step) if offset + size < total else None, link(offset))
    previous = link(max(0, offset - asked)) if offset else None
    return shown, {
        "offset": offset, "page": offset // asked, "size": asked, "first": link(0), "this": link(offset),
        "next": following, "previous": previous,
    }  # fmt: skip


def page_2010(
    call: Call, fields: Mapping[str, str], key: str, rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]
) -> Answer:
    """A page of the API of 2010: links relative to the host, no total."""
    shown, about = _pages(call, fields, rows, "")
    return Answer(200, {
        key: [render(row) for row in shown], "page": about["page"], "page_size": about["size"],
        "start": about["offset"],
        "end": about["offset"] + max(0, len(shown) - 1), "uri": about["this"], "first_page_uri": about["first"],
        "next_page_uri": about["next"], "previous_page_uri": about["previous"],
    })  # fmt: skip


def page_newer(
    call: Call, fields: Mapping[str, str], key: str, rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]
) -> Answer:
    """A page of the newer APIs: absolute links below ``meta``."""
    shown, about = _pages(call, fields, rows, call.origin)
    meta = {
        "key": key, "page": about["page"], "page_size": about["size"], "url": about["this"],
        "first_page_url": about["first"],
        "next_page_url": about["next"], "previous_page_url": about["previous"],
    }  # fmt: skip
    return Answer(200, {key: [render(row) for row in shown], "meta": meta})
