# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: what an error of the network means: the provider was never reached, or the connection broke."""

from __future__ import annotations

import ssl
import typing as t
from urllib.parse import urlsplit

try:
    import requests
    import urllib3.exceptions
except ImportError:
    pass  # _http says so

if t.TYPE_CHECKING:
    from .secrets import Secrets
    from .wire import Outgoing

# What OpenSSL says when the other side speaks no TLS, from several versions.
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
)
# How an alert of TLS begins: what a server says that was spoken to without it.
_TLS_ALERT = ("\\x15\\x03", "\x15\x03")


class Unreached(Exception):
    """The provider never saw the request."""

    def __init__(self, message: str, repeatable: bool) -> None:
        super().__init__(message)
        self.message = message
        self.repeatable = repeatable


class Broken(Exception):
    """The connection failed after the request may have arrived."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def network_error(outgoing: Outgoing, error: Exception, secrets: Secrets) -> Exception:
    """Tell a provider that was never reached from a connection that broke."""
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
    """What is probably wrong with api_url, where the two sides may not speak the same protocol."""
    text = str(error)
    if any(word in text.upper().replace(" ", "_") for word in _NO_TLS):
        return (
            ": what answers there, or the proxy before it, speaks no TLS; check scheme and port of api_url, and the "
            "proxy variables"
        )
    if outgoing.url.startswith("http:") and any(mark in text for mark in _TLS_ALERT):
        return ": that port speaks TLS; write https in api_url"
    if outgoing.url.startswith("http:") and "Connection aborted" in text:
        return ", before anything was answered; if that port speaks TLS, write https in api_url"
    return ""


def _caused_by(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    """Whether one of *kinds* is in the chain of causes.

    Only a connection that was never made, or a certificate that was refused before anything was sent, proves that the
    provider did not see the request: other TLS errors happen while its answer is read.
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
    """The innermost words of a network error, without object addresses."""
    text = str(error).rsplit(": ", 1)[-1].strip("()'\" ")
    return secrets.cut(text, 200) or type(error).__name__
