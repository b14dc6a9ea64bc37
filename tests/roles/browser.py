# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, driven over the WebDriver protocol. Nothing but Debian's packages chromium and chromium-driver
is needed.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import requests

MISSING = [program for program in ("chromium", "chromedriver") if not shutil.which(program)]
INSTALL = f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"

# Without them the browser calls home at every start.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)


class Browser:
    """One browser with one window."""

    def __init__(self, home: Path) -> None:
        self._log = home / "chromedriver.log"
        self._http = requests.Session()
        self._http.trust_env = False
        # The first line that it prints names the port it has chosen.
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._env(home),
        )
        self._url = f"http://127.0.0.1:{self._port()}"
        arguments = ["--headless", f"--user-data-dir={home / 'profile'}", *_QUIET]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        options = {"args": arguments, "binary": shutil.which("chromium")}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self._session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    @staticmethod
    def _env(home: Path) -> dict[str, str]:
        return {**os.environ, "HOME": str(home), "NO_PROXY": "*"}

    def _port(self) -> int:
        assert self._driver.stdout
        for line in self._driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found[1])
        raise AssertionError("chromedriver did not start")

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, self._url + path, json=body, timeout=60)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value

    def _command(self, name: str, body: dict[str, Any]) -> Any:
        return self._send("POST", f"/session/{self._session}/{name}", body)

    def close(self) -> None:
        """End the window, the browser and its driver."""
        self._send("DELETE", f"/session/{self._session}")
        self._http.close()
        self._driver.terminate()
        self._driver.wait(10)
        if self._driver.stdout:
            self._driver.stdout.close()

    def devtools(self, command: str, **parameters: Any) -> Any:
        """A command of the DevTools protocol."""
        return self._command("goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url: str) -> None:
        """Load a page."""
        self._command("url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns in the page."""
        return self._command("execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector: str) -> str:
        """The element of a CSS selector."""
        return str(next(iter(self._command("element", {"using": "css selector", "value": selector}).values())))

    def click(self, selector: str) -> None:
        """Click as a user does: where the element is, if nothing covers it."""
        self._command(f"element/{self.find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Press keys in an element."""
        self._command(f"element/{self.find(selector)}/value", {"text": text})

    def size(self, width: int, height: int = 900) -> None:
        """Show pages as a screen of this size does."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, scheme: str, medium: str = "") -> None:
        """Prefer the colour scheme ``light`` or ``dark``; *medium* may be ``print``."""
        self.devtools(
            "Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def console(self) -> list[str]:
        """The messages of the console since the last call, those of the policy and of failed loads included."""
        return [entry["message"] for entry in self._command("se/log", {"type": "browser"})]

    def picture(self, path: Path) -> None:
        """A picture of the whole page."""
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
