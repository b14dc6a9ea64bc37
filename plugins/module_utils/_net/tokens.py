# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: OAuth 2.0 client credentials (RFC 6749, section 4.4). Several tasks share one token."""

from __future__ import annotations

import math
import time
import typing as t

from .._core.errors import Failure, Malformed
from .auth import Anonymous, Auth, basic
from .cache import Cache
from .clock import Clock
from .secrets import Secrets
from .wire import Outgoing, Response

if t.TYPE_CHECKING:
    from .session import Http

_EARLY = 60.0  # seconds; a token is used until so long before its expiry,
_SHORT = 0.1  # or until this part of its life is left, when that is less
_LIFE = 300.0  # seconds; the life of a token whose answer does not say it
_REFUSED = (400, 401)  # the statuses of a token endpoint that refuses the credentials (RFC 6749, section 5.2)


class Token(t.NamedTuple):
    """A bearer token. It is used *until* a time somewhat before its expiry (seconds since the epoch)."""

    value: str
    until: float


class Client(t.NamedTuple):
    """A client that asks the token endpoint *url* for a token, in the form that the provider's document describes.

    *identity* and *secret* are sent in a Basic header, or with *in_form* in the fields ``client_id`` and
    ``client_secret``. *fields* are further fields, like ``scope`` or ``audience``. *options* are the names of the
    options of identity and secret, for a message.
    """

    url: str
    identity: str
    secret: str
    options: str
    in_form: bool = False
    fields: t.Mapping[str, str] = {}


def fetched(http: Http, client: Client, secrets: Secrets) -> Token:
    """Ask the provider for a token and return it. The request may be repeated, because an older token stays valid.

    Raises Failure ``authentication_failed`` when the endpoint refuses the credentials.
    """
    form = {"grant_type": "client_credentials", **client.fields}
    auth: Auth = Anonymous()
    if client.in_form:
        form.update(client_id=client.identity, client_secret=client.secret)
    else:
        auth = basic(client.identity, client.secret, secrets)
    asked = time.time()
    try:
        response = http.request("POST", client.url, form=form, mutating=False, auth=auth, hidden=True)
    except Failure as failure:
        if failure.http_status in _REFUSED:
            message = f"The provider gives no token to these credentials: check {client.options}."
            raise Failure("authentication_failed", message, **failure.told) from None
        raise
    token = _token_in(response, asked)
    secrets.add(token.value)
    return token


def _token_in(response: Response, asked: float) -> Token:
    """Return the token in the answer to a request that was sent at *asked* (seconds since the epoch)."""
    with response.reading():
        answer = response.json()
        if not isinstance(answer, dict) or not is_token(answer.get("access_token")):
            raise Malformed("it holds no access_token")
        life = answer.get("expires_in", _LIFE)
        try:
            life = float(life)
        except (TypeError, ValueError, OverflowError):
            raise Malformed("its expires_in is no number of seconds") from None
        if not math.isfinite(life):
            raise Malformed("its expires_in is no number of seconds")
        return Token(answer["access_token"], used_until(asked, life))


def used_until(asked: float, life: float) -> float:
    """Return until when a token is used (seconds since the epoch) that was requested at *asked* and lives *life* s."""
    return asked + life - min(_EARLY, _SHORT * life)


def is_token(value: t.Any) -> bool:
    """Whether *value* can be a bearer token: text that a header can hold, without blanks."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value) and " " not in value


class TokenCache(Cache[Token]):
    """A private file with one token, so that several tasks ask for it once."""

    def __init__(self, directory: str, key: str) -> None:
        """Use a file in *directory*, one for each *key*, which names a client and holds no secret.

        Raises Failure ``invalid_option`` when the directory is not private.
        """
        super().__init__(directory, "token", key, _token_from)


def _token_from(record: t.Mapping[str, t.Any]) -> tuple[Token, float]:
    """Return the token in *record* of a cache file, and its expiry. Raises KeyError or ValueError for a wrong shape."""
    value, until = record["value"], float(record["until"])
    if not is_token(value):
        raise ValueError("value")
    return Token(value, until), until


class Bearer(Auth):
    """Signs requests with a token. It asks for a new one before the token expires, and after a 401.

    Tasks that share a cache share the token.
    """

    def __init__(self, fetch: t.Callable[[], Token], clock: Clock, secrets: Secrets, cache: TokenCache | None) -> None:
        """Keep *fetch*, which is called when a request needs a token and the *cache* has none."""
        self._fetch = fetch
        self._clock = clock
        self._secrets = secrets
        self._cache = cache
        self._token: Token | None = None
        self._refused: str | None = None  # the token that was answered with a 401

    def sign(self, outgoing: Outgoing) -> None:
        if self._token is None or time.time() >= self._token.until:
            self._token = self._cached_or_new()
            self._secrets.add(self._token.value)
            self.generation += 1
        outgoing.headers["Authorization"] = f"Bearer {self._token.value}"

    def renew(self) -> bool:
        if self._token is None:
            return False
        self._refused, self._token = self._token.value, None
        self.generation += 1
        return True

    def _cached_or_new(self) -> Token:
        """Return the token of the cache, or a new one when there is none or it was refused.

        No other task asks for a token meanwhile.
        """
        if self._cache is None:
            return self._fetch()
        with self._cache.alone(self._clock):
            token = self._cache.load()
            if token is None or token.value == self._refused:
                token = self._fetch()
                self._cache.store(token)
            return token
