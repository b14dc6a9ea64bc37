# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench runs: its smallest sizes, once each. How fast anything was is no matter here."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import versions
from stage import alternating


def test_the_smallest_bench(tmp_path: Path) -> None:
    """Purchases, lists and requests are measured, and every operation sends the least requests."""
    command = [
        sys.executable,
        str(Path(__file__).with_name("run.py")),
        "--quick",
        "--only",
        "requests",
        "listing",
        "--output",
        str(tmp_path),
    ]
    ran = subprocess.run(
        command, env={**os.environ, "MPLCONFIGDIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    results = json.loads((tmp_path / "bench.json").read_text())
    assert all(row["requests"] == row["least"] for row in results["requests"]["rows"])
    assert {row["numbers"] for row in results["listing"]["rows"]} == {100}
    assert {"bench.md", "bench.png", "bench.svg"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(("until", "rounds"), [(-math.inf, 1), (math.inf, 3)])
def test_no_round_begins_that_the_time_does_not_allow(until: float, rounds: int) -> None:
    """Every way has a turn, be it late; more rounds are measured only as long as they fit."""
    assert alternating(3, {"one": lambda: 1, "two": lambda: 2}, until) == {"one": [1] * rounds, "two": [2] * rounds}


def test_two_versions_are_compared() -> None:
    """Here a version and itself."""
    tree = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    ran = subprocess.run(
        [sys.executable, str(Path(versions.__file__)), tree, "2"], capture_output=True, text=True, check=True
    )
    for kind in ("list", "purchase"):
        assert f"{kind}, earlier" in ran.stdout and f"{kind}, now" in ran.stdout, ran.stdout
