# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's SDK does what the collection does, against the sandbox: it knows nothing of it but its address.

The SDK has no option for an address, but takes an HTTP client: this one is the SDK's own, and sends what was meant for
any host of Twilio below the sandbox's address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

if TYPE_CHECKING:
    from sandbox_server import Server
    from twilio.http.response import Response

ACCOUNT, BRANCH, TEST = (f"AC{number:032d}" for number in (1, 2, 3))
SUPPORT, SALES = (f"AP{number:032d}" for number in (1, 2))
TRUNK, ALERTS = f"TK{1:032d}", f"MG{1:032d}"
LONDON, BERLIN = f"AD{1:032d}", f"BU{1:032d}"


class Sandboxed(TwilioHttpClient):
    """The SDK's own client with another address, also for absolute links to a next page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        """Send a request of the SDK to the sandbox."""
        parts = urlsplit(url)
        path = parts.path.removeprefix(urlsplit(self.address).path)  # a next link leads below the address already
        return super().request(
            method, self.address + path + (f"?{parts.query}" if parts.query else ""), *arguments, **options
        )


def client(
    sandbox: Server, user: str = ACCOUNT, password: str = "sandbox-twilio-auth-token", account: str | None = None
) -> Client:
    """The vendor's client."""
    return Client(user, password, account_sid=account, http_client=Sandboxed(sandbox.at("twilio")))


def test_a_number_is_found_bought_changed_linked_and_released(sandbox: Server) -> None:
    twilio = client(sandbox)
    offers = twilio.available_phone_numbers("US").local.list(area_code=504, sms_enabled=True, limit=100)
    assert len(offers) == 30 and all(offer.phone_number.startswith("+1504") for offer in offers)
    price = twilio.pricing.v1.phone_numbers.countries("US").fetch()
    assert (price.price_unit, price.phone_number_prices[0]["current_price"]) == ("USD", "1.15")

    bought = twilio.incoming_phone_numbers.create(phone_number=offers[0].phone_number, friendly_name="Desk")
    assert (bought.phone_number, bought.friendly_name, bought.account_sid) == (offers[0].phone_number, "Desk", ACCOUNT)
    assert [one.sid for one in twilio.incoming_phone_numbers.list(phone_number=bought.phone_number)] == [bought.sid]
    assert twilio.incoming_phone_numbers(bought.sid).fetch().capabilities["sms"] is True

    changed = bought.update(voice_url="https://example.com/voice", sms_url="https://example.com/sms")
    assert (changed.voice_url, changed.sms_url) == ("https://example.com/voice", "https://example.com/sms")
    assert not bought.update(voice_url="", sms_url="").voice_url

    linked = bought.update(voice_application_sid=SUPPORT, sms_application_sid=SALES)
    assert (linked.voice_application_sid, linked.sms_application_sid) == (SUPPORT, SALES)
    trunked = bought.update(trunk_sid=TRUNK)
    assert (trunked.trunk_sid, trunked.voice_application_sid) == (TRUNK, "")
    assert [one.sid for one in twilio.trunking.v1.trunks(TRUNK).phone_numbers.list()] == [bought.sid]
    twilio.messaging.v1.services(ALERTS).phone_numbers.create(phone_number_sid=bought.sid)
    assert [one.sid for one in twilio.messaging.v1.services(ALERTS).phone_numbers.list()] == [bought.sid]
    assert twilio.messaging.v1.services(ALERTS).phone_numbers(bought.sid).delete()
    assert twilio.trunking.v1.trunks(TRUNK).phone_numbers(bought.sid).delete()

    assert bought.delete() is True
    with pytest.raises(TwilioRestException) as refused:
        twilio.incoming_phone_numbers(bought.sid).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)
    assert sandbox.state("twilio", ACCOUNT)["owned"] == []


def test_lists_of_several_pages(sandbox: Server) -> None:
    own = [{"number": f"+1504555{place:04d}"} for place in range(7)]
    sandbox.control("PATCH", f"state/twilio/{ACCOUNT}", {"own": own})
    twilio = client(sandbox)
    found = twilio.incoming_phone_numbers.list(page_size=3, phone_number="+1504")
    assert [one.phone_number for one in found] == [one["number"] for one in own]
    assert len(twilio.messaging.v1.services.list(page_size=1)) == 2
    assert [one.friendly_name for one in twilio.applications.list(friendly_name="Sales")] == ["Sales"]


