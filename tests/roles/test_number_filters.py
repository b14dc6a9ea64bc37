# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play sees when a filter refuses."""

from __future__ import annotations

import json
from pathlib import Path

import ansible_runs


def test_a_refusal_is_a_failed_task_with_a_clear_line(tmp_path: Path) -> None:
    tasks = [{"ansible.builtin.debug": {"msg": "{{ 442079460018 | telco.numbers.e164 }}"}}]
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    ran = ansible_runs.run("playbook", "play.yml", folder=tmp_path, env=ansible_runs.environment(tmp_path))
    said = ran.stdout + ran.stderr
    assert ran.returncode != 0 and "quote it" in said and "Traceback" not in said
