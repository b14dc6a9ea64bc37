# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An approval of a quote bounds what is bought: in every currency, and whatever price is unknown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from provision_stage import Ran, Stage
from sandbox_server import Server

SWEDEN = {"name": "stockholm", "provider": "sinch_portal", "country": "SE", "count": 1}
CODES = {"name": "codes", "provider": "infobip_sms", "country": "GB", "capabilities": ["sms"], "count": 1}
HOTLINE = {"name": "hotline", "provider": "plivo_groups", "country": "US", "type": "local", "count": 2}
DOLLARS = {"plivo_groups": {"provider": "plivo_groups", "account_currency": "USD"}}
CATALOGUE = {"provider": "infobip_sms", "path": "available"}
UNKNOWN = {"kind": "body", "match": CATALOGUE, "merge_items": {"price": {"pricePerMonth": None}}}


@pytest.fixture
def stage(process: Server, tmp_path: Path) -> Stage:
    return Stage(process, tmp_path)


def quoted(stage: Stage, *pools: Any, **variables: Any) -> tuple[Ran, str]:
    """The quote of the pools, and the checksum that it hands on."""
    ran = stage.run(
        list(pools), "--check", playbook="telco.numbers.quote", env={"ANSIBLE_SHOW_CUSTOM_STATS": "1"}, **variables
    )
    assert stage.writes() == []
    told = ran.output.partition("RUN: ")[2]
    return ran, json.JSONDecoder().raw_decode(told)[0]["provision_checksum"]


def test_what_is_approved_is_bought_and_nothing_beyond(stage: Stage) -> None:
    given: dict[str, Any] = {"telco_numbers_accounts": DOLLARS}
    ran, checksum = quoted(stage, SWEDEN, HOTLINE, **given)
    assert ran.code == 0 and re.fullmatch("sha256:[0-9a-f]{64}", checksum)
    more = stage.run([SWEDEN, {**HOTLINE, "count": 3}], **given, provision_checksum=checksum)
    assert more.code != 0 and "it would buy 3, and the quote bought 2" in more.failure
    assert stage.owned("plivo_groups") == {} and more.statuses == {"stockholm": "changed", "hotline": "failed"}
    assert stage.converge([SWEDEN, HOTLINE], **given, provision_checksum=checksum).code == 0
    assert len(stage.owned("plivo_groups")) == 2 and len(stage.owned("sinch_portal")) == 1


def test_an_unknown_price_lets_nothing_be_approved_and_nothing_be_bought(stage: Stage) -> None:
    stage.sandbox.faults(UNKNOWN)
    ran, checksum = quoted(stage, SWEDEN, CODES)
    assert ran.code != 0 and "An approval of this quote would not bound what is bought." in ran.output
    assert "pool codes: the price of" in ran.output and "pool stockholm: " not in ran.output
    assert checksum == "none"
    after = stage.run([SWEDEN, CODES], provision_checksum=checksum)
    assert after.code != 0 and stage.writes() == []


def test_a_price_without_a_currency_lets_nothing_be_approved_and_nothing_be_bought(stage: Stage) -> None:
    ran, checksum = quoted(stage, SWEDEN, HOTLINE)
    assert (
        ran.code != 0
        and "pool hotline: the provider names no currency for what it would buy: set account_currency" in ran.output
    )
    assert checksum == "none"
    after = stage.run([SWEDEN, HOTLINE], provision_checksum=checksum)
    assert after.code != 0 and stage.writes() == []


def test_a_price_without_a_currency_may_not_rise_after_the_quote(stage: Stage) -> None:
    search = {"provider": "plivo_groups", "method": "GET", "path": "AvailableNumberGroup"}
    stage.sandbox.faults({"kind": "body", "match": search, "skip": 1, "merge_items": {"rental_rate": "9.30000"}})
    ran = stage.run([HOTLINE])
    assert (ran.code, ran.pools["hotline"]["code"], stage.owned("plivo_groups")) == (2, "price_limit", {})
    stage.sandbox.faults()
    bought = stage.converge([HOTLINE])
    assert len(stage.owned("plivo_groups")) == 2 and list(bought.result["totals"]) == [""]
    stage.settled([HOTLINE])


def test_of_an_unknown_price_nothing_but_the_quoted_offer_is_bought(stage: Stage) -> None:
    """What the quote showed without a price is sold meanwhile: no other offer is taken in its place, whatever that
    costs.
    """
    stage.sandbox.faults(
        UNKNOWN,
        {
            "kind": "sell_between",
            "match": {"provider": "infobip_sms", "method": "POST", "path": "/sms/1/numbers$"},
            "count": 1,
        },
    )
    ran = stage.run([CODES])
    assert ran.code == 2 and ran.pools["codes"]["step"] == "buy" and stage.owned("infobip_sms") == {}, ran.output
