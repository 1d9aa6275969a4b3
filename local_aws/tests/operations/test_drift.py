"""Drift is found and said, on a real MiniStack."""

import pytest

from local_aws.operations.drift import drift
from tests.operations.conftest import House, Told

pytestmark = pytest.mark.timeout(120)


def test_what_is_as_its_template_says_is_said_to_be(house: House, told: Told) -> None:
    assert drift(house.place, told, []) == 0
    assert "storage (TestStorage): as its template says (2 resources compared)" in told.text
    assert "sagemaker_endpoint (TestSageMaker): not compared, which its emulator" in told.text


def test_a_property_that_somebody_changed_is_shown(house: House, told: Told) -> None:
    house.place.session().client(
        "lambda", endpoint_url=house.cloud.url
    ).update_function_configuration(FunctionName=function(house), Timeout=7)

    assert drift(house.place, told, ["echo"]) == 1
    assert "Function (AWS::Lambda::Function): Timeout is 7, and should be 30" in told.text


def test_a_resource_that_somebody_deleted_is_shown(house: House, told: Told) -> None:
    house.place.s3().delete_bucket(Bucket=emptied(house, "test-code-us-west-1"))

    assert drift(house.place, told, ["storage"]) == 1
    assert "- Bucket (AWS::S3::Bucket) was deleted" in told.text


def test_what_is_not_deployed_has_not_drifted(house: House, told: Told) -> None:
    (house.cloud.settings.house / "echo/component.mk").write_text("STACK := TestNobody\n")

    assert drift(House(house.cloud).place, told, ["echo"]) == 0
    assert "echo (TestNobody): not deployed" in told.text


def function(house: House) -> str:
    client = house.place.cloudformation(house.place.components["echo"])
    found = client.describe_stack_resource(StackName="TestEcho", LogicalResourceId="Function")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def emptied(house: House, bucket: str) -> str:
    for each in house.place.s3().list_objects_v2(Bucket=bucket).get("Contents", []):
        house.place.s3().delete_object(Bucket=bucket, Key=each["Key"])
    return bucket
