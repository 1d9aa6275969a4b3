"""Drift is found and said, on a real MiniStack."""

from local_aws.operations.drift import drift
from tests.operations.conftest import Printed, Project


def test_what_is_as_its_template_says_is_reported_to_be(project: Project, printed: Printed) -> None:
    assert drift(project.target, printed, []) == 0
    assert "storage (TestStorage): as its template says (2 resources compared)" in printed.text
    assert "sagemaker_endpoint (TestSageMaker): skipped: its emulator has no" in printed.text


def test_a_property_that_somebody_changed_is_shown(project: Project, printed: Printed) -> None:
    project.target.session().client(
        "lambda", endpoint_url=project.cloud.url
    ).update_function_configuration(FunctionName=function(project), Timeout=7)

    assert drift(project.target, printed, ["echo"]) == 1
    assert "Function (AWS::Lambda::Function): Timeout is 7, and should be 30" in printed.text


def test_a_resource_that_somebody_deleted_is_shown(project: Project, printed: Printed) -> None:
    project.target.s3().delete_bucket(Bucket=emptied(project, "test-code-us-west-1"))

    assert drift(project.target, printed, ["storage"]) == 1
    assert "- Bucket (AWS::S3::Bucket) was deleted" in printed.text


def test_what_is_not_deployed_has_not_drifted(project: Project, printed: Printed) -> None:
    (project.cloud.settings.root / "echo/component.mk").write_text("STACK := TestNobody\n")

    assert drift(Project(project.cloud).target, printed, ["echo"]) == 0
    assert "echo (TestNobody): not deployed" in printed.text


def function(project: Project) -> str:
    client = project.target.cloudformation(project.target.components["echo"])
    found = client.describe_stack_resource(StackName="TestEcho", LogicalResourceId="Function")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def emptied(project: Project, bucket: str) -> str:
    for each in project.target.s3().list_objects_v2(Bucket=bucket).get("Contents", []):
        project.target.s3().delete_object(Bucket=bucket, Key=each["Key"])
    return bucket
