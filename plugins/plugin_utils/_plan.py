# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The numbers plan: pools of accounts, read and checked whole before any request.

A plan is a list of pools, a mapping of accounts (name → options of the modules that open it) and limits by currency.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._contract.features import Options
from ..module_utils._contract.provider import Provider
from ..module_utils._core import money
from ..module_utils._core.errors import Failure, one_line
from ..module_utils._journal.store import Store
from ..module_utils._net.clock import Clock
from ..module_utils._net.secrets import Secrets
from ..module_utils._net.session import Settings
from ..module_utils._operations import assignment, configuration
from ..module_utils._operations.context import Context
from ..module_utils._providers import NAMES, load
from ..module_utils._purchase import purchase
from ..module_utils._purchase.quote import Want
from ..module_utils._tasks import number_configuration, number_purchase
from ..module_utils._tasks.options import COMMON, SELECTOR, Common, check_bounds
from ..module_utils._tasks.task import Arguments, missing_libraries
from . import _claims, _task

_BOUGHT = (
    "numbers",
    "count",
    "offer",
    "application",
    "capability",
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
    **SELECTOR,
    **{option: number_purchase.OPTIONS[option] for option in (*_BOUGHT, *number_purchase.LIMITS)},
}
# What a retired pool may say beside what it names; the rest speaks of purchases or selects.
_RETIRED = ("name", "account", "provider", "state", "labels", "numbers", "application")
# For options that are missing or wrong: that is said once, and is no other mistake.
_STAND_INS: t.Mapping[str, t.Any] = {"count": 1, "country": "US", "currency": "USD"}

ACCOUNT: t.Mapping[str, dict[str, t.Any]] = {**COMMON, "default_application": {"type": "str"}}
# What tells two accounts apart in a plan.
_IDENTITY = ("provider", "account_id", "username", "api_key", "api_url")

# Options that hold digits, or names that may be digits.
_DIGITS = (
    *("prefix", "contains", "region", "city", "offer", "application", "default_application", "account"),
    *(
        name
        for option in ("account_id", "username", "password", "api_key", "api_secret", "token")
        for name in (option, *COMMON[option].get("aliases", ()))
    ),
)

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
        options = {
            **self.options,
            "exclude": sorted(self.want.exclude),
            "default_application": self.want.default_application,
        }
        given = {key: value for key, value in options.items() if value not in (None, [], "")}
        facts = {
            "name": self.name,
            "account": self.account.name,
            "provider": self.account.provider,
            "labels": dict(self.labels),
        }
        links = (
            self.want.links(load(self.account.provider).features.linked_capabilities) if self.want.application else ()
        )
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

        Pools that may find the same free numbers, be it through others, have the same ``contest``, the name of its
        first pool; those of one ``round`` do not find the same ones, and what they count depends on the earlier rounds
        of their contest alone.
        """
        rounds, contests = _claims.rounds(self.pools)
        return [
            {**pool.as_dict(), "round": rounds[pool.name], "contest": contests[pool.name], "position": position}
            for position, pool in enumerate(self.pools)
        ]


def read(pools: t.Any, accounts: t.Any = None, limits: t.Any = None) -> Plan:
    """Return the plan. Raises PlanError with every mistake in it, or with the library that is missing here; sends
    nothing.
    """
    if missing_libraries():
        raise PlanError([missing_required_lib(library) for library in missing_libraries()])
    pools, accounts, limits = (
        _task.plain(value) for value in (pools, accounts, limits)
    )  # what validates them copies whatever hangs on them
    problems: list[str] = []
    known = _read_accounts(accounts, problems)
    found = [pool for pool in _read_pools(pools, known, problems) if pool is not None]
    problems.extend(_same_accounts(accounts, known, found))
    bounds = _read_limits(limits, problems)
    problems.extend(_claims.problems(found))
    if problems:
        raise PlanError(problems)
    named = _claims.named(found)
    whole = [dataclasses.replace(pool, want=_claims.without_others(pool, named)) for pool in found]
    return Plan(tuple(whole), known, bounds)


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
        place = f"limits {str(currency) or repr('')}"
        checked = _checked(values, LIMITS, place, problems)
        try:
            code = Common({}, {}).currency("currency", str(currency))
            amounts = {
                option: money.text(money.parse_limit(option, value)) for option, value in (checked or {}).items()
            }
        except Failure as failure:
            problems.append(f"{place}: {one_line(failure.message)}")
            continue
        if code is None:
            problems.append(f"{place}: needs the ISO 4217 code of its currency, like EUR.")
            continue
        if code in bounds:
            problems.append(f"{place}: {code} has limits already.")
        bounds[code] = {option: text for option, text in amounts.items() if text is not None}
    return bounds


# -- pools -------------------------------------------------------------------------------------------------------------


def _read_pools(pools: t.Any, accounts: t.Mapping[str, Account], problems: list[str]) -> t.Iterator[Pool | None]:
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
    params = _sound(given, POOL, place, problems)
    account = _account_of(params, accounts, place, problems)
    retired = params["state"] == "retired"
    problems.extend(
        f"{place}: {problem}" for problem in (_retired_problems(given) if retired else _present_problems(given))
    )
    settings = _sound(params["configuration"] or {}, number_configuration.SETTINGS, f"{place}, configuration", problems)
    wanted = {key: value or None for key, value in settings.items() if key in (params["configuration"] or {})}
    asked = {key: given[key] for key in number_purchase.OPTIONS if key in given and key in POOL}
    options = _options(asked, params, place, problems)
    if account is None:
        return None
    stand_ins = {key: value for key, value in _STAND_INS.items() if key in asked or key == "count"}
    problems.extend(
        f"{place}: {problem}" for problem in _impossible(account, {**stand_ins, **options}, wanted, retired)
    )
    if options.keys() != asked.keys():
        return None
    return Pool(str(params["name"]), account, retired, params["labels"] or {}, _want(options, account), wanted, options)


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
    for key in (*SELECTOR, "offer"):
        if "numbers" in given and key in given:
            yield f"{key} goes with a count, not with numbers."


def _retired_problems(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """Keys that do not go together in a pool whose numbers go: it names numbers or an application, and never
    selects.
    """
    if ("numbers" in given) == ("application" in given):
        yield "a retired pool names either its numbers or its application."
    if given.get("numbers") == []:
        yield "numbers is empty."
    for key in given:
        if key in POOL and key not in _RETIRED:
            yield f"{key} has no meaning for a retired pool, which releases exactly what it names: remove it."


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
            arguments = _arguments({name: options[name] for name in ("country", key) if name in options})
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


def _parts(want: Want) -> tuple[Want, ...]:
    """*want* in parts that are checked apart, so that a mistake in one does not hide those in the others."""
    nothing = Want(numbers=())
    linked = dataclasses.replace(
        nothing, application=want.application, capability=want.capability, default_application=want.default_application
    )
    selected = dataclasses.replace(nothing, numbers=want.numbers, count=want.count, selector=want.selector)
    return dataclasses.replace(nothing, limits=want.limits), linked, selected


def _impossible(
    account: Account, options: t.Mapping[str, t.Any], settings: t.Mapping[str, t.Any], retired: bool
) -> t.Iterator[str]:
    """What the account's provider cannot do of this, in the words of the operations."""
    context = offline(account)
    features, name = context.provider.features, context.provider.name
    want = _want(options, account)
    checks: list[t.Callable[[], t.Any]] = []
    if retired and not features.release:
        yield features.unsupported("release", name).message
    if retired and want.application and str(want.application) == account.default_application:
        yield (
            f"application {want.application} is the account's default application, which other pools' numbers may "
            "have: name the numbers."
        )
    if not retired:
        checks += [functools.partial(purchase.check, context, part, purchase.Terms()) for part in _parts(want)]
        terms = [{key: options[key]} for key in ("wait_timeout", "search_limit") if key in options]
        checks += [
            functools.partial(purchase.check, context, Want(numbers=()), purchase.Terms(**term)) for term in terms
        ]
    if want.application and not (retired and features.linked_capabilities):
        wish = assignment.Wish(want.numbers or (), want.application)
        checks.append(lambda: assignment.check(features, name, wish))
    if settings:
        checks.append(lambda: configuration.check(context, settings))
    said: set[str] = set()
    for check in checks:
        try:
            check()
        except Failure as failure:
            if failure.message not in said:
                yield one_line(failure.message)
            said.add(failure.message)


