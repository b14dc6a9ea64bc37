# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the operations that only read."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.model import Number, by_price
from .._core.selector import Selector, prefix_hint
from .context import (
    Context,
    Result,
    check_filters,
    check_keys,
    check_lengths,
    check_search_limit,
    number_dicts,
    owned_named,
)


def account_info(context: Context) -> Result:
    """Return the account that the credentials open, the applications that it lists, and the provider's features."""
    account = context.provider.account()
    applications = None if account.applications is None else sorted(account.applications)
    facts = {
        "account": account.as_dict(),
        "applications": applications,
        "features": context.provider.features.as_dict(),
    }
    return Result(facts=facts)


def available(
    context: Context, selector: Selector, filters: t.Mapping[str, t.Any], limit: int | None, search_limit: int
) -> Result:
    """Return the offers that match, the cheapest first, *limit* of them at most.

    About *search_limit* rows of the catalogue are read at most; a warning says so when there are more.
    """
    from .._purchase.quote import unique

    provider = context.provider
    check_keys(selector.keys(), provider.features.offer_keys, provider.name, "offers")
    check_filters(filters, provider.features.offer_filters, provider.name)
    provider.check_search(selector, filters)
    check_search_limit(search_limit)
    if limit is not None and limit < 1:
        raise Failure("invalid_option", "limit must be 1 or more.")
    search = provider.search(selector, filters, search_limit)
    if not search.offers and prefix_hint(selector):
        context.warn(prefix_hint(selector))
    if not search.complete and not search.stopped:
        context.warnings.append(
            f"Only about {search_limit} rows of the catalogue were read: narrow the search or raise 'search_limit' to "
            "see them all."
        )
    if search.window and (limit is None or limit > len(search.offers)):
        context.warnings.append(f"{provider.name} shows only a part of what matches: narrow the search to see others.")
    offers = sorted(unique(search.offers), key=by_price)
    return Result(facts={"offers": [offer.as_dict() for offer in offers[:limit]]})


def owned(
    context: Context,
    names: t.Sequence[str] | None,
    identity: str | None,
    selector: Selector,
    application: str | None,
    filters: t.Mapping[str, t.Any],
    described: t.Collection[str] = (),
) -> Result:
    """Return the owned numbers that meet all conditions. A selector key that the records do not show is refused.

    The task gave the numbers in *described* as objects: a module has returned them, so they are not misspelt.
    """
    provider = context.provider
    check_keys(selector.keys(), provider.countable(selector), provider.name, "owned numbers")
    check_filters(filters, provider.features.owned_filters, provider.name)
    if application and not provider.features.linked_capabilities:
        raise provider.features.unsupported("assignment", provider.name)
    numbers = _fetch(context, names, identity, application, filters)
    if names is not None and not identity and not application and not filters:
        found = {number.number for number in numbers}
        check_lengths(name for name in names if name not in found and name not in described)
    return Result(facts={"numbers": number_dicts(selector.narrowed(numbers))})


def _fetch(
    context: Context,
    names: t.Sequence[str] | None,
    identity: str | None,
    application: str | None,
    filters: t.Mapping[str, t.Any],
) -> list[Number]:
    provider = context.provider
    if names is not None and not names:
        return []
    if identity:
        found = provider.find_id(identity)
        numbers = [found] if found else []
    elif names is not None and not filters and not application:
        return list(owned_named(context, names).values())
    elif application and not filters:
        numbers = provider.linked_to(application)
    else:
        numbers = provider.owned(filters)
    if application:
        numbers = [number for number in numbers if application in number.linked_to]
    return [number for number in numbers if names is None or number.number in names]
