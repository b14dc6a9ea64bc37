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
      - Where a record names no country, the digits of the number decide. Digits that several countries share are one answer for each of them,
        like those of Puerto Rico for V(US) and V(PR), or toll-free ones of the North American plan for all of its countries.
      - Quote it. V(NO) without quotes is a boolean for YAML, and refused.
      - V(plivo) searches one country at a time, so a search or a purchase needs it there.
    type: str
  type:
    description:
      - The type of number, one of V(local), V(mobile), V(national), V(tollfree), V(shortcode) and V(virtual).
      - V(infobip) has V(virtual), V(shortcode) and V(tollfree). V(plivo) sells V(local), V(national) and V(tollfree).
      - V(sinch_portal) shows no types and refuses it with C(unsupported).
    type: str
  capabilities:
    description:
      - What the number must be able to do, any of V(voice), V(sms) and V(mms). All that are listed must be there.
      - Words are read in any case, and a text with commas is a list of them.
      - A capability that a provider splits by direction counts when either direction is there.
      - V(sinch_portal) shows V(voice) and V(sms) only.
    type: list
    elements: str
  prefix:
    description:
      - The first national digits, without country code and trunk zero, like V('415').
      - Quote it. An unquoted one is an integer for YAML, which may already have changed it (V(0161) arrives as 113), so integers are refused.
      - V(plivo) takes at most 5 digits.
    type: str
  region:
    description:
      - The name of the region as the provider writes it, in either case.
      - V(plivo) knows it for local numbers only. Two letters are a region code there, which can be searched by
        but not be recognised in owned numbers, so M(telco.numbers.number_purchase) and M(telco.numbers.number_info) refuse it there.
      - V(infobip) and V(sinch_portal) do not show regions and refuse it with C(unsupported).
    type: str
  city:
    description:
      - The name of the city as the provider writes it, in either case.
      - V(infobip) and V(plivo) do not show cities and refuse it with C(unsupported).
    type: str
  contains:
    description:
      - Digits that must occur in the number, country code included, like V('2055'). Quote them, because integers are refused.
      - The groups that V(plivo) and V(sinch_portal) sell have no digits yet, so a search or a purchase there refuses it with C(unsupported).
        Their owned numbers can be selected by it.
    type: str
"""
