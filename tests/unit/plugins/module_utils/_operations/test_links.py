# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a number is, and which of its links are missing."""

from __future__ import annotations

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.link import URL, Link, one
from ansible_collections.telco.numbers.plugins.module_utils._operations import links
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number

APP = one("app")
LINKED = ("sms", "voice")


@pytest.mark.parametrize(
    ("capabilities", "able"), [(("mms", "sms", "voice"), ("sms", "voice")), (("mms",), ()), ((), ()), (None, ())]
)
def test_only_capabilities_that_the_number_has_and_the_provider_links(capabilities, able):
    assert links.linkable(number(capabilities=capabilities), LINKED) == able


@pytest.mark.parametrize(
    ("applications", "missing"),
    [
        ({}, ("sms", "voice")),
        ({"sms": "app"}, ("voice",)),
        ({"sms": "app", "voice": "other"}, ("voice",)),
        ({"sms": "app", "voice": "app"}, ()),
    ],
)
def test_a_link_is_missing_unless_it_is_the_application_s(applications, missing):
    assert links.unlinked(number(applications=applications), APP, LINKED) == missing


@pytest.mark.parametrize(
    ("applications", "others", "own"),
    [
        ({}, (), False),
        ({"sms": "app"}, (), True),
        ({"sms": "app", "voice": "default"}, (), True),
        ({"sms": "default"}, (), False),
        ({"sms": "app", "voice": "other"}, ("other",), False),
        ({"sms": "z", "voice": "a"}, ("a", "z"), False),
    ],
)
def test_a_number_is_own_when_it_is_linked_to_the_application_and_to_no_stranger(applications, others, own):
    item = number(applications=applications)
    assert links.foreign(item, APP, "default") == others
    assert links.belongs_to(item, APP, "default") is own


def test_the_default_application_is_a_stranger_unless_it_is_named():
    assert links.foreign(number(applications={"sms": "default"}), APP, None) == ("default",)


def test_missing_links_stand_with_their_numbers():
    whole, half, done = (
        number("+14155550100"),
        number("+14155550101", applications={"sms": "app"}),
        number("+14155550102", applications={"sms": "app", "voice": "app"}),
    )
    assert links.missing([whole, half, done], APP, LINKED) == [
        (whole, Link("sms", "app")),
        (whole, Link("voice", "app")),
        (half, Link("voice", "app")),
    ]


def test_what_was_covered_shows_when_what_covered_it_is_taken_off():
    application, address = Link("voice", "app"), Link("voice", "https://example.com/voice", URL)
    item = number(links=(Link("voice", "trunk", "trunk"), Link("sms", "app")), covered=(application, address))
    bare = links.relinked(item, (), (Link("voice", "trunk", "trunk"),))
    assert bare.links == (Link("sms", "app"), application)
    assert links.relinked(item, (Link("voice", "other"),), (Link("voice", "trunk", "trunk"),)).links == (
        Link("sms", "app"),
        Link("voice", "other"),
    )
