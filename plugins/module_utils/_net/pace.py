# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: when the requests of a task may be sent: by the rate that was asked for, and by what the provider allows."""

from __future__ import annotations

import collections
import threading
import time

_SLACK = 1.1  # requests that are sent evenly do not arrive evenly


class Pace:
    """Spreads the requests of all threads in time."""

    def __init__(self, rate: float | None) -> None:
        """*rate* is in requests a second; None lets them go as they come, until the provider asks for a pause."""
        self._gap = 1.0 / rate if rate else 0.0
        self._lock = threading.Lock()
        self._next = self._slowed = time.monotonic()
        self._recent: collections.deque[float] = collections.deque(maxlen=1000)
        self.through = 0  # how many requests were answered otherwise than with 429

    def turn(self) -> float:
        """Take the next turn; return the seconds until it comes."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
            return at - now

    def passed(self) -> None:
        """Note that a request got through."""
        with self._lock:
            self.through += 1
            self._recent.append(time.monotonic())

    def too_fast(self, seconds: float) -> None:
        """After a 429 that asks to wait *seconds*: nobody sends for so long, and after that all of them together
        slower.

        As many as got through in such a time are what the provider allows in it.
        """
        with self._lock:
            now = time.monotonic()
            if now >= self._slowed:  # those that were under way at the same time say nothing more
                allowed = sum(at > now - seconds for at in self._recent)
                self._gap = max(1.5 * self._gap, _SLACK * seconds / max(1, allowed))
                self._slowed = now + seconds
            self._next = max(self._next, now + seconds)
