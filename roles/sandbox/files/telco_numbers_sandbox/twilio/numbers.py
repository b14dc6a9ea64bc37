# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owned numbers: list, get, update, release."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import shop
from ..paging import listed
from ..store import Account, Owned
from ..wire import Answer, ApiError, Call
from . import settings
from .common import ACCOUNT, NAME, Handled, addressed, boolean, form, not_found, page_2010, query, rfc2822
from .search import friendly, requirements

PATH = ACCOUNT + "/IncomingPhoneNumbers"
SUBLISTS = {"Local": "local", "Mobile": "mobile", "TollFree": "toll_free"}


def calls() -> Sequence[Handled]:
    """The calls of this file; the sub-lists come first, since their words stand where a SID may."""
    return (
        ("GET", PATH + ".json", _list_of(None)),
        *(("GET", f"{PATH}/{word}.json", _list_of(kind)) for word, kind in SUBLISTS.items()),
        ("GET", PATH + "/{Sid}.json", get),
        ("POST", PATH + "/{Sid}.json", update),
        ("DELETE", PATH + "/{Sid}.json", release),
    )


def _list_of(kind: str | None) -> Callable[[Call], Answer]:
    def numbers(call: Call) -> Answer:
        account = addressed(call)
        fields = query(call, ("PhoneNumber", "FriendlyName", "Beta", "Origin"))
        if fields.get("Origin") not in (None, "twilio", "hosted"):
            raise ApiError(400, "Origin must be twilio or hosted", 20001)
        beta, part = boolean(fields, "Beta"), _part(fields.get("PhoneNumber"))
        found: Sequence[Owned] = listed(call, NAME, account.id)
        if fields.keys() & {"PhoneNumber", "FriendlyName", "Beta", "Origin"} or kind:
            found = [
                row
                for row in found
                if part.search(row.number)
                and kind in (None, row.data.get("type"))
                and fields.get("FriendlyName") in (None, _name(row))
                and beta in (None, bool(row.data.get("beta")))
                and fields.get("Origin") in (None, row.data.get("origin", "twilio"))
            ]
        return page_2010(call, fields, "incoming_phone_numbers", found, rendered)

    return numbers


def _part(value: str | None) -> re.Pattern[str]:
    """A part of a number; ``*`` is one digit."""
    if value is not None and not re.fullmatch(r"\+?[\d*]+", value, re.ASCII):
        raise ApiError(400, f"PhoneNumber {value} is not a part of a number", 21421)
    return re.compile(re.escape(value or "").replace(r"\*", r"\d"))


def get(call: Call) -> Answer:
    """One number by its SID."""
    account = addressed(call)
    query(call, ())
    shown = listed(call, NAME, account.id, id=call.params["Sid"])
    if not shown:
        raise not_found(call)
    answer = Answer(200, rendered(shown[0]))
    _register(call, account, shown[0].id)
    return answer


def _register(call: Call, account: Account, sid: str) -> None:
    """An emergency address is pending until somebody has seen it so."""
    row = call.store.get(Owned, provider=NAME, account=account.id, id=sid)
    if row and row.configuration.get("emergency_address_status") == "pending-registration":
        row.configuration["emergency_address_status"] = "registered"
        call.store.save(row)


def owned(call: Call, account: Account) -> Owned:
    """The number of a path."""
    row = call.store.get(Owned, provider=NAME, account=account.id, id=call.params["Sid"])
    if row is None:
        raise not_found(call)
    return row


def update(call: Call) -> Answer:
    """Change what the form says, and nothing else."""
    account = addressed(call)
    row = owned(call, account)
    fields = form(call, (*settings.SETTINGS, "AccountSid"))
    settings.check(call, account, fields, row.data, row.configuration)
    settings.apply(call, row, {name: value for name, value in fields.items() if name != "AccountSid"})
    if "AccountSid" in fields:
        settings.move(call, row, fields["AccountSid"])
    return Answer(200, rendered(row))


def release(call: Call) -> Answer:
    """Give a number back."""
    account = addressed(call)
    call.no_body()
    call.query_fields(())
    row = owned(call, account)
    if row.configuration.get("emergency_address_sid"):
        raise ApiError(400, "The number's emergency address must be unregistered first", 0)
    shop.release(call.store, row)
    return Answer(204)


def _name(row: Owned) -> str:
    return str(row.configuration.get("friendly_name") or friendly(row.number))


def rendered(row: Owned) -> dict[str, Any]:
    """The record: what is empty reads as an empty text or as null, as the document's own example mixes them."""
    found, links, data = row.configuration, row.applications, row.data

    def text(name: str, empty: str | None = "") -> Any:
        return found.get(name) or empty

    def method(name: str) -> Any:
        return found.get(name) or "POST"

    return {
        "sid": row.id,
        "account_sid": row.account,
        "phone_number": row.number,
        "friendly_name": _name(row),
        "capabilities": {**{key: key in data["capabilities"] for key in ("voice", "sms", "mms")}, "fax": False},
        "status": "in-use",
        "type": data.get("type"),
        "origin": data.get("origin", "twilio"),
        "beta": bool(data.get("beta", False)),
        "address_requirements": requirements(data),
        "address_sid": text("address_sid", None),
        "bundle_sid": text("bundle_sid", None),
        "identity_sid": text("identity_sid", None),
        "voice_url": text("voice_url", None),
        "voice_method": method("voice_method"),
        "voice_fallback_url": text("voice_fallback_url", None),
        "voice_fallback_method": method("voice_fallback_method"),
        "voice_caller_id_lookup": bool(found.get("voice_caller_id_lookup", False)),
        "voice_receive_mode": text("voice_receive_mode", "voice"),
        "voice_application_sid": _link(links, "voice", "AP") or "",
        "trunk_sid": _link(links, "voice", "TK"),
        "sms_url": text("sms_url"),
        "sms_method": method("sms_method"),
        "sms_fallback_url": text("sms_fallback_url"),
        "sms_fallback_method": method("sms_fallback_method"),
        "sms_application_sid": _link(links, "sms", "AP") or text("sms_application_sid"),
        "status_callback": text("status_callback"),
        "status_callback_method": method("status_callback_method"),
        "emergency_status": text("emergency_status", "Active"),
        "emergency_address_sid": text("emergency_address_sid", None),
        "emergency_address_status": text("emergency_address_status", "unregistered"),
        "api_version": text("api_version", "2010-04-01"),
        "date_created": rfc2822(row.bought_at),
        "date_updated": rfc2822(row.bought_at),
        "uri": f"/2010-04-01/Accounts/{row.account}/IncomingPhoneNumbers/{row.id}.json",
    }


def _link(links: Mapping[str, str], capability: str, prefix: str) -> str | None:
    found = links.get(capability, "")
    return found if found.startswith(prefix) else None
