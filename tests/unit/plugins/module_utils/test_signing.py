# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signatures, the sessions that a handshake opens, and their cache."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import time

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._net import signing
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.signing import Session, SessionCache, Signed, signature
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Outgoing

JSON = "application/json"
DOCUMENT = ("bRo76GRddEyetgJDTgkLHA==", "2015-06-20T11:43:10.944Z")
SHOP = "v1/organisations/id/8888123/numbers/shop"
RESERVE = '{"groupId":13,"quantity":1}'

VECTORS = [
    pytest.param(
        (
            "JViE5vDor0Sw3WllZka15Q==",
            "POST",
            '{"message":"Hello world"}',
            JSON,
            "2014-06-04T13:41:58Z",
            "/v1/sms/+46700000000",
        ),
        "qDXMwzfaxCRS849c/2R0hg0nphgdHciTo7OdM6MsdnM=",
        id="application",
    ),
    pytest.param(
        (
            "BeIukql3pTKJ8RGL5zo0DA==",
            "POST",
            '{"event":"ace","callid":"822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257","timestamp":"2014-09-24T10:59:41Z","version":1}',
            JSON,
            "2014-09-24T10:59:41Z",
            "/sinch/callback/ace",
        ),
        "Tg6fMyo8mj9pYfWQ9ssbx3Tc1BNC87IEygAfLbJqZb4=",
        id="callback",
    ),
    pytest.param(
        (
            base64.b64encode(b"my-key-secret").decode(),
            "POST",
            '{"identity":{"type":"number","endpoint":"+33444555666"},"method":"sms"}',
            "application/json; charset=UTF-8",
            "2023-11-22T09:10:11.999Z",
            "/path/pathParamValue",
        ),
        "QP3OzQZVzRZAEev6DBLvJkgpiqyZPuXYsc7oyjUV0K8=",
        id="Java SDK",
    ),
    pytest.param(
        (DOCUMENT[0], "GET", "", JSON, DOCUMENT[1], f"/{SHOP}"),
        "C4MOfqovVrwLDZ0+oSJWErqT7PJ+BrMm9yfUCYZanWA=",
        id="instance, no body",
    ),
    pytest.param(
        (DOCUMENT[0], "PUT", RESERVE, JSON, DOCUMENT[1], f"/{SHOP}"),
        "N18eTWA44Dz1Nq/+8HGIDec0RVpO/cw/6GYMgaAxojA=",
        id="instance, with body",
    ),
]


@pytest.mark.parametrize(("inputs", "expected"), VECTORS)
def test_a_published_signature_is_reproduced(inputs, expected):
    secret, method, body, content_type, stamp, path = inputs
    assert signature(secret, method, body.encode(), content_type, stamp, path) == expected


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        ('{"message":"Hello world"}', "jANzQ+rgAHyf1MWQFSwvYw=="),
        (
            '{"event":"ace","callid":"822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257","timestamp":"2014-09-24T10:59:41Z","version":1}',
            "REWF+X220L4/Gw1spXOU7g==",
        ),
    ],
)
def test_the_bodies_of_the_vectors_are_copied_exactly(body, digest):
    assert base64.b64encode(hashlib.md5(body.encode()).digest()).decode() == digest


@pytest.mark.parametrize("place", range(6))
def test_every_part_of_a_request_is_signed(place):
    secret, stamp = DOCUMENT
    parts = [secret, "PUT", RESERVE, JSON, stamp, f"/{SHOP}"]
    signed = signature(parts[0], parts[1], parts[2].encode(), *parts[3:])
    parts[place] = "AAAA" if place == 0 else parts[place] + "x"
    assert signature(parts[0], parts[1], parts[2].encode(), *parts[3:]) != signed


def test_an_empty_object_is_a_body():
    secret, stamp = DOCUMENT
    assert signature(secret, "POST", b"{}", JSON, stamp, "/x") != signature(secret, "POST", b"", JSON, stamp, "/x")


@pytest.mark.parametrize("secret", ["not base64!", "AAA", "AAAA\n", "ü"])
def test_a_secret_that_is_not_base64_is_an_error(secret):
    with pytest.raises(ValueError, match="."):
        signature(secret, "GET", b"", JSON, DOCUMENT[1], "/x")


def test_the_time_stamp_is_utc_with_milliseconds():
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", signing.timestamp())


# -- session -----------------------------------------------------------------------------------------------------------

HOUR = 3600.0


def session(expires_in=HOUR, **facts):
    return Session("instance-1", DOCUMENT[0], time.time() + expires_in, {"id": "8888123", "name": "Org"})._replace(
        **facts
    )


def outgoing(body=b""):
    return Outgoing("GET", "https://api.example.com/v1/x", "/v1/x", body, {"Content-Type": JSON})


class Handshake:
    """Hands out sessions and counts them."""

    def __init__(self, *sessions):
        self.sessions = list(sessions)
        self.count = 0

    def __call__(self):
        self.count += 1
        return self.sessions[min(self.count, len(self.sessions)) - 1]


def test_a_signed_request_proves_the_instance():
    secrets, request = Secrets(), outgoing(b'{"a":1}')
    Signed(Handshake(session()), secrets, None).sign(request)
    stamp = request.headers["x-timestamp"]
    proof = signature(DOCUMENT[0], "GET", b'{"a":1}', JSON, stamp, "/v1/x")
    assert request.headers["Authorization"] == f"Instance instance-1:{proof}"
    assert secrets.mask(f"{DOCUMENT[0]} {proof}") == "******** ********"


def test_the_handshake_runs_when_the_first_request_is_signed_and_once():
    handshake = Handshake(session())
    signed = Signed(handshake, Secrets(), None)
    assert handshake.count == 0
    for _time in range(3):
        signed.sign(outgoing())
    assert handshake.count == 1


