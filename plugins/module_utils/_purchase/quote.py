# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: what to buy and what it costs. Pure."""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import Decimal

from .._core import money
from .._core.errors import Failure
from .._core.link import Aim
from .._core.model import Number, Offer, by_price
from .._core.selector import prefix_hint
from .._core.words import missing
from .._operations import links
from .want import Limits, Want


@dataclasses.dataclass(frozen=True)
class Line:
    """*quantity* numbers of one offer."""

    offer: Offer
    quantity: int

    def as_dict(self) -> dict[str, t.Any]:
        """A line of a quote; prices are for one number."""
        return {
            "offer": self.offer.id,
            "number": self.offer.number,
            "quantity": self.quantity,
            "setup_price": money.text(self.offer.setup_price),
            "monthly_price": money.text(self.offer.monthly_price),
            "due_now": money.text(self.offer.due_now),
        }


@dataclasses.dataclass(frozen=True)
class Quote:
    """What is bought and what it costs; a total with an unknown part is unknown."""

    lines: tuple[Line, ...] = ()

    @property
    def quantity(self) -> int:
        """How many numbers it brings."""
        return sum(line.quantity for line in self.lines)

    @property
    def currency(self) -> str | None:
        """The one currency of its lines."""
        return self.lines[0].offer.currency if self.lines else None

    def total(self, price: str) -> Decimal | None:
        """The total of ``setup_price``, ``monthly_price`` or ``due_now``."""
        return money.total((getattr(line.offer, price), line.quantity) for line in self.lines)

    def as_dict(self) -> dict[str, t.Any]:
        """The ``quote`` of a module's result."""
        return {
            "lines": [line.as_dict() for line in self.lines],
            "setup_total": money.text(self.total("setup_price")),
            "monthly_total": money.text(self.total("monthly_price")),
            "due_now_total": money.text(self.total("due_now")),
            "currency": self.currency,
        }


def choose(
    want: Want,
    offers: t.Sequence[Offer],
    shortage: int,
    committed: t.Sequence[Line] = (),
    linked_capabilities: t.Collection[str] | None = None,
) -> Quote:
    """Return the cheapest lines that cover *shortage*; *committed* lines of this run count towards the totals.

    With an application, only what surely has one of the *linked_capabilities* is bought: nothing else could be linked
    to it. Raises Failure ``out_of_stock``, ``price_limit`` or, for prices that cannot be compared, ``invalid_option``.
    """
    offered = unique(offers)
    able = _able(want, offered, linked_capabilities)
    fitting = _fitting(want, able)
    affordable = [offer for offer in fitting if _affordable(offer, want.limits)]
    _one_currency(affordable, committed)
    quote = Quote(tuple(_fill(sorted(affordable, key=by_price), shortage)))
    if quote.quantity < shortage and not want.allow_partial:
        if want.numbers is not None and len(able) < len(offered):
            raise _unlinkable(want, [offer for offer in offered if offer not in able], linked_capabilities or ())
        raise _too_few(want, fitting, quote.quantity, shortage)
    _check_totals(Quote((*committed, *quote.lines)), want.limits)
    return quote


def usable(want: Want, offers: t.Iterable[Offer], linked_capabilities: t.Collection[str] | None = None) -> list[Offer]:
    """Those of *offers* that can be bought for *want*, whatever they cost in total."""
    fitting = _fitting(want, _able(want, unique(offers), linked_capabilities))
    return [offer for offer in fitting if _affordable(offer, want.limits)]


def _able(want: Want, offers: t.Iterable[Offer], linked_capabilities: t.Collection[str] | None) -> list[Offer]:
    """Those of *offers* that can be linked as wanted."""
    if want.application is None or linked_capabilities is None:
        return list(offers)
    return [offer for offer in offers if links.fits(offer, want.application, linked_capabilities)]


def _fitting(want: Want, offers: t.Iterable[Offer]) -> list[Offer]:
    """Those of *offers* that the task does not leave to others, with the stock that is left to it."""
    kept = want.exclude_offers
    left = [
        dataclasses.replace(offer, stock=offer.stock - kept[offer.id]) if offer.id in kept else offer
        for offer in offers
    ]
    return [
        offer
        for offer in left
        if offer.stock > 0 and want.offer in (None, offer.id) and offer.number not in want.exclude
    ]


def within(want: Want, offer: Offer, quantity: int, shortage: int, committed: t.Sequence[Line]) -> bool:
    """Whether *quantity* of *offer* is no more than is missing and within the limits."""
    try:
        return quantity <= shortage and choose(want, [offer], quantity, committed).quantity == quantity
    except Failure:
        return False


def unique(offers: t.Iterable[Offer]) -> list[Offer]:
    """Each offer once: a catalogue that moves while it is read shows a row on two pages."""
    return list({offer.id: offer for offer in offers}.values())


def _fill(offers: t.Iterable[Offer], shortage: int) -> t.Iterator[Line]:
    for offer in offers:
        if shortage <= 0:
            return
        line = Line(offer, min(shortage, offer.stock))
        shortage -= line.quantity
        yield line


