# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the ways to authenticate a request: none, Basic, a bearer token, a key in a header."""

from __future__ import annotations

import abc
import base64

from .._core.errors import Failure
from .secrets import Secrets
from .wire import Outgoing


class Auth(abc.ABC):
    """Authenticates requests: adds headers that prove who sends them."""

    generation = 0  # how many times the proof was renewed

    @abc.abstractmethod
    def sign(self, outgoing: Outgoing) -> None:
        """Add headers to *outgoing*."""

    def renew(self) -> bool:
        """Get a new proof after a 401. Return whether there is one."""
        return False


class Anonymous(Auth):
    """Adds no header."""

    def sign(self, outgoing: Outgoing) -> None:
        return None


class Fixed(Auth):
    """Adds the same header to each request."""

    def __init__(self, header: str, secrets: Secrets, name: str = "Authorization") -> None:
        """Keep *header*, the value of the header *name*: a scheme and a secret, or the secret alone.

        Raises Failure ``invalid_option`` when it has characters that a header cannot hold.
        """
        if not header.isascii() or not header.isprintable():
            raise Failure(
                "invalid_option",
                "A credential has control characters or others that no key or token has: check it for a line break.",
            )
        scheme, _blank, proof = header.partition(" ")
        proof = proof or scheme
        if proof:
            secrets.add_proof(proof)
        self._name, self._header = name, header

    def sign(self, outgoing: Outgoing) -> None:
        outgoing.headers[self._name] = self._header


def basic(username: str, password: str, secrets: Secrets) -> Fixed:
    """Return the proof of HTTP Basic (RFC 7617, UTF-8).

    Raises Failure ``invalid_option`` for a credential whose bytes are not UTF-8 text.
    """
    try:
        pair = f"{username}:{password}".encode()
    except UnicodeEncodeError:
        raise Failure(
            "invalid_option", "A credential holds bytes that are not UTF-8 text: check its spelling."
        ) from None
    return Fixed("Basic " + base64.b64encode(pair).decode("ascii"), secrets)


def bearer(token: str, secrets: Secrets) -> Fixed:
    """Return the proof of a bearer *token* (RFC 6750).

    Raises Failure ``invalid_option`` for a token that a header cannot hold.
    """
    return Fixed(f"Bearer {token}", secrets)


def key_header(name: str, key: str, secrets: Secrets) -> Fixed:
    """Return the proof of a *key* that is sent alone in the header *name*.

    Raises Failure ``invalid_option`` for a key that a header cannot hold.
    """
    return Fixed(key, secrets, name)
