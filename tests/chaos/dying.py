# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that is killed at one of its requests: in a process of its own, without another word."""

from __future__ import annotations

import multiprocessing
import os
import re
import threading
from collections.abc import Mapping
from typing import Any

import requests
from stage import Outcome, Stage

_FORK = multiprocessing.get_context("fork")  # a child has everything imported, so its first moment is the task's first
_LOG_IN = re.compile(r"/v1/(users|instance)\b")
_DEAD = 99


def run_until(
    stage: Stage, module: str, options: Mapping[str, Any], place: int, after: bool, writes: bool
) -> Outcome | None:
    """Run a task that dies at its request number *place* (of those that change something, with *writes*), before it is
    sent or *after* its answer came.

    None when it died; a task that had less to do ends as it does.
    """
    ours, theirs = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_live, args=(theirs, stage, module, options, place, after, writes))
    child.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        return None
    finally:
        child.join()
        if child.exitcode not in (0, _DEAD):
            raise AssertionError(f"a child ended with {child.exitcode}")


def _live(
    pipe: Any, stage: Stage, module: str, options: Mapping[str, Any], place: int, after: bool, writes: bool
) -> None:
    _die_at(place, after, writes)
    pipe.send(stage.run(module, options))


def _die_at(place: int, after: bool, writes: bool) -> None:
    """Of the library that sends requests, not of the collection: nothing that is tested knows of it."""
    send = requests.Session.send
    lock = threading.Lock()
    seen = 0

    def count(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        nonlocal seen
        counted = not writes or request.method != "GET" and not _LOG_IN.search(str(request.path_url))
        if not counted or "/_sandbox/" in str(request.url):
            return send(self, request, **options)
        with lock:
            seen += 1
            last = seen == place
        if last and not after:
            os._exit(_DEAD)
        answer = send(self, request, **options)
        if last:
            os._exit(_DEAD)
        return answer

    requests.Session.send = count  # type: ignore[method-assign]
