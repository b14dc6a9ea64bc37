#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: available_number_info
short_description: Search the phone numbers that a provider has for sale
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Searches the provider's catalogue and returns what matches, the cheapest first.
  - Some providers offer numbers, others offer groups, of which a purchase takes a quantity;
    the number of such an offer is V(null) and its stock says how many there are.
  # generated: sellers
  - Single numbers are offered by V(bandwidth), V(infobip_sms), V(sinch_catalog), V(telnyx) and V(twilio), groups
    by V(plivo_groups) and V(sinch_portal).
  # end of what is generated
  - What the provider cannot filter is filtered after fetching, so an option means the same at every provider.
  - An option that the provider's offers cannot show is refused with C(unsupported) before any request is sent.
    Offers whose facts leave it open whether they match are left out.
options:
  filters:
    description:
      - Query fields of the provider itself, sent as they are. They come on top of the other options and win over what
        those would send.
      - Values are text, numbers or booleans. A field that the provider does not document is refused and the message
        lists those that it takes.
      # generated: filters offer
      - V(bandwidth) takes C(areaCode), C(npaNxx), C(npaNxxx), C(city), C(state), C(rateCenter), C(zip), C(lata) and
        9 more.
      - V(infobip_sms) takes C(capabilities), C(country) and C(number).
      - V(plivo_groups) takes C(country_iso), C(number_type), C(prefix), C(region) and C(services).
      - V(sinch_catalog) takes C(phone_number), C(type), C(base_setup_price), C(base_recurring_price),
        C(capabilities.Voice.inbound_connectivity), C(capabilities.Voice.outbound_connectivity),
        C(capabilities.Voice.e911), C(capabilities.Voice.sip_trunking) and 29 more.
      - V(sinch_portal) takes none.
      - V(telnyx) takes C(filter[phone_number_type]), C(filter[features]), C(filter[national_destination_code]),
        C(filter[locality]), C(filter[administrative_area]), C(filter[rate_center]), C(filter[quickship]),
        C(filter[reservable]) and 3 more.
      - V(twilio) takes C(AreaCode), C(Contains), C(InRegion), C(InLocality), C(InPostalCode), C(InRateCenter),
        C(InLata), C(NearNumber) and 10 more.
      # end of what is generated
      - M(telco.numbers.account_info) lists them in its RV(telco.numbers.account_info#module:features.offer_filters).
    type: dict
  limit:
    description:
      - Return so many offers at most, from 1 to 1000000. Everything that was read is sorted first, so they are the
        cheapest of it.
      - Without it all are returned.
    type: int
  search_limit:
    description:
      - Read about so many rows of the catalogue at most, from 1 to 1000000. The last page is read whole.
      - A warning tells when that left a part of the catalogue unread.
    type: int
    default: 1000
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.selector
  - telco.numbers.providers
  - telco.numbers.attributes.info
seealso:
  - module: telco.numbers.account_info
    description: Proves the credentials and says what the provider offers.
  - module: telco.numbers.number_info
    description: Lists what the account owns.
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

- name: Find the three cheapest local numbers in New Orleans
  telco.numbers.available_number_info:
    provider: sinch_catalog
    country: US
    type: local
    city: New Orleans
    capabilities:
      - voice
      - sms
    limit: 3
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.number }} costs {{ item.monthly_price }} a month"
  loop: "{{ found.offers }}"
  loop_control:
    label: "{{ item.number }}"

- name: Find the groups of San Francisco at the Sinch portal
  telco.numbers.available_number_info:
    provider: sinch_portal
    country: US
    prefix: '415'

- name: Find numbers that contain certain digits
  telco.numbers.available_number_info:
    provider: infobip_sms
    country: GB
    contains: '20'
    limit: 5

- name: Use the provider's own query fields
  telco.numbers.available_number_info:
    provider: sinch_catalog
    country: US
    filters:
      capabilities.Voice.e911: true
"""

RETURN = r"""
offers:
  description:
    - What is for sale and surely matches.
    - Sorted by monthly price, then set-up price, then number. A fact that the provider does not tell is V(null) and
      never guessed.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: What the O(telco.numbers.number_purchase#module:offer) option takes. The group, or the number itself.
      type: str
      sample: "+15045550100"
    provider:
      description: The provider.
      type: str
      # generated: sample
      sample: bandwidth
      # end of what is generated
    number:
      description: The number in E.164 form, V(null) for a group.
      type: str
      sample: "+15045550100"
    stock:
      description: How many numbers there are, 1 where the offer is one number.
      type: int
      sample: 1
    country:
      description: The country as an ISO alpha-2 code.
      type: str
      sample: US
    type:
      description: V(local), V(mobile), V(national), V(tollfree), V(shortcode), V(shared_cost), V(voip) or V(virtual).
      type: str
      sample: local
    capabilities:
      description: What the numbers can do, sorted, of V(mms), V(sms) and V(voice).
      type: list
      elements: str
      sample: [mms, sms, voice]
    area_code:
      description: The area code without a trunk zero, or the prefix of the group.
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
    setup_price:
      description: The set-up price of one number, a decimal in a string, V(null) where the provider does not tell it.
      type: str
      sample: "0"
    monthly_price:
      description: The price of one number a month, a decimal in a string.
      type: str
      sample: "1"
    due_now:
      description:
        - What one number costs at checkout, a decimal in a string.
        - It is the set-up price and one month, where the provider says nothing else.
        # generated: remarks available_number_info due_now
        - V(infobip_sms) asks for the set-up price and the rest of this month.
        - V(sinch_portal) asks for one month, because it knows no other fee.
        # end of what is generated
      type: str
      sample: "1"
    currency:
      description: The currency of the prices, as an ISO 4217 code. Where the provider names none it is
        O(account_currency).
      type: str
      sample: USD
    requirements:
      description:
        - What the buyer must have filed with the provider, of V(address), V(local_address), V(foreign_address),
          V(identity) and V(documents).
        - Empty when nothing is needed, V(null) when the provider does not say.
      type: list
      elements: str
      sample: [address]
    raw:
      description: The provider's own record.
      type: dict
      sample: {phone_number: "+15045550100", type: local, base_recurring_price: "1.00"}
msg:
  description: One line that says what went wrong and what to do.
  returned: failure
  type: str
  sample: "The offers of this provider do not show city: select by country, type, capabilities, prefix, contains."
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
      sample: unsupported
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

from ansible_collections.telco.numbers.plugins.module_utils._tasks.available_number_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
