# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML that a hostile server sends: a failure of the list, nothing fetched from elsewhere, and bounded memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response
from relay import Reply, Server

MEGABYTES = 400  # that one document may take


def response(body: bytes, mutating: bool = False, secrets: Secrets | None = None) -> Response:
    """The answer that *body* is."""
    method = "POST" if mutating else "GET"
    return Response(
        method, "https://api.example.com/api/v2/tns", 200, {"Content-Type": "application/xml"}, body, mutating, secrets
    )


@pytest.fixture(scope="module")
def spy() -> Iterator[Server]:
    """What a document may try to fetch."""
    with Server(lambda _seen: Reply(200, b'<!ENTITY stolen "x">')) as running:
        yield running


LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
DOCUMENTS: dict[str, Callable[[str], str]] = {
    "an entity": lambda _url: '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
    "a billion laughs": lambda _url: f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]><r>&l9;</r>',
    "a long entity often": lambda _url: f'<!DOCTYPE r [<!ENTITY a "{"x" * 60000}">]><r>{"&a;" * 60000}</r>',
    "a file": lambda _url: '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
    "another host": lambda url: f'<!DOCTYPE r [<!ENTITY a SYSTEM "{url}/entity">]><r>&a;</r>',
    "a parameter entity": lambda url: f'<!DOCTYPE r [<!ENTITY % a SYSTEM "{url}/dtd">%a;]><r/>',
    "a document type elsewhere": lambda url: f'<!DOCTYPE r SYSTEM "{url}/dtd"><r/>',
    "an unknown entity": lambda _url: "<r>&nbsp;</r>",
    "two roots": lambda _url: "<r/><r/>",
    "another end": lambda _url: "<r><a></r></a>",
    "no end": lambda _url: "<r><a>",
    "text alone": lambda _url: "hello",
    "nothing": lambda _url: "",
    "a page": lambda _url: "<!DOCTYPE html><html><body>Not here<br></body></html>",
    "an attribute twice": lambda _url: '<r a="1" a="2"/>',
    "a null": lambda _url: "<r>\0</r>",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_a_failure_and_nothing_is_fetched(spy: Server, name: str) -> None:
    body = DOCUMENTS[name](spy.url).encode()
    with pytest.raises(Failure) as read:
        response(body).xml()
    assert read.value.code == "provider_error" and "\n" not in read.value.message
    with pytest.raises(Ambiguous):
        response(body, mutating=True).xml()
    assert not spy.lines()


@pytest.mark.parametrize(
    "body", [b"\xff<r/>", "<r/>".encode("utf-16"), b"<r>\xed\xa0\x80</r>", b'<?xml version="1.0" encoding="utf-16"?>']
)
def test_another_encoding_is_not_read(body: bytes) -> None:
    with pytest.raises(Failure):
        response(body).xml()


def test_a_secret_in_it_is_masked() -> None:
    secrets = Secrets()
    secrets.add("sandbox-canary-secret")
    with pytest.raises(Failure) as read:
        response(b"<r>sandbox-canary-secret</x>", secrets=secrets).xml()
    assert "canary" not in read.value.message and "********" in read.value.message


LARGE = {
    "deep": 'b"<a>" * 5_000_000',
    "many elements": 'b"<r>" + b"<a/>" * 4_000_000 + b"</r>"',
    "many different elements": 'b"<r>" + b"".join(b"<a%d/>" % n for n in range(1_000_000)) + b"</r>"',
    "many attributes": 'b"<r " + b" ".join(b"a%d=\'\'" % n for n in range(1_000_000)) + b"/>"',
    "a long text": 'b"<r>" + b"x" * 200_000_000 + b"</r>"',
    "a long name": 'b"<" + b"r" * 15_000_000 + b"/>"',
    "a long comment": 'b"<r><!--" + b"x" * 15_000_000 + b"--></r>"',
    "many comments": 'b"<r>" + b"<!---->" * 2_000_000 + b"</r>"',
    "many sections": 'b"<r>" + b"<![CDATA[<]]>" * 1_000_000 + b"</r>"',
}
PROGRAM = """
import resource, sys
sys.path[:0] = {paths!r}
from test_xml import response
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
body = {body}
answer = response(body)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    answer.xml(["a"])
    code = "read"
except Failure as failure:
    code = failure.code
print(code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("name", LARGE)
def test_it_takes_bounded_memory(name: str) -> None:
    """A process of its own tells what it took. Comments and sections are nothing that anybody keeps."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(paths=sys.path, body=LARGE[name])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    code, grown = ran.stdout.split()
    assert code == ("read" if name in ("many comments", "many sections") else "provider_error")
    assert int(grown) < MEGABYTES, ran.stdout
