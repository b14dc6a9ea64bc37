# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may do and say in a story, compared with what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from invariants import CHECKED, DOUBLE, FALSE, FOREIGN, OVERSPENT, UNSETTLED, Finding
from markets import fits
from stage import Outcome
from truth import WHOLE, Ledger, State, Wish

Links = Mapping[str, Mapping[str, str]]
# Where a setting stands in the sandbox's configuration of a number.
_PLACES = {
    "plivo_groups": {"friendly_name": ("alias",), "sub_account": ("sub_account",)},
    "sinch_catalog": {
        "friendly_name": ("friendlyName",),
        "status_callback_url": ("statusCallback",),
        "voice_url": ("configuration", "voice", "url"),
        "sms_url": ("configuration", "sms", "url"),
    },
}


def judge(
    ledger: Ledger, wish: Wish, before: State, after: State, outcome: Outcome | None, between: Mapping[str, Any]
) -> Iterator[Finding]:
    """What a run broke; *between* is what the colleague changed while it went on: number → its links and settings after
    that, None for one given back.
    """
    least = ledger.low(wish, before) if wish.buys and wish.market else 0
    brought = ledger.note(wish, before, after)
    new = ledger.new(before, after)
    yield from _bought(ledger, wish, before, after, least, brought, new)
    yield from _kept(ledger, wish, before, after, between)
    if outcome is not None and not outcome.crash:
        yield from _told(ledger, wish, before, after, outcome, brought, new)
        if outcome.code is None:
            yield from _reached(ledger, wish, before, after, outcome, between)


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
            f"{brought} were bought ({', '.join(new) or 'on order'}) where {wish.count} were wanted and {least} were "
            "there or coming",
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


# -- what has to stay --------------------------------------------------------------------------------------------------


def wanted_links(ledger: Ledger, wish: Wish, state: State) -> dict[tuple[str, str], str | None]:
    """The links that an assignment makes (an application) and drops (None)."""
    found: dict[tuple[str, str], str | None] = {}
    present = wish.options.get("state", "present") == "present"
    for name in wish.names:
        item = state.owned.get(name, {"facts": {"capabilities": []}, "applications": {}})
        if present:
            found.update({(name, key): wish.application for key in wish.capabilities(ledger.row, item["facts"])})
        else:
            linked = [
                key
                for key, link in item["applications"].items()
                if link == wish.application and wish.capability in (None, key)
            ]
            found.update({(name, key): None for key in linked})
    if wish.options.get("exclusive"):
        for name, item in state.owned.items():
            able = wish.capability in item["facts"]["capabilities"]
            if able and name not in wish.names and item["applications"].get(wish.capability) == wish.application:
                keys = item["applications"] if ledger.row.provider in WHOLE else (wish.capability,)
                found.update({(name, key): None for key in keys})
    return found


def _kept(ledger: Ledger, wish: Wish, before: State, after: State, between: Mapping[str, Any]) -> Iterator[Finding]:
    """Every number, link and setting that the task was not to change is as it was, or as the colleague made it
    meanwhile.
    """
    allowed = wanted_links(ledger, wish, before) if wish.module == "number_assignment" else {}
    given_back = {
        name for name in wish.names if wish.module == "number_release" and _may_release(wish, name, before, between)
    }
    for name, item in before.owned.items():
        meant = between.get(name, item)
        now = after.owned.get(name)
        if now is None:
            if name not in given_back and meant is not None:
                yield Finding(FOREIGN, f"{name}, linked to {item['applications']}, is gone, and nobody asked for that")
            continue
        if meant is None:
            yield Finding(FOREIGN, f"{name} was given back by somebody else, and bought again")
            continue
        yield from _same_links(ledger, wish, name, item, meant, now, allowed)
        if wish.module != "number_configuration" or name not in wish.names:
            if _settings(now) != _settings(meant):
                yield Finding(FOREIGN, f"{name} was configured {_settings(meant)}, now {_settings(now)}")
        else:
            yield from _same_settings(ledger, wish, name, meant, now)
    for name in set(after.owned) - set(before.owned):
        strange = set(after.owned[name]["applications"].values()) - {
            ledger.bought.get(name, wish).application,
            wish.application if wish.buys else None,
        }
        if strange and name not in ledger.theirs:
            yield Finding(FOREIGN, f"{name} was bought with {after.owned[name]['applications']}")
        if (
            name in between
            and between[name]["applications"] != after.owned[name]["applications"]
            and not _may_take(ledger, wish, between[name])
        ):
            yield Finding(
                FOREIGN,
                f"{name}, which somebody else bought with {between[name]['applications']}, is linked to "
                f"{after.owned[name]['applications']}",
            )


def _may_release(wish: Wish, name: str, before: State, between: Mapping[str, Any]) -> bool:
    """Whether the number may be given back: it is free, or the task insists."""
    return bool(wish.options.get("force")) or name in between or not before.owned.get(name, {}).get("applications")


def _may_take(ledger: Ledger, wish: Wish, item: Mapping[str, Any]) -> bool:
    """Whether a purchase may link the number: it is free, and matches."""
    return bool(
        wish.buys
        and wish.application
        and not item["applications"]
        and (wish.market is None or fits(item["facts"], wish.market.where) is not False)
    )


def _same_links(
    ledger: Ledger, wish: Wish, name: str, was: Any, meant: Any, now: Any, allowed: Mapping[tuple[str, str], str | None]
) -> Iterator[Finding]:
    for key in {*meant["applications"], *now["applications"]}:
        right, found = meant["applications"].get(key), now["applications"].get(key)
        if found == right:
            continue
        if wish.buys:
            fine = (
                right is None
                and found == wish.application
                and (name in wish.names or wish.market and ledger.may_count(name, meant, wish))
            )
        else:
            fine = (
                (name, key) in allowed
                and allowed[name, key] == found
                or _may_drop(wish, name, key, right)
                and found is None
            )
            if fine and right != was["applications"].get(key) and found is None:
                fine = right in (
                    None,
                    wish.application,
                )  # somebody else's new link is not the one that was to be dropped
        if not fine:
            yield Finding(FOREIGN, f"{name} was linked to {right} for {key}, now to {found}")