def _affordable(offer: Offer, limits: Limits) -> bool:
    """Whether the price of one number is surely within the limits; with a currency named, only offers in it are
    bought.
    """
    if limits.currency is not None and offer.currency != limits.currency:
        return False
    pairs = ((limits.monthly_price, offer.monthly_price), (limits.setup_price, offer.setup_price))
    return all(limit is None or price is not None and price <= limit for limit, price in pairs)


def _one_currency(offers: t.Sequence[Offer], committed: t.Sequence[Line]) -> None:
    currencies = {offer.currency for offer in offers} | {line.offer.currency for line in committed}
    if len(currencies) > 1:
        listed = ", ".join(sorted(currency or "an unnamed currency" for currency in currencies))
        raise Failure(
            "invalid_option",
            f"The matching offers are priced in {listed}, which cannot be compared: set 'currency' to buy in one of "
            "them.",
        )


def _unlinkable(want: Want, offers: t.Sequence[Offer], linked_capabilities: t.Collection[str]) -> Failure:
    """Say which of the named numbers, the *offers*, cannot be linked as wanted."""
    what = " or ".join(sorted(linked_capabilities))
    told = [
        f"{offer.number} cannot be linked for {what}: it offers {' and '.join(offer.capabilities or ()) or 'none'} only"
        for offer in offers
    ]
    other = "another capability" if want.capability else "no application"
    return Failure("out_of_stock", f"{'; '.join(told[:5])}. Name another number or {other}.")


def _too_few(want: Want, fitting: t.Sequence[Offer], found: int, shortage: int) -> Failure:
    """Say whether the stock or a limit stands against *shortage* numbers."""
    stock = sum(offer.stock for offer in fitting)
    if stock < shortage:
        offered = f"only {stock} {'is' if stock == 1 else 'are'}" if stock else "none is"
        fits = "matches" if stock < 2 else "match"
        linkable = "" if want.application is None else f" and can be linked for {want.capability or 'any capability'}"
        hint = f" {prefix_hint(want.selector)}".rstrip() if not stock else ""
        return Failure(
            "out_of_stock",
            f"{missing(shortage)} and {offered} for sale that {fits}{linkable}: widen the selector, lower the count, "
            f"or set allow_partial.{hint}",
        )
    offered = f"only {found}" if found else "none"
    known = "is known" if found < 2 else "are known"
    return Failure(
        "price_limit",
        f"{missing(shortage)} and {offered} of {stock} that are offered {known} to be within the price limits"
        f"{_cheapest(fitting, want.limits)}: {_remedy(fitting, want.limits)}",
    )


def _remedy(fitting: t.Sequence[Offer], limits: Limits) -> str:
    """What to do where a limit stands against every offer that fits."""
    currencies = {offer.currency for offer in fitting}
    named = sorted(currency for currency in currencies if currency)
    if None in currencies and len(currencies) == 1:
        return "the provider names no currency, so set account_currency to the one that it charges in."
    if limits.currency not in (None, *currencies):
        return f"the limits are in {limits.currency}, and the prices are in {', '.join(named)}: set currency to that."
    return "raise the limits, or ask for less."


def _cheapest(fitting: t.Sequence[Offer], limits: Limits) -> str:
    cheapest = min(fitting, key=by_price)
    monthly, setup = (money.text(price) or "unknown" for price in (cheapest.monthly_price, cheapest.setup_price))
    return f" (the cheapest costs {monthly} a month and {setup} at set-up, currency {cheapest.currency or 'unknown'})"


def _check_totals(quote: Quote, limits: Limits) -> None:
    checks = (
        ("max_monthly_total", limits.monthly_total, "monthly_price"),
        ("max_setup_total", limits.setup_total, "setup_price"),
        ("max_due_now_total", limits.due_now_total, "due_now"),
    )
    for option, limit, price in checks:
        if limit is None or not quote.lines:
            continue
        total = quote.total(price)
        if total is None:
            raise Failure(
                "price_limit",
                f"The total for {option} is unknown, because the provider does not tell every price: leave {option} "
                "out to buy all the same.",
            )
        if total > limit:
            raise Failure(
                "price_limit",
                f"The purchase comes to {money.text(total)} {quote.currency or ''} and {option} is "
                f"{money.text(limit)}: raise it or ask for less.",
            )


def predicted(offer: Offer, application: Aim | None, linked_capabilities: t.Collection[str]) -> Number:
    """The number that a purchase of *offer*, which names one, will bring."""
    number = Number(
        id=offer.id,
        provider=offer.provider,
        number=offer.number or "",
        country=offer.country,
        type=offer.type,
        capabilities=offer.capabilities,
        area_code=offer.area_code,
        region=offer.region,
        city=offer.city,
        setup_price=offer.setup_price,
        monthly_price=offer.monthly_price,
        currency=offer.currency,
        raw=offer.raw,
    )
    if application is None:
        return number
    able = links.linkable(number, linked_capabilities, application.named)
    return dataclasses.replace(number, links=application.links(able))
