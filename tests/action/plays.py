# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays that are run for real, in a home of their own, and what their tasks registered."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import ansible_runs
from rows import ROWS, Row

BY_NAME = {row.provider: row for row in ROWS}


@dataclasses.dataclass(frozen=True)
class Ran:
    """How a play went: its exit code, everything that it printed, and the registered results by name."""

    code: int
    output: str
    results: dict[str, Any]

    def shipped(self, module: str) -> bool:
        """Whether the module was packed and sent to an interpreter of its own."""
        return f"plugins/modules/{module}.py" in self.output


class Controller:
    """A home directory in which plays are run as loudly as can be."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.url = url
        self.env = ansible_runs.environment(
            home,
            ANSIBLE_HOME=str(home / "ansible"),
            ANSIBLE_REMOTE_TEMP=str(home / "remote"),
            ANSIBLE_ASYNC_DIR=str(home / "async"),
            ANSIBLE_LOG_PATH=str(home / "ansible.log"),
            ANSIBLE_INJECT_INVOCATION="1",
        )

    def common(self, row: Row) -> dict[str, Any]:
        """The shared options for the row's account."""
        return {
            "provider": row.provider,
            "api_url": f"{self.url}/{row.provider}",
            "settle_time": 0.3,
            "retries": 0,
            "account_currency": "EUR",
            **row.credentials,
        }

    def play(
        self,
        tasks: list[dict[str, Any]],
        *arguments: str,
        env: dict[str, str] | None = None,
        loud: bool = True,
        **keywords: Any,
    ) -> Ran:
        """Run *tasks* on localhost; *keywords* are the play's."""
        book = self.home / "play" / "book.json"
        book.parent.mkdir(exist_ok=True)
        names = [task["register"] for task in tasks if "register" in task]
        # Printed, because that takes no module; encoded, because no line is then broken or taken for another.
        told = "RESULTS {{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json | b64encode }}"
        book.write_text(
            json.dumps(
                [
                    {
                        "hosts": "localhost",
                        "gather_facts": False,
                        **keywords,
                        "tasks": [*tasks, {"ansible.builtin.debug": {"msg": told}}],
                    }
                ]
            )
        )
        code, output = self.run("playbook", str(book), *arguments, env=env, loud=loud)
        found = re.search("RESULTS ([A-Za-z0-9+/=]+)", output)
        return Ran(code, output, json.loads(base64.b64decode(found[1])) if found else {})

    def run(
        self, program: str, *arguments: str, env: dict[str, str] | None = None, loud: bool = True
    ) -> tuple[int, str]:
        """The exit code, and what was printed and logged."""
        how = ["-vvvv"] if loud else []
        ran = ansible_runs.run(program, *how, *arguments, folder=self.home, env={**self.env, **(env or {})})
        return ran.returncode, ran.stdout + ran.stderr + (self.home / "ansible.log").read_text()


def task(module: str, register: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A task of the collection that may fail without ending the play."""
    return {
        "name": register,
        f"telco.numbers.{module}": options,
        "register": register,
        "ignore_errors": True,
        **keywords,
    }
