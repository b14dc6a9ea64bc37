# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The options that select numbers by their facts."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of ``_options.SELECTOR``."""

    DOCUMENTATION = r"""
options:
  country:
    description:
      - The country, as an ISO 3166-1 alpha-2 code like V(US), in either case.
      - Where a record names no country, the digits of the number decide. Digits that several countries share are one
        answer for each of them, like those of Puerto Rico for V(US) and V(PR), or toll-free ones of the North American
        plan for all of its countries.
      - Quote it. V(NO) without quotes is a boolean for YAML, and refused.
      # generated: remarks selector country
      - V(plivo_groups) searches one country at a time, so a search or a purchase needs it.
      # end of what is generated
    type: str
  type:
    description:
      - The type of number, one of V(local), V(mobile), V(national), V(tollfree), V(shortcode),
        V(shared_cost), V(voip) and V(virtual).
      # generated: remarks selector type
      - V(infobip_sms) has V(virtual), V(shortcode) and V(tollfree).
      - V(plivo_groups) sells V(local), V(national) and V(tollfree).
      - V(sinch_portal) shows no types and refuses it with C(unsupported).
      # end of what is generated
    type: str
  capabilities:
    description:
      - What the number must be able to do, any of V(voice), V(sms) and V(mms). All that are listed must be there.
      - Words are read in any case, and a text with commas is a list of them.
      - A capability that a provider splits by direction counts when either direction is there.
      # generated: remarks selector capabilities
      - V(sinch_portal) shows V(voice) and V(sms) only.
      # end of what is generated
    type: list
    elements: str
  prefix:
    description:
      - The first national digits, without country code and trunk zero, like V('415').
      - Quote it. An unquoted one is an integer for YAML, which may already have changed it (V(0161) arrives as 113), so
        integers are refused.
      # generated: remarks selector prefix
      - V(plivo_groups) takes at most 5 digits.
      # end of what is generated
    type: str
  region:
    description:
      - The name of the region as the provider writes it, in either case.
      # generated: remarks selector region
      - V(infobip_sms) shows no regions and refuses it with C(unsupported).
      - V(plivo_groups) knows it for local numbers only. Two letters are a region code, which can be searched by but
        not be recognised in owned numbers, so M(telco.numbers.number_purchase) and M(telco.numbers.number_info)
        refuse it.
      - V(sinch_portal) shows no regions and refuses it with C(unsupported).
      # end of what is generated
    type: str
  city:
    description:
      - The name of the city as the provider writes it, in either case.
      # generated: remarks selector city
      - V(infobip_sms) shows no cities and refuses it with C(unsupported).
      - V(plivo_groups) shows no cities and refuses it with C(unsupported).
      # end of what is generated
    type: str
  contains:
    description:
      - Digits that must occur in the number, country code included, like V('2055'). Quote them, because integers are
        refused.
      # generated: remarks selector contains
      - V(plivo_groups) has no digits before the purchase, so a search or a purchase refuses it with C(unsupported).
        Owned numbers can be selected by it.
      - V(sinch_portal) has no digits before the purchase, so a search or a purchase refuses it with C(unsupported).
        Owned numbers can be selected by it.
      # end of what is generated
    type: str
"""
