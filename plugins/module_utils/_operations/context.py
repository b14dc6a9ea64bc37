# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what every operation gets and gives back."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import typing as t

from .._contract.provider import Provider
from .._core.e164 import check_length
from .._core.errors import Failure
from .._core.model import Number, by_number
from .._net.clock import Clock

if t.TYPE_CHECKING:
    from .._journal.store import Journal, Store


@dataclasses.dataclass
class Context:
    """One task: its provider, whether it may change anything, its clock, and where intents are recorded.

    *store* is asked for by tasks that change something, and only they load what keeps a journal. *settle_time* is in
    seconds: how long the provider's lists may lag behind a purchase.
    """

    provider: Provider
    check: bool
    clock: Clock
    store: t.Callable[[], Store]
    settle_time: float
    warnings: list[str] = dataclasses.field(default_factory=list)
    journal: Journal | None = None  # of the account, while it is held

    @contextlib.contextmanager
    def exclusive(self) -> t.Iterator[Journal]:
        """Hold the account's lock and give its journal. Check mode writes nothing, so it takes no lock and reads
        only.
        """
        if self.check:
            self.journal = self.store().peek()
            yield self.journal
            return
        with self.store().locked(self.clock) as journal:
            self.journal = journal
            yield journal

    def warn(self, text: str) -> None:
        """Tell the user *text*, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def polls(self, until: float) -> t.Iterator[None]:
        """Yield at growing intervals until the monotonic second *until* or the deadline; the first time at once."""
        pause = 0.2
        while True:
            yield
            left = until - self.clock.now()
            if left <= 0 or not self.clock.sleep(min(pause, left)):
                return
            pause = min(2.0, pause * 1.6)

    def settled_by(self) -> float:
        """The monotonic second at which a list shows what was bought before now."""
        return self.clock.now() + self.settle_time


@dataclasses.dataclass
class Result:
    """What an operation did, or would do in check mode. *facts* are further keys of the module's result."""

    changed: bool = False
    facts: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    before: t.Any = None
    after: t.Any = None


def number_dicts(numbers: t.Iterable[Number]) -> list[dict[str, t.Any]]:
    """The number objects of a result, in their stable order."""
    return [number.as_dict() for number in sorted(numbers, key=by_number)]


def indexed(numbers: t.Iterable[Number]) -> dict[str, Number]:
    """Numbers by their digits."""
    return {number.number: number for number in numbers}


def owned_named(context: Context, names: t.Sequence[str], certain: bool = False) -> dict[str, Number]:
    """Return the owned ones of *names*, with the fewest requests: one number is got, several are picked from the list.

    *certain* makes sure of an absent one with a list that did not move. Raises Failure for an absent one whose row
    cannot be read.
    """
    if not names:
        return {}
    if len(names) == 1:
        found = context.provider.find(names[0])
        if found is not None:
            return {found.number: found}
        if not certain:
            return {}
    listed = context.provider.owned(steady=certain)
    owned = indexed(listed)
    listed.check_absent([name for name in names if name not in owned], surely=certain)
    return {name: owned[name] for name in names if name in owned}


def warn_of_misspelt(context: Context, names: t.Iterable[str]) -> None:
    """Warn of each of *names*, which are not owned, that is as long as no number of its country."""
    for name in names:
        try:
            check_length(name)
        except Failure as failure:
            context.warnings.append(f"{name} is not owned. {failure.message}")


def check_lengths(names: t.Iterable[str]) -> None:
    """Raise Failure ``invalid_option`` for one of *names*, which are not owned, that is as long as no number of its
    country: it is misspelt.
    """
    for name in names:
        check_length(name)


def require_owned(
    context: Context, owned: t.Mapping[str, Number], names: t.Sequence[str], described: t.Mapping[str, Number]
) -> list[Number]:
    """Return the numbers *names* in order. Raises Failure ``not_found`` that lists those the account does not own.

    In check mode a number that is not owned may be one that an earlier task of the play would have bought: it is taken
    as
    *described*, and a warning says so.
    """
    missing = [name for name in names if name not in owned]
    if not missing:
        return [owned[name] for name in names]
    check_lengths(name for name in missing if name not in described)
    if not context.check:
        raise Failure(
            "not_found",
            f"The account does not own {', '.join(missing)}: check the numbers, or buy them with number_purchase.",
        )
    context.warnings.append(
        f"The account does not own {', '.join(missing)} now; check mode goes on as if an earlier task had bought them."
    )
    linkable = context.provider.features.linked_capabilities
    bare = {
        name: Number(id=name.lstrip("+"), provider=context.provider.name, number=name, capabilities=linkable)
        for name in missing
    }
    return [{**bare, **described, **owned}[name] for name in names]


def compared(
    provider: Provider, before: Number, after: Number, links: t.Collection[str] = (), settings: t.Collection[str] = ()
) -> list[str]:
    """A line for what a write should have left alone and that is otherwise now. *links* (capabilities) and *settings*
    are what was written.
    """
    was, now = before.applications, after.applications
    other = [
        capability
        for capability in sorted({*was, *now})
        if capability not in links and was.get(capability) != now.get(capability)
    ]
    lines = [
        f"{after.number} is linked to {now.get(capability) or 'nothing'} for {capability} now, and was linked to "
        f"{was.get(capability) or 'nothing'}: that was "
        f"not asked for, {provider.name} changed it along or somebody else did."
        for capability in other
    ]
    if provider.features.configuration:
        had, has = provider.configuration(before), provider.configuration(after)
        lost = [option for option, value in had.items() if option not in settings and has.get(option) != value]
        if lost:
            lines.append(
                f"{after.number} has another {', '.join(lost)} than before, which was not asked for: somebody changed "
                "it meanwhile, look at it."
            )
    return lines


def unknown(message: str, error: Failure) -> Failure:
    """The ``unknown_outcome`` for an ambiguous answer that reading did not settle, with the provider's words."""
    return Failure(
        "unknown_outcome",
        message,
        **{**error.told, "provider_message": error.provider_message or error.message},
    )


def check_filters(filters: t.Mapping[str, t.Any], allowed: t.Sequence[str], provider: str) -> None:
    """Raise Failure ``invalid_option`` for a query field that the provider's document does not have."""
    unknown = sorted(set(filters) - set(allowed))
    if unknown:
        offered = ", ".join(allowed) or "none"
        raise Failure("invalid_option", f"filters {', '.join(unknown)} unknown to {provider} here: it takes {offered}.")
    wrong = sorted(
        key
        for key, value in filters.items()
        if isinstance(value, (dict, list)) or (isinstance(value, float) and not math.isfinite(value))
    )
    if wrong:
        raise Failure("invalid_option", f"filters {', '.join(wrong)} must be plain text, numbers or booleans.")


def check_search_limit(limit: int) -> None:
    """Raise Failure ``invalid_option`` for a limit that lets nothing be read."""
    if limit < 1:
        raise Failure("invalid_option", "search_limit must be 1 or more.")


def check_keys(keys: t.Iterable[str], allowed: t.Collection[str], provider: str, where: str) -> None:
    """Raise Failure ``unsupported`` for selector keys that cannot be decided on the provider's *where*."""
    wrong = [key for key in keys if key not in allowed]
    if wrong:
        offered = ", ".join(allowed) or "none"
        raise Failure("unsupported", f"{provider}'s {where} do not show {', '.join(wrong)}: select by {offered}.")
