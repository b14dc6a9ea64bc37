# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy that the environment names is used for every request of a task, unless the host is excepted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from contract_fixtures import Sandbox
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import Runner

UNREACHABLE = "http://127.0.0.1:1"


@pytest.fixture()
def proxy(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A proxy through which every host is the sandbox."""
    onward = forward(sandbox.url)

    def answer(seen: Seen) -> Reply:
        target = urlsplit(seen.target)
        assert f"{target.scheme}://{target.netloc}" == UNREACHABLE
        return onward(dataclasses.replace(seen, target=target._replace(scheme="", netloc="").geturl()))

    with Server(answer) as running:
        monkeypatch.delenv("NO_PROXY")
        monkeypatch.setenv("http_proxy", running.url)
        yield running


def test_every_request_goes_through_it(proxy: Server, sandbox: Sandbox, row: Row, tmp_path: Path) -> None:
    run = Runner(UNREACHABLE, row, tmp_path)
    assert len(run.buy(2)) == 2 == len(sandbox.state(row)["owned"])


def test_an_excepted_host_is_called_itself(
    proxy: Server, row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    run = Runner(UNREACHABLE, row, tmp_path)
    run.common["retries"] = 0
    run.fails("connection_failed", "number_info")
    assert not proxy.take()
