# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories and files that belong to one user alone."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core import files
from ansible_collections.telco.numbers.plugins.module_utils._core.files import Unsafe
from ansible_collections.telco.numbers.tests.unit.plugins.module_utils.builders import in_another_process


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_a_directory_is_made_for_its_owner_alone(tmp_path, umask):
    path = files.private_directory(str(tmp_path / "state" / "telco.numbers"))
    assert path == str(tmp_path / "state" / "telco.numbers")
    assert mode(path) == 0o700


def test_a_private_directory_is_used_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir(mode=0o700)
    (tmp_path / "mine" / "file").write_text("kept")
    assert files.private_directory(str(tmp_path / "mine")) == str(tmp_path / "mine")
    assert (tmp_path / "mine" / "file").read_text() == "kept"


def test_the_home_directory_is_meant_by_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.private_directory("~/state") == str(tmp_path / "state")


@pytest.mark.parametrize("bits", [0o755, 0o750, 0o707, 0o710, 0o701, 0o720, 0o770, 0o777])
def test_a_directory_that_others_may_enter_is_refused_and_left_alone(tmp_path, bits):
    path = tmp_path / "open"
    path.mkdir()
    path.chmod(bits)
    with pytest.raises(Unsafe, match="open to other users"):
        files.private_directory(str(path))
    assert mode(path) == bits


def test_a_directory_of_somebody_else_is_refused(foreign_directory):
    with pytest.raises(Unsafe, match="another user"):
        files.private_directory(str(foreign_directory))


@pytest.mark.parametrize("slash", ["", "/", "/."])
def test_a_link_to_a_directory_is_refused(tmp_path, slash):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Unsafe, match="link"):
        files.private_directory(str(tmp_path / "link") + slash)


@pytest.mark.parametrize("name", ["file", "file/below", "file/below/further", "dangling", "nul\0byte", "x" * 300])
def test_what_cannot_be_a_directory_is_refused(tmp_path, name):
    (tmp_path / "file").touch(mode=0o600)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unsafe):
        files.private_directory(os.path.join(str(tmp_path), name))


def test_a_directory_that_cannot_be_written_is_refused(open_to_all):
    def attempt():
        path = os.path.join(open_to_all, "state")
        os.mkdir(path, 0o500)
        outcomes = []
        for candidate in (path, os.path.join(path, "below")):
            try:
                outcomes.append(files.private_directory(candidate))
            except Unsafe as error:
                outcomes.append(type(error))
        return outcomes

    assert in_another_process(attempt, ordinary_user=True) == [Unsafe, Unsafe]


def test_a_file_is_made_for_its_owner_alone(tmp_path, umask):
    path = tmp_path / "file"
    os.close(files.open_private(str(path), os.O_WRONLY | os.O_CREAT))
    assert mode(path) == 0o600


def test_an_absent_file_is_told_from_a_bad_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.open_private(str(tmp_path / "none"), os.O_RDONLY)


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDWR | os.O_CREAT, os.O_WRONLY | os.O_APPEND | os.O_CREAT])
@pytest.mark.parametrize("bits", [0o644, 0o640, 0o604, 0o620, 0o602, 0o666])
def test_a_file_that_others_may_read_or_write_is_refused(tmp_path, bits, flags):
    path = tmp_path / "file"
    path.write_text("secret")
    path.chmod(bits)
    with pytest.raises(Unsafe, match="open to other users"):
        files.open_private(str(path), flags)
    assert path.read_text() == "secret"


def test_a_file_of_somebody_else_is_refused(foreign_file):
    with pytest.raises(Unsafe, match="another user"):
        files.open_private(str(foreign_file), os.O_RDONLY)


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDWR | os.O_CREAT])
def test_a_link_to_a_file_is_refused(tmp_path, flags):
    (tmp_path / "real").touch(mode=0o600)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unsafe):
        files.open_private(str(tmp_path / "link"), flags)
    with pytest.raises(Unsafe):
        files.open_private(str(tmp_path / "dangling"), flags)
    assert not (tmp_path / "nowhere").exists()


def test_a_directory_is_no_file(tmp_path):
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(Unsafe):
        files.open_private(str(tmp_path / "folder"), os.O_RDONLY)


def test_refusing_leaves_no_descriptor_open(tmp_path):
    (tmp_path / "open").touch(mode=0o600)
    (tmp_path / "open").chmod(0o644)
    first = os.dup(0)
    os.close(first)
    for _time in range(3):
        with pytest.raises(Unsafe):
            files.open_private(str(tmp_path / "open"), os.O_RDONLY)
    second = os.dup(0)
    os.close(second)
    assert first == second


def test_replacing_leaves_one_private_file_with_the_new_content(tmp_path, umask):
    path = tmp_path / "file"
    files.replace(str(path), b"first, and longer")
    files.replace(str(path), b"second")
    assert path.read_bytes() == b"second"
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_replacing_a_link_does_not_write_through_it(tmp_path):
    (tmp_path / "real").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files.replace(str(tmp_path / "link"), b"new")
    assert (tmp_path / "real").read_text() == "kept"
    assert (tmp_path / "link").read_text() == "new"


def test_what_cannot_be_replaced_keeps_its_content_and_leaves_no_draft(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").touch()
    with pytest.raises(Unsafe):
        files.replace(str(tmp_path / "target"), b"x")
    with pytest.raises(Unsafe):
        files.replace(str(tmp_path / "absent" / "file"), b"x")
    assert os.listdir(tmp_path) == ["target"]
