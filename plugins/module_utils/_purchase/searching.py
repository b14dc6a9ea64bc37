# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: find what may be bought. Each offer says when its price was read."""

from __future__ import annotations

import collections
import dataclasses
import math
import typing as t

from .._contract.exchange import Search
from .._core.errors import Failure
from .._core.model import Offer
from . import papers
from .keeper import Run
from .quote import usable
from .tally import Tally


@dataclasses.dataclass
class Findings:
    """Offers that may be bought. *lacked* says of others that match, by their ids, which papers they need.

    *ended* says that the provider showed a part of its catalogue only, and that nothing could be asked further.
    """

    offers: dict[str, Offer] = dataclasses.field(default_factory=dict)
    lacked: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    lacked_stock: int = 0
    ended: bool = False

    @property
    def stock(self) -> int:
        """How many numbers may be bought."""
        return sum(offer.stock for offer in self.offers.values())


def find_offers(run: Run, state: Tally, left: int) -> Findings:
    """Search for offers of what *state* lacks, *left* of it.

    Raises Failure ``out_of_stock`` for a named number that is not for sale, ``regulatory`` for one that needs papers.
    """
    return _look_up(run, state) if run.want.numbers is not None else _search(run, left)


def _have(run: Run) -> set[str]:
    """The numbers that are owned, bought or on order: some catalogues show a number while it is on order."""
    ordered = {name for part in run.book.open() for name in part.known()}
    return {*run.book.owned, *run.state.numbers, *ordered}


def _add(run: Run, findings: Findings, offers: t.Iterable[Offer], moment: float) -> None:
    """Add those of *offers* that the task can buy. Their prices were read at *moment* or later."""
    have = _have(run)
    for offer in offers:
        if offer.number in have or papers.class_of(offer) in run.state.struck:
            continue
        lacked = papers.lacking(offer, run.want, run.provider.features)
        if lacked:
            findings.lacked_stock += 0 if offer.id in findings.lacked else offer.stock
            findings.lacked[offer.id] = lacked
            continue
        timed = dataclasses.replace(offer, read_at=moment) if offer.read_at == -math.inf else offer
        findings.offers[offer.id] = run.state.capped(timed)


# -- named numbers -----------------------------------------------------------------------------------------------------


def _look_up(run: Run, state: Tally) -> Findings:
    have = _have(run)
    wanted = [name for name in state.missing if name not in have]
    moment = run.context.clock.now()
    found = run.provider.lookup_many(wanted)
    absent = [name for name in wanted if found.get(name) is None]
    if absent and not run.want.allow_partial:
        raise Failure(
            "out_of_stock",
            f"{', '.join(absent)} cannot be bought from {run.provider.name} now: "
            "choose numbers that available_number_info offers.",
        )
    findings = Findings()
    _add(run, findings, [offer for offer in found.values() if offer is not None], moment)
    if findings.lacked:
        names = {offer.id: name for name, offer in found.items() if offer is not None}
        named = {names[identity]: words for identity, words in findings.lacked.items()}
        raise papers.refusal(named, run.provider.features)
    return findings


# -- numbers by count --------------------------------------------------------------------------------------------------


def _search(run: Run, left: int) -> Findings:
    """Read the catalogue. Where the provider shows a part of it, and that does not suffice, ask for more."""
    limit = run.terms.search_limit
    moment = run.context.clock.now()
    search = run.provider.search(run.want.selector, {}, limit)
    if not search.complete and not search.stopped:
        run.context.warn(
            f"Only about {limit} rows of the catalogue were read: cheaper offers may exist, raise 'search_limit'."
        )
    findings = Findings()
    _add(run, findings, search.offers, moment)
    if search.window and not _suffices(run, findings, left):
        _widen(run, findings, left, len(search.offers))
    return findings


def _suffices(run: Run, findings: Findings, left: int) -> bool:
    fitting = usable(run.want, findings.offers.values(), run.linkable)
    return sum(offer.stock for offer in fitting) >= left


def _widen(run: Run, findings: Findings, left: int, rows: int) -> None:
    """Ask for the numbers that end in 0, in 1 and so on, and again for two digits where a part is shown only.

    That ends when enough was found, or with ``search_limit`` rows.
    """
    met = papers.met(run.want, run.provider.features)
    endings = collections.deque("0123456789" if run.provider.features.search_endings else "")
    findings.ended = not endings
    while endings and rows < run.terms.search_limit and not _suffices(run, findings, left):
        ending = endings.popleft()
        search = _search_ending(run, findings, ending, met)
        rows += len(search.offers)
        if search.window:
            endings.extend(digit + ending for digit in "0123456789")
    if endings and rows >= run.terms.search_limit:
        run.context.warn(f"Only about {rows} rows of the catalogue were read: there may be more, raise 'search_limit'.")


def _search_ending(run: Run, findings: Findings, ending: str, met: t.Collection[str]) -> Search:
    moment = run.context.clock.now()
    search = run.provider.search_ending(run.want.selector, ending, met)
    _add(run, findings, search.offers, moment)
    return search
