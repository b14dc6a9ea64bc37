# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""What a number of Twilio can be linked to, and the calls that link it.

Voice: a TwiML application or a trunk, which exclude each other, stand on the number; SMS: a TwiML application stands
there, too. A messaging service does not: its pool has the number, and goes before an application. So the pools of all
services are read to know what a number is linked to.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._contract.exchange import Change, Links, NumberLink, per_number
from ..._contract.paging import Reader, read_list
from ..._contract.readers import Row, id_from, name_in, text_from
from ..._core.errors import Failure
from ..._core.link import APPLICATION, URL, Link
from ..._core.model import Application, Number
from ..._core.threads import Workers
from .apis import MESSAGING, TRUNKING, Apis, path_of
from .errors import GONE, NO_CHANGE, NOT_JOINED
from .records import SERVICE, TRUNK

_PARAMETERS = {
    ("voice", APPLICATION): "VoiceApplicationSid",
    ("voice", TRUNK): "TrunkSid",
    ("sms", APPLICATION): "SmsApplicationSid",
}
_SERVES = {APPLICATION: ("sms", "voice"), TRUNK: ("voice",), SERVICE: ("sms",)}
_ALL = {"PageSize": 1000}  # rows of a page
_SERVICES = "/v1/Services"


class Members(t.NamedTuple):
    """Who is in the messaging services: the service of each number, by the number's SID. ``untold`` counts rows that
    cannot be read, each of which may be of any number.
    """

    services: t.Mapping[str, str]
    untold: int


def members_of(apis: Apis, workers: Workers, steady: bool) -> Members:
    """Read the pools of all messaging services. *steady* as for a list of numbers."""
    services = [name_in(row, "sid") for row in _rows(apis, workers, _SERVICES, steady)]

    def members(service: str) -> list[tuple[str | None, str]]:
        rows = _rows(apis, Workers(), f"{path_of(_SERVICES, service)}/PhoneNumbers", steady)
        return [(name_in(row, "sid"), service) for row in rows]

    pairs = [pair for found in workers.map(members, [one for one in services if one]) for pair in found]
    untold = sum(one is None for one in (*services, *(sid for sid, _service in pairs)))
    return Members({sid: service for sid, service in pairs if sid}, untold)


def _rows(apis: Apis, workers: Workers, path: str, steady: bool) -> list[t.Any]:
    return read_list(apis.pages(path, None, _ALL, MESSAGING), workers, lambda row: (name_in(row, "sid"),), steady)


def listed(apis: Apis, kind: str, name: str | None) -> Reader:
    """A reader of what is of a *kind*. TwiML applications alone can be asked for by name."""
    if kind == APPLICATION:
        return apis.pages("Applications.json", "applications", {**_ALL, "FriendlyName": name})
    return (
        apis.pages("/v1/Trunks", None, _ALL, TRUNKING)
        if kind == TRUNK
        else apis.pages(_SERVICES, None, _ALL, MESSAGING)
    )


def application_from(row: Row, kind: str) -> Application:
    """What a row of such a list is."""
    return Application(id_from(row, "sid"), text_from(row, "friendly_name"), kind, _SERVES[kind])


def link_fields(links: t.Iterable[Link]) -> dict[str, str]:
    """The form that links a number as *links* say, as far as a form of the number can."""
    found: dict[str, str] = {}
    for link in links:
        parameter = _PARAMETERS.get((str(link.capability), link.kind))
        if parameter:
            found[parameter] = link.id
    if "TrunkSid" in found:
        found["VoiceApplicationSid"] = ""  # else the trunk would not stay
    return found


class Linking:
    """The calls that link and unlink; *write* sends a form of a number."""

    def __init__(self, apis: Apis, write: t.Callable[[Number, t.Mapping[str, str]], Number]) -> None:
        self._apis = apis
        self._write = write

    def link(self, additions: Links, removals: Links) -> t.Iterator[Change]:
        """An addition takes the place of what the capability is linked to. The form of a number replaces what stands on
        it; what is held elsewhere lets go first.
        """
        for number, items in per_number(additions):
            now = {link.capability: link for link in number.links if link.kind != URL}
            for item in items:
                held = now.get(item.link.capability)
                if held is not None and held != item.link and SERVICE in (held.kind, item.link.kind):
                    yield from self.unlink([NumberLink(number, held)])
                    number = dataclasses.replace(number, links=tuple(link for link in number.links if link != held))
            form = link_fields(item.link for item in items)
            on_number = [item for item in items if item.link.kind != SERVICE]
            if on_number:
                yield Change(functools.partial(self._write, number, form), additions=on_number)
            for item in items:
                if item.link.kind == SERVICE:
                    yield Change(functools.partial(self._join, number, item.link.id), additions=[item])
        yield from self.unlink(removals)

    def unlink(self, removals: Links) -> t.Iterator[Change]:
        """An empty value takes an application or a trunk off; a service lets the number go."""
        for number, items in per_number(removals):
            on_number = [item for item in items if item.link.kind != SERVICE]
            form = {_PARAMETERS[str(item.link.capability), item.link.kind]: "" for item in on_number}
            if form:
                yield Change(functools.partial(self._write, number, form), removals=on_number)
            for item in items:
                if item.link.kind == SERVICE:
                    yield Change(functools.partial(self._leave, number, item.link.id), removals=[item])

    def _join(self, number: Number, service: str) -> None:
        """POST /v1/Services/{service}/PhoneNumbers: 201, or 200; a number that is in it already is as wanted."""
        path = path_of(_SERVICES, service) + "/PhoneNumbers"
        try:
            self._apis.request(
                "POST",
                path,
                MESSAGING,
                form={"PhoneNumberSid": number.id},
                expect=(200, 201),
                refusals=NOT_JOINED,
            )
        except Failure as failure:
            if failure.provider_code != "21710":
                raise

    def _leave(self, number: Number, service: str) -> None:
        """DELETE /v1/Services/{service}/PhoneNumbers/{number}: 204. One that is not in it is as wanted."""
        path = path_of(path_of(_SERVICES, service) + "/PhoneNumbers", number.id)
        try:
            self._apis.request("DELETE", path, MESSAGING, expect=(204,), refusals=(*NO_CHANGE, GONE))
        except Failure as failure:
            if failure.code == "unknown_outcome" or failure.provider_code != "20404":
                raise
