# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine, a network or a server does that nobody planned: one line that names the cause, and nothing bought."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import which
from certificates import Authority
from contract_fixtures import Sandbox
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import Runner

MD5 = hashlib.md5
ENDLESS = 1e10  # seconds


# -- the machine -------------------------------------------------------------------------------------------------------


@which.log_in
def test_md5_that_is_allowed_as_a_checksum_only(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python does it on a system in FIPS mode."""

    def md5(data: bytes = b"", *, usedforsecurity: bool = True) -> Any:
        if usedforsecurity:
            raise ValueError("[digital envelope routines] unsupported")
        return MD5(data, usedforsecurity=False)

    monkeypatch.setattr(hashlib, "md5", md5)
    assert len(run.buy(2)) == 2


@which.log_in
def test_md5_that_is_forbidden_is_named(
    run: Runner, row: Row, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def md5(*_data: bytes, **_options: bool) -> Any:
        raise ValueError("[digital envelope routines] unsupported")

    monkeypatch.setattr(hashlib, "md5", md5)
    failed = run.fails("unsupported", "number_purchase", **row.where, count=2)
    assert "MD5" in failed["msg"] and "FIPS" in failed["msg"] and "Base64" not in failed["msg"]
    assert not sandbox.state(row)["owned"]


@pytest.mark.parametrize("option", ["timeout", "deadline", "settle_time", "all"])
def test_a_time_without_end_is_no_traceback(run: Runner, row: Row, option: str) -> None:
    times = {name: ENDLESS for name in ("timeout", "deadline", "settle_time") if option in (name, "all")}
    for module, options in (("number_info", {}), ("number_purchase", {**row.where, "count": 1})):
        result = run(module, **options, **times)
        assert not result.get("failed") or (
            result["failure"]["code"] == "invalid_option" and any(name in result["msg"] for name in times)
        ), result


@pytest.mark.parametrize("pause", ["10000000000", "9" * 400, "999999999.5", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_without_end_ends_the_task(run: Runner, row: Row, sandbox: Sandbox, pause: str) -> None:
    sandbox.faults(
        {"match": {"provider": row.provider}, "kind": "status", "status": 429, "headers": {"Retry-After": pause}}
    )
    assert "deadline" in run.fails("rate_limited", "number_info")["msg"]


# -- the way there -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(importlib.util.find_spec("socks") is not None, reason="PySocks is installed")
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4"])
def test_a_socks_proxy_without_its_library(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("https_proxy", f"{scheme}://127.0.0.1:9")
    failed = Runner("https://api.example.com", row, tmp_path).fails(
        "connection_failed", "number_purchase", **row.where, count=1
    )
    assert "SOCKS" in failed["msg"] and "PySocks" in failed["msg"] and "api_url" not in failed["msg"]


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:9", "http://", "http://[::1"])
def test_a_proxy_that_is_none_is_not_blamed_on_api_url_alone(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("https_proxy", proxy)
    assert (
        "proxy"
        in Runner("https://api.example.com", row, tmp_path).fails("connection_failed", "number_info", retries=0)["msg"]
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"), "trusted")


@pytest.fixture(scope="module")
def servers(authority: Authority) -> Iterator[dict[str, Server]]:
    """One that speaks TLS and one that does not."""
    with Server(lambda _seen: Reply(404), tls=authority.server("127.0.0.1")) as closed, Server(
        lambda _seen: Reply(404)
    ) as plain:
        yield {"https": closed, "http": plain}


def test_https_where_nobody_speaks_tls(row: Row, servers: dict[str, Server], tmp_path: Path) -> None:
    run = Runner(servers["http"].url.replace("http:", "https:"), row, tmp_path)
    failed = run.fails("connection_failed", "number_purchase", **row.where, count=1, retries=0)
    assert "speak TLS" in failed["msg"] and "api_url" in failed["msg"] and not failed["changed"]


def test_plain_http_where_tls_is_spoken(row: Row, servers: dict[str, Server], tmp_path: Path) -> None:
    """Some servers hang up, some send an alert of TLS, some say it in words."""
    run = Runner(servers["https"].url.replace("https:", "http:"), row, tmp_path)
    assert "write https in api_url" in run.fails("connection_failed", "number_info", retries=0)["msg"]
    run = Runner(servers["http"].url, row, tmp_path)
    servers["http"].becomes(lambda _seen: Reply(raw=[b"\x15\x03\x01\x00\x02\x02\x46"]))
    assert "speaks TLS; write https" in run.fails("connection_failed", "number_info", retries=0)["msg"]
    servers["http"].becomes(
        lambda _seen: Reply(
            400, b"Client sent an HTTP request to an HTTPS server.\n", (("Content-Type", "text/plain"),)
        )
    )
    assert (
        "Client sent an HTTP request to an HTTPS server."
        in run.fails("provider_error", "number_info", retries=0)["msg"]
    )


# -- words that nobody documented --------------------------------------------------------------------------------------

WORDS = [
    b"<html>\n<head><title>Maintenance</title></head>\n<body>Back at  <b>noon</b>.</body></html>",
    b'{"fault": {"faultstring": "Rate plan ended"}}',
    b'["Rate plan ended"]',
    b'"Rate plan ended"',
    b"Rate plan ended",
]


@pytest.fixture()
def between(servers: dict[str, Server], sandbox: Sandbox, row: Row, tmp_path: Path) -> Any:
    """Makes a runner behind a server that answers the requests *of* some kind itself: with *reply*."""

    def made(of: str, reply: Reply) -> Runner:
        onward = forward(sandbox.url)

        def answer(seen: Seen) -> Reply:
            return (
                reply
                if seen.method == of
                and (("umber" in seen.path or "/tns" in seen.path) and "shop" not in seen.path or of != "GET")
                and "/users/" not in seen.path
                and "instance" not in seen.path
                else onward(seen)
            )

        servers["http"].becomes(answer)
        run = Runner(servers["http"].url, row, tmp_path)
        run.common["retries"] = 0
        return run

    return made


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503, 200, 418])
def test_the_first_words_of_an_answer_of_unknown_shape_are_shown(between: Any, row: Row, status: int) -> None:
    for body in WORDS:
        failed = between("GET", Reply(status, body))("number_info")
        assert failed.get("failed"), failed
        assert " ".join(body.decode().split())[:200] in failed["msg"], failed["msg"]
    long = between("GET", Reply(status, b"<p>" + b"abcdefghi " * 500))("number_info")["msg"]
    assert ("<p>" + "abcdefghi " * 500)[:200].strip() in long and "abcdefghi " * 25 not in long


@pytest.mark.parametrize("status", [400, 503, 200])
def test_they_are_shown_of_a_purchase_too(between: Any, row: Row, status: int) -> None:
    run = between("POST" if not row.login else "PUT", Reply(status, b"<b>Blocked by policy 17</b>"))
    failed = run.fails("unknown_outcome", "number_purchase", **row.where, count=1)
    assert "Blocked by policy 17" in failed["failure"]["message"], failed


@pytest.mark.parametrize("status", [400, 503, 200])
def test_no_part_of_a_secret_is_shown_with_them(between: Any, row: Row, status: int) -> None:
    """It is masked before it is cut, wherever it stands."""
    secret = row.secrets[-1]
    for before in range(199 - len(secret), 203, 4):
        msg = between("GET", Reply(status, b"x" * before + secret.encode() + b" and so on"))("number_info")["msg"]
        assert not any(secret[place : place + 6] in msg.partition("x" * 100)[2] for place in range(len(secret) - 5)), (
            msg
        )
