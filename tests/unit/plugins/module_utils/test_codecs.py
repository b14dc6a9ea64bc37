# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries, forms and XML as they go over the wire, and XML as it comes back."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure
from ansible_collections.telco.numbers.plugins.module_utils._net import markup
from ansible_collections.telco.numbers.plugins.module_utils._net.codecs import form_body, json_body, urlencoded
from hypothesis import given
from hypothesis import strategies as st

# -- forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({"PhoneNumber": "+15005550006"}, "PhoneNumber=%2B15005550006"),
        ({"SmsUrl": ""}, "SmsUrl="),
        ({"SmsUrl": None, "Name": "x"}, "Name=x"),
        ({"VoiceEnabled": True, "Beta": False}, "VoiceEnabled=true&Beta=false"),
        ({"capabilities": ["SMS", "VOICE"]}, "capabilities=SMS&capabilities=VOICE"),
        ({"capabilities": ["", None, 1]}, "capabilities=&capabilities=1"),
        ({"capabilities": []}, ""),
        ({"filter[phone_number][starts_with]": "415"}, "filter%5Bphone_number%5D%5Bstarts_with%5D=415"),
        ({"name": "a b&c=d+é"}, "name=a+b%26c%3Dd%2B%C3%A9"),
    ],
)
def test_fields_are_written_in_their_order(fields, written):
    assert urlencoded(fields) == written
    assert form_body(fields) == (written.encode(), "application/x-www-form-urlencoded")


_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=10)


@given(st.dictionaries(_TEXT, st.lists(_TEXT, max_size=3), max_size=4))
def test_a_form_means_what_was_meant(fields):
    pairs = [(name, item) for name, items in fields.items() for item in items]
    assert parse_qsl(form_body(fields).content.decode(), keep_blank_values=True) == pairs


def test_json_is_what_it_was():
    content, media_type = json_body({"a": ["é", None, 1]})
    assert json.loads(content) == {"a": ["é", None, 1]} and media_type == "application/json"


# -- XML ---------------------------------------------------------------------------------------------------------------

PAGE = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<SearchResult xmlns="urn:x" version="1">
  <!-- more -->
  <ResultCount>1</ResultCount>
  <TelephoneNumberList><TelephoneNumber>+19195550101</TelephoneNumber></TelephoneNumberList>
  <Error><Code>5</Code></Error><Error><Code>6</Code></Error>
  <Nothing/><Blank> </Blank><Name>A &amp; B &#60;</Name>
</SearchResult>"""


def test_a_document_is_plain_values():
    assert markup.read(PAGE, ["TelephoneNumber"]) == {
        "SearchResult": {
            "ResultCount": "1",
            "TelephoneNumberList": {"TelephoneNumber": ["+19195550101"]},
            "Error": [{"Code": "5"}, {"Code": "6"}],
            "Nothing": None,
            "Blank": None,
            "Name": "A & B <",
        }
    }


def test_a_lone_element_is_a_list_only_where_the_caller_says_so():
    assert markup.read(PAGE)["SearchResult"]["TelephoneNumberList"] == {"TelephoneNumber": "+19195550101"}
    assert markup.read(b"<R><N/></R>", ["N"]) == {"R": {"N": [None]}}
    assert markup.read(b"<R/>", ["N"]) == {"R": None}


@pytest.mark.parametrize(
    ("document", "written"),
    [
        (
            {"Order": {"SiteId": 71, "PartialAllowed": False, "PeerId": None}},
            "<Order><SiteId>71</SiteId><PartialAllowed>false</PartialAllowed></Order>",
        ),
        ({"List": {"N": ["+1", "+2"]}}, "<List><N>+1</N><N>+2</N></List>"),
        ({"Name": "A & <B>"}, "<Name>A &amp; &lt;B&gt;</Name>"),
        ({"Url": ""}, "<Url></Url>"),
    ],
)
def test_a_document_is_written(document, written):
    assert markup.xml_body(document) == (written.encode(), "application/xml; charset=utf-8")


@pytest.mark.parametrize("text", ["a\x00b", "\x1b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_refused_by_its_name(text, refused):
    with refused("invalid_option") as refusal:
        markup.xml_body({"Name": text})
    assert "Name" in str(refusal)


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1))
def test_what_was_written_is_read_again(text):
    try:
        written = markup.xml_body({"Name": text})
    except Failure as failure:
        assert failure.code == "invalid_option"
    else:
        assert markup.read(written.content) == {"Name": text.strip() or None}
