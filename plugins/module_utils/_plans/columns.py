# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: how reports write quantities, amounts and tables."""

from __future__ import annotations

import typing as t
from decimal import ROUND_HALF_UP, Decimal

from .._core.words import counted

__all__ = ["amount", "counted", "table"]


def amount(value: Decimal | str | None) -> str:
    """An amount of money with two digits, ``?`` for an unknown one."""
    return "?" if value is None else str(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def table(rows: t.Sequence[t.Sequence[str]], right: t.Collection[str]) -> t.Iterator[str]:
    """The lines of *rows*, of which the first one is the head; the columns *right* are set to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        cells = [
            cell.rjust(width) if name in right else cell.ljust(width) for cell, width, name in zip(row, widths, rows[0])
        ]
        yield "  ".join(cells).rstrip()
