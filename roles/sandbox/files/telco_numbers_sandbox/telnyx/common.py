# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every call of Telnyx's has: credentials, bracketed queries, bodies, pages; and orders whose time has come."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from .. import shop
from ..paging import page_size, window
from ..store import Account, Offer, Order, Owned, Session
from ..wire import Answer, ApiError, Call, Provider, account_by, parse_json, scheme_and_value

NAME = "telnyx"
PAGE, MOST = 20, 250
TITLES = {
    "10004": "Missing required parameter",
    "10005": "Resource not found",
    "10007": "Unexpected error",
    "10008": "Request timeout",
    "10009": "Authentication failed",
    "10010": "Authorization failed",
    "10011": "Too many requests",
    "10015": "Bad Request",
    "10023": "Invalid JSON",
    "10027": "Unprocessable Entity",
    "10031": "Invalid request filter",
    "10037": "Service unavailable",
    "20100": "Insufficient Funds",
    "85000": "Phone number was not searched for",
    "85001": "Phone number is no longer available",
    "85003": "Requirements are met already",
    "85004": "Invalid connection id",
    "85005": "Invalid messaging profile id",
}

Row = TypeVar("Row")
Handled = tuple[str, str, Callable[[Call], Answer]]
Query = Mapping[str, str]


def asking_account(call: Call) -> Account:
    """The account of the key, or of the token of OAuth. Without a header there is nothing."""
    scheme, value = scheme_and_value(call)
    if not scheme:
        raise ApiError(404, "The requested resource or URL could not be found.")
    if scheme == "bearer" and value:
        session = call.store.get(Session, id=value)
        if session is not None and session.kind == "oauth" and session.expires_at > call.now:
            return call.store.the(Account, provider=NAME, id=session.owner)
        found = account_by(call, NAME, lambda one: one.data.get("api_key") == value)
        if found is not None:
            return found
    raise ApiError(401, "Could not find any usable credentials in the request.")


def not_found(what: str = "resource") -> ApiError:
    """What a path that leads to nothing is answered."""
    return ApiError(404, f"The requested {what} or URL could not be found.")


def query(call: Call, *known: str) -> dict[str, str]:
    """The fields of the query that a call knows. The others are ignored without a word, as the vendor does."""
    call.no_body()
    return {name: value for name, value in call.query if name in known}


def flag(fields: Query, name: str) -> bool | None:
    """A filter that is true or false; None when it is left out."""
    value = fields.get(name)
    if value is not None and value not in ("true", "false"):
        raise ApiError(422, f"{name} must be true or false", "10031")
    return None if value is None else value == "true"


def words(fields: Query, name: str) -> list[str]:
    """A filter that takes several words, joined by commas."""
    return [word for word in fields.get(name, "").split(",") if word]


def body(call: Call) -> dict[str, Any]:
    """The JSON object of a body; fields that the document does not name are ignored."""
    if call.content_type() != "application/json":
        raise ApiError(415, "Content-Type must be application/json")
    try:
        found = parse_json(call.body)
    except ValueError:
        raise ApiError(400, "The request failed because it was not well-formed") from None
    if not isinstance(found, dict):
        raise ApiError(400, "The body must be an object")
    return found


def listed_numbers(call: Call) -> list[str]:
    """The numbers in the body of an order, which was not checked yet."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        return [str(row["phone_number"]) for row in parse_json(call.body)["phone_numbers"]]
    return []


def text(found: Mapping[str, Any], name: str) -> str | None:
    """A text of a body; None when it is left out or null."""
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise ApiError(422, f"{name} must be a string", "10027")
    return value


def choice(found: Mapping[str, Any], name: str, allowed: Collection[str]) -> None:
    """Refuse another word than *allowed* ones."""
    if found.get(name) is not None and found[name] not in allowed:
        raise ApiError(422, f"{name} must be one of {', '.join(allowed)}", "10027")


def iso8601(moment: float) -> str:
    """A moment as the API writes it."""
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page(
    call: Call, rows: Sequence[Row], render: Callable[[Row], dict[str, Any]], default: int = PAGE, most: int = MOST
) -> Answer:
    """A page by its number, with the total."""
    fields = dict(call.query)
    number, asked = _whole(fields, "page[number]", 1), _whole(fields, "page[size]", default)
    if not 1 <= asked <= MOST or number < 1:
        raise ApiError(422, f"page[size] must be between 1 and {MOST}", "10031")
    size, step = page_size(call, min(asked, most))
    shown, total = window(call, rows, (number - 1) * step, size)
    meta = {
        "page_number": number,
        "page_size": step,
        "total_pages": max(1, -(-total // step)),
        "total_results": total,
    }
    return Answer(200, {"data": [render(row) for row in shown], "meta": meta})


def _whole(fields: Query, name: str, default: int) -> int:
    value = fields.get(name, str(default))
    if not re.fullmatch(r"\d{1,6}", value, re.ASCII):
        raise ApiError(422, f"{name} must be a number", "10031")
    return int(value)


def settled(call: Call, provider: Provider) -> None:
    """Carry out the rows of orders whose time has come, and let numbers work whose provisioning is over."""
    for order in list(call.store.find(Order, provider=NAME, status="pending")):
        due_at = order.options.get("due_at")
        if due_at is not None and due_at <= call.now and not order.options.get("papers_missing"):
            end(call, provider, order)
    for row in list(call.store.find(Owned, provider=NAME, active=False)):
        ready_at = row.configuration.get("ready_at")
        if ready_at is not None and ready_at <= call.now:
            row.active = True
            row.configuration.pop("ready_at")
            call.store.save(row)


def end(call: Call, provider: Provider, order: Order) -> None:
    """End one row of an order as it is to end. A number that cannot be paid fails, too."""
    if order.options.get("end", "success") != "success":
        shop.reject(call.store, order)
        return
    delay = float(call.settings.get("provisioning_seconds") or 0)
    order.options["active"] = not delay
    try:
        shop.require_credit(
            provider,
            call.store.the(Account, provider=NAME, id=order.account),
            call.store.the(Offer, provider=NAME, id=order.offer).data,
            1,
        )
    except shop.NotEnoughCredit:
        shop.reject(call.store, order)
        return
    if delay:
        order.options["configuration"] = {**order.options["configuration"], "ready_at": call.now + delay}
    shop.fulfil(call.store, provider, order, call.now)
