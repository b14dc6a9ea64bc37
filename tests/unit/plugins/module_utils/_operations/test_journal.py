# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal remembers each purchase, refuses what it cannot trust, and one task at a time works on an account."""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import json
import os
import resource
import signal
import stat

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._core.model import CAPABILITIES, NUMBER_TYPES, Offer
from ansible_collections.telco.numbers.plugins.module_utils._journal import entries as log
from ansible_collections.telco.numbers.plugins.module_utils._journal.codec import as_line
from ansible_collections.telco.numbers.plugins.module_utils._journal.directory import DirectoryStore
from ansible_collections.telco.numbers.plugins.module_utils._journal.entries import new_entry, new_line
from ansible_collections.telco.numbers.plugins.module_utils._net.clock import Clock
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import (
    PROVIDER,
    group,
    in_another_process,
    offer,
)
from hypothesis import given
from hypothesis import strategies as st

KEY = "plivo_groups\nhttps\napi.plivo.com\n443\nMAXXXXXXXXXXXXXXXXXX"
A, B = "+14155550100", "+14155550101"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "telco.numbers"


@pytest.fixture
def store(folder):
    return DirectoryStore(str(folder), lambda: KEY, True)


def clock():
    """A task whose deadline is now: it waits for nothing."""
    return Clock(0)


_OF_A_LINE = ("status", "numbers", "references", "message", "seen")


def having(order, **facts):
    """The one line of *order* otherwise."""
    return order.with_line(0, dataclasses.replace(order.lines[0], **facts))


def entry(identity="1", at=1.0, **facts):
    line = new_line(facts.pop("offer", group()), facts.pop("quantity", 2), facts.pop("before", []))
    made = having(
        new_entry([line], facts.pop("application", None), at),
        **{key: facts.pop(key) for key in _OF_A_LINE if key in facts},
    )
    return dataclasses.replace(made, id=identity, **facts)


def written(store, *entries):
    with store.locked(clock()) as journal:
        for item in entries:
            journal.write(item)


def journal_file(folder):
    (path,) = folder.glob("*.jsonl")
    return path


def lines(folder):
    return journal_file(folder).read_bytes().splitlines()


# -- remember ----------------------------------------------------------------------------------------------------------


def test_what_was_written_is_read_by_the_next_task(store):
    whole = entry(
        offer=offer(B, city="Oakland", region="CA", area_code="510"),
        quantity=1,
        before=[B, A],
        numbers=[B],
        references=["ref-1"],
        application="app",
        message="created",
        status=log.PENDING,
    )
    written(store, whole)
    with store.locked(clock()) as journal:
        (found,) = journal.entries
    assert found.parts[0].as_offer(PROVIDER) == whole.parts[0].as_offer(PROVIDER)
    assert having(found, offer={}) == having(whole, offer={})
    assert found.lines[0].before == [A, B]


def test_the_last_state_of_an_order_counts(store):
    order = entry()
    written(store, order)
    written(store, having(order, status=log.FULFILLED, numbers=[A]))
    (found,) = store.peek().entries
    assert (found.status, found.lines[0].numbers) == (log.FULFILLED, [A])


def test_a_closed_order_is_forgotten(store):
    with store.locked(clock()) as journal:
        first, second = entry("1"), entry("2")
        journal.write(first)
        journal.write(second)
        journal.close(first)
        assert [item.id for item in journal.entries] == ["2"]
    assert [item.id for item in store.peek().entries] == ["2"]


def test_orders_stand_by_age(store):
    written(store, entry("b", 2.0), entry("c", 1.0), entry("a", 2.0))
    assert [item.id for item in store.peek().entries] == ["c", "a", "b"]


def test_an_intent_is_on_the_disk_as_soon_as_it_is_written(store):
    with store.locked(clock()) as journal:
        journal.write(entry())
        assert [item.status for item in store.peek().entries] == [log.INTENT]


def test_an_intent_survives_the_death_of_its_task(store):
    def buy_and_die():
        with store.locked(clock()) as journal:
            journal.write(entry())
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        buy_and_die()
    os.waitpid(child, 0)
    with store.locked(clock()) as journal:
        assert [item.id for item in journal.entries] == ["1"]


def test_each_order_has_an_id_of_its_own():
    assert len({new_entry([new_line(group(), 1, [])], None, 1.0).id for _time in range(50)}) == 50


