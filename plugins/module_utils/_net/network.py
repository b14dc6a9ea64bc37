# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: sort the errors of the network: either the request never reached the provider, or it may have."""

from __future__ import annotations

import ssl
import typing as t
from urllib.parse import urlsplit

try:
    import requests
    import urllib3.exceptions
except ImportError:
    pass  # session.py keeps the error for a message

if t.TYPE_CHECKING:
    from .secrets import Secrets
    from .wire import Outgoing

# Parts of the messages with which versions of OpenSSL say that the other side does not speak TLS.
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
)
# The first bytes of a TLS alert: a server that speaks TLS sends one to a client that does not.
_TLS_ALERT = ("\\x15\\x03", "\x15\x03")


class Unreached(Exception):
    """The request never reached the provider. With ``repeatable`` it may be sent again."""

    def __init__(self, message: str, repeatable: bool) -> None:
        super().__init__(message)
        self.message = message
        self.repeatable = repeatable


class Broken(Exception):
    """The connection failed, and the request may have reached the provider."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def network_error(outgoing: Outgoing, error: Exception, secrets: Secrets) -> Exception:
    """Return Unreached when *error* proves that the request never reached the provider, and Broken otherwise."""
    host = urlsplit(outgoing.url).netloc
    if _caused_by(error, (ssl.SSLCertVerificationError, ssl.CertificateError)):
        return Unreached(
            f"The TLS certificate of {host} was refused: set ca_path to its authority or check api_url "
            f"({_brief(error, secrets)}).",
            False,
        )
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return Unreached(
            f"{host} cannot be reached: the environment names a SOCKS proxy for it, which Python's requests can use "
            "only with PySocks. "
            "Install PySocks where the task runs, name an HTTP proxy, or except the host in NO_PROXY.",
            False,
        )
    if isinstance(
        error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    ):
        return Unreached(
            f"{host or outgoing.url} cannot be called, or the proxy for it: check api_url and the proxy variables.",
            False,
        )
    if isinstance(error, (requests.exceptions.InvalidHeader, requests.exceptions.InvalidProxyURL)):
        return Unreached(
            f"The request to {host} could not be built: check the credentials and the proxy variables.", False
        )
    if _caused_by(error, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)):
        return Unreached(
            f"{host} cannot be reached: check api_url, proxy and network ({_brief(error, secrets)}).", True
        )
    return Broken(
        f"The connection to {host} broke during {outgoing.method} {outgoing.path}{_hint(outgoing, error)} "
        f"({_brief(error, secrets)})."
    )


def _hint(outgoing: Outgoing, error: Exception) -> str:
    """Return a hint for the message when one side speaks TLS and the other does not, else an empty text."""
    text = str(error)
    if any(word in text.upper().replace(" ", "_") for word in _NO_TLS):
        return (
            ": the server at that port, or the proxy before it, does not speak TLS; check scheme and port of api_url, "
            "and the proxy variables"
        )
    if outgoing.url.startswith("http:") and any(mark in text for mark in _TLS_ALERT):
        return ": that port speaks TLS; write https in api_url"
    if outgoing.url.startswith("http:") and "Connection aborted" in text:
        return ", before an answer arrived; if that port speaks TLS, write https in api_url"
    return ""


def _caused_by(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    """Whether *error*, or one of the errors that caused it, is of one of *kinds*.

    Only two errors prove that the request never reached the provider: the connection was never made, or its
    certificate was refused before the request was sent. Other TLS errors also happen while an answer is read.
    """
    seen: set[int] = set()
    pending: list[t.Any] = [error]
    while pending:
        cause = pending.pop()
        if id(cause) in seen or not isinstance(cause, BaseException):
            continue
        if isinstance(cause, kinds):
            return True
        seen.add(id(cause))
        pending.extend((*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__))
    return False


def _brief(error: Exception, secrets: Secrets) -> str:
    """Return the last part of a network error's text, which names the cause, without addresses of Python objects."""
    text = str(error).rsplit(": ", 1)[-1].strip("()'\" ")
    return secrets.cut(text, 200) or type(error).__name__
