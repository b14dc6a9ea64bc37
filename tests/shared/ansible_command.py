# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One of Ansible's commands, for what starts it by its name: a shell, ansible-runner.

It is run in a fork of the server whose socket lies beside it. ``ansible_runs`` copies this file to those names.
"""

from __future__ import annotations

import json
import os
import socket
import sys

PROGRAMS = {"ansible": "adhoc", "ansible-playbook": "playbook", "ansible-inventory": "inventory", "ansible-doc": "doc"}

if __name__ == "__main__":
    folder, name = os.path.split(sys.argv[0])
    request = {"arguments": [PROGRAMS[name], *sys.argv[1:]], "folder": os.getcwd(), "env": dict(os.environ)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as told:
        told.connect(os.path.join(folder, "socket"))
        socket.send_fds(told, [json.dumps(request).encode()], [0, 1, 2])
        process, code = told.recv(100), told.recv(100)
    sys.exit(int(code) if process and code else "the process that Ansible's runs are forked from has ended")
