# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Python interpreters are here: those on PATH, and pyenv's (whose shims do not work in ansible-test's reduced
environment).

``python3 pythons.py`` prints the one to build the project's environments with. Standard library only, for any Python
3.8 and newer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Best first: the tools' pins were tried with these.
CONTROLLERS = ("3.13", "3.12", "3.11", "3.14")

_PROBE = "import ensurepip, os, sys, venv; print('%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable))"


def real(version: str) -> Path | None:
    """Return the real path of a Python of this version that can make virtual environments, or None."""
    name = f"python{version}"
    folders = [folder for folder in os.get_exec_path() if Path(folder).name != "shims"]
    candidates = [Path(folder, program) for folder in folders for program in (name, "python3")]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates += pyenv.glob(f"versions/{version}.*/bin/{name}")
    for candidate in candidates:
        if not os.access(candidate, os.X_OK):
            continue
        probe = subprocess.run([str(candidate), "-c", _PROBE], capture_output=True, text=True, check=False)
        answer = probe.stdout.split(maxsplit=1)
        if probe.returncode == 0 and answer[0] == version:
            return Path(answer[1].strip())
    return None


def main() -> int:
    """Print the newest suitable interpreter."""
    for version in CONTROLLERS:
        python = real(version)
        if python:
            print(python)
            return 0
    print(
        "No Python 3.11 or newer with venv and ensurepip was found (on Debian: apt-get install python3-venv).",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
