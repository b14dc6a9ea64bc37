# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What numbers can be linked to: connections of any kind for voice, messaging profiles for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..store import Account
from ..wire import Answer, ApiError, Call
from .accounts import is_uuid
from .common import Handled, Query, asking_account, iso8601, not_found, page, query

SHORTEST = 3  # characters that a part of a connection's name must have


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", "/connections", connections),
        ("GET", "/connections/{id}", connection),
        ("GET", "/call_control_applications", call_control),
        ("GET", "/texml_applications", texml),
        ("GET", "/messaging_profiles", profiles),
        ("GET", "/messaging_profiles/{id}", profile),
    )


def name_of(account: Account, identity: str | None) -> str | None:
    """The name of an application."""
    names: Mapping[str, Any] = account.data.get("names") or {}
    return str(names.get(identity, identity)) if identity else None


def kind_of(account: Account, identity: str) -> str:
    """The kind of a connection."""
    kinds: Mapping[str, str] = account.data.get("kinds") or {}
    return kinds.get(identity, "credential_connection")


def _connections(account: Account) -> list[str]:
    return [one for one in account.applications if not is_uuid(one)]


def _named(account: Account, fields: Query, name: str, found: list[str]) -> list[str]:
    wanted = fields.get(name)
    if wanted is None:
        return found
    if len(wanted) < SHORTEST:
        raise ApiError(422, f"{name} must have at least {SHORTEST} characters", "10031")
    return [one for one in found if wanted.lower() in str(name_of(account, one)).lower()]


def connections(call: Call) -> Answer:
    """Connections of every kind."""
    account = asking_account(call)
    name = "filter[connection_name][contains]"
    found = _named(account, query(call, name), name, _connections(account))
    return page(call, found, lambda one: _connection(account, one), default=250)


def connection(call: Call) -> Answer:
    """One connection."""
    account = asking_account(call)
    query(call)
    if call.params["id"] not in _connections(account):
        raise not_found("connection")
    return Answer(200, {"data": _connection(account, call.params["id"])})


def _connection(account: Account, identity: str) -> dict[str, Any]:
    return {
        **_common(identity),
        "record_type": kind_of(account, identity),
        "connection_name": name_of(account, identity),
        "active": True,
        "anchorsite_override": "Latency",
        "outbound_voice_profile_id": None,
        "webhook_api_version": "2",
        "webhook_event_url": "https://example.com/events",
        "webhook_event_failover_url": None,
        "tags": [],
    }


def _common(identity: str) -> dict[str, Any]:
    return {"id": identity, "created_at": iso8601(0), "updated_at": iso8601(0)}


def _of_kind(kind: str, name: str, field: str, default: int) -> Callable[[Call], Answer]:
    def listed(call: Call) -> Answer:
        account = asking_account(call)
        found = [one for one in _connections(account) if kind_of(account, one) == kind]
        found = _named(account, query(call, name), name, found)
        return page(
            call,
            found,
            lambda one: {**_common(one), "record_type": kind, field: name_of(account, one), "active": True},
            default=default,
        )

    return listed


call_control = _of_kind(
    "call_control_application", "filter[application_name][contains]", "application_name", default=20
)
texml = _of_kind("texml_application", "filter[friendly_name]", "friendly_name", default=250)


def _profiles(account: Account) -> list[str]:
    return [one for one in account.applications if is_uuid(one)]


def profiles(call: Call) -> Answer:
    """Messaging profiles, with a secret in each."""
    account = asking_account(call)
    equal, part = "filter[name][eq]", "filter[name][contains]"
    fields = query(call, equal, part)
    found = [
        one
        for one in _profiles(account)
        if fields.get(equal) in (None, name_of(account, one))
        and fields.get(part, "").lower() in str(name_of(account, one)).lower()
    ]
    return page(call, found, lambda one: _profile(account, one))


def profile(call: Call) -> Answer:
    """One messaging profile."""
    account = asking_account(call)
    query(call)
    if call.params["id"] not in _profiles(account):
        raise not_found("messaging profile")
    return Answer(200, {"data": _profile(account, call.params["id"])})


def _profile(account: Account, identity: str) -> dict[str, Any]:
    return {
        **_common(identity),
        "record_type": "messaging_profile",
        "name": name_of(account, identity),
        "enabled": True,
        "webhook_url": "https://example.com/messages",
        "webhook_failover_url": None,
        "webhook_api_version": "2",
        "whitelisted_destinations": ["US"],
        "number_pool_settings": None,
        "url_shortener_settings": None,
        "v1_secret": "sandbox-telnyx-v1-secret",
    }
