# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: tokens, the balance, billing groups."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from urllib.parse import parse_qsl

from ..store import Session
from ..wire import FORM_TYPE, Answer, ApiError, Call, account_by, basic_credentials, scheme_and_value
from .common import NAME, Handled, asking_account, iso8601, page, query

LIFE = 3600


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (("GET", "/balance", balance), ("GET", "/billing_groups", billing_groups))


def token(call: Call) -> Answer:
    """OAuth client credentials, in a Basic header or in the form."""
    if call.content_type() != FORM_TYPE:
        raise ApiError(400, "the body is a form")
    form = dict(parse_qsl(call.body.decode("ascii", "replace")))
    scheme, value = scheme_and_value(call)
    sent = basic_credentials(value) if scheme == "basic" else (form.get("client_id"), form.get("client_secret"))
    account = account_by(
        call, NAME, lambda one: sent == (one.data.get("client_id"), one.data.get("client_secret")) and all(sent or ())
    )
    if account is None:
        raise ApiError(401, "client authentication failed")
    if form.get("grant_type") != "client_credentials":
        raise ApiError(400, "grant_type must be client_credentials")
    session = Session(f"oauth-{uuid.uuid4().hex}", "oauth", account.id, "", call.now + LIFE)
    call.store.save(session)
    return Answer(200, {"access_token": session.id, "token_type": "Bearer", "expires_in": LIFE, "scope": "admin"})


def balance(call: Call) -> Answer:
    """What the account can spend."""
    account = asking_account(call)
    query(call)
    credit = str(account.credit)
    told = {"balance": credit, "credit_limit": "0.00", "available_credit": credit, "pending": "0.00"}
    return Answer(200, {"data": {"record_type": "balance", **told, "currency": "USD"}})


def billing_groups(call: Call) -> Answer:
    """The account's billing groups."""
    account = asking_account(call)
    query(call)
    return page(
        call,
        account.data.get("billing_groups", []),
        lambda one: {
            "record_type": "billing_group",
            "id": one["id"],
            "organization_id": str(uuid.uuid5(uuid.NAMESPACE_OID, account.id)),
            "name": one["name"],
            "created_at": iso8601(0),
            "updated_at": iso8601(0),
            "deleted_at": None,
        },
    )


def is_uuid(value: str) -> bool:
    """Whether the text is a UUID."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None
