# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers that sell single numbers: sinch_catalog and infobip_sms."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox_clients import CATALOG, CATALOG_LIST, CATALOG_SEARCH, INFOBIP, INFOBIP_LIST, catalog_path

URLS = {"url": "https://example.com/a", "method": "POST"}


def catalog(sandbox: Any, method: str, path: str, **options: Any) -> Any:
    """A call with the account's key and secret."""
    return sandbox.call(method, path, auth=options.pop("auth", CATALOG), **options)


def infobip_sms(sandbox: Any, method: str, path: str, **options: Any) -> Any:
    """A call with user name and password."""
    return sandbox.call(method, path, auth=options.pop("auth", INFOBIP), **options)


def buy(sandbox: Any, number: str, body: Any = None) -> Any:
    """Buy at the catalogue."""
    return catalog(sandbox, "POST", CATALOG_LIST, params={"phoneNumber": number}, json=body)


def purchase(sandbox: Any, key: str) -> Any:
    """Buy at infobip_sms."""
    return infobip_sms(sandbox, "POST", INFOBIP_LIST, json={"numberKey": key})


def code(answer: Any) -> tuple[int, int]:
    """Status and the catalogue's own code."""
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["code"]


def message_id(answer: Any) -> tuple[int, str]:
    """Status and infobip_sms's message id."""
    return answer.status_code, answer.json()["requestError"]["serviceException"]["messageId"]


def test_catalog_authentication(sandbox: Any) -> None:
    bearer = {"Authorization": "Bearer sandbox-catalog-token"}
    assert sandbox.call("GET", CATALOG_LIST, headers=bearer).status_code == 200
    for headers in ({}, {"Authorization": "Bearer nope"}, {"Authorization": "Basic !"}, {"Authorization": "App x"}):
        assert code(sandbox.call("GET", CATALOG_LIST, headers=headers))[0] == 401
    assert code(catalog(sandbox, "GET", "/v1/Account/ACother/ActiveNumbers/"))[0] == 404
    sandbox.reset({"sinch_catalog": {"accounts": [{"id": "ACopen", "require_auth": False}]}})
    assert sandbox.call("GET", "/v1/Account/ACopen/ActiveNumbers/").status_code == 200


def test_catalog_pages(sandbox: Any) -> None:
    first = catalog(sandbox, "GET", CATALOG_SEARCH, params={"geography.iso_country": "US"}).json()
    assert len(first["items"]) == 50 and first["meta"]["next_page_url"].startswith(sandbox.at("sinch_catalog"))
    second = catalog(sandbox, "GET", first["meta"]["next_page_url"].removeprefix(sandbox.at("sinch_catalog"))).json()
    assert len(second["items"]) == 19 and second["meta"]["next_page_url"] is None
    assert not {item["phone_number"] for item in first["items"]} & {item["phone_number"] for item in second["items"]}
    sandbox.reset({"sinch_catalog": {"settings": {"relative_links": True}}})
    assert catalog(sandbox, "GET", CATALOG_SEARCH).json()["meta"]["next_page_url"].startswith("/v1/api/")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"type": "tollfree"}, 3),
        ({"capabilities.Voice.e911": "true"}, 6),
        ({"capabilities.SMS.outbound_connectivity": "false"}, 5),
        ({"capabilities.MMS.inbound_mps": "1", "geography.iso_country": "SE"}, 5),
        ({"base_recurring_price": "1.150"}, 6),
        ({"geography.lata": "132"}, 6),
        ({"lifecycle": "beta"}, 4),
        ({"lifecycle": "exhausted"}, 0),
        ({"regulatory.address_requirements": "local"}, 1),
        ({"phone_number": "+15045550100"}, 1),
    ],
)
def test_catalog_filters(sandbox: Any, query: dict[str, str], count: int) -> None:
    assert len(catalog(sandbox, "GET", CATALOG_SEARCH, params={**query, "PageSize": "100"}).json()["items"]) == count


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "capabilities.Voice.e911=yes",
        "PageSize=101",
        "Page=-1",
        "phone_number=+15045550100",
        "type=a&type=b",
        "base_setup_price=x",
    ],
)
def test_catalog_refuses_other_queries(sandbox: Any, query: str) -> None:
    assert code(catalog(sandbox, "GET", f"{CATALOG_SEARCH}?{query}"))[0] == 400


