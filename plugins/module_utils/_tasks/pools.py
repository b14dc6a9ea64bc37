# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the pools of a numbers plan as its variable has them."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from .._core.errors import Failure, one_line
from .._plans.model import Account, Pool
from .._plans.possible import impossible, resolved
from .._providers import NAMES
from .._purchase.want import Want
from . import number_configuration, number_purchase
from .options import SELECTOR, Common, check_bounds
from .task import Arguments
from .values import sound

_BOUGHT = (
    "numbers",
    "count",
    "offer",
    "application",
    "application_name",
    "application_kind",
    "applications",
    "capability",
    "provider_options",
    "regulatory",
    "exclude",
    "currency",
    "allow_partial",
    "wait",
    "wait_timeout",
    "search_limit",
)

POOL: t.Mapping[str, dict[str, t.Any]] = {
    "name": {"type": "str"},
    "account": {"type": "str"},
    "provider": {"type": "str", "choices": list(NAMES)},
    "state": {"type": "str", "choices": ["present", "retired"], "default": "present"},
    "labels": {"type": "dict", "default": {}},
    "configuration": {"type": "dict"},
    "move_from": {"type": "list", "elements": "str"},
    "leave_linked": {"type": "list", "elements": "str"},
    **SELECTOR,
    **{option: number_purchase.OPTIONS[option] for option in (*_BOUGHT, *number_purchase.LIMITS)},
}
# For options that are missing or wrong: that is said once, and is no other mistake.
_STAND_INS: t.Mapping[str, t.Any] = {"count": 1, "country": "US", "currency": "USD"}


def read_pools(pools: t.Any, accounts: t.Mapping[str, Account], problems: list[str]) -> t.Iterator[Pool | None]:
    """Each pool, None for one of which it cannot be told what it wants; the mistakes are added to *problems*."""
    if not isinstance(pools, (list, tuple)):
        problems.append("plan: must be a list of pools.")
        return
    names: set[str] = set()
    for position, pool in enumerate(pools, 1):
        name = _name(pool.get("name")) if isinstance(pool, t.Mapping) else None
        place = f"pool {name}" if name else f"pool number {position}"
        if name and name in names:
            problems.append(f"{place}: another pool has this name.")
        names.add(name or "")
        if not name and isinstance(pool, t.Mapping):
            problems.append(f"{place}: name must be one line of text.")
        yield _read_pool(place, pool, accounts, problems)


