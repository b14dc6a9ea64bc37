# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: the options that say what numbers are to be linked to."""

from __future__ import annotations

import typing as t

from .._core.errors import Failure
from .._core.link import Aim, Target
from .._core.model import CAPABILITIES
from .._core.words import nearest

OPTIONS: t.Mapping[str, dict[str, t.Any]] = {
    "application": {"type": "str"},
    "application_name": {"type": "str"},
    "application_kind": {"type": "str"},
    "applications": {"type": "dict"},
    "capability": {"type": "str"},
}
_ALONE = ("application", "application_name", "application_kind", "capability")
_KEYS = ("id", "name", "kind")


def aim_of(options: t.Mapping[str, t.Any]) -> Aim | None:
    """What the task's *options* name, None when they name nothing. Raises Failure ``invalid_option``."""
    given = {option: options.get(option) or None for option in OPTIONS}
    several = given["applications"]
    if several:
        others = [option for option in _ALONE if given[option]]
        if others:
            raise Failure(
                "invalid_option", f"applications names each capability and its application: leave {others[0]} out."
            )
        return Aim(tuple(_target(str(key), value) for key, value in sorted(several.items())), True)
    if given["application"] and given["application_name"]:
        raise Failure("invalid_option", "application is an id and application_name a name: set one of them.")
    if given["application"] or given["application_name"]:
        target = Target(given["application"], given["capability"], given["application_kind"], given["application_name"])
        return Aim((target,), given["capability"] is not None)
    if given["application_kind"]:
        raise Failure("invalid_option", "application_kind says of what kind the application is: set that, too.")
    return None


def _target(capability: str, value: t.Any) -> Target:
    """What one key of ``applications`` names: an id, or a mapping of ``name``, ``id`` and ``kind``."""
    place = f"applications: {capability}"
    if capability not in CAPABILITIES:
        hint = nearest(capability, CAPABILITIES)
        raise Failure("invalid_option", f"{place} is no capability{hint}: use {', '.join(CAPABILITIES)}.")
    facts = value if isinstance(value, t.Mapping) else {"id": value}
    for key, fact in facts.items():
        if key not in _KEYS:
            raise Failure("invalid_option", f"{place} has no {key!r}{nearest(str(key), _KEYS)}: use name, id and kind.")
        if fact is not None and not isinstance(fact, str):
            raise Failure(
                "invalid_option",
                f"{place} must be text, not {fact!r}: quote it, because YAML has already changed it.",
            )
    if bool(facts.get("id")) == bool(facts.get("name")):
        raise Failure("invalid_option", f"{place} needs the id of an application, or a mapping with its name.")
    return Target(facts.get("id") or None, capability, facts.get("kind") or None, facts.get("name") or None)
