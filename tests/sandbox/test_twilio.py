# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio: search, purchase, the number's settings, links of each kind, papers, accounts."""

from __future__ import annotations

from typing import Any

import pytest

PARENT, BRANCH, TEST = (f"AC{number:032d}" for number in (1, 2, 3))
AUTH = (PARENT, "sandbox-twilio-auth-token")
SUB = (BRANCH, "sandbox-twilio-sub-token")
MAIN, STANDARD = ((f"SK{1:032d}", "sandbox-twilio-main-secret"), (f"SK{2:032d}", "sandbox-twilio-api-secret"))
SUPPORT, SALES, TRUNK = f"AP{1:032d}", f"AP{2:032d}", f"TK{1:032d}"
ALERTS, MARKETING = f"MG{1:032d}", f"MG{2:032d}"
LONDON, ORLEANS = f"AD{1:032d}", f"AD{2:032d}"
BERLIN, IN_REVIEW = f"BU{1:032d}", f"BU{2:032d}"
BASE = f"/2010-04-01/Accounts/{PARENT}"
NUMBERS = f"{BASE}/IncomingPhoneNumbers.json"
FIRST = "+15045550100"


def twilio(sandbox: Any, method: str, path: str, **options: Any) -> Any:
    """A call with the account's SID and token."""
    return sandbox.call(method, path, below="twilio", auth=options.pop("auth", AUTH), **options)


def search(sandbox: Any, country: str = "US", kind: str = "Local", **filters: str) -> list[str]:
    """The numbers that a search shows."""
    answer = twilio(sandbox, "GET", f"{BASE}/AvailablePhoneNumbers/{country}/{kind}.json", params=filters)
    assert answer.status_code == 200, answer.text
    return [row["phone_number"] for row in answer.json()["available_phone_numbers"]]


def buy(sandbox: Any, number: str = FIRST, **fields: str) -> Any:
    """Buy a number."""
    return twilio(sandbox, "POST", NUMBERS, data={"PhoneNumber": number, **fields})


