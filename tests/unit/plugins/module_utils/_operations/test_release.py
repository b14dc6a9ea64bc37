# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release whose answer was lost is repeated where that is safe, and no later answer speaks for the first request."""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure
from ansible_collections.telco.numbers.plugins.module_utils._operations.release import release
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.shop import Shop, State

A = "+14155550100"
LOST = Ambiguous("The connection broke.")
TAKEN = Ambiguous("The order was placed, and has not ended.", taken=True)
REFUSED = Failure("deadline_exceeded", "The deadline passed before the request could be sent.")


class ReturningShop(Shop):
    """Takes numbers back, with an outcome for each request; None carries it out."""

    def release(self, number):
        self.state.bought.append(number.number)
        outcome = self.state.outcomes.pop(0)
        if outcome is not None:
            raise outcome
        del self.state.owned[number.number]


@pytest.fixture
def task(tmp_path):
    return shop.context(ReturningShop, State([], owned={A: number(A, since="2026-01-01")}), tmp_path)


def test_what_did_not_arrive_is_sent_once_more(task):
    task.provider.state.outcomes = [LOST, None]
    assert release(task, [A], force=False).changed and task.provider.state.bought == [A, A]


@pytest.mark.parametrize("outcomes", [[LOST, REFUSED], [TAKEN]], ids=["the second one is refused", "it is under way"])
def test_what_may_be_under_way_is_not_known_and_is_remembered(task, outcomes):
    sent = len(outcomes)
    task.provider.state.outcomes = list(outcomes)
    with pytest.raises(Failure) as caught:
        release(task, [A], force=False)
    assert (caught.value.code, task.provider.state.bought) == ("unknown_outcome", [A] * sent)
    with task.exclusive() as journal:
        assert [(entry.number, entry.status) for entry in journal.changes] == [(A, "intent")]
