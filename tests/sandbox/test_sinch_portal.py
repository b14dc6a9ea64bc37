# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The portal: signatures, shop, reservations, credit, applications."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from sandbox_clients import APP, KEY, ORGANISATION, OTHER_APP, RENTED, SHOP, Portal, timestamp
from telco_numbers_sandbox.sinch_signing import signature

DOCUMENT_SECRET = "bRo76GRddEyetgJDTgkLHA=="
SDK_BODY = b'{"identity":{"type":"number","endpoint":"+33444555666"},"method":"sms"}'
ACE_BODY = (
    b'{"event":"ace","callid":"822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257",'
    b'"timestamp":"2014-09-24T10:59:41Z","version":1}'
)
SHOP_PATH = "/v1/organisations/id/8888123/numbers/shop"
JSON = "application/json"
# secret, verb, body, content type, time stamp, path, signature
VECTORS = [
    (
        "JViE5vDor0Sw3WllZka15Q==",
        "POST",
        b'{"message":"Hello world"}',
        JSON,
        "2014-06-04T13:41:58Z",
        "/v1/sms/+46700000000",
        "qDXMwzfaxCRS849c/2R0hg0nphgdHciTo7OdM6MsdnM=",
    ),
    (
        "BeIukql3pTKJ8RGL5zo0DA==",
        "POST",
        ACE_BODY,
        JSON,
        "2014-09-24T10:59:41Z",
        "/sinch/callback/ace",
        "Tg6fMyo8mj9pYfWQ9ssbx3Tc1BNC87IEygAfLbJqZb4=",
    ),
    (
        "bXkta2V5LXNlY3JldA==",
        "POST",
        SDK_BODY,
        "application/json; charset=UTF-8",
        "2023-11-22T09:10:11.999Z",
        "/path/pathParamValue",
        "QP3OzQZVzRZAEev6DBLvJkgpiqyZPuXYsc7oyjUV0K8=",
    ),
    (
        DOCUMENT_SECRET,
        "GET",
        b"",
        JSON,
        "2015-06-20T11:43:10.944Z",
        SHOP_PATH,
        "C4MOfqovVrwLDZ0+oSJWErqT7PJ+BrMm9yfUCYZanWA=",
    ),
    (
        DOCUMENT_SECRET,
        "PUT",
        b'{"groupId":13,"quantity":1}',
        JSON,
        "2015-06-20T11:43:10.944Z",
        SHOP_PATH,
        "N18eTWA44Dz1Nq/+8HGIDec0RVpO/cw/6GYMgaAxojA=",
    ),
    # As printed in the document: its path has no leading slash.
    (
        DOCUMENT_SECRET,
        "GET",
        b"",
        JSON,
        "2015-06-20T11:43:10.944Z",
        SHOP_PATH[1:],
        "jYJQFcgc1uh7DO2uQZyLu7rpxOc3jXjcuQNKWiHFJiI=",
    ),
]


def refusal(answer: Any) -> int:
    """The provider's code; its first digits are the status."""
    code = int(answer.json()["errorCode"])
    assert answer.status_code == code // 100
    return code


@pytest.mark.parametrize(
    "vector", VECTORS, ids=["application", "callback", "sdk", "instance-get", "instance-put", "document"]
)
def test_published_signatures_reproduce(vector: tuple[Any, ...]) -> None:
    assert signature(*vector[:-1]) == vector[-1]


def test_organisations_is_a_list(portal: Portal) -> None:
    assert portal.signed("GET", "/v1/organisations").json()[0]["id"] == ORGANISATION


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "Application 00000000-0000-0000-0000-000000000000"}, 40100),
        ({"Authorization": f"Instance {KEY}"}, 40301),
        ({"Authorization": ""}, 40100),
        ({"x-timestamp": ""}, 40101),
        ({"x-timestamp": "2015-06-20T11:43:10.944Z"}, 40101),
    ],
)
def test_log_in_is_strict(sandbox: Any, headers: dict[str, str], code: int) -> None:
    assert refusal(Portal(sandbox).authenticate(**headers)) == code


def test_log_in_needs_the_right_password_and_fields(sandbox: Any) -> None:
    client = Portal(sandbox)
    assert refusal(client.authenticate("wrong")) == 40108
    assert refusal(client.authenticate(identity="somebody@example.com")) == 40108
    headers = {"Authorization": f"application {KEY}", "x-timestamp": timestamp()}
    path = "/v1/users/email/sandbox@example.com/authentication"
    assert refusal(sandbox.call("POST", path, json={"password": "x", "more": 1}, headers=headers)) == 40001
    assert sandbox.call("POST", path, json={"password": "sandbox-portal-password"}, headers=headers).status_code == 200
    assert refusal(sandbox.call("POST", path + "/", json={"password": "x"}, headers=headers)) == 40400


