# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telnyx v2: search, orders, owned numbers with their voice and messaging settings, what they are linked to, papers.

Choices where the documents are silent: HTTP 422 for a wrong value and for codes 85000 to 85008, HTTP 402 with code
20100 for an account that cannot pay, HTTP 422 with code 10015 for a locked number that is to be deleted; a search shows
50 rows at most and is remembered for five minutes; a nested voice setting replaces the one before; an empty text takes
a connection off; a number that is on order stands on the list; a released number is held for the account that had it,
and for sale to it alone. The messaging and the voice settings of one number are never late.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from ..wire import Answer, ApiError, Call, Provider, Route
from . import accounts, applications, numbers, orders, papers, search
from .common import NAME, TITLES, listed_numbers, settled

CODES = {
    400: "10023",
    401: "10009",
    403: "10010",
    404: "10005",
    405: "10015",
    415: "10015",
    422: "10015",
    429: "10011",
    500: "10007",
    502: "10007",
    503: "10037",
    504: "10008",
}


class Telnyx(Provider):
    """Single numbers, bought with an order whose rows end one by one."""

    name = NAME
    default_settings: ClassVar[Mapping[str, Any]] = {
        "search_rows": 50,
        "search_seconds": 300,
        "order_seconds": 0,
        "provisioning_seconds": 0,
        "lists_ordered": True,
        "lists_deleted": False,
        "page_rows": 250,
    }
    account_fields = (
        "api_key", "client_id", "client_secret", "names", "kinds", "billing_groups", "requirement_groups",
        "addresses",
    )  # fmt: skip
    offer_fields = ("requirements", "mandatory", "best_effort", "quickship", "reservable", "rate_center", "order")
    single_numbers = True

    def routes(self) -> Sequence[Route]:
        """The documented calls, below /v2."""
        calls = (
            *accounts.calls(),
            *search.calls(),
            *orders.calls(self),
            *numbers.calls(),
            *applications.calls(),
            *papers.calls(),
        )
        token = Route("POST", "/v2/oauth/token", accounts.token, session=True)
        return [token, *(Route(method, f"/v2{path}", self._served(handler)) for method, path, handler in calls)]

    def _served(self, handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """*handler* once orders that are due were carried out; every answer tells the rate and its request."""

        def serve(call: Call) -> Answer:
            settled(call, self)
            return _with_headers(handler(call))

        return serve

    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """One entry in ``errors``."""
        word = str(code or CODES.get(status, "10015"))
        entry = {
            "code": word,
            "title": TITLES.get(word, "Error"),
            "detail": message,
            "meta": {"url": f"https://developers.telnyx.com/docs/overview/errors/{word}"},
        }
        return _with_headers(Answer(status, {"errors": [entry]}), 0 if status == 429 else None)

    def refusal(self, call: Call, refused: ApiError) -> Answer:
        """A token that is refused has the form of OAuth."""
        if call.path == "/v2/oauth/token":
            return Answer(refused.status, {"error": "invalid_client", "error_description": refused.message})
        return self.error(refused.status, refused.message, refused.code)

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """Offers are named by their number."""
        return str(data["number"])

    def new_owned_id(self, number: str) -> str:
        """A number that is bought again has another id."""
        return str(10**18 + uuid.uuid4().int % 10**18)

    def wanted_offer(self, call: Call) -> str | None:
        """The first number of an order."""
        return next(iter(listed_numbers(call)), None)


def _with_headers(answer: Answer, remaining: int | None = None) -> Answer:
    left = 199 if remaining is None else remaining
    answer.headers.update({"x-ratelimit-limit": "200", "x-ratelimit-remaining": str(left), "x-ratelimit-reset": "1"})
    answer.headers["x-request-id"] = str(uuid.uuid4())
    return answer


PROVIDER = Telnyx()
