# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else who works on the account of a story, between its tasks and in the middle of them."""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markets import BOTH, MARKETS, Market
from rows import Row
from steps import call
from truth import LINKED, WHOLE, Ledger, State, Wish

Change = dict[str, Any]  # as the sandbox takes it
THEIR_URL = "https://colleague.example/voice"


@dataclasses.dataclass(frozen=True)
class Race:
    """A task that writes several times, and what the colleague does at the request *match*.

    That is ``change``, in words ``what``. The task reads what it touches after that, before it writes to it.
    """

    wish: Wish
    match: Mapping[str, str]
    what: str
    change: Change


class Colleague:
    """Draws what somebody else does at a provider."""

    def __init__(self, row: Row, by_number: bool) -> None:
        self._row = row
        self._by_number = by_number

    def own(
        self, chance: random.Random, number: str, fresh: bool, application: str | None, market: Market | None = None
    ) -> Change:
        """A number that somebody else bought, of a group of the market or, where numbers are sold, one of no offer."""
        offer = chance.choice((market or MARKETS[self._row.provider][0]).offers)
        facts: dict[str, Any] = {**offer, **offer.get("record", {})}
        able = facts["capabilities"]
        linked = [key for key in able if key in LINKED[self._row.provider]]  # what an application of the row can serve
        keys = linked if self._row.provider in WHOLE else chance.choice((linked, linked[:1]))
        found = {
            "number": number,
            "applications": dict.fromkeys(keys if application else (), application),
            "bought_at": time.time() if fresh else 0,
        }
        if not self._by_number:
            return {**found, "offer": offer["id"], "data": offer.get("record", {})}
        data = {key: value for key, value in facts.items() if key not in ("number", "key", "record")}
        return {**found, "country": facts["country"], "type": facts["type"], "capabilities": able, "data": data}

    def change(self, chance: random.Random, ledger: Ledger, state: State, serial: int) -> tuple[str, Change] | None:
        """Something that the colleague does in the dashboard, in words and as the sandbox takes it."""
        seen = sorted((ledger.seen | ledger.theirs) & set(state.owned))
        kinds = ["buy", "buy linked"]
        if seen:
            kinds += ["give back", "switch on"]
            kinds += ["link", "relink", "unlink"] if self._row.application else []
            kinds += ["configure"] if self._row.provider == "plivo_groups" else []
        kind = chance.choice(kinds)
        if kind.startswith("buy"):
            application = self._row.other_application if kind == "buy linked" else None
            number = ("+4684650" if not self._by_number else "+4670175") + f"{serial:04d}"
            own = self.own(chance, number, not ledger.lag, application)
            return f"buys {number}{f', linked to {application}' if application else ''}", {"own": [own]}
        number = chance.choice(seen)
        item = state.owned[number]
        if kind == "give back":
            return f"gives {number} back", {"release": [number]}
        if kind == "switch on":
            if set(item["facts"]["capabilities"]) >= set(BOTH) or item["facts"].get("country") != "BE":
                return None
            linked = next(iter(item["applications"].values()), None)
            links = dict.fromkeys(BOTH, linked) if linked and self._row.provider in WHOLE else {}
            switched = {"number": number, "data": {"capabilities": BOTH}, "applications": links}
            return f"has sms switched on for {number}", {"alter": [switched]}
        if kind == "configure":
            return f"renames {number}", {"alter": [{"number": number, "configuration": {"alias": "Colleague"}}]}
        application = None if kind == "unlink" else chance.choice(self._applications)
        able = self._able(item)
        keys = able if self._row.provider in WHOLE or chance.random() < 0.6 else chance.sample(able, 1)
        return self._relinks(number, dict.fromkeys(keys, application))

    @staticmethod
    def _relinks(number: str, links: Mapping[str, str | None]) -> tuple[str, Change]:
        what = " and ".join(f"to {application} for {key}" for key, application in sorted(links.items()))
        return f"links {number} {what or 'to nothing new'}", {
            "alter": [{"number": number, "applications": dict(links)}]
        }

    @property
    def _applications(self) -> tuple[Any, ...]:
        return (self._row.application, self._row.other_application)

    def _able(self, item: Mapping[str, Any]) -> list[str]:
        return [key for key in LINKED[self._row.provider] if key in item["facts"]["capabilities"]]

    # -- races ---------------------------------------------------------------------------------------------------------

    def race(self, chance: random.Random, state: State) -> Race | None:
        """A task and what the colleague does at its first write: only a reading just before the next one shows that."""
        names = [name for name, item in sorted(state.owned.items()) if self._able(item)]
        if self._row.application is None or len(names) < 2:
            return None
        chance.shuffle(names)
        makers = [self._list_race] if self._row.overwrites else [self._moved, self._taken]
        if self._row.provider == "sinch_catalog":
            makers += [self._beside, self._renamed, self._configured]
        chance.shuffle(makers)
        found = (race for maker in makers for race in maker(chance, state, names))
        return next(found, None)

    @staticmethod
    def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Two numbers as a task writes to them, one after the other."""
        return ((one, other) for one in names for other in names if one < other)

    def _assign(self, names: Sequence[str], application: str, **options: Any) -> Wish:
        fields = {"numbers": sorted(names), "application": application, "concurrency": 1, **options}
        return Wish("number_assignment", fields, None, tuple(sorted(names)), 0, application, fields.get("capability"))

    def _after_writing(self, first: str, wish: Wish, did: tuple[str, Change]) -> Race:
        """The colleague changes the other number when the *first* one is written."""
        return Race(wish, {**(call(self._row, "link") or {}), "path": f"{first.lstrip('+')}/?$"}, *did)

    def _list_race(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """The list of an application is written for sms, then for voice: another number is linked for voice between."""
        for application in chance.sample(self._applications, 2):
            for first, other in self._pairs(names):
                one, two = state.owned[first], state.owned[other]
                whole = len(self._able(one)) == 2 and application not in one["applications"].values()
                if whole and "voice" in self._able(two) and two["applications"].get("voice") != application:
                    wish = self._assign([first], application, force=True)
                    did = self._relinks(other, {"voice": application})
                    yield Race(wish, call(self._row, "link") or {}, *did)

    def _moved(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """A number that is to be unlinked is linked elsewhere."""
        for application, elsewhere in (self._applications, self._applications[::-1]):
            for first, other in self._pairs(names):
                links = [state.owned[name]["applications"] for name in (first, other)]
                if all(application in link.values() for link in links):
                    moved = {key: elsewhere for key, linked in links[1].items() if linked == application}
                    wish = self._assign([first, other], application, state="absent")
                    yield self._after_writing(first, wish, self._relinks(other, moved))

    def _taken(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """A free number that is to be linked is linked elsewhere."""
        free = [name for name in names if not state.owned[name]["applications"]]
        for first, other in self._pairs(free):
            application, elsewhere = chance.sample(self._applications, 2)
            taken = dict.fromkeys(self._able(state.owned[other]), elsewhere)
            yield self._after_writing(first, self._assign([first, other], application), self._relinks(other, taken))

    def _beside(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """The capability that the task does not name is linked."""
        application = chance.choice(self._applications)
        for first, other in self._pairs(names):
            items = [state.owned[name] for name in (first, other)]
            unlinked = all("voice" in self._able(item) for item in items) and application not in (
                item["applications"].get("voice") for item in items
            )
            if unlinked and "sms" in self._able(items[1]):
                had = items[1]["applications"].get("sms")
                linked = chance.choice([found for found in self._applications if found != had])
                wish = self._assign([first, other], application, capability="voice", force=True)
                yield self._after_writing(first, wish, self._relinks(other, {"sms": linked}))

    def _renamed(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """A setting is changed while numbers are linked."""
        application = chance.choice(self._applications)
        for first, other in self._pairs(names):
            items = [state.owned[name] for name in (first, other)]
            if not any(application in item["applications"].values() for item in items):
                wish = self._assign([first, other], application, force=True)
                yield self._after_writing(first, wish, (f"configures {other}", self._configures(other, items[1])))

    def _configured(self, chance: random.Random, state: State, names: Sequence[str]) -> Iterator[Race]:
        """A number is linked while it is configured."""
        application = chance.choice(self._applications)
        url = f"https://example.com/{chance.choice(('one', 'two'))}"
        for first, other in self._pairs(names):
            items = [state.owned[name] for name in (first, other)]
            set_already = any(_voice(item).get("url") == url for item in items)
            links = {
                key: application for key in self._able(items[1]) if items[1]["applications"].get(key) != application
            }
            if links and not set_already:
                fields = {"numbers": sorted((first, other)), "voice_url": url, "concurrency": 1}
                wish = Wish("number_configuration", fields, None, tuple(sorted((first, other))))
                yield self._after_writing(first, wish, self._relinks(other, links))

    @staticmethod
    def _configures(number: str, item: Mapping[str, Any]) -> Change:
        nested = {**_nested(item), "voice": {**_voice(item), "url": THEIR_URL}}
        return {"alter": [{"number": number, "configuration": {"configuration": nested}}]}


def _nested(item: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a number's settings that is written whole."""
    return item["configuration"].get("configuration") or {}


def _voice(item: Mapping[str, Any]) -> dict[str, Any]:
    return _nested(item).get("voice") or {}
