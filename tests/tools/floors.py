# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check who may import whom in plugins/: the floors of the house (see CONTRIBUTING.md), and that no imports go round in
a circle.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"

# A name that ends with / stands for everything below that folder.
FLOORS = {
    "module_utils/_core/": 0,
    "module_utils/_net/": 1,
    "module_utils/_contract/": 2,
    "module_utils/_providers/": 2,
    "module_utils/_journal/": 2,
    "module_utils/_operations/": 3,
    "module_utils/_purchase/": 3,
    "module_utils/_plans/": 4,
    "module_utils/_tasks/": 5,
    "plugin_utils/": 6,
    "modules/": 6,
    "action/": 6,
    "inventory/": 6,
    "filter/": 6,
    "doc_fragments/": 6,
}
# The only floors or files that may use a library or a module.
ANSIBLE = 5
REQUESTS = 1
PHONENUMBERS = "module_utils/_core/e164.py"
EXITS = "module_utils/_tasks/task.py"
PROVIDERS = "module_utils/_providers/"
# Modules that no other file may import: they are the entry points.
ENDS = ("modules/", "action/", "inventory/", "filter/")
# The only file that may cut a text: after a cut, a part of a secret may be left, which masking cannot find.
CUTS = ("module_utils/_core/errors.py", "module_utils/_net/secrets.py")
LONG = 100  # code that keeps so many characters or more of a value cuts a text
HTTP_LIBRARIES = {"aiohttp", "http", "httpx", "requests", "socket", "urllib3"}


def floor_of(path: str) -> int | None:
    """Return the floor of a file, None when it has none. *path* is relative to plugins/."""
    return next((floor for name, floor in FLOORS.items() if path.startswith(name)), None)


class House:
    """The files below a folder of plugins, and what each imports."""

    def __init__(self, plugins: Path) -> None:
        self.plugins = plugins
        self.trees = {
            file.relative_to(plugins).as_posix(): ast.parse(file.read_text(encoding="utf-8"), str(file))
            for file in sorted(plugins.rglob("*.py"))
        }
        self._providers = {
            provider_of(path)
            for path in self.trees
            if path.startswith(PROVIDERS) and not provider_of(path).startswith("_")
        }

    def findings(self) -> list[str]:
        """Return a line for each fault in the files."""
        return [finding for path, tree in self.trees.items() for finding in self._wrong(path, tree)] + [
            f"plugins/{circle[0]}: imports in a circle: {' → '.join((*circle, circle[0]))}"
            for circle in circles(self._graph())
        ]

    def _graph(self) -> dict[str, set[str]]:
        """Return the files of the collection that each file imports when it is loaded.

        Imports within a function run later, and imports for types never.
        """
        return {
            path: {name for _line, name in self._imports(loaded(tree), path) if name.endswith(".py")}
            for path, tree in self.trees.items()
        }

    def _imports(self, nodes: Iterator[ast.AST], path: str) -> Iterator[tuple[int, str]]:
        """Yield the line and name of each import among *nodes*.

        The name of a module of the collection is its path below plugins/, that of another one is dotted.
        """
        own = ["ansible_collections", "telco", "numbers", "plugins"]
        here = own + path.split("/")
        for node in nodes:
            if isinstance(node, ast.Import):
                names = [alias.name.split(".") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = here[: -node.level] if node.level else []
                base = base + (node.module.split(".") if node.module else [])
                names = [[*base, alias.name] for alias in node.names]
            else:
                continue
            for name in names:
                yield node.lineno, self._resolved(name[len(own) :]) if name[: len(own)] == own else ".".join(name)

    def _resolved(self, parts: list[str]) -> str:
        """Return the file below plugins/ of a dotted name: that of the module, or of the module that has the name."""
        while parts:
            for candidate in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])):
                if candidate in self.trees:
                    return candidate
            parts = parts[:-1]
        return ""

    def _wrong(self, path: str, tree: ast.Module) -> Iterator[str]:
        """Yield a line for each fault in one file."""
        floor = floor_of(path)
        if floor is None:
            if tree.body:
                yield f"plugins/{path}: has no floor; give it one in {Path(__file__).name}"
            return
        for line, name in self._imports(ast.walk(tree), path):
            wrong = wrong_import(path, floor, name)
            if wrong:
                yield f"plugins/{path}:{line}: {wrong}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("fail_json", "exit_json") and path != EXITS:
                yield f"plugins/{path}:{node.lineno}: {node.attr} is for {EXITS} alone"
            if cuts_text(node) and path not in CUTS:
                yield f"plugins/{path}:{node.lineno}: cuts a text: that is for Secrets.cut, which masks it before"
            if floor > 2 and asks_which_provider(node, self._providers):
                yield f"plugins/{path}:{node.lineno}: asks which provider it is, above the providers"


def loaded(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes that run when a file is loaded."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        ):
            continue
        pending.extend(ast.iter_child_nodes(node))


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the circles in *graph*, each once, from its first file on."""
    found: list[list[str]] = []
    done: set[str] = set()

    def walk(path: str, way: list[str]) -> None:
        if path in way:
            circle = way[way.index(path) :]
            first = circle.index(min(circle))
            circle = circle[first:] + circle[:first]
            if circle not in found:
                found.append(circle)
        elif path not in done:
            for name in sorted(graph.get(path, ())):
                walk(name, [*way, path])
            done.add(path)

    for path in graph:
        walk(path, [])
    return found


def wrong_import(path: str, floor: int, name: str) -> str | None:
    """Return a clause that says why the file *path* must not import *name*, or None when it may."""
    if name.endswith(".py"):
        other = floor_of(name)
        if other is not None and other > floor:
            return f"floor {floor} imports {name} of floor {other}"
        if name.startswith(ENDS):
            return f"imports {name}: nothing is imported from there"
        known = [provider_of(file) for file in (path, name) if file.startswith(PROVIDERS)]
        if len(set(known)) > 1 and not known[0].startswith("_"):
            return f"a provider imports {name}: providers do not know each other"
        return None
    top = name.split(".")[0]
    if top == "ansible" and floor < ANSIBLE:
        return f"imports {name} below floor {ANSIBLE}"
    if (top in HTTP_LIBRARIES or name.startswith("urllib.request")) and floor != REQUESTS:
        return f"imports {name}: HTTP is floor {REQUESTS}'s alone"
    if top == "phonenumbers" and path != PHONENUMBERS:
        return f"imports {name}: that is for {PHONENUMBERS} alone"
    return None


def provider_of(path: str) -> str:
    """Return the name of the provider that the file *path* belongs to."""
    return Path(path[len(PROVIDERS) :].split("/")[0]).stem


def cuts_text(node: ast.AST) -> bool:
    """Whether *node* cuts a text: it keeps the beginning."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is None):
        return False
    return (
        isinstance(node.slice.upper, ast.Constant)
        and isinstance(node.slice.upper.value, int)
        and node.slice.upper.value >= LONG
    )


def asks_which_provider(node: ast.AST, providers: set[str]) -> bool:
    """Whether *node* compares a value with a provider's name."""
    if not isinstance(node, ast.Compare):
        return False
    return any(
        isinstance(leaf, ast.Constant) and leaf.value in providers
        for side in (node.left, *node.comparators)
        for leaf in ast.walk(side)
    )


def main() -> int:
    """Print the findings. Return 1 if there are any, else 0."""
    house = House(PLUGINS)
    wrong = house.findings()
    print("\n".join(wrong) if wrong else f"{len(house.trees)} files keep to their floors")
    return 1 if wrong or not house.trees else 0


if __name__ == "__main__":
    sys.exit(main())
