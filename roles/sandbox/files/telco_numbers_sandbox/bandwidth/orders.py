# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that place orders and read them. Each kind has a body of its own, and another name for its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import shop
from ..markup import many
from ..store import Account, Offer, Order
from ..wire import Answer, ApiError, Call, Provider
from . import ordering
from .common import (
    ACCOUNT,
    NAME,
    Handled,
    Refused,
    account_of,
    cursor_page,
    customer_order_id,
    default_peer,
    document,
    moment,
    numbers_in,
    query,
    required_size,
    sites,
    xml,
)  # fmt: skip
from .ordering import COMPLETE, FAILED, PARTIAL

ORDERS, MOVES, OPTIONS, DISCONNECTS = (
    f"{ACCOUNT}/{kind}" for kind in ("orders", "moveTns", "tnoptions", "disconnects")
)
SEARCH_TYPES = (
    "AreaCodeSearchAndOrderType", "CitySearchAndOrderType", "RateCenterSearchAndOrderType",
    "StateSearchAndOrderType", "ZIPSearchAndOrderType", "LATASearchAndOrderType", "NPANXXSearchAndOrderType",
    "TollFreeWildCharSearchAndOrderType", "TollFreeVanitySearchAndOrderType", "CombinedSearchAndOrderType",
)  # fmt: skip
EXISTING = "ExistingTelephoneNumberOrderType"
ORDER = (
    "CustomerOrderId", "Name", "SiteId", "PeerId", "PartialAllowed", "BackOrderRequested", "TnAttributes", EXISTING,
    *SEARCH_TYPES, "TelephoneNumberList", "id",
)  # fmt: skip
SETTINGS = (
    "CallForward", "NumberFormat", "RPIDFormat", "RewriteUser", "CallingNameDisplay", "Sms", "A2pSettings",
    "OriginationRoutePlan", "PortOutPasscode", "Protected", "FinalDestinationURI", "CallVerificationEnabled",
    "PindropEnabled", "NNID", "ESPID",
)  # fmt: skip
FORMATS = ("10digit", "11digit", "e164")
CHOICES = {
    "NumberFormat": FORMATS, "RPIDFormat": FORMATS, "CallingNameDisplay": ("on", "off"), "Sms": ("on", "off"),
    "Protected": ("true", "false"),
}  # fmt: skip
MOST = 5000


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("POST", ORDERS, buy),
        ("GET", ORDERS, orders),
        ("GET", ORDERS + "/{id}", one_order),
        ("PUT", ORDERS + "/{id}", close),
        ("GET", ORDERS + "/{id}/tns", order_numbers),
        ("GET", ORDERS + "/{id}/history", history),
        ("POST", MOVES, move),
        ("GET", MOVES + "/{id}", one_move),
        ("POST", OPTIONS, options),
        ("GET", OPTIONS + "/{id}", one_option),
        ("POST", DISCONNECTS, disconnect),
        ("GET", DISCONNECTS, disconnects),
        ("GET", DISCONNECTS + "/{id}", one_disconnect),
    )


def _the(call: Call, kind: str, root: str) -> Order:
    account = account_of(call)
    found = call.store.get(Order, provider=NAME, account=account.id, id=call.params["id"])
    if found is None or found.options["kind"] != kind:
        raise Refused(404, root, "The resource does not exist")
    return found


def _listed(call: Call, kind: str, name: str, filters: Sequence[str]) -> Answer:
    """A list of orders, whose rows have neither the buyer's key nor the numbers."""
    account = account_of(call)
    fields = query(call, ("page", "size", "startdate", "enddate", "userid", "status", *filters))
    size = required_size(fields, 1000)
    status = fields.get("status")
    if status not in (None, "complete", "partial", "failed", "backordered"):
        raise Refused(400, "ResponseSelectWrapper", f"The status '{status}' is wrong", 15518)
    found = [
        order
        for order in call.store.find(Order, provider=NAME, account=account.id)
        if order.options["kind"] == kind
        and fields.get("customerOrderId") in (None, order.options.get("key"))
        and status in (None, order.options["state"].lower())
    ]
    if not found:
        return xml("ResponseSelectWrapper", {"ListOrderIdUserIdDate": {"TotalCount": 0}})
    shown, links = cursor_page(call, fields, found, lambda order: order.id, size)
    rows = [
        {
            "CountOfTNs": order.quantity, "userId": "api", "lastModifiedDate": moment(order.options["placed"]),
            "OrderDate": moment(order.options["placed"]), "OrderType": "new_number", name: order.id,
            "OrderStatus": order.options["state"],
        }
        for order in shown
    ]  # fmt: skip
    return xml("ResponseSelectWrapper", {"ListOrderIdUserIdDate": {
        "TotalCount": len(found), "Links": links, "OrderIdUserIdDate": rows,
    }})  # fmt: skip