def bought(sandbox: Any, number: str = FIRST, **fields: str) -> Any:
    """The record of a number that was just bought."""
    answer = buy(sandbox, number, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def one(record: Any) -> str:
    """The path of a number."""
    return f"{BASE}/IncomingPhoneNumbers/{record['sid']}.json"


def update(sandbox: Any, record: Any, **fields: str) -> Any:
    """Change a number."""
    return twilio(sandbox, "POST", one(record), data=fields)


def refusal(answer: Any) -> tuple[int, int | None]:
    """Status and code; every error names its status."""
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json().get("code")


def test_every_answer_has_a_request_id(sandbox: Any) -> None:
    for answer in (
        twilio(sandbox, "GET", NUMBERS),
        twilio(sandbox, "GET", "/nowhere"),
        twilio(sandbox, "GET", NUMBERS, auth=None),
    ):
        assert answer.headers["Twilio-Request-Id"].startswith("RQ")


def test_a_refusal_of_credentials_has_the_documented_body(sandbox: Any) -> None:
    answer = twilio(sandbox, "GET", NUMBERS, auth=(PARENT, "wrong"))
    assert answer.status_code == 401
    assert answer.json() == {
        "code": 20003, "detail": "Your AccountSid or AuthToken was incorrect.", "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("auth", "account", "opens"),
    [
        (AUTH, PARENT, True),
        (AUTH, BRANCH, True),
        (SUB, BRANCH, True),
        (SUB, PARENT, False),
        (MAIN, PARENT, True),
        (STANDARD, PARENT, True),
        (STANDARD, BRANCH, False),
        (MAIN, BRANCH, False),
        (AUTH, f"AC{9:032d}", False),
    ],
)
def test_who_opens_which_account(sandbox: Any, auth: tuple[str, str], account: str, opens: bool) -> None:
    answer = twilio(sandbox, "GET", f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json", auth=auth)
    assert answer.status_code == (200 if opens else 401)


@pytest.mark.parametrize(("auth", "status"), [(AUTH, 200), (MAIN, 200), (STANDARD, 401)])
def test_a_standard_key_may_not_read_the_account(sandbox: Any, auth: tuple[str, str], status: int) -> None:
    for path in (f"{BASE}.json", "/2010-04-01/Accounts.json"):
        assert twilio(sandbox, "GET", path, auth=auth).status_code == status
    assert twilio(sandbox, "GET", f"{BASE}/Balance.json", auth=auth).json()["balance"] == "1000.00"
    if status == 200:
        assert twilio(sandbox, "GET", f"{BASE}.json", auth=auth).json()["auth_token"] == AUTH[1]


def test_a_suspended_account_only_shows_itself(sandbox: Any) -> None:
    sandbox.reset({"twilio": {"accounts": [{"id": PARENT, "auth_token": AUTH[1], "status": "suspended"}]}})
    assert refusal(buy(sandbox)) == (403, 20005)
    assert twilio(sandbox, "GET", f"{BASE}.json").json()["status"] == "suspended"


def test_the_newer_apis_are_those_of_the_credentials(sandbox: Any) -> None:
    assert len(twilio(sandbox, "GET", "/v1/Services").json()["services"]) == 2
    assert twilio(sandbox, "GET", "/v1/Services", auth=SUB).json()["services"] == []


def test_countries_and_types(sandbox: Any) -> None:
    rows = twilio(sandbox, "GET", f"{BASE}/AvailablePhoneNumbers.json").json()["countries"]
    assert {row["country_code"] for row in rows} >= {"US", "GB", "DE", "SE"}
    kinds = twilio(sandbox, "GET", f"{BASE}/AvailablePhoneNumbers/GB.json").json()["subresource_uris"]
    assert list(kinds) == ["local", "mobile", "national"]
    for path in ("GB/TollFree", "AQ/Local", "AQ"):
        assert refusal(twilio(sandbox, "GET", f"{BASE}/AvailablePhoneNumbers/{path}.json")) == (404, 20404)


@pytest.mark.parametrize("asked", ["1", "29", "30", "50", "1000"])
def test_a_search_is_a_window_without_pages(sandbox: Any, asked: str) -> None:
    answer = twilio(
        sandbox, "GET", f"{BASE}/AvailablePhoneNumbers/US/Local.json", params={"AreaCode": "504", "PageSize": asked}
    ).json()
    assert sorted(answer) == ["available_phone_numbers", "uri"]
    assert len(answer["available_phone_numbers"]) == min(30, int(asked))
    assert search(sandbox, AreaCode="504", PageSize=asked, Page="1") == search(sandbox, AreaCode="504", PageSize=asked)


def test_an_area_code_has_more_than_its_window_and_last_digits_reach_the_rest(sandbox: Any) -> None:
    found = {number for digit in range(10) for number in search(sandbox, Contains=f"+1504%{digit}$")}
    assert len(found) == 60


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"AreaCode": "212"}, 6),
        ({"SmsEnabled": "true", "AreaCode": "212"}, 0),
        ({"SmsEnabled": "false", "AreaCode": "212"}, 6),
        ({"FaxEnabled": "true"}, 0),
        ({"InRegion": "ny"}, 6),
        ({"InLocality": "New York"}, 6),
        ({"InPostalCode": "10001"}, 6),
        ({"InRateCenter": "NWYRCYZN01", "InLata": "132"}, 6),
        ({"NearLatLong": "40.7,-74.1", "Distance": "50"}, 6),
        ({"NearNumber": "+12125550150"}, 6),
        ({"Contains": "12125*5015"}, 6),
        ({"Contains": "2125550150"}, 1),
        ({"Contains": "%0155$"}, 2),
        ({"Contains": "+1212KKK"}, 6),
        ({"Contains": "+44"}, 0),
    ],
)
def test_filters(sandbox: Any, filters: dict[str, str], count: int) -> None:
    assert len(search(sandbox, **filters)) == count


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("ExcludeAllAddressRequired", set()),
        ("ExcludeLocalAddressRequired", {"any"}),
        ("ExcludeForeignAddressRequired", {"any", "local"}),
    ],
)
def test_addresses_can_be_left_out(sandbox: Any, word: str, kinds: set[str]) -> None:
    path = f"{BASE}/AvailablePhoneNumbers/GB/Local.json"
    rows = twilio(sandbox, "GET", path, params={word: "true"}).json()["available_phone_numbers"]
    assert {row["address_requirements"] for row in rows} == kinds


