# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: OAuth 2.0 client credentials (RFC 6749, section 4.4): a token that is fetched once for several tasks."""

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

_EARLY = 60.0  # seconds before its expiry in which a token is no longer used
_SHORT = 0.1  # of the life of a token that lives so short that this is less
_LIFE = 300.0  # seconds; of a token whose answer does not say how long it lives
_REFUSED = (400, 401)  # what a token endpoint answers to credentials that it does not know (RFC 6749, section 5.2)


class Token(t.NamedTuple):
    """A bearer token, which is used *until* a moment before its expiry (seconds since the epoch)."""

    value: str
    until: float


class Client(t.NamedTuple):
    """Who asks for a token, and how the provider's document wants to be asked.

    The *identity* and the *secret* go into a Basic header, or with *in_form* into the fields ``client_id`` and
    ``client_secret``. *fields* are further ones, like ``scope`` or ``audience``. *options* names both for a message.
    """

    url: str
    identity: str
    secret: str
    options: str
    in_form: bool = False
    fields: t.Mapping[str, str] = {}


def fetched(http: Http, client: Client, secrets: Secrets) -> Token:
    """Ask for a token. That may be repeated: an older token stays good.

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
    """The token in the answer to a request that was sent at *asked*."""
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
    """Until when a token is used that was asked for at *asked* and lives *life* seconds."""
    return asked + life - min(_EARLY, _SHORT * life)


def is_token(value: t.Any) -> bool:
    """Whether *value* can be a bearer token: text without blanks and without anything that a header cannot hold."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value) and " " not in value


class TokenCache(Cache[Token]):
    """One token, so that several tasks ask for it once."""

    def __init__(self, directory: str, key: str) -> None:
        """Use *directory*; *key* tells clients apart and holds no secret. Raises Failure ``invalid_option`` when the
        directory is not private.
        """
        super().__init__(directory, "token", key, _kept_token)


def _kept_token(record: t.Mapping[str, t.Any]) -> tuple[Token, float]:
    """The token in a record of the cache, and when it expires. Raises ValueError for another shape."""
    value, until = record["value"], float(record["until"])
    if not is_token(value):
        raise ValueError("value")
    return Token(value, until), until


class Bearer(Auth):
    """Signs with a token, which all tasks that share a cache get once, again before it expires, and after a 401."""

    def __init__(self, fetch: t.Callable[[], Token], clock: Clock, secrets: Secrets, cache: TokenCache | None) -> None:
        """*fetch* is called when a request is to be signed and the cache has no token."""
        self._fetch = fetch
        self._clock = clock
        self._secrets = secrets
        self._cache = cache
        self._token: Token | None = None
        self._refused: str | None = None  # what was answered with a 401

    def sign(self, outgoing: Outgoing) -> None:
        if self._token is None or time.time() >= self._token.until:
            self._token = self._shared()
            self._secrets.add(self._token.value)
            self.generation += 1
        outgoing.headers["Authorization"] = f"Bearer {self._token.value}"

    def renew(self) -> bool:
        if self._token is None:
            return False
        self._refused, self._token = self._token.value, None
        self.generation += 1
        return True

    def _shared(self) -> Token:
        """The token of the cache, unless it was refused, or a new one, which no other task asks for meanwhile."""
        if self._cache is None:
            return self._fetch()
        with self._cache.alone(self._clock):
            token = self._cache.load()
            if token is None or token.value == self._refused:
                token = self._fetch()
                self._cache.store(token)
            return token
