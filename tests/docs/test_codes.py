# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of error codes has each of them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.telco.numbers.plugins.module_utils._core.errors import CODES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "errors.rst").read_text(encoding="utf-8")


def test_each_code_has_a_section() -> None:
    assert sorted(re.findall(r"^(\w+)\n\^+\n", PAGE, re.MULTILINE)) == sorted(CODES)


def test_whether_running_again_helps() -> None:
    """The table has those in its first column that may succeed without a change."""
    table = PAGE[PAGE.index("* - again may help") : PAGE.index("Running a failed task again")]
    again, change_first = table.split("     - `", 1)
    assert set(re.findall(r"`(\w+)`_", again)) == {code for code, retryable in CODES.items() if retryable}
    assert set(re.findall(r"(\w+)`_", change_first)) == {code for code, retryable in CODES.items() if not retryable}