def offline(account: Account) -> Context:
    """A context to ask what the provider can do and what its records say; it never opens the account."""
    clock = Clock(1.0)
    provider: Provider = load(account.provider)(Options({}, None, None, Settings()), clock, Secrets())
    return Context(provider, True, clock, lambda: Store("", lambda: "", True), 0.0)


# -- helpers -----------------------------------------------------------------------------------------------------------


def _checked(value: t.Any, spec: t.Mapping[str, t.Any], place: str, problems: list[str]) -> dict[str, t.Any] | None:
    """*value* with its types as *spec* wants them, None when it has mistakes."""
    if not isinstance(value, t.Mapping):
        problems.append(f"{place}: must be a mapping.")
        return None
    aliases = {alias for options in spec.values() for alias in options.get("aliases", ())}
    known = {key: item for key, item in value.items() if key in spec or key in aliases}
    problems.extend(
        f"{place}: unknown key {key}; there are {', '.join(sorted(spec))}." for key in value if key not in known
    )
    changed = [problem for problem in (_changed_by_yaml(key, item, spec) for key, item in known.items()) if problem]
    if changed:
        problems.extend(f"{place}: {problem}" for problem in changed)
        return None
    checked = ArgumentSpecValidator({key: dict(options) for key, options in spec.items()}).validate(known)
    problems.extend(f"{place}: {message}" for message in checked.error_messages)
    return None if checked.error_messages else dict(checked.validated_parameters)


def _changed_by_yaml(key: str, value: t.Any, spec: t.Mapping[str, t.Any]) -> str | None:
    """Why *value* is not what was written, None where nothing says so. Nobody sees the value: it may be a secret."""
    option = (
        spec[key] if key in spec else next(options for options in spec.values() if key in options.get("aliases", ()))
    )
    items = value if isinstance(value, (list, tuple)) and option.get("elements") == "str" else (value,)
    text = option["type"] == "str" or option.get("elements") == "str"
    if text and key != "name" and any(isinstance(item, bool) for item in items):
        return (
            f"{key} is a boolean: YAML takes a bare NO, no, off, YES, yes or on for one. Quote the word, like {key}: "
            "'NO'."
        )
    if key in _DIGITS and any(isinstance(item, (int, float)) for item in items):
        return (
            f"{key} is a number and no string: quote it, because YAML has already changed one with a leading zero "
            f"({key}: 0161 arrives as 113)."
        )
    return None


def _sound(value: t.Any, spec: t.Mapping[str, t.Any], place: str, problems: list[str]) -> dict[str, t.Any]:
    """*value* as ``_checked`` returns it, without the keys of a wrong type: they hide no other mistake."""
    checked = _checked(value, spec, place, problems)
    if checked is None and isinstance(value, t.Mapping):
        right = {
            key: item
            for key, item in value.items()
            if key in spec and _checked({key: item}, {key: spec[key]}, place, []) is not None
        }
        checked = _checked(right, spec, place, [])
    return checked or {}
