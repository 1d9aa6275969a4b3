"""An API's stage gets another snapshot when the document or the mode is another, and only then.

The API stays the same, since others have its id: the website's distribution imports it.
"""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from local_aws.cloud import Cloud
from local_aws.deploying.emulated import Emulated
from local_aws.operations import review
from rich.console import Console

from tests.project import PROJECT

COMPONENT = "get_image_label"
STACK = "OpenDevOpsGetImageLabel"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def project(cloud: Cloud, tmp_path: Path) -> Iterator[Path]:
    """A project with a component that can be changed; afterwards it is deployed as it was."""
    for name in ("s3_infra", "dynamodb_infra", "submit_image"):
        (tmp_path / name).symlink_to(PROJECT / name)
    unwanted = shutil.ignore_patterns(".venv", "build", ".*_cache", "tests")
    shutil.copytree(PROJECT / COMPONENT, tmp_path / COMPONENT, ignore=unwanted)
    (tmp_path / COMPONENT / ".venv").symlink_to(PROJECT / COMPONENT / ".venv")
    yield tmp_path
    cloud.deploy(COMPONENT)


def edit(project: Path, old: str, new: str) -> None:
    path = project / COMPONENT / "openapi.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def snapshot(cloud: Cloud, project: Path, given: str = "") -> str:
    """Deploy, and return the id of the deployment that the stage's stack has, and its name."""
    before = cloud.outputs()[STACK]["ApiId"]
    settings = replace(cloud.settings, root=project, parameters=given)
    Cloud(settings, cloud.progress).deploy(COMPONENT)
    cloudformation = cloud.session().client("cloudformation", endpoint_url=cloud.url)
    assert cloud.outputs()[STACK]["ApiId"] == before
    [found] = [
        f"{each['LogicalResourceId']} {each['PhysicalResourceId']}"
        for each in cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        if each["ResourceType"] == "AWS::ApiGateway::Deployment"
    ]
    return found


def test_where_nothing_changed_nothing_is_shown(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The commit is a tag of everything, and somebody may commit meanwhile.
    monkeypatch.setenv("BITBUCKET_COMMIT", "the-same")
    cloud.deploy("submit_image", "get_image_label")
    written = io.StringIO()

    review.changes(
        Emulated(cloud.settings, cloud.progress),
        Console(file=written, width=200),
        ["submit_image", "get_image_label"],
    )

    assert written.getvalue().count("nothing to change") == 2


def test_document_and_gateway_responses_make_a_snapshot(cloud: Cloud, project: Path) -> None:
    first = snapshot(cloud, project)
    edit(project, "openapi: 3", "# A comment.\nopenapi: 3")
    same = snapshot(cloud, project, "MemorySize=512 ThrottlingBurstLimit=7")
    edit(project, "Look an image up", "Look up an image")
    second = snapshot(cloud, project)
    edit(project, "statusCode: 429", "statusCode: 420")
    third = snapshot(cloud, project)

    assert first == same
    assert len({first, second, third}) == 3


def test_the_mode_makes_a_snapshot(cloud: Cloud, project: Path) -> None:
    key = snapshot(cloud, project)
    iam = snapshot(cloud, project, "AuthMode=IAM")
    nobody = snapshot(cloud, project, "AuthMode=None")
    again = snapshot(cloud, project)

    assert key.startswith("ApiDeploymentApiKey")
    assert iam.startswith("ApiDeploymentIam")
    assert nobody.startswith("ApiDeploymentNone")
    assert len({key, iam, nobody, again}) == 4
