# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: what the modules about a numbers plan share: their options, how accounts are opened, what is masked."""

from __future__ import annotations

import contextlib
import threading
import typing as t

from ansible.module_utils import basic

from .._core.errors import Failure
from .._core.raw import check_raw
from .._net.secrets import Secrets
from .._net.trace import Show
from .._operations.context import Context
from .._plans.account_run import AccountClock
from .._plans.model import Account, Plan, PlanError
from .._providers import NAMES, load
from . import plan as _plan
from .options import COMMON, SECRETS, Common
from .task import WORDS, Task, failed, missing_libraries, opened, refuse_unencodable, texts

PLAN: t.Mapping[str, dict[str, t.Any]] = {
    "plan": {"type": "list", "elements": "dict", "required": True},
    "accounts": {"type": "dict", "default": {}},
    "limits": {"type": "dict", "default": {}},
    "deadline": {"type": "float", "default": 3600},
}
INTERVAL = 15.0  # seconds between two lines of progress

_HIDDEN = frozenset(name for option in SECRETS for name in (option, *COMMON[option].get("aliases", ())))


class Opening:
    """Opens the accounts of a plan for one task."""

    def __init__(self, env: t.Mapping[str, str], deadline: float, secrets: Secrets, show: Show | None) -> None:
        self._env = env
        self._deadline = deadline
        self._secrets = secrets
        self._show = show

    def __call__(self, account: Account) -> Context:
        """The account, opened to be changed; its own deadline counts before that of the task. Sends nothing. Raises
        Failure for what is missing.
        """
        common = Common(account.options, self._env)
        clock = AccountClock(float(account.options.get("deadline") or self._deadline))
        return opened(account.options, common, False, clock, self._secrets, [], self._show)


Found = t.Tuple[t.Dict[str, t.Any], t.Optional[Failure], t.List[str]]  # facts, what failed, warnings
Operation = t.Callable[[Plan, t.Mapping[str, t.Any], Opening, "PlanRun"], Found]


class PlanRun(t.NamedTuple):
    """How a task about a plan runs."""

    check: bool
    diff: bool
    env: t.Mapping[str, str]
    say: Show | None  # is told what goes on, where people watch
    hide: t.Callable[[t.Any], t.Any]  # a value with the secrets of the task masked


class PlanTask(Task):
    """A module about a numbers plan: it opens many accounts and has none of its own."""

    logs = False  # Ansible would log the accounts with their secrets

    def __init__(self, options: t.Mapping[str, t.Any], converge: Operation) -> None:
        self.argument_spec = {**PLAN, **options}
        self.constraints = {}
        self._converge = converge

    def execute(
        self,
        params: t.Mapping[str, t.Any],
        raw: t.Mapping[str, t.Any],
        env: t.Mapping[str, str],
        check: bool,
        diff: bool,
        secrets: Secrets,
        show: Show | None = None,
        say: Show | None = None,
    ) -> dict[str, t.Any]:
        """Run with validated *params*; the result has its facts also when it failed."""
        warnings: list[str] = []
        secrets.add(*_secrets_in(raw.get("accounts")))
        try:
            run = PlanRun(check, diff, env, say, lambda value: secrets.hide(value, lambda: self.words("")))
            facts, failure, warnings = self._found(params, raw, env, run, secrets, show)
        except Failure as error:
            facts, failure = {"changed": False}, error
        answer = {**facts, **(failed(failure, secrets) if failure else {})}
        answer["warnings"] = [secrets.cut(text) for text in warnings]
        return dict(secrets.hide(answer, lambda: self.words("")))

    def _found(
        self,
        params: t.Mapping[str, t.Any],
        raw: t.Mapping[str, t.Any],
        env: t.Mapping[str, str],
        run: PlanRun,
        secrets: Secrets,
        show: Show | None,
    ) -> Found:
        for library in missing_libraries():
            raise Failure("unsupported", basic.missing_required_lib(library))
        for option, value in raw.items():
            refuse_unencodable(option, value)
        worded = [name for name, spec in self.argument_spec.items() if "str" in (spec["type"], spec.get("elements"))]
        check_raw(raw, worded)
        deadline = Common(params, env).bounded("deadline", 3600.0)
        try:
            pools = raw["plan"] if "plan" in raw else params["plan"]
            plan = _plan.read(pools, raw.get("accounts") or {}, raw.get("limits") or {})
        except PlanError as error:
            lines = "\n".join(["The numbers plan has mistakes, so nothing was read:", *error.problems])
            facts = {"changed": False, "problems": error.problems, "report": lines}
            said = "; ".join(error.problems)
            return facts, Failure("invalid_option", f"The numbers plan has mistakes, so nothing was read: {said}"), []
        return self._converge(plan, params, Opening(env, deadline, secrets, show), run)

    def words(self, provider: str) -> set[str]:
        """What stands in results as a whole value and is no secret, whichever providers the plan names."""
        declared = [word for name in NAMES for word in texts(load(name).features.as_dict())]
        return {*WORDS, *NAMES, *self.argument_spec, *COMMON, *declared}

    def invocation(self, params: t.Mapping[str, t.Any], secrets: Secrets) -> dict[str, t.Any]:
        """What a result tells of the arguments. Of the accounts it tells the names."""
        accounts = params.get("accounts")
        names = sorted(map(str, accounts)) if isinstance(accounts, t.Mapping) else None
        shown = {key: value for key, value in params.items() if key != "plan"}
        return {"module_args": secrets.hide({**shown, "accounts": names}, lambda: self.words(""))}


def _secrets_in(accounts: t.Any) -> t.Iterator[str]:
    """The secrets that stand in the accounts of a plan, whatever mistakes these have."""
    for options in accounts.values() if isinstance(accounts, t.Mapping) else ():
        for option, value in options.items() if isinstance(options, t.Mapping) else ():
            if option in _HIDDEN and isinstance(value, (str, int)) and not isinstance(value, bool):
                yield str(value)


@contextlib.contextmanager
def telling(say: Show | None, line: t.Callable[[], str], interval: float = INTERVAL) -> t.Iterator[None]:
    """Have *say* told the *line* of the moment every *interval* seconds, while something goes on."""
    if say is None:
        yield
        return
    over = threading.Event()

    def tell() -> None:
        while not over.wait(interval):
            say(line())

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
