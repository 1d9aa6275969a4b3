"""A pipeline meets the embedded cloud and nothing else."""

import shlex
from pathlib import Path

import pytest

from local_aws import Cloud
from local_aws.delivery.cloud import PipelineCloud
from local_aws.project import components
from local_aws.project.places import PLACES
from local_aws.servers.plans import MOTO


@pytest.fixture
def receiver(cloud: Cloud) -> PipelineCloud:
    """The small project's components as if they were repositories."""
    return PipelineCloud(cloud, cloud.settings.root)


def named(cloud: Cloud, *, sagemaker: bool) -> str:
    """A component of the small project that needs SageMaker, or one that does not."""
    found = components.discover(cloud.settings.root).values()
    return next(each.name for each in found if each.needs_sagemaker == sagemaker)


def test_a_pipeline_is_sent_to_the_emulator_that_knows_its_stack(
    cloud: Cloud, receiver: PipelineCloud
) -> None:
    other = receiver.variables(named(cloud, sagemaker=False))
    control = receiver.variables(named(cloud, sagemaker=True))

    assert other["AWS_ENDPOINT_URL"] == cloud.url
    assert control["AWS_ENDPOINT_URL"] == cloud.server(MOTO).url


def test_a_repository_without_a_stack_is_sent_there_too(
    cloud: Cloud, receiver: PipelineCloud
) -> None:
    environment = receiver.variables("system_tests")

    assert environment["AWS_ENDPOINT_URL"] == cloud.url
    assert environment["PARAMETERS"] == ""


def test_a_pipeline_inherits_nobodys_credentials_and_no_pipelines_variables(
    receiver: PipelineCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "BITBUCKET_COMMIT", "BITBUCKET_STEP_OIDC_TOKEN", "COMPONENT"):
        monkeypatch.setenv(name, "mine")

    environment = receiver.variables("system_tests")

    assert "mine" not in environment.values()
    assert environment["AWS_ACCESS_KEY_ID"] == "test"


def test_a_component_gets_the_local_parameters_that_its_template_has(
    cloud: Cloud, receiver: PipelineCloud
) -> None:
    for component in components.discover(cloud.settings.root).values():
        given = shlex.split(receiver.variables(component.name)["PARAMETERS"])
        names = {word.partition("=")[0] for word in given}
        assert names <= set(component.template.get("Parameters") or {})


def test_a_stack_is_read_where_it_is(cloud: Cloud, receiver: PipelineCloud) -> None:
    for sagemaker in (True, False):
        name = named(cloud, sagemaker=sagemaker)
        found = receiver.stack(name, "us-west-1")

        assert found
        assert found["StackStatus"].endswith("_COMPLETE")
        assert receiver.stack(name, "us-east-2") is None
    assert receiver.stack("system_tests", "us-west-1") is None


def test_generated_names_differ_between_regions(cloud: Cloud, tmp_path: Path) -> None:
    """MiniStack's own would be one role for all regions, since IAM is one."""
    template = tmp_path / "template.yml"
    template.write_text(
        "Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: "
        "'2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, "
        "Action: sts:AssumeRole}]}}}}\n"
    )
    roles = set()
    for place in PLACES[:2]:
        client = cloud.session().client(
            "cloudformation", region_name=place.region, endpoint_url=cloud.url
        )
        client.create_stack(
            StackName="Names",
            TemplateBody=template.read_text(),
            Capabilities=["CAPABILITY_IAM"],
        )
        client.get_waiter("stack_create_complete").wait(
            StackName="Names", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        resources = client.describe_stack_resources(StackName="Names")["StackResources"]
        roles.add(resources[0]["PhysicalResourceId"])
        client.delete_stack(StackName="Names")

    assert len(roles) == 2
