# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that name applications, as modules that link numbers document them."""

from __future__ import annotations


class ModuleDocFragment:
    """Other ways to name what numbers are linked to than O(application)."""

    DOCUMENTATION = r"""
options:
  application_name:
    description:
      - The name of the application, instead of O(application), which has its id.
      - It must be the name of exactly one. Else the task fails, with C(not_found) or C(invalid_option), and lists the
        ids that it may be. O(application_kind) helps where applications of several kinds have the same name.
      # generated: only listed_kinds
      - Applications are listed only at V(bandwidth), V(plivo_groups), V(telnyx) and V(twilio). The others refuse
        this with C(unsupported).
      # end of what is generated
    type: str
    version_added: 2.0.0
  application_kind:
    description:
      - Of what kind the application is, where its id or name does not say.
      - RV(telco.numbers.account_info#module:features.kinds) lists the kinds for each capability. A provider that has
        one kind alone does not need it.
    type: str
    version_added: 2.0.0
  applications:
    description:
      - "An application for each capability, like V({voice: APsandboxvoice, sms: APsandboxsms})."
      - The value of a key is an id, or a mapping of C(name) or C(id), and C(kind).
      - A number must have every capability that is named. One of which its record does not tell whether it has it is
        linked all the same.
      - Mutually exclusive with O(application), O(application_name), O(application_kind) and O(capability).
    type: dict
    version_added: 2.0.0
"""
