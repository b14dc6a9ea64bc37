# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what a task has already, what is coming and what is missing. Pure; what cannot be told is a Failure."""

from __future__ import annotations

import typing as t

from .._contract.features import BY_NUMBER
from .._contract.rows import Listed
from .._core.e164 import is_e164
from .._core.errors import Failure
from .._core.model import Number
from .._core.words import missing
from .._journal import entries as log
from .._journal.entries import Part
from .._operations import links
from .._operations.context import check_lengths
from .._operations.ledger import check_not_leaving
from .book import Book, Coming, is_for
from .papers import digest
from .tally import Tally, tally
from .want import Want


def ordered_for(want: Want, entry: Part) -> bool:
    """Whether *entry* was not made for another application than the wanted one."""
    return want.application is None or entry.application is None or is_for(entry, want.application)


def counts(want: Want, book: Book, entry: Part) -> bool:
    """Whether the numbers of *entry* will surely count: they match, and were not ordered for another application."""
    return want.selector.match(book.offer_of(entry)) is True and ordered_for(want, entry)


def may_count(want: Want, book: Book, entry: Part) -> bool:
    """Whether an open order may bear on what is wanted."""
    if want.numbers is not None:
        return entry.offer["number"] is None or entry.offer["number"] in want.numbers
    return want.selector.match(book.offer_of(entry)) is not False


def count(want: Want, book: Book, linkable: t.Collection[str]) -> Tally:
    """Compare *want* with what is owned and what is on its way.

    Raises Failure ``undecidable`` where numbers are missing and others may be just those: nothing is bought twice.
    """
    coming = _coming(want, book)
    state = tally(want, book.counted(), linkable, coming.least, coming.own)
    if not state.shortage:
        return state
    if book.unreadable and want.numbers is None:
        rows = "; ".join(f"{row.name} ({row.why})" for row in book.unreadable[:5])
        raise Failure(
            "undecidable",
            f"{missing(state.shortage)}, but the provider's list has rows that cannot be read and may be "
            f"some of them: {rows}. Ask the provider to mend them, or name the wanted numbers.",
        )
    if state.undecided:
        raise _undecidable(want, book, state)
    if coming.untold:
        raise Failure(
            "undecidable",
            f"{missing(state.shortage)}, but whether those of the open order "
            f"{', '.join(coming.untold[:5])} will match cannot be told: widen the selector, wait until the order has "
            f"come, or run with close_orders: ['{coming.untold[0]}'] if it is settled.",
        )
    return state


def _coming(want: Want, book: Book) -> Coming:
    return book.coming(want.selector, lambda entry: ordered_for(want, entry), want.application)


def _undecidable(want: Want, book: Book, state: Tally) -> Failure:
    """The failure that names the numbers which may match, and the facts that their records lack."""
    undecided = [number for number in book.counted() if number.number in state.undecided]
    lacking = {key for number in undecided for key in want.selector.missing_facts(number) or ("links",)}
    return Failure(
        "undecidable",
        f"{missing(state.shortage)}, but whether {', '.join(state.undecided[:5])} match cannot be told, "
        f"because the provider's records do not tell {', '.join(sorted(lacking))}: widen the selector, or list them in "
        "'exclude' if they must not count.",
    )


def check_shared(want: Want, book: Book, state: Tally) -> None:
    """Raise Failure ``undecidable`` where orders share new numbers, and what is missing may be theirs or not."""
    coming = _coming(want, book)
    if want.numbers is None and 0 < state.shortage <= coming.most - coming.least:
        orders = list(dict.fromkeys(entry.order_id for entry in book.undelivered()))
        raise Failure(
            "undecidable",
            f"{missing(state.shortage)}, or on order: which order the new numbers of this group belong to "
            f"cannot be told. Run again when {', '.join(orders[:5])} is delivered, or with close_orders: "
            f"['{orders[0]}'] if it is settled.",
        )


def check_papers(want: Want, book: Book, state: Tally) -> None:
    """Raise Failure ``regulatory`` where an order for what is missing was rejected for the papers of this task."""
    papers = digest(want.regulatory)
    found = [part for part in book.rejected() if counts(want, book, part) and part.entry.papers == papers]
    if state.shortage and found:
        first = found[0]
        raise Failure(
            "regulatory",
            f"{first.quantity} of offer {first.offer['id']} were ordered for this (order {first.order_id}), and the "
            f"papers were rejected: {first.line.message or 'no reason given'}. Nothing is ordered again with the same "
            f"papers: change 'regulatory', or give the order up with close_orders: ['{first.order_id}'].",
        )


def linked_elsewhere(want: Want, book: Book) -> list[Number]:
    """The owned numbers that surely match and do not count, because they are linked to something else.

    Those that the task excludes are left out: it knows of them.
    """
    if want.numbers is not None or want.application is None:
        return []
    aim, free = want.application, want.default_application
    others = [number for number in book.counted() if number.number not in want.exclude]
    return [number for number in others if want.selector.match(number) and links.foreign(number, aim, free)]


def check_missing(book: Book, state: Tally) -> None:
    """Raise Failure for a named number that is missing and that nobody can buy here, or that may be owned."""
    provider = book.provider
    check_not_leaving(state.missing, book.leaving)
    check_lengths(state.missing)
    Listed((), book.unreadable).check_absent(state.missing)
    if state.missing and provider.features.purchase != BY_NUMBER:
        raise provider.features.unsupported("purchase of named numbers", provider.name)
    foreign = [name for name in state.missing if not is_e164(name)]
    if foreign:
        raise Failure(
            "invalid_option",
            f"{', '.join(foreign)} is neither an owned number nor one in international form: "
            "write it like '+14155550100'.",
        )


def doubt(book: Book, entry: Part) -> Failure:
    """The failure for an order whose outcome nothing decides."""
    found = book.candidates(entry)
    sharing = [cluster for cluster in book.clusters() if entry.id in cluster.candidates]
    rivals = [other.order_id for cluster in sharing for other in cluster.entries if other.id != entry.id]
    shared = f" (they may as well be of the order {', '.join(rivals)})" if rivals and found else ""
    return Failure(
        "unknown_outcome",
        f"It cannot be told whether the order {entry.order_id} ({entry.quantity} of offer {entry.offer['id']}) was "
        f"carried out; new numbers that match: {', '.join(found) or 'none'}{shared}. Nothing more is bought: look at "
        f"the account, then run again with close_orders: ['{entry.order_id}'] if the order is settled.",
    )


def surely_not_bought(book: Book, entry: Part, still_offered: t.Callable[[str], bool]) -> bool:
    """Whether an order that the list does not show after the settle time never came about.

    A number that is *still_offered* was not bought. A group order of a killed task that no list shows by now was not
    bought either, unless the provider may keep it pending where no list shows it.
    """
    number = entry.offer["number"]
    if number is not None:
        return still_offered(number)
    return entry.status == log.INTENT and not book.provider.features.pending_orders and not book.candidates(entry)