def test_an_order_remembers_the_facts_by_which_its_numbers_are_known():
    sold = group("7", area_code="415", region="CA", city="Oakland", capabilities=("sms",))
    shown = entry(offer=sold).parts[0].as_offer(PROVIDER)
    assert (shown.id, shown.number, shown.country, shown.type, shown.capabilities) == (
        "7",
        None,
        "US",
        "local",
        ("sms",),
    )
    assert (shown.area_code, shown.region, shown.city) == ("415", "CA", "Oakland")
    bought = entry(offer=sold).parts[0].as_number(PROVIDER, A, ("sms", "voice"))
    assert (bought.number, bought.id, bought.provider, bought.city, bought.capabilities) == (
        A,
        "14155550100",
        PROVIDER,
        "Oakland",
        ("sms",),
    )
    assert bought.applications == {}
    linked = entry(offer=sold, application="app").parts[0].as_number(PROVIDER, A, ("sms", "voice"))
    assert linked.applications == {"sms": "app"}


_TEXT = st.none() | st.text(max_size=8)
_ENTRIES = st.lists(
    st.builds(
        lambda facts, quantity, status, numbers, at: having(
            new_entry([new_line(Offer(provider="x", **facts), quantity, numbers)], None, at),
            status=status,
            numbers=numbers,
        ),
        st.fixed_dictionaries(
            {
                "id": st.text(max_size=8),
                "number": st.none() | st.just(A),
                "country": _TEXT,
                "type": st.none() | st.sampled_from(NUMBER_TYPES),
                "capabilities": st.none()
                | st.sets(st.sampled_from(CAPABILITIES)).map(lambda words: tuple(sorted(words))),
                "area_code": _TEXT,
                "region": _TEXT,
                "city": _TEXT,
            }
        ),
        st.integers(1, 9),
        st.sampled_from([log.INTENT, log.FULFILLED, log.PENDING, log.UNKNOWN, log.CLOSED]),
        st.lists(st.sampled_from([A, B]), unique=True),
        st.floats(0, 4e9),
    ),
    max_size=5,
)


@given(_ENTRIES)
def test_any_orders_survive_the_way_to_the_disk_and_back(tmp_path_factory, entries):
    store = DirectoryStore(str(tmp_path_factory.mktemp("journal") / "state"), lambda: KEY, True)
    written(store, *entries)
    expected = sorted((item for item in entries if item.is_open), key=lambda item: (item.at, item.id))
    for found in (store.peek().entries, store.peek().entries):
        assert found == [having(item, offer=read.lines[0].offer) for item, read in zip(expected, found)]
        assert [item.parts[0].as_offer("x") for item in found] == [item.parts[0].as_offer("x") for item in expected]
    with store.locked(clock()) as journal:
        assert [item.id for item in journal.entries] == [item.id for item in expected]


# -- distrust ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("torn", [b"{", b'{"id": "2"', b"\x00\x00\x00", None])
def test_a_line_that_a_crash_cut_off_is_dropped(store, folder, torn):
    written(store, entry("1"), entry("2"))
    path = journal_file(folder)
    first, second = lines(folder)
    path.write_bytes(first + b"\n" + (second[:-1] if torn is None else torn))
    assert [item.id for item in store.peek().entries] == ["1"]
    written(store, entry("3", 3.0))
    assert [item.id for item in store.peek().entries] == ["1", "3"]


def good():
    """An order as an earlier release wrote it, whose one line was the entry itself."""
    order = json.loads(as_line(entry("1")))
    (line,) = order.pop("lines")
    return {**{key: order[key] for key in ("id", "at", "application", "selector")}, **line}


def with_lines(fields):
    """The same as it is written now."""
    own = ("offer", "quantity", "before", *_OF_A_LINE)
    line = {key: value for key, value in fields.items() if key in own}
    return {**{key: value for key, value in fields.items() if key not in own}, "kind": log.PURCHASE, "lines": [line]}


