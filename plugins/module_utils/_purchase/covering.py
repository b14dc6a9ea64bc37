# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: cover a shortage: search, quote, order, and begin again where offers were gone or refused meanwhile."""

from __future__ import annotations

from .._core.errors import Failure
from .._core.words import missing
from . import papers
from .keeper import Run
from .ordering import execute
from .quote import Quote, choose
from .searching import Findings, find_offers
from .tally import Tally
from .waiting import MOST_BARREN


def cover(run: Run, now: Tally, shortage: int) -> None:
    """Quote and buy or hold, until nothing is missing or, with ``allow_partial``, nothing more is for sale.

    What is sold out or dearer meanwhile is quoted anew, as long as something is bought: at most three quotes in a row
    may bring nothing. What is refused for its papers is left to others, as often as there are others.
    """
    settled_before = run.state.quantity
    left, barren = shortage, 0
    lacked: dict[str, tuple[str, ...]] = {}
    refusal: Failure | None = None  # for its papers
    failure: Failure | None = None
    while left > 0:
        had = run.state.quantity
        findings = find_offers(run, now, left)
        lacked.update(findings.lacked)
        told = refusal or (failure if run.want.numbers is not None else None)  # nothing takes a named number's place
        quote = _quote(run, findings, left, told)
        failure = _execute(run, quote)
        bought = run.state.quantity - had
        left = shortage - (run.state.quantity - settled_before)
        if failure is not None and failure.code == "regulatory":
            refusal = failure
            continue
        if bought == quote.quantity and left > 0 and failure is None:
            _warn_of_part(run, findings, shortage - left, shortage, refusal)
            break
        barren = 0 if bought else barren + 1
        if left > 0 and barren == MOST_BARREN:
            raise failure or Failure(
                "price_changed",
                "The prices rise, or reading the catalogue takes longer than a price is good for (60 s): "
                "raise the limits, or narrow the search.",
            )
    if lacked:
        run.context.warn(papers.passed_over(lacked, run.provider.features))


def _quote(run: Run, findings: Findings, left: int, refusal: Failure | None) -> Quote:
    """What to buy of what was found. Raises Failure, which says so where papers or a window stand against it."""
    try:
        return choose(run.want, list(findings.offers.values()), left, run.state.quoted_lines(), run.linkable)
    except Failure as failure:
        if failure.code != "out_of_stock":
            raise
        if refusal is not None:
            raise refusal from None
        if findings.lacked and findings.stock + findings.lacked_stock >= left:
            told = papers.passed_over(findings.lacked, run.provider.features)
            raise Failure("regulatory", f"{missing(left)}. {told}") from None
        if findings.ended:
            raise Failure("out_of_stock", f"{failure.message} {_ended(run)}") from None
        raise


def _ended(run: Run) -> str:
    return f"The search showed only a part of what {run.provider.name} sells: a narrower one shows others."


def _warn_of_part(run: Run, findings: Findings, bought: int, shortage: int, refusal: Failure | None) -> None:
    """Say that ``allow_partial`` lets the task end with less than was wanted, and why."""
    reasons = [refusal.message] if refusal else [_ended(run)] if findings.ended else []
    text = f"Only {bought} of {shortage} missing numbers were for sale; allow_partial lets that pass."
    run.context.warnings.append(" ".join([text, *reasons]))


def _execute(run: Run, quote: Quote) -> Failure | None:
    """Buy or hold what is quoted; return why a part could not be had. Raises any failure that ends the run."""
    try:
        execute(run, quote)
    except Failure as failure:
        by_count = run.want.numbers is None
        if failure.code == "out_of_stock" or (failure.code == "regulatory" and by_count):
            return failure
        raise
    return None
