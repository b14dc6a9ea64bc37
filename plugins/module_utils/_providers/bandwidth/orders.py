# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Bandwidth's purchases: an order names exact numbers, is accepted, and ends later, each number for itself."""

from __future__ import annotations

import typing as t

from ..._contract.exchange import Order, OrderLine
from ..._contract.readers import text_from
from ..._core.errors import Failure, Malformed
from ..._core.model import Offer
from ..._net.wire import Response, segment
from . import errors
from .api import Api, below, digits_of, errors_in, many

MOST = 100  # numbers of an order
_STATES = {
    "RECEIVED": "pending",
    "PROCESSING": "pending",
    "BACKORDERED": "pending",
    "COMPLETE": "fulfilled",
    "PARTIAL": "partial",
    "FAILED": "failed",
}
_ROWS = 10  # orders of one key that are looked at: there is one
_REFUSED = "the order failed"


def body(offers: t.Sequence[Offer], key: str, site: str, location: str | None, name: str | None) -> dict[str, t.Any]:
    """The order of *offers*. Each ends for itself, and nothing waits for stock that comes later."""
    return {
        "Order": {
            "CustomerOrderId": key,
            "Name": name,
            "SiteId": site,
            "PeerId": location,
            "PartialAllowed": True,
            "BackOrderRequested": False,
            "ExistingTelephoneNumberOrderType": {
                "TelephoneNumberList": {"TelephoneNumber": [str(offer.number) for offer in offers]}
            },
        }
    }


def placed(response: Response, document: t.Mapping[str, t.Any]) -> Order:
    """The order in the answer to its request: 201, or 200 for one that was judged and refused at once.

    Its id is needed, because 201 says only that there is an order.
    """
    answer = below(document, "OrderResponse")
    order = answer.get("Order")
    identity = text_from(order, "id") or text_from(order, "OrderId") if isinstance(order, dict) else None
    identity = identity or _in_location(response)
    if identity is None:
        for code, message, _numbers in errors_in(answer):
            if code is not None:
                raise errors.failure_of(code, message, "bandwidth refused the order", response.status)
        raise Malformed("it has no id of an order")
    return told(answer, identity)


def _in_location(response: Response) -> str | None:
    """The id at the end of the address of a new order."""
    found = (response.headers.get("Location") or "").rstrip("/").rpartition("/orders/")[2]
    return found if found and "/" not in found else None


def told(answer: t.Mapping[str, t.Any], identity: str) -> Order:
    """What an order says of itself and of each of its numbers. Its state decides, and not that it has errors."""
    state = text_from(answer, "OrderStatus") or "RECEIVED"
    status = _STATES.get(state, "pending")
    if status == "pending":
        return Order("pending", (), f"order {identity} is {state}", identity)
    wanted = _wanted(answer)
    done = {digits_of(number) for number in _completed(answer)}
    said: dict[str, tuple[str | None, str]] = {}
    whole: tuple[str | None, str] | None = None
    for code, message, numbers in errors_in(answer):
        said.update((number, (code, message)) for number in numbers)
        whole = whole or (code, message)
    failed = whole or (None, _REFUSED)
    lines = []
    for number in wanted:
        if status == "fulfilled" or digits_of(number) in done:
            lines.append(OrderLine("fulfilled", number))
        else:
            code, message = said.get(digits_of(number), failed)
            lines.append(OrderLine("failed", number, _words(code, message), _code_of(code)))
    return Order(status, (), None if whole is None else _words(*whole), identity, tuple(lines))


def _words(code: str | None, message: str) -> str:
    return f"{message} (code {code})" if code else message


def _code_of(code: str | None) -> str | None:
    """Why a number was not delivered, where that is not that somebody else has it."""
    kind = errors.CODES.get(code or "", ("out_of_stock", ""))[0]
    return kind if kind in ("account_setup", "forbidden", "regulatory", "invalid_option") else None


def _wanted(answer: t.Mapping[str, t.Any]) -> list[str]:
    """The numbers that an order asked for, and those that it says it delivered or not, in E.164."""
    order = answer.get("Order")
    kind = order.get("ExistingTelephoneNumberOrderType") if isinstance(order, dict) else None
    listed = kind.get("TelephoneNumberList") if isinstance(kind, dict) else None
    asked = many(listed.get("TelephoneNumber")) if isinstance(listed, dict) else []
    failed = answer.get("FailedNumbers")
    left = many(failed.get("FullNumber")) if isinstance(failed, dict) else []
    numbers = [*asked, *_completed(answer), *left]
    return list(dict.fromkeys(f"+{digits_of(one)}" for one in numbers if isinstance(one, str)))


def _completed(answer: t.Mapping[str, t.Any]) -> list[str]:
    """The numbers that an order delivered."""
    found = answer.get("CompletedNumbers")
    rows = many(found.get("TelephoneNumber")) if isinstance(found, dict) else []
    numbers = [one for row in rows for one in (many(row.get("FullNumber")) if isinstance(row, dict) else [row])]
    return [one for one in numbers if isinstance(one, str)]


def order(api: Api, identity: str) -> tuple[Order, str | None] | None:
    """GET …/orders/{id}: the order and its buyer's key; None when there is none."""
    try:
        response, document = api.read(f"orders/{segment(identity, 'id')}")
    except Failure as failure:
        if failure.http_status == 404 and failure.provider_message:
            return None
        raise
    with response.reading():
        answer = below(document, "OrderResponse")
        inner = answer.get("Order")
        key = text_from(inner, "CustomerOrderId") if isinstance(inner, dict) else None
        return told(answer, identity), key


def by_key(api: Api, key: str) -> Order | None:
    """GET …/orders?customerOrderId=…: the order with our own key, confirmed by reading it, because a row has no key."""
    try:
        response, document = api.read("orders", {"page": 1, "size": 100, "customerOrderId": key})
    except Failure as failure:
        if failure.http_status == 404 and failure.provider_message:
            return None
        raise
    with response.reading():
        listed = below(document, "ResponseSelectWrapper", "ListOrderIdUserIdDate")
        rows = [row for row in many(listed.get("OrderIdUserIdDate")) if isinstance(row, dict)]
        identities = [text_from(row, "orderId") or text_from(row, "OrderId") or text_from(row, "id") for row in rows]
    if len(rows) > _ROWS:
        raise Failure("provider_error", f"bandwidth lists {len(rows)} orders for one key: look at them.")
    for identity in identities:
        found = order(api, identity) if identity else None
        if found is not None and found[1] == key:
            return found[0]
    return None
