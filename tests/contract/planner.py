# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the module that converges and retires plans, for the accounts of some providers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._tasks.numbers_plan import TASK
from contract_fixtures import Sandbox
from rows import Row
from runner import Runner


class Planner:
    """Runs the plan module for the accounts of some rows, each called like its provider."""

    def __init__(self, sandbox: Sandbox, home: Path, *rows: Row) -> None:
        self.env = {"XDG_STATE_HOME": str(home / "state")}
        self.accounts = {row.provider: Runner(sandbox.url, row, home).common for row in rows}

    def __call__(self, *pools: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        raw = {"plan": list(pools), "accounts": self.accounts, **options}
        checked = ArgumentSpecValidator(TASK.argument_spec).validate(raw)
        assert not checked.error_messages, checked.error_messages
        return TASK.execute(checked.validated_parameters, raw, self.env, check, True, Secrets())

    def works(self, *pools: dict[str, Any], **options: Any) -> dict[str, Any]:
        """The result of a run that must not fail."""
        result = self(*pools, **options)
        assert not result.get("failed"), result["report"]
        return result


def pool(row: Row, **options: Any) -> dict[str, Any]:
    """A pool of two numbers of the row's selector, with everything that the provider offers."""
    base = {"name": "pool", "account": row.provider, **row.where, "count": 2}
    linked = {"application": row.application} if row.application else {}
    settings = row.setting if row.settings else {}
    return {**base, **linked, **({"configuration": settings} if settings else {}), **options}


def statuses(result: dict[str, Any]) -> dict[str, str]:
    """The status of each pool."""
    return {one["name"]: one["status"] for one in result["pools"]}


def mutating(sandbox: Sandbox) -> list[str]:
    """The mutating requests since the log was read last."""
    return [f"{entry['method']} {entry['path']}" for entry in sandbox.log() if entry["mutating"]]
