# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of the collection: ``make test`` runs them all, ``.venv/bin/nox -s NAME`` one, ``-- ARGS`` goes on to its
tool.

What takes longer, and is not among them, says so: ``make matrix``, ``make chaos``, ``make bench``.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nox
from nox.virtualenv import PassthroughEnv

sys.path.insert(0, str(Path(__file__).resolve().parent / "tests" / "tools"))
import pythons
import supported

ROOT = Path(__file__).resolve().parent

nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_external_run = True

# Ansible insists on UTF-8; a bare environment may say nothing.
os.environ["LC_ALL"] = "C.UTF-8"
# Of pip only errors are worth reading here; ansible-test's own calls of it obey this too.
os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
os.environ["PIP_QUIET"] = "2"


def install(session: nox.Session, *names: str) -> None:
    """Install tests/requirements/NAME.txt; what is compiled only when it is used is there in half the time."""
    for name in names:
        once(session, Path(session.virtualenv.location), name, "-r", f"tests/requirements/{name}.txt")


def once(session: nox.Session, environment: Path, name: str, *wanted: str) -> None:
    """Install into an environment what it does not have by the record in it: asking pip takes longer than many a
    check.
    """
    texts = [
        " ".join(wanted),
        *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "requirements").glob("*.txt"))),
    ]
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    record = environment / f"installed-{name}"
    if not record.exists() or record.read_text(encoding="utf-8") != digest:
        python = str(environment / "bin" / "python")
        session.run_install(python, "-m", "pip", "install", "--no-compile", *wanted, external=True)
        record.write_text(digest, encoding="utf-8")


def keep_code(environment: Path) -> None:
    """Have each Python process of an environment keep the compiled code of what Ansible imports."""
    source = ROOT / "tests" / "shared" / "kept_code.py"
    (packages,) = environment.glob("lib/python3*/site-packages")
    place = packages / source.name
    if not place.exists() or place.read_bytes() != source.read_bytes():
        shutil.copyfile(source, place)
        place.with_suffix(".pth").write_text("import kept_code\n", encoding="utf-8")


@contextlib.contextmanager
def alone(what: Path) -> Iterator[None]:
    """No other process is in here for *what* meanwhile."""
    what.parent.mkdir(parents=True, exist_ok=True)
    with what.with_name(f"{what.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def need(session: nox.Session, folder: str) -> None:
    """Fail when there is nothing to check, rather than pass on nothing."""
    if not any((ROOT / folder).rglob("*")):
        session.error(f"{folder}: nothing is there to check")


def listed() -> list[str]:
    """The files that git would commit."""
    found = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in found.stdout.split("\0") if name and (ROOT / name).is_symlink() | (ROOT / name).is_file()]


def copy(tree: Path) -> None:
    """Copy what git would commit below *tree*, to the path that Ansible wants: most of its tools refuse a collection
    anywhere else, links included.

    The copy is a repository of its own, because ansible-test asks git for its files and this one ignores the folder
    where the copy lies.
    """
    collection = tree / "ansible_collections" / "telco" / "numbers"
    for name in listed():
        source, target = ROOT / name, collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet", str(collection)], check=True)


def folder_of_trees(session: nox.Session, name: str) -> Path:
    """A folder for copies, without what a run left that was killed: none takes a day."""
    trees = Path(session.cache_dir, name).resolve()
    trees.mkdir(parents=True, exist_ok=True)
    for old in trees.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > 24 * 3600:
            shutil.rmtree(old, ignore_errors=True)
    return trees


def copied(session: nox.Session) -> Path:
    """A fresh copy for this run of the session alone, which goes with it; returns the folder to search for
    collections.
    """
    name = session.name.partition("(")[0]
    tree = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder_of_trees(session, "trees")))
    atexit.register(shutil.rmtree, tree, ignore_errors=True)
    copy(tree)
    return tree


def shared_copy(session: nox.Session) -> Path:
    """The copy for all who only read it, made anew when a file has changed; returns the folder to search for
    collections.
    """
    trees = folder_of_trees(session, "shared")
    state = [(name, (ROOT / name).lstat().st_size, (ROOT / name).lstat().st_mtime_ns) for name in listed()]
    tree = trees / hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    with alone(tree):
        if not tree.exists():
            begun = Path(tempfile.mkdtemp(prefix="new-", dir=trees))
            copy(begun)
            begun.rename(tree)
        tree.touch()
    return tree