def test_instance_needs_the_ticket_twice(portal: Portal) -> None:
    version = {"os": "linux", "platform": "test"}
    assert refusal(portal.create_instance("nonsense")) == 40108
    assert refusal(portal.create_instance(portal.ticket, {"authorization": "other", "version": version})) == 40108
    assert refusal(portal.create_instance(portal.ticket, {"authorization": portal.ticket})) == 40001
    assert refusal(portal.create_instance(portal.ticket, Authorization=f"Application {KEY}")) == 40301
    assert isinstance(portal.create_instance(portal.ticket).json()["expiresIn"], int)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "User"}, 40301),
        ({"scheme": "Application"}, 40301),
        ({"signature": "AAAA"}, 40102),
        ({"signature": "not base64!"}, 40102),
        ({"signature": ""}, 40100),
        ({"offset": -301}, 40101),
        ({"offset": 301}, 40101),
        ({"moment": "yesterday"}, 40101),
        ({"send": b"{}"}, 40102),
        ({"send_to": RENTED}, 40102),
        ({"send_to": SHOP + "/"}, 40400),
        ({"params": {"type": "sms"}}, 40001),
    ],
)
def test_signed_calls_are_strict(portal: Portal, changes: dict[str, Any], code: int) -> None:
    assert refusal(portal.signed("GET", SHOP, **changes)) == code


def test_scheme_words_are_case_insensitive_and_times_may_be_off_a_little(portal: Portal) -> None:
    assert portal.signed("GET", SHOP, scheme="INSTANCE", offset=-290).status_code == 200


def test_a_signed_get_has_no_body(portal: Portal) -> None:
    assert refusal(portal.signed("GET", SHOP, {})) == 40001


def test_method_type_and_json(portal: Portal) -> None:
    assert refusal(portal.signed("DELETE", SHOP)) == 40500
    assert refusal(portal.signed("PUT", SHOP, {"groupId": 1}, content_type="text/plain")) == 41500
    assert refusal(portal.signed("PUT", SHOP, [1])) == 40001


def test_a_foreign_organisation_is_forbidden(portal: Portal) -> None:
    answer = portal.signed("GET", "/v1/organisations/id/1/numbers/shop")
    assert refusal(answer) == 40300
    assert answer.json()["message"] == "The current user is not the owner of the organisation: 1"


def test_shop_shows_the_documents_groups(portal: Portal) -> None:
    groups = {group["groupId"]: group for group in portal.signed("GET", SHOP).json()}
    assert groups[75] == {
        "groupId": 75,
        "country": "US",
        "countryId": "US",
        "city": "New Orleans",
        "type": "Sms",
        "availability": 5,
        "areaCode": "504",
        "cost": {"amount": 2.0, "currencyId": "USD"},
        "capabilities": ["sms"],
    }


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({}, 40002, "No groupIds specified"),
        ({"groupId": [1, 2], "quantity": 1}, 40003, "Too many number groups specified.  Unable to complete request."),
        ({"groupId": 4711, "quantity": 1}, 40003, "Invalid number group: 4711"),
        ({"groupId": 2, "quantity": 3}, 40003, "Invalid number group: 2"),
        ({"groupId": 31, "quantity": 1}, 40003, "Invalid number group: 31"),
        ({"groupId": 1, "quantity": 0}, 40001, None),
        ({"groupId": 1, "quantity": "1"}, 40001, None),
        ({"groupId": 1, "quantity": True}, 40001, None),
        ({"groupId": 1, "quantity": 1, "capabilities": ["fax"]}, 40001, "Invalid capability 'fax'"),
        ({"groupId": 1, "quantity": 1, "more": 1}, 40001, None),
    ],
)
def test_reserve_is_strict(portal: Portal, body: Any, code: int, message: str | None) -> None:
    answer = portal.signed("PUT", SHOP, body)
    assert refusal(answer) == code
    assert message in (None, answer.json()["message"])


def test_reserve_takes_stock_and_checkout_buys_once(portal: Portal) -> None:
    references = [portal.reserve(13, 2), portal.reserve(1)]
    stock = portal.sandbox.state("sinch_portal", ORGANISATION)["stock"]
    assert (stock["13"], stock["1"]) == (6, 6)
    assert portal.check_out(*references).status_code == 204
    assert refusal(portal.check_out(*references)) == 40400
    state = portal.sandbox.state("sinch_portal", ORGANISATION)
    assert state["credit"] == "996.00"
    assert state["spent"] == {"setup": "0", "monthly": "4.00", "due_now": "4.00"}
    assert [(hold["state"], hold["checkouts"]) for hold in state["reservations"]] == [("consumed", 1)] * 2
    rows = portal.rented()
    assert [row["number"] for row in rows][:2] == [14150005550, 14150005551]
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(f"+{row['number']}")) for row in rows)
    assert all("applicationKey" not in row and row["expires"] for row in rows)


