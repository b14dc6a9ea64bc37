# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox process, started as users start it, and its control path."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

FILES = Path(__file__).resolve().parents[2] / "roles" / "sandbox" / "files"

PLACES = {
    "sinch_portal": r"/v1/(users|instance|organisations|applications)\b",
    "sinch_catalog": r"/v1/(Accounts/|api/|Account/AC)",
    "infobip_sms": r"/sms/1/",
    "plivo_groups": r"/v1/Account/[MS]A",
    "bandwidth": r"/(api/v[12]/|v2/accounts/)",
    "twilio": r"/(2010-04-01/|v1/(Services|Trunks|PhoneNumbers)|v2/)",
}


class Client:
    """The sandbox on a port, and its control path."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        self.session.trust_env = False

    def at(self, provider: str) -> str:
        """The address of a provider, which is what ``api_url`` gets."""
        return f"{self.url}/{provider}"

    def call(self, method: str, path: str, below: str | None = None, **options: Any) -> requests.Response:
        """One request, exactly as told: no redirects, no environment. *below* is the provider, if the path does not say
        which.
        """
        options.setdefault("timeout", 10)
        return self.session.request(method, self._place(path, below) + path, allow_redirects=False, **options)

    def _place(self, path: str, below: str | None) -> str:
        """What a documented path is put behind: the address of the provider that has it."""
        found = (
            [name for name, documented in PLACES.items() if re.match(documented, path)] if below is None else [below]
        )
        return self.at(found[0]) if any(found) else self.url

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request of the control path that must work."""
        answer = self.call(method, f"/_sandbox/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def reset(self, seed: Any = None) -> None:
        """Start anew, with another seed if one is given."""
        self.control("POST", "reset", {} if seed is None else {"seed": seed})

    def faults(self, *faults: dict[str, Any]) -> None:
        """Set the faults."""
        self.control("PUT", "faults", list(faults))

    def state(self, provider: str, account: str) -> Any:
        """What an account has."""
        return self.control("GET", "state")[provider][account]

    def log(self) -> list[Any]:
        """The requests so far."""
        found: list[Any] = self.control("GET", "requests")["requests"]
        return found


class Server(Client):
    """A sandbox process of one's own."""

    def __init__(self, data_dir: Path, *arguments: str) -> None:
        self.data_dir = data_dir
        port_file = data_dir.parent / f"{data_dir.name}.port"
        port_file.unlink(missing_ok=True)
        command = [sys.executable, str(FILES / "telco_numbers_sandbox"), "--port", "0", "--data-dir", str(data_dir)]
        self.process = subprocess.Popen(
            [*command, "--port-file", str(port_file), *arguments], stdout=subprocess.DEVNULL
        )
        limit = time.monotonic() + 60  # it may share two processors with much else
        while not port_file.exists():
            assert self.process.poll() is None and time.monotonic() < limit, "the sandbox did not start"
            time.sleep(0.01)
        super().__init__(int(port_file.read_text()))

    def stop(self) -> None:
        """End it as the role does."""
        self.session.close()
        self.process.terminate()
        self.process.wait(10)
