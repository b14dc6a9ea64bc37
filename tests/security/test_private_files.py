# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal, the lock and the session cache: what is not surely the user's own is refused by its name, and nothing is
bought.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import runner as runner_module
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import in_another_process
from contract_fixtures import Sandbox
from journeys import charge, is_owned_list
from kinds import chosen
from relay import Reply, Seen, Server, forward
from rows import ROWS, Row
from runner import Runner
from verdict import complaints

ROOT = os.geteuid() == 0
NOBODY = 65534
needs_root = pytest.mark.skipif(not ROOT, reason="only root can give a file to somebody else")
PORTAL = [row for row in ROWS if row.login]
PLIVO = next(row for row in ROWS if row.provider == "plivo_groups")
each_purchase = pytest.mark.parametrize(
    "row", chosen("purchase", "pending"), indirect=True, ids=lambda row: row.provider
)


@pytest.fixture()
def row(request: pytest.FixtureRequest) -> Row:
    """The files are the same for every provider: one is enough where a test does not say otherwise."""
    found: Row = getattr(request, "param", PLIVO)
    return found


@pytest.fixture()
def server(sandbox: Sandbox) -> Iterator[Server]:
    with Server(forward(sandbox.url)) as running:
        yield running


@pytest.fixture()
def buyer(server: Server, row: Row, tmp_path: Path) -> Runner:
    """Owns one number, so that journal and lock are there."""
    made = Runner(server.url, row, tmp_path)
    made.common["settle_time"] = 0
    if row.login:
        made.common["session_cache"] = str(tmp_path / "sessions")
    made.buy(1)
    server.take()
    return made


def journal(buyer: Runner, suffix: str = ".jsonl") -> Path:
    """The one journal, or the one lock."""
    folder = Path(buyer.common["journal"])
    found = sorted(folder.glob(f"*{suffix}"))
    return found[0] if found else folder / (sorted(folder.glob("*.lock"))[0].stem + suffix)


def refused(buyer: Runner, server: Server, name: Path | str, code: str = "journal_required") -> dict[str, Any]:
    """A purchase of one more that must fail, name the file, and not be sent."""
    server.take()
    result = buyer.fails(code, "number_purchase", **buyer.row.where, count=2)
    assert not complaints(result) and str(name) in result["msg"], result["msg"]
    assert not [seen for seen in server.take() if charge(buyer.row, seen)] and not result["changed"]
    return result


# -- ways in which a file is not one's own ----------------------------------------------------------------------------


def _link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def _fifo(path: Path) -> None:
    """Reading one waits for a writer for ever, unless it is opened with care."""
    path.unlink()
    os.mkfifo(path, 0o600)


def _readable(path: Path) -> None:
    path.chmod(0o640)


def _writable(path: Path) -> None:
    path.chmod(0o606)


