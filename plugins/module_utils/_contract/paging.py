# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: lists in pages. A list is used only when its rows are unique and as many as its total says."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.threads import Workers

_PASSES = 4  # how many times a list that changes is read before the task fails


class Page(t.NamedTuple):
    """One page of a list.

    ``rows`` are its rows, ``total`` the number of rows of the whole list (None: the page does not say), and ``next``
    the place of the next page (None: this is the last). ``following`` are the places of all later pages, when the
    total shows them. ``anchored`` says that a row that comes or goes does not move the rows of later pages. It is so
    for pages by a cursor, and not for pages by an offset or a page number.
    """

    rows: list[t.Any]
    total: int | None = None
    next: t.Any = None
    following: t.Sequence[t.Any] = ()
    anchored: bool = False


class Reading(t.NamedTuple):
    """One reading of a list.

    ``rows`` are its rows, and ``complete`` says whether they are all. ``moved`` says how the list changed during the
    reading (None: it did not, as far as the pages show). ``conclusive`` says that a second reading is not needed: the
    list has one page, or a total and anchored pages. ``stopped`` says that the list has fewer rows than its total.
    """

    rows: list[t.Any]
    complete: bool
    moved: str | None = None
    conclusive: bool = False
    stopped: bool = False


Reader = t.Callable[[t.Any], Page]  # takes the place of a page, None for the first


def read_pages(read: Reader, workers: Workers, limit: int | None = None) -> Reading:
    """Read a paged list once from its start, until it has *limit* rows or more (None: to its end); return the reading.

    If the first page says where all pages are, they are read at the same time. If their lengths then differ from that
    of the first page, they are read again one after the other.
    Raises Failure ``inconsistent_list`` when a page repeats, or when a page in between is empty.
    """
    first = read(None)
    if first.following and workers.width > 1:
        reading = _read_side_by_side(first, read, workers, limit)
        if reading is not None:
            return reading
    return _read_on(first, read, limit)


def _read_side_by_side(first: Page, read: Reader, workers: Workers, limit: int | None) -> Reading | None:
    """Read the pages after *first* at the same time; return None when their lengths differ from that of *first*."""
    size = len(first.rows)
    needed = len(first.following) if limit is None else max(0, -(-(limit - size) // size))
    pages = [first, *workers.map(read, first.following[:needed])]
    if any(len(page.rows) != size for page in pages[:-1]):
        return None
    if needed >= len(first.following):
        # If the last page has a next one, the list has grown. Its total shows that.
        return _reading_of_all(pages)
    return Reading([row for page in pages for row in page.rows], False)


def _read_on(page: Page, read: Reader, limit: int | None) -> Reading:
    """Read from *page* on. Each page says where the next one is."""
    pages: list[Page] = []
    seen: set[str] = set()
    count = 0
    while True:
        pages.append(page)
        count += len(page.rows)
        if page.next is None:
            return _reading_of_all(pages)
        if limit is not None and count >= limit:
            return Reading([row for page in pages for row in page.rows], False)
        if str(page.next) in seen or not page.rows:
            raise Failure(
                "inconsistent_list",
                "The provider's list repeats a page or has an empty one in between: try again later.",
            )
        seen.add(str(page.next))
        page = read(page.next)


def _reading_of_all(pages: t.Sequence[Page]) -> Reading:
    """Return the reading of a list whose pages are all in *pages*."""
    rows = [row for page in pages for row in page.rows]
    total = pages[-1].total
    moved = None
    if any(page.total != total for page in pages):
        moved = "its total changed while it was read"
    elif total not in (None, len(rows)):
        moved = f"it tells a total of {total} and shows {len(rows)} rows"
    conclusive = len(pages) == 1 or (total is not None and all(page.anchored for page in pages))
    stopped = total is not None and len(rows) < total
    return Reading(rows, not stopped, moved, conclusive, stopped)


def read_list(
    read: Reader, workers: Workers, names: t.Callable[[t.Any], t.Sequence[str | None]], steady: bool
) -> list[t.Any]:
    """Return the rows of a paged list that is consistent: all rows are unique, and every page has the same right total.

    *names* returns the names of a row (its id, its number). Two rows must not share one; None stands for no name. With
    *steady*, a reading that is not conclusive is repeated until two readings in succession agree: if one row goes and
    another one comes, the total stays the same, but a row may not have been read.
    Raises Failure ``inconsistent_list`` when the list is still inconsistent after four readings.
    """
    before: list[tuple[str | None, ...]] | None = None
    why = ""
    for _attempt in range(_PASSES):
        try:
            reading = read_pages(read, workers)
        except Failure as failure:
            if failure.code != "inconsistent_list":
                raise
            why, before = "a page leads back to one that was read, or is empty", None
            continue
        named = [tuple(names(row)) for row in reading.rows]
        flaw = reading.moved or _repeated_name(named)
        if flaw is None and (not steady or reading.conclusive or named == before):
            return reading.rows
        why, before = flaw or "no two readings agree", None if flaw else named
    raise Failure(
        "inconsistent_list",
        f"The provider's list of numbers does not hold together in {_PASSES} readings ({why}): try again when nothing "
        "else works on the account.",
    )


def _repeated_name(named: t.Sequence[tuple[str | None, ...]]) -> str | None:
    """Return a clause that says which name two rows share, or None when no two rows do."""
    for names in zip(*named):
        seen: set[str] = set()
        for name in names:
            if name is not None and name in seen:
                return f"it shows {name} twice"
            seen.add(name or "")
    return None
