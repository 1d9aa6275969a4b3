"""Places: a small house in a real cloud, its own for each test that changes templates."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from rich.console import Console

from local_aws import Cloud
from local_aws.operations.embedded import Embedded
from tests.conftest import settings_in


class Told(Console):
    """A console that remembers what it was told."""

    def __init__(self) -> None:
        self.written = io.StringIO()
        super().__init__(file=self.written, width=200)

    @property
    def text(self) -> str:
        return self.written.getvalue()


class House:
    """A small house that is deployed and can be rebuilt."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.place = Embedded(cloud)

    def template(self, component: str) -> Path:
        return self.cloud.settings.house / component / "template.yml"

    def edit(self, component: str, old: str, new: str, file: str = "template.yml") -> None:
        path = self.cloud.settings.house / component / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        # What was read of the old house.
        self.place = Embedded(self.cloud)

    def stacks(self) -> dict[str, str]:
        client = self.place.cloudformation(self.place.components["storage"])
        return {s["StackName"]: s["StackStatus"] for s in client.describe_stacks()["Stacks"]}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def own_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(settings_in(tmp_path_factory.mktemp("operations"))) as running:
        yield running


@pytest.fixture
def house(own_cloud: Cloud) -> Iterator[House]:
    """A house as it is in the repository, deployed; whatever is deployed is deleted afterwards."""
    pristine = Path(__file__).parents[1] / "house"
    for component in ("storage", "echo"):
        for path in (pristine / component).rglob("*.*"):
            if path.is_file():
                target = own_cloud.settings.house / path.relative_to(pristine)
                target.write_bytes(path.read_bytes())
    own_cloud.deploy()
    yield House(own_cloud)
    remove_everything(own_cloud)


def remove_everything(cloud: Cloud) -> None:
    """Reset MiniStack, which is quicker than destroying what a test has left."""
    urllib3.request("POST", f"{cloud.url}/_ministack/reset")
