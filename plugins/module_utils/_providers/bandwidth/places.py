# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Bandwidth's places: sub-accounts (sites), their locations (SIP peers), voice configuration packages, and who is in
them.

A number is in exactly one location, and in one package at most. The default location of a site takes what nobody asked
to be elsewhere: where no messaging application answers there, being in it is no link. Accounts of earlier days have no
packages: there a location answers calls, too.
"""

from __future__ import annotations

import functools
import threading
import typing as t

from ..._contract.paging import read_list
from ..._contract.readers import id_from, name_in, object_from, text_from
from ..._core.errors import Failure, Malformed
from ..._core.link import Link
from ..._core.model import Application
from ..._core.threads import Workers
from ..._net.wire import segment
from .api import Api, below, digits_of, rows_of
from .records import LOCATION, PACKAGE, with_number

_ID = "voiceConfigurationPackageId"


class Location(t.NamedTuple):
    """A location of a site. *is_default*: a number goes there when no location is named."""

    id: str
    name: str | None
    site: str
    is_default: bool

    @property
    def path(self) -> str:
        """Its path below the account."""
        return f"sites/{segment(self.site, 'site')}/sippeers/{segment(self.id, 'location')}"


class Site(t.NamedTuple):
    """A sub-account."""

    id: str
    name: str | None


class Members(t.NamedTuple):
    """Who is where: of each number, by its digits, its location, its row in that location's list, and its package.

    ``untold`` counts rows that cannot be read, each of which may be about any number.
    """

    locations: t.Mapping[str, Location]
    rows: t.Mapping[str, t.Mapping[str, t.Any]]
    packages: t.Mapping[str, str]
    untold: int


class Places:
    """The places of one account, each list of which is read once in a task."""

    def __init__(self, api: Api, workers: Workers) -> None:
        self._api = api
        self._workers = workers
        self._lock = threading.RLock()
        self._kept: dict[str, t.Any] = {}

    def _once(self, what: str, read: t.Callable[[], t.Any]) -> t.Any:
        with self._lock:
            if what not in self._kept:
                self._kept[what] = read()
            return self._kept[what]

    def sites(self) -> list[Site]:
        """GET …/sites."""
        return list(self._once("sites", self._read_sites))

    def _read_sites(self) -> list[Site]:
        response, document = self._api.read("sites")
        with response.reading():
            rows = [object_from(row) for row in rows_of(document, "SitesResponse", "Sites", "Site")]
            return [Site(id_from(row, "Id"), text_from(row, "Name")) for row in rows]

    def locations(self) -> list[Location]:
        """GET …/sites/{site}/sippeers of each site, side by side."""
        return list(self._once("locations", self._read_locations))

    def _read_locations(self) -> list[Location]:
        return [one for found in self._workers.map(self._locations_of, self.sites()) for one in found]

    def _locations_of(self, site: Site) -> list[Location]:
        response, document = self._api.read(f"sites/{segment(site.id, 'site')}/sippeers")
        with response.reading():
            rows = [object_from(row) for row in rows_of(document, "TNSipPeersResponse", "SipPeers", "SipPeer")]
            return [
                Location(
                    id_from(row, "PeerId"),
                    text_from(row, "PeerName"),
                    site.id,
                    text_from(row, "IsDefaultPeer") == "true",
                )
                for row in rows
            ]

    def location(self, identity: str) -> Location:
        """The location with this id. Raises Failure ``not_found``."""
        for one in self.locations():
            if one.id == identity:
                return one
        known = ", ".join(f"{one.id} ({one.name})" for one in self.locations()[:10]) or "none"
        raise Failure("not_found", f"The account has no location {identity!r}: it has {known}.")

    def answers(self, location: Location) -> bool:
        """Whether being in *location* is a link: it is none in a site's default one without a messaging application."""
        return not location.is_default or bool(self._once(location.path, lambda: self._has_application(location)))

    def _has_application(self, location: Location) -> bool:
        """GET …/products/messaging/applicationSettings: a location without messaging has none."""
        try:
            response, document = self._api.read(f"{location.path}/products/messaging/applicationSettings")
        except Failure as failure:
            if failure.http_status == 404 and failure.provider_message:
                return False
            raise
        with response.reading():
            return bool(below(document, "ApplicationsSettingsResponse", "ApplicationsSettings"))

    # -- packages ------------------------------------------------------------------------------------------------------

    @property
    def has_packages(self) -> bool:
        """Whether the account is one of today, whose calls are answered by packages."""
        return self._packages() is not None

    def packages(self) -> list[Application]:
        """GET /v2/…/voiceConfigurationPackages; none in an account of earlier days."""
        return list(self._packages() or ())

    def _packages(self) -> list[Application] | None:
        found: list[Application] | None = self._once("packages", self._read_packages)
        return found

    def _read_packages(self) -> list[Application] | None:
        """An account without packages refuses the list in words; without any it is the role that is missing."""
        try:
            rows = read_list(self._api.json_pages("voiceConfigurationPackages", {}), Workers(), _named, False)
        except Failure as failure:
            if failure.http_status in (403, 404) and failure.provider_message:
                return None
            raise
        found = []
        for row in rows:
            try:
                fields = object_from(row)
                identity = text_from(fields, _ID) or id_from(fields, "id")
                found.append(Application(identity, text_from(fields, "name"), PACKAGE, ("voice",)))
            except Malformed:
                continue  # whoever names it is told that it is not there
        return found

    # -- who is where --------------------------------------------------------------------------------------------------

    def members(self, steady: bool) -> Members:
        """Read the numbers of all locations and packages, side by side. *steady* as for a list of numbers."""
        locations: dict[str, Location] = {}
        rows: dict[str, t.Mapping[str, t.Any]] = {}
        untold = 0
        read = functools.partial(self._in_location, steady=steady)
        for location, found in self._workers.map(read, self.locations()):
            for row in found:
                name = name_in(with_number(row), "FullNumber")
                if name is None:
                    untold += 1
                else:
                    locations[name], rows[name] = location, row
        packages, more = self.packaged(steady)
        return Members(locations, rows, packages, untold + more)

    def _in_location(self, location: Location, steady: bool) -> tuple[Location, list[t.Any]]:
        names = ("SipPeerTelephoneNumbersResponse", "SipPeerTelephoneNumbers", "SipPeerTelephoneNumber")
        reader = self._api.numbered_pages(f"{location.path}/tns", names)
        return location, read_list(reader, Workers(), lambda row: (name_in(row, "FullNumber"),), steady)

    def packaged(self, steady: bool = False) -> tuple[dict[str, str], int]:
        """The package of each number that is in one, by its digits, and how many rows cannot be read."""
        found: dict[str, str] = {}
        untold = 0
        read = functools.partial(self._in_package, steady=steady)
        for package, rows in self._workers.map(read, [one.id for one in self.packages()]):
            for row in rows:
                name = name_in(row, "phoneNumber")
                if name is None:
                    untold += 1
                else:
                    found[digits_of(name)] = package
        return found, untold

    def _in_package(self, package: str, steady: bool) -> tuple[str, list[t.Any]]:
        reader = self._api.json_pages("phoneNumbers/voice", {_ID: package})
        return package, read_list(reader, Workers(), lambda row: (name_in(row, "phoneNumber"),), steady)

    # -- links ---------------------------------------------------------------------------------------------------------

    def links(self, location: Location | None, package: str | None) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
        """The links of a number in these places, and those that they cover. A package goes before a location."""
        answering = location is not None and self.answers(location)
        place = location.id if location is not None and answering else None
        links = [Link("sms", place, LOCATION)] if place else []
        spoken = Link("voice", place, LOCATION) if place and not self.has_packages else None
        if package is not None:
            return (*links, Link("voice", package, PACKAGE)), (spoken,) if spoken else ()
        return (*links, spoken) if spoken else tuple(links), ()

    def free(self, site: str) -> Location:
        """The location of a site in which a number is linked to nothing. Raises Failure ``unsupported``."""
        for one in self.locations():
            if one.site == site and one.is_default and not self.answers(one):
                return one
        raise Failure(
            "unsupported",
            f"A number of bandwidth is always in a location, and site {site} has no default one without a messaging "
            "application: link the number to another location instead.",
        )

    def chosen(self, site: str | None, location: str | None) -> tuple[str, str | None]:
        """The ids of a site and a location by their ids or names, None for the site's default location.

        Raises Failure ``invalid_option`` or ``not_found`` where they do not say exactly one.
        """
        if location is not None:
            found = [
                one
                for one in self.locations()
                if location in (one.id, one.name) and (site is None or site in (one.site, self._name_of(one.site)))
            ]
            exact = [one for one in found if one.id == location] or found
            if len(exact) != 1:
                raise _not_one("location", location, [f"{one.id} ({one.name})" for one in exact or self.locations()])
            return exact[0].site, exact[0].id
        sites = [one for one in self.sites() if site in (None, one.id, one.name)]
        if len(sites) != 1:
            raise _not_one("site", site, [f"{one.id} ({one.name})" for one in sites or self.sites()])
        if not any(one.site == sites[0].id and one.is_default for one in self.locations()):
            raise Failure(
                "account_setup",
                f"Site {sites[0].id} has no default location: name one as 'location' in 'provider_options'.",
            )
        return sites[0].id, None

    def _name_of(self, site: str) -> str | None:
        return next((one.name for one in self.sites() if one.id == site), None)


def _named(row: t.Any) -> tuple[str | None, ...]:
    return (name_in(row, _ID) or name_in(row, "id"),)


def _not_one(what: str, given: str | None, candidates: t.Sequence[str]) -> Failure:
    listed = ", ".join(candidates[:10]) or "none"
    said = f"There is not exactly one {what} {given!r}" if given else f"The account has several {what}s, or none"
    return Failure("invalid_option", f"{said}: name one of {listed} as '{what}' in 'provider_options'.")
