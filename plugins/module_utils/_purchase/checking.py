# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what is refused before any request: what the provider cannot do, and what the options do not say."""

from __future__ import annotations

import math
import typing as t

from .._contract import declared
from .._contract.features import Features
from .._core.errors import Failure
from .._core.link import Aim
from .._operations import applications
from .._operations.context import Context, check_keys, check_search_limit
from . import papers
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
    own_options(features, provider.name, want)
    papers.check(want, features, provider.name)
    if want.numbers is None:
        if want.count < 1:
            raise Failure("invalid_option", "count must be 1 or more.")
        check_keys(want.selector.keys(), provider.countable(want.selector), provider.name, "owned numbers")
        check_keys(want.selector.keys(), features.offer_keys, provider.name, "offers")
        provider.check_search(want.selector, {})
    opened = provider.options.credentials  # a plan is checked before its accounts are opened
    if opened and not features.names_account and not provider.options.get("account_id"):
        raise Failure(
            "invalid_option",
            f"{provider.name}'s API names no account, and a purchase is journalled by it: set account_id (environment "
            f"TELCO_NUMBERS_{provider.name.upper()}_ACCOUNT_ID) to a name of yours for the account, always the same.",
        )
    if features.pending_orders and not context.store().enabled:
        raise Failure(
            "journal_required",
            f"{provider.name} cannot list pending orders, so it buys only with a journal: "
            "set journal (or TELCO_NUMBERS_JOURNAL) to a directory.",
        )


def own_options(features: Features, provider: str, want: Want) -> dict[str, t.Any]:
    """The provider's own options that *want* gives, with their types. Raises Failure for what it does not have."""
    found = declared.checked(want.options, features.provider_options, "provider_options", provider)
    return {name: value for name, value in found.items() if value is not None}


def _check_links(features: Features, provider: str, want: Want) -> None:
    """Refuse links that the provider does not make."""
    if want.application is not None:
        applications.check(features, provider, want.application)
        _check_whole(features, provider, want.application)
    elif want.capability is not None:
        raise Failure(
            "invalid_option",
            "capability says what is linked to the 'application': set that too, or select by 'capabilities'.",
        )
    if want.default_application is not None and not features.default_application:
        raise Failure(
            "unsupported",
            f"{provider} links no new number to a default application: leave 'default_application' out.",
        )


def _check_whole(features: Features, provider: str, aim: Aim) -> None:
    """Refuse to link a part of the capabilities, or each elsewhere, where the provider links a number whole."""
    named = {target.capability for target in aim.targets}
    if features.links_whole and aim.named and (len(aim.ids) > 1 or {*features.linked_capabilities} - named):
        listed = " and ".join(sorted(map(str, named)))
        raise Failure(
            "unsupported", f"{provider} links a number whole, not its {listed} alone: leave 'capability' out."
        )
