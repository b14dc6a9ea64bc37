# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What the modules about a numbers plan share: the accounts of the plan, and the time for each."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of every module about a plan."""

    DOCUMENTATION = r"""
options:
  accounts:
    description:
      - The accounts of the plan, by name. Each has the options that open it, as the other modules take them, like
        C(provider), C(api_key) and C(account_currency), and may have a C(default_application).
      - A pool that names a C(provider) and no C(account) uses the account that the environment opens.
      - An account may have a C(deadline) of its own.
      - No value of it is shown in a result. Give secrets by lookups, by Ansible Vault or by the environment.
    type: dict
    default: {}
  deadline:
    description:
      - The most seconds that the work for one account takes. Accounts do not wait for each other.
    type: float
    default: 3600
attributes:
  action_group:
    description: Use C(group/telco.numbers.plans) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - telco.numbers.plans
"""
