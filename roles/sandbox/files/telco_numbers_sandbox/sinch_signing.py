# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sinch "using REST": time stamps and instance signatures, verified."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac

from .store import Session
from .wire import ApiError, Call, scheme_and_value


def signature(secret: str, verb: str, body: bytes, content_type: str, timestamp: str, path: str) -> str:
    """What a client has to send, from the exact bytes, headers and path it used."""
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode() if body else ""
    to_sign = "\n".join((verb, digest, content_type, f"x-timestamp:{timestamp}", path))
    mac = hmac.new(base64.b64decode(secret), to_sign.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def require_fresh_timestamp(call: Call) -> str:
    """The time stamp as sent, if it is ISO 8601 in UTC and not too far from now."""
    value = call.headers.get("x-timestamp", "")
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise ApiError(401, "Timestamp header is missing or not ISO 8601", 40101) from None
    if moment.utcoffset() != datetime.timedelta(0):
        raise ApiError(401, "Timestamp header must be in UTC", 40101)
    # How old it may be is not published; five minutes unless the seed says otherwise.
    if abs(moment.timestamp() - call.now) > float(call.settings["timestamp_window"]):
        raise ApiError(401, "Timestamp header is too far from the current time", 40101)
    return value


def verify_instance(call: Call) -> str:
    """The user of an instance signed request."""
    scheme, value = scheme_and_value(call)
    if not scheme:
        raise ApiError(401, "Authorization header is missing", 40100)
    if scheme != "instance":
        raise ApiError(403, "The authorization scheme 'instance' is required.", 40301)
    instance_id, colon, sent = value.partition(":")
    if not colon or not sent:
        raise ApiError(401, "Authorization header has no signature", 40100)
    timestamp = require_fresh_timestamp(call)
    instance = call.store.get(Session, kind="instance", id=instance_id)
    if instance is None or instance.expires_at <= call.now:
        raise ApiError(401, "Authorization header: the instance is unknown or has expired", 40100)
    content_type = call.headers.get("Content-Type", "")
    expected = signature(instance.secret, call.method, call.body, content_type, timestamp, call.path)
    if not hmac.compare_digest(_raw(expected), _raw(sent)):
        raise ApiError(401, "Invalid Signature", 40102)
    return instance.owner


def _raw(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""
