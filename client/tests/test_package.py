"""The wheel is the same byte for byte, installs into a fresh environment and runs there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = Path(os.environ.get("UV") or ROOT / ".uv/bin/uv")
WHEEL = "imagelabeller-1.0.0-py3-none-any.whl"


def build(source: Path, target: Path) -> bytes:
    command: list[str | Path] = [
        UV,
        "build",
        "--quiet",
        "--offline",
        "--wheel",
        "--out-dir",
        target,
        source,
    ]
    subprocess.run(command, check=True)
    return (target / WHEEL).read_bytes()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel is built from, elsewhere and with other times and modes."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("pyproject.toml", "README.md"):
        shutil.copyfile(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("licences", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, copy_function=shutil.copyfile)
    for path in folder.rglob("*"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


def test_the_wheel_is_the_same_wherever_it_is_built(copy: Path, tmp_path: Path) -> None:
    assert build(copy, tmp_path / "there") == build(ROOT, tmp_path / "here")


def test_the_wheel_runs_in_a_fresh_environment(copy: Path, tmp_path: Path) -> None:
    build(copy, tmp_path)
    environment = tmp_path / "environment"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    install: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", environment]
    # At the versions that are tested, and with nothing that only the tests need.
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.txt"], check=True)
    subprocess.run([*install, "--no-deps", tmp_path / WHEEL], check=True)

    done = subprocess.run(
        [environment / "bin/imagelabeller", "--version"], capture_output=True, text=True, check=True
    )
    subprocess.run([UV, "pip", "check", "--quiet", "--python", environment], check=True)

    assert done.stdout == "imagelabeller 1.0.0\n"
    assert list(environment.glob("lib/*/site-packages/imagelabeller/py.typed"))
    assert list(environment.glob("lib/*/site-packages/imagelabeller/result.schema.json"))


def test_what_is_tested_is_what_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["aws"]]
    tested = (ROOT / "requirements.in").read_text() + (ROOT / "requirements-dev.in").read_text()

    for each in required:
        name, lowest, highest = re.fullmatch(r"([\w-]+)>=([\d.]+),<(\d+)", each).groups()  # type: ignore[union-attr] # it matches
        version = re.search(rf"^{name}==(.*)$", tested, re.MULTILINE)
        assert version, each
        assert parts(lowest) <= parts(version[1]) < parts(highest)


def parts(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]
