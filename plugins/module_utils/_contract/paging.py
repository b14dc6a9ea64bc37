# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: lists that come in pages. A list is believed only when its rows are unique and agree with its total."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.threads import Pool

_PASSES = 4  # readings of a list that moves before it is given up


class Page(t.NamedTuple):
    """One page of a list: its rows, how many the whole list has (None: not told), and where the next one is (None: this
    is the last).

    ``following`` says where every later page is, as far as the total tells that. ``anchored`` says that a change in
    between leaves the pages after it alone, as with a cursor; by an offset or the number of a page, what comes or goes
    moves every row behind it.
    """

    rows: list[t.Any]
    total: int | None = None
    next: t.Any = None
    following: t.Sequence[t.Any] = ()
    anchored: bool = False


class Reading(t.NamedTuple):
    """A list that was read: its rows, whether they are all, and what shows that it moved (None: nothing).

    ``decided`` says that such a reading proves itself: one page, or a total and pages that no change moves. ``stopped``
    says that the list came to its end before its total.
    """

    rows: list[t.Any]
    complete: bool
    moved: str | None = None
    decided: bool = False
    stopped: bool = False


Reader = t.Callable[[t.Any], Page]  # takes where a page begins, None for the first


def read_pages(read: Reader, pool: Pool, limit: int | None = None) -> Reading:
    """Read a paged list once from its start, until *limit* rows or more are there (None: to its end).

    Where the total tells where the pages are, they are read at the same time, unless they turn out to be of another
    length than the first. Raises Failure ``inconsistent_list`` for a next link that repeats and for an empty page in
    between.
    """
    first = read(None)
    if first.following and pool.width > 1:
        reading = _read_known(first, read, pool, limit)
        if reading is not None:
            return reading
    return _read_on(first, read, limit)


def _read_known(first: Page, read: Reader, pool: Pool, limit: int | None) -> Reading | None:
    """Read the pages of which *first* tells where they are; None when they are not where its length says."""
    size = len(first.rows)
    needed = len(first.following) if limit is None else max(0, -(-(limit - size) // size))
    pages = [first, *pool.map(read, first.following[:needed])]
    if any(len(page.rows) != size for page in pages[:-1]):
        return None
    if needed >= len(first.following):
        # Where the last page leads further, the list has grown: that is for its total to say.
        return _ended(pages)
    return Reading([row for page in pages for row in page.rows], False)


def _read_on(page: Page, read: Reader, limit: int | None) -> Reading:
    """Read from *page* on, each page from where the one before says."""
    pages: list[Page] = []
    seen: set[str] = set()
    count = 0
    while True:
        pages.append(page)
        count += len(page.rows)
        if page.next is None:
            return _ended(pages)
        if limit is not None and count >= limit:
            return Reading([row for page in pages for row in page.rows], False)
        if str(page.next) in seen or not page.rows:
            raise Failure(
                "inconsistent_list",
                "The provider's list repeats a page or has an empty one in between: try again later.",
            )
        seen.add(str(page.next))
        page = read(page.next)


def _ended(pages: t.Sequence[Page]) -> Reading:
    """The reading of a list of which *pages* are all."""
    rows = [row for page in pages for row in page.rows]
    total = pages[-1].total
    moved = None
    if any(page.total != total for page in pages):
        moved = "its total changed while it was read"
    elif total not in (None, len(rows)):
        moved = f"it tells a total of {total} and shows {len(rows)} rows"
    decided = len(pages) == 1 or (total is not None and all(page.anchored for page in pages))
    stopped = total is not None and len(rows) < total
    return Reading(rows, not stopped, moved, decided, stopped)


def read_list(
    read: Reader, pool: Pool, names: t.Callable[[t.Any], t.Sequence[str | None]], steady: bool
) -> list[t.Any]:
    """Return the rows of a paged list that is consistent: they are unique and agree with the total, the same on every
    page.

    *names* are what no two rows may have in common, each None where a row has none. With *steady*, a list of several
    pages that has no total, or whose pages move with every change, is read until two readings in succession agree: a
    row that went and one that came leave the total as it was, and one row unread. Raises Failure ``inconsistent_list``
    when a few readings do not bring that about.
    """
    before: list[tuple[str | None, ...]] | None = None
    why = ""
    for _attempt in range(_PASSES):
        try:
            reading = read_pages(read, pool)
        except Failure as failure:
            if failure.code != "inconsistent_list":
                raise
            why, before = "a page leads back to one that was read, or is empty", None
            continue
        named = [tuple(names(row)) for row in reading.rows]
        flaw = reading.moved or _twice(named)
        if flaw is None and (not steady or reading.decided or named == before):
            return reading.rows
        why, before = flaw or "no two readings agree", None if flaw else named
    raise Failure(
        "inconsistent_list",
        f"The provider's list of numbers does not hold together in {_PASSES} readings ({why}): try again when nothing "
        "else works on the account.",
    )


def _twice(named: t.Sequence[tuple[str | None, ...]]) -> str | None:
    """Say which name two rows have in common."""
    for names in zip(*named):
        seen: set[str] = set()
        for name in names:
            if name is not None and name in seen:
                return f"it shows {name} twice"
            seen.add(name or "")
    return None
