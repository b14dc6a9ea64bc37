# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What Bandwidth's error answers mean, and which of them prove that nothing happened.

An error in XML stands in one of four shapes, which differ by the resource; one in JSON in one of three. Roles, limits
and credentials are refused without a body. Codes are used again with another meaning by other resources: those that
are known here mean the same wherever they come.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import explain_status, text_from
from ..._core.errors import Failure, Malformed
from ..._net.refusals import Refusal
from ..._net.wire import Response
from .api import UNIVERSAL, many

_TIER = "the account is not enabled for this tier: ask the vendor, or choose other numbers."
_PLACE = "check 'site' and 'location' in 'provider_options', and the location that is linked to."

CODES: t.Mapping[str, tuple[str, str]] = {
    "1001": ("forbidden", "check account_id."),
    "1022": ("invalid_option", "a number is written otherwise than the vendor has it."),
    "4010": ("invalid_option", "give prefix, region, or another criterion of a search."),
    "4014": ("forbidden", "the account may not search so."),
    "4022": ("not_found", "check account_id."),
    "4023": ("out_of_stock", "nothing is for sale there: search elsewhere."),
    "4024": ("account_setup", _TIER),
    "5000": ("invalid_option", "check account_id."),
    "5005": ("out_of_stock", "it is not for sale any more: search again."),
    "5006": ("not_found", "the account does not have it."),
    "5012": ("account_setup", "the account or the site is locked: ask the vendor."),
    "5016": ("invalid_option", _PLACE),
    "5018": ("out_of_stock", "not all of them are for sale any more: search again."),
    "5020": ("account_setup", "the site has no default location: name one as 'location' in 'provider_options'."),
    "5021": ("account_setup", "the account has no gateway: ask the vendor."),
    "5022": ("invalid_option", "name the 'site' in 'provider_options'."),
    "5023": ("invalid_option", _PLACE),
    "5041": ("out_of_stock", "somebody has reserved it: search again."),
    "5051": ("forbidden", "these credentials may not do that with this account."),
    "5071": ("out_of_stock", "it is not on the vendor's system: search again."),
    "5074": ("not_found", "it is not in service."),
    "5076": ("not_found", "the account does not have it."),
    "5078": ("account_setup", "the account lacks a product that this needs: ask the vendor."),
    "5081": ("invalid_option", "check 'provider_settings'."),
    "5094": ("account_setup", "the site is locked: ask the vendor."),
    "5132": ("account_setup", "the location has no SMS: switch it on there, or link the number to another one."),
    "5145": ("account_setup", "the location has no SMS: switch it on there, or link the number to another one."),
    "5183": ("account_setup", "the account may not order numbers: ask the vendor."),
    "5203": ("conflict", "a forward and a route plan exclude each other."),
    "5204": ("conflict", "a forward and a route plan exclude each other."),
    "5205": ("conflict", "a rewritten user and a route plan exclude each other."),
    "5206": ("conflict", "a rewritten user and a route plan exclude each other."),
    "5218": ("conflict", "another order works on this number: try again when it has ended."),
    "5222": ("account_setup", _TIER),
    "5257": ("account_setup", "the account may have North American numbers only: ask the vendor."),
    "5523": ("account_setup", _TIER),
    "7309": ("invalid_option", "the site is none of this account's."),
    "7312": ("not_found", "the location is none of this site's."),
    "7518": ("conflict", "the number is not in service yet: try again later."),
    "13629": ("not_found", "the application is none of this account's."),
    "15610": ("not_found", "the account does not have it."),
    "VCS-0003": ("account_setup", "the account has no voice configuration packages: use locations."),
    "VCS-0004": ("not_found", "check the package's id."),
    "VCS-0044": ("conflict", "the number is still being provisioned: run again later."),
}  # fmt: skip

# An order that is not taken is refused with HTTP 400, and with 402 by an account that has to pay before.
NO_ORDER = (Refusal(400), Refusal(402))
# A change of options that the account lacks is refused with HTTP 409, a package that is not there with 404.
NO_OPTION = (Refusal(400), Refusal(409))
NO_PACKAGE = (Refusal(400), Refusal(404), Refusal(422))
NOT_READY = "VCS-0044"


def failure_of(code: str | None, message: str, what: str, status: int | None = None) -> Failure:
    """The failure that an error of an order means; *what* begins the sentence, as in "The order of +1… failed"."""
    kind, advice = CODES.get(code or "", ("provider_error", "see the message."))
    said = f"{message}; code {code}" if code else message
    return Failure(kind, f"{what} ({said}): {advice}", provider_code=code, provider_message=message, http_status=status)


def explain(response: Response, name: str) -> Failure:
    """The failure that an error answer of the provider *name* means."""
    try:
        code, message = _in_json(response) if _is_json(response) else _in_xml(response.xml())
    except (Failure, Malformed):
        code, message = None, None
    if code in CODES and message:
        return failure_of(code, message, f"{name} refused it", response.status)
    return explain_status(response, name, code, message)


def _is_json(response: Response) -> bool:
    kind = response.headers.get("Content-Type", "")
    return f"{UNIVERSAL}/accounts/" in response.url and NOT_XML not in response.url or "json" in kind


NOT_XML = "/api/v2/"


def _in_json(response: Response) -> tuple[str | None, str | None]:
    answer = response.json()
    found = answer if isinstance(answer, dict) else {}
    rows = found.get("errors")
    inner = rows[0] if isinstance(rows, list) and rows else found.get("error") or found.get("responseStatus")
    if not isinstance(inner, dict):
        raise Malformed("it is no error of this API")
    code = text_from(inner, "code") or text_from(inner, "errorCode")
    return code, text_from(inner, "description", required=True)


def _in_xml(document: t.Mapping[str, t.Any]) -> tuple[str | None, str | None]:
    """The first error that stands in any of the shapes, the nearest to the root."""
    level: list[t.Any] = [document]
    while level:
        for element in level:
            found = _error_in(element)
            if found is not None:
                return found
        level = [inner for element in level for value in element.values() for inner in many(value)]
        level = [element for element in level if isinstance(element, dict)]
    raise Malformed("it is no error of this API")


def _error_in(element: t.Mapping[str, t.Any]) -> tuple[str | None, str | None] | None:
    for name in ("ErrorList", "Error", "ResponseStatus", "Errors"):
        for inner in many(element.get(name)):
            rows = many(inner.get("Error")) if isinstance(inner, dict) and "Error" in inner else [inner]
            for row in rows:
                if isinstance(row, dict) and ("Description" in row or "Code" in row or "ErrorCode" in row):
                    code = text_from(row, "Code") or text_from(row, "ErrorCode")
                    return code, text_from(row, "Description") or f"code {code}"
    return None
