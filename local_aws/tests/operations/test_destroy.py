"""Test is destroyed whole or not at all, on a real MiniStack."""

import json

import pytest

from local_aws.errors import UsageError
from local_aws.operations import data, stacks
from local_aws.operations.aws import Aws
from local_aws.operations.destroy import check_environment, destroy
from local_aws.operations.place import Place
from local_aws.operations.review import RefusedError
from tests.operations.conftest import House, Told

pytestmark = pytest.mark.timeout(120)
BUCKET = "test-code-us-west-1"


def run(place: Place, told: Told, confirmation: str | None = None) -> int:
    return destroy(place, told, environment="test", confirmation=confirmation)


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


def test_everything_goes_versions_and_delete_markers_too(house: House, told: Told) -> None:
    house.edit(
        "storage",
        "    Type: AWS::S3::Bucket\n",
        "    Type: AWS::S3::Bucket\n    DeletionPolicy: RetainExceptOnCreate\n",
    )
    house.edit(
        "storage",
        "    Type: AWS::DynamoDB::Table\n",
        "    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n",
    )
    house.cloud.deploy("storage")
    s3 = house.place.s3()
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket=BUCKET, Key="key", Body=body)
    s3.delete_object(Bucket=BUCKET, Key="key")

    assert run(house.place, told) == 0

    assert set(house.stacks()) == set()
    assert not any(bucket["Name"] == BUCKET for bucket in s3.list_buckets()["Buckets"])
    assert house.place.dynamodb().list_tables()["TableNames"] == []
    assert "Destroyed: " in told.text


def test_it_can_be_repeated_and_the_application_deployed_again(house: House, told: Told) -> None:
    run(house.place, told)
    run(house.place, told)
    deployed = house.cloud.deploy("storage", "echo", again=False)

    assert "There is nothing to destroy." in told.text
    assert sorted(deployed) == ["echo", "storage"]


def test_a_bucket_that_outlived_its_stack_is_found(house: House, told: Told) -> None:
    """As after a destruction that was interrupted."""
    house.edit(
        "storage",
        "    Type: AWS::S3::Bucket\n",
        "    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n",
    )
    house.cloud.deploy("storage")
    for name in ("echo", "storage"):
        component = house.place.components[name]
        stacks.delete(house.place.cloudformation(component), component.stack, 0.05)

    run(house.place, told)

    assert house.place.s3().list_buckets()["Buckets"] == []


def test_termination_protection_is_respected_before_anything_is_deleted(
    house: House, told: Told
) -> None:
    client = house.place.cloudformation(house.place.components["storage"])
    client.update_termination_protection(StackName="TestStorage", EnableTerminationProtection=True)

    with pytest.raises(RefusedError, match="TestStorage has termination protection"):
        run(house.place, told)

    assert set(house.stacks()) == {"TestStorage", "TestEcho"}


def test_a_protected_table_is_respected(house: House, told: Told) -> None:
    house.place.dynamodb().update_table(TableName="TestRows", DeletionProtectionEnabled=True)

    with pytest.raises(RefusedError, match="table TestRows is protected"):
        run(house.place, told)

    assert set(house.stacks()) == {"TestStorage", "TestEcho"}


def test_a_stack_that_somebody_else_imports_from_is_kept(house: House, told: Told) -> None:
    topic = {
        "Type": "AWS::SNS::Topic",
        "Properties": {"DisplayName": {"Fn::ImportValue": "TestStorage-TableName"}},
    }
    client = house.place.cloudformation(house.place.components["storage"])
    client.create_stack(StackName="Stranger", TemplateBody=json.dumps({"Resources": {"T": topic}}))
    client.get_waiter("stack_create_complete").wait(StackName="Stranger", WaiterConfig={"Delay": 1})

    with pytest.raises(RefusedError, match="which Stranger imports"):
        run(house.place, told)

    assert set(house.stacks()) == {"TestStorage", "TestEcho", "Stranger"}


def test_what_belongs_to_another_environment_is_kept(house: House, told: Told) -> None:
    """As when REGION names the region of another one."""
    house.place.s3().put_bucket_tagging(
        Bucket=BUCKET, Tagging={"TagSet": [{"Key": "environment", "Value": "production"}]}
    )

    with pytest.raises(RefusedError, match=f"bucket {BUCKET} belongs to production"):
        run(house.place, told)

    assert set(house.stacks()) == {"TestStorage", "TestEcho"}


def test_a_name_that_cannot_be_worked_out_is_refused(house: House) -> None:
    house.edit("storage", '{BucketName: !Sub "test-code-${AWS::Region}"}', "{}")

    with pytest.raises(Exception, match="gives Bucket no BucketName that can be worked out"):
        data.of(house.place.components["storage"], {})


def test_aws_wants_the_account_s_number(
    house: House, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that an AWS SDK reads leads to MiniStack here."""
    for name, value in house.cloud.environment().items():
        monkeypatch.setenv(name, value)
    place = Aws(house.cloud.settings, house.cloud.progress)
    place.poll = 0.05
    # It is in moto, which is another endpoint.
    del place.components["sagemaker_endpoint"]

    for wrong in (None, "yes", "999999999999"):
        with pytest.raises(UsageError, match="CONFIRM=123456789012") as refused:
            run(place, told, wrong)
    before = set(house.stacks())
    run(place, told, "123456789012")

    assert "stack TestEcho" in str(refused.value)
    assert f"bucket {BUCKET} and everything in it" in str(refused.value)
    assert before == {"TestStorage", "TestEcho"}
    assert set(house.stacks()) == set()
