# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is listed in two places is the same in both. The options of modules and plugins are left to ansible-test's
validate-modules.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

COLLECTION = Path(__file__).resolve().parents[3]
ROLES = sorted(path.name for path in (COLLECTION / "roles").iterdir() if path.is_dir())
# The specification of an option has it evaluated at the start of every run, and this one asks the controller.
UNSPECIFIED = {"controller_present_settings"}
MODULES = {path.stem for path in (COLLECTION / "plugins/modules").glob("[!_]*.py")}


class Loader(yaml.SafeLoader):
    """Reads Ansible's own tags as what stands after them."""


Loader.add_constructor("!unsafe", Loader.construct_yaml_str)


@functools.lru_cache(maxsize=None)
def read(path: Path) -> Any:
    """What a YAML file holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def defaults(role: str) -> dict[str, Any]:
    """The variables that a role has values for and that its user may set."""
    folder = COLLECTION / "roles" / role / "defaults"
    return {
        name: value
        for file in folder.rglob("*.yml")
        for name, value in read(file).items()
        if not name.startswith("__") and name not in UNSPECIFIED
    }


def options(role: str) -> dict[str, dict[str, Any]]:
    """The options of all entry points of a role."""
    entries = read(COLLECTION / "roles" / role / "meta/argument_specs.yml")["argument_specs"].values()
    return {name: option for entry in entries for name, option in entry["options"].items()}


def test_every_module_is_in_the_action_group() -> None:
    """And nothing else is, so that module_defaults reach them all. Those about a plan have other options."""
    groups = read(COLLECTION / "meta/runtime.yml")["action_groups"]
    assert MODULES
    plans = {name for name in MODULES if "_plan" in name}
    assert groups == {"numbers": sorted(MODULES - plans), "plans": sorted(plans)}


def test_every_module_has_its_action_plugin() -> None:
    """A module without one would always be shipped, and a plugin without a module has no documentation."""
    assert {path.stem for path in (COLLECTION / "plugins/action").glob("[!_]*.py")} == MODULES


@pytest.mark.parametrize("role", ROLES)
def test_every_default_is_an_option(role: str) -> None:
    """And every option has a default or says that it is needed."""
    needed = {name for name, option in options(role).items() if option.get("required")}
    assert set(defaults(role)) | needed == set(options(role))


@pytest.mark.parametrize("role", ROLES)
def test_the_documented_default_is_the_real_one(role: str) -> None:
    """Unless it is made when the role runs, or too long to be repeated."""
    for name, value in defaults(role).items():
        documented = options(role)[name]
        if "default" in documented and "{{" not in str(value):
            assert documented["default"] == value, name


@pytest.mark.parametrize("role", ROLES)
def test_every_option_is_in_the_readme(role: str) -> None:
    """And the table of variables has no other."""
    text = (COLLECTION / "roles" / role / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`({role}_\w+)`", text))
    assert set(options(role)) <= named
    rows = {
        name for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for name in re.findall(rf"`({role}_\w+)`", row)
    }
    assert rows - UNSPECIFIED <= set(options(role))
