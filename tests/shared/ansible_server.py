# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that imports Ansible once and forks for each run: two thirds of a short run's processor time are imports.

A fork takes the run's directory, variables, arguments and files, and reads Ansible's configuration anew. Where
something that Ansible looked at while it was imported is different for the run, and cannot be put right, the fork
becomes a fresh ``python -m ansible`` instead: so a run is what it would be without this file, or slower.
``ansible_runs.run`` starts this and talks to it.
"""

from __future__ import annotations

import array
import ast
import atexit
import collections
import functools
import gc
import importlib
import inspect
import json
import os
import pkgutil
import selectors
import socket
import sys
import types
from pathlib import Path
from typing import Any

importlib.import_module("kept_code")  # with which Ansible compiles

# The commands, and what they or their workers import as they go.
COMMANDS = [
    "ansible.cli.adhoc",
    "ansible.cli.doc",
    "ansible.cli.inventory",
    "ansible.cli.playbook",
    "ansible.executor.playbook_executor",
    "ansible.modules",
    "ansible.playbook.handler_task_include",
    "ansible.plugins.action.assert",
    "ansible.plugins.action.command",
    "ansible.plugins.action.copy",
    "ansible.plugins.action.debug",
    "ansible.plugins.action.normal",
    "ansible.plugins.action.set_fact",
    "ansible.plugins.action.template",
    "ansible.plugins.cache.memory",
    "ansible.plugins.callback.default",
    "ansible.plugins.callback.minimal",
    "ansible.plugins.connection.local",
    "ansible.plugins.inventory.auto",
    "ansible.plugins.inventory.ini",
    "ansible.plugins.inventory.toml",
    "ansible.plugins.inventory.yaml",
    "ansible.plugins.shell.sh",
    "ansible.plugins.strategy.linear",
    "ansible.plugins.vars.host_group_vars",
    "multiprocessing.popen_fork",
    "multiprocessing.synchronize",
    "phonenumbers",
    "requests",
    "xml.dom.minidom",
]
LOCALE = ("LANG", "LANGUAGE", "LC_", "PYTHON")  # of these variables the interpreter itself reads some when it starts
FILES = 4  # that come with a request: the three standard ones, and the socket that hears how the run went


class _Variables(os._Environ):  # type: ignore[type-arg]
    """The environment, which remembers what was asked of it."""

    asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return str(super().__getitem__(name))


class _Settings(types.ModuleType):
    """ansible.constants, which remembers how often each setting was read."""

    read: collections.Counter[str] = collections.Counter()

    def __getattribute__(self, name: str) -> Any:
        _Settings.read[name] += 1
        return super().__getattribute__(name)


class Ansible:
    """Ansible as it is imported, and what has to be as it was then, or to be put right."""

    def __init__(self) -> None:
        """Import it; what the commands import as they go is imported, too."""
        plain = os.environ.__class__
        os.environ.__class__ = _Variables
        import ansible.constants as settings
        from ansible.config import manager
        from ansible.utils.path import cleanup_tmp_file

        config = settings.config
        names = set(config.get_configuration_definitions())
        ask = config.get_config_value_and_origin

        def asked(name: str, *arguments: Any, **keywords: Any) -> Any:
            if name in names:
                _Settings.read[name] += 1
            return ask(name, *arguments, **keywords)

        config.get_config_value_and_origin = asked
        settings.__class__ = _Settings
        for name in COMMANDS:
            importlib.import_module(name)
        finder = sys.modules["ansible.utils.collection_loader._collection_finder"]
        finder._meta_yml_to_dict = functools.cache(finder._meta_yml_to_dict)  # which Ansible's tools may do
        finder._meta_yml_to_dict(
            pkgutil.get_data("ansible.config", "ansible_builtin_runtime.yml"), ("ansible.builtin", "runtime.yml")
        )
        plugins = sys.modules["ansible.plugins.loader"]
        for loader in (plugins.filter_loader, plugins.test_loader):  # each worker would load them all
            for path in map(str, Path(str(importlib.import_module(loader.package).__file__)).parent.glob("[!_]*.py")):
                name = f"{loader.package}.{Path(path).stem}_{abs(hash(path))}"
                loader._module_cache[path] = loader._load_module_source(python_module_name=name, path=path)
        importlib.import_module("kept_modules").keep(Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]))
        inspect.stack()  # Ansible's workers ask for it; what it learns about each module is kept
        keep_parsed(sys.modules["ansible.executor.module_common"])
        settings.__class__ = types.ModuleType
        del config.get_config_value_and_origin
        os.environ.__class__ = plain
        self.settings, self.manager, self.forget = settings, manager, cleanup_tmp_file
        self.values = {name: getattr(settings, name) for name in names}
        self.read = {name: count for name, count in _Settings.read.items() if name in names}
        definitions = config.get_configuration_definitions()
        configured = {entry["name"] for definition in definitions.values() for entry in definition.get("env", ())}
        self.variables = _Variables.asked - configured - {"HOME", "ANSIBLE_CONFIG"}  # what these say is in the settings
        self.definitions = config._base_defs
        self.loaders = [one for one in vars(plugins).values() if isinstance(one, plugins.PluginLoader)]

    def fits(self, before: dict[str, str]) -> bool:
        """Whether an import of Ansible in the present environment would give the same, but for things put right here.

        *before* was the environment at the import.
        """
        names = {name for name in {*before, *os.environ} if name.startswith(LOCALE)} | self.variables
        if any(os.environ.get(name) != before.get(name) for name in names) or self._hidden():
            return False
        self._configure()
        changed = {name for name in self.read if getattr(self.settings, name) != self.values[name]}
        for name in changed - {"DEFAULT_LOG_PATH"}:
            loaders = [loader for loader in self.loaders if loader.config is self.values[name]]
            if len(loaders) != self.read[name]:
                return False
            for loader in loaders:
                loader.config = getattr(self.settings, name)
        return "DEFAULT_LOG_PATH" not in changed or self._log()

    def _hidden(self) -> bool:
        """Whether the folder has a module of its own in place of one that was imported."""
        found = [
            path.stem
            for path in (*Path.cwd().glob("*.py"), *(package.parent for package in Path.cwd().glob("*/__init__.py")))
        ]
        return any(name in sys.modules for name in found)

    def _configure(self) -> None:
        """Read the configuration and set the constants as their import did."""
        settings = self.settings
        config = settings.config
        atexit.unregister(self.forget)  # the folder for temporary files is not this process's
        type(config).WARNINGS.clear()
        type(config).DEPRECATED.clear()
        config._read_config_yaml_file = lambda _path: self.definitions
        config.__init__()
        del config._read_config_yaml_file
        for name in config.get_configuration_definitions():
            settings.set_constant(name, config.get_config_value(name, variables=vars(settings)))

    def _log(self) -> bool:
        """Open the log as the import of ansible.utils.display did not, by the same statement."""
        display = sys.modules["ansible.utils.display"]
        parsed = ast.parse(Path(str(display.__file__)).read_text(encoding="utf-8"))
        found = [node for node in parsed.body if isinstance(node, ast.If) and "DEFAULT_LOG_PATH" in ast.dump(node.test)]
        if len(found) != 1 or self.values["DEFAULT_LOG_PATH"] or self.read["DEFAULT_LOG_PATH"] != 1:
            return False
        exec(compile(ast.Module(list(found), []), str(display.__file__), "exec"), vars(display))
        return True


def keep_parsed(common: types.ModuleType) -> None:
    """Parse here, once, what each worker parses that ships a module, because it follows the imports."""
    common._compile_module_ast = functools.cache(common._compile_module_ast)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith("ansible.module_utils.") and file:
            common._compile_module_ast(name, Path(file).read_bytes())


def served(control: socket.socket, commands: socket.socket) -> dict[str, Any] | None:
    """Fork for each request until there will be no more; returns, in the fork, what was requested.

    A request comes from *control* with its four files, or by a connection to *commands* with the first three: the
    connection is the fourth.
    """
    watch = selectors.DefaultSelector()
    watch.register(control, selectors.EVENT_READ)
    watch.register(commands, selectors.EVENT_READ)
    while True:
        for key, _events in watch.select():
            if key.fileobj in (control, commands):
                if key.fileobj is control:
                    message, files = received(control)
                    if not message:
                        return None
                else:
                    connection = commands.accept()[0]
                    message, files = received(connection)
                    files.append(connection.detach())
                process = os.fork()
                if not process:
                    close_all(watch)
                    return {**json.loads(message), "files": files}
                for file in files[:3]:
                    os.close(file)
                told = socket.socket(fileno=files[3])
                told.send(b"%d " % process)
                watch.register(os.pidfd_open(process), selectors.EVENT_READ, (process, told))
            else:
                watch.unregister(key.fileobj)
                os.close(key.fd)
                process, told = key.data
                with told:
                    told.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def close_all(watch: selectors.BaseSelector) -> None:
    """Close the files that only the server needs."""
    for key in list(watch.get_map().values()):
        os.close(key.fd)
        if key.data:
            key.data[1].close()
    watch.close()


def received(control: socket.socket) -> tuple[bytes, list[int]]:
    """Receive one request and return it with its files."""
    files = array.array("i")
    message, ancillary, _flags, _address = control.recvmsg(1 << 20, socket.CMSG_SPACE(FILES * files.itemsize))
    for _level, _kind, data in ancillary:
        files.frombytes(data)
    return message, list(files)


def main() -> None:
    """Serve requests. Each fork runs an Ansible command and ends."""
    before = dict(os.environ)
    control, commands = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    loaded = Ansible()
    gc.collect()
    gc.freeze()  # what is imported is no garbage: no fork, and none of its forks, looks through it
    request = served(control, commands)
    if request is None:
        return
    for closed in (control, commands):
        closed.detach()
    for number, file in enumerate(request["files"][:3]):
        os.dup2(file, number)
    for file in request["files"]:
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    if not loaded.fits(before):
        atexit._run_exitfuncs()
        os.execv(sys.executable, [sys.executable, "-m", "ansible", *request["arguments"]])
    import ansible.__main__ as command

    sys.path[0] = os.getcwd()
    sys.argv = [str(command.__file__), *request["arguments"]]
    command.main()


if __name__ == "__main__":
    main()
