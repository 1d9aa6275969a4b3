"""A small project in a real cloud, as good as new for each test."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import urllib3
from rich.console import Console

from local_aws import Cloud
from local_aws.deploying import stacks
from local_aws.deploying.emulated import Emulated
from local_aws.project.components import Component
from local_aws.servers import state
from tests.conftest import settings_in

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


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


class Deployed:
    """The small project as it is after its deployment, to which each test's cloud returns.

    Its stacks are created again from their templates, in this process: packaging and deploying by
    `make` each time would take several times as long.

    Args:
        cloud: A cloud of its own; the project is deployed to it.
        where: An empty directory, for a copy of the project with what was built.
    """

    def __init__(self, cloud: Cloud, where: Path) -> None:
        cloud.deploy()
        self.cloud = cloud
        self._files = Path(shutil.copytree(cloud.settings.root, where / "project"))
        self._state = state.load(cloud.settings.state)
        self._target = Emulated(cloud.settings, cloud.progress)
        # What is needed comes first.
        self._components = self._target.choose(())
        self._s3 = self._target.s3()
        [bucket] = [each["Name"] for each in self._s3.list_buckets()["Buckets"]]
        self._packages = {
            each["Key"]: (
                bucket,
                self._s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read(),
            )
            for each in self._s3.list_objects_v2(Bucket=bucket)["Contents"]
        }
        self._parameters = {
            each.stack: self._stack(each).get("Parameters", []) for each in self._components
        }

    def restore(self) -> None:
        """Have the files, the stacks and the packages of the first deployment, and nothing else."""
        settings = self.cloud.settings
        shutil.rmtree(settings.root)
        shutil.copytree(self._files, settings.root)
        urllib3.request("POST", f"{self.cloud.url}/_ministack/reset", timeout=30)
        for each in self._components:
            self._create(each)
        state.save(settings.state, self._state)

    def _stack(self, component: Component) -> "StackTypeDef":
        found = stacks.find(self._target.cloudformation(component), component.stack)
        assert found
        return found

    def _create(self, component: Component) -> None:
        client, stack = self._target.cloudformation(component), component.stack
        # MiniStack has been reset, moto has not.
        if stacks.find(client, stack):
            return
        template = (component.path / "build/template.yml").read_text()
        for key, (bucket, content) in self._packages.items():
            if key.startswith(f"{stack}/"):
                self._s3.put_object(Bucket=bucket, Key=key, Body=content)
                template = template.replace(f"{stack}/package.zip", key)
        client.create_stack(
            StackName=stack,
            TemplateBody=template,
            Parameters=self._parameters[stack],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        assert stacks.wait(client, stack, 0.02) == "CREATE_COMPLETE"


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    where = tmp_path_factory.mktemp("operations")
    with Cloud(settings_in(where)) as running:
        yield Deployed(running, where / "deployed")


@pytest.fixture
def project(deployed: Deployed) -> Project:
    """The small project as it is in the repository, deployed."""
    deployed.restore()
    return Project(deployed.cloud)
