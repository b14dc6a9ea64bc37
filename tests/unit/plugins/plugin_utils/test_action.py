# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pure parts of the action plugins: arguments as JSON, which Python is meant, and surroundings that are put
back.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections import UserDict
from pathlib import Path

import pytest
from ansible_collections.telco.numbers.plugins.module_utils._core.model import Number
from ansible_collections.telco.numbers.plugins.module_utils._operations.context import Result
from ansible_collections.telco.numbers.plugins.module_utils._tasks.plain import plain
from ansible_collections.telco.numbers.plugins.module_utils._tasks.task import Task
from ansible_collections.telco.numbers.plugins.plugin_utils._action import is_this_python, surroundings

PLIVO = {"provider": "plivo_groups", "account_id": "MA1", "password": "s3cret-token"}


class Text(str):
    """Text of a kind of its own, as the controller's is."""


class LazyList(list):
    """Has its members only when it is asked for them, as what a template yields."""

    def __iter__(self):
        return (f"{item} asked for" for item in list.__iter__(self))


class LazyDict(dict):
    """The same with keys."""

    def items(self):
        return [(key, f"{item} asked for") for key, item in dict.items(self)]


class Vaulted:
    """No text, but it can be made one, as vaulted text can."""

    def __str__(self) -> str:
        return "opened"


# -- arguments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (datetime.date(2026, 12, 8), "2026-12-08"),
        (datetime.datetime(2026, 12, 8, 1, 2), "2026-12-08T01:02:00"),
        (("a", 1), ["a", 1]),
        ({"a"}, ["a"]),
        ({1: [Text("a")]}, {"1": ["a"]}),
        ({True: 1, None: 2, 1.5: 3, datetime.date(2026, 12, 8): 4}, {"true": 1, "null": 2, "1.5": 3, "2026-12-08": 4}),
        (LazyDict(a=LazyList()), {"a": "[] asked for"}),
        ([LazyList("a")], [["a asked for"]]),
        (UserDict(a=Vaulted()), {"a": "opened"}),
        ([None, True, 1, 1.5, "1"], [None, True, 1, 1.5, "1"]),
    ],
)
def test_arguments_are_what_json_makes_of_them(given, read):
    assert plain({"x": given}) == {"x": read}
    assert plain({"x": Text("a")})["x"].__class__ is str


# -- which Python ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "interpreter",
    ["", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent", sys.executable, f" {sys.executable} "],
)
def test_the_python_that_runs_this_and_an_open_choice_stay(interpreter):
    assert is_this_python(interpreter)


def test_another_name_for_the_same_python_beside_it_stays(tmp_path, monkeypatch):
    own, alias, system = tmp_path / "venv" / "python", tmp_path / "venv" / "python3", tmp_path / "python"
    own.parent.mkdir()
    system.touch()
    own.symlink_to(system)
    alias.symlink_to("python")
    (tmp_path / "link").symlink_to("venv")
    monkeypatch.setattr(sys, "executable", str(own))
    assert is_this_python(str(alias))
    assert is_this_python(str(tmp_path / "link" / "python"))
    assert not is_this_python(str(system)), "the one that the environment was made from has other libraries"


@pytest.mark.parametrize(
    "interpreter",
    ["/nonexistent/python3", "python3", "/usr/bin/env python3", f"{sys.executable} -I", f"{sys.executable}0"],
)
def test_every_other_python_is_another(interpreter):
    assert not is_this_python(interpreter)


# -- surroundings ------------------------------------------------------------------------------------------------------


class Stop(BaseException):
    """What a task time-out is: no Exception."""


