# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: change the settings of owned numbers. A setting that a task does not name stays; null clears a setting."""

from __future__ import annotations

import typing as t

from .._contract import declared
from .._contract.features import Features
from .._core.errors import Ambiguous, Failure
from .._core.model import Number
from .context import Context, Result, compared, indexed, number_dicts, require_owned, unknown, usable_now
from .ledger import Ledger

OWN = "provider_settings"  # the option that has the provider's own settings


def configuration(
    context: Context, names: t.Sequence[str], wanted: t.Mapping[str, t.Any], described: t.Mapping[str, Number]
) -> Result:
    """Give each of the numbers *names* the settings in *wanted* (None clears).

    *described* are the records of numbers that the task gave as objects, by their digits.
    """
    wanted = checked(context, wanted)
    if not names:
        return Result(facts={"numbers": []}, before={}, after={})
    with context.exclusive() as journal:
        ledger = Ledger(context, journal)
        owned = ledger.named(names)
        ledger.refuse_leaving(names)
        numbers = require_owned(context, owned, names, described)
        usable = usable_now(context, numbers, "settings")
        waiting = [number for number in numbers if number not in usable]
        run = _Run(context, ledger, wanted, usable)
        if not context.check:
            run.work()
    before, after = (
        {name: nested(context.provider.features, settings) for name, settings in side.items()}
        for side in (run.before, run.after)
    )
    shown = [
        _shown(number, after[number["number"]]) if number["number"] in after else number
        for number in number_dicts([*run.numbers.values(), *waiting])
    ]
    return Result(run.changed, {"numbers": shown}, before, after)


class _Run:
    """The work of one task: the same wanted settings for several numbers."""

    def __init__(
        self, context: Context, ledger: Ledger, wanted: t.Mapping[str, t.Any], numbers: t.Sequence[Number]
    ) -> None:
        self._context = context
        self._provider = context.provider
        self._ledger = ledger
        self._wanted = wanted
        self.numbers = indexed(numbers)
        self.before = {number.number: self._provider.configuration(number) for number in numbers}
        self._changes = {name: _changes(settings, wanted) for name, settings in self.before.items()}
        # The settings that each number must get, and later those that it has got.
        self.after = {name: {**settings, **self._changes[name]} for name, settings in self.before.items()}
        self.changed = any(self._changes.values())
        self._unseen: set[str] = set()  # numbers whose new settings no answer has shown yet

    def work(self) -> None:
        """Write the settings that differ and read them back. ``completed`` of a failure names the numbers written."""
        todo = [number for name, number in self.numbers.items() if self._changes[name]]
        just_read = len(todo) == 1 or not self._provider.rewrites
        configured: list[str] = []

        def configure(number: Number) -> None:
            if self._write(number if just_read else self._ledger.just_before(number)):
                configured.append(number.number)

        try:
            self._provider.workers.map(configure, todo)
            self._read_back()
        except Failure as failure:
            failure.completed, failure.changed = {"configured": sorted(configured)}, bool(configured)
            raise
        self.changed = bool(configured)

    def _write(self, number: Number) -> bool:
        """Write the settings of *number* that differ now, and return whether any did.

        The record was read just before for a provider whose writes replace all settings.
        """
        name = number.number
        self.before[name] = self._provider.configuration(number)
        change = _changes(self.before[name], self._wanted)
        self.after[name] = {**self.before[name], **change}
        self._changes[name], self.numbers[name] = change, number
        if not change:
            return False
        answer = _configure(self._context, number, change)
        if answer is None or _changes(self._provider.configuration(answer), change):
            self._unseen.add(name)
        else:
            self._take(answer)
        return True

    def _take(self, now: Number) -> None:
        """Keep *now*, the record read after the write, and warn of other changes in it."""
        before = self.numbers[now.number]
        self._context.warnings += compared(self._provider, before, now, settings=self._changes[now.number])
        self.numbers[now.number], self.after[now.number] = now, self._provider.configuration(now)

    def _read_back(self) -> None:
        """Read the numbers whose answers did not show the new settings, until they do or the settle time has passed."""
        for _poll in self._context.polls(self._context.settled_by()) if self._unseen else ():
            try:
                found = self._ledger.named(sorted(self._unseen))
            except Failure:
                continue
            for name, number in found.items():
                if not _changes(self._provider.configuration(number), self._changes[name]):
                    self._take(number)
                    self._unseen.remove(name)
            if not self._unseen:
                return
        if self._unseen:
            self._context.warnings.append(
                f"The provider does not show yet what was set on {', '.join(sorted(self._unseen)[:10])}: run again "
                "later."
            )


def _shown(number: dict[str, t.Any], settings: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the *number* object with *settings* as its ``configuration``."""
    same: dict[str, t.Any] = {key: settings[key] for key in ("friendly_name", "tags") if key in settings}
    return {**number, **same, "configuration": settings}


def nested(features: Features, settings: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return *settings* in the form of a task: the provider's own settings, if any, are below ``provider_settings``."""
    own = {setting.name for setting in features.provider_settings if not setting.refused}
    shown = {option: value for option, value in settings.items() if option not in own}
    return {**shown, OWN: {name: settings.get(name) for name in sorted(own)}} if own else shown


def checked(context: Context, wanted: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the settings in *wanted* as one mapping, the provider's own beside the others. None clears a setting.

    Raises Failure ``unsupported`` or ``invalid_option``, before any request, for settings that the provider does not
    have or that have a wrong value.
    """
    provider = context.provider
    features, name = provider.features, provider.name
    options = {option: value for option, value in wanted.items() if option != OWN}
    if not features.configuration and not features.provider_settings:
        raise features.unsupported("configuration", name)
    unknown = [option for option in options if option not in features.configuration]
    if unknown:
        told = [features.hints[option] for option in unknown if option in features.hints]
        offered = ", ".join(features.configuration) or "only provider_settings"
        if told:
            raise Failure("unsupported", " ".join(told))
        raise Failure("unsupported", f"{name} has no {', '.join(unknown)}: it has {offered}.")
    wrong = [
        option for option, value in options.items() if option.endswith("_method") and value not in (None, "GET", "POST")
    ]
    if wrong:
        raise Failure("invalid_option", f"{', '.join(wrong)} must be GET or POST, or null to clear it.")
    if "tags" in options:
        options["tags"] = sorted({*(options["tags"] or ())} - {""}) or None
    settings = {**options, **declared.checked(wanted.get(OWN) or {}, features.provider_settings, OWN, name)}
    provider.check_configuration(settings)
    return settings


def _changes(settings: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {option: value for option, value in wanted.items() if settings.get(option) != value}


def _configure(context: Context, number: Number, change: t.Mapping[str, t.Any]) -> Number | None:
    """Write *change* to *number* and return its record when the answer, or a later reading, shows it.

    After an ambiguous answer the number is read until it shows the change. Raises Failure ``unknown_outcome`` when it
    does not within the settle time.
    """
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
        raise unknown(
            f"It is not known whether {number.number} was configured: run again, settings that are right stay as they "
            "are.",
            error,
        ) from None
