# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: a request and its answer, and URLs that cannot lead to another host."""

from __future__ import annotations

import json as jsonlib
import re
import typing as t
from decimal import Decimal
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from .._core.errors import Ambiguous, Failure, Malformed
from .secrets import Secrets

_SHOWN = 200  # characters of an answer of unknown shape that a message quotes
_READABLE = 1024 * 1024  # bytes; a larger answer is not quoted, and no id is looked for in it
_NAME = re.compile(r"[!-~]{1,200}\Z")  # of a request


class Outgoing(t.NamedTuple):
    """A request with the exact bytes that are sent, which an Auth signs.

    *path* is the path in the provider's document. The path of api_url, which a proxy removes, is not in it.
    """

    method: str
    url: str
    path: str
    body: bytes
    headers: dict[str, str]


class RequestId(t.NamedTuple):
    """The places of the request's id in a provider's answers: one of *headers* (the first that is there), else *field*
    of a JSON object.
    """

    headers: tuple[str, ...] = ()
    field: str | None = None


NOWHERE = RequestId()


class Response(t.NamedTuple):
    """An answer that was read to its end.

    A *hidden* one holds a secret that *secrets* does not know yet, so no message quotes it.
    """

    method: str
    url: str
    status: int
    headers: t.Mapping[str, str]
    body: bytes
    mutating: bool
    secrets: Secrets | None = None
    names: RequestId = NOWHERE
    hidden: bool = False

    @property
    def request_id(self) -> str | None:
        """The provider's own id of the request, or None when the answer has none that can be shown."""
        found: t.Any = next((value for value in map(self.headers.get, self.names.headers) if value), None)
        if not found and self.names.field and len(self.body) <= _READABLE:
            try:
                answer = jsonlib.loads(self.body)
            except (ValueError, RecursionError):
                return None
            found = answer.get(self.names.field) if isinstance(answer, dict) else None
        return found if isinstance(found, str) and _NAME.match(found) else None

    def words(self) -> str:
        """Return the beginning of the body as one line without secrets, for an answer of unknown shape."""
        if len(self.body) > _READABLE:
            return ""
        text = self.body.decode("utf-8", "replace")
        return (self.secrets or Secrets()).cut(text, _SHOWN)

    def json(self) -> t.Any:
        """Return the JSON body, numbers with a fraction as Decimal. Raises the failure that ``unreadable`` returns."""
        try:
            answer = jsonlib.loads(self.body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)
            if b"\\u" in self.body:  # an escape can be half a character, which cannot be encoded again
                jsonlib.dumps(answer, ensure_ascii=False, default=str).encode("utf-8")
            return answer
        except (ValueError, ArithmeticError, RecursionError):
            raise self.unreadable("it is not JSON") from None

    def xml(self, lists: t.Collection[str] = ()) -> dict[str, t.Any]:
        """Return the XML body as plain values, as ``markup.read`` does. Raises the failure of ``unreadable``."""
        from .markup import read

        try:
            return read(self.body, lists)
        except ValueError:
            raise self.unreadable("it is not XML of the documented kind") from None

    def unreadable(self, why: str) -> Failure:
        """Return the failure for an answer that differs from the provider's document. *why* says how.

        It is Ambiguous when the request was mutating.
        """
        words = "" if self.hidden else self.words()
        said = f" It begins: {words}" if words else ""
        message = f"The answer to {self.method} {urlsplit(self.url).path} (HTTP {self.status}) cannot be read: {why}."
        told: dict[str, t.Any] = {"http_status": self.status, "request_id": self.request_id}
        if self.mutating:
            return Ambiguous(message + said, **told)
        return Failure("provider_error", f"{message} Check api_url.{said}", **told)

    def reading(self) -> _Reading:
        """Return a context that turns the error Malformed into the failure of ``unreadable``."""
        return _Reading(self)


class _Reading:
    def __init__(self, response: Response) -> None:
        self._response = response

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: t.Any, error: BaseException | None, trace: t.Any) -> None:
        if isinstance(error, Malformed):
            raise self._response.unreadable(str(error)) from None


def _refuse_constant(name: str) -> t.NoReturn:
    raise ValueError(name)


def segment(value: t.Any, what: str) -> str:
    """Return *value* as one percent-encoded segment of a path. *what* is its name, for a message.

    Raises Failure ``invalid_option`` for a value that would change the path.
    """
    text = str(value)
    if text in ("", ".", "..") or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", text):
        raise Failure("invalid_option", f"{what} {text!r} cannot be part of an address: check it.")
    return quote(text, safe="")


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of *url*. Credentials are sent only where these are the same."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def is_loopback(url: str) -> bool:
    """Whether the host of *url* is this machine, by a loopback address or as localhost."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or re.match(r"127(\.[0-9]{1,3}){3}\Z", host) is not None


def follow(link: str, current: str, below: str = "", home: str | None = None) -> str:
    """Return the URL of *link*, which stood in the answer from the URL *current*.

    Scheme, host and port are always those of *current*, so that credentials are not sent to another host.
    *below* is the path of api_url, which the provider does not know, and *home* is the provider's documented URL, which
    api_url replaces. Raises Malformed for a link that is no URL, Failure ``provider_error`` for one to another host.
    """
    try:
        target = urlsplit(urljoin(current, link))
        elsewhere = origin(target.geturl()) not in (origin(current), origin(home or current))
    except ValueError:
        raise Malformed("its next link is no address") from None
    if elsewhere:
        raise Failure(
            "provider_error",
            "The provider's next page is on another host, where no credentials are sent: check api_url.",
        )
    here = urlsplit(current)
    return urlunsplit((here.scheme, here.netloc, _below(below, target.path, here.path), target.query, ""))


def _below(prefix: str, path: str, here: str) -> str:
    """Return *path* of a link with *prefix* before it, unless the link has it already.

    A link to the list at *here* itself shows which of the two it is.
    """
    has_it = path.startswith(prefix + "/") and prefix + path != here
    return path if has_it else prefix + path
