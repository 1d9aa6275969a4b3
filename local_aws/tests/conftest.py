"""A house in small, and one real cloud in which it is deployed."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws import Cloud, Settings

# A shell that runs the tests in the background ignores Ctrl-C, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
# Kept from one run to the next, until `make clean`: they depend on lock files alone.
ENVIRONMENTS = HERE.parent / "build" / "environments"


def copy_of_the_house(where: Path) -> Path:
    return Path(shutil.copytree(HERE / "house", where))


def settings_in(where: Path) -> Settings:
    """Settings of a cloud on free ports, with a house of its own."""
    uv = Settings.read({}).uv
    return Settings(
        house=copy_of_the_house(where / "house"),
        state=where / "state",
        environments=ENVIRONMENTS,
        port=0,
        uv=uv,
    )


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A real cloud with the small house in it."""
    with Cloud(settings_in(tmp_path_factory.mktemp("cloud"))) as running:
        running.deploy()
        yield running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a cloud that has not been started."""
    return settings_in(tmp_path)
