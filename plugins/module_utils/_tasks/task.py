# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 5: where Ansible meets the rest.

A ``Task`` takes raw arguments, an environment and the check and diff flags, and gives a result. It is the same for a
module on a target and inside the controller's process.
"""

from __future__ import annotations

import importlib.util
import math
import os
import typing as t

from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError

from .._core import e164
from .._core.errors import CODES, Failure
from .._core.link import links_from
from .._core.model import CAPABILITIES, NUMBER_TYPES, Number
from .._core.raw import check_raw
from .._net.clock import Clock
from .._net.secrets import Secrets
from .._net.session import REQUESTS_ERROR
from .._net.trace import Show
from .._net.wire import origin
from .._operations.context import Context, Result
from .._providers import NAMES, load
from .options import COMMON, SECRETS, Common, check_bounds, check_hidden, is_text

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule as _Base

    from .._journal.store import Store
else:
    _Base = object  # main() puts Ansible's class behind it

# Words of the results, beside the options' names and choices and the provider's features.
WORDS = frozenset(
    {
        *CODES,
        *CAPABILITIES,
        *NUMBER_TYPES,
        *(
            "shared_cost",
            "voip",
            "number",
            "group",
            "reservation",
            "GET",
            "POST",
            "True",
            "False",
            "None",
            "true",
            "false",
            "null",
            "none",
        ),
        *(
            "active",
            "pending",
            "failed",
            "leaving",
            "linked",
            "linking",
            "in_review",
            "needs_input",
            "fulfilled",
            "partial",
            "unknown",
            "present",
            "absent",
        ),
    }
)
LOUD = 3  # the verbosity from which on each request is shown
TRACE = "trace"  # where the result of a loud module has its requests; the action plugin shows them instead
_LIBRARIES = (("requests", REQUESTS_ERROR), ("phonenumbers", e164.PHONENUMBERS_ERROR))


def missing_libraries() -> list[str]:
    """The libraries that this Python cannot import."""
    return [library for library, error in _LIBRARIES if error is not None]


class Arguments:
    """The arguments of a task: validated values, and which were given (an explicit null differs from an omitted
    option).
    """

    def __init__(self, params: t.Mapping[str, t.Any], raw: t.Mapping[str, t.Any], common: Common) -> None:
        self._params = params
        self._raw = raw
        self.common = common

    def __getitem__(self, option: str) -> t.Any:
        """The validated value, None when it was not given. Empty text means not given."""
        value = self._params.get(option)
        return None if value == "" else value

    def given(self, option: str) -> bool:
        """Whether the task names *option*, be it with null."""
        return option in self._raw

    def mapping(self) -> t.Mapping[str, t.Any]:
        """Every validated value."""
        return self._params

    def numbers(self, option: str) -> tuple[str, ...] | None:
        """The telephone numbers in *option*, each once, None when it was not given or is empty text. Raises Failure
        ``invalid_option``.

        Whether each is as long as the numbers of its country is left to those who find that it is not owned. They are
        read from the raw value, because a validated list has turned an integer into text.
        """
        value = self._raw.get(option)
        if value in (None, ""):
            return None
        if isinstance(value, str):
            value = [part for part in value.split(",") if part.strip()]
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(dict.fromkeys(e164.parse_named(item) for item in items))

    def described(self, option: str) -> dict[str, Number]:
        """The numbers in *option* that were given as objects, with the facts that an earlier task found or
        predicted.
        """
        value = self._raw.get(option)
        items = value if isinstance(value, (list, tuple)) else [value]
        return {
            item["number"]: _number_from(item)
            for item in items
            if isinstance(item, dict) and isinstance(item.get("number"), str)
        }


def opened(
    params: t.Mapping[str, t.Any],
    common: Common,
    check: bool,
    clock: Clock,
    secrets: Secrets,
    warnings: list[str],
    show: Show | None,
) -> Context:
    """The account that the shared options *params* open, *common* with the environment filled in. Sends nothing.

    Raises Failure for what is missing, ``invalid_option`` or ``unsupported``.
    """
    name = params["provider"]
    kind = load(name)
    for library in kind.libraries:
        if importlib.util.find_spec(library) is None:
            raise Failure("unsupported", basic.missing_required_lib(library, reason=f"for {name}"))
    options = common.for_provider(name, kind.access, secrets)
    options = options._replace(settings=options.settings._replace(show=show))
    check_hidden({**{option: params[option] for option in SECRETS if params.get(option)}, **options.credentials})
    provider = kind(options, clock, secrets)
    directory, journalled = common.journal()
    place = "\n".join((name, *map(str, origin(provider.base(provider.home)))))

    def store() -> Store:
        from .._journal.directory import DirectoryStore

        return DirectoryStore(directory, lambda: f"{place}\n{provider.account_key}", journalled)

    return Context(provider, check, clock, store, common.bounded("settle_time", 15.0), warnings)


class Task:
    """A module: its own options beside the shared ones, and the operation it runs."""

    logs = True  # whether Ansible may log the arguments

    def __init__(
        self, options: t.Mapping[str, t.Any], operation: t.Callable[[Context, Arguments], Result], **constraints: t.Any
    ) -> None:
        """*constraints* are those of an argument spec, like ``mutually_exclusive``."""
        self.argument_spec = {**COMMON, **options}
        self.constraints = constraints
        self._operation = operation

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
        """Run with validated *params*; return the result, with ``failed`` when it failed. *secrets* learns what is
        masked in it, *show* is told of each request, and *say* of long work how far it is.
        """
        warnings: list[str] = []
        secrets.add(*(params.get(option) for option in SECRETS))
        try:
            result = self._run(params, raw, env, check, secrets, warnings, show)
            answer = {"changed": result.changed, **result.facts, "warnings": warnings}
            if diff and result.before is not None:
                answer["diff"] = {"before": result.before, "after": result.after}
        except Failure as failure:
            answer = {**failed(failure, secrets), "changed": failure.changed, "warnings": warnings}
        answer["warnings"] = [secrets.cut(text) for text in warnings]
        return dict(secrets.hide(answer, lambda: self.words(params["provider"])))

    def words(self, provider: str) -> set[str]:
        """What stands in results and arguments as a whole value and is no secret, even if somebody took it for one."""
        specs = self.argument_spec.items()
        choices = {choice for _option, spec in specs for choice in spec.get("choices", ()) if isinstance(choice, str)}
        return {
            *WORDS,
            *(option for option, _spec in specs),
            *choices,
            *texts(load(provider).features.as_dict() if provider in NAMES else ()),
        }

    def _run(
        self,
        params: t.Mapping[str, t.Any],
        raw: t.Mapping[str, t.Any],
        env: t.Mapping[str, str],
        check: bool,
        secrets: Secrets,
        warnings: list[str],
        show: Show | None,
    ) -> Result:
        for library in missing_libraries():
            raise Failure("unsupported", basic.missing_required_lib(library))
        for option, value in raw.items():
            refuse_unencodable(option, value)
        check_bounds(params)
        worded = [
            name
            for option, spec in self.argument_spec.items()
            if spec.get("type") == "str"
            for name in (option, *spec.get("aliases", ()))
        ]
        check_raw(raw, worded)
        common = Common(params, env)
        clock = Clock(common.bounded("deadline", 300.0))
        context = opened(params, common, check, clock, secrets, warnings, show)
        try:
            return self._operation(context, Arguments(params, raw, common))
        finally:
            warnings.extend(context.provider.remarks.lines())
            clock.extend(0)  # a thread that an interruption leaves behind sends nothing more

    def answer(
        self,
        name: str,
        arguments: t.Mapping[str, t.Any],
        env: t.Mapping[str, str],
        check: bool,
        diff: bool,
        show: Show | None = None,
        say: Show | None = None,
    ) -> dict[str, t.Any]:
        """What the module *name* returns for *arguments*, which are plain JSON: validated just as ``main`` has it
        done. *show* is told of each request, and *say* of long work how far it is.
        """
        checked = ArgumentSpecValidator(self.argument_spec, **self.constraints).validate(
            _sound(arguments, self.argument_spec)
        )
        params, secrets = checked.validated_parameters, Secrets()
        secrets.add(*checked._no_log_values)
        answer = (
            self.refused(_complaint(name, checked), params, secrets)
            if checked.error_messages
            else self.execute(params, arguments, env, check, diff, secrets, show, say)
        )
        warnings = [
            f"Both option {both['option']} and its alias {both['alias']} are set." for both in checked._warnings
        ] + answer.pop("warnings", [])
        answer.update(
            {key: notes for key, notes in (("warnings", warnings), ("deprecations", checked._deprecations)) if notes}
        )
        return {**answer, "invocation": self.invocation(params, secrets)}

    def refused(self, message: str, params: t.Mapping[str, t.Any], secrets: Secrets) -> dict[str, t.Any]:
        """The result for arguments that are not valid."""
        return dict(
            secrets.hide(
                failed(Failure("invalid_option", message), secrets), lambda: self.words(str(params.get("provider")))
            )
        )

    def invocation(self, params: t.Mapping[str, t.Any], secrets: Secrets) -> dict[str, t.Any]:
        """What a result tells of the arguments."""
        hidden = {name for option in SECRETS for name in (option, *self.argument_spec[option].get("aliases", ()))}
        shown = {
            option: "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" if option in hidden and value else value
            for option, value in params.items()
        }
        return {"module_args": secrets.hide(shown, lambda: self.words(str(params.get("provider"))))}

    def main(self) -> None:
        """Run as a module."""
        options: dict[str, t.Any] = {
            "argument_spec": dict(self.argument_spec),
            "supports_check_mode": True,
            **self.constraints,
        }
        base = basic.AnsibleModule  # looked up now: a tool may have put a stand-in there
        if not isinstance(base, type) or base.__module__ != basic.__name__:
            base(**options)  # it wants to know the options, and nothing is to be done
            return
        module: _Asked = type("Module", (_Asked, base), {})(self, **options)
        secrets = Secrets()
        secrets.add(*module.no_log_values)
        lines: list[str] = []
        show = lines.append if module._verbosity >= LOUD and not module.no_log else None
        result = self.execute(module.params, module.raw, os.environ, module.check_mode, module._diff, secrets, show)
        if lines:
            result[TRACE] = lines
        for text in result.pop("warnings"):
            module.warn(text)
        module.leave(result, secrets)


def failed(failure: Failure, secrets: Secrets) -> dict[str, t.Any]:
    """The result that *failure* is. Whatever is cut of its messages is masked before."""
    told = failure.as_dict()
    return {
        "failed": True,
        "msg": secrets.cut(failure.message),
        "failure": {**told, "message": secrets.cut(told["message"])},
    }


def _complaint(name: str, checked: ValidationResult) -> str:
    """What the module *name* says of arguments that are not valid."""
    msg = str(checked.errors.msg)
    return (
        f"Unsupported parameters for ({name}) module: {msg}" if isinstance(checked.errors[0], UnsupportedError) else msg
    )


def texts(value: t.Any) -> t.Iterator[str]:
    """Every text in *value*, at any depth."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from texts(part)


