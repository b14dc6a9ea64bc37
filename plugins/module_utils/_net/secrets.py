# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the secrets of a task, and how nothing that leaves it shows one.

A server may send a secret back percent-encoded, as entities, as JSON escapes, in Base64, or broken into lines. To find
one, a text is decoded as far as it goes and freed of white space; to mask one, a pattern takes each character in any of
its spellings.
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
SHORTEST = 4  # characters of a credential; a shorter one is the same as too many words to be hidden
_LONG = 8  # characters from which on a text holds a secret by no accident

_ESCAPES = re.compile(r"(?:\\+u[0-9a-fA-F]{4})+")
_BREAK = re.compile(r"\\+[nrt]")
_NOT_SHOWN = re.compile(r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_BLANK = r"(?:[\s+\xa0]|%(?:25)*(?:20|09|0[aA]|0[dD])|&(?:amp;)*(?:nbsp;|#0*(?:9|10|13|32);)|\\+[nrt]|\\+u0020)*"

# The password of an address, and what its query gives to a key that names a secret.
_USERINFO = re.compile(r"//([^/?#@:\s]*):[^/?#\s]*@")
_QUERY = re.compile(
    r"([?&;](?:[\w.~-]*(?:token|secret|password|passwd|signature)|(?:(?:api|access|auth|private)[_-]?)?key|pass|pwd|sig|auth)=)[^&;#\s\"'<>]+",
    re.IGNORECASE,
)

# Whole values that are no secret, whatever they are made of: amounts, telephone numbers, moments.
_FACT = re.compile(
    r"-?[0-9]{1,9}\.[0-9]{1,9}\Z|\+[0-9]{3,15}\Z|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?\Z"
)
# Nor are ids and digits, unless they are all of a secret.
_ID = re.compile(r"[0-9]{1,20}\Z|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
# A word by itself, like an id, may hold a short secret by accident.
_WORD = re.compile(r"[\w.-]+\Z")
# The keys of results whose digits are facts in any case.
_DIGITS = re.compile(r"(numbers?|exclude|prefix|contains|area_code|due_now|\w+_(price|total|limit))\Z")


def without_passwords(text: str) -> str:
    """*text* without the passwords and tokens of the addresses in it."""
    if "//" in text:
        text = _USERINFO.sub(rf"//\1:{MASK}@", text)
    return _QUERY.sub(rf"\1{MASK}", text) if "=" in text and ("?" in text or "&" in text) else text


class Secrets:
    """Every secret of the task, however it came in, so that no text shows one."""

    def __init__(self) -> None:
        self._needles: dict[str, _Needle] = {}

    def add(self, *values: str | None) -> None:
        """Remember secrets; empty ones hide nothing."""
        for value in values:
            if value and value not in self._needles:
                for needle in _needles(value):
                    self._needles.setdefault(needle.text, needle)

    def add_proof(self, proof: str) -> None:
        """Remember what was made of a secret for one request: there may be many, so it is looked for as it is only."""
        self._needles.setdefault(proof, _Needle(proof))

    def mask(self, text: str) -> str:
        """Return *text* with each secret replaced, the longest first."""
        return _mask(text, tuple(self._needles.values()))

    def cut(self, text: str, longest: int = 1000) -> str:
        """*text* as one line of *longest* characters at most. Masked before it is cut, since nothing finds a part of a
        secret.
        """
        return one_line(without_passwords(_mask(text, self._hidden())), longest)

    def hide(self, value: t.Any, words: t.Callable[[], t.Collection[str]]) -> t.Any:
        """Return *value*, plain JSON, with neither a secret nor a password of an address in any text in it.

        Keys stay, and so do numbers, and whole values that are one of *words* (called only when needed) or a fact: an
        amount, a telephone number, a date. Below ``raw`` both keys and integers come from outside: one that is or holds
        a secret that no word is likely to hold is replaced.
        """
        whole = _dumped(value)
        found = _found(whole, self._hidden())
        if not found and without_passwords(whole) == whole:
            return value
        return _Curtain(found, frozenset(words())).hidden(value, "", False)

    def _hidden(self) -> list[_Needle]:
        """What a result must not show. Too short a credential is refused, in words that it would be a part of."""
        return [needle for needle in tuple(self._needles.values()) if len(needle.text) >= SHORTEST]


class _Curtain:
    """Hides the secrets that *needles* are from a result, in which they were found, and leaves *words* alone."""

    def __init__(self, needles: t.Sequence[_Needle], words: frozenset[str]) -> None:
        self._needles = needles
        self._secrets = {needle.text for needle in needles}
        self._words = words
        self._long = [needle for needle in needles if len(needle.key) >= _LONG]
        self._texts: dict[str, str] = {}  # rows of a list have most of their texts in common

    def hidden(self, value: t.Any, key: str, foreign: bool) -> t.Any:
        """*value*, which has *key*, in a provider's own record if it is *foreign*."""
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
                self._key(name) if foreign else name: self.hidden(item, name, foreign or name == "raw")
                for name, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [item if self._is_clean(item) else self.hidden(item, key, foreign) for item in value]
        if foreign and isinstance(value, int) and len(str(value)) >= _LONG and str(value) in self._secrets:
            return MASK
        return value

    def _is_clean(self, row: t.Any) -> bool:
        """Whether nothing is to be hidden in *row* of a list. To walk through a long one takes as long as to read
        it.
        """
        if not isinstance(row, dict):
            return False
        whole = _dumped(row)
        return not _found(whole, self._needles) and without_passwords(whole) == whole

    def _key(self, key: str) -> str:
        """A key of a provider's own record. A short secret, or one of letters only, may be a part of any word."""
        return _mask(key, [needle for needle in self._long if not needle.key.isalpha()])


def _dumped(value: t.Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _found(text: str, needles: t.Iterable[_Needle]) -> list[_Needle]:
    """The *needles* that may stand in *text*, the longest first."""
    plainest = _plainest(text)
    return sorted((needle for needle in needles if needle.is_in(text, plainest)), key=lambda needle: -len(needle.text))


def _mask(text: str, needles: t.Iterable[_Needle]) -> str:
    found = _found(text, needles)
    for needle in found:
        text = needle.mask(text)
    # What is spelt as no pattern knows it: nothing of the text is shown.
    return MASK if any(len(needle.key) >= _LONG for needle in _found(text, found)) else text


class _Needle:
    """A secret, or a form of it that no decoding leads to."""

    def __init__(self, text: str, coded: bool = False) -> None:
        """*coded*: a piece of Base64, of which the characters beside it may still hold bits of the secret."""
        self.text = text
        self.key = _plainest(text)
        self._coded = coded
        self._pattern: re.Pattern[str] | None = None

    def is_in(self, text: str, plainest: str) -> bool:
        """Whether it may stand in *text*, which is decoded *plainest*."""
        return self.text in text or len(self.key) >= SHORTEST and self.key in plainest

    def mask(self, text: str) -> str:
        """*text* without it. A short one has no spellings: it would be found in too much."""
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
    """What is looked for lest *value* be shown: itself, with plus signs for its spaces, and what Base64 makes of it
    behind any other text.
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
        piece = coded[
            (0, 2, 3)[before] : (before + len(raw)) * 8 // 6
        ]  # what is the same whatever stands before and behind
        if len(piece) >= _LONG:
            yield _Needle(piece, True)
            if "+" in piece or "/" in piece:
                yield _Needle(piece.replace("+", "-").replace("/", "_"), True)


def _plainest(text: str) -> str:
    """*text* decoded as far as it goes, without white space and what nobody sees."""
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
    """What JSON's escapes spell; two may be one character."""
    return bytes.fromhex(re.sub(r"\\+u", "", escapes[0])).decode("utf-16-be", "replace")


def _spellings(char: str) -> str:
    """A pattern for *char*: as it is, escaped, percent-encoded or as an entity, some of them several times over."""
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
    """A pattern for hexadecimal digits in either case."""
    return "".join(digit if digit.isdigit() else f"[{digit}{digit.upper()}]" for digit in text)
