# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as it is, but for its reading: lists are kept in memory between writes, and only the rows of the page that is asked for are rendered.

As it is, it reads its whole catalogue from SQLite and renders it for every request, which would be most of what is measured here.
What it checks, logs, commits and answers is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "roles" / "sandbox" / "files"))

from telco_numbers_sandbox import __main__ as command
from telco_numbers_sandbox import infobip, plivo, server
from telco_numbers_sandbox.paging import visible
from telco_numbers_sandbox.store import Account, AnyRecord, Offer, Owned, Record, Store
from telco_numbers_sandbox.wire import Answer, Call, country_code


class KeptStore(Store):
    """Remembers what it found, until something of that kind is written or a transaction is undone."""

    def __init__(self, path: Path) -> None:
        self._found: dict[type[Record], dict[Any, Any]] = {}
        super().__init__(path)

    def transaction(self) -> Any:
        return _Forgetting(super().transaction(), self._found)

    def find(self, kind: type[AnyRecord], /, **where: Any) -> list[AnyRecord]:
        if "id" in where or "number" in where:  # an index finds those
            return super().find(kind, **where)
        kept = self._found.setdefault(kind, {})
        key = tuple(sorted(where.items()))
        if key not in kept:
            kept[key] = super().find(kind, **where)
        return list(kept[key])

    def save(self, record: Record) -> None:
        self._found.pop(type(record), None)
        super().save(record)

    def delete(self, record: Record) -> None:
        self._found.pop(type(record), None)
        super().delete(record)

    def clear(self, *kinds: type[Record]) -> None:
        for kind in kinds:
            self._found.pop(kind, None)
        super().clear(*kinds)


class _Forgetting:
    """A transaction, after whose failure nothing is remembered."""

    def __init__(self, transaction: Any, found: dict[type[Record], dict[Any, Any]]) -> None:
        self._transaction, self._found = transaction, found

    def __enter__(self) -> None:
        self._transaction.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
        if kind is not None:
            self._found.clear()
        return self._transaction.__exit__(kind, error, trace)


class Rows:
    """A list whose rows are rendered when they are looked at."""

    def __init__(self, items: list[Any], render: Callable[[Any], Any]) -> None:
        self._items, self._render = items, render

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: slice) -> list[Any]:
        return [self._render(item) for item in self._items[place]]


class Infobip(infobip.Infobip):
    """Renders one page of a list, not all of it."""

    def available(self, call: Call) -> Answer:
        self._account(call)
        call.no_body()
        query = call.query_fields(("limit", "page", "capabilities", "country", "number"))
        country, part = country_code(query.get("country"), "country"), infobip._digits(query.get("number"))
        wanted = {name.lower() for name in infobip._capabilities(query.get("capabilities"))}
        offers = [
            offer
            for offer in call.store.find(Offer, provider=self.name)
            if part in offer.data["number"] and offer.stock and country in (None, offer.data.get("country")) and wanted <= set(offer.data["capabilities"])
        ]
        return infobip._page(call, query, Rows(offers, _with_month))  # type: ignore[arg-type]

    def purchased(self, call: Call) -> Answer:
        account = self._account(call)
        call.no_body()
        query = call.query_fields(("limit", "page", "number"))
        part = infobip._digits(query.get("number"))
        owned = visible(call, call.store.find(Owned, provider=self.name, account=account.id))
        found = [row for row in owned if part in row.number] if part else owned
        return infobip._page(call, query, Rows(found, _with_month))  # type: ignore[arg-type]


def _with_month(record: Any) -> dict[str, Any]:
    return infobip._record(record.id, record.data, with_month=True)


_rendered: dict[str, tuple[Owned, dict[str, Any]]] = {}
_render = plivo._number


def _once(account: Account, row: Owned) -> dict[str, Any]:
    """A number of Plivo's, rendered once for as long as it is remembered."""
    known = _rendered.get(row.number)
    if known is None or known[0] is not row:
        known = _rendered[row.number] = (row, _render(account, row))
    return known[1]


if __name__ == "__main__":
    plivo._number = _once
    server.__dict__["Store"] = KeptStore
    infobip.PROVIDER = Infobip()
    sys.exit(command.main())
