# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does what a reader of a page does: saves its files, types its commands, runs its plays, one after the other in a home
of their own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import ansible_runs
import yaml
from blocks import Block

PORT = "8888"  # where the pages have the sandbox

# What the pages take for granted once the sandbox is there: the variables of README.md.
VARIABLES = {
    "SINCH_PORTAL_URL": f"http://127.0.0.1:{PORT}/sinch_portal",
    "SINCH_NUMBERS_URL": f"http://127.0.0.1:{PORT}/sinch_catalog",
    "INFOBIP_BASE_URL": f"http://127.0.0.1:{PORT}/infobip_sms",
    "PLIVO_API_URL": f"http://127.0.0.1:{PORT}/plivo_groups",
    "TELCO_NUMBERS_TWILIO_API_URL": f"http://127.0.0.1:{PORT}/twilio",
    "BW_API_URL": f"http://127.0.0.1:{PORT}/bandwidth",
    "TELNYX_BASE_URL": f"http://127.0.0.1:{PORT}/telnyx/v2",
    "SINCH_USERNAME": "sandbox@example.com",
    "SINCH_PASSWORD": "sandbox-portal-password",
    "SINCH_ACCOUNT_ID": "ACsandbox",
    "SINCH_KEY_ID": "sandbox-catalog-key",
    "SINCH_KEY_SECRET": "sandbox-catalog-secret",
    "INFOBIP_API_KEY": "sandbox-infobip-api-key",
    "PLIVO_AUTH_ID": "MASANDBOXACCOUNT0001",
    "PLIVO_AUTH_TOKEN": "sandbox-plivo-auth-token",
    "BW_ACCOUNT_ID": "5550001",
    "BW_CLIENT_ID": "sandbox-bandwidth-client",
    "BW_CLIENT_SECRET": "sandbox-bandwidth-secret",
    "TELNYX_API_KEY": "KEY01SANDBOX_telnyx_key",
    "TELCO_NUMBERS_TELNYX_ACCOUNT_ID": "sandbox-telnyx",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "sandbox-twilio-auth-token",
}

_PLAY = "- name: The tasks\n  hosts: localhost\n  gather_facts: false\n  tasks:\n"


