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


def refused(code: int, message: str) -> ApiError:
    """Return an error of this API. Its code begins with the HTTP status."""
    return ApiError(code // 100, message, code)


def require_scheme(call: Call, wanted: str) -> str:
    """Return the value of the Authorization header after its scheme, which must be *wanted*."""
    scheme, value = scheme_and_value(call)
    if not scheme:
        raise refused(40100, "Authorization header is missing")
    if scheme != wanted:
        raise refused(40301, f"The authorization scheme '{wanted}' is required.")
    return value


def signature(secret: str, verb: str, body: bytes, content_type: str, timestamp: str, path: str) -> str:
    """Return the signature that a client must send, computed from the exact bytes, headers and path of its request."""
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode() if body else ""
    to_sign = "\n".join((verb, digest, content_type, f"x-timestamp:{timestamp}", path))
    mac = hmac.new(base64.b64decode(secret), to_sign.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def require_fresh_timestamp(call: Call) -> str:
    """Return the time stamp as sent. Refuses one that is not ISO 8601 in UTC, or too far from now."""
    value = call.headers.get("x-timestamp", "")
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise refused(40101, "Timestamp header is missing or not ISO 8601") from None
    if moment.utcoffset() != datetime.timedelta(0):
        raise refused(40101, "Timestamp header must be in UTC")
    # The document does not say how old it may be: five minutes here, unless the seed has another limit.
    if abs(moment.timestamp() - call.now) > float(call.settings["timestamp_window"]):
        raise refused(40101, "Timestamp header is too far from the current time")
    return value


def verify_instance(call: Call) -> str:
    """Return the user of a request that an instance signed. Refuses a wrong signature."""
    instance_id, colon, sent = require_scheme(call, "instance").partition(":")
    if not colon or not sent:
        raise refused(40100, "Authorization header has no signature")
    timestamp = require_fresh_timestamp(call)
    instance = call.store.get(Session, kind="instance", id=instance_id)
    if instance is None or instance.expires_at <= call.now:
        raise refused(40100, "Authorization header: the instance is unknown or has expired")
    content_type = call.headers.get("Content-Type", "")
    expected = signature(instance.secret, call.method, call.body, content_type, timestamp, call.path)
    if not hmac.compare_digest(_raw(expected), _raw(sent)):
        raise refused(40102, "Invalid Signature")
    return instance.owner


def _raw(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""
