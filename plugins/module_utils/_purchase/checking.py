# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what is refused before any request: what the provider cannot do, and what the options do not say."""

from __future__ import annotations

import math

from .._contract.features import Features
from .._core.errors import Failure
from .._operations.context import Context, check_keys, check_search_limit
from .want import Terms, Want


def check(context: Context, want: Want, terms: Terms) -> None:
    """Raise Failure for what cannot be asked of this provider. Sends nothing."""
    provider = context.provider
    features = provider.features
    if not 0 < terms.wait_timeout < math.inf:
        raise Failure("invalid_option", "wait_timeout must be more than zero seconds.")
    check_search_limit(terms.search_limit)
    if want.limits.any() and want.limits.currency is None:
        raise Failure("invalid_option", "A price limit needs its 'currency', like 'EUR'.")
    _check_links(features, provider.name, want)
    if want.numbers is None:
        if want.count < 1:
            raise Failure("invalid_option", "count must be 1 or more.")
        check_keys(want.selector.keys(), provider.countable(want.selector), provider.name, "owned numbers")
        check_keys(want.selector.keys(), features.offer_keys, provider.name, "offers")
        provider.check_search(want.selector, {})
    if features.pending_orders and not context.store().enabled:
        raise Failure(
            "journal_required",
            f"{provider.name} cannot list pending orders, so it buys only with a journal: "
            "set journal (or TELCO_NUMBERS_JOURNAL) to a directory.",
        )


def _check_links(features: Features, provider: str, want: Want) -> None:
    """Refuse links that the provider does not make."""
    if want.application is not None and not features.linked_capabilities:
        raise features.unsupported("assignment", provider)
    if want.capability is not None:
        _check_capability(features, provider, want)
    if want.default_application is not None and not features.default_application:
        raise Failure(
            "unsupported",
            f"{provider} links no new number to a default application: leave 'default_application' out.",
        )


def _check_capability(features: Features, provider: str, want: Want) -> None:
    """Refuse to link one capability alone where that means nothing or cannot be done."""
    if want.application is None:
        raise Failure(
            "invalid_option",
            "capability says what is linked to the 'application': set that too, or select by 'capabilities'.",
        )
    if not want.links(features.linked_capabilities):
        linked = ", ".join(features.linked_capabilities)
        raise Failure("unsupported", f"{provider} links no {want.capability}: use {linked}.")
    if features.links_whole and len(features.linked_capabilities) > 1:
        raise Failure(
            "unsupported",
            f"{provider} links a number whole, not its {want.capability} alone: leave 'capability' out.",
        )
