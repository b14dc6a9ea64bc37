#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: numbers_plan_info
short_description: Compare a plan of phone numbers with what is owned
version_added: 2.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Reads each account of a numbers plan once and compares all its pools with what is owned, in one task.
  - It reports what is missing, linked elsewhere or not at all, misconfigured, expiring, surplus, in no pool, or retired
    and still owned, and what everything costs.
  - What counts for a pool is what counts for M(telco.numbers.numbers_plan), so an audit and a run never disagree.
  - An account that cannot be read is reported and stops no other one.
options:
  plan:
    description:
      - The numbers plan, a list of pools. The README of the role P(telco.numbers.provision#role) describes them.
      - All mistakes in it are reported together, before any request.
    type: list
    elements: dict
    required: true
  limits:
    description:
      - Limits of the whole plan by currency, as M(telco.numbers.numbers_plan) has them. They are checked for mistakes
        here, and nothing else.
    type: dict
    default: {}
  only:
    description:
      - Audit these accounts alone. Left out, every account that is defined or has a pool.
    type: list
    elements: str
  date:
    description:
      - The day of the audit, like V('2026-12-31'). Left out, today in UTC.
    type: raw
  expiring_days:
    description:
      - A number that expires in fewer days than this is drift.
    type: int
    default: 30
  fail_on:
    description:
      - Kinds of drift that fail the task. V(any) stands for every kind.
    type: list
    elements: str
    choices:
      - missing
      - failed
      - wrongly_assigned
      - unassigned
      - misconfigured
      - undecided
      - pending
      - expiring
      - surplus
      - unplanned
      - retired
      - any
    default: []
  allow_unreadable:
    description:
      - Whether the task goes on when an account cannot be read.
    type: bool
    default: false
notes:
  - Where the output is for people, the task shows RV(report).
extends_documentation_fragment:
  - telco.numbers.plan # first, because its group of actions counts
  - telco.numbers.attributes.info
seealso:
  - module: telco.numbers.numbers_plan
    description: Converges the plan.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Compare the plan with what is owned
  telco.numbers.numbers_plan_info:
    plan:
      - name: codes
        provider: infobip_sms
        country: SE
        count: 2
  register: compared

- name: Say how many numbers are missing
  ansible.builtin.debug:
    msg: '{{ compared.audit.drift_counts.missing }}'
"""

RETURN = r"""
audit:
  description:
    - The report. The README of the role P(telco.numbers.audit#role) describes it.
  returned: always, unless the plan has mistakes
  type: dict
  contains:
    date:
      description: The day of the audit.
      type: str
    expiring_days:
      description: As given.
      type: int
    accounts:
      description: The accounts, with the count of their C(numbers), or null and a C(message) for one that could not
        be read.
      type: list
      elements: dict
    unreadable:
      description: Those of the accounts that could not be read.
      type: list
      elements: dict
    pools:
      description: The pools in the order of the plan, with their C(numbers), how many of these are
        C(pending), their kinds of C(drift) and their C(costs).
      type: list
      elements: dict
    numbers:
      description: Every number that is owned, with its facts, its C(account), its C(pool) with the
        C(labels) of that, and its kinds of C(drift).
      type: list
      elements: dict
    drift:
      description:
        - The differences, the most pressing first. Each has C(kind), C(account), C(provider), C(pool), C(number),
          C(actual), C(wanted) and C(message).
        - The kinds are V(missing), V(failed), V(wrongly_assigned), V(unassigned), V(misconfigured), V(undecided),
          V(pending), V(expiring), V(surplus), V(unplanned) and V(retired).
      type: list
      elements: dict
    drift_counts:
      description: How many differences of each kind there are.
      type: dict
    costs:
      description:
        - What the numbers cost a month, by C(total), C(provider), C(country), C(application), C(pool), C(account) and
          C(label), a line for each currency.
        - Amounts are decimals in strings, never added across currencies. C(unknown) are numbers of which price or
          currency is not known.
      type: dict
  sample:
    date: '2026-12-31'
    expiring_days: 30
    drift_counts:
      missing: 1
report:
  description: A table of the pools, the drift and the cost, for people. It is one text of several lines.
  returned: always, unless the plan has mistakes
  type: str
  sample: |-
    pool   account      numbers  drift
    codes  infobip_sms      0/2  missing
    missing           codes has 0 of 2 numbers, 2 to buy.
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
    The report is made, and fails for this. Missing: codes has 0 of 2 numbers, 2 to buy.
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
      description:
        - What was done all the same by the name of the pool, with C(purchased) and C(linked). Empty when nothing was.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
