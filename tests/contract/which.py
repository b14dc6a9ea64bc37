# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks for tests that are about some providers only: those whose row or features say so. ``@which.link`` is for those
that link numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import (
    BY_NUMBER,
    BY_RESERVATION,
    Features,
)
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from rows import ROWS, Row


def _those(do: Callable[[Row, Features], Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "row", [row for row in ROWS if do(row, load(row.provider).features)], ids=lambda row: row.provider
    )


can_be_opened_otherwise = _those(lambda row, features: len(load(row.provider).access.methods) > 1)
have_addresses = _those(lambda row, features: row.addresses)
list_applications = _those(lambda row, features: features.listed_kinds)
configure = _those(lambda row, features: row.settings)
configure_link_and_get = _those(lambda row, features: row.settings and row.application and row.gets)
configure_and_link = _those(lambda row, features: row.settings and row.application)
link = _those(lambda row, features: row.application)
link_and_release = _those(lambda row, features: row.application and features.release)
have_links_in_lists = _those(lambda row, features: "link" in row.fields)
have_pages = _those(lambda row, features: row.pages)
have_pages_and_release = _those(lambda row, features: row.pages and features.release)
name_countries = _those(lambda row, features: "country" in row.fields)
name_types = _those(lambda row, features: "type" in row.fields)
link_on_purchase_one_by_one = _those(
    lambda row, features: features.links_on_purchase and not features.links_whole and "sms" in row.offered
)
link_release_and_may_be_mute = _those(lambda row, features: row.application and features.release and row.mute)
log_in = _those(lambda row, features: row.login)
log_in_step_by_step = _those(lambda row, features: row.login > 1)
lead_to_next_pages = _those(lambda row, features: row.next_links)
order = _those(lambda row, features: features.pending_orders)
order_and_wait = _those(lambda row, features: features.asynchronous)
release = _those(lambda row, features: features.release)
refuse_as_sold_out = _those(lambda row, features: row.sold_out)
reserve = _those(lambda row, features: features.purchase == BY_RESERVATION)
show_pending_and_configure = _those(lambda row, features: row.pending and row.settings)
show_pending_and_link = _those(lambda row, features: row.pending and row.application)
show_prices = _those(lambda row, features: "price" in row.fields)
tell_totals = _those(lambda row, features: row.total)
sell_by_number_and_show_charges = _those(lambda row, features: features.purchase == BY_NUMBER and row.dearer)
sell_by_number = _those(lambda row, features: features.purchase == BY_NUMBER)
sell_by_number_and_link_each = _those(
    lambda row, features: (
        features.purchase == BY_NUMBER and len(features.linked_capabilities) > 1 and not features.links_whole
    )
)
