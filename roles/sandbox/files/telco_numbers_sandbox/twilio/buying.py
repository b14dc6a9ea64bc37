# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Purchases: one number a call, at once; a number that the account owns already is only updated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import shop
from ..store import Account, Offer, Owned
from ..wire import Answer, ApiError, Call, Provider
from . import papers, settings
from .accounts import payer
from .common import E164, NAME, Handled, addressed, form
from .numbers import PATH, SUBLISTS, rendered
from .search import friendly

MAGIC = {"+15005550000": 21422, "+15005550001": 21421}
MAGIC_NUMBER, MAGIC_AREA = "+15005550006", "500"
DEMO = {"voice_url": "https://demo.twilio.com/welcome/voice/", "sms_url": "https://demo.twilio.com/welcome/sms/reply/"}


def calls(provider: Provider) -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("POST", PATH + ".json", _buy_of(provider, None)),
        *(("POST", f"{PATH}/{word}.json", _buy_of(provider, kind)) for word, kind in SUBLISTS.items()),
    )


def _buy_of(provider: Provider, kind: str | None) -> Callable[[Call], Answer]:
    def buy(call: Call) -> Answer:
        account = addressed(call)
        fields = form(call, (*settings.SETTINGS, "PhoneNumber", *(() if kind else ("AreaCode",))))
        wanted = [name for name in ("PhoneNumber", "AreaCode") if fields.get(name)]
        if len(wanted) != 1:
            raise ApiError(400, "One of PhoneNumber and AreaCode is needed", 20001)
        told = {name: value for name, value in fields.items() if name not in ("PhoneNumber", "AreaCode")}
        if account.data.get("test"):
            return _rehearsed(account, fields)
        number = _number(call, fields, kind)
        mine = call.store.get(Owned, provider=NAME, account=account.id, number=number)
        if mine is not None:
            settings.check(call, account, told, mine.data, mine.configuration)
            settings.apply(call, mine, told)
            return Answer(201, rendered(mine))
        return Answer(201, rendered(_bought(call, provider, account, number, kind, told)))

    return buy


def _number(call: Call, fields: Mapping[str, str], kind: str | None) -> str:
    """The number that is asked for, or one of the area code."""
    if fields.get("PhoneNumber"):
        if not E164.fullmatch(fields["PhoneNumber"]):
            raise ApiError(400, f"{fields['PhoneNumber']} is not a valid number", 21421)
        return fields["PhoneNumber"]
    area = fields["AreaCode"]
    if not re.fullmatch(r"[2-9]\d{2}", area, re.ASCII):
        raise ApiError(400, f"AreaCode {area} is invalid", 21451)
    for offer in call.store.find(Offer, provider=NAME):
        if offer.stock and offer.id.startswith(f"+1{area}") and offer.data.get("type") == (kind or "local"):
            return offer.id
    raise ApiError(400, f"No phone numbers found in area code {area}", 21452)


def _bought(
    call: Call, provider: Provider, account: Account, number: str, kind: str | None, told: Mapping[str, str]
) -> Owned:
    offer = call.store.get(Offer, provider=NAME, id=number)
    if offer is None or not offer.stock:
        raise ApiError(400, f"{number} is not available", 21422)
    if kind is not None and offer.data.get("type") != kind:
        raise ApiError(400, f"{number} is not of this type", 21458)
    if account.data.get("kind") == "Trial" and call.store.find(Owned, provider=NAME, account=account.id):
        raise ApiError(400, "A trial account has one number only", 21404)
    settings.check(call, account, told, offer.data, {})
    papers.check(account, offer.data, told)
    try:
        shop.take_stock(call.store, offer, 1)
        row = shop.deliver(call.store, provider, payer(call, account), offer, 1, call.now)[0]
    except shop.NotEnoughCredit:
        raise ApiError(402, "The account has not enough credit") from None
    row.account = account.id
    row.configuration = dict(DEMO) if call.settings.get("demo_urls") else {}
    settings.apply(
        call, row, {name: value for name, value in told.items() if name != "EmergencyAddressSid"}
    )  # that works later only
    return row


def _rehearsed(account: Account, fields: Mapping[str, str]) -> Answer:
    """What the vendor's test credentials are answered: nothing is bought, and the form is echoed."""
    number, area = fields.get("PhoneNumber"), fields.get("AreaCode")
    if area and area != MAGIC_AREA:
        raise ApiError(400, f"No phone numbers found in area code {area}", 21452)
    if number and number != MAGIC_NUMBER:
        code = MAGIC.get(number, 21422)
        raise ApiError(400, f"{number} is not available" if code == 21422 else f"{number} is not a valid number", code)
    found = MAGIC_NUMBER if number else f"+1{MAGIC_AREA}5550007"
    data: dict[str, Any] = {"capabilities": ["voice", "sms", "mms"], "country": "US", "type": "local"}
    row = Owned(NAME, found, account.id, "PN" + "0" * 32, None, 0.0, data=data)
    row.configuration = {settings.snake(name): value for name, value in fields.items() if name in settings.SETTINGS}
    return Answer(201, {**rendered(row), "friendly_name": fields.get("FriendlyName") or friendly(found)})
