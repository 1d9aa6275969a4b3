"""The package that is deployed: complete, the same wherever it is built, for both architectures."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What Lambda's runtime brings along: boto3 and what it needs.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
SCRIPT = """
import json, sys, types
sys.path[:0] = sys.argv[1:]
from submit_image.function import handler
context = types.SimpleNamespace(function_name="f", memory_limit_in_mb=512,
    invoked_function_arn="arn", aws_request_id="1", get_remaining_time_in_millis=lambda: 28000)
print(json.dumps(handler({"url": "http://127.0.0.1/"}, context)))
print(json.dumps(sorted({(getattr(m, "__file__", None) or "") for m in sys.modules.values()})))
"""


def build() -> bytes:
    environment = {**os.environ, "MAKEFLAGS": ""}
    uv = Path(sys.executable).with_name("uv")
    (ROOT / "build" / "package.zip").unlink(missing_ok=True)
    subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "--silent", f"UV={uv}", "package"],  # noqa: S607 - whichever make there is
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return (ROOT / "build" / "package.zip").read_bytes()


@pytest.fixture(scope="module")
def package() -> Path:
    build()
    return ROOT / "build" / "package.zip"


def test_it_is_the_same_byte_for_byte_when_it_is_built_again(package: Path) -> None:
    first = hashlib.sha256(package.read_bytes()).hexdigest()

    assert hashlib.sha256(build()).hexdigest() == first


def test_it_serves_both_architectures_and_stays_small(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()

    assert not [name for name in names if name.endswith((".so", ".pyd"))]
    assert not [name for name in names if name.startswith(("boto3", "botocore", "tests"))]
    assert package.stat().st_size < 1_700_000


def test_the_handler_runs_with_nothing_but_the_package_and_boto3(
    package: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "task")
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in RUNTIME:
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.origin
        source = Path(spec.origin)
        source = source.parent if source.name == "__init__.py" else source
        (runtime / source.name).symlink_to(source)
    venv.create(tmp_path / "venv")
    environment = {
        "BUCKET_NAME": "images",
        "TABLE_NAME": "ImageLabels",
        "RETENTION_DAYS": "30",
        "MAX_IMAGE_BYTES": "10485760",
        "FETCH_SECONDS": "10",
        "AWS_DEFAULT_REGION": "us-west-1",
        "POWERTOOLS_SERVICE_NAME": "submit_image",
        "POWERTOOLS_METRICS_NAMESPACE": "ImageLabeller",
    }

    python = str(tmp_path / "venv" / "bin" / "python")
    paths = [str(tmp_path / "task"), str(runtime)]
    done = subprocess.run(  # noqa: S603 - our own script
        [python, "-I", "-S", "-c", SCRIPT, *paths],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "url-not-allowed" in done.stdout
    assert str(ROOT / "src") not in done.stdout
