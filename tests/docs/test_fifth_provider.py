# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page "Adding a provider" is carried out on a copy of the collection, and what comes of it passes the contract
that every provider must pass.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import blocks
import pytest
import sandbox_server
from reader import Reader
from sandbox_server import Server

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "site" / "new_provider.rst"
FILES = ROOT / "tests" / "docs" / "fifth_provider"
PARTS = (
    "docs/numbers_plan.schema.json",
    "meta",
    "plugins",
    "roles",
    "tests/contract",
    "tests/sandbox/sandbox_server.py",
    "tests/tools",
    "galaxy.yml",
    "pyproject.toml",
)
LINES = 200


def insert(collection: Path, block: blocks.Block) -> None:
    """Insert a block before or after the one line of a file that begins as the page says, as far to the right as that
    line or what follows it.
    """
    name, side, begins = block.remarks["into"].split(" ", 2)
    path = collection / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = [index for index, line in enumerate(lines) if line.strip().startswith(begins)]
    at += {"before": 0, "after": 1}[side]
    lines.insert(at, textwrap.indent(block.text, re.match(" *", lines[at])[0]))
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of collections with a copy of ours, into which the page has put its provider."""
    tree = tmp_path_factory.mktemp("tree")
    collection = tree / "ansible_collections" / "telco" / "numbers"
    for part in PARTS:
        (collection / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, collection / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, collection / part)
    shutil.copytree(FILES, collection, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for block in blocks.read(PAGE):
        if "into" in block.remarks:
            insert(collection, block)
    python(tree, collection, "tests/tools/generate.py")
    return tree


@pytest.fixture
def collection(tree: Path) -> Path:
    return tree / "ansible_collections" / "telco" / "numbers"


@pytest.fixture
def sandbox(collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The sandbox of the copy."""
    monkeypatch.setattr(sandbox_server, "FILES", collection / "roles" / "sandbox" / "files")
    server = Server(tmp_path / "data")
    yield server
    server.stop()


def python(tree: Path, collection: Path, *arguments: str) -> str:
    """What a Python program prints that runs in the copy and must succeed."""
    env = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ANSIBLE_COLLECTIONS_PATH": str(tree),
        "LC_ALL": "C.UTF-8",
    }
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=collection, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_it_is_short() -> None:
    provider = FILES / "plugins" / "module_utils" / "_providers" / "acme.py"
    assert len(provider.read_text(encoding="utf-8").splitlines()) < LINES


def test_it_passes_the_contract(tree: Path, collection: Path) -> None:
    said = python(tree, collection, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract", "-k", "acme")
    passed = re.search(r"^(\d+) passed, (?:\d+ skipped, )?\d+ deselected", said, re.MULTILINE)
    assert passed and int(passed[1]) > 100, said


def test_it_keeps_to_its_floor(tree: Path, collection: Path) -> None:
    assert "keep to their floors" in python(tree, collection, "tests/tools/floors.py")


def test_what_is_not_generated_is_found(tree: Path, collection: Path) -> None:
    """One word by hand in what is generated, and the check names the file."""
    assert python(tree, collection, "tests/tools/generate.py", "--check") == ""
    path = collection / "plugins" / "doc_fragments" / "options.py"
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace("At V(acme) it is", "At V(acme) it may be"), encoding="utf-8")
    with pytest.raises(AssertionError, match="run tests/tools/generate.py: plugins/doc_fragments/options.py"):
        python(tree, collection, "tests/tools/generate.py", "--check")
    path.write_text(right, encoding="utf-8")


def test_its_credentials_open_it_in_awx(collection: Path) -> None:
    said = (collection / "roles" / "controller" / "defaults" / "main" / "credential_types.yml").read_text(
        encoding="utf-8"
    )
    assert 'name: "Phone numbers: Acme"' in said and 'ACME_TOKEN: !unsafe "{{ token }}"' in said


def test_it_is_documented(tree: Path, collection: Path) -> None:
    said = json.loads(python(tree, collection, "-m", "ansible", "doc", "--json", "telco.numbers.number_purchase"))
    documented = said["telco.numbers.number_purchase"]["doc"]
    assert documented["options"]["provider"]["choices"]["acme"]
    assert any("V(acme)" in note for note in documented["notes"])


def test_its_page(collection: Path, sandbox: Server, tmp_path: Path) -> None:
    reader = Reader(tmp_path, sandbox.port, {}, collection)
    for block in blocks.read(PAGE):
        if "into" not in block.remarks:
            reader.follow(block)
    assert len(sandbox.state("acme", "acme-sandbox")["owned"]) == 2
