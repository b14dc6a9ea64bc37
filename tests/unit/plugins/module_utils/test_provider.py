# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that move, records that break their document, and what each provider declares."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from ansible_collections.telco.numbers.plugins.module_utils import _providers
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import Options
from ansible_collections.telco.numbers.plugins.module_utils._contract.paging import Page, read_list, read_pages
from ansible_collections.telco.numbers.plugins.module_utils._contract.provider import Failure
from ansible_collections.telco.numbers.plugins.module_utils._contract.readers import (
    amount_from,
    capabilities_from,
    country_from,
    explain_status,
    id_from,
    integer_from,
    mapping_from,
    number_from,
    object_from,
    rows_from,
    text_from,
)
from ansible_collections.telco.numbers.plugins.module_utils._contract.rows import NoNumber
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Malformed
from ansible_collections.telco.numbers.plugins.module_utils._core.model import CAPABILITIES
from ansible_collections.telco.numbers.plugins.module_utils._core.selector import KEYS
from ansible_collections.telco.numbers.plugins.module_utils._core.threads import Workers
from ansible_collections.telco.numbers.plugins.module_utils._net.clock import Clock
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import Secrets
from ansible_collections.telco.numbers.plugins.module_utils._net.session import Settings
from ansible_collections.telco.numbers.plugins.module_utils._net.wire import Response
from ansible_collections.telco.numbers.plugins.module_utils._tasks.options import COMMON
from ansible_collections.telco.numbers.plugins.modules import account_info
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import number
from hypothesis import given
from hypothesis import strategies as st


class Shelf:
    """A paged list whose state may differ each time it is read from its start. A state is a list of pages: (rows,
    total).

    An *anchored* one says that no change in between moves its pages.
    """

    def __init__(self, *states, anchored=True):
        self._states = states
        self._anchored = anchored
        self.reads = 0
        self.passes = 0

    def __call__(self, where):
        self.reads += 1
        if where is None:
            self.passes += 1
        pages = self._states[min(self.passes, len(self._states)) - 1]
        place = where or 0
        rows, total = pages[place]
        return Page(
            [{"id": row} for row in rows], total, place + 1 if place + 1 < len(pages) else None, anchored=self._anchored
        )


def identity(row):
    return (row["id"],)


def read_steady(read, workers, names=identity):
    return read_list(read, workers, names, True)


def ids(rows):
    return [row["id"] for row in rows]


# -- one reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "steady"),
    [
        ([("ab", 2)], True),
        ([("", 0)], True),
        ([("", None)], True),
        ([("ab", None), ("c", None)], True),
        ([("ab", 3), ("c", 3)], True),
        ([("ab", 3)], False),
        ([("abc", 2)], False),
        ([("ab", 3), ("c", 4)], False),
        ([("ab", 4), ("c", 3)], False),
        ([("ab", 3), ("c", None)], False),
        ([("ab", None), ("c", 3)], False),
    ],
)
def test_every_row_is_read_and_a_total_that_disagrees_is_noticed(pages, steady):
    reading = read_pages(Shelf(pages), Workers())
    assert ids(reading.rows) == list("".join(rows for rows, _total in pages))
    assert (reading.moved is None) is steady
    short = pages[-1][1] is not None and len(reading.rows) < pages[-1][1]
    assert (reading.complete, reading.stopped) == (not short, short)


@pytest.mark.parametrize(
    ("limit", "read", "complete"),
    [
        (None, "abcde", True),
        (1, "ab", False),
        (2, "ab", False),
        (3, "abcd", False),
        (5, "abcde", True),
        (9, "abcde", True),
    ],
)
def test_a_limit_ends_the_reading_with_the_page_that_reaches_it(limit, read, complete):
    reading = read_pages(Shelf([("ab", 5), ("cd", 5), ("e", 5)]), Workers(), limit)
    assert "".join(ids(reading.rows)) == read
    assert reading.complete is complete


