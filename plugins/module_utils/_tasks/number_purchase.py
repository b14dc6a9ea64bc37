# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the task of the module number_purchase."""

from __future__ import annotations

import typing as t

from .._core import money, selector
from .._core.errors import Failure
from .._operations.context import Context, Result
from .._purchase.purchase import purchase
from .._purchase.want import Limits, Terms, Want
from . import aim
from .options import SELECTOR
from .task import Arguments, Task

LIMITS = ("max_monthly_price", "max_setup_price", "max_monthly_total", "max_setup_total", "max_due_now_total")

OPTIONS = {
    **SELECTOR,
    "numbers": {"type": "list", "elements": "raw"},
    "count": {"type": "int"},
    "offer": {"type": "str"},
    **aim.OPTIONS,
    "default_application": {"type": "str"},
    "exclude": {"type": "list", "elements": "raw"},
    "exclude_offers": {"type": "dict"},
    **{limit: {"type": "raw"} for limit in LIMITS},
    "currency": {"type": "str"},
    "allow_partial": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 600},
    "search_limit": {"type": "int", "default": 1000},
    "provider_options": {"type": "dict"},
    "regulatory": {"type": "dict", "no_log": True},
    "close_orders": {"type": "list", "elements": "str"},
}


def wanted(arguments: Arguments) -> Want:
    """The state that the options ask for. Raises Failure ``invalid_option``."""
    limits = {limit.partition("_")[2]: money.parse_limit(limit, arguments[limit]) for limit in LIMITS}
    return Want(
        numbers=arguments.numbers("numbers"),
        count=arguments["count"] or 0,
        selector=selector.parse(arguments.mapping()),
        offer=arguments["offer"],
        application=aim.aim_of(arguments.mapping()),
        capability=arguments["capability"],
        default_application=arguments["default_application"],
        exclude=frozenset(arguments.numbers("exclude") or ()),
        exclude_offers=_quantities(arguments["exclude_offers"] or {}),
        limits=Limits(**limits, currency=arguments.common.currency("currency", arguments["currency"])),
        options=arguments["provider_options"] or {},
        allow_partial=arguments["allow_partial"],
        regulatory=_filed(arguments["regulatory"] or {}),
    )


def _filed(papers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the task names of *papers*; null and empty text are nothing."""
    return {str(key): value for key, value in papers.items() if value not in (None, "")}


def _quantities(offers: t.Mapping[str, t.Any]) -> dict[str, int]:
    """How many of each offer to leave alone. Raises Failure ``invalid_option``."""
    wrong = [
        offer
        for offer, quantity in offers.items()
        if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 0
    ]
    if wrong:
        raise Failure(
            "invalid_option",
            f"exclude_offers: the quantity of {', '.join(map(str, wrong))} must be a whole number of zero or more.",
        )
    return {str(offer): quantity for offer, quantity in offers.items()}


def operate(context: Context, arguments: Arguments) -> Result:
    """Own the wanted numbers."""
    terms = Terms(
        wait=arguments["wait"],
        wait_timeout=arguments["wait_timeout"],
        search_limit=arguments["search_limit"],
        close_orders=tuple(arguments["close_orders"] or ()),
    )
    want = wanted(arguments)
    context.provider.secrets.add(*(value for value in want.regulatory.values() if isinstance(value, str)))
    return purchase(context, want, terms)


TASK = Task(
    OPTIONS,
    operate,
    required_one_of=[("numbers", "count")],
    mutually_exclusive=[("numbers", "count"), *(("numbers", key) for key in SELECTOR), ("numbers", "offer")],
)
