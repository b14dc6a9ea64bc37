# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: what a quote decided, as a checksum stands for it, and whether a later quote decides no more. Pure."""

from __future__ import annotations

import hashlib
import json
import typing as t
from decimal import Decimal

from .._core import money
from .account import AccountWork
from .state import Changed, State

FORMAT = 1
ACTION = "converge"
TOTALS = ("setup_total", "monthly_total", "due_now_total")

Decisions = t.Dict[str, t.Any]


def decisions(work: AccountWork) -> Decisions:
    """What will be done in one account.

    Neither time nor order nor stock of the catalogue is in it, nor which offers a purchase by count takes, nor numbers
    that stay as they are. Of values that may hold a token or say who somebody is it has hashes.
    """
    return {
        "format": FORMAT,
        "action": ACTION,
        "account": work.account.name,
        "pools": [_decision(state) for state in work.states],
    }


def checksum(value: t.Any) -> str:
    """SHA-256 of *value* as canonical JSON, in hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _decision(state: State) -> Decisions:
    """What will be done for one pool, or the code of its failure if nothing will."""
    if state.step is not None:
        return {"name": state.pool.name, "failure": state.code}
    ids = {number["number"]: number["id"] for number in state.numbers}
    return {
        "name": state.pool.name,
        "buy": _purchase(state) if state.lines else None,
        "link": [_change(change, ids) for change in state.links],
        "move": [_change(change, ids) for change in state.moves],
        "set": [_change(change, ids, True) for change in state.settings],
        "resume": sorted(str(order["id"]) for order in state.orders),
    }


def _purchase(state: State) -> Decisions:
    want, quote = state.pool.want, state.quote or {}
    named = [str(line["number"]) for line in state.lines] if want.numbers is not None else None
    return {
        "quantity": state.to_buy,
        "numbers": None if named is None else sorted(named),
        "selector": {key: _plain(value) for key, value in want.selector.facts().items()},
        "links": want.application.text if want.application else None,
        "options": {key: _plain(value) for key, value in sorted(want.options.items())},
        "regulatory": checksum(dict(want.regulatory)) if want.regulatory else None,
        "currency": quote["currency"],
        **{key: quote[key] for key in TOTALS},
    }


def _plain(value: t.Any) -> t.Any:
    return sorted(map(str, value)) if isinstance(value, (tuple, list, set, frozenset)) else value


def _change(change: Changed, ids: t.Mapping[str, t.Any], hashed: bool = False) -> Decisions:
    before, after = (checksum(value) if hashed else value for value in (change.before, change.after))
    return {"number": change.number, "id": ids.get(change.number), "key": change.key, "from": before, "to": after}


# -- compare -----------------------------------------------------------------------------------------------------------


def differences(then: Decisions | None, now: Decisions) -> list[str]:
    """A line for each thing that *now* decides beyond what was decided *then*: something else, more, or dearer.

    Less is no difference: what was approved may have been done in part. The numbers that were bought meanwhile under
    the same approval are linked and configured under it, too.
    """
    if then is not None and then["action"] != ACTION:
        return ["the approved quote is of a run that retires"]
    known = {pool["name"]: pool for pool in (then or {}).get("pools", ())}
    found: list[str] = []
    for pool in now["pools"]:
        if any(pool.get(key) for key in ("buy", "link", "move", "set")):
            found += [f"pool {pool['name']}: {line}" for line in _beyond(known.get(pool["name"]), pool)]
    return found


def _beyond(then: Decisions | None, now: Decisions) -> t.Iterator[str]:
    if then is None:
        yield "it was not quoted"
        return
    if "failure" in then:
        yield f"it failed then ({then['failure']}), and would be changed now"
        return
    if now["buy"]:
        yield from _dearer(then["buy"], now["buy"])
    left = (then["buy"] or {}).get("quantity", 0) - (now["buy"] or {}).get("quantity", 0)
    new: set[str] = set()
    for kind, word in (("link", "link"), ("move", "move"), ("set", "set")):
        for change in now[kind]:
            if change in then[kind]:
                continue
            new.add(change["number"])
            if kind == "move" or len(new) > left:
                yield f"it would {word} {change['key']} of {change['number']}, which the quote did not have"


def _dearer(then: Decisions | None, now: Decisions) -> t.Iterator[str]:
    """What a purchase would do beyond the one that was quoted."""
    if then is None:
        yield f"it would buy {now['quantity']}, and the quote bought none"
        return
    if now["quantity"] > then["quantity"]:
        yield f"it would buy {now['quantity']}, and the quote bought {then['quantity']}"
    others = sorted({*(now["numbers"] or ())} - {*(then["numbers"] or ())})
    if others:
        yield f"it would buy {', '.join(others)}, which the quote did not"
    for key in ("selector", "links", "options", "regulatory", "currency"):
        if now[key] != then[key]:
            yield f"the {key} of what it would buy differs"
    for key in TOTALS:
        price, quoted = (money.amount(one[key]) for one in (now, then))
        if price is None and quoted is not None or price is not None and price > (quoted or Decimal(0)):
            yield f"its {key} would be {now[key] or 'unknown'}, and the quote said {then[key] or 'unknown'}"