def _foreign(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


WAYS: tuple[Any, ...] = (_link, _dangling, _directory, _readable, _writable, pytest.param(_foreign, marks=needs_root))


@pytest.mark.parametrize("suffix", [".jsonl", ".lock"])
@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_not_ones_own(
    buyer: Runner, server: Server, sandbox: Sandbox, suffix: str, way: Callable[[Path], None]
) -> None:
    path = journal(buyer, suffix)
    path.touch(mode=0o600)
    way(path)
    refused(buyer, server, path)
    assert len(sandbox.state(buyer.row)["owned"]) == 1 and not path.with_name("nowhere").exists()


@pytest.mark.parametrize("way", [_link, _readable, pytest.param(_foreign, marks=needs_root)])
def test_a_folder_that_is_not_ones_own(buyer: Runner, server: Server, way: Callable[[Path], None]) -> None:
    folder = Path(buyer.common["journal"])
    way(folder)
    refused(buyer, server, folder)


@pytest.mark.parametrize("way", [way for way in WAYS if way is not _dangling])
def test_a_journal_is_not_even_read_when_it_is_not_ones_own(buyer: Runner, way: Callable[[Path], None]) -> None:
    """Check mode writes nothing, and believes no more; where a link leads nowhere there is nothing to believe."""
    path = journal(buyer)
    path.touch(mode=0o600)
    way(path)
    assert (
        str(path) in buyer.fails("journal_required", "number_purchase", **buyer.row.where, count=2, check=True)["msg"]
    )


FIFO = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from rows import ROWS
from runner import Runner
row = next(row for row in ROWS if row.provider == {provider!r})
runner = Runner({url!r}, row, Path({home!r}))
runner.common.update({common!r})
result = runner("number_purchase", **row.where, count=2, check={check!r})
print(result["failure"]["code"], result["msg"])
"""


@pytest.mark.parametrize(
    ("suffix", "check"), [(".jsonl", False), (".jsonl", True), (".lock", False)]
)  # check mode takes no lock
def test_a_pipe_does_not_hold_the_task(buyer: Runner, server: Server, tmp_path: Path, suffix: str, check: bool) -> None:
    """A pipe that nobody writes to must not make the task wait beyond its deadline (in a process of its own, which can
    be ended).
    """
    path = journal(buyer, suffix)
    path.touch(mode=0o600)
    _fifo(path)
    folder = str(Path(runner_module.__file__).parent)
    script = FIFO.format(
        paths=[folder],
        provider=buyer.row.provider,
        url=server.url,
        home=str(tmp_path),
        common={**buyer.common, "deadline": 2},
        check=check,
    )
    try:
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.fail("the task waits for ever")
    assert ran.stdout.startswith("journal_required") and str(path) in ran.stdout, ran.stdout + ran.stderr[-1000:]


# -- races -------------------------------------------------------------------------------------------------------------


def meanwhile(server: Server, sandbox: Sandbox, act: Callable[[], None]) -> None:
    """Let *act* happen while the task reads the list of owned numbers: after its first look at the journal, before the
    purchase.
    """
    onward = forward(sandbox.url)
    done: list[bool] = []

    def answer(seen: Seen) -> Reply:
        if is_owned_list(seen) and not done:
            done.append(True)
            act()
        return onward(seen)

    server.becomes(answer)


@pytest.mark.parametrize("way", WAYS)
def test_a_journal_that_is_replaced_while_the_task_runs(
    buyer: Runner, server: Server, sandbox: Sandbox, way: Callable[[Path], None]
) -> None:
    path = journal(buyer)
    path.touch(mode=0o600)
    meanwhile(server, sandbox, lambda: way(path))
    refused(buyer, server, path)
    assert not path.with_name("moved").exists() or not path.with_name("moved").read_bytes()


@each_purchase
@pytest.mark.parametrize(
    "target", ["own", pytest.param("foreign", marks=needs_root), pytest.param("open", marks=needs_root)]
)
def test_a_folder_that_is_replaced_while_the_task_runs(
    buyer: Runner, server: Server, sandbox: Sandbox, tmp_path: Path, target: str
) -> None:
    """An intent in a folder that the next task does not look into, or that others can reach, is as good as none."""
    folder, elsewhere = Path(buyer.common["journal"]), tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if target == "foreign":
        os.chown(elsewhere, NOBODY, NOBODY)
    if target == "open":
        elsewhere.chmod(0o777)

    def swap() -> None:
        folder.rename(tmp_path / "moved")
        folder.symlink_to(elsewhere)

    meanwhile(server, sandbox, swap)
    refused(buyer, server, folder)
    assert not list(elsewhere.iterdir())


def test_a_folder_that_vanishes_while_the_task_runs(buyer: Runner, server: Server, sandbox: Sandbox) -> None:
    folder = Path(buyer.common["journal"])
    meanwhile(server, sandbox, lambda: shutil.rmtree(folder))
    refused(buyer, server, folder)


# -- no room -----------------------------------------------------------------------------------------------------------


@each_purchase
def test_a_full_disk_stops_a_purchase_before_it_is_sent(
    server: Server, sandbox: Sandbox, row: Row, tmp_path: Path
) -> None:
    """A disk of 64 KiB fills up between the first look at the journal and the purchase."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "none", str(disk)]
    if not ROOT or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here; a limit on the size of a file is tested beside this")
    try:
        buyer = Runner(server.url, row, tmp_path)
        buyer.common.update(settle_time=0, journal=str(disk / "journal"))
        buyer.buy(1)

        def fill() -> None:
            with (disk / "filling").open("wb", buffering=0) as filling, contextlib.suppress(OSError):
                while True:
                    filling.write(b"x" * 4096)

        meanwhile(server, sandbox, fill)
        refused(buyer, server, journal(buyer))
        assert len(sandbox.state(row)["owned"]) == 1
        (disk / "filling").unlink()
        assert len(buyer.buy(2)) == 2
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A limit of this process, which ends a write in the middle."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        signal.signal(signal.SIGXFSZ, handler)


@each_purchase
@pytest.mark.parametrize("room", [0, 1, 150])
def test_a_line_that_does_not_fit_stops_a_purchase_and_harms_no_other(
    buyer: Runner, server: Server, sandbox: Sandbox, room: int
) -> None:
    """What was written of it is dropped by the next task, which goes on as if it had never been."""
    with no_file_larger_than(room):
        refused(buyer, server, journal(buyer))
    assert len(journal(buyer).read_bytes()) <= room and len(sandbox.state(buyer.row)["owned"]) == 1
    assert len(buyer.buy(2)) == 2


@needs_root
def test_a_read_only_folder(buyer: Runner, server: Server) -> None:
    """Of an ordinary user, because root may write everywhere: a child process becomes one."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o500)
    os.chown(folder, NOBODY, NOBODY)
    buyer.common["journal"] = str(folder)
    result = in_another_process(lambda: buyer("number_purchase", **buyer.row.where, count=2), ordinary_user=True)
    folder.rmdir()
    assert result["failure"]["code"] == "journal_required" and str(folder) in result["msg"], result
    assert not [seen for seen in server.take() if charge(buyer.row, seen)]


# -- torn and tampered -------------------------------------------------------------------------------------------------


def open_entry(buyer: Runner, server: Server, sandbox: Sandbox) -> bytes:
    """The journal of a task that was killed just after its purchase: an intent without an outcome."""
    onward = forward(sandbox.url)
    kept: list[bytes] = []

    def answer(seen: Seen) -> Reply:
        if charge(buyer.row, seen):
            kept.append(journal(buyer).read_bytes())
        return onward(seen)

    server.becomes(answer)
    buyer.buy(2)
    server.becomes(onward)
    assert kept and kept[0].endswith(b"\n")
    return kept[0]


@each_purchase
@pytest.mark.parametrize("cut", [1, 2, 100, -2, -1])
def test_a_torn_last_line_loses_no_other_entry(buyer: Runner, server: Server, sandbox: Sandbox, cut: int) -> None:
    """Killed between write and fsync: the purchase of that line was never sent; the entries before it still count."""
    content = open_entry(buyer, server, sandbox)
    path = journal(buyer)
    path.write_bytes(content + content.splitlines(keepends=True)[-1][:cut])
    assert len(buyer.buy(2)) == 2 and len(sandbox.state(buyer.row)["owned"]) == 2
    assert len(buyer.buy(3)) == 3 and len(sandbox.state(buyer.row)["owned"]) == 3


def changed(content: bytes, **fields: Any) -> bytes:
    """The journal's last entry with other fields: its own, or those of its first line."""
    lines = content.splitlines()
    entry = json.loads(lines[-1])
    for key, value in fields.items():
        (entry["lines"][0] if key in entry["lines"][0] else entry)[key] = value
    return b"\n".join([*lines[:-1], json.dumps(entry).encode(), b""])


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda content: b"x" + content,
    "a blank line": lambda content: b"\n" + content,
    "zeros": lambda content: b"\0" * 512 + b"\n" + content,
    "a kind that nobody knows": lambda content: changed(content, kind="port"),
    "a selector that is none": lambda content: changed(content, selector=[]),
    "another status": lambda content: changed(content, status="bought"),
    "a status that is no text": lambda content: changed(content, status=[]),
    "a quantity that is no number": lambda content: changed(content, quantity="2"),
    "less than nothing": lambda content: changed(content, quantity=-1),
    "no whole number": lambda content: changed(content, quantity=1.5),
    "numbers that are no list": lambda content: changed(content, numbers={}),
    "an offer that is none": lambda content: changed(content, offer=[]),
    "a time that is none": lambda content: changed(content, at=float("nan")),
    "a time without end": lambda content: changed(content, at=float("inf")),
    "a truth for a number": lambda content: changed(content, quantity=True),
    "a line in the middle": lambda content: content + content[:50] + b"\n" + content,
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_journal_is_named_and_nothing_is_bought(
    buyer: Runner, server: Server, sandbox: Sandbox, how: str
) -> None:
    content = TAMPERED[how](open_entry(buyer, server, sandbox))
    path = journal(buyer)
    path.write_bytes(content)
    server.take()
    result = buyer.fails("journal_required", "number_purchase", **buyer.row.where, count=3)
    assert str(path) in result["msg"] and not complaints(result)
    assert not [seen for seen in server.take() if charge(buyer.row, seen)] and path.read_bytes() == content


# -- the session cache -------------------------------------------------------------------------------------------------


def session(buyer: Runner) -> Path:
    """The one cached session."""
    (found,) = Path(buyer.common["session_cache"]).glob("session-*.json")
    return found


@pytest.mark.parametrize("row", PORTAL, indirect=True, ids=lambda row: row.provider)
class TestSessionCache:
    """Only the portal has a session to keep."""

    def test_modes(self, buyer: Runner) -> None:
        assert (
            stat.S_IMODE(session(buyer).stat().st_mode) == 0o600
            and stat.S_IMODE(session(buyer).parent.stat().st_mode) == 0o700
        )

    @pytest.mark.parametrize("way", WAYS)
    def test_a_session_that_is_not_ones_own(self, buyer: Runner, server: Server, way: Callable[[Path], None]) -> None:
        path = session(buyer)
        way(path)
        refused(buyer, server, path, "invalid_option")
        assert not server.take()

    @pytest.mark.parametrize("way", [_link, _readable, pytest.param(_foreign, marks=needs_root)])
    def test_a_folder_that_is_not_ones_own(self, buyer: Runner, server: Server, way: Callable[[Path], None]) -> None:
        folder = session(buyer).parent
        way(folder)
        refused(buyer, server, folder, "invalid_option")

    @pytest.mark.parametrize(
        "fields",
        [
            *(
                {"account": {}},
                {"account": None},
                {"account": {"id": None}},
                {"account": {"id": ["x"]}},
                {"account": {"id": "1", "name": {}}},
                {"account": []},
            ),
            *(
                {"secret": ""},
                {"secret": "not Base64!"},
                {"secret": 5},
                {"instance": ""},
                {"instance": "a\r\nX-Injected: 1"},
                {"instance": "\ud800"},
                {"instance": []},
            ),
            *({"expires": "never"}, {"expires": None}, {"expires": []}),
        ],
        ids=str,
    )
    def test_a_tampered_session_is_named(self, buyer: Runner, server: Server, fields: dict[str, Any]) -> None:
        """Not used, and not silently replaced either."""
        path = session(buyer)
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))
        server.take()
        for module, options in (("account_info", {}), ("number_purchase", {**buyer.row.where, "count": 2})):
            result = buyer.fails("invalid_option", module, **options)
            assert str(path) in result["msg"] and not complaints(result), result["msg"]
        assert not server.take()

    @pytest.mark.parametrize("expires", [float("nan"), float("inf"), -1, 0, 1e300])
    def test_an_odd_lifetime_is_no_reason_to_trust(
        self, buyer: Runner, server: Server, sandbox: Sandbox, expires: float
    ) -> None:
        """The provider decides in the end: a session it no longer knows is replaced."""
        path = session(buyer)
        path.write_text(
            json.dumps(
                {**json.loads(path.read_text()), "expires": expires, "instance": "00000000-0000-4000-8000-000000000000"}
            )
        )
        assert len(buyer.buy(2)) == 2 == len(sandbox.state(buyer.row)["owned"])

    def test_a_session_that_is_replaced_by_a_link_while_the_task_runs(
        self, buyer: Runner, server: Server, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        """What the link leads to is not written."""
        path, victim = session(buyer), tmp_path / "victim"
        victim.write_text("kept")

        def act() -> None:
            path.unlink()
            path.symlink_to(victim)

        sandbox.change(buyer.row, expire_instances=True)
        meanwhile(server, sandbox, act)
        result = buyer("number_purchase", **buyer.row.where, count=2)
        assert not complaints(result) and victim.read_text() == "kept"
        assert path.is_symlink() is False or result["failed"]

    def test_a_full_disk(self, buyer: Runner, server: Server) -> None:
        """A session that cannot be kept ends the task before it does anything."""
        path = session(buyer)
        path.unlink()
        with no_file_larger_than(10):
            refused(buyer, server, path, "invalid_option")
        assert not list(path.parent.iterdir())