def test_papers(sandbox: Server) -> None:
    twilio = client(sandbox)
    offer = twilio.available_phone_numbers("GB").local.list()[0]
    assert offer.address_requirements == "any"
    with pytest.raises(TwilioRestException) as refused:
        twilio.incoming_phone_numbers.create(phone_number=offer.phone_number)
    assert (refused.value.status, refused.value.code) == (400, 21631)
    (address,) = twilio.addresses.list(iso_country="GB")
    assert address.sid == LONDON
    assert (
        twilio.incoming_phone_numbers.create(phone_number=offer.phone_number, address_sid=LONDON).address_sid == LONDON
    )
    regulated = twilio.available_phone_numbers("DE").local.list()[0].phone_number
    with pytest.raises(TwilioRestException) as without:
        twilio.incoming_phone_numbers.create(phone_number=regulated)
    assert without.value.code == 21649
    rules = twilio.numbers.v2.regulatory_compliance.regulations.list(iso_country="DE", number_type="local")
    assert {rule.end_user_type for rule in rules} == {"individual", "business"}
    bundles = twilio.numbers.v2.regulatory_compliance.bundles.list(
        iso_country="DE", number_type="local", status="twilio-approved"
    )
    assert [bundle.sid for bundle in bundles] == [BERLIN]
    assert twilio.incoming_phone_numbers.create(phone_number=regulated, bundle_sid=BERLIN).bundle_sid == BERLIN


def test_accounts_and_keys(sandbox: Server) -> None:
    parent = client(sandbox)
    assert parent.api.v2010.accounts(ACCOUNT).fetch().status == "active"
    assert {one.sid for one in parent.api.v2010.accounts.list()} == {ACCOUNT, BRANCH}
    assert parent.balance.fetch().currency == "USD"
    below = client(sandbox, account=BRANCH)
    bought = below.incoming_phone_numbers.create(phone_number="+15045550101")
    assert bought.account_sid == BRANCH and parent.incoming_phone_numbers.list() == []
    moved = below.incoming_phone_numbers(bought.sid).update(account_sid=ACCOUNT)
    assert moved.account_sid == ACCOUNT and len(parent.incoming_phone_numbers.list()) == 1
    key = client(sandbox, f"SK{2:032d}", "sandbox-twilio-api-secret", ACCOUNT)
    assert len(key.incoming_phone_numbers.list(limit=1)) == 1
    for call in (key.api.v2010.accounts(ACCOUNT).fetch, client(sandbox, password="wrong").balance.fetch):
        with pytest.raises(TwilioRestException) as refused:
            call()
        assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(("number", "code"), [("+15005550000", 21422), ("+15005550001", 21421), ("+15005550006", None)])
def test_the_documented_test_numbers(sandbox: Server, number: str, code: int | None) -> None:
    rehearsal = client(sandbox, TEST, "sandbox-twilio-test-token")
    if code is None:
        assert rehearsal.incoming_phone_numbers.create(phone_number=number).phone_number == number
    else:
        with pytest.raises(TwilioRestException) as refused:
            rehearsal.incoming_phone_numbers.create(phone_number=number)
        assert refused.value.code == code
    with pytest.raises(TwilioRestException) as closed:
        rehearsal.balance.fetch()
    assert (closed.value.status, closed.value.code) == (403, 20008)
    assert sandbox.state("twilio", TEST)["owned"] == []


@pytest.mark.parametrize(("newer", "kind"), [(False, TwilioRestException), (True, TwilioServiceException)])
def test_both_shapes_of_an_error(sandbox: Server, newer: bool, kind: type[Exception]) -> None:
    sandbox.reset({"twilio": {"settings": {"problem_details": newer}}})
    with pytest.raises(kind) as refused:
        client(sandbox).messaging.v1.services(f"MG{9:032d}").fetch()
    assert (refused.value.status, refused.value.code) == (404, 21701)
