# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what the providers declare to where it is read: documentation, tables, AWX's credential types.

A place is marked in its file, from ``generated: WHAT`` to ``end of what is generated``, in comments of its language.
With ``--check`` nothing is written, and what differs is an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import plan_schema
from ansible_collections.telco.numbers.plugins.module_utils._contract.features import (
    BY_GROUP,
    BY_NUMBER,
    BY_RESERVATION,
    Credential,
    Features,
)
from ansible_collections.telco.numbers.plugins.module_utils._contract.provider import Provider
from ansible_collections.telco.numbers.plugins.module_utils._providers import NAMES, load
from ansible_collections.telco.numbers.plugins.module_utils._tasks.options import SECRETS

ROOT = Path(__file__).resolve().parents[2]
RETURNED = Path(__file__).parent / "returned"
PLACES = (
    "README.md",
    "plugins/*/*.py",
    "docs/docsite/rst/*.rst",
    "roles/controller/defaults/main/credential_types.yml",
)
MARKED = re.compile(
    r"^(?P<indent> *)(?P<begin>(?:#|<!--|\.\.) generated: (?P<what>[\w ]+?)(?: -->)?)\n.*?"
    r"^(?P<end> *(?:#|<!--|\.\.) end of what is generated(?: -->)?)$",
    re.MULTILINE | re.DOTALL,
)
WIDTH = 112  # characters, beside the indentation of the place
MOST = 8  # of a long list of fields
ONLY = {
    "configuration": "A number has settings",
    "default_application": "There is a default application",
    "linked_capabilities": "Numbers can be linked to applications",
    "listed_kinds": "Applications are listed",
    "release": "Numbers can be given back",
}


def providers() -> list[type[Provider]]:
    """Return all providers, sorted by name."""
    return [load(name) for name in sorted(NAMES)]


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return the words as a list for a sentence."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def variables(provider: type[Provider], option: str, env: Iterable[str]) -> list[str]:
    """Return the environment variables of an option. The first one that is set counts."""
    return [*env, f"TELCO_NUMBERS_{provider.name}_{option}".upper()]


def ways(provider: type[Provider], word: Callable[[str], str]) -> str:
    """Return a clause with the options that open an account: those always needed, and the alternative credentials."""
    access = provider.access
    alternatives = [
        listed(word(option) for option in method) if method else "nothing more" for method in access.methods
    ]
    proof = ", or ".join(alternatives)
    return f"{listed(word(option) for option in access.required)}, with {proof}" if access.required else proof


def credential(provider: type[Provider], option: str) -> Credential | None:
    """Return the provider's declaration of an option, None when it does not have it."""
    if option == "api_url":
        return Credential(option, provider.access.url_env, provider.access.url_label, provider.access.url_help)
    return next((one for one in provider.access.credentials if one.option == option), None)


def folded(line: str, lead: str = "- ", rest: str = "  ") -> Iterator[str]:
    """Yield an item of a YAML list, broken into lines."""
    while line:
        at = len(line) if len(line) <= WIDTH - len(lead) else line.rindex(" ", 0, WIDTH - len(lead))
        yield lead + line[:at]
        line, lead = line[at:].lstrip(), rest


# -- the generated texts -----------------------------------------------------------------------------------------------


def choices() -> Iterator[str]:
    """Yield the choices of the option ``provider``."""
    for provider in providers():
        yield from folded(f"{provider.name}: {provider.about.sells}", "")


def option(name: str) -> Iterator[str]:
    """Yield the meaning of an option at each provider that has it."""
    for provider in providers():
        found = credential(provider, name)
        if found:
            names = [f"E({variable})" for variable in variables(provider, name, found.env)]
            yield from folded(f"At V({provider.name}) it is {found.help}. Environment {', '.join(names)}.")
    if name != "api_url":
        yield "- Other providers do not use it."


def remarks(place: str) -> Iterator[str]:
    """Yield the providers' remarks on a place, one item each."""
    for provider in providers():
        if place in provider.about.remarks:
            yield from folded(f"V({provider.name}) {provider.about.remarks[place]}")


def named(which: Callable[[type[Provider]], bool]) -> list[str]:
    """Return the names of the providers that meet a condition, in the markup of the documentation."""
    return [f"V({provider.name})" for provider in providers() if which(provider)]


def has(provider: type[Provider], feature: str) -> bool:
    """Whether *provider* offers a feature, or has a setting of a number."""
    return feature in provider.features.configuration or bool(getattr(provider.features, feature, False))