def test_beta_numbers_can_be_left_out(sandbox: Any) -> None:
    assert len(search(sandbox, "SE", "Mobile")) == 5 and search(sandbox, "SE", "Mobile", Beta="false") == []


@pytest.mark.parametrize(
    "query",
    [
        "PageSize=0", "PageSize=1001", "PageSize=x", "AreaCode=50", "AreaCode=104", "Contains=5",
        "Contains=12345678901234567", "Contains=5-4",
        "SmsEnabled=yes", "InRateCenter=X", "Distance=501", "NearLatLong=x", "colour=red", "AreaCode=504&AreaCode=212",
    ],
)  # fmt: skip
def test_a_search_refuses_other_queries(sandbox: Any, query: str) -> None:
    assert refusal(twilio(sandbox, "GET", f"{BASE}/AvailablePhoneNumbers/US/Local.json?{query}"))[0] == 400


def test_fields_for_north_america_are_refused_elsewhere(sandbox: Any) -> None:
    path = f"{BASE}/AvailablePhoneNumbers/SE/Local.json"
    assert refusal(twilio(sandbox, "GET", path, params={"AreaCode": "504"})) == (400, 20001)
    assert len(search(sandbox, "SE", InLocality="Stockholm")) == 8


def test_capabilities_are_written_in_two_ways(sandbox: Any) -> None:
    path = f"{BASE}/AvailablePhoneNumbers/GB/Mobile.json"
    offer = twilio(sandbox, "GET", path).json()["available_phone_numbers"][0]
    assert offer["capabilities"] == {"voice": True, "SMS": False, "MMS": False}
    record = bought(sandbox, offer["phone_number"])
    assert record["capabilities"] == {"voice": True, "sms": True, "mms": False, "fax": False}


def test_prices_are_of_types(sandbox: Any) -> None:
    found = twilio(sandbox, "GET", "/v1/PhoneNumbers/Countries/US").json()
    assert found["price_unit"] == "USD" and found["phone_number_prices"] == [
        {"number_type": "local", "base_price": "1.15", "current_price": "1.15"},
        {"number_type": "toll free", "base_price": "2.15", "current_price": "2.15"},
    ]
    dutch = twilio(sandbox, "GET", "/v1/PhoneNumbers/Countries/NL").json()["phone_number_prices"]
    assert [row["number_type"] for row in dutch] == ["mobile"]
    assert refusal(twilio(sandbox, "GET", "/v1/PhoneNumbers/Countries/AQ")) == (404, 20404)
    rows = twilio(sandbox, "GET", "/v1/PhoneNumbers/Countries", params={"PageSize": "2"}).json()
    assert rows["meta"]["next_page_url"].startswith(f"{sandbox.at('twilio')}/v1/PhoneNumbers/Countries?")


def test_a_purchase_takes_money_and_stock(sandbox: Any) -> None:
    record = bought(sandbox, FriendlyName="Desk", VoiceUrl="https://example.com/v", VoiceApplicationSid=SUPPORT)
    assert (record["friendly_name"], record["voice_url"], record["voice_application_sid"]) == (
        "Desk",
        "https://example.com/v",
        SUPPORT,
    )
    assert (record["status"], record["type"], record["sms_url"]) == ("in-use", "local", "")
    state = sandbox.state("twilio", PARENT)
    assert (state["spent"]["monthly"], state["credit"], state["stock"][FIRST]) == ("1.15", "998.85", 0)
    assert FIRST not in search(sandbox, AreaCode="504")


