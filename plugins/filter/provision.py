# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters that the role provision decides by."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.telco.numbers.plugins.plugin_utils import _plan, _provision


def plan_progress(pools: t.Sequence[t.Any], done: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What is to be done next for the pools, after what was done."""
    return _provision.Progress(pools, done).as_dict()


def plan_quote(results: t.Sequence[t.Any], limits: t.Any = None) -> dict[str, t.Any]:
    """What the quotes of *results* come to, and which of the plan's limits they break. Raises AnsibleFilterError for limits with mistakes."""
    quotes = [result.get("quote") for result in results]
    try:
        bounds = _plan.read([], limits=limits).limits
    except _plan.PlanError as error:
        raise AnsibleFilterError(f"The limits have mistakes: {error}") from None
    return {"totals": _provision.totals(quotes), "over": _provision.over(quotes, bounds)}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"plan_progress": plan_progress, "plan_quote": plan_quote}
