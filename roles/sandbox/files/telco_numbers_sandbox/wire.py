# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a provider's file: calls, answers, errors, routes, and the Provider interface."""

from __future__ import annotations

import base64
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, unquote

from .store import Account, Store

if TYPE_CHECKING:
    from .faults import Active
    from .store import Order

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


class ApiError(Exception):
    """A refused request. The provider gives the error its documented shape, and all changes are undone."""

    def __init__(self, status: int, message: str, code: int | str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


@dataclass
class Answer:
    """A response before it is written: a JSON body, or none."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A request for the handlers. Its parts are neither normalised nor decoded twice.

    ``path`` is the documented path, without the provider's name; ``origin`` is the address before it.
    """

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    origin: str
    now: float
    store: Store
    faults: Active
    params: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """Return the pairs of the query as sent."""
        return parse_qsl(self.query_string, keep_blank_values=True)

    def query_fields(self, allowed: Collection[str]) -> dict[str, str]:
        """Return the fields of the query. Refuses an unknown or a repeated one."""
        found: dict[str, str] = {}
        for name, value in self.query:
            if name not in allowed:
                raise ApiError(400, f"Unknown query parameter '{name}'")
            if name in found:
                raise ApiError(400, f"Query parameter '{name}' was given twice")
            found[name] = value
        return found

    def no_body(self) -> None:
        """Refuse a body, because the document has none for this call."""
        if self.body:
            raise ApiError(400, f"A {self.method} request to this resource has no body")

    def json_field(self, name: str) -> str | None:
        """Return a text field of a body that was not checked yet, or None."""
        try:
            return str(parse_json(self.body)[name])
        except (ValueError, TypeError, KeyError):
            return None

    def content_type(self) -> str:
        """Return the media type of the body without parameters, in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def json_object(self, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Any]:
        """Return the JSON object of the body. Refuses unknown fields, missing ones and other types."""
        if self.content_type() != JSON_TYPE:
            raise ApiError(415, f"Content-Type must be {JSON_TYPE}")
        try:
            found = parse_json(self.body)
        except ValueError:
            raise ApiError(400, "The body is not valid JSON") from None
        if not isinstance(found, dict):
            raise ApiError(400, "The body must be a JSON object")
        check_fields(found, allowed)
        for name in required:
            if name not in found:
                raise ApiError(400, f"Field '{name}' is missing")
        return found


@dataclass(frozen=True)
class Route:
    """A documented path: ``{name}`` stands for one segment, or for a part of one."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    session: bool = False  # log-in and creation of an instance: they do not count as changes

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The template as a regular expression for the raw path."""
        parts = re.split(r"\{(\w+)\}", self.template)
        return re.compile(
            "".join(f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        )

    def match(self, path: str) -> dict[str, str] | None:
        """Return the decoded parameters of *path*, or None when it does not match."""
        found = self.pattern.fullmatch(path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    @property
    def mutating(self) -> bool:
        """Whether a request here may change owned numbers, links, reservations or credit."""
        return is_mutating(self.method) and not self.session


class Provider(ABC):
    """One provider's API. A module of this package that sets ``PROVIDER`` to one is served."""

    name: str
    default_settings: ClassVar[Mapping[str, Any]] = {}
    account_fields: Collection[str] = ()
    offer_fields: Collection[str] = ()
    single_numbers = False  # offers are numbers, not groups with a stock

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """The documented calls."""

    @abstractmethod
    def error(self, status: int, message: str, code: int | str | None = None) -> Answer:
        """An error in the documented shape."""

    def refusal(self, call: Call, refused: ApiError) -> Answer:
        """Return the answer to a refused call. Override it when its shape depends on the call."""
        return self.error(refused.status, refused.message, refused.code)

    def offer_id(self, data: Mapping[str, Any]) -> str:
        """The id under which an offer of the seed is kept."""
        return str(data["id"])

    def wanted_offer(self, call: Call) -> str | None:
        """Return the offer that a purchase (or a reservation) requests."""
        return None

    def new_owned_id(self, number: str) -> str:
        """The id that a number has while it is owned."""
        return number

    def fulfil(self, store: Store, order: Order, now: float) -> bool:
        """Carry out a pending order that is more than a purchase of one offer. Return False for any other."""
        return False

    def reject(self, store: Store, order: Order) -> bool:
        """Close such an order without numbers. Return False for any other."""
        return False

    def order_lines(self, order: Order) -> list[dict[str, Any]] | None:
        """An order of several numbers as the control path tells it, a line each; None for any other."""
        return None

    def due_now(self, data: Mapping[str, Any]) -> Decimal:
        """Return the price that is due when one number is bought."""
        return money(data, "setup_price") + money(data, "monthly_price")


def money(data: Mapping[str, Any], name: str) -> Decimal:
    """Return a price of the seed, zero when the seed does not have it."""
    return Decimal(str(data.get(name) or 0))


def decimal(value: Any) -> Decimal:
    """Return a finite decimal from a number or its text. Raises ValueError for other values."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"'{value}' is not a decimal") from None
    if not found.is_finite():
        raise ValueError(f"'{value}' is not a decimal")
    return found


def parse_json(body: bytes) -> Any:
    """Return the JSON in *body*. Raises ValueError for NaN, half characters and nesting that is too deep."""

    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is not JSON")

    try:
        found = json.loads(body, parse_constant=refuse)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


def is_mutating(method: str) -> bool:
    """Whether requests with this method write."""
    return method in ("POST", "PUT", "PATCH", "DELETE")


def check_fields(found: Mapping[str, Any], allowed: Collection[str], where: str = "") -> None:
    """Refuse fields that the document does not name."""
    for name in found:
        if name not in allowed:
            raise ApiError(400, f"Unknown field '{where}{name}'")


def whole_number(value: str | None, name: str, default: int, low: int, high: int | None = None) -> int:
    """Return an integer of the query. Refuses one outside its bounds."""
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or int(value) < low or (high is not None and int(value) > high):
        bounds = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ApiError(400, f"'{name}' must be a whole number, {bounds}")
    return int(value)


def country_code(value: str | None, name: str) -> str | None:
    """Return an ISO alpha-2 code, or None without a value. Refuses other values."""
    if value is not None and not re.fullmatch("[A-Z]{2}", value):
        raise ApiError(400, f"'{name}' must be an ISO 3166-1 alpha-2 country code")
    return value


def scheme_and_value(call: Call) -> tuple[str, str]:
    """The Authorization header as (lower-case scheme, rest); empty strings when it is missing."""
    scheme, _space, rest = call.headers.get("Authorization", "").strip().partition(" ")
    return scheme.lower(), rest.strip()


def basic_credentials(value: str) -> tuple[str, str] | None:
    """User and password of an HTTP Basic value."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None


def account_by(call: Call, provider: str, matches: Callable[[Account], bool]) -> Account | None:
    """The first account of the provider for which ``matches`` holds."""
    return next((account for account in call.store.find(Account, provider=provider) if matches(account)), None)
