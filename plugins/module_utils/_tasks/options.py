# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the options that every module shares, and how they become the options of a provider.

An option that is not given falls back to the environment: a credential and ``api_url`` to names of the chosen provider
only, the others to ``TELCO_NUMBERS_<OPTION>``. Empty means not given.
"""

from __future__ import annotations

import json
import math
import os
import re
import ssl
import typing as t
from urllib.parse import urlsplit

from ansible.module_utils.common.validation import check_type_bool, check_type_float, check_type_int

from .._contract.features import Access, Credential, Options
from .._core import price_list
from .._core.errors import Failure
from .._net.secrets import SHORTEST, Secrets
from .._net.session import Settings
from .._providers import NAMES

SECRETS = ("password", "api_key", "api_secret", "token")

COMMON: t.Mapping[str, dict[str, t.Any]] = {
    "provider": {"type": "str", "required": True, "choices": list(NAMES)},
    "account_id": {"type": "str", "aliases": ["auth_id", "account_sid", "project_id", "organisation_id"]},
    "username": {"type": "str", "aliases": ["identity", "email"]},
    "identity_type": {"type": "str"},
    "password": {"type": "str", "no_log": True, "aliases": ["auth_token"]},
    "api_key": {"type": "str", "no_log": True, "aliases": ["client_id"]},
    "api_secret": {"type": "str", "no_log": True, "aliases": ["client_secret"]},
    "token": {"type": "str", "no_log": True},
    "api_url": {"type": "str"},
    "timeout": {"type": "float"},
    "deadline": {"type": "float"},
    "retries": {"type": "int"},
    "concurrency": {"type": "int"},
    "rate": {"type": "float"},
    "settle_time": {"type": "float"},
    "validate_certs": {"type": "bool"},
    "ca_path": {"type": "path"},
    "session_cache": {"type": "path"},
    "journal": {"type": "path"},
    "account_currency": {"type": "str"},
    "price_list": {"type": "list", "elements": "dict"},
}

SELECTOR: t.Mapping[str, dict[str, t.Any]] = {
    "country": {"type": "str"},
    "type": {"type": "str"},
    "capabilities": {"type": "list", "elements": "str"},
    "prefix": {"type": "str"},
    "region": {"type": "str"},
    "city": {"type": "str"},
    "contains": {"type": "str"},
}

# The least and the most that an option takes, and of what. Nobody means more, and a wait must end.
BOUNDS: t.Mapping[str, tuple[float, float, str]] = {
    "timeout": (0.001, 3600, " seconds"),
    "deadline": (0.001, 604800, " seconds"),
    "settle_time": (0, 3600, " seconds"),
    "wait_timeout": (0.001, 604800, " seconds"),
    "retries": (0, 100, ""),
    "concurrency": (1, 32, ""),
    "rate": (0.001, 1000, " requests a second"),
    "count": (1, 100000, ""),
    "limit": (1, 1000000, ""),
    "search_limit": (1, 1000000, ""),
}

_CHECKS: t.Mapping[str, t.Callable[[t.Any], t.Any]] = {
    "float": check_type_float,
    "int": check_type_int,
    "bool": check_type_bool,
    "list": json.loads,
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_OFF = ("false", "no", "off", "none")


def check_bounds(options: t.Mapping[str, t.Any]) -> None:
    """Raise Failure ``invalid_option`` for a number among *options* that is more than anybody means. The least is the
    operation's to judge.
    """
    for option in BOUNDS:
        if isinstance(options.get(option), (int, float)):
            _check_bound(option, options[option], -math.inf)


def _check_bound(option: str, value: float, least: float) -> None:
    lowest, most, unit = BOUNDS[option]
    if not least <= value <= most or (isinstance(value, float) and math.isnan(value)):
        shown = (
            f"{value:g}"
            if isinstance(value, float)
            else str(value)
            if abs(value) < 10**30
            else "a number of more than 30 digits"
        )
        raise Failure("invalid_option", f"{option} must be between {lowest:.10g} and {most:.10g}{unit}, not {shown}.")


class Common:
    """The shared options of one task, with the environment filled in."""

    def __init__(self, params: t.Mapping[str, t.Any], env: t.Mapping[str, str]) -> None:
        """*params* are validated module options, *env* is the environment of the process that runs the task."""
        self._params = params
        self._env = env

    def get(self, option: str, default: t.Any = None) -> t.Any:
        """The value of a shared *option*. Raises Failure ``invalid_option`` for an environment variable of the wrong
        type.
        """
        value = self._params.get(option)
        if value not in (None, ""):
            return value
        name = f"TELCO_NUMBERS_{option.upper()}"
        text = self._env.get(name) or None
        if text is None:
            return default
        try:
            return _CHECKS.get(str(COMMON[option]["type"]), str)(text)
        except (TypeError, ValueError, OverflowError):
            raise Failure(
                "invalid_option", f"The environment variable {name} must be a {COMMON[option]['type']}, not {text!r}."
            ) from None

    def bounded(self, option: str, default: float) -> float:
        """A number that has bounds. Raises Failure ``invalid_option`` that names them."""
        value = self.get(option, default)
        _check_bound(option, value, BOUNDS[option][0])
        return float(value)

    def currency(self, option: str, value: str | None) -> str | None:
        """A currency code. Raises Failure ``invalid_option`` unless it has three letters."""
        if not value:
            return None
        if not re.match(r"[A-Za-z]{3}\Z", value):
            raise Failure(
                "invalid_option", f"{option} {value!r} is not an ISO 4217 currency code: use three letters, like 'EUR'."
            )
        return value.upper()

    def settings(self) -> Settings:
        """How requests are made."""
        ca_path = self.get("ca_path")
        if ca_path:
            ca_path = os.path.expanduser(ca_path)
            _check_authority(ca_path)
        return Settings(
            timeout=self.bounded("timeout", 30.0),
            retries=int(self.bounded("retries", 3)),
            validate_certs=self.get("validate_certs", True),
            ca_path=ca_path or None,
            concurrency=int(self.bounded("concurrency", 4)),
            rate=None if self.get("rate") is None else self.bounded("rate", 1.0),
        )

    def journal(self) -> tuple[str, bool]:
        """The directory of journals and locks, and whether a journal is kept."""
        value = self.get("journal")
        home = self._env.get("XDG_STATE_HOME") or os.path.join(
            self._env.get("HOME") or os.path.expanduser("~"), ".local", "state"
        )
        default = os.path.join(home, "telco.numbers")
        if value is None:
            return default, True
        return (default, False) if value.lower() in _OFF else (os.path.expanduser(value), True)

    def for_provider(self, name: str, access: Access, secrets: Secrets) -> Options:
        """The provider's options. Raises Failure ``invalid_option`` that names what is missing and where it can be
        set.
        """
        secrets.add(*(self._params.get(option) for option in SECRETS))
        for variable, advice in access.refused_env.items():
            if self._env.get(variable):
                raise Failure("invalid_option", f"The environment variable {variable} is set for {name}: {advice}")
        return Options(
            credentials=self._credentials(name, access, secrets),
            api_url=self._api_url(name, access),
            account_currency=self.currency("account_currency", self.get("account_currency")),
            settings=self.settings(),
            session_cache=self.get("session_cache"),
            price_list=price_list.parse(self.get("price_list", ())),
        )

    # -- credentials ---------------------------------------------------------------------------------------------------

    def _credentials(self, name: str, access: Access, secrets: Secrets) -> dict[str, str]:
        """Return the options of one complete method. If a task sets any credential of one method, variables of the
        other methods are ignored.
        """
        places = {
            credential.option: (*credential.env, f"TELCO_NUMBERS_{name}_{credential.option}".upper())
            for credential in access.credentials
        }
        explicit = {option: str(self._params[option]) for option in places if self._params.get(option)}
        methods = [
            method
            for method in access.methods
            if any(option in explicit and option not in access.required for option in method)
        ]
        silenced = (
            {option for method in access.methods for option in method}
            - {option for method in methods for option in method}
            if methods
            else set()
        )
        values = dict(explicit)
        for option, names in places.items():
            if option not in values and (option not in silenced or option in access.required):
                found = next((self._env[variable] for variable in names if self._env.get(variable)), None)
                values.update({option: found} if found else {})
        secrets.add(*(values.get(option) for option in SECRETS))
        for option, value in values.items():
            found = None if option in explicit else next(name for name in places[option] if self._env.get(name))
            _check_credential(f"{option} (environment {found})" if found else option, value)
        words = {
            credential.option: f"{credential.option} ({_alias(credential)}environment "
            f"{' or '.join(places[credential.option])})"
            for credential in access.credentials
        }
        method = self._method(name, methods or list(access.methods), access.required, values, words)
        other = {option for candidate in access.methods for option in candidate} - {*method, *access.required}
        return {option: value for option, value in values.items() if option not in other}

    @staticmethod
    def _method(
        name: str,
        methods: t.Sequence[tuple[str, ...]],
        required: tuple[str, ...],
        values: t.Mapping[str, str],
        words: t.Mapping[str, str],
    ) -> tuple[str, ...]:
        """The first method whose options are all there; half a method is a mistake, not a reason to go on without one.

        *words* name an option and the places where it can be set.
        """
        needs = [(method, [option for option in (*required, *method) if not values.get(option)]) for method in methods]
        begun = [need for need in needs if any(values.get(option) for option in need[0])] or needs
        for method, missing in begun:
            if not missing:
                return method
        _method, missing = min(begun, key=lambda need: len(need[1]))
        named = " and ".join(words[option] for option in missing)
        raise Failure("invalid_option", f"{name} needs {named}: set the option or the environment variable.")

    def _api_url(self, name: str, access: Access) -> str | None:
        value = self._params.get("api_url") or None
        for variable in (*access.url_env, f"TELCO_NUMBERS_{name}_api_url".upper()):
            value = value or self._env.get(variable) or None
        if value is None:
            return None
        url = value if "://" in value else f"https://{value}"
        try:
            parts = urlsplit(url)
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if (
            not sound
            or parts.query
            or parts.fragment
            or parts.username
            or parts.password
            or re.search(r"[\s\x00-\x1f\x7f\\]", url)
        ):
            raise Failure(
                "invalid_option",
                "api_url must be an address like 'https://api.example.com', without credentials, query or fragment.",
            )
        return url


def _check_authority(ca_path: str) -> None:
    """Raise Failure ``invalid_option`` unless certificates can be read from the file, or the directory is there."""
    try:
        if not os.path.isdir(ca_path):
            ssl.create_default_context(cafile=ca_path)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise Failure(
            "invalid_option", f"ca_path {ca_path} is no file with certificates on the host that runs the task."
        ) from None


def _check_credential(what: str, value: str) -> None:
    """Raise Failure ``invalid_option`` for a credential that no provider gives out. *what* it is may be shown."""
    if not is_text(value):
        raise Failure("invalid_option", f"{what} holds bytes that are not UTF-8 text: check its spelling.")
    if _CONTROL.search(value.rstrip("\r\n")):
        raise Failure(
            "invalid_option", f"{what} holds a line break or another control character: check what was pasted."
        )
    if _CONTROL.search(value):
        raise Failure(
            "invalid_option",
            f"{what} ends with a line break: remove it; in YAML, write '|-' instead of '|', or quote it on one line.",
        )


def check_hidden(credentials: t.Mapping[str, str]) -> None:
    """Raise Failure ``invalid_option`` for a secret among *credentials* that cannot be hidden: too many words hold
    it.
    """
    for option in SECRETS:
        length = len(credentials.get(option, "").strip())
        if option in credentials and length < SHORTEST:
            size = f"{length} character{'' if length == 1 else 's'}"
            raise Failure(
                "invalid_option",
                f"{option} has only {size}, so it cannot be hidden in what is shown: use one of {SHORTEST} or more.",
            )


def is_text(value: str) -> bool:
    """Whether *value* can be encoded: bytes of the environment that are no UTF-8 arrive as lone surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _alias(credential: Credential) -> str:
    """The other name of an option that the provider's own word for it is; all of them where that is none."""
    aliases: list[str] = COMMON[credential.option].get("aliases", [])
    word = credential.label.lower().replace(" ", "_")
    shown = [alias for alias in aliases if alias == word] or ([] if word == credential.option else aliases)
    return f"alias {' or '.join(shown)}, " if shown else ""
