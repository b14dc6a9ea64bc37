# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may do and say in a story, compared with what is true."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from invariants import CHECKED, DOUBLE, FALSE, OVERSPENT, UNSETTLED, Finding
from keeping import kept, settings, settings_after, wanted_links
from stage import Outcome
from truth import NAMELESS, Ledger, State, Wish


def judge(
    ledger: Ledger,
    wish: Wish,
    before: State,
    after: State,
    outcome: Outcome | None,
    between: Mapping[str, Any],
    in_time: bool = False,
) -> Iterator[Finding]:
    """What a run broke.

    *between* is what the colleague changed while it went on: number → its links and settings after that, None for one
    given back. *in_time* says that the task has read that before it wrote to those numbers.
    """
    least = min(ledger.low(wish, state) for state in (before, _changed(before, between))) if wish.market else 0
    brought = ledger.note(wish, before, after)
    new = ledger.new(before, after)
    yield from _bought(ledger, wish, before, after, least, brought, new)
    yield from kept(ledger, wish, before, after, between, in_time)
    if outcome is not None and not outcome.crash:
        mixed = _mixed(ledger, before, after, outcome, between, new)
        yield from _told(ledger, wish, before, after, outcome, brought, new, mixed)
        if outcome.code is None:
            yield from _reached(ledger, wish, before, after, outcome, between)


def _changed(state: State, between: Mapping[str, Any]) -> State:
    """The *state* with its numbers as the colleague left them."""
    now = {name: between.get(name, item) for name, item in state.owned.items()}
    return dataclasses.replace(state, owned={name: item for name, item in now.items() if item is not None})


def _bought(
    ledger: Ledger, wish: Wish, before: State, after: State, least: int, brought: int, new: list[str]
) -> Iterator[Finding]:
    """No more than was missing, nothing that was not named, at no more than the limits say."""
    if not wish.buys and brought:
        yield Finding(DOUBLE, f"{wish.module} bought {new}")
    elif wish.names and set(new) - set(wish.names):
        yield Finding(DOUBLE, f"{sorted(set(new) - set(wish.names))} were bought and not named")
    elif wish.market and brought > max(0, wish.count - least):
        yield Finding(
            DOUBLE,
            f"{brought} were bought ({', '.join(new) or 'on order'}) where {wish.count} were wanted "
            f"and {least} were there or coming",
        )
    if after.checkouts > 1:
        yield Finding(DOUBLE, f"a reservation was checked out {after.checkouts} times")
    paid = after.spent["monthly"] - before.spent["monthly"]
    cost = ledger.price(after, set(after.owned) - set(before.owned) - ledger.theirs)
    if paid != cost:
        yield Finding(OVERSPENT, f"{paid} a month were spent for numbers that cost {cost}")
    most_each, most = wish.most
    if most is not None and ledger.price(after, new) > most:
        yield Finding(OVERSPENT, f"{ledger.price(after, new)} a month were spent where {most} is the limit")
    dear = [name for name in new if most_each is not None and ledger.price(after, [name]) > most_each]
    if dear:
        yield Finding(OVERSPENT, f"{dear} cost more than {most_each} a month")


# -- what a task says --------------------------------------------------------------------------------------------------


def _told(
    ledger: Ledger,
    wish: Wish,
    before: State,
    after: State,
    outcome: Outcome,
    brought: int,
    new: list[str],
    mixed: set[str],
) -> Iterator[Finding]:
    """What was bought is named, whether the task ends well or not; what is called bought or released is.

    Of the *mixed* numbers nobody can tell who bought them.
    """
    said = outcome.result["failure"]["completed"] if outcome.code else outcome.result
    purchased = [item["number"] for item in said.get("purchased", [])]
    wrong = [name for name in purchased if name not in new and name not in after.ordered]
    if wrong and wish.buys:
        yield Finding(FALSE, f"{wrong} are called purchased, and this task did not buy them")
    named = max(len(purchased), sum(order["quantity"] for order in said.get("orders", [])))
    if brought > named and wish.buys:
        yield Finding(FALSE, f"{brought} were bought, and {named} are named: {new}")
    silent = sorted(set(new) - set(purchased) - mixed)
    if outcome.code is None and wish.buys and not ledger.lag and silent:
        yield Finding(FALSE, f"{silent} were bought, and are not called purchased")
    if wish.module == "number_release":
        gone = (
            [item["number"] for item in said.get("numbers", [])] if outcome.code is None else said.get("released", [])
        )
        still = [name for name in gone if name in after.owned]
        if still:
            yield Finding(FALSE, f"{still} are called released and are still owned")
    changed = before.owned != after.owned or before.pending.keys() != after.pending.keys()
    if outcome.result["changed"] is False and changed and brought and outcome.code != "unknown_outcome":
        yield Finding(FALSE, "it says that nothing changed, and it bought")


def _mixed(
    ledger: Ledger, before: State, after: State, outcome: Outcome, between: Mapping[str, Any], new: list[str]
) -> set[str]:
    """Which of the *new* numbers nobody can tell from the colleague's, as the task says.

    The colleague got numbers of the same group in the middle of it, the provider names none of those that were bought,
    and a warning names them all.
    """
    if ledger.row.provider not in NAMELESS:
        return set()
    theirs = {name for name in between if name in after.owned and name not in before.owned}
    groups = {after.owned[name]["group"] for name in theirs}
    alike = {name for name in new if after.owned[name]["group"] in groups}
    told = any(all(name in warning for name in alike | theirs) for warning in outcome.result.get("warnings", []))
    return alike if theirs and told else set()


