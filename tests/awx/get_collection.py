# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lay the collection awx.awx into a folder, unless it is there: ``get_collection.py FOLDER``. A package of Ansible
carries it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements" / "awx-collection.txt"
PREFIX = "ansible_collections/awx/awx/"


def main(folder: Path) -> int:
    """1 if the package cannot be had."""
    if (folder / PREFIX / "MANIFEST.json").exists():
        return 0
    with tempfile.TemporaryDirectory() as work:
        download = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            work,
            "--requirement",
            str(REQUIREMENTS),
        ]
        if subprocess.run(download, check=False).returncode:
            print("The collection awx.awx cannot be had: what needs it is not checked.")
            return 1
        (wheel,) = Path(work).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(PREFIX)]
            archive.extractall(
                folder, sorted(names, key=lambda name: name.endswith("MANIFEST.json"))
            )  # the mark of success comes last
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
