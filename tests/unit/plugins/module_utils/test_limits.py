# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long an answer asks to wait: seconds, dates, resets of a limit. Nothing waits here."""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._net.limits import pause_asked
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

DATE = "Thu, 26 Nov 2026 12:00:00 GMT"
EPOCH = 1795694400  # of that date
WRONG = EPOCH - 7200  # what this machine believes


def asked(headers, limited=True, now=WRONG):
    return pause_asked(CaseInsensitiveDict(headers), limited, now)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After-Ms": "250", "Retry-After": "1"}, 0.25),
        ({"Retry-After": "Thu, 26 Nov 2026 12:00:30 GMT", "Date": DATE}, 30),
        ({"Retry-After": "Thu, 26 Nov 2026 11:00:00 GMT", "Date": DATE}, 0),
        ({"X-RateLimit-Reset": "12"}, 12),
        ({"x-ratelimit-reset": str(EPOCH + 12), "Date": DATE}, 12),
        ({"X-RateLimit-Reset": str((EPOCH + 12) * 1000), "Date": DATE}, 12),
        ({"RateLimit-Reset": "3"}, 3),
        ({"Retry-After": "1", "X-RateLimit-Reset": "60"}, 1),
    ],
)
def test_an_answer_says_how_long(headers, seconds):
    assert asked(headers) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": ""},
        {"Retry-After": "soon"},
        {"Retry-After": "-1"},
        {"Retry-After": "nan"},
        {"Retry-After": "١٢"},
        {"X-RateLimit-Reset": "0"},
        {"X-RateLimit-Reset": str(EPOCH - 5), "Date": DATE},
    ],
)
def test_an_answer_that_does_not_say_leaves_it_to_the_usual_pause(headers):
    assert asked(headers) is None


def test_a_moment_is_counted_by_the_answer_s_own_clock_and_by_ours_only_without_one():
    later = {"Retry-After": "Thu, 26 Nov 2026 12:00:30 GMT"}
    assert asked({**later, "Date": DATE}) == 30
    assert asked(later, now=EPOCH + 10) == 20
    assert asked({**later, "Date": "yesterday"}, now=EPOCH + 10) == 20


def test_a_reset_says_nothing_where_nothing_was_limited():
    assert asked({"X-RateLimit-Reset": "60"}, limited=False) is None
    assert asked({"Retry-After": "60"}, limited=False) == 60


@given(
    st.dictionaries(
        st.sampled_from(["Retry-After", "Retry-After-Ms", "X-RateLimit-Reset", "Date"]), st.text(max_size=30)
    )
)
def test_no_header_ends_in_a_traceback(headers):
    pause = asked(headers)
    assert pause is None or 0 <= pause < float("inf")


@pytest.mark.parametrize("digits", ["9" * 299, "9" * 5000])
def test_what_is_longer_than_time_is_never(digits):
    assert asked({"Retry-After": digits}) in (None, 1e10)
