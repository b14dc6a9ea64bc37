# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Telnyx's orders: several numbers in one, carried out later, and each row ends on its own.

A row's id is not the number's id. An order whose papers are missing is taken and waits for days.
"""

from __future__ import annotations

import typing as t

from ..._contract.exchange import Order, OrderLine, PurchaseRequest
from ..._contract.readers import Row, id_from, list_from, number_from, number_in, object_from, text_from
from ..._core.errors import Failure, Malformed
from .api import Api
from .errors import NOT_CHANGED, REFUSED
from .records import CONNECTION, PROFILE

PATH = "/number_orders"
OPTIONS = ("customer_reference", "billing_group")  # of a purchase, beside papers and links
_LINKS = {CONNECTION: "connection_id", PROFILE: "messaging_profile_id"}
_ENDED = {"success": "fulfilled", "failure": "failed", "failed": "failed", "cancelled": "failed", "deleted": "failed"}
_PART = "sub_number_order_id"  # of a row
_REVIEW = "requirement-info-under-review"


def body_of(request: PurchaseRequest) -> dict[str, t.Any]:
    """The body of an order. Links and papers are those of all its numbers, and our key is what it is found by."""
    group = request.regulatory.get("requirement_group")
    papers = {"requirement_group_id": group} if group else {}
    body: dict[str, t.Any] = {
        "phone_numbers": [{"phone_number": offer.number, **papers} for offer in request.offers],
        **{_LINKS[link.kind]: link.id for link in request.links},
        "customer_reference": request.key or request.options.get("customer_reference"),
        "billing_group_id": request.options.get("billing_group"),
    }
    return {name: value for name, value in body.items() if value}


def place(api: Api, request: PurchaseRequest) -> Order:
    """POST /number_orders: 200 and the order, which has a row for each number."""
    response, record = api.record("POST", PATH, json=body_of(request), refusals=REFUSED)
    with response.reading():
        order = order_from(record)
        wanted = {offer.number for offer in request.offers}
        lacking = wanted - {line.number for line in order.lines}
        if lacking:
            raise Malformed(f"it has no row of {', '.join(sorted(map(str, lacking)))}")
    return order


def by_id(api: Api, identity: str) -> Order | None:
    """GET /number_orders/{id}."""
    try:
        response, record = api.record("GET", PATH, identity)
    except Failure as failure:
        if failure.provider_code == "10005":
            return None
        raise
    with response.reading():
        if id_from(record, "id") != identity:
            raise Malformed("it is another order")
        return order_from(record)


def by_key(api: Api, key: str) -> Order | None:
    """GET /number_orders, filtered by our key; every row is looked at again.

    Other rows alone say that the filter was ignored: then the order may stand on another page.
    """
    response = api.request("GET", PATH, query={"filter[customer_reference]": key, "page[size]": 250})
    with response.reading():
        rows = [object_from(row) for row in list_from(object_from(response.json()), "data")]
        found = [id_from(row, "id") for row in rows if text_from(row, "customer_reference") == key]
        if rows and not found:
            raise Malformed("it lists orders with other references than the one that was asked for")
    return by_id(api, found[0]) if found else None


def cancel(api: Api, number: str) -> None:
    """PATCH /sub_number_orders/{id}/cancel: it cancels all that is still on order of one order, country and type, so it
    is sent for a number that is alone there.

    Raises Failure ``conflict`` for a number that is not, ``not_found`` for one that is not on order.
    """
    rows = [row for row in map(object_from, api.rows("/number_order_phone_numbers", {})) if _is_open(row)]
    part = next((text_from(row, _PART) for row in rows if number_in(row, "phone_number") == number), None)
    if part is None:
        raise Failure("not_found", f"telnyx has no order of {number} that can be cancelled: read it again.")
    others = sorted(str(number_in(row, "phone_number")) for row in rows if row.get(_PART) == part)
    others.remove(number)
    if others:
        raise Failure(
            "conflict",
            f"{number} is on order together with {', '.join(others[:5])}, and telnyx cancels them only together: "
            "release it when it is active.",
        )
    api.record("PATCH", "/sub_number_orders", part, "cancel", refusals=NOT_CHANGED)


def _is_open(row: Row) -> bool:
    return (text_from(row, "status") or "pending") not in _ENDED


def order_from(record: Row) -> Order:
    """The order in a record. Raises Malformed."""
    lines = tuple(line_from(object_from(row)) for row in list_from(record, "phone_numbers"))
    states = {line.status for line in lines}
    status = states.pop() if len(states) == 1 else "pending" if "pending" in states else "partial"
    return Order(status, (), None, id_from(record, "id"), lines)


def line_from(row: Row) -> OrderLine:
    """A row of an order. One that ended without its papers was rejected for them; a word that is not known is one of
    an order on the way, which counts.
    """
    number, word = number_from(row, "phone_number", names=False), text_from(row, "status") or "pending"
    papers = text_from(row, "requirements_status")
    unmet = row.get("requirements_met") is False
    ended = _ENDED.get(word)
    if ended == "failed":
        told = f"{word}, {papers}" if papers else word
        return OrderLine("failed", number, told, "regulatory" if unmet else None)
    if ended:
        return OrderLine(ended, number)
    if papers == _REVIEW:
        return OrderLine("in_review", number, papers)
    if unmet:
        return OrderLine("needs_input", number, papers or "requirements are not met")
    return OrderLine("pending", number)
