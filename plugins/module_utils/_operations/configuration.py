# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the settings of owned numbers. What is left out stays as it is; null clears."""

from __future__ import annotations

import typing as t

from .._errors import Ambiguous, Failure
from .._model import Number
from .context import Context, Result, indexed, number_dicts, owned_named, require_owned, unknown


def configuration(context: Context, names: t.Sequence[str], wanted: t.Mapping[str, t.Any], described: t.Mapping[str, Number]) -> Result:
    """Give each number the settings in *wanted* (None clears). *described* are the numbers that were given as objects."""
    check(context, wanted)
    if not names:
        return Result(facts={"numbers": []}, before={}, after={})
    with context.exclusive():
        numbers = require_owned(context, owned_named(context, names), names, described)
        before = {number.number: context.provider.configuration(number) for number in numbers}
        changes = {name: _changes(settings, wanted) for name, settings in before.items()}
        done = indexed(numbers)
        configured: list[str] = []

        def configure(number: Number) -> None:
            done[number.number] = _configure(context, number, changes[number.number])
            configured.append(number.number)

        try:
            context.provider.pool.map(configure, [number for number in numbers if changes[number.number] and not context.check])
        except Failure as failure:
            failure.completed, failure.changed = {"configured": sorted(configured)}, bool(configured)
            raise
    after = {name: {**settings, **changes[name]} for name, settings in before.items()}
    shown = [_shown(number, after[number["number"]]) for number in number_dicts(done.values())]
    return Result(any(changes.values()), {"numbers": shown}, before, after)


def _shown(number: dict[str, t.Any], settings: dict[str, t.Any]) -> dict[str, t.Any]:
    """The number object with its ``configuration``."""
    return {**number, "friendly_name": settings.get("friendly_name", number["friendly_name"]), "configuration": settings}


def check(context: Context, wanted: t.Mapping[str, t.Any]) -> None:
    """Refuse, before any request, settings that the provider does not have."""
    features = context.provider.features
    if not features.configuration:
        raise features.unsupported("configuration", context.provider.name)
    unknown = [option for option in wanted if option not in features.configuration]
    if unknown:
        raise Failure("unsupported", f"{context.provider.name} has no {', '.join(unknown)}: it has {', '.join(features.configuration)}.")
    wrong = [option for option, value in wanted.items() if option.endswith("_method") and value not in (None, "GET", "POST")]
    if wrong:
        raise Failure("invalid_option", f"{', '.join(wrong)} must be GET or POST, or null to clear it.")
    context.provider.check_configuration(wanted)


def _changes(settings: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {option: value for option, value in wanted.items() if settings.get(option) != value}


def _configure(context: Context, number: Number, change: t.Mapping[str, t.Any]) -> Number:
    """Write *change*. After an ambiguous answer the number is read until it shows the change or the settle time has passed."""
    try:
        return context.provider.configure(number, change)
    except Ambiguous as error:
        for _poll in context.polls(context.settled_by()):
            try:
                now = context.provider.find(number.number)
            except Failure:
                continue
            if now is not None and not _changes(context.provider.configuration(now), change):
                return now
        raise unknown(f"It cannot be told whether {number.number} was configured: run again, settings that are right stay as they are.", error) from None
