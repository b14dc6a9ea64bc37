# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of the tests, which are forks of a process that has imported Ansible, are as if each had imported it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ansible_runs
import pytest

FILTER = """
from ansible import constants

class FilterModule:
    def filters(self):
        return {"setting": lambda name: repr(getattr(constants, name))}
"""
CONFIG = "[defaults]\nforks = 7\nretry_files_enabled = true\n[diff]\nalways = true\n"


def play(folder: Path) -> list[str]:
    """A play that tells each setting, and which program it is; what it needs to run it."""
    from ansible import constants

    (folder / "filters").mkdir()
    (folder / "filters" / "own.py").write_text(FILTER)
    (folder / "own.cfg").write_text(CONFIG)
    names = sorted(constants.config.get_configuration_definitions())
    told = {
        "settings": "{{ dict(names | zip(names | map('setting'))) }}",
        "program": "{{ lookup('pipe', 'cat /proc/$PPID/cmdline | tr \"\\\\0\" \" \"') }}",
    }
    tasks = [{"ansible.builtin.debug": {"msg": told}, "vars": {"names": names}}, {"ansible.builtin.command": "pwd"}]
    (folder / "play.json").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return ["playbook", "play.json", "-vv"]


def said(output: str) -> tuple[dict[str, Any], str]:
    """What the play told, and everything that was printed, without what is another in each run."""
    at = re.search(r"ok: \[localhost\] => (?=\{)", output)
    assert at, output
    told = json.JSONDecoder().raw_decode(output, at.end())[0]["msg"]
    told["settings"]["DEFAULT_LOCAL_TMP"] = "another"
    rest = output[: at.end()] + output[output.index("\nTASK", at.end()) :]
    return told, re.sub(r'("|\b)(start|end|delta|[\d:. -]{10,})\b.*', "", rest)


def environment(folder: Path) -> dict[str, str]:
    """A run that is told much."""
    own = {
        "ANSIBLE_FILTER_PLUGINS": str(folder / "filters"),
        "ANSIBLE_CONFIG": str(folder / "own.cfg"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
    }
    return ansible_runs.environment(
        folder, **own, ANSIBLE_LOG_PATH=str(folder / "log"), TMPDIR=str(folder), ANSIBLE_KEEP_REMOTE_FILES="0"
    )


def test_a_fork_is_as_a_fresh_process(tmp_path: Path) -> None:
    words = play(tmp_path)
    runs = []
    for fresh in (True, False):
        if fresh:
            output = ansible_runs.start(*words, folder=tmp_path, env=environment(tmp_path)).communicate()[0]
        else:
            output = ansible_runs.run(*words, folder=tmp_path, env=environment(tmp_path), merged=True).stdout
        told, rest = said(output)
        assert ("ansible_server.py" in told.pop("program")) is not fresh
        log = (tmp_path / "log").read_text()
        (tmp_path / "log").unlink()
        runs.append((told, rest, re.sub(r"^.*?\| ", "", log, flags=re.MULTILINE).count("\n")))
    assert runs[0] == runs[1]
    assert runs[0][0]["settings"]["DEFAULT_FORKS"] == "7"
    assert not list((tmp_path / ".ansible" / "tmp").iterdir()), "temporary files are left"


@pytest.mark.parametrize("told", [{"ANSIBLE_STRATEGY": "free"}, {"PYTHONPATH": "/nowhere"}, {"LC_ALL": "en_US.UTF-8"}])
def test_what_ansible_has_used_already_makes_a_run_a_fresh_process(tmp_path: Path, told: dict[str, str]) -> None:
    words = play(tmp_path)
    output = ansible_runs.run(*words, folder=tmp_path, env={**environment(tmp_path), **told}, merged=True).stdout
    if "LC_ALL" not in told:  # it may not be here, which Ansible says
        assert "ansible_server.py" not in said(output)[0]["program"]
