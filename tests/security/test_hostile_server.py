# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers anything at all: no traceback, a code of the list, nothing bought by mistake, no credential to
anybody else.
"""

from __future__ import annotations

import functools
import gzip
import json
import operator
import random
import re
import shutil
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import runner as runner_module
import spoiling
from contract_fixtures import Sandbox
from documented import foreign
from journeys import Journey, Replay, charge, is_owned_list, lenient, record
from kinds import EACH_KIND
from relay import Reply, Seen, Server
from rows import ROWS, Row
from runner import Runner
from verdict import complaints

CASES = 18  # for each call of each task
# The keys that hold the rows and the number of each.
LISTS = {
    "sinch_portal": (None, "number"),
    "sinch_catalog": ("items", "phone_number"),
    "infobip_sms": ("numbers", "number"),
    "plivo_groups": ("objects", "number"),
    "bandwidth": ("TelephoneNumbers", "FullNumber"),
    "telnyx": ("data", "phone_number"),
    "twilio": ("incoming_phone_numbers", "phone_number"),
}
# The way to the link to the next page, in the answers that have one.
NEXT = {
    "sinch_catalog": ("meta", "next_page_url"),
    "plivo_groups": ("meta", "next"),
    "twilio": ("next_page_uri",),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(lambda _seen: Reply(404)) as running:
        yield running


@pytest.fixture(scope="module")
def spy() -> Iterator[Server]:
    """Another host, which must never hear anything."""
    with Server(lambda _seen: Reply(200, b"[]"), host="127.0.0.2") as running:
        yield running


@pytest.fixture(scope="module")
def recorded(process: Sandbox, server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Journey]]:
    found = {}
    for row in EACH_KIND:
        process.reset()
        found[row.provider] = record(server, process.url, row, tmp_path_factory.mktemp("clean"))
    return found


class Attempt:
    """Replays a journey with one spoilt answer and keeps what came of it."""

    def __init__(self, server: Server, journey: Journey, call: int, instead: Reply, home: Path, **options: Any) -> None:
        runner = Runner(server.url, journey.row, home)
        lenient(runner, home)
        cache = home / "sessions"
        if journey.row.login:
            runner.common["session_cache"] = str(cache)
            if "session_cache" not in journey.options and not cache.exists():
                shutil.copytree(journey.sessions, cache)
        own = {key: value for key, value in journey.options.items() if key != "session_cache"}
        server.becomes(Replay(journey, call, instead))
        server.take()
        self.problems: list[str] = []
        self.result: dict[str, Any] = {}
        try:
            self.result = runner(journey.module, **{**own, **options})
            self.problems += complaints(self.result)
        except Exception:
            lines = traceback.format_exc().strip().splitlines()
            self.problems.append(
                " < ".join(
                    [lines[-1][:200], *(line.strip()[:150] for line in lines[-6:-1] if line.strip().startswith("File"))]
                )
            )
        self.seen = server.take()
        self.charges = sum(charge(journey.row, seen) for seen in self.seen)

    @property
    def code(self) -> str | None:
        """The failure's code."""
        return self.result["failure"]["code"] if self.result.get("failed") else None


def report(problems: Counter[str]) -> str:
    """Each different problem once, the most frequent first."""
    return "\n".join(f"{number} × {problem}" for problem, number in problems.most_common(25))


def test_any_answer_to_any_call(
    row: Row, server: Server, recorded: dict[str, list[Journey]], tmp_path: Path, count: Counter[str]
) -> None:
    problems: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for journey in recorded[row.provider]:
        for call in journey.calls():
            random_ = random.Random(f"{row.provider} {journey.name} {call}")
            clean = sum(charge(row, seen) for seen, _reply in journey.exchanges)
            for case, (what, reply) in enumerate(spoiling.replies(random_, journey.exchanges[call][1], CASES)):
                attempt = Attempt(server, journey, call, reply, tmp_path / f"{journey.name}-{call}-{case}")
                if attempt.charges > 2 * clean:
                    attempt.problems.append(f"{attempt.charges} purchase calls where {clean} were due")
                found = [foreign(row.provider, seen) for seen in attempt.seen]
                attempt.problems += [
                    f"{wrong} after {journey.name} {call}"
                    for wrong in found
                    if wrong and journey.exchanges[call][0].method == "POST"
                ]
                for problem in attempt.problems:
                    problems[problem] += 1
                    examples.setdefault(problem, f"{journey.name} {call}: {what[:300]}")
                count["spoilt answers"] += 1
    assert not problems, report(
        Counter({f"{problem}\n      {examples[problem]}": number for problem, number in problems.items()})
    )


