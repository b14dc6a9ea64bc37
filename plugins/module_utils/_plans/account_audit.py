# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: one account of a numbers plan against what it owns. Pure: it sends nothing."""

from __future__ import annotations

import datetime
import typing as t

from .._contract.features import Features
from .._core.errors import one_line
from .._core.model import FAILED, LEAVING, PENDING, Number, by_number
from .._operations import configuration, links
from .._providers import load
from .._purchase.tally import Tally
from . import claims, records
from .costs import Record, account_facts, costs, nameless
from .counts import Count, counts, foreign
from .drift import Drift, day_of, expiry, keys_left_open, kinds, link_facts, quoted, wanted_links, would_match
from .model import Account, Plan, Pool, offline

Mask = t.Callable[[t.Any], t.Any]  # a value as it may be shown


class AccountAudit:
    """One account of the plan and the pools in it."""

    def __init__(
        self,
        plan: Plan,
        account: Account,
        read: Record,
        today: datetime.date,
        expiring_days: int,
        mask: Mask,
    ) -> None:
        self._account = account
        self._features: Features = load(account.provider).features
        self._pools = [pool for pool in plan.pools if pool.account.name == account.name]
        self._present = [pool for pool in self._pools if not pool.retired]
        self._read = read
        listed = map(records.number, read.get("numbers") or ())
        self._owned = sorted((number for number in listed if number.status != LEAVING), key=by_number)
        self._today = today
        self._until = today + datetime.timedelta(days=expiring_days)
        self._mask = mask
        self._counts = counts(self._present, self._owned, self._features.linked_capabilities)
        self._pool_of = {number.number: name for name, count in self._counts.items() for number in count.numbers}
        self._retired = {
            number.number: pool.name
            for pool in self._pools
            if pool.retired
            for number in self._owned
            if number.number not in self._pool_of and claims.retires(pool, number)
        }

    def part(self) -> Record:
        """The account's part of the report."""
        name, provider = self._account.name, self._account.provider
        if self._read.get("numbers") is None:
            message = one_line(str(self._read.get("msg") or "It was not read."))
            facts = account_facts(name, provider, None, message, (self._read.get("failure") or {}).get("code"))
            return {
                "accounts": [facts],
                "pools": [self._unread(pool) for pool in self._pools],
                "numbers": [],
                "drift": [],
            }
        drift = [item.as_dict() for item in self._drift()]
        rows = [self._row(number, drift) for number in self._owned]
        pools = [self._pool(pool, rows, drift) for pool in self._pools]
        return {
            "accounts": [account_facts(name, provider, len(rows), None, None)],
            "pools": pools,
            "numbers": rows,
            "drift": drift,
        }

    # -- what counts ---------------------------------------------------------------------------------------------------

    def _free(self) -> list[Number]:
        """The owned numbers that are in no pool."""
        return [
            number
            for number in self._owned
            if number.number not in self._pool_of and number.number not in self._retired
        ]

    # -- drift ---------------------------------------------------------------------------------------------------------

    def _drift(self) -> t.Iterator[Drift]:
        for pool in self._present:
            count = self._counts[pool.name]
            yield from self._missing(pool, count.tally)
            for number in count.elsewhere:
                yield self._linked_elsewhere(
                    pool, number, "unlink it there first, or move it with number_assignment and force"
                )
            yield from self._unassigned(pool, count.tally)
            yield from self._misconfigured(pool, count)
            yield from self._pending(pool, count)
            yield from self._surplus(pool, count.tally)
        for number in self._free():
            yield self._outside(number)
        yield from self._failed()
        yield from self._expiring()
        for number in self._owned:
            if number.number in self._retired:
                pool_name = self._retired[number.number]
                message = f"{number.number} of the retired pool {pool_name} is still owned."
                yield self._item("retired", pool_name, number, {"owned": True}, {"owned": False}, message)

    def _item(
        self,
        kind: str,
        pool: str | None,
        number: Number | str | None,
        actual: t.Mapping[str, t.Any],
        wanted: t.Mapping[str, t.Any] | None,
        message: str,
    ) -> Drift:
        return Drift(
            kind, self._account, pool, number.number if isinstance(number, Number) else number, actual, wanted, message
        )

    def _missing(self, pool: Pool, state: Tally) -> t.Iterator[Drift]:
        for name in state.missing:
            yield self._item(
                "missing",
                pool.name,
                name,
                {"owned": False},
                {"owned": True},
                f"{name} of {pool.name} is not owned.{self._on_order()}",
            )
        if pool.want.numbers is None and state.shortage:
            have, count = len(state.satisfied), pool.want.count
            doubt = f" Whether {', '.join(state.undecided[:5])} count cannot be told." if state.undecided else ""
            message = f"{pool.name} has {have} of {count} numbers, {state.shortage} to buy.{self._on_order()}{doubt}"
            yield self._item("missing", pool.name, None, {"count": have}, {"count": count}, message)

    def _on_order(self) -> str:
        """A remark where a missing number may be under way: the provider does not list its pending orders."""
        return (
            f" {self._account.provider} does not list pending orders, so it may be on order."
            if self._features.pending_orders
            else ""
        )

    def _linked_elsewhere(self, pool: Pool, number: Number, remedy: str) -> Drift:
        application, able = pool.want.application, pool.want.links(self._features.linked_capabilities)
        wanted = wanted_links(pool.want, links.linkable(number, able))
        message = (
            f"{number.number} is linked to {', '.join(foreign(number, pool.want))}, {pool.name} wants {application}: "
            f"{remedy}."
        )
        return self._item("wrongly_assigned", pool.name, number, link_facts(number, wanted), wanted, message)

    def _unassigned(self, pool: Pool, state: Tally) -> t.Iterator[Drift]:
        application = pool.want.application
        if application is None:
            return
        for number in (number for number in state.satisfied if number.status != PENDING):
            lacking = links.unlinked(number, application, pool.want.links(self._features.linked_capabilities))
            if lacking:
                wanted = wanted_links(pool.want, lacking)
                message = f"{number.number} of {pool.name} is not linked to {application} for {' and '.join(lacking)}."
                yield self._item("unassigned", pool.name, number, link_facts(number, wanted), wanted, message)

    def _misconfigured(self, pool: Pool, count: Count) -> t.Iterator[Drift]:
        """Settings that differ from the pool's: the records of the list have them, so no request is needed."""
        if not pool.configuration:
            return
        context = offline(self._account)
        provider = context.provider
        # What was read is masked, and so is what it is compared with.
        asked = self._shown(configuration.checked(context, pool.configuration))
        for number in (number for number in count.numbers if number.status != PENDING):
            settings = self._shown(provider.configuration(number))
            wrong = [option for option, value in asked.items() if settings.get(option) != value]
            if wrong:
                actual, wanted = ({option: values.get(option) for option in wrong} for values in (settings, asked))
                said = "; ".join(
                    f"{option} is {quoted(actual[option])}, wanted is {quoted(wanted[option])}" for option in wrong
                )
                yield self._item(
                    "misconfigured", pool.name, number, actual, wanted, f"{number.number} of {pool.name}: {said}."
                )

    def _pending(self, pool: Pool, count: Count) -> t.Iterator[Drift]:
        """Numbers that are bought and cannot be used yet."""
        for number in count.numbers:
            if number.status == PENDING:
                message = f"{number.number} of {pool.name} is pending at the provider: it cannot be used yet."
                yield self._item("pending", pool.name, number, {"status": PENDING}, {"status": "active"}, message)

    def _shown(self, settings: t.Mapping[str, t.Any]) -> Record:
        """Settings as the result of number_info and a report show them."""
        return dict(self._mask(dict(settings)))

    def _surplus(self, pool: Pool, state: Tally) -> t.Iterator[Drift]:
        have, count = len(state.satisfied), pool.want.count
        if pool.want.numbers is None and have > count:
            yield self._item(
                "surplus",
                pool.name,
                None,
                {"count": have},
                {"count": count},
                f"{pool.name} has {have} numbers, {have - count} more than wanted.",
            )

    def _outside(self, number: Number) -> Drift:
        """Why *number* is in no pool."""
        for pool in self._present:
            if number.number in self._counts[pool.name].tally.undecided:
                open_keys = {
                    key: getattr(pool.want.selector, key) for key in keys_left_open(pool.want.selector, number)
                }
                message = (
                    f"Whether {number.number} belongs to {pool.name} cannot be told: its record does not show "
                    f"{' and '.join(open_keys)}."
                )
                return self._item("undecided", pool.name, number, dict.fromkeys(open_keys), open_keys, message)
        for pool in self._present:
            if self._counts[pool.name].tally.shortage and would_match(pool.want, number) and foreign(number, pool.want):
                return self._linked_elsewhere(
                    pool,
                    number,
                    f"{pool.name} lacks numbers, so move it with number_assignment and force, or one is bought instead",
                )
        return self._item("unplanned", None, number, {"pool": None}, None, f"{number.number} is in no pool.")

    def _failed(self) -> t.Iterator[Drift]:
        """Numbers that will not become usable, as the provider says."""
        for number in self._owned:
            if number.status == FAILED and number.number not in self._retired:
                message = (
                    f"{number.number} will not become usable, says {number.provider}: release it, see its raw record."
                )
                wanted = {"status": "active"}
                yield self._item(
                    "failed", self._pool_of.get(number.number), number, {"status": FAILED}, wanted, message
                )

    def _expiring(self) -> t.Iterator[Drift]:
        for number in self._owned:
            if number.expires is None or number.number in self._retired:
                continue
            day = day_of(number.expires)
            if day is None or day < self._until:
                message = f"{number.number} {expiry(number.expires, day, self._today)}."
                wanted = {"expires": f"{self._until.isoformat()} or later"}
                yield self._item(
                    "expiring", self._pool_of.get(number.number), number, {"expires": number.expires}, wanted, message
                )

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _row(self, number: Number, drift: t.Sequence[Record]) -> Record:
        """A number with its facts, the pool it is in, and its kinds of drift. The provider's own record is left out."""
        facts = {key: value for key, value in number.as_dict().items() if key != "raw"}
        pool = self._pool_of.get(number.number) or self._retired.get(number.number)
        labels = next((one.labels for one in self._pools if one.name == pool), {})
        place = {"account": self._account.name, "pool": pool, "labels": dict(labels)}
        return {**place, **facts, "drift": kinds(drift, "number", number.number)}

    def _pool(self, pool: Pool, rows: t.Sequence[Record], drift: t.Sequence[Record]) -> Record:
        own = [row for row in rows if row["pool"] == pool.name]
        names = [row["number"] for row in own]
        return {
            **self._unread(pool),
            "numbers": names,
            "pending": sum(row["status"] == PENDING for row in own),
            "drift": kinds(drift, "pool", pool.name),
            "costs": [nameless(line) for line in costs(own, lambda row: None)],
        }

    def _unread(self, pool: Pool) -> Record:
        """A pool whose account could not be read: nothing is known of its numbers."""
        return {
            "name": pool.name,
            "account": self._account.name,
            "provider": self._account.provider,
            "state": "retired" if pool.retired else "present",
            "labels": dict(pool.labels),
            "application": None if pool.want.application is None else str(pool.want.application),
            "wanted": 0
            if pool.retired
            else len(pool.want.numbers)
            if pool.want.numbers is not None
            else pool.want.count,
            "numbers": None,
            "pending": 0,
            "drift": [],
            "costs": [],
        }
