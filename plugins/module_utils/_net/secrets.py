# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: keep the secrets of a task out of its results, messages and logs.

A server may send a secret back percent-encoded, as entities, as JSON escapes, in Base64, or broken into lines. To find
a secret, the text is decoded as far as possible and its white space is removed. To mask it, a pattern accepts each
character of the secret in any of these spellings.
"""

from __future__ import annotations

import base64
import html
import html.entities
import json
import re
import typing as t
from urllib.parse import unquote

from .._core.errors import one_line

MASK = "********"
SHORTEST = 4  # characters of a credential at least; a shorter one is a part of too many words to be masked
_LONG = 8  # characters; a text that holds so long a secret does not hold it by accident

_ESCAPES = re.compile(r"(?:\\+u[0-9a-fA-F]{4})+")
_BREAK = re.compile(r"\\+[nrt]")
_NOT_SHOWN = re.compile(r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_BLANK = r"(?:[\s+\xa0]|%(?:25)*(?:20|09|0[aA]|0[dD])|&(?:amp;)*(?:nbsp;|#0*(?:9|10|13|32);)|\\+[nrt]|\\+u0020)*"

# The password in a URL, and the value of a key in its query whose name says that it is secret.
_USERINFO = re.compile(r"//([^/?#@:\s]*):[^/?#\s]*@")
_QUERY = re.compile(
    r"([?&;](?:[\w.~-]*(?:token|secret|password|passwd|signature)|(?:(?:api|access|auth|private)[_-]?)?key|pass|pwd|sig|auth)=)[^&;#\s\"'<>]+",
    re.IGNORECASE,
)

# Values that are never masked as a whole: amounts, telephone numbers, dates and times.
_FACT = re.compile(
    r"-?[0-9]{1,9}\.[0-9]{1,9}\Z|\+[0-9]{3,15}\Z|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?\Z"
)
# Ids and digits are masked only when they are equal to a secret.
_ID = re.compile(r"[0-9]{1,20}\Z|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
# A single word, like an id, may hold a short secret by accident.
_WORD = re.compile(r"[\w.-]+\Z")
# The keys of results whose digits are never masked.
_DIGITS = re.compile(r"(numbers?|exclude|prefix|contains|area_code|due_now|\w+_(price|total|limit))\Z")


def without_passwords(text: str) -> str:
    """Return *text* with the passwords and tokens of the URLs in it masked."""
    if "//" in text:
        text = _USERINFO.sub(rf"//\1:{MASK}@", text)
    return _QUERY.sub(rf"\1{MASK}", text) if "=" in text and ("?" in text or "&" in text) else text


class Secrets:
    """All secrets of a task, and the functions that mask them in texts and results."""

    def __init__(self) -> None:
        self._needles: dict[str, _Needle] = {}

    def add(self, *values: str | None) -> None:
        """Remember the secrets in *values*. Empty ones are ignored."""
        for value in values:
            if value and value not in self._needles:
                for needle in _needles(value):
                    self._needles.setdefault(needle.text, needle)

    def add_proof(self, proof: str) -> None:
        """Remember *proof*, a signature or token of one request. It is only looked for as it is: there may be many."""
        self._needles.setdefault(proof, _Needle(proof))

    def mask(self, text: str) -> str:
        """Return *text* with each secret masked, the longest first."""
        return _mask(text, tuple(self._needles.values()))

    def cut(self, text: str, longest: int = 1000) -> str:
        """Return *text*, its secrets masked, as one line of *longest* characters at most.

        It is masked before it is cut, because a part of a secret could not be found any more.
        """
        return one_line(without_passwords(_mask(text, self._maskable())), longest)

    def hide(self, value: t.Any, words: t.Callable[[], t.Collection[str]]) -> t.Any:
        """Return *value*, plain JSON, with the secrets and the passwords of URLs masked in all its texts.

        Keys and numbers are not masked, nor are values that are equal to one of *words* (called only when needed) or
        are a fact: an amount, a telephone number, a date. Below ``raw`` keys and integers come from the provider, so a
        key that holds a long secret and an integer that is one are masked, too.
        """
        whole = _as_json(value)
        found = _needles_in(whole, self._maskable())
        if not found and without_passwords(whole) == whole:
            return value
        return _Curtain(found, frozenset(words())).hide(value, "", False)

    def _maskable(self) -> list[_Needle]:
        """Return the secrets that are long enough to be masked. The message that refuses a shorter one may hold it."""
        return [needle for needle in tuple(self._needles.values()) if len(needle.text) >= SHORTEST]


class _Curtain:
    """Masks the secrets *needles*, which were found in a result, but no value that is equal to one of *words*."""

    def __init__(self, needles: t.Sequence[_Needle], words: frozenset[str]) -> None:
        self._needles = needles
        self._secrets = {needle.text for needle in needles}
        self._words = words
        self._long = [needle for needle in needles if len(needle.key) >= _LONG]
        self._texts: dict[str, str] = {}  # masked texts, kept because rows of a list have most texts in common

    def hide(self, value: t.Any, key: str, foreign: bool) -> t.Any:
        """Return *value*, which stands at *key*, with its secrets masked. A *foreign* one is of a provider's record."""
        if isinstance(value, str):
            if (
                value in self._words
                or _FACT.match(value)
                or _ID.match(value)
                and (value not in self._secrets or not foreign and _DIGITS.match(key))
            ):
                return value
            if value not in self._texts:
                apart = _WORD.match(value) and value not in self._secrets
                self._texts[value] = without_passwords(_mask(value, self._long if apart else self._needles))
            return self._texts[value]
        if isinstance(value, dict):
            return {
                self._masked_key(name) if foreign else name: self.hide(item, name, foreign or name == "raw")
                for name, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [item if self._is_clean(item) else self.hide(item, key, foreign) for item in value]
        if foreign and isinstance(value, int) and len(str(value)) >= _LONG and str(value) in self._secrets:
            return MASK
        return value

    def _is_clean(self, row: t.Any) -> bool:
        """Whether *row* of a list holds no secret. This check is much faster than a walk through all its values."""
        if not isinstance(row, dict):
            return False
        whole = _as_json(row)
        return not _needles_in(whole, self._needles) and without_passwords(whole) == whole

    def _masked_key(self, key: str) -> str:
        """Return *key* of a provider's record with long secrets masked, but those of letters only, which are words."""
        return _mask(key, [needle for needle in self._long if not needle.key.isalpha()])


def _as_json(value: t.Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _needles_in(text: str, needles: t.Iterable[_Needle]) -> list[_Needle]:
    """Return those of *needles* that *text* may hold, the longest first."""
    plainest = _plainest(text)
    return sorted((needle for needle in needles if needle.is_in(text, plainest)), key=lambda needle: -len(needle.text))


def _mask(text: str, needles: t.Iterable[_Needle]) -> str:
    found = _needles_in(text, needles)
    for needle in found:
        text = needle.mask(text)
    # If a long secret is still in it, in a spelling that no pattern matches, the whole text is masked.
    return MASK if any(len(needle.key) >= _LONG for needle in _needles_in(text, found)) else text


class _Needle:
    """A text to look for: a secret, or a form of it that decoding does not undo."""

    def __init__(self, text: str, coded: bool = False) -> None:
        """Keep *text*. A *coded* one is a piece of Base64: the characters beside it may hold bits of the secret."""
        self.text = text
        self.key = _plainest(text)
        self._coded = coded
        self._pattern: re.Pattern[str] | None = None

    def is_in(self, text: str, plainest: str) -> bool:
        """Whether *text* may hold it; *plainest* is *text* decoded."""
        return self.text in text or len(self.key) >= SHORTEST and self.key in plainest

    def mask(self, text: str) -> str:
        """Return *text* with it masked. A short one is masked in its own spelling only: others match too much."""
        if len(self.key) < SHORTEST:
            return text.replace(self.text, MASK)
        if self._pattern is None:
            chars = [_spellings(char) for char in self.text.strip()]
            pattern = (r"\s*" if len(self.key) >= _LONG else "").join(chars)
            if self._coded:
                pattern = rf"[A-Za-z0-9+/_-]{{0,3}}{pattern}[A-Za-z0-9+/_-]{{0,3}}(?:=|%(?:25)*3[dD])*"
            self._pattern = re.compile(pattern)
        return self._pattern.sub(MASK, text)


def _needles(value: str) -> t.Iterator[_Needle]:
    """Yield the texts to look for so that *value* is not shown.

    They are the value itself, the value with plus signs for its spaces, and its Base64 after any other text.
    """
    yield _Needle(value)
    plain = value.strip()
    if len(plain) < SHORTEST:
        return
    spaced = re.sub(r"\s", "+", plain)
    if spaced != plain:
        yield _Needle(spaced)
    raw = plain.encode("utf-8", "surrogatepass")
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).decode("ascii")
        # The characters of Base64 that do not depend on the bytes before and after the secret.
        piece = coded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
        if len(piece) >= _LONG:
            yield _Needle(piece, True)
            if "+" in piece or "/" in piece:
                yield _Needle(piece.replace("+", "-").replace("/", "_"), True)


def _plainest(text: str) -> str:
    """Return *text* decoded as far as possible, without white space and invisible characters."""
    for _layer in range(3):
        before = text
        if "\\" in text:
            text = _BREAK.sub("", _ESCAPES.sub(_unescaped, text)).replace("\\", "")
        if "&" in text:
            text = html.unescape(text)
        if "%" in text:
            text = unquote(text)
        if text == before:
            break
    text = text.replace(" ", "")
    return text if text.isprintable() else _NOT_SHOWN.sub("", text)


def _unescaped(escapes: re.Match[str]) -> str:
    """Return the characters of JSON *escapes*; two escapes may be one character."""
    return bytes.fromhex(re.sub(r"\\+u", "", escapes[0])).decode("utf-16-be", "replace")


def _spellings(char: str) -> str:
    """Return a pattern for *char*: as it is, escaped, percent-encoded or as an entity, also several times encoded."""
    if char.isspace() or not char.isprintable():
        return _BLANK if char.isspace() else f"(?:{re.escape(char)}|{_BLANK})"
    units = char.encode("utf-16-be", "surrogatepass")
    escapes = "".join(rf"\\+u{_digits(units[at : at + 2].hex())}" for at in range(0, len(units), 2))
    octets = "".join(f"%(?:25)*{_digits(f'{octet:02x}')}" for octet in char.encode("utf-8", "surrogatepass"))
    entities = [f"#0*{ord(char)};", f"#[xX]0*{_digits(f'{ord(char):x}')};"]
    plain = re.escape(char)
    if not char.isalnum():
        plain = r"\\+" if char == "\\" else rf"\\*{plain}"
    if not char.isascii() or not char.isalnum():
        entities += sorted(
            (name for name, meant in html.entities.html5.items() if meant == char), key=len, reverse=True
        )
    return f"(?:{octets}|&(?:amp;)*(?:{'|'.join(entities)})|{escapes}|{plain})"


def _digits(text: str) -> str:
    """Return a pattern for the hexadecimal digits in *text*, in either case."""
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in text)