DAMAGE = {
    "cut off": b'{"id": "1"',
    "empty": b"",
    "no JSON": b"hello",
    "no UTF-8": b"\xff\xfe",
    "null": b"null",
    "list": b"[]",
    "too deep": b"[" * 100_000,
    "without offer": {key: value for key, value in good().items() if key != "offer"},
    "without quantity": {key: value for key, value in good().items() if key != "quantity"},
    "unknown status": {**good(), "status": "maybe"},
    "status a list": {**good(), "status": []},
    "id a number": {**good(), "id": 1},
    "quantity text": {**good(), "quantity": "2"},
    "quantity null": {**good(), "quantity": None},
    "time text": {**good(), "at": "now"},
    "offer null": {**good(), "offer": None},
    "offer empty": {**good(), "offer": {}},
    "offer number a number": {**good(), "offer": {**good()["offer"], "number": 14155550100}},
    "numbers null": {**good(), "numbers": None},
    "numbers of numbers": {**good(), "numbers": [14155550100]},
    "before null": {**good(), "before": None},
    "before nested": {**good(), "before": [[A]]},
    "references text": {**good(), "references": 5},
    "selector text": {**good(), "selector": "US"},
    "selector of numbers": {**good(), "selector": {"country": 1}},
    "seen null": {**good(), "seen": None},
    "no lines": {**with_lines(good()), "lines": []},
    "lines that are none": {**with_lines(good()), "lines": [None]},
    "a key that is no text": {**with_lines(good()), "key": 1},
    "change without a number": {"kind": log.LINK, "id": "2", "at": 1.0},
    "change with a number for a link": {"kind": log.LINK, "id": "2", "at": 1.0, "number": A, "after": {"voice": 1}},
    "change of an unknown status": {"kind": log.RELEASE, "id": "2", "at": 1.0, "number": A, "status": log.PENDING},
}


@pytest.mark.parametrize("earlier", [False, True], ids=["now", "earlier"])
@pytest.mark.parametrize("kind", sorted(DAMAGE))
def test_a_damaged_line_is_refused_and_nothing_is_overwritten(store, folder, kind, earlier, refused):
    written(store, entry("1"), entry("3"))
    path = journal_file(folder)
    first, last = lines(folder)
    damage = DAMAGE[kind]
    if not isinstance(damage, bytes):
        damage = json.dumps(damage if earlier or "kind" in damage else with_lines(damage)).encode()
    content = b"\n".join((first, damage, last, b""))
    path.write_bytes(content)
    with refused("journal_required") as refusal:
        store.peek()
    assert str(path) in str(refusal)
    assert "line 2" in str(refusal)
    with refused("journal_required"), store.locked(clock()):
        pass
    assert path.read_bytes() == content


def test_fields_of_a_newer_version_are_kept(store, folder):
    written(store, entry("1"), entry("2"))
    path = journal_file(folder)
    newer = json.loads(lines(folder)[0])
    newer["more"], newer["lines"][0]["papers"], newer["lines"][0]["offer"]["tier"] = [1], "x", 2
    path.write_bytes(json.dumps(newer).encode() + b"\n" + lines(folder)[1] + b"\n" + lines(folder)[1] + b"\n")
    with store.locked(clock()) as journal:  # it makes the file compact
        first, _second = journal.entries
        journal.write(having(first, status=log.PENDING))
    kept = json.loads(lines(folder)[-1])
    (line,) = kept["lines"]
    assert (kept["more"], line["papers"], line["offer"]["tier"], line["status"]) == ([1], "x", 2, log.PENDING)


# -- carried over ------------------------------------------------------------------------------------------------------

_GROUP = {
    "id": "7",
    "number": None,
    "country": "US",
    "type": "local",
    "capabilities": ["sms", "voice"],
    "area_code": "415",
    "region": None,
    "city": None,
    "currency": "USD",
    "setup_price": "0",
    "monthly_price": "1",
    "due_now": "1",
}
_SINGLE = {**_GROUP, "id": B, "number": B, "capabilities": ["voice"], "area_code": None, "setup_price": None}
_BARE = {
    "application": None,
    "before": [],
    "message": None,
    "numbers": [],
    "references": [],
    "seen": [],
    "selector": {},
}

