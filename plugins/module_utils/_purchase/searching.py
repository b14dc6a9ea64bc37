# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: find what may be bought. Each offer says when its price was read."""

from __future__ import annotations

import dataclasses

from .._core.errors import Failure
from .._core.model import Offer
from .keeper import Run
from .tally import Tally


def find_offers(run: Run, state: Tally) -> list[Offer]:
    """Search for offers of what *state* lacks. Raises Failure ``out_of_stock`` for a named number not for sale."""
    found = _find_missing(run, state) if run.want.numbers is not None else _search(run)
    return [run.state.capped(offer) for offer in found]


def _have(run: Run) -> set[str]:
    """The numbers that are owned or bought."""
    return {*run.book.owned, *run.state.numbers}


def _find_missing(run: Run, state: Tally) -> list[Offer]:
    have = _have(run)
    wanted = [name for name in state.missing if name not in have]
    offers = dict(zip(wanted, run.provider.pool.map(lambda name: _look_up(run, name), wanted)))
    absent = [name for name, offer in offers.items() if offer is None]
    if absent and not run.want.allow_partial:
        raise Failure(
            "out_of_stock",
            f"{', '.join(absent)} cannot be bought from {run.provider.name} now: "
            "choose numbers that available_number_info offers.",
        )
    return [offer for offer in offers.values() if offer is not None]


def _look_up(run: Run, name: str) -> Offer | None:
    moment = run.context.clock.now()
    offer = run.provider.lookup(name)
    return None if offer is None else dataclasses.replace(offer, read_at=moment)


def _search(run: Run) -> list[Offer]:
    have = _have(run)
    moment = run.context.clock.now()
    limit = run.terms.search_limit
    search = run.provider.search(run.want.selector, {}, limit)
    if not search.complete and not search.stopped:
        run.context.warn(
            f"Only about {limit} rows of the catalogue were read: cheaper offers may exist, raise 'search_limit'."
        )
    new = [offer for offer in search.offers if offer.number is None or offer.number not in have]
    return [dataclasses.replace(offer, read_at=moment) for offer in new]