def _name(value: t.Any) -> str | None:
    """The name of a pool, None when it cannot be one."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text if text.strip() and text.isprintable() else None


def _read_pool(place: str, raw: t.Any, accounts: t.Mapping[str, Account], problems: list[str]) -> Pool | None:
    """The pool, None when it cannot be told what it wants; its mistakes are added to *problems*."""
    if not isinstance(raw, t.Mapping):
        problems.append(f"{place}: must be a mapping.")
        return None
    given = {key: value for key, value in raw.items() if value not in (None, "") or key not in POOL}
    params = sound(given, POOL, place, problems)
    account = _account_of(params, accounts, place, problems)
    retired = params["state"] == "retired"
    problems.extend(
        f"{place}: {problem}" for problem in (_retired_problems(given) if retired else _present_problems(given))
    )
    settings = sound(params["configuration"] or {}, number_configuration.SETTINGS, f"{place}, configuration", problems)
    wanted = {key: value or None for key, value in settings.items() if key in (params["configuration"] or {})}
    asked = {key: given[key] for key in number_purchase.OPTIONS if key in given and key in POOL}
    options = _options(asked, params, place, problems)
    if account is None:
        return None
    stand_ins = {key: value for key, value in _STAND_INS.items() if key in asked or key == "count"}
    if "numbers" in asked:
        stand_ins = {"numbers": []}  # whatever is wrong with them, it wants no count
    want = _want({**stand_ins, **options}, account)
    terms: dict[str, t.Any] = {key: options[key] for key in ("wait_timeout", "search_limit") if key in options}
    problems.extend(f"{place}: {problem}" for problem in impossible(account, want, terms, wanted, retired))
    if options.keys() != asked.keys():
        return None
    found = _want(options, account)
    with contextlib.suppress(Failure):  # then the plan has mistakes, and is not used
        found = resolved(account, found)
    return Pool(
        str(params["name"]),
        account,
        retired,
        params["labels"] or {},
        found,
        wanted,
        options,
        frozenset(params["move_from"] or ()),
        frozenset([*(params["leave_linked"] or ()), *(account.options.get("leave_linked") or ())]),
    )


def _account_of(
    params: t.Mapping[str, t.Any], accounts: t.Mapping[str, Account], place: str, problems: list[str]
) -> Account | None:
    name, provider = params["account"] or params["provider"], params["provider"]
    if name is None:
        problems.append(
            f"{place}: needs an account of the plan, or a provider whose credentials are in the environment."
        )
    elif name not in accounts:
        problems.append(
            f"{place}: account {name} is not defined or has mistakes; the plan's accounts are "
            f"{', '.join(sorted(accounts)) or 'none'}."
        )
    elif provider and accounts[name].provider != provider:
        problems.append(f"{place}: provider is {provider}, but account {name} is one of {accounts[name].provider}.")
    else:
        return accounts[name]
    return None


def _present_problems(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """Keys that do not go together in a pool that is wanted."""
    if ("numbers" in given) == ("count" in given):
        yield "needs either numbers or a count."
    if given.get("numbers") == []:
        yield "numbers is empty."
    for key in ("move_from", "leave_linked"):
        if given.get(key) and not given.keys() & {"application", "application_name", "applications"}:
            yield f"{key} goes with an application: it is about numbers that are linked to another one."
    for key in (*SELECTOR, "offer", "move_from", "leave_linked"):
        if "numbers" in given and key in given:
            yield f"{key} goes with a count, not with numbers."


def _retired_problems(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """What a pool whose numbers go lacks: it says as much as a present one did, or at least what tells its numbers."""
    if not given.keys() & {"numbers", "count", "application", "application_name", "applications", *SELECTOR}:
        yield "a retired pool needs what tells its numbers: numbers, an application, or a selector."
    if "numbers" in given and "count" in given:
        yield "needs either numbers or a count."
    if given.get("numbers") == []:
        yield "numbers is empty."
    for key in SELECTOR:
        if "numbers" in given and key in given:
            yield f"{key} goes with a count, not with numbers."


def _options(
    asked: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any], place: str, problems: list[str]
) -> dict[str, t.Any]:
    """The options of number_purchase that are *asked*, validated as *params*, with numbers in their normal form; what
    is wrong is left out.
    """
    options = {key: params[key] for key in asked if params[key] is not None}
    for key in ("numbers", "exclude"):
        if key in options:
            options[key] = asked[key]  # a validated list has turned an integer into text
    for key in sorted(
        options, key=lambda key: key != "country"
    ):  # each alone, so that all mistakes are found; the country tells what a prefix may be
        try:
            aimed = ("application", "application_name")
            along = ("country", *aimed) if key == "application_kind" else ("country",)
            arguments = _arguments({name: options[name] for name in (*along, key) if name in options})
            check_bounds({key: options[key]})
            number_purchase.wanted(arguments)
            if key in ("numbers", "exclude"):
                options[key] = list(arguments.numbers(key) or ())
        except Failure as failure:
            problems.append(
                f"{place}: {one_line(failure.message if key in failure.message else f'{key}: {failure.message}')}"
            )
            del options[key]
    return options


def _arguments(options: t.Mapping[str, t.Any]) -> Arguments:
    """*options* as number_purchase gets them."""
    defaults = {key: option.get("default") for key, option in number_purchase.OPTIONS.items()}
    return Arguments({**defaults, **options}, options, Common({}, {}))


def _want(options: t.Mapping[str, t.Any], account: Account) -> Want:
    return dataclasses.replace(
        number_purchase.wanted(_arguments(options)), default_application=account.default_application
    )