def in_copy(session: nox.Session) -> Path:
    """Make the copy and go there; the copy alone is where collections are found."""
    tree = copied(session)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(tree)
    session.chdir(tree / "ansible_collections" / "telco" / "numbers")
    return tree


def environment(session: nox.Session) -> str:
    """The environment that most suites share, in which the session's commands run from now on; returns its folder of
    programs.
    """
    place = ROOT / ".nox" / "tests"
    with alone(place):
        if not (place / "bin" / "python").exists():
            session.run_install(sys.executable, "-m", "virtualenv", "--quiet", str(place), external=True)
        once(session, place, "pytest", "-r", "tests/requirements/pytest.txt")
        keep_code(place)
    session.env["PATH"] = os.pathsep.join([str(place / "bin"), os.environ["PATH"]])
    return str(place / "bin")


# Most tests wait for a process of their own; tests/tools/side_by_side.py says how many processes there may be when
# others run beside them.
WORKERS = ("--numprocesses", os.environ.get("TEST_WORKERS", "auto"), "--maxprocesses", "4")


def pytest(session: nox.Session, folder: str, *arguments: str) -> None:
    """Run one folder of tests here, in the session's environment or in the one that most suites share, with the
    collection importable from a copy.
    """
    need(session, folder)
    programs = environment(session) if isinstance(session.virtualenv, PassthroughEnv) else session.virtualenv.bin
    session.env["PYTHONPATH"] = str(shared_copy(session))
    folders = tempfile.mkdtemp(
        prefix="tn-"
    )  # short, because workers add to it, and paths of sockets end after 107 characters
    session.run(f"{programs}/pytest", folder, "--basetemp", folders, *arguments, *session.posargs, external=True)
    shutil.rmtree(folders)  # what is left of a failure can be looked at


def ansible_core(session: nox.Session, core: str) -> None:
    """Install this ansible-core, or skip the session where its Python cannot run that."""
    python = session_python(session)
    if python not in supported.CORES[core].controllers:
        session.skip(f"ansible-core {core} does not run on Python {python}")
    once(session, Path(session.virtualenv.location), "core", f"ansible-core=={supported.CORES[core].release}")
    session.run("python", "tests/tools/supported.py", "--installed", core)


def ansible_test(
    session: nox.Session,
    core: str,
    *commands: tuple[str, ...],
    variables: tuple[str, ...] = (),
) -> None:
    """Run ansible-test with each of the commands on a copy, in the session's environment, with every real Python
    interpreter within its reach.

    It passes no variable on to integration tests but those that a target's file of aliases sets.
    """
    session.run("python", "tests/tools/get_pip.py")
    in_copy(session)
    for aliases in Path("tests/integration/targets").glob("*/aliases"):
        with aliases.open("a", encoding="utf-8") as file:
            file.writelines(f"env/set/{variable}\n" for variable in variables)
    found = {version: pythons.real(version) for version in supported.CORES[core].targets}
    missing = [version for version, python in found.items() if not python]
    if missing:
        said = f"not installed here, so not checked: Python {', '.join(missing)}"
        (session.error if os.environ.get("EVERY_PYTHON") else session.log)(said)
    own = os.get_exec_path()
    folders = [
        *session.virtualenv.bin_paths,
        *(str(python.parent) for python in found.values() if python),
    ]
    path = os.pathsep.join([*folders, *(folder for folder in own if Path(folder).name != "shims")])
    for command in commands:
        session.run("ansible-test", *command, env={"PATH": path})


def session_python(session: nox.Session) -> str:
    """The version of the session's Python, as ansible-test names it."""
    return session.run("python", "-c", "import sys; print('%d.%d' % sys.version_info[:2])", silent=True).strip()


def built(session: nox.Session, tree: Path) -> Path:
    """Build the artifact from the copy in *tree*; returns its path."""
    session.run("ansible-galaxy", "collection", "build", "--output-path", str(tree))
    (artifact,) = tree.glob("telco-numbers-*.tar.gz")
    return artifact


def installed(session: nox.Session, artifact: Path) -> Path:
    """Install the artifact beside itself, from where alone collections are found now; returns its folder there."""
    place = artifact.parent / "installed"
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(place)
    session.run("ansible-galaxy", "collection", "install", "--offline", "-p", str(place), str(artifact))
    return place / "ansible_collections" / "telco" / "numbers"


