# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: run several independent calls at the same time, in a limited number of threads."""

from __future__ import annotations

import threading
import typing as t

_Item = t.TypeVar("_Item")
_Result = t.TypeVar("_Result")


class Workers:
    """Runs calls, at most ``width`` of them at the same time."""

    def __init__(self, width: int = 1) -> None:
        """Keep *width*, the number of threads. With 1 the calls run one after the other in the caller's own thread."""
        self.width = width

    def map(self, call: t.Callable[[_Item], _Result], items: t.Iterable[_Item]) -> list[_Result]:
        """Return the result of *call* for each of *items*, in their order.

        After a call has raised an error no further call is started, and the calls under way run to their end. Then the
        error of the earliest item is raised.
        """
        todo = list(items)
        if self.width == 1 or len(todo) < 2:
            return [call(item) for item in todo]
        run = _Run(call, todo)
        run.work_through(min(self.width, len(todo)))
        if run.errors:
            raise run.errors[min(run.errors)]
        return [run.results[place] for place in range(len(todo))]


class _Run(t.Generic[_Item, _Result]):
    """One run of ``Workers.map``: the items that no thread has taken yet, and the results and errors by place."""

    def __init__(self, call: t.Callable[[_Item], _Result], items: t.Sequence[_Item]) -> None:
        self._call = call
        self._items = enumerate(items)
        self._lock = threading.Lock()
        self._stopped = False
        self.results: dict[int, _Result] = {}
        self.errors: dict[int, BaseException] = {}

    def work_through(self, threads: int) -> None:
        """Run the calls in so many *threads*, and wait for them. If the wait is interrupted, no further call starts."""
        begun = [threading.Thread(target=self._work, daemon=True) for _number in range(threads)]
        try:
            for thread in begun:
                thread.start()
            for thread in begun:
                thread.join()
        finally:
            self._stopped = True

    def _work(self) -> None:
        while True:
            with self._lock:
                taken = None if self._stopped or self.errors else next(self._items, None)
            if taken is None:
                return
            place, item = taken
            try:
                self.results[place] = self._call(item)
            except BaseException as error:
                self.errors[place] = error
