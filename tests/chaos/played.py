# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers that this suite plays. It sells numbers with Sweden's code; Bandwidth's row has others, and waits."""

from __future__ import annotations

import rows

UNPLAYED = ("bandwidth",)
ROWS = [row for row in rows.ROWS if row.provider not in UNPLAYED]
