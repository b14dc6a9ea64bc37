# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the role audit in a real browser: nothing of what people wrote is anything but text, and everybody can
read and use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible_runs import COLLECTION
from audit_stage import DRIFT, HOSTILE, OWNED, PLAN, Stage
from browser import INSTALL, MISSING, Browser
from sandbox_server import Server

TEMPLATE = COLLECTION / "roles" / "audit" / "templates" / "report.html.j2"
MARKUP = HOSTILE.partition("{{")[0]  # what stands in the plan is a template, so it can be no more hostile than this
PHONE, SMALLEST, PAPER = 390, 320, 794
COUNT = sum(map(len, OWNED.values())) + 1
needs_browser = pytest.mark.skipif(bool(MISSING), reason=INSTALL)


@pytest.fixture(scope="module")
def page(process: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every kind of drift, an account that cannot be read, and markup wherever somebody can write."""
    stage = Stage(process, tmp_path_factory.mktemp("page"))
    stage.accounts[MARKUP] = {**stage.accounts["voice"], "account_id": "NOBODY"}
    place = {"city": MARKUP[:90], "region": MARKUP, "monthly_price": "1"}
    row = {
        "number": "+15045550199",
        "country": "US",
        "type": "local",
        "capabilities": ["voice"],
        "data": place,
        "applications": {"voice": MARKUP},
    }
    process.control("PATCH", "state/sinch_catalog/ACsandbox", {"own": [row]})
    hostile = {
        "name": MARKUP,
        "account": "catalogue",
        "country": "US",
        "city": MARKUP[:90],
        "count": 1,
        "application": MARKUP,
        "labels": {MARKUP: MARKUP},
    }
    run = stage.run(plan=[*PLAN, hostile], audit_title=MARKUP, audit_allow_unreadable=True)
    assert run.code == 0, run.output
    return stage.page()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests."""
    window = Browser(tmp_path_factory.mktemp("browser"))
    yield window
    window.close()


@pytest.fixture
def shown(window: Browser, page: Path) -> Iterator[Browser]:
    """The page on a wide light screen; whatever a test does, the console stays silent."""
    window.size(1280)
    window.media("light")
    window.open(page.as_uri())
    yield window
    assert window.console() == []


class Elements(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_whatever_the_template_puts_out_is_escaped() -> None:
    """Ansible has no automatic escaping. The exceptions are the macros of the template, its style and its script."""
    text = re.sub(r"\{#.*?#\}", "", TEMPLATE.read_text(encoding="utf-8"), flags=re.DOTALL)
    macros = "|".join(re.findall(r"\{% macro (\w+)\(", text))
    put_out = re.findall(r"\{\{-? (.*?) -?\}\}", text, re.DOTALL)
    assert len(put_out) > 50
    fixed = r"'[^']*'"  # text of the template itself
    either = rf"(?:{fixed}|money\([^()]*\)) if .* else {fixed}"
    fine = rf"(?:{macros})\(.*\)(?: \| trim)?|(?:style|script) \| safe|.* \| e|{fixed}\[.*\]|{either}"
    assert [found for found in put_out if not re.fullmatch(fine, found)] == []


def test_nothing_is_brought_in_and_markup_makes_no_elements(page: Path) -> None:
    elements = Elements(page).found
    tags = [tag for tag, _attributes in elements]
    assert tags.count("script") == tags.count("style") == 1 and not {
        "img",
        "link",
        "iframe",
        "object",
        "base",
        "form",
    } & set(tags)
    attributes = {name for _tag, attributes in elements for name in attributes}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {
        "src",
        "style",
        "srcset",
        "action",
    }
    assert all((found["href"] or "").startswith("#") for _tag, found in elements if "href" in found)
    policy = next(
        found["content"]
        for tag, found in elements
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy and policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy


def texts(window: Browser, selector: str) -> list[str]:
    """What the visible elements of a selector say."""
    script = (
        "return Array.from(document.querySelectorAll(arguments[0])).filter((one) => one.checkVisibility()).map((one) "
        "=> one.innerText.trim())"
    )
    return list(window.run(script, selector))


def numbers(window: Browser) -> list[str]:
    """The numbers that the table shows, in its order."""
    return texts(window, "#numbers tbody th")


def head(window: Browser, name: str) -> str:
    """The selector of the head of a column of the table."""
    heads = window.run("return Array.from(document.querySelectorAll('#numbers thead th'), (one) => one.textContent)")
    return f"#numbers thead th:nth-child({heads.index(name) + 1})"


@needs_browser
def test_markup_stays_text(shown: Browser) -> None:
    assert shown.run("return document.title").startswith(MARKUP) and texts(shown, "h1") == [MARKUP]
    for selector in (
        "#plan ~ * tbody th",
        "#numbers [data-label=Name]",
        "#numbers [data-label=Pool]",
        "#numbers [data-label=Application]",
        ".panel li b",
    ):
        assert any(MARKUP in text for text in texts(shown, selector)), selector
    assert HOSTILE in texts(shown, "#numbers [data-label=Name]")
    assert shown.run(
        "return [document.images.length, document.scripts.length, performance.getEntriesByType('resource').length]"
    ) == [0, 1, 0]


@needs_browser
def test_drift_comes_first_and_is_complete(shown: Browser) -> None:
    order = shown.run("return Array.from(document.querySelectorAll('h2'), (one) => one.id)")
    assert order == ["unread", "drift", "cost", "plan", "all"]
    groups = dict(zip(texts(shown, ".group h3"), map(int, texts(shown, ".group .count")), strict=True))
    wanted = [kind.replace("_", " ").capitalize() for kind, _pool, number in DRIFT]
    assert groups == {kind: wanted.count(kind) for kind in wanted}
    assert len(texts(shown, ".group .item")) == len(DRIFT)
    assert [text.split()[0] for text in texts(shown, ".figure dd")] == ["10.00", "19.75", str(COUNT)]


@needs_browser
def test_sorting_by_click_and_by_key(shown: Browser) -> None:
    before = numbers(shown)
    assert len(before) == COUNT
    price = head(shown, "Per month")
    shown.click(f"{price} button")
    cells = shown.run(
        "return Array.from(document.querySelectorAll('#numbers tbody td.amount'), (one) => one.dataset.sort)"
    )
    assert cells == sorted(cells) and cells[0] != cells[-1]
    assert shown.run("return document.querySelector(arguments[0]).getAttribute('aria-sort')", price) == "ascending"
    shown.type(f"{price} button", "\ue007")
    down = shown.run(
        "return Array.from(document.querySelectorAll('#numbers tbody td.amount'), (one) => one.dataset.sort)"
    )
    assert down == sorted(cells, reverse=True)
    number = head(shown, "Number")
    shown.click(f"{number} button")
    assert numbers(shown) == sorted(before)
    states = shown.run(
        "return Array.from(document.querySelectorAll('#numbers thead th'), (one) => one.getAttribute('aria-sort'))"
    )
    assert states.count("none") == len(states) - 1
    name = head(shown, "Name")
    for _way in ("up", "down"):
        shown.click(f"{name} button")
        named = [bool(text) for text in texts(shown, "#numbers [data-label=Name]")]
        assert named == sorted(named, reverse=True), "rows without a value come last, whichever way"


@needs_browser
def test_searching(shown: Browser) -> None:
    shown.type("#search", "LONDON 0100")
    assert numbers(shown) == ["+442079460100"] and texts(shown, "#shown") == [f"1 of {COUNT}"]
    for words, count in (("<script>alert", 3), ("", COUNT)):
        shown.run(
            "const box = document.getElementById('search'); box.value = arguments[0]; box.dispatchEvent(new "
            "Event('input'))",
            words,
        )
        assert len(numbers(shown)) == count
    shown.click("#drifting")
    assert set(numbers(shown)) == {number for kind, _pool, number in DRIFT if number and kind != "missing"}


PLAIN = """
const count = (selector) => document.querySelectorAll(selector).length;
const tools = getComputedStyle(document.querySelector(".tools")).display;
`${count("#numbers tbody tr")} rows, ${count("button")} buttons, tools ${tools}`
"""


@needs_browser
def test_without_scripts_everything_is_there(window: Browser, page: Path) -> None:
    window.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.open(page.as_uri())
        evaluated = window.devtools("Runtime.evaluate", expression=PLAIN)
        assert evaluated["result"]["value"] == f"{COUNT} rows, 0 buttons, tools none"
    finally:
        window.devtools("Emulation.setScriptExecutionDisabled", value=False)


# Each text with too little contrast to what is behind it, by the rules of WCAG AA.
FAINT = """
const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const light = (color) => {
  const [red, green, blue] = color.match(/[\\d.]+/g).map((part) => linear(part / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const behind = (one) => {
  const color = getComputedStyle(one).backgroundColor;
  return /, 0\\)$/.test(color) ? (one.parentElement ? behind(one.parentElement) : "rgb(255, 255, 255)") : color;
};
const isWords = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
const hasWords = (one) => Array.from(one.childNodes).some(isWords);
const found = [];
for (const one of document.querySelectorAll("body :not(script)")) {
  if (!hasWords(one) || !one.checkVisibility()) continue;
  const style = getComputedStyle(one);
  const [high, low] = [light(style.color), light(behind(one))].sort((first, second) => second - first);
  const size = parseFloat(style.fontSize);
  const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  const contrast = (high + 0.05) / (low + 0.05);
  if (contrast < least) found.push(`${style.color} on ${behind(one)}: ${one.outerHTML.slice(0, 60)}`);
}
return found;
"""


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_can_be_read(shown: Browser, scheme: str) -> None:
    shown.media(scheme)
    paper = shown.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) > 3 * 128) == (scheme == "light")
    assert shown.run(FAINT) == []


# What reaches beyond the right edge of the screen.
OUTSIDE = """
const beyond = (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1;
return Array.from(document.querySelectorAll("body *")).filter(beyond).map((one) => one.outerHTML.slice(0, 80));
"""


def overflow(window: Browser) -> Any:
    """How many pixels the page is wider than the screen."""
    return window.run(
        "return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - "
        "document.documentElement.clientWidth"
    )


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, SMALLEST])
def test_a_phone_shows_it_without_scrolling_sideways(shown: Browser, width: int, scheme: str) -> None:
    shown.size(width)
    shown.media(scheme)
    assert overflow(shown) <= 0
    assert shown.run(OUTSIDE) == []
    assert shown.run("return getComputedStyle(document.querySelector('#numbers tbody tr')).display") == "block"
    shown.click(f"{head(shown, 'Number')} button")
    assert numbers(shown) == sorted(numbers(shown))
    assert shown.run(FAINT) == []


@needs_browser
def test_it_can_be_printed(shown: Browser) -> None:
    shown.size(PAPER)
    shown.media("dark", "print")
    assert overflow(shown) <= 0 and texts(shown, ".tools") == []
    assert shown.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown.run(FAINT) == []
