# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the floors finds what is planted: an import upward, a circle, a name that nobody may import."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import floors

PLANTED = {
    "an import upward": (
        {"_core/money.py": "from .._net.clock import Clock\n"},
        "floor 0 imports module_utils/_net/clock.py of floor 1",
    ),
    "an import upward within a function": (
        {"_core/money.py": "def late():\n    from .._net import clock\n"},
        "floor 0 imports module_utils/_net/clock.py",
    ),
    "a circle of two": (
        {"_net/clock.py": "from . import wire\n", "_net/wire.py": "from .clock import Clock\n"},
        "_net/clock.py → module_utils/_net/wire.py",
    ),
    "a circle of three": (
        {
            "_net/clock.py": "from . import wire\n",
            "_net/wire.py": "from . import pace\n",
            "_net/pace.py": "from .clock import Clock\n",
        },
        "imports in a circle",
    ),
    "Ansible below its floor": (
        {"_operations/read.py": "import ansible.utils\n"},
        "imports ansible.utils below floor 5",
    ),
    "a module that is imported": (
        {"_tasks/task.py": "from ...modules import thing\n"},
        "floor 5 imports modules/thing.py of floor 6",
    ),
    "a provider that knows another": (
        {"_providers/one.py": "from . import two\n", "_providers/two.py": ""},
        "providers do not know each other",
    ),
    "a question for the provider": (
        {"_operations/read.py": "x = provider == 'one'\n", "_providers/one.py": ""},
        "asks which provider it is",
    ),
}


def planted(folder: Path, files: dict[str, str]) -> floors.House:
    """A house with the *files* in its module_utils."""
    for name, text in {
        "_net/clock.py": "",
        "_net/wire.py": "",
        "_net/pace.py": "",
        **files,
        "../modules/thing.py": "",
    }.items():
        path = folder / "module_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return floors.House(folder)


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(tmp_path: Path, what: str) -> None:
    files, expected = PLANTED[what]
    assert any(expected in finding for finding in planted(tmp_path, files).findings())


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    late = "def f():\n    from . import wire\n"  # is loaded later, so it is no circle
    fine = {"_core/money.py": "import decimal\n", "_net/clock.py": late, "_net/wire.py": "from .clock import Clock\n"}
    assert planted(tmp_path, fine).findings() == []