# The files that GitHub reads, by the name of their schema.
FORMS = {
    "dependabot": "dependabot.yml",
    "github-issue-config": "ISSUE_TEMPLATE/config.yml",
    "github-issue-forms": "ISSUE_TEMPLATE/[!c]*.yml",
    "github-workflows": "workflows/*.yml",
}


@nox.session
def lint(session: nox.Session) -> None:
    """Style of the Python and YAML files; form and safety of the hosted workflows."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("yamllint", "--strict", ".")
    session.run("zizmor", "--offline", "--quiet", "--no-progress", ".github")
    for schema, pattern in FORMS.items():
        files = [str(file) for file in Path(".github").glob(pattern)]
        session.run("check-jsonschema", "--quiet", "--builtin-schema", f"vendor.{schema}", *files)


@nox.session(name="format", default=False)
def format_(session: nox.Session) -> None:
    """Not a check: bring the Python files into the style that lint wants."""
    install(session, "lint")
    session.run("ruff", "check", "--fix", ".")
    session.run("ruff", "format", ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Types of the plugins and of the sandbox, strictly."""
    need(session, "plugins")
    need(session, "roles/sandbox/files")
    install(session, "typing")
    mypy = (
        "mypy",
        "--config-file",
        str(ROOT / "pyproject.toml"),
        "--cache-dir",
        str(Path(session.cache_dir, "mypy").resolve()),
    )
    tree = in_copy(session)
    session.run(
        *mypy,
        "--namespace-packages",
        "--explicit-package-bases",
        "-p",
        "ansible_collections.telco.numbers.plugins",
        env={"MYPYPATH": str(tree)},
    )
    session.run(*mypy, "roles/sandbox/files", env={"MYPYPATH": "roles/sandbox/files"})


@nox.session
def licence(session: nox.Session) -> None:
    """Every file says under which licence it is."""
    install(session, "licence")
    session.run("reuse", "lint", "--lines")


@nox.session(venv_backend="none")
def floors(session: nox.Session) -> None:
    """Check the imports between the floors of plugins/."""
    session.run(sys.executable, "tests/tools/floors.py")


@nox.session(venv_backend="none")
def versions(session: nox.Session) -> None:
    """The versions that are supported are the same wherever they stand."""
    session.run(sys.executable, "tests/tools/supported.py")


@nox.session(venv_backend="none")
def unit(session: nox.Session) -> None:
    """Unit tests, with plain pytest."""
    pytest(session, "tests/unit")


@nox.session(venv_backend="none")
def contract(session: nox.Session) -> None:
    """Test the behaviour that all providers must have, over HTTP against the sandbox."""
    pytest(session, "tests/contract", *WORKERS)


@nox.session(venv_backend="none")
def security(session: nox.Session) -> None:
    """Bad input, hostile servers, secrets, private files and TLS."""
    pytest(session, "tests/security", *WORKERS)


@nox.session(venv_backend="none")
def chaos(session: nox.Session) -> None:
    """A bounded part of the chaos suite, and the proof that it catches a client that buys twice."""
    pytest(session, "tests/chaos", *WORKERS)


@nox.session(venv_backend="none", default=False)
def all_chaos(session: nox.Session) -> None:
    """Not part of the tests for its length: the whole chaos suite with its table (make chaos)."""
    programs = environment(session)
    session.env["PYTHONPATH"] = str(shared_copy(session))
    session.run(f"{programs}/python", "tests/chaos/run.py", *session.posargs, external=True)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Not a check: measure the collection beside what users would do instead (make bench)."""
    install(session, "bench")
    tree = copied(session)
    session.env["PYTHONPATH"] = session.env["ANSIBLE_COLLECTIONS_PATH"] = str(tree)
    session.run("python", "tests/bench/run.py", *session.posargs)


@nox.session
def bench_smoke(session: nox.Session) -> None:
    """The bench still runs, in its smallest sizes; how fast anything is plays no part."""
    install(session, "bench")
    session.env["PYTHONPATH"] = session.env["ANSIBLE_COLLECTIONS_PATH"] = str(shared_copy(session))
    session.run("pytest", "tests/bench", *session.posargs)


@nox.session(venv_backend="none")
def sandbox(session: nox.Session) -> None:
    """The sandbox's own tests."""
    pytest(session, "tests/sandbox")


@nox.session
def sdk(session: nox.Session) -> None:
    """The vendors' own SDKs do the calls that they have against the sandbox, unchanged but for the address."""
    install(session, "sdk")
    pytest(session, "tests/sdk")