# Lines as the code of before the lines wrote them: two orders with two states each, one in doubt, a closed one, a link.
_OPEN = {**_BARE, "id": "7c9f", "at": 1764194400.5, "offer": _GROUP, "quantity": 2, "before": [A], "application": "app"}
_BOUGHT = {**_BARE, "id": "0b1d", "at": 1764194460.0, "offer": _SINGLE, "quantity": 1}
_HELD = {**_BARE, "id": "3f0e", "at": 1764194470.0, "offer": _GROUP, "quantity": 1, "references": ["ref-1"]}
EARLIER = [
    {**_OPEN, "selector": {"country": "US"}, "status": "intent"},
    {**_OPEN, "selector": {"country": "US"}, "status": "pending", "message": "created"},
    {**_BOUGHT, "status": "intent"},
    {**_BOUGHT, "status": "fulfilled", "numbers": [B], "more": [1]},
    {**_HELD, "status": "unknown"},
    {**_BOUGHT, "id": "4f0e", "status": "closed"},
    {
        "id": "5f0e",
        "kind": "link",
        "at": 1764194490.0,
        "number": A,
        "identity": "id-1",
        "status": "intent",
        "before": {"voice": "app-1"},
        "after": {"voice": "app-2"},
    },
]


def earlier(folder, store):
    """The file of an earlier release in place of this one's."""
    written(store)
    written(store, entry())
    path = journal_file(folder)
    path.write_text("".join(json.dumps(item, sort_keys=True) + "\n" for item in EARLIER))
    return path


def test_a_journal_of_an_earlier_release_is_read(store, folder):
    earlier(folder, store)
    found = store.peek()
    first, bought, held = found.entries
    assert (first.id, first.status, first.application, first.selector) == (
        "7c9f",
        log.PENDING,
        "app",
        {"country": "US"},
    )
    (part,) = first.parts
    assert (part.quantity, part.before, part.line.message, part.id) == (2, [A], "created", "7c9f")
    assert part.as_offer(PROVIDER) == dataclasses.replace(
        group("7", 2, capabilities=("sms", "voice"), area_code="415"), raw={}
    )
    assert (bought.status, bought.parts[0].known(), bought.extra) == (log.FULFILLED, [B], {"more": [1]})
    assert (held.status, held.parts[0].references) == (log.UNKNOWN, ["ref-1"])
    assert [(change.number, change.after) for change in found.changes] == [(A, {"voice": "app-2"})]


def test_a_journal_of_an_earlier_release_is_carried_over(store, folder):
    earlier(folder, store)
    before = store.peek().entries
    with store.locked(clock()) as journal:
        assert journal.entries == before
        journal.write(having(journal.entries[0], status=log.FULFILLED))
    kinds = [json.loads(line).get("kind") for line in lines(folder)]
    assert kinds == [log.PURCHASE, log.PURCHASE, log.PURCHASE, log.LINK, log.PURCHASE]
    assert [item.id for item in store.peek().entries] == ["7c9f", "0b1d", "3f0e"]
    assert json.loads(lines(folder)[1])["more"] == [1]


def test_a_request_of_several_lines_is_one_entry(store):
    several = new_entry([new_line(group("1"), 1, []), new_line(group("2"), 2, [A])], None, 1.0, key="our-key")
    written(store, several)
    written(store, several.with_line(0, dataclasses.replace(several.lines[0], status=log.FAILED)))
    (found,) = store.peek().entries
    assert (found.key, [part.id for part in found.parts]) == ("our-key", [f"{found.id}/0", f"{found.id}/1"])
    written(store, found.with_line(1, dataclasses.replace(found.lines[1], status=log.CLOSED)))
    assert not store.peek().entries


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([log.FULFILLED, log.CLOSED], log.FULFILLED),
        ([log.FAILED, log.FAILED], log.FAILED),
        ([log.FAILED, log.FULFILLED], log.PARTIAL),
        ([log.PENDING, log.FAILED], log.PENDING),
        ([log.PENDING, log.NEEDS_INPUT], log.NEEDS_INPUT),
        ([log.PENDING, log.UNKNOWN], log.UNKNOWN),
    ],
)
def test_an_order_is_what_its_lines_are(states, whole):
    lines_of = [dataclasses.replace(new_line(group(), 1, []), status=state) for state in states]
    assert new_entry(lines_of, None, 1.0).status == whole


def test_an_entry_of_a_newer_kind_names_the_cause(store, folder, refused):
    written(store, entry("1"))
    path = journal_file(folder)
    path.write_bytes(path.read_bytes() + b'{"kind": "port", "id": "2"}\n')
    with refused("journal_required") as refusal:
        store.peek()
    assert "update the collection" in str(refusal)