def _sound(arguments: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """*arguments* as they can be validated.

    An empty one that may be left out is left out: AWX renders unset fields empty. An infinite integer becomes its sign,
    which ansible-core refuses, where it has a traceback for the number.
    """
    optional = {
        name
        for option, entry in spec.items()
        if not entry.get("required")
        for name in (option, *entry.get("aliases", ()))
    }
    given = {option: value for option, value in arguments.items() if option not in optional or value not in (None, "")}
    return {
        option: "\u221e" if spec.get(option, {}).get("type") == "int" and _is_infinite(value) else value
        for option, value in given.items()
    }


def _is_infinite(value: t.Any) -> bool:
    try:
        return isinstance(value, (float, str)) and math.isinf(float(value))
    except ValueError:
        return False


def _number_from(item: t.Mapping[str, t.Any]) -> Number:
    """The number that *item* describes, as far as check mode needs it."""
    capabilities, raw = item.get("capabilities"), item.get("raw")
    return Number(
        id=str(item.get("id")),
        provider=str(item.get("provider")),
        number=str(item["number"]),
        capabilities=tuple(map(str, capabilities)) if isinstance(capabilities, list) else None,
        links=links_from(item),
        raw=raw if isinstance(raw, dict) else {},
    )


def refuse_unencodable(option: str, value: t.Any) -> None:
    """Refuse bytes that are no UTF-8, at any depth: neither a request nor a journal can carry them."""
    if isinstance(value, str) and not is_text(value):
        raise Failure("invalid_option", f"{option} holds bytes that are not UTF-8 text: check its spelling.")
    parts = (
        (*value.keys(), *value.values())
        if isinstance(value, t.Mapping)
        else value
        if isinstance(value, (list, tuple))
        else ()
    )
    for part in parts:
        refuse_unencodable(option, part)


class _Asked(_Base):
    """What ``main`` makes of Ansible's module: it keeps the arguments as they came, masks as ``answer`` does, and fails
    as every task does.
    """

    params: dict[str, t.Any]
    no_log_values: set[str]

    def __init__(self, task: Task, **options: t.Any) -> None:
        self._task = task
        super().__init__(**options)

    def _load_params(self) -> None:
        super()._load_params()
        self.raw = {key: value for key, value in self.params.items() if not key.startswith("_ansible_")}
        self.params = _sound(self.params, self.argument_spec)

    def _log_invocation(self) -> None:
        if self._task.logs:
            super()._log_invocation()

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        """End with arguments that are not valid."""
        secrets = Secrets()
        secrets.add(*self.no_log_values)
        self.leave({**kwargs, **self._task.refused(msg, self.params, secrets)}, secrets)

    def leave(self, result: dict[str, t.Any], secrets: Secrets) -> None:
        """End with *result*, in which *secrets* are masked. Ansible's own masking would take numbers and words for
        secrets.
        """
        self.no_log_values = set()
        result["invocation"] = self._task.invocation(self.params, secrets)
        if result.pop("failed", False):
            super().fail_json(**result)
        self.exit_json(**result)
