#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: owned_plan_info
short_description: Write the plan that describes what accounts own
version_added: 2.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Reads accounts and writes a numbers plan for what they own, as a beginning for accounts that were filled by hand.
  - Its pools name their numbers, by account, country, type and what they are linked to. M(telco.numbers.numbers_plan)
    has nothing to do for them, and M(telco.numbers.numbers_plan_info) finds no drift.
  - What the pools of O(plan) hold is left out, and so is what is leaving or has failed. A number that is linked to an
    address, which may hold a token, is in a pool without an application.
  - The same numbers give the same text.
options:
  plan:
    description:
      - The plan that there is already, a list of pools.
    type: list
    elements: dict
    default: []
  limits:
    description:
      - Limits of the plan. They are checked for mistakes here, and nothing else.
    type: dict
    default: {}
  only:
    description:
      - Read these accounts alone, by their names in O(accounts), or by the names of providers that the environment
        opens. Left out, every account that is defined or has a pool.
    type: list
    elements: str
notes:
  - Where the output is for people, the task shows RV(report).
extends_documentation_fragment:
  - telco.numbers.plan # first, because its group of actions counts
  - telco.numbers.attributes.info
seealso:
  - module: telco.numbers.numbers_plan
    description: Converges the plan.
  - module: telco.numbers.numbers_plan_info
    description: Compares the plan with what is owned.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Own a number that is in no plan
  telco.numbers.number_purchase:
    provider: infobip_sms
    country: SE
    count: 1

- name: Write the plan for what is owned
  telco.numbers.owned_plan_info:
    only: [infobip_sms]
  register: owned

- name: Show it
  ansible.builtin.debug:
    msg: '{{ owned.text.splitlines() }}'
"""

RETURN = r"""
plan:
  description: The pools, as a plan has them.
  returned: always, unless the plan has mistakes
  type: list
  elements: dict
  sample:
    - name: shop-us-local-16632742496743552
      account: shop
      application: '16632742496743552'
      numbers:
        - '+12015550100'
text:
  description: The same as a file of YAML, with comments that tell names, places and prices.
  returned: always, unless the plan has mistakes
  type: str
  sample: |
    telco_numbers_plan:
      # shop: 1 number, US local, 0.80 USD a month
      - name: "shop-us-local-16632742496743552"
        account: "shop"
        application: "16632742496743552"
        numbers:
          - "+12015550100"  # Hotline, 0.80 USD
unreadable:
  description: The accounts that could not be read, with a C(message).
  returned: always, unless the plan has mistakes
  type: list
  elements: dict
  sample: []
report:
  description: A table of the pools, for people. It is one text of several lines.
  returned: always, unless the plan has mistakes
  type: str
  sample: |-
    pool                             account  numbers  linked to          per month
    shop-us-local-16632742496743552  shop           1  16632742496743552   0.80 USD
    1 pool for 1 number that no pool has.
problems:
  description: Every mistake in the plan, a line each.
  returned: when the plan has mistakes
  type: list
  elements: str
  sample:
    - 'pool codes: needs either numbers or a count.'
msg:
  description: What went wrong and what to do, on one line.
  returned: failure
  type: str
  sample: >-
    What was read is described. Not read: shop: plivo_groups answered HTTP 401: check the credentials.
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
      sample: conflict
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
      description: Always empty, because nothing is changed.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.owned_plan_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
