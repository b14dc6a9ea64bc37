#!/usr/bin/python

# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: number_purchase
short_description: Own phone numbers, buying only what is missing
version_added: 0.1.0
author:
  - telco.numbers contributors (@telco-numbers)
description:
  - Sees to it that the account owns the given O(numbers), or at least O(count) numbers that match a selector. Give one
    of the two.
  - It counts first and buys the shortage. With O(count=5) and three matching numbers owned it buys two, with five or
    more it buys none. A second run therefore buys nothing.
  - It quotes before it buys. It searches the catalogue, takes the cheapest offers that match (ties by number), adds up
    what they cost and compares that with the limits. A quote is at most 60 seconds old when it is used, else it is made
    anew.
  - It buys enough or nothing. When the catalogue cannot cover the shortage nothing is bought, unless
    O(allow_partial=true). When somebody else is faster during the purchase, one new quote is made within the same
    limits.
  - It never buys twice. After an answer that got lost it reads the owned numbers until they tell what happened. A
    number that surely was not bought is asked for once more, never another one in its place. When nothing decides it
    fails with C(unknown_outcome) and buys nothing more.
  - When it fails, RV(failure.completed) says what was bought and linked all the same.
options:
  numbers:
    description:
      - The numbers to own. Those that are owned already are left as they are.
      - Each is a string in international form with its plus sign, like V('+15045550100'), or a number object as the
        modules return it. Spaces, dots, dashes and brackets of any kind are removed. A short code can be named by its
        digits when it is owned.
      - What is owned can be named by its digits, whatever its country's numbering plan says of them. A number that is
        not owned and has a length that none of its country has is misspelt, and refused.
      - Quote numbers. An unquoted one is an integer for YAML, which may already have changed it, so integers are
        refused.
      - Where the provider chooses the numbers itself, a number that is not owned is refused with C(unsupported).
      # generated: sellers
      - Single numbers are offered by V(bandwidth), V(infobip_sms), V(sinch_catalog), V(telnyx) and V(twilio), groups
        by V(plivo_groups) and V(sinch_portal).
      # end of what is generated
      - With an empty list nothing is done and no request is sent, but for O(close_orders).
      - Mutually exclusive with O(count), O(offer) and the selector.
    type: list
    elements: raw
  count:
    description:
      - How many matching numbers to own at least, from 1 to 100000. More is fine, nothing is ever dropped.
      - What counts is decided from the records of the owned numbers. An option of the selector that those records
        cannot show is refused with C(unsupported) before any request, because the numbers bought with it would not be
        recognised in the next run and be bought again. RV(telco.numbers.account_info#module:features.owned_keys) lists
        the options that can be used.
      - An owned number that lacks a fact which the selector asks for is undecided. It does not count. If numbers are
        missing while some are undecided, the task fails with C(undecidable) and buys nothing. Widen the selector, or
        list the undecided ones in O(exclude).
      - Numbers that were bought or ordered and are not listed yet count too.
      - Mutually exclusive with O(numbers).
    type: int
  offer:
    description:
      - Buy only from this offer, RV(telco.numbers.available_number_info#module:offers[].id).
      - It narrows what is bought and never what counts. Numbers that match the selector count wherever they came from.
        The offer must match the selector too.
      - Mutually exclusive with O(numbers).
    type: str
  application:
    description:
      - The application that the numbers shall be linked to, for every capability that the number has and the provider
        links.
      - With O(count) the application's own numbers count first, then matching numbers that are linked to nothing, until
        the count is reached. Those are linked to it, and what is bought is linked too. Numbers of other applications do
        not count and are left alone.
      - Numbers that are on order for the application count before free ones. Its own numbers that lack a part of their
        links, because an earlier run was interrupted, are linked whole.
      - With O(numbers) a number that is linked to another application is a C(conflict).
      - It is linked in the purchase itself where the provider can do that, else right after it.
      # generated: only linked_capabilities
      - Numbers can be linked to applications only at V(bandwidth), V(plivo_groups), V(sinch_catalog),
        V(sinch_portal), V(telnyx) and V(twilio). The others refuse this with C(unsupported).
      # end of what is generated
    type: str
  capability:
    description:
      - Link the numbers to O(application) for this capability only. Without it they are linked for every capability
        they have.
      - Where the provider links a number whole, this is refused with C(unsupported).
      # generated: whole
      - Numbers are linked whole at V(plivo_groups), and unlinked whole at V(plivo_groups) and V(sinch_portal).
      # end of what is generated
      - It says nothing about which numbers are bought; select those by O(capabilities).
    type: str
    version_added: 1.0.0
  default_application:
    description:
      - The application that the account links every new number to when nothing else is asked for. Its numbers count as
        linked to nothing.
      - Without this option they would count as another application's numbers.
      # generated: only default_application
      - There is a default application only at V(bandwidth) and V(plivo_groups). The others refuse this with
        C(unsupported).
      # end of what is generated
    type: str
  exclude:
    description:
      - Numbers that never count and are never bought, written like O(numbers). For numbers that something else is
        responsible for.
    type: list
    elements: raw
  exclude_offers:
    description:
      - Offers that something else will buy from, by RV(telco.numbers.available_number_info#module:offers[].id), and how
        many. So many of their stock are left alone.
      - It makes the quotes of several purchases exact that are planned together and have not been made yet.
    type: dict
    version_added: 1.0.0
  max_monthly_price:
    description:
      - The most that one number may cost a month. Dearer offers are left out.
      - A decimal of zero or more in a string, like V('12.50'). Quote it. A number with a decimal point that is not
        quoted is refused, because YAML makes it a binary fraction.
      - Needs O(currency).
    type: raw
  max_setup_price:
    description:
      - The most that the set-up of one number may cost. Dearer offers are left out.
      - A decimal of zero or more in a string, like V('12.50'). Quote it. A number with a decimal point that is not
        quoted is refused, because YAML makes it a binary fraction.
      - Needs O(currency).
    type: raw
  max_monthly_total:
    description:
      - The most that all numbers bought by this run may cost a month.
      - A decimal of zero or more in a string, like V('12.50'). Quote it. A number with a decimal point that is not
        quoted is refused, because YAML makes it a binary fraction.
      - Needs O(currency).
    type: raw
  max_setup_total:
    description:
      - The most that the set-up of all numbers bought by this run may cost.
      - A decimal of zero or more in a string, like V('12.50'). Quote it. A number with a decimal point that is not
        quoted is refused, because YAML makes it a binary fraction.
      - Needs O(currency).
    type: raw
  max_due_now_total:
    description:
      - The most that may be due at checkout for everything that this run buys.
      - A decimal of zero or more in a string, like V('12.50'). Quote it. A number with a decimal point that is not
        quoted is refused, because YAML makes it a binary fraction.
      - Needs O(currency).
    type: raw
  currency:
    description:
      - The currency of the limits, as an ISO 4217 code like V(EUR). Needed with any limit.
      - Only offers priced in it are bought, with or without a limit. Amounts of different currencies are never added or
        compared; without this option, offers in several currencies are refused.
      - Where the provider names no currency, O(account_currency) must say it, else nothing is known to be within a
        limit.
      # generated: remarks number_purchase currency
      - V(plivo_groups) names none.
      - V(sinch_catalog) names none.
      # end of what is generated
    type: str
  allow_partial:
    description:
      - Whether to buy what there is when the catalogue, or the limit for one number, cannot cover the shortage. A
        warning tells what is missing.
      - The limits for totals are not stretched. A purchase above one of them fails whole.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until pending orders are fulfilled, at a provider that has such orders.
      - Without it a pending order is returned in RV(orders) and counts towards the next run.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds that the task may take with O(wait=true), more than zero, 604800 at most. It then replaces O(deadline).
      - When it passes, the task fails with C(deadline_exceeded). The order stays open and goes on counting.
    type: float
    default: 600
  search_limit:
    description:
      - Read about so many rows of the catalogue at most for a quote, from 1 to 1000000. The last page is read whole.
      - A warning tells when that left a part of the catalogue unread, where cheaper offers may be.
      - Where the provider shows a part of its catalogue only, and that does not cover what is missing, it is asked
        again by last digits, up to so many rows. Where it cannot be asked so, the message says that a part was shown.
    type: int
    default: 1000
  provider_options:
    description:
      - The provider's own options of a purchase, by their names. They act at the purchase, and never change a number
        that is owned.
      - A name or a value that the provider does not have is refused before any request, with the nearest one that it
        has.
      # generated: fields provider_options
      - V(bandwidth) has C(site) (str). The id or the name of the sub-account that gets the number. An account with
        several needs it, or a location.
      - V(bandwidth) has C(location) (str). The id or the name of the location that gets the number, where no
        location is linked.
      - V(bandwidth) has C(order_name) (str). The name of the order.
      - V(telnyx) has C(customer_reference) (str). The line of text by which you look numbers up.
      - V(telnyx) has C(billing_group) (str). The id of the billing group that the numbers will belong to.
      - There are none at V(infobip_sms), V(plivo_groups), V(sinch_catalog), V(sinch_portal) and V(twilio).
      # end of what is generated
    type: dict
    version_added: 2.0.0
  regulatory:
    description:
      - What was filed with the provider and a purchase needs to name, by the keys of
        RV(telco.numbers.account_info#module:features.regulatory), like V(address) or V(bundle).
      - This collection files nothing itself. The values are personal data, so no result, difference or journal holds
        them.
      - By count, offers that need other papers are passed over; one warning counts them and says what they need. A
        named number that needs other papers fails with C(regulatory) before anything is bought.
      - When the provider refuses a number for its papers, the task leaves all offers of that country, type and
        requirement alone and goes on with others.
    type: dict
    version_added: 2.0.0
  close_orders:
    description:
      - The ids of open orders, RV(orders[].id), that you know to be settled, because you have looked at the account or
        asked the provider. They are forgotten and no longer count.
      - For orders that ended with C(unknown_outcome), and for pending orders that the provider rejected. They are never
        closed by time alone.
      - While the provider's list shows fewer numbers than they may have brought, the task reads it until
        O(settle_time) has passed. Numbers that came a moment ago are not bought again.
      - An id that is not open is only warned of.
    type: list
    elements: str
notes:
  - Each purchase is written into the journal before it is sent, and its outcome after. A run that is killed is followed
    by one that reads there what may have been bought. A journalled purchase counts as owned until the provider's list
    shows it. The journal holds no secrets.
  - One task at a time buys for an account, held by a lock beside the journal. Another task waits until O(deadline) and
    then fails with C(locked). The lock holds on one machine and for one user. It does not cover other machines; see to
    it there that one job at a time works on an account (in AWX, leave concurrent jobs of a job template disabled).
  - Lock and journal belong to the provider, the address and the account, as the provider names it, or else the options.
    Name it the same way in every play. Where the provider names no account, that means the same O(account_id) or the
    same way to log in.
  - In check mode nothing is bought, and RV(quote) is what a real run would buy now. Numbers that only the provider can
    choose are absent from the prediction.
  - Reservations cost nothing and expire by themselves. One that may have been lost is warned of.
extends_documentation_fragment:
  - telco.numbers.applications
  - telco.numbers.options
  - telco.numbers.selector
  - telco.numbers.providers
  - telco.numbers.attributes
seealso:
  - module: telco.numbers.account_info
    description: Proves the credentials and says what the provider offers.
  - module: telco.numbers.available_number_info
    description: Searches what is for sale.
  - module: telco.numbers.number_info
    description: Lists what the account owns.
  - module: telco.numbers.number_assignment
    description: Links numbers to applications.
  - module: telco.numbers.number_configuration
    description: Sets names and callback addresses.
  - module: telco.numbers.number_release
    description: Gives numbers back.
"""

EXAMPLES = r"""
# The README shows how to start the sandbox, and the variables that let these tasks run against it as they are.

- name: Own two local US numbers, the cheapest ones
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 2
  register: owned

- name: Show what is owned now
  ansible.builtin.debug:
    msg: "{{ owned.numbers | map(attribute='number') | list }}"

- name: Ask what five would cost, without buying
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 5
  check_mode: true
  register: plan

- name: Show the quote
  ansible.builtin.debug:
    msg: "{{ plan.quote.lines | sum(attribute='quantity') }} more, {{ plan.quote.monthly_total }} a month"

- name: Own certain numbers
  telco.numbers.number_purchase:
    provider: infobip_sms
    numbers:
      - '+447860041117'
      - '+44 7860 041120'

- name: Spend at most this
  telco.numbers.number_purchase:
    provider: sinch_catalog
    account_currency: USD
    country: US
    type: local
    capabilities:
      - voice
      - sms
    count: 3
    max_monthly_price: '1.50'
    max_monthly_total: '5'
    max_due_now_total: '10.00'
    currency: USD

- name: Own two numbers that are linked to an application
  telco.numbers.number_purchase:
    provider: sinch_portal
    country: US
    capabilities:
      - voice
      - sms
    count: 2
    application: bb7b4e39-4227-4913-8c81-2db4abb54fb3
    max_monthly_price: '2'
    currency: USD

- name: The same where the account links new numbers to a default application
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: US
    type: local
    count: 2
    application: '16632742496743552'
    default_application: '16632742496743553'

- name: Buy from one group only
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: GB
    type: local
    prefix: '161'
    offer: '44000000000161'
    count: 1

- name: Take what there is, do not count a number that another team uses
  telco.numbers.number_purchase:
    provider: infobip_sms
    country: RU
    count: 3
    exclude:
      - '+79029555525'
    allow_partial: true

- name: Wait up to half an hour for an order that stays pending
  telco.numbers.number_purchase:
    provider: plivo_groups
    country: SE
    type: local
    count: 1
    wait: true
    wait_timeout: 1800

- name: Close an order that the provider has rejected
  telco.numbers.number_purchase:
    provider: plivo_groups
    numbers: []
    close_orders:
      - 5b1d1a7e-3a0f-4a51-9d0e-6a4c1a9b7f10
"""

RETURN = r"""
numbers:
  description:
    - Everything that satisfies the request now, bought by this run or before.
    - Sorted by number. A fact that the provider's record lacks is V(null) and never guessed.
  returned: success
  type: list
  elements: dict
  contains: &number
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
purchased:
  description:
    - What this run bought, sorted by number. The fields are those of RV(numbers).
    - In check mode, what it would buy, as far as the offers name the numbers.
  returned: success
  type: list
  elements: dict
  contains: *number
linked:
  description:
    - The numbers that this run linked to O(application) by a call of their own, owned before or just bought.
    - In check mode, the owned ones that it would link.
  returned: success
  type: list
  elements: str
  sample: ["+15045550100"]
  version_added: 1.0.0
quote:
  description:
    - What this run bought and what it costs, or in check mode would. Empty when nothing is missing.
    - A total is V(null) when a price in it is unknown. Amounts are decimals in strings.
  returned: success
  type: dict
  contains:
    lines:
      description: One entry for each offer.
      type: list
      elements: dict
      contains:
        offer:
          description: The id of the offer.
          type: str
          sample: "13"
        number:
          description: The number, V(null) for a group.
          type: str
          sample:
        quantity:
          description: How many numbers of the offer.
          type: int
          sample: 2
        setup_price:
          description: The set-up price of one number.
          type: str
          sample:
        monthly_price:
          description: The price of one number a month.
          type: str
          sample: "1"
        due_now:
          description: What one number costs at checkout.
          type: str
          sample:
    setup_total:
      description: The set-up price of everything.
      type: str
      sample:
    monthly_total:
      description: The price of everything a month.
      type: str
      sample: "2"
    due_now_total:
      description: What everything costs at checkout.
      type: str
      sample:
    currency:
      description: The currency of all amounts, V(null) when the provider names none and O(account_currency) does not
        say it.
      type: str
      sample: USD
orders:
  description: The orders that this run placed, then older ones that are still open.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the order in the journal, for O(close_orders).
      type: str
      sample: 5b1d1a7e-3a0f-4a51-9d0e-6a4c1a9b7f10
    provider_order:
      description: The provider's id of the order, V(null) where its API has none.
      type: str
      sample:
    status:
      description:
        - V(fulfilled), bought. V(pending), the provider delivers later. V(in_review), it looks at the papers.
          V(needs_input), it waits for papers. V(partial), a part of it failed. V(failed), it brings nothing.
          V(unknown), it cannot be told yet whether it was carried out.
      type: str
      sample: fulfilled
    quantity:
      description: How many numbers were ordered.
      type: int
      sample: 2
    numbers:
      description: The numbers that the order is known to have brought.
      type: list
      elements: str
      sample: ["+14150005550", "+14150005551"]
    lines:
      description: What was ordered, a line an offer.
      type: list
      elements: dict
      contains:
        offer:
          description: The id of the offer.
          type: str
          sample: "13"
        number:
          description: The number that was ordered, V(null) where the provider chooses it.
          type: str
          sample:
        quantity:
          description: How many numbers were ordered.
          type: int
          sample: 2
        status:
          description: As the status of an order, for this line.
          type: str
          sample: fulfilled
        message:
          description: The provider's words on this line, V(null) without any.
          type: str
          sample:
    message:
      description: The provider's words, V(null) without any.
      type: str
      sample:
msg:
  description: One line that says what went wrong and what to do.
  returned: failure
  type: str
  sample: "The purchase comes to 9 USD and max_monthly_total is 5: raise it or ask for less."
failure:
  description: What went wrong, for playbooks to decide by.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - What went wrong, one of a closed list.
        - C(invalid_option), an option is wrong or missing.
        - C(unsupported), the provider does not offer it; the message says what it offers instead.
        - C(authentication_failed), the credentials, or the clock of the executing host, are wrong.
        - C(forbidden), the credentials may not do that with this account.
        - C(not_found), a number, an application or a record does not exist in this account.
        - C(conflict), a number is linked elsewhere, or the record changed meanwhile.
        - C(out_of_stock), not enough is for sale, or somebody else was faster.
        - C(insufficient_credit), the account has not enough credit.
        - C(price_limit), the purchase would cost more than a limit allows, or a price that is limited is unknown.
        - C(quote_changed), what a plan would do goes beyond the quote that was approved.
        - C(price_changed), a number was charged otherwise than quoted, or what was reserved has another price now;
          nothing more is bought.
        - C(regulatory), the number needs an identity document or an address.
        - C(account_setup), the account is not set up for purchases.
        - C(reservation_expired), a reservation was gone before it was checked out.
        - C(rate_limited), too many requests, also after O(retries) repetitions, or with no time left for another.
        - C(provider_error), the provider refused or answered something that cannot be understood.
        - C(provider_unavailable), the provider has a passing fault.
        - C(connection_failed), the provider was not reached.
        - C(deadline_exceeded), the task's time is used up.
        - C(unknown_outcome), a request was sent and nothing decides whether it was carried out; the message says how to
          settle it.
        - C(undecidable), owned numbers lack the facts to tell whether they count; nothing is bought.
        - C(inconsistent_list), the provider's list moved while it was read, or does not show yet what was bought.
        - C(locked), another task of this machine works on the account.
        - C(journal_required), the journal is needed and cannot be kept or read.
      type: str
      sample: price_limit
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
        - What was done all the same, empty when nothing was. C(purchased) are number objects like those of RV(numbers),
          C(orders) are like RV(orders), C(linked) are numbers that were linked to O(application),
          C(reserved) are references of reservations that are not checked out.
      type: dict
      sample: {}
"""

from ansible_collections.telco.numbers.plugins.module_utils._tasks.number_purchase import TASK


def main() -> None:
    TASK.main()


if __name__ == "__main__":
    main()
