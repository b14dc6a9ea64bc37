# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 0: find option values that YAML changed: digits without quotes, and words that it reads as booleans."""

from __future__ import annotations

import typing as t

from .errors import Failure
from .selector import KEYS

# Options that hold digits, or names that may be digits: an integer there was written without quotes.
DIGITS = (
    *("account_id", "auth_id", "organisation_id", "account_sid", "project_id", "username", "identity"),
    *("prefix", "contains", "region", "city", "offer", "application", "default_application", "id"),
)
_YAML_WORDS = {True: "YES, yes, on and true", False: "NO, no, off and false"}


def check_raw(options: t.Mapping[str, t.Any], texts: t.Collection[str] = ()) -> None:
    """Raise Failure ``invalid_option`` for an option whose value YAML has changed.

    *options* are the values before any conversion. *texts* are the names of further options that hold text.
    """
    for option, value in options.items():
        items = value if isinstance(value, (list, tuple)) else (value,)
        changed = changed_by_yaml(
            option, items, digits=items[:1] == (value,) and option in DIGITS, text=option in (*KEYS, *DIGITS, *texts)
        )
        if changed:
            raise Failure("invalid_option", changed)


def changed_by_yaml(
    option: str, values: t.Iterable[t.Any], digits: bool, text: bool, secret: bool = False
) -> str | None:
    """Return a message that says how YAML changed one of the *values* of *option*, or None when it changed none.

    Set *digits* for an option of digits, where an integer or a float lacks its quotes, and *text* for an option of
    text, where a boolean was a word. The value of a *secret* is not shown.
    """
    for value in values:
        if isinstance(value, bool):
            if text:
                like = "'NO'" if option == "country" else "'yes'" if value else "'no'"
                return (
                    f"{option} is {str(value).lower()}: YAML reads {_YAML_WORDS[value]} as a boolean. Quote the word, "
                    f"like {option}: {like}."
                )
        elif digits and isinstance(value, (int, float)):
            shown = f" {value}" if abs(value) < 10**20 and not secret else ""
            return (
                f"{option}{shown} is not a string: quote it, because YAML has already changed it where it had a "
                f"leading zero ({option}: 0161 arrives as 113)."
            )
    return None
