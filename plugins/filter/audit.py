# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that compare a numbers plan with what is owned."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._plans import audit
from ..module_utils._plans.model import PlanError
from ..module_utils._tasks import plan

try:
    from ansible.utils.unsafe_proxy import wrap_var

    _MARKS = hasattr(wrap_var(""), "__UNSAFE__")
except ImportError:
    _MARKS = False


def _untrusted(report: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return *report* with its texts marked, so that they are never templates.

    That is needed before ansible-core 2.19, where any other text may be one, also a friendly name.
    """
    return dict(wrap_var(report)) if _MARKS else report


def plan_audit(pools: t.Any, accounts: t.Any, reads: t.Any, date: t.Any, expiring_days: t.Any = 30) -> dict[str, t.Any]:
    """Return the report that compares the plan with the owned numbers in *reads*, by account.

    Raises AnsibleFilterError for a plan with mistakes.
    """
    try:
        report = audit.report(
            plan.read(pools, accounts),
            reads,
            audit.day(date),
            int(expiring_days),
            lambda account: plan.masking(account, os.environ),
        )
    except PlanError as error:
        raise AnsibleFilterError(f"The numbers plan has mistakes: {error}") from None
    except ValueError as error:
        raise AnsibleFilterError(f"plan_audit: {error}") from None
    return _untrusted(report)


def merge_audits(reports: t.Any, absent: t.Any = ()) -> dict[str, t.Any]:
    """Return one report made of *reports* about different accounts."""
    return _untrusted(audit.merge(reports, absent))


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"plan_audit": plan_audit, "merge_audits": merge_audits}
