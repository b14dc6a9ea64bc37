# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders: placed at once, carried out later, row by row. Each row is one record of the store, so that each can end on
its own: by its time, by how often its order is read, or by the control path, which knows it by the row's id.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .. import shop
from ..store import Account, Offer, Order, Owned
from ..wire import Answer, ApiError, Call, Provider
from . import papers
from .accounts import is_uuid
from .common import NAME, Handled, asking_account, body, end, iso8601, not_found, page, query, settled, text
from .search import was_searched

STATUSES = {"pending": "pending", "fulfilled": "success", "rejected": "failure", "cancelled": "failure"}
MOST = 1000


def calls(provider: Provider) -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("POST", "/number_orders", _place_of(provider)),
        ("GET", "/number_orders", _list_of(provider)),
        ("GET", "/number_orders/{id}", _get_of(provider)),
        ("GET", "/sub_number_orders", sub_orders),
        ("GET", "/sub_number_orders/{id}", sub_order),
        ("PATCH", "/sub_number_orders/{id}/cancel", cancel),
        ("POST", "/sub_number_orders/{id}/requirement_group", give_papers),
        ("GET", "/number_order_phone_numbers", rows),
    )


def check_links(account: Account, connection: str | None, profile: str | None) -> None:
    """Refuse what numbers cannot be linked to."""
    if connection and (connection not in account.applications or is_uuid(connection)):
        raise ApiError(422, f"connection_id {connection} is invalid", "85004")
    if profile and (profile not in account.applications or not is_uuid(profile)):
        raise ApiError(422, f"messaging_profile_id {profile} is invalid", "85005")


def _place_of(provider: Provider) -> Callable[[Call], Answer]:
    def place(call: Call) -> Answer:
        account = asking_account(call)
        told = body(call)
        wanted = told.get("phone_numbers")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST:
            raise ApiError(422, f"phone_numbers must have 1 to {MOST} entries")
        if not all(isinstance(one, dict) and isinstance(one.get("phone_number"), str) for one in wanted):
            raise ApiError(422, "phone_numbers must have entries with a phone_number")
        check_links(account, text(told, "connection_id"), text(told, "messaging_profile_id"))
        group = text(told, "billing_group_id")
        if group and group not in [one["id"] for one in account.data.get("billing_groups", [])]:
            raise ApiError(422, f"billing_group_id {group} is invalid", "10027")
        _check_numbers(call, account, [str(one["phone_number"]) for one in wanted])
        due = sum(provider.due_now(_offer(call, str(one["phone_number"])).data) for one in wanted)
        if due > account.credit:
            raise ApiError(402, "Insufficient funds to perform the requested action", "20100")
        head = _head(call, told)
        placed = [_row(call, provider, account, head, one, index) for index, one in enumerate(wanted)]
        answer = Answer(200, {"data": _order(placed)})
        settled(call, provider)
        return answer

    return place


def _offer(call: Call, number: str) -> Offer:
    return call.store.the(Offer, provider=NAME, id=number)


def _check_numbers(call: Call, account: Account, numbers: Sequence[str]) -> None:
    if len(set(numbers)) < len(numbers):
        raise ApiError(422, "phone_numbers has a number twice", "10027")
    for number in numbers:
        offer = call.store.get(Offer, provider=NAME, id=number)
        searched = was_searched(call, account, number)
        if not searched:
            raise ApiError(422, f"{number}: you can only order numbers that you have searched for lately", "85000")
        if offer is None or not offer.stock or offer.data.get("held_by") not in (None, account.id):
            raise ApiError(422, f"{number} is no longer available", "85001")


def _head(call: Call, told: Mapping[str, Any]) -> dict[str, Any]:
    """What all rows share. Under the fault ``pending`` the order waits; under ``partial`` some rows fail."""
    pending, partial = call.faults.take("pending"), call.faults.take("partial")
    delay: float | None = float(call.settings["order_seconds"])
    if pending:
        delay = pending.spec.get("fulfil_after_seconds")
    applications = {"voice": text(told, "connection_id"), "sms": text(told, "messaging_profile_id")}
    reference, group = text(told, "customer_reference"), text(told, "billing_group_id")
    return {
        "order": str(uuid.uuid4()),
        "reference": reference,
        "billing_group_id": group,
        "placed_at": call.now,
        "links": {key: value for key, value in applications.items() if value},
        "due_at": None if delay is None else call.now + delay,
        "due_reads": pending.spec.get("fulfil_after_reads") if pending else None,
        "deliver": int(partial.spec["deliver"]) if partial else None,
        "configuration": {
            name: value for name, value in (("customer_reference", reference), ("billing_group_id", group)) if value
        },
    }


