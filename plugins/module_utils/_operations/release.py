# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: give numbers back. Only listed ones, never by a selector."""

from __future__ import annotations

import threading
import typing as t

from .._errors import Ambiguous, Failure
from .._model import Number
from .context import Context, Result, number_dicts, owned_named, unknown, warn_of_misspelt
from .entries import Entry
from .journal import Journal


def release(context: Context, names: t.Sequence[str], force: bool) -> Result:
    """Give back the owned ones of *names*; one that is not owned is already as wanted."""
    features = context.provider.features
    if not features.release:
        raise features.unsupported("release", context.provider.name)
    if not names:
        return Result(facts={"numbers": []}, before={}, after={})
    with context.exclusive() as journal:
        owned = owned_named(context, names, certain=True)
        _refuse_hidden(journal, [name for name in names if name not in owned])
        warn_of_misspelt(context, [name for name in names if name not in owned])
        numbers = [owned[name] for name in names if name in owned]
        if not force:
            _refuse_linked(numbers)
        gone: list[str] = []
        records = threading.Lock()

        def give_back(number: Number) -> None:
            _release(context, number)
            with records:
                _forget(journal, number.number)
                gone.append(number.number)

        try:
            context.provider.pool.map(give_back, [] if context.check else numbers)
        except Failure as failure:
            failure.completed, failure.changed = {"released": sorted(gone)}, bool(gone)
            raise
    listed = {"numbers": sorted(number.number for number in numbers)}
    return Result(bool(numbers), {"numbers": number_dicts(numbers)}, listed, {"numbers": []})


def _ordered(entry: Entry) -> set[str]:
    return {*entry.numbers, *([entry.offer["number"]] if entry.offer["number"] else [])}


def _refuse_hidden(journal: Journal, absent: t.Sequence[str]) -> None:
    """A bought number that the list does not show yet cannot be called "not owned"."""
    for entry in journal.entries:
        hidden = sorted(_ordered(entry) & set(absent))
        if hidden:
            raise Failure(
                "inconsistent_list",
                f"{', '.join(hidden)} was ordered and the provider's list does not show it yet: run again later, or settle the order with "
                f"number_purchase and close_orders: ['{entry.id}'].",
            )


def _forget(journal: Journal, number: str) -> None:
    """A number that was given back no longer counts as bought."""
    for entry in journal.entries:
        if number in _ordered(entry):
            entry.numbers = [name for name in entry.numbers if name != number]
            entry.quantity -= 1
            if entry.quantity > 0:
                journal.write(entry)
            else:
                journal.close(entry)


def _refuse_linked(numbers: t.Sequence[Number]) -> None:
    linked = [f"{number.number} ({', '.join(sorted(set(number.applications.values())))})" for number in numbers if number.applications]
    if linked:
        raise Failure(
            "conflict", f"Linked to an application: {', '.join(linked)}. Unlink them with number_assignment, or set 'force' to release them all the same."
        )


def _release(context: Context, number: Number) -> None:
    """Send the DELETE. After an ambiguous answer it is repeated once, and only while the record is the very same purchase."""
    for last in (False, True):
        try:
            context.provider.release(number)
            return
        except Ambiguous as error:
            gone = _gone(context, number)
            if gone:
                return
            if last or gone is None:
                raise unknown(
                    f"It cannot be told whether {number.number} was given back: run again, it is given back if the list still shows it.", error
                ) from None
        except Failure as failure:
            if failure.code == "not_found":
                return
            raise


def _gone(context: Context, number: Number) -> bool | None:
    """Read until the number is no longer owned or the settle time has passed; return whether it is gone, None when no list could be read.

    Raises Failure ``conflict`` for another purchase of it.
    """
    gone: bool | None = None
    for _poll in context.polls(context.settled_by()):
        try:
            now = owned_named(context, [number.number], certain=True).get(number.number)
        except Failure:
            continue
        if now is None:
            return True
        if not context.provider.same_record(number, now):
            raise Failure("conflict", f"{number.number} was given back and bought again meanwhile: it is left alone.")
        gone = False
    return gone
