# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold after every task, read from the sandbox, and what a task may say of itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._core.errors import CODES
from stage import Outcome, Snapshot
from steps import Ask, matching

DOUBLE = "double purchases"
OVERSPENT = "overspend"
FOREIGN = "lost or foreign changes"
CRASH = "tracebacks"
FALSE = "false words"  # a result that says something else than what is true
CHECKED = "check mode differs"
AGAIN = "second runs that change"
UNSETTLED = "unsettled"  # a clean run that does not end where it should, or a success that is none

_ORDER = re.compile(r"order ([0-9a-f-]{36})")
Price = Callable[[Mapping[str, Any]], Decimal]


@dataclasses.dataclass(frozen=True)
class Finding:
    """A broken invariant."""

    kind: str
    text: str


def judge(
    ask: Ask, before: Snapshot, after: Snapshot, outcome: Outcome | None, price: Price, undelivered: bool = False
) -> Iterator[Finding]:
    """What a task broke; *outcome* None is one that did not live to say anything, or one of several.

    Where the provider has left numbers *undelivered* that it said were bought, a success may be short of them if it
    names the order.
    """
    yield from _double(ask, before, after)
    yield from _money(before, after, price)
    yield from _changes(ask, before, after)
    if outcome is not None:
        yield from crashes(outcome)
        if (
            not outcome.crash
            and outcome.code is None
            and not (undelivered and _have(ask, after) < ask.own and open_orders(outcome))
        ):
            yield from _said(ask, before, after, outcome)


def crashes(outcome: Outcome) -> Iterator[Finding]:
    """A task ends well or with a failure of the closed list."""
    if outcome.crash:
        yield Finding(CRASH, outcome.crash)
    elif outcome.code is not None and (outcome.code not in CODES or "\n" in outcome.result["msg"]):
        yield Finding(CRASH, f"no failure of the closed list: {outcome.result}")


def _double(ask: Ask, before: Snapshot, after: Snapshot) -> Iterator[Finding]:
    """More than was asked for: more matching numbers than wanted, any number that was not named, a reservation bought
    twice.
    """
    new = set(after.owned) - set(before.owned)
    if ask.own:
        most = max(ask.own, _have(ask, before))
        if _have(ask, after) > most:
            yield Finding(
                DOUBLE,
                f"{_have(ask, after)} numbers are owned or on order where {most} are the most; new: {sorted(new)}",
            )
    elif new - ask.named:
        yield Finding(DOUBLE, f"{sorted(new - ask.named)} were bought and not asked for")
    if after.checkouts > 1:
        yield Finding(DOUBLE, f"a reservation was checked out {after.checkouts} times")


def open_orders(outcome: Outcome) -> list[str]:
    """The orders that a task names as open, be it in its failure or in its warnings."""
    return _ORDER.findall(" ".join((outcome.result.get("msg") or "", *outcome.result.get("warnings", []))))


def _have(ask: Ask, snapshot: Snapshot) -> int:
    return len(matching(snapshot, ask.application)) + snapshot.pending


def _money(before: Snapshot, after: Snapshot, price: Price) -> Iterator[Finding]:
    """Paid is what the new numbers cost."""
    paid = after.spent["monthly"] - before.spent["monthly"]
    cost = sum((price(item) for number, item in after.owned.items() if number not in before.owned), Decimal(0))
    if paid != cost:
        yield Finding(OVERSPENT, f"{paid} a month were spent for numbers that cost {cost}")


def _said(ask: Ask, before: Snapshot, after: Snapshot, outcome: Outcome) -> Iterator[Finding]:
    """A success has what was asked for, at the price that it quoted; what was on order before is in no quote."""
    missing = unmet(ask, after)
    if missing:
        yield Finding(UNSETTLED, f"success, but {missing}")
    if not ask.buys or before.pending:
        return
    for total, name in (("monthly_total", "monthly"), ("setup_total", "setup"), ("due_now_total", "due_now")):
        quoted, paid = outcome.result["quote"][total], after.spent[name] - before.spent[name]
        if quoted is not None and paid != Decimal(quoted) and not (paid < Decimal(quoted) and after.pending):
            yield Finding(
                OVERSPENT if paid > Decimal(quoted) else UNSETTLED,
                f"{total} was quoted as {quoted}, and {paid} was spent",
            )


def _changes(ask: Ask, before: Snapshot, after: Snapshot) -> Iterator[Finding]:
    lost = set(before.owned) - set(after.owned) - ask.released
    if lost:
        yield Finding(FOREIGN, f"{sorted(lost)} were lost")
    for number, item in after.owned.items():
        old = before.owned.get(number)
        links = item["applications"]
        if old is None:
            if set(links.values()) - {ask.application}:
                yield Finding(FOREIGN, f"{number} was bought with {links}")
            continue
        for capability in {*links, *old["applications"]}:
            was, is_ = old["applications"].get(capability), links.get(capability)
            if was != is_ and not _may_link(ask, number, capability, was, is_):
                yield Finding(FOREIGN, f"{number} was linked to {was} for {capability}, now to {is_}")
        if number not in ask.configured and _settings(old["configuration"]) != _settings(item["configuration"]):
            yield Finding(FOREIGN, f"{number} was configured {old['configuration']}, now {item['configuration']}")


def _may_link(ask: Ask, number: str, capability: str, was: str | None, is_: str | None) -> bool:
    if ask.buys:
        return was is None and is_ is not None and is_ == ask.application
    return (number, capability) in ask.links and ask.links[number, capability] == is_


def _settings(value: Any) -> Any:
    """A configuration without what is unset and without its applications, which are links."""
    if not isinstance(value, dict):
        return value
    parts = {key: _settings(item) for key, item in value.items() if key != "application_sid"}
    return {key: item for key, item in parts.items() if item not in (None, "", {})}


def unmet(ask: Ask, after: Snapshot) -> str:
    """What of the state asked for is not there; an order that is pending counts. Nothing is an empty text."""
    if ask.own:
        have = [
            name
            for name in matching(after, ask.application)
            if ask.application is None or after.owned[name]["applications"]
        ]
        if len(have) + after.pending < ask.own:
            return f"{len(have)} numbers (and {after.pending} on order) are there where {ask.own} were wanted"
    if ask.named - set(after.owned):
        return f"{sorted(ask.named - set(after.owned))} are not owned"
    if ask.released & set(after.owned):
        return f"{sorted(ask.released & set(after.owned))} are still owned"
    for (number, capability), application in ask.links.items():
        links = after.owned.get(number, {}).get("applications", {})
        # A capability that the number lacks cannot be linked: "sms" of a voice-only number.
        if links.get(capability) != application and (capability in links or not links or application is None):
            return f"{number} is linked to {links.get(capability)} for {capability} where {application} was wanted"
    return ""