def numbered(rows, total=None, size=2):
    """A list whose first page tells where all others are; *total* is what it says of its length."""

    def read(where):
        start, told = where or 0, len(rows) if total is None else total
        return Page(
            [{"id": row} for row in rows[start : start + size]],
            told,
            start + size if start + size < told else None,
            () if where else range(size, told, size),
            anchored=True,
        )

    return read


@pytest.mark.parametrize(
    ("limit", "read", "complete"),
    [(None, "abcdefg", True), (1, "ab", False), (3, "abcd", False), (6, "abcdef", False), (7, "abcdefg", True)],
)
@pytest.mark.parametrize("width", [1, 2, 8])
def test_pages_side_by_side_are_read_as_one_after_the_other(width, limit, read, complete):
    reading = read_pages(numbered("abcdefg"), Workers(width), limit)
    assert "".join(ids(reading.rows)) == read
    assert (reading.complete, reading.moved) == (complete, None)


@pytest.mark.parametrize("width", [1, 4])
@pytest.mark.parametrize("lengths", [[3, 3, 1], [3, 1, 3], [3, 2, 2], [1, 3, 3], [2, 2, 1, 1, 1], [7]])
def test_a_list_whose_pages_are_of_other_lengths_than_the_first_is_read_whole(width, lengths):
    """What was asked for is nothing to count by, and nor is the first page where the others differ from it."""
    starts = [sum(lengths[:place]) for place in range(len(lengths))]

    def read(where):
        start = where or 0
        size = lengths[starts.index(start)] if start in starts else 1
        after = start + size
        return Page(
            [{"id": row} for row in "abcdefg"[start:after]],
            7,
            after if after < 7 else None,
            () if where else range(size, 7, size),
            True,
        )

    assert "".join(ids(read_steady(read, Workers(width)))) == "abcdefg"


@pytest.mark.parametrize(("rows", "total"), [("abcdef", 8), ("abcdeff", 7), ("ab", 4)])
def test_pages_side_by_side_that_do_not_agree_are_no_steady_list(rows, total, refused):
    with refused("inconsistent_list"):
        read_steady(numbered(rows, total), Workers(4), identity)


@pytest.mark.parametrize(
    "following",
    [
        pytest.param({None: "a", "a": "a"}, id="a page that leads to itself"),
        pytest.param({None: "a", "a": "b", "b": "a"}, id="two pages in a circle"),
        pytest.param({None: "a", "a": "b", "b": "c", "c": "b"}, id="a circle after a start"),
    ],
)
def test_a_next_link_that_repeats_ends_the_task(following, refused):
    reads = []

    def read(where):
        reads.append(where)
        assert len(reads) < 20, "it goes round and round"
        return Page([{"id": len(reads)}], None, following[where])

    with refused("inconsistent_list"):
        read_pages(read, Workers())
    for steady in (True, False):
        reads.clear()
        with refused("inconsistent_list"):
            read_list(read, Workers(), identity, steady)


def test_empty_pages_without_an_end_end_the_task(refused):
    with refused("inconsistent_list"):
        read_pages(lambda where: Page([], None, (where or 0) + 1), Workers())


# -- a list that must not move -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "passes"),
    [
        pytest.param([("ab", 2)], 1, id="one page with its total"),
        pytest.param([("ab", None)], 1, id="one page without a total"),
        pytest.param([("", 0)], 1, id="nothing"),
        pytest.param([("ab", 3), ("c", 3)], 1, id="anchored pages that agree with their total"),
        pytest.param([("ab", None), ("c", None)], 2, id="pages without a total"),
    ],
)
def test_a_list_at_rest_is_read_as_often_as_it_takes_to_know_and_no_more(pages, passes):
    rows = "".join(rows for rows, _total in pages)
    for shelf, steady, needed in (
        (Shelf(pages), True, passes),
        (Shelf(pages, anchored=False), True, min(2, len(pages))),
        (Shelf(pages, anchored=False), False, 1),
    ):
        assert "".join(ids(read_list(shelf, Workers(), identity, steady))) == rows
        assert shelf.passes == needed


