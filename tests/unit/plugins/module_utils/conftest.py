# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
import typing as t

import hypothesis
import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.errors import Failure

# The same examples each time, and no verdict by the clock: a slow machine must not turn a test red.
hypothesis.settings.register_profile(
    "telco", deadline=None, derandomize=True, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("telco")


class Refusal:
    """The failure that a block ended with."""

    failure: Failure

    def __str__(self) -> str:
        return self.failure.message


class Refused:
    """``with refused("locked") as it:`` passes when the block ends with a failure of that code and one line of text."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._refusal = Refusal()

    def __enter__(self) -> Refusal:
        return self._refusal

    def __exit__(self, kind: t.Any, error: BaseException | None, trace: t.Any) -> bool:
        assert isinstance(error, Failure) or error is None, error
        assert error is not None, f"nothing was refused; expected {self._code}"
        assert error.code == self._code, error.message
        assert error.message and "\n" not in error.message
        self._refusal.failure = error
        return True


@pytest.fixture(scope="session")
def refused() -> t.Callable[[str], Refused]:
    return Refused


@pytest.fixture
def foreign_directory(tmp_path: pathlib.Path) -> pathlib.Path:
    """A directory of mode 0700 or another one that belongs to somebody else."""
    if os.geteuid() != 0:
        return pathlib.Path("/")
    path = tmp_path / "foreign"
    path.mkdir(mode=0o700)
    os.chown(path, 65534, 65534)
    return path


@pytest.fixture
def foreign_file(tmp_path: pathlib.Path) -> pathlib.Path:
    """A readable file that belongs to somebody else."""
    if os.geteuid() != 0:
        return pathlib.Path("/etc/passwd")
    path = tmp_path / "foreign.json"
    path.touch(mode=0o600)
    os.chown(path, 65534, 65534)
    return path


@pytest.fixture
def open_to_all() -> t.Iterator[str]:
    """A directory in which every user may make files."""
    path = tempfile.mkdtemp()
    os.chmod(path, 0o777)
    yield path
    shutil.rmtree(path)
