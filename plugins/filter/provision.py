# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that the role provision decides by."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._plans import progress, quote
from ..module_utils._plans.model import PlanError
from ..module_utils._tasks import plan


def plan_progress(pools: t.Sequence[t.Any], done: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the next steps for the pools, after the results *done* of the steps so far."""
    return progress.Progress(pools, done).as_dict()


def plan_claims(results: t.Sequence[t.Any], before: t.Any = None) -> dict[str, t.Any]:
    """Return the claims of the quotes in *results*, by contest, added to the claims *before*."""
    return progress.claims(results, before)


def plan_quote(results: t.Sequence[t.Any], limits: t.Any = None) -> dict[str, t.Any]:
    """Return the totals of the quotes in *results*, the limits that they break, and limits for no more.

    Raises AnsibleFilterError for wrong *limits*.
    """
    try:
        bounds = plan.read([], limits=limits).limits
    except PlanError as error:
        raise AnsibleFilterError(f"The limits have mistakes: {error}") from None
    quotes = [result.get("quote") for result in results]
    most = {currency: amounts for currency, amounts in quote.known(quotes).items() if currency}
    return {
        "totals": quote.totals(quotes),
        "over": quote.over(results, bounds),
        "limits": {quote.NO_CURRENCY: {}, **most},  # an empty mapping would mean that there is no limit
        "unbounded": quote.unbounded(results),
    }


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"plan_claims": plan_claims, "plan_progress": plan_progress, "plan_quote": plan_quote}
