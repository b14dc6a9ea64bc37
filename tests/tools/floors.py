# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check who may import whom in plugins/: the floors of the house (see CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"

# A name that ends with / stands for everything below that folder.
FLOORS = {
    "module_utils/_errors.py": 0,
    "module_utils/_model.py": 0,
    "module_utils/_e164.py": 0,
    "module_utils/_files.py": 0,
    "module_utils/_money.py": 0,
    "module_utils/_pool.py": 0,
    "module_utils/_selector.py": 0,
    "module_utils/_http.py": 1,
    "module_utils/_secrets.py": 1,
    "module_utils/_network.py": 1,
    "module_utils/_pace.py": 1,
    "module_utils/_refusals.py": 1,
    "module_utils/_auth.py": 1,
    "module_utils/_signing.py": 1,
    "module_utils/_paging.py": 2,
    "module_utils/_provider.py": 2,
    "module_utils/_providers/": 2,
    "module_utils/_rows.py": 2,
    "module_utils/_operations/": 3,
    "module_utils/_module.py": 4,
    "module_utils/_options.py": 4,
    "plugin_utils/": 5,
    "modules/": 5,
    "action/": 5,
    "inventory/": 5,
    "filter/": 5,
    "doc_fragments/": 5,
}
# Who alone may use it: a floor, or a file.
REQUESTS = 1
PHONENUMBERS = "module_utils/_e164.py"
EXITS = "module_utils/_module.py"
CUTS = ("module_utils/_errors.py", "module_utils/_secrets.py")
LONG = 100  # who keeps so many characters of something cuts a text
HTTP_LIBRARIES = {"aiohttp", "http", "httpx", "requests", "socket", "urllib3"}


def floor_of(path: str) -> int | None:
    """The floor of a file, given relative to plugins/; None when it has none."""
    for name, floor in FLOORS.items():
        if path == name or (name.endswith("/") and path.startswith(name)):
            return floor
    return None


def imports(tree: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    """Every import of the file with its line: outside modules by dotted name, the collection's own as a path below plugins/."""
    own = ["ansible_collections", "telco", "numbers", "plugins"]
    here = own + path.split("/")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: -node.level] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            names = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            yield node.lineno, resolved(name[len(own) :]) if name[: len(own)] == own else ".".join(name)


def resolved(parts: list[str]) -> str:
    """The file below plugins/ that an own dotted name means: the module itself, or the one that holds the name."""
    while parts:
        for candidate in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])):
            if (PLUGINS / candidate).is_file():
                return candidate
        parts = parts[:-1]
    return ""


def wrong_import(path: str, floor: int, name: str) -> str | None:
    """What is wrong about a file that imports this, if anything."""
    if name.endswith(".py"):
        other = floor_of(name)
        if other is not None and other > floor:
            return f"floor {floor} imports {name} of floor {other}"
        providers = "module_utils/_providers/"
        if path.startswith(providers) and name.startswith(providers) and not path.endswith("__init__.py"):
            return f"a provider imports {name}: providers do not know each other"
        return None
    top = name.split(".")[0]
    if top == "ansible" and floor < 4:
        return f"imports {name} below floor 4"
    if (top in HTTP_LIBRARIES or name.startswith("urllib.request")) and floor != REQUESTS:
        return f"imports {name}: HTTP is floor {REQUESTS}'s alone"
    if top == "phonenumbers" and path != PHONENUMBERS:
        return f"imports {name}: that is for {PHONENUMBERS} alone"
    return None


def provider_names() -> set[str]:
    """The providers that exist: one file each."""
    return {file.stem for file in (PLUGINS / "module_utils/_providers").glob("[!_]*.py")}


def asks_which_provider(node: ast.AST, providers: set[str]) -> bool:
    """Whether this compares something with a provider's name."""
    if not isinstance(node, ast.Compare):
        return False
    return any(isinstance(leaf, ast.Constant) and leaf.value in providers for side in (node.left, *node.comparators) for leaf in ast.walk(side))


def cuts_text(node: ast.AST) -> bool:
    """Whether this keeps the beginning of a text, in which a part of a secret may be left that nobody finds any more."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is None):
        return False
    return isinstance(node.slice.upper, ast.Constant) and isinstance(node.slice.upper.value, int) and node.slice.upper.value >= LONG


def findings(file: Path) -> Iterator[str]:
    """Everything that is wrong in a file."""
    path = file.relative_to(PLUGINS).as_posix()
    floor = floor_of(path)
    if floor is None:
        if file.read_text(encoding="utf-8").strip():
            yield f"plugins/{path}: has no floor; give it one in {Path(__file__).name}"
        return
    tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
    providers = provider_names()
    for line, name in imports(tree, path):
        wrong = wrong_import(path, floor, name)
        if wrong:
            yield f"plugins/{path}:{line}: {wrong}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("fail_json", "exit_json") and path != EXITS:
            yield f"plugins/{path}:{node.lineno}: {node.attr} is for {EXITS} alone"
        if cuts_text(node) and path not in CUTS:
            yield f"plugins/{path}:{node.lineno}: cuts a text: that is for Secrets.cut, which masks it before"
        if floor > 2 and asks_which_provider(node, providers):
            yield f"plugins/{path}:{node.lineno}: asks which provider it is, above the providers"


def main() -> int:
    """Print the findings; 1 if there are any."""
    files = sorted(PLUGINS.rglob("*.py"))
    wrong = [finding for file in files for finding in findings(file)]
    print("\n".join(wrong) if wrong else f"{len(files)} files keep to their floors")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
