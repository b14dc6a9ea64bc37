# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that are put to the test: what the account has before, what is asked, and which calls it takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.telco.numbers.plugins.module_utils._contract.features import Features
from rows import Row
from stage import Snapshot, Stage

# What a task of a provider calls: name → (method, path).
_CALLS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "sinch_portal": {
        "hold": ("PUT", "numbers/shop$"),
        "charge": ("POST", "numbers/shop$"),
        "link": ("PUT", "applications/key/"),
        "unlink": ("DELETE", "applications/key/"),
        "owned": ("GET", "organisations/id/[^/]+/numbers$"),
        "linked": ("GET", "applications/key/[^/]+/numbers$"),
        "shop": ("GET", "numbers/shop$"),
    },
    "sinch_catalog": {
        "charge": ("POST", "ActiveNumbers/$"),
        "link": ("POST", "ActiveNumbers/PN"),
        "release": ("DELETE", "ActiveNumbers/PN"),
        "owned": ("GET", "ActiveNumbers/$"),
        "one": ("GET", "ActiveNumbers/PN"),
        "shop": ("GET", "AvailableNumbers$"),
    },
    "infobip_sms": {
        "charge": ("POST", "numbers/?$"),
        "release": ("DELETE", "numbers/."),
        "owned": ("GET", "numbers/?$"),
        "shop": ("GET", "numbers/available$"),
    },
    "plivo_groups": {
        "charge": ("POST", "AvailableNumberGroup/"),
        "link": ("POST", "/Number/[0-9]+/$"),
        "release": ("DELETE", "/Number/[0-9]+/$"),
        "owned": ("GET", "/Number/$"),
        "one": ("GET", "/Number/[0-9]+/$"),
        "shop": ("GET", "AvailableNumberGroup/$"),
    },
    "telnyx": {
        "charge": ("POST", "number_orders$"),
        "link": ("PATCH", "phone_numbers/[0-9]+$"),
        "release": ("DELETE", "phone_numbers/"),
        "owned": ("GET", "v2/phone_numbers$"),
        "shop": ("GET", "available_phone_numbers|regulatory_requirements"),
    },
    "twilio": {
        "charge": ("POST", "IncomingPhoneNumbers.json$"),
        "link": ("POST", "IncomingPhoneNumbers/PN"),
        "release": ("DELETE", "IncomingPhoneNumbers/PN"),
        "owned": ("GET", "IncomingPhoneNumbers.json$"),
        "one": ("GET", "IncomingPhoneNumbers/PN"),
        "shop": ("GET", "AvailablePhoneNumbers/|PhoneNumbers/Countries/"),
    },
}
# Numbers that were owned all along. Those of a group name it, the others would come back into the shop when they are
# released.
_OWN: Mapping[str, Mapping[str, Any]] = {
    "sinch_portal": {"offer": "40"},
    "sinch_catalog": {
        "country": "SE",
        "type": "mobile",
        "capabilities": ["voice", "sms"],
        "data": {"monthly_price": "3.00", "setup_price": "0.00"},
    },
    "infobip_sms": {
        "country": "SE",
        "type": "VIRTUAL_LONG_NUMBER",
        "capabilities": ["voice"],
        "data": {"monthly_price": "2.25", "currency": "EUR"},
    },
    "plivo_groups": {"offer": "46000000000008"},
    "telnyx": {"country": "SE", "type": "mobile", "capabilities": ["voice", "sms"], "data": {"monthly_price": "3.00"}},
    "twilio": {"country": "SE", "type": "mobile", "capabilities": ["voice", "sms"], "data": {"monthly_price": "3.00"}},
}
_FOREIGN_TYPE = {
    "sinch_portal": "Voice",
    "sinch_catalog": "local",
    "infobip_sms": "VIRTUAL_LONG_NUMBER",
    "plivo_groups": "local",
    "telnyx": "local",
    "twilio": "local",
}
COUNTRY = "+46"  # of every row's selector
CROWD = 55  # more than a page at any provider


@dataclasses.dataclass(frozen=True)
class Ask:
    """A task and the state that it asks for; whatever it does not name has to stay."""

    module: str
    options: Mapping[str, Any]
    own: int = 0  # matching numbers that are to be owned
    named: frozenset[str] = frozenset()  # numbers that are to be owned
    application: str | None = None  # of a purchase
    links: Mapping[tuple[str, str], str | None] = dataclasses.field(
        default_factory=dict
    )  # (number, capability) → application
    configured: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()

    @property
    def buys(self) -> bool:
        """Whether it may bring numbers."""
        return self.module == "number_purchase"


@dataclasses.dataclass(frozen=True)
class Step:
    """``own`` is what the account has before; ``ask`` gives None when the state offers nothing to ask for."""

    ask: Callable[[Stage, Snapshot], Ask | None]
    writes: tuple[str, ...]
    reads: tuple[str, ...]
    own: Callable[[Row], list[dict[str, Any]]]
    offered: Callable[[Row, Features], bool] = lambda row, features: True
    ordered: int = 0  # numbers of an order that is pending before


def call(row: Row, name: str) -> dict[str, str] | None:
    """What a fault has to match to strike a call; None where the provider has no such call."""
    if name not in _CALLS[row.provider]:
        return None
    method, path = _CALLS[row.provider][name]
    return {"provider": row.provider, "method": method, "path": path}


