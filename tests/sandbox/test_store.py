# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read once is kept in memory: a list still shows what is on disk, after a write, a refusal, a reset and a
restart.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from sandbox_clients import CATALOG, CATALOG_LIST, CATALOG_SEARCH, catalog_path

NUMBER = "+15045550100"


def numbers(sandbox: Any, path: str) -> list[str]:
    """The numbers of a list of the catalogue."""
    answer = sandbox.call("GET", path, params={"geography.iso_country": "US", "PageSize": "100"}, auth=CATALOG)
    return [item["phone_number"] for item in answer.json()["items"]]


def buy(sandbox: Any) -> None:
    """Buy the number of this file."""
    assert sandbox.call("POST", CATALOG_LIST, params={"phoneNumber": NUMBER}, auth=CATALOG).status_code == 200


def configure(sandbox: Any, **changes: Any) -> int:
    """Change the number of this file."""
    return int(sandbox.call("POST", catalog_path(NUMBER), json=changes, auth=CATALOG).status_code)


def single(sandbox: Any) -> Any:
    """The record of the number of this file."""
    return sandbox.call("GET", catalog_path(NUMBER), auth=CATALOG).json()


def test_lists_show_each_write_at_once(sandbox: Any) -> None:
    assert NUMBER in numbers(sandbox, CATALOG_SEARCH) and numbers(sandbox, CATALOG_LIST) == []
    buy(sandbox)
    assert NUMBER not in numbers(sandbox, CATALOG_SEARCH) and numbers(sandbox, CATALOG_LIST) == [NUMBER]
    assert sandbox.call("DELETE", catalog_path(NUMBER), auth=CATALOG).status_code == 200
    assert NUMBER in numbers(sandbox, CATALOG_SEARCH) and numbers(sandbox, CATALOG_LIST) == []


def test_a_refused_change_leaves_nothing_behind(sandbox: Any) -> None:
    buy(sandbox)
    before = single(sandbox)
    assert configure(sandbox, friendlyName="Desk", configuration={"voice": {"application_sid": "APnope"}}) == 404
    assert single(sandbox) == before


def test_a_reset_is_seen_by_lists_that_were_read(sandbox: Any) -> None:
    buy(sandbox)
    assert numbers(sandbox, CATALOG_LIST) == [NUMBER]
    sandbox.reset({"sinch_catalog": {"offers": []}})
    assert numbers(sandbox, CATALOG_LIST) == numbers(sandbox, CATALOG_SEARCH) == []


def test_a_killed_sandbox_comes_back_with_what_its_lists_said(start: Any) -> None:
    server = start()
    buy(server)
    assert single(server)["friendlyName"] == NUMBER
    assert configure(server, friendlyName="Desk") == 200
    before = [single(server), numbers(server, CATALOG_SEARCH), server.control("GET", "state")]
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    again = start()
    assert [single(again), numbers(again, CATALOG_SEARCH), again.control("GET", "state")] == before
    assert before[0]["friendlyName"] == "Desk"
