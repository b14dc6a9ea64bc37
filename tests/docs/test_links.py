# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links between the files of the repository lead somewhere. Sphinx looks after those inside the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOSTED = "https://github.com/telco-numbers/telco.numbers/blob/main/"
PLACES = ("*.md", "docs/*.md", "docs/*/*.rst", "docs/docsite/rst/*.rst", "roles/*/README.md", "examples/*/README.md")
PAGES = sorted(page.relative_to(ROOT).as_posix() for place in PLACES for page in ROOT.glob(place))


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to, each with its anchor, empty without one."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        for path, anchor in re.findall(r"\]\(([^)#:\s]*)(#[^)\s]*)?\)", text):
            yield (page.parent / path if path else page), anchor[1:]
    for path, anchor in re.findall(re.escape(HOSTED) + r"([\w./-]+)(#[\w-]+)?", text):
        yield ROOT / path, anchor[1:]


def anchors(page: Path) -> set[str]:
    """What the headings of a Markdown page are called in links."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links(page: str) -> None:
    for target, anchor in links(ROOT / page):
        assert target.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(target), f"{target} has no heading {anchor}"
