"""A project in small, and one real cloud in which it is deployed."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from local_aws import Cloud, Settings

# A busy machine is no fault of an example. Every run tries the same examples, so that it fails only
# on a change; IMAGELABELLER_EXPLORE=1000 tries a thousand new ones of each property instead.
EXPLORE = os.environ.get("IMAGELABELLER_EXPLORE")
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=int(EXPLORE or 100))
hypothesis.settings.load_profile("explore" if EXPLORE else "repeat")

# A shell that runs the tests in the background ignores Ctrl-C, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
# Kept from one run to the next, until `make clean`: they depend on lock files alone.
ENVIRONMENTS = HERE.parent / "build" / "environments"


def copy_of_the_project(where: Path) -> Path:
    return Path(shutil.copytree(HERE / "small_project", where))


def settings_in(where: Path) -> Settings:
    """Settings of a cloud on free ports, with a project of its own."""
    uv = Settings.read({}).uv
    return Settings(
        root=copy_of_the_project(where / "project"),
        state=where / "state",
        environments=ENVIRONMENTS,
        port=0,
        uv=uv,
    )


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A real cloud with the small project in it."""
    with Cloud(settings_in(tmp_path_factory.mktemp("cloud"))) as running:
        running.deploy()
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a cloud that has not been started."""
    return settings_in(tmp_path)