def only(feature: str) -> Iterator[str]:
    """Yield a sentence that names the providers with a feature. The others refuse a task that uses it."""
    found = named(lambda provider: has(provider, feature))
    if found:
        yield from folded(
            f"{ONLY.get(feature, 'There is such a setting')} only at {listed(found)}. The others refuse this with "
            "C(unsupported)."
        )


def having(feature: str) -> Iterator[str]:
    """Yield a sentence that names the providers with a feature."""
    found = named(lambda provider: has(provider, feature))
    if found:
        yield from folded(f"So it is at {listed(found)}.")


def sellers() -> Iterator[str]:
    """Yield a sentence that names the providers of single numbers, and those of groups."""
    by_number = named(lambda provider: provider.features.purchase == BY_NUMBER)
    others = named(lambda provider: provider.features.purchase != BY_NUMBER)
    yield from folded(f"Single numbers are offered by {listed(by_number)}, groups by {listed(others)}.")


def whole() -> Iterator[str]:
    """Yield a sentence that names the providers that link or unlink all capabilities of a number at once."""
    links = named(lambda provider: provider.features.links_whole)
    unlinks = named(lambda provider: provider.features.unlinks_whole)
    yield from folded(f"Numbers are linked whole at {listed(links)}, and unlinked whole at {listed(unlinks)}.")


def filters(of: str) -> Iterator[str]:
    """Yield the query fields that each provider accepts."""
    for provider in providers():
        fields: tuple[str, ...] = getattr(provider.features, f"{of}_filters")
        shown = [
            *(f"C({field})" for field in fields[:MOST]),
            *([f"{len(fields) - MOST} more"] if len(fields) > MOST else []),
        ]
        yield from folded(f"V({provider.name}) takes {listed(shown or ['none'])}.")


def returned(record: str) -> Iterator[str]:
    """Yield the documentation of a record that several modules return, from its file in ``returned``."""
    text = (RETURNED / f"{record}.yml").read_text(encoding="utf-8").partition("---\n")[2]
    yield from text.replace("sample: PROVIDER", f"sample: {providers()[0].name}").splitlines()


def sample() -> Iterator[str]:
    """Yield the name of a provider, as a sample of a result."""
    yield f"sample: {providers()[0].name}"


def notes() -> Iterator[str]:
    """Yield a note for each provider."""
    for provider in providers():
        yield from folded(
            " ".join([f"V({provider.name}) needs {ways(provider, 'O({})'.format)}.", *provider.about.notes])
        )


def credentials(name: str = "") -> Iterator[str]:
    """Yield a table of credentials: of all providers in Markdown, or of one in reStructuredText."""
    if name:
        yield from _table_of(load(name))
        return
    yield from ("| provider | options | environment |", "|---|---|---|")
    for provider in providers():
        needed = {option for method in provider.access.methods for option in method} | {*provider.access.required}
        more = [f"`{one.option}`" for one in provider.access.credentials if one.option not in needed]
        options = "; ".join([ways(provider, "`{}`".format), *(["also " + listed(more)] if more else [])])
        names = [f"`{variable}`" for one in provider.access.credentials for variable in one.env] + [
            f"`{variable}`" for variable in provider.access.url_env
        ]
        yield f"| `{provider.name}` | {options} | {', '.join(names)} |"


SOLD = {BY_NUMBER: "single numbers", BY_GROUP: "groups", BY_RESERVATION: "groups: reserve, then check out"}


def offers() -> Iterator[str]:
    """Yield the table of features, with a row for each provider."""
    yield "| provider | sells | search by | count by | links | settings | release | orders may stay pending |"
    yield "|---|---|---|---|---|---|---|---|"
    for provider in providers():
        features = provider.features
        cells = (
            SOLD[features.purchase],
            ", ".join(features.offer_keys),
            ", ".join(features.owned_keys),
            _linking(features),
            _few(features.configuration),
            "yes" if features.release else "no",
            "yes, so the journal is needed" if features.pending_orders else "no",
        )
        yield f"| `{provider.name}` | {' | '.join(cells)} |"


def _few(options: Sequence[str]) -> str:
    """Return the options for a cell: all of a few, or the first one and the number of others."""
    if len(options) > 3:
        return f"`{options[0]}` and {len(options) - 1} more"
    return ", ".join(f"`{option}`" for option in options) or "no"


