# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth 2.0 client credentials: one token for all tasks, renewed in time and after a 401, and shown to nobody."""

from __future__ import annotations

import base64
import concurrent.futures
import importlib
import json
import re
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from ansible_collections.telco.numbers.plugins.module_utils import _providers
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import Access, Credential
from ansible_collections.telco.numbers.plugins.module_utils._net.auth import Auth
from ansible_collections.telco.numbers.plugins.module_utils._net.tokens import used_until
from ansible_collections.telco.numbers.plugins.module_utils._providers.infobip_sms import InfobipSms
from relay import Reply, Seen, Server
from runner import MODULES

IDENTITY, SECRET = "sandbox-client-id", "sandbox-client-secret/+x"
TOKEN_PATH = "/v1/oauth2/token"


class Tokened(InfobipSms):
    """An API whose requests carry a token, which its client's id and secret get, in a header."""

    access = Access(
        methods=(("api_key", "api_secret"),),
        credentials=(
            Credential("api_key", ("SHOP_CLIENT_ID",), "Client ID", "the client"),
            Credential("api_secret", ("SHOP_CLIENT_SECRET",), "Client secret", "its secret"),
            Credential("account_id", (), "Account ID", "the account"),
        ),
    )

    def _auth(self) -> Auth:
        return self.client_credentials(f"{self.base('https://auth.example.com')}{TOKEN_PATH}")


class Formed(Tokened):
    """The same with id and secret in the form, and more that is asked for."""

    def _auth(self) -> Auth:
        url = f"{self.base('https://auth.example.com')}{TOKEN_PATH}"
        return self.client_credentials(url, in_form=True, fields={"scope": "admin", "audience": "https://shop"})


class Shop:
    """A token endpoint, and an API that takes the newest token only."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.more: dict[str, Any] = {"expires_in": 3600, "token_type": "bearer"}
        self.first: list[Reply] = []  # what the token endpoint answers before it works
        self.takes = True
        self._lock = threading.Lock()

    def __call__(self, seen: Seen) -> Reply:
        if seen.path == TOKEN_PATH:
            return self._give(seen)
        if self.takes and self.tokens and seen.header("Authorization") == f"Bearer {self.tokens[-1]}":
            return Reply(200, b'{"numbers": [], "numberCount": 0}')
        text = f"no: {seen.header('Authorization')}"
        return Reply(
            401,
            json.dumps({"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": text}}}).encode(),
        )

    def _give(self, seen: Seen) -> Reply:
        with self._lock:
            if self.first:
                return self.first.pop(0)
            form = dict(parse_qsl(seen.body.decode()))
            pair = base64.b64decode(
                (seen.header("Authorization") or "Basic ").split()[1:][0] if seen.header("Authorization") else b""
            ).decode()
            given = pair or f"{form.get('client_id')}:{form.get('client_secret')}"
            if given != f"{IDENTITY}:{SECRET}" or form.get("grant_type") != "client_credentials":
                return Reply(400, json.dumps({"error": "invalid_client", "error_description": f"not {given}"}).encode())
            self.tokens.append(f"sandbox-access-token-{len(self.tokens)}")
            return Reply(200, json.dumps({"access_token": self.tokens[-1], **self.more}).encode())


@pytest.fixture()
def shop() -> Shop:
    return Shop()


@pytest.fixture()
def server(shop: Shop) -> Iterator[Server]:
    with Server(shop) as running:
        yield running


@pytest.fixture()
def kind() -> type[Tokened]:
    return Tokened


Run = Callable[..., dict[str, Any]]


@pytest.fixture()
def run(server: Server, kind: type[Tokened], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a task of the provider that gets tokens; whatever comes of it shows none."""
    monkeypatch.setitem(_providers._LOADERS, "infobip_sms", lambda: kind)
    lines: list[str] = []

    def answer(module: str = "number_info", **options: Any) -> dict[str, Any]:
        given = {
            "provider": "infobip_sms",
            "api_url": server.url,
            "api_key": IDENTITY,
            "api_secret": SECRET,
            "retries": 0,
        }
        task = importlib.import_module(f"{MODULES}.{module}").TASK
        result: dict[str, Any] = task.answer(
            module, {**given, "journal": str(tmp_path / "journal"), **options}, {}, False, True, lines.append
        )
        shown = json.dumps(result) + "\n".join(lines) + "".join(path.name for path in tmp_path.rglob("*"))
        pair = base64.b64encode(f"{IDENTITY}:{SECRET}".encode()).decode()
        assert not [word for word in ("access-token", SECRET, SECRET[:14], pair) if word in shown], shown
        return result

    return answer


