# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links and settings of a pending number wait until it is active: they are not sent, and predict no change."""

from __future__ import annotations

import which
from contract_fixtures import Runner, Sandbox
from rows import Row
from test_lists import on_list


def _writes(sandbox: Sandbox) -> list[str]:
    return [entry["path"] for entry in sandbox.log() if entry["mutating"]]


@which.show_pending_and_link
def test_links_of_pending_numbers_wait(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = sorted(number["number"] for number in run.buy(2))
    sandbox.log()
    sandbox.faults(on_list(row, kind="body", merge_items=row.pending))
    assert {number["status"] for number in run("number_info", numbers=names)["numbers"]} == {"pending"}
    wanted = {**row.where, "count": 2, "application": row.application}
    for check in (True, False):
        result = run("number_assignment", numbers=names, application=row.application, check=check)
        assert not result["changed"] and any("so the links of" in text for text in result["warnings"])
        result = run("number_purchase", **wanted, check=check)
        assert not result["changed"] and not result["linked"], "a pending number counts, and is not linked yet"
    assert not _writes(sandbox)
    sandbox.faults()
    assert run("number_purchase", **wanted)["linked"] == names


@which.show_pending_and_configure
def test_settings_of_pending_numbers_wait(run: Runner, row: Row, sandbox: Sandbox) -> None:
    names = sorted(number["number"] for number in run.buy(2))
    sandbox.log()
    sandbox.faults(on_list(row, kind="body", merge_items=row.pending))
    for check in (True, False):
        result = run("number_configuration", numbers=names, **row.plain_settings, check=check)
        assert not result["changed"] and any("so the settings of" in text for text in result["warnings"])
        assert [number["number"] for number in result["numbers"]] == names
    assert not _writes(sandbox)
    sandbox.faults()
    assert run("number_configuration", numbers=names, **row.plain_settings)["changed"]
