# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the context that every operation takes, its result, and checks that several operations share."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import typing as t

from .._contract.provider import Provider
from .._core.e164 import check_length
from .._core.errors import Failure
from .._core.model import PENDING, Number, by_number
from .._net.clock import Clock

if t.TYPE_CHECKING:
    from .._journal.store import Journal, Store


@dataclasses.dataclass
class Context:
    """The context of one task: its provider, whether it is in check mode, its clock and its journal.

    *store* makes the store of the journal. Only tasks that change something call it, so only they load its code.
    *settle_time* is the time in seconds that the provider's lists may lag behind a purchase.
    """

    provider: Provider
    check: bool
    clock: Clock
    store: t.Callable[[], Store]
    settle_time: float
    warnings: list[str] = dataclasses.field(default_factory=list)
    journal: Journal | None = None  # the account's journal, while the task has it open

    @contextlib.contextmanager
    def exclusive(self) -> t.Iterator[Journal]:
        """Return a context that holds the account's lock and gives its journal.

        Check mode changes nothing, so it takes no lock.
        """
        if self.check:
            self.journal = self.store().peek()
            yield self.journal
            return
        with self.store().locked(self.clock) as journal:
            self.journal = journal
            yield journal

    def warn(self, text: str) -> None:
        """Add the warning *text*, unless it is there already."""
        if text not in self.warnings:
            self.warnings.append(text)

    def polls(self, until: float) -> t.Iterator[None]:
        """Yield at once, and then at growing intervals until the monotonic second *until* or the deadline."""
        pause = 0.2
        while True:
            yield
            left = until - self.clock.now()
            if left <= 0 or not self.clock.sleep(min(pause, left)):
                return
            pause = min(2.0, pause * 1.6)

    def settled_by(self) -> float:
        """Return the monotonic second from which on a list shows all numbers that were bought before now."""
        return self.clock.now() + self.settle_time


@dataclasses.dataclass
class Result:
    """The result of an operation; in check mode, the result that it would have.

    *before* and *after* are for the module's diff, and *facts* are further keys of its result.
    """

    changed: bool = False
    facts: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    before: t.Any = None
    after: t.Any = None


def number_dicts(numbers: t.Iterable[Number]) -> list[dict[str, t.Any]]:
    """Return *numbers* as number objects of a result, sorted by their digits."""
    return [number.as_dict() for number in sorted(numbers, key=by_number)]


def indexed(numbers: t.Iterable[Number]) -> dict[str, Number]:
    """Return *numbers* by their digits."""
    return {number.number: number for number in numbers}


def owned_named(context: Context, names: t.Sequence[str], certain: bool = False) -> dict[str, Number]:
    """Return the owned ones of *names* by their digits, with the fewest requests.

    One number is fetched by itself, several are taken from the list. With *certain* a number is absent only if a list
    that did not change while it was read lacks it. Raises Failure for an absent number that may be a row that cannot be
    read, as ``Listed.check_absent`` does.
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


def usable_now(context: Context, numbers: t.Iterable[Number], what: str) -> list[Number]:
    """Return those of *numbers* that are usable now. A warning says that the *what* of the others wait: the provider
    would not take them before.
    """
    chosen = list(numbers)
    waiting = [number.number for number in chosen if number.status == PENDING]
    if waiting:
        more = f" and {len(waiting) - 10} more" if len(waiting) > 10 else ""
        context.warn(
            f"Pending at {context.provider.name}, so the {what} of {', '.join(waiting[:10])}{more} wait. "
            "Run again when they are active."
        )
    return [number for number in chosen if number.status != PENDING]


def warn_of_misspelt(context: Context, names: t.Iterable[str]) -> None:
    """Warn of each of *names* that has a wrong length for its country. The numbers are not owned."""
    for name in names:
        try:
            check_length(name)
        except Failure as failure:
            context.warnings.append(f"{name} is not owned. {failure.message}")


def check_lengths(names: t.Iterable[str]) -> None:
    """Raise Failure ``invalid_option`` for one of *names* that has a wrong length for its country: it is misspelt.

    The numbers are not owned.
    """
    for name in names:
        check_length(name)


def require_owned(
    context: Context, owned: t.Mapping[str, Number], names: t.Sequence[str], described: t.Mapping[str, Number]
) -> list[Number]:
    """Return the records of the numbers *names*, in their order.

    Raises Failure ``not_found``, which lists the numbers that the account does not own. In check mode an earlier task
    of the play might have bought them: then their records are those in *described*, and a warning says so.
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
    """Return a warning for each link and setting of a number that a write changed without being asked to.

    *before* and *after* are the records of the number. The task wrote *links* (capabilities) and *settings* (options).
    """
    was, now = before.applications, after.applications
    other = [
        capability
        for capability in sorted({*was, *now})
        if capability not in links and was.get(capability) != now.get(capability)
    ]
    lines = [
        f"{after.number} is linked to {now.get(capability) or 'nothing'} for {capability} now, and was linked to "
        f"{was.get(capability) or 'nothing'}: that was not asked for, {provider.name} or somebody else changed it. "
        "Check its links."
        for capability in other
    ]
    if provider.features.configuration:
        had, has = provider.configuration(before), provider.configuration(after)
        lost = [option for option, value in had.items() if option not in settings and has.get(option) != value]
        if lost:
            lines.append(
                f"{after.number} has another {', '.join(lost)} than before, which was not asked for: somebody changed "
                "it meanwhile. Check its settings."
            )
    return lines


def unknown(message: str, error: Failure) -> Failure:
    """Return the failure ``unknown_outcome`` with *message* and the facts of *error*.

    *error* is an ambiguous answer, and reading the account did not show its outcome.
    """
    return Failure(
        "unknown_outcome",
        message,
        **{**error.told, "provider_message": error.provider_message or error.message},
    )


def check_filters(filters: t.Mapping[str, t.Any], allowed: t.Sequence[str], provider: str) -> None:
    """Raise Failure ``invalid_option`` for a filter that is not in *allowed*, or whose value is not plain."""
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
    """Raise Failure ``invalid_option`` for a *limit* below 1, with which no row could be read."""
    if limit < 1:
        raise Failure("invalid_option", "search_limit must be 1 or more.")


def check_keys(keys: t.Iterable[str], allowed: t.Collection[str], provider: str, where: str) -> None:
    """Raise Failure ``unsupported`` for selector *keys* that are not in *allowed*.

    *where* is "offers" or "owned numbers": the provider's records of these do not show such a fact.
    """
    wrong = [key for key in keys if key not in allowed]
    if wrong:
        offered = ", ".join(allowed) or "none"
        raise Failure("unsupported", f"{provider}'s {where} do not show {', '.join(wrong)}: select by {offered}.")