def _own(row: Row, *applications: str | None) -> list[dict[str, Any]]:
    """Matching numbers, each linked to an application or free."""
    capabilities = {
        "sinch_portal": ("voice", "sms"),
        "sinch_catalog": ("voice", "sms"),
        "plivo_groups": ("voice",),
        "telnyx": ("voice",),
        "twilio": ("voice", "sms"),
    }.get(row.provider, ())
    digits = "+4684650090" if "offer" in _OWN[row.provider] else "+4670174069"
    return [
        {
            **_OWN[row.provider],
            "number": f"{digits}{place}",
            "applications": dict.fromkeys(capabilities, application) if application else {},
        }
        for place, application in enumerate(applications)
    ]


def _crowd(row: Row) -> list[dict[str, Any]]:
    """Numbers of another country that fill the first page, before two that match."""
    foreign = {"country": "FR", "type": _FOREIGN_TYPE[row.provider], "capabilities": ["voice"]}
    return [*({**foreign, "number": f"+33199000{200 + place}"} for place in range(CROWD)), *_own(row, None, None)]


def matching(snapshot: Snapshot, application: str | None = None) -> list[str]:
    """Owned numbers that the row's selector selects; with an *application*, those that are free or linked to it
    alone.
    """
    return [
        number
        for number, item in snapshot.owned.items()
        if number.startswith(COUNTRY) and (application is None or set(item["applications"].values()) <= {application})
    ]


def _buy(more: int, linked: bool = False, **options: Any) -> Callable[[Stage, Snapshot], Ask]:
    def ask(stage: Stage, snapshot: Snapshot) -> Ask:
        application = stage.row.application if linked else None
        own = len(matching(snapshot, application)) + snapshot.pending + more
        fields = {**stage.row.where, **options, "count": own, **({"application": application} if linked else {})}
        return Ask("number_purchase", fields, own=own, application=application)

    return ask


def _named(stage: Stage, snapshot: Snapshot) -> Ask:
    names = [name for name in stage.offered() if name not in snapshot.owned][1:3]
    return Ask("number_purchase", {"numbers": names}, named=frozenset(names))


def _assign(state: str, **options: Any) -> Callable[[Stage, Snapshot], Ask | None]:
    def ask(stage: Stage, snapshot: Snapshot) -> Ask | None:
        application = str(stage.row.application)
        present = state == "present"
        linked = [name for name in matching(snapshot) if application in snapshot.owned[name]["applications"].values()]
        free = [name for name in matching(snapshot) if not snapshot.owned[name]["applications"]]
        names = free[:2] if present else linked[:2]
        if not names:
            return None
        capabilities = [options["capability"]] if "capability" in options else ["sms", "voice"]
        links = {(name, capability): application if present else None for name in names for capability in capabilities}
        if "exclusive" in options:
            links.update({(name, capability): None for name in linked for capability in capabilities})
        return Ask(
            "number_assignment", {"numbers": names, "application": application, "state": state, **options}, links=links
        )

    return ask


def _configure(stage: Stage, snapshot: Snapshot) -> Ask | None:
    names = matching(snapshot)[:2]
    return (
        Ask("number_configuration", {"numbers": names, **stage.row.plain_settings}, configured=frozenset(names))
        if names
        else None
    )


def _release(stage: Stage, snapshot: Snapshot) -> Ask | None:
    names = [name for name in matching(snapshot) if not snapshot.owned[name]["applications"]][:2]
    return Ask("number_release", {"numbers": names}, released=frozenset(names)) if names else None


def _assigns(row: Row, features: Features) -> bool:
    return bool(features.linked_capabilities)


def _pends(row: Row, features: Features) -> bool:
    return features.pending_orders


_BUYING = (("hold", "charge"), ("owned", "shop"))


def _linked(row: Row, *names: str | None) -> list[dict[str, Any]]:
    return _own(row, *({"own": row.application, "other": row.other_application}.get(name or "") for name in names))


STEPS: Mapping[str, Step] = {
    "buy": Step(_buy(4), *_BUYING, own=lambda row: []),
    "buy more": Step(_buy(2), *_BUYING, own=lambda row: _own(row, None)),
    "buy by name": Step(
        _named, *_BUYING, own=lambda row: _own(row, None), offered=lambda row, features: features.purchase == "number"
    ),
    "buy for an application": Step(
        _buy(2, linked=True),
        ("hold", "charge", "link"),
        ("owned", "shop", "linked"),
        lambda row: _linked(row, None, "other"),
        _assigns,
    ),
    "buy beside a crowd": Step(
        _buy(1), ("charge",), ("owned",), _crowd, lambda row, features: row.provider != "sinch_portal"
    ),
    "buy with an order pending": Step(_buy(2), *_BUYING, own=lambda row: _own(row, None), offered=_pends, ordered=1),
    "buy and wait": Step(_buy(2, wait=True, wait_timeout=4), *_BUYING, own=lambda row: [], offered=_pends),
    "assign": Step(
        _assign("present"),
        ("link",),
        ("owned", "linked"),
        lambda row: _linked(row, None, None, "own", "other"),
        _assigns,
    ),
    "unassign": Step(
        _assign("absent"),
        ("link", "unlink"),
        ("owned", "linked"),
        lambda row: _linked(row, None, "own", "own", "own", "other"),
        _assigns,
    ),
    "assign exclusively": Step(
        _assign("present", exclusive=True, capability="voice"),
        ("link", "unlink"),
        ("owned", "linked"),
        lambda row: _linked(row, None, "own", "own", "other"),
        _assigns,
    ),
    "configure": Step(
        _configure,
        ("link",),
        ("owned", "one"),
        lambda row: _linked(row, "own", None, None),
        lambda row, features: bool(row.settings),
    ),
    "release": Step(
        _release,
        ("release",),
        ("owned", "one"),
        lambda row: _linked(row, None, None, None, "own"),
        lambda row, features: features.release,
    ),
}
