# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the clock of one task, with its deadline."""

from __future__ import annotations

import time

_FOREVER = 30 * 86400.0  # seconds; timers of some machines cannot wait longer


class Clock:
    """The clock of one task. It knows the seconds until the deadline, and never waits longer."""

    def __init__(self, deadline: float) -> None:
        """Start the clock; *deadline* is in seconds from now."""
        self._started = time.monotonic()
        self._ends = self._started + min(deadline, _FOREVER)

    def extend(self, seconds: float) -> None:
        """Let the task end *seconds* after its start (``wait_timeout`` replaces ``deadline``)."""
        self._ends = self._started + min(seconds, _FOREVER)

    @staticmethod
    def now() -> float:
        """Return the monotonic time in seconds."""
        return time.monotonic()

    @staticmethod
    def wall() -> float:
        """Return the seconds since the epoch, for records that outlive the task."""
        return time.time()

    def remaining(self) -> float:
        """Return the seconds until the deadline, zero when it has passed."""
        return max(0.0, self._ends - time.monotonic())

    def sleep(self, seconds: float) -> bool:
        """Wait *seconds* and return True. If the deadline is earlier, return False at once."""
        if seconds > self.remaining():
            return False
        time.sleep(seconds)
        return True
