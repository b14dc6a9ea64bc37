# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: sign requests in a session that a handshake opens, and keep the session in a private file."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import typing as t

from .._core.errors import Failure
from .auth import Auth
from .cache import Cache
from .secrets import Secrets
from .wire import Outgoing

_EARLY = 30.0  # seconds; a session is used until so long before its expiry


def timestamp() -> str:
    """Return the present time as ISO 8601 UTC with milliseconds, the format of Sinch's x-timestamp."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"


def signature(secret: str, method: str, body: bytes, content_type: str, stamp: str, path: str) -> str:
    """Return Sinch's request signature.

    Base64(HMAC-SHA256(Base64-decoded *secret*, string to sign)); the string to sign is verb, Base64 MD5 of the body
    (empty without one), content type, ``x-timestamp:`` and the path with its leading slash, one a line
    (document "Using REST", signed requests). Raises ValueError when *secret* is not Base64, Failure ``unsupported``
    without MD5.
    """
    digest = base64.b64encode(_md5(body)).decode("ascii") if body else ""
    to_sign = "\n".join((method, digest, content_type, f"x-timestamp:{stamp}", path))
    mac = hmac.new(base64.b64decode(secret, validate=True), to_sign.encode("utf-8"), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode("ascii")


def _md5(body: bytes) -> bytes:
    """Return the MD5 of *body*. It is only a checksum here, so a system in FIPS mode may allow it.

    Raises Failure ``unsupported`` on a system that does not.
    """
    try:
        try:
            return hashlib.md5(body, usedforsecurity=False).digest()
        except TypeError:  # Python 3.8 has no such argument
            return hashlib.md5(body).digest()
    except (ValueError, AttributeError):
        raise Failure(
            "unsupported",
            "This Python refuses MD5, as systems in FIPS mode do, and Sinch wants the MD5 of each request's body in "
            "its signature: "
            "run the task where MD5 is allowed.",
        ) from None


class Session(t.NamedTuple):
    """A session from a handshake: the id of an instance, its *secret*, and the record of the *account* that it opens.

    The secret signs requests until *expires* (seconds since the epoch).
    """

    instance: str
    secret: str
    expires: float
    account: t.Mapping[str, t.Any]


class Signed(Auth):
    """Signs requests as an instance (scheme ``Instance <id>:<signature>``).

    The handshake runs at most once a task, and once more after a 401.
    """

    def __init__(self, handshake: t.Callable[[], Session], secrets: Secrets, cache: SessionCache | None) -> None:
        """Keep *handshake*, which is called when the first request is signed and the *cache* has no session."""
        self._handshake = handshake
        self._secrets = secrets
        self._cache = cache
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session: the open one, the one of the cache, or a new one, which is stored in the cache."""
        if self._session is None:
            self._session = self._cache.load() if self._cache else None
        if self._session is None:
            self._session = self._handshake()
            if self._cache:
                self._cache.store(self._session)
        self._secrets.add(self._session.secret)
        return self._session

    def sign(self, outgoing: Outgoing) -> None:
        session = self.session
        stamp = timestamp()
        try:
            proof = signature(
                session.secret,
                outgoing.method,
                outgoing.body,
                outgoing.headers.get("Content-Type", ""),
                stamp,
                outgoing.path,
            )
        except ValueError:
            raise Failure("provider_error", "The provider's instance secret is not Base64: check api_url.") from None
        self._secrets.add_proof(proof)
        outgoing.headers["x-timestamp"] = stamp
        outgoing.headers["Authorization"] = f"Instance {session.instance}:{proof}"

    def renew(self) -> bool:
        if self._session is None:
            return False
        self._session = None
        self.generation += 1
        if self._cache:
            self._cache.drop()
        return True


class SessionCache(Cache[Session]):
    """A private file with one session, so that several tasks need one log-in."""

    def __init__(self, directory: str, key: str, check: t.Callable[[t.Mapping[str, t.Any]], t.Any]) -> None:
        """Use a file in *directory*, one for each *key*, which names an account and holds no secret.

        *check* raises Malformed for an account's record that cannot be read. Raises Failure ``invalid_option`` when the
        directory is not private.
        """

        def read(record: t.Mapping[str, t.Any]) -> tuple[Session, float]:
            session = _session_from(record)
            check(session.account)
            return session, session.expires

        super().__init__(directory, "session", key, read, _EARLY)


def _session_from(record: t.Any) -> Session:
    """Return the session in *record* of a cache file. Raises ValueError, KeyError or TypeError for a wrong shape."""
    instance, secret, expires, account = (record[key] for key in ("instance", "secret", "expires", "account"))
    sane = (
        isinstance(instance, str)
        and instance.isascii()
        and instance.isprintable()
        and bool(instance.strip())
        and isinstance(secret, str)
        and bool(base64.b64decode(secret, validate=True))
        and isinstance(expires, (int, float))
        and isinstance(account, dict)
        and isinstance(account.get("id"), (str, int))
    )
    if not sane:
        raise ValueError
    return Session(instance, secret, float(expires), account)
