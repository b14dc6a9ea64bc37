# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoils answers: any value of a JSON document by any other, rows and fields away, twice or more, bytes that are no
JSON at all.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator
from typing import Any

from relay import Reply, silence

# What json.dumps cannot write: each stands for the bytes that take its place.
_RAW = {
    "@nan": "NaN",
    "@infinity": "Infinity",
    "@minus": "-Infinity",
    "@large": "1e400",
    "@beyond": "1e9999999999999999999",
    "@below": "-1e-9999999999999999999",
    "@long": "9" * 400,
    "@longer": "9" * 5000,
    "@surrogate": '"\\ud800"',
    "@deep": "[" * 3000 + "]" * 3000,
    "@nested": '{"a":' * 200 + "1" + "}" * 200,
}
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        1.5,
        10**18,
        "",
        " ",
        "0",
        "-1",
        "²",
        "١٢",
        "nan",
        "Infinity",
        "1e400",
        "9" * 5000,
        "x" * 20000,
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"a": {}},
        [1, "a"],
        "http://[",
        "http://x:99999/",
        "//",
        "a\r\nX-Injected: 1",
        "\u2028",
        "\x1b[31m",
        "../..",
        "<html>",
    ),
    *_RAW,
)
_ROOTS: tuple[Any, ...] = (
    None,
    True,
    0,
    1.5,
    "",
    "text",
    [],
    {},
    [[]],
    [None],
    [1],
    {"a": 1},
    "@nan",
    "@deep",
    "@beyond",
    "@longer",
)
_BYTES = (
    *(
        b"",
        b" ",
        b"\xff\xfe\x00",
        b"{",
        b"[1,",
        b"\xef\xbb\xbf{}",
        b"<html>no</html>",
        b"\x00" * 100,
        b'{"a": "\xff"}',
        b"[" * 100000,
        b"{}" * 2,
        b"'a'",
    ),
)
_STATUS = (
    100,
    101,
    199,
    201,
    202,
    203,
    204,
    206,
    226,
    299,
    300,
    304,
    305,
    400,
    401,
    402,
    404,
    406,
    408,
    409,
    410,
    418,
    422,
    425,
    429,
    451,
    499,
    500,
    501,
    503,
    511,
    599,
    600,
    999,
)
_HEADERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("Content-Encoding", "gzip"),),
    (("Content-Encoding", "gzip, deflate, br, zstd, gzip, gzip, gzip"),),
    (("Content-Encoding", "deflate"),),
    (("Transfer-Encoding", "chunked"),),
    (("Content-Length", "-1"),),
    (("Content-Length", "1"),),
    (("Content-Length", "99999999999999999999"),),
    (("Content-Type", "text/html; charset=x-nothing"),),
    (("Retry-After", "-1"),),
    (("Set-Cookie", "a=b; Domain=127.0.0.1"),),
    tuple((f"X-Endless-{index}", "a") for index in range(300)),
    (("X-Long", "a" * 70000),),
    (("\x80Odd", "ü\x01"),),
    ((" folded", "a"),),
)


def encoded(document: Any) -> bytes:
    """The bytes of a document with stand-ins."""
    text = json.dumps(document, ensure_ascii=False)
    for name, raw in _RAW.items():
        text = text.replace(f'"{name}"', raw)
    return text.encode("utf-8")


def _places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key in document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ():
        yield from _places(document[key], (*path, key))


def _parent(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def spoilt(random_: random.Random, body: bytes) -> bytes:
    """*body* with one to three changes somewhere inside."""
    try:
        document = json.loads(body)
    except ValueError:
        return encoded(random_.choice(VALUES))
    for _change in range(random_.choice((1, 1, 1, 2, 3))):
        places = list(_places(document))
        if not places:
            return encoded(random_.choice(_ROOTS))
        path = random_.choice(places)
        parent, key = _parent(document, path), path[-1]
        kind = random_.randrange(8)
        if kind == 0:
            del parent[key]
        elif kind == 1 and isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        elif kind == 1:
            parent[random_.choice(("extra", "", "next", "\u2028", "__class__", "number", "status", "total"))] = (
                random_.choice(VALUES)
            )
        elif kind == 2 and isinstance(parent[key], (str, int)):
            parent[key] = {"wrapped": parent[key]}
        else:
            parent[key] = random_.choice(VALUES)
    return encoded(document)


def replies(random_: random.Random, reply: Reply, cases: int) -> Iterator[tuple[str, Reply]]:
    """*cases* spoilt answers with a word for each: most of them are spoilt inside, the others whole."""
    for _case in range(cases):
        kind = random_.randrange(10)
        if kind < 6:
            body = spoilt(random_, reply.body)
            yield body.decode("utf-8", "replace")[:2000], Reply(reply.status, body, reply.headers, last=True)
        elif kind == 6:
            body = random_.choice((*map(encoded, _ROOTS), *_BYTES, reply.body[: len(reply.body) // 2]))
            yield repr(body[:80]), Reply(reply.status, body, reply.headers, last=True)
        elif kind == 7:
            status = random_.choice(_STATUS)
            body = random_.choice(
                (
                    b"",
                    b"{}",
                    reply.body,
                    b'{"error": {"error": ["a"]}}',
                    b'{"errorCode": {}, "code": [], "requestError": 1}',
                    spoilt(random_, reply.body),
                )
            )
            yield f"status {status}, {body[:80]!r}", Reply(status, body, reply.headers, last=True)
        elif kind == 8:
            headers = random_.choice(_HEADERS)
            yield f"headers {headers[0]}", Reply(reply.status, reply.body, headers, last=True)
        else:
            yield from [random_.choice(raw_replies())]


def raw_replies() -> list[tuple[str, Reply]]:
    """Bytes that are no HTTP, or hardly."""
    pieces = {
        "nothing": b"",
        "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
        "an odd status": b"HTTP/1.1 abc Odd\r\n\r\n",
        "HTTP/0.9": b"{}",
        "a status alone": b"HTTP/1.1 200 OK\r\n",
        "half a body": b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"',
        "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "negative chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n",
        "no end of chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n{}",
        "half a gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]" * 1000)[:15],
        "a line without end": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100000,
    }
    return [(name, Reply(raw=[piece])) for name, piece in pieces.items()]


def _again(start: bytes, piece: bytes) -> Iterator[bytes]:
    yield start
    for quiet in silence():
        yield quiet
        yield piece


def slow() -> dict[str, Reply]:
    """Answers that do not end: nothing, a byte now and then, headers without end, 100 Continue for ever."""
    return {
        "silence": Reply(raw=silence()),
        "a dripping body": Reply(raw=_again(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"[")),
        "a dripping header": Reply(raw=_again(b"HTTP/1.1 200 OK\r\nX: ", b"a")),
        "dripping chunks": Reply(raw=_again(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")),
        "continue for ever": Reply(raw=_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n")),
    }
