# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS in front of the sandbox: whom the client believes, and what a refusal or a break means for a purchase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority
from contract_fixtures import Sandbox
from journeys import charge
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import Runner


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def trusted(home: Path) -> Authority:
    return Authority(home, "trusted")


@pytest.fixture(scope="module")
def stranger(home: Path) -> Authority:
    return Authority(home, "stranger")


@pytest.fixture(scope="module")
def servers(trusted: Authority) -> Iterator[dict[str, Server]]:
    """The same endpoint with three certificates of one authority."""
    contexts = {
        "good": trusted.server("127.0.0.1"),
        "expired": trusted.server("127.0.0.1", -1),
        "elsewhere": trusted.server("api.example.com"),
    }
    running = {name: Server(lambda _seen: Reply(404), tls=context) for name, context in contexts.items()}
    with running["good"], running["expired"], running["elsewhere"]:
        yield running


@pytest.fixture()
def behind(servers: dict[str, Server], sandbox: Sandbox, row: Row, tmp_path: Path) -> Any:
    """Makes a runner for one of the endpoints; *sandbox* is what it leads to."""

    def made(name: str, **options: Any) -> Runner:
        servers[name].becomes(forward(sandbox.url))
        servers[name].take()
        runner = Runner(servers[name].url, row, tmp_path)
        runner.common.update({"retries": 0, **options})
        return runner

    return made


def test_a_trusted_authority(behind: Any, trusted: Authority) -> None:
    run = behind("good", ca_path=str(trusted.path))
    assert len(run.buy(2)) == 2
    assert run("number_info")["numbers"]


@pytest.mark.parametrize("name", ["good", "expired", "elsewhere"])
def test_what_is_refused_buys_nothing(
    behind: Any,
    servers: dict[str, Server],
    sandbox: Sandbox,
    row: Row,
    trusted: Authority,
    stranger: Authority,
    name: str,
) -> None:
    """An unknown authority, an expired certificate, one for another host: the server hears no request, and the message
    says what to do.
    """
    run = behind(name, ca_path=str((stranger if name == "good" else trusted).path), retries=2)
    for module, options in (("number_purchase", {**row.where, "count": 2}), ("number_info", {})):
        failed = run.fails("connection_failed", module, **options)
        assert "ca_path" in failed["msg"] and "certificate" in failed["msg"].lower(), failed["msg"]
        assert not failed["changed"] and not failed["failure"]["completed"]
    assert not servers[name].take() and not sandbox.state(row)["owned"]


def test_without_ca_path_the_system_decides(behind: Any, servers: dict[str, Server]) -> None:
    assert "ca_path" in behind("good").fails("connection_failed", "number_info")["msg"]
    assert not servers["good"].take()


@pytest.mark.parametrize("name", ["good", "expired", "elsewhere"])
def test_validation_can_be_turned_off(behind: Any, name: str) -> None:
    assert len(behind(name, validate_certs=False).buy(1)) == 1


def test_a_file_that_holds_no_certificate(behind: Any, servers: dict[str, Server], tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate\n")
    assert (
        "ca_path" in behind("good", ca_path=str(tmp_path / "empty.pem")).fails("invalid_option", "number_info")["msg"]
    )
    assert not servers["good"].take()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_no_variable_overrides_an_option(
    behind: Any,
    servers: dict[str, Server],
    trusted: Authority,
    stranger: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, str(stranger.path))
    assert not behind("good", ca_path=str(trusted.path))("number_info").get("failed")
    assert not behind("good", validate_certs=False)("number_info").get("failed")
    monkeypatch.setenv(variable, str(trusted.path))
    behind("good", ca_path=str(stranger.path)).fails("connection_failed", "number_info")


def test_netrc_overrides_no_credential(
    behind: Any,
    servers: dict[str, Server],
    trusted: Authority,
    row: Row,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither an entry for the host nor the default one, be it the file of the home directory or that of NETRC."""
    lines = (
        "machine 127.0.0.1 login netrc-login password netrc-password\ndefault login netrc-login password "
        "netrc-password\n"
    )
    for name in (".netrc", "_netrc", "other"):
        (tmp_path / name).write_text(lines)
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "other"))
    behind("good", ca_path=str(trusted.path))("number_info")
    with_netrc = [seen.header("Authorization") or "" for seen in servers["good"].take()]
    assert with_netrc and not any("bmV0cmMt" in header for header in with_netrc)
    if row.provider == "sinch_catalog":
        nobody = {option: None for option in row.credentials if option != "account_id"}
        behind("good", ca_path=str(trusted.path))("number_info", **nobody)
        assert [seen.header("Authorization") for seen in servers["good"].take()] == [None]


# -- breaks ------------------------------------------------------------------------------------------------------------

BREAKS: dict[str, Iterable[bytes]] = {
    "the end of the connection": [b""],
    "a record that nobody encrypted": [b"\x17\x03\x03\x00\x20" + b"x" * 32],
    "plain HTTP": [b"HTTP/1.1 502 Bad Gateway\r\n\r\n"],
    "an alert": [b"\x15\x03\x03\x00\x02\x02\x28"],
}


@pytest.mark.parametrize("what", BREAKS)
def test_tls_that_breaks_after_a_purchase_is_no_refusal(
    behind: Any, servers: dict[str, Server], sandbox: Sandbox, row: Row, trusted: Authority, what: str
) -> None:
    """The purchase was carried out; only its answer is lost: the list decides, and a purchase is never taken for
    unsent.
    """
    run = behind("good", ca_path=str(trusted.path))
    onward = forward(sandbox.url)
    broken: list[Seen] = []

    def answer(seen: Seen) -> Reply:
        reply = onward(seen)
        if charge(row, seen) and not broken:
            broken.append(seen)
            return Reply(raw=BREAKS[what], bare=True)
        return reply

    servers["good"].becomes(answer)
    result = run("number_purchase", **row.where, count=1)
    assert broken
    assert not result.get("failed") and len(result["purchased"]) == 1, result["failure"]
    assert (
        len(sandbox.state(row)["owned"])
        == 1
        == sum(charge(row, seen) for seen in servers["good"].take()) - (row.login and 1 or 0)
    )
