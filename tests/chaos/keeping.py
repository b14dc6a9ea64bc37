# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to stay as it was when a task of a story has run: numbers, links and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from invariants import FOREIGN, Finding
from markets import fits
from truth import WHOLE, Ledger, State, Wish

# Where a setting stands in the sandbox's configuration of a number.
_PLACES = {
    "plivo_groups": {"friendly_name": ("alias",), "sub_account": ("sub_account",)},
    "sinch_catalog": {
        "friendly_name": ("friendlyName",),
        "status_callback_url": ("statusCallback",),
        "voice_url": ("configuration", "voice", "url"),
        "sms_url": ("configuration", "sms", "url"),
    },
    "telnyx": {"tags": ("tags",)},
    "twilio": {"friendly_name": ("friendly_name",), "status_callback_url": ("status_callback",)},
}


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


def kept(
    ledger: Ledger, wish: Wish, before: State, after: State, between: Mapping[str, Any], in_time: bool
) -> Iterator[Finding]:
    """Every number, link and setting that the task was not to change is as it was.

    What the colleague changed meanwhile is as that left it; *in_time*, the task has read it before it wrote there.
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
        yield from _same_links(ledger, wish, name, item, meant, now, allowed, in_time)
        if wish.module != "number_configuration" or name not in wish.names:
            if settings(now) != settings(meant):
                yield Finding(FOREIGN, f"{name} was configured {settings(meant)}, now {settings(now)}")
        else:
            yield from _same_settings(ledger, wish, name, meant, now)
    for name in set(after.owned) - set(before.owned):
        strange = set(after.owned[name]["applications"].values()) - {
            ledger.bought.get(name, wish).application,
            wish.application if wish.buys else None,
        }
        if strange and name not in ledger.theirs:
            yield Finding(FOREIGN, f"{name} was bought with {after.owned[name]['applications']}")
        theirs, now = between.get(name, after.owned[name])["applications"], after.owned[name]["applications"]
        if theirs != now and not _may_take(wish, between[name], now):
            yield Finding(FOREIGN, f"{name}, which somebody else bought with {theirs}, is linked to {now}")


def _may_release(wish: Wish, name: str, before: State, between: Mapping[str, Any]) -> bool:
    """Whether the number may be given back: it is free, or the task insists."""
    return bool(wish.options.get("force")) or name in between or not before.owned.get(name, {}).get("applications")


def _may_take(wish: Wish, item: Mapping[str, Any], now: Mapping[str, str]) -> bool:
    """Whether a purchase may have linked the number as it is *now*: it matches, and was free or of the application."""
    links = {**item["applications"], **now}
    return bool(
        wish.buys
        and set(links.values()) <= {wish.application}
        and links == now
        and (wish.market is None or fits(item["facts"], wish.market.where) is not False)
    )


def _same_links(
    ledger: Ledger,
    wish: Wish,
    name: str,
    was: Any,
    meant: Any,
    now: Any,
    allowed: Mapping[tuple[str, str], str | None],
    in_time: bool,
) -> Iterator[Finding]:
    for key in {*meant["applications"], *now["applications"]}:
        right, found = meant["applications"].get(key), now["applications"].get(key)
        if found == right or _follows(ledger, meant, key):
            continue
        if wish.buys:
            counts = name in wish.names or wish.market and ledger.may_count(name, meant, wish)
            fine = right is None and found == wish.application and bool(counts)
        else:
            drops = found is None and _may_drop(wish, name, key, right)
            fine = drops or (name, key) in allowed and allowed[name, key] == found
            if fine and right not in (None, wish.application):
                # Not what was to be dropped, and moved only by who insists, or could not know.
                unknown = right != was["applications"].get(key) and not in_time
                fine = found is not None and (bool(wish.options.get("force")) or unknown)
        if not fine:
            yield Finding(FOREIGN, f"{name} was linked to {right} for {key}, now to {found}")


def _follows(ledger: Ledger, item: Mapping[str, Any], key: str) -> bool:
    """Whether the link of *key* is no more than the link of the whole number, which another capability shows.

    The provider has one application for a number. The sandbox keeps it for each capability that the number had, or that
    its offer promised, when it was linked: a capability that the number lacks has no link of its own.
    """
    links, able = item["applications"], item["facts"]["capabilities"]
    shown = {links[other] for other in able if other in links}
    return ledger.row.provider in WHOLE and key not in able and links.get(key) in shown


def _may_drop(wish: Wish, name: str, key: str, linked: str | None) -> bool:
    """Whether the task is to drop this link, whenever it was made."""
    absent = wish.module == "number_assignment" and wish.options.get("state") == "absent"
    return absent and name in wish.names and linked == wish.application and wish.capability in (None, key)


def settings(item: Mapping[str, Any]) -> Any:
    """The settings of a number without what is unset and without its links."""
    return _plain(item["configuration"]) or {}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {key: _plain(part) for key, part in value.items() if key != "application_sid"}
    return {key: part for key, part in parts.items() if part not in (None, "", {})}


def settings_after(provider: str, wish: Wish, item: Mapping[str, Any]) -> Any:
    """What a configuration makes of a number's settings."""
    found = settings(item)
    for option, place in _PLACES.get(provider, {}).items():
        if option in wish.options:
            inner = found
            for key in place[:-1]:
                inner = inner.setdefault(key, {})
            inner[place[-1]] = wish.options[option]
    return _plain(found)


def _same_settings(ledger: Ledger, wish: Wish, name: str, meant: Any, now: Any) -> Iterator[Finding]:
    """Those named may have either value."""
    may = [settings(meant), settings_after(ledger.row.provider, wish, meant)]
    if settings(now) not in may:
        yield Finding(FOREIGN, f"{name} was configured {may[0]}, now {settings(now)} where {may[1]} was to come of it")
