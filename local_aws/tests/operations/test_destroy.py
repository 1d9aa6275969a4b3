"""Test is destroyed whole or not at all, on a real MiniStack."""

import json

import pytest

from local_aws.deploying import stacks
from local_aws.deploying.aws import Aws
from local_aws.deploying.target import Target
from local_aws.errors import UsageError
from local_aws.operations import stores
from local_aws.operations.destroy import check_environment, destroy
from local_aws.operations.review import RefusedError
from tests.operations.conftest import Printed, Project

BUCKET = "test-code-us-west-1"


def run(target: Target, printed: Printed, confirmation: str | None = None) -> int:
    return destroy(target, printed, environment="test", confirmation=confirmation)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        (None, "Name what to destroy: make destroy ENVIRONMENT=test"),
        ("", "Name what to destroy"),
        ("production", "Production is not destroyed by a command"),
        ("staging", "Staging is not destroyed by a command"),
        ("Test", "Only ENVIRONMENT=test is"),
    ],
)
def test_all_but_test_is_refused(named: str | None, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_environment(named)


def test_everything_goes_versions_and_delete_markers_too(
    project: Project, printed: Printed
) -> None:
    project.edit(
        "storage",
        "    Type: AWS::S3::Bucket\n",
        "    Type: AWS::S3::Bucket\n    DeletionPolicy: RetainExceptOnCreate\n",
    )
    project.edit(
        "storage",
        "    Type: AWS::DynamoDB::Table\n",
        "    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n",
    )
    project.cloud.deploy("storage")
    s3 = project.target.s3()
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket=BUCKET, Key="key", Body=body)
    s3.delete_object(Bucket=BUCKET, Key="key")

    assert run(project.target, printed) == 0

    assert set(project.stacks()) == set()
    assert not any(bucket["Name"] == BUCKET for bucket in s3.list_buckets()["Buckets"])
    assert project.target.dynamodb().list_tables()["TableNames"] == []
    assert "Destroyed: " in printed.text


def test_it_can_be_repeated_and_the_application_deployed_again(
    project: Project, printed: Printed
) -> None:
    run(project.target, printed)
    run(project.target, printed)
    deployed = project.cloud.deploy("storage", "echo", again=False)

    assert "There is nothing to destroy." in printed.text
    assert sorted(deployed) == ["echo", "storage"]


def test_a_bucket_that_outlived_its_stack_is_found(project: Project, printed: Printed) -> None:
    """As after a destruction that was interrupted."""
    project.edit(
        "storage",
        "    Type: AWS::S3::Bucket\n",
        "    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n",
    )
    project.cloud.deploy("storage")
    for name in ("echo", "storage"):
        component = project.target.components[name]
        stacks.delete(project.target.cloudformation(component), component.stack, 0.05)

    run(project.target, printed)

    assert project.target.s3().list_buckets()["Buckets"] == []


def test_termination_protection_is_respected_before_anything_is_deleted(
    project: Project, printed: Printed
) -> None:
    client = project.target.cloudformation(project.target.components["storage"])
    client.update_termination_protection(StackName="TestStorage", EnableTerminationProtection=True)

    with pytest.raises(RefusedError, match="TestStorage has termination protection"):
        run(project.target, printed)

    assert set(project.stacks()) == {"TestStorage", "TestEcho"}


def test_a_protected_table_is_respected(project: Project, printed: Printed) -> None:
    project.target.dynamodb().update_table(TableName="TestRows", DeletionProtectionEnabled=True)

    with pytest.raises(RefusedError, match="table TestRows is protected"):
        run(project.target, printed)

    assert set(project.stacks()) == {"TestStorage", "TestEcho"}


def test_a_stack_that_somebody_else_imports_from_is_kept(
    project: Project, printed: Printed
) -> None:
    topic = {
        "Type": "AWS::SNS::Topic",
        "Properties": {"DisplayName": {"Fn::ImportValue": "TestStorage-TableName"}},
    }
    client = project.target.cloudformation(project.target.components["storage"])
    client.create_stack(StackName="Stranger", TemplateBody=json.dumps({"Resources": {"T": topic}}))
    client.get_waiter("stack_create_complete").wait(StackName="Stranger", WaiterConfig={"Delay": 1})

    with pytest.raises(RefusedError, match="which Stranger imports"):
        run(project.target, printed)

    assert set(project.stacks()) == {"TestStorage", "TestEcho", "Stranger"}


def test_what_belongs_to_another_environment_is_kept(project: Project, printed: Printed) -> None:
    """As when REGION names the region of another one."""
    project.target.s3().put_bucket_tagging(
        Bucket=BUCKET, Tagging={"TagSet": [{"Key": "environment", "Value": "production"}]}
    )

    with pytest.raises(RefusedError, match=f"bucket {BUCKET} belongs to production"):
        run(project.target, printed)

    assert set(project.stacks()) == {"TestStorage", "TestEcho"}


def test_a_name_that_cannot_be_worked_out_is_refused(project: Project) -> None:
    project.edit("storage", '{BucketName: !Sub "test-code-${AWS::Region}"}', "{}")

    with pytest.raises(Exception, match="gives Bucket no BucketName that can be worked out"):
        stores.of(project.target.stack(project.target.components["storage"]))


def test_aws_wants_the_account_s_number(
    project: Project, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that an AWS SDK reads leads to MiniStack here."""
    for name, value in project.cloud.environment().items():
        monkeypatch.setenv(name, value)
    target = Aws(project.cloud.settings, project.cloud.progress)
    target.poll = 0.05
    # It is in moto, which is another endpoint.
    del target.components["sagemaker_endpoint"]

    for wrong in (None, "yes", "999999999999"):
        with pytest.raises(UsageError, match="CONFIRM=123456789012") as refused:
            run(target, printed, wrong)
    before = set(project.stacks())
    run(target, printed, "123456789012")

    assert "stack TestEcho" in str(refused.value)
    assert f"bucket {BUCKET} and everything in it" in str(refused.value)
    assert before == {"TestStorage", "TestEcho"}
    assert set(project.stacks()) == set()
