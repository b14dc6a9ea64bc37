# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processor time of one purchase and of one list, in this version and in an earlier one, in turns.

    git worktree add --detach /tmp/earlier/ansible_collections/telco/numbers COMMIT
    python tests/bench/versions.py /tmp/earlier [ROUNDS]

Both go to the sandbox of this version, at the provider ``infobip_sms``, each round in a fresh process. This version is
the one of ``ANSIBLE_COLLECTIONS_PATH``.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from stage import API_KEY, Server

NUMBERS = 100
EACH = 10  # tasks of a kind in a process, after the first one
PARTS = "ansible_collections.telco.numbers.plugins"
ACCOUNT = "state/infobip_sms/infobip-user"
ORDER = {"country": "SE", "capabilities": ["voice"]}


def first_of(*names: str) -> Any:
    """The first of some modules that there is: their names have changed."""
    for name in names:
        try:
            return importlib.import_module(f"{PARTS}.{name}")
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(", ".join(names))


def task(module: str, options: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """What runs a task of this process's version from its options to its result."""
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

    found = first_of(f"module_utils._tasks.{module}", f"modules.{module}").TASK
    secrets = first_of("module_utils._net.secrets", "module_utils._http").Secrets

    def run() -> dict[str, Any]:
        checked = ArgumentSpecValidator(found.argument_spec, **found.constraints).validate(options)
        result = found.execute(checked.validated_parameters, options, {}, False, True, secrets())
        assert not result.get("failed"), result
        return dict(result)

    return run


class Control:
    """The control path of a sandbox that another process has."""

    def __init__(self, url: str) -> None:
        self._url, self._session = url, requests.Session()
        self._session.trust_env = False

    def __call__(self, method: str, path: str, body: Any) -> None:
        self._session.request(method, f"{self._url}/_sandbox/{path}", json=body, timeout=60).raise_for_status()


def measured(url: str, home: Path) -> dict[str, list[float]]:
    """Milliseconds of this process: what is loaded until the first result of each kind, and each further task."""
    providers = first_of("module_utils._providers")
    name = "infobip_sms" if "infobip_sms" in providers.NAMES else "infobip"
    common = {"provider": name, "api_url": f"{url}/infobip_sms", "api_key": API_KEY, "account_currency": "EUR"}
    control = Control(url)
    found: dict[str, list[float]] = {}
    for kind, module, options, owned in (
        ("list", "number_info", {}, NUMBERS),
        ("purchase", "number_purchase", {**ORDER, "count": 1}, 0),
    ):
        for turn in range(EACH + 1):
            control("POST", "reset", {})
            rows = [{"number": f"+46701{place:06d}", "country": "SE"} for place in range(owned)]
            control("PATCH", ACCOUNT, {"own": rows})
            common["journal"] = str(home / f"journal-{kind}-{turn}")
            begun = time.process_time()
            result = task(module, {**common, **options})()
            took = 1000 * (time.process_time() - begun)
            assert len(result["numbers"]) == (owned or 1), result
            found.setdefault(kind if turn else f"first {kind}", []).append(took)
    return found


def main(earlier: str, rounds: int) -> None:
    """Print the medians, and what lies around them, of both versions."""
    here = os.environ["ANSIBLE_COLLECTIONS_PATH"]
    taken: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "sandbox")
        try:
            for place in range(rounds):
                for version, tree in (("earlier", earlier), ("now", here))[:: -1 if place % 2 else 1]:
                    home = Path(folder) / f"{version}-{place}"
                    env = {**os.environ, "PYTHONPATH": tree}
                    command = [sys.executable, __file__, "--measure", server.url, str(home)]
                    ran = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
                    for kind, times in json.loads(ran.stdout).items():
                        taken.setdefault((kind, version), []).extend(times)
        finally:
            server.stop()
    print(f"{'milliseconds of processor time':32} {'median':>8} {'quartiles':>16} {'least':>8}")
    for (kind, version), times in sorted(taken.items()):
        low, middle, high = statistics.quantiles(times, n=4)
        print(f"{kind + ', ' + version:32} {middle:8.1f} {low:7.1f}–{high:7.1f} {min(times):8.1f}")


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        print(json.dumps(measured(sys.argv[2], Path(sys.argv[3]))))
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7)
