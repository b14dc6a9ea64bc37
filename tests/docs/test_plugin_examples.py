# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every module, filter and inventory plugin, pasted and run."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import ansible_runs
import blocks
import pytest
from reader import VARIABLES, Reader
from sandbox_server import Server

ROOT = Path(__file__).resolve().parents[2]
PLAN = (ROOT / "playbooks" / "vars" / "example_plan.yml").read_text(encoding="utf-8")

PRICED = """
- name: Own numbers with prices
  telco.numbers.number_purchase: {provider: infobip_sms, numbers: ["+447860041117", "+447860041120"]}
"""
BEFORE = {"filter price_totals": PRICED}  # what comes before the examples of a plugin
# What their tasks show.
SHOWN = {
    "filter e164": ['"+442079460018"', '[ "+14155550100", "+442079460018" ]'],
    "filter display": ['"+44 20 7946 0018"', '"020 7946 0018"'],
    "filter price_totals": ['{ "EUR": "10" }', '{ "EUR": "1" }'],
}

KINDS = ("module", "filter", "inventory")


def documented() -> dict[str, str]:
    """The examples of each plugin, by its kind and short name."""
    with tempfile.TemporaryDirectory() as home:
        arguments = ("--metadata-dump", "--no-fail-on-errors", "telco.numbers")
        ran = ansible_runs.run("doc", *arguments, folder=Path(home), env=ansible_runs.environment(Path(home)))
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout)["all"]
    return {
        f"{kind} {name.rpartition('.')[2]}": plugin["examples"]
        for kind in KINDS
        for name, plugin in found[kind].items()
    }


EXAMPLES = documented()


def test_everything_has_examples() -> None:
    modules = {f"module {path.stem}" for path in (ROOT / "plugins" / "modules").glob("*.py")}
    inventories = {f"inventory {path.stem}" for path in (ROOT / "plugins" / "inventory").glob("*.py")}
    filters = {f"filter {path.stem}" for path in (ROOT / "plugins" / "filter").glob("*.yml")}
    assert modules | inventories | filters == {name for name, examples in EXAMPLES.items() if examples}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("inventory ")])
def test_tasks(name: str, sandbox: Server, tmp_path: Path) -> None:
    examples = BEFORE.get(name, "") + EXAMPLES[name].strip("\n") + "\n"
    reader = Reader(tmp_path, sandbox.port, VARIABLES)
    reader.follow(blocks.Block(Path(name), 1, "yaml", examples, {}))
    if name in SHOWN:
        assert re.findall(r'"msg": ("[^"]*"|\[[^\]]*\]|\{[^}]*\})', re.sub(r"\s+", " ", reader.output)) == SHOWN[name]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("inventory ")])
def test_inventories(name: str, sandbox: Server, tmp_path: Path) -> None:
    """Each document is a file, whose name stands in its first line."""
    sandbox.control("PATCH", "state/plivo_groups/MASANDBOXACCOUNT0001", {"own": [{"number": "+15043850373"}]})
    sandbox.control(
        "PATCH", "state/sinch_catalog/ACsandbox", {"own": [{"number": "+15045550100", "offer": "+15045550100"}]}
    )
    (tmp_path / "numbers.yml").write_text(PLAN, encoding="utf-8")
    reader = Reader(tmp_path, sandbox.port, VARIABLES)
    for text in EXAMPLES[name].split("\n---\n"):
        block = blocks.Block(Path(name), 1, "yaml", text, {})
        path = re.match(r"\s*# (\S+\.yml)", text)[1]
        (tmp_path / path).write_text(text, encoding="utf-8")
        reader.follow(blocks.Block(block.page, 1, "console", f"ansible-inventory -i {path} --graph\n", {}))
        assert "WARNING" not in reader.output and reader.output.count("|--") > 3, reader.output
