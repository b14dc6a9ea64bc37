# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, as tables and as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import buying
import plans
import single_task

Results = dict[str, Any]
C1, C4, C8 = buying.DIRECT


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = [" | ".join(head), " | ".join("---" if place == 0 else "---:" for place in range(len(head)))]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def seconds(value: float) -> str:
    """A duration with three digits that mean something."""
    return f"{value * 1000:.0f} ms" if value < 0.95 else f"{value:.3g} s" if value < 999 else f"{value:.0f} s"


def _pick(rows: list[dict[str, Any]], **where: Any) -> dict[str, Any] | None:
    return next((row for row in rows if all(row[key] == value for key, value in where.items())), None)


def extrapolated(results: Results, count: int, delay: int) -> float | None:
    """Milliseconds a number of the loop with uri, from its largest measured size at the same round trip, without
    Ansible's start.
    """
    loops = [
        row
        for row in results["buying"]["rows"]
        if row["way"] == buying.LOOP and row["round_trip_ms"] == delay and row["numbers"] <= count
    ]
    if not loops:
        return None
    largest = max(loops, key=lambda row: row["numbers"])
    return float(1000 * (largest["seconds"] - results["buying"]["start_seconds"]) / largest["numbers"])


# -- what must be shown ------------------------------------------------------------------------------------------------


def findings(results: Results) -> list[dict[str, Any]]:
    """The figures that are promised: what is compared, the figure, the bound, whether it is kept."""
    return [*_of_buying(results), *_of_tasks(results), *_of_growth(results), *_of_requests(results)]


def _finding(what: str, figure: float, bound: float, at_least: bool) -> dict[str, Any]:
    return {
        "what": what,
        "figure": round(figure, 3),
        "bound": bound,
        "at_least": at_least,
        "kept": figure >= bound if at_least else figure <= bound,
    }


def _of_buying(results: Results) -> list[dict[str, Any]]:
    rows = results.get("buying", {}).get("rows", [])
    task, script, one = (
        _pick(rows, numbers=1000, round_trip_ms=20, way=way) for way in (buying.TASK, buying.SCRIPT, C1)
    )
    if task is None or script is None or one is None:
        return []
    found = [
        _finding("1,000 purchases at 20 ms: plain script ÷ one task", script["seconds"] / task["seconds"], 3, True),
        _finding(
            "1,000 purchases at 20 ms: concurrency 1 ÷ plain script", one["seconds"] / script["seconds"], 1.2, False
        ),
    ]
    loop = extrapolated(results, 1000, 20)
    if loop:
        found.insert(
            1,
            _finding(
                "1,000 purchases at 20 ms: uri loop a number ÷ one task a number",
                loop / task["per_number_ms"],
                50,
                True,
            ),
        )
    return found


def _of_tasks(results: Results) -> list[dict[str, Any]]:
    if "single_task" not in results:
        return []
    cost = results["single_task"]["task_ms"]
    return [
        _finding("one reading task: in process ÷ uri", cost[single_task.HERE] / cost[single_task.URI], 0.2, False),
        _finding("one reading task: shipped ÷ uri", cost[single_task.SHIPPED] / cost[single_task.URI], 1, False),
    ]


def _of_growth(results: Results) -> list[dict[str, Any]]:
    found = []
    rows = results.get("buying", {}).get("rows", [])
    few, many = (_pick(rows, numbers=count, round_trip_ms=20, way=C4) for count in (10, 1000))
    if few and many:
        found.append(
            _finding(
                "cost of a purchase, 1,000 ÷ 10 (client alone, concurrency 4, 20 ms)",
                many["per_number_ms"] / few["per_number_ms"],
                1.2,
                False,
            )
        )
    rows = results.get("listing", {}).get("rows", [])
    way = "number_info, concurrency 4"
    few, many = (
        _pick(rows, provider="infobip_sms", numbers=count, round_trip_ms=0, way=way) for count in (1000, 100000)
    )
    if few and many:
        found.append(
            _finding(
                "cost of a listed number, 100,000 ÷ 1,000 (0 ms)",
                many["per_number_ms"] / few["per_number_ms"],
                1.2,
                False,
            )
        )
        found.append(
            _finding(
                "processor time of a listed number, 100,000 ÷ 1,000",
                many["cpu_seconds"] / few["cpu_seconds"] / 100,
                1.2,
                False,
            )
        )
        found.append(_finding("largest memory with 100,000 listed numbers, MiB", many["memory_mib"], 512, False))
    return found