def _row(
    call: Call, provider: Provider, account: Account, head: Mapping[str, Any], wanted: Mapping[str, Any], index: int
) -> Order:
    """Place one row: its offer may say (``order``) when and how it ends."""
    offer = _offer(call, str(wanted["phone_number"]))
    data, own = offer.data, dict(offer.data.get("order") or {})
    missing = papers.missing(account, data, text(wanted, "requirement_group_id"))
    if missing and data.get("mandatory"):
        raise ApiError(422, f"{offer.id}: requirements are not met: {', '.join(missing)}", "10015")
    options = {key: value for key, value in head.items() if key != "deliver"}
    if "seconds" in own:
        options["due_at"] = None if own["seconds"] is None else call.now + float(own["seconds"])
    if head["deliver"] is not None and index >= head["deliver"]:
        own["end"] = "failure"
    options.update(
        position=index,
        due_reads=own.get("reads", options["due_reads"]),
        end=own.get("end", "success"),
        group=text(wanted, "requirement_group_id"),
        papers_missing=bool(missing),
        owned_id=provider.new_owned_id(offer.id),
        applications={key: value for key, value in head["links"].items() if _takes(data, key)},
        data={"type": data.get("type"), "country": data.get("country")},
        sub=str(uuid.uuid5(uuid.UUID(str(head["order"])), f"{data.get('country')} {data.get('type')}")),
    )
    return shop.place_order(call.store, provider, account, offer, 1, "pending", options)


def _takes(data: Mapping[str, Any], capability: str) -> bool:
    """Whether a number can be linked so. For voice nobody asks."""
    return capability == "voice" or capability in {**data, **(data.get("record") or {})}["capabilities"]


def _mine(call: Call, **where: Any) -> list[Order]:
    account = asking_account(call)
    found = [
        order
        for order in call.store.find(Order, provider=NAME, account=account.id)
        if all(order.options.get(name) == value for name, value in where.items())
    ]
    return sorted(found, key=lambda order: int(order.options["position"]))


def _was_read(call: Call, provider: Provider, found: Iterable[Order]) -> None:
    """Rows that end after their order was read so often."""
    for order in found:
        reads = order.options.get("due_reads")
        if order.status == "pending" and reads is not None and not order.options["papers_missing"]:
            order.options["due_reads"] = reads - 1
            call.store.save(order)
            if reads <= 0:
                end(call, provider, order)


def _get_of(provider: Provider) -> Callable[[Call], Answer]:
    def get(call: Call) -> Answer:
        query(call)
        found = _mine(call, order=call.params["id"])
        if not found:
            raise not_found("order")
        _was_read(call, provider, found)
        return Answer(200, {"data": _order(_mine(call, order=call.params["id"]))})

    return get


def _list_of(provider: Provider) -> Callable[[Call], Answer]:
    def orders(call: Call) -> Answer:
        fields = query(
            call,
            "filter[status]",
            "filter[customer_reference]",
            "filter[created_at][gt]",
            "filter[created_at][lt]",
            "filter[requirements_met]",
        )
        wanted = fields.get("filter[customer_reference]")
        found = [order for order in _mine(call) if wanted in (None, order.options["reference"])]
        _was_read(call, provider, found)
        heads: dict[str, list[Order]] = {}
        for order in found:
            heads.setdefault(order.options["order"], []).append(order)
        rendered = [_order(placed) for placed in heads.values()]
        rendered.sort(key=lambda one: str(one["created_at"]), reverse=True)
        status = fields.get("filter[status]")
        shown = [one for one in rendered if status in (None, one["status"])]
        return page(call, shown, lambda one: one)

    return orders


def _order(placed: Sequence[Order]) -> dict[str, Any]:
    head = placed[0].options
    found = [_rendered(order) for order in placed]
    ends = {row["status"] for row in found}
    status = "pending" if "pending" in ends else "success" if ends == {"success"} else "failure"
    return {
        "record_type": "number_order",
        "id": head["order"],
        "status": status,
        "phone_numbers_count": len(found),
        "phone_numbers": found,
        "connection_id": head["links"].get("voice"),
        "messaging_profile_id": head["links"].get("sms"),
        "billing_group_id": head["billing_group_id"],
        "customer_reference": head["reference"],
        "requirements_met": all(row["requirements_met"] for row in found),
        "sub_number_orders_ids": list(dict.fromkeys(order.options["sub"] for order in placed)),
        "created_at": iso8601(head["placed_at"]),
        "updated_at": iso8601(head["placed_at"]),
    }


