# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scenarios there are: every step × every fault, random sequences, kills, pairs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from kills import INSTANTS, Kill, Pair
from play import Act, Report, Scenario
from played import ROWS
from rows import Row
from stage import SETTLE, Stage
from steps import STEPS, Step, call
from troubles import CHARGES, LAGS, LOST, PAGES, READS, STEADFAST, WRITES, Fault, applies

_LONGEST = 6  # acts of a random sequence


class Playable(Protocol):
    """A scenario of any kind."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def provider(self) -> str:
        """Whose calls it makes."""

    def play(self, stage: Stage) -> Report:
        """Play it and report."""


def systematic() -> list[Playable]:
    """Every provider × every step × every fault on each of its calls."""
    return [
        Scenario(f"{row.provider}: {name}: {what}", row.provider, (Act(name, faults),))
        for row in ROWS
        for name, step in _steps(row)
        for what, faults in _troubles(row, name, step)
    ]


def _steps(row: Row) -> list[tuple[str, Step]]:
    return [(name, step) for name, step in STEPS.items() if step.offered(row, load(row.provider).features)]


def _troubles(row: Row, name: str, step: Step) -> Iterator[tuple[str, tuple[Fault, ...]]]:
    for place in step.writes:
        match = call(row, place)
        if match:
            for what, fault in {**WRITES, **(CHARGES if place in ("hold", "charge") else {})}.items():
                if applies(what, row.provider, place):
                    yield f"{place}: {what}", ({**fault, "match": match, "count": 1},)
            for what in LOST:
                yield f"second {place}: {what}", ({**WRITES[what], "match": match, "skip": 1, "count": 1},)
                yield f"each {place}: {what}", ({**WRITES[what], "match": match},)
    for place in step.reads:
        match = call(row, place)
        if match:
            for what, fault in READS.items():
                if applies(what, row.provider, place):
                    yield f"{place}: {what}", ({**fault, "match": match, "count": 1},)
            for what in STEADFAST:
                yield f"each {place}: {what}", ({**READS[what], "match": match},)
                yield f"later {place}: {what}", ({**READS[what], "match": match, "skip": 1},)
    if "crowd" in name:
        yield from ((f"pages: {what}", ({**fault, "match": call(row, "owned")},)) for what, fault in PAGES.items())
        yield from (
            (f"pages once: {what}", ({**fault, "match": call(row, "owned"), "count": 1},))
            for what, fault in PAGES.items()
        )
    if "charge" in step.writes:
        yield from _lagging(row)


def _lagging(row: Row) -> Iterator[tuple[str, tuple[Fault, ...]]]:
    for what, fault in LAGS.items():
        lags = _everywhere(row, fault)
        yield what, lags
        for lost in LOST:
            yield f"{what} and charge: {lost}", (*lags, {**WRITES[lost], "match": call(row, "charge"), "count": 1})


def _everywhere(row: Row, fault: Fault) -> tuple[Fault, ...]:
    matches = [match for match in (call(row, "owned"), call(row, "one"), call(row, "linked")) if match]
    return tuple({**fault, "match": match} for match in matches)


def sequences(chance: random.Random, count: int) -> list[Playable]:
    """Random tasks in one account, each under several faults."""
    return [_sequence(chance, place) for place in range(count)]


def _sequence(chance: random.Random, place: int) -> Scenario:
    row = chance.choice(ROWS)
    names = [name for name, step in _steps(row) if "crowd" not in name and not step.ordered]
    acts = [
        Act(name, tuple(_several(chance, row, STEPS[name])))
        for name in ("buy more", *chance.choices(names, k=chance.randint(2, _LONGEST - 1)))
    ]
    return Scenario(
        f"{row.provider}: sequence {place}: {', '.join(act.step for act in acts)}", row.provider, tuple(acts)
    )


def _several(chance: random.Random, row: Row, step: Step) -> Iterator[Fault]:
    for _time in range(chance.randint(1, 3)):
        place = chance.choice([place for place in (*step.writes, *step.reads) if call(row, place)])
        pool: Mapping[str, Fault] = (
            READS if place in step.reads else {**WRITES, **CHARGES} if place in ("hold", "charge") else WRITES
        )
        what = chance.choice([what for what in pool if applies(what, row.provider, place)])
        yield {
            **pool[what],
            "match": call(row, place),
            "skip": chance.choice((0, 0, 0, 1, 2)),
            "count": chance.choice((1, 1, 2, 3)),
        }
    if chance.random() < 0.3:
        yield from _everywhere(row, chance.choice(list(LAGS.values())))


def kills(chance: random.Random, count: int) -> list[Playable]:
    """Kills of purchases: each provider and instant in turn, with and without lag, with and without a journal where
    that may be.
    """
    found: list[Playable] = []
    while len(found) < count:
        row = ROWS[len(found) % len(ROWS)]
        instant = INSTANTS[len(found) // len(ROWS) % len(INSTANTS)]
        features = load(row.provider).features
        journal = features.pending_orders or chance.random() < 0.7
        lag = chance.choice((0.0, SETTLE / 2, SETTLE * 3)) if journal else 0.0
        step = chance.choice(
            [
                name
                for name, step in _steps(row)
                if name.startswith("buy") and "crowd" not in name and "wait" not in name
            ]
        )
        how = f"{'with' if journal else 'without'} a journal, lag {lag:.2f} s"
        found.append(
            Kill(
                f"{row.provider}: kill {len(found)}: {step}, {instant}, {how}",
                row.provider,
                step,
                instant,
                journal,
                lag,
                chance.randrange(1 << 32),
            )
        )
    return found


def pairs() -> list[Playable]:
    """Two at once, undisturbed and with a lost answer."""
    found: list[Playable] = []
    for row in ROWS:
        lost: dict[str, Any] = {"kind": "reset", "when": "after", "match": call(row, "charge"), "count": 1}
        for step in [
            name for name, _step in _steps(row) if name in ("buy", "buy more", "buy by name", "buy for an application")
        ]:
            for what, faults in (("undisturbed", ()), ("an answer is lost", (lost,))):
                found.append(Pair(f"{row.provider}: two at once: {step}, {what}", row.provider, step, True, faults))
            if not load(row.provider).features.pending_orders:
                found.append(Pair(f"{row.provider}: two at once: {step}, without a journal", row.provider, step, False))
    return found


def sample(chance: random.Random, items: Sequence[Playable], count: int) -> list[Playable]:
    """*count* of the items, spread over all of them."""
    return sorted(chance.sample(items, count), key=items.index) if count < len(items) else list(items)
