#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: number_assignment
short_description: Link owned phone numbers to an application
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Links numbers to an application, or unlinks them from it.
  - Linking adds. Other numbers of the application stay, unless O(exclusive=true). Where the provider's call overwrites
    the whole list, the list is read just before each call, merged, written and read back.
  - What it returns and the diff are what was read afterwards. Where the provider does not show a link within
    O(settle_time), a warning says so, what was written is returned, and the journal remembers it, so that the next task
    does not believe a list that is late.
  - Several numbers are read again one by one, each just before its call. One that somebody linked elsewhere meanwhile
    is a C(conflict), unless O(force=true), and O(state=absent) leaves it where it is.
  - In check mode, where only the run can tell whether the provider links more than O(capability), a warning says so.
  - A number that is linked to another application is a C(conflict), unless O(force=true).
  - A pending number is not linked before it is active. A warning names it, and nothing changes.
  - Every number must be owned, else the task fails with C(not_found) and changes nothing.
  # generated: only linked_capabilities
  - Numbers can be linked to applications only at V(bandwidth), V(plivo_groups), V(sinch_catalog),
    V(sinch_portal), V(telnyx) and V(twilio). The others refuse this with C(unsupported).
  # end of what is generated
options:
  numbers:
    description:
      - The numbers to link or unlink.
      - Each is a string in international form with its plus sign, like V('+15045550100'), or a number object as the
        modules return it. Spaces, dots, dashes and brackets of any kind are removed. A short code can be named by its
        digits when it is owned.
      - What is owned can be named by its digits, whatever its country's numbering plan says of them. A number that is
        not owned and has a length that none of its country has is misspelt, and refused.
      - Quote numbers. An unquoted one is an integer for YAML, which may already have changed it, so integers are
        refused.
      - With an empty list nothing is done and no request is sent, unless O(exclusive=true).
    type: list
    elements: raw
    required: true
  application:
    description:
      - The id of the application. Quote it when it has digits only.
      - One of O(application), O(application_name) and O(applications) is required.
    type: str
  capability:
    description:
      - The capability to link or unlink, V(voice), V(sms) or V(mms). Without it, each that the number has and the
        provider links. The providers that have applications link V(voice) and V(sms).
      - A number whose record does not tell whether it has the capability is linked. One that lacks it, and V(mms),
        which none of the present providers links, are refused with
        C(unsupported).
      - Some providers link a number whole. There this option is refused with C(unsupported) for a number that has
        another capability besides. Leave it out there.
      - Some unlink a number whole. There, with O(state=absent), this option is refused with C(unsupported) when the
        number is linked to the application for another capability too.
      # generated: whole
      - Numbers are linked whole at V(plivo_groups), and unlinked whole at V(plivo_groups) and V(sinch_portal).
      # end of what is generated
    type: str
  state:
    description:
      - V(present) links the numbers to O(application).
      - V(absent) unlinks them from O(application) and from no other one. A number that is linked elsewhere stays so.
    type: str
    choices: [present, absent]
    default: present
  exclusive:
    description:
      - Whether O(numbers) shall be the only ones that are linked to O(application) for O(capability). All others are
        unlinked from it. Diff mode shows each of them.
      - Needs O(state=present) and O(capability). With an empty list it unlinks every number, which needs O(force=true).
    type: bool
    default: false
  force:
    description:
      - Whether a number that is linked to another application is moved, and whether O(exclusive=true) may be used with
        an empty list.
    type: bool
    default: false
notes:
  - Applications themselves are made at the provider.
  - The account is locked as for a purchase, see M(telco.numbers.number_purchase).
extends_documentation_fragment:
  - telco.numbers.applications
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
  - module: telco.numbers.number_configuration
    description: Sets names and callback addresses.
  - module: telco.numbers.number_release
    description: Gives numbers back.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Own what the next tasks link
  telco.numbers.number_purchase:
    provider: sinch_catalog
    country: US
    city: New Orleans
    count: 3
  register: owned

- name: Link two of them to an application, for voice and SMS
  telco.numbers.number_assignment:
    provider: sinch_catalog
    numbers: "{{ owned.numbers[:2] }}"
    application: APsandboxvoice

- name: Link the SMS of the third to another application, wherever it is linked now
  telco.numbers.number_assignment:
    provider: sinch_catalog
    numbers:
      - "{{ owned.numbers[2] }}"
    application: APsandboxother
    capability: sms
    force: true

- name: Let one number be the only one of the application for voice
  telco.numbers.number_assignment:
    provider: sinch_catalog
    numbers: "{{ owned.numbers[:1] }}"
    application: APsandboxvoice
    capability: voice
    exclusive: true
  diff: true

- name: Unlink a number from the application
  telco.numbers.number_assignment:
    provider: sinch_catalog
    numbers:
      - "{{ owned.numbers[1].number }}"
    application: APsandboxvoice
    state: absent

- name: Own a number at Plivo
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 1
  register: rented

- name: Link it, which at Plivo links a number whole
  telco.numbers.number_assignment:
    provider: plivo_groups
    numbers: "{{ rented.numbers }}"
    application: '16632742496743552'
"""

RETURN = r"""
numbers:
  description:
    - The numbers of O(numbers), with their links as they are now, or in check mode would be.
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
  sample: "+15045550100 is linked to APsandboxvoice for voice: set 'force' to move it, or unlink it there first."
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
        - What was done all the same, empty when nothing was. C(linked) and C(unlinked) are the numbers whose links were
          changed.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_assignment import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
