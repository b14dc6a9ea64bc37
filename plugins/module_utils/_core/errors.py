# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: the one error family of the collection and its closed list of codes."""

from __future__ import annotations

import typing as t

# Each value that failure.code can have, and whether the same task may succeed when it is run again unchanged.
CODES: t.Mapping[str, bool] = {
    "invalid_option": False,
    "unsupported": False,
    "authentication_failed": False,
    "forbidden": False,
    "not_found": False,
    "conflict": False,
    "out_of_stock": True,
    "insufficient_credit": False,
    "price_limit": False,
    "price_changed": True,
    "quote_changed": False,
    "regulatory": False,
    "account_setup": False,
    "reservation_expired": True,
    "rate_limited": True,
    "provider_error": False,
    "provider_unavailable": True,
    "connection_failed": True,
    "deadline_exceeded": True,
    "unknown_outcome": False,
    "undecidable": False,
    "inconsistent_list": True,
    "locked": True,
    "journal_required": False,
}


_LONGEST = 1000  # characters of a message that is shown
_LARGEST = 100_000  # characters that a failure keeps; ``Secrets.cut`` shortens them, after it has masked the secrets


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Return *text* as one line that a terminal can show, of *longest* characters at most.

    The caller has masked its secrets: see ``Secrets.cut``.
    """
    line = _printable(text[: 2 * longest])
    return line if len(line) <= longest else line[:longest] + " …"


def _printable(text: str) -> str:
    """Return *text* without control characters and line breaks."""
    shown = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())


class Failure(Exception):
    """An error that ends a task, caused by its user, a provider or the network.

    It has a code of the closed list, and one line for the user that says what happened, to what, and what to do next.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        provider_code: str | None = None,
        provider_message: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        """Keep the facts of the error.

        *message* is one line for the user. *provider_code* and *provider_message* are the provider's own code and
        words, *http_status* is the status of its answer, and *request_id* is the provider's id of the request.
        Raises KeyError when *code* is not in the closed list: that is a mistake in this collection.
        """
        super().__init__(_printable(message[:_LARGEST]))
        self.retryable = CODES[code]
        self.code = code
        self.provider_code = provider_code
        self.provider_message = None if provider_message is None else _printable(provider_message[:_LARGEST])
        self.http_status = http_status
        self.request_id = request_id
        self.completed: dict[str, t.Any] = {}
        self.changed = False  # whether anything was bought, changed or given back before the failure

    @property
    def message(self) -> str:
        """The line for the user. It is not shortened here, because it may still hold a secret."""
        return str(self.args[0])

    @property
    def told(self) -> dict[str, t.Any]:
        """The provider's facts as keyword arguments, for another Failure about the same answer."""
        return {
            "provider_code": self.provider_code,
            "provider_message": self.provider_message,
            "http_status": self.http_status,
            "request_id": self.request_id,
        }

    def as_dict(self) -> dict[str, t.Any]:
        """Return the ``failure`` of a module's result."""
        return {
            "code": self.code,
            "provider_code": self.provider_code,
            "message": self.provider_message or self.message,
            "http_status": self.http_status,
            "request_id": self.request_id,
            "retryable": self.retryable,
            "completed": self.completed,
        }


class Ambiguous(Failure):
    """A mutating request was sent, and the answer does not show whether the provider carried it out.

    Operations catch this error and read the account to find the outcome. Otherwise its code is ``unknown_outcome``.
    With *taken* the provider has accepted the request and is at it, so it must not be sent again.
    """

    def __init__(
        self,
        message: str,
        *,
        provider_code: str | None = None,
        provider_message: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        taken: bool = False,
    ) -> None:
        self.taken = taken
        super().__init__(
            "unknown_outcome",
            message,
            provider_code=provider_code,
            provider_message=provider_message,
            http_status=http_status,
            request_id=request_id,
        )


class Malformed(ValueError):
    """A provider's record lacks a field, or a field has another type than the provider's document says."""
