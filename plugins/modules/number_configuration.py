#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: number_configuration
short_description: Set the friendly name, callbacks and URLs of owned phone numbers
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Gives each number the settings that the task names. Settings that the task leaves out stay as they are.
  - V(null) and the empty text clear a setting. A template that gives the C(omit) variable leaves a setting out.
  # generated: only configuration
  - A number has settings only at V(plivo_groups), V(sinch_catalog), V(telnyx) and V(twilio). The others refuse
    this with C(unsupported).
  # end of what is generated
  - A pending number gets its settings when it is active. Before that, a warning names it, and nothing changes.
  - A setting that the provider does not have is refused with C(unsupported) before any request is sent.
  - Which application a number is linked to is the business of M(telco.numbers.number_assignment) alone.
  - Every number must be owned, else the task fails with C(not_found) and changes nothing.
  - Several numbers are read again one by one where the provider's call writes the whole record, so that nothing that
    somebody changed meanwhile is lost. The settings that it returns are what was read afterwards.
  - Without any setting it changes nothing and returns the settings that the numbers have.
options:
  numbers:
    description:
      - The numbers to configure.
      - Each is a string in international form with its plus sign, like V('+15045550100'), or a number object as the
        modules return it. Spaces, dots, dashes and brackets of any kind are removed. A short code can be named by its
        digits when it is owned.
      - What is owned can be named by its digits, whatever its country's numbering plan says of them. A number that is
        not owned and has a length that none of its country has is misspelt, and refused.
      - Quote numbers. An unquoted one is an integer for YAML, which may already have changed it, so integers are
        refused.
      - With an empty list nothing is done and no request is sent.
    type: list
    elements: raw
    required: true
  friendly_name:
    description:
      - A name for the number.
      # generated: remarks number_configuration friendly_name
      - V(plivo_groups) calls it alias.
      - V(sinch_catalog) takes at most 64 characters.
      - V(twilio) takes at most 64 characters.
      # end of what is generated
    type: str
  sub_account:
    description:
      - The sub-account that the number belongs to.
      # generated: only sub_account
      - There is such a setting only at V(plivo_groups). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  status_callback_url:
    description:
      - Where the provider reports what happens to this number. It is the number's own callback (C(statusCallback) at
        the provider).
      # generated: only status_callback_url
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  status_callback_method:
    description:
      - The HTTP method of O(status_callback_url), V(GET) or V(POST).
      # generated: only status_callback_method
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  general_callback_url:
    description:
      - Where the provider sends status updates that are not related to a particular service. It is a part of the
        number's configuration (C(Configuration.status_callback_url) at the provider) and another thing than
        O(status_callback_url).
      # generated: only general_callback_url
      - There is such a setting only at V(sinch_catalog). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  general_callback_method:
    description:
      - The HTTP method of O(general_callback_url), V(GET) or V(POST).
      # generated: only general_callback_method
      - There is such a setting only at V(sinch_catalog). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  voice_url:
    description:
      - Where the provider asks what to do with a call.
      # generated: only voice_url
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  voice_method:
    description:
      - The HTTP method of O(voice_url), V(GET) or V(POST).
      # generated: only voice_method
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  voice_fallback_url:
    description:
      - Where it asks when O(voice_url) does not answer as it should.
      # generated: only voice_fallback_url
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  voice_fallback_method:
    description:
      - The HTTP method of O(voice_fallback_url), V(GET) or V(POST).
      # generated: only voice_fallback_method
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  sms_url:
    description:
      - Where the provider delivers a message.
      # generated: only sms_url
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  sms_method:
    description:
      - The HTTP method of O(sms_url), V(GET) or V(POST).
      # generated: only sms_method
      - There is such a setting only at V(sinch_catalog) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  tags:
    description:
      - The number's tags, all of them, in any order. An empty list clears.
      # generated: only tags
      - There is such a setting only at V(telnyx). The others refuse this with C(unsupported).
      # end of what is generated
    type: list
    elements: str
    version_added: 2.0.0
  provider_settings:
    description:
      - The provider's own settings of a number, by their names. One that is left out stays, null and V('') clear it.
      - A name or a value that the provider does not have is refused before any request, with the nearest one that it
        has. So is a setting that would take the number out of the account, because a sub-account is an account of its
        own, opened with its own credentials or id.
      # generated: fields provider_settings
      - V(bandwidth) has C(call_forward) (str). The number, in E.164, that calls are forwarded to.
      - V(bandwidth) has C(rpid_format) (str). How the caller's number is written. One of V(10digit), V(11digit) or
        V(e164).
      - V(bandwidth) has C(rewrite_user) (str). What stands for the number in calls that come in.
      - V(bandwidth) has C(calling_name_display) (bool). Whether the caller's name is shown.
      - V(bandwidth) has C(sms) (bool). Whether SMS is on, where the location has it.
      - V(bandwidth) has C(protected) (bool). Whether the number stays yours to order after a disconnect.
      - V(bandwidth) has C(campaign) (str). The 10DLC campaign of its SMS.
      - V(telnyx) has C(customer_reference) (str). The line of text by which you look numbers up.
      - V(telnyx) has C(billing_group) (str). The id of the billing group that it belongs to.
      - V(telnyx) has C(address) (str). The id of its address.
      - V(telnyx) has C(hd_voice_enabled) (bool). Whether calls may have HD voice, which costs extra.
      - V(telnyx) has C(call_forwarding_enabled) (bool). Whether calls are forwarded to C(forwards_to).
      - V(telnyx) has C(forwards_to) (str). The number that calls are forwarded to.
      - V(telnyx) has C(forwarding_type) (str). When they are. One of V(always) or V(on-failure).
      - V(telnyx) has C(inbound_call_recording_enabled) (bool). Whether incoming calls are recorded.
      - V(telnyx) has C(inbound_call_recording_format) (str). The format of a recording. One of V(wav) or V(mp3).
      - V(telnyx) has C(inbound_call_recording_channels) (str). Its channels. One of V(single) or V(dual).
      - V(telnyx) has C(cnam_listing_enabled) (bool). Whether C(cnam_listing_details) is shown to whom it calls.
      - V(telnyx) has C(cnam_listing_details) (str). The name shown, at most 15 letters, digits and spaces.
      - V(telnyx) has C(caller_id_name_enabled) (bool). Whether the name of a caller is looked up, which costs extra.
      - V(telnyx) has C(inbound_call_screening) (str). What becomes of calls that are likely fraud or spam, which
        costs extra. One of V(disabled), V(reject_calls) or V(flag_calls).
      - V(telnyx) has C(tech_prefix_enabled) (bool). Whether the called number gets a technical prefix.
      - V(telnyx) has C(translated_number) (str). The number that a called number is rewritten to, on the way to its
        connection.
      - V(telnyx) has C(usage_payment_method) (str). Whether calls are paid by the minute, or take one of the
        account's channels. One of V(pay-per-minute) or V(channel).
      - V(telnyx) has C(rtp_auto_adjust_enabled) (bool). Whether the far end of the media is found by itself.
      - V(telnyx) has C(accept_any_rtp_packets_enabled) (bool). Whether media is taken from any address.
      - V(telnyx) has C(t38_fax_gateway_enabled) (bool). Whether fax over T.38 is accepted.
      - V(twilio) has C(sms_fallback_url) (str). What answers an SMS when C(sms_url) does not.
      - V(twilio) has C(sms_fallback_method) (str). How it is asked. One of V(GET) or V(POST).
      - V(twilio) has C(caller_id_lookup) (bool). Whether the name of a caller is looked up.
      - V(twilio) has C(voice_receive_mode) (str). What calls to it are. One of V(voice) or V(fax).
      - V(twilio) has C(emergency_status) (str). Whether it may call emergency services. One of V(Active) or
        V(Inactive).
      - V(twilio) has C(emergency_address) (str). The SID of the address that emergency services get.
      - V(twilio) has C(address) (str). The SID of its address.
      - V(twilio) has C(bundle) (str). The SID of its regulatory bundle.
      - V(twilio) has C(identity) (str). The SID of the identity that it belongs to.
      - There are none at V(infobip_sms), V(plivo_groups), V(sinch_catalog) and V(sinch_portal).
      # end of what is generated
    type: dict
    version_added: 2.0.0
