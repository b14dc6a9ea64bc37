# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check what a built artifact holds: ``artifact.py telco-numbers-X.tar.gz``."""

from __future__ import annotations

import sys
import tarfile

REQUIRED = {
    "plugins",
    "roles",
    "playbooks",
    "meta",
    "README.md",
    "CHANGELOG.md",
    "LICENSES",
    "requirements.txt",
    "MANIFEST.json",
    "FILES.json",
}
ALLOWED = REQUIRED | {
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "COPYING",
    "REUSE.toml",
    "SECURITY.md",
    "changelogs",
    "docs",
    "extensions",
}


def main(artifact: str) -> int:
    """Print the files that are missing or do not belong into the artifact. Return 1 if there are any, else 0."""
    with tarfile.open(artifact) as archive:
        names = archive.getnames()
    top = {name.split("/")[0] for name in names}
    hidden = {name for name in names if any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))}
    wrong = [f"{name} does not belong into the artifact" for name in sorted((top - ALLOWED) | hidden)]
    wrong += [f"{name} is missing in the artifact" for name in sorted(REQUIRED - top)]
    print("\n".join(wrong) if wrong else f"the artifact holds {len(names)} files and folders, and what belongs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
