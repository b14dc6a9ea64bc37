# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which application a task means, and whose a number is, at a provider with several kinds of applications."""

from __future__ import annotations

import types

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import BY_NUMBER, Features
from ansible_collections.telco.numbers.plugins.module_utils._core.link import (
    FAILED,
    LINKING,
    URL,
    Aim,
    Link,
    Target,
    aim_from,
    one,
)
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Application
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import Selector
from ansible_collections.telco.numbers.plugins.module_utils._operations import links
from ansible_collections.telco.numbers.plugins.module_utils._operations.applications import check, identified, resolved
from ansible_collections.telco.numbers.plugins.module_utils._operations.assignment import Wish, plan
from ansible_collections.telco.numbers.plugins.module_utils._tasks.aim import aim_of
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils import shop
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number

KINDS = {"voice": ("application", "trunk"), "sms": ("application", "service")}
FEATURES = Features(BY_NUMBER, ("country",), ("country",), kinds=KINDS, listed_kinds=("application", "trunk"))
UNLISTED = Features(BY_NUMBER, ("country",), ("country",), kinds={"voice": ("application",)})
LISTED = [
    Application("AP1", "shop", "application", ("sms", "voice")),
    Application("AP2", "twin", "application", ("sms", "voice")),
    Application("TK1", "twin", "trunk", ("voice",)),
    Application("TK2", "trunk", "trunk", ("voice",)),
]
APPLICATION, TRUNK, SERVICE = Link("voice", "AP1"), Link("voice", "TK1", "trunk"), Link("sms", "MG1", "service")


class Shop:
    """What an id of a kind looks like, and what is there."""

    name, features, kinds = "shop", FEATURES, KINDS

    def __init__(self):
        self.asked = []

    def kind_of(self, application):
        return {"AP": "application", "TK": "trunk", "MG": "service"}.get(application[:2])

    def applications(self, name=None, kind=None):
        self.asked.append((name, kind))
        return LISTED


@pytest.fixture()
def context():
    return types.SimpleNamespace(provider=Shop())


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"application": "AP1"}, [("AP1", "sms", "application"), ("AP1", "voice", "application")]),
        ({"application": "TK1"}, [("TK1", "voice", "trunk")]),
        ({"application": "MG1"}, [("MG1", "sms", "service")]),
        ({"application": "AP1", "capability": "sms"}, [("AP1", "sms", "application")]),
        ({"application": "x", "application_kind": "trunk"}, [("x", "voice", "trunk")]),
        ({"application_name": "shop"}, [("AP1", "sms", "application"), ("AP1", "voice", "application")]),
        ({"application_name": "twin", "application_kind": "trunk"}, [("TK1", "voice", "trunk")]),
        ({"application_name": "twin", "capability": "sms"}, [("AP2", "sms", "application")]),
        (
            {"applications": {"voice": {"name": "trunk"}, "sms": "MG1"}},
            [("MG1", "sms", "service"), ("TK2", "voice", "trunk")],
        ),
        ({"applications": {"voice": {"id": "x", "kind": "trunk"}}}, [("x", "voice", "trunk")]),
    ],
)
def test_what_a_task_names_has_an_id_a_kind_and_capabilities(context, options, wanted):
    aim = aim_of(options)
    check(FEATURES, "shop", aim)
    assert [target[:3] for target in resolved(context, aim).targets] == wanted
    named = [target for target in aim.targets if target.name]
    assert len(context.provider.asked) == len(named)  # an id asks for nothing


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"application_name": "twin"}, "invalid_option", "AP2 (application), TK1 (trunk)"),
        ({"application_name": "shpo"}, "not_found", "near it are shop"),
        ({"application": "x"}, "invalid_option", "set application_kind to one of application, service, trunk"),
        ({"application": "TK1", "capability": "sms"}, "invalid_option", "is of the kind trunk"),
        ({"application_name": "trunk", "capability": "sms"}, "not_found", "for sms"),
    ],
)
def test_what_a_name_or_an_id_leaves_open_is_told(context, options, code, words, refused):
    with refused(code) as refusal:
        resolved(context, aim_of(options))
    assert words in str(refusal)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"application": "x", "capability": "mms"}, "unsupported", "links no mms"),
        ({"application": "x", "capability": "vioce"}, "invalid_option", "'voice' is near it"),
        ({"application": "x", "application_kind": "trnk"}, "invalid_option", "'trunk' is near it"),
        (
            {"application": "x", "application_kind": "trunk", "capability": "sms"},
            "invalid_option",
            "to no trunk",
        ),
        ({"application_name": "x", "application_kind": "service"}, "unsupported", "nothing of the kind service"),
    ],
)
def test_what_cannot_be_linked_is_refused_before_any_request(options, code, words, refused):
    with refused(code) as refusal:
        check(FEATURES, "shop", aim_of(options))
    assert words in str(refusal)


def test_a_name_is_refused_where_applications_are_not_listed(refused):
    with refused("unsupported") as refusal:
        check(UNLISTED, "shop", aim_of({"application_name": "x"}))
    assert "use their ids" in str(refusal)


@pytest.mark.parametrize(
    "options",
    [
        {"application": "x", "application_name": "y"},
        {"application_kind": "trunk"},
        {"applications": {"voice": "x"}, "application": "y"},
        {"applications": {"voice": "x"}, "capability": "voice"},
        {"applications": {"fax": "x"}},
        {"applications": {"voice": 16632742496743552}},
        {"applications": {"voice": {"nmae": "x"}}},
        {"applications": {"voice": {"id": "x", "name": "y"}}},
        {"applications": {"voice": ""}},
        {"applications": {"voice": {"kind": "trunk"}}},
    ],
)
def test_options_that_do_not_go_together_are_refused(options, refused):
    with refused("invalid_option"):
        aim_of(options)