class _Loader(yaml.SafeLoader):
    """Reads YAML with Ansible's tags."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


class Reader:
    """A home, the environment of its shell, and what was printed last."""

    def __init__(
        self, home: Path, port: int, variables: dict[str, str], collection: Path = ansible_runs.COLLECTION
    ) -> None:
        """*port* takes the place of the port that the pages name."""
        self.home, self.port = home, port
        self.captured: dict[str, str] = {}
        self.output = ""
        self._here = home
        installed = home / ".ansible" / "collections" / "ansible_collections" / "telco"
        installed.mkdir(parents=True)
        (installed / "numbers").symlink_to(collection)
        self._env = ansible_runs.environment(
            home,
            PATH=os.pathsep.join([str(ansible_runs.commands()), str(Path(sys.executable).parent), os.environ["PATH"]]),
            ANSIBLE_COLLECTIONS_PATH=str(collection.parents[2]),
            TELCO_NUMBERS_SETTLE_TIME="1",
            **{name: self._ported(value) for name, value in variables.items()},
        )

    def follow(self, block: Block) -> None:
        """Carry out a block. Raises AssertionError when something comes out otherwise than the page says."""
        text = self._ported(block.text)
        for name, value in self.captured.items():
            text = text.replace(name, value)
        if block.remarks.keys() & {"skip", "into"}:
            return
        if "output" in block.remarks:
            self._compare(block, text)
        elif block.name:
            (self.home / block.name).write_text(text, encoding="utf-8")
        elif block.language in ("console", "bash", "shell"):
            self._type(block, text)
        elif block.language in ("yaml", "yaml+jinja"):
            self._play(block, text)
        elif block.language == "json":
            json.loads(text)
        else:
            assert block.language == "text", (
                f"{block}: nobody knows what to do with {block.language or 'a block without a language'}"
            )

    def _ported(self, text: str) -> str:
        return text.replace(PORT, str(self.port))

    # -- commands ------------------------------------------------------------------------------------------------------

    def _type(self, block: Block, text: str) -> None:
        """Type the commands of a block; all but the last must succeed."""
        commands = [
            command
            for command in text.replace("\\\n", " ").splitlines()
            if command.strip() and not command.startswith("#")
        ]
        for command in commands:
            for name, value in self.captured.items():
                command = command.replace(name, value)
            code = int(block.remarks.get("rc", 0)) if command is commands[-1] else 0
            self._run(block, command, code)
            if "capture" in block.remarks:
                name, _space, expression = block.remarks["capture"].partition(" ")
                found = re.search(expression, self.output)
                if found:
                    self.captured[name] = found[1]
        assert "capture" not in block.remarks or block.remarks["capture"].split()[0] in self.captured, (
            f"{block}: nothing to capture in\n{self.output}"
        )

    def _run(self, block: Block, command: str, code: int = 0) -> None:
        """Run a command in bash; the variables that it exports, and the folder where it goes, stay."""
        state = self.home / ".state"
        script = f"{command}\ncode=$?\n{{ pwd; env -0; }} > {state}\nexit $code\n"
        ran = subprocess.run(
            ["bash", "-c", script],
            env=self._env,
            cwd=self._here,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._judge(block, command, ran.stdout.decode("utf-8", "replace"), ran.returncode, code)
        here, _newline, variables = state.read_text(encoding="utf-8").partition("\n")
        self._here = Path(here)
        self._env = dict(
            item.split("=", 1)
            for item in variables.split("\0")
            if "=" in item and not item.startswith(("_=", "SHLVL="))
        )

    def _judge(self, block: Block, command: str, output: str, ended: int, code: int) -> None:
        """Keep what a command printed; it ended as it should, and shows no sign of a mistake."""
        self.output = output
        assert ended == code, f"{block}: exit code {ended} instead of {code}:\n$ {command}\n{self.output}"
        for sign in ("Traceback", "DEPRECATION", "no hosts matched"):
            assert sign not in self.output, f"{block}:\n$ {command}\n{self.output}"

    def _compare(self, block: Block, text: str) -> None:
        """The lines stand in the last output, in order."""
        said = "\n".join(" ".join(line.split()) for line in self.output.splitlines())
        lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        wanted = ".*".join(".*".join(map(re.escape, line.split("…"))) for line in lines)
        assert re.search(wanted, said, re.DOTALL), f"{block}: the page says\n{text}\nand it was\n{self.output}"

    # -- plays ---------------------------------------------------------------------------------------------------------

    def _play(self, block: Block, text: str) -> None:
        """Run a playbook, or tasks in a play: in check mode, then for real, then once more, which changes nothing."""
        content: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        assert isinstance(content, list) and all(isinstance(item, dict) for item in content), (
            f"{block}: neither a play nor tasks; say what to do with it"
        )
        tasks = not any(
            key in item for item in content for key in ("hosts", "import_playbook", "ansible.builtin.import_playbook")
        )
        path = self.home / f"block{block.line}.yml"
        path.write_text(_PLAY + textwrap.indent(text, "    ") if tasks else text, encoding="utf-8")
        code = int(block.remarks.get("rc", 0))
        self._here = self.home
        if "once" in block.remarks or code or tasks:
            self._playbook(block, path.name, code=code)
            return
        self._playbook(block, path.name, "--check")
        self._playbook(block, path.name)
        first = self.output
        self._playbook(block, path.name)
        assert re.search(r"changed=0 ", self.output), f"{block}: the second run changed something\n{self.output}"
        self.output = first

    def _playbook(self, block: Block, *arguments: str, code: int = 0) -> None:
        """Run ansible-playbook in the shell's place."""
        ran = ansible_runs.run("playbook", *arguments, folder=self._here, env=self._env, merged=True)
        self._judge(block, f"ansible-playbook {' '.join(arguments)}", ran.stdout, ran.returncode, code)