def _of_requests(results: Results) -> list[dict[str, Any]]:
    rows = results.get("requests", {}).get("rows", [])
    return (
        [
            _finding(
                "rows in which more requests were sent than the least",
                sum(row["requests"] > row["least"] for row in rows),
                0,
                False,
            )
        ]
        if rows
        else []
    )


# -- text --------------------------------------------------------------------------------------------------------------


def markdown(results: Results) -> str:
    """The whole report."""
    about = results["about"]
    parts = [
        "# Measurements\n",
        f"{about['date']}, {about['machine']}, {about['cpus']} processors, load {about['load_before']} before and "
        f"{about['load_after']} after; "
        f"{', '.join(f'{name} {version}' for name, version in about['versions'].items())}; {about['minutes']} "
        "minutes.\n",
        "Everything runs on one machine against the sandbox in a process of its own, the ways of each case in turn. "
        "Figures are medians of as many "
        "runs as the column *runs* says.\n",
    ]
    if found := findings(results):
        parts.append("## In short\n")
        parts.append(
            table(
                ["what", "figure", "promised", "kept"],
                [
                    [
                        one["what"],
                        f"{one['figure']:.3g}",
                        f"{'at least' if one['at_least'] else 'at most'} {one['bound']}",
                        "yes" if one["kept"] else "**no**",
                    ]
                    for one in found
                ],
            )
        )
    sections = {"single_task": _single, "buying": _buying, "listing": _listing, "plans": _plans, "requests": _requests}
    parts += [section(results) for name, section in sections.items() if name in results]
    return "\n".join(parts)


def _single(results: Results) -> str:
    data = results["single_task"]
    counts = sorted({row["tasks"] for row in data["rows"]})
    base = data["task_ms"][single_task.URI]
    rows = []
    for way, cost in data["task_ms"].items():
        taken = [_pick(data["rows"], tasks=count, way=way) for count in counts]
        rows.append([way, *(seconds(row["seconds"]) for row in taken if row), f"{cost:.0f} ms", f"{cost / base:.2f}"])
    head = ["a read of one number", *(f"play of {count}" for count in counts), "one more task", "÷ uri"]
    runs = ", ".join(str(_pick(data["rows"], tasks=count)["times"]) for count in counts)  # type: ignore[index]
    return (
        f"## One reading task\n\n{table(head, rows)}\nRuns: {runs}. Each task sends {data['requests_per_task']:.0f} "
        "request; the round trip is 0 ms.\n"
    )


def _buying(results: Results) -> str:
    data = results["buying"]
    rows = []
    for row in data["rows"]:
        script = _pick(data["rows"], numbers=row["numbers"], round_trip_ms=row["round_trip_ms"], way=buying.SCRIPT)
        ratio = f"{row['seconds'] / script['seconds']:.2f}" if script else ""
        cells = [
            row["way"],
            f"{row['numbers']:,}",
            f"{row['round_trip_ms']} ms",
            seconds(row["seconds"]),
            f"{row['per_number_ms']:.1f} ms",
            ratio,
        ]
        rows.append([*cells, f"{row['requests']:,}", f"{row['sandbox_cpu_ms_per_request']:.1f} ms", row["times"]])
    for count, delay in sorted({(row["numbers"], row["round_trip_ms"]) for row in data["rows"]}):
        cost = extrapolated(results, count, delay)
        script = _pick(data["rows"], numbers=count, round_trip_ms=delay, way=buying.SCRIPT)
        if cost and script and not _pick(data["rows"], numbers=count, round_trip_ms=delay, way=buying.LOOP):
            total = cost * count / 1000 + data["start_seconds"]
            rows.append(
                [
                    f"{buying.LOOP}, *extrapolated*",
                    f"{count:,}",
                    f"{delay} ms",
                    seconds(total),
                    f"{cost:.0f} ms",
                    f"{total / script['seconds']:.1f}",
                    "",
                    "",
                    0,
                ]
            )
    rows.sort(key=lambda row: (int(row[2].split()[0]), int(row[1].replace(",", ""))))
    head = [
        "buy by number (infobip_sms)",
        "numbers",
        "round trip",
        "time",
        "a number",
        "÷ script",
        "requests",
        "sandbox, a request",
        "runs",
    ]
    return (
        f"## Buying by number\n\n{table(head, rows)}\n"
        "Every way lists, looks each number up, buys each and lists again. The task and the uri loop are whole runs of "
        "ansible-playbook, whose start takes "
        f"{seconds(data['start_seconds'])}; the others are timed without the start of Python. *sandbox, a request* is "
        "its processor time, during which it "
        "answers nobody else. The loop is measured up to 100 numbers; what is larger is extrapolated from the largest "
        "measured size.\n\n"
        "No official client speaks the purchase calls of these documents: plivo 4.63 buys with `PhoneNumber/{number}/` "
        "instead of "
        "`AvailableNumberGroup/{id}/`, sinch 2.3 speaks the Numbers API of projects, infobip-api-python-client 6.0 has "
        "no numbers. "
        "Plivo's list is the same; it is measured below.\n"
    )


