# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to the collection telco.numbers: no other code may rely on it.

"""Floor 4: where Ansible meets the rest.

A ``Task`` takes raw arguments, an environment and the check and diff flags, and gives a result. It is the same for a module
on a target and inside the controller's process.
"""

from __future__ import annotations

import json
import math
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from . import _e164, _http, _selector
from ._errors import Failure
from ._http import Clock, Secrets
from ._model import Number
from ._operations.context import Context, Result
from ._options import COMMON, Common, is_text
from ._providers import load

if t.TYPE_CHECKING:
    from ._operations.journal import Store

_LIBRARIES = (("requests", _http.REQUESTS_ERROR), ("phonenumbers", _e164.PHONENUMBERS_ERROR))


def missing_libraries() -> list[str]:
    """The libraries that this Python cannot import."""
    return [library for library, error in _LIBRARIES if error is not None]


class Arguments:
    """The arguments of a task: validated values, and which were given (an explicit null differs from an omitted option)."""

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
        """The telephone numbers in *option*, each once, None when it was not given or is empty text. Raises Failure ``invalid_option``.

        Whether each is as long as the numbers of its country is left to those who find that it is not owned. They are read from the raw
        value, because a validated list has turned an integer into text.
        """
        value = self._raw.get(option)
        if value in (None, ""):
            return None
        if isinstance(value, str):
            value = [part for part in value.split(",") if part.strip()]
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(dict.fromkeys(_e164.parse_named(item) for item in items))

    def described(self, option: str) -> dict[str, Number]:
        """The numbers in *option* that were given as objects, with the facts that an earlier task found or predicted."""
        value = self._raw.get(option)
        items = value if isinstance(value, (list, tuple)) else [value]
        return {item["number"]: _number_from(item) for item in items if isinstance(item, dict) and isinstance(item.get("number"), str)}


class Task:
    """A module: its own options beside the shared ones, and the operation it runs."""

    def __init__(self, options: t.Mapping[str, t.Any], operation: t.Callable[[Context, Arguments], Result], **constraints: t.Any) -> None:
        """*constraints* are those of an argument spec, like ``mutually_exclusive``."""
        self.argument_spec = {**COMMON, **options}
        self.constraints = constraints
        self._operation = operation

    def execute(
        self, params: t.Mapping[str, t.Any], raw: t.Mapping[str, t.Any], env: t.Mapping[str, str], check: bool, diff: bool, secrets: Secrets
    ) -> dict[str, t.Any]:
        """Run with validated *params*; return the result, with ``failed`` when it failed. *secrets* learns what must be masked."""
        warnings: list[str] = []
        try:
            result = self._run(params, raw, env, check, secrets, warnings)
            answer = {"changed": result.changed, **result.facts, "warnings": warnings}
            if diff and result.before is not None:
                answer["diff"] = {"before": result.before, "after": result.after}
        except Failure as failure:
            answer = {"failed": True, "changed": failure.changed, "msg": failure.message, "failure": failure.as_dict(), "warnings": warnings}
        return _masked(answer, secrets) if secrets.occur_in(json.dumps(answer, ensure_ascii=False)) else answer

    def _run(
        self, params: t.Mapping[str, t.Any], raw: t.Mapping[str, t.Any], env: t.Mapping[str, str], check: bool, secrets: Secrets, warnings: list[str]
    ) -> Result:
        for library in missing_libraries():
            raise Failure("unsupported", missing_required_lib(library))
        for option, value in raw.items():
            _refuse_unencodable(option, value)
        texts = [name for option, spec in self.argument_spec.items() if spec.get("type") == "str" for name in (option, *spec.get("aliases", ()))]
        _selector.check_raw(raw, texts)
        common = Common(params, env)
        clock = Clock(common.positive("deadline", 300.0, 0.001))
        name = params["provider"]
        kind = load(name)
        provider = kind(common.for_provider(name, kind.access, secrets), clock, secrets)
        directory, journalled = common.journal()
        place = "\n".join((name, *map(str, _http.origin(provider.base(provider.home)))))

        def store() -> Store:
            from ._operations.journal import Store

            return Store(directory, lambda: f"{place}\n{provider.account_key}", journalled)

        context = Context(provider, check, clock, store, common.positive("settle_time", 15.0), warnings)
        try:
            return self._operation(context, Arguments(params, raw, common))
        finally:
            warnings.extend(provider.remarks.lines())
            clock.extend(0)  # a thread that an interruption leaves behind sends nothing more

    def answer(self, name: str, arguments: t.Mapping[str, t.Any], env: t.Mapping[str, str], check: bool, diff: bool) -> dict[str, t.Any]:
        """What the module *name* returns for *arguments*, which are plain JSON: validated and masked just as ``main`` has it done."""
        checked = ArgumentSpecValidator(self.argument_spec, **self.constraints).validate(_sound(arguments, self.argument_spec))
        params, secrets = checked.validated_parameters, Secrets()
        answer = _refused(name, checked) if checked.error_messages else self.execute(params, arguments, env, check, diff, secrets)
        warnings = [f"Both option {both['option']} and its alias {both['alias']} are set." for both in checked._warnings] + answer.pop("warnings", [])
        answer.update({key: notes for key, notes in (("warnings", warnings), ("deprecations", checked._deprecations)) if notes})
        hidden = Secrets()
        hidden.add(*checked._no_log_values, *secrets.values)
        # As in AnsibleModule, a secret like "True" does not hide whether something changed.
        open_facts = {key: value for key, value in answer.items() if value is None or isinstance(value, bool)}
        # To walk through a long list takes as long as to read it; these three are text only to Ansible's masking.
        if hidden.occur_in(json.dumps(answer, ensure_ascii=False) + " True False None"):
            answer = remove_values(answer, hidden.values)
        return {**answer, "invocation": remove_values({"module_args": params}, hidden.values), **open_facts}

    def main(self) -> None:
        """Run as a module."""
        module = _Module(argument_spec=dict(self.argument_spec), supports_check_mode=True, **self.constraints)
        secrets = Secrets()
        result = self.execute(module.params, module.raw, os.environ, module.check_mode, module._diff, secrets)
        module.no_log_values.update(secrets.values)
        for text in result.pop("warnings"):
            module.warn(text)
        if result.pop("failed", False):
            module.fail_json(**result)
        module.exit_json(**result)


