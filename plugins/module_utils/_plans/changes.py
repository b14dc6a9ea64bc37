# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what an operation returned, as the facts that change for a pool."""

from __future__ import annotations

import contextlib
import typing as t

from .._contract.provider import Provider
from .._operations.context import Result
from .._purchase.want import Terms
from .model import Pool
from .quote import NO_CURRENCY
from .state import Changed, Record


@contextlib.contextmanager
def priced_in(provider: Provider, currency: str | None) -> t.Iterator[None]:
    """Let prices that *provider* names in no currency be in *currency*, so that amounts bound them all the same."""
    options = provider.options
    if currency is not None:
        provider.options = options._replace(account_currency=currency)
    try:
        yield
    finally:
        provider.options = options


def unnamed(priced: Record) -> Record:
    """A quote or a number without the currency that stood for none."""
    return {**priced, "currency": None} if priced["currency"] == NO_CURRENCY else priced


def terms(pool: Pool) -> Terms:
    """How the purchase for *pool* runs."""
    given = {key: pool.options[key] for key in ("wait", "wait_timeout", "search_limit") if key in pool.options}
    return Terms(**given)


def sides(result: Result) -> tuple[t.Mapping[str, t.Any], t.Mapping[str, t.Any]]:
    """The links of the numbers before and after a purchase: number → capability → application."""
    return (result.before or {}).get("numbers", {}), (result.after or {}).get("numbers", {})


def link_changes(before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]) -> t.Iterator[Changed]:
    """What the links of numbers that were there before will be, or are now."""
    for number, now in after.items():
        was = before.get(number)
        for capability in sorted({*(was or {}), *now}) if was is not None else ():
            if was is not None and was.get(capability) != now.get(capability):
                yield Changed(number, capability, was.get(capability), now.get(capability))


def settings_changes(result: Result) -> t.Iterator[Changed]:
    """What the settings of numbers will be, or are now."""
    for number, now in (result.after or {}).items():
        was = (result.before or {}).get(number, {})
        for option in sorted(now):
            if was.get(option) != now[option]:
                yield Changed(number, option, was.get(option), now[option])
