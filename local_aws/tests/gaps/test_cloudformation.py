"""CloudFormation."""

import contextlib
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, WaiterError

from local_aws import Cloud
from local_aws.servers.plans import MOTO
from tests.gaps.conftest import Eventually, World, unique

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef

ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}


def test_sagemaker_is_refused(world: World) -> None:
    """So moto creates that stack, and another stack cannot import from it."""
    with pytest.raises(
        ClientError, match=r"Unrecognized resource types: \[AWS::SageMaker::Model\]"
    ):
        world.stack({"Resources": {"Model": {"Type": "AWS::SageMaker::Model"}}})


def test_a_missing_import_in_a_bucket_s_name_hangs(world: World) -> None:
    """So imports are checked before a deployment, which has a deadline, too."""
    name = {"Fn::ImportValue": unique("nobody")}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}}

    hanging = world.stack({"Resources": {"Bucket": bucket}})
    failing = world.stack({"Resources": {"Topic": topic}})

    # Longer than it takes to fail.
    with contextlib.suppress(WaiterError):
        waiter = world.cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=failing, WaiterConfig={"Delay": 1})
    assert world.status(failing) == "ROLLBACK_COMPLETE"
    assert world.status(hanging) == "CREATE_IN_PROGRESS"


def test_code_that_is_not_there_is_not_missed(world: World, eventually: Eventually) -> None:
    """So a package that was not uploaded is only noticed when the function is called."""
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": "code.handle",
            "Runtime": "python3.13",
            "Role": world.role(),
            "Code": {"S3Bucket": unique("nowhere"), "S3Key": "nothing.zip"},
        },
    }

    stack = world.stack({"Resources": {"Function": function}})

    eventually(lambda: world.status(stack) == "CREATE_COMPLETE")


def test_a_role_that_nobody_may_assume_is_created(world: World, eventually: Eventually) -> None:
    """So trust policies are asserted in the components' own tests."""
    stack = world.stack({"Resources": {"Role": ROLE}})

    eventually(lambda: world.status(stack) == "CREATE_COMPLETE")


@pytest.mark.parametrize(
    ("host", "found"), [("{bucket}.s3.us-west-1.amazonaws.com", False), ("127.0.0.1", True)]
)
def test_template_urls_are_understood_in_path_style_alone(
    world: World, host: str, *, found: bool
) -> None:
    """So a tool that sends virtual-host URLs, as taskcat does, needs a shim."""
    bucket, s3 = unique("bucket"), world.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-1"})
    s3.put_object(
        Bucket=bucket, Key="t.json", Body=b'{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
    )
    path = "t.json" if "{bucket}" in host else f"{bucket}/t.json"
    url = f"https://{host.format(bucket=bucket)}/{path}"

    try:
        world.cloudformation.create_stack(StackName=unique("stack"), TemplateURL=url)
        created = True
    except ClientError:
        created = False

    assert created is found


def test_moto_has_no_empty_change_set(cloud: Cloud) -> None:
    """So the SAM CLI takes an unchanged stack for an error, and a deployment there forgives it."""
    client = cloud.session().client("cloudformation", endpoint_url=cloud.server(MOTO).url)
    name = unique("stack")
    template = (cloud.settings.root / "sagemaker_endpoint/template.yml").read_text()
    parameters: list[ParameterTypeDef] = [
        {"ParameterKey": "EndpointName", "ParameterValue": unique("endpoint")}
    ]
    client.create_stack(StackName=name, TemplateBody=template, Parameters=parameters)

    with pytest.raises(ClientError, match="No updates are to be performed"):
        client.create_change_set(
            StackName=name,
            ChangeSetName="again",
            ChangeSetType="UPDATE",
            TemplateBody=template,
            Parameters=parameters,
        )
    client.delete_stack(StackName=name)
