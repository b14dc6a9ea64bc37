# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run nox sessions two at a time: those that ``nox`` alone would run, or those that its arguments select.

What a session prints comes in one piece when it has ended. The last lines say how long each took, and which failed. Run it with the
Python that has nox.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

AT_A_TIME = 2
# The longest begin first, so that nothing long is left alone at the end.
LONG = ("integration", "roles", "examples", "awx", "action", "security", "chaos", "oldest", "sanity")
NOX = (sys.executable, "-m", "nox")
RUNNING: set[subprocess.Popen[bytes]] = set()


class Ended(NamedTuple):
    """A session that has ended."""

    name: str
    result: str
    seconds: float
    output: str


def selected(arguments: list[str]) -> list[str]:
    """The names of the sessions, in the order to begin them."""
    listed = subprocess.run([*NOX, "--list", "--json", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    names = [session["session"] for session in json.loads(listed.stdout)]
    return sorted(names, key=lambda name: LONG.index(family) if (family := name.split("(")[0]) in LONG else len(LONG))


def run(name: str) -> Ended:
    """Run one session."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name} begins\n")
    sys.stdout.flush()
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        with subprocess.Popen([*NOX, "--session", name], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT) as process:
            RUNNING.add(process)
            code = process.wait()
        RUNNING.discard(process)
        output.seek(0)
        text = output.read()
    result = "failed" if code else "skipped" if f"Session {name} skipped" in text else "passed"
    return Ended(name, result, time.monotonic() - begun, text)


def main(arguments: list[str]) -> int:
    """Run them all, whatever fails; 1 if any did."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pool = ThreadPoolExecutor(AT_A_TIME)
    ended = []
    try:
        for future in as_completed([pool.submit(run, name) for name in selected(arguments)]):
            session = future.result()
            ended.append(session)
            print(f"\n{'=' * 20} {session.name}\n{session.output.rstrip()}\n", flush=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in RUNNING.copy():
            process.terminate()
    print("=" * 20)
    for session in sorted(ended, key=lambda session: session.result == "failed"):
        print(f"{session.result:8} {session.seconds:6.0f} s  {session.name}")
    count = {result: sum(session.result == result for session in ended) for result in ("passed", "failed", "skipped")}
    print(f"sessions: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not ended else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
