# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: readers of a provider's records: what is absent is None, what is of another type is Malformed."""

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
    """The failure that an HTTP status means when the provider's own code says nothing more.

    *code* and *message* are what the answer's body says in the provider's own form, None where it has another one: then
    its first words are shown, and it proves nothing.
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
    """Return a record's number as E.164. Raises Malformed unless it is digits in a string or an integer, and, where
    *names* may stand, NoNumber for one.
    """
    value = record.get(key)
    if names and isinstance(value, str) and e164.is_name(value):
        raise NoNumber(f"its {key} is a name and no telephone number")
    digits = _digits_of(value)
    if digits is None:
        raise Malformed(f"its {key} is no telephone number")
    return e164.from_provider(digits)


def _digits_of(value: t.Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        value = str(value)
    return value if isinstance(value, str) and re.match(r"\+?[0-9]{1,20}\Z", value) else None


def number_in(row: t.Any, key: str) -> str | None:
    """The number in a row that may be anything."""
    digits = _digits_of(row.get(key)) if isinstance(row, dict) else None
    return None if digits is None else e164.from_provider(digits)


def long_number_in(row: t.Any, key: str) -> str | None:
    """As before, or the name of a sender; a short code, which several countries may have, tells no rows apart."""
    number = number_in(row, key) or name_in(row, key)
    return number if number and (e164.is_e164(number) or e164.is_name(number)) else None


def name_in(row: t.Any, key: str) -> str | None:
    """What tells a row apart that may be anything."""
    value = row.get(key) if isinstance(row, dict) else None
    return (
        str(value).lstrip("+")
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""
        else None
    )


def text_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> str | None:
    """Return a record's text, None when it is absent or empty. An integer counts as text (ids). Raises Malformed for
    other types.
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
    """Return a record's id as text. Raises Malformed when it is absent."""
    return str(text_from(record, key, required=True))


_LARGEST_COUNT = 10_000_000  # rows, numbers, seconds; a list with more would be no answer that a task can work on


def integer_from(record: t.Mapping[str, t.Any], key: str) -> int:
    """Return a count, given as a number or in a string. Raises Malformed unless it is zero or more, and one that a
    machine can hold.
    """
    value = record.get(key)
    if isinstance(value, str) and len(value) <= 15 and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise Malformed(f"its {key} is no count")
    return value


def amount_from(record: t.Mapping[str, t.Any], key: str) -> Decimal | None:
    """Return a price, None when it is absent. Raises Malformed for what is no price."""
    try:
        return money.amount(record.get(key))
    except ValueError:
        raise Malformed(f"its {key} is no price") from None


def mapping_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> dict[str, t.Any]:
    """Return a nested object, empty when it is absent or null and not *required*. Raises Malformed for other types."""
    value = record.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise Malformed(f"its {key} is no object")
    return value


def object_from(value: t.Any) -> dict[str, t.Any]:
    """Return an answer that is one object. Raises Malformed for other types."""
    if not isinstance(value, dict):
        raise Malformed("it is no object")
    return value


def rows_from(value: t.Any, what: str) -> list[dict[str, t.Any]]:
    """Return a list of objects. Raises Malformed for other types."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Malformed(f"{what} is no list of objects")
    return value


def list_from(record: t.Mapping[str, t.Any], key: str, nullable: bool = False) -> list[t.Any]:
    """Return a record's list, whose rows may be anything. A list that is absent is Malformed: taken for an empty one,
    it would be bought again.
    """
    if key not in record:
        raise Malformed(f"it lacks {key}")
    return [] if nullable and record[key] is None else items_from(record[key], key)


def items_from(value: t.Any, what: str) -> list[t.Any]:
    """Return a list, whose rows may be anything. Raises Malformed for other types."""
    if not isinstance(value, list):
        raise Malformed(f"{what} is no list")
    return value


def capabilities_from(record: t.Mapping[str, t.Any], key: str, required: bool = False) -> tuple[str, ...] | None:
    """Return the capabilities that a list of words names, in any case. Raises Malformed for other types, and when it is
    absent and *required*.
    """
    words = record.get(key)
    if words is None and not required:
        return None
    if not isinstance(words, list):
        raise Malformed(f"its {key} is no list")
    return tuple(sorted({str(word).lower() for word in words} & {*CAPABILITIES}))


def country_from(record: t.Mapping[str, t.Any], key: str) -> str | None:
    """Return a record's ISO alpha-2 country, None where it has none or another word. Raises Malformed for other
    types.
    """
    value = text_from(record, key)
    return value.upper() if value is not None and len(value) == 2 else None
