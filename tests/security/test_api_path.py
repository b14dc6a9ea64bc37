# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``api_url`` with a path: a proxy takes the path away, and the provider behind it knows nothing of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import which
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from contract_fixtures import Sandbox
from relay import Reply, Seen, Server, forward
from rows import Row
from runner import Runner

OWNED = 110  # three pages at every provider that has pages
PATHS = ["/telco/x", "/v1"]  # the second one begins as documented paths do


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(lambda _seen: Reply(404)) as running:
        yield running


@pytest.fixture(params=PATHS)
def behind(request: pytest.FixtureRequest, server: Server, sandbox: Sandbox, row: Row, tmp_path: Path) -> Any:
    """Makes a runner whose requests go through a proxy that takes a path away; *says* changes the body of its
    answers.
    """

    def made(says: Callable[[bytes], bytes] = lambda body: body) -> Runner:
        onward = forward(sandbox.at(row.provider))
        prefix = request.param

        def answer(seen: Seen) -> Reply:
            if not seen.target.startswith(prefix + "/"):
                return Reply(404, b"<html>The proxy knows no such path</html>", (("Content-Type", "text/html"),))
            reply = onward(dataclasses.replace(seen, target=seen.target[len(prefix) :]))
            return dataclasses.replace(
                reply, body=says(reply.body.replace(f"{server.url}/{row.provider}".encode(), server.url.encode()))
            )

        server.becomes(answer)
        runner = Runner(server.url, row, tmp_path)
        runner.common["api_url"] = server.url + prefix
        return runner

    return made


def use(run: Runner, row: Row, sandbox: Sandbox) -> None:
    """The account, a list of several pages, a search, a purchase, and what can be done with a number."""
    sandbox.change(row, own=[{"number": f"+4681{index:06d}", "country": "SE"} for index in range(OWNED)])
    account = run("account_info")
    assert not account.get("failed"), account
    listed = run("number_info")
    assert len(listed.get("numbers", [])) == OWNED, listed
    assert run("available_number_info", **row.where).get("offers")
    alone = run("number_info", numbers=[listed["numbers"][0]["number"]])["numbers"]
    less = {"raw": None, **({} if row.mute else {"capabilities": None})}  # a list may tell less than a record alone
    assert [{**number, **less} for number in alone] == [{**listed["numbers"][0], **less}]
    excluded = [number["number"] for number in listed["numbers"]]
    (number,) = run.buy(1, exclude=excluded)
    if row.application:
        assert run("number_assignment", numbers=[number], application=row.application)["changed"]
    if run.features.release:
        assert run("number_release", numbers=[number], force=True)["changed"]
    assert len(sandbox.state(row)["owned"]) == OWNED + (not run.features.release)


def test_a_proxy_that_takes_the_path_away(behind: Any, row: Row, sandbox: Sandbox) -> None:
    use(behind(), row, sandbox)


@which.lead_to_next_pages
def test_links_without_a_host(behind: Any, row: Row, sandbox: Sandbox) -> None:
    sandbox.reset({row.provider: {"extend": True, "settings": {"relative_links": True}}})
    use(behind(), row, sandbox)


@which.lead_to_next_pages
def test_links_to_the_documented_host(behind: Any, row: Row, server: Server, sandbox: Sandbox) -> None:
    """Behind a proxy the provider writes its own address into them: they lead through the proxy all the same."""
    home = urlsplit(load(row.provider).home)
    documented = f"{home.scheme}://{home.netloc}".encode()
    use(behind(lambda body: body.replace(server.url.encode(), documented)), row, sandbox)


@which.lead_to_next_pages
def test_links_that_have_the_path_already(behind: Any, row: Row, server: Server, sandbox: Sandbox) -> None:
    """Some proxies put it back into what the provider answers."""
    run = behind()
    here, there = server.url.encode(), run.common["api_url"].encode()
    use(behind(lambda body: body.replace(here, there)), row, sandbox)
