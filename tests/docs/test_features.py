# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of README.md, "What each provider offers", says what the providers' features say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_NUMBER, Features
from ansible_collections.telco.numbers.plugins.module_utils._providers import NAMES, load

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
TABLE = README[README.index("## What each provider offers") :].partition("\n\n")[2].partition("\n\n")[0]
CELLS = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in TABLE.splitlines()]
ROWS = {name: dict(zip(CELLS[0][1:], cells)) for name, *cells in CELLS}


def keys(cell: str) -> set[str]:
    """The words of a cell, without what stands in brackets."""
    return set(re.sub(r" \(.*?\)", "", cell).split(", "))


def says(cell: str) -> bool:
    """Whether a cell begins with anything but no."""
    return not cell.startswith("no")


def test_every_provider_has_a_column() -> None:
    assert sorted(CELLS[0][1:]) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_table(name: str) -> None:
    features: Features = load(name).features
    told: dict[str, tuple[Any, Any]] = {
        "search by": (keys(ROWS["search by"][name]), set(features.offer_keys)),
        "list owned numbers by": (keys(ROWS["list owned numbers by"][name]), set(features.owned_keys)),
        "buy a number by its digits": (says(ROWS["buy a number by its digits"][name]), features.purchase == BY_NUMBER),
        "charge compared with the quote": (says(ROWS["charge compared with the quote"][name]), features.shows_charge),
        "links to applications": (says(ROWS["links to applications"][name]), bool(features.linked_capabilities)),
        "new numbers are linked": (
            ROWS["new numbers are linked"][name] == "in the purchase",
            features.links_on_purchase,
        ),
        "default application of the account": (
            says(ROWS["default application of the account"][name]),
            features.default_application,
        ),
        "configuration": (says(ROWS["configuration"][name]), bool(features.configuration)),
        "release": (says(ROWS["release"][name]), features.release),
        "orders may stay pending": (says(ROWS["orders may stay pending"][name]), features.pending_orders),
    }
    assert [row for row, (said, true) in told.items() if said != true] == []
