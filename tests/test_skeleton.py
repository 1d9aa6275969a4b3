"""Every component has the same shape, the same verbs and the same versions of the same packages."""

import re
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_aws import templates
from tests.house import COMPONENTS, HOUSE

DIRECTORIES = (*COMPONENTS, "local_aws", "deploy_roles", "policy", "fuzz")
STACKS = tuple(name for name in COMPONENTS if name != "system_tests")
ENVIRONMENTS = ("test", "staging", "production")
# These name what must not be named.
LOOKING_FOR_PATHS = (Path(__file__), HOUSE / "fuzz/src/fuzz/inside.py")
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)(?:\s*;\s*(.*?))?\s*\\?$")


def tracked(folder: str) -> list[Path]:
    """The files of a folder that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=HOUSE, check=True, capture_output=True, text=True
    )
    return [HOUSE / name for name in listed.stdout.split("\0") if name]


@pytest.mark.parametrize("name", ["Makefile", ".python-version", ".gitignore", ".cfnlintrc.yaml"])
def test_what_is_repeated_is_repeated_exactly(name: str) -> None:
    # The gate's own cfn-lint is set up for the house's rules.
    folders = STACKS if name == ".cfnlintrc.yaml" else DIRECTORIES
    contents = {(HOUSE / folder / name).read_text() for folder in folders}

    assert len(contents) == 1


@pytest.mark.parametrize("folder", DIRECTORIES)
def test_a_component_has_what_the_others_have(folder: str) -> None:
    expected = {
        "Makefile",
        "README.md",
        "component.mk",
        "pyproject.toml",
        "requirements-dev.txt",
        "tests",
    }
    if folder in STACKS:
        expected |= {"template.yml", ".cfnlintrc.yaml"} | {
            f"parameters/{name}.yml" for name in ENVIRONMENTS
        }

    missing = [name for name in sorted(expected) if not (HOUSE / folder / name).exists()]

    assert not missing


@pytest.mark.parametrize("folder", DIRECTORIES)
def test_the_tools_are_configured_alike(folder: str) -> None:
    house = _tools(HOUSE / "pyproject.toml")
    component = _tools(HOUSE / folder / "pyproject.toml")

    assert component["ruff"]["lint"]["select"] == house["ruff"]["lint"]["select"]
    assert component["ruff"]["line-length"] == house["ruff"]["line-length"]
    assert component["mypy"]["strict"] is True
    assert component["pytest"]["ini_options"]["filterwarnings"][0] == "error"


def test_a_package_has_one_version_everywhere() -> None:
    versions: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for folder in DIRECTORIES:
        for lock in (HOUSE / folder).glob("requirements*.txt"):
            for line in lock.read_text().splitlines():
                if pinned := PINNED.match(line):
                    name, version, marker = pinned.groups()
                    versions[name, marker or ""][version].append(f"{folder}/{lock.name}")

    differing = {name: dict(found) for name, found in versions.items() if len(found) > 1}

    assert not differing


def test_a_component_imports_nothing_from_a_sibling() -> None:
    offenders = []
    for folder in COMPONENTS:
        siblings = "|".join(other for other in DIRECTORIES if other != folder)
        imports = re.compile(rf"^\s*(?:from|import)\s+({siblings})\b", re.MULTILINE)
        offenders += [
            str(path.relative_to(HOUSE))
            for path in tracked(folder)
            if path.suffix == ".py" and imports.search(path.read_text())
        ]

    assert not offenders


@pytest.mark.parametrize("path", ["/root/", "/work/", "/home/"])
def test_no_machine_is_named(path: str) -> None:
    naming = [
        str(file.relative_to(HOUSE))
        for file in tracked(".")
        if file not in LOOKING_FOR_PATHS and file.is_file() and path.encode() in file.read_bytes()
    ]

    assert not naming


def test_lock_files_name_no_registry() -> None:
    locks = [path for path in tracked(".") if path.suffix == ".txt" and "==" in path.read_text()]
    naming = [str(path.relative_to(HOUSE)) for path in locks if "://" in path.read_text()]

    assert locks
    assert not naming


@pytest.mark.parametrize("folder", STACKS)
def test_the_parameters_of_an_environment_are_the_templates(folder: str) -> None:
    names = set(templates.read(HOUSE / folder / "template.yml")["Parameters"])

    for environment in ENVIRONMENTS:
        given = yaml.safe_load((HOUSE / folder / "parameters" / f"{environment}.yml").read_text())
        assert set(given) <= names


def _tools(path: Path) -> Any:
    return tomllib.loads(path.read_text())["tool"]
