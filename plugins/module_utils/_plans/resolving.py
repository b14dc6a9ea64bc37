# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: the applications that pools name, found once an account: by their names, or where only the opened account
knows what they are.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Failure
from .._core.link import Aim
from .._operations import applications
from .._operations.context import Context
from . import claims
from .model import Pool


class Resolver:
    """Finds what the pools of one account name; each is looked for once, and a failure is kept, too."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[Aim, Aim | Failure] = {}

    def pool(self, pool: Pool) -> Pool:
        """*pool* with the ids and kinds of its applications. Raises Failure for a name that fits none or several."""
        aim = pool.want.application
        if not is_open(pool) or aim is None:
            return pool
        if aim not in self._found:
            try:
                self._found[aim] = applications.resolved(self._context, aim)
            except Failure as failure:
                self._found[aim] = failure
        found = self._found[aim]
        if isinstance(found, Failure):
            raise found
        return dataclasses.replace(pool, want=dataclasses.replace(pool.want, application=found))


def is_open(pool: Pool) -> bool:
    """Whether only the opened account tells what *pool* wants its numbers linked to."""
    aim = pool.want.application
    return aim is not None and not all(target.id and target.kind and target.capability for target in aim.targets)


def check_distinct(pool: Pool, others: t.Iterable[Pool]) -> None:
    """Raise Failure ``invalid_option`` where *pool* and one of the *others* want the same application after all."""
    for line in claims.problems([*others, pool]):
        if pool.name in line.partition(":")[0].split():
            raise Failure("invalid_option", line)
