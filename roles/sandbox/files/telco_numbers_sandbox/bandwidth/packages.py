# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voice configuration packages and the numbers in them, in JSON. Accounts of earlier days have none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .. import shop
from ..paging import listed, next_link, page_size, window
from ..store import Account, Owned
from ..wire import Answer, ApiError, Call, whole_number
from .common import NAME, UNIVERSAL, Handled, account_of, query

PACKAGES = UNIVERSAL + "/voiceConfigurationPackages"


class Objection(ApiError):
    """A refusal of a resource in JSON."""

    def __init__(self, status: int, kind: str, code: str, message: str) -> None:
        super().__init__(status, message, code)
        self.body = {"errors": [{"type": kind, "code": code, "description": message, "id": "0"}]}


def calls() -> Sequence[Handled]:
    """The calls of this file."""
    return (
        ("GET", PACKAGES, packages),
        ("GET", PACKAGES + "/{package}", package),
        ("POST", PACKAGES + "/{package}/phoneNumbers/bulk", bulk),
        ("GET", UNIVERSAL + "/phoneNumbers/voice", voice),
    )


def _account(call: Call) -> Account:
    account = account_of(call)
    if account.data.get("legacy"):
        raise Objection(403, "authorization", "VCS-0003", "The account is not on the Universal Platform")
    return account


def _rows(account: Account) -> list[dict[str, Any]]:
    return list(account.data.get("packages", []))


def _rendered(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"voiceConfigurationPackageId": row["id"], "name": row["name"], "voiceApplicationId": row.get("application")}


def packages(call: Call) -> Answer:
    """All packages, on one page."""
    account = _account(call)
    query(call, ("limit", "afterCursor"))
    return Answer(200, {"data": [_rendered(row) for row in _rows(account)], "page": {}})


def _the(account: Account, call: Call) -> dict[str, Any]:
    for row in _rows(account):
        if row["id"] == call.params["package"]:
            return row
    raise Objection(404, "not-found", "VCS-0004", "The voice configuration package does not exist")


def package(call: Call) -> Answer:
    """One package."""
    account = _account(call)
    query(call, ())
    return Answer(200, {"data": _rendered(_the(account, call))})


def bulk(call: Call) -> Answer:
    """Numbers into a package, out of whichever they were in; or out of it. A new number may not be ready for it."""
    account = _account(call)
    row = _the(account, call)
    fields = call.json_object(("action", "phoneNumbers"), ("action", "phoneNumbers"))
    if fields["action"] not in ("ADD", "REMOVE") or not isinstance(fields["phoneNumbers"], list):
        raise Objection(400, "validation", "VCS-0001", "The action is ADD or REMOVE, for a list of phoneNumbers")
    found = [
        call.store.get(Owned, provider=NAME, account=account.id, number=str(name)) for name in fields["phoneNumbers"]
    ]
    if not found or any(one is None or not one.active for one in found):
        raise Objection(400, "validation", "VCS-0044", "A phone number is not found, or is still being provisioned")
    for one in found:
        assert one is not None
        if fields["action"] == "ADD":
            shop.relink(call.store, one, {**one.applications, "voice": row["id"]})
        elif one.applications.get("voice") == row["id"]:
            shop.relink(call.store, one, {name: to for name, to in one.applications.items() if name != "voice"})
    return Answer(200, {"data": {"phoneNumbers": fields["phoneNumbers"]}})


def voice(call: Call) -> Answer:
    """The numbers with voice, or those of one package."""
    account = _account(call)
    fields = query(call, ("limit", "afterCursor", "voiceConfigurationPackageId"))
    asked = whole_number(fields.get("limit"), "limit", 1000, 1, 1000)
    wanted = fields.get("voiceConfigurationPackageId")
    rows = [row for row in listed(call, NAME, account.id) if wanted in (None, row.applications.get("voice"))]
    rows.sort(key=lambda row: row.number)
    cursor = fields.get("afterCursor")
    offset = 0 if cursor is None else sum(row.number <= f"+{cursor}" for row in rows)
    size, _step = page_size(call, asked)
    shown, total = window(call, rows, offset, size)
    last = shown[-1].number.lstrip("+") if shown and offset + size < total else None
    following = next_link(call, last, cursor or "1")
    data = [{"phoneNumber": row.number, "voiceConfigurationPackageId": row.applications.get("voice")} for row in shown]
    return Answer(200, {"data": data, "page": {} if following is None else {"afterCursor": following}})


def is_json(path: str) -> bool:
    """Whether a path is one of the resources in JSON."""
    return path.startswith("/v2/")


def described(status: int, message: str) -> Any:
    """The body of a refusal of such a resource."""
    kind = "rate-limiting" if status == 429 else "error"
    return json.loads(json.dumps({"errors": [{"type": kind, "code": str(status), "description": message, "id": "0"}]}))
