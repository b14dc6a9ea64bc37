# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least of a client for each provider, written from the documents."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests
    from sandbox_server import Client

KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
ORGANISATION = "8888123"
SHOP = f"/v1/organisations/id/{ORGANISATION}/numbers/shop"
RENTED = f"/v1/organisations/id/{ORGANISATION}/numbers"
APP = "bb7b4e39-4227-4913-8c81-2db4abb54fb3"
OTHER_APP = "c4d5b2a1-1111-4222-8333-944455556666"

CATALOG = ("sandbox-catalog-key", "sandbox-catalog-secret")
CATALOG_LIST = "/v1/Account/ACsandbox/ActiveNumbers/"
CATALOG_SEARCH = "/v1/api/AvailableNumbers"

INFOBIP = ("infobip-user", "sandbox-infobip-password")
INFOBIP_LIST = "/sms/1/numbers"

PLIVO_ID = "MASANDBOXACCOUNT0001"
PLIVO = (PLIVO_ID, "sandbox-plivo-auth-token")
PLIVO_BASE = f"/v1/Account/{PLIVO_ID}/"


def catalog_path(number: str) -> str:
    """The path of an owned number."""
    return f"/v1/Accounts/ACsandbox/ActiveNumbers/ActiveNumbers/PN{number.replace('+', '%2B')}"


def timestamp(offset: float = 0) -> str:
    """Now, as Sinch writes it."""
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=offset)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Portal:
    """A client that signs."""

    def __init__(self, sandbox: Client) -> None:
        self.sandbox = sandbox
        self.ticket = self.instance = self.secret = ""

    def authenticate(
        self, password: str = "sandbox-portal-password", identity: str = "sandbox@example.com", **headers: str
    ) -> requests.Response:
        """The log-in call."""
        sent = {"Authorization": f"Application {KEY}", "x-timestamp": timestamp(), **headers}
        return self.sandbox.call(
            "POST", f"/v1/users/email/{identity}/authentication", json={"password": password}, headers=sent
        )

    def create_instance(self, ticket: str, body: Any = None, **headers: str) -> requests.Response:
        """The instance call."""
        sent = {"Authorization": f"User {ticket}", "x-timestamp": timestamp(), **headers}
        body = {"authorization": ticket, "version": {"os": "linux", "platform": "test"}} if body is None else body
        return self.sandbox.call("POST", "/v1/instance", json=body, headers=sent)

    def log_in(self, identity: str = "sandbox@example.com", password: str = "sandbox-portal-password") -> Portal:
        """Ticket, then instance."""
        self.ticket = self.authenticate(password, identity).json()["authorization"]
        created = self.create_instance(self.ticket).json()
        self.instance, self.secret = created["id"], created["secret"]
        return self

    def signed(
        self, method: str, path: str, body: Any = None, *, offset: float = 0, scheme: str = "Instance", **changes: Any
    ) -> requests.Response:
        """A signed call; ``changes`` spoil it."""
        data = b"" if body is None else json.dumps(body).encode()
        content_type = changes.pop("content_type", "application/json" if data else "")
        moment = changes.pop("moment", timestamp(offset))
        digest = base64.b64encode(hashlib.md5(data).digest()).decode() if data else ""
        text = f"{method}\n{digest}\n{content_type}\nx-timestamp:{moment}\n{path}"
        mac = base64.b64encode(hmac.new(base64.b64decode(self.secret), text.encode(), "sha256").digest()).decode()
        headers = {"Authorization": f"{scheme} {self.instance}:{changes.pop('signature', mac)}", "x-timestamp": moment}
        if content_type:
            headers["Content-Type"] = content_type
        return self.sandbox.call(
            method, changes.pop("send_to", path), data=changes.pop("send", data) or None, headers=headers, **changes
        )

    def reserve(self, group: int, quantity: int = 1) -> str:
        """Hold numbers; returns the reference."""
        answer = self.signed("PUT", SHOP, {"groupId": group, "quantity": quantity})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["referenceId"])

    def check_out(self, *references: str) -> requests.Response:
        """Buy what is held."""
        return self.signed("POST", SHOP, {"referenceIds": list(references)})

    def buy(self, group: int, quantity: int = 1) -> list[int]:
        """Both; returns the new numbers."""
        before = {row["number"] for row in self.rented()}
        assert self.check_out(self.reserve(group, quantity)).status_code == 204
        return [row["number"] for row in self.rented() if row["number"] not in before]

    def rented(self) -> list[dict[str, Any]]:
        """The rented numbers."""
        found: list[dict[str, Any]] = self.signed("GET", RENTED).json()
        return found

    def link(self, application: str, capability: str, *numbers: int) -> requests.Response:
        """Overwrite the numbers of an application."""
        return self.signed(
            "PUT", f"/v1/applications/key/{application}/numbers/{capability}", {"numbers": list(numbers)}
        )
