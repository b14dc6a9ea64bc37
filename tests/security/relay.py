# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP servers on loopback that see every byte of a request and answer what a function tells them to."""

from __future__ import annotations

import dataclasses
import http.client
import os
import select
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from rows import ROWS

_NOT_PASSED_ON = ("transfer-encoding", "connection", "content-length", "date", "server")


@dataclasses.dataclass(frozen=True)
class Seen:
    """A request as it came: its target is as it was sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The documented path: without the provider's name before it, which is the sandbox's, and without the query."""
        path = self.target.partition("?")[0]
        return next(
            (path.removeprefix(f"/{row.provider}") for row in ROWS if path.startswith(f"/{row.provider}/")), path
        )

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer, after which *last* ends the connection.

    *raw* is sent in place of everything else, piece by piece until the client hangs up; *bare* bypasses TLS.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    raw: Iterable[bytes] | None = None
    bare: bool = False
    last: bool = False


Answer = Callable[[Seen], Reply]


def silence() -> Iterable[bytes]:
    """Says nothing for as long as the client stays."""
    while True:
        yield b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Threads

    def setup(self) -> None:
        if self.server.tls is not None:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def parse_request(self) -> bool:
        self.server.lines.append(self.raw_requestline)
        return super().parse_request()

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.requestline.split(" ")[1], tuple(self.headers.items()), body)
        self.server.seen.append(seen)
        reply = self.server.answer(seen)
        if reply.raw is not None:
            self._pieces(reply)
            return
        self.close_connection = reply.last or self.close_connection
        length = [] if reply.status in (204, 304) else [("Content-Length", str(len(reply.body)))]
        lines = [f"HTTP/1.1 {reply.status} Said", *(f"{key}: {value}" for key, value in [*reply.headers, *length])]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("utf-8") + reply.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _any

    def _pieces(self, reply: Reply) -> None:
        self.close_connection = True
        for piece in reply.raw or ():
            if reply.bare:
                os.write(self.connection.fileno(), piece)
            else:
                self.wfile.write(piece)
            if select.select([self.connection], [], [], 0 if piece else 0.02)[0] or self.server.ended.is_set():
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, answer: Answer, tls: ssl.SSLContext | None) -> None:
        super().__init__((host, 0), _Handler)
        self.answer = answer
        self.tls = tls
        self.seen: list[Seen] = []
        self.lines: list[bytes] = []
        self.ended = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what the tests are about."""


class Server:
    """A running server; *answer* may be replaced at any time."""

    def __init__(self, answer: Answer, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self._threads = _Threads(host, answer, tls)
        self.port: int = self._threads.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._threads.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.ended.set()
        self._threads.shutdown()
        self._threads.server_close()

    def becomes(self, answer: Answer) -> None:
        """Answer otherwise from now on."""
        self._threads.answer = answer

    def take(self) -> list[Seen]:
        """The requests since the last call."""
        seen, self._threads.seen = self._threads.seen, []
        return seen

    def lines(self) -> list[bytes]:
        """The request lines since the last call, those of requests that make no sense too."""
        lines, self._threads.lines = self._threads.lines, []
        return lines


def forward(url: str) -> Answer:
    """An answer that is got from *url*, below its path; each thread keeps its connection."""
    kept = threading.local()
    address, below = urlsplit(url).netloc, urlsplit(url).path

    def answer(seen: Seen) -> Reply:
        if not hasattr(kept, "connection"):
            kept.connection = http.client.HTTPConnection(address, timeout=30)
        headers = {key: value for key, value in seen.headers if key.lower() not in ("connection", "accept-encoding")}
        kept.connection.request(seen.method, below + seen.target, seen.body or None, headers)
        found = kept.connection.getresponse()
        kept_headers = tuple((key, value) for key, value in found.getheaders() if key.lower() not in _NOT_PASSED_ON)
        return Reply(found.status, found.read(), kept_headers)

    return answer
