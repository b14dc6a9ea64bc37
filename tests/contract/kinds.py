# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One provider of each kind, for the suites that come after the contract suite, which goes to every provider.

The kinds follow from what the providers declare. As a program it prints the names of those to go to, as JSON, for the
integration targets: its arguments are the names of the providers for which they have facts of their own, with commas
between them, and the facts that make the kinds.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[5]))  # where the collections are

from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from rows import ROWS, Row

VARIABLE = "TELCO_NUMBERS_TEST_PROVIDERS"  # "all", or names with commas between them; without it one of each kind
BY_NAME = {row.provider: row for row in ROWS}


def facts(row: Row) -> dict[str, object]:
    """The facts for which a task takes another way: how the provider is opened, sells, links, configures and takes
    back.
    """
    features = load(row.provider).features
    each_or_whole = "whole" if features.links_whole else "each capability"
    return {
        "logs_in": row.login > 0,
        "purchase": (features.purchase, features.asynchronous),
        "pending": features.pending_orders,
        "links": each_or_whole if features.kinds else None,
        "several_kinds": len({kind for kinds in features.kinds.values() for kind in kinds}) > 1,
        "lists_applications": bool(features.listed_kinds),
        "configures": bool(features.configuration),
        "releases": features.release,
    }


def one_of_each(declared: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return the fewest names that have every value of every fact among them, the first such ones by name."""
    values = {name: set(told.items()) for name, told in sorted(declared.items())}
    every = set().union(*values.values())
    groups = (names for size in range(1, len(values) + 1) for names in itertools.combinations(values, size))
    return list(next(names for names in groups if set().union(*(values[name] for name in names)) == every))


def chosen(*deciding: str, among: Iterable[str] = tuple(BY_NAME)) -> list[Row]:
    """Return the rows of the providers to go to: those that the variable names, or else one of each kind *among* some.

    The *deciding* facts alone make the kinds; without them all facts do.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted:
        return [BY_NAME[name] for name in (among if wanted == "all" else wanted.split(","))]
    told = {name: facts(BY_NAME[name]) for name in among}
    names = one_of_each({name: {key: told[name][key] for key in deciding or told[name]} for name in told})
    return [BY_NAME[name] for name in names]


EACH_KIND = chosen()

if __name__ == "__main__":
    print(json.dumps([row.provider for row in chosen(*sys.argv[2:], among=sys.argv[1].split(","))]))
