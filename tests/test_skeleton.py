"""Every component has the same shape and the same versions of the same packages."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from local_aws.project import templates
from local_aws.project.facts import Facts

from tests.project import COMPONENTS, PROJECT, tracked

FACTS = Facts.read(PROJECT)
DIRECTORIES = tuple(FACTS.components)
STACKS = tuple(FACTS.stacks)
ENVIRONMENTS = tuple(FACTS.environments)
# These name what must not be named.
LOOKING_FOR_PATHS = (Path(__file__), PROJECT / "fuzz/src/fuzz/inside.py")
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)(?:\s*;\s*(.*?))?\s*\\?$")


@pytest.mark.parametrize("folder", DIRECTORIES)
def test_a_component_has_what_the_others_have(folder: str) -> None:
    expected = {
        "Makefile",
        "README.md",
        "pyproject.toml",
        "requirements-dev.txt",
        "tests",
    }
    if folder in STACKS:
        expected |= {"template.yml"} | {f"parameters/{name}.yml" for name in ENVIRONMENTS}

    missing = [name for name in sorted(expected) if not (PROJECT / folder / name).exists()]

    assert not missing


@pytest.mark.parametrize("folder", DIRECTORIES)
def test_what_make_installs_and_builds_is_not_linted_where_there_is_no_git(folder: str) -> None:
    # Ruff reads .gitignore in a Git repository alone, and an unpacked archive is none.
    ruff = _tools(PROJECT / folder / "pyproject.toml")["ruff"]

    assert {".uv", "build"} <= set(ruff["extend-exclude"])


@pytest.mark.parametrize("folder", DIRECTORIES)
def test_the_tools_are_configured_alike(folder: str) -> None:
    project = _tools(PROJECT / "pyproject.toml")
    component = _tools(PROJECT / folder / "pyproject.toml")

    assert component["ruff"]["lint"]["select"] == project["ruff"]["lint"]["select"]
    assert component["ruff"]["line-length"] == project["ruff"]["line-length"]
    assert component["mypy"]["strict"] is True
    assert component["pytest"]["ini_options"]["filterwarnings"][0] == "error"


def test_a_package_has_one_version_everywhere() -> None:
    versions: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for folder in DIRECTORIES:
        for lock in (PROJECT / folder).glob("requirements*.txt"):
            for line in lock.read_text().splitlines():
                if pinned := PINNED.match(line):
                    name, version, marker = pinned.groups()
                    versions[name, marker or ""][version].append(f"{folder}/{lock.name}")

    differing = {name: dict(found) for name, found in versions.items() if len(found) > 1}

    assert not differing


def test_the_tools_that_components_share_are_those_that_each_has() -> None:
    shared = _pins(PROJECT / "local_aws/emulators/tools.txt")
    differing = {
        (folder, name): (version, other)
        for folder in STACKS
        for name, other in _pins(PROJECT / folder / "requirements-dev.txt").items()
        if (version := shared.get(name)) and version != other
    }

    assert "aws-sam-cli" in shared
    assert not differing


def test_a_component_imports_nothing_from_a_sibling() -> None:
    offenders = []
    for folder in COMPONENTS:
        siblings = "|".join(other for other in DIRECTORIES if other != folder)
        imports = re.compile(rf"^\s*(?:from|import)\s+({siblings})\b", re.MULTILINE)
        offenders += [
            str(path.relative_to(PROJECT))
            for path in tracked(folder)
            if path.suffix == ".py" and imports.search(path.read_text())
        ]

    assert not offenders


@pytest.mark.parametrize("path", ["/root/", "/work/", "/home/"])
def test_no_machine_is_named(path: str) -> None:
    naming = [
        str(file.relative_to(PROJECT))
        for file in tracked(".")
        if file not in LOOKING_FOR_PATHS and file.is_file() and path.encode() in file.read_bytes()
    ]

    assert not naming


def test_lock_files_name_no_registry() -> None:
    locks = [path for path in tracked(".") if path.suffix == ".txt" and "==" in path.read_text()]
    naming = [str(path.relative_to(PROJECT)) for path in locks if "://" in path.read_text()]

    assert locks
    assert not naming


def test_every_requirement_is_pinned_with_its_hashes() -> None:
    locks = [path for path in tracked(".") if path.suffix == ".txt" and "==" in path.read_text()]
    requirements = {
        f"{path.relative_to(PROJECT)}: {requirement.splitlines()[0]}": requirement
        for path in locks
        for requirement in re.findall(r"^[A-Za-z0-9].*(?:\n .*)*", path.read_text(), re.MULTILINE)
    }

    loose = [
        name
        for name, requirement in requirements.items()
        if not (PINNED.match(name.partition(": ")[2]) and "--hash=sha256:" in requirement)
    ]

    assert len(requirements) > 500
    assert not loose


@pytest.mark.parametrize("folder", STACKS)
def test_the_parameters_of_an_environment_are_the_templates(folder: str) -> None:
    names = set(templates.read(PROJECT / folder / "template.yml")["Parameters"])

    for environment in ENVIRONMENTS:
        given = yaml.safe_load((PROJECT / folder / "parameters" / f"{environment}.yml").read_text())
        assert set(given) <= names


def _pins(lock: Path) -> dict[str, str]:
    found = map(PINNED.match, lock.read_text().splitlines())
    return {pinned[1]: pinned[2] for pinned in found if pinned}


def _tools(path: Path) -> Any:
    return tomllib.loads(path.read_text())["tool"]


def test_a_run_of_properties_can_be_repeated() -> None:
    # The skeleton's files run where they are rendered.
    unlike = {Path(__file__), *tracked("skeleton/files")}
    draws = {
        path.relative_to(PROJECT).parts[0]
        for path in tracked(".")
        if path.suffix == ".py" and path not in unlike and "import given" in path.read_text()
    }
    settled = {
        folder
        for folder in draws
        if "derandomize=True" in (PROJECT / folder / "tests/conftest.py").read_text()
    }

    assert draws == settled
    assert "submit_image" in draws
