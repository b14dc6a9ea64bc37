# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: read the fields of a provider's records. An absent field is None, one of another type raises Malformed."""

from __future__ import annotations

import re
import typing as t
from decimal import Decimal

from .._core import e164, money
from .._core.errors import Failure, Malformed
from .._core.model import CAPABILITIES
from .._net.wire import Response
from .rows import NoNumber

Row = t.Dict[str, t.Any]


# -- helpers for the provider files ------------------------------------------------------------------------------------


def explain_status(response: Response, provider: str, code: str | None, message: str | None) -> Failure:
    """Return the failure that the HTTP status of *response* means when the provider's own code says nothing more.

    *code* and *message* are read from the body in the provider's own form. Both are None for a body of another form:
    then the message shows its first words, and the failure is no proof that the request was refused.
    """
    status = response.status
    kind, advice = (
        _BY_STATUS.get(status) or _BY_STATUS.get(status // 100 * 100) or ("provider_error", "see the message.")
    )
    said = message or response.words()
    words = f" ({said})" if said else ""
    text = f"{provider} answered HTTP {status}{words}: {advice}"
    return Failure(kind, text, provider_code=code, provider_message=message, http_status=status)


_BY_STATUS: t.Mapping[int, tuple[str, str]] = {
    400: ("provider_error", "the request was refused, see its message."),
    401: ("authentication_failed", "check the credentials, and api_url."),
    402: ("insufficient_credit", "the account has not enough credit, top it up."),
    403: ("forbidden", "these credentials may not do that with this account."),
    404: ("not_found", "it does not exist in this account, check the id, and api_url."),
    405: ("provider_error", "the address does not take this method, check api_url."),
    409: ("conflict", "the provider's record is in another state, read it and try again."),
    429: ("rate_limited", "too many requests, try later or with fewer parallel tasks."),
    500: ("provider_unavailable", "the provider has a fault, try later."),
}


def number_from(record: t.Mapping[str, t.Any], key: str, names: bool = True) -> str:
    """Return the number of *record* as E.164. It may be digits in a string, or an integer.

    Raises Malformed for any other value. With *names*, the field may also hold the name of a sender: then it raises
    NoNumber, which is a Malformed, too.
    """
    value = record.get(key)
    if names and isinstance(value, str) and e164.is_name(value):
        raise NoNumber(f"its {key} is a name and no telephone number")
    digits = _digits_of(value)
    if digits is None:
        raise Malformed(f"its {key} is no telephone number")
    return e164.from_provider(digits)


_DIGITS = re.compile(r"\+?[0-9]{1,20}\Z")


def _digits_of(value: t.Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        value = str(value)
    return value if isinstance(value, str) and _DIGITS.match(value) else None


def number_in(row: t.Any, key: str) -> str | None:
    """Return the number in *row*, or None. *row* may be any value."""
    digits = _digits_of(row.get(key)) if isinstance(row, dict) else None
    return None if digits is None else e164.from_provider(digits)


def long_number_in(row: t.Any, key: str) -> str | None:
    """Return the number in *row*, or the name of a sender, or None. *row* may be any value.

    A short code is None, too: several countries may have the same one, so it does not identify a row.
    """
    number = number_in(row, key) or name_in(row, key)
    return number if number and (e164.is_e164(number) or e164.is_name(number)) else None


def name_in(row: t.Any, key: str) -> str | None:
    """Return the text or integer in *row* that identifies it, without plus signs, or None. *row* may be any value."""
    value = row.get(key) if isinstance(row, dict) else None
    return (
        str(value).lstrip("+")
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""
        else None
    )


def text_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> str | None:
    """Return the text of a record's field, or None when it is absent or empty. An integer counts as text (ids).

    Raises Malformed for other types, and when a *required* field is absent or empty.
    """
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        if required:
            raise Malformed(f"it lacks {key}")
        return None
    if not isinstance(value, str):
        raise Malformed(f"its {key} is no text")
    return value


def id_from(record: t.Mapping[str, t.Any], key: str) -> str:
    """Return a record's id as text. Raises Malformed when it is absent, empty or of another type."""
    return str(text_from(record, key, required=True))


_LARGEST_COUNT = 10_000_000  # rows, numbers or seconds; a task cannot work on a longer list


def integer_from(record: t.Mapping[str, t.Any], key: str) -> int:
    """Return a count, which the record has as an integer or in a string.

    Raises Malformed for a value that is no count from 0 to 10,000,000.
    """
    value = record.get(key)
    if isinstance(value, str) and len(value) <= 15 and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise Malformed(f"its {key} is no count")
    return value


def amount_from(record: t.Mapping[str, t.Any], key: str) -> Decimal | None:
    """Return a price, or None when it is absent. Raises Malformed for a value that is no price."""
    try:
        return money.amount(record.get(key))
    except ValueError:
        raise Malformed(f"its {key} is no price") from None


def mapping_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> dict[str, t.Any]:
    """Return a nested object, an empty one when it is absent or null.

    Raises Malformed for other types, and for an absent object that is *required*.
    """
    value = record.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"its {key} is no object")
    return value


def object_from(value: t.Any) -> dict[str, t.Any]:
    """Return *value*, an answer that is one object. Raises Malformed for other types."""
    if not isinstance(value, dict):
        raise Malformed("it is no object")
    return value


def rows_from(value: t.Any, what: str) -> list[dict[str, t.Any]]:
    """Return *value*, a list of objects; *what* is its name for the error. Raises Malformed for other types."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Malformed(f"{what} is no list of objects")
    return value


def list_from(record: t.Mapping[str, t.Any], key: str, nullable: bool = False) -> list[t.Any]:
    """Return a record's list, whose rows may be any value. With *nullable*, null is an empty list.

    Raises Malformed for other types, and for an absent list: a task that took it for an empty one would buy again.
    """
    if key not in record:
        raise Malformed(f"it lacks {key}")
    return [] if nullable and record[key] is None else items_from(record[key], key)


def items_from(value: t.Any, what: str) -> list[t.Any]:
    """Return *value*, a list whose rows may be any value. Raises Malformed for other types."""
    if not isinstance(value, list):
        raise Malformed(f"{what} is no list")
    return value


def capabilities_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> tuple[str, ...] | None:
    """Return the capabilities in a record's list of words, in any case; None when the list is absent.

    Raises Malformed for other types, and for an absent list that is *required*.
    """
    words = record.get(key)
    if words is None and not required:
        return None
    if not isinstance(words, list):
        raise Malformed(f"its {key} is no list")
    return tuple(sorted({str(word).lower() for word in words} & {*CAPABILITIES}))


def country_from(record: t.Mapping[str, t.Any], key: str) -> str | None:
    """Return a record's ISO alpha-2 country, or None when it has another word or none.

    Raises Malformed for other types.
    """
    value = text_from(record, key)
    return value.upper() if value is not None and len(value) == 2 else None
