# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: decide when a task may send its requests, by the task's rate and by the pauses that the provider asks."""

from __future__ import annotations

import collections
import threading
import time

_SLACK = 1.1  # the gap is this much longer, because requests that are sent evenly do not arrive evenly


class Pace:
    """Spreads the requests of all threads in time."""

    def __init__(self, rate: float | None) -> None:
        """Keep *rate*, in requests a second. With None a request is sent at once, until the provider asks to wait."""
        self._gap = 1.0 / rate if rate else 0.0
        self._lock = threading.Lock()
        self._next = self._slowed = time.monotonic()
        self._recent: collections.deque[float] = collections.deque(maxlen=1000)
        self.through = 0  # how many requests had another answer than 429

    def take_turn(self) -> float:
        """Reserve the next moment for a request, and return the seconds until then."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
            return at - now

    def note_through(self) -> None:
        """Note that a request had another answer than 429."""
        with self._lock:
            self.through += 1
            self._recent.append(time.monotonic())

    def slow_down(self, seconds: float) -> None:
        """Stop all threads for *seconds*, as a 429 asked, and let them send fewer requests a second after that.

        The new rate is the number of requests that got through in the last *seconds*.
        """
        with self._lock:
            now = time.monotonic()
            if now >= self._slowed:  # the 429 answers to requests of the same moment count once
                allowed = sum(at > now - seconds for at in self._recent)
                self._gap = max(1.5 * self._gap, _SLACK * seconds / max(1, allowed))
                self._slowed = now + seconds
            self._next = max(self._next, now + seconds)
