# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 3: the journal of purchases and the lock of an account.

The journal is a private file of JSON lines: an entry is written before a purchase is sent and again with each change of its
state, and is on the disk before anything else happens. The last state of an id counts. A line that a crash cut off was
never acted upon, because the request is sent only after the line is safe; it is dropped.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import typing as t
import uuid

from .. import _files, _money
from .._errors import Failure
from .._http import Clock
from .._model import Number, Offer

INTENT = "intent"  # about to be sent; without a later state the outcome is open
FULFILLED = "fulfilled"  # bought; the provider's list has not shown all of it yet
PENDING = "pending"  # ordered; the provider delivers later
UNKNOWN = "unknown"  # sent, and nothing decided the outcome
CLOSED = "closed"  # settled: nothing is to be remembered

_HOW = "set journal (or TELCO_NUMBERS_JOURNAL) to a directory that only this user can use"


@dataclasses.dataclass
class Entry:
    """One purchase call: what was asked, which matching numbers were owned *before*, which *numbers* it is known to have brought.

    *at* is in seconds since the epoch; *offer* holds the facts by which its numbers can be recognised.
    """

    id: str
    at: float
    offer: dict[str, t.Any]
    quantity: int
    status: str = INTENT
    before: list[str] = dataclasses.field(default_factory=list)
    numbers: list[str] = dataclasses.field(default_factory=list)
    references: list[str] = dataclasses.field(default_factory=list)
    application: str | None = None
    message: str | None = None

    def as_offer(self, provider: str) -> Offer:
        """The offer that was bought, as far as its facts were kept."""
        prices = {key: _money.amount(self.offer[key]) for key in _PRICES}
        capabilities = None if self.offer["capabilities"] is None else tuple(self.offer["capabilities"])
        return Offer(provider=provider, stock=self.quantity, **{**self.offer, **prices, "capabilities": capabilities})

    def as_number(self, provider: str, number: str, linked_capabilities: t.Collection[str]) -> Number:
        """A bought *number* that the list does not show yet, with the facts of its offer, linked as it was bought to be."""
        offer = self.as_offer(provider)
        facts = {key: getattr(offer, key) for key in _NUMBER_FACTS}
        linked = [capability for capability in offer.capabilities or () if capability in linked_capabilities and self.application]
        applications = {capability: str(self.application) for capability in linked}
        return Number(id=number.lstrip("+"), provider=provider, number=number, applications=applications, **facts)


_PRICES = ("setup_price", "monthly_price", "due_now")
_FACTS = ("id", "number", "country", "type", "capabilities", "area_code", "region", "city", "currency", *_PRICES)
_NUMBER_FACTS = ("country", "type", "capabilities", "area_code", "region", "city")


def new_entry(offer: Offer, quantity: int, before: t.Sequence[str], application: str | None, at: float) -> Entry:
    """An intent to buy *quantity* of *offer*; *before* are the owned numbers that might be taken for bought ones."""
    facts = {key: _money.text(getattr(offer, key)) if key in _PRICES else getattr(offer, key) for key in _FACTS}
    return Entry(str(uuid.uuid4()), at, facts, quantity, before=sorted(before), application=application)


# What must outlive a power failure. Without its outcome an entry is settled from the provider's list, as after a kill.
_SYNCED = (INTENT, PENDING, UNKNOWN)