def _linking(features: Features) -> str:
    """Return for a cell the capabilities that a provider links, and the moment."""
    if not features.linked_capabilities:
        return "no"
    whole = " at once" if features.links_whole else ""
    moment = "in the purchase" if features.links_on_purchase else "right after a purchase"
    return f"{listed(features.linked_capabilities)}{whole}, {moment}"


def _table_of(provider: type[Provider]) -> Iterator[str]:
    yield from (
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
        "   * - option",
        "     - environment",
        "     - what it is",
    )
    for name in [*(one.option for one in provider.access.credentials), "api_url"]:
        found = credential(provider, name)
        assert found
        yield from (
            f"   * - ``{name}``",
            f"     - ``{variables(provider, name, found.env)[0]}``",
            f"     - {found.help}",
        )
    yield ""


def credential_types() -> Iterator[str]:
    """Yield AWX's credential types. Each option is a field, injected as the first variable that the modules read."""
    for provider in providers():
        if provider is not providers()[0]:
            yield ""
        labels = {one.option: one.label for one in provider.access.credentials}
        yield f'- name: "Phone numbers: {provider.about.title}"'
        opens = f"An account of {provider.name}, which opens with {ways(provider, labels.__getitem__)}"
        yield from folded(opens, "  description: ", "    ")
        yield from ("  kind: cloud", "  inputs:", "    fields:")
        for name in _fields(provider):
            yield from (f"      {line}" for line in _field(provider, name))
        first, *others = provider.access.methods
        always = [option for option in first if all(option in method for method in others)]
        required = [*provider.access.required, *always]
        yield from (f"    required: [{', '.join(required)}]", "  injectors:", "    env:")
        for name in _fields(provider):
            found = credential(provider, name)
            assert found
            yield f'      {variables(provider, name, found.env)[0]}: !unsafe "{{{{ {name} }}}}"'


def _fields(provider: type[Provider]) -> list[str]:
    return [*(one.option for one in provider.access.credentials), "api_url"]


def _field(provider: type[Provider], name: str) -> Iterator[str]:
    found = credential(provider, name)
    assert found
    yield from (f"- id: {name}", "  type: string", f"  label: {found.label}")
    if found.help.lower() != f"the {found.label.lower()}":
        yield from folded(f"{found.help[:1].upper()}{found.help[1:]}", "  help_text: ", "    ")
    if name in SECRETS:
        yield "  secret: true"


def fields(of: str) -> Iterator[str]:
    """Yield the provider's own fields of a purchase, or of a number."""
    for provider in providers():
        declared = [one for one in getattr(provider.features, of) if not one.refused]
        for one in declared:
            words = f" One of {listed([f'V({word})' for word in one.choices], 'or')}." if one.choices else ""
            yield from folded(f"V({provider.name}) has C({one.name}) ({one.type}). {one.help}{words}")
    without = named(lambda provider: not getattr(provider.features, of))
    yield from folded(f"There are none at {listed(without)}.")


WRITERS: dict[str, Callable[..., Iterator[str]]] = {
    "choices": choices,
    "fields": fields,
    "filters": filters,
    "having": having,
    "only": only,
    "remarks": remarks,
    "returned": returned,
    "sample": sample,
    "sellers": sellers,
    "whole": whole,
    "credential types": credential_types,
    "credentials": credentials,
    "notes": notes,
    "offers": offers,
    "option": option,
}


def written(match: re.Match[str]) -> str:
    """Return the right text of a marked place."""
    what, indent = match["what"], match["indent"]
    word, _space, argument = (what, "", "") if what in WRITERS else what.partition(" ")
    body = "".join(
        f"{indent}{line}".rstrip() + "\n" for line in (WRITERS[word](argument) if argument else WRITERS[word]())
    )
    return f"{indent}{match['begin']}\n{body}{match['end']}"


def main(check: bool) -> str:
    """Write all marked places. With *check* write nothing, and return a message that names the files that differ."""
    differ = []
    for path in sorted(path for place in PLACES for path in ROOT.glob(place)):
        text = path.read_text(encoding="utf-8")
        new = MARKED.sub(written, text)
        if new != text:
            differ.append(str(path.relative_to(ROOT)))
            if not check:
                path.write_text(new, encoding="utf-8")
    place = ROOT / plan_schema.PATH
    if not place.exists() or place.read_text(encoding="utf-8") != plan_schema.text():
        differ.append(plan_schema.PATH)
        if not check:
            place.write_text(plan_schema.text(), encoding="utf-8")
    return f"not as the providers declare, run tests/tools/generate.py: {', '.join(differ)}" if check and differ else ""


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv) or None)
