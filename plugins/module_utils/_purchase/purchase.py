# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: own the wanted numbers. Counts, quotes, buys the shortage, settles what stays open, links."""

from __future__ import annotations

import dataclasses
import math
import typing as t

from .._contract.features import BY_NUMBER, Features
from .._contract.rows import Listed
from .._core.e164 import is_e164
from .._core.errors import Failure
from .._core.link import Aim, aim_from
from .._core.model import Number, Offer, by_number
from .._journal import entries as log
from .._journal.entries import Entry
from .._operations import applications, linking, links
from .._operations.context import Context, Result, check_keys, check_lengths, check_search_limit, indexed, number_dicts
from .attribution import is_definite
from .buying import Buyer, check_charge
from .orders import Misfit, Orders
from .quote import Line, Quote, Tally, Want, choose, predicted, tally, within

_MOST_BARREN_QUOTES = 3  # in a row
_STILL_PENDING = (
    "An order is still pending after wait_timeout: run again to go on waiting, the order counts until then."
)
_LONGEST_PAUSE = 2.0  # seconds between two looks at an order that is waited for


@dataclasses.dataclass(frozen=True)
class Terms:
    """How a purchase runs, beside what is wanted. *wait_timeout* is in seconds, *search_limit* in rows."""

    wait: bool = False
    wait_timeout: float = 300.0
    search_limit: int = 1000
    close_orders: tuple[str, ...] = ()


def purchase(context: Context, want: Want, terms: Terms) -> Result:
    """Own ``want``. Raises Failure; its ``completed`` says what was bought and linked all the same."""
    check(context, want, terms)
    if want.numbers is not None and not want.numbers and not terms.close_orders:
        return Result(
            facts={"numbers": [], "purchased": [], "linked": [], "quote": Quote().as_dict(), "orders": []},
            before={},
            after={},
        )
    if want.application is not None:
        want = dataclasses.replace(want, application=applications.resolved(context, want.application))
    return _Purchase(context, want, terms).run()


def check(context: Context, want: Want, terms: Terms) -> None:
    """Refuse, before any request, what the provider cannot do or the options do not say."""
    provider = context.provider
    features = provider.features
    if not 0 < terms.wait_timeout < math.inf:
        raise Failure("invalid_option", "wait_timeout must be more than zero seconds.")
    check_search_limit(terms.search_limit)
    if want.limits.any() and want.limits.currency is None:
        raise Failure("invalid_option", "A price limit needs its 'currency', like 'EUR'.")
    if want.application is not None:
        applications.check(features, provider.name, want.application)
        _check_whole(features, provider.name, want.application)
    elif want.capability is not None:
        raise Failure(
            "invalid_option",
            "capability says what is linked to the 'application': set that too, or select by 'capabilities'.",
        )
    if want.default_application is not None and not features.default_application:
        raise Failure(
            "unsupported",
            f"{provider.name} links no new number to a default application: leave 'default_application' out.",
        )
    if want.numbers is None:
        if want.count < 1:
            raise Failure("invalid_option", "count must be 1 or more.")
        check_keys(want.selector.keys(), provider.countable(want.selector), provider.name, "owned numbers")
        check_keys(want.selector.keys(), features.offer_keys, provider.name, "offers")
        provider.check_search(want.selector, {})
    if features.pending_orders and not context.store().enabled:
        raise Failure(
            "journal_required",
            f"{provider.name} cannot list pending orders, so it buys only with a journal: set journal (or "
            "TELCO_NUMBERS_JOURNAL) to a directory.",
        )


def _check_whole(features: Features, provider: str, aim: Aim) -> None:
    """Refuse to link a part of the capabilities, or each elsewhere, where the provider links a number whole."""
    named = {target.capability for target in aim.targets}
    if features.links_whole and aim.named and (len(aim.ids) > 1 or {*features.linked_capabilities} - named):
        listed = " and ".join(sorted(map(str, named)))
        raise Failure(
            "unsupported", f"{provider} links a number whole, not its {listed} alone: leave 'capability' out."
        )