def test_buying_an_owned_number_again_is_an_update(sandbox: Any) -> None:
    first = bought(sandbox, VoiceUrl="https://example.com/v", FriendlyName="Desk")
    again = bought(sandbox, VoiceUrl="https://example.com/w")
    assert (again["sid"], again["voice_url"], again["friendly_name"]) == (first["sid"], "https://example.com/w", "Desk")
    assert again["date_created"] == first["date_created"]
    assert sandbox.state("twilio", PARENT)["credit"] == "998.85"
    assert refusal(buy(sandbox, SmsMethod="PUT")) == (400, 21403)


def test_an_area_code_buys_another_number_each_time(sandbox: Any) -> None:
    rows = [twilio(sandbox, "POST", NUMBERS, data={"AreaCode": "212"}).json()["phone_number"] for _count in range(2)]
    assert rows == ["+12125550150", "+12125550151"]
    assert refusal(twilio(sandbox, "POST", NUMBERS, data={"AreaCode": "999"})) == (400, 21452)
    assert refusal(twilio(sandbox, "POST", NUMBERS, data={"AreaCode": "5"})) == (400, 21451)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 20001),
        ({"PhoneNumber": FIRST, "AreaCode": "504"}, 20001),
        ({"PhoneNumber": "15045550100"}, 21421),
        ({"PhoneNumber": "+31207990199"}, 21422),
        ({"PhoneNumber": "+19999999999"}, 21422),
        ({"PhoneNumber": FIRST, "VoiceUrl": "example"}, 21402),
        ({"PhoneNumber": FIRST, "VoiceMethod": "PUT"}, 21403),
        ({"PhoneNumber": FIRST, "VoiceFallbackUrl": "https://example.com/"}, 21405),
        ({"PhoneNumber": FIRST, "SmsFallbackUrl": "https://example.com/"}, 21406),
        ({"PhoneNumber": "+12125550150", "SmsUrl": "https://example.com/"}, 21407),
        ({"PhoneNumber": "+46846500100", "VoiceCallerIdLookup": "true"}, 21409),
        ({"PhoneNumber": FIRST, "VoiceApplicationSid": "AP1"}, 21218),
        ({"PhoneNumber": FIRST, "SmsApplicationSid": f"AP{3:032d}"}, 21420),
        ({"PhoneNumber": FIRST, "TrunkSid": f"TK{3:032d}"}, 20423),
        ({"PhoneNumber": FIRST, "FriendlyName": "x" * 65}, 20001),
        ({"PhoneNumber": FIRST, "VoiceReceiveMode": "telex"}, 20001),
        ({"PhoneNumber": FIRST, "VoiceCallerIdLookup": "1"}, 20001),
        ({"PhoneNumber": FIRST, "Colour": "red"}, 20001),
    ],
)
def test_purchases_are_refused(sandbox: Any, fields: dict[str, str], code: int) -> None:
    assert refusal(twilio(sandbox, "POST", NUMBERS, data=fields)) == (400, code)
    assert sandbox.state("twilio", PARENT)["owned"] == []


