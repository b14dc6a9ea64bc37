# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses that the providers document: no request may go anywhere else, whatever the options hold."""

from __future__ import annotations

import re
from urllib.parse import unquote

from relay import Seen

_ID = r"([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})+"
_ACCOUNT = f"(?P<account>{_ID})"
_PATHS = {
    "sinch_portal": (
        f"POST /v1/users/{_ID}/{_ID}/authentication",
        "POST /v1/instance",
        "GET /v1/organisations",
        f"(GET|PUT|POST) /v1/organisations/id/{_ID}/numbers/shop",
        f"GET /v1/organisations/id/{_ID}/numbers",
        f"GET /v1/applications/key/{_ID}/numbers",
        f"(PUT|DELETE) /v1/applications/key/{_ID}/numbers/{_ID}",
    ),
    "sinch_catalog": (
        "GET /v1/api/AvailableNumbers",
        f"(GET|POST) /v1/Account/{_ACCOUNT}/ActiveNumbers/",
        f"(GET|POST|DELETE) /v1/Accounts/{_ACCOUNT}/ActiveNumbers/ActiveNumbers/PN{_ID}",
    ),
    "infobip_sms": (
        "(GET|POST) /sms/1/numbers",
        "GET /sms/1/numbers/available",
        f"(GET|PUT|DELETE) /sms/1/numbers/{_ID}",
    ),
    "plivo_groups": (
        f"GET /v1/Account/{_ACCOUNT}/(Number|AvailableNumberGroup|Application)/",
        f"POST /v1/Account/{_ACCOUNT}/AvailableNumberGroup/{_ID}/",
        f"(GET|POST|DELETE) /v1/Account/{_ACCOUNT}/Number/{_ID}/",
    ),
    "bandwidth": (
        "POST /api/v1/oauth2/token",
        f"GET /api/v2/accounts/{_ACCOUNT}(/sites|/availableNumbers|/activationRequirements)?",
        f"GET /api/v2/accounts/{_ACCOUNT}/sites/{_ID}/sippeers(/{_ID}/tns)?",
        f"GET /api/v2/accounts/{_ACCOUNT}/sites/{_ID}/sippeers/{_ID}/products/messaging/applicationSettings",
        f"(GET|POST) /api/v2/accounts/{_ACCOUNT}/(orders|moveTns|tnoptions|disconnects)",
        f"GET /api/v2/accounts/{_ACCOUNT}/(orders|moveTns|tnoptions|disconnects)/{_ID}",
        f"GET /api/v2/tns(/{_ID}/tndetails)?",
        f"GET /v2/accounts/{_ACCOUNT}/(voiceConfigurationPackages|phoneNumbers/voice)",
        f"POST /v2/accounts/{_ACCOUNT}/voiceConfigurationPackages/{_ID}/phoneNumbers/bulk",
    ),
    "telnyx": (
        "GET /v2/phone_numbers(/messaging|/voice)?",
        f"(GET|PATCH|DELETE) /v2/phone_numbers/{_ID}",
        f"(GET|PATCH) /v2/phone_numbers/{_ID}/(messaging|voice)",
        "GET /v2/(available_phone_numbers|(phone_numbers_)?regulatory_requirements|connections|messaging_profiles)",
        "(GET|POST) /v2/number_orders",
        f"GET /v2/number_orders/{_ID}",
        "GET /v2/number_order_phone_numbers",
        f"PATCH /v2/sub_number_orders/{_ID}/cancel",
        "POST /v2/oauth/token",
    ),
    "twilio": (
        f"GET /2010-04-01/Accounts/{_ACCOUNT}/(Applications|IncomingPhoneNumbers).json",
        f"GET /2010-04-01/Accounts/{_ACCOUNT}/AvailablePhoneNumbers/{_ID}(/{_ID})?.json",
        f"POST /2010-04-01/Accounts/{_ACCOUNT}/IncomingPhoneNumbers.json",
        f"(GET|POST|DELETE) /2010-04-01/Accounts/{_ACCOUNT}/IncomingPhoneNumbers/{_ID}.json",
        f"GET /v1/PhoneNumbers/Countries/{_ID}",
        "GET /v1/(Services|Trunks)",
        f"(GET|POST) /v1/Services/{_ID}/PhoneNumbers",
        f"DELETE /v1/Services/{_ID}/PhoneNumbers/{_ID}",
    ),
}
_HEADERS = {
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "authorization",
    "content-type",
    "content-length",
    "x-timestamp",
}


def foreign(provider: str, seen: Seen, account: str | None = None) -> str | None:
    """Say what is wrong with a request: its method and path, a segment that climbs, a header of its own, another
    account.
    """
    match = next(
        (found for shape in _PATHS[provider] if (found := re.fullmatch(shape, f"{seen.method} {seen.path}"))), None
    )
    if match is None or {".", ".."} & {unquote(part) for part in seen.path.split("/")}:
        return f"{seen.method} {seen.target[:200]} is not documented"
    if not seen.target.isascii() or re.search(r"[\x00-\x20#\\]", seen.target):
        return f"{seen.target[:200]!r} is not one plain address"
    more = {name.lower() for name, _value in seen.headers} - _HEADERS
    if more or any("\r" in value or "\n" in value for _name, value in seen.headers):
        return f"headers {sorted(more)}"
    named = match.groupdict().get("account")
    if account is not None and named is not None and unquote(named) != account:
        return f"{seen.target[:200]!r} names another account than {account[:100]!r}"
    return None
