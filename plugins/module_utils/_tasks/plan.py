# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: a numbers plan as its variables have it: read and checked whole before any request.

A plan is a list of pools, a mapping of accounts (name → options of the modules that open it) and limits by currency.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t
from decimal import Decimal

from ansible.module_utils.basic import missing_required_lib

from .._core import money
from .._core.errors import Failure, one_line
from .._net.secrets import Secrets
from .._plans import claims
from .._plans.model import Account, OwnedLimit, Plan, PlanError, Pool
from .._providers import NAMES, load
from . import number_info
from .options import COMMON, Common
from .plain import plain
from .pools import read_pools
from .task import missing_libraries
from .values import checked

ACCOUNT: t.Mapping[str, dict[str, t.Any]] = {
    **COMMON,
    "default_application": {"type": "str"},
    "leave_linked": {"type": "list", "elements": "str"},
}
# What tells two accounts apart in a plan.
_IDENTITY = ("provider", "account_id", "username", "api_key", "api_url")

LIMITS: t.Mapping[str, dict[str, t.Any]] = {
    "max_monthly_total": {"type": "raw"},
    "max_due_now_total": {"type": "raw"},
    "max_owned_monthly_total": {"type": "raw"},
    "labels": {"type": "dict", "default": {}},
}
_OWNED = "max_owned_monthly_total"


def read(pools: t.Any, accounts: t.Any = None, limits: t.Any = None) -> Plan:
    """Return the plan. Raises PlanError with every mistake in it, or with the library that is missing here; sends
    nothing.
    """
    if missing_libraries():
        raise PlanError([missing_required_lib(library) for library in missing_libraries()])
    pools, accounts, limits = (
        plain(value) for value in (pools, accounts, limits)
    )  # what validates them copies whatever hangs on them
    problems: list[str] = []
    known = _read_accounts(accounts, problems)
    found = [pool for pool in read_pools(pools, known, problems) if pool is not None]
    problems.extend(_same_accounts(accounts, known, found))
    owned: list[OwnedLimit] = []
    bounds = _read_limits(limits, owned, problems)
    problems.extend(claims.problems(found))
    if problems:
        raise PlanError(problems)
    named = claims.named(found)
    whole = [dataclasses.replace(pool, want=claims.without_others(pool, named)) for pool in found]
    defined = tuple(map(str, accounts)) if isinstance(accounts, t.Mapping) else ()
    return Plan(tuple(whole), known, bounds, tuple(owned), defined)


# -- accounts and limits -----------------------------------------------------------------------------------------------


def _read_accounts(accounts: t.Any, problems: list[str]) -> dict[str, Account]:
    """The accounts by name; each provider has one of its own name, opened by the environment, unless the plan defines
    it.
    """
    if accounts is not None and not isinstance(accounts, t.Mapping):
        problems.append("accounts: must be a mapping of names to the options that open each.")
        accounts = None
    found = {str(name): _read_account(str(name), options, problems) for name, options in (accounts or {}).items()}
    known = {name: account for name, account in found.items() if account is not None}
    for provider in NAMES:
        if provider not in found:
            known[provider] = Account(provider, provider, {"provider": provider})
    return known


def _same_accounts(defined: t.Any, known: t.Mapping[str, Account], pools: t.Sequence[Pool]) -> t.Iterator[str]:
    """A line for each two accounts that are the same one: those that the plan defines, and those that the environment
    opens for a pool.
    """
    names = [str(name) for name in defined] if isinstance(defined, t.Mapping) else []
    seen: dict[tuple[t.Any, ...], str] = {}
    for name in dict.fromkeys([*names, *(pool.account.name for pool in pools)]):
        if name in known:
            other = seen.setdefault(tuple(known[name].options.get(key) or None for key in _IDENTITY), name)
            if other != name:
                yield f"accounts {other} and {name}: are the same account; pools of one account need one name for it."


def _read_account(name: str, options: t.Any, problems: list[str]) -> Account | None:
    given = checked(options, ACCOUNT, f"account {name}", problems)
    if given is None:
        return None
    given = {key: value for key, value in given.items() if value not in (None, "")}
    return Account(name, given["provider"], given)


def _read_limits(limits: t.Any, owned: list[OwnedLimit], problems: list[str]) -> dict[str, dict[str, str]]:
    if limits is not None and not isinstance(limits, t.Mapping):
        problems.append("limits: must be a mapping of currencies, like {EUR: {max_monthly_total: '100'}}.")
        return {}
    bounds: dict[str, dict[str, str]] = {}
    for currency, values in (limits or {}).items():
        place = f"limits {str(currency) or repr('')}"
        found = checked(values, LIMITS, place, problems)
        try:
            code = Common({}, {}).currency("currency", str(currency))
            labels = (found or {}).pop("labels", None) or {}
            amounts = {option: money.text(money.parse_limit(option, value)) for option, value in (found or {}).items()}
            by_label = list(_label_limits(labels))
        except Failure as failure:
            problems.append(f"{place}: {one_line(failure.message)}")
            continue
        if code is None:
            problems.append(f"{place}: needs the ISO 4217 code of its currency, like EUR.")
            continue
        if code in bounds:
            problems.append(f"{place}: {code} has limits already.")
        most = amounts.pop(_OWNED, None)
        owned += [OwnedLimit(code, None, Decimal(most))] if most is not None else []
        owned += [OwnedLimit(code, label, amount) for label, amount in by_label]
        bounds[code] = {option: text for option, text in amounts.items() if text is not None}
    return bounds


def _label_limits(labels: t.Mapping[str, t.Any]) -> t.Iterator[tuple[tuple[str, str], Decimal]]:
    """The limits by label: name → value → amount. Raises Failure ``invalid_option``."""
    for name, values in labels.items():
        if not isinstance(values, t.Mapping):
            raise Failure("invalid_option", f"labels: {name} must be a mapping of its values to amounts.")
        for value, amount in values.items():
            most = money.parse_limit(f"labels: {name}: {value}", amount)
            if most is not None:
                yield (str(name), str(value)), most


# -- what may be shown -------------------------------------------------------------------------------------------------


def masking(account: Account, env: t.Mapping[str, str]) -> t.Callable[[t.Any], t.Any]:
    """How what the plan says of *account* is shown: as the result of number_info, which masks the secrets that open
    it. *env* is where they may come from.
    """
    secrets = Secrets()
    with contextlib.suppress(Failure):
        Common(account.options, env).for_provider(account.provider, load(account.provider).access, secrets)
    return lambda value: secrets.hide(value, lambda: number_info.TASK.words(account.provider))