def asked(server: Server) -> tuple[int, int]:
    """How many tokens were asked for since the last call, and how many other requests there were."""
    paths = [seen.path for seen in server.take()]
    return paths.count(TOKEN_PATH), len(paths) - paths.count(TOKEN_PATH)


@pytest.fixture()
def cache(tmp_path: Path) -> str:
    return str(tmp_path / "sessions")


# -- once ----------------------------------------------------------------------------------------------------------


def test_a_token_serves_a_whole_task(run: Run, server: Server) -> None:
    assert not run("number_release", numbers=["+385911111111", "+385911111112"]).get("failed")
    tokens, others = asked(server)
    assert tokens == 1 and others >= 1


def test_tasks_share_a_token_only_where_they_have_a_cache(run: Run, server: Server, cache: str) -> None:
    for _task in range(2):
        assert not run(session_cache=cache).get("failed")
    assert asked(server) == (1, 2)
    for _task in range(2):
        assert not run().get("failed")
    assert asked(server) == (2, 2)


def test_tasks_side_by_side_ask_for_one_token(run: Run, server: Server, cache: str) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _task: run(session_cache=cache), range(8)))
    assert not [result for result in results if result.get("failed")]
    assert asked(server) == (1, 8)


def test_each_client_has_a_token_of_its_own(run: Run, server: Server, cache: str) -> None:
    assert not run(session_cache=cache).get("failed")
    assert run(session_cache=cache, api_key="another-client").get("failed")


# -- how it is asked for -------------------------------------------------------------------------------------------


def test_it_is_asked_for_with_a_basic_header(run: Run, server: Server) -> None:
    run()
    seen = server.take()[0]
    assert (seen.method, seen.path, seen.body) == ("POST", TOKEN_PATH, b"grant_type=client_credentials")
    assert base64.b64decode(str(seen.header("Authorization")).split(" ")[1]).decode() == f"{IDENTITY}:{SECRET}"
    assert seen.header("Content-Type") == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", [Formed])
def test_it_is_asked_for_with_the_fields_of_a_form(run: Run, server: Server) -> None:
    assert not run().get("failed")
    seen = server.take()[0]
    assert seen.header("Authorization") is None
    assert dict(parse_qsl(seen.body.decode())) == {
        "grant_type": "client_credentials",
        "client_id": IDENTITY,
        "client_secret": SECRET,
        "scope": "admin",
        "audience": "https://shop",
    }


@pytest.mark.parametrize("reply", [Reply(503), Reply(raw=[b"HTTP/1.1 2"]), Reply(429, b"{}", (("Retry-After", "0"),))])
def test_to_ask_again_is_safe(run: Run, shop: Shop, server: Server, reply: Reply) -> None:
    shop.first = [reply]
    assert not run(retries=1).get("failed")
    assert asked(server) == (2, 1)


# -- renewed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("life", "used"), [(3600, 3540), (60, 54), (0, 0), (-5, -5)])
def test_it_is_renewed_a_moment_before_it_expires(life: int, used: float) -> None:
    assert used_until(1000, life) - 1000 == pytest.approx(used, abs=1)


@pytest.mark.parametrize("life", [0, -5, "0"])
def test_an_expired_token_is_not_used_again(run: Run, shop: Shop, server: Server, cache: str, life: Any) -> None:
    shop.more["expires_in"] = life
    for _task in range(2):
        assert not run(session_cache=cache).get("failed")
    assert asked(server) == (2, 2)


def test_a_token_without_expiry_is_used_for_a_while(run: Run, shop: Shop, server: Server, cache: str) -> None:
    del shop.more["expires_in"]
    for _task in range(2):
        assert not run(session_cache=cache).get("failed")
    assert asked(server) == (1, 2)


def test_a_token_that_is_refused_is_renewed_once(run: Run, shop: Shop, server: Server, cache: str) -> None:
    run(session_cache=cache)
    shop.tokens.append("sandbox-access-token-of-somebody-else")
    server.take()
    assert not run(session_cache=cache).get("failed")
    assert asked(server) == (1, 2)
    assert not run(session_cache=cache).get("failed")
    assert asked(server) == (0, 1)


