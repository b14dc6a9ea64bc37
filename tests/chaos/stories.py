# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random stories: tasks with changing options in one account over time, and what happens around them.

A story follows from its seed; each step draws from a chance of its own, so a step that is left out leaves the others as
like as can be: ``python tests/chaos/run.py --story plivo_groups:1234 --without 2,5``.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_NUMBER
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from colleague import Colleague
from markets import MARKETS, VOICE, Market
from played import ROWS
from rows import Row
from stage import SETTLE
from steps import call
from troubles import CHARGES, READS, WRITES, Fault, applies
from truth import LINKED, WHOLE, Ledger, State, Wish

STEPS = (3, 7)
_MORE = 2  # numbers that each of two orders of one group brings at most
PATIENCE = 1.5  # seconds that a task waits for its orders
# The settle time where changes are shown late: the next task comes before they are, on a busy machine, too.
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
    "sinch_catalog": {"friendly_name": ["Reception", "Sales"], "voice_url": ["https://example.com/voice"], "sms_url": ["https://example.com/sms"],
                      "status_callback_url": ["https://example.com/status"]},
    "plivo_groups": {"friendly_name": ["Reception", "Sales"], "sub_account": ["SASANDBOXSUB00000001"]},
    "telnyx": {"tags": [["reception"], ["north", "sales"]]},
    "twilio": {
        "friendly_name": ["Reception", "Sales"],
        "status_callback_url": ["https://example.com/status", "https://example.com/other"],
    },
}  # fmt: skip


class Author:
    """Draws what is wanted and what happens from the state of the account."""

    def __init__(self, row: Row, chance: random.Random) -> None:
        self.row = row
        self.features = load(row.provider).features
        self.chance = chance
        self.market = self._market(chance)
        self.by_number = self.features.purchase == BY_NUMBER
        self.colleague = Colleague(row, self.by_number)

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
            options["currency"] = market.offers[0].get("currency", "EUR")
        return Wish(
            "number_purchase", options, market, (), options["count"], draft.application, draft.capability, (each, total)
        )

    def pair(self, chance: random.Random, ledger: Ledger, state: State) -> tuple[Wish, Wish]:
        """Two purchases of one group that has enough of them, the second of which wants some more."""
        market = MARKETS[self.row.provider][0]
        enough = [str(offer["id"]) for offer in market.offers if state.stock[str(offer["id"])] > 2 * _MORE]
        offer = chance.choice(enough or [str(market.offers[-1]["id"])])
        options: dict[str, Any] = {**market.where, "offer": offer}
        if chance.random() < 0.3:
            options["application"] = self.row.application
        draft = Wish("number_purchase", options, market, application=options.get("application"))
        one = len(ledger.high(draft, state)) + ledger.on_order(draft, state) + chance.randint(1, _MORE)
        counts = (one, one + chance.randint(1, _MORE))
        first, second = (
            dataclasses.replace(draft, options={**options, "count": count}, count=count) for count in counts
        )
        return first, second

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
            key: chance.choice([*settings[key], None])
            for key in chance.sample(sorted(settings), min(len(settings), chance.randint(1, 2)))
        }
        return Wish("number_configuration", {"numbers": list(names), **chosen}, None, names) if names else None

    def _release(self, chance: random.Random, ledger: Ledger, state: State) -> Wish | None:
        names = self._some(chance, list(state.owned), 2)
        options: dict[str, Any] = {"numbers": list(names), **({"force": True} if chance.random() < 0.3 else {})}
        return Wish("number_release", options, None, names) if names else None

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
            if write:
                pool = {**LIES, **{name: WRITES[name] for name in LOST}, **(CHARGES if place == "charge" else {})}
            else:
                before = {name: fault for name, fault in LIES.items() if "before" in name}
                pool = {**{name: READS[name] for name in MISREAD}, **before}
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
        """Lists that are late with what was bought, or with what was linked and given back.

        They are by seconds, and fewer than the settle time. A lag of so many reads may be longer on a machine that has
        much to do, and nobody could know then.
        """
        kinds = chance.choice(
            ({"lag": 0.6 * SETTLE}, {"lag_changes": 0.6 * LONG}, {"lag": 0.4 * SETTLE, "lag_changes": 0.6 * LONG})
        )
        matches = [match for match in (call(self.row, name) for name in ("owned", "one", "linked")) if match]
        return [
            {"kind": kind, "seconds": seconds, "match": match} for kind, seconds in kinds.items() for match in matches
        ]


_CROWDS = {"plivo_groups": 25, "sinch_catalog": 55, "telnyx": 55, "twilio": 55}  # more than a page


def beginning(author: Author, chance: random.Random) -> list[dict[str, Any]]:
    """What the account owned all along: numbers of the honest market, free and linked.

    Now and then one without any capability, and a crowd of others.
    """
    digits = "+4684650900" if not author.by_number else "+4670174990"
    links = [None, author.row.application, author.row.other_application]
    found = [
        author.colleague.own(chance, f"{digits}{place}", False, chance.choice(links))
        for place in range(chance.choice((0, 0, 1, 2, 4)))
    ]
    if author.row.provider == "plivo_groups" and chance.random() < 0.15:
        found.append(
            {
                **author.colleague.own(chance, f"{digits}9", False, None),
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