def test_changes_of_links_and_releases_are_remembered_until_they_are_closed(store):
    link = log.new_change(log.LINK, A, "id-1", {"voice": "app-1"}, {"voice": "app-2"}, 1.0)
    gone = log.new_change(log.RELEASE, B, "id-2", {}, {}, 2.0)
    with store.locked(clock()) as journal:
        journal.write_change(link)
        journal.write_change(gone)
        journal.write_change(dataclasses.replace(link, status=log.DONE))
        assert not journal.entries
    with store.locked(clock()) as journal:
        assert [(item.kind, item.status, item.after) for item in journal.changes] == [
            (log.LINK, log.DONE, {"voice": "app-2"}),
            (log.RELEASE, log.INTENT, {}),
        ]
        journal.close_change(journal.changes[0])
    assert [item.number for item in store.peek().changes] == [B]


@pytest.mark.parametrize("reason", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.EIO])
def test_a_file_system_without_locks_is_named(store, folder, reason, refused, monkeypatch):
    def no_lock(*_arguments):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(fcntl, "flock", no_lock)
    with refused("journal_required") as refusal, store.locked(clock()):
        pass
    assert str(folder) in str(refusal)
    assert ("no locks" in str(refusal)) == (reason != errno.EIO)


def test_check_mode_refuses_the_directory_that_a_run_refuses(store, folder, tmp_path, refused):
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with refused("journal_required"):
        store.peek()
    folder.chmod(0o700)
    store.peek()
    (tmp_path / "file").touch()
    with refused("journal_required"):
        DirectoryStore(str(tmp_path / "file" / "state"), lambda: KEY, True).peek()
    assert not DirectoryStore(str(tmp_path / "absent" / "state"), lambda: KEY, True).peek().entries
    assert not (tmp_path / "absent").exists()


def test_a_damaged_last_line_that_is_complete_is_no_torn_one(store, folder, refused):
    written(store, entry("1"))
    path = journal_file(folder)
    path.write_bytes(path.read_bytes() + b'{"id": "2"\n')
    with refused("journal_required"):
        store.peek()


@pytest.mark.parametrize("bits", [0o755, 0o750, 0o777])
def test_an_open_directory_is_refused(store, folder, bits, refused):
    folder.mkdir(parents=True)
    folder.chmod(bits)
    with refused("journal_required") as refusal, store.locked(clock()):
        pass
    assert "TELCO_NUMBERS_JOURNAL" in str(refusal)


def test_a_foreign_directory_is_refused(foreign_directory, refused):
    with refused("journal_required"), DirectoryStore(str(foreign_directory), lambda: KEY, True).locked(clock()):
        pass


def test_a_linked_directory_is_refused(store, folder, tmp_path, refused):
    (tmp_path / "real").mkdir(mode=0o700)
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "real")
    with refused("journal_required"), store.locked(clock()):
        pass
    assert list((tmp_path / "real").iterdir()) == []


def test_a_directory_that_cannot_be_made_is_refused(tmp_path, refused):
    (tmp_path / "file").touch()
    with refused("journal_required"), DirectoryStore(str(tmp_path / "file" / "state"), lambda: KEY, True).locked(
        clock()
    ):
        pass


def outcome(action):
    """The code that *action* fails with."""
    try:
        action()
    except Failure as failure:
        return failure.code
    return "passed"


def test_a_directory_that_cannot_be_written_is_refused(open_to_all):
    def attempt():
        path = os.path.join(open_to_all, "state")
        os.mkdir(path, 0o500)
        return outcome(lambda: written(DirectoryStore(path, lambda: KEY, True)))

    assert in_another_process(attempt, ordinary_user=True) == "journal_required"


def test_a_full_disk_is_refused_and_the_order_does_not_stand(store):
    def attempt():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with store.locked(clock()) as journal:
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
            return outcome(lambda: journal.write(entry())), journal.entries

    assert in_another_process(attempt) == ("journal_required", [])
    assert store.peek().entries == []


def test_a_directory_that_vanished_is_refused(store, folder, refused):
    with store.locked(clock()) as journal:
        folder.rename(folder.with_name("gone"))
        with refused("journal_required"):
            journal.write(entry())
        assert journal.entries == []


