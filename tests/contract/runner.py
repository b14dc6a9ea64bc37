# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's task through floor 5 in this process: real arguments, real HTTP, no Ansible around it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import CODES
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._providers import load
from rows import Row

MODULES = "ansible_collections.telco.numbers.plugins.module_utils._tasks"


class Runner:
    """Runs tasks for one row. *url* is the sandbox's: the row's provider is served below its name."""

    def __init__(self, url: str, row: Row, home: Path) -> None:
        self.row = row
        self.features = load(row.provider).features
        self.common: dict[str, Any] = {
            **row.credentials,
            "provider": row.provider,
            "api_url": f"{url}/{row.provider}",
            "journal": str(home / "journal"),
            "settle_time": 0.3,
            "deadline": 20,
            "timeout": 2 if self.features.asynchronous else 5,  # so long an order may be on its way
            "retries": 1,
            "account_currency": "EUR",
            **row.options,
        }

    def __call__(
        self, module: str, *, check: bool = False, env: dict[str, str] | None = None, **options: Any
    ) -> dict[str, Any]:
        """The result of a task. None as a value of an option of ``common`` leaves it out."""
        raw = {
            key: value
            for key, value in {**self.common, **options}.items()
            if not (value is None and key in self.common)
        }
        task = importlib.import_module(f"{MODULES}.{module}").TASK
        checked = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(raw)
        assert not checked.error_messages, checked.error_messages
        result = task.execute(checked.validated_parameters, raw, env or {}, check, True, Secrets())
        self._hide_nothing(result)
        return result

    def fails(self, code: str, module: str, **options: Any) -> dict[str, Any]:
        """The result of a task that must fail with *code* and a message of one line."""
        result = self(module, **options)
        assert result.get("failed"), result
        assert result["failure"]["code"] == code, result["failure"]
        assert code in CODES and "\n" not in result["msg"]
        return result

    def buy(self, count: int, **options: Any) -> list[dict[str, Any]]:
        """Own *count* numbers of the row's selector and return them."""
        result = self("number_purchase", **{**self.row.where, "count": count, **options})
        assert not result.get("failed"), result
        return list(result["numbers"])

    def _hide_nothing(self, result: dict[str, Any]) -> None:
        """A result is plain JSON and shows no secret."""
        text = json.dumps(result)
        for secret in (*self.row.secrets, "sandbox-wrong-secret"):
            assert secret not in text
