# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: which answers prove that a mutating request was refused. Every other one leaves its outcome open."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure

_WHO = 401  # who asks was not known, so that nothing was looked at


class Refusal(t.NamedTuple):
    """A rejection that a provider's document lists for a request: HTTP status, the provider's code, a part of its
    message.

    None stands for any. A provider declares those of each of its mutating calls, and passes them to ``Http.request``.
    """

    status: int
    code: str | None = None
    says: str | None = None

    def fits(self, failure: Failure) -> bool:
        """Whether *failure*, as the provider explained it, is this rejection."""
        words = (failure.provider_message or "").lower()
        return (
            failure.http_status == self.status
            and self.code in (None, failure.provider_code)
            and (self.says or "").lower() in words
        )


def refused(failure: Failure, documented: t.Iterable[Refusal]) -> bool:
    """Whether *failure* proves that the provider did not act: in the provider's own form, and *documented* for the
    request.

    What has another form comes from something in between, which knows nothing of what the provider did.
    """
    own = failure.provider_code is not None or failure.provider_message is not None
    return own and (failure.http_status == _WHO or any(refusal.fits(failure) for refusal in documented))
