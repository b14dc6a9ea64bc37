# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of the suite, which others use, too."""

from __future__ import annotations

from contract_fixtures import process, row, run, sandbox

__all__ = ["process", "row", "run", "sandbox"]
