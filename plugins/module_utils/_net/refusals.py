# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the answers that prove that a mutating request was refused. Any other answer leaves the outcome open."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure

_UNAUTHORIZED = 401  # the provider did not accept the credentials, so it did not look at the request


class Refusal(t.NamedTuple):
    """A rejection that a provider's document lists: its HTTP status, its code, and a part of its message.

    None stands for any code or message. A provider's file declares the rejections of each mutating call, and passes
    them to ``Http.request``.
    """

    status: int
    code: str | None = None
    says: str | None = None

    def fits(self, failure: Failure) -> bool:
        """Whether *failure*, made from the provider's answer, is this rejection."""
        words = (failure.provider_message or "").lower()
        return (
            failure.http_status == self.status
            and self.code in (None, failure.provider_code)
            and (self.says or "").lower() in words
        )


def refused(failure: Failure, documented: t.Iterable[Refusal]) -> bool:
    """Whether *failure* proves that the provider did not carry out the request.

    It does when the answer has the provider's own form, and is a 401 or one of the rejections *documented* for the
    request. An answer of another form may come from a proxy, which does not know what the provider did.
    """
    own = failure.provider_code is not None or failure.provider_message is not None
    return own and (failure.http_status == _UNAUTHORIZED or any(refusal.fits(failure) for refusal in documented))
