# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is unusual about examples of pages that should not carry remarks of ours: they are read as plain Markdown."""

from __future__ import annotations

from pathlib import Path

_PLAN = (Path(__file__).resolve().parents[2] / "playbooks" / "vars" / "example_plan.yml").read_text(encoding="utf-8")
_INVENTORY = "plugin: telco.numbers.plan\nplan_file: numbers.yml\n"

# Page → a part of a block → its remarks, as blocks.py explains them.
REMARKS: dict[str, dict[str, list[str]]] = {
    "README.md": {
        "ansible-galaxy collection install telco.numbers": [
            "skip It installs from Galaxy; the session build installs the artifact."
        ],
        "git+https://github.com": ["skip It installs from GitHub."],
        "pip install aiohttp": [
            "skip It is typed in a checkout and installs from the network; the page of the first steps starts the "
            "sandbox."
        ],
    },
    "docs/awx.md": {
        "ansible-builder build": [
            "skip It builds and pushes an image; tests/awx has ansible-builder make its context."
        ],
        "sudo install": ["skip It is typed on an execution node."],
        "export CONTROLLER_HOST": ["skip It needs a controller; tests/awx runs the role against a stand-in."],
        "controller_prefix: Phone numbers US": ["skip They are variables alone, for another run of the role."],
    },
    "roles/audit/README.md": {
        "- name: Audit the numbers": ["once"],
    },
    "roles/controller/README.md": {
        "ansible-playbook telco.numbers.controller": [
            "skip It needs a controller; tests/awx runs it against a stand-in."
        ],
        "infra.aap_configuration.dispatch": ["skip It needs a controller and a collection that is not ours."],
    },
    "roles/adopt/README.md": {
        "infobip_sms-gb-virtual": ["skip It is the file that the commands above write."],
    },
    "roles/decommission/README.md": {
        "- name: campaign-2025": ["file numbers.yml"],
        "decommission_checksum=CHECKSUM": ["capture CHECKSUM Checksum: ([0-9a-f]{64})"],
        "EDC3C86EB5E1491DB7A6CE5D91EB8144": [
            "skip It is what check mode says, with an id and a checksum that differ each time."
        ],
    },
    "roles/provision/README.md": {
        "provision_checksum=CHECKSUM": ["skip The word stands for a checksum; tests/roles gives a real one."],
    },
    "roles/sandbox/README.md": {
        "- name: Rehearse": ["skip It takes a port that may be in use; tests/sandbox runs the role."],
        "curl -u": ["skip It takes a port that may be in use; tests/sandbox starts the process and asks it."],
        "sandbox_seed:": ["skip They are variables alone; tests/sandbox plants seeds."],
        "sandbox_faults:": ["skip They are variables alone; tests/sandbox sets faults."],
    },
    "examples/awx_project/README.md": {
        "ansible-galaxy collection install": ["skip It installs from Galaxy; tests/awx runs the project."],
    },
}

# Page → files that it takes for granted.
FILES: dict[str, dict[str, str]] = {
    "roles/audit/README.md": {"numbers.yml": _PLAN, "production.telco_plan.yml": _INVENTORY},
    "roles/decommission/README.md": {"production.telco_plan.yml": _INVENTORY},
    "roles/provision/README.md": {"production.telco_plan.yml": _INVENTORY},
}
