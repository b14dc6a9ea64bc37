# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own modules, imported once by ``ansible_server`` for all its forks.

A worker of Ansible would import them all for one task. Ansible's loader still finds each module in each process. Where
the file that it finds is the one that was imported here, it takes the module from here; any other file it imports
itself.
"""

from __future__ import annotations

import importlib
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from ansible.utils.collection_loader import _collection_finder as finder

FOLDERS = ("plugins/module_utils", "plugins/plugin_utils")
KEPT: dict[str, tuple[types.ModuleType, str, bytes | None]] = {}  # module, file and source, by the module's name


def keep(collections: Path) -> None:
    """Import the modules of telco.numbers below *collections*, by Ansible's loader, which then is as it was."""
    collection = collections / "ansible_collections" / "telco" / "numbers"
    installed = finder._AnsibleCollectionFinder([str(collections)], scan_sys_paths=False)
    installed._install()
    for folder in FOLDERS:
        for path in sorted((collection / folder).rglob("*.py")):
            importlib.import_module(".".join(path.relative_to(collections).with_suffix("").parts))
    installed._remove()
    for name in [name for name in sys.modules if name.partition(".")[0] == "ansible_collections"]:
        module = sys.modules.pop(name)
        loader = module.__spec__ and module.__spec__.loader
        if isinstance(loader, finder._AnsibleCollectionLoader):
            KEPT[name] = module, loader.get_filename(name), loader.get_source(name)
    loader_class = finder._AnsibleCollectionLoader
    loader_class.create_module, loader_class.exec_module = (
        _create(loader_class.create_module),
        _execute(loader_class.exec_module),
    )


def _create(create: Any) -> Any:
    """The loader's way to a module, with those from here."""

    def created(loader: Any, spec: ModuleSpec) -> types.ModuleType | None:
        module, file, source = KEPT.get(spec.name, (None, "", None))
        if module and (loader.get_filename(spec.name), loader.get_source(spec.name)) == (file, source):
            return module
        return create(loader, spec)  # type: ignore[no-any-return]

    return created


def _execute(execute: Any) -> Any:
    """The loader's way to fill a module, which those from here have behind them."""

    def executed(loader: Any, module: types.ModuleType) -> None:
        if KEPT.get(module.__name__, (None,))[0] is not module:
            execute(loader, module)

    return executed
