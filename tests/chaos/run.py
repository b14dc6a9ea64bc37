# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chaos suite: ``python tests/chaos/run.py``. It ends with 0 only when every invariant held in every scenario."""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import multiprocessing
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import stage as stages
from naive import become_naive
from plans import PlanStory, plans
from play import Report
from sandbox_server import Server
from scenarios import Playable, kills, pairs, sample, sequences, systematic
from stories import names
from table import holds, row, text
from telling import Story

SEQUENCES = 160
STORIES = 2000
PLANS = 200
BOUNDED, KILLED, TOLD, PLANNED = 140, 12, 60, 12  # scenarios, kills, stories and plans for every day
PROCESSES = 4  # a scenario mostly waits
_stage: stages.Stage


def plan(scenarios: int | None, killed: int, seed: int, only: str | None = None) -> list[Playable]:
    """The systematic scenarios and some random ones, *scenarios* in all (None: every systematic one), and *killed*
    kills; in a random order.
    """
    chance = random.Random(seed)
    fixed = [*systematic(), *pairs()]
    chosen = fixed if scenarios is None or only else sample(chance, fixed, min(len(fixed), scenarios - scenarios // 6))
    found = [
        *chosen,
        *sequences(chance, SEQUENCES if scenarios is None else scenarios - len(chosen)),
        *kills(chance, killed),
    ]
    if only is not None:
        return [item for item in found if re.search(only, item.name)]
    chance.shuffle(found)
    return found


def stories(chosen: argparse.Namespace) -> list[Playable]:
    """The stories that are told: those of the seed, or the one that is named."""
    if chosen.story:
        provider, _colon, seed = chosen.story.partition(":")
        if provider == PlanStory.provider:
            return [PlanStory(int(seed))]
        return [
            Story(provider, int(seed), frozenset(int(place) for place in (chosen.without or "").split(",") if place))
        ]
    count = chosen.stories if chosen.stories is not None else TOLD if chosen.bounded else STORIES
    planned = chosen.plans if chosen.plans is not None else PLANNED if chosen.bounded else PLANS
    return [*told(count, chosen.seed), *plans(planned, chosen.seed)]


def told(count: int, seed: int) -> list[Playable]:
    """So many stories."""
    return [
        Story(provider, int(own))
        for provider, _colon, own in (name.partition(":") for name in names(random.Random(seed), count))
    ]


def play(items: Iterable[Playable], client: str = "careful") -> Iterator[Report]:
    """Play scenarios in several processes, each with a sandbox of its own."""
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        homes = context.SimpleQueue()
        for place in range(PROCESSES):
            home = Path(folder, str(place))
            home.mkdir()
            server = Server(home / "sandbox")
            running.callback(server.stop)
            homes.put((server.port, home))
        with concurrent.futures.ProcessPoolExecutor(PROCESSES, context, _enter, (homes, client)) as pool:
            for future in concurrent.futures.as_completed([pool.submit(_play, item) for item in items]):
                yield future.result()


def _enter(homes: "multiprocessing.SimpleQueue[tuple[int, Path]]", client: str) -> None:  # noqa: UP037
    global _stage
    port, home = homes.get()
    _stage = stages.Stage(port, home)
    if client == "naive":
        become_naive()


def _play(item: Playable) -> Report:
    return item.play(_stage)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break everything around the client, and count what that breaks.")
    parser.add_argument(
        "--scenarios", type=int, help="how many beside the kills (default: every systematic one and random ones)"
    )
    parser.add_argument("--kills", type=int, help="how many purchases are killed (default: 130, bounded: fewer)")
    parser.add_argument("--stories", type=int, help="how many stories are told (default: 2000, bounded: fewer)")
    parser.add_argument("--plans", type=int, help="how many plans are killed (default: 200, bounded: fewer)")
    parser.add_argument("--story", metavar="PROVIDER:SEED", help="tell this story alone, with what its tasks said")
    parser.add_argument(
        "--without", metavar="STEPS", help="leave out these steps of the story, like 2,5, to find out which it takes"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the random ones (default: 1)")
    parser.add_argument(
        "--client",
        choices=("careful", "naive"),
        default="careful",
        help="naive: one that repeats purchases blindly, to show that it fails",
    )
    parser.add_argument("--bounded", action="store_true", help="a small part, for every day")
    parser.add_argument("--only", metavar="REGEX", help="only scenarios whose name matches, with what their tasks said")
    return parser.parse_args()


def main() -> int:
    """Play, print, and say whether all is well."""
    chosen = options()
    scenarios, killed = (BOUNDED, KILLED) if chosen.bounded else (None, 130)
    started = time.monotonic()
    reports = []
    items = stories(chosen) if chosen.client == "careful" and not chosen.only else []
    if not chosen.story and chosen.scenarios != 0:
        items += plan(
            chosen.scenarios or scenarios, killed if chosen.kills is None else chosen.kills, chosen.seed, chosen.only
        )
    for report in play(items, chosen.client):
        reports.append(report)
        if report.findings or report.late or chosen.only or chosen.story:
            print(
                "\n  ".join(
                    [
                        report.name,
                        *report.trace,
                        *(f"{finding.kind.upper()}: {finding.text}" for finding in report.findings),
                    ]
                ),
                flush=True,
            )
    print(f"\n{text(reports)}\n\n{time.monotonic() - started:.0f} s, seed {chosen.seed}, {chosen.client} client")
    return 0 if holds(row(reports)) else 1


if __name__ == "__main__":
    sys.exit(main())
