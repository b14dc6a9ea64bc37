# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""The settings of a number at Telnyx: its own, and those of its voice, which are nested and are written group by group.

Messages are set in a path of their own, and by no setting here.
"""

from __future__ import annotations

import re
import typing as t

from ..._contract.declared import BOOLEAN, Setting
from ..._core.errors import Failure
from ..._core.model import plain
from .records import VOICE

TAGS = "tags"
# Field of provider_settings → the field of the number's record.
_OWN: t.Mapping[str, str] = {
    "customer_reference": "customer_reference",
    "billing_group": "billing_group_id",
    "address": "address_id",
    "hd_voice_enabled": "hd_voice_enabled",
}
# The same → the group, if it is in one, and the field of the voice settings.
_VOICE: t.Mapping[str, tuple[str | None, str]] = {
    "call_forwarding_enabled": ("call_forwarding", "call_forwarding_enabled"),
    "forwards_to": ("call_forwarding", "forwards_to"),
    "forwarding_type": ("call_forwarding", "forwarding_type"),
    "inbound_call_recording_enabled": ("call_recording", "inbound_call_recording_enabled"),
    "inbound_call_recording_format": ("call_recording", "inbound_call_recording_format"),
    "inbound_call_recording_channels": ("call_recording", "inbound_call_recording_channels"),
    "cnam_listing_enabled": ("cnam_listing", "cnam_listing_enabled"),
    "cnam_listing_details": ("cnam_listing", "cnam_listing_details"),
    "rtp_auto_adjust_enabled": ("media_features", "rtp_auto_adjust_enabled"),
    "accept_any_rtp_packets_enabled": ("media_features", "accept_any_rtp_packets_enabled"),
    "t38_fax_gateway_enabled": ("media_features", "t38_fax_gateway_enabled"),
    "caller_id_name_enabled": (None, "caller_id_name_enabled"),
    "inbound_call_screening": (None, "inbound_call_screening"),
    "tech_prefix_enabled": (None, "tech_prefix_enabled"),
    "translated_number": (None, "translated_number"),
    "usage_payment_method": (None, "usage_payment_method"),
}
DECLARED = (
    Setting("customer_reference", help="The line of text by which you look numbers up."),
    Setting("billing_group", help="The id of the billing group that it belongs to."),
    Setting("address", help="The id of its address."),
    Setting("hd_voice_enabled", BOOLEAN, help="Whether calls may have HD voice, which costs extra."),
    Setting("call_forwarding_enabled", BOOLEAN, help="Whether calls are forwarded to C(forwards_to)."),
    Setting("forwards_to", help="The number that calls are forwarded to."),
    Setting("forwarding_type", choices=("always", "on-failure"), help="When they are."),
    Setting("inbound_call_recording_enabled", BOOLEAN, help="Whether incoming calls are recorded."),
    Setting("inbound_call_recording_format", choices=("wav", "mp3"), help="The format of a recording."),
    Setting("inbound_call_recording_channels", choices=("single", "dual"), help="Its channels."),
    Setting("cnam_listing_enabled", BOOLEAN, help="Whether C(cnam_listing_details) is shown to whom it calls."),
    Setting("cnam_listing_details", help="The name shown, at most 15 letters, digits and spaces."),
    Setting("caller_id_name_enabled", BOOLEAN, help="Whether the name of a caller is looked up, which costs extra."),
    Setting(
        "inbound_call_screening",
        choices=("disabled", "reject_calls", "flag_calls"),
        help="What becomes of calls that are likely fraud or spam, which costs extra.",
    ),
    Setting("tech_prefix_enabled", BOOLEAN, help="Whether the called number gets a technical prefix."),
    Setting("translated_number", help="The number that a called number is rewritten to, on the way to its connection."),
    Setting(
        "usage_payment_method",
        choices=("pay-per-minute", "channel"),
        help="Whether calls are paid by the minute, or take one of the account's channels.",
    ),
    Setting("rtp_auto_adjust_enabled", BOOLEAN, help="Whether the far end of the media is found by itself."),
    Setting("accept_any_rtp_packets_enabled", BOOLEAN, help="Whether media is taken from any address."),
    Setting("t38_fax_gateway_enabled", BOOLEAN, help="Whether fax over T.38 is accepted."),
)
_ALWAYS = tuple(setting.name for setting in DECLARED if setting.type == BOOLEAN or setting.choices)
_NAME = re.compile(r"[A-Za-z0-9 ]{1,15}\Z")


def check(settings: t.Mapping[str, t.Any]) -> None:
    """Raise Failure ``invalid_option`` for a value that no number takes."""
    for option, value in settings.items():
        if option in _ALWAYS and value is None:
            raise Failure("invalid_option", f"{option} always has a value at telnyx: set it, or leave it out.")
    wrong = [tag for tag in settings.get(TAGS) or () if ":" in tag]
    if wrong:
        raise Failure("invalid_option", f"tags: {wrong[0]!r} has a colon, which telnyx refuses: leave it out.")
    name = settings.get("cnam_listing_details")
    if name is not None and not _NAME.match(name):
        raise Failure("invalid_option", "cnam_listing_details has at most 15 letters, digits and spaces at telnyx.")
    if settings.get("cnam_listing_enabled") and "cnam_listing_details" in settings and name is None:
        raise Failure("invalid_option", "cnam_listing_enabled needs cnam_listing_details at telnyx: give both.")
    if settings.get("call_forwarding_enabled") and "forwards_to" in settings and settings["forwards_to"] is None:
        raise Failure("invalid_option", "call_forwarding_enabled needs forwards_to at telnyx: give both.")


def values_of(raw: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What a record says of each setting; None where it has none."""
    voice = raw.get(VOICE) if isinstance(raw.get(VOICE), dict) else {}
    found = {option: raw.get(field) for option, field in _OWN.items()}
    for option, (group, field) in _VOICE.items():
        place = (voice or {}).get(group) if group else voice
        found[option] = place.get(field) if isinstance(place, dict) else None
    tags = raw.get(TAGS)
    told = sorted(map(str, tags)) if isinstance(tags, list) and tags else None
    return {TAGS: told, **{option: None if value == "" else value for option, value in found.items()}}


def own_body(changes: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The body that changes what stands on the number itself; an empty text clears."""
    body = {field: _sent(changes[option]) for option, field in _OWN.items() if option in changes}
    return {**body, **({TAGS: changes[TAGS] or []} if TAGS in changes else {})}


def voice_body(raw: t.Mapping[str, t.Any], changes: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The body that changes voice settings. A group is written whole, with what the record has of it."""
    body: dict[str, t.Any] = {}
    for option, (group, field) in _VOICE.items():
        if option in changes:
            place = body if group is None else body.setdefault(group, _group(raw, group))
            place[field] = _sent(changes[option])
    return body


def _group(raw: t.Mapping[str, t.Any], name: str) -> dict[str, t.Any]:
    """A group of voice settings as a record has it; nothing of one that cannot be read."""
    voice = raw.get(VOICE)
    found = voice.get(name) if isinstance(voice, dict) else None
    return dict(plain(found)) if isinstance(found, dict) else {}


def _sent(value: t.Any) -> t.Any:
    return "" if value is None else value