def test_bodies_are_forms(sandbox: Any) -> None:
    assert refusal(twilio(sandbox, "POST", NUMBERS, json={"PhoneNumber": FIRST})) == (415, None)
    for body in ("PhoneNumber", "PhoneNumber=%2B1504&PhoneNumber=%2B1504"):
        answer = twilio(
            sandbox, "POST", NUMBERS, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert refusal(answer) == (400, 20001)
    assert refusal(twilio(sandbox, "PUT", NUMBERS))[0] == 405
    assert refusal(twilio(sandbox, "GET", NUMBERS.removesuffix(".json"))) == (404, 20404)


def test_sub_lists_buy_their_own_type_alone(sandbox: Any) -> None:
    path = f"{BASE}/IncomingPhoneNumbers"
    assert refusal(twilio(sandbox, "POST", f"{path}/TollFree.json", data={"PhoneNumber": FIRST})) == (400, 21458)
    assert refusal(twilio(sandbox, "POST", f"{path}/Local.json", data={"AreaCode": "504"})) == (400, 20001)
    assert twilio(sandbox, "POST", f"{path}/Local.json", data={"PhoneNumber": FIRST}).status_code == 201
    rows = {
        kind: len(twilio(sandbox, "GET", f"{path}/{kind}.json").json()["incoming_phone_numbers"])
        for kind in ("Local", "Mobile")
    }
    assert rows == {"Local": 1, "Mobile": 0}


def test_credit_and_trial(sandbox: Any) -> None:
    sandbox.control("PATCH", f"state/twilio/{PARENT}", {"credit": "1.14"})
    assert refusal(buy(sandbox)) == (402, None)
    assert sandbox.state("twilio", PARENT)["stock"][FIRST] == 1
    sandbox.reset({"twilio": {"accounts": [{"id": PARENT, "auth_token": AUTH[1], "kind": "Trial"}]}})
    bought(sandbox)
    assert refusal(buy(sandbox, "+15045550101")) == (400, 21404)


def test_a_parent_pays_for_its_branch(sandbox: Any) -> None:
    path = f"/2010-04-01/Accounts/{BRANCH}/IncomingPhoneNumbers.json"
    record = twilio(sandbox, "POST", path, data={"PhoneNumber": FIRST}).json()
    assert record["account_sid"] == BRANCH and sandbox.state("twilio", PARENT)["credit"] == "998.85"
    assert twilio(sandbox, "GET", NUMBERS).json()["incoming_phone_numbers"] == []
    assert refusal(twilio(sandbox, "GET", f"/2010-04-01/Accounts/{BRANCH}/Balance.json")) == (404, 20404)
    assert refusal(buy(sandbox)) == (400, 21422)


def test_pages_of_owned_numbers(sandbox: Any) -> None:
    own = [{"number": f"+1504666{place:04d}", "id": f"PN{place:032d}"} for place in range(5)]
    sandbox.control("PATCH", f"state/twilio/{PARENT}", {"own": own})
    first = twilio(sandbox, "GET", NUMBERS, params={"PageSize": "2", "PhoneNumber": "+1504"}).json()
    assert "total" not in first and first["next_page_uri"].startswith(f"{NUMBERS}?PhoneNumber=%2B1504&")
    second = twilio(sandbox, "GET", first["next_page_uri"]).json()
    third = twilio(sandbox, "GET", second["next_page_uri"]).json()
    rows = [row["phone_number"] for page in (first, second, third) for row in page["incoming_phone_numbers"]]
    assert rows == [row["number"] for row in own] and third["next_page_uri"] is None
    assert (
        twilio(sandbox, "GET", NUMBERS, params={"PageSize": "2", "Page": "1"}).json()["incoming_phone_numbers"][0][
            "phone_number"
        ]
        == rows[0]
    )
    assert refusal(twilio(sandbox, "GET", NUMBERS, params={"PageToken": "PA1"})) == (400, 21481)
    assert refusal(twilio(sandbox, "GET", NUMBERS, params={"PageSize": "1001"})) == (400, 20007)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"PhoneNumber": "504555"}, 2),
        ({"PhoneNumber": "+1504555*100"}, 1),
        ({"FriendlyName": "Desk"}, 1),
        ({"FriendlyName": "(504) 555-0101"}, 1),
        ({"Beta": "true"}, 0),
        ({"Origin": "hosted"}, 0),
    ],
)
def test_filters_of_owned_numbers(sandbox: Any, query: dict[str, str], count: int) -> None:
    bought(sandbox, FriendlyName="Desk")
    bought(sandbox, "+15045550101")
    assert len(twilio(sandbox, "GET", NUMBERS, params=query).json()["incoming_phone_numbers"]) == count


def test_updates_keep_what_they_leave_out_and_clear_what_is_empty(sandbox: Any) -> None:
    record = bought(sandbox, VoiceUrl="https://example.com/v", SmsUrl="https://example.com/s")
    found = update(sandbox, record, FriendlyName="Desk", VoiceUrl="", StatusCallback="https://example.com/c").json()
    assert (found["friendly_name"], found["voice_url"], found["sms_url"]) == ("Desk", None, "https://example.com/s")
    assert found["status_callback"] == "https://example.com/c"
    assert update(sandbox, record, SmsUrl="", StatusCallback="").json()["sms_url"] == ""
    assert twilio(sandbox, "GET", one(record)).json() == update(sandbox, record).json()
    assert refusal(update(sandbox, {"sid": f"PN{1:032d}"}, FriendlyName="x")) == (404, 20404)


