# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The numbers plan: pools of accounts, read and checked whole before any request.

A plan is a list of pools, a mapping of accounts (name → options of the modules that open it) and limits by currency.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils import _money, _selector
from ..module_utils._errors import Failure
from ..module_utils._http import Clock, Secrets, Settings
from ..module_utils._module import Arguments
from ..module_utils._operations import assignment, configuration, purchase
from ..module_utils._operations.context import Context
from ..module_utils._operations.journal import Store
from ..module_utils._operations.plan import Want
from ..module_utils._options import COMMON, SELECTOR, Common
from ..module_utils._provider import Options, Provider
from ..module_utils._providers import NAMES, load
from ..modules import number_configuration, number_purchase
from . import _claims

_BOUGHT = ("numbers", "count", "offer", "application", "capability", "exclude", "currency", "allow_partial", "wait", "wait_timeout", "search_limit")

POOL: t.Mapping[str, dict[str, t.Any]] = {
    "name": {"type": "str", "required": True},
    "account": {"type": "str"},
    "provider": {"type": "str", "choices": list(NAMES)},
    "state": {"type": "str", "choices": ["present", "retired"], "default": "present"},
    "labels": {"type": "dict", "default": {}},
    "configuration": {"type": "dict"},
    **SELECTOR,
    **{option: number_purchase.OPTIONS[option] for option in (*_BOUGHT, *number_purchase.LIMITS)},
}
# What a retired pool may say beside what it names; the rest speaks of purchases or selects.
_RETIRED = ("name", "account", "provider", "state", "labels", "numbers", "application")

ACCOUNT: t.Mapping[str, dict[str, t.Any]] = {**COMMON, "default_application": {"type": "str"}}
# What tells two accounts apart in a plan.
_IDENTITY = ("provider", "account_id", "username", "api_key", "api_url")

LIMITS: t.Mapping[str, dict[str, t.Any]] = {"max_monthly_total": {"type": "raw"}, "max_due_now_total": {"type": "raw"}}


