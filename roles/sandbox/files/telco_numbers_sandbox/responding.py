# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last stage: an answer goes out as it is, or as a fault wants it."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from .faults import Fault
from .markup import XML_TYPE, encode
from .wire import JSON_TYPE, Answer, ApiError, Call, Provider

HUGE = 50_000_000
CHUNK = b"a" * 65536


def _encoded(answer: Answer) -> bytes:
    """Return the bytes of the body, none for an answer without a body. XML needs one root."""
    if answer.body is None:
        return b""
    if _is_xml(answer) and isinstance(answer.body, dict) and len(answer.body) == 1:
        return encode(answer.body)
    return json.dumps(answer.body, ensure_ascii=False).encode()


def _is_xml(answer: Answer) -> bool:
    return answer.headers.get("Content-Type", "").startswith(XML_TYPE)


def _headers_of(answer: Answer) -> dict[str, str]:
    """Return the headers of the answer, with the type of its body."""
    return {**({"Content-Type": JSON_TYPE} if answer.body is not None else {}), **answer.headers}


def plain(answer: Answer) -> web.StreamResponse:
    """Return the response for *answer*, without any fault."""
    return web.Response(status=answer.status, body=_encoded(answer), headers=_headers_of(answer))


async def respond(
    request: web.BaseRequest, call: Call, provider: Provider, answer: Answer, fault: Fault
) -> web.StreamResponse:
    """Return the response for the answer, changed by a fault of the transport."""
    spec = fault.spec
    if fault.kind == "reset":
        return _cut(request)
    if fault.kind == "silence":
        return await _silence(request)
    if fault.kind == "truncate":
        return await _truncate(request, answer, spec)
    if fault.kind == "drip":
        return await _drip(request, answer, spec)
    if fault.kind == "huge":
        return await _huge(request, answer, int(spec.get("bytes", HUGE)))
    if fault.kind == "not_json":
        text = str(spec.get("text", "<html><body>Bad gateway</body></html>"))
        return web.Response(
            status=answer.status if answer.body is not None else 200,
            text=text,
            content_type=spec.get("content_type", "text/html"),
        )
    if fault.kind == "empty":
        return web.Response(status=int(spec.get("status", 200)))
    return plain(_changed(call, provider, answer, fault))


def _changed(call: Call, provider: Provider, answer: Answer, fault: Fault) -> Answer:
    spec = fault.spec
    if fault.kind == "status":
        replaced = provider.refusal(call, ApiError(int(spec["status"]), "Injected by the sandbox"))
        body = spec.get("body", replaced.body)
        kind = {name: value for name, value in replaced.headers.items() if name == "Content-Type" and body is not None}
        return Answer(int(spec["status"]), body, {**kind, **_status_headers(spec, call.now)})
    if fault.kind == "redirect":
        return Answer(int(spec.get("status", 302)), None, {"Location": _location(call, spec)})
    status = 200 if "body" in spec and answer.status == 204 else answer.status  # a 204 has no body
    replace = _replaced_in_xml if _is_xml(answer) else _replaced
    return Answer(status, replace(answer.body, spec), answer.headers)


def _status_headers(spec: Mapping[str, Any], now: float) -> dict[str, str]:
    found = {str(name): str(value) for name, value in (spec.get("headers") or {}).items()}
    if "retry_after" in spec:
        found["Retry-After"] = str(spec["retry_after"])
    if "retry_after_date" in spec:
        found["Retry-After"] = email.utils.formatdate(now + float(spec["retry_after_date"]), usegmt=True)
    return found


def _location(call: Call, spec: Mapping[str, Any]) -> str:
    if spec.get("location"):
        return str(spec["location"])
    host = call.origin if spec.get("to", "same") == "same" else str(spec["to"]).rstrip("/")
    return f"{host}{call.path}" + (f"?{call.query_string}" if call.query_string else "")


def _replaced(body: Any, spec: Mapping[str, Any]) -> Any:
    """Return another body, or the same one after a JSON merge: of the whole, or of one or all items of its list."""
    if "body" in spec:
        return spec["body"]
    if isinstance(body, list):
        return _items(body, spec.get("merge_items", spec.get("merge", {})), spec)
    if "merge_items" in spec and isinstance(body, dict):
        body = {
            name: _items(value, spec["merge_items"], spec) if isinstance(value, list) else value
            for name, value in body.items()
        }
    return _merged(body, spec.get("merge", {}))


def _replaced_in_xml(body: Any, spec: Mapping[str, Any]) -> Any:
    """The same for XML: a merge is for what the root holds, and the items are the rows of any list in it."""
    if "body" in spec or not isinstance(body, dict) or len(body) != 1:
        return _replaced(body, spec)
    ((root, inner),) = body.items()
    if "merge_items" in spec:
        inner = _rows_replaced(inner, spec)
    return {root: _merged(inner, spec["merge"]) if "merge" in spec else inner}


def _rows_replaced(value: Any, spec: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _rows_replaced(inner, spec) for name, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _items(value, spec["merge_items"], spec)
    return value


def _items(items: list[Any], patch: Any, spec: Mapping[str, Any]) -> list[Any]:
    return [_merged(item, patch) if spec.get("item") in (None, place) else item for place, item in enumerate(items)]


def _merged(target: Any, patch: Any) -> Any:
    """Return *target* merged with *patch* (RFC 7396): objects are merged, null removes, any other value replaces."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result


def _cut(request: web.BaseRequest) -> web.StreamResponse:
    """Reset the connection. With a linger of zero the peer gets a RST instead of an orderly end."""
    if request.transport is not None:
        connection: Any = request.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=500)


async def _silence(request: web.BaseRequest) -> web.StreamResponse:
    """Send nothing until the client goes away."""
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.05)
    return web.Response(status=500)


async def _started(request: web.BaseRequest, answer: Answer, length: int | None) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status if answer.body is not None else 200, headers=_headers_of(answer))
    response.content_length = length
    await response.prepare(request)
    return response


async def _truncate(request: web.BaseRequest, answer: Answer, spec: Mapping[str, Any]) -> web.StreamResponse:
    """Announce the length of the whole body, send a part of it, and close the connection."""
    body = _encoded(answer) or b"{}"
    response = await _started(request, answer, len(body))
    await response.write(body[: int(spec.get("keep", len(body) // 2))])
    if request.transport is not None:
        request.transport.close()
    return response


async def _drip(request: web.BaseRequest, answer: Answer, spec: Mapping[str, Any]) -> web.StreamResponse:
    """Send the body a few bytes at a time."""
    body, size = _encoded(answer) or b"{}", int(spec.get("bytes", 1))
    response = await _started(request, answer, len(body))
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(body), size):
            await response.write(body[start : start + size])
            await asyncio.sleep(float(spec.get("interval", 0.05)))
    return response


async def _huge(request: web.BaseRequest, answer: Answer, size: int) -> web.StreamResponse:
    """Send valid JSON of *size* bytes or more."""
    response = await _started(request, answer, None)
    with contextlib.suppress(ConnectionError):
        await response.write(b'{"padding": "')
        for _count in range(size // len(CHUNK) + 1):
            await response.write(CHUNK)
        await response.write(b'"}')
    return response