def test_a_row_that_goes_while_another_comes_is_noticed_although_the_total_stays():
    """By an offset, the row behind the page that was read moves to it and is overlooked."""
    whole = [("ab", 5), ("cd", 5), ("e", 5)]
    gone_and_come = [("ab", 5), ("de", 5), ("f", 5)]
    now = [("bc", 5), ("de", 5), ("f", 5)]
    shelf = Shelf(whole, gone_and_come, now, anchored=False)
    assert "".join(ids(read_steady(shelf, Workers()))) == "bcdef"
    assert shelf.passes == 4


@pytest.mark.parametrize(
    "names", [lambda row: (row["id"], row.get("number")), lambda row: (row.get("number"), row["id"])]
)
def test_no_name_of_a_row_is_shared(names, refused):
    def read(where):
        return Page([{"id": "a", "number": "+1"}, {"id": "b", "number": "+1"}, {"id": "c"}, {"id": "d"}], 4)

    with refused("inconsistent_list"):
        read_list(read, Workers(), names, False)
    assert len(read_list(read, Workers(), identity, False)) == 4


@pytest.mark.parametrize(
    "states",
    [
        pytest.param([[("ab", 3), ("c", 4)], [("ab", 4), ("cd", 4)]], id="the total changed"),
        pytest.param([[("ab", 4), ("bc", 4)], [("ab", 4), ("cd", 4)]], id="a row came twice"),
        pytest.param([[("ab", 5), ("cd", 5)], [("ab", 4), ("cd", 4)]], id="a row is missing"),
        pytest.param([[("ab", 3), ("cd", 3)], [("ab", 4), ("cd", 4)]], id="a row too many"),
        pytest.param(
            [[("ab", None), ("c", None)], [("ab", None), ("cd", None)], [("ab", None), ("cd", None)]],
            id="two passes disagree",
        ),
        pytest.param(
            [[("ab", None), ("bc", None)], [("ab", None), ("cd", None)], [("ab", None), ("cd", None)]],
            id="a row came twice without a total",
        ),
    ],
)
def test_a_list_that_moved_is_read_again(states):
    assert ids(read_steady(Shelf(*states), Workers(), identity)) == list("abcd")
    if states[0][0][1] is not None:
        assert ids(read_list(Shelf(*states, anchored=False), Workers(), identity, False)) == list("abcd")


@pytest.mark.parametrize(
    "states",
    [
        pytest.param([[("ab", 3)]], id="it never agrees with its total"),
        pytest.param([[("ab", 2), ("c", 3)]], id="its total is never the same"),
        pytest.param([[("aa", 2)]], id="one page with a row twice"),
        pytest.param([[("aa", None)]], id="one page with a row twice, without a total"),
        pytest.param([[("ab", 4), ("ac", 4)]], id="a row is always there twice"),
        pytest.param([[("ab", None), ("bc", None)]], id="the same wrong reading twice proves nothing"),
        pytest.param([[("ab", None), (letter, None)] for letter in "cdefghijklmnop"], id="no two passes agree"),
        pytest.param([[("ab", None), ("c", None)], [("ab", None), ("d", None)]] * 10, id="back and forth"),
    ],
)
def test_a_list_that_never_rests_ends_the_task(states, refused):
    shelf = Shelf(*states)
    with refused("inconsistent_list"):
        read_steady(shelf, Workers(), identity)
    assert 1 < shelf.passes < 10


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=3), min_size=1, max_size=4), st.booleans())
def test_what_is_taken_for_steady_is_unique_and_agrees_with_its_total(pages, told):
    total = len({row for page in pages for row in page}) if told else None
    try:
        rows = read_steady(Shelf([(page, total) for page in pages]), Workers(), identity)
    except Failure as failure:
        assert failure.code == "inconsistent_list"
    else:
        assert len(set(ids(rows))) == len(rows)
        assert total in (None, len(rows))
        assert ids(rows) == [row for page in pages for row in page]


# -- records -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def provider():
    """Any provider: it sends nothing here."""
    kind = _providers.load("infobip_sms")
    options = Options({"api_key": "k"}, None, None, Settings())
    return kind(options, Clock(60), Secrets())


def read(helper, value, *more):
    return helper({"key": value}, "key", *more)


