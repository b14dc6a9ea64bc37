# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, secrets, addresses and answers, as far as no connection is needed."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Ambiguous, Failure, Malformed
from ansible_collections.telco.numbers.plugins.module_utils._net.clock import Clock
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response, origin, segment
from hypothesis import given
from hypothesis import strategies as st

# -- secrets -----------------------------------------------------------------------------------------------------------


def masked(text, *values):
    secrets = Secrets()
    secrets.add(*values)
    return secrets.mask(text)


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        ("the key is abc", ["abc"], "the key is ********"),
        ("abcdef abc", ["abc", "abcdef"], "******** ********"),
        ("abcdef abc", ["abcdef", "abc"], "******** ********"),
        ("abcabc", ["abc"], "****************"),
        ("nothing here", ["abc"], "nothing here"),
        ("Abc", ["abc"], "Abc"),
        ("a.c abc", ["a.c"], "******** abc"),
        ("plain", [], "plain"),
        ("plain", [None, ""], "plain"),
    ],
)
def test_each_secret_is_replaced_the_longest_first(text, values, shown):
    assert masked(text, *values) == shown


_WORDS = st.text(st.sampled_from("ab1 \n"), max_size=4)


@given(st.lists(st.none() | _WORDS, max_size=5), st.lists(_WORDS, max_size=12))
def test_no_secret_is_left(values, pieces):
    text = "".join(pieces)
    shown = masked(text, *values)
    assert not [value for value in values if value and value in shown]
    if not any(value and value in text for value in values):
        assert shown == text


@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=5))
def test_every_secret_disappears_whole(values):
    for value in values:
        assert masked(value, *values) == "********"


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("14155550100", "14155550100"),
        (8888123, "8888123"),
        ("a/b", "a%2Fb"),
        ("../secret", "..%2Fsecret"),
        ("a?b=c", "a%3Fb%3Dc"),
        ("a#b", "a%23b"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("%2e%2e", "%252e%252e"),
        ("+14155550100", "%2B14155550100"),
        ("a b", "a%20b"),
        ("a\\b", "a%5Cb"),
        ("me@example.com", "me%40example.com"),
        ("a;b", "a%3Bb"),
        ("ü", "%C3%BC"),
        ("...", "..."),
    ],
)
def test_a_segment_stays_one_segment(value, encoded):
    assert segment(value, "id") == encoded


@pytest.mark.parametrize("value", ["", ".", "..", "a\nb", "a\r\nHost: x", "\x00", "a\x7f", "\t", "\udcff"])
def test_what_could_change_the_path_is_refused_by_name(value, refused):
    with refused("invalid_option") as refusal:
        segment(value, "account_id")
    assert "account_id" in str(refusal)


@given(st.text())
def test_a_segment_is_always_one_segment_that_means_the_value(value):
    try:
        encoded = segment(value, "id")
    except Failure as failure:
        assert failure.code == "invalid_option"
    else:
        assert unquote(encoded) == value
        assert not set(encoded) & set("/?#\\:@ ")
        assert encoded.isascii()
        assert encoded not in ("", ".", "..")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://api.example.com/a", "https://api.example.com:443/b?c=d", True),
        ("http://api.example.com", "http://API.EXAMPLE.COM:80/", True),
        ("https://api.example.com", "http://api.example.com", False),
        ("https://api.example.com", "https://api.example.com:8443", False),
        ("https://api.example.com", "https://api.example.com.evil.org", False),
        ("https://api.example.com", "https://api.example.com@evil.org/", False),
        ("https://api.example.com", "https://evil.org/api.example.com", False),
    ],
)
def test_credentials_belong_to_scheme_host_and_port(one, other, same):
    assert (origin(one) == origin(other)) is same


# -- time --------------------------------------------------------------------------------------------------------------


def test_a_deadline_that_has_passed_leaves_nothing():
    assert Clock(0).remaining() == 0
    assert Clock(-5).remaining() == 0


def test_a_deadline_leaves_at_most_itself():
    assert 0 < Clock(1000).remaining() <= 1000


def test_waiting_never_outlasts_the_deadline():
    assert Clock(0).sleep(0.01) is False
    assert Clock(0.01).sleep(0.02) is False
    assert Clock(1000).sleep(0) is True


def test_a_wait_timeout_replaces_the_deadline():
    clock = Clock(0)
    clock.extend(1000)
    assert 900 < clock.remaining() <= 1000
    clock.extend(0)
    assert clock.remaining() == 0


def test_time_does_not_run_backwards():
    clock = Clock(1000)
    first, left = clock.now(), clock.remaining()
    assert clock.now() >= first
    assert clock.remaining() <= left


# -- answers -----------------------------------------------------------------------------------------------------------


def answer(body, mutating=False):
    return Response("POST" if mutating else "GET", "https://api.example.com/v1/x?key=s3cret", 200, {}, body, mutating)


def test_numbers_with_a_fraction_are_read_exactly():
    record = answer(b'{"price": 0.1, "long": 1.00000000000000000001, "count": 3}').json()
    assert record == {"price": Decimal("0.1"), "long": Decimal("1.00000000000000000001"), "count": 3}


BROKEN = [
    b"",
    b"<html>",
    b"{",
    b"\xff",
    b"NaN",
    b'{"price": NaN}',
    b"[Infinity]",
    b"-Infinity",
    b"[" * 100_000,
    b'{"a": 1} x',
]


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:12]))
def test_an_unreadable_answer_to_a_read_is_the_provider_s_error(body, refused):
    with refused("provider_error") as refusal:
        answer(body).json()
    assert "api_url" in str(refusal)
    assert "s3cret" not in str(refusal)


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:12]))
def test_an_unreadable_answer_to_a_change_leaves_the_outcome_open(body):
    with pytest.raises(Ambiguous) as error:
        answer(body, mutating=True).json()
    assert error.value.http_status == 200


def test_a_record_that_breaks_its_document_is_told_like_an_unreadable_answer(refused):
    with refused("provider_error") as refusal, answer(b"{}").reading():
        raise Malformed("it lacks id")
    assert "it lacks id" in str(refusal)
    with pytest.raises(Ambiguous), answer(b"{}", mutating=True).reading():
        raise Malformed("it lacks id")


def test_reading_hides_no_other_error():
    with pytest.raises(ZeroDivisionError), answer(b"{}").reading():
        raise ZeroDivisionError
    with answer(b"{}").reading():
        pass


@given(st.binary(max_size=200), st.booleans())
def test_no_answer_ends_in_a_traceback(body, mutating):
    try:
        answer(body, mutating).json()
    except Failure as failure:
        assert isinstance(failure, Ambiguous) is mutating
