# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the time of one task."""

from __future__ import annotations

import time
import typing as t

if t.TYPE_CHECKING:
    pass

_FOREVER = 30 * 86400.0  # seconds; what waits longer is beyond the timers of some machines


class Clock:
    """Time for one task: what is left of its deadline, and waiting that never outlasts it."""

    def __init__(self, deadline: float) -> None:
        """Start the clock; *deadline* is in seconds from now."""
        self._started = time.monotonic()
        self._ends = self._started + min(deadline, _FOREVER)

    def extend(self, seconds: float) -> None:
        """Let the task end *seconds* after its start (``wait_timeout`` replaces ``deadline``)."""
        self._ends = self._started + min(seconds, _FOREVER)

    @staticmethod
    def now() -> float:
        """Monotonic seconds."""
        return time.monotonic()

    @staticmethod
    def wall() -> float:
        """Seconds since the epoch, for what outlives the task."""
        return time.time()

    def remaining(self) -> float:
        """Seconds until the deadline, zero when it has passed."""
        return max(0.0, self._ends - time.monotonic())

    def sleep(self, seconds: float) -> bool:
        """Wait, and return True; return False at once when the deadline comes first."""
        if seconds > self.remaining():
            return False
        time.sleep(seconds)
        return True
