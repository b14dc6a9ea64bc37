# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links between the files of the repository lead somewhere. Sphinx looks after those inside the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOSTED = r"https://(?:github\.com/telco-numbers/telco\.numbers/(?:blob|tree)|raw\.githubusercontent\.com/telco-numbers/telco\.numbers)/main/"
UNSHIPPED = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
PLACES = ("*.md", "docs/*.md", "docs/*/*.rst", "docs/docsite/rst/*.rst", "roles/*/README.md", "examples/*/README.md")
PAGES = sorted(page.relative_to(ROOT).as_posix() for place in PLACES for page in ROOT.glob(place))


def beside(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to by their place beside it, each with its anchor, empty without one."""
    if page.suffix == ".md":
        for path, anchor in re.findall(r"\]\(([^)#:\s]*)(#[^)\s]*)?\)", page.read_text(encoding="utf-8")):
            yield (page.parent / path if path else page), anchor[1:]


def hosted(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that a page links to where the repository is hosted."""
    for path, anchor in re.findall(HOSTED + r"([\w./-]+)(#[\w-]+)?", page.read_text(encoding="utf-8")):
        yield ROOT / path, anchor[1:]


def shipped(path: Path) -> bool:
    """Whether the published collection has this file."""
    place = path.resolve().relative_to(ROOT)
    return not any(fnmatch(part.as_posix(), pattern) for part in (place, *place.parents[:-1]) for pattern in UNSHIPPED)


def anchors(page: Path) -> set[str]:
    """What the headings of a Markdown page are called in links."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links(page: str) -> None:
    for target, anchor in (*beside(ROOT / page), *hosted(ROOT / page)):
        assert target.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(target), f"{target} has no heading {anchor}"


@pytest.mark.parametrize("page", [page for page in PAGES if shipped(ROOT / page)])
def test_what_is_published_links_to_what_is_published(page: str) -> None:
    """Or to where the repository is hosted: not everything of it is in the collection that is installed."""
    assert not [target for target, _anchor in beside(ROOT / page) if not shipped(target)]
