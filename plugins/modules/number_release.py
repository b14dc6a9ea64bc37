#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: number_release
short_description: Give owned phone numbers back to the provider
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Gives the listed numbers back. B(A number that is given back may be lost for good.)
  - Only listed numbers are released. There is no selector here, on purpose.
  - A number that is not owned is already as wanted. That is believed only from a list that did not move while it was
    read.
  - A number that is linked to an application is a C(conflict) unless O(force=true), and then nothing at all is
    released.
  - Where the provider has no call that gives a number back, a number stays with the account until the provider's
    support ends it. M(telco.numbers.number_assignment) with O(telco.numbers.number_assignment#module:state=absent)
    takes it off its application.
  # generated: only release
  - Numbers can be given back only at V(bandwidth), V(infobip_sms), V(plivo_groups), V(sinch_catalog), V(telnyx)
    and V(twilio). The others refuse this with C(unsupported).
  # end of what is generated
options:
  numbers:
    description:
      - The numbers to give back.
      - Each is a string in international form with its plus sign, like V('+15045550100'), or a number object as the
        modules return it. Spaces, dots, dashes and brackets of any kind are removed. A short code can be named by its
        digits when it is owned.
      - What is owned can be named by its digits, whatever its country's numbering plan says of them. A number that is
        not owned and has a length that none of its country has is misspelt, of which a warning tells.
      - Quote numbers. An unquoted one is an integer for YAML, which may already have changed it, so integers are
        refused.
      - With an empty list nothing is done and no request is sent.
    type: list
    elements: raw
    required: true
  force:
    description:
      - Whether numbers that are linked to an application are released all the same.
    type: bool
    default: false
notes:
  - The account is locked as for a purchase, see M(telco.numbers.number_purchase).
  - A number is released when the provider says so as its document has it, or when its list shows it no longer. After
    any other answer the list is read until it decides, for O(settle_time). A C(not found) is such an answer.
  - The request is repeated once, and only while the record says that the number is the very same purchase as before.
  # generated: remarks number_release
  - V(sinch_catalog) has no record that says so, and the request is not repeated.
  # end of what is generated
  - The journal remembers what was given back until the list shows it no longer, and charges it to the order that
    brought it.
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.providers
  - telco.numbers.attributes
seealso:
  - module: telco.numbers.account_info
    description: Proves the credentials and says what the provider offers.
  - module: telco.numbers.available_number_info
    description: Searches what is for sale.
  - module: telco.numbers.number_info
    description: Lists what the account owns.
  - module: telco.numbers.number_purchase
    description: Buys numbers.
  - module: telco.numbers.number_assignment
    description: Links numbers to applications.
  - module: telco.numbers.number_configuration
    description: Sets names and callback addresses.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Own what the next tasks release
  telco.numbers.number_purchase:
    provider: infobip_sms
    numbers:
      - '+447860041117'

- name: See what would be given back
  telco.numbers.number_release:
    provider: infobip_sms
    numbers:
      - '+447860041117'
  check_mode: true
  diff: true

- name: Give it back
  telco.numbers.number_release:
    provider: infobip_sms
    numbers:
      - '+447860041117'

- name: Own a number that is linked to an application
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 1
    application: '16632742496743552'
  register: rented

- name: Give it back although it is linked
  telco.numbers.number_release:
    provider: plivo_groups
    numbers: "{{ rented.numbers }}"
    force: true
"""

RETURN = r"""
numbers:
  description:
    - The numbers that were given back, or in check mode would be, as they were before.
    - Sorted by number. A fact that the provider's record lacks is V(null) and never guessed.
  returned: success
  type: list
  elements: dict
  contains:
    # generated: returned number
    number:
      description: The number in E.164 form with its plus sign. A short code is passed through as the provider writes
        it.
      type: str
      sample: "+15045550100"
    provider:
      description: The provider.
      type: str
      sample: bandwidth
    id:
      description: What the provider's calls take for this number.
      type: str
      sample: PN+15045550100
    country:
      description: The country as an ISO alpha-2 code. Where the record names none, the digits decide; V(null) where
        they do not.
      type: str
      sample: US
    type:
      description:
        - V(local), V(mobile), V(national), V(tollfree), V(shortcode), V(shared_cost), V(voip) or V(virtual).
        - V(null) when the provider says nothing or uses another word, which is in C(raw).
      type: str
      sample: local
    capabilities:
      description: What the number can do, sorted, of V(mms), V(sms) and V(voice). V(null) when the record does not say.
      type: list
      elements: str
      sample: [mms, sms, voice]
    applications:
      description: The id of the application that each capability is linked to, or about to be. Capabilities that are
        not linked to an application are absent.
      type: dict
      sample: {sms: APsandboxvoice, voice: APsandboxvoice}
    links:
      description:
        - Everything that the number is linked to. A number with any link is not free.
        - V(null) where the record lacks the place where links stand.
      type: list
      elements: dict
      contains:
        capability:
          description: What is linked, V(null) where the record names an application and does not say for what.
          type: str
          sample: voice
        kind:
          description:
            - What it leads to, of RV(telco.numbers.account_info#module:features.kinds).
            - V(url) is an address, forward or flow that is set on the number itself.
          type: str
          sample: application
        id:
          description: The id of the application, or the address.
          type: str
          sample: APsandboxvoice
        status:
          description:
            - V(linked), V(linking) while the provider is at it, or V(failed) where the provider says that it did not
              come about.
          type: str
          sample: linked
      sample: [{capability: voice, kind: application, id: APsandboxvoice, status: linked}]
    area_code:
      description: The area code without a trunk zero.
      type: str
      sample: "504"
    region:
      description: The region as the provider names it.
      type: str
      sample: LA
    city:
      description: The city as the provider names it.
      type: str
      sample: New Orleans
    friendly_name:
      description: The name that the number was given.
      type: str
      sample: Front desk
    tags:
      description: The number's tags, sorted. V(null) where numbers have none at the provider.
      type: list
      elements: str
      sample: [berlin, support]
    setup_price:
      description: The set-up price of one number, a decimal in a string.
      type: str
      sample: "0"
    monthly_price:
      description: The price of one number a month, a decimal in a string.
      type: str
      sample: "1"
    currency:
      description: The currency of the prices, as an ISO 4217 code. Where the provider names none it is
        O(account_currency).
      type: str
      sample: USD
    status:
      description:
        - V(active), or V(pending) for a number that is ordered and not delivered yet.
        - V(failed) for one that is owned and will not become usable, as the provider says. It counts as owned, and goes
          only by M(telco.numbers.number_release).
        - V(leaving) for one that was given back and is listed until C(expires). It is not owned any more.
      type: str
      sample: active
    expires:
      description: Until when the number is paid or kept, as the provider writes it.
      type: str
      sample: "2026-12-08T00:00:00Z"
    raw:
      description: The provider's own record.
      type: dict
      sample: {phone_number: "+15045550100", type: local, base_recurring_price: "1.00"}
    # end of what is generated
msg:
  description: One line that says what went wrong and what to do.
  returned: failure
  type: str
  sample: "Linked to an application: +15045550100 (APsandboxvoice). Unlink them with number_assignment, or set 'force'
    to release them all the same."
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
        - What was done all the same, empty when nothing was. C(released) are the numbers that were given back.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_release import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
