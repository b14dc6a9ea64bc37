# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 2: the registry. A provider is one file of this package and one line of ``_LOADERS``.

Each loader imports its provider only when it is asked for. The imports are spelt out because Ansible packs a module
with just the files that it finds in import statements.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .._contract.provider import Provider


def _bandwidth() -> type[Provider]:
    from .bandwidth import Bandwidth

    return Bandwidth


def _infobip_sms() -> type[Provider]:
    from .infobip_sms import InfobipSms

    return InfobipSms


def _plivo_groups() -> type[Provider]:
    from .plivo_groups import PlivoGroups

    return PlivoGroups


def _sinch_catalog() -> type[Provider]:
    from .sinch_catalog import SinchCatalog

    return SinchCatalog


def _sinch_portal() -> type[Provider]:
    from .sinch_portal import SinchPortal

    return SinchPortal


def _telnyx() -> type[Provider]:
    from .telnyx import Telnyx

    return Telnyx


def _twilio() -> type[Provider]:
    from .twilio import Twilio

    return Twilio


_LOADERS: t.Mapping[str, t.Callable[[], type[Provider]]] = {
    "bandwidth": _bandwidth,
    "infobip_sms": _infobip_sms,
    "plivo_groups": _plivo_groups,
    "sinch_catalog": _sinch_catalog,
    "sinch_portal": _sinch_portal,
    "telnyx": _telnyx,
    "twilio": _twilio,
}

NAMES = tuple(_LOADERS)


def load(name: str) -> type[Provider]:
    """Return the class of the provider *name*, one of ``NAMES``."""
    return _LOADERS[name]()
