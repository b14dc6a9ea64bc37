# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random stories: tasks with changing options in one account over time, and what happens around them.

A story follows from its seed; each step draws from a chance of its own, so a step that is left out leaves the others as
like as can be: ``python tests/chaos/run.py --story plivo_groups:1234 --without 2,5``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_NUMBER
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from markets import BOTH, MARKETS, VOICE, Market
from rows import ROWS, Row
from stage import SETTLE
from steps import call
from troubles import CHARGES, READS, WRITES, Fault, applies
from truth import LINKED, WHOLE, Ledger, State, Wish

STEPS = (3, 7)
PATIENCE = 1.5  # seconds that a task waits for its orders
# the settle time where changes are shown late: long enough for the next task to come before they are, on a busy
# machine, too
LONG = 1.5
_GATEWAY = {"message": "Request blocked", "support": "4711"}
# Answers that lie: of something in between, or of a provider that says well and means ill.
LIES: dict[str, Fault] = {
    **{
        f"a gateway's {status} {when}": {"kind": "status", "status": status, "body": _GATEWAY, "when": when}
        for status in (403, 404, 409)
        for when in ("before", "after")
    },
    "200 with an error": {"kind": "body", "body": {"error": "Something went wrong"}, "when": "before"},
    "200 with an error after": {"kind": "body", "body": {"error": "Something went wrong"}},
}
LOST = (
    "500 after",
    "503 before",
    "503 after",
    "reset before",
    "reset after",
    "truncated",
    "not JSON",
    "empty before",
    "empty",
    "nothing in it",
)
MISREAD = ("503 before", "reset before", "truncated", "not JSON", "items without ids", "nothing in it")
_SETTINGS = {
    "sinch_catalog": {
        "friendly_name": ["Reception", "Sales"],
        "voice_url": ["https://example.com/voice"],
        "sms_url": ["https://example.com/sms"],
        "status_callback_url": ["https://example.com/status"],
    },
    "plivo_groups": {"friendly_name": ["Reception", "Sales"], "sub_account": ["SASANDBOXSUB00000001"]},
}


