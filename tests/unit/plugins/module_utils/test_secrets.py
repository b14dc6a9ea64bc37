# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hides a secret: in any spelling, before anything is cut, and without harm to what is no secret."""

from __future__ import annotations

import base64
import html
import json
import textwrap
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._net.secrets import SHORTEST, Secrets, without_passwords
from hypothesis import given
from hypothesis import strategies as st

MASK = "********"
SECRETS = [
    "s3cret/+&%=x y",
    "Zürich <é> \"quoted\" & 'more'",
    "back\\slash/and%41",
    "two  blanks   in it",
    "correct-horse-battery",
    "k3y🤖with/astral",
    "a+b=c&d;e#f",
]
SPELLINGS = {
    "as it is": lambda secret: secret,
    "percent": lambda secret: quote(secret, safe=""),
    "percent in lower case": lambda secret: "".join(
        char.lower() if quote(secret, safe="")[max(0, at - 2) : at + 1].count("%") else char
        for at, char in enumerate(quote(secret, safe=""))
    ),
    "percent for every byte": lambda secret: "".join(f"%{octet:02X}" for octet in secret.encode()),
    "percent twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "a form field": quote_plus,
    "a path": quote,
    "entities": html.escape,
    "decimal entities": lambda secret: "".join(f"&#{ord(char)};" for char in secret),
    "hexadecimal entities": lambda secret: "".join(f"&#x{ord(char):X};" for char in secret),
    "entities twice": lambda secret: html.escape(html.escape(secret)),
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON that is not ASCII": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON with slashes escaped": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret))[3:-3],
    "unicode escapes": lambda secret: "".join(
        f"\\u{secret.encode('utf-16-be').hex()[at : at + 4]}" for at in range(0, len(secret.encode("utf-16-be")) * 2, 4)
    ),
    "Base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "Basic": lambda secret: base64.b64encode(f"somebody:{secret}".encode()).decode(),
    "Basic of another": lambda secret: base64.b64encode(f"AC1:{secret}".encode()).decode(),
    "Basic of a third": lambda secret: base64.b64encode(f"AC42:{secret}".encode()).decode(),
    "URL-safe Base64": lambda secret: base64.urlsafe_b64encode(f"u:{secret}".encode()).decode().rstrip("="),
    "Base64, percent": lambda secret: quote(base64.b64encode(f"u:{secret}".encode()).decode(), safe=""),
    "Base64, wrapped": lambda secret: "\n".join(textwrap.wrap(base64.b64encode(f"u:{secret}".encode()).decode(), 8)),
    "with white space doubled": lambda secret: secret.replace(" ", " \n\t "),
    "with white space joined": lambda secret: " ".join(secret.split()),
    "wrapped": lambda secret: f"{secret[:6]}\n{secret[6:]}",
}


def hiding(*values):
    secrets = Secrets()
    secrets.add(*values)
    return secrets


