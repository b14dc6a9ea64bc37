# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each provider is served below a path of its name, which stands for all of its hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_clients import (
    CATALOG,
    CATALOG_LIST,
    CATALOG_SEARCH,
    INFOBIP,
    INFOBIP_LIST,
    PLIVO,
    PLIVO_BASE,
    RENTED,
    Portal,
)

if TYPE_CHECKING:
    from sandbox_server import Server

CALLS = {
    "sinch_catalog": (CATALOG_LIST, CATALOG),
    "infobip_sms": (INFOBIP_LIST, INFOBIP),
    "plivo_groups": (f"{PLIVO_BASE}Number/", PLIVO),
}


@pytest.mark.parametrize("provider", CALLS)
def test_the_log_has_the_documented_path(sandbox: Server, provider: str) -> None:
    path, auth = CALLS[provider]
    assert sandbox.call("GET", path, below=provider, auth=auth).status_code == 200
    (entry,) = sandbox.log()
    assert (entry["provider"], entry["path"]) == (provider, path)


def test_a_signature_is_over_the_documented_path(sandbox: Server) -> None:
    portal = Portal(sandbox).log_in()
    assert portal.signed("GET", RENTED, below="sinch_portal").status_code == 200
    assert (
        portal.signed("GET", f"/sinch_portal{RENTED}", send_to=RENTED, below="sinch_portal").json()["errorCode"]
        == 40102
    )


@pytest.mark.parametrize("provider", CALLS)
@pytest.mark.parametrize("other", [*CALLS, "sinch_portal"])
def test_a_provider_has_only_its_own_paths(sandbox: Server, provider: str, other: str) -> None:
    path, auth = CALLS[provider]
    answer = sandbox.call("GET", path, below=other, auth=auth)
    assert answer.status_code == (200 if other == provider else 404)
    assert [entry["provider"] for entry in sandbox.log()] == [other]


def test_a_link_and_a_redirect_lead_below_the_name(sandbox: Server) -> None:
    page = sandbox.call("GET", CATALOG_SEARCH, below="sinch_catalog", auth=CATALOG, params={"PageSize": "1"}).json()[
        "meta"
    ]
    assert page["next_page_url"].startswith(f"{sandbox.url}/sinch_catalog{CATALOG_SEARCH}?")
    sandbox.faults({"kind": "redirect", "match": {"provider": "infobip_sms", "path": f"^{INFOBIP_LIST}$"}})
    assert (
        sandbox.call("GET", INFOBIP_LIST, below="infobip_sms", auth=INFOBIP).headers["Location"]
        == f"{sandbox.url}/infobip_sms{INFOBIP_LIST}"
    )


@pytest.mark.parametrize("path", ["", "/", "/nowhere", "/_sandbox/state"])
def test_no_path_of_the_provider_gets_its_own_refusal(sandbox: Server, path: str) -> None:
    answer = sandbox.call("GET", f"/plivo_groups{path}", below="", auth=PLIVO)
    assert (answer.status_code, list(answer.json())) == (404, ["api_id", "error"])


@pytest.mark.parametrize("path", ["", "/", "/nobody", INFOBIP_LIST, CATALOG_LIST, "/_sandbox"])
def test_a_request_below_no_name_is_told_the_addresses(sandbox: Server, path: str) -> None:
    answer = sandbox.call("GET", path, below="", auth=INFOBIP)
    assert answer.status_code == 404
    assert "put the provider's name behind the address" in answer.json()["error"]
    assert sandbox.at("infobip_sms") in answer.json()["error"]
    assert sandbox.log() == []
