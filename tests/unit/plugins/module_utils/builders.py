# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records for the tests, with facts that are easy to read, and ways to run a check as somebody else."""

from __future__ import annotations

import os
import pickle
import traceback
import typing as t
from decimal import Decimal

from ansible_collections.telco.numbers.plugins.module_utils._core.link import Link
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Number, Offer

PROVIDER = "shop"


def number(
    digits: str = "+14155550100",
    applications: t.Mapping[str, str] | None = None,
    other_links: t.Sequence[str] = (),
    **facts: t.Any,
) -> Number:
    """An owned number; prices as strings. *applications* are by capability, *other_links* for none that is known."""
    links = (
        *(Link(*pair) for pair in (applications or {}).items()),
        *(Link(None, identity) for identity in other_links),
    )
    base: dict[str, t.Any] = {
        "country": "US",
        "type": "local",
        "capabilities": ("sms", "voice"),
        "monthly_price": "1.00",
        "currency": "USD",
    }
    identity = {"id": digits.lstrip("+"), "provider": PROVIDER, "number": digits, "links": links}
    return Number(**_priced({**identity, **base, **facts}))


def offer(digits: str = "+14155550100", **facts: t.Any) -> Offer:
    """An offer of exactly one number."""
    base: dict[str, t.Any] = {"country": "US", "type": "local", "capabilities": ("sms", "voice")}
    money = {"setup_price": "0", "monthly_price": "1.00", "due_now": "1.00", "currency": "USD"}
    return Offer(**_priced({"id": digits, "provider": PROVIDER, "number": digits, **base, **money, **facts}))


def group(identity: str = "7", stock: int = 10, **facts: t.Any) -> Offer:
    """An offer of a group: the provider chooses the numbers."""
    return offer(identity, **{"number": None, "stock": stock, "area_code": "415", **facts})


def _priced(facts: dict[str, t.Any]) -> dict[str, t.Any]:
    for key in ("setup_price", "monthly_price", "due_now"):
        if isinstance(facts.get(key), str):
            facts[key] = Decimal(facts[key])
    return facts


def in_another_process(function: t.Callable[[], t.Any], ordinary_user: bool = False) -> t.Any:
    """Return what *function* returns in a child process, which gives up root's rights when an *ordinary_user* is
    needed.
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        try:
            if ordinary_user and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            answer = pickle.dumps((function(), ""))
        except BaseException:
            answer = pickle.dumps((None, traceback.format_exc()))
        with os.fdopen(sending, "wb") as stream:
            stream.write(answer)
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as stream:
        content = stream.read()
    os.waitpid(child, 0)
    result, problem = pickle.loads(content)
    assert not problem, problem
    return result