@pytest.mark.parametrize(
    ("helper", "value", "result"),
    [
        (number_from, "14155550100", "+14155550100"),
        (number_from, "+14155550100", "+14155550100"),
        (number_from, 14155550100, "+14155550100"),
        (number_from, "12345", "12345"),
        (text_from, "x", "x"),
        (text_from, "", None),
        (text_from, None, None),
        (text_from, 7, "7"),
        (id_from, 7, "7"),
        (id_from, "7", "7"),
        (integer_from, 7, 7),
        (integer_from, "7", 7),
        (integer_from, 0, 0),
        (amount_from, "1.10", Decimal("1.1")),
        (amount_from, Decimal("1.1"), Decimal("1.1")),
        (amount_from, 2, Decimal(2)),
        (amount_from, None, None),
        (mapping_from, {"a": 1}, {"a": 1}),
        (mapping_from, None, {}),
        (capabilities_from, ["VOICE", "sms", "Sms", "FAX"], ("sms", "voice")),
        (capabilities_from, [], ()),
        (capabilities_from, None, None),
        (country_from, "us", "US"),
        (country_from, None, None),
    ],
)
def test_a_field_is_read_as_its_document_says(helper, value, result):
    assert read(helper, value) == result


@pytest.mark.parametrize(
    ("helper", "value"),
    [
        *(
            (number_from, value)
            for value in (None, "", "abc", "1415-555", "١٤١٥", True, 1.5, -5, [], {}, "1" * 30, "++1")
        ),
        *((text_from, value) for value in (True, [], {}, Decimal("1.5"))),
        *((id_from, value) for value in (None, "", True, [], {})),
        *((integer_from, value) for value in (None, "", "x", "-1", -1, "1.5", Decimal("1.5"), True, "٣", [])),
        *((amount_from, value) for value in ("free", "", "-1", -1, "NaN", True, [], {})),
        *((mapping_from, value) for value in ([], "x", 0, False)),
        *((capabilities_from, value) for value in ("sms", {}, 1, False)),
    ],
)
def test_a_field_of_another_type_is_malformed(helper, value):
    with pytest.raises(Malformed, match="key"):
        read(helper, value)


def test_the_name_of_a_sender_is_told_from_a_number_that_is_garbled():
    with pytest.raises(NoNumber):
        number_from({"key": "ACME"}, "key")
    with pytest.raises(Malformed) as error:
        number_from({"key": "ACME"}, "key", names=False)
    assert not isinstance(error.value, NoNumber)


@pytest.mark.parametrize(
    ("value", "digits", "country"),
    [
        ("GB", "+14155550100", "GB"),
        (None, "+14155550100", "US"),
        ("", "+14155550100", "US"),
        ("United States", "+14155550100", "US"),
        ("United States", None, None),
        ([], "+14155550100", "US"),
        (7, "+14155550100", "US"),
        (None, "+18005550100", None),
        (None, "12345", None),
    ],
)
def test_a_country_that_the_record_lacks_comes_from_the_digits(provider, value, digits, country):
    assert provider.told_country("+1", {"key": value}, "key", digits) == country


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_an_answer_that_is_no_object_is_malformed(value):
    with pytest.raises(Malformed):
        object_from(value)


@pytest.mark.parametrize("value", [None, {}, "x", [1], [{}, None]])
def test_a_list_of_anything_but_objects_is_malformed(value):
    with pytest.raises(Malformed, match="the list"):
        rows_from(value, "the list")


def built(row):
    return number(number_from(row, "key"))


def test_a_row_that_cannot_be_read_hides_no_other(provider):
    listed = provider.listed(
        [{"key": 46701740901}, {"key": []}, None, {"key": "+46701740902"}, {"key": "x" * 30}], built, "key"
    )
    assert [item.number for item in listed] == ["+46701740901", "+46701740902"]
    assert [(row.name, row.number) for row in listed.unreadable] == [("row 2", None), ("row 3", None), ("row 5", None)]
    (first, other) = provider.remarks.lines()
    assert "cannot be read: row 2, row 5 (its key is no telephone number)" in first and "row 3" in other


