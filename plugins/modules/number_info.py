#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: number_info
short_description: List the phone numbers that an account owns
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Returns the owned numbers that pass every condition given, or all of them.
  - An option that the provider's records of owned numbers cannot show is refused with C(unsupported) before any request
    is sent. A number whose record leaves it open whether it matches is left out.
  - What is not owned is simply not returned.
  - A list is returned only when its rows are unique and agree with the total that the provider tells. It is read again
    a few times, and then the module fails with C(inconsistent_list).
  - One row that cannot be read hides no others. A fact of it that makes no sense, like a price that is no decimal, is
    V(null), and a row whose number cannot be read is left out. A warning names the row and the field.
options:
  numbers:
    description:
      - Return only these, as far as they are owned.
      - Each is a string in international form with its plus sign, like V('+15045550100'), or a number object as the
        modules return it. Spaces, dots, dashes and brackets of any kind are removed. A short code can be named by its
        digits when it is owned.
      - What is owned can be named by its digits, whatever its country's numbering plan says of them. A number that is
        not owned and has a length that none of its country has is misspelt, and refused.
      - Quote numbers. An unquoted one is an integer for YAML, which may already have changed it, so integers are
        refused.
      - With an empty list nothing is returned and no request is sent.
      - Mutually exclusive with O(id).
    type: list
    elements: raw
  id:
    description:
      - Return only the number with this id of the provider, if it is owned. RV(numbers[].id) shows it.
      - Mutually exclusive with O(numbers).
    type: str
  application:
    description:
      - Return only numbers that are linked to this application, for any capability.
      # generated: only linked_capabilities
      - Numbers can be linked to applications only at V(bandwidth), V(plivo_groups), V(sinch_catalog),
        V(sinch_portal), V(telnyx) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
      # generated: remarks number_info application
      - V(sinch_portal) fails with C(not_found) for an unknown one.
      # end of what is generated
    type: str
  filters:
    description:
      - Query fields of the provider's own list, sent as they are. Values are text, numbers or booleans.
      # generated: filters owned
      - V(bandwidth) takes C(npaNxx), C(npaNxxx), C(areaCode), C(city), C(state), C(rateCenter), C(lata), C(tier) and
        1 more.
      - V(infobip_sms) takes C(number).
      - V(plivo_groups) takes C(number_startswith), C(type), C(services), C(alias) and C(subaccount).
      - V(sinch_catalog) takes C(Configuration.voice.application_sid), C(phone_number), C(geography.iso_country),
        C(geography.lata), C(geography.rate_center), C(geography.latitude), C(geography.longitude),
        C(geography.region) and 2 more.
      - V(sinch_portal) takes none.
      - V(telnyx) takes C(filter[phone_number]), C(filter[status]), C(filter[country_iso_alpha2]),
        C(filter[number_type][eq]), C(filter[connection_id]), C(filter[tag]), C(filter[source]),
        C(filter[customer_reference]) and 3 more.
      - V(twilio) takes C(FriendlyName), C(PhoneNumber), C(Origin) and C(Beta).
      # end of what is generated
      - M(telco.numbers.account_info) lists them in its RV(telco.numbers.account_info#module:features.owned_filters).
        Another field is refused.
      - They are ignored when O(id) is given.
    type: dict
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.selector
  - telco.numbers.providers
  - telco.numbers.attributes.info
seealso:
  - module: telco.numbers.account_info
    description: Proves the credentials and says what the provider offers.
  - module: telco.numbers.available_number_info
    description: Searches what is for sale.
  - module: telco.numbers.number_purchase
    description: Buys numbers.
  - module: telco.numbers.number_assignment
    description: Links numbers to applications.
  - module: telco.numbers.number_configuration
    description: Sets names and callback addresses.
  - module: telco.numbers.number_release
    description: Gives numbers back.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: List everything that the account owns
  telco.numbers.number_info:
    provider: plivo_groups
  register: owned

- name: Show the numbers
  ansible.builtin.debug:
    msg: "{{ owned.numbers | map(attribute='number') | list }}"

- name: List the US numbers that can do voice and SMS
  telco.numbers.number_info:
    provider: sinch_catalog
    country: US
    capabilities:
      - voice
      - sms

- name: Look whether two numbers are owned
  telco.numbers.number_info:
    provider: infobip_sms
    numbers:
      - '+447860041117'
      - '+44 7860 041120'

- name: List the numbers of an application
  telco.numbers.number_info:
    provider: sinch_portal
    application: bb7b4e39-4227-4913-8c81-2db4abb54fb3

- name: Use a query field of the provider
  telco.numbers.number_info:
    provider: plivo_groups
    filters:
      number_startswith: '1415'
"""

RETURN = r"""
numbers:
  description:
    - The owned numbers that match.
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
  sample: "country 'usa' is not an ISO 3166-1 alpha-2 code of a country with telephone numbers: use two letters, like
    'US'."
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
      sample: invalid_option
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

from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
