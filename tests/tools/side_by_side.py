# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run nox sessions side by side: those that ``nox`` alone would run, or those that its arguments select.

What a session prints comes in one piece when it has ended. The last lines say where the time went, and what failed. Run
it with the Python that has nox.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

PROCESSORS = len(os.sched_getaffinity(0))
# One budget of processes for all sessions. There may be more than processors, because many tests wait for a server more
# than they compute.
PROCESSES = max(3, 2 * PROCESSORS)
WORKERS = 2  # of each session whose tests are shared out among processes
SHARED_OUT = ("contract", "security", "chaos", "awx", "action", "roles", "inventory", "examples")
# The longest begin first, so that nothing long is left alone at the end.
LONG = (
    "contract",
    "integration",
    "roles",
    "security",
    "sanity",
    "examples",
    "awx",
    "action",
    "chaos",
    "unit",
    "site",
    "bench_smoke",
    "demo",
)
ANSIBLE_TEST = (
    "sanity",
    "integration",
    "sanity_on",
    "units_on",
    "integration_on",
)  # which has one place for what it installs
NOX = (sys.executable, "-m", "nox")
RUNNING: set[subprocess.Popen[bytes]] = set()


class Ended(NamedTuple):
    """A session that has ended; *work* is processor time, also that of its processes."""

    name: str
    result: str
    seconds: float
    work: float
    output: str


def family(name: str) -> str:
    """Return the session's name without its parameters."""
    return name.partition("(")[0]


def needs(name: str) -> int:
    """Return the number of processes of the budget that a session takes."""
    return WORKERS if family(name) in SHARED_OUT else 1


def selected(arguments: list[str]) -> list[str]:
    """Return the names of the sessions, in the order to begin them."""
    listed = subprocess.run([*NOX, "--list", "--json", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    names = [session["session"] for session in json.loads(listed.stdout)]
    return sorted(names, key=lambda name: LONG.index(family(name)) if family(name) in LONG else len(LONG))


def next_of(waiting: list[str], running: list[str]) -> str | None:
    """Return the session that can begin beside those that run, or None."""
    free = PROCESSES - sum(map(needs, running))
    taken = any(family(name) in ANSIBLE_TEST for name in running)
    fitting = (name for name in waiting if needs(name) <= free and not (taken and family(name) in ANSIBLE_TEST))
    return next(fitting, None)


def run(name: str) -> Ended:
    """Run one session."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name} begins\n")
    sys.stdout.flush()
    begun = time.monotonic()
    env = {**os.environ, "TEST_WORKERS": str(WORKERS)}
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        with subprocess.Popen(
            [*NOX, "--session", name], env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process:
            RUNNING.add(process)
            _process, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        RUNNING.discard(process)
        output.seek(0)
        text = output.read()
    result = "failed" if process.returncode else "skipped" if f"Session {name} skipped" in text else "passed"
    return Ended(name, result, time.monotonic() - begun, usage.ru_utime + usage.ru_stime, text)


def side_by_side(waiting: list[str]) -> list[Ended]:
    """Run all sessions, even after a failure, and print the output of each when it has ended."""
    pool = ThreadPoolExecutor(PROCESSES)
    running: dict[Future[Ended], str] = {}
    ended = []
    try:
        while waiting or running:
            while name := next_of(waiting, list(running.values())):
                waiting.remove(name)
                running[pool.submit(run, name)] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                del running[future]
                session = future.result()
                ended.append(session)
                print(f"\n{'=' * 20} {session.name}\n{session.output.rstrip()}\n", flush=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in RUNNING.copy():
            process.terminate()
    return ended


def table(ended: list[Ended], seconds: float) -> str:
    """Return a table of the sessions' times, the longest last, and below it the sessions that failed."""
    lines = ["result       took    worked  session"]
    for session in sorted(ended, key=lambda session: (session.result == "failed", session.work)):
        lines.append(f"{session.result:8} {session.seconds:6.0f} s {session.work:7.0f} s  {session.name}")
    work = sum(session.work for session in ended)
    share = work / max(seconds, 1) / PROCESSORS
    lines.append(f"all      {seconds:6.0f} s {work:7.0f} s  {PROCESSORS} processors, {share:.0%} at work")
    count = {result: sum(session.result == result for session in ended) for result in ("passed", "failed", "skipped")}
    lines.append(
        f"sessions: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped; {seconds / 60:.1f} "
        "minutes"
    )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run all sessions, even after a failure. Return 1 if any failed, else 0."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    ended = side_by_side(selected(arguments))
    print("=" * 20)
    print(table(ended, time.monotonic() - begun))
    return 1 if not ended or any(session.result == "failed" for session in ended) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
