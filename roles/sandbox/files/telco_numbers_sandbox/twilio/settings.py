# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of an owned number: what a form may say, what it is refused for, and what becomes of the links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .. import shop
from ..store import Account, Owned
from ..wire import ApiError, Call
from . import papers
from .common import NAME, authenticated, boolean, is_sid

URLS = ("VoiceUrl", "VoiceFallbackUrl", "SmsUrl", "SmsFallbackUrl", "StatusCallback")
METHODS = ("VoiceMethod", "VoiceFallbackMethod", "SmsMethod", "SmsFallbackMethod", "StatusCallbackMethod")
APPLICATIONS = ("VoiceApplicationSid", "SmsApplicationSid", "TrunkSid")
PAPERS = ("AddressSid", "BundleSid", "IdentitySid", "EmergencyAddressSid")
CHOICES = {"VoiceReceiveMode": ("voice", "fax"), "EmergencyStatus": ("Active", "Inactive")}
SETTINGS = ("FriendlyName", "ApiVersion", "VoiceCallerIdLookup", *URLS, *METHODS, *APPLICATIONS, *PAPERS, *CHOICES)
SMS = ("SmsUrl", "SmsFallbackUrl", "SmsApplicationSid")


def snake(name: str) -> str:
    """A parameter's name as the record writes it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def check(
    call: Call, account: Account, fields: Mapping[str, str], data: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Refuse values that no number takes, or not this one."""
    for name in URLS:
        if fields.get(name) and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", fields[name]):
            raise ApiError(400, f"{name} is not a valid URL", 21402)
    for name in METHODS:
        if fields.get(name) and fields[name] not in ("GET", "POST"):
            raise ApiError(400, f"{name} must be GET or POST", 21403)
    for name, words in CHOICES.items():
        if name in fields and fields[name] not in words:
            raise ApiError(400, f"{name} must be one of {', '.join(words)}", 20001)
    if len(fields.get("FriendlyName", "")) > 64:
        raise ApiError(400, "FriendlyName has at most 64 characters", 20001)
    if any(fields.get(name) for name in SMS) and "sms" not in data["capabilities"]:
        raise ApiError(400, "This number cannot receive SMS", 21407)
    if boolean(fields, "VoiceCallerIdLookup") and data.get("country") not in ("US", "CA"):
        raise ApiError(400, "VoiceCallerIdLookup is not for this number", 21409)
    after = {**before, **{snake(name): fields[name] for name in URLS if name in fields}}
    for kind, code in (("voice", 21405), ("sms", 21406)):
        if after.get(f"{kind}_fallback_url") and not after.get(f"{kind}_url"):
            raise ApiError(400, f"A fallback URL needs its URL for {kind}", code)
    _check_applications(account, fields)
    papers.check_known(account, fields)


def _check_applications(account: Account, fields: Mapping[str, str]) -> None:
    for name in APPLICATIONS:
        sid = fields.get(name)
        if not sid:
            continue
        prefix = "TK" if name == "TrunkSid" else "AP"
        if not is_sid(sid, prefix):
            raise ApiError(400, f"{name} {sid} is invalid", 20423 if prefix == "TK" else 21218)
        if sid not in account.applications:
            raise ApiError(400, f"{name} {sid} is not accessible", 20423 if prefix == "TK" else 21420)


def apply(call: Call, row: Owned, fields: Mapping[str, str]) -> None:
    """Set what a checked form says; what it leaves out stays, and an empty value clears."""
    for name in fields:
        if name not in APPLICATIONS:
            row.configuration[snake(name)] = fields[name] == "true" if name == "VoiceCallerIdLookup" else fields[name]
    if "EmergencyAddressSid" in fields:
        row.configuration["emergency_address_status"] = (
            "pending-registration" if fields["EmergencyAddressSid"] else "unregistered"
        )
    call.store.save(row)
    shop.relink(call.store, row, _linked(row, fields))


def _linked(row: Owned, fields: Mapping[str, str]) -> dict[str, str]:
    """The links after the form.

    An application for voice ends a trunk, and a trunk ends it; both at once leave the application.
    """
    found = dict(row.applications)
    for name, prefix in (("TrunkSid", "TK"), ("VoiceApplicationSid", "AP")):
        if fields.get(name):
            found["voice"] = fields[name]
        elif name in fields and found.get("voice", "").startswith(prefix):
            del found["voice"]
    sid = fields.get("SmsApplicationSid")
    if sid is not None and found.get("sms", "").startswith(
        "MG"
    ):  # the service goes first, the application waits behind it
        row.configuration["sms_application_sid"] = sid
    elif sid:
        found["sms"] = sid
    elif sid == "":
        found.pop("sms", None)
    return found


def move(call: Call, row: Owned, target: str) -> None:
    """Hand the number to another account of the family; its applications stay behind."""
    asking, key = authenticated(call)
    if not target:
        raise ApiError(400, "AccountSid is missing", 21471)
    if not is_sid(target, "AC"):
        raise ApiError(400, f"AccountSid {target} is invalid", 21470)
    if key is not None or asking.data.get("owner"):
        raise ApiError(403, "Only the parent account may move numbers", 21474)
    found = call.store.get(Account, provider=NAME, id=target)
    if found is None or asking.id not in (found.id, found.data.get("owner")):
        raise ApiError(400, f"Account {target} is not of this family", 21473)
    if row.account != target:
        shop.relink(call.store, row, {})
        row.account = target
        call.store.save(row)
