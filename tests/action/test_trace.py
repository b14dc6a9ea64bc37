# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each request is shown at -vvv, both ways alike; nothing of it is in a result, and nothing is shown unasked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from plays import BY_NAME, Controller, Ran, task

PLIVO, PORTAL = BY_NAME["plivo_groups"], BY_NAME["sinch_portal"]
WAYS = {"in process": "1", "shipped": "0"}
LINE = re.compile(
    r"^<localhost> (GET|POST|PUT|DELETE) (http://\S+): (HTTP \d{3}|no answer) after \d+ ms(?:, request id (\S+))?",
    re.MULTILINE,
)


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def env(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"TELCO_NUMBERS_IN_PROCESS": request.param}


def lines(ran: Ran) -> list[tuple[str, str, str, str]]:
    """Method, address, end and id of each request that was shown; what is printed is logged, too."""
    output = ran.output.partition("RESULTS")[0]
    return [match.groups("") for match in LINE.finditer(output)]


def test_each_request_is_shown(controller: Controller, env: dict[str, str]) -> None:
    common = controller.common(PLIVO)
    ran = controller.play(
        [task("account_info", "account", common), task("available_number_info", "offers", {**common, **PLIVO.where})],
        env=env,
    )
    shown = lines(ran)
    assert [(method, url.partition("/Account/")[2].partition("?")[0], end) for method, url, end, _id in shown] == [
        ("GET", "MASANDBOXACCOUNT0001/Number/", "HTTP 200"),
        ("GET", "MASANDBOXACCOUNT0001/AvailableNumberGroup/", "HTTP 200"),
    ]
    assert all(url.startswith(f"{controller.url}/plivo_groups/") and identity for _method, url, _end, identity in shown)
    assert len({identity for *_rest, identity in shown}) == 2


def test_a_log_in_is_shown_without_its_secrets(controller: Controller, env: dict[str, str]) -> None:
    ran = controller.play([task("number_info", "found", controller.common(PORTAL))], env=env)
    assert [method for method, *_rest in lines(ran)] == ["POST", "POST", "GET", "GET"]
    for secret in PORTAL.secrets:
        assert secret not in ran.output


def test_an_answer_that_never_came_is_shown(controller: Controller, env: dict[str, str]) -> None:
    nowhere = {**controller.common(PLIVO), "api_url": "http://127.0.0.1:9"}
    ran = controller.play([task("number_info", "found", nowhere)], env=env)
    ((method, url, end, _identity),) = lines(ran)
    assert (method, end) == ("GET", "no answer") and url.startswith("http://127.0.0.1:9/")
    assert ran.results["found"]["failure"]["code"] == "connection_failed"


def plain(value: Any) -> Any:
    """*value* without what no two runs have in common."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", str(value))


def test_nothing_of_it_is_in_a_result(controller: Controller, env: dict[str, str]) -> None:
    common = controller.common(PLIVO)
    tasks = [task("number_info", "found", common), task("number_info", "wrong", {**common, **PLIVO.wrong})]
    loud = controller.play(tasks, env=env)
    quiet = controller.play(tasks, env=env, loud=False)
    assert lines(loud) and not lines(quiet)
    assert plain(loud.results) == plain(quiet.results) and "trace" not in loud.results["found"]
    assert loud.results["wrong"]["failed"]


@pytest.mark.parametrize("keywords", [{"no_log": True}, {"async": 60, "poll": 1}], ids=["no_log", "async"])
def test_a_task_whose_result_is_not_shown_at_once_shows_none(
    controller: Controller, env: dict[str, str], keywords: dict[str, Any]
) -> None:
    ran = controller.play([task("number_info", "found", controller.common(PLIVO), **keywords)], env=env)
    assert not ran.results["found"]["failed"] and not lines(ran)
    assert "trace" not in ran.results["found"]
