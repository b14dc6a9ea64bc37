# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment: what ansible-builder makes of its definition, and what it reads out of the collection."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml
from ansible_runs import COLLECTIONS
from conftest import ROOT

LINES = (ROOT / "requirements.txt").read_text().splitlines()
DECLARED = [line for line in LINES if line and not line.startswith("#")]


def builder(*arguments: str) -> str:
    """What ansible-builder says, which must succeed."""
    ran = subprocess.run(
        [sys.executable, "-m", "ansible_builder", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_introspection_finds_what_is_declared_and_nothing_else(tmp_path: Path) -> None:
    builder(
        "introspect", str(COLLECTIONS), "--write-pip", str(tmp_path / "pip"), "--write-bindep", str(tmp_path / "bindep")
    )
    found = [line.split("#")[0].strip() for line in (tmp_path / "pip").read_text().splitlines()]
    assert sorted(filter(None, found)) == sorted(DECLARED) and len(DECLARED) == 2
    assert not (tmp_path / "bindep").exists() or (tmp_path / "bindep").read_text().strip() == ""
    assert not any("==" in line for line in DECLARED)


def test_the_build_context_is_made(tmp_path: Path) -> None:
    builder(
        "create",
        "--file",
        str(ROOT / "execution-environment.yml"),
        "--context",
        str(tmp_path),
        "--output-filename",
        "Containerfile",
    )
    content = (tmp_path / "Containerfile").read_text()
    assert (
        re.search(r"^RUN .*/var/lib/telco\.numbers/journal$", content, re.M)
        and "ENV TELCO_NUMBERS_JOURNAL=/var/lib/telco.numbers/journal" in content
    )
    galaxy = yaml.safe_load((tmp_path / "_build" / "requirements.yml").read_text())
    assert galaxy == yaml.safe_load(
        (ROOT / "examples" / "awx_project" / "collections" / "requirements.yml").read_text()
    )


def test_the_role_mounts_where_the_image_expects_it() -> None:
    definition = yaml.safe_load((ROOT / "execution-environment.yml").read_text())
    defaults = yaml.safe_load((ROOT / "roles" / "controller" / "defaults" / "main" / "main.yml").read_text())
    assert (
        f"ENV TELCO_NUMBERS_JOURNAL={defaults['controller_state_dir']}/journal"
        in definition["additional_build_steps"]["append_final"]
    )
    # The major versions are fixed, by a lower and an upper bound each.
    named = [definition["dependencies"][name]["package_pip"] for name in ("ansible_core", "ansible_runner")]
    named += [collection["version"] for collection in definition["dependencies"]["galaxy"]["collections"]]
    assert all(">=" in name and ",<" in name for name in named)
