# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What Twilio's error answers mean, and which of them prove that nothing happened.

An error of the API of 2010 is ``{"code", "message", "more_info", "status"}``, of which the code may be missing; the
newer APIs may answer with the members of RFC 9457, to which they add ``code``. What has neither form comes from
something in between. The codes are those of the vendor's error dictionary.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import explain_status, object_from, text_from
from ..._core.errors import Failure, Malformed
from ..._net.refusals import Refusal
from ..._net.wire import Response

_ACCOUNT = "the account is not active or has no credit: look at it in the vendor's console."
_ADDRESS = "give an address of the account that fits in 'regulatory', or choose another number."
_SUBACCOUNT = "the number stays where it is: check the account's SID."

_CODES: t.Mapping[str, tuple[str, str]] = {
    "10002": ("account_setup", "a trial account may not do that: upgrade it."),
    "20001": ("invalid_option", "check the options."),
    "20003": (
        "authentication_failed",
        "check the account's SID and its token or API key, and whether the key may do this.",
    ),
    "20005": ("account_setup", _ACCOUNT),
    "20006": ("forbidden", "these credentials may not do that."),
    "20008": (
        "forbidden",
        "the vendor's test credentials can rehearse a purchase and nothing else: use the live ones.",
    ),
    "20010": ("forbidden", "these credentials may not do that."),
    "20162": ("conflict", "another change is under way: try again."),
    "20403": ("forbidden", "these credentials may not do that."),
    "20404": ("not_found", "it does not exist in this account: check the id, and account_id."),
    "20409": ("conflict", "another change is under way: try again."),
    "20422": ("invalid_option", "check the options."),
    "20423": ("invalid_option", "check the SIDs of the task."),
    "20429": ("rate_limited", "too many requests at once: lower 'concurrency', or try later."),
    "20500": ("provider_unavailable", "the vendor has a fault: try later."),
    "20503": ("provider_unavailable", "the vendor has a fault: try later."),
    "20504": ("provider_unavailable", "the vendor has a fault: try later."),
    "21218": ("invalid_option", "check the application's SID."),
    "21402": ("invalid_option", "check the URLs of the task."),
    "21403": ("invalid_option", "a method is GET or POST."),
    "21404": ("account_setup", "a trial account may have one number: upgrade it."),
    "21405": ("invalid_option", "a fallback URL needs its URL: give both."),
    "21406": ("invalid_option", "a fallback URL needs its URL: give both."),
    "21407": ("unsupported", "this number cannot receive SMS: leave its SMS settings alone."),
    "21409": ("unsupported", "this number has no caller id look-up: leave it alone."),
    "21420": ("invalid_option", "the application is none of this account: check its SID."),
    "21421": ("invalid_option", "the vendor knows no such number: check its digits."),
    "21422": ("out_of_stock", "it is not for sale any more: search again."),
    "21451": ("invalid_option", "the vendor knows no such area code."),
    "21452": ("out_of_stock", "nothing is for sale there: search elsewhere."),
    "21457": ("invalid_option", "area codes are not for this type."),
    "21458": ("invalid_option", "the number is of another type."),
    "21470": ("invalid_option", _SUBACCOUNT),
    "21471": ("invalid_option", _SUBACCOUNT),
    "21472": ("account_setup", _ACCOUNT),
    "21473": ("forbidden", _SUBACCOUNT),
    "21474": ("forbidden", _SUBACCOUNT),
    "21613": ("regulatory", f"it needs an address: {_ADDRESS}"),
    "21615": ("regulatory", f"it needs an address in its own country or area: {_ADDRESS}"),
    "21628": ("regulatory", f"the address cannot be used: {_ADDRESS}"),
    "21629": ("regulatory", f"the address cannot be used: {_ADDRESS}"),
    "21630": ("regulatory", f"the address cannot be used: {_ADDRESS}"),
    "21631": ("regulatory", f"it needs an address: {_ADDRESS}"),
    "21649": (
        "regulatory",
        "it needs an approved bundle for its country and type: give one as 'bundle' in 'regulatory', or choose numbers "
        "that need none.",
    ),
    "21650": (
        "regulatory",
        "it needs a verified identity: give one as 'identity' in 'regulatory', or choose another number.",
    ),
    "21651": ("regulatory", "the papers do not satisfy: file what is missing with the vendor."),
    "21701": ("not_found", "there is no such messaging service in this account: check its SID."),
    "21705": ("not_found", "there is no such messaging service in this account: check its SID."),
    "21710": ("conflict", "it is in this messaging service already."),
    "21712": ("conflict", "it is in another messaging service: take it out there first."),
    "21714": ("provider_error", "the messaging service has all the numbers that it can have: use another one."),
    "21715": ("unsupported", "it cannot receive SMS, which a messaging service needs."),
}

# A purchase is refused with HTTP 400, and one of an account that may not buy with HTTP 403. That the credit is too low
# no page says: 402 can mean nothing else.
NO_PURCHASE = (
    Refusal(400),
    Refusal(402),
    Refusal(403, "20005"),
    Refusal(403, "20006"),
    Refusal(403, "20008"),
    Refusal(403, "21472"),
)
NO_CHANGE = (Refusal(400), Refusal(403, "20005"), Refusal(403, "20006"))
# That a number or an application is not there, by the code that nobody else uses.
GONE = Refusal(404, "20404")
NOT_JOINED = (
    *NO_CHANGE,
    Refusal(404, "21701"),
    Refusal(404, "20404"),
    Refusal(409, "21710"),
    Refusal(409, "21712"),
)


def explain(response: Response, name: str) -> Failure:
    """The failure that an error answer of the provider *name* means."""
    try:
        code, message = _said(response)
    except (Failure, Malformed):
        code, message = None, None
    kind, advice = _CODES.get(code or "", ("", ""))
    if not kind:
        return explain_status(response, name, code, message)
    return Failure(
        kind,
        f"{name} refused it ({message}; code {code}): {advice}",
        provider_code=code,
        provider_message=message,
        http_status=response.status,
    )


def _said(response: Response) -> tuple[str | None, str]:
    """Code and message of an error in one of the vendor's forms. Raises Malformed for any other body."""
    answer = object_from(response.json())
    newer = "title" in answer
    message = text_from(answer, "detail" if newer or "detail" in answer else "message", required=True)
    if answer.get("status") != response.status or not (newer or "message" in answer):
        raise Malformed("it is no error of this API")
    return text_from(answer, "code"), str(message)