def test_an_application_ends_a_trunk_and_a_trunk_ends_it(sandbox: Any) -> None:
    record = bought(sandbox, TrunkSid=TRUNK)
    assert (record["trunk_sid"], record["voice_application_sid"]) == (TRUNK, "")
    found = update(sandbox, record, VoiceApplicationSid=SUPPORT).json()
    assert (found["trunk_sid"], found["voice_application_sid"]) == (None, SUPPORT)
    both = update(sandbox, record, VoiceApplicationSid=SALES, TrunkSid=TRUNK).json()
    assert (both["trunk_sid"], both["voice_application_sid"]) == (None, SALES)
    cleared = update(sandbox, record, VoiceApplicationSid="", TrunkSid=TRUNK).json()
    assert (cleared["trunk_sid"], cleared["voice_application_sid"]) == (TRUNK, "")
    assert update(sandbox, record, VoiceApplicationSid="").json()["trunk_sid"] == TRUNK
    assert update(sandbox, record, TrunkSid="").json()["trunk_sid"] is None


def test_numbers_of_a_trunk(sandbox: Any) -> None:
    record, path = bought(sandbox), f"/v1/Trunks/{TRUNK}/PhoneNumbers"
    assert twilio(sandbox, "POST", path, data={"PhoneNumberSid": record["sid"]}).status_code == 201
    assert [row["sid"] for row in twilio(sandbox, "GET", path).json()["phone_numbers"]] == [record["sid"]]
    assert twilio(sandbox, "GET", one(record)).json()["trunk_sid"] == TRUNK
    assert twilio(sandbox, "DELETE", f"{path}/{record['sid']}").status_code == 204
    assert refusal(twilio(sandbox, "DELETE", f"{path}/{record['sid']}")) == (404, 20404)
    assert twilio(sandbox, "GET", f"/v1/Trunks/{TRUNK}").json()["friendly_name"] == "Office trunk"
    assert refusal(twilio(sandbox, "GET", f"/v1/Trunks/TK{9:032d}")) == (404, 20404)


def test_numbers_of_a_messaging_service(sandbox: Any) -> None:
    record, path = bought(sandbox, SmsApplicationSid=SUPPORT), f"/v1/Services/{ALERTS}/PhoneNumbers"
    sent = {"PhoneNumberSid": record["sid"]}
    added = twilio(sandbox, "POST", path, data=sent)
    assert (added.status_code, added.json()["capabilities"]) == (201, ["MMS", "SMS", "Voice"])
    assert refusal(twilio(sandbox, "POST", path, data=sent)) == (409, 21710)
    assert refusal(twilio(sandbox, "POST", f"/v1/Services/{MARKETING}/PhoneNumbers", data=sent)) == (409, 21712)
    assert (
        twilio(sandbox, "GET", one(record)).json()["sms_application_sid"] == SUPPORT
    )  # the number does not show its service
    assert twilio(sandbox, "GET", f"{path}/{record['sid']}").json()["phone_number"] == FIRST
    assert update(sandbox, record, SmsApplicationSid=SALES).json()["sms_application_sid"] == SALES
    assert sandbox.state("twilio", PARENT)["owned"][0]["applications"] == {"sms": ALERTS}
    assert twilio(sandbox, "DELETE", f"{path}/{record['sid']}").status_code == 204
    assert sandbox.state("twilio", PARENT)["owned"][0]["applications"] == {"sms": SALES}
    assert twilio(sandbox, "GET", path).json()["phone_numbers"] == []
    assert refusal(twilio(sandbox, "DELETE", f"{path}/{record['sid']}")) == (404, 20404)


