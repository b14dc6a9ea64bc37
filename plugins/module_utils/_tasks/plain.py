# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: values of the controller as a module reads them from JSON."""

from __future__ import annotations

import datetime
import json
import typing as t


def plain(value: t.Any) -> t.Any:
    """*value* as a module reads it from JSON: no tags and no vaults, lists for tuples and sets, ISO text for dates,
    text for keys.

    Containers are gone through member by member, because what a template yields is templated only when it is asked for.
    """
    if isinstance(value, t.Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def _key(key: t.Any) -> str:
    """What JSON makes of the key of a mapping."""
    return json.dumps(key) if key is None or isinstance(key, bool) else str(key)
