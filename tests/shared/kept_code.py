# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the compiled code of what Ansible imports, as Python keeps that of other files.

Ansible ships each module with what it imports as a zip file, and loads collections by a loader of its own: Python
compiles all of that in each process, what is in a zip file even twice, which takes longer than most modules do. The
sessions of ``noxfile.py`` that run many modules have this file in their environment, where every process loads it. The
code is the same, and so is a process but for its time.
"""

from __future__ import annotations

import _imp
import marshal
import os
import sys
import zipimport

FOLDER = os.path.join(sys.prefix, "kept-code")
LOADER = "ansible.utils.collection_loader._collection_finder"
compiled = zipimport._compile_source


def kept(path, source):
    """Return the code of *source*, the bytes of the file *path*, from the folder or newly compiled."""
    import importlib.util  # not before it is needed, because every process loads this file

    place = os.path.join(FOLDER, importlib.util.source_hash(source).hex())  # Python's version is in it
    try:
        with open(place, "rb") as file:
            code = marshal.loads(file.read())
    except OSError:
        code = compiled(path, source)
        _keep(place, code)
    _imp._fix_co_filename(code, path)
    return code


def _keep(place, code):
    """Write *code* to the file *place*, unless the environment belongs to another user."""
    written = f"{place}.{os.getpid()}"
    try:
        os.makedirs(FOLDER, exist_ok=True)
        with open(written, "wb") as file:
            file.write(marshal.dumps(code))
        os.rename(written, place)
    except OSError:
        pass


class _Watch:
    """Waits for Ansible's loader of collections to be imported."""

    def find_spec(self, name, path=None, target=None):
        """The loader as it is, but for the built-in function that it compiles with."""
        if name != LOADER:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def executed(module):
            execute(module)
            module.compile = lambda source, filename, **_options: kept(filename, source)

        spec.loader.exec_module = executed
        return spec


zipimport._compile_source = kept
sys.meta_path.insert(0, _Watch())