def test_a_messaging_service_refuses(sandbox: Any) -> None:
    deaf, path = bought(sandbox, "+12125550150"), f"/v1/Services/{ALERTS}/PhoneNumbers"
    assert refusal(twilio(sandbox, "POST", path, data={"PhoneNumberSid": deaf["sid"]})) == (400, 21715)
    assert refusal(twilio(sandbox, "POST", path, data={"PhoneNumberSid": f"PN{1:032d}"})) == (400, 21421)
    assert refusal(twilio(sandbox, "GET", f"/v1/Services/MG{9:032d}/PhoneNumbers")) == (404, 21701)


def test_applications_by_name(sandbox: Any) -> None:
    rows = twilio(sandbox, "GET", f"{BASE}/Applications.json", params={"FriendlyName": "Sales"}).json()["applications"]
    assert [row["sid"] for row in rows] == [SALES]
    assert twilio(sandbox, "GET", f"{BASE}/Applications/{SALES}.json").json()["friendly_name"] == "Sales"
    assert refusal(twilio(sandbox, "GET", f"{BASE}/Applications/{TRUNK}.json")) == (404, 20404)


@pytest.mark.parametrize(
    ("number", "papers", "code"),
    [
        ("+442079460100", {}, 21631),
        ("+442079460100", {"AddressSid": ""}, 21631),
        ("+442079460100", {"AddressSid": f"AD{9:032d}"}, 21631),
        ("+442079460100", {"AddressSid": ORLEANS}, None),
        ("+441614960100", {"AddressSid": ORLEANS}, 21615),
        ("+441614960100", {"AddressSid": LONDON}, None),
        ("+493023125100", {}, 21649),
        ("+493023125100", {"BundleSid": IN_REVIEW}, 21649),
        ("+493023125100", {"BundleSid": f"BU{9:032d}"}, 21649),
        ("+493023125100", {"BundleSid": BERLIN}, None),
        ("+33199000100", {"AddressSid": LONDON}, 21650),
        ("+33199000100", {"AddressSid": LONDON, "IdentitySid": f"RI{1:032d}"}, None),
        ("+46846500100", {}, None),
    ],
)
def test_papers(sandbox: Any, number: str, papers: dict[str, str], code: int | None) -> None:
    answer = buy(sandbox, number, **papers)
    assert answer.status_code == 201 if code is None else refusal(answer) == (400, code)


def test_papers_are_listed(sandbox: Any) -> None:
    rows = twilio(sandbox, "GET", f"{BASE}/Addresses.json", params={"IsoCountry": "GB"}).json()["addresses"]
    assert [row["sid"] for row in rows] == [LONDON]
    assert twilio(sandbox, "GET", f"{BASE}/Addresses/{ORLEANS}.json").json()["emergency_enabled"] is True
    below = "/v2/RegulatoryCompliance"
    rules = twilio(sandbox, "GET", f"{below}/Regulations", params={"IsoCountry": "DE", "NumberType": "local"}).json()
    assert rules["meta"]["key"] == "results" and len(rules["results"]) == 2
    for status, sids in (("twilio-approved", [BERLIN]), ("in-review", [IN_REVIEW]), ("draft", [])):
        found = twilio(sandbox, "GET", f"{below}/Bundles", params={"Status": status}).json()["results"]
        assert [row["sid"] for row in found] == sids
    assert twilio(sandbox, "GET", f"{below}/Bundles/{BERLIN}").json()["status"] == "twilio-approved"


def test_an_emergency_address_holds_a_number(sandbox: Any) -> None:
    record = bought(sandbox, EmergencyAddressSid=ORLEANS)
    assert record["emergency_address_sid"] is None  # a purchase does not take it
    assert (
        update(sandbox, record, EmergencyAddressSid=ORLEANS).json()["emergency_address_status"]
        == "pending-registration"
    )
    states = [twilio(sandbox, "GET", one(record)).json()["emergency_address_status"] for _count in range(2)]
    assert states == ["pending-registration", "registered"]
    assert refusal(twilio(sandbox, "DELETE", one(record))) == (400, None)
    assert update(sandbox, record, EmergencyAddressSid="").json()["emergency_address_status"] == "unregistered"
    assert twilio(sandbox, "DELETE", one(record)).status_code == 204


