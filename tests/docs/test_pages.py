# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of the pages is carried out against the sandbox, in the order of its page."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import blocks
import pytest
from reader import VARIABLES, Reader
from remarks import FILES, REMARKS
from sandbox_server import Server

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    "README.md",
    "docs/*.md",
    "docs/docsite/rst/*.rst",
    "docs/site/*.rst",
    "roles/*/README.md",
    "examples/*/README.md",
)
OWN_TEST = "docs/site/new_provider.rst"  # test_fifth_provider.py carries it out
PAGES = sorted({page.relative_to(ROOT).as_posix() for place in PLACES for page in ROOT.glob(place)} - {OWN_TEST})
SANDBOX = ROOT / "roles" / "sandbox" / "files" / "telco_numbers_sandbox"


def examples(page: str) -> list[blocks.Block]:
    """The blocks of a page, with the remarks that are kept apart from it."""
    found = blocks.read(ROOT / page)
    for part, remarks in REMARKS.get(page, {}).items():
        for block in found:
            if part in block.text:
                block.remarks.update(
                    word for remark in remarks for word in blocks.parse(remark, f"{page}, {part!r}").items()
                )
    return found


def free_port() -> int:
    """A port for a sandbox that the page itself starts."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def test_there_are_pages() -> None:
    assert "README.md" in PAGES and len(PAGES) > 10
    assert {*REMARKS, *FILES} <= set(PAGES)


@pytest.mark.parametrize(("page", "part"), [(page, part) for page, remarks in REMARKS.items() for part in remarks])
def test_a_remark_is_about_one_block(page: str, part: str) -> None:
    assert len([block for block in blocks.read(ROOT / page) if part in block.text]) == 1


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)])
def test_examples(page: str, sandbox: Server, tmp_path: Path) -> None:
    """A page that starts a sandbox gets another port; one that does so in a shell also has to say which variables lead
    there.
    """
    found = examples(page)
    carried_out = [block for block in found if "skip" not in block.remarks]
    typed = any("--detach" in block.text for block in carried_out)
    starts = typed or any("telco.numbers.sandbox" in block.text for block in carried_out)
    reader = Reader(tmp_path, free_port() if starts else sandbox.port, {} if typed else VARIABLES)
    for name, content in FILES.get(page, {}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    try:
        for block in found:
            reader.follow(block)
    finally:
        for state in tmp_path.rglob("sandbox.pid"):
            subprocess.run(
                [sys.executable, str(SANDBOX), "--stop", "--data-dir", str(state.parent)],
                check=False,
                capture_output=True,
            )
