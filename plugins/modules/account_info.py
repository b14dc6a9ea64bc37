#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: account_info
short_description: Prove the credentials of a provider and read the account
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Opens the account with the given credentials and reads what it says of itself.
  - Says what the provider offers, so that a playbook can decide by RV(features) instead of by the provider's name.
  - It takes the cheapest read that proves the credentials. Where there is a log-in, that is the one.
extends_documentation_fragment:
  - telco.numbers.options
  - telco.numbers.providers
  - telco.numbers.attributes.info
seealso:
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
  - module: telco.numbers.number_release
    description: Gives numbers back.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Prove the credentials
  telco.numbers.account_info:
    provider: sinch_portal
  register: account

- name: Show the organisation
  ansible.builtin.debug:
    msg: "{{ account.account.id }} {{ account.account.name }}"

- name: Read what Plivo offers
  telco.numbers.account_info:
    provider: plivo_groups
  register: plivo_groups

- name: Stop unless numbers can be given back there
  ansible.builtin.assert:
    that: plivo_groups.features.release

- name: Give the credentials in the task instead of the environment
  telco.numbers.account_info:
    provider: plivo_groups
    auth_id: MASANDBOXACCOUNT0001
    auth_token: sandbox-plivo-auth-token
"""

RETURN = r"""
account:
  description: The account that the credentials open.
  returned: success
  type: dict
  contains:
    id:
      description:
        - The id of the account.
        # generated: remarks account_info id
        - V(infobip_sms) names none, so it is O(account_id) or O(username), and V(null) when neither is given.
        - V(sinch_portal) has the organisation there.
        - V(telnyx) names none, so it is O(account_id), and V(null) when that is not given.
        # end of what is generated
      type: str
      sample: "8888123"
    provider:
      description: The provider.
      type: str
      # generated: sample
      sample: bandwidth
      # end of what is generated
    name:
      description: The name of the account, V(null) where the provider tells none.
      type: str
      sample: Acme
    country:
      description: The country of the account as an ISO alpha-2 code, V(null) where the provider tells none.
      type: str
      sample: US
    raw:
      description: The provider's own record, empty where it has none.
      type: dict
      sample: {id: "8888123", name: Acme, countryId: US}
applications:
  description: The ids of the applications that the read of the account itself shows, sorted. V(null) where it shows
    none, which is so at each of the present providers. M(telco.numbers.application_info) lists them.
  returned: success
  type: list
  elements: str
  sample:
features:
  description: What the provider offers.
  returned: success
  type: dict
  contains:
    purchase:
      description:
        - What a purchase names. V(number), the number itself; V(group), a group and a quantity;
          V(reservation), the same in two steps, reserve and check out.
      type: str
      sample: reservation
    offer_keys:
      description: The selector options that can be decided on offers.
      type: list
      elements: str
      sample: [country, capabilities, prefix, city]
    owned_keys:
      description: The selector options that can be decided on owned numbers.
      type: list
      elements: str
      sample: [country, capabilities, prefix, city, contains]
    offer_filters:
      description: The provider's own query fields that M(telco.numbers.available_number_info) takes in its C(filters).
      type: list
      elements: str
      sample: []
    owned_filters:
      description: The provider's own query fields that M(telco.numbers.number_info) takes in its C(filters).
      type: list
      elements: str
      sample: []
    linked_capabilities:
      description: The capabilities that can be linked to an application. Empty where there are no applications.
      type: list
      elements: str
      sample: [sms, voice]
    kinds:
      description: For each of these capabilities the kinds of applications that it can be linked to.
      type: dict
      sample: {sms: [application], voice: [application]}
    listed_kinds:
      description: The kinds whose applications M(telco.numbers.application_info) lists, and that a task can name by
        their names.
      type: list
      elements: str
      sample: []
    links_whole:
      description: Whether linking sets every capability of a number at once.
      type: bool
      sample: false
    unlinks_whole:
      description: Whether unlinking clears every capability of a number at once.
      type: bool
      sample: true
    links_on_purchase:
      description: Whether the purchase itself links the new numbers to an application.
      type: bool
      sample: false
    links_each:
      description: Whether each number is linked by a call of its own, independent of the others.
      type: bool
      sample: false
    default_application:
      description: Whether new numbers may be linked to a default application of the account.
      type: bool
      sample: false
    configuration:
      description: The options of M(telco.numbers.number_configuration) that the provider has.
      type: list
      elements: str
      sample: []
    provider_options:
      description: The provider's own fields of a purchase.
      type: list
      elements: dict
      contains: &fields
        name:
          description: How a task writes it.
          type: str
          sample: voice_receive_mode
        type:
          description: V(str), V(int), V(bool), or V(list) for a list of texts.
          type: str
          sample: str
        choices:
          description: The words that it takes, empty where it takes any.
          type: list
          elements: str
          sample: [voice, fax]
        help:
          description: What it is.
          type: str
          sample: Whether the number receives calls or faxes.
      sample: []
    provider_settings:
      description: The provider's own fields of a number.
      type: list
      elements: dict
      contains: *fields
      sample: []
    regulatory:
      description: What a purchase can name of what was filed with the provider.
      type: list
      elements: dict
      contains:
        option:
          description: The key that names it.
          type: str
          sample: bundle
        meets:
          description: The requirements of an offer that it is for.
          type: list
          elements: str
          sample: [documents]
        help:
          description: What it is.
          type: str
          sample: the SID of an approved bundle
      sample: []
    offers_per_purchase:
      description: The number of offers that one request can buy. A larger purchase takes several requests.
      type: int
      sample: 1
    names_account:
      description: Whether the credentials say which account it is. Else a purchase needs O(account_id).
      type: bool
      sample: true
    release:
      description: Whether numbers can be given back.
      type: bool
      sample: false
    papers_checked_at_purchase:
      description: Whether a purchase that lacks papers is refused, so that an offer that does not say what it needs may
        be tried.
      type: bool
      sample: true
    search_endings:
      description: Whether a search of which the provider shows a part only is asked again by last digits.
      type: bool
      sample: false
    orders_by_id:
      description: Whether an order can be asked for by the provider's id.
      type: bool
      sample: false
    orders_by_key:
      description: Whether an order can be asked for by a key that the purchase sent along.
      type: bool
      sample: false
    asynchronous:
      description: Whether a purchase is an order that the provider carries out later.
      type: bool
      sample: false
    pending_orders:
      description: Whether an order may stay pending where no list of the provider shows it.
      type: bool
      sample: false
    shows_charge:
      description: Whether the record of an owned number shows the monthly price that is charged, so that it is compared
        with the quote.
      type: bool
      sample: false
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

from ansible_collections.telco.numbers.plugins.module_utils._tasks.account_info import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