def _may_drop(wish: Wish, name: str, key: str, linked: str | None) -> bool:
    """Whether the task is to drop this link, whenever it was made."""
    absent = wish.module == "number_assignment" and wish.options.get("state") == "absent"
    return absent and name in wish.names and linked == wish.application and wish.capability in (None, key)


def _settings(item: Mapping[str, Any]) -> Any:
    """The settings of a number without what is unset and without its links."""
    return _plain(item["configuration"]) or {}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {key: _plain(part) for key, part in value.items() if key != "application_sid"}
    return {key: part for key, part in parts.items() if part not in (None, "", {})}


def settings_after(provider: str, wish: Wish, item: Mapping[str, Any]) -> Any:
    """What a configuration makes of a number's settings."""
    found = _settings(item)
    for option, place in _PLACES.get(provider, {}).items():
        if option in wish.options:
            inner = found
            for key in place[:-1]:
                inner = inner.setdefault(key, {})
            inner[place[-1]] = wish.options[option]
    return _plain(found)


def _same_settings(ledger: Ledger, wish: Wish, name: str, meant: Any, now: Any) -> Iterator[Finding]:
    """Those named may have either value."""
    may = [_settings(meant), settings_after(ledger.row.provider, wish, meant)]
    if _settings(now) not in may:
        yield Finding(FOREIGN, f"{name} was configured {may[0]}, now {_settings(now)} where {may[1]} was to come of it")


# -- what a task says --------------------------------------------------------------------------------------------------


def _told(
    ledger: Ledger, wish: Wish, before: State, after: State, outcome: Outcome, brought: int, new: list[str]
) -> Iterator[Finding]:
    """What was bought is named, whether the task ends well or not; what is called bought or released is."""
    said = outcome.result["failure"]["completed"] if outcome.code else outcome.result
    purchased = [item["number"] for item in said.get("purchased", [])]
    wrong = [name for name in purchased if name not in new and name not in after.ordered]
    if wrong and wish.buys:
        yield Finding(FALSE, f"{wrong} are called purchased, and this task did not buy them")
    named = max(len(purchased), sum(order["quantity"] for order in said.get("orders", [])))
    if brought > named and wish.buys:
        yield Finding(FALSE, f"{brought} were bought, and {named} are named: {new}")
    if outcome.code is None and wish.buys and not ledger.lag and set(new) - set(purchased):
        yield Finding(FALSE, f"{sorted(set(new) - set(purchased))} were bought, and are not called purchased")
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


def _reached(
    ledger: Ledger, wish: Wish, before: State, after: State, outcome: Outcome, between: Mapping[str, Any]
) -> Iterator[Finding]:
    """A success is true."""
    result = outcome.result
    if wish.buys and wish.market is not None:
        coming = ledger.on_order(wish, after)
        have, linked = ledger.high(wish, after), ledger.linked(wish, after)
        lost = sum(1 for item in between.values() if item is None)  # given back by somebody else after it was counted
        if len(have) + coming + lost < wish.count:
            yield Finding(
                UNSETTLED, f"success with {len(have)} numbers and {coming} on order where {wish.count} were wanted"
            )
        elif len(linked) + coming < wish.count and not between:
            yield Finding(UNSETTLED, f"success, and only {linked} of {have} are linked to {wish.application}")
        elif wish.waits and len(linked) < wish.count and not between:
            yield Finding(
                UNSETTLED,
                f"it waited, and ends well with {len(linked)} numbers (linked as wanted) where {wish.count} were "
                "wanted",
            )
        listed = {item["number"] for item in result["numbers"]}
        if len(listed) + coming + lost < wish.count and not ledger.lag:
            yield Finding(FALSE, f"success with the numbers {sorted(listed)} where {wish.count} were wanted")
        if listed - set(after.owned) and not between:
            yield Finding(FALSE, f"{sorted(listed - set(after.owned))} are shown and are not owned")
    elif wish.buys:
        if set(wish.names) - set(after.owned):
            yield Finding(UNSETTLED, f"success, and {sorted(set(wish.names) - set(after.owned))} are not owned")
        for name in set(wish.names) & set(after.owned) if wish.application and not between else ():
            item = after.owned[name]
            if any(
                item["applications"].get(key) != wish.application
                for key in wish.capabilities(ledger.row, item["facts"])
            ):
                yield Finding(UNSETTLED, f"success, and {name} is linked to {item['applications']}")
    elif wish.module == "number_assignment":
        for (name, key), application in wanted_links(ledger, wish, before).items():
            if (
                name in after.owned
                and name not in between
                and after.owned[name]["applications"].get(key) != application
            ):
                yield Finding(
                    UNSETTLED,
                    f"success, and {name} is linked to {after.owned[name]['applications'].get(key)} for {key} where "
                    f"{application} was wanted",
                )
    elif wish.module == "number_configuration":
        for name in set(wish.names) & set(after.owned) - set(between):
            if _settings(after.owned[name]) != settings_after(ledger.row.provider, wish, after.owned[name]):
                yield Finding(UNSETTLED, f"success, and {name} is configured {_settings(after.owned[name])}")
    elif set(wish.names) & set(after.owned):
        yield Finding(UNSETTLED, f"success, and {sorted(set(wish.names) & set(after.owned))} are still owned")


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