def _listing(results: Results) -> str:
    rows = [
        [
            row["way"],
            row["provider"],
            f"{row['numbers']:,}",
            f"{row['round_trip_ms']} ms",
            seconds(row["seconds"]),
            f"{row['per_number_ms']:.3f} ms",
            f"{row['cpu_seconds']:.2f} s",
            f"{row['memory_mib']:.0f} MiB",
            f"{row['requests']:,.0f}",
            row["times"],
        ]
        for row in results["listing"]["rows"]
    ]
    head = [
        "list owned numbers",
        "provider",
        "numbers",
        "round trip",
        "time",
        "a number",
        "processor",
        "memory",
        "requests",
        "runs",
    ]
    return (
        f"## Listing\n\n{table(head, rows)}\n"
        "The script keeps the rows as they come; number_info checks, translates and masks each and keeps its raw "
        "record besides. "
        "*memory* is the largest resident memory of the process, *processor* its own time.\n"
    )


def _plans(results: Results) -> str:
    rows = []
    for row in results["plans"]["rows"]:
        base = _pick(results["plans"]["rows"], pools=row["pools"], way=plans.ONE)
        again = seconds(row["second_run_seconds"]) if "second_run_seconds" in row else ""
        ratio = f"{row['seconds'] / base['seconds']:.2f}" if base else ""
        cells = [
            row["way"],
            row["pools"],
            row["accounts"],
            seconds(row["seconds"]),
            f"{row['per_pool_ms']:.0f} ms",
            ratio,
            again,
        ]
        rows.append([*cells, f"{row['requests']:,}", row["times"]])
    head = [
        "converge a plan (plivo_groups, 20 ms)",
        "pools",
        "accounts",
        "time",
        "a pool",
        "÷ one by one",
        "second run",
        "requests",
        "runs",
    ]
    return (
        f"## Plans\n\n{table(head, rows)}\nWhole runs of ansible-playbook, once each; every pool wants one number and "
        "links it.\n"
    )


def _requests(results: Results) -> str:
    rows = [
        [row["operation"], row["provider"], row["requests"], row["least"], row["least_is"]]
        for row in results["requests"]["rows"]
    ]
    return (
        f"## Requests\n\n{table(['operation', 'provider', 'requests', 'least', 'the least is'], rows)}\nCounted by the "
        "sandbox; log-in apart.\n"
    )


# -- picture -----------------------------------------------------------------------------------------------------------


def picture(results: Results, *paths: Path) -> None:
    """Draw what there is: tasks, purchases, lists."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "telco.numbers"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(16, 5))
    if "single_task" in results:
        _lines(axes[0], results["single_task"]["rows"], "tasks", "a play of reading tasks", "tasks", log=False)
    if "buying" in results:
        rows = [row for row in results["buying"]["rows"] if row["round_trip_ms"] == 20]
        _lines(axes[1], rows, "numbers", "buying by number, round trip 20 ms", "numbers")
    if "listing" in results:
        rows = [
            row for row in results["listing"]["rows"] if row["round_trip_ms"] == 0 and row["provider"] == "infobip_sms"
        ]
        _lines(axes[2], rows, "numbers", "listing, round trip 0 ms", "numbers")
    figure.suptitle(
        f"{results['about']['date'][:10]}, {results['about']['machine']}, {results['about']['cpus']} processors"
    )
    figure.tight_layout()
    for path in paths:
        figure.savefig(path, dpi=110, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)


def _lines(axis: Any, rows: list[dict[str, Any]], key: str, title: str, label: str, log: bool = True) -> None:
    for way in dict.fromkeys(row["way"] for row in rows):
        points = sorted((row[key], row["seconds"]) for row in rows if row["way"] == way)
        axis.plot([x for x, _y in points], [y for _x, y in points], marker="o", label=way)
    if log:
        axis.set_xscale("log")
        axis.set_yscale("log")
    axis.set(title=title, xlabel=label, ylabel="seconds")
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
