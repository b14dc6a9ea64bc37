# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ansible in a home of their own, and a search of everything that they leave."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ansible_runs


class Home:
    """A home directory in which ansible runs as loudly as it can and keeps whatever it keeps."""

    def __init__(self, path: Path, shipped: bool = False) -> None:
        """*shipped*: every task is a module in a process of its own, none runs in Ansible's."""
        self.path, self.shipped = path, shipped
        self._env = ansible_runs.environment(
            path,
            TMPDIR=str(path / "tmp"),
            ANSIBLE_CONFIG=str(path / "ansible.cfg"),
            ANSIBLE_LOCAL_TEMP=str(path / "local"),
            ANSIBLE_REMOTE_TEMP=str(path / "remote"),
            ANSIBLE_LOG_PATH=str(path / "ansible.log"),
            ANSIBLE_CACHE_PLUGIN="jsonfile",
            ANSIBLE_CACHE_PLUGIN_CONNECTION=str(path / "facts"),
            ANSIBLE_RETRY_FILES_ENABLED="1",
            ANSIBLE_RETRY_FILES_SAVE_PATH=str(path / "retry"),
            ANSIBLE_FORKS="4",
            TELCO_NUMBERS_IN_PROCESS="0" if shipped else "1",
        )
        for folder in ("tmp", "inputs"):
            (path / folder).mkdir(parents=True)
        (path / "ansible.cfg").touch()

    def input(self, name: str, content: Any) -> str:
        """A file that may hold secrets, because somebody put them there."""
        path = self.path / "inputs" / name
        path.write_text(json.dumps(content))
        return str(path)

    def run(self, program: str, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Everything that the run printed; its tasks ran where they should."""
        printed = ansible_runs.run(
            program, *arguments, "-vvvv", folder=self.path, env={**self._env, **(env or {})}, merged=True
        ).stdout
        assert ("/telco/numbers/plugins/modules/" in printed) is self.shipped, printed[-3000:]
        return printed

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Each file below the home that the test has not put there."""
        for path in self.path.rglob("*"):
            name = str(path.relative_to(self.path))
            if path.is_file() and not name.startswith("inputs"):
                yield name, path.read_bytes() + name.encode()

    def modes(self, folder: str) -> set[int]:
        """The modes of a folder and of all that is in it."""
        return {stat.S_IMODE(path.stat().st_mode) for path in (self.path / folder, *(self.path / folder).iterdir())}


def forms(secret: str, *users: str) -> set[bytes]:
    """How *secret* may look elsewhere: as it is or its beginning, quoted, escaped, in Base64, alone or behind a user's
    name and a colon.
    """
    shapes = {secret, secret[:14], quote(secret, safe=""), json.dumps(secret)[1:-1]}
    encoded = {base64.b64encode(text.encode()) for text in (secret, *(f"{user}:{secret}" for user in users))}
    return {shape.encode() for shape in shapes} | encoded | {one.rstrip(b"=") for one in encoded}


def hits(where: str, text: bytes, secrets: Iterable[bytes]) -> list[str]:
    """Where secrets are in *text*, with what stands around them."""
    found = [(secret, text.find(secret)) for secret in secrets]
    return [
        f"{where}: {secret.decode()[:50]} in …{text[max(0, at - 160) : at + 60]!r}" for secret, at in found if at >= 0
    ]
