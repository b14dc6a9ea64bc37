# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: give numbers back. A task names each of them; there is no selector."""

from __future__ import annotations

import contextlib
import typing as t

from .._contract.rows import Listed
from .._core.errors import Ambiguous, Failure
from .._core.link import URL
from .._core.model import LEAVING, Number
from .._journal.store import Journal
from .._purchase import matching
from .._purchase.keeper import Keeper
from .context import Context, Result, number_dicts, owned_named, unknown, warn_of_misspelt
from .ledger import Ledger


def release(context: Context, names: t.Sequence[str], force: bool) -> Result:
    """Give back the owned ones of *names*. A number that is not owned needs no change.

    Without *force*, raises Failure ``conflict`` for a number that is linked to an application.
    """
    if not names:
        check_release(context)
        return Result(facts={"numbers": []}, before={}, after={})
    with releasing(context, names) as hands:
        numbers = [hands.owned[name] for name in names if name in hands.owned]
        if not force:
            _refuse_linked(numbers)
        hands.give_back([] if context.check else numbers)
    listed = {"numbers": sorted(number.number for number in numbers)}
    return Result(bool(numbers), {"numbers": number_dicts(numbers)}, listed, {"numbers": []})


def check_release(context: Context) -> None:
    """Raise Failure ``unsupported`` where the provider takes no numbers back."""
    if not context.provider.features.release:
        raise context.provider.features.unsupported("release", context.provider.name)


@contextlib.contextmanager
def releasing(context: Context, names: t.Sequence[str]) -> t.Iterator[Releasing]:
    """A context that holds the lock of the account, in which the owned ones of *names* can be given back."""
    check_release(context)
    with context.exclusive() as journal:
        ledger = Ledger(context, journal)
        keeper = Keeper(context) if journal.entries else None
        if keeper is not None:
            keeper.open(journal)
        owned = _read(ledger, keeper, names)
        leaving = ledger.leaving if keeper is None else keeper.book.leaving
        _refuse_unlisted(journal, [name for name in names if name not in owned and name not in leaving])
        warn_of_misspelt(context, [name for name in names if name not in owned])
        yield Releasing(context, ledger, keeper, owned)


class Releasing:
    """What is about to be given back under the lock of an account: ``owned`` are the records that were just read."""

    def __init__(self, context: Context, ledger: Ledger, keeper: Keeper | None, owned: t.Mapping[str, Number]) -> None:
        self.owned = owned
        self._context = context
        self._ledger = ledger
        self._keeper = keeper

    def give_back(self, numbers: t.Sequence[Number]) -> None:
        """Give back *numbers*. Raises Failure, whose ``completed`` has those that were ``released`` all the same."""
        gone: list[str] = []

        def give_back(number: Number) -> None:
            _release(self._context, self._ledger, number)
            gone.append(number.number)

        try:
            self._context.provider.workers.map(give_back, numbers)
        except Failure as failure:
            failure.completed, failure.changed = {"released": sorted(gone)}, bool(gone)
            raise
        finally:
            if self._keeper is not None:
                self._keeper.change_book(lambda book: matching.released(book, gone))


def _refuse_unlisted(journal: Journal, absent: t.Sequence[str]) -> None:
    """Raise Failure ``inconsistent_list`` for a bought number in *absent*: it is owned, and the list lacks it."""
    for entry in journal.entries:
        unseen = {name for part in entry.parts for name in part.known() if name not in part.seen}
        hidden = sorted(unseen & set(absent))
        if hidden:
            raise Failure(
                "inconsistent_list",
                f"{', '.join(hidden)} was ordered and the provider's list does not show it yet: run again later, or "
                f"settle the order with number_purchase and close_orders: ['{entry.id}'].",
            )


def _refuse_linked(numbers: t.Sequence[Number]) -> None:
    untold = "its record does not show to which"
    linked = [
        f"{number.number} ({', '.join(number.linked_to) or untold})"
        for number in numbers
        if number.linked_to or not number.links_known
    ]
    if linked:
        addresses = any(link.kind == URL for number in numbers for link in number.links)
        what = "an application or an address" if addresses else "an application"
        clear = " or clear the address with number_configuration" if addresses else ""
        raise Failure(
            "conflict",
            f"Linked to {what}: {', '.join(linked)}. Unlink them with number_assignment{clear}, or set 'force' to "
            "release them all the same.",
        )


def _release(context: Context, ledger: Ledger, number: Number) -> None:
    """Give back *number*. After an ambiguous answer the list shows whether it is gone.

    If it is not, the request is repeated once, but only for the record of the same purchase. What is answered then says
    nothing of the first request.
    """
    entry = ledger.note_release(number)
    first: Failure | None = None
    while True:
        try:
            context.provider.release(number)
        except Failure as failure:
            is_open = isinstance(failure, Ambiguous) or failure.code == "not_found"
            if first is None and not is_open:
                ledger.undone(entry)
                raise
            gone = _gone(context, number)
            under_way = isinstance(failure, Ambiguous) and failure.taken
            if not gone and (gone is None or first is not None or number.since is None or under_way):
                raise unknown(
                    f"It is not known whether {number.number} was given back: run again, it is given back if the list "
                    "still shows it.",
                    first or failure,
                ) from None
            if not gone:
                first = failure
                continue
        ledger.done(entry)
        return


def _gone(context: Context, number: Number) -> bool | None:
    """Return whether *number* is gone, or None when no list could be read.

    The list is read until the number is no longer owned or the settle time has passed. Raises Failure ``conflict`` when
    the number was bought again meanwhile.
    """
    gone: bool | None = None
    for _poll in context.polls(context.settled_by()):
        try:
            now = owned_named(context, [number.number], certain=True).get(number.number)
        except Failure:
            continue
        if now is None or now.status == LEAVING:
            return True
        if not context.provider.same_record(number, now):
            raise Failure("conflict", f"{number.number} was given back and bought again meanwhile: it is left alone.")
        gone = False
    return gone


def _read(ledger: Ledger, keeper: Keeper | None, names: t.Sequence[str]) -> dict[str, Number]:
    """Return the owned ones of *names* by their digits.

    With open orders (*keeper*) the whole list is read, to find out which order bought which number.
    """
    if keeper is None:
        return ledger.named(names, certain=True)
    keeper.read()
    owned = keeper.book.owned
    Listed((), keeper.book.unreadable).check_absent([name for name in names if name not in owned])
    return {name: owned[name] for name in names if name in owned}