def test_catalog_buys_configures_and_releases(sandbox: Any) -> None:
    bought = buy(sandbox, "+15045550100", {"voice": {"application_sid": "APsandboxvoice"}}).json()
    assert (
        bought["accountSid"] == "ACsandbox" and bought["configuration"]["voice"]["application_sid"] == "APsandboxvoice"
    )
    path = catalog_path("+15045550100")
    changed = {"friendlyName": "Desk", "configuration": {"sms": URLS}}
    assert catalog(sandbox, "POST", path, json=changed).json()["friendlyName"] == "Desk"
    found = catalog(sandbox, "GET", path).json()
    assert found["configuration"]["sms"]["url"] == URLS["url"]
    assert found["configuration"]["voice"]["application_sid"] is None  # the nested object was replaced whole
    assert found["statusCallback"] is None
    assert catalog(sandbox, "POST", path, json=found).json() == found
    by_application = {"Configuration.voice.application_sid": "APsandboxvoice"}
    assert catalog(sandbox, "GET", CATALOG_LIST, params=by_application).json()["items"] == []
    released = catalog(sandbox, "DELETE", path)
    assert (released.status_code, released.content) == (200, b"")
    assert code(catalog(sandbox, "GET", path)) == (404, 20404)
    state = sandbox.state("sinch_catalog", "ACsandbox")
    assert state["stock"]["+15045550100"] == 1 and state["credit"] == "999.00"


@pytest.mark.parametrize(
    "body",
    [
        {"friendlyName": "x" * 65},
        {"friendlyName": 1},
        {"statusCallbackMethod": "PUT"},
        {"configuration": {"voice": {"method": "HEAD"}}},
        {"configuration": {"voice": {"uri": "x"}}},
        {"configuration": {"sms": {"fallback_url": "x"}}},
        {"configuration": []},
        {"phone_number": "+15045550101"},
        {"base_recurring_price": "9"},
        {"colour": "red"},
    ],
)
def test_catalog_configuration_is_strict(sandbox: Any, body: Any) -> None:
    buy(sandbox, "+15045550100")
    assert code(catalog(sandbox, "POST", catalog_path("+15045550100"), json=body))[0] == 400


def test_catalog_refusals(sandbox: Any) -> None:
    assert code(buy(sandbox, "+19999999999")) == (400, 21452)
    assert code(buy(sandbox, "+33199000100")) == (400, 21650)
    assert code(buy(sandbox, "+15045550100", {"voice": {"application_sid": "APnope"}})) == (404, 20404)
    assert code(buy(sandbox, "+15045550100", {"colour": "red"}))[0] == 400
    assert code(catalog(sandbox, "POST", CATALOG_LIST))[0] == 400
    assert code(catalog(sandbox, "POST", CATALOG_LIST + "?phoneNumber=+15045550100"))[0] == 400
    assert (
        code(
            catalog(
                sandbox,
                "POST",
                CATALOG_LIST + "?phoneNumber=%2B15045550100",
                data="{",
                headers={"Content-Type": "application/json"},
            )
        )[0]
        == 400
    )
    assert code(catalog(sandbox, "POST", CATALOG_LIST + "?phoneNumber=%2B15045550100", data={"a": "b"}))[0] == 415
    assert code(catalog(sandbox, "GET", CATALOG_LIST[:-1]))[0] == 404
    assert code(catalog(sandbox, "PUT", CATALOG_LIST))[0] == 405
    assert sandbox.state("sinch_catalog", "ACsandbox")["owned"] == []
    assert buy(sandbox, "+15045550100").status_code == 200
    assert code(buy(sandbox, "+15045550100")) == (400, 21452)
    assert code(catalog(sandbox, "GET", catalog_path("+15045550100").replace("%2B", "+")))[0] == 400
    sandbox.control("PATCH", "state/sinch_catalog/ACsandbox", {"credit": "0.50"})
    assert code(buy(sandbox, "+15045550101")) == (402, 40200)
    assert sandbox.state("sinch_catalog", "ACsandbox")["stock"]["+15045550101"] == 1


