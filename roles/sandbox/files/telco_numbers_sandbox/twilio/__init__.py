# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio: the REST API of 2010, and what of Messaging, Trunking, Numbers, Pricing and Routes has to do with numbers.

Choices where the document is silent: code 20003 with HTTP 401 for a key that may not do something; HTTP 403 with
code 20005 for an account that is not active; HTTP 402 without a code for one that cannot pay; HTTP 409 for the
conflicts of a messaging service; HTTP 400 without a code where no code is known; a parent pays for its sub-accounts;
a number that was given back is for sale again at once; US and Canadian search fields are refused for other countries.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from ..wire import Answer, ApiError, Call, Provider, Route
from . import accounts, buying, links, numbers, papers, prices, search
from .common import NAME, more_info

CODES = {401: 20003, 404: 20404, 405: 20004, 429: 20429, 500: 20500, 503: 20503, 504: 20504}


class Twilio(Provider):
    """Single numbers, bought by number; a price for each country and type; links of several kinds."""

    name = NAME
    default_settings: ClassVar[Mapping[str, Any]] = {
        "search_rows": 30,
        "page_rows": 1000,
        "demo_urls": False,
        "problem_details": False,
    }
    account_fields = (
        "auth_token", "keys", "owner", "friendly_name", "status", "kind", "test", "names", "addresses", "bundles",
        "identities",
        "inbound_webhook_on_number",
    )  # fmt: skip
    offer_fields = ("address_requirements", "beta", "geography", "bundle", "needs_identity", "base_price")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls; the paths of 2010 end in .json."""
        calls = (
            *accounts.calls(),
            *search.calls(),
            *buying.calls(self),
            *numbers.calls(),
            *links.calls(),
            *papers.calls(),
            *prices.calls(),
        )
        return [Route(method, path, _with_id(handler)) for method, path, handler in calls]

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """The shape of 2010; 0 stands for no code at all."""
        number = CODES.get(status) if code is None else int(code)
        body: dict[str, Any] = {"message": message, "status": status}
        if number:
            body = {"code": number, "message": message, "more_info": more_info(number), "status": status}
        if number == 20003:
            body = {**body, "message": "Authenticate", "detail": message}
        return _identified(Answer(status, body))

    def refusal(self, call: Call, refused: ApiError) -> Answer:
        """With the setting ``problem_details`` the newer APIs answer as RFC 9457 has it."""
        answer = self.error(refused.status, refused.message, refused.code)
        if call.settings.get("problem_details") and not call.path.startswith("/2010-04-01"):
            answer.body = _problem(call, answer.body, refused)
            answer.headers["Content-Type"] = "application/problem+json"
        return answer

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """Offers are named by their number."""
        return str(data["number"])

    def new_owned_id(self, number: str) -> str:
        """A number that is bought again has another SID."""
        return f"PN{uuid.uuid4().hex}"

    def wanted_offer(self, call: Call) -> str | None:
        """The number that is to be bought."""
        return dict(parse_qsl(call.body.decode(errors="replace"))).get("PhoneNumber")


def _problem(call: Call, body: Mapping[str, Any], refused: ApiError) -> dict[str, Any]:
    code = body.get("code")
    return {
        "type": more_info(code) if code else "about:blank",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        **({"code": code} if code else {}),
        "detail": refused.message,
        "instance": call.path,
        "errors": [],
    }


def _identified(answer: Answer) -> Answer:
    answer.headers["Twilio-Request-Id"] = f"RQ{uuid.uuid4().hex}"
    return answer


def _with_id(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    return lambda call: _identified(handler(call))


PROVIDER = Twilio()
