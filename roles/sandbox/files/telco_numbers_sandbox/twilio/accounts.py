# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts, sub-accounts and their balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..store import Account
from ..wire import Answer, ApiError, Call
from .common import (
    ACCOUNT,
    BASE,
    NAME,
    WRONG,
    Handled,
    addressed,
    asking_account,
    authenticated,
    not_found,
    page_2010,
    query,
)  # fmt: skip

STATUSES = ("active", "suspended", "closed")
CREATED = "Thu, 30 Jul 2015 20:00:00 +0000"


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", BASE + ".json", accounts),
        ("GET", ACCOUNT + "/Balance.json", balance),
        ("GET", ACCOUNT + ".json", account),
    )


def payer(call: Call, account: Account) -> Account:
    """Who pays for an account: its parent, or itself."""
    owner = account.data.get("owner")
    return call.store.the(Account, provider=NAME, id=owner) if owner else account


def accounts(call: Call) -> Answer:
    """The account and its sub-accounts."""
    asking = asking_account(call)
    _manage(call)
    fields = query(call, ("FriendlyName", "Status"))
    if fields.get("Status", "active") not in STATUSES:
        raise ApiError(400, f"Status must be one of {', '.join(STATUSES)}", 20001)
    family = [
        one
        for one in call.store.find(Account, provider=NAME)
        if asking.id in (one.id, one.data.get("owner"))
        and fields.get("FriendlyName") in (None, one.data.get("friendly_name"))
        and fields.get("Status") in (None, one.data.get("status", "active"))
    ]
    return page_2010(call, fields, "accounts", family, _rendered)


def account(call: Call) -> Answer:
    """One account, its token in clear."""
    call.no_body()
    call.query_fields(())
    try:
        found = addressed(call)
    except ApiError as refused:
        if refused.code != 20005:  # an account that is not active can still be looked at
            raise
        found = call.store.the(Account, provider=NAME, id=call.params["AccountSid"])
    _manage(call)
    return Answer(200, _rendered(found))


def balance(call: Call) -> Answer:
    """What is left of the credit."""
    call.no_body()
    call.query_fields(())
    found = addressed(call)
    if found.data.get("owner"):
        raise not_found(call)  # sub-accounts share their parent's
    return Answer(200, {"account_sid": found.id, "balance": str(found.credit), "currency": "USD"})


def _manage(call: Call) -> None:
    """Refuse a Standard key: it opens everything but accounts and keys."""
    _account, key = authenticated(call)
    if key is not None and key.get("kind", "standard") != "main":
        raise ApiError(401, WRONG, 20003)


def _rendered(found: Account) -> dict[str, Any]:
    base = f"{BASE}/{found.id}"
    below = {
        "available_phone_numbers": "AvailablePhoneNumbers", "incoming_phone_numbers": "IncomingPhoneNumbers",
        "applications": "Applications",
        "addresses": "Addresses", "balance": "Balance",
    }  # fmt: skip
    return {
        "sid": found.id,
        "owner_account_sid": found.data.get("owner") or found.id,
        "auth_token": found.data.get("auth_token"),
        "friendly_name": found.data.get("friendly_name") or found.id,
        "status": found.data.get("status", "active"),
        "type": found.data.get("kind", "Full"),
        "date_created": CREATED,
        "date_updated": CREATED,
        "subresource_uris": {name: f"{base}/{path}.json" for name, path in below.items()},
        "uri": f"{base}.json",
    }
