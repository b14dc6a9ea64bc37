# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that breaks the rules, to show that the suite would notice: it repeats purchases blindly and remembers
nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._journal.directory import DirectoryStore
from ansible_collections.telco.numbers.plugins.module_utils._journal.store import Journal
from ansible_collections.telco.numbers.plugins.module_utils._net.clock import Clock
from ansible_collections.telco.numbers.plugins.module_utils._net.session import Http
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response

_TIMES = 3


def become_naive() -> None:
    """Replace the request policy, the journal and the lock in this process."""
    careful = Http.request

    def request(self: Http, method: str, url: str, **fields: Any) -> Response:
        """Any failure to get an answer is taken for "it did not arrive", as SDKs with automatic retries do."""
        for last in (False,) * (_TIMES - 1) + (True,):
            try:
                return careful(self, method, url, **fields)
            except Ambiguous as error:
                if last:
                    raise Failure("connection_failed", error.message) from None
        raise AssertionError

    @contextlib.contextmanager
    def unlocked(self: DirectoryStore, clock: Clock) -> Iterator[Journal]:
        yield Journal()

    Http.request = request  # type: ignore[method-assign]
    DirectoryStore.locked = unlocked  # type: ignore[method-assign]
    DirectoryStore.peek = lambda self: Journal()  # type: ignore[method-assign]
