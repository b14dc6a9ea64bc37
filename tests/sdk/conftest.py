# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running sandbox for the vendors' own SDKs: each has a test file, and a line in tests/requirements/sdk.txt."""

from __future__ import annotations

from sandbox_fixtures import process, sandbox

__all__ = ["process", "sandbox"]