def test_tasks_side_by_side_renew_a_refused_token_once(run: Run, shop: Shop, server: Server, cache: str) -> None:
    run(session_cache=cache)
    shop.tokens.append("sandbox-access-token-of-somebody-else")
    server.take()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _task: run(session_cache=cache), range(6)))
    assert not [result for result in results if result.get("failed")]
    assert asked(server)[0] == 1


def test_an_api_that_takes_no_token_is_given_up(run: Run, shop: Shop, server: Server) -> None:
    shop.takes = False
    assert run()["failure"]["code"] == "authentication_failed"
    assert asked(server) == (2, 2)


# -- refused, unreadable -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401])
def test_credentials_that_get_no_token_are_named(run: Run, shop: Shop, server: Server, status: int) -> None:
    shop.first = [Reply(status, b'{"error": "invalid_client"}')]
    result = run()
    assert result["failure"]["code"] == "authentication_failed" and result["failure"]["http_status"] == status
    assert "api_key" in result["msg"] and "api_secret" in result["msg"]
    assert asked(server) == (1, 0)


SPOILT = [
    b"",
    b"[]",
    b"{}",
    b'"sandbox-access-token-x"',
    b'{"access_token": null}',
    b'{"access_token": ""}',
    b'{"access_token": 5}',
    b'{"access_token": "sandbox-access-token-x y"}',
    b'{"access_token": "sandbox-access-token-x\\r\\nX-Evil: 1"}',
    '{"access_token": "sandbox-access-token-é"}'.encode(),
    b'{"access_token": "sandbox-access-token-x", "expires_in": "soon"}',
    b'{"access_token": "sandbox-access-token-x", "expires_in": null}',
    b'{"access_token": "sandbox-access-token-x", "expires_in": 1e400}',
    b'{"access_token": "sandbox-access-token-x", "expires_in": {}}',
    b'{"access_token": "sandbox-access-token-x"',
    b"access_token=sandbox-access-token-x",
]


@pytest.mark.parametrize("status", [200, 206, 302])
@pytest.mark.parametrize("body", SPOILT)
def test_an_answer_without_a_token_is_a_failure_that_shows_nothing_of_it(
    run: Run, shop: Shop, server: Server, body: bytes, status: int
) -> None:
    shop.first = [Reply(status, body)]
    assert run()["failure"]["code"] == "provider_error"
    assert asked(server) == (1, 0)


# -- the file ------------------------------------------------------------------------------------------------------


def kept(cache: str) -> list[Path]:
    return sorted(Path(cache).glob("token-*.json"))


def test_it_is_kept_in_a_private_file_whose_name_says_nothing(run: Run, cache: str) -> None:
    run(session_cache=cache)
    (path,) = kept(cache)
    assert re.fullmatch("token-[0-9a-f]{64}.json", path.name)
    assert {stat.S_IMODE(one.stat().st_mode) for one in Path(cache).iterdir()} == {0o600}
    assert stat.S_IMODE(Path(cache).stat().st_mode) == 0o700
    assert SECRET not in path.read_text()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "5",
        "{}",
        '{"value": "x"}',
        '{"value": 5, "until": 9e9, "kept": 0}',
        '{"value": "a b", "until": 9e9, "kept": 0}',
        '{"value": "x", "until": "soon", "kept": 0}',
        '{"value": "x", "until": 9e9, "kept": {}}',
        "[" * 5000,
    ],
)
def test_a_damaged_file_is_refused_by_its_name(run: Run, server: Server, cache: str, content: str) -> None:
    run(session_cache=cache)
    (path,) = kept(cache)
    path.write_text(content)
    server.take()
    result = run(session_cache=cache)
    assert result["failure"]["code"] == "invalid_option" and str(path) in result["msg"]
    assert asked(server) == (0, 0)


@pytest.mark.parametrize("suffix", ["", ".lock"])
def test_a_file_that_others_may_read_is_refused(run: Run, server: Server, cache: str, suffix: str) -> None:
    run(session_cache=cache)
    path = Path(f"{kept(cache)[0]}{suffix}")
    path.chmod(0o644)
    server.take()
    result = run(session_cache=cache)
    assert result["failure"]["code"] == "invalid_option" and str(path) in result["msg"]
    assert asked(server) == (0, 0)


def test_a_token_from_the_future_is_not_used(run: Run, server: Server, cache: str) -> None:
    """The clock was set back since."""
    run(session_cache=cache)
    (path,) = kept(cache)
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "kept": record["kept"] + 86400}))
    server.take()
    assert not run(session_cache=cache).get("failed")
    assert asked(server) == (1, 1)
