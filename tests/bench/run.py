# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the collection beside what users would do instead, in one run on one machine: ``make bench``.

``--quick`` does the least that shows that everything works; ``--only buying listing`` does a part.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import buying
import listing
import plans
import report
import request_counts
import single_task
from stage import Budget, Server

RESULTS = Path(__file__).resolve().parent / "results"
MINUTES = 19  # the whole, to which the set-up of the environment comes
PACKAGES = ("ansible-core", "requests", "aiohttp", "phonenumbers", "plivo")
# In two parts, lest a checker takes it for the licence of this file.
LICENCE = "Copyright: (c) 2026, telco.numbers contributors\n\nSPDX-License-" + "Identifier: GPL-3.0-or-later\n"


def machine() -> str:
    """The processor's name and the system."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.machine()
    return f"{name}, {platform.system()} {platform.release().partition('-')[0]}"


def load() -> str:
    """How busy the machine was in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def measured(folder: Path, budget: Budget, only: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the results so far after every case, or after those in *only*."""
    server = Server(folder / "data")
    cases: dict[str, Callable[[], Any]] = {
        "requests": lambda: request_counts.measure(server, folder / "requests"),
        "single_task": lambda: single_task.measure(server, folder, budget),
        "listing": lambda: listing.measure(folder, budget),
        "plans": lambda: plans.measure(server, folder, budget),
        "buying": lambda: buying.measure(server, folder, budget),  # it takes what is left of the time
    }
    found: dict[str, Any] = {}
    try:
        for name in only or cases:
            started = time.monotonic()
            found[name] = cases[name]()
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
            yield found
    finally:
        server.stop()


def write(results: dict[str, Any], folder: Path) -> str:
    """Write the results in every form and return the text."""
    folder.mkdir(parents=True, exist_ok=True)
    text = report.markdown(results)
    (folder / "bench.json").write_text(
        json.dumps({**results, "findings": report.findings(results)}, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "bench.md").write_text(text, encoding="utf-8")
    report.picture(results, folder / "bench.png", folder / "bench.svg")
    for name in ("bench.png", "bench.svg"):
        (folder / f"{name}.license").write_text(LICENCE, encoding="utf-8")
    return text


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description="Measure the collection beside what users would do instead.")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, once each")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=["requests", "single_task", "buying", "listing", "plans"],
        help="a part of the cases",
    )
    parser.add_argument(
        "--output", type=Path, help="folder for the results (default: tests/bench/results of a whole run, else none)"
    )
    options = parser.parse_args()
    whole = not options.quick and not options.only
    about: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "cpus": os.cpu_count(),
        "versions": {
            "Python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "load_before": load(),
    }
    output = options.output or (RESULTS if whole else None)
    started = time.monotonic()
    text = ""
    with tempfile.TemporaryDirectory() as folder:
        for found in measured(Path(folder), Budget(options.quick, started + MINUTES * 60), options.only):
            about.update(load_after=load(), minutes=round((time.monotonic() - started) / 60, 1))
            results = {"about": about, **found}
            text = write(results, output) if output else report.markdown(results)
    print(text)


if __name__ == "__main__":
    main()
