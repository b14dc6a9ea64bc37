# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fault hits which request: matching, skipping and counting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# Faults of the answer itself, and the fields of each.
TRANSPORT: dict[str, frozenset[str]] = {
    "delay": frozenset({"seconds", "when"}),
    "reset": frozenset({"when"}),
    "silence": frozenset({"when"}),
    "status": frozenset({"status", "body", "headers", "retry_after", "retry_after_date", "when"}),
    "redirect": frozenset({"status", "to", "location", "when"}),
    "not_json": frozenset({"text", "content_type", "when"}),
    "empty": frozenset({"status", "when"}),
    "huge": frozenset({"bytes", "when"}),
    "body": frozenset({"body", "merge", "merge_items", "item", "when"}),
    "truncate": frozenset({"keep", "when"}),
    "drip": frozenset({"bytes", "interval", "when"}),
}
# Faults of the provider's state and actions, and the fields of each.
STATEFUL: dict[str, frozenset[str]] = {
    "lag": frozenset({"reads", "seconds"}),
    "lag_changes": frozenset({"reads", "seconds"}),
    "shift": frozenset({"by", "total"}),
    "swap": frozenset(),
    "page_cap": frozenset({"rows", "asked"}),
    "next_link": frozenset({"host", "always", "repeat"}),
    "sell_between": frozenset({"offer", "quantity"}),
    "meanwhile": frozenset({"account", "change"}),
    "partial": frozenset({"deliver"}),
    "lines": frozenset({"outcomes"}),
    "pending": frozenset({"fulfil_after_reads", "fulfil_after_seconds"}),
    "expire_instance": frozenset(),
    "expire_reservation": frozenset(),
}
REQUIRED = {
    "delay": {"seconds"},
    "status": {"status"},
    "partial": {"deliver"},
    "lines": {"outcomes"},
    "page_cap": {"rows"},
    "meanwhile": {"account", "change"},
}
UNANSWERED = ("reset", "silence")
AFTER_BY_DEFAULT = ("not_json", "empty", "huge", "body", "truncate", "drip")
COMMON = frozenset({"match", "count", "skip", "kind"})
NUMBERS = frozenset(
    {
        "count",
        "skip",
        "seconds",
        "status",
        "retry_after_date",
        "bytes",
        "keep",
        "interval",
        "reads",
        "by",
        "quantity",
        "deliver",
        "fulfil_after_reads",
        "fulfil_after_seconds",
        "item",
        "rows",
    }
)


class FaultError(Exception):
    """A fault that cannot be set."""


@dataclass
class Fault:
    """A fault as it was set, with the counts of requests that it matched and of its strikes."""

    spec: dict[str, Any]
    installed_at: float
    seen: int = 0
    fired: int = 0

    @property
    def kind(self) -> str:
        """The name of the fault, one of the kinds above."""
        return str(self.spec["kind"])

    @property
    def when(self) -> str:
        """The moment of its strike: ``before`` the handler commits, or ``after``."""
        return str(self.spec.get("when") or ("after" if self.kind in AFTER_BY_DEFAULT else "before"))

    def matches(self, provider: str, method: str, path: str) -> bool:
        """Whether the fault is for this request."""
        match = self.spec.get("match") or {}
        return (
            match.get("provider") in (None, provider)
            and match.get("method") in (None, method)
            and re.search(match.get("path") or "", path) is not None
        )

    def is_due(self) -> bool:
        """Whether the fault strikes at the latest occasion."""
        count = self.spec.get("count")
        return self.seen > (self.spec.get("skip") or 0) and (count is None or self.fired < count)


@dataclass
class Active:
    """The faults that match one request."""

    faults: list[Fault] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)

    def _fire(self, fault: Fault) -> Fault:
        fault.fired += 1
        self.fired.append(fault.kind)
        return fault

    def take(self, kind: str, needs: str | None = None) -> Fault | None:
        """Count an occasion for all faults of a kind, and return the first one that is due, which strikes, or None.

        With ``needs`` only faults with this field count.
        """
        due = self._due(
            [fault for fault in self.faults if fault.kind == kind and (needs is None or fault.spec.get(needs))]
        )
        return self._fire(due[0]) if due else None

    def take_transport(self) -> list[Fault]:
        """Count an occasion for the faults of the answer, and return those that strike: all delays and one other."""
        due = self._due([fault for fault in self.faults if fault.kind in TRANSPORT])
        delays = [fault for fault in due if fault.kind == "delay"]
        others = [fault for fault in due if fault.kind != "delay"]
        return [self._fire(fault) for fault in delays + others[:1]]

    @staticmethod
    def _due(faults: list[Fault]) -> list[Fault]:
        for fault in faults:
            fault.seen += 1
        return [fault for fault in faults if fault.is_due()]


class Faults:
    """The faults that the control path has set. They are kept in memory."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def replace(self, specs: list[Any], now: float) -> None:
        """Replace all faults. If one of them is wrong, nothing changes."""
        self._faults = [Fault(_checked(spec), now) for spec in specs]

    def active(self, provider: str, method: str, path: str) -> Active:
        """Return the faults for one request."""
        return Active([fault for fault in self._faults if fault.matches(provider, method, path)])

    def describe(self) -> dict[str, Any]:
        """Return the faults as they were set, and how often each was seen and struck."""
        counts = [{"seen": fault.seen, "fired": fault.fired} for fault in self._faults]
        return {"faults": [fault.spec for fault in self._faults], "counts": counts}


def _checked(spec: Any) -> dict[str, Any]:
    if not isinstance(spec, dict):
        raise FaultError("a fault is an object")
    kind = spec.get("kind")
    own = {**TRANSPORT, **STATEFUL}.get(str(kind))
    if own is None:
        raise FaultError(f"unknown fault kind '{kind}'; one of: {', '.join([*TRANSPORT, *STATEFUL])}")
    if unknown := sorted(set(spec) - COMMON - own):
        raise FaultError(f"fault '{kind}' has no field '{unknown[0]}'; it has: {', '.join(sorted(COMMON | own))}")
    if missing := sorted(REQUIRED.get(str(kind), set()) - set(spec)):
        raise FaultError(f"fault '{kind}' needs the field '{missing[0]}'")
    if spec.get("when") not in (None, "before", "after"):
        raise FaultError("'when' must be before or after")
    if kind == "next_link" and not (spec.get("host") or spec.get("repeat")):
        raise FaultError("fault 'next_link' needs 'host' or 'repeat'")
    if kind == "meanwhile" and not isinstance(spec["change"], dict):
        raise FaultError("'change' is an object, as PATCH /_sandbox/state takes it")
    _check_match(spec.get("match") or {})
    return {name: _number(name, value) if name in NUMBERS else value for name, value in spec.items()}


def _number(name: str, value: Any) -> Any:
    """Return a number or None. A number in a string is accepted, because templates make strings."""
    if value is None or isinstance(value, (int, float)):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise FaultError(f"'{name}' must be a number") from None


def _check_match(match: Any) -> None:
    if not isinstance(match, dict) or set(match) - {"provider", "method", "path"}:
        raise FaultError("'match' may hold provider, method and path")
    try:
        re.compile(match.get("path") or "")
    except (re.error, TypeError) as exc:
        raise FaultError(f"'path' is not a regular expression: {exc}") from None
