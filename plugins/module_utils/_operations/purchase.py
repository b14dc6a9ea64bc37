# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: own the wanted numbers. Counts, quotes, buys the shortage, settles what stays open, links."""

from __future__ import annotations

import dataclasses
import math
import typing as t

from .._e164 import is_e164
from .._errors import Failure
from .._model import Number, Offer, by_number
from .._provider import BY_NUMBER, Features
from . import assignment, links
from . import entries as log
from .buying import Buyer, check_charge
from .context import Context, Result, check_keys, check_search_limit, number_dicts
from .entries import Entry
from .journal import Journal
from .orders import Orders
from .plan import Line, Quote, Tally, Want, choose, predicted, tally, within


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
        return Result(facts={"numbers": [], "purchased": [], "linked": [], "quote": Quote().as_dict(), "orders": []}, before={}, after={})
    with context.exclusive() as journal:
        return _Purchase(context, want, terms, journal).run()


def check(context: Context, want: Want, terms: Terms) -> None:
    """Refuse, before any request, what the provider cannot do or the options do not say."""
    provider = context.provider
    features = provider.features
    if not 0 < terms.wait_timeout < math.inf:
        raise Failure("invalid_option", "wait_timeout must be more than zero seconds.")
    check_search_limit(terms.search_limit)
    if want.limits.any() and want.limits.currency is None:
        raise Failure("invalid_option", "A price limit needs its 'currency', like 'EUR'.")
    if want.application is not None and not features.linked_capabilities:
        raise features.unsupported("assignment", provider.name)
    if want.capability is not None:
        _check_capability(features, provider.name, want)
    if want.default_application is not None and not features.default_application:
        raise Failure("unsupported", f"{provider.name} links no new number to a default application: leave 'default_application' out.")
    if want.numbers is None:
        if want.count < 1:
            raise Failure("invalid_option", "count must be 1 or more.")
        check_keys(want.selector.keys(), provider.countable(want.selector), provider.name, "owned numbers")
        check_keys(want.selector.keys(), features.offer_keys, provider.name, "offers")
        provider.check_search(want.selector, {})
    if features.pending_orders and not context.store().enabled:
        raise Failure(
            "journal_required",
            f"{provider.name} cannot list pending orders, so it buys only with a journal: set journal (or TELCO_NUMBERS_JOURNAL) to a directory.",
        )


def _check_capability(features: Features, provider: str, want: Want) -> None:
    """Refuse to link one capability alone where that means nothing or cannot be done."""
    if want.application is None:
        raise Failure("invalid_option", "capability says what is linked to the 'application': set that too, or select by 'capabilities'.")
    if not want.links(features.linked_capabilities):
        raise Failure("unsupported", f"{provider} links no {want.capability}: use {', '.join(features.linked_capabilities)}.")
    if features.links_whole and len(features.linked_capabilities) > 1:
        raise Failure("unsupported", f"{provider} links a number whole, not its {want.capability} alone: leave 'capability' out.")


