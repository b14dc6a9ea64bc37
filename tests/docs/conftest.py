# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox for all pages, back at its seed before each of them."""

from __future__ import annotations

from sandbox_fixtures import process, sandbox

__all__ = ["process", "sandbox"]