@nox.session
def awx(session: nox.Session) -> None:
    """What the role controller defines, the sample project's jobs as AWX runs them, the execution environment, ad-hoc
    commands.
    """
    install(session, "awx")
    keep_code(Path(session.virtualenv.location))
    folder = Path(session.cache_dir, "awx").resolve()
    session.run("python", "tests/awx/get_collection.py", str(folder), success_codes=[0, 1])
    session.env["TELCO_NUMBERS_AWX_COLLECTION"] = str(folder)
    pytest(session, "tests/awx", *WORKERS)


@nox.session(venv_backend="none")
def action(session: nox.Session) -> None:
    """Tasks inside Ansible's own process against the same tasks as shipped modules."""
    pytest(session, "tests/action", *WORKERS)


@nox.session(venv_backend="none")
def roles(session: nox.Session) -> None:
    """The roles in real playbooks against the sandbox, and the audit's page in a browser where there is one."""
    pytest(session, "tests/roles", *WORKERS)


@nox.session(venv_backend="none")
def inventory(session: nox.Session) -> None:
    """The inventory plugins, through Ansible's commands against the sandbox."""
    pytest(session, "tests/inventory", *WORKERS)


# Which providers the suites go to beside the contract suite: tests/contract/kinds.py.
PROVIDERS, EVERY = "TELCO_NUMBERS_TEST_PROVIDERS", "all"

SANITY = ("sanity", "--local", "--color", "no")
ON_EACH_PYTHON = ("--test", "compile", "--test", "import")  # the tests of sanity for which it matters


def integration_with(session: nox.Session, core: str, in_process: str, providers: str, *arguments: str) -> None:
    """The integration targets with this ansible-core, their tasks inside its process or (0) as shipped modules, at some
    *providers* or, by the empty string, at one of each kind.
    """
    need(session, "tests/integration/targets")
    ansible_core(session, core)
    install(session, "libraries")
    keep_code(Path(session.virtualenv.location))
    python = session_python(session)
    command = ("integration", "--local", "--python", python, *arguments, *session.posargs)
    variables = (f"TELCO_NUMBERS_IN_PROCESS/{in_process}", *([f"{PROVIDERS}/{providers}"] if providers else []))
    ansible_test(session, core, command, variables=variables)


@nox.session
def sanity(session: nox.Session) -> None:
    """ansible-test sanity with the newest ansible-core that runs here, on the Python that runs it and on the oldest
    that it knows.
    """
    python = session_python(session)
    core = supported.newest(python)
    ansible_core(session, core)
    commands = [(*SANITY, "--python", python, *session.posargs)]
    oldest = next(version for version in supported.CORES[core].targets if pythons.real(version))
    if oldest != python and not session.posargs:
        commands.append((*SANITY, "--python", oldest, *ON_EACH_PYTHON))
    ansible_test(session, core, *commands)


@nox.session
def integration(session: nox.Session) -> None:
    """Each module in real runs at one provider of each kind, with the newest ansible-core that runs here, inside its
    process. The role sandbox is run in the sandbox's own tests.
    """
    others = () if session.posargs else ("--exclude", "role_sandbox")
    integration_with(session, supported.newest(session_python(session)), "1", "", *others)


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("core", [nox.param(core, id=core) for core in supported.CORES])
def sanity_on(session: nox.Session, core: str) -> None:
    """Part of make matrix, for its length: sanity with each ansible-core, on every Python here that it knows."""
    ansible_core(session, core)
    ansible_test(session, core, (*SANITY, *session.posargs))


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("core", [nox.param(core, id=core) for core in supported.CORES])
def units_on(session: nox.Session, core: str) -> None:
    """Part of make matrix, for its length: the unit tests with each ansible-core, on every Python here that it
    knows.
    """
    need(session, "tests/unit/plugins")
    ansible_core(session, core)
    ansible_test(session, core, ("units", "--venv", "--requirements", *session.posargs))


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("in_process", [nox.param("1", id="in_process"), nox.param("0", id="shipped")])
@nox.parametrize("core", [nox.param(core, id=core) for core in (supported.OLDEST, supported.NEWEST)])
def integration_on(session: nox.Session, core: str, in_process: str) -> None:
    """Part of make matrix, for its length: integration with the oldest and the newest ansible-core, inside its process
    and as shipped modules.
    """
    integration_with(session, core, in_process, EVERY)


