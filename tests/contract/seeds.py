# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's seed with other credentials in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rows import Row
from sandbox_server import FILES

# What stands for a secret in the sandbox's seed, and the option that gives it.
SECRETS = {
    "sinch_portal": {"password": "password"},
    "sinch_catalog": {"key": "api_key", "secret": "api_secret", "token": "token"},
    "infobip_sms": {"password": "password", "api_key": "api_key"},
    "plivo_groups": {"auth_token": "password"},
    "telnyx": {"api_key": "api_key"},
    "twilio": {"auth_token": "password"},
    "bandwidth": {"client_secret": "api_secret", "password": "password"},
}

# Pages of the length that others have, so that a list of some numbers has several.
PAGED: dict[str, Any] = {
    "telnyx": {"settings": {"page_rows": 50}},
    "bandwidth": {"settings": {"page_rows": 50}},
    "twilio": {"settings": {"page_rows": 50}},
}


def seed(drawn: Callable[[], str] | dict[str, str]) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """A seed and the options for its secrets, by provider: each is drawn anew, or the provider's has one; the others
    keep theirs.
    """
    default = json.loads((FILES / "telco_numbers_sandbox" / "default_seed.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    options: dict[str, dict[str, str]] = {}
    for provider, names in SECRETS.items():
        if isinstance(drawn, dict) and provider not in drawn:
            options[provider] = {}
            continue
        values = {name: drawn[provider] if isinstance(drawn, dict) else drawn() for name in names}
        options[provider] = {names[name]: value for name, value in values.items()}
        found[provider] = {"accounts": [{**default[provider]["accounts"][0], **values}]}
    return found, options


def credentials(row: Row, options: dict[str, dict[str, str]]) -> dict[str, str]:
    """The row's credentials, with the secrets that *options* have for its provider."""
    return {**row.credentials, **{key: value for key, value in options[row.provider].items() if key in row.credentials}}