def _rendered(order: Order) -> dict[str, Any]:
    """A row. What was refused for its papers says so beside its status."""
    options = order.options
    data = options.get("data") or {}
    refused = order.status == "rejected" and (options["papers_missing"] or options["end"] == "papers")
    waits = order.status == "pending" and options["papers_missing"]
    review = order.status == "pending" and options["end"] == "review"
    told = "requirement-info-exception" if refused else "requirement-info-pending" if waits else "approved"
    told = "cancelled" if order.status == "cancelled" else "requirement-info-under-review" if review else told
    return {
        "record_type": "number_order_phone_number",
        "id": order.id,
        "phone_number": order.offer,
        "bundle_id": None,
        "status": STATUSES[order.status],
        "phone_number_type": data.get("type"),
        "country_code": data.get("country"),
        "country_iso_alpha2": data.get("country"),
        "requirements_met": not (waits or refused),
        "requirements_status": told,
        "regulatory_requirements": [],
        "order_request_id": options["order"],
        "sub_number_order_id": options["sub"],
    }


def rows(call: Call) -> Answer:
    """The rows of all orders; there are no pages."""
    fields = query(call, "filter[country_code]")
    wanted = fields.get("filter[country_code]")
    found = [row for row in map(_rendered, _mine(call)) if wanted in (None, row["country_code"])]
    return Answer(200, {"data": found, "meta": {"total_results": len(found)}})


def sub_orders(call: Call) -> Answer:
    """The parts of orders by country and type; there are no pages."""
    fields = query(call, "filter[order_request_id]", "filter[status]", "filter[country_code]")
    parts: dict[str, list[Order]] = {}
    for order in _mine(call):
        if fields.get("filter[order_request_id]") in (None, order.options["order"]):
            parts.setdefault(order.options["sub"], []).append(order)
    found = [_sub(placed) for placed in parts.values()]
    found = [one for one in found if fields.get("filter[status]") in (None, one["status"])]
    return Answer(200, {"data": found, "meta": {"total_results": len(found)}})


def _sub(placed: Sequence[Order]) -> dict[str, Any]:
    whole = _order(placed)
    first = whole["phone_numbers"][0]
    cancelled = all(order.status == "cancelled" for order in placed)
    return {
        "record_type": "sub_number_order",
        "id": first["sub_number_order_id"],
        "order_request_id": whole["id"],
        "country_code": first["country_code"],
        "phone_number_type": first["phone_number_type"],
        "status": "cancelled" if cancelled else whole["status"],
        "phone_numbers_count": len(placed),
        "requirements_met": whole["requirements_met"],
        "regulatory_requirements": [],
        "customer_reference": whole["customer_reference"],
        "is_block_sub_number_order": False,
        "created_at": whole["created_at"],
        "updated_at": whole["updated_at"],
    }


def _part(call: Call) -> list[Order]:
    found = _mine(call, sub=call.params["id"])
    if not found:
        raise not_found("sub order")
    return found


def sub_order(call: Call) -> Answer:
    """One part of an order."""
    query(call)
    return Answer(200, {"data": _sub(_part(call))})


def cancel(call: Call) -> Answer:
    """Take back what is still on order."""
    found = _part(call)
    if not any(order.status == "pending" for order in found):
        raise ApiError(422, "Only a pending order can be cancelled", "10015")
    for order in found:
        if order.status == "pending":
            shop.reject(call.store, order)
            order.status = "cancelled"
            call.store.save(order)
    return Answer(200, {"data": _sub(_part(call))})


def give_papers(call: Call) -> Answer:
    """A requirement group for a part that waits for one."""
    account = asking_account(call)
    group = text(body(call), "requirement_group_id")
    found = _part(call)
    if not any(order.options["papers_missing"] for order in found):
        raise ApiError(422, "Requirements are met already", "85003")
    for order in found:
        data = _offer(call, order.offer).data
        if missing := papers.missing(account, data, group):
            raise ApiError(422, f"Requirements are not met: {', '.join(missing)}", "10015")
        order.options.update(papers_missing=False, group=group)
        call.store.save(order)
    return Answer(200, {"data": _sub(_part(call))})


def listed_on_order(call: Call, account: Account) -> list[Owned]:
    """The numbers that are on order, as the list of owned numbers shows them."""
    found = []
    for order in call.store.find(Order, provider=NAME, account=account.id, status="pending"):
        row = Owned(NAME, order.offer, account.id, order.options["owned_id"], order.offer, order.options["placed_at"])
        row.data = {**_offer(call, order.offer).data, "number": order.offer}
        row.applications = dict(order.options["applications"])
        waits = "requirement-info-pending" if order.options["papers_missing"] else "purchase-pending"
        row.configuration = {**order.options["configuration"], "status": waits}
        found.append(row)
    return found
