# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What a module can do for Ansible."""

from __future__ import annotations


class ModuleDocFragment:
    """For modules that change something; ``INFO`` is for those that only read."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details:
      - No request that changes anything is sent. Log-in and reading are not such.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: full
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the account is left alone between the two runs.
    support: full
    details:
      - The second run sends no request that changes anything.
  platform:
    description: Target OS/families that can be operated against.
    platforms: posix
    support: full
  action_group:
    description: Use C(group/telco.numbers.numbers) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - telco.numbers.numbers
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
    support: full
    details:
      - This module changes nothing.
  platform:
    description: Target OS/families that can be operated against.
    platforms: posix
    support: full
  action_group:
    description: Use C(group/telco.numbers.numbers) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - telco.numbers.numbers
"""
