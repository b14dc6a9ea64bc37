# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What is particular to each provider: how it is opened, how it sells, what it does not offer."""

from __future__ import annotations


class ModuleDocFragment:
    """One note a provider."""

    DOCUMENTATION = r"""
options: {}
notes:
  # generated: notes
  - V(bandwidth) needs O(account_id), with O(api_key) and O(api_secret), or O(username) and O(password). It has
    no prices, so C(price_list) says them, by C(tier) where that matters. A number is always in a location, which
    answers its SMS; a voice configuration package answers its calls.
  - V(infobip_sms) needs O(api_key), or O(username) and O(password). It sells numbers one by one, and names
    currencies. It has neither applications nor settings of a number; those are made in the Infobip portal. It
    allows about one search or purchase a second, so pauses after "too many requests" are normal.
  - V(plivo_groups) needs O(account_id) and O(password). It rents from groups and chooses the numbers itself. A
    search without a type takes one request for each type. It links a number whole, for voice and SMS at once. It
    names no currency, and an order may stay pending where no list shows it, so it buys only with a journal.
  - V(sinch_catalog) needs O(account_id), with O(api_key) and O(api_secret), or O(token), or nothing more. It
    sells numbers one by one, links voice and SMS separately, and names no currency.
  - V(sinch_portal) needs O(username) and O(password). It sells groups, reserves first and then checks out
    everything in one call, and chooses the numbers itself. It links voice and SMS separately, and unlinks a
    number whole. It names no set-up price and no amount due at checkout. Settings are made at the application,
    in the Sinch dashboard. A number cannot be given back through it. Its requests are signed with the time, so
    the clock of the executing host must be right.
  - V(telnyx) needs O(api_key) and O(api_secret), or O(api_key). It sells numbers by orders that are carried out
    later and whose rows end one by one, each at its own price, and links voice and SMS separately. Its records
    say nowhere whether a number can do voice, so that is unknown. It has no names of numbers, and
    O(telco.numbers.number_configuration#module:tags) and C(customer_reference) take their place. Its API names
    no account, so a purchase needs a name of yours for it.
  - V(twilio) needs O(account_id), with O(api_key) and O(api_secret), or O(password). It sells numbers one by
    one, each at the price of its country and type, and links voice and SMS separately, to applications of
    several kinds.
  # end of what is generated
"""
