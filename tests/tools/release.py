# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version of a release: ``release.py X.Y.Z`` sets it in galaxy.yml, ``release.py --tag X.Y.Z`` checks that it was
released.

Standard library only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GALAXY = ROOT / "galaxy.yml"
VERSION = re.compile(r"^version: (\S+)$", re.MULTILINE)


def current() -> str:
    """Return the version in galaxy.yml."""
    match = VERSION.search(GALAXY.read_text(encoding="utf-8"))
    if match is None:
        sys.exit("galaxy.yml has no version")
    return match.group(1)


def numbers(version: str) -> tuple[int, ...]:
    """Return the parts of *version*, for comparison."""
    return tuple(int(part) for part in version.split("."))


def is_released(version: str) -> bool:
    """Whether the changelog has *version*."""
    return (
        re.search(
            rf"^  {re.escape(version)}:$",
            (ROOT / "changelogs/changelog.yaml").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
        is not None
    )


def refuse_tag(tag: str) -> str | None:
    """Return the reason why *tag* must not be published, or None."""
    if tag != current():
        return f"the tag is {tag}, but galaxy.yml has {current()}"
    return None if is_released(tag) else f"the changelog has no {tag}"


def refuse_version(version: str) -> str | None:
    """Return the reason why *version* cannot be the next release, or None."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        return f"{version!r} is no version like 1.2.3"
    if is_released(version) or numbers(version) < numbers(current()):
        return f"{version} does not come after {current()}"
    return (
        None
        if any((ROOT / "changelogs/fragments").glob("*.yml"))
        else "changelogs/fragments says nothing of what is new"
    )


def main(arguments: list[str]) -> int:
    """Set or check a version. Print the reason and return 1 if it must not be."""
    if len(arguments) != (2 if arguments[:1] == ["--tag"] else 1):
        sys.exit("Which version? make release VERSION=X.Y.Z")
    wrong = (refuse_tag if len(arguments) == 2 else refuse_version)(arguments[-1])
    if wrong:
        print(wrong, file=sys.stderr)
    elif len(arguments) == 1:
        GALAXY.write_text(VERSION.sub(f"version: {arguments[0]}", GALAXY.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
