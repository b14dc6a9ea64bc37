# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of a page, reStructuredText or Markdown, and what is to be done with each.

A comment before a block says what is unusual about it: ``.. test: WORD …`` or ``<!-- test: WORD … -->``, one or more.
Pages where no comment belongs have theirs in ``remarks.py``.

============== =====================================================================================
``skip``       the block is no example, for the reason that follows
``file``       it is saved under the name that follows, for later blocks; so is one that begins with ``# NAME.yml``
``once``       the play is not run in check mode before, nor a second time to see that it changes nothing
``rc``         the exit code that its last command must have
``output``     it is what the last command prints, line by line, where ``…`` stands for anything
``capture``    a name and an expression: the first group of what it finds in an output stands for the name from then on
``into``       it is inserted into a file of the collection, ``FILE before LINE``; see ``test_fifth_provider.py``
============== =====================================================================================
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

WORDS = ("skip", "file", "once", "rc", "output", "capture", "into")

_RST = re.compile(r"^( *)\.\. code-block:: *(\S+)$")
_FENCE = re.compile(r"^( *)```(\S*)$")
_REMARK = re.compile(r"^ *(?:\.\. test: (.*?)|<!-- test: (.*?) -->)$")


@dataclasses.dataclass
class Block:
    """One block of code. ``remarks`` maps a word to what follows it."""

    page: Path
    line: int
    language: str
    text: str
    remarks: dict[str, str]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    @property
    def name(self) -> str | None:
        """The file that the block is saved as."""
        headed = re.match(r"# ([\w.-]+\.ya?ml)(?:[:,] .*)?$", self.text.partition("\n")[0])
        return self.remarks.get("file") or (headed[1] if headed else None)


def read(page: Path) -> list[Block]:
    """The blocks of a page, in order. Raises ValueError for a remark that is about nothing."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found, remarks = [], {}
    at = 0
    while at < len(lines):
        remark, rst, fence = _REMARK.match(lines[at]), _RST.match(lines[at]), _FENCE.match(lines[at])
        if remark:
            remarks.update(parse(remark[1] or remark[2], f"{page.name}:{at + 1}"))
        elif rst or fence:
            body = list(_indented(lines[at + 1 :], len(rst[1])) if rst else _fenced(lines[at + 1 :]))
            head, at = at + 1, at + len(body) + (0 if rst else 1)
            found.append(Block(page, head, (rst or fence)[2], _text(body, bool(rst)), remarks))
            remarks = {}
        elif lines[at].strip() and remarks:
            raise ValueError(f"{page.name}:{at + 1}: no block follows the remark before this line")
        at += 1
    return found


def parse(remark: str, where: str) -> dict[str, str]:
    """A remark as its word and the rest. Raises ValueError for an unknown word, and for one without what it needs."""
    word, _space, rest = remark.partition(" ")
    if word not in WORDS or bool(rest) is (word in ("once", "output")):
        raise ValueError(f"{where}: {remark!r} is no remark")
    return {word: rest}


def _indented(lines: list[str], indent: int) -> Iterator[str]:
    """The body of a directive."""
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line


def _fenced(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() == "```":
            return
        yield line


def _text(body: list[str], rst: bool) -> str:
    """The code alone, without the options of a directive."""
    start = 0
    while rst and start < len(body) and body[start].strip().startswith(":"):
        start += 1
    return textwrap.dedent("\n".join(body[start:])).strip("\n") + "\n"