class _Purchase:
    """One run of the operation."""

    def __init__(self, context: Context, want: Want, terms: Terms, journal: Journal) -> None:
        self._context = context
        self._provider = context.provider
        self._want = want
        self._terms = terms
        self._orders = Orders(context, journal)
        self._linkable = want.links(context.provider.features.linked_capabilities)
        # A purchase links every capability; where only one is wanted, it is linked right after.
        self._bought_linked = context.provider.features.links_on_purchase and want.capability is None
        self._buyer = Buyer(context, self._orders, want.application, self._bought_linked)
        self._linked: list[str] = []
        self._changed = False

    def run(self) -> Result:
        try:
            return self._run()
        except Failure as failure:
            self._await_bought()
            failure.completed = {**self._completed(), **failure.completed}  # an assignment that failed knows best what it linked
            failure.changed = failure.changed or self._changed or self._buyer.changed
            raise

    def _run(self) -> Result:
        if self._terms.wait:
            self._context.clock.extend(self._terms.wait_timeout)
        if self._terms.close_orders:
            self._changed = self._orders.forget(self._terms.close_orders)
        self._orders.read()
        doubtful = self._orders.recover(self._concerns)
        state = self._tally()
        self._check_missing(state)
        if state.shortage and doubtful:
            self._resume(doubtful, state.shortage)
            state = self._tally()
        self._warn_of_hidden()
        if state.shortage:
            self._buy(state)
        if self._context.check:
            return self._prediction(state)
        if self._orders.placed or self._terms.wait and self._still_pending():
            self._confirm()
        self._link(state)
        return self._result(state)

    def _resume(self, doubtful: t.Sequence[Entry], shortage: int) -> None:
        """Before anything is bought, settle orders in doubt: reservations of a killed task are checked out if they are wanted still.

        Raises Failure ``unknown_outcome`` for an order that stays in doubt.
        """
        for entry in doubtful:
            offer = entry.as_offer(self._provider.name)
            if not (entry.references and self._surely_wanted(entry, offer) and within(self._want, offer, entry.quantity, shortage, self._buyer.lines)):
                raise self._orders.unknown(entry)
            self._buyer.resume(entry, Line(offer, entry.quantity))
            shortage -= entry.quantity

    def _surely_wanted(self, entry: Entry, offer: Offer) -> bool:
        """Whether the numbers of *entry*, an order of *offer*, will count for this task: they match, and were not ordered for another application."""
        ordered_for_another = None not in (self._want.application, entry.application) and self._want.application != entry.application
        return self._want.selector.match(offer) is True and not ordered_for_another

    def _concerns(self, entry: Entry) -> bool:
        """Whether an open order may bear on what is wanted."""
        if self._want.numbers is not None:
            return entry.offer["number"] is None or entry.offer["number"] in self._want.numbers
        return self._want.selector.match(entry.as_offer(self._provider.name)) is not False

    # -- count ---------------------------------------------------------------------------------------------------------

    def _tally(self) -> Tally:
        """Compare with what is owned and what is on its way. Raises Failure ``undecidable`` before anything is bought twice."""
        owned = [*self._orders.owned.values(), *self._orders.phantoms()]
        coming, own_coming, undecided = self._orders.unnamed(self._want.selector, self._want.application)
        state = tally(self._want, owned, self._linkable, coming, own_coming)
        if state.shortage and state.undecided:
            raise Failure(
                "undecidable",
                f"{state.shortage} numbers are missing, but whether {', '.join(state.undecided[:5])} match cannot be told from the provider's records: "
                "widen the selector, or list them in 'exclude' if they must not count.",
            )
        if state.shortage and undecided:
            raise Failure(
                "undecidable",
                f"{state.shortage} numbers are missing, but whether those of the open order {', '.join(undecided[:5])} will match cannot be told: widen the "
                f"selector, wait until the order has come, or run with close_orders: ['{undecided[0]}'] if it is settled.",
            )
        return state

    def _warn_of_hidden(self) -> None:
        """Say in every run what counts as bought although the provider's list does not show it."""
        for entry in self._orders.coming():
            if entry.status == log.FULFILLED and entry not in self._orders.placed and self._concerns(entry):
                self._context.warnings.append(
                    f"The order {entry.id} counts {self._orders.missing(entry)} numbers of offer {entry.offer['id']} that the provider's list does not show. "
                    f"If they never come, run with close_orders: ['{entry.id}']."
                )

    # -- buy -----------------------------------------------------------------------------------------------------------

    def _check_missing(self, state: Tally) -> None:
        """Raise Failure ``unsupported`` or ``invalid_option`` for a named number that is missing and that nobody can buy here."""
        if state.missing and self._provider.features.purchase != BY_NUMBER:
            raise self._provider.features.unsupported("purchase of named numbers", self._provider.name)
        foreign = [name for name in state.missing if not is_e164(name)]
        if foreign:
            raise Failure("invalid_option", f"{', '.join(foreign)} is neither an owned number nor one in international form: write it like '+14155550100'.")

    def _buy(self, state: Tally) -> None:
        """Buy what is missing. Raises Failure ``not_found`` for an unknown application before anything is bought for it."""
        if self._want.application is not None:
            self._provider.check_application(self._want.application)
        self._cover(state)
        self._buyer.check_out()

    def _cover(self, state: Tally) -> None:
        """Quote and buy or hold, until nothing is missing or, with ``allow_partial``, nothing more is for sale."""
        left = state.shortage
        settled_before = self._buyer.quantity
        requoted = False
        while left > 0:
            offers = [self._buyer.left(offer) for offer in self._offers(state)]
            quoted_at = self._context.clock.now()
            quote = choose(self._want, offers, left, self._buyer.lines)
            try:
                done = self._buyer.execute(quote, quoted_at)
            except Failure as failure:
                if failure.code != "out_of_stock" or requoted:
                    raise
                requoted = True
            else:
                if done == quote.quantity and done < left:
                    self._context.warnings.append(
                        f"Only {self._buyer.quantity - settled_before} of {state.shortage} missing numbers were for sale; allow_partial lets that pass."
                    )
                    break
            left = state.shortage - (self._buyer.quantity - settled_before)

    def _offers(self, state: Tally) -> list[Offer]:
        """Search for what may be bought: the search is the date of its quote."""
        have = {*self._orders.owned, *self._buyer.bought}
        if self._want.numbers is not None:
            wanted = [name for name in state.missing if name not in have]
            offers = dict(zip(wanted, self._provider.pool.map(self._provider.lookup, wanted)))
            absent = [name for name, offer in offers.items() if offer is None]
            if absent and not self._want.allow_partial:
                raise Failure(
                    "out_of_stock", f"{', '.join(absent)} cannot be bought from {self._provider.name} now: choose numbers that available_number_info offers."
                )
            return [offer for offer in offers.values() if offer is not None]
        search = self._provider.search(self._want.selector, {}, self._terms.search_limit)
        if not search.complete:
            self._context.warnings.append(
                f"Only about {self._terms.search_limit} rows of the catalogue were read: cheaper offers may exist, raise 'search_limit'."
            )
        return [offer for offer in search.offers if offer.number is None or offer.number not in have]

    # -- confirm -------------------------------------------------------------------------------------------------------

    def _confirm(self) -> None:
        """Read the list until it shows what was bought or the settle time has passed; with ``wait``, until orders are fulfilled."""
        settled = self._context.settled_by()
        waiting_until = self._context.clock.now() + self._context.clock.remaining() if self._terms.wait else settled
        for _poll in self._context.polls(max(settled, waiting_until)):
            self._orders.read()
            self._orders.absorb()
            hidden = any(entry.status == log.FULFILLED for entry in self._awaited())
            if not (self._terms.wait and self._still_pending()) and (not hidden or self._context.clock.now() >= settled):
                break
        else:
            if self._terms.wait and self._still_pending():
                raise Failure("deadline_exceeded", "An order is still pending after wait_timeout: run again to go on waiting, the order counts until then.")
        self._collect()

    def _await_bought(self) -> None:
        """After a failure, keep the lock until the list shows what was bought all the same: the next task counts on it."""
        for _poll in self._context.polls(self._context.settled_by()):
            if not self._orders.hidden():
                break
            if self._orders.read_quietly():
                self._orders.absorb()

    def _awaited(self) -> list[Entry]:
        """The orders that will bring numbers for this task."""
        return [entry for entry in self._orders.coming() if entry in self._orders.placed or self._concerns(entry)]

    def _still_pending(self) -> bool:
        return any(entry.status == log.PENDING for entry in self._awaited())

    def _collect(self) -> None:
        """Take what the list shows of the bought numbers; warn of what it does not show."""
        for entry in self._orders.placed:
            for name in entry.numbers:
                number = self._orders.owned.get(name) or self._buyer.bought.get(name)
                self._buyer.bought[name] = number or self._orders.number_of(entry, name)
            if entry.status == log.FULFILLED and self._orders.missing(entry):
                self._context.warnings.append(
                    f"{entry.quantity} numbers of offer {entry.offer['id']} were bought, and the provider's list does not show all of them yet; "
                    f"the journal counts them (order {entry.id})."
                )
        if self._provider.features.shows_charge:
            self._check_charges()

    def _check_charges(self) -> None:
        """Compare what the list shows with what was quoted. Raises Failure ``price_changed``."""
        for entry in self._orders.placed:
            quoted = entry.as_offer(self._provider.name)
            check_charge(quoted, [self._orders.owned[name] for name in entry.numbers if name in self._orders.owned])

    # -- link ----------------------------------------------------------------------------------------------------------

    def _link(self, state: Tally) -> None:
        """Link what counts and what was bought, as far as the purchase has not done so."""
        application = self._want.application
        if application is None:
            return
        capabilities = self._linkable
        counted = self._as_listed(state.to_link)
        self._check_free(counted, application)
        bought = self._as_listed(number for number in self._buyer.bought.values() if links.unlinked(number, application, capabilities))
        missing = links.by_capability([*counted, *bought], application, capabilities)
        if missing:
            assignment.apply(self._context, application, missing, {})
            self._changed = True
            self._linked = sorted({number.number for items in missing.values() for number in items})
            self._relabel(application, capabilities)
        hidden = [entry for entry in self._orders.coming() if entry.status == log.FULFILLED and entry.application == application and self._concerns(entry)]
        if hidden and not self._bought_linked:
            raise Failure("inconsistent_list", "What was bought cannot be linked yet, because the provider's list does not show it: run again to link it.")

    def _as_listed(self, numbers: t.Iterable[Number]) -> list[Number]:
        """Those of *numbers* that the list shows, as it shows them now: since they were counted, somebody may have changed them.

        What they can do does not change, and stays known when the list tells it no longer.
        """
        pairs = [(number, self._orders.owned[number.number]) for number in numbers if number.number in self._orders.owned]
        return [dataclasses.replace(now, capabilities=now.capabilities or counted.capabilities) for counted, now in pairs]

    def _check_free(self, numbers: t.Iterable[Number], application: str) -> None:
        """Raise Failure ``conflict`` when one of *numbers*, which were free when they were counted, is linked elsewhere now."""
        for number in numbers:
            others = links.foreign(number, application, self._want.default_application)
            if others:
                raise Failure("conflict", f"{number.number} was linked to {', '.join(others)} meanwhile, and stays there: run again to count anew.")

    def _relabel(self, application: str, capabilities: t.Collection[str]) -> None:
        for name in self._linked:
            number = self._orders.owned[name]
            applications = {**number.applications, **dict.fromkeys(links.linkable(number, capabilities), application)}
            self._orders.owned[name] = dataclasses.replace(number, applications=applications)
            if name in self._buyer.bought:
                self._buyer.bought[name] = self._orders.owned[name]

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
        bought = [predicted(line.offer, self._want.application, self._linkable) for line in self._buyer.lines if line.offer.number]
        linked = [self._predict_link(number) for number in state.to_link]
        rest = [number for number in state.satisfied if number not in state.to_link]
        chosen_later = [f"{line.quantity} of offer {line.offer.id}" for line in self._buyer.lines if not line.offer.number]
        facts = {
            "numbers": number_dicts([*rest, *linked, *bought]),
            "purchased": number_dicts(bought),
            "linked": [number.number for number in linked],
            "quote": Quote(tuple(self._buyer.lines)).as_dict(),
            "orders": self._orders.as_dicts(),
        }
        before = self._shown_state([*rest, *state.to_link])
        after = self._shown_state([*rest, *linked, *bought])
        if chosen_later:
            before["to_buy"], after["to_buy"] = [], chosen_later
        return Result(bool(self._buyer.lines or linked or self._changed), facts, before, after)

    def _predict_link(self, number: Number) -> Number:
        capabilities = links.linkable(number, self._linkable)
        return dataclasses.replace(number, applications={**number.applications, **{key: str(self._want.application) for key in capabilities}})

    @staticmethod
    def _shown_state(numbers: t.Iterable[Number]) -> dict[str, t.Any]:
        """One side of the diff: the numbers that satisfy the request, with their links."""
        return {"numbers": {number.number: dict(sorted(number.applications.items())) for number in sorted(numbers, key=by_number)}}

    def _result(self, before: Tally) -> Result:
        state = self._tally_after()
        facts = {
            "numbers": number_dicts(state.satisfied),
            "purchased": number_dicts(self._buyer.bought.values()),
            "linked": self._linked,
            "quote": Quote(tuple(self._buyer.lines)).as_dict(),
            "orders": self._orders.as_dicts(),
        }
        return Result(self._changed or self._buyer.changed, facts, self._shown_state(before.satisfied), self._shown_state(state.satisfied))

    def _tally_after(self) -> Tally:
        owned = {**{number.number: number for number in self._orders.phantoms()}, **self._buyer.bought, **self._orders.owned}
        return tally(self._want, list(owned.values()), self._linkable, 0)
