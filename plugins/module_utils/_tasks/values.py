# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the values of a numbers plan, checked by argument specs. A mistake is a line; it hides no other one."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common import validation
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._core.raw import DIGITS, changed_by_yaml
from .._core.words import nearest
from .options import COMMON, SECRETS

# Options that hold digits, or names that may be digits.
_DIGITS = frozenset(
    {
        *DIGITS,
        "account",
        "move_from",
        "leave_linked",
        "email",
        *(name for option in SECRETS for name in (option, *COMMON[option].get("aliases", ()))),
    }
)
_TYPES: t.Mapping[str, tuple[t.Callable[[t.Any], t.Any], str]] = {
    "int": (validation.check_type_int, "a whole number"),
    "float": (validation.check_type_float, "a number"),
    "bool": (validation.check_type_bool, "true or false"),
    "list": (validation.check_type_list, "a list"),
    "dict": (validation.check_type_dict, "a mapping"),
}
_UNSHOWN = frozenset(name for option, spec in COMMON.items() for name in (option, *spec.get("aliases", ())))


def checked(value: t.Any, spec: t.Mapping[str, t.Any], place: str, problems: list[str]) -> dict[str, t.Any] | None:
    """*value* with its types as *spec* wants them, None when it has mistakes."""
    if not isinstance(value, t.Mapping):
        problems.append(f"{place}: must be a mapping.")
        return None
    aliases = {alias for options in spec.values() for alias in options.get("aliases", ())}
    known = {key: item for key, item in value.items() if key in spec or key in aliases}
    problems.extend(
        f"{place}: unknown key {key}{_hint(str(key), [*spec, *aliases])}; there are {', '.join(sorted(spec))}."
        for key in value
        if key not in known
    )
    changed = [problem for problem in (_changed(key, item, spec) for key, item in known.items()) if problem]
    wrong = changed or [problem for problem in (_mistyped(key, item, spec) for key, item in known.items()) if problem]
    if wrong:
        problems.extend(f"{place}: {problem}" for problem in wrong)
        return None
    result = ArgumentSpecValidator({key: dict(options) for key, options in spec.items()}).validate(known)
    problems.extend(f"{place}: {message}" for message in result.error_messages)
    return None if result.error_messages else dict(result.validated_parameters)


def _hint(key: str, known: t.Sequence[str]) -> str:
    """What an unknown *key* may have meant."""
    if key in COMMON and "account" in known:
        return ", which is an option of the account"
    return nearest(key, known)


def _mistyped(key: str, value: t.Any, spec: t.Mapping[str, t.Any]) -> str | None:
    """Why *value* has not the type that its key wants, in words."""
    option = _option(key, spec)
    if value is None or option["type"] not in _TYPES:
        return None
    check, words = _TYPES[option["type"]]
    try:
        check(value)
    except TypeError:
        shown = "" if key in _UNSHOWN else f", not {value!r}"
        return f"{key} must be {words}{shown}."
    return None


def _option(key: str, spec: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The spec of an option that is called by its name or an alias."""
    return spec[key] if key in spec else next(one for one in spec.values() if key in one.get("aliases", ()))


def _changed(key: str, value: t.Any, spec: t.Mapping[str, t.Any]) -> str | None:
    """Why *value* is not what was written, None where nothing says so."""
    option = _option(key, spec)
    text = key != "name" and "str" in (option["type"], option.get("elements"))
    items = value if isinstance(value, (list, tuple)) and option.get("elements") == "str" else (value,)
    return changed_by_yaml(key, items, digits=key in _DIGITS, text=text, secret=key in _UNSHOWN)


def sound(value: t.Any, spec: t.Mapping[str, t.Any], place: str, problems: list[str]) -> dict[str, t.Any]:
    """*value* as ``checked`` returns it, without the keys of a wrong type: they hide no other mistake."""
    found = checked(value, spec, place, problems)
    if found is None and isinstance(value, t.Mapping):
        right = {
            key: item
            for key, item in value.items()
            if key in spec and checked({key: item}, {key: spec[key]}, place, []) is not None
        }
        found = checked(right, spec, place, [])
    return found or {}
