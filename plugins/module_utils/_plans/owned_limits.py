# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: limits of what the pools cost a month after the run. They stop purchases only. Pure."""

from __future__ import annotations

import typing as t
from decimal import Decimal

from .._core import money
from .._core.errors import Failure
from .model import OwnedLimit
from .state import State


def keep(limits: t.Iterable[OwnedLimit], states: t.Sequence[State]) -> tuple[list[str], list[str]]:
    """Fail the pools whose purchases a limit does not allow. Return a line for each limit that stopped any, and one for
    each that is passed with nothing to buy.
    """
    stopped, warnings = [], []
    for limit in limits:
        under = [state for state in states if _is_under(limit, state)]
        buying = [state for state in under if state.step is None and state.lines]
        said = _broken(limit, under, bool(buying))
        if said is None:
            continue
        if not buying:
            warnings.append(said)
            continue
        stopped.append(said)
        for state in buying:
            state.fail("limit", Failure("price_limit", f"Nothing was bought: {said}"))
    return stopped, warnings


def _is_under(limit: OwnedLimit, state: State) -> bool:
    if limit.label is None:
        return True
    name, value = limit.label
    return str(state.pool.labels.get(name)) == value


def _broken(limit: OwnedLimit, states: t.Sequence[State], buys: bool) -> str | None:
    """What stands against a purchase under *limit*; None when it is surely kept."""
    place = "The pools" if limit.label is None else f"The pools with {limit.label[0]}={limit.label[1]}"
    unknown = [state.pool.name for state in states if not state.is_counted]
    if unknown and buys:
        names = ", ".join(unknown[:5])
        return f"{place} {names} could not be counted, so max_owned_monthly_total cannot be kept: mend that."
    costs = [state.monthly().get(limit.currency, (Decimal(0), Decimal(0)))[1] for state in states]
    total = money.plus(*costs)
    if total is None:
        if not buys:
            return None
        return (
            f"{place} have numbers in {limit.currency} of unknown price, so max_owned_monthly_total cannot be kept: "
            "give a price_list, or leave that limit out."
        )
    if total > limit.most:
        return (
            f"{place} would cost {money.text(total)} {limit.currency} a month, and max_owned_monthly_total is "
            f"{money.text(limit.most)}: raise it or ask for less."
        )
    return None
