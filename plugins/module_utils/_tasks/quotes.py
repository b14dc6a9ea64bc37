# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: quotes that are kept under their checksums, beside the journal."""

from __future__ import annotations

import json
import os
import re
import time
import typing as t

from .._core import files
from .._core.errors import Failure
from .._plans.decisions import Decisions, checksum
from .options import Common

DAYS = 30  # that a quote is kept
PREFIX = "sha256:"  # may stand before a checksum, so that nobody reads it as a number
_NAME = re.compile(r"[0-9a-f]{64}\Z")


class Quotes:
    """The kept quotes of one user."""

    def __init__(self, env: t.Mapping[str, str]) -> None:
        self._directory, _enabled = Common({}, env).journal()
        self._folder = self.beside("quotes")

    def beside(self, name: str) -> str:
        """The folder of that *name* beside the journal."""
        return os.path.join(self._directory, name)

    def keep(self, accounts: t.Mapping[str, Decisions]) -> tuple[str, dict[str, str]]:
        """Keep what was decided in each of the *accounts*; return the checksum of all, and that of each.

        Raises Failure ``journal_required`` where it cannot be kept.
        """
        sums = {name: checksum(found) for name, found in accounts.items()}
        whole = checksum(sums)
        try:
            files.private_directory(os.path.dirname(self._folder))
            folder = files.private_directory(self._folder)
            self._forget_old(folder)
            for name, found in accounts.items():
                self._write(folder, sums[name], found)
            self._write(folder, whole, sums)
        except (files.Unsafe, OSError) as error:
            raise Failure("journal_required", f"The quote cannot be kept: {error}.") from None
        return whole, sums

    def keep_or_say(self, accounts: t.Mapping[str, Decisions], notes: list[str]) -> dict[str, t.Any]:
        """Keep what was decided, and return the ``checksum`` and the ``checksums`` of a result.

        Where it cannot be kept, they are empty, and *notes* gets a sentence that says so.
        """
        try:
            whole, sums = self.keep(accounts)
        except Failure as failure:
            notes.append(f"{failure.message} Its checksum approves nothing.")
            return {"checksum": None, "checksums": {}}
        return {"checksum": whole, "checksums": sums}

    def approved(self, given: t.Any) -> dict[str, Decisions]:
        """What was decided in each account under the checksum that is *given*, of the whole or by account.

        Raises Failure ``quote_changed`` for one that is not kept, ``invalid_option`` for what is none.
        """
        sums = given if isinstance(given, t.Mapping) else self._read(given)
        return {str(name): self._read(one) for name, one in sums.items()}

    @staticmethod
    def _write(folder: str, name: str, content: t.Any) -> None:
        text = json.dumps({"at": time.time(), "quote": content}, ensure_ascii=False)
        files.replace(os.path.join(folder, name + ".json"), text.encode("utf-8", "surrogatepass"))

    def _read(self, name: t.Any) -> dict[str, t.Any]:
        text = str(name).strip().lower()
        text = text[len(PREFIX) :] if text.startswith(PREFIX) else text
        if not isinstance(name, str) or not _NAME.match(text):
            raise Failure("invalid_option", f"checksum {name!r} is none: it has 64 hexadecimal digits. Quote it.")
        try:
            with os.fdopen(files.open_private(os.path.join(self._folder, text + ".json"), os.O_RDONLY), "rb") as stream:
                kept = json.loads(stream.read().decode("utf-8", "surrogatepass"))
            if time.time() - float(kept["at"]) <= DAYS * 86400:
                return dict(kept["quote"])
        except FileNotFoundError:
            pass
        except (files.Unsafe, OSError, ValueError, KeyError, TypeError) as error:
            raise Failure("journal_required", f"The quote {text} cannot be read: {error}.") from None
        raise Failure(
            "quote_changed",
            f"No quote with the checksum {text} is kept in {self._folder}, where it stays for {DAYS} days: run again "
            "in check mode, and use the checksum that it tells.",
        )

    @staticmethod
    def _forget_old(folder: str) -> None:
        for entry in os.scandir(folder):
            if entry.name.endswith(".json") and time.time() - entry.stat().st_mtime > DAYS * 86400:
                os.unlink(entry.path)
