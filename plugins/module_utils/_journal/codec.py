# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: write and read an entry of the journal: one JSON object on one line.

Fields that this version does not know are kept, because a newer version may read them again. Release 1 wrote purchases
without lines; each is read as a purchase with one line.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._core.errors import Failure
from .._core.selector import KEYS
from .entries import CHANGE_STATES, FACTS, LINK, PURCHASE, RELEASE, STATES, ChangeEntry, Entry, Line, offer_of


def as_line(entry: Entry | ChangeEntry) -> bytes:
    """Return *entry* as a line of the journal, with its line break."""
    fields = _fields(entry)
    if isinstance(entry, Entry):
        fields = {**fields, "kind": PURCHASE, "lines": [_fields(line) for line in entry.lines]}
    return json.dumps(fields, sort_keys=True).encode("utf-8") + b"\n"


def _fields(record: Entry | ChangeEntry | Line) -> dict[str, t.Any]:
    """Return the fields of *record*, and those of a newer version beside them."""
    own = {name: value for name, value in vars(record).items() if name != "extra"}
    return {**record.extra, **own}


def parse(line: bytes, where: str) -> Entry | ChangeEntry:
    """Return the entry in *line* of the journal; *where* names its file and line for a message.

    Raises Failure ``journal_required`` for a line that is damaged, or that a newer release wrote.
    """
    try:
        fields = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        kind = fields.get("kind", "")
        if kind and kind not in (PURCHASE, LINK, RELEASE):
            raise Failure(
                "journal_required",
                f"The journal ({where}) has an entry of the kind {str(kind)[:40]!r}, which a newer release wrote: "
                "update the collection on this machine.",
            )
        entry: Entry | ChangeEntry
        if kind in (LINK, RELEASE):
            entry = _build(ChangeEntry, fields)
        else:
            entry = _purchase(fields if kind else _from_release_1(fields))
        if not (_is_sane_change(entry) if isinstance(entry, ChangeEntry) else _is_sane(entry)):
            raise ValueError
        return entry
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Failure(
            "journal_required",
            f"The journal is damaged ({where}), so it does not show what was bought: compare the account's numbers, "
            "then mend or remove that file.",
        ) from None


def _from_release_1(fields: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return *fields* of a purchase that release 1 wrote, those of a line moved into its only line."""
    own = {field.name for field in dataclasses.fields(Line)} - {"extra"}
    line = {key: value for key, value in fields.items() if key in own}
    rest = {key: value for key, value in fields.items() if key not in own}
    return {**rest, "kind": PURCHASE, "lines": [line]}


def _purchase(fields: t.Mapping[str, t.Any]) -> Entry:
    rest = {key: value for key, value in fields.items() if key != "kind"}
    lines = rest["lines"]
    if not isinstance(lines, list) or not lines:
        raise ValueError
    return _build(Entry, {**rest, "lines": tuple(_build(Line, line) for line in lines)})


_Kind = t.TypeVar("_Kind", Entry, Line, ChangeEntry)


def _build(kind: type[_Kind], fields: t.Mapping[str, t.Any]) -> _Kind:
    """Return an object of *kind* with *fields*. Fields that *kind* does not have are kept in ``extra``."""
    known = {field.name for field in dataclasses.fields(kind)} - {"extra"}
    extra = {key: value for key, value in fields.items() if key not in known}
    return kind(**{key: value for key, value in fields.items() if key in known}, extra=extra)


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(name)


def _is_sane(entry: Entry) -> bool:
    """Whether every field of *entry* has its right type. Some wrong types raise TypeError, KeyError or another one."""
    capabilities = entry.selector.get("capabilities") or []
    wanted = [value for key, value in entry.selector.items() if key in KEYS and key != "capabilities"]
    optional = [entry.application, entry.key, entry.order, entry.papers, *wanted]
    return (
        all(map(_is_sane_line, entry.lines))
        and isinstance(capabilities, list)
        and _are_texts([entry.id, entry.provider, *capabilities])
        and all(value is None or isinstance(value, str) for value in optional)
        and _is_moment(entry.at)
    )


def _is_sane_line(line: Line) -> bool:
    lists = (line.before, line.numbers, line.references, line.seen, line.offer["capabilities"] or [])
    optional = [line.message, line.code, *(line.offer[key] for key in FACTS if key not in ("id", "capabilities"))]
    return (
        all(isinstance(value, list) for value in lists)
        and _are_texts([line.offer["id"], *(text for part in lists for text in part)])
        and all(value is None or isinstance(value, str) for value in optional)
        and isinstance(line.quantity, int)
        and not isinstance(line.quantity, bool)
        and line.quantity >= 0
        and offer_of(line, "").id == line.offer["id"]
        and line.status in STATES
    )


def _is_sane_change(entry: ChangeEntry) -> bool:
    links = [*entry.before.items(), *entry.after.items()]
    return (
        _are_texts([entry.id, entry.kind, entry.number, entry.identity, *(text for pair in links for text in pair)])
        and _is_moment(entry.at)
        and entry.status in CHANGE_STATES
    )


def _are_texts(values: t.Iterable[t.Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_moment(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12
