# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the last step of a purchase: link what counts to the application."""

from __future__ import annotations

from .._core.errors import Failure
from .._core.link import Aim
from .._core.model import PENDING, Number
from .._journal import entries as log
from .._operations import linking, links
from .._operations.context import indexed
from .book import is_for
from .counting import count
from .keeper import Run
from .tally import Tally, tally
from .waiting import expected


def link(run: Run, before: Tally) -> None:
    """Link what counts now and is not linked whole: what was there, what was bought, and what was waited for."""
    application = run.want.application
    if application is None:
        return
    _check_not_moved(run, before, application)
    missing = links.missing(_to_link(run, application), application, run.linkable)
    if missing:
        done = linking.apply(run.context, missing, ())
        run.advance(lambda state: state.linked(done))
    if not run.bought_linked:
        _check_linked_whole(run, application)


def _check_linked_whole(run: Run, application: Aim) -> None:
    """Raise Failure ``inconsistent_list`` where bought numbers, which no list shows, are still to be linked."""
    listed = [number for number in run.book.counted() if number.number in run.book.owned]
    bought = [entry for entry in expected(run) if entry.status == log.FULFILLED and is_for(entry, application)]
    if bought and tally(run.want, listed, run.linkable, 0).shortage:
        raise Failure(
            "inconsistent_list",
            "What was bought cannot be linked yet, because the provider's list does not show it: run again to link it.",
        )


def _check_not_moved(run: Run, before: Tally, application: Aim) -> None:
    """Raise Failure ``conflict`` for a number that counted or was bought, and that somebody has linked elsewhere."""
    own = run.state.own_names() | {number.number for number in before.satisfied}
    for name in sorted(own.intersection(run.book.owned)):
        others = links.foreign(run.book.owned[name], application, run.want.default_application)
        if others:
            raise Failure(
                "conflict",
                f"{name} was linked to {', '.join(others)} meanwhile, and stays there: run again to count anew.",
            )


def _to_link(run: Run, application: Aim) -> list[Number]:
    """The listed numbers to be linked now. Raises Failure ``undecidable`` for bought and others' mixed."""
    state = count(run.want, run.book, run.linkable)
    chosen = indexed(state.to_link)
    mixed = sorted({name for names in run.book.mixed.values() for name in names if chosen.keys() & set(names)})
    if mixed:
        raise Failure(
            "undecidable",
            f"Which of {', '.join(mixed)} were bought by this task and which by somebody else cannot be told, so none "
            "was linked: link the right ones with number_assignment, or run again to have free numbers linked, whoever "
            "bought them.",
        )
    own = run.state.own_names()
    bought = [number for number in run.book.counted() if number.number in own and number.status != PENDING]
    late = [number for number in bought if links.unlinked(number, application, run.linkable)]
    return [number for name, number in {**chosen, **indexed(late)}.items() if name in run.book.owned]