class PlanError(Exception):
    """A plan that cannot be used; ``problems`` are its mistakes, all of them, a line each."""

    def __init__(self, problems: t.Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclasses.dataclass(frozen=True)
class Account:
    """An account of a plan: how it is called there, and the options that open it."""

    name: str
    provider: str
    options: t.Mapping[str, t.Any] = dataclasses.field(repr=False)

    @property
    def default_application(self) -> str | None:
        """The application that the account links every new number to."""
        return self.options.get("default_application") or None


@dataclasses.dataclass(frozen=True)
class Pool:
    """Numbers with one purpose in one account: what is wanted, how it is configured, and what others hold."""

    name: str
    account: Account
    retired: bool
    labels: t.Mapping[str, t.Any]
    want: Want
    configuration: t.Mapping[str, t.Any]
    options: t.Mapping[str, t.Any]  # of number_purchase, those that are given, with numbers in their normal form

    def as_dict(self) -> dict[str, t.Any]:
        """The pool as roles use it: an option that is not given is absent."""
        options = {**self.options, "exclude": sorted(self.want.exclude), "default_application": self.want.default_application}
        given = {key: value for key, value in options.items() if value not in (None, [], "")}
        facts = {"name": self.name, "account": self.account.name, "provider": self.account.provider, "labels": dict(self.labels)}
        links = self.want.links(load(self.account.provider).features.linked_capabilities) if self.want.application else ()
        state = "retired" if self.retired else "present"
        return {**given, **facts, "state": state, "configuration": dict(self.configuration), "links": list(links)}


@dataclasses.dataclass(frozen=True)
class Plan:
    """A plan without mistakes. ``limits`` are by currency, then by option, as decimal strings."""

    pools: tuple[Pool, ...]
    accounts: t.Mapping[str, Account]
    limits: t.Mapping[str, t.Mapping[str, str]]

    @property
    def present(self) -> tuple[Pool, ...]:
        """The pools that are wanted."""
        return tuple(pool for pool in self.pools if not pool.retired)

    @property
    def retired(self) -> tuple[Pool, ...]:
        """The pools whose numbers go."""
        return tuple(pool for pool in self.pools if pool.retired)

    def as_dicts(self) -> list[dict[str, t.Any]]:
        """The pools as roles use them.

        ``rivals`` are the earlier pools that may find the same free numbers; a pool's ``round`` is after those of its rivals.
        """
        rounds: dict[str, int] = {}
        result = []
        for position, pool in enumerate(self.pools):
            rivals = [other.name for other in _claims.rivals(pool, self.pools[:position])]
            rounds[pool.name] = max((rounds[name] + 1 for name in rivals), default=0)
            result.append({**pool.as_dict(), "rivals": rivals, "round": rounds[pool.name], "position": position})
        return result


def read(pools: t.Any, accounts: t.Any = None, limits: t.Any = None) -> Plan:
    """Return the plan. Raises PlanError with every mistake in it; sends nothing."""
    problems: list[str] = []
    known = _read_accounts(accounts, problems)
    found = [pool for pool in _read_pools(pools, known, problems) if pool is not None]
    bounds = _read_limits(limits, problems)
    problems.extend(_claims.problems(found))
    if problems:
        raise PlanError(problems)
    named = _claims.named(found)
    whole = [dataclasses.replace(pool, want=_claims.without_others(pool, named)) for pool in found]
    return Plan(tuple(whole), known, bounds)


# -- accounts and limits -----------------------------------------------------------------------------------------------


def _read_accounts(accounts: t.Any, problems: list[str]) -> dict[str, Account]:
    """The accounts by name; each provider has one of its own name, opened by the environment, unless the plan defines it."""
    if accounts is not None and not isinstance(accounts, t.Mapping):
        problems.append("accounts: must be a mapping of names to the options that open each.")
        accounts = None
    found = {str(name): _read_account(str(name), options, problems) for name, options in (accounts or {}).items()}
    known = {name: account for name, account in found.items() if account is not None}
    seen: dict[tuple[t.Any, ...], str] = {}
    for account in known.values():
        other = seen.setdefault(tuple(account.options.get(key) or None for key in _IDENTITY), account.name)
        if other != account.name:
            problems.append(f"accounts {other} and {account.name}: are the same account; pools of one account need one name for it.")
    for provider in NAMES:
        if provider not in found:
            known[provider] = Account(provider, provider, {"provider": provider})
    return known


def _read_account(name: str, options: t.Any, problems: list[str]) -> Account | None:
    checked = _checked(options, ACCOUNT, f"account {name}", problems)
    if checked is None:
        return None
    given = {key: value for key, value in checked.items() if value not in (None, "")}
    return Account(name, given["provider"], given)


def _read_limits(limits: t.Any, problems: list[str]) -> dict[str, dict[str, str]]:
    if limits is not None and not isinstance(limits, t.Mapping):
        problems.append("limits: must be a mapping of currencies, like {EUR: {max_monthly_total: '100'}}.")
        return {}
    bounds: dict[str, dict[str, str]] = {}
    for currency, values in (limits or {}).items():
        place = f"limits {currency}"
        checked = _checked(values, LIMITS, place, problems)
        with _Noted(place, problems):
            code = Common({}, {}).currency("currency", str(currency))
            amounts = {option: _money.text(_money.parse_limit(option, value)) for option, value in (checked or {}).items()}
            bounds[str(code)] = {option: text for option, text in amounts.items() if text is not None}
    return bounds


# -- pools -------------------------------------------------------------------------------------------------------------


def _read_pools(pools: t.Any, accounts: t.Mapping[str, Account], problems: list[str]) -> t.Iterator[Pool | None]:
    if not isinstance(pools, (list, tuple)):
        problems.append("plan: must be a list of pools.")
        return
    names: set[str] = set()
    for position, pool in enumerate(pools, 1):
        name = pool.get("name") if isinstance(pool, t.Mapping) else None
        place = f"pool {name}" if name else f"pool number {position}"
        if name and str(name) in names:
            problems.append(f"{place}: another pool has this name.")
        names.add(str(name))
        yield _read_pool(place, pool, accounts, problems)


def _read_pool(place: str, raw: t.Any, accounts: t.Mapping[str, Account], problems: list[str]) -> Pool | None:
    """The pool, None when it has mistakes; they are added to *problems*."""
    before = len(problems)
    params = _checked(raw, POOL, place, problems)
    if params is None:
        return None
    account = _account_of(params, accounts, place, problems)
    given = {key: value for key, value in raw.items() if value not in (None, "")}
    retired = params["state"] == "retired"
    problems.extend(f"{place}: {problem}" for problem in (_retired_problems(given) if retired else _present_problems(given)))
    settings = _checked(params["configuration"] or {}, number_configuration.SETTINGS, f"{place}, configuration", problems)
    if account is None or settings is None:
        return None
    options = {key: value for key, value in params.items() if key in given and key not in ("name", "account", "provider", "state", "labels", "configuration")}
    arguments = Arguments({**dict.fromkeys(number_purchase.OPTIONS), **options}, given, Common({}, {}))
    want = _want(arguments, account, place, problems)
    wanted = {key: value or None for key, value in settings.items() if key in (params["configuration"] or {})}
    if want is None or len(problems) > before:
        return None
    for key in ("numbers", "exclude"):
        if key in options:
            options[key] = list(arguments.numbers(key) or ())
    problems.extend(f"{place}: {problem}" for problem in _impossible(account, want, wanted, retired))
    return Pool(str(params["name"]), account, retired, params["labels"] or {}, want, wanted, options)


def _account_of(params: t.Mapping[str, t.Any], accounts: t.Mapping[str, Account], place: str, problems: list[str]) -> Account | None:
    name, provider = params["account"] or params["provider"], params["provider"]
    if name is None:
        problems.append(f"{place}: needs an account of the plan, or a provider whose credentials are in the environment.")
    elif name not in accounts:
        problems.append(f"{place}: account {name} is not defined or has mistakes; the plan's accounts are {', '.join(sorted(accounts)) or 'none'}.")
    elif provider and accounts[name].provider != provider:
        problems.append(f"{place}: provider is {provider}, but account {name} is one of {accounts[name].provider}.")
    else:
        return accounts[name]
    return None


def _present_problems(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """Keys that do not go together in a pool that is wanted."""
    if bool(given.get("numbers")) == ("count" in given):
        yield "needs either numbers or a count."
    for key in (*SELECTOR, "offer"):
        if given.get("numbers") and key in given:
            yield f"{key} goes with a count, not with numbers."


def _retired_problems(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """Keys that do not go together in a pool whose numbers go: it names numbers or an application, and never selects."""
    if bool(given.get("numbers")) == ("application" in given):
        yield "a retired pool names either its numbers or its application."
    for key in given:
        if key in POOL and key not in _RETIRED:
            yield f"{key} has no meaning for a retired pool, which releases exactly what it names: remove it."


def _want(arguments: Arguments, account: Account, place: str, problems: list[str]) -> Want | None:
    """What the pool wants, None when an option of it is wrong. Every option is looked at, so that all mistakes are found."""
    values = arguments.mapping()
    before = len(problems)
    for key in SELECTOR:
        with _Noted(place, problems):
            _selector.parse({key: values[key]})
    if len(problems) == before:
        with _Noted(place, problems):
            _selector.parse(values)
    for limit in number_purchase.LIMITS:
        with _Noted(place, problems):
            _money.parse_limit(limit, values[limit])
    for option in ("numbers", "exclude"):
        with _Noted(place, problems):
            arguments.numbers(option)
    with _Noted(place, problems):
        arguments.common.currency("currency", values["currency"])
    if len(problems) > before:
        return None
    return dataclasses.replace(number_purchase.wanted(arguments), default_application=account.default_application)


def _impossible(account: Account, want: Want, settings: t.Mapping[str, t.Any], retired: bool) -> t.Iterator[str]:
    """What the account's provider cannot do of this, in the words of the operations."""
    context = _offline(account)
    provider = context.provider
    checks: list[t.Callable[[], t.Any]] = []
    if retired and not provider.features.release:
        yield provider.features.unsupported("release", provider.name).message
    if not retired:
        checks.append(lambda: purchase.check(context, want, purchase.Terms()))
    if want.application and not (retired and provider.features.linked_capabilities):
        wish = assignment.Wish(want.numbers or (), want.application, want.capability)
        checks.append(lambda: assignment.check(provider.features, provider.name, wish))
    if settings:
        checks.append(lambda: configuration.check(context, settings))
    said: set[str] = set()
    for check in checks:
        try:
            check()
        except Failure as failure:
            if failure.message not in said:
                yield failure.message
            said.add(failure.message)


def _offline(account: Account) -> Context:
    """A context to ask what the provider can do; it never opens the account."""
    settings = Settings(timeout=1.0, retries=0, validate_certs=True, ca_path=None)
    clock = Clock(1.0)
    provider: Provider = load(account.provider)(Options({}, None, None, settings), clock, Secrets())
    return Context(provider, True, clock, Store("", lambda: "", True), 0.0)


# -- helpers -----------------------------------------------------------------------------------------------------------


def _checked(value: t.Any, spec: t.Mapping[str, t.Any], place: str, problems: list[str]) -> dict[str, t.Any] | None:
    """*value* with its types as *spec* wants them, None when it has mistakes."""
    if not isinstance(value, t.Mapping):
        problems.append(f"{place}: must be a mapping.")
        return None
    aliases = {alias for options in spec.values() for alias in options.get("aliases", ())}
    known = {key: item for key, item in value.items() if key in spec or key in aliases}
    problems.extend(f"{place}: unknown key {key}; there are {', '.join(sorted(spec))}." for key in value if key not in known)
    checked = ArgumentSpecValidator({key: dict(options) for key, options in spec.items()}).validate(known)
    problems.extend(f"{place}: {message}" for message in checked.error_messages)
    return None if checked.error_messages else dict(checked.validated_parameters)


class _Noted:
    """Turns a Failure inside its block into one of *problems*."""

    def __init__(self, place: str, problems: list[str]) -> None:
        self._place = place
        self._problems = problems

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, _kind: t.Any, error: BaseException | None, _trace: t.Any) -> bool:
        if not isinstance(error, Failure):
            return False
        self._problems.append(f"{self._place}: {error.message}")
        return True