class _Purchase:
    """One run of the operation."""

    def __init__(self, context: Context, want: Want, terms: Terms) -> None:
        self._context = context
        self._provider = context.provider
        self._want = want
        self._terms = terms
        self._orders = Orders(context)
        self._linkable = want.links(context.provider.features.linked_capabilities)
        wanted = want.application.links(self._linkable) if want.application else ()
        self._bought_linked = bool(wanted) and context.provider.links_bought(wanted) == wanted
        self._buyer = Buyer(context, self._orders, want.selector, want.application)
        self._linked: list[str] = []
        self._changed = False
        self._before: Tally | None = None  # what was there at the beginning

    def run(self) -> Result:
        """Do what is to be done under the lock, as often as it takes: with ``wait``, an order may take long, and others
        use the account meanwhile.
        """
        if self._terms.wait:
            self._context.clock.extend(self._terms.wait_timeout)
        pause = 0.2
        while True:
            result = self._run_exclusively()
            if result is not None:
                return result
            if not self._context.clock.sleep(pause):
                raise self._with_completed(Failure("deadline_exceeded", _STILL_PENDING))
            pause = min(_LONGEST_PAUSE, pause * 1.6)

    def _run_exclusively(self) -> Result | None:
        """Hold the account's lock and work. None means that an order has to be waited for."""
        try:
            with self._context.exclusive() as journal:
                self._orders.use(journal)
                try:
                    return self._run()
                except Failure:
                    self._await_bought()
                    raise
        except Failure as failure:
            late = self._terms.wait and failure.code == "deadline_exceeded" and self._orders.undelivered()
            raise self._with_completed(Failure(failure.code, _STILL_PENDING) if late else failure) from None

    def _with_completed(self, failure: Failure) -> Failure:
        """*failure*, which says what was bought and linked all the same. An assignment that failed knows best what it
        linked.
        """
        failure.completed = {**self._completed(), **failure.completed}
        failure.changed = failure.changed or self._changed or self._buyer.changed
        return failure

    def _run(self) -> Result | None:
        self._orders.read()
        if self._terms.close_orders and self._before is None:
            self._changed = self._orders.forget(self._terms.close_orders)
        doubtful, reserved = self._orders.recover(self._concerns)
        state = self._tally()
        before = self._before = self._before or state
        self._check_missing(state)
        if state.shortage and doubtful:
            raise self._orders.doubt(doubtful[0])
        self._refuse_shared(state)
        if state.shortage and self._misfits():
            return self._run() if self._fit_in_time() else None
        shortage = state.shortage - self._resume(reserved, state.shortage)
        self._warn_of_undelivered()
        if shortage:
            self._buy(state, shortage)
        if self._context.check:
            return self._prediction(state)
        self._confirm()
        if self._terms.wait and self._is_waiting():
            return None
        self._link(before)
        return self._result(before)

    def _resume(self, reserved: t.Sequence[Entry], shortage: int) -> int:
        """Check out what a killed task had reserved and what is wanted still; return how many numbers that brought.

        What is not wanted any more is forgotten: it expires by itself.
        """
        bought = 0
        for entry in reserved:
            offer = entry.as_offer(self._provider.name)
            if self._surely_wanted(entry, offer) and within(
                self._want, offer, entry.quantity, shortage - bought, self._buyer.lines
            ):
                self._buyer.resume(entry, Line(offer, entry.quantity))
                bought += entry.quantity
            else:
                self._orders.withdraw(entry)
        return bought

    def _surely_wanted(self, entry: Entry, offer: Offer) -> bool:
        """Whether the numbers of *entry*, an order of *offer*, will count for this task: they match, and were not
        ordered for another application.
        """
        return self._want.selector.match(offer) is True and self._counts_for_application(entry)

    def _counts_for_application(self, entry: Entry) -> bool:
        """Whether *entry* was not made for another application than the wanted one."""
        aim = self._want.application
        return aim is None or entry.application is None or aim.ids == aim_from(entry.application).ids

    def _concerns(self, entry: Entry) -> bool:
        """Whether an open order may bear on what is wanted."""
        if self._want.numbers is not None:
            return entry.offer["number"] is None or entry.offer["number"] in self._want.numbers
        return self._want.selector.match(entry.as_offer(self._provider.name)) is not False

    # -- count ---------------------------------------------------------------------------------------------------------

    def _tally(self) -> Tally:
        """Compare with what is owned and what is on its way. Raises Failure ``undecidable`` before anything is bought
        twice.
        """
        coming = self._orders.coming(self._want.selector, self._counts_for_application, self._want.application)
        state = tally(self._want, self._orders.counted(), self._linkable, coming.least, coming.own)
        if state.shortage and self._orders.unreadable and self._want.numbers is None:
            rows = "; ".join(f"{row.name} ({row.why})" for row in self._orders.unreadable[:5])
            raise Failure(
                "undecidable",
                f"{state.shortage} numbers are missing, but the provider's list has rows that cannot be read and may "
                f"be some of them: {rows}. "
                "Ask the provider to mend them, or name the wanted numbers.",
            )
        if state.shortage and state.undecided:
            raise self._undecidable(state)
        if state.shortage and coming.untold:
            raise Failure(
                "undecidable",
                f"{state.shortage} numbers are missing, but whether those of the open order "
                f"{', '.join(coming.untold[:5])} will match cannot be told: widen "
                f"the selector, wait until the order has come, or run with close_orders: ['{coming.untold[0]}'] if it "
                "is settled.",
            )
        return state

    def _refuse_shared(self, state: Tally) -> None:
        """Raise Failure ``undecidable`` where orders share new numbers, and what is missing may be on order or not,
        depending on whose they are.
        """
        coming = self._orders.coming(self._want.selector, self._counts_for_application, self._want.application)
        if self._want.numbers is None and 0 < state.shortage <= coming.most - coming.least:
            orders = [entry.id for entry in self._orders.undelivered()]
            raise Failure(
                "undecidable",
                f"{state.shortage} numbers are missing, or on order: which order the new numbers of this group belong "
                "to cannot be told. Run again when "
                f"{', '.join(orders[:5])} is delivered, or with close_orders: ['{orders[0]}'] if it is settled.",
            )

    def _undecidable(self, state: Tally) -> Failure:
        """The failure that names the numbers which may match, and the facts that their records lack."""
        lacking = {
            key
            for number in self._orders.counted()
            if number.number in state.undecided
            for key in self._want.selector.missing_facts(number)
        }
        return Failure(
            "undecidable",
            f"{state.shortage} numbers are missing, but whether {', '.join(state.undecided[:5])} match cannot be told, "
            "because the provider's records do not "
            f"tell {', '.join(sorted(lacking))}: widen the selector, or list them in 'exclude' if they must not count.",
        )

    def _misfits(self) -> list[Misfit]:
        """What was bought for what is wanted and does not fit by its record."""
        if self._want.numbers is not None:
            return [misfit for misfit in map(self._orders.renamed, self._want.numbers) if misfit]
        return [
            misfit
            for misfit in self._orders.misfits(self._counts_for_application, self._want.selector)
            if misfit.number.number not in self._want.exclude
            and not (
                self._want.application
                and links.foreign(misfit.number, self._want.application, self._want.default_application)
            )
        ]

    def _fit_in_time(self) -> bool:
        """Read until what was bought for the want fits it by its record, which may tell late what a number can do, or
        its settle time has passed.

        Return False when the task may wait for longer. Raises Failure ``inconsistent_list`` for what does not fit.
        """
        misfits = self._misfits()
        until = max(self._orders.settled_by(misfit.entry) for misfit in misfits)
        for attempt, _poll in enumerate(self._context.polls(until)):
            if attempt and self._orders.read_quietly():
                misfits = self._misfits()
            if not misfits:
                return True
        if self._terms.wait and self._context.clock.remaining() > _LONGEST_PAUSE and not self._context.check:
            return False
        raise self._unfit(misfits)

    def _unfit(self, misfits: t.Sequence[Misfit]) -> Failure:
        """The failure for numbers that were bought for what is wanted, and whose records say otherwise."""
        entry = misfits[0].entry
        return Failure(
            "inconsistent_list",
            "Bought for this, but the provider's record says otherwise: "
            f"{'; '.join(misfit.text for misfit in misfits[:5])}. It counts, and no other number is "
            f"bought for it: run again later, change the selector, or give it up with close_orders: ['{entry.id}'].",
        )

    def _warn_of_undelivered(self) -> None:
        """Say in every run what counts as bought although the provider's list does not show it."""
        for entry in self._orders.undelivered():
            if entry.status == log.FULFILLED and entry not in self._orders.placed and self._concerns(entry):
                self._context.warn(
                    f"The order {entry.id} counts {self._orders.missing(entry)} numbers of offer {entry.offer['id']} "
                    "that the provider's list does not show. "
                    f"If they never come, run with close_orders: ['{entry.id}']."
                )

    # -- buy -----------------------------------------------------------------------------------------------------------

    def _check_missing(self, state: Tally) -> None:
        """Raise Failure for a named number that is missing and that nobody can buy here, or of which nobody can tell
        whether it is missing.
        """
        self._orders.refuse_leaving(state.missing)
        check_lengths(state.missing)
        Listed((), self._orders.unreadable).check_absent(state.missing)
        if state.missing and self._provider.features.purchase != BY_NUMBER:
            raise self._provider.features.unsupported("purchase of named numbers", self._provider.name)
        foreign = [name for name in state.missing if not is_e164(name)]
        if foreign:
            raise Failure(
                "invalid_option",
                f"{', '.join(foreign)} is neither an owned number nor one in international form: write it like "
                "'+14155550100'.",
            )

    def _buy(self, state: Tally, shortage: int) -> None:
        """Buy what is missing. Raises Failure ``not_found`` for an unknown application before anything is bought for
        it.
        """
        if self._want.application is not None:
            for application in sorted(self._want.application.ids):
                self._provider.check_application(application)
        self._cover(state, shortage)
        self._buyer.check_out()

    def _cover(self, state: Tally, shortage: int) -> None:
        """Quote and buy or hold, until nothing is missing or, with ``allow_partial``, nothing more is for sale.

        What is sold out or dearer meanwhile is quoted anew, as long as something is bought: at most three quotes in a
        row may bring nothing.
        """
        settled_before = self._buyer.quantity
        left, barren = shortage, 0
        while left > 0:
            had = self._buyer.quantity
            offers = [self._buyer.capped(offer) for offer in self._offers(state)]
            quote = choose(self._want, offers, left, self._buyer.lines, self._linkable)
            refusal = self._execute(quote)
            bought = self._buyer.quantity - had
            left = shortage - (self._buyer.quantity - settled_before)
            if bought == quote.quantity and left > 0 and refusal is None:
                self._context.warnings.append(
                    f"Only {shortage - left} of {shortage} missing numbers were for sale; allow_partial lets that pass."
                )
                break
            barren = 0 if bought else barren + 1
            if left > 0 and barren == _MOST_BARREN_QUOTES:
                raise refusal or Failure(
                    "price_changed",
                    "The prices rise, or reading the catalogue takes longer than a price is good for (60 s): raise "
                    "the limits, or narrow the search.",
                )

    def _execute(self, quote: Quote) -> Failure | None:
        """Buy or hold what is quoted; return what of it was sold out. Raises any other Failure."""
        try:
            self._buyer.execute(quote)
        except Failure as failure:
            if failure.code != "out_of_stock":
                raise
            return failure
        return None

    def _offers(self, state: Tally) -> list[Offer]:
        """Search for what may be bought. Each offer says when its price was read."""
        have = {*self._orders.owned, *self._buyer.bought}
        if self._want.numbers is not None:
            wanted = [name for name in state.missing if name not in have]
            offers = dict(zip(wanted, self._provider.pool.map(self._look_up, wanted)))
            absent = [name for name, offer in offers.items() if offer is None]
            if absent and not self._want.allow_partial:
                raise Failure(
                    "out_of_stock",
                    f"{', '.join(absent)} cannot be bought from {self._provider.name} now: choose numbers that "
                    "available_number_info offers.",
                )
            return [offer for offer in offers.values() if offer is not None]
        moment = self._context.clock.now()
        search = self._provider.search(self._want.selector, {}, self._terms.search_limit)
        if not search.complete and not search.stopped:
            self._context.warn(
                f"Only about {self._terms.search_limit} rows of the catalogue were read: cheaper offers may exist, "
                "raise 'search_limit'."
            )
        return [
            dataclasses.replace(offer, read_at=moment)
            for offer in search.offers
            if offer.number is None or offer.number not in have
        ]

    def _look_up(self, name: str) -> Offer | None:
        moment = self._context.clock.now()
        offer = self._provider.lookup(name)
        return None if offer is None else dataclasses.replace(offer, read_at=moment)

    # -- confirm -------------------------------------------------------------------------------------------------------

    def _confirm(self) -> None:
        """Read the list until it shows what was bought, as it was bought to be, or the settle time has passed."""
        if not self._orders.placed:
            return
        settled = self._context.settled_by()
        for _poll in self._context.polls(settled):
            self._orders.read()
            if not (any(entry.status == log.FULFILLED for entry in self._awaited()) or self._own_misfits()):
                break
        self._collect()
        if self._provider.features.shows_charge:
            self._check_charges()

    def _await_bought(self) -> None:
        """After a failure, keep the lock until the list shows what was bought all the same: the next task counts on
        it.
        """
        if not self._orders.placed:
            return
        for _poll in self._context.polls(self._context.settled_by()):
            if not self._orders.own_unlisted():
                break
            self._orders.read_quietly()
        self._collect()

    def _awaited(self) -> list[Entry]:
        """The orders that will bring numbers for this task."""
        return [entry for entry in self._orders.undelivered() if entry in self._orders.placed or self._concerns(entry)]

    def _is_waiting(self) -> bool:
        """Whether something that is wanted is not there yet, and an order will bring it."""
        if not any(entry.status == log.PENDING for entry in self._awaited()):
            return False
        return tally(self._want, list(self._orders.owned.values()), self._linkable, 0).shortage > 0

    def _own_misfits(self) -> bool:
        return any(misfit.entry in self._orders.placed for misfit in self._misfits())

    def _collect(self) -> None:
        """Take what the list shows of the bought numbers; warn of what it does not show."""
        for entry in self._orders.placed:
            for name in entry.known() if is_definite(entry) or entry.status == log.CLOSED else ():
                number = self._orders.owned.get(name) or self._buyer.bought.get(name)
                self._buyer.bought[name] = number or self._orders.number_of(entry, name)
            if entry.status == log.FULFILLED and self._orders.missing(entry):
                self._context.warn(
                    f"{entry.quantity} numbers of offer {entry.offer['id']} were bought, and the provider's list does "
                    "not show all of them yet; "
                    f"the journal counts them (order {entry.id})."
                )
            if entry.id in self._orders.mixed:
                self._context.warn(
                    f"{entry.quantity} numbers of offer {entry.offer['id']} were bought (order {entry.id}) while "
                    "somebody else got some of the same group: "
                    f"which of {', '.join(self._orders.mixed[entry.id])} are this task's cannot be told, so none of "
                    "them is listed under purchased."
                )

    def _check_charges(self) -> None:
        """Compare what the list shows with what was quoted. Raises Failure ``price_changed``."""
        for entry in self._orders.placed:
            quoted = entry.as_offer(self._provider.name)
            check_charge(quoted, [self._orders.owned[name] for name in entry.known() if name in self._orders.owned])

    # -- link ----------------------------------------------------------------------------------------------------------

    def _link(self, before: Tally) -> None:
        """Link what counts now and is not linked whole: what was there, what was bought, and what was waited for."""
        application = self._want.application
        if application is None:
            return
        self._refuse_moved(before, application)
        missing = links.missing(self._to_link(application), application, self._linkable)
        if missing:
            done = linking.apply(self._context, missing, ())
            self._changed = self._changed or done.changed
            self._linked = sorted({*self._linked, *done.after})
            self._orders.take_in(done.after.values())
            self._buyer.bought.update(
                {name: self._orders.owned[name] for name in done.after if name in self._buyer.bought}
            )
        listed = [number for number in self._orders.counted() if number.number in self._orders.owned]
        late = [
            entry
            for entry in self._awaited()
            if entry.status == log.FULFILLED
            and entry.application
            and aim_from(entry.application).ids == application.ids
        ]
        if late and not self._bought_linked and tally(self._want, listed, self._linkable, 0).shortage:
            raise Failure(
                "inconsistent_list",
                "What was bought cannot be linked yet, because the provider's list does not show it: run again to "
                "link it.",
            )

    def _refuse_moved(self, before: Tally, application: Aim) -> None:
        """Raise Failure ``conflict`` for a number that counted or was bought, and that somebody has linked elsewhere
        meanwhile.
        """
        for name in sorted(self._own_names() | {number.number for number in before.satisfied}):
            others = (
                links.foreign(self._orders.owned[name], application, self._want.default_application)
                if name in self._orders.owned
                else ()
            )
            if others:
                raise Failure(
                    "conflict",
                    f"{name} was linked to {', '.join(others)} meanwhile, and stays there: run again to count anew.",
                )

    def _own_names(self) -> set[str]:
        """The numbers that this task has bought, as far as their digits are known."""
        return {name for entry in self._orders.placed for name in entry.known()} | set(self._buyer.bought)

    def _to_link(self, application: Aim) -> list[Number]:
        """The listed numbers that are to be linked now. Raises Failure ``undecidable`` where somebody else's cannot be
        told from the bought ones.
        """
        state = self._tally()
        chosen = {number.number: number for number in state.to_link}
        mixed = sorted({name for names in self._orders.mixed.values() for name in names if chosen.keys() & set(names)})
        if mixed:
            raise Failure(
                "undecidable",
                f"Which of {', '.join(mixed)} were bought by this task and which by somebody else cannot be told, so "
                "none was linked: link the right ones with "
                "number_assignment, or run again to have free numbers linked, whoever bought them.",
            )
        own = self._own_names()
        late = [
            number
            for number in self._orders.counted()
            if number.number in own and links.unlinked(number, application, self._linkable)
        ]
        return [number for name, number in {**chosen, **indexed(late)}.items() if name in self._orders.owned]

    # -- report --------------------------------------------------------------------------------------------------------

    def _completed(self) -> dict[str, t.Any]:
        if not (self._buyer.bought or self._linked or self._orders.placed or self._buyer.held):
            return {}
        return {
            "purchased": number_dicts(self._buyer.bought.values()),
            "orders": self._orders.as_dicts(),
            "linked": self._linked,
            "reserved": [reference for _line, reference in self._buyer.held],
        }

    def _prediction(self, state: Tally) -> Result:
        """The result of a run in check mode; numbers that only the provider can choose are absent from it."""
        bought = [
            predicted(line.offer, self._want.application, self._linkable)
            for line in self._buyer.lines
            if line.offer.number
        ]
        linked = [self._predict_link(number) for number in state.to_link]
        rest = [number for number in state.satisfied if number not in state.to_link]
        chosen_later = [
            f"{line.quantity} of offer {line.offer.id}" for line in self._buyer.lines if not line.offer.number
        ]
        linked_after = (
            []
            if self._bought_linked or self._want.application is None
            else [number.number for number in bought if number.applications]
        )
        facts = {
            "numbers": number_dicts([*rest, *linked, *bought]),
            "purchased": number_dicts(bought),
            "linked": sorted([*(number.number for number in linked), *linked_after]),
            "quote": Quote(tuple(self._buyer.lines)).as_dict(),
            "orders": self._orders.as_dicts(),
        }
        before = self._shown_state([*rest, *state.to_link])
        after = self._shown_state([*rest, *linked, *bought])
        if chosen_later:
            before["to_buy"], after["to_buy"] = [], chosen_later
        return Result(bool(self._buyer.lines or linked or self._changed), facts, before, after)

    def _predict_link(self, number: Number) -> Number:
        made = links.missing([number], self._want.application, self._linkable) if self._want.application else []
        return linking.linked(number, made, ())

    @staticmethod
    def _shown_state(numbers: t.Iterable[Number]) -> dict[str, t.Any]:
        """One side of the diff: the numbers that satisfy the request, with their links."""
        return {"numbers": {number.number: number.applications for number in sorted(numbers, key=by_number)}}

    def _result(self, before: Tally) -> Result:
        """The result of a run. Raises Failure when what was wanted is neither there nor surely coming."""
        state = self._tally()
        misfits = self._misfits() if state.shortage else []
        if misfits:
            raise self._unfit(misfits)
        if state.shortage and not self._want.allow_partial:
            raise Failure(
                "inconsistent_list",
                f"{state.shortage} of the wanted numbers were there or bought a moment ago, and the provider's list "
                "shows them otherwise now: run again.",
            )
        facts = {
            "numbers": number_dicts(state.satisfied),
            "purchased": number_dicts(self._buyer.bought.values()),
            "linked": self._linked,
            "quote": Quote(tuple(self._buyer.lines)).as_dict(),
            "orders": self._orders.as_dicts(),
        }
        return Result(
            self._changed or self._buyer.changed,
            facts,
            self._shown_state(before.satisfied),
            self._shown_state(state.satisfied),
        )