def test_after_a_rejection_the_handshake_runs_once_more():
    handshake = Handshake(session(), session(instance="instance-2"))
    signed = Signed(handshake, Secrets(), None)
    assert signed.renew() is False
    signed.sign(outgoing())
    assert signed.renew() is True
    request = outgoing()
    signed.sign(request)
    assert request.headers["Authorization"].startswith("Instance instance-2:")
    assert handshake.count == 2


def test_a_secret_that_cannot_sign_is_the_provider_s_fault_and_is_not_shown(refused):
    with refused("provider_error") as refusal:
        Signed(Handshake(session(secret="no base64 at all")), Secrets(), None).sign(outgoing())
    assert "no base64 at all" not in str(refusal)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def cache(folder):
    return SessionCache(str(folder), "sinch_portal\nhttps://portalapi.sinch.com\nme@example.com", dict)


def only_file(folder):
    (path,) = folder.iterdir()
    return path


def test_a_session_is_kept_for_the_next_task(cache):
    kept = session()
    assert cache.load() is None
    cache.store(kept)
    assert cache.load() == kept


def test_a_cached_session_saves_the_handshake_and_its_secret_is_masked(cache):
    cache.store(session())
    handshake, secrets = Handshake(), Secrets()
    Signed(handshake, secrets, cache).sign(outgoing())
    assert handshake.count == 0
    assert secrets.mask(DOCUMENT[0]) == "********"


def test_a_rejected_session_is_dropped_from_the_cache_and_the_new_one_kept(cache):
    cache.store(session())
    signed = Signed(Handshake(session(instance="instance-2")), Secrets(), cache)
    signed.sign(outgoing())
    signed.renew()
    assert cache.load() is None
    signed.sign(outgoing())
    assert cache.load().instance == "instance-2"


@pytest.mark.parametrize("ahead", [1, HOUR, 1e9, float("inf"), None])
def test_a_session_of_the_future_is_not_used(cache, tmp_path, ahead):
    """The clock was set back since it was kept, or nobody tells when that was: how long it lasts cannot be told."""
    cache.store(session(1e10))
    (path,) = tmp_path.rglob("session-*.json")
    record = json.loads(path.read_text())
    assert abs(record.pop("kept") - time.time()) < HOUR
    path.write_text(json.dumps(record if ahead is None else {**record, "kept": time.time() + HOUR + ahead}))
    assert cache.load() is None
    assert not path.exists()


@pytest.mark.parametrize(
    ("left", "good"), [(HOUR, True), (60, True), (29, False), (0, False), (-1, False), (float("-inf"), False)]
)
def test_a_session_is_used_until_30_seconds_before_it_expires(cache, left, good):
    kept = session(left)
    cache.store(kept)
    assert cache.load() == (kept if good else None)


def test_an_expired_session_leaves_nothing_on_the_disk(cache, folder):
    cache.store(session(-1))
    assert cache.load() is None
    assert list(folder.iterdir()) == []


def test_dropping_forgets_and_may_be_repeated(cache, folder):
    cache.store(session())
    cache.drop()
    cache.drop()
    assert cache.load() is None
    assert list(folder.iterdir()) == []


def test_directory_and_file_are_for_their_owner_alone(cache, folder):
    cache.store(session())
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(only_file(folder)).st_mode) == 0o600


def test_the_file_name_is_a_hash_of_the_account(cache, folder):
    cache.store(session())
    assert re.fullmatch(r"session-[0-9a-f]{64}\.json", only_file(folder).name)


def test_accounts_do_not_share_a_session(cache, folder):
    cache.store(session())
    assert SessionCache(str(folder), "sinch_portal\nhttps://portalapi.sinch.com\nyou@example.com", dict).load() is None


@pytest.mark.parametrize("bits", [0o755, 0o710, 0o777])
def test_an_open_directory_is_refused(folder, bits, refused):
    folder.mkdir()
    folder.chmod(bits)
    with refused("invalid_option") as refusal:
        SessionCache(str(folder), "key", dict)
    assert "session_cache" in str(refusal)


def test_a_foreign_directory_is_refused(foreign_directory, refused):
    with refused("invalid_option"):
        SessionCache(str(foreign_directory), "key", dict)


def test_a_linked_directory_is_refused(folder, tmp_path, refused):
    folder.symlink_to(tmp_path)
    with refused("invalid_option"):
        SessionCache(str(folder), "key", dict)


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o602])
def test_a_session_that_others_may_read_is_refused(cache, folder, bits, refused):
    cache.store(session())
    only_file(folder).chmod(bits)
    with refused("invalid_option") as refusal:
        cache.load()
    assert "session_cache" in str(refusal)


def test_a_linked_session_is_refused(cache, folder, tmp_path, refused):
    cache.store(session())
    path = only_file(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with refused("invalid_option"):
        cache.load()


GOOD = {"instance": "i", "secret": "c2VjcmV0", "expires": 9e12, "account": {"id": "1"}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 60000,
        json.dumps({**GOOD, "expires": "soon"}).encode(),
        json.dumps({**GOOD, "expires": 10**400}).encode(),
        json.dumps({**GOOD, "account": None}).encode(),
        *(json.dumps({key: value for key, value in GOOD.items() if key != left_out}).encode() for left_out in GOOD),
        json.dumps({**GOOD, "padding": "x" * 100_000}).encode(),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_session_is_refused_without_showing_it(cache, folder, content, refused):
    cache.store(session())
    only_file(folder).write_bytes(content)
    with refused("invalid_option") as refusal:
        cache.load()
    assert "c2VjcmV0" not in str(refusal)


def test_a_session_that_cannot_be_written_is_refused(cache, folder, refused):
    folder.rmdir()
    with refused("invalid_option"):
        cache.store(session())