def malformed_lists(row: Row, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Lists of owned numbers that say nothing reliable."""
    key, field = LISTS[row.provider]
    if body.startswith(b"<"):
        yield from malformed_xml(body.decode(), str(key), field)
        return
    document = json.loads(body)
    rows = document if key is None else document[key]
    roots: list[Any] = [None, False, 0, "", "[]", {}, [[]], [None], [0], {"items": {}}, "@nan", "@deep"]
    roots += [[]] if key else []
    for root in roots:
        yield f"root {root!r}", spoiling.encoded(root)
    lists: list[Any] = [{}, "", 0, False, "[]", [None], [[]], [0], [""], [{}], rows[0], [rows]]
    for wrong in lists + ([None] if row.provider != "sinch_catalog" else []):
        yield f"rows {wrong!r}"[:60], spoiling.encoded(wrong if key is None else {**document, key: wrong})
    for wrong in (None, "", "abc", -1, 1.5, [], {}, True, "@nan", "+", "٤٦٧"):
        spoilt = [{**one, field: wrong} for one in rows]
        yield f"{field} {wrong!r}", spoiling.encoded(spoilt if key is None else {**document, key: spoilt})
    lacking = [{name: value for name, value in one.items() if name != field} for one in rows]
    yield f"no {field}", spoiling.encoded(lacking if key is None else {**document, key: lacking})
    if key is not None:
        yield f"no {key}", spoiling.encoded({name: value for name, value in document.items() if name != key})
        yield (
            "rows under another name",
            spoiling.encoded({name if name != key else "rows": value for name, value in document.items()}),
        )
    if row.provider in ("infobip_sms", "plivo_groups"):
        yield from _wrong_totals(document, str(key))
    for bad in (b"", b" ", b"[", body[:-1], body + b"]", b"\xff" + body, b"\xef\xbb\xbf" + body):
        yield repr(bad[:20]), bad


def malformed_xml(text: str, key: str, field: str) -> Iterator[tuple[str, bytes]]:
    """The same for a list in XML, whose rows are elements below the element *key*."""
    root = re.findall(r"<([A-Za-z]+)>", text)[0]
    for wrong in ("", " ", "<", "{}", "null", "<r/>", f"<{root}/>", f"<{root}>0</{root}>", text[:-1], f"{text}<r/>"):
        yield f"root {wrong[:20]!r}", wrong.encode()
    rows = re.search(f"<{key}>.*</{key}>", text, re.DOTALL)
    assert rows is not None
    for wrong in ("", f"<{key}>0</{key}>", f"<{key}><r/></{key}>".replace(key, "rows")):
        yield f"rows {wrong!r}", text.replace(rows[0], wrong).encode()
    for wrong in ("", "-1", "1.5", "true<r/>", "+", "٤٦٧", "<r/>"):
        yield f"{field} {wrong!r}", re.sub(f"<{field}>[^<]*<", f"<{field}>{wrong}<", text).encode()
    yield f"no {field}", re.sub(f"<{field}>[^<]*</{field}>", "", text).encode()
    for bad in (b"\xff" + text.encode(), text.encode("utf-16")):
        yield repr(bad[:20]), bad


def _wrong_totals(document: dict[str, Any], key: str) -> Iterator[tuple[str, bytes]]:
    name = "numberCount" if key == "numbers" else "total_count"
    for total in (0, 1, 3, -1, "x", True, [], 1.5, "@longer", "9" * 5000):
        spoilt = (
            {**document, "numberCount": total}
            if key == "numbers"
            else {**document, "meta": {**document["meta"], name: total}}
        )
        yield f"{name} {str(total)[:9]!r}", spoiling.encoded(spoilt)
        yield f"{name} {str(total)[:9]!r} without rows", spoiling.encoded({**spoilt, key: []}) if total != 0 else b""
    twice = [*document[key], document[key][0]]
    yield "a row twice", spoiling.encoded({**document, key: twice})


def test_a_malformed_list_never_counts_as_empty(
    row: Row, server: Server, recorded: dict[str, list[Journey]], tmp_path: Path, count: Counter[str]
) -> None:
    """The account owns what is wanted: whatever garbles the list, nothing is bought."""
    owns = next(journey for journey in recorded[row.provider] if journey.name == "have")
    buys = next(journey for journey in recorded[row.provider] if journey.name == "buy")
    journey = Journey(
        "have",
        row,
        owns.module,
        owns.options,
        (*owns.exchanges, *(pair for pair in buys.exchanges if not is_owned_list(pair[0]))),
        owns.sessions,
    )
    call = next(index for index, (seen, _reply) in enumerate(journey.exchanges) if is_owned_list(seen))
    problems: Counter[str] = Counter()
    for case, (what, body) in enumerate(malformed_lists(row, journey.exchanges[call][1].body)):
        attempt = Attempt(server, journey, call, Reply(200, body), tmp_path / str(case))
        if attempt.charges:
            attempt.problems.append("bought")
        if not attempt.result.get("failed") and not attempt.problems:
            attempt.problems.append("passed")
        problems.update(f"{problem} ({what})" for problem in attempt.problems)
        count["malformed lists of owned numbers"] += 1
    assert not problems, report(problems)


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "what"),
    [(row, what) for row in EACH_KIND for what in spoiling.slow() if row is EACH_KIND[0] or what == "silence"],
)
def test_the_deadline_holds(
    row: Row, server: Server, recorded: dict[str, list[Journey]], tmp_path: Path, what: str
) -> None:
    """Each task ends by itself, though the server never does, with a code that says why."""
    for name in ("list", "buy"):
        journey = next(one for one in recorded[row.provider] if one.name == name)
        call = next(index for index, (seen, _reply) in enumerate(journey.exchanges) if is_owned_list(seen))
        attempt = Attempt(
            server, journey, call, spoiling.slow()[what], tmp_path / name, timeout=0.05, deadline=0.3, retries=2
        )
        assert not attempt.problems
        assert attempt.code in ("connection_failed", "deadline_exceeded") and attempt.charges == 0, attempt.result


def test_an_endless_list_ends_with_the_deadline(server: Server, tmp_path: Path) -> None:
    """Every page leads to another one."""
    row = next(row for row in ROWS if row.provider == "sinch_catalog")

    def page(seen: Seen) -> Reply:
        number = int(seen.target.rpartition("=")[2]) if "page=" in seen.target else 0
        rows = [{"phone_number": f"+1504{number:07d}"}]
        return Reply(
            200,
            json.dumps(
                {"meta": {"next_page_url": f"/v1/Account/ACsandbox/ActiveNumbers/?page={number + 1}"}, "items": rows}
            ).encode(),
        )

    server.becomes(page)
    runner = Runner(server.url, row, tmp_path)
    lenient(runner, tmp_path)
    assert runner("number_info", deadline=0.5)["failure"]["code"] == "deadline_exceeded"


BOMB = """
import resource, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from rows import ROWS
from runner import Runner
row = next(row for row in ROWS if row.provider == "infobip_sms")
runner = Runner({url!r}, row, Path({home!r}))
runner.common.update(retries=0, timeout=60, deadline=60)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
failure = runner("number_info")["failure"]
print(failure["code"], (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_not_unpacked(server: Server, tmp_path: Path, layers: int) -> None:
    """A small answer that unpacks to 2 GiB (twice packed: to much more) ends in a failure, with the memory of one
    answer at most.
    """
    bomb = gzip.compress(b" " * (1 << 20), 9) * 2048
    for _layer in range(layers - 1):
        bomb = gzip.compress(bomb, 9)
    server.becomes(lambda _seen: Reply(200, bomb, (("Content-Encoding", ", ".join(["gzip"] * layers)),)))
    script = BOMB.format(paths=[str(Path(runner_module.__file__).parent)], url=server.url, home=str(tmp_path))
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    code, grown = ran.stdout.split()
    assert code in ("provider_error", "connection_failed") and int(grown) < 1024, ran.stdout


# -- other hosts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_carries_credentials_away(
    row: Row,
    server: Server,
    spy: Server,
    recorded: dict[str, list[Journey]],
    tmp_path: Path,
    status: int,
    count: Counter[str],
) -> None:
    for journey in recorded[row.provider]:
        for call in journey.calls():
            target = journey.exchanges[call][0].target
            reply = Reply(status, b"", (("Location", spy.url + target), ("Refresh", f"0; url={spy.url}")))
            attempt = Attempt(server, journey, call, reply, tmp_path / f"{journey.name}-{call}")
            assert not attempt.problems, (journey.name, attempt.problems, attempt.result)
            assert attempt.code is not None or call, (journey.name, "an answer that never came was taken for one")
            count["redirects to another host"] += 1
    assert not spy.lines()


def links(server: Server, spy: Server) -> list[str]:
    """Next links that lead to the spy, some of them only for one of two readers."""
    here, there = f"127.0.0.1:{server.port}", f"127.0.0.2:{spy.port}"
    hosts = [
        there,
        f"x@{there}",
        f"{here}@{there}",
        f"{there}\\@{here}",
        f"{here}\\@{there}",
        f"{there}#@{here}",
        f"{there}?@{here}",
        f"{there}%23@{here}",
    ]
    hosts += [
        f"{there}\t@{here}",
        f"{there}\\\\@{here}",
        f"{there}\\x@{here}",
        f"x:y@{there}",
        f"127.0.0.2:{spy.port}\\.127.0.0.1",
        f"127。0。0。2:{spy.port}",
        f"{there}%5c@{here}",
    ]
    hosts += [
        f"\\{there}",
        f" {there}",
        f"{there}%00.{here}",
        f"{there};{here}",
        f"[::ffff:127.0.0.2]:{spy.port}",
        f"2130706434:{spy.port}",
        f"0x7f000002:{spy.port}",
    ]
    schemes = [
        "http://",
        "HTTP://",
        "//",
        "http:\\\\",
        "/\\",
        "\\\\",
        "http:/",
        "http:",
        "ht\ntp://",
        " http://",
        "https://",
        "///",
        "http:///",
        "\thttp://",
    ]
    return [
        f"{scheme}{host}/v1/x?offset=1&page=1"
        for host in hosts
        for scheme in (schemes if host == there or "\\@" in host else schemes[:1])
    ]


@pytest.mark.parametrize("row", [row for row in EACH_KIND if row.provider in NEXT], ids=lambda row: row.provider)
def test_no_next_link_carries_credentials_away(
    row: Row, server: Server, spy: Server, recorded: dict[str, list[Journey]], tmp_path: Path, count: Counter[str]
) -> None:
    heard = []
    problems: Counter[str] = Counter()
    for name in ("list", "search", "buy"):
        journey = next(one for one in recorded[row.provider] if one.name == name)
        for call in [
            index
            for index in journey.calls()
            if f'"{NEXT[row.provider][0]}"'.encode() in journey.exchanges[index][1].body
        ]:
            for case, link in enumerate(links(server, spy)):
                document = json.loads(journey.exchanges[call][1].body)
                *way, last = NEXT[row.provider]
                functools.reduce(operator.getitem, way, document)[last] = link
                attempt = Attempt(
                    server,
                    journey,
                    call,
                    Reply(200, json.dumps(document).encode()),
                    tmp_path / f"{name}-{call}-{case}",
                    deadline=5,
                )
                problems.update(f"{problem} ({link})" for problem in attempt.problems)
                heard += [f"{link!r} led {len(lines)} requests away" for lines in [spy.lines()] if lines]
                count["next links to another host"] += 1
    assert not heard, "\n".join(heard)
    assert not problems, report(problems)
