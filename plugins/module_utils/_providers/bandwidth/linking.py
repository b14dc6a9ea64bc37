# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The calls that link numbers of Bandwidth: a number moves to a location, or into a voice configuration package.

A location and a package are shared by many numbers, so neither is ever edited. A move is an order that is followed to
its end; a package takes numbers at once, unless they are still being provisioned.
"""

from __future__ import annotations

import functools
import typing as t
import uuid

from ..._contract.exchange import Change, Links, NumberLink
from ..._contract.readers import object_from, text_from
from ..._core.errors import Failure, Malformed
from ..._core.link import URL, Link
from ..._core.model import Number
from ..._net.clock import Clock
from ..._net.wire import Response, segment
from . import errors
from .api import Api, below, digits_of
from .places import Location, Places
from .records import LOCATION, PACKAGE

_MOST = 500  # numbers of one call
_PATIENCE = 45  # looks at a package that a new number is not ready for: 90 s


class Linking:
    """The calls that link and unlink. *clear* takes the forward off a number."""

    def __init__(self, api: Api, places: Places, clock: Clock, clear: t.Callable[[Number], t.Any]) -> None:
        self._api = api
        self._places = places
        self._clock = clock
        self._clear = clear

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        """A forward on the number goes before what answers its calls, so it is taken off first."""
        for item in additions:
            forwards = [link for link in item.number.current if link.capability == "voice" and link.kind == URL]
            if item.link.capability == "voice" and forwards:
                gone = [NumberLink(item.number, link) for link in forwards]
                yield Change(functools.partial(self._clear, item.number), removals=gone)
        replaced = [
            NumberLink(item.number, link)
            for item in additions
            for link in item.number.current
            if (item.link.kind, link.kind) == (LOCATION, PACKAGE) and link.capability == item.link.capability
        ]
        yield from self._leave([*replaced, *(item for item in removals if item.link.kind == PACKAGE)])
        packages = [item for item in additions if item.link.kind == PACKAGE]
        for package, items in _by_target(packages):
            yield Change(functools.partial(self._bulk, package, "ADD", _digits(items)), additions=items)
        moves = [item for item in additions if item.link.kind == LOCATION]
        for place, items in _by_target(moves):
            yield self._moved(self._places.location(place), items)
        moving = {item.number.number for item in moves}
        left = [item for item in removals if item.link.kind == LOCATION and item.number.number not in moving]
        yield from self._out(left)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """Out of a package, and back to the site's default location where nothing answers there."""
        yield from self._leave([item for item in removals if item.link.kind == PACKAGE])
        yield from self._out([item for item in removals if item.link.kind == LOCATION])

    def _leave(self, removals: Links) -> t.Iterator[Change]:
        for package, items in _by_target(removals):
            yield Change(functools.partial(self._bulk, package, "REMOVE", _digits(items)), removals=items)

    def _out(self, removals: Links) -> t.Iterator[Change]:
        for place, items in _by_target(removals):
            home = self._places.free(self._places.location(place).site)
            yield Change(functools.partial(self._move, home, _digits(items)), removals=self._also(items))

    def _moved(self, location: Location, items: list[NumberLink]) -> Change:
        return Change(functools.partial(self._move, location, _digits(items)), additions=self._also(items))

    def _also(self, items: list[NumberLink]) -> list[NumberLink]:
        """*items* with what changes along: in an account of earlier days a location answers calls and SMS."""
        if self._places.has_packages:
            return items
        named = {(item.number.number, item.link.capability) for item in items}
        along = [
            NumberLink(item.number, Link(other, item.link.id, LOCATION))
            for item in items
            for other in ("sms", "voice")
            if (item.number.number, other) not in named
        ]
        return [*items, *dict.fromkeys(along)] if along else items

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _move(self, location: Location, numbers: t.Sequence[str]) -> None:
        """POST …/moveTns, an order. Raises Failure for numbers that it left where they were."""
        document = {
            "MoveTnsOrder": {
                "CustomerOrderId": str(uuid.uuid4()),
                "SiteId": location.site,
                "SipPeerId": location.id,
                "TelephoneNumbers": {"TelephoneNumber": list(numbers)},
            }
        }
        response, answer = self._api.send("moveTns", document, errors.NO_ORDER)
        with response.reading():
            order = below(answer, "MoveTnsOrderResponse", "MoveTnsOrder")
            identity = str(text_from(order, "OrderId", required=True))
        ended = self._api.followed("moveTns", identity, "MoveTnsOrder", "ProcessingStatus")
        if ended.state == "COMPLETE":
            return
        code, message = next(iter(ended.failed.values()), ended.whole or (None, "no reason given"))
        left = [number for number in numbers if digits_of(number) in ended.failed] or list(numbers)
        what = f"{', '.join(left[:10])} did not move to location {location.id}"
        raise errors.failure_of(code, message, what)

    def _bulk(self, package: str, action: str, numbers: t.Sequence[str]) -> None:
        """POST …/phoneNumbers/bulk. A number that was just bought may not be ready: asked again until it is."""
        path = f"voiceConfigurationPackages/{segment(package, 'application')}/phoneNumbers/bulk"
        value = {"action": action, "phoneNumbers": list(numbers)}
        for _attempt in range(_PATIENCE):
            try:
                response = self._api.send_json(path, value, errors.NO_PACKAGE)
                with response.reading():
                    _check_taken(response)
                return
            except Failure as failure:
                refused = failure
                if failure.provider_code != errors.NOT_READY or not self._clock.sleep(self._api.pause):
                    break
        raise refused


def _check_taken(response: Response) -> None:
    """Raise Malformed for an answer with an error in it, whatever its status says."""
    if response.body:
        answer = object_from(response.json())
        if {"error", "errors", "errorCode"} & {*answer}:
            raise Malformed("it has an error in it")


def _by_target(items: Links) -> t.Iterator[tuple[str, list[NumberLink]]]:
    """Each target of *items* with those that lead to it, in parts that one call takes: a number once in each."""
    targets: dict[str, list[NumberLink]] = {}
    for item in items:
        targets.setdefault(item.link.id, []).append(item)
    for target in sorted(targets):
        part = targets[target]
        for start in range(0, len(part), _MOST):
            yield target, part[start : start + _MOST]


def _digits(items: Links) -> list[str]:
    return sorted({item.number.number for item in items})
