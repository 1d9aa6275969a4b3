"""Places: a small project in a real cloud, its own for each test that changes templates."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from rich.console import Console

from local_aws import Cloud
from local_aws.deploying.emulated import Emulated
from tests.conftest import settings_in


class Printed(Console):
    """A console that records what is printed."""

    def __init__(self) -> None:
        self.written = io.StringIO()
        super().__init__(file=self.written, width=200)

    @property
    def text(self) -> str:
        return self.written.getvalue()


class Project:
    """A small project that is deployed and can be rebuilt."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.target = Emulated(cloud.settings, cloud.progress)

    def template(self, component: str) -> Path:
        return self.cloud.settings.root / component / "template.yml"

    def edit(self, component: str, old: str, new: str, file: str = "template.yml") -> None:
        path = self.cloud.settings.root / component / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        # What was read of the old project.
        self.target = Emulated(self.cloud.settings, self.cloud.progress)

    def stacks(self) -> dict[str, str]:
        client = self.target.cloudformation(self.target.components["storage"])
        return {s["StackName"]: s["StackStatus"] for s in client.describe_stacks()["Stacks"]}


@pytest.fixture
def printed() -> Printed:
    return Printed()


@pytest.fixture(scope="session")
def own_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(settings_in(tmp_path_factory.mktemp("operations"))) as running:
        yield running


@pytest.fixture
def project(own_cloud: Cloud) -> Iterator[Project]:
    """The small project as it is in the repository, deployed; afterwards nothing is."""
    pristine = Path(__file__).parents[1] / "small_project"
    for component in ("storage", "echo"):
        for path in (pristine / component).rglob("*.*"):
            if path.is_file():
                target = own_cloud.settings.root / path.relative_to(pristine)
                target.write_bytes(path.read_bytes())
    own_cloud.deploy()
    yield Project(own_cloud)
    remove_everything(own_cloud)


def remove_everything(cloud: Cloud) -> None:
    """Reset MiniStack, which is quicker than destroying what a test has left."""
    urllib3.request("POST", f"{cloud.url}/_ministack/reset", timeout=30)
