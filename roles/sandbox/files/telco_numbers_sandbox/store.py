# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of the sandbox, in SQLite. They survive a restart and a kill.

What was read is kept in memory until something of its kind is written: a catalogue is asked for again and again.
The names in the statements are those of the classes below; values only ever travel as parameters.
"""
# ruff: noqa: S608

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, TypeVar


@dataclass
class Record:
    """A row: its fields are the columns of TABLE, dicts and lists are kept as JSON."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]


@dataclass
class Account(Record):
    """Somebody's account; ``data`` holds the seed's credentials, applications and settings."""

    TABLE = "accounts"
    KEY = ("provider", "id")
    provider: str
    id: str
    credit: Decimal
    accounting: bool = True
    data: dict[str, Any] = field(default_factory=dict)
    spent: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def applications(self) -> list[str]:
        """The ids of the applications that numbers may be linked to."""
        return [str(app) for app in self.data.get("applications", [])]


@dataclass
class Offer(Record):
    """A group with a stock, or a single number (stock 1 or 0)."""

    TABLE = "offers"
    KEY = ("provider", "id")
    provider: str
    id: str
    stock: int
    issued: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Owned(Record):
    """A number that an account owns; ``data`` are the facts of its offer at the time of the purchase."""

    TABLE = "owned"
    KEY = ("provider", "number")
    provider: str
    number: str
    account: str
    id: str
    offer: str | None
    bought_at: float
    reads: int = 0
    active: bool = True
    data: dict[str, Any] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)


@dataclass
class Past(Record):
    """A number before its latest change of links, or before it was given back. A list that lags shows it."""

    TABLE = "past"
    KEY = ("provider", "number")
    provider: str
    number: str
    account: str
    changed_at: float
    row: dict[str, Any]
    reads: int = 0


@dataclass
class Reservation(Record):
    """Stock held for an account until it is checked out or expires."""

    TABLE = "reservations"
    KEY = ("id",)
    id: str
    provider: str
    account: str
    offer: str
    quantity: int
    expires_at: float
    state: str = "held"
    checkouts: int = 0


@dataclass
class Order(Record):
    """A purchase of a group, fulfilled at once or later."""

    TABLE = "orders"
    KEY = ("id",)
    id: str
    provider: str
    account: str
    offer: str
    quantity: int
    status: str
    numbers: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Session(Record):
    """A log-in ticket or an instance, with its secret."""

    TABLE = "sessions"
    KEY = ("id",)
    id: str
    kind: str
    owner: str
    secret: str
    expires_at: float


@dataclass
class LoggedRequest(Record):
    """A request as it arrived; ``status`` is null until it is answered."""

    TABLE = "requests"
    KEY = ("id",)
    id: int
    provider: str | None
    method: str
    path: str
    mutating: bool
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    faults: list[str] = field(default_factory=list)


RECORDS: tuple[type[Record], ...] = (Account, Offer, Owned, Past, Reservation, Order, Session, LoggedRequest)
AnyRecord = TypeVar("AnyRecord", bound=Record)


def _encode(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value) if isinstance(value, Decimal) else value


def _decode(annotation: str, value: Any) -> Any:
    if annotation.startswith(("dict", "list")):
        return json.loads(value)
    if annotation == "Decimal":
        return Decimal(value)
    return bool(value) if annotation == "bool" else value


def _sql_type(annotation: str) -> str:
    kinds = {"int": "INTEGER", "bool": "INTEGER", "float": "REAL"}
    return kinds.get(annotation.split(" ")[0], "TEXT")


def _columns(kind: type[Record]) -> list[tuple[str, str]]:
    return [(item.name, str(item.type)) for item in dataclasses.fields(kind)]


class Store:
    """Saves and finds records; a transaction is all or nothing."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._kept: defaultdict[type[Record], dict[tuple[tuple[str, Any], ...], list[Any]]] = defaultdict(dict)
        self._create()

    def _create(self) -> None:
        for kind in RECORDS:
            columns = ", ".join(f"{name} {_sql_type(annotation)}" for name, annotation in _columns(kind))
            self._db.execute(
                f"CREATE TABLE IF NOT EXISTS {kind.TABLE} ({columns}, PRIMARY KEY ({', '.join(kind.KEY)}))"
            )
        self._db.execute("CREATE TABLE IF NOT EXISTS settings (provider TEXT PRIMARY KEY, data TEXT NOT NULL)")

    def close(self) -> None:
        """Close the database, with everything written."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end; an exception undoes all of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._kept.clear()  # a kept record may have been changed
            raise
        self._db.execute("COMMIT")

    def find(self, kind: type[AnyRecord], /, **where: Any) -> Sequence[AnyRecord]:
        """Return all records with these values, oldest first. A caller that changes a record must save it, because
        other callers get the same object.
        """
        kept, key = self._kept[kind], tuple(where.items())
        if key not in kept:
            kept[key] = self._read(kind, where)
        return kept[key]

    def _read(self, kind: type[AnyRecord], where: Mapping[str, Any]) -> list[AnyRecord]:
        condition = " AND ".join(f"{name} = ?" for name in where) or "1"
        rows = self._db.execute(f"SELECT * FROM {kind.TABLE} WHERE {condition} ORDER BY rowid", list(where.values()))
        columns = _columns(kind)
        return [kind(**{name: _decode(note, row[name]) for name, note in columns}) for row in rows]

    def the(self, kind: type[AnyRecord], /, **where: Any) -> AnyRecord:
        """Return the one record with these values. Raises LookupError when there is none, or more than one."""
        found = self.find(kind, **where)
        if len(found) != 1:
            raise LookupError(f"{len(found)} of {kind.TABLE} with {where}")
        return found[0]

    def get(self, kind: type[AnyRecord], /, **where: Any) -> AnyRecord | None:
        """Return the first record with these values, or None."""
        found = self.find(kind, **where)
        return found[0] if found else None

    def save(self, record: Record) -> None:
        """Insert the record, or update the one with the same key (its place in lists stays)."""
        self._kept.pop(type(record), None)
        names = [name for name, _note in _columns(type(record))]
        updates = ", ".join(f"{name} = excluded.{name}" for name in names)
        self._db.execute(
            f"INSERT INTO {record.TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
            f"ON CONFLICT ({', '.join(record.KEY)}) DO UPDATE SET {updates}",
            [_encode(getattr(record, name)) for name in names],
        )

    def delete(self, record: Record) -> None:
        """Delete one record."""
        self._kept.pop(type(record), None)
        condition = " AND ".join(f"{name} = ?" for name in record.KEY)
        self._db.execute(
            f"DELETE FROM {record.TABLE} WHERE {condition}", [getattr(record, name) for name in record.KEY]
        )

    def clear(self, *kinds: type[Record]) -> None:
        """Delete all records of these kinds."""
        for kind in kinds:
            self._kept.pop(kind, None)
            self._db.execute(f"DELETE FROM {kind.TABLE}")

    def settings(self, provider: str) -> dict[str, Any]:
        """Return the seed's settings of a provider."""
        row = self._db.execute("SELECT data FROM settings WHERE provider = ?", [provider]).fetchone()
        found: dict[str, Any] = json.loads(row["data"]) if row else {}
        return found

    def set_settings(self, provider: str, data: dict[str, Any]) -> None:
        """Replace the settings of a provider."""
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [provider, json.dumps(data)])

    def is_new(self) -> bool:
        """Whether the store has never had a seed."""
        return self._db.execute("SELECT 1 FROM settings LIMIT 1").fetchone() is None