def _reached(
    ledger: Ledger, wish: Wish, before: State, after: State, outcome: Outcome, between: Mapping[str, Any]
) -> Iterator[Finding]:
    """A success is true."""
    if wish.buys and wish.market is not None:
        yield from _counted(ledger, wish, before, after, outcome, between)
    elif wish.buys:
        if set(wish.names) - set(after.owned):
            yield Finding(UNSETTLED, f"success, and {sorted(set(wish.names) - set(after.owned))} are not owned")
        for name in set(wish.names) & set(after.owned) if wish.application and not between else ():
            item = after.owned[name]
            able = wish.capabilities(ledger.row, item["facts"])
            if any(item["applications"].get(key) != wish.application for key in able):
                yield Finding(UNSETTLED, f"success, and {name} is linked to {item['applications']}")
    elif wish.module == "number_assignment":
        for (name, key), application in wanted_links(ledger, wish, before).items():
            links = after.owned[name]["applications"] if name in after.owned and name not in between else None
            if links is not None and links.get(key) != application:
                text = f"success, and {name} is linked to {links.get(key)} for {key} where {application} was wanted"
                yield Finding(UNSETTLED, text)
    elif wish.module == "number_configuration":
        for name in set(wish.names) & set(after.owned) - set(between):
            if settings(after.owned[name]) != settings_after(ledger.row.provider, wish, after.owned[name]):
                yield Finding(UNSETTLED, f"success, and {name} is configured {settings(after.owned[name])}")
    elif set(wish.names) & set(after.owned):
        yield Finding(UNSETTLED, f"success, and {sorted(set(wish.names) & set(after.owned))} are still owned")


def _counted(
    ledger: Ledger, wish: Wish, before: State, after: State, outcome: Outcome, between: Mapping[str, Any]
) -> Iterator[Finding]:
    """What was wanted by count is there, or surely coming, and is shown."""
    result = outcome.result
    listed = {item["number"] for item in result["numbers"]}
    coming = ledger.on_order(wish, after)
    # What the provider has delivered on the very reading that showed nothing of it yet.
    on_order = sum(order["quantity"] for order in result["orders"] if order["status"] == "pending")
    delivered = [name for name in after.owned if name in after.ordered and name not in listed | set(before.owned)]
    coming += min(on_order, len(delivered))
    have = [name for name in ledger.high(wish, after) if name not in delivered]
    linked = [name for name in ledger.linked(wish, after) if name not in delivered]
    lost = sum(1 for item in between.values() if item is None)  # given back by somebody else after it was counted
    # Numbers of a group that come while the user closes an order in doubt may be its own: the other order counts on.
    shared = ledger.vague and wish.count - len(have) - coming - lost <= on_order
    if len(have) + coming + lost < wish.count and not shared:
        text = f"success with {len(have)} numbers and {coming} on order where {wish.count} were wanted"
        yield Finding(UNSETTLED, text)
    elif len(linked) + coming < wish.count and not (between or shared):
        yield Finding(UNSETTLED, f"success, and only {linked} of {have} are linked to {wish.application}")
    elif wish.waits and len(linked) < wish.count and not between:
        text = f"it waited, and ends well with {len(linked)} numbers (linked as wanted) where {wish.count} were wanted"
        yield Finding(UNSETTLED, text)
    if len(listed) + coming + lost < wish.count and not ledger.lag:
        yield Finding(FALSE, f"success with the numbers {sorted(listed)} where {wish.count} were wanted")
    if listed - set(after.owned) and not between:
        yield Finding(FALSE, f"{sorted(listed - set(after.owned))} are shown and are not owned")


# -- check mode and the second run -------------------------------------------------------------------------------------


def differences(wish: Wish, by_number: bool, check: Outcome, run: Outcome) -> Iterator[Finding]:
    """Where check mode said otherwise than the run from the same reading did."""
    one, two = check.result, run.result
    if check.code != run.code:
        yield Finding(CHECKED, f"check mode: {one.get('msg') or 'success'}; the run: {two.get('msg') or 'success'}")
        return
    if check.code is not None:
        return
    pairs: dict[str, tuple[Any, Any]] = {"changed": (one["changed"], two["changed"])}
    if wish.buys:
        lines = [[(line["offer"], line["quantity"]) for line in result["quote"]["lines"]] for result in (one, two)]
        pairs["quote"] = (lines[0], lines[1])
        totals = [{key: value for key, value in result["quote"].items() if key != "lines"} for result in (one, two)]
        pairs["totals"] = (totals[0], totals[1])
    bought = set() if by_number else {item["number"] for item in two.get("purchased", [])}
    pairs["numbers"] = (_brief(one["numbers"], set()), _brief(two["numbers"], bought))
    if "linked" in two:
        pairs["linked"] = (sorted(one["linked"]), sorted(set(two["linked"]) - bought))
    if wish.buys and by_number:
        pairs["purchased"] = (_brief(one["purchased"], set()), _brief(two["purchased"], set()))
    if not wish.buys:
        pairs["diff"] = (one.get("diff"), two.get("diff"))
    for name, (said, did) in pairs.items():
        if said != did:
            yield Finding(CHECKED, f"{name}: check mode says {said}, the run {did}")


def _brief(numbers: list[dict[str, Any]], without: set[str]) -> list[Any]:
    return [
        (item["number"], item["applications"], item.get("configuration"))
        for item in numbers
        if item["number"] not in without
    ]