def _refused(name: str, checked: ValidationResult) -> dict[str, t.Any]:
    """What the module *name* says of arguments that are not valid."""
    msg = str(checked.errors.msg)
    if isinstance(checked.errors[0], UnsupportedError):
        msg = f"Unsupported parameters for ({name}) module: {msg}"
    return {"failed": True, "msg": msg, "failure": Failure("invalid_option", msg).as_dict()}


def _sound(arguments: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """*arguments* as they can be validated.

    An empty one that may be left out is left out: AWX renders unset fields empty. An infinite integer becomes its sign, which ansible-core refuses,
    where it has a traceback for the number.
    """
    optional = {name for option, entry in spec.items() if not entry.get("required") for name in (option, *entry.get("aliases", ()))}
    given = {option: value for option, value in arguments.items() if option not in optional or value not in (None, "")}
    return {option: "\u221e" if spec.get(option, {}).get("type") == "int" and _is_infinite(value) else value for option, value in given.items()}


def _is_infinite(value: t.Any) -> bool:
    try:
        return isinstance(value, (float, str)) and math.isinf(float(value))
    except ValueError:
        return False


def _number_from(item: t.Mapping[str, t.Any]) -> Number:
    """The number that *item* describes, as far as check mode needs it."""
    capabilities, applications, raw = item.get("capabilities"), item.get("applications"), item.get("raw")
    return Number(
        id=str(item.get("id")),
        provider=str(item.get("provider")),
        number=str(item["number"]),
        capabilities=tuple(map(str, capabilities)) if isinstance(capabilities, list) else None,
        applications={str(key): str(value) for key, value in applications.items()} if isinstance(applications, dict) else {},
        raw=raw if isinstance(raw, dict) else {},
    )


def _masked(value: t.Any, secrets: Secrets) -> t.Any:
    """*value* with every secret in it replaced, at any depth."""
    if isinstance(value, str):
        return secrets.mask(value)
    if isinstance(value, dict):
        return {secrets.mask(key): _masked(item, secrets) for key, item in value.items()}
    return [_masked(item, secrets) for item in value] if isinstance(value, list) else value


def _refuse_unencodable(option: str, value: t.Any) -> None:
    """Refuse bytes that are no UTF-8, at any depth: neither a request nor a journal can carry them."""
    if isinstance(value, str) and not is_text(value):
        raise Failure("invalid_option", f"{option} holds bytes that are not UTF-8 text: check its spelling.")
    parts = (*value.keys(), *value.values()) if isinstance(value, t.Mapping) else value if isinstance(value, (list, tuple)) else ()
    for part in parts:
        _refuse_unencodable(option, part)


class _Module(AnsibleModule):
    """Keeps the arguments as they came, and gives a refused argument a ``failure`` as every other one has."""

    params: dict[str, t.Any]

    def _load_params(self) -> None:
        super()._load_params()
        self.raw = {key: value for key, value in self.params.items() if not key.startswith("_ansible_")}
        self.params = _sound(self.params, self.argument_spec)

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        kwargs.setdefault("failure", Failure("invalid_option", msg).as_dict())
        super().fail_json(msg=msg, **kwargs)
