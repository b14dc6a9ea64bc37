# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Twilio: how its APIs are reached, as whom, and how their lists are read.

The API of 2010 names the account in its paths, and opens a sub-account to its parent's SID and token. The newer APIs
(messaging, trunking, pricing) act for whose credentials they get, so a parent gets the sub-account's own token first,
as the vendor's page on sub-accounts says.
"""

from __future__ import annotations

import re
import threading
import typing as t

from ..._contract.features import Options
from ..._contract.paging import Page, Reader
from ..._contract.readers import list_from, mapping_from, object_from, text_from
from ..._core.errors import Failure, Malformed
from ..._net.auth import Auth, basic
from ..._net.secrets import Secrets
from ..._net.session import Http
from ..._net.wire import Response, follow, segment

HOME = "https://api.twilio.com"
MESSAGING = "https://messaging.twilio.com"
PRICING = "https://pricing.twilio.com"
TRUNKING = "https://trunking.twilio.com"

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}\Z")


def account_of(options: Options) -> str:
    """The account's SID. Raises Failure ``invalid_option`` for anything else."""
    return sid_in(options, "account_id")


def sid_in(options: Options, option: str) -> str:
    """The account SID in *option*, written as the vendor writes it."""
    found = options.get(option) or ""
    sid = found.lower().replace("ac", "AC", 1)
    if not _ACCOUNT.match(sid):
        raise Failure(
            "invalid_option", f"{option} {found!r} is no account SID of twilio: AC and 32 hexadecimal digits."
        )
    return sid


def auth_of(options: Options, secrets: Secrets) -> Auth:
    """An API key and its secret; or an account's SID, be it the parent's in ``username``, and its token. Whether these
    are SIDs is asked before the first request.
    """
    key, secret, token = (options.get(option) for option in ("api_key", "api_secret", "password"))
    if key and secret:
        return basic(key, secret, secrets)
    user = options.get("username") or options.get("account_id") or ""
    return basic(user, token or "", secrets)


class Apis:
    """The APIs of one account."""

    def __init__(self, http: Http, options: Options, secrets: Secrets, below: str) -> None:
        """*below* is the path of api_url, which stands for every host."""
        self._http = http
        self._options = options
        self._secrets = secrets
        self._below = below
        self._lock = threading.Lock()
        self._own: Auth | None = None
        self.account = account_of(options)
        self._parent = sid_in(options, "username") if options.get("username") and options.get("password") else None

    def url(self, path: str, host: str = HOME) -> str:
        """The address of a *path*; of one that begins without a slash below the account of the API of 2010."""
        base = (self._options.api_url or host).rstrip("/")
        return base + (path if path.startswith("/") else f"/2010-04-01/Accounts/{self.account}/{path}")

    def request(self, method: str, path: str, host: str = HOME, **details: t.Any) -> Response:
        """Send a request to one of the APIs, as whoever it wants to hear."""
        return self._http.request(method, self.url(path, host), auth=self._as_whom(host), **details)

    def _as_whom(self, host: str) -> Auth | None:
        """The sub-account's own proof where a parent's would act for the parent; None is the task's."""
        if host == HOME or self._parent in (None, self.account):
            return None
        with self._lock:
            if self._own is None:
                response = self._http.request("GET", self.url(f"/2010-04-01/Accounts/{self.account}.json"), hidden=True)
                with response.reading():
                    token = str(text_from(object_from(response.json()), "auth_token", required=True))
                self._secrets.add(token)
                self._own = basic(self.account, token, self._secrets)
            return self._own

    def pages(self, path: str, key: str | None, query: t.Mapping[str, t.Any], host: str = HOME) -> Reader:
        """A reader of a list, whose next link is followed as it is until it is null: a plus in it that became a space
        would end it.

        The API of 2010 has its rows under *key* and a relative link; the newer ones say both under ``meta``.
        """

        def read(where: t.Any) -> Page:
            url = where or self.url(path, host)
            response = self._http.request("GET", url, query=None if where else query, auth=self._as_whom(host))
            with response.reading():
                answer = object_from(response.json())
                about = answer if key else mapping_from(answer, "meta", required=True)
                name = "next_page_uri" if key else "next_page_url"
                if name not in about:  # null is documented; without it the answer is not whole
                    raise Malformed(f"it lacks {name}")
                link = text_from(about, name)
                rows = list_from(answer, key or str(text_from(about, "key", required=True)))
                target = follow(link, response.url, self._below, host) if link else None
            return Page(rows, None, target)

        return read


def path_of(*parts: str) -> str:
    """A path whose *parts* are segments, the first of them as it is."""
    first, *more = parts
    return "/".join([first, *(segment(part, "id") for part in more)])
