"""`make demo` runs to its end on machines that make difficulties, from a fresh checkout."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import hostile
from tests.checkouts.commands import copy_tracked_files
from tests.project import PROJECT

# Where packages come from; what is hostile comes after it.
PACKAGES = re.compile(r"(PIP_(CERT|FIND_LINKS|INDEX_URL|EXTRA_INDEX_URL)|SSL_CERT_.*|HTTPS_PROXY)")

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tracked files alone, not in a repository, at a path that can just be worked with."""
    folder = tmp_path_factory.mktemp("checkout") / "-é@,+~"
    copy_tracked_files(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def packages() -> dict[str, str]:
    """What says where packages come from: the mirror, and what was downloaded before."""
    uv = [str(PROJECT / ".uv/bin/uv"), "cache", "dir"]
    cache = subprocess.run(uv, check=True, capture_output=True, text=True)
    named = {name: value for name, value in os.environ.items() if PACKAGES.fullmatch(name)}
    return named | {"UV_CACHE_DIR": cache.stdout.strip()}


def run(words: str, folder: Path, environment: dict[str, str], umask: int = -1) -> str:
    """Run make in an environment that has PATH and this, and return all that it prints."""
    done = subprocess.run(
        ["make", *words.split()],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "IMAGELABELLER_PORT": "0", **environment},
        umask=umask,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def check(folder: Path, environment: dict[str, str], umask: int = -1) -> None:
    """Run the demonstration and what the README does after it."""
    try:
        shown = run("demo", folder, environment, umask)
        labelled = run("label FILE=system_tests/suite/photos/coffee.jpg", folder, environment)
        status = run("status", folder, environment)
        run("logs", folder, environment)
    finally:
        run("down", folder, environment)
    assert re.search(r"chelsea\.jpg .*Egyptian cat \d\d", shown)
    assert re.search(r"first label, after +\d+\.\d s", shown)
    # All components are packaged and deployed by one environment.
    assert [path.parent.name for path in folder.glob("*/.venv")] == ["local_aws"]
    assert re.search(r"\d\d\.\d%  espresso", labelled)
    assert re.search(r"OpenDevOpsCloudWatchAlarms +CREATE_COMPLETE", status)


def test_all_difficulties_of_a_shell_together_make_none(
    checkout: Path, packages: dict[str, str], tmp_path: Path
) -> None:
    check(checkout, packages | hostile.together(tmp_path), umask=0o077)


def test_an_account_without_a_home_is_enough(checkout: Path, packages: dict[str, str]) -> None:
    check(checkout, packages | hostile.bare())
