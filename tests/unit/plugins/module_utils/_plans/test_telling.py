# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long work tells people how far it is, and nobody where nobody watches."""

from __future__ import annotations

import threading

from ansible_collections.telco.numbers.plugins.module_utils._tasks.plan_task import INTERVAL, telling
from ansible_collections.telco.numbers.plugins.plugin_utils import _report


def test_a_line_is_told_again_and_again_until_the_work_is_done():
    told: list[str] = []
    twice = threading.Event()

    def say(line: str) -> None:
        told.append(line)
        if len(told) > 1:
            twice.set()

    with telling(say, lambda: f"line {len(told)}", interval=0.001):
        assert twice.wait(30)
    count = len(told)
    assert told[:2] == ["line 0", "line 1"] and INTERVAL == 15.0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tell")] and len(told) == count


def test_where_nobody_watches_nothing_is_told():
    with telling(None, lambda: 1 / 0, interval=0.0):
        pass


def test_what_a_machine_reads_has_no_report(monkeypatch):
    for name, people in {"default": True, "ansible.builtin.default": True, "ansible.posix.json": False}.items():
        monkeypatch.setattr(_report.C, "DEFAULT_STDOUT_CALLBACK", name)
        assert _report.for_people() is people
