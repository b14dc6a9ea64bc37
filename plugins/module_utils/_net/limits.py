# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: read from an answer how long the provider asks to wait before the next request."""

from __future__ import annotations

import email.utils
import re
import typing as t

_DAY = 86400.0  # seconds; a larger reset is a moment since the epoch, not a pause
_MILLISECONDS = 1e11  # a larger moment is in milliseconds, not in seconds
_NEVER = 1e10  # seconds, about three hundred years: the longest pause that is returned
_RESETS = ("X-RateLimit-Reset", "RateLimit-Reset")


def pause_asked(headers: t.Mapping[str, str], limited: bool, now: float) -> float | None:
    """Return the seconds that an answer with these *headers* asks to wait, or None when it does not say.

    ``Retry-After`` is in seconds or an HTTP date (RFC 9110, section 10.2.3), ``Retry-After-Ms`` in milliseconds. For a
    *limited* answer (429) the reset of the limit counts, too: vendors write it in seconds from now, or as a moment in
    seconds or milliseconds since the epoch. A moment is compared with the answer's own date, because this machine's
    clock may be wrong; an answer without a date is compared with *now*, in seconds since the epoch.
    """
    date = _moment(headers.get("Date"))
    date = now if date is None else date
    milliseconds, asked = _number(headers.get("Retry-After-Ms")), headers.get("Retry-After")
    if milliseconds is not None:
        return min(milliseconds / 1000, _NEVER)
    seconds, moment = _number(asked), _moment(asked)
    if seconds is not None:
        return min(seconds, _NEVER)
    if moment is not None:
        return max(0.0, moment - date)
    resets = [reset for name in _RESETS for reset in [_number(headers.get(name))] if limited and reset is not None]
    if not resets:
        return None
    reset = resets[0] / 1000 if resets[0] > _MILLISECONDS else resets[0]
    left = reset - date if reset > _DAY else reset
    return min(left, _NEVER) if left > 0 else None


def _number(value: str | None) -> float | None:
    """Return the number in the *value* of a header, None for anything else."""
    return float(value) if value and re.match(r"[0-9]+(\.[0-9]+)?\Z", value.strip()) else None


def _moment(value: str | None) -> float | None:
    """Return the HTTP date in the *value* of a header in seconds since the epoch, None for anything else."""
    try:
        return email.utils.parsedate_to_datetime(value or "").timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
