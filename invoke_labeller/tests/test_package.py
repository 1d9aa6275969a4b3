import hashlib
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import pytest

from tests.support import ROOT

PACKAGE = ROOT / "build" / "package.zip"
# What Lambda's runtime has in addition to the package: boto3 and what it needs, and nothing else.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
VARIABLES = (
    *(
        "TABLE_NAME",
        "BUCKET_NAME",
        "INDEX_NAME",
        "ENDPOINT_NAME",
        "MODEL_NAME",
        "MODEL_VERSION",
        "THREADS",
    ),
    *(
        "SWEEP_AFTER_MINUTES",
        "GIVE_UP_AFTER_HOURS",
        "SWEEP_LIMIT",
        "FAILED_INDEX_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
    ),
)
HANDLERS = ("label_function", "sweep_function")
fits_this_machine = pytest.mark.skipif(
    (sys.platform, platform.machine(), sys.version_info[:2]) != ("linux", "x86_64", (3, 13)),
    reason="the package's native code is for Lambda",
)


@pytest.fixture(scope="module")
def names() -> list[str]:
    with zipfile.ZipFile(PACKAGE) as package:
        return package.namelist()


@fits_this_machine
@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_starts_from_the_package_and_boto3_alone(tmp_path: Path, module: str) -> None:
    task, runtime = tmp_path / "task", tmp_path / "runtime"
    with zipfile.ZipFile(PACKAGE) as package:
        package.extractall(task)
    runtime.mkdir()
    for name in RUNTIME:
        (runtime / name).symlink_to(Path(boto3.__file__).parents[1] / name)
    program = f"""
import sys
sys.path[:0] = [{str(task)!r}, {str(runtime)!r}]
from invoke_labeller import {module}
assert callable({module}.handler)
import PIL.Image, PIL.features
assert PIL.__file__.startswith({str(task)!r})
assert all(map(PIL.features.check, ("jpg", "webp", "zlib", "libtiff", "avif", "littlecms2")))
# What the processes that decode import.
import invoke_labeller.decode_worker, invoke_labeller.formats
"""
    environment = dict.fromkeys(VARIABLES, "1")

    # -I and -S: neither this environment's packages nor the machine's are seen.
    started = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        env={**environment, "AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-west-1"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert started.returncode == 0, started.stderr


def test_the_package_holds_the_sources_and_nothing_that_is_not_run(names: list[str]) -> None:
    sources = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")}

    assert sources <= set(names)
    assert not [name for name in names if name.startswith(("bin/", "tests/", "boto"))]


def test_the_package_fits_lambda() -> None:
    with zipfile.ZipFile(PACKAGE) as package:
        unzipped = sum(entry.file_size for entry in package.infolist())

    assert PACKAGE.stat().st_size < 9_000_000
    assert unzipped < 250 * 1024 * 1024


def test_the_package_is_the_same_wherever_it_is_built(tmp_path: Path) -> None:
    for name in ("Makefile", "component.mk", "requirements.txt", "template.yml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("deploy", "src"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    uv = Path(sys.prefix) / "bin" / "uv"

    subprocess.run(
        ["make", f"UV={uv}", "-o", ".venv/installed", "build/package.zip"],  # noqa: S607 - as a developer calls it
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        check=True,
        capture_output=True,
    )

    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    assert digest(tmp_path / "build" / "package.zip") == digest(PACKAGE)


def test_what_is_deployed_is_the_template_of_the_sources() -> None:
    assert (ROOT / "build" / "template.yml").read_text() == (ROOT / "template.yml").read_text()
