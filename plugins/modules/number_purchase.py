#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
"""

EXAMPLES = r"""
"""

RETURN = r"""
"""

from ansible_collections.telco.numbers.plugins.module_utils import _money, _selector
from ansible_collections.telco.numbers.plugins.module_utils._module import Arguments, Task
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Context, Result
from ansible_collections.telco.numbers.plugins.module_utils._operations.plan import Limits, Want
from ansible_collections.telco.numbers.plugins.module_utils._operations.purchase import Terms, purchase
from ansible_collections.telco.numbers.plugins.module_utils._options import SELECTOR

LIMITS = ("max_monthly_price", "max_setup_price", "max_monthly_total", "max_setup_total", "max_due_now_total")

OPTIONS = {
    **SELECTOR,
    "numbers": {"type": "list", "elements": "raw"},
    "count": {"type": "int"},
    "offer": {"type": "str"},
    "application": {"type": "str"},
    "default_application": {"type": "str"},
    "exclude": {"type": "list", "elements": "raw"},
    **{limit: {"type": "raw"} for limit in LIMITS},
    "currency": {"type": "str"},
    "allow_partial": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 600},
    "search_limit": {"type": "int", "default": 1000},
    "close_orders": {"type": "list", "elements": "str"},
}


def operate(context: Context, arguments: Arguments) -> Result:
    """Own the wanted numbers."""
    limits = {limit.partition("_")[2]: _money.parse_limit(limit, arguments[limit]) for limit in LIMITS}
    want = Want(
        numbers=arguments.numbers("numbers"),
        count=arguments["count"] or 0,
        selector=_selector.parse(arguments.mapping()),
        offer=arguments["offer"],
        application=arguments["application"],
        default_application=arguments["default_application"],
        exclude=frozenset(arguments.numbers("exclude") or ()),
        limits=Limits(**limits, currency=arguments.common.currency("currency", arguments["currency"])),
        allow_partial=arguments["allow_partial"],
    )
    terms = Terms(
        wait=arguments["wait"],
        wait_timeout=arguments["wait_timeout"],
        search_limit=arguments["search_limit"],
        close_orders=tuple(arguments["close_orders"] or ()),
    )
    return purchase(context, want, terms)


TASK = Task(
    OPTIONS,
    operate,
    required_one_of=[("numbers", "count")],
    mutually_exclusive=[("numbers", "count"), *(("numbers", key) for key in SELECTOR), ("numbers", "offer")],
)


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