# -- purchases ---------------------------------------------------------------------------------------------------------


def buy(call: Call) -> Answer:
    """201 says only that there is an order."""
    account = account_of(call)
    fields = document(call, "Order", ORDER)
    key = customer_order_id(fields, "OrderResponse")
    if "TelephoneNumberList" in fields:  # it belongs below its order type
        raise ApiError(500, "")
    site, peer = _place_of(account, fields)
    numbers, reserved = _wanted(call, account, fields)
    if len(numbers) > MOST:
        raise Refused(400, "OrderResponse", "Too many telephone numbers", 5215, "list")
    if len(set(numbers)) < len(numbers):
        raise Refused(400, "OrderResponse", "The order has duplicates", 5093, "list")
    if len({number.startswith("+1") for number in numbers}) > 1:
        raise Refused(400, "OrderResponse", "Numbers of North America and others are mixed", 5165, "list")
    _credit(call, account, numbers)
    order = ordering.place(
        call, account, "orders", numbers, key=key, name=fields.get("Name"), site=site["id"], peer=peer["id"],
        partial=str(fields.get("PartialAllowed", "true")).lower() == "true", reserved=reserved,
    )  # fmt: skip
    return xml("OrderResponse", {"Order": {**_echo(order), "id": order.id}, "OrderStatus": "RECEIVED"}, 201)