def test_a_list_of_which_no_row_can_be_read_is_the_provider_s_error(provider, refused):
    for rows in ([{"key": []}], [None], [{"key": "ACME"}, {}]):
        with refused("provider_error"):
            provider.listed(rows, built, "key")
        with refused("provider_error"):
            provider.offered([*rows, {}], lambda row: id_from(row, "id"))
    assert provider.listed([], built, "key") == []
    assert provider.offered([], built) == provider.offered([{}], lambda row: id_from(row, "id")) == []


def test_the_name_of_a_sender_is_no_number_and_hides_none(provider):
    listed = provider.listed([{"key": "ACME"}, {"key": "46701740901"}], built, "key")
    assert [item.number for item in listed] == ["+46701740901"] and listed.unreadable == ()
    assert provider.remarks.lines() == ["The provider lists 'ACME', which is not a telephone number: it is left out."]


def test_a_number_of_several_rows_of_which_one_cannot_be_read_is_not_taken_for_read(provider):
    def strict(row):
        text_from(row, "application")
        return built(row)

    listed = provider.listed(
        [{"key": "46701740901"}, {"key": "46701740901", "application": []}, {"key": "46701740902"}], strict, "key"
    )
    assert [item.number for item in listed] == ["+46701740902"]
    assert [(row.name, row.number) for row in listed.unreadable] == [("+46701740901", "+46701740901")]


def test_what_depends_on_a_row_that_cannot_be_read_is_refused(provider, refused):
    listed = provider.listed(
        [{"key": "46701740901"}, {"key": "46701740902", "application": []}, {}],
        lambda row: built({**row, **({"key": None} if "application" in row else {})}),
        "key",
    )
    assert listed.get("+46701740901") and listed.get("+46701740903") is None
    for call in (lambda: listed.get("+46701740902"), lambda: listed.check_absent(["+46701740902"])):
        with refused("provider_error"):
            call()
    with refused("undecidable"):
        listed.check_absent(["+46701740903"])
    listed.check_absent(["+46701740903"], surely=False)
    listed.check_absent([])


def test_a_fact_that_cannot_be_read_is_unknown_and_said(provider):
    for name in ("+1", "+2", "+3", "+4", "+5", "+1"):
        assert provider.told(name, amount_from, {"price": "1,00"}, "price") is None
    assert provider.told("+6", amount_from, {"price": "1.00"}, "price") == 1
    assert provider.remarks.lines() == [
        "The provider's record of +1, +2, +3 and 2 more is not read whole: its price is no price. It counts as unknown."
    ]


def test_remarks_do_not_grow_without_end(provider):
    for place in range(50):
        provider.remarks.add("Row", str(place), f" is odd for its own reason {place}.")
    assert len(provider.remarks.lines()) == 11 and "40 more" in provider.remarks.lines()[-1]


def test_offers_that_cannot_be_read_are_counted(provider):
    assert provider.offered([{"key": 1}, {}, {"key": 2}, None], lambda row: id_from(row, "key")) == ["1", "2"]
    assert provider.remarks.lines() == [
        "Left out of the search: 2 of 4 rows of the catalogue cannot be read (row 2: it lacks key)."
    ]


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (400, "provider_error", False),
        (401, "authentication_failed", False),
        (402, "insufficient_credit", False),
        (403, "forbidden", False),
        (404, "not_found", False),
        (409, "conflict", False),
        (418, "provider_error", False),
        (429, "rate_limited", True),
        (500, "provider_unavailable", True),
        (502, "provider_unavailable", True),
        (503, "provider_unavailable", True),
        (599, "provider_unavailable", True),
    ],
)
def test_a_status_alone_says_what_went_wrong(status, code, retryable):
    failure = explain_status(Response("GET", "https://x/", status, {}, b"", False), "plivo_groups", "17", "in\nwords")
    assert (failure.code, failure.http_status, failure.provider_code, failure.provider_message, failure.retryable) == (
        code,
        status,
        "17",
        "in words",
        retryable,
    )
    assert "plivo_groups" in failure.message
    assert "\n" not in failure.message