def test_a_released_number_is_gone_and_for_sale(sandbox: Any) -> None:
    record = bought(sandbox)
    assert (twilio(sandbox, "DELETE", one(record)).status_code, len(search(sandbox, Contains=FIRST))) == (204, 1)
    for method in ("GET", "DELETE"):
        assert refusal(twilio(sandbox, method, one(record))) == (404, 20404)
    assert bought(sandbox)["sid"] != record["sid"]


@pytest.mark.parametrize(
    ("auth", "target", "answer"),
    [
        (AUTH, BRANCH, (200, None)),
        (AUTH, f"AC{3:032d}", (400, 21473)),
        (AUTH, "AC1", (400, 21470)),
        (AUTH, "", (400, 21471)),
        (STANDARD, BRANCH, (403, 21474)),
    ],
)
def test_a_number_moves_within_its_family(
    sandbox: Any, auth: tuple[str, str], target: str, answer: tuple[int, int | None]
) -> None:
    record = bought(sandbox, VoiceApplicationSid=SUPPORT)
    moved = twilio(sandbox, "POST", one(record), data={"AccountSid": target}, auth=auth)
    if answer[0] == 200:
        assert (moved.json()["account_sid"], moved.json()["voice_application_sid"]) == (target, "")
        assert sandbox.state("twilio", PARENT)["owned"] == []
    else:
        assert refusal(moved) == answer and len(sandbox.state("twilio", PARENT)["owned"]) == 1


def test_the_region_of_a_number(sandbox: Any) -> None:
    bought(sandbox)
    path = "/v2/PhoneNumbers/%2B15045550100"
    assert twilio(sandbox, "GET", path).json()["voice_region"] == "us1"
    assert twilio(sandbox, "POST", path, data={"VoiceRegion": "ie1"}).json()["voice_region"] == "ie1"
    assert refusal(twilio(sandbox, "POST", path, data={"VoiceRegion": "mars"})) == (400, 20001)
    assert refusal(twilio(sandbox, "GET", "/v2/PhoneNumbers/%2B15045550101")) == (404, 20404)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"PhoneNumber": "+15005550000"}, 21422),
        ({"PhoneNumber": "+15005550001"}, 21421),
        ({"PhoneNumber": "+15005550006", "FriendlyName": "Desk"}, None),
        ({"PhoneNumber": FIRST}, 21422),
        ({"AreaCode": "533"}, 21452),
        ({"AreaCode": "500"}, None),
    ],
)
def test_test_credentials_buy_nothing(sandbox: Any, fields: dict[str, str], code: int | None) -> None:
    auth, path = (TEST, "sandbox-twilio-test-token"), f"/2010-04-01/Accounts/{TEST}/IncomingPhoneNumbers.json"
    answer = twilio(sandbox, "POST", path, data=fields, auth=auth)
    assert answer.status_code == 201 if code is None else refusal(answer) == (400, code)
    if "FriendlyName" in fields:
        assert answer.json()["friendly_name"] == "Desk"
    assert refusal(twilio(sandbox, "GET", path, auth=auth)) == (403, 20008)
    assert sandbox.state("twilio", TEST)["owned"] == []


def test_the_vendors_demo_address_stands_on_new_numbers_where_the_seed_says_so(sandbox: Any) -> None:
    sandbox.reset({"twilio": {"settings": {"demo_urls": True}}})
    record = bought(sandbox, SmsUrl="https://example.com/s")
    assert (record["voice_url"], record["sms_url"]) == (
        "https://demo.twilio.com/welcome/voice/",
        "https://example.com/s",
    )


def test_the_newer_apis_may_refuse_as_problems(sandbox: Any) -> None:
    sandbox.reset({"twilio": {"settings": {"problem_details": True}}})
    answer = twilio(sandbox, "GET", f"/v1/Services/MG{9:032d}")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {name: answer.json()[name] for name in ("title", "status", "code", "errors")} == {
        "title": "Not Found", "status": 404, "code": 21701, "errors": [],
    }  # fmt: skip
    assert "detail" in answer.json() and refusal(twilio(sandbox, "GET", "/2010-04-01/Nothing")) == (404, 20404)
