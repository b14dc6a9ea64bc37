# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What Telnyx's error answers mean, and which of them prove that nothing happened.

An error is ``{"errors": [{"code", "title", "detail", …}]}`` with one entry or several, none of which goes first. What
has another form comes from something in between. The codes are those of the vendor's page.
"""

from __future__ import annotations

import typing as t

from ..._contract.readers import explain_status, object_from, rows_from, text_from
from ..._core.errors import Failure, Malformed
from ..._net.refusals import Refusal
from ..._net.wire import Response

_LATER = "the vendor has a fault: try later."
_KEY = "check api_key, or client_id and client_secret."
_OPTIONS = "check the options."
_REQUEST = "the request was refused, see its message."
_LEVEL = "the account may not do that at its level, or as it is: look at it in the vendor's portal."
_PAPERS = "file what it asks for with the vendor, and name the requirement group in 'regulatory'."

# After these nobody knows whether the request was carried out, whatever stands beside them.
_OPEN: t.Mapping[str, tuple[str, str]] = {
    "10007": ("provider_error", _LATER),
    "10008": ("provider_unavailable", _LATER),
    "10036": ("conflict", "the vendor still works on it: try again."),
    "10037": ("provider_unavailable", _LATER),
}
_CODES: t.Mapping[str, tuple[str, str]] = {
    "85000": ("out_of_stock", "an order needs a search for the number shortly before: run again."),
    "85001": ("out_of_stock", "it is not for sale any more: search again."),
    "85002": ("conflict", "the number is not of this order."),
    "85003": ("conflict", "its papers are complete."),
    "85004": ("invalid_option", "check the id of the connection."),
    "85005": ("invalid_option", "check the id of the messaging profile."),
    "85006": ("out_of_stock", "somebody has reserved it: choose another number."),
    "85007": ("rate_limited", "too many reservations: try later."),
    "85008": ("reservation_expired", "the reservation cannot be extended any more."),
    "20100": ("insufficient_credit", "the account has not enough credit, top it up."),
    **dict.fromkeys(("10009", "20001", "20002", "20006", "20008"), ("authentication_failed", _KEY)),
    **dict.fromkeys(("10010", "10006", "20003"), ("forbidden", "this key may not do that.")),
    "10005": ("not_found", "it does not exist in this account: check the id, and api_url."),
    "10011": ("rate_limited", "too many requests: try later, or lower 'concurrency'."),
    **dict.fromkeys(("10012", "10021", "10035"), ("conflict", "read its record and try again.")),
    **dict.fromkeys(
        ("10001", "10002", "10004", "10015", "10016", "10017", "10022", "10025", "10026", "10027", "10031", "10032"),
        ("invalid_option", _OPTIONS),
    ),
    "10033": ("invalid_option", _OPTIONS),
    **dict.fromkeys(
        ("10003", "10013", "10014", "10018", "10019", "10020", "10023", "10024", "10028", "10029", "10030", "10034"),
        ("provider_error", _REQUEST),
    ),
    **dict.fromkeys(
        ("10038", "10039", "20012", "20013", "20014", "20015", "20016", "20017"), ("account_setup", _LEVEL)
    ),
    **dict.fromkeys([f"202{number:02d}" for number in range(10)], ("regulatory", _PAPERS)),
}
# The statuses with which the description lets a request be refused, and 402, which can mean nothing else. What a code
# above says proves that nothing was done; 429 is read by the session.
REFUSED = tuple(
    Refusal(status, code) for status in (400, 402, 403, 422) for code in _CODES if code not in ("10005", "10011")
)
# The number of a change is not there. Of an order this proves nothing.
NOT_CHANGED = (*REFUSED, Refusal(404, "10005"))


def explain(response: Response, name: str) -> Failure:
    """The failure that an error answer of the provider *name* means."""
    try:
        code, message = _said(response)
    except (Failure, Malformed):
        return explain_status(response, name, None, None)
    kind, advice = {**_CODES, **_OPEN}.get(code, ("", ""))
    if not kind:
        return explain_status(response, name, code, message)
    return Failure(
        kind,
        f"{name} refused it ({message}; code {code}): {advice}",
        provider_code=code,
        provider_message=message,
        http_status=response.status,
    )


def _said(response: Response) -> tuple[str, str]:
    """Code and words of the entry that says most.

    Raises Malformed for a body of another form.
    """
    entries = rows_from(object_from(response.json()).get("errors"), "errors")
    told = [(str(text_from(one, "code", required=True)), _words(one)) for one in entries]
    if not told:
        raise Malformed("it has no errors")
    return min(told, key=lambda one: _rank(one[0]))


def _rank(code: str) -> int:
    """How much a code says: one that leaves things open goes first, then what is special, then a bad request."""
    if code in _OPEN or code not in _CODES:
        return 0 if code in _OPEN else 3
    return 2 if _CODES[code][1] in (_OPTIONS, _REQUEST) else 1


def _words(entry: t.Mapping[str, t.Any]) -> str:
    return text_from(entry, "detail") or text_from(entry, "title") or "no words"