def remains(secret, spelt, text):
    """Any six characters in a row of a secret, or of its spelling, that *text* still has."""
    return [part for whole in (secret, spelt) for at in range(len(whole) - 5) if (part := whole[at : at + 6]) in text]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_and_masked_in_any_spelling(secret, spelling):
    secrets, spelt = hiding(secret), SPELLINGS[spelling](secret)
    said = f'Rejected: >{spelt}< {{"for": 1}}'
    told = json.dumps([said], ensure_ascii=False)
    assert secrets.mask(said) != said
    assert secrets.mask(told) != told
    shown = secrets.mask(said)
    if "Basic" in spelling or "Base64" in spelling:  # the user's name stays
        spelt = spelt[6:]
    assert MASK in shown and not remains(secret, spelt.replace("\n", ""), shown.replace("\n", "")), shown


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("longest", [200, 1000])
def test_what_is_cut_was_masked_before(secret, spelling, longest):
    """The secret lies across the place at which the text is cut, at each offset that there is."""
    secrets, spelt = hiding(secret), SPELLINGS[spelling](secret)
    for before in range(max(1, longest - len(spelt)), longest + 1, max(1, len(spelt) // 7)):
        shown = secrets.cut("-" * (before - 1) + " " + spelt + " and more " * 200, longest)
        assert len(shown) <= longest + 2 and "\n" not in shown
        begun = shown.lstrip("-").strip(" …")
        assert "Bas" in spelling or MASK.startswith(begun[:8]), shown  # Base64 begins with the user's name
        assert not remains(secret, spelt[6:], shown), shown


@pytest.mark.parametrize(
    "text",
    ["the city of Zürich", "s3cret", "100% of 5 &amp; 6", "\\u00e9\\n", "+14155550100", "two blanks", "a + b", ""],
)
def test_what_is_no_secret_stays(text):
    secrets = hiding(*SECRETS)
    assert secrets.mask(text) == text


@given(st.text(min_size=12, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_text_keeps_a_secret(secret, before, behind):
    for spelt in (secret, json.dumps(secret)[1:-1], quote(secret, safe="", errors="replace"), html.escape(secret)):
        assert secret not in hiding(secret).mask(f"{before} {spelt} {behind}") or not secret.strip()


def test_a_proof_is_hidden_as_it_is():
    secrets = Secrets()
    secrets.add_proof("c2lnbmF0dXJlIG9mIGEgcmVxdWVzdA==")
    assert secrets.mask("Instance 1:c2lnbmF0dXJlIG9mIGEgcmVxdWVzdA== is old") == f"Instance 1:{MASK} is old"


# -- results -----------------------------------------------------------------------------------------------------------

RESULT = {
    "changed": True,
    "failed": False,
    "msg": "Something changed at the voice exchange, and hang on: number 50.",
    "numbers": [
        {
            "number": "+14155550100",
            "provider": "plivo_groups",
            "id": "14155550100",
            "country": "US",
            "type": "mobile",
            "capabilities": ["sms", "voice"],
            "applications": {"voice": "APsandboxvoice", "sms": "c4d5b2a1-1111-4222-8333-944455556666"},
            "monthly_price": "0.75",
            "setup_price": "5000",
            "currency": "USD",
            "status": "active",
            "expires": "2026-12-08T10:00:00Z",
            "raw": {
                "monthlyRentalRate": "0.75",
                "number": 14155550100,
                "voice_enabled": True,
                "alias": "voice of the exchange",
            },
        }
    ],
    "quote": {"monthly_total": "50", "due_now_total": None, "lines": [{"quantity": 5000}]},
}
ODD = [
    "ail",
    "hang",
    "number",
    "voice",
    "failed",
    "changed",
    "active",
    "mobile",
    "plivo_groups",
    "50",
    "0.75",
    "5000",
    "USD",
    "US",
    "4155",
    "4222",
    "2026",
    "true",
    "None",
    "+14155550100",
]


@pytest.mark.parametrize("secret", ODD)
def test_keys_words_amounts_and_numbers_are_no_secrets(secret):
    shown = hiding(secret).hide(RESULT, lambda: {"voice", "active", "mobile", "plivo_groups", "sms", "US", "USD"})
    texts = {"msg": shown["msg"], "alias": shown["numbers"][0]["raw"]["alias"]}
    assert secret not in " ".join(texts.values()) or len(secret) < SHORTEST
    restored = json.loads(json.dumps(shown))
    restored["msg"], restored["numbers"][0]["raw"]["alias"] = RESULT["msg"], RESULT["numbers"][0]["raw"]["alias"]
    assert restored == RESULT


@pytest.mark.parametrize(
    "secret", ["token-12345678", "12345678", "Pa55wordPa55word", "1f2e3d4c-1111-4222-8333-944455556666"]
)
def test_a_secret_of_some_length_is_nowhere_below_raw(secret):
    """Neither as a key, which a provider may have made of what it was told, nor as a number."""
    raw = {
        "token": secret,
        "deep": [{secret: 1}, f"x {secret}"],
        "pin": int(secret) if secret.isdigit() else 0,
        f"told {secret}": None,
    }
    shown = hiding(secret).hide({"numbers": [{"number": "+14155550100", "raw": raw}], secret: "a key of ours"}, set)
    assert secret not in json.dumps(shown["numbers"])
    assert shown[secret] == "a key of ours"


def test_what_holds_no_secret_is_given_back_as_it_is():
    assert hiding(*SECRETS).hide(RESULT, lambda: pytest.fail("no word is needed")) is RESULT


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pass@example.com/voice", f"https://user:{MASK}@example.com/voice"),
        ("https://user:p@ss:w@example.com", f"https://user:{MASK}@example.com"),
        ("https://:pass@example.com", f"https://:{MASK}@example.com"),
        ("postgresql://user:pass@db/journal", f"postgresql://user:{MASK}@db/journal"),
        ("see http://u:p@a/ and http://v:q@b/", f"see http://u:{MASK}@a/ and http://v:{MASK}@b/"),
        ("https://example.com/?token=abc&x=1", f"https://example.com/?token={MASK}&x=1"),
        ("https://example.com/?x=1&api_key=abc#top", f"https://example.com/?x=1&api_key={MASK}#top"),
        ("https://example.com/?access_token=abc", f"https://example.com/?access_token={MASK}"),
        ("https://example.com/?X-Signature=abc", f"https://example.com/?X-Signature={MASK}"),
        ("https://user@example.com/voice?monkey=1", "https://user@example.com/voice?monkey=1"),
        ("https://example.com:8080/a@b", "https://example.com:8080/a@b"),
        ("me@example.com", "me@example.com"),
        ("key=5", "key=5"),
    ],
)
def test_an_address_is_shown_without_what_it_hides(text, shown):
    assert without_passwords(text) == shown
    assert without_passwords(shown) == shown
    assert Secrets().hide({"diff": {"before": {"+1": {"voice_url": text}}}}, set) == {
        "diff": {"before": {"+1": {"voice_url": shown}}}
    }
