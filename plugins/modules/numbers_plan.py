#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: numbers_plan
short_description: Converge or retire a whole plan of phone numbers
version_added: 2.0.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Buys, links and configures the numbers of all pools of a numbers plan in one task, over all its accounts. That
    never releases a number. With O(action=retire) it gives back what the retired pools have, and does nothing else.
  - It opens each account once and reads its numbers once, quotes every pool, and checks the limits over all accounts
    together. Only then it changes what differs, and verifies that.
  - Up to 8 accounts are worked on side by side, the pools of one account one after the other.
  - A pool or an account that fails stops no other one. The task then fails, and says what was done and what was not.
  - Check mode is the quote, with everything that would change.
  - A pool never costs more than its quote. Each purchase keeps the rules of M(telco.numbers.number_purchase), with the
    same journal and lock, so a run that was killed is simply run again.
options:
  action:
    description:
      - V(converge) has the pools own, link and configure what they want.
      - V(retire) releases the numbers of the pools with C(state=retired), exactly those that check mode showed, and
        keeps a record of them. B(A released number may be lost for good.) It needs O(checksum).
      - A retired pool needs that word alone. Its named numbers go, or those that surely match its selector and are
        linked to nothing but its applications. What a present pool counts stays, and what another pool names. Where
        that does not decide, the pool fails and prints the C(numbers) to paste.
      - Numbers are released linked, after their ids and links were read again under the account's lock. Orders that are
        on the way for a retired pool are listed, and the pool is then not done.
    type: str
    choices: [converge, retire]
    default: converge
  plan:
    description:
      - The numbers plan, a list of pools. The README of the role P(telco.numbers.provision#role) describes them.
      - All mistakes in it are reported together, before any request.
    type: list
    elements: dict
    required: true
  limits:
    description:
      - Limits of the whole plan by currency, decimals in strings. C(max_monthly_total) and C(max_due_now_total) bound
        what one run buys. C(max_owned_monthly_total) bounds what all pools cost a month after the run, and C(labels),
        a mapping of label, value and amount, what the pools with that label cost.
      - A limit of what is owned that is passed with nothing to buy is a warning.
    type: dict
    default: {}
  checksum:
    description:
      - The RV(checksum) of a quote that was approved, or a mapping of accounts to theirs (RV(checksums)).
      - The run then does what is left of that quote, the same or less at the same price or less, be it with other
        offers. Whatever goes beyond it is named, and nothing is done in that account.
      - With O(action=retire) it is needed. What it does not cover is not released, bought since or linked otherwise.
      - Quotes are kept beside the journal for 30 days.
    type: raw
  limited_accounts:
    description:
      - The names of all accounts that share O(limits), where O(plan) may have the pools of some of them alone, as in
        the slices of a job. The inventory plugin P(telco.numbers.plan#inventory) tells them.
      - Under limits, a run that leaves out any of them buys nothing without O(checksum) of a quote of the whole plan.
    type: list
    elements: str
  record_dir:
    description:
      - The directory of the records of what was released, one private file for each run that releases anything, with
        every fact that was known of each number and what came of it.
      - The default is C(released) beside the journal.
    type: path
notes:
  - A limit stops purchases only. What is owned is linked and configured all the same.
  - Under a limit nothing is bought while an account of the plan cannot be read, or while a price is unknown.
  - Accounts of one provider buy from one stock, so what is chosen for one of them is left out for the others.
  - With O(action=converge) retired pools are left alone.
  - Where the output is for people, the task shows RV(report), and a line every 15 seconds while it works.
extends_documentation_fragment:
  - telco.numbers.plan # first, because its group of actions counts
  - telco.numbers.attributes
seealso:
  - module: telco.numbers.numbers_plan_info
    description: Compares the plan with what is owned.
  - module: telco.numbers.number_purchase
    description: Buys the numbers of one pool.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: See what the plan would change, and what that costs
  telco.numbers.numbers_plan:
    plan:
      - name: codes
        provider: infobip_sms
        country: SE
        count: 2
      - name: hotline
        account: shop
        country: US
        type: local
        count: 1
        application: '16632742496743552'
        configuration:
          friendly_name: Hotline
    accounts:
      shop:
        provider: plivo_groups
        account_currency: USD
    limits:
      EUR:
        max_monthly_total: '20.00'
      USD:
        max_monthly_total: '20.00'
  check_mode: true
  diff: true

- name: Converge a plan from a file
  telco.numbers.numbers_plan:
    plan: '{{ telco_numbers_plan }}'
    accounts: '{{ telco_numbers_accounts | default({}) }}'
    limits: '{{ telco_numbers_limits | default({}) }}'
  vars:
    telco_numbers_plan:
      - name: codes
        provider: infobip_sms
        country: SE
        count: 1

- name: See what the retired pools would give back
  telco.numbers.numbers_plan:
    action: retire
    plan:
      - name: campaign
        provider: infobip_sms
        numbers: ['+447860041117']
        state: retired
  check_mode: true
  register: shown

- name: Give back exactly that
  telco.numbers.numbers_plan:
    action: retire
    plan:
      - name: campaign
        provider: infobip_sms
        numbers: ['+447860041117']
        state: retired
    checksum: '{{ shown.checksum }}'
  when: shown is changed
"""

RETURN = r"""
pools:
  description:
    - What was done for each pool, in check mode what would be, in the order of the plan. It has digits and changes, no
      records.
  returned: always, unless the plan has mistakes
  type: list
  elements: dict
  contains:
    name:
      description: The name of the pool.
      type: str
      sample: hotline
    account:
      description: The name of its account.
      type: str
      sample: shop
    provider:
      description: The provider of the account.
      type: str
      sample: plivo_groups
    status:
      description:
        - V(unchanged), V(changed), V(pending) (numbers are on order, or bought and not in the provider's list yet),
          V(partial) (with C(allow_partial)) or V(failed). With O(action=retire) V(pending) says that orders are on the
          way, so the pool is not done.
      type: str
      sample: changed
    step:
      description:
        - The step that failed, V(quote), V(limit), V(approval), V(move), V(buy), V(configure), V(verify) or
          V(release), or V(null).
      type: str
      sample: null
    code:
      description: The code of the failure, as RV(failure.code), or V(null).
      type: str
      sample: null
    message:
      description: Why the pool is not as wanted, or V(null).
      type: str
      sample: null
    wanted:
      description: How many numbers it wants, with O(action=converge).
      type: int
      sample: 1
    numbers:
      description:
        - The numbers that count for it. In check mode those that only the provider chooses are absent.
        - With O(action=retire) the numbers that go.
      type: list
      elements: str
      sample:
        - '+12015550100'
    pending:
      description: How many of them are owned and cannot be used yet, with O(action=converge).
      type: int
      sample: 0
    purchased:
      description: Those of them that were bought, in check mode those that would be, with O(action=converge).
      type: list
      elements: str
      sample:
        - '+12015550100'
    linked:
      description:
        - The links of owned numbers that were changed, with O(action=converge). C(key) is the capability, C(from) and
          C(to) are applications.
      type: list
      elements: dict
      sample:
        - number: '+12015550101'
          key: voice
          from: null
          to: '16632742496743552'
    moved:
      description:
        - The same for numbers that C(move_from) of the pool moved from another application.
      type: list
      elements: dict
      sample: []
    configured:
      description: The settings of owned numbers that were changed, with O(action=converge). C(key) is the option.
      type: list
      elements: dict
      sample:
        - number: '+12015550101'
          key: friendly_name
          from: null
          to: Hotline
    quote:
      description:
        - What is missing and what that costs, as in M(telco.numbers.number_purchase). V(null) if not quoted.
        - It is absent with O(action=retire).
      type: dict
      sample:
        lines:
          - offer: '11000000000201'
            number: null
            quantity: 1
            setup_price: '0'
            monthly_price: '0.8'
            due_now: '0.8'
        setup_total: '0'
        monthly_total: '0.8'
        due_now_total: '0.8'
        currency: USD
    released:
      description: The numbers that were released, with O(action=retire).
      type: list
      elements: str
      sample: []
    staying:
      description: Numbers of the pool that are not released, with the C(reason), with O(action=retire).
      type: list
      elements: dict
      sample: []
    orders:
      description: The ids of orders on the way for the pool, as in the journal, with O(action=retire).
      type: list
      elements: str
      sample: []
totals:
  description:
    - What was bought, in check mode what would be, by currency. An unnamed currency is the empty key. A total with an
      unknown part is V(null).
  returned: with O(action=converge), unless the plan has mistakes
  type: dict
  sample:
    USD:
      setup_total: '0'
      monthly_total: '0.8'
      due_now_total: '0.8'
checksum:
  description: Stands for everything that the quote of this run decided, for O(checksum). V(null) if it was not kept.
  returned: always, unless the plan has mistakes
  type: str
  sample: 5e8c7f2a0d3b9146c8a7e0f15b2d4c6938fe017ab4c5d6e7f8091a2b3c4d5e6f
checksums:
  description: The same for each account by its name.
  returned: always, unless the plan has mistakes
  type: dict
  sample:
    shop: 0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9
saves:
  description: What is not paid any more a month, by currency, as far as the prices are known.
  returned: with O(action=retire), unless the plan has mistakes
  type: dict
  sample:
    EUR: '10.2'
record:
  description: The file of the record. V(null) where nothing was to be released, and in check mode.
  returned: with O(action=retire), unless the plan has mistakes
  type: str
  sample: /home/ops/.local/state/telco.numbers/released/20261127T101500.123456Z-5e8c7f2a0d3b9146.json
unbounded:
  description: A line for each pool whose purchase no approval bounds, because a price or its currency is unknown.
  returned: with O(action=converge), unless the plan has mistakes
  type: list
  elements: str
  sample: []
over:
  description: A line for each limit that is not kept, because of which nothing was bought.
  returned: with O(action=converge), unless the plan has mistakes
  type: list
  elements: str
  sample: []
report:
  description: A table of the pools, the totals and the failures, for people. It is one text of several lines.
  returned: always, unless the plan has mistakes
  type: str
  sample: |-
    pool     account  has  wants  change  per month     after   due now
    hotline  shop       0      1  buy 1    0.00 USD  0.80 USD  0.80 USD
    To buy: 0.80 USD a month, 0.80 due now.
problems:
  description: Every mistake in the plan, a line each.
  returned: when the plan has mistakes
  type: list
  elements: str
  sample:
    - 'pool hotline: needs either numbers or a count.'
msg:
  description: What went wrong and what to do, on one line.
  returned: failure
  type: str
  sample: >-
    1 of 2 pools failed. codes: 5 numbers are missing and only 2 are for sale that match: lower the count.
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
        - What was done all the same by the name of the pool, with C(purchased) and C(linked), or with C(released).
          Empty when nothing was.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