@pytest.mark.parametrize("suffix", ["jsonl", "lock"])
@pytest.mark.parametrize("bits", [0o644, 0o660])
def test_a_file_that_others_may_use_is_refused(store, folder, suffix, bits, refused):
    written(store, entry())
    (path,) = folder.glob(f"*.{suffix}")
    path.chmod(bits)
    with refused("journal_required"), store.locked(clock()):
        pass


@pytest.mark.parametrize("suffix", ["jsonl", "lock"])
def test_a_linked_file_is_refused(store, folder, tmp_path, suffix, refused):
    written(store, entry())
    (path,) = folder.glob(f"*.{suffix}")
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with refused("journal_required"), store.locked(clock()):
        pass


def test_a_journal_that_others_may_read_is_refused_in_check_mode_too(store, folder, refused):
    written(store, entry())
    journal_file(folder).chmod(0o644)
    with refused("journal_required"):
        store.peek()


# -- tidiness ----------------------------------------------------------------------------------------------------------


def test_only_open_orders_stay_in_the_file(store, folder):
    with store.locked(clock()) as journal:
        for identity in "123456":
            order = entry(identity)
            journal.write(order)
            if identity != "3":
                journal.close(order)
    assert len(lines(folder)) == 11
    written(store)
    assert [json.loads(line)["id"] for line in lines(folder)] == ["3"]


def test_directory_and_files_are_for_their_owner_alone(store, folder):
    written(store, entry())
    written(store, entry(status=log.CLOSED))
    written(store)
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        ".jsonl": 0o600,
        ".lock": 0o600,
    }


def test_the_journal_holds_no_record_of_the_provider_and_no_account(store, folder):
    written(store, entry(offer=group(raw={"authorization": "s3cret"}, monthly_price="12.34")))
    content = journal_file(folder).read_text() + "".join(path.name for path in folder.iterdir())
    assert "s3cret" not in content
    assert "MAXXX" not in content


def test_looking_writes_nothing(store, folder):
    assert store.peek().entries == []
    assert not folder.exists()
    written(store, entry("1"), entry("1", status=log.CLOSED), entry("2"))
    before = journal_file(folder).read_bytes()
    journal = store.peek()
    journal.write(entry("9"))
    assert journal_file(folder).read_bytes() == before


def test_accounts_have_journals_of_their_own(store, folder):
    written(store, entry("1"))
    other = DirectoryStore(str(folder), lambda: KEY + "2", True)
    assert other.peek().entries == []
    written(other, entry("2"))
    assert [item.id for item in store.peek().entries] == ["1"]


def test_a_disabled_journal_remembers_for_the_task_alone(store, folder):
    written(store, entry("1"))
    silent = DirectoryStore(str(folder), lambda: KEY, False)
    before = journal_file(folder).read_bytes()
    with silent.locked(clock()) as journal:
        assert journal.entries == []
        journal.write(entry("2"))
        assert [item.id for item in journal.entries] == ["2"]
    assert silent.peek().entries == []
    assert journal_file(folder).read_bytes() == before


# -- lock --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_a_second_buyer_is_turned_away_after_its_deadline(store, folder, enabled, refused):
    second = DirectoryStore(str(folder), lambda: KEY, enabled)
    with store.locked(clock()):
        with refused("locked"), second.locked(Clock(0.12)):
            pass
        with refused("locked"), second.locked(clock()):
            pass


def test_a_buyer_in_another_process_is_turned_away(store):
    with store.locked(clock()):
        assert in_another_process(lambda: outcome(lambda: written(store))) == "locked"
    assert in_another_process(lambda: outcome(lambda: written(store))) == "passed"


def test_the_lock_ends_with_the_task(store):
    with store.locked(clock()):
        pass
    with store.locked(clock()):
        pass


def test_the_lock_ends_with_a_task_that_fails(store, refused):
    with refused("out_of_stock"), store.locked(clock()):
        raise Failure("out_of_stock", "x")
    with store.locked(clock()):
        pass


def test_a_task_that_is_turned_away_leaves_the_lock_to_its_holder(store, refused):
    with store.locked(clock()):
        for _time in range(2):
            with refused("locked"), store.locked(clock()):
                pass


def test_other_accounts_are_not_held_up(store, folder):
    with store.locked(clock()), DirectoryStore(str(folder), lambda: KEY + "2", True).locked(clock()) as journal:
        assert journal.entries == []