def test_checkout_is_all_or_nothing(portal: Portal) -> None:
    assert refusal(portal.check_out(portal.reserve(1), "c8b27491-3379-44f3-af31-fbbfbb2ba510")) == 40400
    state = portal.sandbox.state("sinch_portal", ORGANISATION)
    assert state["owned"] == [] and state["credit"] == "1000.00" and state["reservations"][0]["state"] == "held"


def test_expired_holds_return_their_stock(portal: Portal) -> None:
    reference = portal.reserve(2, 2)
    portal.sandbox.control("PATCH", f"state/sinch_portal/{ORGANISATION}", {"expire_reservations": True})
    assert portal.sandbox.state("sinch_portal", ORGANISATION)["stock"]["2"] == 2
    assert refusal(portal.check_out(reference)) == 40400


def test_holds_expire_by_themselves(sandbox: Any) -> None:
    sandbox.reset({"sinch_portal": {"settings": {"reservation_seconds": 0}}})
    client = Portal(sandbox).log_in()
    assert refusal(client.check_out(client.reserve(2))) == 40400
    assert sandbox.state("sinch_portal", ORGANISATION)["stock"]["2"] == 2


@pytest.mark.parametrize(("change", "code"), [({"credit": "1.99"}, 40200), ({"accounting": False}, 42200)])
def test_checkout_needs_credit_and_accounting(portal: Portal, change: Any, code: int) -> None:
    reference = portal.reserve(1)
    portal.sandbox.control("PATCH", f"state/sinch_portal/{ORGANISATION}", change)
    assert refusal(portal.check_out(reference)) == code
    portal.sandbox.control("PATCH", f"state/sinch_portal/{ORGANISATION}", {"credit": "2.00", "accounting": True})
    assert portal.check_out(reference).status_code == 204


def test_applications_overwrite_by_capability_and_unlink_whole(portal: Portal) -> None:
    one, two, three = portal.buy(13, 3)
    assert [row["number"] for row in portal.link(APP, "voice", one, two).json()] == [one, two]
    portal.link(APP, "sms", one)
    rows = [row for row in portal.rented() if row["number"] == one]
    assert [(row["capabilities"], row["applicationKey"]) for row in rows] == [(["voice", "sms"], APP)]
    portal.link(OTHER_APP, "sms", one)
    rows = [row for row in portal.rented() if row["number"] == one]
    assert [(row["capabilities"], row["applicationKey"]) for row in rows] == [(["voice"], APP), (["sms"], OTHER_APP)]
    portal.link(APP, "voice", one, three)  # two is left out, so it is dropped
    links = {row["number"]: row.get("applicationKey") for row in portal.rented() if "voice" in row["capabilities"]}
    assert links == {one: APP, two: None, three: APP}
    assert portal.signed("DELETE", f"/v1/applications/key/{APP}/numbers/{one}").status_code == 204
    owned = {row["number"]: row["applications"] for row in portal.sandbox.state("sinch_portal", ORGANISATION)["owned"]}
    assert owned == {f"+{one}": {"sms": OTHER_APP}, f"+{two}": {}, f"+{three}": {"voice": APP}}


def test_application_errors(portal: Portal) -> None:
    voice_only = portal.buy(1)[0]
    assert refusal(portal.link("unknown", "voice", voice_only)) == 40400
    assert refusal(portal.link(APP, "fax", voice_only)) == 40001
    assert refusal(portal.link(APP, "sms", voice_only)) == 40003
    assert refusal(portal.link(APP, "voice", 4711)) == 40003
    body = {"numbers": [str(voice_only)]}
    assert refusal(portal.signed("PUT", f"/v1/applications/key/{APP}/numbers/voice", body)) == 40001
    assert refusal(portal.signed("DELETE", f"/v1/applications/key/{APP}/numbers/x")) == 40003
    assert refusal(portal.signed("GET", "/v1/applications/key/nope/numbers")) == 40400


def test_an_expired_instance_needs_a_new_one(portal: Portal) -> None:
    portal.sandbox.control("PATCH", f"state/sinch_portal/{ORGANISATION}", {"expire_instances": True})
    assert refusal(portal.signed("GET", SHOP)) == 40100
    assert portal.log_in().signed("GET", SHOP).status_code == 200
