# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core and Python versions are supported: the one table, and the check that everything else agrees with
it.

Without arguments it checks the files that repeat a part of it; ``--installed CORE`` checks it against the ansible-core
that is installed; ``--json`` prints what the hosted checks need of it. Standard library only, for any Python 3.8 and
newer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Core(NamedTuple):
    """An ansible-core: the release to test with, the Pythons that run it, and those that run modules for it (oldest
    first).
    """

    release: str
    controllers: tuple[str, ...]
    targets: tuple[str, ...]


# Oldest first.
CORES = {
    "2.18": Core("2.18.19", ("3.11", "3.12", "3.13"), ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")),
    "2.19": Core("2.19.14", ("3.11", "3.12", "3.13"), ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")),
    "2.20": Core("2.20.10", ("3.12", "3.13", "3.14"), ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")),
    "2.21": Core("2.21.5", ("3.12", "3.13", "3.14"), ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")),
}
OLDEST, NEWEST = list(CORES)[0], list(CORES)[-1]
TARGETS = sorted(
    {python for core in CORES.values() for python in core.targets}, key=lambda version: int(version.split(".")[1])
)


def newest(python: str) -> str:
    """Return the newest ansible-core that this Python runs."""
    return [name for name, core in CORES.items() if python in core.controllers][-1]


def table() -> str:
    """Return the table of README.md."""
    rows = [
        f"| {name} | {core.controllers[0]} to {core.controllers[-1]} | {core.targets[0]} to {core.targets[-1]} |"
        for name, core in reversed(CORES.items())
    ]
    return "\n".join(["| ansible-core | Python on the controller | Python where tasks run |", "|---|---|---|", *rows])


def repeated() -> dict[str, str]:
    """Return the text that each file must have, by the file's name."""
    pins = [
        f'ansible-core=={CORES[newest("3.12")].release}; python_version >= "3.12"',
        f'ansible-core=={CORES[newest("3.11")].release}; python_version < "3.12"',
    ]
    return {
        "README.md": table(),
        "meta/runtime.yml": f'requires_ansible: ">={OLDEST}.0"',
        "tests/config.yml": f'python_requires: ">={TARGETS[0]}"',
        "tests/requirements/ansible-core.txt": "\n".join(pins),
    }


def disagreeing() -> list[str]:
    """Return a message for each file that does not have its text."""
    return [
        f"{file} does not have, in agreement with tests/tools/supported.py:\n{text}"
        for file, text in repeated().items()
        if text not in read(file)
    ]


def read(file: str) -> str:
    """Return the text of a file of the collection."""
    return (ROOT / file).read_text(encoding="utf-8")


def installed(name: str) -> list[str]:
    """Return a message when the installed ansible-core supports other Pythons than the table says."""
    from ansible.release import __version__
    from ansible_test._util.target.common import constants

    core = CORES[name]
    theirs = Core(
        __version__,
        constants.CONTROLLER_PYTHON_VERSIONS,
        (*constants.REMOTE_ONLY_PYTHON_VERSIONS, *constants.CONTROLLER_PYTHON_VERSIONS),
    )
    return [] if theirs == core else [f"ansible-core {name} is {theirs}, but tests/tools/supported.py has {core}"]


def main(arguments: list[str]) -> int:
    """Print the differences. Return 1 if there are any, else 0."""
    if arguments == ["--json"]:
        cores = [{"core": name, "pythons": "\n".join(core.targets)} for name, core in CORES.items()]
        print(json.dumps({"cores": cores, "pythons": "\n".join(TARGETS)}))
        return 0
    wrong = installed(arguments[1]) if arguments[:1] == ["--installed"] else disagreeing()
    print("\n".join(wrong) if wrong else "the supported versions agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
