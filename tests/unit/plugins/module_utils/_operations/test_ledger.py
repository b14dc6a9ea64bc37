# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a list says is corrected by what was written a moment ago, and by nothing that is older or that it
contradicts.
"""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._journal.entries import (
    FAILED,
    FULFILLED,
    INTENT,
    PENDING,
    UNKNOWN,
    new_entry,
    new_line,
)
from ansible_collections.telco.numbers.plugins.module_utils._journal.store import Journal
from ansible_collections.telco.numbers.plugins.module_utils._operations import links
from ansible_collections.telco.numbers.plugins.module_utils._operations.ledger import Ledger
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number, offer
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Shop, State, context

A, B = "+14155550100", "+14155550101"
FREE, HERE, THERE = {}, {"sms": "here", "voice": "here"}, {"sms": "there", "voice": "there"}


@pytest.fixture
def journal():
    return Journal()


@pytest.fixture
def task(tmp_path):
    made = context(Shop, State([]), tmp_path)
    made.settle_time = 100.0
    return made


@pytest.fixture
def ledger(task, journal):
    return Ledger(task, journal)


def linked(applications, **facts):
    return number(A, applications=applications, **facts)


def write(ledger, *states):
    """Links that were written one after the other, the first one being what was before."""
    for before, after in zip(states, states[1:]):
        ledger.done(ledger.note_link(linked(before), linked(after)))


def told(ledger, applications, **options):
    """What the number is linked to when a list shows *applications*."""
    return dict(ledger.correct({A: linked(applications)}, **options)[A].applications)


@pytest.mark.parametrize(
    ("states", "listed", "is_so", "left"),
    [
        ((FREE, HERE), FREE, HERE, 1),
        ((FREE, HERE), HERE, HERE, 0),
        ((FREE, HERE), THERE, THERE, 0),
        ((HERE, FREE), HERE, FREE, 1),
        ((FREE, HERE, THERE), FREE, THERE, 2),
        ((FREE, HERE, THERE), HERE, THERE, 1),
        ((FREE, HERE, THERE), THERE, THERE, 0),
        ((FREE, HERE, FREE), FREE, FREE, 2),
        ((FREE, {"voice": "here"}, HERE), FREE, HERE, 2),
        ((FREE, {"voice": "here"}), {"sms": "there"}, {"sms": "there", "voice": "here"}, 1),
    ],
)
def test_a_list_is_late_right_or_of_somebody_else(ledger, journal, states, listed, is_so, left):
    write(ledger, *states)
    assert told(ledger, listed) == is_so
    assert len(journal.changes) == left


def test_a_number_got_by_itself_may_be_ahead_of_the_list(ledger, journal):
    write(ledger, FREE, HERE)
    assert told(ledger, HERE, names=[A], whole=False) == HERE
    assert told(ledger, FREE) == HERE
    assert len(journal.changes) == 1


def test_what_was_written_before_what_is_shown_corrects_nothing(ledger, journal):
    """Alone, the older entry would take the newer state for a list that is late."""
    write(ledger, FREE, HERE, FREE)
    ledger.shown({A: linked(FREE)})
    assert told(ledger, FREE, whole=False) == told(ledger, FREE) == FREE
    assert told(ledger, HERE) == FREE, "the list may have been late, and shows the state between now"


def test_what_a_killed_task_was_about_to_write_ends_nothing(ledger, journal):
    """The list is late: it shows the state before the link, which is that after an unlinking that was never sent,
    too.
    """
    write(ledger, FREE, HERE)
    ledger.note_link(linked(HERE), linked(FREE))
    assert told(ledger, FREE, whole=False) == told(ledger, FREE) == HERE


def test_what_is_shown_ends_what_was_written_before(ledger, journal):
    write(ledger, FREE, HERE, THERE)
    ledger.shown({A: linked(THERE)})
    assert journal.changes == []


def test_entries_of_other_numbers_are_left_alone(ledger, journal):
    write(ledger, FREE, HERE)
    ledger.correct({B: number(B)}, names=[B], whole=False)
    assert ledger.correct({}) == {}
    assert len(journal.changes) == 1


@pytest.mark.parametrize("age", [101.0, -101.0])
def test_after_the_settle_time_the_list_is_believed(ledger, journal, age):
    """By a clock that was set back, too."""
    write(ledger, FREE, HERE)
    journal.changes[0].at -= age
    assert told(ledger, FREE) == FREE
    assert journal.changes == []


@pytest.mark.parametrize("again", [{"since": "2026-02-01"}, {"id": "other"}])
def test_the_same_digits_bought_again_are_another_number(ledger, journal, again):
    old = linked(HERE, since="2026-01-01")
    ledger.done(ledger.note_release(old))
    assert ledger.correct({A: old}) == {}
    new = dataclasses.replace(old, **again)
    assert ledger.correct({A: new}) == {A: new}
    assert journal.changes == []


def test_a_release_is_forgotten_when_the_list_shows_it(ledger, journal):
    ledger.done(ledger.note_release(linked(FREE)))
    assert ledger.correct({}) == {}
    assert journal.changes == []


def order(task, status):
    """An order of A, as the journal keeps it in *status*."""
    line = dataclasses.replace(new_line(offer(number=A), 1, []), status=status)
    return new_entry([line], None, task.clock.wall())


@pytest.mark.parametrize("status", [INTENT, UNKNOWN, FAILED, PENDING, FULFILLED])
def test_an_order_brings_nothing_back_while_a_list_may_be_late(ledger, journal, task, status):
    """The record may be that of before, and the number counts by its order, if it was bought."""
    ledger.done(ledger.note_release(linked(FREE)))
    journal.write(order(task, status))
    assert ledger.correct({A: linked(FREE)}) == {}
    journal.changes[0].at -= task.settle_time + 1
    assert list(ledger.correct({A: linked(FREE)})) == [A]


@pytest.mark.parametrize(("status", "is_so"), [(INTENT, HERE), (FULFILLED, FREE)])
def test_a_number_that_was_surely_bought_again_has_no_link_of_before(ledger, journal, task, status, is_so):
    """Somebody else gave it back."""
    write(ledger, FREE, HERE)
    journal.write(order(task, status))
    assert told(ledger, FREE) == is_so


def test_a_refused_change_leaves_nothing(ledger, journal):
    ledger.undone(ledger.note_link(linked(FREE), linked(HERE)))
    assert told(ledger, FREE) == FREE
    assert journal.changes == []


def test_what_a_killed_task_sent_is_not_assumed(ledger, journal):
    assert ledger.note_link(linked(FREE), linked(HERE)).status == INTENT
    assert told(ledger, FREE) == FREE
    assert len(journal.changes) == 1
    assert told(ledger, HERE) == HERE
    assert journal.changes == []


def test_an_application_that_no_capability_shows_is_a_link(ledger, journal):
    before = number(A, capabilities=(), other_links=("here",))
    assert links.state(before) == {"other": "here"}
    ledger.done(ledger.note_link(before, links.changed(before, {}, [links.OTHER])))
    assert ledger.correct({A: before})[A].linked_to == ()
