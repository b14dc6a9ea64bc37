# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 1: the line about each request that ``-vvv`` shows."""

from __future__ import annotations

import typing as t

from .secrets import Secrets
from .wire import Outgoing, Response

Show = t.Callable[[str], None]


def trace_line(outgoing: Outgoing, ended: Response | Exception, seconds: float, secrets: Secrets) -> str:
    """Return a line about a request that *ended* after *seconds* with an answer or an error.

    It has the method, the URL, the status or the error, the time and the provider's id of the request. Headers and
    bodies are left out, and secrets in the URL are masked.
    """
    took = f"{outgoing.method} {outgoing.url}: %s after {seconds * 1000:.0f} ms"
    if isinstance(ended, Response):
        identity = f", request id {ended.request_id}" if ended.request_id else ""
        return secrets.cut(took.replace("%s", f"HTTP {ended.status}", 1) + identity, _LONGEST)
    return secrets.cut(took.replace("%s", "no answer", 1) + f" ({ended})", _LONGEST)


_LONGEST = 2000  # characters of a line
