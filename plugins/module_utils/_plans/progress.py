# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: how a numbers plan is converged: from the results of the steps so far to the work of the next one. Pure.

The results are those of tasks that loop over pools; each has the pool it was for under ``POOL``.
"""

from __future__ import annotations

import typing as t

from .._core import selector
from .quote import NO_CURRENCY, POOL, TOTALS, Record, priced, totals

STEPS = ("quote", "buy", "assign", "configure", "verify")
_MOST = {"setup_total": "max_setup_total", "monthly_total": "max_monthly_total", "due_now_total": "max_due_now_total"}

_UNBOUNDED = (
    "It would be bought from several offers, and a price is unknown, so nothing bounds it: set max_monthly_price and "
    "max_setup_price with their currency, "
    "or choose one 'offer'."
)


def claims(results: t.Iterable[Record], before: t.Mapping[str, Record] | None = None) -> dict[str, dict[str, t.Any]]:
    """What the quotes in *results* claim, by contest, after what was claimed *before*: numbers that count, and offers
    that will be bought.

    Numbers are objects, which are taken as the provider writes them.
    """
    found: dict[str, dict[str, t.Any]] = {
        contest: {"exclude": list(claim["exclude"]), "exclude_offers": dict(claim["exclude_offers"])}
        for contest, claim in (before or {}).items()
    }
    for result in results:
        claim = found.setdefault(result[POOL]["contest"], {"exclude": [], "exclude_offers": {}})
        claim["exclude"] += _claimed(result.get("numbers") or ())
        for line in (result.get("quote") or {}).get("lines") or ():
            claim["exclude_offers"][line["offer"]] = claim["exclude_offers"].get(line["offer"], 0) + line["quantity"]
    return found


def _claimed(numbers: t.Iterable[Record]) -> list[dict[str, str]]:
    return [{"number": number["number"]} for number in numbers]


def without(pool: Record, taken: t.Mapping[str, Record]) -> Record:
    """The *pool*, quoted as if what is *taken* in its contest were another's already."""
    claim = taken.get(pool["contest"]) or {"exclude": (), "exclude_offers": {}}
    return {**pool, "exclude": [*pool.get("exclude", ()), *claim["exclude"]], "exclude_offers": claim["exclude_offers"]}