def test_to_unlink_it_takes_no_kind(context):
    """What is linked says what it is."""
    aim = identified(context, aim_of({"application": "x"}))
    item = number(links=(Link("voice", "x", "trunk"), Link("sms", "y")))
    _made, dropped = plan(FEATURES, Wish((item.number,), aim, present=False), [item], [item])
    assert [change.link for change in dropped] == [Link("voice", "x", "trunk")]


# -- whose a number is -------------------------------------------------------------------------------------------------


def aimed(*targets):
    return Aim(tuple(Target(identity, capability, kind) for capability, kind, identity in targets), True)


BOTH = aimed(("sms", "service", "MG1"), ("voice", "trunk", "TK1"))


@pytest.mark.parametrize(
    ("has", "missing", "foreign", "own"),
    [
        ((), ("sms", "voice"), (), False),
        ((TRUNK,), ("sms",), (), True),
        ((TRUNK, SERVICE), (), (), True),
        ((Link("voice", "TK1"),), ("sms", "voice"), ("TK1",), False),  # the same id, and another kind
        ((Link("sms", "TK1", "trunk"),), ("sms", "voice"), ("TK1",), False),  # for the other capability
        ((TRUNK._replace(status=LINKING), APPLICATION), ("sms",), (), True),  # on its way from another one
        ((TRUNK._replace(status=FAILED),), ("sms", "voice"), (), True),
        ((Link("voice", "https://example.com", URL),), ("sms", "voice"), ("https://example.com",), False),
        ((Link(None, "AP9"),), ("sms", "voice"), ("AP9",), False),
    ],
)
def test_links_count_by_capability_kind_and_state(has, missing, foreign, own):
    item = number(links=has)
    assert links.unlinked(item, BOTH, ("sms", "voice")) == missing
    assert links.foreign(item, BOTH, None) == foreign
    assert links.belongs_to(item, BOTH, None) is own


def test_results_show_where_a_number_is_going():
    item = number(links=(TRUNK._replace(status=LINKING), APPLICATION, SERVICE._replace(status=FAILED)))
    assert item.applications == {"voice": "TK1"} and item.linked_to == ("MG1", "TK1")
    assert [(link["id"], link["status"]) for link in item.as_dict()["links"]] == [
        ("MG1", "failed"),
        ("AP1", "linked"),
        ("TK1", "linking"),
    ]


def test_an_address_on_a_number_keeps_it_from_counting_as_free():
    item = number(links=(Link("voice", "https://example.com/answer", URL),))
    assert item.applications == {} and item.linked_to == ("https://example.com/answer",)
    assert links.foreign(item, one("AP1"), None) == ("https://example.com/answer",)


def test_a_capability_that_is_not_told_is_linked_where_it_is_named():
    item = number(capabilities=("sms",), untold=("voice",))
    assert links.linkable(item, ("sms", "voice")) == ("sms",)
    assert links.linkable(item, ("sms", "voice"), named=True) == ("sms", "voice")
    assert links.fits(item, one("TK1", "voice"), ("voice",)) and not links.fits(item, one("TK1"), ("voice",))
    assert not links.fits(number(capabilities=("sms",)), BOTH, ("sms", "voice"))


@pytest.mark.parametrize(
    ("wanted", "verdict"), [(("sms",), True), (("voice",), None), (("sms", "voice"), None), (("mms", "voice"), False)]
)
def test_a_capability_that_is_not_told_is_undecided_in_a_selector(wanted, verdict):
    assert Selector(capabilities=wanted).match(number(capabilities=("sms",), untold=("voice",))) is verdict


# -- what a journal keeps ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aim", [one("AP1"), BOTH, aimed(("voice", "application", "AP1")), aimed(("sms", "service", "a b=c/d%20"))]
)
def test_a_journal_keeps_what_was_wanted(aim):
    kept = aim_from(aim.text)
    assert (kept.links(("sms", "voice")), kept.ids) == (aim.links(("sms", "voice")), aim.ids)


def test_the_ids_of_earlier_journals_are_read():
    assert aim_from("adrodier==").links(("voice",)) == (Link("voice", "adrodier=="),)


def test_a_journal_keeps_links_with_their_kinds_and_no_addresses():
    address = Link("voice", "https://example.com/answer?token=s3cret", URL)
    item = number(links=(address, SERVICE, Link(None, "AP 9")))
    kept = links.kept(item)
    assert "s3cret" not in str(kept) and set(kept) == {"sms", "voice", "other"}
    again = links.changed(number(), {key: kept[key] for key in ("sms", "other")}, ("sms", "other"))
    assert set(again.links) == {SERVICE, Link(None, "AP 9")}


def test_the_vendor_s_demo_addresses_are_no_links(tmp_path):
    class Demo(shop.Shop):
        demo_addresses = ("https://demo.example.com/welcome",)

    provider = shop.context(Demo, shop.State([]), tmp_path).provider
    found = provider.url_links(
        {"voice": "https://demo.example.com/welcome/", "sms": "https://example.com/sms", "mms": None}
    )
    assert found == (Link("sms", "https://example.com/sms", URL),)
