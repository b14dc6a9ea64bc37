# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How requests prove who sends them without a session: nothing, Basic, a token in a header."""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._net.auth import Anonymous, Fixed, basic, bearer, key_header
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Outgoing


def outgoing():
    return Outgoing("GET", "https://api.example.com/v1/x", "/v1/x", b"", {"Accept": "text/plain"})


@pytest.mark.parametrize(
    ("username", "password", "pair"),
    [
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123\u00a3", "dGVzdDoxMjPCow=="),
        ("user", "a:b", "dXNlcjphOmI="),
    ],
)
def test_basic_is_as_its_rfc_says_and_its_encoded_form_is_a_secret(username, password, pair):
    secrets, request = Secrets(), outgoing()
    basic(username, password, secrets).sign(request)
    assert request.headers["Authorization"] == f"Basic {pair}"
    assert pair not in secrets.mask(f"sent {pair}")


def test_a_fixed_header_is_sent_as_it_is_and_its_token_is_a_secret():
    secrets, request = Secrets(), outgoing()
    Fixed("App some-key-1", secrets).sign(request)
    assert request.headers["Authorization"] == "App some-key-1"
    assert secrets.mask("some-key-1") == "********"


def test_a_bearer_token_is_sent_and_is_a_secret():
    secrets, request = Secrets(), outgoing()
    bearer("some-token-1", secrets).sign(request)
    assert request.headers["Authorization"] == "Bearer some-token-1"
    assert secrets.mask("some-token-1") == "********"


def test_a_key_has_a_header_of_its_own_and_is_a_secret():
    secrets, request = Secrets(), outgoing()
    key_header("X-Api-Key", "some-key-1", secrets).sign(request)
    assert request.headers == {"Accept": "text/plain", "X-Api-Key": "some-key-1"}
    assert secrets.mask("some-key-1") == "********"


def test_no_key_hides_nothing():
    secrets = Secrets()
    key_header("X-Api-Key", "", secrets)
    assert secrets.mask("some text") == "some text"


def test_anonymous_sends_nothing():
    request = outgoing()
    Anonymous().sign(request)
    assert request.headers == {"Accept": "text/plain"}


@pytest.mark.parametrize("key", ["a\nb", "a\r\nX-Evil: 1", "a\x00b", "a\x7fb", "ключ", "a\u2028b", "\udcff"])
def test_a_credential_that_no_header_can_hold_is_refused_without_showing_it(key, refused):
    with refused("invalid_option") as refusal:
        Fixed(f"Bearer {key}", Secrets())
    assert key not in str(refusal)


@pytest.mark.parametrize(("username", "password"), [("user\udcff", "x"), ("user", "x\udcff")])
def test_a_credential_that_is_no_text_is_refused(username, password, refused):
    with refused("invalid_option"):
        basic(username, password, Secrets())
