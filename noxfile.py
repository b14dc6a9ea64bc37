# Copyright: (c) 2026, telco.numbers contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of the collection: ``make test`` runs them all, ``.venv/bin/nox -s NAME`` one, ``-- ARGS`` goes on to its tool.

What takes longer, and is not among them, says so: ``make matrix``, ``make chaos``, ``make bench``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nox

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
        session.install("--no-compile", "-r", f"tests/requirements/{name}.txt")


def need(session: nox.Session, folder: str) -> None:
    """Fail when there is nothing to check, rather than pass on nothing."""
    if not any((ROOT / folder).rglob("*")):
        session.error(f"{folder}: nothing is there to check")


def copied(session: nox.Session) -> Path:
    """A fresh copy of what git would commit, at the path that Ansible wants; returns the folder to search for collections.

    Most of Ansible's tools refuse a collection anywhere else, links included. The copy is a repository of its own, because ansible-test
    asks git for its files and this one ignores the folder where the copy lies.
    """
    tree = Path(session.cache_dir, "trees", re.sub(r"\W+", "-", session.name)).resolve()
    collection = tree / "ansible_collections" / "telco" / "numbers"
    shutil.rmtree(tree, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, collection / name
        if source.is_file() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet", str(collection)], check=True)
    return tree


def in_copy(session: nox.Session) -> Path:
    """Make the copy and go there; the copy alone is where collections are found."""
    tree = copied(session)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(tree)
    session.chdir(tree / "ansible_collections" / "telco" / "numbers")
    return tree


def pytest(session: nox.Session, folder: str, *arguments: str) -> None:
    """Run one folder of tests here, with the collection importable from a copy."""
    need(session, folder)
    install(session, "pytest")
    session.env["PYTHONPATH"] = str(copied(session))
    session.run("pytest", folder, *arguments, *session.posargs)


SIDE_BY_SIDE = ("--numprocesses", "auto", "--maxprocesses", "4")  # for tests that mostly wait for a process of their own


def ansible_core(session: nox.Session, core: str) -> None:
    """Install this ansible-core, or skip the session where its Python cannot run that."""
    python = session_python(session)
    if python not in supported.CORES[core].controllers:
        session.skip(f"ansible-core {core} does not run on Python {python}")
    session.install("--no-compile", f"ansible-core=={supported.CORES[core].release}")
    session.run("python", "tests/tools/supported.py", "--installed", core)


def ansible_test(session: nox.Session, core: str, *arguments: str, variables: tuple[str, ...] = ()) -> None:
    """Run ansible-test on a copy, in the session's environment, with every real Python interpreter within its reach.

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
    folders = [*session.virtualenv.bin_paths, *(str(python.parent) for python in found.values() if python)]
    path = os.pathsep.join([*folders, *(folder for folder in own if Path(folder).name != "shims")])
    session.run("ansible-test", *arguments, env={"PATH": path})


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


# What GitHub reads, by the name of its schema.
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
    mypy = ("mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(Path(session.cache_dir, "mypy").resolve()))
    tree = in_copy(session)
    session.run(*mypy, "--namespace-packages", "--explicit-package-bases", "-p", "ansible_collections.telco.numbers.plugins", env={"MYPYPATH": str(tree)})
    session.run(*mypy, "roles/sandbox/files", env={"MYPYPATH": "roles/sandbox/files"})


@nox.session
def licence(session: nox.Session) -> None:
    """Every file says under which licence it is."""
    install(session, "licence")
    session.run("reuse", "lint", "--lines")


@nox.session(venv_backend="none")
def floors(session: nox.Session) -> None:
    """Who may import whom in plugins/."""
    session.run(sys.executable, "tests/tools/floors.py")


@nox.session(venv_backend="none")
def versions(session: nox.Session) -> None:
    """The versions that are supported are the same wherever they stand."""
    session.run(sys.executable, "tests/tools/supported.py")


@nox.session
def unit(session: nox.Session) -> None:
    """Unit tests, with plain pytest."""
    pytest(session, "tests/unit")


@nox.session
def contract(session: nox.Session) -> None:
    """What each provider must do, over HTTP against the sandbox."""
    pytest(session, "tests/contract")


@nox.session
def security(session: nox.Session) -> None:
    """Bad input, hostile servers, secrets, private files and TLS."""
    pytest(session, "tests/security")


@nox.session
def chaos(session: nox.Session) -> None:
    """A bounded part of the chaos suite, and the proof that it catches a client that buys twice."""
    pytest(session, "tests/chaos")


@nox.session(default=False)
def all_chaos(session: nox.Session) -> None:
    """Not part of the tests for its length: the whole chaos suite with its table (make chaos)."""
    install(session, "pytest")
    session.env["PYTHONPATH"] = str(copied(session))
    session.run("python", "tests/chaos/run.py", *session.posargs)


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
    session.env["PYTHONPATH"] = session.env["ANSIBLE_COLLECTIONS_PATH"] = str(copied(session))
    session.run("pytest", "tests/bench", *session.posargs)


@nox.session
def sandbox(session: nox.Session) -> None:
    """The sandbox's own tests."""
    pytest(session, "tests/sandbox")


@nox.session
def awx(session: nox.Session) -> None:
    """What the role controller defines, the sample project's jobs as AWX runs them, the execution environment, ad-hoc commands."""
    install(session, "awx")
    folder = Path(session.cache_dir, "awx").resolve()
    session.run("python", "tests/awx/get_collection.py", str(folder), success_codes=[0, 1])
    session.env["TELCO_NUMBERS_AWX_COLLECTION"] = str(folder)
    pytest(session, "tests/awx", *SIDE_BY_SIDE)


@nox.session
def action(session: nox.Session) -> None:
    """Tasks inside Ansible's own process against the same tasks as shipped modules."""
    pytest(session, "tests/action", *SIDE_BY_SIDE)


@nox.session
def roles(session: nox.Session) -> None:
    """The roles in real playbooks against the sandbox, and the audit's page in a browser where there is one."""
    pytest(session, "tests/roles", *SIDE_BY_SIDE)


@nox.session
def inventory(session: nox.Session) -> None:
    """The inventory plugins, through Ansible's commands against the sandbox."""
    pytest(session, "tests/inventory", *SIDE_BY_SIDE)


def sanity_with(session: nox.Session, core: str) -> None:
    """Sanity on every Python here that this ansible-core knows."""
    ansible_core(session, core)
    ansible_test(session, core, "sanity", "--local", "--color", "no", *session.posargs)


def integration_with(session: nox.Session, core: str, in_process: str) -> None:
    """The integration targets with this ansible-core, their tasks inside its process or (0) as shipped modules."""
    need(session, "tests/integration/targets")
    ansible_core(session, core)
    install(session, "libraries")
    python = session_python(session)
    ansible_test(session, core, "integration", "--local", "--python", python, *session.posargs, variables=(f"TELCO_NUMBERS_IN_PROCESS/{in_process}",))


@nox.session
def sanity(session: nox.Session) -> None:
    """ansible-test sanity with the newest ansible-core that runs here, on every Python here that it knows."""
    sanity_with(session, supported.newest(session_python(session)))


@nox.session
def oldest(session: nox.Session) -> None:
    """The oldest ansible-core that is promised: modules compile, import and pass their unit tests on the oldest Python."""
    need(session, "tests/unit/plugins")
    core = supported.OLDEST
    python = supported.CORES[core].targets[0]
    if not pythons.real(python):
        session.skip(f"Python {python} is not installed here")
    ansible_core(session, core)
    ansible_test(session, core, "sanity", "--local", "--color", "no", "--python", python, "--test", "compile", "--test", "import")
    session.chdir(ROOT)
    ansible_test(session, core, "units", "--venv", "--python", python, "--requirements")


@nox.session
def integration(session: nox.Session) -> None:
    """Each module, role and playbook in real runs against the sandbox, with the newest ansible-core that runs here, inside its process."""
    integration_with(session, supported.newest(session_python(session)), "1")


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("core", [nox.param(core, id=core) for core in supported.CORES])
def sanity_on(session: nox.Session, core: str) -> None:
    """Part of make matrix, for its length: sanity with each ansible-core, on every Python here that it knows."""
    sanity_with(session, core)


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("core", [nox.param(core, id=core) for core in supported.CORES])
def units_on(session: nox.Session, core: str) -> None:
    """Part of make matrix, for its length: the unit tests with each ansible-core, on every Python here that it knows."""
    need(session, "tests/unit/plugins")
    ansible_core(session, core)
    ansible_test(session, core, "units", "--venv", "--requirements", *session.posargs)


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("in_process", [nox.param("1", id="in_process"), nox.param("0", id="shipped")])
@nox.parametrize("core", [nox.param(core, id=core) for core in (supported.OLDEST, supported.NEWEST)])
def integration_on(session: nox.Session, core: str, in_process: str) -> None:
    """Part of make matrix, for its length: integration with the oldest and the newest ansible-core, inside its process and as shipped modules."""
    integration_with(session, core, in_process)


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


@nox.session
def examples(session: nox.Session) -> None:
    """Every example of the documentation against the sandbox, and the fifth provider that it adds."""
    pytest(session, "tests/docs", *SIDE_BY_SIDE)


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
    session.run("sphinx-build", "--quiet", "--fail-on-warning", "--keep-going", "--doctree-dir", str(pages.parent / "doctrees"), str(pages), str(html))
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
    """Not a check: make release VERSION=X.Y.Z sets the version, writes the changelog from its fragments, and checks what would be published."""
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
    collection = installed(session, built(session, in_copy(session)))
    for path in collection.iterdir():
        if path.name not in ("meta", "plugins", "roles", "playbooks"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    session.chdir(ROOT)
    session.run("tests/demo/run", session.virtualenv.location, str(collection.parents[2]), external=True)


@nox.session
def importer(session: nox.Session) -> None:
    """What Galaxy's importer says of the artifact; a warning is a failure."""
    install(session, "importer")
    tree = in_copy(session)
    artifact = built(session, tree)
    config = tree / "importer.cfg"
    config.write_text("[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_ANSIBLE_LINT = False\n", encoding="utf-8")
    session.chdir(tree)
    said = session.run("python", "-m", "galaxy_importer.main", str(artifact), env={"GALAXY_IMPORTER_CONFIG": str(config)}, silent=True)
    session.log(said)
    if "WARNING" in said or "ERROR" in said:
        session.error("the importer is not content")