@nox.session(venv_backend="none", default=False, tags=["matrix"])
def every_provider(session: nox.Session) -> None:
    """Part of make matrix, for its length: at every provider what make test runs at one of each kind, and every case of
    which make test runs some.
    """
    session.env[PROVIDERS] = EVERY
    for folder in ("tests/security", "tests/inventory", "tests/roles"):
        pytest(session, folder, *WORKERS)


@nox.session
def ansible_lint(session: nox.Session) -> None:
    """ansible-lint with the production profile."""
    install(session, "ansible-lint")
    in_copy(session)
    session.run("ansible-lint", "--offline", "--strict", "--profile", "production")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation of plugins and roles, and every reference in it."""
    install(session, "docs")
    in_copy(session)
    session.run("antsibull-docs", "lint-collection-docs", "--plugin-docs", ".")


@nox.session(venv_backend="none")
def examples(session: nox.Session) -> None:
    """Every example of the documentation against the sandbox, and the fifth provider that it adds."""
    pytest(session, "tests/docs", *WORKERS)


@nox.session
def site(session: nox.Session) -> None:
    """The documentation site, in docs/build/html; a warning is a failure (make docs)."""
    install(session, "site")
    pages = in_copy(session) / "site"
    shutil.copytree("docs/site", pages)
    shutil.copytree("tests/docs/fifth_provider", pages / "fifth_provider")
    for page in Path("docs").glob("*.md"):
        shutil.copy(page, pages)
    Path("docs/docsite/extra-docs.yml").unlink()  # the site has an index of its own, which lists the guides
    reference = pages / "reference"
    reference.mkdir(mode=0o755)  # antsibull-docs wants it for itself
    session.run(
        "antsibull-docs",
        "--config-file",
        "docs/site/antsibull-docs.cfg",
        "collection",
        "--use-current",
        "--squash-hierarchy",
        "--dest-dir",
        str(reference),
        "telco.numbers",
    )
    html = ROOT / "docs" / "build" / "html"
    shutil.rmtree(html, ignore_errors=True)
    session.run(
        "sphinx-build",
        "--quiet",
        "--fail-on-warning",
        "--keep-going",
        "--doctree-dir",
        str(pages.parent / "doctrees"),
        str(pages),
        str(html),
    )
    session.log(f"the site is in {html.relative_to(ROOT)}/index.html")


@nox.session
def changelog(session: nox.Session) -> None:
    """The changelog's fragments and record."""
    install(session, "changelog")
    in_copy(session)
    session.run("antsibull-changelog", "lint")
    session.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Not a check: make release VERSION=X.Y.Z sets the version, writes the changelog from its fragments, and checks
    what would be published.
    """
    install(session, "changelog")
    session.run("python", "tests/tools/release.py", *session.posargs)
    session.run("antsibull-changelog", "release", "--reload-plugins")
    for check in ("changelog", "versions", "build", "importer"):
        session.notify(check)


@nox.session
def build(session: nox.Session) -> None:
    """The artifact: it builds, carries what belongs and nothing else, and installs. It is left in the checkout."""
    install(session, "ansible-core")
    artifact = built(session, in_copy(session))
    session.run("python", "tests/tools/artifact.py", str(artifact))
    installed(session, artifact)
    session.run("ansible-galaxy", "collection", "verify", "--offline", "telco.numbers")
    shutil.copy2(artifact, ROOT)


@nox.session
def demo(session: nox.Session) -> None:
    """The demo from an installed artifact of which only meta, plugins, roles and playbooks are there."""
    install(session, "demo")
    keep_code(Path(session.virtualenv.location))
    collection = installed(session, built(session, in_copy(session)))
    for path in collection.iterdir():
        if path.name not in ("meta", "plugins", "roles", "playbooks"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    session.chdir(ROOT)
    session.run("tests/demo/run", session.virtualenv.location, str(collection.parents[2]), external=True)


@nox.session(default=False, tags=["matrix"])
def importer(session: nox.Session) -> None:
    """Part of make matrix, and of a release: run Galaxy's importer on the artifact. A warning is a failure."""
    install(session, "importer")
    tree = in_copy(session)
    artifact = built(session, tree)
    config = tree / "importer.cfg"
    config.write_text("[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_ANSIBLE_LINT = False\n", encoding="utf-8")
    session.chdir(tree)
    said = session.run(
        "python", "-m", "galaxy_importer.main", str(artifact), env={"GALAXY_IMPORTER_CONFIG": str(config)}, silent=True
    )
    session.log(said)
    if "WARNING" in said or "ERROR" in said:
        session.error("the importer is not content")
