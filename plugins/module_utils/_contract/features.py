# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the declarations of a provider: its credentials, its features and its documentation."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.price_list import Price
from .._net.session import Settings
from .declared import Paper, Setting

BY_NUMBER = "number"  # a purchase names the number
BY_GROUP = "group"  # a purchase names a group and a quantity; the provider chooses the numbers
BY_RESERVATION = "reservation"  # as BY_GROUP, in two steps: reserve, check out


@dataclasses.dataclass(frozen=True)
class Features:
    """The features that a provider offers. Operations decide by them, and never by the provider's name."""

    purchase: str
    offer_keys: tuple[str, ...]  # selector keys that can be decided on offers
    owned_keys: tuple[str, ...]  # selector keys that can be decided on owned numbers
    offer_filters: tuple[str, ...] = ()  # the provider's own query fields of a search
    owned_filters: tuple[str, ...] = ()  # the same for the list of owned numbers
    kinds: t.Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)  # of applications, by capability
    listed_kinds: tuple[str, ...] = ()  # those whose applications the provider lists
    links_whole: bool = False  # linking sets every capability of the number at once
    unlinks_whole: bool = False  # unlinking clears every capability of the number at once
    links_on_purchase: bool = False
    default_application: bool = False  # new numbers may be linked to a default application of the account
    configuration: tuple[str, ...] = ()  # options of number_configuration
    provider_options: tuple[Setting, ...] = ()  # the provider's own fields of a purchase
    provider_settings: tuple[Setting, ...] = ()  # the provider's own fields of a number
    regulatory: tuple[Paper, ...] = ()  # the papers, filed with the provider, that a purchase can name
    offers_per_purchase: int = 1  # so many offers, of one number each, may be bought with one request
    names_account: bool = True  # the credentials say which account it is; else a purchase needs account_id
    release: bool = False
    links_each: bool = False  # each number is linked by a call of its own, independent of the others
    papers_checked_at_purchase: bool = True  # a purchase that lacks papers is refused: unknown ones may be tried
    search_endings: bool = False  # a search that it caps can be asked again for numbers that end in given digits
    orders_by_id: bool = False  # an order can be asked for by the provider's id
    orders_by_key: bool = False  # an order can be asked for by a key that the purchase sent along
    asynchronous: bool = False  # a purchase is an order that is carried out later: being absent proves nothing
    pending_orders: bool = False  # an order may stay pending, and pending orders cannot be listed
    shows_charge: bool = True  # an owned record shows the monthly price that is charged
    hints: t.Mapping[str, str] = dataclasses.field(default_factory=dict)  # by feature not offered: what to do instead

    @property
    def linked_capabilities(self) -> tuple[str, ...]:
        """The capabilities that can be linked to an application."""
        return tuple(sorted(self.kinds))

    def as_dict(self) -> dict[str, t.Any]:
        """Return the ``features`` of account_info."""
        shown = {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        del shown["hints"]
        return {**shown, "linked_capabilities": list(self.linked_capabilities)}

    def unsupported(self, what: str, provider: str) -> Failure:
        """Return the failure for *what*, a feature (a key of ``hints``) that the provider does not offer."""
        return Failure("unsupported", self.hints.get(what) or f"{provider} does not offer {what}.")


def _plain(value: t.Any) -> t.Any:
    """Return *value* as plain JSON types."""
    if isinstance(value, (Setting, Paper)):
        return value.as_dict()
    if isinstance(value, t.Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


class Credential(t.NamedTuple):
    """An option that identifies or proves the account, and the vendor's usual environment variables for it.

    *label* is the vendor's name for it, and *help* says more, as in "the user, instead of a key".
    """

    option: str
    env: tuple[str, ...] = ()
    label: str = ""
    help: str = ""


class Access(t.NamedTuple):
    """The ways to log in to a provider. ``methods`` are alternative sets of options; an empty set needs no option.

    ``refused_env`` are environment variables with which the vendor's tools choose their server, and that api_url cannot
    replace. A task that finds one of them set is refused; the value is the sentence for the message.
    """

    methods: tuple[tuple[str, ...], ...]
    credentials: tuple[Credential, ...] = ()
    required: tuple[str, ...] = ()  # needed with every method
    url_env: tuple[str, ...] = ()
    url_label: str = "API address"
    url_help: str = "another address in place of the provider's own, for example the sandbox's"
    refused_env: t.Mapping[str, str] = {}  # variables that would be ignored otherwise: what to do instead


class About(t.NamedTuple):
    """The texts about a provider for the documentation and AWX, into which tests/tools/generate.py writes them."""

    title: str
    sells: str  # beside its name in the list of providers
    notes: tuple[str, ...] = ()  # sentences on how it sells, and on what it does not have
    remarks: t.Mapping[str, str] = {}  # by place in the documentation: a sentence whose subject is the provider


class Options(t.NamedTuple):
    """The checked options of one task for its provider. An option that is not set is None."""

    credentials: t.Mapping[str, str]
    api_url: str | None
    account_currency: str | None
    settings: Settings
    session_cache: str | None = None
    price_list: tuple[Price, ...] = ()

    def get(self, option: str) -> str | None:
        """Return the value of the credential *option*, or None when it is not set."""
        return self.credentials.get(option)