class Author:
    """Draws what is wanted and what happens from the state of the account."""

    def __init__(self, row: Row, chance: random.Random) -> None:
        self.row = row
        self.features = load(row.provider).features
        self.chance = chance
        self.market = self._market(chance)
        self.by_number = self.features.purchase == BY_NUMBER

    def _market(self, chance: random.Random) -> Market:
        """A story is mostly about one market."""
        markets = MARKETS[self.row.provider]
        poor = [market for market in markets if not market.whole] or list(markets)
        return chance.choice(
            (markets[0], markets[0], chance.choice(markets), chance.choice(markets), chance.choice(poor))
        )

    def wish(self, chance: random.Random, ledger: Ledger, state: State) -> Wish:
        """Any task that can be asked for in this state."""
        makers = {
            "buy": 7.0,
            "again": 2.0 if ledger.bought or ledger.orders else 0.0,
            "name": 2.0 if self.by_number else 0.0,
        }
        if self.row.application:
            makers.update(assign=3.0, unassign=1.5, exclusive=1.0)
        if self.row.settings:
            makers["configure"] = 1.5
        if self.features.release:
            makers["release"] = 2.0
        kind = chance.choices(list(makers), list(makers.values()))[0]
        wish: Wish | None = getattr(self, f"_{kind}")(chance, ledger, state)
        return wish or self._buy(chance, ledger, state)

    # -- purchases -----------------------------------------------------------------------------------------------------

    def _linked(self, chance: random.Random, market: Market | None) -> dict[str, Any]:
        if not self.row.application or chance.random() < 0.5:
            return {}
        found = {"application": chance.choice((self.row.application, self.row.application, self.row.other_application))}
        if self.row.provider not in WHOLE and chance.random() < (0.3 if market is None or market.whole else 0.8):
            found["capability"] = chance.choice(LINKED[self.row.provider])
        return found

    def _buy(self, chance: random.Random, ledger: Ledger, state: State) -> Wish:
        market = self.market if chance.random() < 0.8 else chance.choice(MARKETS[self.row.provider])
        options: dict[str, Any] = {**market.where, **self._linked(chance, market)}
        draft = Wish(
            "number_purchase",
            options,
            market,
            application=options.get("application"),
            capability=options.get("capability"),
        )
        options["count"] = max(
            1, len(ledger.high(draft, state)) + ledger.on_order(draft, state) + chance.choice((-1, 0, 1, 1, 2, 2, 3))
        )
        if self.features.pending_orders and chance.random() < 0.3:
            options.update(wait=True, wait_timeout=PATIENCE)
        each = total = None
        if chance.random() < 0.15:
            each = Decimal(str(chance.choice(market.offers)["monthly_price"]))
            options["max_monthly_price"] = str(each)
        if chance.random() < 0.15:
            total = Decimal(str(market.offers[0]["monthly_price"])) * chance.randint(1, 4)
            options["max_monthly_total"] = str(total)
        if each is not None or total is not None:
            options["currency"] = "EUR"
        return Wish(
            "number_purchase", options, market, (), options["count"], draft.application, draft.capability, (each, total)
        )

    def _again(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        """What was wanted before, word for word: as a job that runs every night."""
        wishes = [*ledger.bought.values(), *ledger.orders.values()]
        return chance.choice(wishes) if wishes else None

    def _name(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        for_sale = [
            offer["number"]
            for key, offer in ledger.offers.items()
            if offer in self.market.offers or offer.get("key") and state.stock[key]
        ]
        owned = [name for name in state.owned if chance.random() < 0.2]
        names = tuple(
            dict.fromkeys([*owned, *chance.sample(sorted(for_sale), min(len(for_sale), chance.randint(1, 3)))])
        )
        options = {"numbers": list(names), **self._linked(chance, None)}
        return (
            Wish("number_purchase", options, None, names, 0, options.get("application"), options.get("capability"))
            if names
            else None
        )

    # -- changes -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _some(chance: random.Random, names: Sequence[str], most: int = 3) -> tuple[str, ...]:
        return tuple(sorted(chance.sample(sorted(names), min(len(names), chance.randint(1, most)))))

    def _assign(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        names = self._some(chance, list(state.owned))
        options: dict[str, Any] = {"application": chance.choice((self.row.application, self.row.other_application))}
        if self.row.provider not in WHOLE and chance.random() < 0.4:
            options["capability"] = chance.choice(LINKED[self.row.provider])
        if chance.random() < 0.3:
            options["force"] = True
        return self._assignment(names, options)

    def _unassign(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        linked = [name for name, item in state.owned.items() if item["applications"]]
        options: dict[str, Any] = {
            "application": chance.choice((self.row.application, self.row.other_application)),
            "state": "absent",
        }
        if self.row.provider not in WHOLE and chance.random() < 0.3:
            options["capability"] = chance.choice(LINKED[self.row.provider])
        return self._assignment(self._some(chance, linked), options)

    def _exclusive(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        names = self._some(
            chance, [name for name, item in state.owned.items() if "voice" in item["facts"]["capabilities"]]
        )
        return self._assignment(names, {"application": self.row.application, "capability": "voice", "exclusive": True})

    @staticmethod
    def _assignment(names: tuple[str, ...], options: dict[str, Any]) -> Wish | None:
        fields = {"numbers": list(names), **options}
        return (
            Wish("number_assignment", fields, None, names, 0, options["application"], options.get("capability"))
            if names
            else None
        )

    def _configure(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        names = self._some(chance, list(state.owned), 2)
        settings = _SETTINGS[self.row.provider]
        chosen = {
            key: chance.choice([*settings[key], None]) for key in chance.sample(sorted(settings), chance.randint(1, 2))
        }
        return Wish("number_configuration", {"numbers": list(names), **chosen}, None, names) if names else None

    def _release(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        names = self._some(chance, list(state.owned), 2)
        options: dict[str, Any] = {"numbers": list(names), **({"force": True} if chance.random() < 0.3 else {})}
        return Wish("number_release", options, None, names) if names else None

    # -- the colleague -------------------------------------------------------------------------------------------------

    def own(
        self, chance: random.Random, number: str, fresh: bool, application: str | None, market: Market | None = None
    ) -> dict[str, Any]:
        """A number that somebody else bought, of a group of the market or, where numbers are sold, one of no offer."""
        offer = chance.choice((market or MARKETS[self.row.provider][0]).offers)
        facts: dict[str, Any] = {**offer, **offer.get("record", {})}
        bought_at = time.time() if fresh else 0
        keys = (
            facts["capabilities"]
            if self.row.provider in WHOLE
            else chance.choice((facts["capabilities"], facts["capabilities"][:1]))
        )
        links = dict.fromkeys(keys if application else (), application)
        if not self.by_number:
            return {
                "number": number,
                "offer": offer["id"],
                "applications": links,
                "bought_at": bought_at,
                "data": offer.get("record", {}),
            }
        data = {key: value for key, value in facts.items() if key not in ("number", "key", "record")}
        return {
            "number": number,
            "country": facts["country"],
            "type": facts["type"],
            "capabilities": facts["capabilities"],
            "data": data,
            "applications": links,
            "bought_at": bought_at,
        }

    def change(
        self, chance: random.Random, ledger: Ledger, state: State, serial: int
    ) -> tuple[str, dict[str, Any]] | None:
        """Something that the colleague does in the dashboard, in words and as the sandbox takes it."""
        seen = sorted((ledger.seen | ledger.theirs) & set(state.owned))
        kinds = ["buy", "buy linked"]
        if seen:
            kinds += ["give back", "switch on"]
            kinds += ["link", "relink", "unlink"] if self.row.application else []
            kinds += ["configure"] if self.row.provider == "plivo_groups" else []
        kind = chance.choice(kinds)
        if kind.startswith("buy"):
            application = self.row.other_application if kind == "buy linked" else None
            number = ("+4684650" if not self.by_number else "+4670175") + f"{serial:04d}"
            return f"buys {number}{f', linked to {application}' if application else ''}", {
                "own": [self.own(chance, number, not ledger.lag, application)]
            }
        number = chance.choice(seen)
        item = state.owned[number]
        if kind == "give back":
            return f"gives {number} back", {"release": [number]}
        if kind == "switch on":
            if set(item["facts"]["capabilities"]) >= set(BOTH) or item["facts"].get("country") != "BE":
                return None
            links = (
                dict.fromkeys(BOTH, next(iter(item["applications"].values())))
                if item["applications"] and self.row.provider in WHOLE
                else {}
            )
            return f"has sms switched on for {number}", {
                "alter": [{"number": number, "data": {"capabilities": BOTH}, "applications": links}]
            }
        if kind == "configure":
            return f"renames {number}", {"alter": [{"number": number, "configuration": {"alias": "Colleague"}}]}
        return self._relink(chance, kind, number, item)

    def _relink(self, chance: random.Random, kind: str, number: str, item: Any) -> tuple[str, dict[str, Any]]:
        application = None if kind == "unlink" else chance.choice((self.row.application, self.row.other_application))
        able = [key for key in LINKED[self.row.provider] if key in item["facts"]["capabilities"]]
        keys = able if self.row.provider in WHOLE or chance.random() < 0.6 else chance.sample(able, 1)
        return f"links {number} to {application} for {', '.join(keys)}", {
            "alter": [{"number": number, "applications": dict.fromkeys(keys, application)}]
        }

    # -- troubles ------------------------------------------------------------------------------------------------------

    _CALLS = {
        "number_purchase": (("hold", "charge", "charge", "link"), ("owned", "shop", "linked")),
        "number_assignment": (("link", "link", "unlink"), ("owned", "linked", "one")),
        "number_configuration": (("link",), ("one", "owned")),
        "number_release": (("release",), ("one", "owned")),
    }

    def troubles(self, chance: random.Random, wish: Wish) -> Iterator[tuple[str, Fault]]:
        """Answers that are lost, or that lie."""
        writes, reads = self._CALLS[wish.module]
        for _time in range(chance.choice((1, 1, 2))):
            write = chance.random() < 0.8
            place = chance.choice([name for name in (writes if write else reads) if call(self.row, name)] or ["owned"])
            pool = (
                {**LIES, **{name: WRITES[name] for name in LOST}, **(CHARGES if place == "charge" else {})}
                if write
                else {
                    **{name: READS[name] for name in MISREAD},
                    **{name: fault for name, fault in LIES.items() if "before" in name},
                }
            )
            names = [
                name for name in pool if name not in ("pending", "partial") and applies(name, self.row.provider, place)
            ]
            name = chance.choice(names)
            count = chance.choice(({"count": 1}, {"count": 1}, {"count": 2}, {}))
            yield (
                f"{place}: {name}",
                {**pool[name], "match": call(self.row, place), "skip": chance.choice((0, 0, 1)), **count},
            )

    def lag(self, chance: random.Random) -> list[Fault]:
        """Lists that are late with what was bought, or with what was linked and given back: in seconds, and fewer than
        the settle time.

        A lag of so many reads may be longer on a machine that has much to do, and nobody could know then.
        """
        kinds = chance.choice(
            ({"lag": 0.6 * SETTLE}, {"lag_changes": 0.6 * LONG}, {"lag": 0.4 * SETTLE, "lag_changes": 0.6 * LONG})
        )
        matches = [match for match in (call(self.row, name) for name in ("owned", "one", "linked")) if match]
        return [
            {"kind": kind, "seconds": seconds, "match": match} for kind, seconds in kinds.items() for match in matches
        ]


_CROWDS = {"plivo_groups": 25, "sinch_catalog": 55}  # more than a page


def beginning(author: Author, chance: random.Random) -> list[dict[str, Any]]:
    """What the account owned all along: numbers of the honest market, free and linked; now and then one without any
    capability, and a crowd of others.
    """
    digits = "+4684650900" if not author.by_number else "+4670174990"
    links = [None, author.row.application, author.row.other_application]
    found = [
        author.own(chance, f"{digits}{place}", False, chance.choice(links))
        for place in range(chance.choice((0, 0, 1, 2, 4)))
    ]
    if author.row.provider == "plivo_groups" and chance.random() < 0.15:
        found.append(
            {
                **author.own(chance, f"{digits}9", False, None),
                "capabilities": [],
                "applications": {"voice": author.row.application},
            }
        )
    if chance.random() < 0.12:
        foreign = {
            "country": "FR",
            "type": "local",
            "capabilities": VOICE,
            "data": {"country": "FR", "monthly_price": "1.00"},
        }
        found += [
            {**foreign, "number": f"+33199000{200 + place}"} for place in range(_CROWDS.get(author.row.provider, 0))
        ]
    return found


def names(chance: random.Random, count: int) -> list[str]:
    """The names of so many stories, the providers in turn."""
    return [f"{ROWS[place % len(ROWS)].provider}:{chance.randrange(1 << 31)}" for place in range(count)]