class Progress:
    """What was done for the pools of a plan, and what is to be done next."""

    def __init__(self, pools: t.Sequence[Record], done: t.Mapping[str, t.Sequence[Record]]) -> None:
        """*pools* are in their normal form, *done* has the results of each step, whole or in part."""
        self.pools = [pool for pool in pools if pool["state"] == "present"]
        self._done = {
            step: {result[POOL]["name"]: result for result in done.get(step) or () if not result.get("skipped")}
            for step in STEPS[:-1]
        }
        self._verified = {
            result[POOL]["account"]: result for result in done.get("verify") or () if not result.get("skipped")
        }

    def as_dict(self) -> dict[str, t.Any]:
        """The work of each next step, and the report of what was done and what that costs."""
        return {
            "quote": self.to_quote(),
            "buy": self.to_buy(),
            "assign": self.to_assign(),
            "configure": self.to_configure(),
            "verify": self.to_verify(),
            "result": {
                "pools": [self.report(pool) for pool in self.pools],
                "totals": totals(self._spent(pool) for pool in self.pools),
            },
        }

    # -- what is known of one pool -------------------------------------------------------------------------------------

    def _result(self, step: str, pool: Record) -> Record:
        return self._done[step].get(pool["name"], {})

    def _failure(self, pool: Record) -> tuple[str, Record] | None:
        """The step that failed and its result, None when none has."""
        failed = next(
            ((step, self._result(step, pool)) for step in STEPS[:-1] if self._result(step, pool).get("failed")), None
        )
        return (
            ("buy", {"msg": _UNBOUNDED, "failure": {"code": "price_limit"}})
            if failed is None and self._unbounded(pool)
            else failed
        )

    def _sound(self) -> list[Record]:
        """The pools that were quoted, and for which nothing has failed."""
        return [pool for pool in self.pools if self._result("quote", pool) and not self._failure(pool)]

    def _numbers(self, pool: Record) -> list[Record]:
        """The numbers that count for the pool, as the purchase or else the quote tells."""
        quoted, bought = self._result("quote", pool), self._result("buy", pool)
        if not bought.get("failed"):
            return list((bought or quoted).get("numbers") or ())
        predicted = [number["number"] for number in quoted["purchased"]]
        return [number for number in quoted["numbers"] if number["number"] not in predicted] + self._bought(pool)

    def _bought(self, pool: Record) -> list[Record]:
        """What was bought for the pool; before anything was, what would be, as far as the provider says which numbers
        those are.
        """
        result = self._result("buy", pool) or ({} if self._failure(pool) else self._result("quote", pool))
        return list((self._completed(result) if result.get("failed") else result).get("purchased") or ())

    @staticmethod
    def _completed(result: Record) -> Record:
        """What a purchase that failed did all the same."""
        return (result.get("failure") or {}).get("completed") or {}

    def _quote(self, pool: Record) -> Record | None:
        return self._result("quote", pool).get("quote")

    def _lines(self, pool: Record) -> list[Record]:
        return list((self._quote(pool) or {}).get("lines") or ())

    def _spent(self, pool: Record) -> Record | None:
        """What was bought for the pool and what it costs, as a quote; before anything was, what would be."""
        bought, quote = self._result("buy", pool), self._quote(pool)
        if not bought.get("failed"):
            return bought.get("quote") if bought else quote
        known = [order["id"] for order in self._result("quote", pool)["orders"]]
        orders = [order for order in self._completed(bought).get("orders") or () if order["id"] not in known]
        return priced(orders, quote or {})

    # -- next work -----------------------------------------------------------------------------------------------------

    def to_quote(self) -> list[Record]:
        """The pools of the next round: what they count depends on what the earlier rounds of their contest claim, which
        is excluded.
        """
        rest = [pool for pool in self.pools if pool["name"] not in self._done["quote"]]
        first = min((pool["round"] for pool in rest), default=0)
        taken = claims(self._done["quote"].values())
        return [without(pool, taken) for pool in rest if pool["round"] == first]

    def _without_rivals(self) -> dict[str, Record]:
        """Every pool, where the numbers that earlier rounds of its contest claim do not count."""
        claimed: dict[str, list[Record]] = {}
        found: dict[str, Record] = {}
        for pool in sorted(self.pools, key=lambda pool: int(pool["round"])):
            before = claimed.setdefault(pool["contest"], [])
            found[pool["name"]] = {**pool, "exclude": [*pool.get("exclude", ()), *before]}
            before += _claimed(self._numbers(pool))
        return found

    def to_buy(self) -> list[Record]:
        """The pools that lack numbers, take free ones, or wait for ordered ones; none may cost more than its quote."""
        pools = self._without_rivals()
        return [
            self._within_quote(pools[pool["name"]])
            for pool in self._sound()
            if self._lines(pool) or self._takes(pool) or self._waits(pool)
        ]

    def _takes(self, pool: Record) -> bool:
        """Whether free numbers are to be linked for the pool. A purchase knows what is free, an assignment would have
        to force it.
        """
        return bool(self._result("quote", pool).get("linked"))

    def _waits(self, pool: Record) -> bool:
        return bool(pool.get("wait")) and self._pending(self._result("quote", pool))

    def _within_quote(self, pool: Record) -> Record:
        """The pool with its quoted totals as limits, so that all pools together keep the limits that the quotes kept.

        Where the provider names no currency, the purchase is limited in none, so that its amounts bound it all the
        same.
        """
        quote = self._result("quote", pool)["quote"]
        if not quote["lines"]:
            return {**pool, "currency": NO_CURRENCY, "max_monthly_total": "0"}
        named = (
            {"currency": quote["currency"]}
            if quote["currency"]
            else {"currency": NO_CURRENCY, "account_currency": NO_CURRENCY}
        )
        bounded = {**pool, **named, **{_MOST[key]: quote[key] for key in TOTALS if quote[key] is not None}}
        return (
            bounded
            if quote["monthly_total"] is not None and quote["due_now_total"] is not None
            else self._exactly(bounded)
        )

    def _exactly(self, pool: Record) -> Record:
        """The pool, for which nothing is bought but the offers of its quote: where a price is unknown, no amount can
        bound it.
        """
        lines = self._lines(pool)
        if "count" not in pool:
            return pool
        if len(lines) == 1:
            return {**pool, "offer": lines[0]["offer"]}
        named = {key: value for key, value in pool.items() if key not in (*selector.KEYS, "count", "offer")}
        return {**named, "numbers": _claimed(self._numbers(pool))}

    def _unbounded(self, pool: Record) -> bool:
        """Whether nothing could bound a purchase of the pool: a price is unknown, and several groups of numbers would
        be bought from.
        """
        quote = self._quote(pool) or {"lines": ()}
        unknown = bool(quote["lines"]) and None in (quote["monthly_total"], quote["due_now_total"])
        return (
            unknown
            and "count" in pool
            and len(quote["lines"]) > 1
            and any(line["number"] is None for line in quote["lines"])
        )

    def to_assign(self) -> list[Record]:
        """The pools with numbers that have lost a link to the application, each with those numbers."""
        lacking = [
            (pool, [number for number in self._numbers(pool) if _lacks_link(number, pool)]) for pool in self._sound()
        ]
        return [{**pool, "numbers": numbers} for pool, numbers in lacking if numbers]

    def to_configure(self) -> list[Record]:
        """The pools with settings, each with its numbers."""
        return [
            {**pool, "numbers": numbers}
            for pool in self._sound()
            if pool["configuration"] and (numbers := self._numbers(pool))
        ]

    def to_verify(self) -> list[Record]:
        """The accounts where something was changed, each with the numbers to look for."""
        accounts: dict[str, dict[str, t.Any]] = {}
        for pool in self._sound():
            if self._changed(pool):
                place = accounts.setdefault(
                    pool["account"], {"account": pool["account"], "provider": pool["provider"], "numbers": []}
                )
                place["numbers"] += self._numbers(pool)
        return list(accounts.values())

    # -- report --------------------------------------------------------------------------------------------------------

    def _changed(self, pool: Record) -> bool:
        return any(self._result(step, pool).get("changed") for step in STEPS[:-1])

    @staticmethod
    def _pending(result: Record) -> bool:
        return any(order["status"] == "pending" for order in result.get("orders") or ())

    def report(self, pool: Record) -> dict[str, t.Any]:
        """What was done for the pool: its ``status``, numbers, purchases, quote, and the failure if there was one."""
        status, step, message, code = self._status(pool)
        return {
            "name": pool["name"],
            "account": pool["account"],
            "provider": pool["provider"],
            "status": status,
            "step": step,
            "code": code,
            "message": message,
            "wanted": self._wanted(pool),
            "numbers": [number["number"] for number in self._numbers(pool)],
            "purchased": [number["number"] for number in self._bought(pool)],
            "quote": self._quote(pool),
        }

    def _status(self, pool: Record) -> tuple[str, str | None, str | None, str | None]:
        failed = self._failure(pool)
        if failed:
            step, result = failed
            code = (result.get("failure") or {}).get("code")
            risen = (
                " It may cost no more than was quoted: run again for a new quote."
                if (step, code) == ("buy", "price_limit") and self._result("buy", pool)
                else ""
            )
            return "failed", step, f"{result.get('msg')}{risen}", code
        if not self._result("quote", pool):
            return "unknown", None, "It was not looked at.", None
        problem = self._unverified(pool)
        if problem:
            return "failed", "verify", problem, None
        missing = self._missing(pool)
        if missing > 0:
            return (*self._short(pool, missing), None)
        return ("changed" if self._changed(pool) or self._lines(pool) else "unchanged"), None, None, None

    @staticmethod
    def _wanted(pool: Record) -> int:
        return int(pool["count"]) if "count" in pool else len(pool.get("numbers", ()))

    def _missing(self, pool: Record) -> int:
        """How many numbers are neither there nor, before the purchase, about to be bought."""
        to_come = (
            0
            if self._result("buy", pool)
            else sum(line["quantity"] for line in self._lines(pool) if line["number"] is None)
        )
        return self._wanted(pool) - len(self._numbers(pool)) - to_come

    def _short(self, pool: Record, missing: int) -> tuple[str, None, str]:
        """The status and message of a pool that lacks numbers and has not failed: they are coming, or it may be
        partial.
        """
        pending = self._pending(self._result("buy", pool) or self._result("quote", pool))
        if pool.get("allow_partial"):
            return "partial", None, f"{missing} missing{' or on order' if pending else ''}."
        return (
            "pending",
            None,
            f"{missing} on order." if pending else f"{missing} bought, and not in the provider's list yet.",
        )

    def _unverified(self, pool: Record) -> str | None:
        """What the provider's list does not show as it should be after the run."""
        result = self._verified.get(pool["account"])
        if result is None or not self._changed(pool):
            return None
        if result.get("failed"):
            return f"The account could not be read again: {result.get('msg')}"
        listed = {number["number"]: number for number in result["numbers"]}
        wrong = [
            number["number"]
            for number in self._numbers(pool)
            if number["number"] not in listed or _lacks_link(listed[number["number"]], pool)
        ]
        return f"The provider's list does not show {', '.join(wrong)} as wanted yet: run again." if wrong else None


def _lacks_link(number: Record, pool: Record) -> bool:
    """Whether *number* can be linked as the pool wants it for a capability, and is not."""
    able = [capability for capability in number.get("capabilities") or () if capability in pool["links"]]
    return any(number["applications"].get(capability) != pool["links"][capability] for capability in able)
