# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seed of the sandbox: check and expand the accounts, offers and settings that it starts with."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from .store import RECORDS, Account, Offer, Store
from .wire import Provider, decimal

SECTIONS = ("accounts", "offers", "settings", "extend")
ACCOUNT_FIELDS = ("id", "credit", "accounting", "applications")
OFFER_FIELDS = (
    "id",
    "number",
    "numbers",
    "stock",
    "country",
    "type",
    "capabilities",
    "setup_price",
    "monthly_price",
    "currency",
    "city",
    "region",
    "area_code",
    "e164_prefix",
    "length",
    "record",
)
BLOCK_FIELDS = ("variants", "first", "count")
CAPABILITIES = ("voice", "sms", "mms")


class SeedError(Exception):
    """A wrong seed. The message says where."""


def default_seed() -> dict[str, Any]:
    """Return the seed that is part of the sandbox."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "default_seed.json").read_text(encoding="utf-8"))
    return found


def merge(base: Mapping[str, Any], given: Any) -> dict[str, Any]:
    """Return the seed *base* with the changes in *given*.

    ``accounts`` and ``offers`` that are given replace those of the same provider, or come on top of them
    with ``extend``; ``settings`` are merged; a provider that is not named keeps what it had.
    """
    if not isinstance(given, Mapping):
        raise SeedError("a seed is an object with a key for each provider")
    merged = {name: dict(section) for name, section in base.items()}
    for name, section in given.items():
        if not isinstance(section, Mapping):
            raise SeedError(f"{name}: must be an object")
        _only(section, SECTIONS, name)
        check_kinds(section, name, lists=("accounts", "offers"), objects=("settings",))
        old = merged.setdefault(name, {})
        for key in ("accounts", "offers"):
            if key in section:
                old[key] = (old.get(key, []) if section.get("extend") else []) + section[key]
        old["settings"] = {**old.get("settings", {}), **section.get("settings", {})}
    return merged


def plant(store: Store, providers: Collection[Provider], seed: Mapping[str, Any]) -> None:
    """Delete all records and start from this seed. The caller has begun the transaction."""
    known = {provider.name: provider for provider in providers}
    _only(seed, known, "the seed")
    store.clear(*RECORDS)
    for name, provider in known.items():
        section = seed.get(name, {})
        store.set_settings(name, {**provider.default_settings, **section.get("settings", {})})
        for account in section.get("accounts", []):
            store.save(_account(provider, account))
        for block in section.get("offers", []):
            for offer in _expanded(provider, block):
                store.save(_offer(provider, offer))


def _only(found: Mapping[str, Any], allowed: Collection[str], where: str) -> None:
    if unknown := [name for name in found if name not in allowed]:
        raise SeedError(f"{where}: unknown key '{unknown[0]}'; known: {', '.join(allowed)}")


def check_kinds(
    found: Mapping[str, Any], where: str, lists: Collection[str] = (), objects: Collection[str] = ()
) -> None:
    """Raise SeedError for a value that must be a list or an object and is not."""
    for names, kind, word in ((lists, list, "a list"), (objects, dict, "an object")):
        for name in names:
            if not isinstance(found.get(name, kind()), kind):
                raise SeedError(f"{where}: {name} must be {word}")


def _account(provider: Provider, data: Any) -> Account:
    where = f"{provider.name}: account"
    if not isinstance(data, Mapping) or not data.get("id"):
        raise SeedError(f"{where} needs an id")
    _only(data, (*ACCOUNT_FIELDS, *provider.account_fields), where)
    check_kinds(data, where, lists=("applications",))
    credit = _amount(data.get("credit", "1000"), where)
    return Account(provider.name, str(data["id"]), credit, bool(data.get("accounting", True)), dict(data))


def _expanded(provider: Provider, block: Any) -> Iterator[dict[str, Any]]:
    """Yield the offers of a block: its variants, a run of numbers, or the block itself."""
    where = f"{provider.name}: offer"
    if not isinstance(block, Mapping):
        raise SeedError(f"{where} must be an object")
    check_kinds(block, where, lists=("variants",))
    shared = {name: value for name, value in block.items() if name not in BLOCK_FIELDS}
    if "first" in block:
        if not re.fullmatch(r"\+\d{4,15}", str(block["first"]), re.ASCII):
            raise SeedError(f"{where}: first must be an E.164 number")
        start = int(str(block["first"])[1:])
        yield from (
            {**shared, "number": f"+{start + index}"}
            for index in range(_whole(block.get("count", 1), f"{where}: count"))
        )
        return
    for variant in block.get("variants", [{}]):
        if not isinstance(variant, Mapping):
            raise SeedError(f"{where}: a variant must be an object")
        yield {**shared, **variant}


def _offer(provider: Provider, data: dict[str, Any]) -> Offer:
    key = "number" if provider.single_numbers else "id"
    if not data.get(key):
        raise SeedError(f"{provider.name}: offer needs {'number, or first and count' if key == 'number' else 'id'}")
    where = f"{provider.name}: offer {data[key]}"
    _only(data, (*OFFER_FIELDS, *provider.offer_fields), where)
    check_kinds(data, where, lists=("numbers",), objects=("record",))
    capabilities = data.get("capabilities")
    if not isinstance(capabilities, list) or not all(name in CAPABILITIES for name in capabilities):
        raise SeedError(f"{where}: capabilities must be a list of {', '.join(CAPABILITIES)}")
    for name in ("setup_price", "monthly_price", "initial_month_price"):
        _amount(data.get(name, "0"), where)
    stock = _whole(data.get("stock", 1 if provider.single_numbers else 0), f"{where}: stock")
    return Offer(provider.name, provider.offer_id(data), stock, 0, data)


def _whole(value: Any, where: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise SeedError(f"{where}: '{value}' is not a whole number") from None


def _amount(value: Any, where: str) -> Decimal:
    try:
        return decimal(value)
    except ValueError as exc:
        raise SeedError(f"{where}: {exc}") from None
