# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bandwidth: version 2 of the numbers API, and the voice configuration packages of the Universal Platform.

Choices where the document is silent: neither time nor number of requests is limited; ``PartialAllowed`` is true where
an order leaves it out; a number on another order under way is refused at once (5218); 402 without a code for an account
that cannot pay; a number that was given back is ``Aging`` and for sale again at once; a voice configuration package is
left by ``REMOVE``; SMS is on where the location has it on and the number can.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from ..markup import XML_TYPE
from ..store import Order, Store
from ..wire import Answer, ApiError, Call, Provider, Route
from . import numbers, ordering, orders, packages, places, search
from .common import NAME

TOKEN = "/api/v1/oauth2/token"  # noqa: S105 - an address


class Bandwidth(Provider):
    """Single numbers, bought by orders of several; no prices; links by place and by package."""

    name = NAME
    default_settings: ClassVar[Mapping[str, Any]] = {"provisioning_reads": 0, "page_rows": 2500}
    account_fields = (
        "username", "password", "client_id", "client_secret", "company", "tiers", "sites", "vendor_applications",
        "packages", "legacy", "role", "global_services",
    )  # fmt: skip
    offer_fields = ("tier", "lata", "rate_center", "zip", "needs")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls."""
        calls = (
            *places.calls(),
            *search.calls(),
            *orders.calls(),
            *numbers.calls(),
            *packages.calls(),
        )
        routes = [Route(method, path, self._timely(handler)) for method, path, handler in calls]
        return [Route("POST", TOKEN, places.token, session=True), *routes]

    def _timely(self, handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """Orders are carried out between the requests: a look at orders or numbers may be what one waits for."""

        def timely(call: Call) -> Answer:
            is_read = call.method == "GET" and re.search("/(orders|tns|moveTns|tnoptions|disconnects)(/|$)", call.path)
            ordering.advance(call, self, bool(is_read))
            answer = handler(call)
            ordering.advance(call, self, False)
            return answer

        return timely

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """Roles, limits and credentials are refused without a body."""
        if status in (401, 403, 429) or not message:
            headers = {"X-RateLimit-Reset": str(int(time.time()) + 1)} if status == 429 else {}
            return Answer(status, None, headers)
        told = {**({} if code is None else {"ErrorCode": code}), "Description": message}
        return Answer(status, {"ErrorResponse": {"ResponseStatus": told}}, {"Content-Type": XML_TYPE})

    def refusal(self, call: Call, refused: ApiError) -> Answer:
        """The shape is the resource's own."""
        body = getattr(refused, "body", None)
        if packages.is_json(call.path):
            headers = {"Retry-After": "1"} if refused.status == 429 else {}
            return Answer(refused.status, body or packages.described(refused.status, refused.message), headers)
        if body is not None:
            return Answer(refused.status, body, {"Content-Type": XML_TYPE})
        return self.error(refused.status, refused.message, refused.code)

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """Offers are named by their number."""
        return str(data["number"])

    def wanted_offer(self, call: Call) -> str | None:
        """The first number of an order."""
        found = re.search(rb"<TelephoneNumber>(\+\d+)<", call.body)
        return found[1].decode() if found else None

    def fulfil(self, store: Store, order: Order, now: float) -> bool:
        """Orders of every kind are carried out here."""
        ordering.carry_out(store, self, order, now)
        return True

    def order_lines(self, order: Order) -> list[dict[str, Any]]:
        """The lines of a purchase; orders of other kinds are none."""
        return ordering.told(order) if order.options["kind"] == "orders" else []

    def reject(self, store: Store, order: Order) -> bool:
        """Orders of every kind fail here."""
        ordering.reject(store, order)
        return True


PROVIDER = Bandwidth()
