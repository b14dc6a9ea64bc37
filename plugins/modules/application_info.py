#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_info
short_description: List what phone numbers can be linked to
version_added: 2.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Lists the account's applications, which answer calls and messages of the numbers that are linked to them.
  - What an application is, differs from provider to provider, and one provider may have several kinds of them.
  - Their ids are what the options O(telco.numbers.number_assignment#module:application) and
    O(telco.numbers.number_purchase#module:application) take.
  # generated: only listed_kinds
  - Applications are listed only at V(bandwidth), V(plivo_groups), V(telnyx) and V(twilio). The others refuse
    this with C(unsupported).
  # end of what is generated
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.providers
  - telco.numbers.attributes.info
options:
  application_name:
    description:
      - Only applications with this very name. Several may have the same.
    type: str
  application_kind:
    description:
      - Only applications of this kind.
      - RV(telco.numbers.account_info#module:features.listed_kinds) has the kinds that the provider lists. Another one
        is refused with C(unsupported), because what it has of that kind cannot be told.
    type: str
seealso:
  - module: telco.numbers.account_info
    description: Says what the provider offers.
  - module: telco.numbers.number_info
    description: Lists what the account owns.
  - module: telco.numbers.number_assignment
    description: Links numbers to applications.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: List the applications
  telco.numbers.application_info:
    provider: plivo_groups
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.id }} is {{ item.name }} and serves {{ item.capabilities | join(', ') }}"
  loop: "{{ found.applications }}"

- name: Look for the reception's
  telco.numbers.application_info:
    provider: plivo_groups
    application_name: reception
  register: reception

- name: Own a number that is linked to it
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    count: 1
    application: "{{ reception.applications[0].id }}"

- name: The same by its name
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    count: 1
    application_name: reception
"""

RETURN = r"""
applications:
  description: The applications, by kind, then by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The provider's id.
      type: str
      sample: "16632742496743552"
    name:
      description: The name, V(null) where it has none. The same name may stand there twice.
      type: str
      sample: reception
    kind:
      description: What it is, of RV(telco.numbers.account_info#module:features.kinds).
      type: str
      sample: application
    capabilities:
      description: The capabilities of a number that it can serve.
      type: list
      elements: str
      sample: [sms, voice]
msg:
  description: One line that says what went wrong and what to do.
  returned: failure
  type: str
  sample: "The provider answered HTTP 401: check the credentials, and api_url."
failure:
  description: What went wrong, for playbooks to decide by.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - What went wrong, one of a closed list.
        - The list and its meaning are in the documentation of M(telco.numbers.number_purchase), at
          RV(telco.numbers.number_purchase#module:failure.code).
      type: str
      sample: authentication_failed
    # generated: returned failure
    provider_code:
      description: The provider's own code, V(null) when it gave none.
      type: str
      sample: "40200"
    message:
      description: The provider's own words, or those of RV(msg) when it said nothing.
      type: str
      sample: Insufficient credit
    http_status:
      description: The HTTP status of the provider's answer, V(null) when there was none.
      type: int
      sample: 402
    request_id:
      description:
        - The provider's own id of the request that it answered so, for its support. V(null) where it tells none.
      type: str
      sample: 26590c12-5831-11e1-86da-6ff39efcb949
      version_added: 2.0.0
    retryable:
      description: Whether the same task may succeed when it is simply run again.
      type: bool
      sample: false
    # end of what is generated
    completed:
      description:
        - Always empty for this module, which changes nothing.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.application_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