def test_infobip_authentication(sandbox: Any) -> None:
    key = {"Authorization": "App sandbox-infobip-api-key"}
    assert sandbox.call("GET", INFOBIP_LIST, headers=key).status_code == 200
    for headers in ({}, {"Authorization": "App nope"}, {"Authorization": "Bearer x"}):
        answer = sandbox.call("GET", INFOBIP_LIST, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {
            "requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "Invalid login details"}}
        }


def test_infobip_searches_and_pages(sandbox: Any) -> None:
    path = INFOBIP_LIST + "/available"
    first = infobip_sms(sandbox, "GET", path, params={"country": "RU"}).json()
    assert first["numberCount"] == 2
    assert first["numbers"][0] == {
        "numberKey": "78D8394AC3EG0460B4CF0E723FC31B49",
        "number": "79029555551",
        "country": "RU",
        "type": "VIRTUAL_LONG_NUMBER",
        "capabilities": ["SMS"],
        "shared": False,
        "price": {"pricePerMonth": 15, "setupPrice": 0, "initialMonthPrice": 9.193549, "currency": "EUR"},
    }
    everything = infobip_sms(sandbox, "GET", path, params={"limit": "1000"}).json()
    pages = [infobip_sms(sandbox, "GET", path, params={"limit": "25", "page": str(page)}).json() for page in range(3)]
    assert [row for page in pages for row in page["numbers"]] == everything["numbers"]
    assert {page["numberCount"] for page in pages} == {everything["numberCount"]} == {61}
    both = infobip_sms(
        sandbox, "GET", path, params={"capabilities": "SMS,VOICE", "country": "RO", "number": "717000503"}
    ).json()
    assert [row["number"] for row in both["numbers"]] == ["403717000503"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "page=-1", "capabilities=FAX", "country=usa", "number=%2B44", "colour=red"]
)
def test_infobip_refuses_other_queries(sandbox: Any, query: str) -> None:
    assert message_id(infobip_sms(sandbox, "GET", f"{INFOBIP_LIST}/available?{query}")) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("path", [INFOBIP_LIST, INFOBIP_LIST + "/"])
def test_infobip_buys_and_cancels(sandbox: Any, path: str) -> None:
    offered = "3B9D1EACAB7FBDRN%EE03592BFCD6BE"
    bought = infobip_sms(sandbox, "POST", path, json={"numberKey": offered}).json()
    assert bought["numberKey"] != offered and "%" in bought["numberKey"] and "initialMonthPrice" not in bought["price"]
    listed = infobip_sms(sandbox, "GET", path, params={"number": "790295555"}).json()
    assert listed["numberCount"] == 1 and listed["numbers"][0]["price"]["initialMonthPrice"] == 9.193549
    one = f"{INFOBIP_LIST}/{bought['numberKey'].replace('%', '%25')}"
    assert infobip_sms(sandbox, "GET", one).json() == bought
    assert sandbox.state("infobip_sms", "infobip-user")["spent"] == {
        "setup": "0",
        "monthly": "15",
        "due_now": "9.193549",
    }
    assert infobip_sms(sandbox, "DELETE", one).status_code == 204
    for method in ("GET", "DELETE"):
        gone = infobip_sms(sandbox, method, one)
        assert (gone.status_code, gone.content) == (404, b"")
    assert sandbox.state("infobip_sms", "infobip-user")["stock"][offered] == 1


def test_infobip_refusals(sandbox: Any) -> None:
    key = "58B3840032C7774BAC840EEEA2C23A44"
    assert message_id(purchase(sandbox, "nope")) == (404, "NOT_FOUND")
    assert message_id(infobip_sms(sandbox, "POST", INFOBIP_LIST, json={"numberKey": key, "more": 1})) == (
        400,
        "BAD_REQUEST",
    )
    assert message_id(infobip_sms(sandbox, "POST", INFOBIP_LIST, json={"numberKey": 1})) == (400, "BAD_REQUEST")
    assert message_id(infobip_sms(sandbox, "POST", INFOBIP_LIST, json={})) == (400, "BAD_REQUEST")
    assert message_id(infobip_sms(sandbox, "PUT", INFOBIP_LIST)) == (405, "METHOD_NOT_ALLOWED")
    sandbox.control("PATCH", "state/infobip_sms/infobip-user", {"credit": "2.90"})
    assert message_id(purchase(sandbox, key)) == (400, "NOT_ENOUGH_CREDIT")
    sandbox.control("PATCH", "state/infobip_sms/infobip-user", {"credit": "100"})
    assert purchase(sandbox, key).status_code == 200
    assert message_id(purchase(sandbox, key)) == (404, "NOT_FOUND")


def test_infobip_throttle(sandbox: Any) -> None:
    sandbox.reset({"infobip_sms": {"settings": {"requests_per_second": 1}}})
    answers = [infobip_sms(sandbox, "GET", INFOBIP_LIST) for _count in range(3)]
    assert message_id(answers[-1]) == (429, "TOO_MANY_REQUESTS") and answers[-1].headers["Retry-After"] == "1"
