# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose turn it is, and how long a pause is; nothing waits here."""

from __future__ import annotations

from ansible_collections.telco.numbers.plugins.module_utils._net.pace import Pace


def gap(pace):
    """The seconds between the next two turns."""
    first = pace.take_turn()
    return pace.take_turn() - first


def test_without_a_rate_nobody_waits():
    pace = Pace(None)
    assert [pace.take_turn() for _turn in range(5)] == [0.0] * 5


def test_a_rate_spreads_the_turns():
    pace = Pace(0.01)
    turns = [pace.take_turn() for _turn in range(4)]
    assert turns[0] == 0.0 and all(99 < later - earlier <= 100 for earlier, later in zip(turns, turns[1:]))


def test_after_a_429_all_wait_and_go_on_as_slowly_as_some_got_through():
    pace = Pace(None)
    for _request in range(4):
        pace.note_through()
    pace.slow_down(100)
    assert 99 < pace.take_turn() <= 100
    assert 25 < gap(pace) < 30


def test_those_that_were_under_way_are_one_429():
    pace = Pace(None)
    pace.note_through()
    for _request in range(8):
        pace.slow_down(100)
    assert 100 < gap(pace) < 115


def test_a_rate_that_is_too_high_gives_way():
    pace = Pace(1000)
    pace.slow_down(100)
    assert gap(pace) > 100


def test_a_rate_that_is_lower_than_what_is_allowed_is_lowered_all_the_same():
    pace = Pace(0.001)
    for _request in range(10):
        pace.note_through()
    pace.slow_down(1)
    assert gap(pace) > 1400


def test_no_pause_is_no_reason_to_go_slower():
    pace = Pace(None)
    pace.slow_down(0)
    assert gap(pace) == 0