notes:
  - The account is locked as for a purchase, see M(telco.numbers.number_purchase).
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
  - module: telco.numbers.number_release
    description: Gives numbers back.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Own what the next tasks configure
  telco.numbers.number_purchase:
    provider: sinch_catalog
    country: US
    city: New Orleans
    count: 2
  register: owned

- name: Set a name and where calls are reported
  telco.numbers.number_configuration:
    provider: sinch_catalog
    numbers: "{{ owned.numbers }}"
    friendly_name: Front desk
    voice_url: https://example.com/voice
    voice_method: POST
    status_callback_url: https://example.com/number-status
  diff: true

- name: Clear the name, leave everything else as it is
  telco.numbers.number_configuration:
    provider: sinch_catalog
    numbers:
      - "{{ owned.numbers[0].number }}"
    friendly_name:

- name: Read the settings without changing any
  telco.numbers.number_configuration:
    provider: sinch_catalog
    numbers: "{{ owned.numbers }}"

- name: Own a number at Plivo
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 1
  register: rented

- name: Give it a name and a sub-account
  telco.numbers.number_configuration:
    provider: plivo_groups
    numbers: "{{ rented.numbers }}"
    friendly_name: Support line
    sub_account: SASANDBOXSUB00000001
"""

RETURN = r"""
numbers:
  description:
    - The numbers of O(numbers), each with its settings. In check mode the settings are those that it would have.
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
    configuration:
      description: The settings that the provider has, by the names of the options above, and their values. V(null) for
        one that is not set.
      type: dict
      sample: {friendly_name: Front desk, voice_url: "https://example.com/voice", voice_method: POST, sms_url: null}
msg:
  description: One line that says what went wrong and what to do.
  returned: failure
  type: str
  sample: "The account does not own +15045550100: check the numbers, or buy them with number_purchase."
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
      sample: not_found
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
        - What was done all the same, empty when nothing was. C(configured) are the numbers that were configured.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_configuration import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
