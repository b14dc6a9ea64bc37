# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the sandbox: ``python telco_numbers_sandbox --port 8888 --data-dir DIR``."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import sys
from pathlib import Path

if not __package__:
    # Started as a directory: the folder above it must be importable.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from telco_numbers_sandbox.process import StartError, running, start_detached, stop


def arguments() -> argparse.Namespace:
    """Read the command line; there is no option to listen elsewhere than on loopback."""
    parser = argparse.ArgumentParser(
        prog="telco_numbers_sandbox", description="A strict local stand-in of four phone number providers."
    )
    parser.add_argument(
        "--port", type=int, default=8888, help="port on 127.0.0.1; 0 takes any free one (default: 8888)"
    )
    parser.add_argument("--data-dir", type=Path, required=True, help="where the state is kept")
    parser.add_argument("--seed", type=Path, help="JSON file that replaces or extends the default seed")
    parser.add_argument("--port-file", type=Path, help="written with the port once the sandbox listens")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--detach", action="store_true", help="start in the background, return when it listens")
    mode.add_argument("--stop", action="store_true", help="stop the one that uses the data directory")
    mode.add_argument(
        "--running", action="store_true", help="print the port of the one that uses the data directory, or nothing"
    )
    return parser.parse_args()


def background(options: argparse.Namespace) -> str:
    """Start a sandbox in the background, stop it, or look for it. Return the line to print."""
    data_dir = options.data_dir.resolve()
    if options.stop:
        return stop(data_dir)
    if options.running:
        found = running(data_dir)
        return str(found.port) if found else ""
    extra = [
        f"--{name.replace('_', '-')}={path.resolve()}"
        for name in ("seed", "port_file")
        if (path := getattr(options, name))
    ]
    return start_detached(data_dir, options.port, extra)


def main() -> int:
    """Run until a signal ends it. A mistake of the user ends it with one line. Return the exit code."""
    options = arguments()
    if not (options.stop or options.running) and importlib.util.find_spec("aiohttp") is None:
        print(f"the sandbox needs aiohttp: install it with: {sys.executable} -m pip install aiohttp", file=sys.stderr)
        return 3
    try:
        if options.detach or options.stop or options.running:
            print(background(options))
        else:
            from telco_numbers_sandbox.server import run

            asyncio.run(run(options.port, options.data_dir, options.seed, options.port_file))
    except StartError as exc:
        print(f"the sandbox cannot start: {exc}" if not options.stop else str(exc), file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
