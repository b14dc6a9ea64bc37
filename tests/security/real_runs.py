# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ansible in a home of their own, and a search of everything that they leave."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible_collections.telco.numbers.plugins.module_utils import _errors

_PARTS = ("plugins", "meta", "galaxy.yml")


def tree(spare: Path) -> Path:
    """The folder to search for collections: that of the imported package, or a copy of it in *spare* where that is a link."""
    collection = Path(_errors.__file__).parents[2]
    if collection.resolve() == collection and (collection / "galaxy.yml").exists():
        return collection.parents[2]
    copied = spare / "ansible_collections" / "telco" / "numbers"
    for part in _PARTS:
        source = collection / part
        if source.is_dir():
            shutil.copytree(source, copied / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copied / part)
    return spare


class Home:
    """A home directory in which ansible runs as loudly as it can and keeps whatever it keeps."""

    def __init__(self, path: Path, collections: Path) -> None:
        self.path = path
        self._env = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(path),
            "TMPDIR": str(path / "tmp"),
            "NO_PROXY": "*",
            "ANSIBLE_CONFIG": str(path / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_LOCAL_TEMP": str(path / "local"),
            "ANSIBLE_REMOTE_TEMP": str(path / "remote"),
            "ANSIBLE_LOG_PATH": str(path / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(path / "facts"),
            "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(path / "retry"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "4",
        }
        for folder in ("tmp", "inputs"):
            (path / folder).mkdir(parents=True)
        (path / "ansible.cfg").touch()

    def input(self, name: str, content: Any) -> str:
        """A file that may hold secrets, because somebody put them there."""
        path = self.path / "inputs" / name
        path.write_text(json.dumps(content))
        return str(path)

    def run(self, program: str, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Everything that the run printed."""
        command = [sys.executable, "-m", "ansible", program, *arguments, "-vvvv"]
        ran = subprocess.run(
            command, env={**self._env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=self.path
        )
        return ran.stdout.decode("utf-8", "replace")

    def left(self, *but: str) -> Iterator[tuple[str, bytes]]:
        """Each file below the home, those in the folders *but* left out."""
        for path in self.path.rglob("*"):
            name = str(path.relative_to(self.path))
            if path.is_file() and not name.startswith(("inputs", *but)):
                yield name, path.read_bytes() + name.encode()


def forms(secret: str, *users: str) -> set[bytes]:
    """How *secret* may look elsewhere: as it is or its beginning, quoted, escaped, in Base64, alone or behind a user's name and a colon."""
    shapes = {secret, secret[:14], quote(secret, safe=""), json.dumps(secret)[1:-1]}
    encoded = {base64.b64encode(text.encode()) for text in (secret, *(f"{user}:{secret}" for user in users))}
    return {shape.encode() for shape in shapes} | encoded | {one.rstrip(b"=") for one in encoded}


def hits(where: str, text: bytes, secrets: Iterable[bytes]) -> list[str]:
    """Where secrets are in *text*, with what stands around them."""
    found = [(secret, text.find(secret)) for secret in secrets]
    return [f"{where}: {secret.decode()[:50]} in …{text[max(0, at - 160) : at + 60]!r}" for secret, at in found if at >= 0]
