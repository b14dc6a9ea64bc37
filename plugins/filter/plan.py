# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that read a numbers plan."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._plans import audit, claims
from ..module_utils._plans.model import PlanError
from ..module_utils._tasks import plan


def plan_problems(pools: t.Any, accounts: t.Any = None, limits: t.Any = None, date: t.Any = None) -> list[str]:
    """Return a line for each mistake in the plan and in the *date* of an audit."""
    problems: list[str] = []
    try:
        plan.read(pools, accounts, limits)
    except PlanError as error:
        problems += error.problems
    try:
        audit.day(date)
    except ValueError as error:
        problems += [str(error)] if date is not None else []
    return problems


def plan_pools(pools: t.Any, accounts: t.Any = None) -> list[dict[str, t.Any]]:
    """Return the pools in their normal form. Raises AnsibleFilterError, which lists all mistakes in the plan."""
    try:
        return claims.as_dicts(plan.read(pools, accounts))
    except PlanError as error:
        raise AnsibleFilterError(f"The numbers plan has mistakes: {error}") from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"plan_problems": plan_problems, "plan_pools": plan_pools}
