# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that ansible-test has its get-pip script, also where its download is closed; run with the Python that has
ansible-core.

ansible-test fetches the script once into the user's cache. Where that fails, a stand-in is laid there that does the
same with the pip which each Python carries for its virtual environments (Debian keeps it in a folder of its own).
"""

from __future__ import annotations

import re
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

STAND_IN = '''\
"""Stand-in for get-pip: installs what is asked with the pip that ensurepip carries."""
import ensurepip
import glob
import os
import sys
import sysconfig

bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
folders = [bundled, sysconfig.get_config_var("WHEEL_PKG_DIR") or ""]
sys.path[:0] = [wheel for folder in folders for wheel in glob.glob(os.path.join(folder, "pip-*.whl"))]
from pip._internal.cli.main import main

sys.exit(main(["install", "--upgrade"] + [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]))
'''


def found(pattern: str, path: Path) -> str:
    """Return the text that *pattern* captures in a file of ansible-test."""
    match = re.search(pattern, path.read_text(encoding="utf-8"))
    if not match:
        sys.exit(f"{path} has changed: {pattern} is not in it")
    return match.group(1)


def main() -> None:
    """Put the script into the cache, unless there is one already."""
    spec = find_spec("ansible_test")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("ansible-core is not installed here")
    ansible_test = Path(spec.submodule_search_locations[0])
    version = found(r"pip='([0-9.]+)'", ansible_test / "_internal" / "python_requirements.py")
    url = (
        found(r"url = '(https://[^']+)' % pip_version", ansible_test / "_util" / "target" / "setup" / "requirements.py")
        % version
    )
    cached = Path.home() / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    if cached.exists():
        return
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            script = answer.read().decode()
    except OSError as error:
        print(f"get-pip {version} cannot be fetched ({error}); a stand-in that uses ensurepip takes its place")
        script = STAND_IN
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_text(script, encoding="utf-8")


if __name__ == "__main__":
    main()
