# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..module_utils._tasks.owned_plan_info import TASK as _TASK
from ..plugin_utils._report import PlanAction


class ActionModule(PlanAction):
    """Runs owned_plan_info, in the controller's process where that makes no difference."""

    TASK = _TASK