def _place_of(account: Account, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The site of an order and its location, which may be the site's default one."""
    if not fields.get("SiteId"):
        raise Refused(400, "OrderResponse", "SiteId is a required field.", 5022, "list")
    site = next((site for site in sites(account) if str(site["id"]) == fields["SiteId"]), None)
    if site is None:
        raise Refused(400, "OrderResponse", "The site id submitted is invalid.", 5016, "list")
    if not fields.get("PeerId"):
        default = default_peer(site)
        if default is None:
            raise Refused(400, "OrderResponse", "The site has no default SIP peer.", 5020, "list")
        return site, default
    if not ordering.is_location(account, site["id"], fields["PeerId"]):
        raise Refused(400, "OrderResponse", "The SIP peer id submitted is invalid.", 5023, "list")
    return site, next(peer for peer in site["peers"] if str(peer["id"]) == fields["PeerId"])


def _wanted(call: Call, account: Account, fields: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The numbers of an order, and those of them that are reserved for it."""
    kinds = [name for name in (EXISTING, *SEARCH_TYPES) if name in fields]
    if len(kinds) != 1:
        raise Refused(400, "OrderResponse", "One order type is required", 5002, "list")
    wanted = fields[kinds[0]]
    if kinds == [EXISTING]:
        numbers = numbers_in(wanted.get("TelephoneNumberList"), "OrderResponse", "list")
        if any(ordering.is_busy(call.store, account.id, number) for number in numbers):
            message = ordering.TEXTS[5218]
            raise Refused(400, "OrderResponse", message, 5218, "list")
        holds = wanted.get("ReservationIdList")
        named = [str(one) for one in many(holds.get("ReservationId"))] if isinstance(holds, dict) else []
        return numbers, ordering.release_holds(call, account, named)
    return _found(call, kinds[0], wanted), []


def _found(call: Call, kind: str, wanted: Mapping[str, Any]) -> list[str]:
    """What "any that match" finds: as many numbers as are asked for."""
    facts = {"State": "region", "City": "city", "RateCenter": "rate_center", "Zip": "zip", "Lata": "lata"}
    rules = [(facts[name], str(value).upper()) for name, value in wanted.items() if name in facts]
    digits = str(wanted.get("AreaCode") or wanted.get("NpaNxx") or "")
    found = [
        offer.id
        for offer in call.store.find(Offer, provider=NAME)
        if offer.stock
        and offer.id.startswith(f"+1{digits}")
        and all(str(offer.data.get(fact, "")).upper() == value for fact, value in rules)
    ]
    quantity = int(str(wanted.get("Quantity", "1")))
    if len(found) < quantity:
        raise Refused(400, "OrderResponse", ordering.TEXTS[5018], 5018, "list")
    return found[:quantity]


def _credit(call: Call, account: Account, numbers: Sequence[str]) -> None:
    """Refuse what a prepaid account cannot pay for."""
    for number in numbers:
        offer = call.store.get(Offer, provider=NAME, id=number)
        if offer is not None:
            try:
                shop.require_credit(_PRICES, account, offer.data, len(numbers))
            except shop.NotEnoughCredit:
                raise ApiError(402, "The account is out of credit") from None


class _Prices(Provider):
    """What one number costs, for the check of the credit."""

    name = NAME

    def routes(self) -> Sequence[Any]:
        return ()

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        return Answer(status)


_PRICES = _Prices()


def _echo(order: Order) -> dict[str, Any]:
    """What an order repeats of its request."""
    told = order.options
    return {
        **({"CustomerOrderId": told["key"]} if told.get("key") else {}),
        **({"Name": told["name"]} if told.get("name") else {}),
        "OrderCreateDate": moment(told["placed"]), "PeerId": told["peer"], "BackOrderRequested": False,
        EXISTING: {"TelephoneNumberList": {"TelephoneNumber": ordering.numbers_of(order)}},
        "PartialAllowed": told["partial"], "SiteId": told["site"],
    }  # fmt: skip


def orders(call: Call) -> Answer:
    """The orders of an account; without page and size the list is not found."""
    return _listed(call, "orders", "orderId", ("customerOrderId",))


def one_order(call: Call) -> Answer:
    """One purchase. What it bought and what failed is told once it has ended, and a failed one is a 200, too."""
    order = _the(call, "orders", "ErrorResponse")
    query(call, ("tndetail",))
    state = order.options["state"]
    if state not in (COMPLETE, PARTIAL, FAILED):
        return xml("OrderResponse", {"Order": _echo(order), "OrderStatus": state})
    failed = ordering.failures(order)
    body: dict[str, Any] = {
        "CompletedQuantity": len(order.numbers), "CreatedByUser": "api",
        "LastModifiedDate": moment(order.options["placed"]), "OrderCompleteDate": moment(order.options["placed"]),
        "Order": _echo(order), "OrderStatus": state,
    }  # fmt: skip
    if order.numbers:
        body["CompletedNumbers"] = {"TelephoneNumber": [{"FullNumber": number} for number in order.numbers]}
    if failed:
        body["ErrorList"] = {"Error": failed}
        body["FailedNumbers"] = {"FullNumber": [row["TelephoneNumber"] for row in failed]}
    return xml("OrderResponse", {**body, "FailedQuantity": len(failed)})


def close(call: Call) -> Answer:
    """Only a backordered order can be closed, and none is one here."""
    _the(call, "orders", "ErrorResponse")
    document(call, "Order", ("CustomerOrderId", "Name", "CloseOrder"))
    raise Refused(400, "OrderResponse", "Only a backordered order can be closed", 5060, "list")


def order_numbers(call: Call) -> Answer:
    """The numbers that an order bought."""
    order = _the(call, "orders", "ErrorResponse")
    query(call, ())
    return xml("TelephoneNumbers", {"Count": len(order.numbers), "TelephoneNumber": order.numbers})


def history(call: Call) -> Answer:
    """What became of an order."""
    order = _the(call, "orders", "ErrorResponse")
    query(call, ())
    row = {"OrderDate": moment(order.options["placed"]), "Note": "Order placed", "Author": "System",
           "Status": order.options["state"]}  # fmt: skip
    return xml("OrderHistoryWrapper", {"OrderHistory": [row]})


# -- moves -------------------------------------------------------------------------------------------------------------


def move(call: Call) -> Answer:
    """Numbers to another location."""
    account, root = account_of(call), "MoveTnsOrderResponse"
    fields = document(call, "MoveTnsOrder", ("CustomerOrderId", "SiteId", "SipPeerId", "TelephoneNumbers"))
    key = customer_order_id(fields, root, "errors")
    if not any(str(site["id"]) == fields.get("SiteId") for site in sites(account)):
        raise Refused(400, root, "The site is invalid", 7309, "errors")
    if not ordering.is_location(account, fields["SiteId"], fields.get("SipPeerId")):
        raise Refused(400, root, "The SIP peer is invalid", 7312, "errors")
    numbers = numbers_in(fields.get("TelephoneNumbers"), root, "errors")
    order = ordering.place(call, account, "moveTns", numbers, key=key, site=fields["SiteId"], peer=fields["SipPeerId"])
    return xml(root, {"MoveTnsOrder": {**_moved(order), "ProcessingStatus": "RECEIVED"}}, 201)


def _moved(order: Order) -> dict[str, Any]:
    told = order.options
    return {
        **({"CustomerOrderId": told["key"]} if told.get("key") else {}), "OrderCreateDate": moment(told["placed"]),
        "AccountId": order.account, "CreatedByUser": "api", "OrderId": order.id, "SiteId": told["site"],
        "TelephoneNumbers": {"TelephoneNumber": ordering.numbers_of(order)}, "ProcessingStatus": told["state"],
        "SipPeerId": told["peer"],
    }  # fmt: skip


def one_move(call: Call) -> Answer:
    """One move."""
    order = _the(call, "moveTns", "MoveTnsOrderResponse")
    query(call, ())
    rows = [
        {"Code": row["Code"], "Description": row["Description"],
         "TelephoneNumbers": {"TelephoneNumber": [row["TelephoneNumber"]]}}
        for row in ordering.failures(order)
    ]  # fmt: skip
    return xml("MoveTnsOrder", {**_moved(order), "Errors": {"Error": rows} if rows else None})


# -- options -----------------------------------------------------------------------------------------------------------


def options(call: Call) -> Answer:
    """Settings of numbers. What stands against them shows only when the order is read."""
    account, root = account_of(call), "TnOptionOrderResponse"
    fields = document(call, "TnOptionOrder", ("CustomerOrderId", "Name", "TnOptionGroups"))
    key = customer_order_id(fields, root, "status")
    wanted: dict[str, dict[str, Any]] = {}
    below = fields.get("TnOptionGroups")
    groups = many(below.get("TnOptionGroup")) if isinstance(below, dict) else []
    for group in groups:
        settings = _settings(group)
        for number in numbers_in(group.get("TelephoneNumbers"), root):
            wanted[number] = settings
    if not groups or not all(wanted.values()):
        raise Refused(400, root, "No option is given", 5115)
    order = ordering.place(call, account, "tnoptions", list(wanted), key=key, settings=wanted, groups=groups)
    return xml(root, {"TnOptionOrder": {**_option(order), "ProcessingStatus": "RECEIVED", "ErrorList": None}}, 201)


def _settings(group: Mapping[str, Any]) -> dict[str, Any]:
    """What a group changes; None takes a setting off."""
    found: dict[str, Any] = {}
    for name, value in group.items():
        if name == "TelephoneNumbers":
            continue
        if name not in SETTINGS:
            raise ApiError(400, f"Unknown element {name} in TnOptionGroup")
        if value == "unchanged":
            continue
        if name in CHOICES and value not in (*CHOICES[name], "systemDefault"):
            raise Refused(400, "TnOptionOrderResponse", f"{name} '{value}' is invalid.", 5081)
        found[name] = None if value == "systemDefault" else value
    return found


def _option(order: Order) -> dict[str, Any]:
    told = order.options
    return {
        **({"CustomerOrderId": told["key"]} if told.get("key") else {}), "OrderCreateDate": moment(told["placed"]),
        "AccountId": order.account, "CreatedByUser": "api", "OrderId": order.id, "ProcessingStatus": told["state"],
        "TnOptionGroups": {"TnOptionGroup": told["groups"]},
    }  # fmt: skip


def one_option(call: Call) -> Answer:
    """One change of options; its root is another one than that of the answer to the order."""
    order = _the(call, "tnoptions", "TnOptionOrderReportResponse")
    query(call, ())
    rows = ordering.failures(order)
    return xml("TnOptionOrder", {**_option(order), "ErrorList": {"Error": rows} if rows else None})


# -- disconnects -------------------------------------------------------------------------------------------------------


def disconnect(call: Call) -> Answer:
    """Numbers are given back."""
    account, root = account_of(call), "DisconnectTelephoneNumberOrderResponse"
    inner = "DisconnectTelephoneNumberOrderType"
    fields = document(call, "DisconnectTelephoneNumberOrder", ("CustomerOrderId", "Name", inner, "TelephoneNumberList"))
    key = customer_order_id(fields, root)
    wrapped = fields.get(inner) if isinstance(fields.get(inner), dict) else {}
    numbers = numbers_in((wrapped or {}).get("TelephoneNumberList"), root, "list")
    order = ordering.place(call, account, "disconnects", numbers, key=key, name=fields.get("Name"))
    where = {"Location": f"{call.origin}{call.path}/{order.id}"}
    return xml(root, {"orderRequest": _disconnected(order), "OrderStatus": "RECEIVED"}, 201, **where)


def _disconnected(order: Order) -> dict[str, Any]:
    told = order.options
    return {
        **({"CustomerOrderId": told["key"]} if told.get("key") else {}), "id": order.id,
        "OrderCreateDate": moment(told["placed"]),
        "DisconnectTelephoneNumberOrderType": {
            "DisconnectMode": "normal", "Protected": "UNCHANGED",
            "TelephoneNumberList": {"TelephoneNumber": ordering.numbers_of(order)},
        },
    }  # fmt: skip


def disconnects(call: Call) -> Answer:
    """The disconnect orders; they cannot be asked for by the buyer's key."""
    return _listed(call, "disconnects", "OrderId", ())


def one_disconnect(call: Call) -> Answer:
    """One disconnect order."""
    root = "DisconnectTelephoneNumberOrderResponse"
    order = _the(call, "disconnects", root)
    query(call, ("tndetail",))
    rows = ordering.failures(order)
    done = {"TelephoneNumber": order.numbers} if order.numbers else None
    return xml(root, {
        "DisconnectedTelephoneNumberList": done, "ErrorList": {"Error": rows} if rows else None,
        "orderRequest": _disconnected(order), "OrderStatus": order.options["state"],
    })  # fmt: skip
