"""The package as Lambda gets it: the same from the same sources, and nothing missing in it."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.documents import FUNCTION_HANDLER, HERE

# What Lambda's runtime has in addition to the standard library.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")


def build(folder: Path) -> Path:
    parts = ("src", "deploy", "Makefile", "component.mk")
    for name in (*parts, "requirements.txt", "requirements-dev.txt"):
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy2
        copy(HERE / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    command = ["make", "--silent", "-o", ".venv/installed", "UV=.venv/bin/uv", "build/package.zip"]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 # our own Makefile
    return folder / "build/package.zip"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def run(package: Path, runtime: Path, code: str, **environment: str) -> str:
    """Run code in an interpreter that sees the package and Lambda's runtime alone."""
    paths = f"import sys; sys.path += [{str(package)!r}, {str(runtime)!r}]; "
    return subprocess.run(  # noqa: S603 # our own code
        [sys.executable, "-I", "-S", "-c", paths + code],
        env={"PATH": os.defpath, **environment},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_is_the_same_byte_for_byte_wherever_it_is_built(package: Path, tmp_path: Path) -> None:
    first, second = (
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (package, build(tmp_path))
    )
    assert first == second


def test_lacks_nothing_that_the_function_imports(package: Path, runtime: Path) -> None:
    module, name = FUNCTION_HANDLER.rsplit(".", 1)
    printed = run(
        package,
        runtime,
        f"from {module} import {name}; print({name}.__module__)",
        AWS_DEFAULT_REGION="us-west-1",
        TABLE_NAME="ImageLabels",
    )
    assert printed.strip() == "lambda_common.api"


def test_holds_what_runs_and_no_more(package: Path) -> None:
    names = zipfile.ZipFile(package).namelist()
    assert {"get_image_label/function.py", "aws_lambda_powertools/__init__.py"} <= set(names)
    unwanted = ("boto3/", "botocore/", "tests/", "bin/")
    assert not [name for name in names if name.startswith(unwanted) or name.endswith(".so")]
    assert package.stat().st_size < 1_200_000
