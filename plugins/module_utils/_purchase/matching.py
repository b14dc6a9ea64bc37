# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what a new list tells of the open orders. Pure: each function returns the book as it is afterwards.

An order is closed when its numbers are listed and count for what they were bought for: as long as a record tells other
facts than its offer did, the order says what it was bought for.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._contract.rows import Unreadable
from .._core.model import PENDING, Number
from .._journal import entries as log
from .._journal.entries import Part
from .attribution import Cluster, unnamed
from .book import Book, completed


def listed(
    book: Book,
    found: t.Mapping[str, Number],
    unreadable: t.Iterable[Unreadable],
    leaving: t.Mapping[str, Number],
) -> Book:
    """*book* with the list that was *found*: owned numbers, and those *leaving*, which are not owned any more.

    What a number can do does not change within a task: a fact stays known when a later list tells it no longer.
    """
    owned = {name: completed(number, book.owned.get(name, number)) for name, number in found.items()}
    return attributed(dataclasses.replace(book, owned=owned, unreadable=tuple(unreadable), leaving=leaving))


def attributed(book: Book) -> Book:
    """*book* with the numbers of its list given to the orders that brought them, and with complete orders closed."""
    for cluster in book.clusters():
        book = _shared_out(book, cluster)
    for identity in [entry.id for entry in book.open()]:
        entry = book.part(identity)
        if not entry.is_definite and entry.offer["number"] in book.owned:
            is_coming = book.owned[entry.offer["number"]].status == PENDING
            book = book.answered(identity, log.PENDING if is_coming else log.FULFILLED, entry.known())
        if book.part(identity).is_definite:
            book = _listed_order(book, book.part(identity))
    return book


def _shared_out(book: Book, cluster: Cluster) -> Book:
    """*book* with the new numbers of one cluster given to its orders, or kept in mind where nobody can tell whose."""
    shares = cluster.shares()
    for entry in cluster.entries:
        candidates = cluster.candidates[entry.id]
        if shares is not None:
            if shares[entry.id]:
                status = entry.status if entry.is_definite else log.FULFILLED
                book = book.seen(entry.id, shares[entry.id]).answered(entry.id, status, shares[entry.id])
        elif cluster.is_overfull:
            book = dataclasses.replace(book, mixed={**book.mixed, entry.id: sorted(candidates)})
        elif entry.is_definite:
            book = book.seen(entry.id, candidates)
    return book


def _listed_order(book: Book, entry: Part) -> Book:
    """*book* with what the list shows of *entry*, closed when all its numbers are there, or gone again, and fit.

    As long as one is pending, the order says what its links will be.
    """
    shown = [name for name in entry.known() if book.has_come(entry, name)]
    book = book.seen(entry.id, shown)
    entry = book.part(entry.id)
    ready = all(book.owned[name].status != PENDING and book.fits(entry, name) for name in shown)
    if not book.missing(entry) and ready:
        return book.closed(entry.id)
    return book


def forgotten(book: Book, identities: t.Iterable[str]) -> Book:
    """*book* with orders closed that the user knows to be settled.

    New numbers that such an order may have brought explain no other one from then on: that could lead to a purchase.
    """
    for identity in identities:
        entry = book.part(identity)
        found = book.candidates(entry)[: unnamed(entry)] if unnamed(entry) else []
        book = book.answered(identity, entry.status, found).closed(identity)
    return book


def released(book: Book, names: t.Collection[str]) -> Book:
    """*book* without the listed numbers *names*, which were given back: they count no more as bought."""
    for identity in [entry.id for entry in book.open()]:
        entry = book.part(identity)
        gone = [name for name in names if name in book.candidates(entry) or name in entry.known()]
        if gone and entry.is_definite:
            book = book.seen(identity, gone)
    left = {name: number for name, number in book.owned.items() if name not in names}
    return attributed(dataclasses.replace(book, owned=left))