def test_surroundings_are_put_back_however_it_ends(tmp_path, monkeypatch):
    monkeypatch.setenv("TELCO_TEST_OLD", "old")
    before, home = dict(os.environ), Path.cwd()
    with pytest.raises(Stop), surroundings({"TELCO_TEST_OLD": "new", "TELCO_TEST_NEW": 1}, str(tmp_path)):
        assert (os.environ["TELCO_TEST_OLD"], os.environ["TELCO_TEST_NEW"]) == ("new", "1")
        assert Path.cwd() == tmp_path.resolve()
        raise Stop
    assert (dict(os.environ), Path.cwd()) == (before, home)


def test_an_interrupted_task_can_send_nothing_more():
    """What a task time-out leaves running must not buy when the next task has begun."""
    clocks = []

    def interrupted(context, arguments):
        clocks.append(context.clock)
        assert context.clock.remaining() > 0
        raise Stop

    with pytest.raises(Stop):
        Task({}, interrupted).answer("m", PLIVO, {}, False, False)
    assert clocks[0].remaining() == 0


# -- what a module returns ---------------------------------------------------------------------------------------------


def shows(context, arguments):
    context.warnings.append("used s3cret-token")
    number = Number(id="1", provider="plivo_groups", number="+14155550100", raw={"note": "s3cret-token"})
    return Result(True, {"numbers": [number.as_dict()], "first": "s3cret-token"})


def test_an_answer_is_masked_and_tells_its_arguments():
    answer = Task({"count": {"type": "int", "default": 1}}, shows).answer(
        "m", {**PLIVO, "auth_id": "MA1", "count": "2"}, {}, False, False
    )
    assert "s3cret" not in json.dumps(answer)
    given = answer["invocation"]["module_args"]
    assert (given["count"], given["password"], given["account_id"]) == (2, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "MA1")
    assert answer["warnings"] == ["Both option account_id and its alias auth_id are set.", "used ********"]
    assert "deprecations" not in answer


def test_a_secret_from_the_environment_is_masked_too():
    answer = Task({}, shows).answer(
        "m", {"provider": "plivo_groups", "auth_id": "MA1"}, {"PLIVO_AUTH_TOKEN": "s3cret-token"}, False, False
    )
    assert answer["changed"] is True
    assert "s3cret" not in json.dumps(answer)


def test_a_secret_that_looks_like_a_fact_hides_only_itself():
    answer = Task({}, shows).answer("m", {**PLIVO, "password": "True"}, {}, False, False)
    assert answer["changed"] is True


@pytest.mark.parametrize(
    ("given", "beginning"),
    [
        (
            {"colour": "red"},
            "Unsupported parameters for (a.b.m) module: colour. Supported parameters include: a, account_currency,",
        ),
        ({"timeout": "soon"}, "argument 'timeout' is of type"),
        ({"a": "1", "b": "2"}, "parameters are mutually exclusive: a|b"),
    ],
)
def test_arguments_that_are_not_valid_are_refused_as_a_module_does(given, beginning):
    task = Task({"a": {"type": "str"}, "b": {"type": "str"}}, shows, mutually_exclusive=[("a", "b")])
    answer = task.answer("a.b.m", {**PLIVO, **given}, {}, False, False)
    assert answer["failed"] is True
    assert answer["msg"].startswith(beginning)
    assert (answer["failure"]["code"], answer["failure"]["message"]) == ("invalid_option", answer["msg"])
    assert "warnings" not in answer


def test_a_refusal_repeats_no_secret():
    answer = Task({}, shows).answer("m", {**PLIVO, "timeout": "s3cret-token"}, {}, False, False)
    assert "s3cret" not in json.dumps(answer)


def test_a_deprecated_alias_is_told():
    spec = {
        "a": {
            "type": "str",
            "deprecated_aliases": [{"name": "b", "version": "9.0.0", "collection_name": "telco.numbers"}],
            "aliases": ["b"],
        }
    }
    answer = Task(spec, shows).answer("m", {**PLIVO, "b": "1"}, {}, False, False)
    (told,) = answer["deprecations"]
    assert (told["version"], told["collection_name"]) == ("9.0.0", "telco.numbers")
