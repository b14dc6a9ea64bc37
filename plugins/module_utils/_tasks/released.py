# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the record of a run that retires: a private file with every number that goes, and what came of each."""

from __future__ import annotations

import datetime
import json
import os
import threading
import typing as t

from .._core import files
from .._core.errors import Failure
from .._plans.going import Going

Hide = t.Callable[[t.Any], t.Any]  # a value as it may be kept


class Released:
    """The record of one run. It is written before the first release, after each pool, and at the end."""

    def __init__(self, folder: str, hide: Hide) -> None:
        """Keep it in *folder*, which is made when it is absent."""
        self.checksum = ""  # of what goes
        self._folder = os.path.abspath(os.path.expanduser(folder))
        self._hide = hide
        self._began = _now()
        self._lock = threading.Lock()
        self.path: str | None = None  # of the file, once it is there

    def write(self, states: t.Sequence[Going], ended: bool = False) -> None:
        """Write down what is known of *states* now. Raises Failure ``journal_required`` where that cannot be kept."""
        content = {
            "checksum": self.checksum,
            "began": self._began,
            "ended": _now() if ended else None,
            "numbers": self._hide([row for state in states for row in _rows(state)]),
        }
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        with self._lock:
            try:
                path = self.path or self._made()
                files.replace(path, text.encode("utf-8", "surrogatepass"))
            except (files.Unsafe, OSError) as error:
                raise Failure("journal_required", f"The record of what is released cannot be kept: {error}.") from None
            self.path = path

    def _made(self) -> str:
        """The path of a file that no other run has."""
        if not os.path.lexists(os.path.dirname(self._folder)):
            files.private_directory(os.path.dirname(self._folder))  # it may be the journal's
        folder = files.private_directory(self._folder)
        stamp = self._began.replace("-", "").replace(":", "")
        path = os.path.join(folder, f"{stamp}-{self.checksum[:16]}.json")
        os.close(files.open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        return path


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _rows(state: Going) -> t.Iterator[dict[str, t.Any]]:
    """The numbers of a pool that go, with every fact that is known of them; one that was not tried has no outcome."""
    for number in state.numbers if state.step in (None, "release") else ():
        outcome = state.outcomes.get(number.number)
        message = state.message if outcome not in ("released", "gone") else None
        place = {"pool": state.pool.name, "account": state.pool.account.name}
        yield {**number.as_dict(), **place, "outcome": outcome, "message": message}
