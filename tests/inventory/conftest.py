# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox, and Ansible's commands over an inventory file in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ansible_runs
from rows import ROWS
from sandbox_fixtures import process, sandbox

__all__ = ["Inventory", "process", "sandbox"]

SECRETS = [secret for row in ROWS for secret in row.secrets]


class Inventory:
    """An inventory file, and the commands that read it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.path = folder / name
        self.env = ansible_runs.environment(folder)

    def write(self, options: dict[str, Any] | str) -> None:
        """Make the file; JSON is YAML."""
        self.path.write_text(options if isinstance(options, str) else json.dumps(options))

    def run(self, program: str, *arguments: str, **env: str) -> tuple[str, str]:
        """What a command over the inventory says on its output and its error output, neither of which shows a secret or
        a traceback.
        """
        ran = ansible_runs.run(program, "-i", str(self.path), *arguments, folder=self.folder, env={**self.env, **env})
        said = ran.stdout + ran.stderr
        assert "Traceback" not in said and [secret for secret in SECRETS if secret in said] == [], said
        return ran.stdout, ran.stderr

    def read(self, *arguments: str, **env: str) -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
        """The variables of each host, and the hosts of each group. No warning is allowed."""
        out, err = self.run("inventory", "--list", *arguments, **env)
        assert err == ""
        found = json.loads(out, object_hook=_unmarked)
        return found.pop("_meta")["hostvars"], {
            name: group["hosts"] for name, group in found.items() if "hosts" in group
        }

    def fails(self, *arguments: str, **env: str) -> str:
        """What the inventory says that has no host, in one line."""
        out, err = self.run("inventory", "--graph", *arguments, **env)
        assert out.split() == ["@all:", "|--@ungrouped:"]
        return " ".join(err.split())


def _unmarked(found: dict[str, Any]) -> Any:
    """Text that ansible-inventory marks to be no template, as text."""
    return found.get("__ansible_unsafe", found)
