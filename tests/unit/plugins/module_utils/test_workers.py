# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.threads import Workers


@pytest.mark.parametrize("width", [1, 2, 32])
@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_results_are_in_the_order_of_the_items(width, count):
    assert Workers(width).map(lambda item: item * item, range(count)) == [item * item for item in range(count)]


def test_as_many_calls_as_allowed_are_under_way_at_the_same_time():
    together = threading.Barrier(4)
    assert Workers(4).map(lambda item: together.wait(timeout=30) >= 0, range(8)) == [True] * 8


def test_no_more_calls_than_allowed_are_under_way_at_the_same_time():
    free = threading.Semaphore(3)

    def call(item):
        assert free.acquire(blocking=False)
        free.release()

    Workers(3).map(call, range(200))


@pytest.mark.parametrize("width", [1, 4])
def test_the_first_failure_lets_no_further_call_start_and_is_raised(width):
    begun = []
    failing = threading.Event()

    def call(item):
        begun.append(item)
        if item == 0:
            failing.set()
            raise KeyError(item)
        failing.wait(timeout=30)

    with pytest.raises(KeyError):
        Workers(width).map(call, range(1000))
    assert begun[:1] == [0]
    assert len(begun) < 1000


def test_of_several_failures_that_of_the_earliest_item_is_raised():
    together = threading.Barrier(2)

    def call(item):
        together.wait(timeout=30)
        raise KeyError(item)

    with pytest.raises(KeyError, match="0"):
        Workers(2).map(call, range(2))


def test_one_after_the_other_stays_in_the_callers_thread():
    assert set(Workers(1).map(lambda item: threading.current_thread(), range(3))) == {threading.current_thread()}
