# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: adopted pools as a file of a plan, with comments, and as a table. Pure.

What a provider says is data: it is no template in the file, and never breaks out of a comment.
"""

from __future__ import annotations

import json
import typing as t

from .._core import money
from .._core.errors import one_line
from .._core.model import Number
from .adopt import Adopted
from .columns import amount, counted, table

_HEAD = """\
---
# What is owned and in no pool of the plan. Give the pools names that say what they are for, put them together as you
# like, and add them to your plan: the audit then shows no drift for them, and provision has nothing to do.
"""


def text(pools: t.Sequence[Adopted], defined: t.Collection[str]) -> str:
    """The file."""
    if not pools:
        return f"{_HEAD}telco_numbers_plan: []\n"
    lines = ["telco_numbers_plan:"]
    for pool in pools:
        lines += [f"  # {_comment(_about(pool))}", *_pool(pool, defined)]
    return _HEAD + "\n".join(lines) + "\n"


def _pool(pool: Adopted, defined: t.Collection[str]) -> t.Iterator[str]:
    first = True
    for key, value in pool.as_dict(defined).items():
        start = "  - " if first else "    "
        first = False
        if key == "numbers":
            yield f"{start}numbers:"
            for number in pool.numbers:
                yield f"      - {_scalar(number.number)}  # {_comment(_facts(number))}"
        elif isinstance(value, dict):
            yield f"{start}{key}:"
            for name, item in value.items():
                yield f"      {name}: {_value(item)}"
        else:
            yield f"{start}{key}: {_scalar(value)}"


def _value(item: t.Any) -> str:
    if isinstance(item, dict):
        return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in item.items()) + "}"
    return _scalar(item)


def _scalar(value: t.Any) -> str:
    """A text in double quotes, which is no template whatever stands in it."""
    written = json.dumps(str(value), ensure_ascii=not str(value).isprintable())
    return f"!unsafe {written}" if "{" in written else written


def _comment(words: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in one_line(words))


def _about(pool: Adopted) -> str:
    number = pool.numbers[0]
    what = " ".join(part for part in (number.country or "country unknown", number.type or "") if part)
    linked = ", linked to an address, or to what its record does not tell" if pool.is_linked_otherwise else ""
    return f"{pool.account.name}: {counted(len(pool.numbers), 'number')}, {what}{linked}, {_cost(pool)} a month"


def _facts(number: Number) -> str:
    price = f"{amount(number.monthly_price)} {number.currency or ''}".strip()
    return ", ".join(part for part in (number.friendly_name, number.city, price) if part)


def _cost(pool: Adopted) -> str:
    sums: dict[str, list[t.Any]] = {}
    for number in pool.numbers:
        sums.setdefault(number.currency or "", []).append(number.monthly_price)
    return " + ".join(f"{amount(money.plus(*prices))} {currency}".strip() for currency, prices in sorted(sums.items()))


def report(pools: t.Sequence[Adopted], unread: t.Sequence[tuple[str, str]]) -> str:
    """The lines for people: the pools, and the accounts that could not be read."""
    rows = [(pool.name, pool.account.name, str(len(pool.numbers)), _linked(pool), _cost(pool)) for pool in pools]
    lines = list(table([("pool", "account", "numbers", "linked to", "per month"), *rows], ("numbers", "per month")))
    total = sum(len(pool.numbers) for pool in pools)
    said = f"{counted(len(pools), 'pool')} for {counted(total, 'number')} that no pool has."
    lines = [*lines, said] if rows else ["Everything that was read is in a pool."]
    return "\n".join([*lines, *(f"not read: {account}: {message}" for account, message in unread)])


def _linked(pool: Adopted) -> str:
    found = pool.options.get("application") or pool.options.get("applications")
    if isinstance(found, dict):
        ids = (one["id"] if isinstance(one, dict) else one for one in found.values())
        return _comment(", ".join(dict.fromkeys(ids)))
    return _comment(found) if found else "otherwise" if pool.is_linked_otherwise else "-"