class Journal:
    """The open entries of one account. With *path* None nothing is kept beyond the task."""

    def __init__(self, path: str | None, entries: t.Iterable[Entry] = ()) -> None:
        self._path = path
        self._open = {entry.id: entry for entry in entries}

    @property
    def entries(self) -> list[Entry]:
        """The open entries, the oldest first."""
        return sorted(self._open.values(), key=lambda entry: (entry.at, entry.id))

    def write(self, entry: Entry) -> None:
        """Make the state of *entry* durable. Raises Failure ``journal_required`` when that is impossible."""
        self._append(entry)
        if entry.status == CLOSED:
            self._open.pop(entry.id, None)
        else:
            self._open[entry.id] = entry

    def close(self, entry: Entry) -> None:
        """Forget *entry*: its outcome is known and shown by the provider."""
        entry.status = CLOSED
        self.write(entry)

    def _append(self, entry: Entry) -> None:
        if self._path is None:
            return
        line = json.dumps(dataclasses.asdict(entry), sort_keys=True).encode("utf-8") + b"\n"
        try:
            _files.private_directory(os.path.dirname(self._path), make=False)  # it may have been replaced since the lock was taken
            fresh = not os.path.exists(self._path)
            descriptor = _files.open_private(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            try:
                view = memoryview(line)
                while view:
                    view = view[os.write(descriptor, view) :]
                if entry.status in _SYNCED:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if fresh:
                _files.sync_directory(os.path.dirname(self._path))
        except (OSError, _files.Unsafe) as error:
            raise Failure("journal_required", f"The journal {self._path} cannot be written, so nothing more is bought: {_HOW} ({error}).") from None


class Store:
    """Where the journals and locks of one user stand: one pair a provider, address and account."""

    def __init__(self, directory: str, key: t.Callable[[], str], enabled: bool) -> None:
        """Use *directory*; *key*, asked when it is needed, tells accounts apart. Without *enabled* there is a lock but no journal."""
        self.enabled = enabled
        self._directory = directory
        self._key = key

    def _path(self, folder: str, suffix: str) -> str:
        return os.path.join(folder, hashlib.sha256(self._key().encode("utf-8")).hexdigest()[:32] + suffix)

    def peek(self) -> Journal:
        """The journal as it is now, for a task that changes nothing."""
        return Journal(None, self._load(self._path(self._directory, ".jsonl"))[0] if self.enabled else ())

    @contextlib.contextmanager
    def locked(self, clock: Clock) -> t.Iterator[Journal]:
        """Hold the account's lock. Raises Failure ``locked`` when another task keeps it until the deadline."""
        try:
            folder = _files.private_directory(self._directory)
            descriptor = _files.open_private(self._path(folder, ".lock"), os.O_RDWR | os.O_CREAT)
        except _files.Unsafe as error:
            raise Failure("journal_required", f"The journal and lock of this account cannot be kept: {error}. To mend it, {_HOW}.") from None
        try:
            _acquire(descriptor, clock)
            yield self._open(self._path(folder, ".jsonl"))
        finally:
            os.close(descriptor)

    def _open(self, path: str) -> Journal:
        if not self.enabled:
            return Journal(None)
        entries, compact = self._load(path)
        if not compact:
            lines = [json.dumps(dataclasses.asdict(entry), sort_keys=True) + "\n" for entry in entries]
            try:
                _files.replace(path, "".join(lines).encode("utf-8"))
            except _files.Unsafe as error:
                raise Failure("journal_required", f"The journal cannot be written: {error}. To mend it, {_HOW}.") from None
        return Journal(path, entries)

    @staticmethod
    def _load(path: str) -> tuple[list[Entry], bool]:
        """Return the open entries, and whether the file holds nothing else."""
        try:
            with os.fdopen(_files.open_private(path, os.O_RDONLY), "rb") as stream:
                content = stream.read()
        except FileNotFoundError:
            return [], True
        except (_files.Unsafe, OSError) as error:
            raise Failure("journal_required", f"The journal cannot be read: {error}. To mend it, {_HOW}.") from None
        lines = content.split(b"\n")
        torn = lines.pop() != b""
        latest: dict[str, Entry] = {}
        for place, line in enumerate(lines, 1):
            entry = _parse(line, f"{path}, line {place}")
            latest[entry.id] = entry
        entries = [entry for entry in latest.values() if entry.status != CLOSED]
        return entries, not torn and len(entries) == len(lines)


def _parse(line: bytes, where: str) -> Entry:
    try:
        entry = Entry(**json.loads(line.decode("utf-8"), parse_constant=_refuse_constant))
        if not _is_sane(entry):
            raise ValueError
        return entry
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Failure(
            "journal_required",
            f"The journal is damaged ({where}), so what was bought cannot be told: compare the account's numbers, then mend or remove that file.",
        ) from None


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(name)


def _is_sane(entry: Entry) -> bool:
    """Whether every field has the type that the rest relies on. Raises what a wrong shape raises."""
    texts = [*entry.before, *entry.numbers, *entry.references, *(entry.offer["capabilities"] or ())]
    optional = [entry.application, entry.message, *(entry.offer[key] for key in _FACTS if key not in ("id", "capabilities"))]
    return (
        all(isinstance(value, list) for value in (entry.before, entry.numbers, entry.references, entry.offer["capabilities"] or []))
        and all(isinstance(value, str) for value in (entry.id, entry.offer["id"], *texts))
        and all(value is None or isinstance(value, str) for value in optional)
        and set(entry.offer) == set(_FACTS)
        and isinstance(entry.at, (int, float))
        and abs(entry.at) < 1e12
        and isinstance(entry.quantity, int)
        and not isinstance(entry.quantity, bool)
        and entry.quantity >= 0
        and entry.as_offer("").id == entry.offer["id"]
        and entry.status in (INTENT, FULFILLED, PENDING, UNKNOWN, CLOSED)
    )


def _acquire(descriptor: int, clock: Clock) -> None:
    pause = 0.05
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not clock.sleep(pause):
                raise Failure("locked", "Another task of this machine works on this account and did not end before the deadline: run again later.") from None
            pause = min(1.0, pause * 1.5)