# -- what the providers declare ----------------------------------------------------------------------------------------

EACH = [_providers.load(name) for name in _providers.NAMES]
HINTED = ["assignment", "configuration", "release", "purchase of named numbers"]


def test_the_registry_has_every_provider():
    files = {path.stem for path in Path(_providers.__file__).parent.iterdir() if not path.name.startswith("__")}
    assert set(_providers.NAMES) == files
    assert [kind.name for kind in EACH] == list(_providers.NAMES)


@pytest.mark.parametrize("kind", EACH, ids=lambda kind: kind.name)
def test_features_are_plain_and_use_the_vocabulary(kind):
    features = kind.features
    assert set(features.offer_keys) <= set(KEYS)
    assert set(features.owned_keys) <= set(KEYS)
    assert set(features.linked_capabilities) <= set(CAPABILITIES)
    assert json.loads(json.dumps(features.as_dict())) == features.as_dict()
    assert "hints" not in features.as_dict()


def test_what_is_told_of_features_is_documented():
    documented = yaml.safe_load(account_info.RETURN)["features"]["contains"]
    assert set(EACH[0].features.as_dict()) == set(documented)


@pytest.mark.parametrize("kind", EACH, ids=lambda kind: kind.name)
def test_every_credential_is_an_option_and_every_method_is_made_of_credentials(kind):
    options = {credential.option for credential in kind.access.credentials}
    assert options <= set(COMMON)
    assert {option for method in kind.access.methods for option in method} | set(kind.access.required) <= options


@pytest.mark.parametrize("what", HINTED)
@pytest.mark.parametrize("kind", EACH, ids=lambda kind: kind.name)
def test_what_is_not_offered_names_the_provider(kind, what):
    failure = kind.features.unsupported(what, kind.name)
    assert failure.code == "unsupported"
    assert kind.name in failure.message


@pytest.mark.parametrize(
    ("name", "offers"),
    [
        (
            "infobip_sms",
            {
                "purchase": "number",
                "assignment": False,
                "configuration": False,
                "release": True,
                "on_purchase": False,
                "pending": False,
            },
        ),
        (
            "plivo_groups",
            {
                "purchase": "group",
                "assignment": True,
                "configuration": True,
                "release": True,
                "on_purchase": True,
                "pending": True,
            },
        ),
        (
            "sinch_catalog",
            {
                "purchase": "number",
                "assignment": True,
                "configuration": True,
                "release": True,
                "on_purchase": True,
                "pending": False,
            },
        ),
        (
            "sinch_portal",
            {
                "purchase": "reservation",
                "assignment": True,
                "configuration": False,
                "release": False,
                "on_purchase": False,
                "pending": False,
            },
        ),
    ],
)
def test_each_provider_declares_what_its_documents_offer(name, offers):
    features = _providers.load(name).features
    assert offers == {
        "purchase": features.purchase,
        "assignment": bool(features.linked_capabilities),
        "configuration": bool(features.configuration),
        "release": features.release,
        "on_purchase": features.links_on_purchase,
        "pending": features.pending_orders,
    }


@pytest.mark.parametrize(
    ("api_url", "rate", "used"),
    [
        (None, None, True),
        ("https://proxy.example.com/telco", None, True),
        ("http://127.0.0.1:8888", None, False),
        ("http://localhost:8888/x", None, False),
        ("https://127.0.0.1.example.com", None, True),
        (None, 7.0, False),
    ],
)
@pytest.mark.parametrize("kind", EACH, ids=lambda kind: kind.name)
def test_the_pace_of_a_provider_is_kept_unless_a_rate_is_given(kind, api_url, rate, used):
    credentials = {credential.option: "x" for credential in kind.access.credentials}
    provider = kind(Options(credentials, api_url, None, Settings(rate=rate)), Clock(10), Secrets())
    assert provider.http._settings.rate == (kind.pace if used else rate)


def test_infobip_allows_one_request_a_second():
    assert _providers.load("infobip_sms").pace == 1.0
